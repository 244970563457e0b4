"""README tells the truth: its commands run, in its order, and its names exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import netart
from netart.cli import COMMANDS, cli
from netart.live.keys import MOUSE, TABLE
from tests.program import examples, files, shrink

TEXT = (Path(__file__).parent.parent / "README.md").read_text()


def help_of(command: str) -> str:
    return CliRunner().invoke(cli, [command, "--help"]).output


@pytest.mark.slow
@pytest.mark.usefixtures("small_pages")
def test_commands_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "unit.toml").write_text(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])
    lines = re.findall(r"^    (netart .*)$|`(netart [^`]*)`", TEXT, re.MULTILINE)
    commands = [shlex.split(a or b, comments=True)[1:] for a, b in lines]
    assert len(commands) > 10
    # What is an example of help too runs there; of these others name what they have written.
    twice = {name: examples(help_of(name)) for name in {*COMMANDS} - {"render", "network", "train"}}
    for command in commands:
        if command in twice.get(command[0], ()):
            continue
        if command[0] == "live" or "--live" in command:  # run in tests/live, with a display
            continue
        command = shrink(command)
        if "FILE" in command:
            command[command.index("FILE")] = "ember.png"
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 0, (command, result.output, result.exception)


@pytest.mark.slow
def test_python_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    part = TEXT.partition("## In Python\n")[2].partition("\n## ")[0]
    lines = "\n".join(re.findall(r"^    (.*)$", part, re.MULTILINE))
    for number in ("1024", "512", "320", "200"):
        lines = lines.replace(f", {number}", ", 24")
    lines = (
        lines.replace("strip(6)", "strip(2)")
        .replace("seed=3)", "steps=20)")
        .replace('"learn", 24', '"learn", 24, frames=3')
    )
    exec(lines.replace("duration=4", "frames=3"), names := {})
    assert files(tmp_path) == {
        "silk.png",
        "seven.tif",
        "zoom.mp4",
        "zoom.png",
        "silk.npz",
        "moons.run",
        "moons.mp4",
    }
    assert names["field"].slopes.shape == (24, 24, 3, 2)
    assert names["network"]([[0, 0]]).shape == (1, 3)
    for name in re.findall(r"`(?:netart\.)?([a-z]+)\(\)`", part):
        assert getattr(netart, name)()


def test_make_targets_and_options_exist() -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text()
    targets = re.findall(r"(?:`|^    )make ([a-z-]+)", TEXT, re.MULTILINE)
    assert len(targets) > 4
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    known = {
        option.removeprefix("--")
        for command in COMMANDS
        for parameter in cli.get_command(None, command).params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"--([a-z][a-z-]+)", TEXT)) <= known | {"help"}


def test_keys_of_the_window_are_there() -> None:
    cells = [cell.strip() for line in TEXT.splitlines() for cell in line.split("|")]
    for label, does in [*((row.label, row.help) for row in TABLE), *MOUSE]:
        assert cells[cells.index(f"`{label}`") + 1] == does


def test_pictures_are_there() -> None:
    for path in re.findall(r"!\[.*\]\((.*)\)", TEXT):
        assert (Path(__file__).parent.parent / path).stat().st_size > 10_000

"""README tells the truth: its commands run, in its order, and its names exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from netart.cli import COMMANDS, cli
from netart.live.keys import MOUSE, TABLE
from tests.program import examples, shrink

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


def test_python_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = re.search(r"^    (shot = netart.load.*)$", TEXT, re.MULTILINE)[1]
    exec("import netart\n" + lines.replace("1024, 1024", "24, 16"))
    assert (tmp_path / "tour.png").stat().st_size > 100


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

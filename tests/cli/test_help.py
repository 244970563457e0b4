"""Help: every worked example runs, and every name that an option takes is explained."""

from __future__ import annotations

import re
from pathlib import Path

import click
import numpy as np
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from safetensors.numpy import save_file

from netart.cli import COMMANDS, cli
from netart.files.source import read_source
from netart.files.stills.formats import IMAGE_FORMATS, IMAGE_SUFFIXES
from netart.files.stills.vectors import VECTOR_FORMATS, VECTOR_SUFFIXES
from netart.live.keys import MOUSE, TABLE
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.sampling import DISTRIBUTIONS
from netart.shot.palette import NAMES
from tests.program import Run, examples, files, pixels, shrink
from tests.runs import learned_run, written


def help_of(*command: str) -> str:
    result = CliRunner().invoke(
        cli, [*command, "--help"], prog_name="netart", max_content_width=100
    )
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples(command: str) -> None:
    found = examples(help_of(command))
    assert found
    assert found[0][0] == command


def ran_in_order(netart: Run, folder: Path, lines: list[list[str]]) -> None:
    """Runs the lines, pictures drawn small; what they name as output must be there."""
    for line in lines:
        before = files(folder)
        ran = netart(*shrink(line))
        assert ran.status == 0, (line, ran.err)
        if line[0] in ("render", "network"):
            output = line[line.index("-o") + 1] if "-o" in line else None
            assert str(ran.path) == (output or str(ran.path))
            assert files(folder) >= before | {str(ran.path)}
        if line[0] == "render" and "--save" not in line:
            if ran.path.suffix == ".svg":
                assert read_source(folder / ran.path).size == (32, 24)
            else:
                assert pixels(folder / ran.path).shape == (24, 32, 3)
        if line[0] in ("info", "presets", "check", "doctor") and "-o" not in line:
            assert ran.out
            assert files(folder) == before


# Examples with a window run in tests/live, where there is a display.
@pytest.mark.slow
@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "live"])
def test_the_examples_run(netart: Run, tmp_path: Path, command: str) -> None:
    written(tmp_path, learned_run("curves"))
    shapes = {"0.weight": (5, 2), "0.bias": (5,), "2.weight": (3, 5), "2.bias": (3,)}
    arrays = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    save_file(arrays, tmp_path / "model.safetensors")
    lines = [line for line in examples(help_of(command)) if "--live" not in line]
    ran_in_order(netart, tmp_path, lines)


def test_an_example_that_is_wrong_would_be_seen(netart: Run, tmp_path: Path) -> None:
    text = "Examples:\n  netart render --palete ink\n  netart info\n\nnetart is not one\n"
    assert examples(text) == [["render", "--palete", "ink"], ["info"]]
    for line in examples(text):
        with pytest.raises(AssertionError):
            ran_in_order(netart, tmp_path, [line])


@pytest.mark.parametrize("command", ["render", "network", "check", "live"])
def test_names_are_explained(command: str) -> None:
    words = set(re.split(r"[\s,[]+", help_of(command)))
    assert set(ACTIVATIONS) <= words
    assert set(DISTRIBUTIONS) <= words
    assert {row.signature for row in FEATURES.values()} <= words
    assert re.search(r"^ +tile:K +4  cos", help_of(command), re.MULTILINE)
    assert {name.partition(":")[2] or name for name in NAMES} <= words


def test_keys_are_explained() -> None:
    lines = [re.split(r" {2,}", line.strip()) for line in help_of("live").splitlines()]
    for label, does in [*((row.label, row.help) for row in TABLE), *MOUSE]:
        assert [label, does] in lines


def test_formats_are_explained() -> None:
    words = set(re.split(r"[\s,]+", help_of("render")))
    assert set(IMAGE_FORMATS) | set(IMAGE_SUFFIXES) <= words
    assert set(VECTOR_FORMATS) | set(VECTOR_SUFFIXES) <= words


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal_and_explains_every_option(command: str) -> None:
    text = help_of(*command.split())
    assert max(map(len, text.splitlines())) <= 100
    found = cli.get_command(click.Context(cli), command) if command else cli
    assert found
    for option in found.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert all(name in text for name in option.opts)


def test_completion_says_what_commands_do() -> None:
    found = ShellComplete(cli, {}, "netart", "_NETART_COMPLETE").get_completions([], "s")
    assert [(item.value, item.help) for item in found] == [
        (name, about) for name, (_, about) in COMMANDS.items() if name.startswith("s")
    ]


def test_without_arguments_there_is_help(netart: Run) -> None:
    ran = netart()
    text = ran.out.decode() + ran.err
    assert len(text.splitlines()) > 10
    for name, (_, about) in COMMANDS.items():
        assert re.search(f"^  {name} +{re.escape(about)}$", text, re.MULTILINE)

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
from netart.cli.groups import GROUPS, GroupedCommand, long_name
from netart.cli.help import TOPICS
from netart.cli.help_tables import LISTS
from netart.files.films.encoding import CODECS, FILM_FORMATS, FILM_SUFFIXES
from netart.files.source import read_source
from netart.files.stills.formats import IMAGE_FORMATS, IMAGE_SUFFIXES
from netart.files.stills.vectors import VECTOR_FORMATS, VECTOR_SUFFIXES
from netart.files.weights.formats import READABLE
from netart.live.keys import MOUSE, TABLE
from netart.net.datasets import DATA_SETS
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.sampling import DISTRIBUTIONS
from netart.pixels import PAPERS, SCREENS
from netart.shot.easing import EASINGS
from netart.shot.fields import FIELDS
from netart.shot.lens import LENSES
from netart.shot.light import LIGHTS
from netart.shot.palette import NAMES
from tests.program import Run, examples, files, pixels, shrink
from tests.runs import learned_run, written

MAX_COLUMNS, MAX_LINES = 80, 60  # of a command's help


def help_of(*command: str) -> str:
    return said(*command, "--help")


def said(*words: str) -> str:
    result = CliRunner().invoke(cli, words, prog_name="netart")
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
        if "####.png" in line:
            assert files(folder) == before | {*ran.out.decode().split()}
            continue
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


# List → the names that it must explain.
NAMED = {
    "activations": ACTIVATIONS,
    "datasets": DATA_SETS,
    "distributions": DISTRIBUTIONS,
    "easings": EASINGS,
    "features": [row.signature for row in FEATURES.values()],
    "formats": [
        *IMAGE_FORMATS,
        *IMAGE_SUFFIXES,
        *VECTOR_FORMATS,
        *VECTOR_SUFFIXES,
        *FILM_FORMATS,
        *FILM_SUFFIXES,
        *CODECS,
    ],
    "keys": [row.label for row in TABLE],
    "lenses": LENSES,
    "lights": LIGHTS,
    "palettes": [name.partition(":")[2] or name for name in NAMES],
    "sizes": [*SCREENS, *PAPERS],
    "source": READABLE,
    "training": [],
    "values": [],
}


@pytest.mark.parametrize("topic", LISTS)
def test_lists_explain_their_names(topic: str) -> None:
    text = said("help", topic)
    words = {*re.split(r"[\s,[]+", text), *text.split()}
    assert {word for name in NAMED[topic] for word in name.split()} <= words
    assert len(text.splitlines()) > 4


def test_rows_say_what_names_mean() -> None:
    assert re.search(r"^ +tile:K +4  cos", said("help", "features"), re.MULTILINE)
    lines = [re.split(r" {2,}", line.strip()) for line in said("help", "keys").splitlines()]
    for label, does in [*((row.label, row.help) for row in TABLE), *MOUSE]:
        assert [label, does] in lines


def command_of(name: str) -> GroupedCommand:
    found = cli.get_command(click.Context(cli), name)
    assert isinstance(found, GroupedCommand)
    return found


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_screen(command: str) -> None:
    lines = help_of(*command.split()).splitlines()
    for line in lines:
        assert len(line) <= MAX_COLUMNS, f"at most {MAX_COLUMNS} columns: {line}"
    assert len(lines) <= MAX_LINES, (
        f"netart {command} --help has {len(lines)} lines, at most {MAX_LINES}: give an option a "
        "group in netart/cli/groups.py, or shorten the help of options to 50 characters"
    )


@pytest.mark.parametrize("topic", ["", *TOPICS])
def test_topics_fit_a_screen_in_width(topic: str) -> None:
    for line in said("help", *topic.split()).splitlines():
        assert len(line) <= MAX_COLUMNS, f"at most {MAX_COLUMNS} columns: {line}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained_or_listed_in_its_group(command: str) -> None:
    text, found = help_of(command), command_of(command)
    listed = [name for names in found.listed.values() for name in names]
    names = sorted([*map(long_name, found.explained), *listed])
    assert names == sorted(map(long_name, found.options))
    assert not found.listed.get("")
    for option in found.explained:
        assert option.help
        assert re.search(rf"^  {long_name(option)}\b", text, re.MULTILINE), option.name
    for name in listed:
        assert len(re.findall(rf"(?<=\s){name}(?=\s)", text.partition("Options:")[2])) == 1, name


@pytest.mark.parametrize("group", GROUPS)
def test_groups_explain_once_every_option_that_commands_list(group: str) -> None:
    text = said("help", group)
    for command in COMMANDS:
        for name in command_of(command).listed.get(group, ()):
            found = re.findall(rf"^  {name}(?![-\w])", text, re.MULTILINE)
            assert len(found) == 1, f"{name} of {command} is explained {len(found)} times"


@pytest.mark.parametrize("name", ["size", "--size", "light-ink", "light_ink", "-o", "contrast"])
def test_an_option_is_a_topic(name: str) -> None:
    option = name if name.startswith("-") else f"--{name.replace('_', '-')}"
    assert re.search(rf"^  {option} ", said("help", name), re.MULTILINE)


@pytest.mark.parametrize("kind", LENSES)
def test_a_lens_is_a_topic_with_its_options(kind: str) -> None:
    text = said("help", kind if kind not in COMMANDS else "lens")
    for name in LENSES[kind].__struct_fields__:
        if f"lens.{name}" in {row.place for row in FIELDS.values()}:
            assert re.search(rf"^  --{name.replace('_', '-')}\b", text, re.MULTILINE), name


@pytest.mark.parametrize("name", LIGHTS)
def test_a_light_is_a_topic_with_its_options(name: str) -> None:
    assert {*re.findall(r"^  --light-(\w+)", said("help", name), re.MULTILINE)} == {
        *LIGHTS[name].settings
    }


def test_y_points_up() -> None:
    assert "y points up" in said("help", "center")


def test_the_list_of_topics_names_them_all() -> None:
    words = {*re.split(r"\s+", said("help"))}
    assert {*TOPICS} <= words
    assert "netart help" in help_of()


def test_completion_says_what_commands_do() -> None:
    found = ShellComplete(cli, {}, "netart", "_NETART_COMPLETE").get_completions([], "s")
    assert [(item.value, item.help) for item in found] == [
        (name, about) for name, (_, about) in COMMANDS.items() if name.startswith("s")
    ]


def test_completion_offers_topics() -> None:
    complete = ShellComplete(cli, {}, "netart", "_NETART_COMPLETE")
    for typed in ("pal", "land", "look", ""):
        found = [item.value for item in complete.get_completions(["help"], typed)]
        assert found == [name for name in TOPICS if name.startswith(typed)]
    assert [item.value for item in complete.get_completions(["render"], "--light-i")] == [
        "--light-ink"
    ]


def test_without_arguments_there_is_help(netart: Run) -> None:
    ran = netart()
    text = ran.out.decode() + ran.err
    assert len(text.splitlines()) > 10
    for name, (_, about) in COMMANDS.items():
        assert re.search(f"^  {name} +{re.escape(about)}$", text, re.MULTILINE)

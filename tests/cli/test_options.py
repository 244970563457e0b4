"""Groups of options: what they pass to a command, and in which order help shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from netart.cli.film_options import PaceOptions
from netart.cli.options import BackendChoice, option_group
from netart.cli.shot_options import Start, shot_options
from netart.files.source import read_source
from netart.shot.shot import Shot
from netart.shot.timeline import Pace
from tests.program import EXPLICIT_TOML


class Point(NamedTuple):
    x: int
    y: int


class Line(NamedTuple):
    begin: Point
    name: str


line_options = option_group(
    "line",
    Line,
    option_group(
        "begin",
        Point,
        click.option("--x", type=int, default=0),
        click.option("--y", type=int, default=0),
    ),
    click.option("--name", default="a"),
)


def passed(decorator: Any, *arguments: str) -> Any:
    """What a command with these options is passed."""

    @click.command()
    @decorator
    def command(**values: Any) -> None:
        given.update(values)

    given: dict[str, Any] = {}
    command.main([*arguments], standalone_mode=False)
    return given


def test_a_group_passes_one_value_whatever_is_in_it() -> None:
    assert passed(line_options) == {"line": Line(Point(0, 0), "a")}
    expected = Line(Point(0, 2), "b")
    assert passed(line_options, "--name", "b", "--y", "2") == {"line": expected}


def test_help_shows_a_groups_options_in_their_order() -> None:
    @click.command()
    @click.option("--first")
    @line_options
    @click.option("--last")
    def command(**values: Any) -> None: ...

    names = [parameter.name for parameter in command.params]
    assert names == ["first", "x", "y", "name", "last"]


@pytest.mark.parametrize("backend", ["cpu", "reference"])
def test_a_choice_of_a_backend_opens_it(backend: str) -> None:
    with BackendChoice(backend, None).open() as evaluator:
        assert evaluator.name == backend


@pytest.fixture
def explicit(tmp_path: Path) -> str:
    path = tmp_path / "explicit.toml"
    path.write_text(EXPLICIT_TOML)
    return str(path)


def start(*arguments: str) -> Start:
    return passed(shot_options(Shot), *arguments)["start"]


def test_a_start_knows_its_source_before_the_options(explicit: str) -> None:
    silk = read_source("silk").shot
    changed = start("silk", "--palette", "gray")
    assert changed.base == (("silk",), silk)
    assert changed.shot.look.palette == "gray" != silk.look.palette
    assert start("--network", explicit).base is None


@pytest.mark.parametrize(
    ("arguments", "is_default"),
    [
        ([], True),
        (["silk"], False),
        (["--seed", "321"], False),  # the default's own
        (["--no-invert"], False),
        (["--latent", "t=0"], False),
        (["--network", "EXPLICIT"], False),
    ],
    ids=str,
)
def test_a_start_knows_whether_anything_was_given(
    explicit: str, arguments: list[str], is_default: bool
) -> None:
    given = [explicit if word == "EXPLICIT" else word for word in arguments]
    assert start(*given).is_default is is_default


def test_new_films_there_and_back_show_no_frame_twice() -> None:
    """`bounce` stays what it was in films that say so already."""
    for own, asked, wanted in (
        ("none", "bounce", "ping-pong"),
        ("cycle", "bounce", "ping-pong"),
        ("none", "ping-pong", "ping-pong"),
        ("bounce", None, "bounce"),
        ("bounce", "bounce", "bounce"),
        ("bounce", "ping-pong", "ping-pong"),
        ("bounce", "none", "none"),
        ("none", None, "none"),
    ):
        options = PaceOptions(frames=None, duration=None, fps=None, loop=asked)
        assert options.replace_in(Pace(loop=own)).loop == wanted

"""Command lines with odd values, run up to where something is drawn, trained, or shown."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import click

from netart.cli import COMMANDS, cli
from netart.shot.fields import FIELDS
from tests.campaign import seeds
from tests.campaign.values import number, text

SOUND = (
    "silk", "ginn", "tour-10", "tour-20", "lava", "spiral", "page.png", "page.png#1", "spiral@10",
    "tour-10#2", "net.npz", "small.run", "small.run@5", "curves", "volcano", "lines-relu",
)  # fmt: skip
SOURCES = (
    "tour-10#0", "tour-10#1e9", "page.png#99999", "spiral@nan", "spiral@1e400", "spiral@-1",
    "missing.png", "folder.npz", "zero.npz", "pipe.npz", "pipe.run", "no-such", "", "silk@1", "a#b",
)  # fmt: skip
# Nothing is written outside the folder, whatever else is odd.
TARGETS = (
    "a.png", "a.mp4", "a.gif", "a.tif", "a.exr", "a.jpg", "a.svg", "a.npz", "a.run", "a.toml", "-",
    "####.png", "%04d.png", "%099999999999999999999d.png", "%0999999999d.tif", "missing/a.png",
    "a", "", "folder.npz", "a\nb.png", "a.PNG", ".png", "a" * 300 + ".png", "a.png/b.png",
    "%d%d.png", "zero.npz",
)  # fmt: skip
PATHS = ("-o", "--save")


# What takes long, or writes.
DRAWING = (
    "cli.options.open_here_or", "farm.cluster.Cluster.connect",
    "cli.check.open_evaluator", "cli.presets.open_evaluator",
    "cli.films.measured_film", "cli.lines._write_data", "cli.phase.survey_shot",
    "cli.train._train", "cli.train._train_in_window", "cli.live._open_window",
    "cli.live._load_last", "cli.doctor.choose_evaluator", "cli.doctor.open_gpu",
    "cli.network.write_weights", "cli.output.write_atomically",
    "draw.motion.closest_with_form", "draw.variations.rank", "draw.variations.measure",
    "draw.variations.find_spots",
)  # fmt: skip


class Drawn(Exception):
    """What would be drawn is not."""


def line(chance: Random) -> tuple[str, bytes]:
    """The words of a command line, as JSON."""
    command = chance.choice(list(COMMANDS))
    options = list(_options(command).values())
    words = [command]
    if chance.random() < 0.7:
        words.append(chance.choice((*SOUND, *SOUND, chance.choice(SOURCES), text(chance)[:300])))
    for option in chance.choices(options, k=chance.choice((1, 1, 1, 2, 3))) if options else ():
        name = chance.choice([*option.opts, *option.secondary_opts])
        if option.is_flag or "--help" in option.opts:
            words.append(name)
        else:
            words += [name, _value(option, chance)]
    if chance.random() < 0.1:
        at = chance.randrange(1, len(words) + 1)
        if words[at - 1] not in PATHS:
            words.insert(at, text(chance)[:300])
    return "line.json", json.dumps(words).encode()


@cache
def _options(command: str) -> dict[str, click.Option]:
    context = click.Context(cli)
    made = cli.get_command(context, command)
    assert made
    return {param.name or "": param for param in made.params if isinstance(param, click.Option)}


def _value(option: click.Option, chance: Random) -> str:
    if {*PATHS} & {*option.opts}:
        return chance.choice(TARGETS)
    sound, way = seeds.texts().get(option.name or ""), chance.random()
    if sound and way < 0.6:
        return chance.choice(sound)[:3000]
    if isinstance(option.type, click.Choice):
        return chance.choice([*map(str, option.type.choices), "odd"])
    if way < 0.75:
        return str(chance.randrange(20)) if way < 0.7 else str(number(chance))[:3000]
    if way < 0.8:
        return f"{chance.randrange(900)}x{chance.choice((1, 99, 2**31, 300_000))}"
    odd = text(chance)[:3000]
    return odd if way < 0.9 else f"{chance.choice(list(FIELDS))}={odd}"


def run(path: Path) -> None:
    """Runs the command line in its folder, until it draws."""
    words = [word.replace("\0", "") for word in json.loads(path.read_bytes())]
    with (
        chdir(path.parent),
        redirect_stdout(text_stream()),
        redirect_stderr(text_stream()),
        suppress(Drawn, click.exceptions.Exit),
    ):
        cli.main(words, prog_name="netart", standalone_mode=False)


def text_stream() -> io.TextIOWrapper:
    """Takes text and bytes, as stdout does."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8")


def written(stream: io.TextIOWrapper) -> str:
    """What a `text_stream` has taken."""
    stream.flush()
    stream.seek(0)
    return stream.read()


def _drawn(*_: Any, **__: Any) -> Any:
    raise Drawn


@contextmanager
def without_drawing() -> Iterator[None]:
    """Commands raise Drawn where they draw, measure, train or open a window."""
    with ExitStack() as stack:
        for name in DRAWING:
            stack.enter_context(patch(f"netart.{name}", _drawn))
        yield

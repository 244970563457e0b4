"""What all commands that make films have in common."""

from __future__ import annotations

import json
import sys
from functools import wraps
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from msgspec.structs import replace

from netart.cli import INTERRUPTED
from netart.cli.messages import say, warn
from netart.cli.options import Command, SizeType, backend_options
from netart.cli.output import chosen_path, draw_page, save_text
from netart.cli.progress import progress
from netart.draw.film import Film
from netart.draw.sheet import Page
from netart.errors import NetartError
from netart.evaluate.backend import opened
from netart.evaluate.request import Evaluator
from netart.files.films.encoding import FILM_FORMATS, film_encoding
from netart.files.films.film import write_film
from netart.files.source import Source, to_toml
from netart.files.stills.plan import ImageEncoding
from netart.lens import measured_film
from netart.pixels import Size
from netart.shot.films import Motion
from netart.shot.ranges import values
from netart.shot.sheet import Layout
from netart.shot.timeline import Pace, Timeline, rate

SIZE = (640, 640)  # pixels
SECONDS = 4


class Asked(NamedTuple):
    """What the options of a film say; None where they are silent."""

    frames: int | None
    duration: float | None
    fps: str | None
    loop: str | None
    frame_range: str | None
    strip: int | None
    size: Size | None
    target: str | None
    form: str | None
    codec: str | None
    quality: int | None
    pixels: str | None
    bits: int | None
    backend: str
    device: int | None
    fresh: bool
    allow_noise: bool
    save: str | None
    bare: bool
    as_json: bool
    quiet: bool

    def pace(self, own: Pace) -> Pace:
        """The pace with what is asked for in place of its own. Raises NetartError."""
        fps = self.fps or own.rate
        if self.frames is not None and self.duration is not None:
            raise NetartError("--frames and --duration say the same thing: give one of them")
        frames = own.frames if self.frames is None else self.frames
        if self.duration is not None:
            if not 0 < self.duration < 1e6:
                raise NetartError(f"--duration {self.duration}: must be above 0 seconds")
            frames = max(1, round(self.duration * rate(fps)))
        elif self.frames is None and self.fps is not None:
            frames = max(1, ceil(own.duration * rate(fps)))
        return replace(own, frames=frames, rate=fps, loop=self.loop or own.loop)


def film_options(command: Command) -> Command:
    """The options of every film; delivers `asked: Asked`."""

    @wraps(command)
    def wearing(**options: Any) -> Any:
        asked = Asked(**{name: options.pop(name) for name in Asked._fields})
        return command(asked=asked, **options)

    wearing = backend_options(wearing)
    for option in reversed(
        (
            click.option("--frames", type=int, metavar="N", help="Number of frames (100)."),
            click.option("--duration", type=float, metavar="S", help="In seconds (4)."),
            click.option("--fps", metavar="RATE", help="Frames a second, as in 30000/1001 (25)."),
            click.option("--loop", metavar="NAME", help="none, cycle, or bounce: there and back."),
            click.option(
                "--frame-range", metavar="VALUES", help="These frames only, as in 1..3,5,7."
            ),
            click.option(
                "--strip", type=int, metavar="N", help="N frames side by side, as one picture."
            ),
            click.option("--size", type=SizeType(), metavar="WxH", help="In pixels (640x640)."),
            click.option(
                "-o", "target", metavar="FILE",
                help="Where to: .mp4 .webm .mov .mkv .gif .apng .webp, or numbered frames as in "
                "'####.png'. - is stdout.",
            ),
            click.option("--format", "form", metavar="NAME", help="Where no suffix says it."),
            click.option("--codec", metavar="NAME", help="h264, h265, av1, vp9, …"),
            click.option(
                "--quality", type=int, metavar="N",
                help="The codec's own number; of h264, h265, av1 and vp9 lower is better.",
            ),
            click.option("--pixels", metavar="NAME", help="Pixel format: yuv420p, yuv444p, …"),
            click.option("--bits", type=int, metavar="N", help="A channel, where there is choice."),
            click.option("--fresh", is_flag=True, help="Start over instead of going on."),
            click.option(
                "--allow-noise", is_flag=True,
                help="Draw also what the evaluator's numbers cannot tell apart.",
            ),
            click.option(
                "--save", metavar="FILE.toml",
                help="Write the timeline as text to edit; draw nothing.",
            ),
            click.option(
                "--no-metadata", "bare", is_flag=True, help="Leave the timeline out of the film."
            ),
            click.option("--json", "as_json", is_flag=True, help="Print what was drawn as JSON."),
            click.option("--quiet", is_flag=True, help="No progress, no warnings."),
        )
    ):  # fmt: skip
        wearing = option(wearing)
    return wearing  # type: ignore[return-value]


def easing_option(command: Command) -> Command:
    """--easing, of the way from key to key."""
    return click.option(
        "--easing", default="linear", metavar="NAME",
        help="linear, smooth, in, out, sine, or bezier:x1,y1,x2,y2.",
    )(command)  # fmt: skip


def film(source: Source, made: Motion, asked: Asked, kind: str) -> None:
    """Draws a film of the source's shot. kind: the command, for the film's name."""
    timeline = Timeline(shot=made.shot, tracks=made.tracks)
    pace = asked.pace(Pace(frames=25 * SECONDS, loop=made.loop))
    draw(replace(timeline, pace=pace), f"{source.name}-{kind}", source.size, asked)


def draw(timeline: Timeline, name: str, size: Size | None, asked: Asked) -> None:
    """Draws the timeline's frames, or a strip of them, to where it is asked for."""
    timeline, size = measured_film(timeline), asked.size or size or SIZE
    if asked.save is not None:
        if asked.target is not None or asked.as_json:
            raise NetartError("--save: nothing is drawn, so -o and --json have no meaning")
        click.echo(save_text(Path(asked.save), to_toml(timeline, size=size)))
        return
    if asked.strip is not None:
        _draw_strip(timeline, name, size, asked)
        return
    numbers = _numbers(timeline, asked)
    suffix = (
        next(iter(FILM_FORMATS[asked.form].suffixes), "") if asked.form in FILM_FORMATS else ".mp4"
    )
    where = f"{name}{suffix}" if asked.target is None else asked.target
    encoding = film_encoding(
        where, asked.form, asked.codec, asked.quality, asked.pixels, asked.bits
    )
    target = chosen_path(asked.target, name, suffix, asked.as_json)
    with opened(asked.backend, asked.device) as evaluator:
        _check_depth(timeline, numbers, size, evaluator, asked)
        done = 0

        with progress(len(numbers), "frames", asked.quiet) as step:

            def told(count: int) -> None:
                nonlocal done
                step(count - done)
                done = count

            try:
                write_film(
                    target or sys.stdout.buffer,
                    encoding,
                    Film(timeline, size, evaluator),
                    numbers,
                    metadata=not asked.bare,
                    fresh=asked.fresh,
                    new=asked.target is None,
                    progress=told,
                    say=say,
                )
            except KeyboardInterrupt:
                raise NetartError(
                    f"interrupted after {done} of {len(numbers)} frames: "
                    "the same command goes on from there",
                    INTERRUPTED,
                ) from None
    if target:
        _report(timeline, target, size, len(numbers), asked)


def _numbers(timeline: Timeline, asked: Asked) -> list[int]:
    frames = timeline.pace.frames
    if asked.frame_range is None:
        return list(range(1, frames + 1))
    try:
        numbers = list(map(int, values(asked.frame_range)))
    except ValueError:
        raise NetartError(f"--frame-range {asked.frame_range!r}: frames are numbers") from None
    for number in numbers:
        timeline.pace.time(number)
    return numbers


def _check_depth(
    timeline: Timeline, numbers: list[int], size: Size, evaluator: Evaluator, asked: Asked
) -> None:
    """Announces the frame from which on pixels merge. Raises NetartError unless allowed."""
    moves = any(track.field in ("radius", "center") for track in timeline.tracks)
    for number in numbers if moves else numbers[:1]:
        view = timeline.frame(number).view
        if not evaluator.resolves(view, min(size)):
            what = (
                f"frame {number}, radius {view.radius:.3g}: from here on {evaluator.name} cannot "
                "tell pixels apart"
            )
            if not asked.allow_noise:
                raise NetartError(f"{what}: --allow-noise draws it all the same")
            if not asked.quiet:
                warn(what)
            return


def _draw_strip(timeline: Timeline, name: str, size: Size, asked: Asked) -> None:
    """Frames spread over the film, side by side."""
    count, frames = asked.strip, timeline.pace.frames
    if count is None or not 1 <= count <= min(frames, 100):
        raise NetartError(f"--strip {count}: must be from 1 to the film's {frames} frames")
    numbers = np.linspace(1, frames, count).round().astype(int) if count > 1 else [1]
    page = Page(count, 1, Layout(panel=size, gutter=0))
    encoding = ImageEncoding(asked.form, asked.bits, asked.quality, metadata=not asked.bare)
    target = chosen_path(asked.target, f"{name}-strip", encoding.suffix)
    shots = ((timeline.frame(int(number)), "") for number in numbers)
    with opened(asked.backend, asked.device) as evaluator:
        fresh = asked.target is None
        draw_page(page, shots, timeline, target, encoding, evaluator, fresh, asked.quiet)
    if target:
        click.echo(target)


def _report(timeline: Timeline, target: Path, size: Size, frames: int, asked: Asked) -> None:
    if not asked.as_json:
        click.echo(target)
        return
    did = {"path": str(target), "size": size, "frames": frames, "rate": timeline.pace.rate}
    click.echo(json.dumps(did | {"sha256": timeline.sha256}))

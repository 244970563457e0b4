"""The command `netart render`, which draws a shot as a picture."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from netart.cli.groups import GroupedCommand
from netart.cli.messages import say
from netart.cli.options import (
    BackendChoice,
    Command,
    Resuming,
    Target,
    drawing_options,
    encoding_options,
    report_options,
    resuming_options,
    save_option,
    size_option,
    target_option,
)
from netart.cli.output import (
    deliver,
    deliver_vector,
    note_steps,
    report_chosen,
    save_as_text,
    warn_of_absent_weights,
    warn_of_blank,
    warn_of_flatness,
    warn_of_level,
    warn_of_noise,
)
from netart.cli.replaced import note_replaced
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.draw.blank import Extent
from netart.errors import INTERRUPTED, NetartError
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator
from netart.files.atomic import check_target, free_name, is_stdout
from netart.files.films.encoding import NUMBER, still_path
from netart.files.source import name_of, to_toml
from netart.files.stills.plan import ImageEncoding, is_vector, plan_image, plan_vector
from netart.files.stills.spec import ImageSpec
from netart.files.stills.strips import draw_shot
from netart.files.stills.vectors import VectorSpec
from netart.lens import preview, strips, vector
from netart.pixels import Size
from netart.shot.fields import parse
from netart.shot.fresh import FRESH
from netart.shot.ranges import seed_values
from netart.shot.shot import Shot
from netart.shot.text import to_text

MAX_PICTURES = 10_000


def take_seeds(command: Command) -> Command:
    """Takes a list of seeds from --seed, where no shot may have it; passes `seeds: list[int]`,
    empty where --seed is one.

    The seed of the shot is the first of them then.
    """

    @wraps(command)
    def wrapper(seed: str | None, **others: Any) -> Any:
        seeds = _read_seeds(seed) if seed not in (None, "random") else []
        return command(seed=str(seeds[0]) if seeds else seed, seeds=seeds, **others)

    return wrapper


def _read_seeds(text: str) -> list[int]:
    """The seeds that a text lists, each once; none where it is a number. Raises NetartError."""
    if re.fullmatch(r"\s*[+-]?\d+\s*", text):
        return []
    try:
        listed = seed_values(text, MAX_PICTURES)
    except NetartError as error:
        raise NetartError(f"seed {error}", field="seed") from None
    return list(dict.fromkeys(parse("seed", one) for one in listed))


@click.command(cls=GroupedCommand)
@take_seeds
@shot_options(Shot, **FRESH)
@size_option("In pixels (1024x1024).")
@target_option("Output; the suffix says the format. -: stdout.")
@save_option
@encoding_options
@resuming_options
@drawing_options
@report_options
def render(
    start: Start,
    seeds: list[int],
    size: Size | None,
    target: Target,
    save: str | None,
    encoding: ImageEncoding,
    resuming: Resuming,
    backend: BackendChoice,
    report: Report,
) -> None:
    """Draw a shot as a picture.

    A shot is all that decides a picture: network, view, lens, look. SOURCE is a preset, as in silk
    (`netart presets` lists them), or a picture that was drawn before: it carries its shot, can be
    drawn again at any size, and changed by options. Without SOURCE the default picture is drawn.

    Several seeds, as in --seed 1..9, become a file each: in -o '####.png' the number is the seed. A
    large picture that is interrupted goes on when the same command is given again.

    \b
    Examples:
      netart render
      netart render --seed 21 --size 1920x1080 -o wall.png
      netart render --seed 1..9 -o '####.png'
      netart render wall.png --palette frost -o frost.png
      netart render silk --center 0.4,-0.2 --radius 0.1 -o detail.png
      netart render silk --bits 16 --size 3000x2000 -o print.tif
      netart render silk --light relief --save mine.toml
      netart render --lens landscape --outputs 1 --radius 3 -o hills.png
      netart render --lens lines --layers 3x16 --activation relu -o lines.svg
    """
    source, shot = start.source, start.shot
    if save is not None:
        if seeds:
            raise NetartError(f"--save: writes one shot, --seed says {len(seeds):,}")
        text = to_toml(source.document, source.about, size or source.size)
        save_as_text(save, text, target, report)
        return
    if not seeds and "##" in Path(target.typed or "").name:
        why = "a number for each of several seeds: add --seed 1..9"
        raise NetartError(f"-o {target.typed}: {why}")
    size = size or source.size or (round(1024 * shot.aspect), 1024)
    if seeds:
        _draw_seeds(start, seeds, size, target, encoding, resuming, backend, report)
        return
    path = target.path(source.name, encoding.suffix, report.as_json)
    spec = _plan(path, shot, size, encoding)
    begin_s = time.perf_counter()
    note_replaced([(path, shot)], report)
    note_steps([shot], report)
    if source.warning:
        report.warn(source.warning)
    with backend.open() as evaluator:
        warn_of_noise(shot, evaluator, report)
        warn_of_flatness(shot, report)
        warn_of_level(shot, size, report)
        rows = 0

        def keep(there: int) -> None:
            nonlocal rows
            rows = there

        new = target.is_unnamed
        with report.progress(size[1], "rows", evaluator) as advance:
            try:
                extent = _draw(shot, spec, new, evaluator, resuming, advance, keep, report)
            except KeyboardInterrupt:
                if not rows:
                    raise
                what = f"interrupted after {rows:,} of {size[1]:,} rows"
                what += ": the same command goes on from there"
                raise NetartError(what, INTERRUPTED) from None
        warn_of_blank(shot, extent, report)
        if path:
            _print_result(path, shot, spec, evaluator, begin_s, report)


def _draw_seeds(
    start: Start,
    seeds: list[int],
    size: Size,
    target: Target,
    encoding: ImageEncoding,
    resuming: Resuming,
    backend: BackendChoice,
    report: Report,
) -> None:
    """Draws a picture of each seed into a file of its own. Raises NetartError, and before anything
    is drawn where a name cannot become a file.
    """
    typed = _pattern(target, seeds)
    for seed in (min(seeds), max(seeds)):
        start.with_seed(seed)  # raises for what is no seed
    _plan(typed and still_path(typed, seeds[0]), start.shot, size, encoding)
    if typed:
        paths = {seed: still_path(typed, seed) for seed in seeds}
        there = (seed for seed, path in paths.items() if path.exists())
        note_replaced(((paths[seed], start.with_seed(seed)) for seed in there), report)
    if start.source.warning:
        report.warn(start.source.warning)
    done, blank, levels_differ = 0, 0, False
    with backend.open() as evaluator:
        # Both are alike for all seeds.
        warn_of_noise(start.shot, evaluator, report)
        warn_of_flatness(start.shot, report)
        with report.progress(len(seeds) * size[1], "rows", evaluator) as advance:
            try:
                for seed in seeds:
                    begin_s, shot = time.perf_counter(), start.with_seed(seed)
                    if start.draws_palette and done:  # that of the first has been said
                        say(f"palette {shot.look.palette}")
                    with _name(start, shot, typed and still_path(typed, seed), encoding) as path:
                        spec = _plan(path, shot, size, encoding)
                        told = replace(report, about=path)
                        if not levels_differ:
                            levels_differ = warn_of_level(shot, size, told)
                        extent = _draw(
                            shot, spec, target.is_unnamed, evaluator, resuming, advance,
                            lambda rows: None, told,
                        )  # fmt: skip
                        if not blank:
                            blank += warn_of_blank(shot, extent, told)
                        elif extent.colour:
                            blank += 1
                    done += 1
                    _print_result(path, shot, spec, evaluator, begin_s, report)
            except KeyboardInterrupt:
                what = f"interrupted after {done:,} of {len(seeds):,} pictures"
                raise NetartError(f"{what}: seed {seeds[done]} is the next", INTERRUPTED) from None
    if blank > 1:
        report.warn(f"{blank - 1:,} more pictures are of one colour")


def _pattern(target: Target, seeds: list[int]) -> Path | None:
    """The name of the files, in which a number stands for the seed; None where -o says none. Raises
    NetartError.
    """
    if target.typed is None:
        return None
    option, path = f"-o {target.typed}", Path(target.typed)
    if target.typed == "-" or is_stdout(path):
        raise NetartError(f"{option}: stdout takes one picture, --seed says {len(seeds):,}")
    if not NUMBER.search(path.name):
        example = path / "####.png" if path.is_dir() else f"{path.stem}-####{path.suffix}"
        raise NetartError(f"{option}: must name a file for each seed: write '{example}'")
    for seed in seeds:
        check_target(still_path(path, seed))
    return path


def _name(
    start: Start, shot: Shot, path: Path | None, encoding: ImageEncoding
) -> AbstractContextManager[Path]:
    """The path of one of the pictures; where there is none, a free name for the block."""
    if path:
        return nullcontext(path)
    stem = f"{start.source.name}-{name_of(shot)}" if start.base else name_of(shot)
    return free_name(stem, encoding.suffix)


def _plan(
    path: Path | None, shot: Shot, size: Size, encoding: ImageEncoding
) -> ImageSpec | VectorSpec:
    plan = plan_vector if is_vector(path, encoding) else plan_image
    return plan(path, shot, size, encoding)


def _draw(
    shot: Shot,
    spec: ImageSpec | VectorSpec,
    new: bool,
    evaluator: Evaluator,
    resuming: Resuming,
    advance: Callable[[int], None],
    keep: Callable[[int], None],
    report: Report,
) -> Extent:
    """Draws a planned picture to its path, or to stdout. Returns the extent of its colours.

    new: no file of that name is replaced. advance: called with how many further rows are done;
    keep: with how many an interruption would leave.
    """
    extent = Extent()
    if isinstance(spec, VectorSpec):
        deliver_vector(spec, vector(shot, spec.size, evaluator, spec.format, spec.note), new)
        extent.add(preview(shot, evaluator))
        advance(spec.size[1])
        return extent

    def look(strip: Samples) -> None:
        extent.add(strip, spec.numbers)
        advance(len(strip))

    def draw(numbers: Numbers) -> Iterator[Samples]:
        for strip in strips(shot, spec.size, evaluator, numbers):
            yield strip
            look(strip)

    if spec.path:
        chosen = draw_shot(
            spec, shot, evaluator, fresh=resuming.fresh, allow_mixed=resuming.allow_mixed, new=new,
            look=look, kept=keep, say=say,
        )  # fmt: skip
        report_chosen(spec, chosen, report)
    else:
        deliver(spec, draw, new, report)
    return extent


def _print_result(
    path: Path,
    shot: Shot,
    spec: ImageSpec | VectorSpec,
    evaluator: Evaluator,
    begin_s: float,
    report: Report,
) -> None:
    """Prints the path of a picture that has been drawn since `begin_s`, or facts about it."""
    warn_of_absent_weights(spec, path, report)
    report.print_result(
        path,
        size=spec.size,
        sha256=shot.sha256,
        shot=to_text(shot),
        backend=evaluator.name,
        time_s=round(time.perf_counter() - begin_s, 3),
    )

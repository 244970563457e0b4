"""The command `netart render`, which draws a shot as a picture."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import click

from netart.cli.groups import GroupedCommand
from netart.cli.options import (
    BackendChoice,
    Target,
    backend_options,
    encoding_options,
    report_options,
    save_option,
    size_option,
    target_option,
)
from netart.cli.output import (
    deliver,
    deliver_vector,
    note_steps,
    save_as_text,
    warn_of_absent_weights,
    warn_of_flatness,
    warn_of_level,
    warn_of_noise,
)
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.evaluate.numbers import Numbers, Samples
from netart.files.source import to_toml
from netart.files.stills.plan import ImageEncoding, is_vector, plan_image, plan_vector
from netart.files.stills.vectors import VectorSpec
from netart.lens import strips, vector
from netart.pixels import Size
from netart.shot.fresh import FRESH
from netart.shot.shot import Shot
from netart.shot.text import to_text


@click.command(cls=GroupedCommand)
@shot_options(Shot, **FRESH)
@size_option("In pixels (1024x1024).")
@target_option("Output; the suffix says the format. -: stdout.")
@save_option
@encoding_options
@backend_options
@report_options
def render(
    start: Start,
    size: Size | None,
    target: Target,
    save: str | None,
    encoding: ImageEncoding,
    backend: BackendChoice,
    report: Report,
) -> None:
    """Draw a shot as a picture.

    SOURCE is a preset, as in silk (`netart presets` lists them), or a picture that was drawn
    before: it carries its shot, can be drawn again at any size, and changed by options. Without
    SOURCE the default picture is drawn.

    \b
    Examples:
      netart render
      netart render --seed 21 --size 1920x1080 -o wall.png
      netart render wall.png --palette frost -o frost.png
      netart render silk --center 0.4,-0.2 --radius 0.1 -o detail.png
      netart render silk --bits 16 --size 3000x2000 -o print.tif
      netart render silk --light relief --save mine.toml
      netart render --lens landscape --outputs 1 --radius 3 -o hills.png
      netart render --lens lines --layers 3x16 --activation relu -o lines.svg
    """
    source, shot = start.source, start.shot
    if save is not None:
        text = to_toml(source.document, source.about, size or source.size)
        save_as_text(save, text, target, report)
        return
    size = size or source.size or (round(1024 * shot.aspect), 1024)
    path = target.path(source.name, encoding.suffix, report.as_json)
    plan = plan_vector if is_vector(path, encoding) else plan_image
    spec = plan(path, shot, size, encoding)
    begin_s = time.perf_counter()
    note_steps([shot], report)
    if source.warning:
        report.warn(source.warning)
    with backend.open() as evaluator:
        warn_of_noise(shot, evaluator, report)
        warn_of_flatness(shot, report)
        warn_of_level(shot, size, report)

        def draw(numbers: Numbers) -> Iterator[Samples]:
            return _with_progress(strips(shot, size, evaluator, numbers), size[1], report)

        if isinstance(spec, VectorSpec):
            drawn = vector(shot, size, evaluator, spec.format, spec.note)
            deliver_vector(spec, drawn, target.is_unnamed)
        else:
            deliver(spec, draw, target.is_unnamed, report)
        took_s = time.perf_counter() - begin_s
    if path:
        warn_of_absent_weights(spec, path, report)
        report.print_result(
            path,
            size=size,
            sha256=shot.sha256,
            shot=to_text(shot),
            backend=evaluator.name,
            time_s=round(took_s, 3),
        )


def _with_progress(drawn: Iterable[Samples], rows: int, report: Report) -> Iterator[Samples]:
    """The strips as they come, each of which moves the progress bar on by its rows."""
    with report.progress(rows, "rows") as advance:
        for strip in drawn:
            yield strip
            advance(len(strip))

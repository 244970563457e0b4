"""The command `netart lines`, which writes where hidden units switch."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from netart.api.numbers import check_lines
from netart.cli.groups import GroupedCommand
from netart.cli.options import (
    BackendChoice,
    Target,
    backend_options,
    report_options,
    size_option,
    target_option,
)
from netart.cli.output import deliver_vector, warn_of_absent_weights
from netart.cli.replaced import note_replaced
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.files.atomic import check_target, unknown_suffix, write_atomically
from netart.files.metadata import make_metadata
from netart.files.stills.plan import ImageEncoding, plan_vector
from netart.files.stills.vectors import VECTOR_SUFFIXES
from netart.lens import lines_data, vector
from netart.pixels import Size, check_size
from netart.shot.fresh import FRESH
from netart.shot.shot import Shot

DATA = ".json"


@click.command(cls=GroupedCommand)
@shot_options(Shot, through="lines", **FRESH)
@size_option("Of the picture, in pixels (1024x1024).")
@target_option(".json: data; .svg, .pdf: paths. -: data to stdout.")
@backend_options
@report_options
def lines(
    start: Start, size: Size | None, target: Target, backend: BackendChoice, report: Report
) -> None:
    """Write the exact lines on which the hidden units of a network switch.

    A network of relu, leaky_relu, abs and linear units, behind x, y and latents, cuts the plane
    into cells in each of which it is linear. The data has the lines between them, unit by unit, as
    polylines with all bends, and how many cells there are. It is exact at every depth of zoom. svg
    and pdf hold what `netart render --lens lines` draws; there the lines of other networks are
    traced.

    \b
    Examples:
      netart lines --layers 3x16 --activation relu --seed 1 -o lines.json
      netart lines --layers 3x16 --activation relu --line-layers 2 -o red.svg
      netart lines --layers 10x30 --activation relu --line-width 0.5 -o map.pdf
    """
    shot, size = start.shot, size or start.source.size or (1024, 1024)
    check_size(size)
    check_lines(shot)
    path = target.path(f"{start.source.name}-lines", DATA, report.as_json)
    if start.source.warning:
        report.warn(start.source.warning)
    begin_s = time.perf_counter()
    facts: dict[str, Any] = {}
    if path and path.suffix in VECTOR_SUFFIXES:
        spec = plan_vector(path, shot, size, ImageEncoding())
        note_replaced([(path, shot)], report)
        with backend.open() as evaluator:
            drawn = vector(shot, size, evaluator, spec.format, spec.note)
        deliver_vector(spec, drawn, target.is_unnamed)
        warn_of_absent_weights(spec, path, report)
    else:
        facts = _write_data(path, shot, size, target.is_unnamed)
    took_s = time.perf_counter() - begin_s
    if path:
        report.print_result(path, size=size, sha256=shot.sha256, **facts, time_s=round(took_s, 3))


def _write_data(path: Path | None, shot: Shot, size: Size, new: bool) -> dict[str, Any]:
    """Writes the lines as JSON, to stdout where there is no path, and returns facts about them.
    new: no file of that name is replaced.
    """
    if path and path.suffix != DATA:
        raise unknown_suffix(path, [DATA, *VECTOR_SUFFIXES])
    if path:
        check_target(path)
    data = lines_data(shot, size)
    metadata = json.loads(make_metadata(shot, size).text)
    text = json.dumps(metadata | data, separators=(",", ":")) + "\n"
    if path:
        with write_atomically(path, new) as file:
            file.write(text.encode())
    else:
        sys.stdout.write(text)
    return {name: data[name] for name in ("regions", "segments", "layers")}

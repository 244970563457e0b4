"""What `netart info` says of a run: how it was trained, how that went, and what its units do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

import msgspec
import numpy as np

from netart.errors import NetartError, printable
from netart.lens.units import (
    Unit,
    UnitReport,
    examine,
    first_layer_ways,
    half_way,
    late_from,
)
from netart.net.learning.data import Data, PictureData
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained
from netart.shot.fields import fewest_texts
from netart.shot.shot import Shot

ROWS = 9  # of the table of losses
KEPT = ("checkpoints", "keep")  # options that say what is kept, not how it is trained


def run_lines(shot: Shot) -> Iterator[str]:
    """The run of which a shot draws a step, and its units over the shot's view, line by line.

    Units are written as `--units` reads them.
    """
    run = _run_of(shot)
    options = msgspec.to_builtins(run.head.options)
    kept = f"{run.last:,} of {options.pop('steps'):,} steps, {len(run.steps):,} kept"
    yield f"run       {printable(run.name)}, {run.head.status}: {kept}"
    if run.data:
        yield f"learned   {_learned(run.data)}"
    yield f"network   {_words(fewest_texts(Shot(network=run.head.recipe)) or {})}"
    yield f"training  {_words({name: options[name] for name in options if name not in KEPT})}"
    yield ""
    has_classes = bool(np.isfinite(run.accuracy).all())
    yield f"{'step':>13}{'loss':>12}{'right' if has_classes else '':>9}".rstrip()
    for k in _rows(run):
        right = f"{run.accuracy[k]:>9.2%}" if has_classes else ""
        yield f"{int(run.steps[k]):>13,}{run.loss[k]:>12.4g}{right}"
    yield ""
    try:
        yield from _unit_lines(examine(shot), late_from(run))
        yield from _first_layer_lines(run, shot)
    except NetartError as error:
        yield f"units are not examined: {error}"


def run_data(shot: Shot) -> dict[str, Any]:
    """The same as plain data; without `units` where these are not examined."""
    run = _run_of(shot)
    found = {
        "run": {
            "name": run.name,
            "status": run.head.status,
            "learned": _learned(run.data) if run.data else None,
            "recipe": msgspec.to_builtins(run.head.recipe),
            "options": msgspec.to_builtins(run.head.options),
            "steps": run.steps.tolist(),
            "loss": _finite(run.loss.tolist()),
            "accuracy": _finite(run.accuracy.tolist()),
        }
    }
    try:
        report = examine(shot)
    except NetartError:
        return found
    units = {
        "twins": [
            {"units": _names(twins.units), "agreement": twins.agreement} for twins in report.twins
        ],
        "indecisive_from": late_from(run),
        "indecisive": [
            {"unit": _name(moved.unit), "distance": moved.distance, "swept": moved.swept,
             "length": moved.length}
            for moved in report.indecisive
        ],
        "critical_points": None if report.critical is None else [
            {"x": point.x, "y": point.y, "units": _names(point.units), "bends": point.bends}
            for point in report.critical
        ],
        "never_on": _names(report.never_on),
        "always_on": _names(report.always_on),
    }  # fmt: skip
    return found | {"units": units}


def _unit_lines(report: UnitReport, late: int) -> Iterator[str]:
    yield "twins, and how far they agree on where they are on, 1 for everywhere"
    if not report.twins:
        yield f"{'none':>13}"
    for twins in report.twins:
        yield f"{_names(twins.units):>13}{twins.agreement:>9.3f}"
    yield f"indecisive, and how far their boundaries moved from step {late:,} on, 1 for a side"
    if not report.indecisive:
        yield f"{'none':>13}"
    for moved in report.indecisive:
        yield f"{_name(moved.unit):>13}{moved.distance:>12.5f}"
    if report.critical is not None:
        yield "critical points x,y, and the units whose lines bend there, or on which others do"
    if report.critical == []:
        yield f"{'none':>16}"
    for point in report.critical or ():
        place = f"{point.x:.3g},{point.y:.3g}"
        yield f"{place:>16}  {_names(point.units)}"
    yield f"never on   {_names(report.never_on) or 'none'}"
    yield f"always on  {_names(report.always_on) or 'none'}"


def _first_layer_lines(run: Run, shot: Shot) -> Iterator[str]:
    ways = first_layer_ways(run, shot.view)
    shifted, turned = (int(np.median(half_way(way, run))) for way in ways)
    yield (
        f"lines of layer 1 have shifted half of their way by step {shifted:,}, and turned half of "
        f"theirs by {turned:,} (medians)"
    )


def _run_of(shot: Shot) -> Run:
    assert isinstance(shot.network, Trained)
    return shot.network.drawn


def _learned(data: Data) -> str:
    """What a run learned, in a few words."""
    if isinstance(data, PictureData):
        rows, columns, channels = data.pixels.shape
        kind = "black and white" if data.has_two_levels else "grey" if channels == 1 else "colour"
        low, high = data.span
        return f"{printable(data.name)}, {columns}×{rows} pixels, {kind}, from {low:g} to {high:g}"
    classes = data.points.classes
    return f"{printable(data.name)}, {len(classes):,} points of {classes.max()} classes"


def _rows(run: Run) -> list[int]:
    """Of the steps that are kept the first, the last, and some between by equal ratios."""
    wanted = [0.0, *np.geomspace(max(1, run.steps[0]), max(1, run.last), ROWS - 1).tolist()]
    nearest = [run.nearest(min(max(step, 0.0), run.last)) for step in wanted]
    return sorted({int(np.searchsorted(run.steps, step)) for step in nearest})


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _names(units: Iterable[Unit]) -> str:
    return ",".join(map(_name, units))


def _name(unit: Unit) -> str:
    return "{}.{}".format(*unit)


def _finite(values: list[float]) -> list[float | None]:
    return [x if isfinite(x) else None for x in values]

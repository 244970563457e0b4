"""The exact lines of a shot: its arrangement, its units' polylines, and both as plain data."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from netart.lens.arrangement import FRAME, Arrangement, arrange
from netart.lens.cells import Array
from netart.lens.folding import fold
from netart.lens.plane import corners
from netart.lens.polylines import Polyline, polylines
from netart.net.build import to_network
from netart.net.piecewise import check_piecewise_linear
from netart.net.recipe import NetworkSource
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.view import View, coordinates

Unit = tuple[int, int]  # layer and unit, both from 1


class ExactLines(NamedTuple):
    """Where units switch in a picture, and the cells between."""

    arrangement: Arrangement
    lines: list[Polyline]  # of the units that are shown

    def name(self, unit: int) -> str:
        """A unit that counts through all layers as LAYER.UNIT."""
        layer, within = self.unit(unit)
        return f"{layer}.{within}"

    def unit(self, unit: int) -> Unit:
        """Layer and unit, from 1, of one that counts through all layers."""
        layer = int(self.arrangement.layer_of(np.array(unit)))
        return layer, unit - int(self.arrangement.first_units[layer - 1]) + 1

    def by_unit(self) -> list[tuple[int, list[Array]]]:
        """The points (N, 2) of each unit's lines, unit by unit."""
        found: dict[int, list[Array]] = {}
        for line in self.lines:
            points = self.arrangement.points[line.vertices]
            found.setdefault(line.unit, []).append(points)
        return list(found.items())


def exact_lines(
    shot: Shot, size: Size, shown: Collection[Unit], margin_px: float = 0
) -> ExactLines:
    """The lines of these units over the shot's picture of that size, and margin_px around it.

    The arrangement is that of all layers up to the last one that is shown. Raises NetartError where
    lines are no polygons, or too many.
    """
    depth = max((layer for layer, _ in shown), default=0)
    found = _arrange(shot.network, shot.view, corners(size, margin_px), depth)
    wanted = {found.first_units[layer - 1] + unit - 1 for layer, unit in shown}
    return ExactLines(found, [line for line in polylines(found) if line.unit in wanted])


@lru_cache(maxsize=1)
def _arrange(
    source: NetworkSource, view: View, box: tuple[tuple[float, float], ...], depth: int
) -> Arrangement:
    """The arrangement of the first layers. The last one is kept: windows ask again and again."""
    check_piecewise_linear(source, depth - 1)
    return arrange(fold(to_network(source), view, depth), *box)


def as_data(exact: ExactLines, shot: Shot) -> dict[str, Any]:
    """All of it as plain data; docs/file-formats.md says what it holds."""
    found = exact.arrangement
    units: dict[int, list[dict[str, Any]]] = {}
    for line in exact.lines:
        units.setdefault(line.unit, []).append(_line_data(exact, line, shot))
    segments = np.zeros(len(found.regions) + 1, np.int64)
    for line in exact.lines:
        segments[found.layer_of(np.array(line.unit))] += len(line.vertices) - 1
    return {
        "axes": list(shot.view.axes),
        "regions": found.regions[-1] if found.regions else 1,
        "segments": int(segments.sum()),
        "layers": [
            {"layer": k, "units": int(width), "regions": regions, "segments": int(segments[k])}
            for k, (width, regions) in enumerate(
                zip(np.diff(found.first_units), found.regions, strict=True), 1
            )
        ],
        "units": [{"unit": exact.name(unit), "lines": lines} for unit, lines in units.items()],
    }


def _line_data(exact: ExactLines, line: Polyline, shot: Shot) -> dict[str, Any]:
    found = exact.arrangement
    uv = found.points[line.vertices]
    on = found.bends_on[line.vertices]
    names = {unit: None if unit == FRAME else exact.name(unit) for unit in set(on.tolist())}
    bends = [names[unit] for unit in on.tolist()]
    return {
        "closed": line.is_closed,
        "uv": uv.tolist(),
        "points": _on_axes(shot, uv).tolist(),
        "bends_on": bends,
    }


def _on_axes(shot: Shot, uv: Array) -> Array:
    """The coordinates of the view's two axes at points (u, v): (N, 2)."""
    names = to_network(shot.network).inputs
    return coordinates(shot.view, names, uv)[[names.index(axis) for axis in shot.view.axes]].T

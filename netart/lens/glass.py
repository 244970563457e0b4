"""The glass lens: cells in which a network is linear, like panes of glass between leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netart.evaluate.request import Evaluator
from netart.lens import colour, plot
from netart.lens.cells import Array
from netart.lens.colour import explicit, heads, is_flat, is_measured, measure, unmeasured
from netart.lens.exact import ExactLines, exact_lines
from netart.lens.fixed import labels, points
from netart.lens.panes import paint, pane_colours
from netart.lens.plane import MARGIN_PX, add_lines, on_pixels, plane
from netart.lens.strokes import coverage
from netart.net.build import to_network
from netart.pixels import Pixels, Size, Window
from netart.shot.lens import Glass
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "cost", "draw", "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure",
    "points", "tile_size", "unmeasured",
]  # fmt: skip

INK = np.array([0x18, 0x16, 0x1A], np.float32) / 255  # of leads
MIN_LEAD = 0.3  # points: finer ones are as wide


def draw(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
    exact, colours = _panes(shot, size)
    picture = paint(exact.arrangement, colours, size, window, colour.request(shot).averaging)
    if not (_lens(shot).leads and exact.lines):
        return picture
    vertices = [exact.arrangement.points[line.vertices] for line in exact.lines]
    ends = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in vertices])
    wide = np.concatenate(
        [np.full(len(line.vertices) - 1, _lead(shot, exact, line.unit)) for line in exact.lines]
    )
    covered = coverage(on_pixels(ends, size), wide * plot.points(1, size), window)[..., None]
    picture += covered * (INK - picture)
    return picture


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The picture as a drawing: a polygon a pane, and a path a unit."""
    from matplotlib.collections import PolyCollection

    exact, colours = _panes(shot, size)
    found = exact.arrangement
    page, axes = plane(size)
    rims = np.split(found.points[found.cells.vertices], found.cells.starts[1:-1])
    # The seams between panes let the page through.
    page.set_facecolor(colours.mean(axis=0).tolist())
    axes.add_collection(
        PolyCollection(rims, facecolors=colours, edgecolors=colours, linewidths=0.4)
    )
    if _lens(shot).leads:
        for unit, lines in reversed(exact.by_unit()):
            add_lines(
                axes, lines, INK.tolist(), _lead(shot, exact, unit), f"unit-{exact.name(unit)}"
            )
    return page


def cost(shot: Shot) -> int:
    """Multiplications a pixel: few, since a cell is evaluated once."""
    return 1


def tile_size(shot: Shot, size: Size) -> Size:
    """Width and height of the tiles of a picture: one, since all cells are found at once."""
    return size


def _panes(shot: Shot, size: Size) -> tuple[ExactLines, Array]:
    """The cells and the lines between them, and the cells' colours."""
    network, depth = to_network(shot.network), _lens(shot).depth(shot.network)
    units = [
        (layer, unit)
        for layer in range(1, depth + 1)
        for unit in range(1, len(network.layers[layer - 1].bias) + 1)
    ]
    exact = exact_lines(shot, size, units, MARGIN_PX)
    request = colour.request(shot)
    return exact, pane_colours(exact.arrangement, network, shot.view, request, 2 / min(size))


def _lead(shot: Shot, exact: ExactLines, unit: int) -> float:
    """The width of a unit's line in points."""
    layer, _ = exact.unit(unit)
    return max(_lens(shot).leads * _lens(shot).taper ** (layer - 1), MIN_LEAD)


def _lens(shot: Shot) -> Glass:
    assert isinstance(shot.lens, Glass)
    return shot.lens

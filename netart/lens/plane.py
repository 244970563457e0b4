"""Figures of lines and polygons on the view's plane, at points (u, v) as pictures have them."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from netart.evaluate.request import Evaluator, Request
from netart.lens import plot
from netart.lens.cells import Array
from netart.net.build import to_network
from netart.pixels import Pixels, Size, Window
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN_PX = 4  # around the picture, so that no line is seen to end


def corners(size: Size, margin_px: float = 0) -> tuple[tuple[float, float], tuple[float, float]]:
    """The corners (u, v) of a picture of that size, low and high; margin_px: around it."""
    u, v = ((side + 2 * margin_px) / min(size) for side in size)
    return (-u, -v), (u, v)


def on_pixels(uv: Array, size: Size) -> Array:
    """Points (u, v) as columns and rows from the picture's upper left corner."""
    return np.asarray((np.array(size) + min(size) * uv * [1, -1]) / 2)


def plane(size: Size) -> tuple[Figure, Axes]:
    """An empty figure of that size in pixels, and axes without a frame, in u and v."""
    figure = plot.blank_page(size)
    return figure, plane_over(figure, size)


def plane_over(figure: Figure, size: Size) -> Axes:
    """Axes without a frame, in u and v, over all of a figure. size: its pixels."""
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    low, high = corners(size)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    return axes


def picture_of(shot: Shot, request: Request, size: Size, evaluator: Evaluator) -> Pixels:
    """The whole picture that an evaluator makes of a request, (height, width, 3)."""
    network = to_network(shot.network)
    return evaluator.evaluate(network, shot.view, size, Window.whole(size), request)


def add_image(axes: Axes, size: Size, picture: Pixels) -> None:
    """Adds a picture, (height, width, 3), that fills the plane."""
    (left, bottom), (right, top) = corners(size)
    levels = np.rint(255 * np.clip(picture, 0, 1)).astype(np.uint8)
    axes.imshow(
        levels, extent=(left, right, bottom, top), interpolation="none", aspect="auto", zorder=0
    )


def add_lines(
    axes: Axes,
    lines: Sequence[Array],
    colour: Sequence[float],
    width: float,
    name: str,
    clip: float = inf,
) -> None:
    """Adds polylines, (N, 2) each, as one path. width: in points; name: in SVG; clip: half the side
    of the square in u and v beyond which nothing is drawn.
    """
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path

    path = Path.make_compound_path(*map(Path, lines))
    drawn = PathPatch(
        path, fill=False, edgecolor=colour, linewidth=width, joinstyle="round", capstyle="round"
    )
    drawn.set_gid(name)
    axes.add_patch(drawn)
    if clip < inf:
        square = Rectangle((-clip, -clip), 2 * clip, 2 * clip, transform=axes.transData)
        drawn.set_clip_path(square)

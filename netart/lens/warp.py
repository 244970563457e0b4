"""The warp lens: the plane's grid, and points of classes, as hidden layers carry them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING

import numpy as np

from netart.evaluate.request import Evaluator
from netart.lens import plot, solid
from netart.lens.fixed import explicit, is_flat, is_measured, labels, measure, unmeasured
from netart.lens.trace import trace
from netart.lens.whole import cost, heads, points, tile_size
from netart.net.build import to_network
from netart.net.network import Layer, Network
from netart.net.ops import ACTIVATIONS, Array
from netart.pixels import Pixels, Size, Window
from netart.shot.lens import Warp
from netart.shot.shot import Shot
from netart.shot.view import affine

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "cost", "draw", "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure",
    "points", "tile_size", "unmeasured",
]  # fmt: skip

GRID, RIM = "#a9a9b0", "#6f6f78"
LINES = 17  # of the grid, each way
CELLS = 96  # each way, a multiple of LINES − 1
TINT = 0.36  # of a class' colour on paper
FARTHEST = 1e100  # of the values that are drawn
REACH = 1.06  # of the frame beyond the activation's range
ACROSS = 1001  # points along a line that separates

# Lengths in points of the page.
SIDE, TITLE, BETWEEN = 18, 22, 16
LETTER = 5.0  # width of the letters of titles, about
POINT = 3.1  # radius of a point where there are few


@dataclass(frozen=True)
class Sheet:
    """A layer's plane: the grid of the input plane, and points, where the layer carries them."""

    layer: int | float  # 0 for the plane itself; a fraction on the way between two
    units: tuple[int, ...]  # that are shown, from 0
    width: int  # units of the layer
    grid: Array  # (CELLS + 1, CELLS + 1, units), from the lower left corner, rows up
    points: Array  # (N, units)
    frame: Array  # (units, 2): lowest and highest of what the frame holds


def draw(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
    return plot.draw(figure, shot, size, window, evaluator)


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The planes as a figure. Evaluators agree on it: it is computed in float64."""
    network, lens = to_network(shot.network), _lens(shot)
    sheets, tints = carry(shot)
    eye = lens.elevation, lens.azimuth
    page, (width, height) = plot.blank_page(size), plot.page_size(size)
    columns = _columns(len(sheets), width - 2 * SIDE, height - 2 * SIDE)
    rows = ceil(len(sheets) / columns)
    side = min(
        (width - 2 * SIDE - BETWEEN * (columns - 1)) / columns,
        (height - 2 * SIDE - BETWEEN * (rows - 1)) / rows - TITLE,
    )
    left = (width - columns * side - (columns - 1) * BETWEEN) / 2
    top = (height - rows * (side + TITLE) - (rows - 1) * BETWEEN) / 2
    classes = shot.marks.resolve().classes.tolist()
    colours = [plot.COLOURS[(number - 1) % len(plot.COLOURS)] for number in classes]
    radius = POINT * shot.marks.point_size * min(1.0, (500 / max(1, len(colours))) ** 0.25)
    for k, sheet in enumerate(sheets):
        row, column = divmod(k, columns)
        place = left + column * (side + BETWEEN), top + row * (side + TITLE + BETWEEN)
        axes = plot.place_axes(page, *place, side, side)
        axes.set_axis_off()
        last = network.layers[-1] if _is_whole(sheet, network) else None
        if len(sheet.units) == 3:
            planes = _in_cube(sheet, last)
            solid.draw(axes, _cube(sheet), tints, colours, radius * 2 / side, eye, planes)
        else:
            _draw_plane(axes, sheet, tints, colours, radius, last)
        axes.set_title(_title(sheet, side), y=-0.02, va="top", pad=0, color=plot.QUIET, size=10)
    return page


def carry(shot: Shot) -> tuple[list[Sheet], Array]:
    """The planes of the layers that are drawn, and how the colours of the grid's places differ
    from paper: (CELLS + 1, CELLS + 1, 3), rows up, display sRGB.
    """
    network, lens = to_network(shot.network), _lens(shot)
    steps = np.linspace(-1, 1, CELLS + 1)
    u, v = np.meshgrid(steps, steps)
    map_to_inputs = affine(shot.view, network.inputs)
    grid = map_to_inputs @ np.stack([np.ones(u.size), u.ravel(), v.ravel()])
    marked = shot.marks.resolve().xy
    own = np.repeat(map_to_inputs[:, :1], len(marked), axis=1)
    own[:2] = marked.T
    at = np.concatenate([grid, own], axis=1)
    axes = [network.inputs.index(name) for name in shot.view.axes]
    found: list[tuple[Array, str, tuple[int, ...]]] = [(at[axes].T, "", (0, 1))]
    traced = list(trace(network, at))
    for k, (layer, (_, y)) in enumerate(zip(network.layers, traced, strict=True), 1):
        found.append((y, layer.activation, lens.units_of(k, len(layer.bias))))

    def sheet(k: int) -> Sheet:
        values, activation, units = found[k]
        shown = np.clip(np.nan_to_num(values[:, list(units)]), -FARTHEST, FARTHEST)
        return Sheet(
            k, units, values.shape[1],
            shown[: u.size].reshape(*u.shape, -1), shown[u.size :], _frame(shown, activation),
        )  # fmt: skip

    sheets = [
        sheet(int(k)) if k == int(k) else _between(sheet(floor(k)), sheet(ceil(k)), k)
        for k in lens.layers(network.depth)
    ]
    return sheets, _tints(traced[-1][0][: u.size].reshape(*u.shape, -1))


def _between(low: Sheet, high: Sheet, layer: float) -> Sheet:
    """The sheet on its way from a layer to the next, in the next one's frame. A plane of two units
    lies in the middle of the third.
    """
    count = max(len(low.units), len(high.units))
    frame = high.frame if len(high.units) == count else low.frame
    middle, half = frame.mean(axis=1), np.ptp(frame, axis=1) / 2

    def place(values: Array, own: Array) -> Array:
        within = (values - own.mean(axis=1)) / (np.ptp(own, axis=1) / 2)
        padding = [(0, 0)] * (within.ndim - 1) + [(0, count - within.shape[-1])]
        return np.asarray(middle + half * np.pad(within, padding))

    share = layer - floor(layer)
    grid, points = (
        (1 - share) * place(a, low.frame) + share * place(b, high.frame)
        for a, b in ((low.grid, high.grid), (low.points, high.points))
    )
    units = high.units if len(high.units) == count else low.units
    return Sheet(layer, units, count, grid, points, frame)


def _tints(z: Array) -> Array:
    """How the colours of places differ from paper: they lean to the classes' as far as the
    prediction is sure. One output leans to the first class where it is low, to the second where
    it is high; several by their shares.
    """
    if z.shape[-1] == 1:
        z = np.concatenate([-z / 2, z / 2], axis=-1)
    count = z.shape[-1]
    z = np.nan_to_num(z, posinf=1e9, neginf=-1e9)
    shares = np.exp(z - z.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    sure = np.maximum(shares * count - 1, 0) / (count - 1)
    colours = np.array([_rgb(name) for name in plot.colours(count)]) - _rgb(plot.PAPER)
    return np.asarray(sure @ colours)


def _draw_plane(
    axes: Axes, sheet: Sheet, tints: Array, colours: list[str], radius: float, last: Layer | None
) -> None:
    """A plane of two units: its cells tinted, its grid, its rim, its points."""
    from matplotlib.collections import LineCollection

    x, y = sheet.grid[..., 0], sheet.grid[..., 1]
    cells = axes.pcolormesh(
        x, y, _rgb(plot.PAPER) + tints * TINT, shading="gouraud", rasterized=True
    )
    cells.set_zorder(1)
    lines = list(_grid_lines(sheet.grid))
    axes.add_collection(LineCollection(lines, colors=GRID, linewidths=0.7, zorder=2))
    rim = np.concatenate(list(_rim(sheet.grid)))
    axes.plot(*rim.T, color=RIM, linewidth=1.5, zorder=3)
    if last:
        for line in separating_lines(last, sheet.frame):
            axes.plot(*line.T, color=plot.INK, linewidth=1.5, zorder=4)
    if len(sheet.points):
        x, y = sheet.points.T
        axes.scatter(
            x, y, (2 * radius) ** 2, colours, edgecolors=plot.PAPER, linewidths=0.5, zorder=5,
            clip_on=False,
        )  # fmt: skip
    axes.set_xlim(*sheet.frame[0])
    axes.set_ylim(*sheet.frame[1])


def separating_lines(last: Layer, frame: Array) -> Iterator[Array]:
    """The lines (N, 2) on which the read-out of two units separates classes: where one output is
    0, or where the two largest of several are equal.
    """
    weight, bias = last.weight.astype(float), last.bias.astype(float)
    if len(bias) == 1:
        weight, bias = np.concatenate([weight, 0 * weight]), np.append(bias, 0)
    middle, reach = frame.mean(axis=1), float(np.ptp(frame, axis=1).max())
    for a, b in combinations(range(len(bias)), 2):
        normal, offset = weight[a] - weight[b], bias[a] - bias[b]
        length = float(normal @ normal)
        if not length:
            continue
        foot = middle - normal * (normal @ middle + offset) / length
        along = np.array([-normal[1], normal[0]]) / np.sqrt(length)
        line = foot + np.linspace(-reach, reach, ACROSS)[:, None] * along
        z = line @ weight.T + bias
        largest = z[:, a] >= np.delete(z, (a, b), axis=1).max(axis=1, initial=-np.inf)
        line[~largest] = np.nan
        if largest.any():
            yield line[[0, -1]] if largest.all() else line


def _grid_lines(grid: Array) -> Iterator[Array]:
    """The lines of the grid, each (CELLS + 1, units)."""
    for k in range(0, CELLS + 1, CELLS // (LINES - 1)):
        yield grid[k]
        yield grid[:, k]


def _rim(grid: Array) -> Iterator[Array]:
    """The four edges of the plane, one after the other."""
    yield from (grid[0], grid[:, -1], grid[-1, ::-1], grid[::-1, 0])


def _frame(values: Array, activation: str) -> Array:
    """(units, 2): what the frame holds: the range of the activation, or of the values."""
    row = ACTIVATIONS.get(activation)
    if row and isfinite(row.low) and isfinite(row.high):
        ends = np.tile([[row.low, row.high]], (values.shape[1], 1))
    else:
        low, high = values.min(axis=0), values.max(axis=0)
        half = max(float((high - low).max()) / 2, 1e-9)  # one scale: angles of the plane are seen
        ends = (low + high)[:, None] / 2 + half * np.array([-1, 1])
    middle = ends.mean(axis=1, keepdims=True)
    return np.asarray(middle + (ends - middle) * REACH)


def _is_whole(sheet: Sheet, network: Network) -> bool:
    """Whether the sheet shows all that the read-out reads, so that it separates on it."""
    return sheet.layer == network.depth and len(sheet.units) == sheet.width


def _cube(sheet: Sheet) -> solid.Carried:
    """The sheet of three units in a cube of ±1."""
    middle, half = sheet.frame.mean(axis=1), np.ptp(sheet.frame, axis=1) / 2
    return solid.Carried((sheet.grid - middle) / half, (sheet.points - middle) / half)


def _in_cube(sheet: Sheet, last: Layer | None) -> list[tuple[Array, float]]:
    """Planes (normal, offset) in the cube on which one output of a read-out is 0."""
    if last is None or len(last.bias) != 1:
        return []
    middle, half = sheet.frame.mean(axis=1), np.ptp(sheet.frame, axis=1) / 2
    normal = last.weight[0].astype(float)
    return [(normal * half, float(normal @ middle + last.bias[0]))]


def _title(sheet: Sheet, room: float) -> str:
    """What stands below a sheet, in so many points."""
    if not sheet.layer:
        return "the plane"
    if sheet.layer != int(sheet.layer):
        below = f"layer {floor(sheet.layer)}" if sheet.layer > 1 else "the plane"
        return f"{below} → {ceil(sheet.layer)}"
    layer = f"layer {sheet.layer}"
    if len(sheet.units) == sheet.width:
        return layer
    units = ", ".join(str(unit + 1) for unit in sheet.units)
    whole = f"{layer}, units {units} of {sheet.width}"
    return whole if LETTER * len(whole) <= room else layer


def _columns(count: int, width: float, height: float) -> int:
    """How many of so many squares stand in a row, as large as they can be."""
    return max(range(1, count + 1), key=lambda n: min(width / n, height / ceil(count / n) - TITLE))


def _rgb(colour: str) -> Array:
    return np.array([*bytes.fromhex(colour[1:])]) / 255


def _lens(shot: Shot) -> Warp:
    assert isinstance(shot.lens, Warp)
    return shot.lens

"""The diagram lens: the network itself, its units as circles and its weights as lines."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netart.evaluate.request import Evaluator
from netart.lens import blocks, plot
from netart.lens.fixed import explicit, is_flat, is_measured, labels, measure, unmeasured
from netart.lens.whole import cost, heads, points, tile_size
from netart.net.build import to_network
from netart.net.network import Layer, Network
from netart.net.ops import Array
from netart.pixels import Pixels, Size, Window
from netart.shot.lens import Diagram
from netart.shot.lens.lines import COLOURS
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "cost", "draw", "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure",
    "points", "tile_size", "unmeasured",
]  # fmt: skip

UNIT_COLOURS = tuple(COLOURS.split())  # the same as of the lines on which units switch

# Lengths in points of the page.
SIDE, TOP, BOTTOM = 56, 26, 52  # margins
SIDE_SHARE = 0.14  # of the width: the margins at the sides, at most
LETTER = 5.4  # width of the letters of names and captions
CAPTION_GAP = 6  # between captions, at least
CLOSEST, FARTHEST = 23, 84  # middles of neighbouring circles of a column, at least and at most
COLUMN = 42  # between the middles of neighbouring columns, at least
RADIUS = 15  # of a circle, at most
THIN, THICK = 0.35, 2.6  # lines
NUMBER = 7.5  # size of a weight's digits
NUMBERED = 84  # between columns, at least, where numbers are not asked for
NUMBER_ROOM = np.array((34, 12.5))  # across or down, between numbers that do not touch
MIN_CAPTION = 5.0  # font size of what stands under a column
MAX_NUMBERS = 18  # between two layers, where they are not asked for

PLACES = np.linspace(0.14, 0.86, 61)  # along a line, where its number may stand
FAR = 1e3


class Column(NamedTuple):
    """A layer as it is drawn."""

    units: tuple[int, ...]  # that are shown, from 0
    x: float  # of their middles
    y: tuple[float, ...]
    gap: float | None  # y of the dots that stand for the others
    bias: float | None  # y of the node that is always 1


def draw(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
    return plot.draw(figure, shot, size, window, evaluator)


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The network as a figure."""
    network, lens, (width, height) = to_network(shot.network), shot.lens, plot.page_size(size)
    assert isinstance(lens, Diagram)
    is_full = lens.diagram == "full"
    times = blocks.magnification(network, (width, height)) if is_full else 1.0
    page, room = plot.blank_page(size, times), (width / times, height / times)
    if is_full:
        blocks.draw(plot.place_drawing(page), network, input_labels(network), room)
    else:
        _draw_circles(plot.place_drawing(page), network, lens, room)
    return page


def input_labels(network: Network) -> list[str]:
    """A name for each input of the first layer: its feature, or the latent."""
    found = []
    for feature in network.features:
        count = feature.kind.columns
        found += [f"{feature}.{k}" if count > 1 else str(feature) for k in range(1, count + 1)]
    return [*found, *network.latents]


def lay_out(
    widths: list[int], biases: bool, page: tuple[float, float], left: float = SIDE
) -> list[Column | None]:
    """Where the layers of these widths stand; None for the dots of layers that do not fit.

    left: margin in points.
    """
    width, height = page
    right = min(SIDE, SIDE_SHARE * width)
    left = min(left, width / 2) if left > SIDE else min(left, right)
    room = width - left - right
    layers = select(len(widths), max(3, int(room / COLUMN) + 1))
    places = [*layers[:-1], None, layers[-1]] if len(layers) < len(widths) else [*layers]
    most = max(3, int((height - TOP - BOTTOM) / CLOSEST) + 1)
    columns: list[Column | None] = []
    for k, layer in enumerate(places):
        if layer is None:
            columns.append(None)
            continue
        has_bias = biases and layer < len(widths) - 1
        units = select(widths[layer], most - has_bias)
        rows = len(units) + has_bias + (len(units) < widths[layer])
        step = min(FARTHEST, (height - TOP - BOTTOM) / max(1, rows - 1))
        middle = (TOP + height - BOTTOM) / 2
        y = [middle + step * (row - (rows - 1) / 2) for row in range(rows)]
        bias = y.pop(0) if has_bias else None
        gap = y.pop(-2) if len(units) < widths[layer] else None
        x = left + room * k / (len(places) - 1)
        columns.append(Column(units, x, tuple(y), gap, bias))
    return columns


def select(count: int, most: int) -> tuple[int, ...]:
    """Which of so many are shown where `most` fit: all, or the first and, after dots, the last."""
    return tuple(range(count)) if count <= most else (*range(most - 2), count - 1)


def place_numbers(lines: Array) -> tuple[list[float], float]:
    """Where along each line its number stands, as a share of the way: all at one share, where
    numbers do not touch there, else each away from those before it and from the other lines.

    lines: (N, 2, 2), both ends of each. Returns N shares, and how far apart the nearest two are, 1
    where they just do not touch.
    """
    starts, ends = lines[:, :1], lines[:, 1:]
    at = starts + PLACES[:, None] * (ends - starts)  # (N, places, 2)
    gaps = np.diff(np.sort(at[..., 1], axis=0), axis=0) / NUMBER_ROOM[1]
    gap = gaps.min(axis=0, initial=FAR)  # (places,)
    if gap.max() >= 1:
        return [float(PLACES[gap.argmax()])] * len(lines), float(gap.max())
    chosen: list[int] = []
    nearest = FAR
    for k, own in enumerate(at):
        taken = at[np.arange(k), chosen]
        away = np.abs(own[:, None] - taken) / NUMBER_ROOM
        room = away.max(axis=2).min(axis=1, initial=FAR)
        clear = _distances(own, np.delete(lines, k, axis=0)) / NUMBER_ROOM[1]
        # That numbers do not touch comes first.
        chosen.append(int((np.minimum(room, 1.2) + np.minimum(clear, 1) / 2).argmax()))
        nearest = min(nearest, float(room[chosen[-1]]))
    return PLACES[chosen].tolist(), nearest


def _distances(at: Array, lines: Array) -> Array:
    """(N,): from each of the points (N, 2) to the nearest of the lines (M, 2, 2)."""
    starts, ends = lines[:, 0], lines[:, 1]
    normals = (ends - starts)[:, ::-1] * (-1, 1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    away = np.abs(at @ normals.T - (starts * normals).sum(axis=1))
    return np.asarray(away.min(axis=1, initial=FAR))


def _draw_circles(axes: Axes, network: Network, lens: Diagram, page: tuple[float, float]) -> None:
    names = input_labels(network)
    widths = [len(names), *(len(layer.bias) for layer in network.layers)]
    longest = max(len(name) for name in names)
    left = SIDE if longest <= 2 else min(2.5 * SIDE, SIDE / 2 + 2 * RADIUS + LETTER * longest)
    columns = lay_out(widths, lens.biases, page, left)
    layers = _numbers_of(columns, len(widths))
    steps = [b - a for column in columns if column for a, b in pairwise(column.y)]
    across = (_x(columns[-1]) - _x(columns[0])) / (len(columns) - 1)
    radius = min([RADIUS, across * 0.22, *(step * 0.38 for step in steps)])
    for k, (before, after) in enumerate(pairwise(columns)):
        if before and after:
            colours = _line_colours(lens, before, after, layers[k] == network.depth)
            _draw_weights(axes, network.layers[layers[k]], before, after, radius, lens, colours)
    captions: list[tuple[float, str]] = []
    for k, (column, layer) in enumerate(zip(columns, layers, strict=True)):
        if column is None:
            x = (_x(columns[k - 1]) + _x(columns[k + 1])) / 2
            _draw_dots(axes, x, (TOP + page[1] - BOTTOM) / 2, along_x=True)
            continue
        own = network.layers[layer - 1] if layer else None
        _draw_column(axes, column, own, names, radius, _colours(lens, layer, widths))
        caption = f"{widths[layer]} {own.activation}" if own else ", ".join(names)
        caption = caption if len(caption) <= 16 else f"{len(names)} inputs"
        captions.append((column.x, caption))
    caption_room = min(across, 2 * (page[0] - _x(columns[-1]))) - CAPTION_GAP
    _draw_captions(axes, captions, caption_room, page[1] - 20)


def _draw_captions(
    axes: Axes, captions: list[tuple[float, str]], room: float, baseline: float
) -> None:
    """What stands under the columns: in two lines, and in smaller letters, where it is too wide.

    captions: (x of the middle, text) of each; room: for the width of each.
    """
    size, longest = 10.0, max(len(text) for _, text in captions)
    if LETTER * longest > room:
        captions = [(x, re.sub(r"^(\d+) ", r"\1\n", text)) for x, text in captions]
        longest = max(len(line) for _, text in captions for line in text.split("\n"))
        size = max(MIN_CAPTION, size * min(1.0, room / (LETTER * longest)))
        baseline -= 2
    for x, text in captions:
        for row, line in enumerate(text.split("\n")):
            axes.text(
                x, baseline + 11 * row, line, color=plot.QUIET, size=size, ha="center",
                va="baseline",
            )  # fmt: skip


def _numbers_of(columns: list[Column | None], count: int) -> list[int]:
    """The layer of each column, 0 for the inputs; −1 for dots."""
    if None not in columns:
        return list(range(count))
    return [*range(len(columns) - 2), -1, count - 1]


def _x(column: Column | None) -> float:
    assert column
    return column.x


def _colours(lens: Diagram, layer: int, widths: list[int]) -> tuple[str, ...] | None:
    """Colours of a layer's units, where units have any: outputs and inputs have none."""
    hidden = 0 < layer < len(widths) - 1
    return UNIT_COLOURS if lens.line_colour == "unit" and hidden else None


def _line_colours(
    lens: Diagram, before: Column, after: Column, is_last: bool
) -> dict[tuple[int, int], str]:
    """Colours of lines by their places, where units give them: of the unit to which they lead, but
    those to outputs of the unit from which they come.
    """
    if lens.line_colour == "layer":
        return {}
    starts: list[int | None] = [*before.units]
    if before.bias is not None:
        starts.insert(0, None)
    found = {}
    for j, end in enumerate(after.units):
        for i, start in enumerate(starts):
            unit = start if is_last else end
            found[j, i] = plot.QUIET if unit is None else UNIT_COLOURS[unit % len(UNIT_COLOURS)]
    return found


def _draw_weights(
    axes: Axes,
    layer: Layer,
    before: Column,
    after: Column,
    radius: float,
    lens: Diagram,
    given: dict[tuple[int, int], str],
) -> None:
    """Lines from every unit, and from the node that is 1, to every unit of the next layer.

    given: their colours by their places (row of the end, row of the start); others follow the sign.
    """
    from matplotlib.collections import LineCollection

    weight = layer.weight[np.ix_(after.units, before.units)].astype(float)
    starts = list(before.y)
    if before.bias is not None:
        weight = np.column_stack([layer.bias[list(after.units)].astype(float), weight])
        starts.insert(0, before.bias)
    order = sorted(np.ndindex(weight.shape), key=lambda place: abs(weight[place]))
    whole = np.array([((before.x, starts[i]), (after.x, after.y[j])) for j, i in order])
    numbers, shares = bool(lens.numbers), [0.0] * len(whole)
    is_wide = after.x - before.x >= NUMBERED
    if numbers or (lens.numbers is None and is_wide and len(whole) <= MAX_NUMBERS):
        shares, room = place_numbers(whole)
        numbers = numbers or room >= 1
    largest = float(np.abs(weight).max()) or 1.0
    lines, colours, sizes = [], [], []
    for (j, i), (start, end), share in zip(order, whole, shares, strict=True):
        value = weight[j, i]
        along = (end - start) / np.linalg.norm(end - start)
        colour = given.get((j, i), plot.WARM if value > 0 else plot.COLD)
        lines.append([start + radius * along, end - radius * along])
        colours.append(colour)
        sizes.append(THIN + (THICK - THIN) * abs(value) / largest)
        if numbers:
            x, y = start + share * (end - start)
            axes.text(
                x, y, plot.spell(float(value)), color=colour, size=NUMBER, ha="center", va="center",
                zorder=3, bbox={"facecolor": plot.PAPER, "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip
    fade = 0.9 if len(lines) < 100 else 0.6
    axes.add_collection(LineCollection(lines, colors=colours, linewidths=sizes, alpha=fade))


def _draw_column(
    axes: Axes,
    column: Column,
    layer: Layer | None,
    names: list[str],
    radius: float,
    colours: tuple[str, ...] | None,
) -> None:
    """The circles of a layer: inputs bear their names, units the curve of their activation."""
    from matplotlib.patches import Circle

    for unit, y in zip(column.units, column.y, strict=True):
        edge = colours[unit % len(colours)] if colours else plot.INK
        circle = Circle((column.x, y), radius, facecolor="#ffffff", edgecolor=edge, linewidth=1.2)
        axes.add_patch(circle).set_zorder(4)
        if layer:
            glyph = plot.activation_curve(layer.activation) * radius * 0.58
            axes.plot(column.x + glyph[0], y - glyph[1], color=edge, linewidth=1.1, zorder=5)
        elif len(names[unit]) <= 2:
            axes.text(column.x, y, names[unit], ha="center", va="center_baseline", zorder=5)
        else:
            axes.text(column.x - radius - 4, y, names[unit], ha="right", va="center_baseline")
    if column.gap is not None:
        _draw_dots(axes, column.x, column.gap, along_x=False)
    if column.bias is not None:
        node = Circle(
            (column.x, column.bias), radius * 0.8, facecolor=plot.FAINT, edgecolor=plot.QUIET,
            linewidth=0.9,
        )  # fmt: skip
        axes.add_patch(node).set_zorder(4)
        axes.text(
            column.x, column.bias, "1", size=9, ha="center", va="center_baseline", zorder=5
        )  # fmt: skip


def _draw_dots(axes: Axes, x: float, y: float, along_x: bool) -> None:
    """Three dots: what does not fit."""
    offsets = np.array((-6.0, 0, 6))
    at = (x + offsets, y + 0 * offsets) if along_x else (x + 0 * offsets, y + offsets)
    axes.plot(*at, ".", color=plot.QUIET, markersize=3.4)

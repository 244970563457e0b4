"""The full diagram of a network: every weight, sum and activation as a box of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netart.lens import plot
from netart.net.network import Layer, Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Lengths in points of the page.
SIDE, TOP, BOTTOM = 34, 26, 48
CAPTION = 30  # below the lowest box's row
ROW = 17, 40  # between boxes of weights, at least and at most
GAP = 0.9  # between two units, in rows
BOX = 40, 13  # of a weight: width and height
RADIUS = 11  # of a node
NODES = 90  # between inputs, at most
NUMBER = 7.5  # size of a weight's digits
LINE = "#bdbcb7"
SYMBOL = 19  # side of the boxes of a sum and of an activation
LAYER = 200  # width of a layer, at least where not all of them fit
NARROW = 150  # at least where that makes all of them fit
LARGEST = 2.0  # times as large as elsewhere, small networks are drawn on large pages
SMALLEST = 0.7  # times as large, where that makes a network fit: smaller digits are hard to read
ROUNDING = 1e-6

# Where the parts of a layer stand, as shares of its width: weights, sum, activation, result.
WEIGHTS, SUM, ACTIVATION = 0.40, 0.66, 0.83


class Fan(NamedTuple):
    """A unit as it is drawn: a box for each of its weights, one below the other."""

    unit: int  # from 0
    inputs: tuple[int, ...]  # that are shown, from 0; −1 for the node that is 1
    y: tuple[float, ...]  # of their boxes
    dots: float | None  # y of the dots that stand for the other inputs

    @property
    def end(self) -> float:
        """y of the lowest box, or of the dots."""
        return self.y[-1] if self.dots is None else self.dots

    @property
    def middle(self) -> float:
        """y of the sum."""
        return (self.y[0] + self.end) / 2


def magnification(network: Network, page: tuple[float, float]) -> float:
    """How many times as large as elsewhere the network is drawn, so that it fills a large page,
    and fits on a small one where its digits can still be read.

    page: width and height in points.
    """
    count = len(network.layers)
    rows = max(_rows(layer, max(layer.weight.shape)) for layer in network.layers)
    large = min(page[0] / (2 * SIDE + LAYER * count), page[1] / (TOP + BOTTOM + ROW[1] * rows))
    if large >= 1:
        return min(LARGEST, large)
    fit = min(page[0] / (2 * SIDE + NARROW * count), page[1] / (TOP + BOTTOM + ROW[0] * rows))
    return min(1.0, fit) if fit >= SMALLEST else 1.0


def draw(axes: Axes, network: Network, names: list[str], page: tuple[float, float]) -> None:
    """Draws as much of the network as fits: the first layers, and of each the first units.

    names: of the inputs. page: width and height in points.
    """
    width, height = page
    count = len(network.layers)
    if (width - 2 * SIDE) / count < NARROW - ROUNDING:
        count = max(1, int((width - 2 * SIDE) / LAYER))
    layers, room = network.layers[:count], height - TOP - BOTTOM
    most = _most_units(layers, room / ROW[0] + ROUNDING)
    tallest = max(_rows(layer, most) for layer in layers)
    step = min(ROW[1], room / tallest)
    across = (width - 2 * SIDE) / count
    middle, half = TOP + room / 2, min(room, step * (tallest + 1)) / 2
    top, bottom = middle - half + step / 2, middle + half - step / 2
    nodes = _spread(min(len(names), most), top + 1.5 * step, bottom)
    left = float(SIDE)
    for name, y in zip(names, nodes, strict=False):
        _draw_node(axes, left, y, name if len(name) <= 2 else "")
        if len(name) > 2:
            axes.text(left, y + RADIUS + 8, name, color=plot.QUIET, ha="center", va="center")
    for k, layer in enumerate(layers):
        fans = _fans(layer, most, step, middle)
        one = min(top, nodes[0] - 1.8 * RADIUS)  # y of the node that is 1
        _draw_node(axes, left, one, "1")
        if len(nodes) < layer.weight.shape[1]:
            _draw_dots(axes, left, nodes[-1] + RADIUS + 12)
        starts = {-1: one} | dict(enumerate(nodes))
        for fan in fans:
            _draw_fan(axes, layer, fan, starts, left, across)
        if len(fans) < len(layer.bias):
            _draw_dots(axes, left + WEIGHTS * across, fans[-1].end + 1.3 * step)
        caption = f"layer {k + 1}: {layer.activation}"
        axes.text(
            left + across / 2, middle + half + CAPTION, caption, color=plot.QUIET, ha="center",
            va="baseline",
        )  # fmt: skip
        nodes, left = [fan.middle for fan in fans], left + across
        for y in nodes:
            _draw_node(axes, left, y, "")
    if count < len(network.layers):
        _draw_dots(axes, left + RADIUS + 12, middle, along_x=True)


def _most_units(layers: Sequence[Layer], rows: float) -> int:
    """How many units of a layer are shown, so that so many rows hold the boxes of every layer."""
    largest = max(max(layer.weight.shape) for layer in layers)
    fits = (n for n in range(largest, 1, -1) if all(_rows(layer, n) <= rows for layer in layers))
    return next(fits, 1)


def _rows(layer: Layer, most: int) -> float:
    """The rows that a layer takes where at most so many of its units and inputs are shown."""
    units, inputs = layer.weight.shape
    shown = min(units, most)
    fan = 1 + min(inputs, most) + (inputs > most)
    return float(shown * fan + GAP * (shown - 1) + 1.6 * (units > most))


def _fans(layer: Layer, most: int, step: float, middle: float) -> list[Fan]:
    """Where the boxes of a layer's units stand."""
    units, inputs = layer.weight.shape
    y = middle - step * (_rows(layer, most) - 1) / 2
    fans = []
    for unit in range(min(units, most)):
        own = (-1, *range(min(inputs, most)))
        places = tuple(y + step * k for k in range(len(own)))
        dots = places[-1] + step if inputs > most else None
        fans.append(Fan(unit, own, places, dots))
        y = fans[-1].end + step * (1 + GAP)
    return fans


def _draw_fan(
    axes: Axes, layer: Layer, fan: Fan, starts: dict[int, float], left: float, across: float
) -> None:
    """A unit: lines from the nodes to its weights, their sum, and its activation."""
    largest = float(max(np.abs(layer.weight).max(), np.abs(layer.bias).max())) or 1.0
    weights, total = left + WEIGHTS * across, left + SUM * across
    for given, y in zip(fan.inputs, fan.y, strict=True):
        value = float(layer.bias[fan.unit] if given < 0 else layer.weight[fan.unit, given])
        _draw_line(axes, (left, starts[given]), (weights - BOX[0] / 2, y))
        _draw_line(axes, (weights + BOX[0] / 2, y), (total - SYMBOL / 2, fan.middle))
        colour, share = plot.WARM if value > 0 else plot.COLD, abs(value) / largest
        _draw_box(axes, weights, y, BOX, plot.mix(colour, plot.PAPER, 0.1 + 0.3 * share), colour)
        axes.text(
            weights, y, plot.spell(value), size=NUMBER, ha="center", va="center_baseline", zorder=4
        )  # fmt: skip
    if fan.dots is not None:
        _draw_dots(axes, weights, fan.dots)
    end = left + ACTIVATION * across
    _draw_line(axes, (total, fan.middle), (left + across, fan.middle))
    for x in (total, end):
        _draw_box(axes, x, fan.middle, (SYMBOL, SYMBOL), "#ffffff", plot.INK)
    axes.text(total, fan.middle, "Σ", ha="center", va="center_baseline", size=11, zorder=4)
    sign = plot.activation_curve(layer.activation) * SYMBOL * 0.32
    axes.plot(end + sign[0], fan.middle - sign[1], color=plot.INK, linewidth=1.1, zorder=4)


def _draw_line(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.plot(*zip(start, end, strict=True), color=LINE, linewidth=0.8, zorder=1)


def _draw_box(
    axes: Axes, x: float, y: float, size: tuple[float, float], face: str, edge: str
) -> None:
    from matplotlib.patches import FancyBboxPatch

    rounded, corner = "round,pad=0,rounding_size=2.5", (x - size[0] / 2, y - size[1] / 2)
    box = FancyBboxPatch(
        corner, *size, boxstyle=rounded, facecolor=face, edgecolor=edge, linewidth=0.9
    )
    axes.add_patch(box).set_zorder(3)


def _draw_node(axes: Axes, x: float, y: float, name: str) -> None:
    """A circle, through which a value is passed."""
    from matplotlib.patches import Circle

    is_bias = name == "1"
    circle = Circle(
        (x, y), RADIUS * (0.8 if is_bias else 1), linewidth=0.9 if is_bias else 1.2,
        facecolor=plot.FAINT if is_bias else "#ffffff",
        edgecolor=plot.QUIET if is_bias else plot.INK,
    )  # fmt: skip
    axes.add_patch(circle).set_zorder(3)
    axes.text(x, y, name, ha="center", va="center_baseline", size=9 if is_bias else 10, zorder=4)


def _draw_dots(axes: Axes, x: float, y: float, along_x: bool = False) -> None:
    """Three dots, one below the other, or beside it: what does not fit."""
    offsets = np.array((-5.0, 0, 5))
    at = (x + offsets, y + 0 * offsets) if along_x else (x + 0 * offsets, y + offsets)
    axes.plot(*at, ".", color=plot.QUIET, markersize=3)


def _spread(count: int, first: float, last: float) -> list[float]:
    """So many places between two, evenly, not farther from each other than NODES."""
    step = min(NODES, (last - first) / max(1, count - 1))
    middle = (first + last) / 2
    return [middle + step * (k - (count - 1) / 2) for k in range(count)]

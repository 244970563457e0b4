"""The curves lens: outputs of a network as curves over one input, with axes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.evaluate.reference import forward
from netart.evaluate.request import Evaluator, Head
from netart.lens import plot
from netart.lens.colour import heads_of
from netart.lens.fixed import explicit, is_flat, labels
from netart.lens.marks import Point
from netart.lens.trace import trace
from netart.lens.whole import cost, tile_size
from netart.net.build import readout, to_network
from netart.net.network import input_names
from netart.net.ops import ACTIVATIONS, Array
from netart.net.recipe import NetworkSource
from netart.net.threads import one_blas_thread
from netart.pixels import Pixels, Size, Window
from netart.shot.lens import Curves
from netart.shot.lens.curves import MAX_NUMBER
from netart.shot.palette import palette_for
from netart.shot.shot import Shot
from netart.shot.view import check_float64

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "cost", "draw", "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure",
    "points", "tile_size", "unmeasured",
]  # fmt: skip

SAMPLES = 500, 4000  # along a curve, at least and at most; two a pixel between
MEASURED = 500  # samples along a curve whose range is measured
MARGIN = 0.1  # of the range of the values, above and below them
FLAT = 1e-9  # of the values: what differs by less is constant but for rounding
MANY = 9  # curves from which on they are drawn thinner

# Lengths in points of the page.
LEFT, RIGHT, TOP, BOTTOM = 44, 18, 18, 34
TITLE = 14  # room for it
BETWEEN = 48, 60  # panels, across and down
STRIP, STRIP_GAP = 15, 7  # the bands below a panel


@dataclass(frozen=True)
class Curve:
    """Curves that are drawn together in a panel."""

    values: Array  # (N, curves)
    pre_activations: Array  # (N, curves)
    range: tuple[float, float]  # of the panel
    title: str = ""


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-outs that are drawn, or the units."""
    return heads_of(shot.network, _lens(shot))


def draw(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
    return plot.draw(figure, shot, size, window, evaluator)


def is_measured(shot: Shot) -> bool:
    """Whether the range of the values is given, or is that of the activation."""
    lens = _lens(shot)
    return lens.stages or lens.y_range is not None or bool(_bounds(heads(shot)[0]))


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """The range of all the shots' values, where none of them has one."""
    if any(map(is_measured, shots)):
        return {}
    found = [_fit(curves(shot, MEASURED).values) for shot in shots]
    return {"y_range": (min(low for low, _ in found), max(high for _, high in found))}


def unmeasured(shot: Shot) -> Shot:
    """The shot without a range of values."""
    return replace(shot, lens=replace(_lens(shot), y_range=None))


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The curves as a figure. Evaluators agree on it: it is computed in float64."""
    lens, view = _lens(shot), shot.view
    check_float64(view, min(size))
    count = min(SAMPLES[1], max(SAMPLES[0], 2 * size[0]))
    panels = stages(shot, count) if lens.stages else [curves(shot, count)]
    x = along(shot, count)
    page, (width, height) = plot.blank_page(size), plot.page_size(size)
    columns = _columns(len(panels), width / height)
    rows = ceil(len(panels) / columns)
    title = TITLE if lens.stages else 0
    strip = STRIP + STRIP_GAP if lens.bands else 0
    across = (width - LEFT - RIGHT - BETWEEN[0] * (columns - 1)) / columns
    down = (height - TOP - BOTTOM - BETWEEN[1] * (rows - 1)) / rows
    for k, panel in enumerate(panels):
        row, column = divmod(k, columns)
        left, top = LEFT + column * (across + BETWEEN[0]), TOP + row * (down + BETWEEN[1])
        axes = plot.place_axes(page, left, top + title, across, down - title - strip)
        most = int(across / 80) + 2, int((down - title - strip) / 64) + 2
        plot.set_ranges(axes, (x[0], x[-1]), panel.range, most)
        axes.set_title(panel.title)
        _draw_curves(axes, x, panel, shot)
        if lens.bands and k == len(panels) - 1:
            below = plot.place_axes(page, left, top + down - STRIP, across, STRIP)
            _draw_bands(axes, below, x, panel, most[0])
    return page


def points(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Point]:
    """Where the shot's points stand in its picture: in the axes of the first panel, those along
    whose input there are curves from left to right.
    """
    found = shot.marks.resolve()
    is_along_x = _lens(shot).input(shot.network, shot.view) == "x"
    at = found.xy if is_along_x else found.xy[:, ::-1]
    (left, right), (low, high), frame = _first_panel(shot, size, cast(Hashable, evaluator))
    shares = (at - (left, low)) / (right - left, high - low)
    shown = ((shares >= 0) & (shares <= 1)).all(axis=1)
    pixels = frame[:2] + shares[shown] * frame[2:]
    uv = (2 * pixels - size) / min(size)
    numbers = found.classes[shown].tolist()
    return [Point(u, v, number) for (u, v), number in zip(uv.tolist(), numbers, strict=True)]


@lru_cache(maxsize=2)  # that may stand side by side
def _first_panel(
    shot: Shot, size: Size, evaluator: Evaluator
) -> tuple[tuple[float, float], tuple[float, float], tuple[float, ...]]:
    """The ranges of the first panel's axes, and its frame: left, bottom, width and height in pixels
    from the picture's lower left corner.
    """
    with plot.house_style():
        axes = figure(shot, size, evaluator).axes[0]
        return axes.get_xlim(), axes.get_ylim(), axes.get_window_extent().bounds


def along(shot: Shot, count: int) -> Array:
    """(count,): the values of the input over which curves are drawn."""
    view = shot.view
    k = input_names(shot.network.latents).index(_lens(shot).input(shot.network, view))
    middle = float(view.centre[k])
    return np.linspace(middle - view.radius, middle + view.radius, count)


def curves(shot: Shot, count: int) -> Curve:
    """The outputs or units at so many values of the input: of a family one network a curve, or as
    many as it has outputs.
    """
    lens, at = _lens(shot), _points(shot, count)
    found = [_evaluate(network, lens, at) for network in _members(shot)]
    z, y = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    span = lens.y_range or _bounds(heads(shot)[0]) or _fit(y)
    return Curve(y, z, span)


def stages(shot: Shot, count: int) -> list[Curve]:
    """How the output comes about: the units of each hidden layer, the weighted sum, the output."""
    lens, network = _lens(shot), to_network(shot.network)
    depth = network.depth if lens.layer is None else int(lens.layer)
    last = readout(shot.network, depth)
    last = last if lens.output is None else last.only((lens.output - 1,))
    cut = network.until(depth, last)
    layers = list(zip(cut.layers, trace(cut, _points(shot, count)), strict=True))
    found = []
    for k, (layer, (z, y)) in enumerate(layers[:-1], 1):
        units = f"{len(layer.bias)} unit{'s' * (len(layer.bias) > 1)}"
        span = lens.y_range or _bounds(Head(k, layer)) or _fit(y)
        found.append(Curve(y, z, span, f"layer {k}: {units}, {layer.activation}"))
    z, y = layers[-1][1]
    found.append(Curve(z, z, lens.y_range or _fit(z), "weighted sum"))
    span = lens.y_range or _bounds(Head(depth, last)) or _fit(y)
    found.append(Curve(y, z, span, last.activation))
    return found


def zeros(x: Array, z: Array) -> Array:
    """Where a curve of samples, both (N,), crosses 0."""
    at = np.flatnonzero((z[:-1] < 0) != (z[1:] < 0))
    share = z[at] / (z[at] - z[at + 1])
    return np.asarray(x[at] + share * (x[at + 1] - x[at]))


def categories(panel: Curve) -> NDArray[np.int64]:
    """(N,): the largest of several outputs, from 0; of one 0 where it is above 0, else 1."""
    z = panel.pre_activations
    return z.argmax(axis=1) if z.shape[1] > 1 else (z[:, 0] <= 0).astype(np.int64)


def _draw_curves(axes: Axes, x: Array, panel: Curve, shot: Shot) -> None:
    lens, count = _lens(shot), panel.values.shape[1]
    low, high = panel.range
    if low < 0 < high:
        axes.axhline(0, color=plot.ZERO, linewidth=0.8, zorder=1)
    width = 1.7 if count < MANY else 1.1 if count < 100 else 0.7
    for colour, z, y in zip(
        _colours(shot, count), panel.pre_activations.T, panel.values.T, strict=True
    ):
        axes.plot(x, y, color=colour, linewidth=width)
        if lens.switches:
            at = zeros(x, z)
            axes.scatter(
                at, np.interp(at, x, y), 52, marker="o", facecolors=plot.PAPER, edgecolors=colour,
                linewidths=1.4, clip_on=False, zorder=4,
            )  # fmt: skip


def _draw_bands(axes: Axes, below: Axes, x: Array, panel: Curve, most: int) -> None:
    """Tints the panel by category, and writes A, B, C under it where there is room."""
    found, z = categories(panel), panel.pre_activations
    starts = [0, *(np.flatnonzero(found[1:] != found[:-1]) + 1).tolist()]
    edges = [float(x[0])]
    for at in starts[1:]:  # between the last sample of one and the first of the next
        pair = slice(at - 1, at + 1)
        gap = z[pair, 0] if z.shape[1] == 1 else z[pair, found[at - 1]] - z[pair, found[at]]
        crossing = zeros(x[pair], gap)
        edges.append(float(crossing[0] if crossing.size else x[at]))
    edges.append(float(x[-1]))
    plot.set_ranges(below, (x[0], x[-1]), (0, 1), (most, 2))
    below.set_yticks([])
    axes.tick_params(labelbottom=False, bottom=False)
    for at, (start, end) in zip(starts, pairwise(edges), strict=True):
        category = int(found[at])
        colour = plot.COLOURS[category % len(plot.COLOURS)]
        axes.axvspan(start, end, color=colour, alpha=0.1, linewidth=0, zorder=0)
        below.axvspan(start, end, color=colour, alpha=0.75, linewidth=0)
        if end - start > 0.04 * (x[-1] - x[0]):
            name = chr(ord("A") + category) if category < 26 else str(category + 1)
            below.text((start + end) / 2, 0.45, name, color=plot.PAPER, ha="center", va="center")
    for edge in edges[1:-1]:
        for each in (axes, below):
            each.axvline(edge, color=plot.PAPER if each is below else plot.QUIET, linewidth=0.8)


def _members(shot: Shot) -> list[NetworkSource]:
    """The networks that are drawn."""
    seeds = _lens(shot).family
    return [replace(shot.network, mix=((seed, 1.0),)) for seed in seeds] or [shot.network]


def _evaluate(network: NetworkSource, lens: Curves, at: Array) -> tuple[Array, Array]:
    """Pre-activations and values of what is drawn, (N, curves) both, at points (inputs, N)."""
    own = heads_of(network, lens)
    with one_blas_thread(), np.errstate(all="ignore"):
        z = forward(to_network(network), own, at).outputs
        return z, ACTIVATIONS[own[0].layer.activation].function(z.copy())


def _points(shot: Shot, count: int) -> Array:
    """(inputs, count): points along the input over which curves are drawn."""
    names = input_names(shot.network.latents)
    at = np.repeat([[float(number)] for number in shot.view.centre], count, axis=1)
    at[names.index(_lens(shot).input(shot.network, shot.view))] = along(shot, count)
    return at


def _bounds(head: Head) -> tuple[float, float] | None:
    """The range of the head's activation with its margin, None where it is unbounded."""
    row = ACTIVATIONS[head.layer.activation]
    return _widen(row.low, row.high) if isfinite(row.low) and isfinite(row.high) else None


def _fit(values: Array) -> tuple[float, float]:
    """The range of the values with its margin, whatever they are."""
    finite = np.clip(values[np.isfinite(values)], -MAX_NUMBER / 2, MAX_NUMBER / 2)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
    if high - low > FLAT * max(abs(low), abs(high)):
        return _widen(low, high)
    room = max(1, 1e-3 * abs(low))
    return low - room, high + room


def _widen(low: float, high: float) -> tuple[float, float]:
    margin = MARGIN * (high - low)
    return low - margin, high + margin


def _columns(count: int, aspect: float) -> int:
    """How many of so many panels stand in a row, on a page so many times as wide as high."""
    return max(range(1, count + 1), key=lambda n: min(aspect / n, 1.4 / ceil(count / n)))


def _colours(shot: Shot, count: int) -> Sequence[Any]:
    """A colour a curve: of the palette, where the look names one, from its begin to its end."""
    if shot.look.palette is None:
        return plot.colours(count) if count > 1 else [plot.COLOURS[0]]
    own = palette_for(shot.look.palette, 1)
    t = np.linspace(0, 1, count, dtype=np.float32) if count > 1 else np.full(1, 0.5, np.float32)
    return [
        tuple(map(float, rgb)) for rgb in np.clip(own.kind.function(t[None], own.table), 0, 1).T
    ]


def _lens(shot: Shot) -> Curves:
    assert isinstance(shot.lens, Curves)
    return shot.lens

"""The loss lens: loss and accuracy of a run over its steps, and where among them the shot is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.request import Evaluator
from netart.lens import plot
from netart.lens.fixed import explicit, is_flat, is_measured, labels, measure, unmeasured
from netart.lens.whole import cost, heads, points, tile_size
from netart.net.ops import Array
from netart.pixels import Pixels, Size, Window
from netart.shot.lens import Loss
from netart.shot.lens.loss import Curve, Numbers
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "cost", "draw", "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure",
    "points", "tile_size", "unmeasured",
]  # fmt: skip

Bytes = NDArray[np.uint8]

# Lengths in points of the page.
LEFT, RIGHT, TOP, BOTTOM = 46, 20, 30, 40
BETWEEN = 30  # the panels of loss and accuracy
LOSS_SHARE = 0.6  # of their height
DOT = 6.5  # diameter
TICK, CLOSEST = 36, 14  # between ticks, at least: of powers of ten, and of 0 and 1

LOSS_COLOUR, ACCURACY_COLOUR = plot.COLOURS[0], plot.COLOURS[2]
FARTHEST = 300  # power of ten that is drawn
MULTIPLES = ((1, 2, 5), (1, 3), (1,))  # of powers of ten, where there is room for ticks


class Panel(NamedTuple):
    """A curve over the logarithm of the step, and its axes."""

    axes: Axes
    steps: Array  # their logarithms
    values: Array  # NaN where there is none
    name: str
    colour: str
    is_logarithmic: bool

    @property
    def heights(self) -> Array:
        """The values as they are drawn: their logarithms where the axis is logarithmic."""
        return np.log10(self.values) if self.is_logarithmic else self.values


def draw(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
    plot.check_pixels(shot, size)
    left, top, width, height = window
    drawn = _raster(_lens(shot), size)[top : top + height, left : left + width]
    return drawn.astype(np.float32) / np.float32(255)


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The curves as a figure."""
    page, panels = _draw_curves(_lens(shot).curve, size)
    _mark(panels, _lens(shot))
    return page


@lru_cache(maxsize=2)
def _raster(lens: Loss, size: Size) -> Bytes:
    """The whole picture, (height, width, 3) u1: the mark over curves that stay."""
    with plot.house_style():
        canvas, panels, curves = _still(lens.curve, size)
        canvas.restore_region(curves)
        artists = _mark(panels, lens)
        for artist in artists:
            artist.axes.draw_artist(artist)
        pixels: Bytes = np.asarray(canvas.buffer_rgba())[..., :3].copy()
        for artist in artists:
            artist.remove()
    return pixels


@lru_cache(maxsize=1)
def _still(curve: Curve | None, size: Size) -> tuple[Any, list[Panel], Any]:
    """A canvas on which the curves are drawn, and its pixels. It belongs to `_raster`, within
    `house_style`: a film draws no more than the mark for each of its frames.
    """
    page, panels = _draw_curves(curve, size)
    canvas: Any = page.canvas
    canvas.draw()
    return canvas, panels, canvas.copy_from_bbox(page.bbox)


def _draw_curves(curve: Curve | None, size: Size) -> tuple[Figure, list[Panel]]:
    """All that does not change from step to step."""
    assert curve
    page, (width, height) = plot.blank_page(size), plot.page_size(size)
    loss = np.minimum(_array(curve.loss), 10.0**FARTHEST)
    loss[~(loss > 0)] = np.nan  # has no logarithm
    across, down = max(1, width - LEFT - RIGHT), height - TOP - BOTTOM
    share = (down - BETWEEN) * LOSS_SHARE if curve.accuracy else down
    at = plot.place_axes(page, LEFT, TOP, across, share)
    steps = _logarithm(np.array(curve.steps))
    panels = [Panel(at, steps, loss, "loss", LOSS_COLOUR, True)]
    if curve.accuracy:
        top = TOP + share + BETWEEN
        at = plot.place_axes(page, LEFT, top, across, down - share - BETWEEN)
        accuracy = _array(curve.accuracy)
        panels.append(Panel(at, steps, accuracy, "accuracy", ACCURACY_COLOUR, False))
    for panel in panels:
        axes = panel.axes
        room = axes.get_window_extent().height / plot.points(1, size)
        _set_y(panel, int(room / 34) + 2)
        _set_x(axes, curve.steps[-1], across, named=panel is panels[-1])
        axes.plot(steps, panel.heights, color=panel.colour, linewidth=1.6, zorder=3)
    return page, panels


def _mark(panels: Sequence[Panel], lens: Loss) -> list[Any]:
    """Marks the step in all panels, and writes what is reached there. Returns what it added."""
    assert lens.step is not None
    x = float(_logarithm(np.array(lens.step)))
    artists: list[Any] = []
    for panel in panels:
        axes = panel.axes
        artists.append(axes.axvline(x, color=plot.INK, linewidth=0.8, zorder=4))
        y = float(np.interp(x, panel.steps, panel.heights))
        text = f"{panel.name} {_spell(y, panel)}" if isfinite(y) else panel.name
        artists.append(_write(axes, (0, 1), (0, 7), text, panel.colour, ha="left", va="bottom"))
        artists += axes.plot(
            [x], [y], "o", color=panel.colour, markersize=DOT, markeredgecolor=plot.PAPER,
            markeredgewidth=1, zorder=5, clip_on=False,
        )  # fmt: skip
    text = f"step {lens.step:,.0f}"
    artists.append(_write(axes, (0.5, 0), (0, -20), text, plot.INK, ha="center", va="top"))
    return artists


def _write(
    axes: Axes,
    corner: tuple[float, float],
    offset: tuple[float, float],
    text: str,
    colour: str,
    **alignment: Any,
) -> Any:
    """A text beside axes. corner: of them, as shares; offset: from there, in points."""
    return axes.annotate(
        text, corner, offset, xycoords="axes fraction", textcoords="offset points", color=colour,
        size=11, **alignment,
    )  # fmt: skip


def _spell(height: float, panel: Panel) -> str:
    """The value at a height, in few digits; a share of 100.0% is all."""
    if panel.is_logarithmic:
        return f"{10**height:.3g}"
    return f"{height if height == 1 else min(height, 0.9994):.1%}"


def _logarithm(steps: Array) -> Array:
    """Where steps stand. One is added: step 0 has no logarithm."""
    return np.asarray(np.log10(steps + 1.0))


def _array(numbers: Numbers) -> Array:
    return np.array([np.nan if x is None else x for x in numbers], float)


def _set_x(axes: Axes, last: int, width: float, named: bool) -> None:
    """Sets the range of steps, with ticks at powers of ten.

    width: of the axes, in points. named: with what the ticks are.
    """
    powers = range(len(str(last)) if last else 0)
    marked = [0, *(10**k for k in powers[:: ceil(len(powers) * TICK / width) or 1])]
    high = float(_logarithm(np.array(max(last, 1))))
    if log10(2) / high * width < CLOSEST:  # 1 to 0
        marked = [step for step in marked if step != 1]
    axes.set_xticks(
        _logarithm(np.array(marked)), [_count(step) if named else "" for step in marked]
    )
    axes.grid(True, color=plot.FAINT, linewidth=0.6)
    axes.set_xlim(0, high)


def _count(step: int) -> str:
    """The power of ten in few letters."""
    for unit, name in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if step >= unit:
            return f"{step // unit}{name}"
    return str(step)


def _set_y(panel: Panel, most: int) -> None:
    """Sets the range of the values, with round ticks."""
    heights = panel.heights[np.isfinite(panel.heights)]
    low, high = (heights.min(), heights.max()) if heights.size else (0.0, 1.0)
    if not panel.is_logarithmic:
        high = 1.0  # all right
    margin = 0.06 * (high - low) or 0.1
    low, high = float(low - margin), float(high + margin)
    if panel.is_logarithmic:
        marked = _powers(low, high, most)
        at = [log10(value) for value in marked]
        names = [plot.spell(value) for value in marked]
    else:
        at = [tick for tick in plot.ticks(low, high, most) if tick <= 1]
        names = [f"{100 * tick:.4g}%" for tick in at]
    panel.axes.set_yticks(at, names)
    panel.axes.set_ylim(low, high)


def _lens(shot: Shot) -> Loss:
    assert isinstance(shot.lens, Loss)
    return shot.lens


def _powers(low: float, high: float, most: int) -> list[float]:
    """Round numbers whose logarithms lie between two, at most that many if there can be so few."""
    decades = range(max(floor(low), -FARTHEST), min(ceil(high), FARTHEST) + 1)
    for multiples in MULTIPLES:
        found = [m * 10.0**k for k in decades for m in multiples if low <= log10(m) + k <= high]
        if 2 <= len(found) <= most:
            return found
    if len(found) < 2:
        return [tick for tick in plot.ticks(10**low, 10**high, most) if tick > 0]
    return found[:: 1 + len(found) // most]

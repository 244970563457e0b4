"""Where the words "order" and "chaos" stand on the plot of `netart phase`: clear of its marks and
lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from netart.fonts import width_of
from netart.net.phase import Array, Survey

# In points of the page.
FONT_SIZE = 13
CLEAR = 6  # around a word
FARTHEST_IN = 0.3  # of the plot's width, from its edge
# What it costs to be off the middle of the plot's height, in shares of it.
PER_SHARE_IN = 2.0  # each share of the plot's width from the edge
ON_FAINT_LINE = 0.25


class Mark(NamedTuple):
    """A mark on the plot, in shares of its width and height, and its radius in points."""

    x: float
    y: float
    radius: float


class Word(NamedTuple):
    """A word around a place in shares of the plot's width and height from its lower left."""

    text: str
    x: float
    y: float
    level: float  # of growth, there


def place_words(
    found: Survey,
    heights: tuple[float, float],
    levels: Array,
    faint: Sequence[float],
    plot: tuple[float, float],
    marks: Sequence[Mark],
) -> list[Word]:
    """The words, each on its side of the lines of growth 1, near the middle of the plot's edge. A
    word for which there is no room is left out.

    heights: the range of the vertical axis. levels: of growth, −1 … 1, as the survey's. faint: the
    levels of faint lines, that are crossed where it must be. plot: its width and height in points.
    """
    scales = np.log(found.weight_scales)
    x = (scales - scales[0]) / (scales[-1] - scales[0])
    y = (found.heights - heights[0]) / (heights[1] - heights[0])
    theory = (np.log(found.theory) - scales[0]) / (scales[-1] - scales[0])
    theory_y = (found.theory_heights - heights[0]) / (heights[1] - heights[0])
    result = []
    for text, side in ("order", -1), ("chaos", 1):
        half_x = (width_of(text, FONT_SIZE) / 2 + CLEAR) / plot[0]
        half_y = (FONT_SIZE / 2 + CLEAR) / plot[1]
        best: tuple[float, Word] | None = None
        for inward, up in product(np.arange(0, FARTHEST_IN, 0.02), np.arange(-0.48, 0.481, 0.02)):
            off = 0.5 - 0.02 - half_x - inward
            word = Word(text, 0.5 + side * off, 0.5 + up, 0)
            if off < 0 or abs(up) + half_y > 0.5:
                continue
            if any(_meets(word, mark, half_x, half_y, plot) for mark in marks):
                continue
            rows, columns = (
                _around(at, c, h) for at, c, h in ((y, word.y, half_y), (x, word.x, half_x))
            )
            here = side * levels[rows, columns]
            lines = np.interp(np.linspace(word.y - half_y, word.y + half_y, 9), theory_y, theory)
            if here.min() <= 0 or (side * (word.x - lines) < half_x).any():
                continue
            crossed = any(here.min() < abs(level) < here.max() for level in faint)
            cost = abs(up) + PER_SHARE_IN * inward + ON_FAINT_LINE * crossed
            if best is None or cost < best[0]:
                best = cost, word._replace(level=float(side * here.mean()))
        if best:
            result.append(best[1])
    return result


def _meets(word: Word, mark: Mark, half_x: float, half_y: float, plot: tuple[float, float]) -> bool:
    """Whether a mark reaches into the rectangle around a word."""
    return (
        abs(word.x - mark.x) < half_x + mark.radius / plot[0]
        and abs(word.y - mark.y) < half_y + mark.radius / plot[1]
    )


def _around(at: Array, middle: float, half: float) -> slice:
    """The part of rising places that holds middle ± half."""
    first = np.searchsorted(at, middle - half, "right") - 1
    last = np.searchsorted(at, middle + half)
    return slice(max(0, int(first)), int(last) + 1)

"""Time slices: parts of a picture that take a given time, by an evaluator's measured speed."""

from __future__ import annotations

from math import ceil, inf, sqrt

from netart.evaluate.speed import Speed
from netart.pixels import Size, Window

SLICE_S = 0.012  # that the window's thread may be busy before it looks at its events


def time_slices(
    size: Size, window: Window, tile: Size, cost: int, speed: Speed, budget_s: float
) -> list[Window]:
    """The window cut along the evaluators' tiles into parts that take about the time given, each
    of at least one tile for every thread. cost: multiplications a pixel.
    """
    if budget_s == inf:
        return [window]
    across, down = tile
    tile_cost = across * down * cost
    tiles = speed.threads * max(1, round(budget_s * speed.rate / tile_cost / speed.threads))
    columns = max(1, min(tiles, ceil(size[0] / across), round(sqrt(tiles * down / across))))
    wide, high = columns * across, max(1, tiles // columns) * down
    right, bottom = window.left + window.width, window.top + window.height
    found = []
    for top in range(window.top // high * high, bottom, high):
        for left in range(window.left // wide * wide, right, wide):
            begin = max(left, window.left), max(top, window.top)
            end = min(left + wide, right), min(top + high, bottom)
            found.append(Window(*begin, end[0] - begin[0], end[1] - begin[1]))
    return found

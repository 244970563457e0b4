"""Lines on which a function of the picture has a given value, as polylines.

Marching squares find them on a grid. Then each of their vertices, which lies on a line of the grid
between two points at which the function is on either side of the value, is moved along it to where
the value is met: by the Illinois variant of the regula falsi, which closes in on kinks and jumps
too, and cannot stray to another line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from netart.lens.cells import Array, Ints

# From points (N, 2), u and v, and the number of each point's line, (N,), to values (N,).
Field = Callable[[Array, Ints], Array]

STEPS = 10  # halve the distance to a jump; a smooth function is met within rounding after five
MET = 1e-13  # of the values at the ends of a step of the grid: what is 0
NEAR = 1e-9  # of a step of the grid, or of the values at its ends: what counts as nothing


def grid_points(low: Sequence[float], high: Sequence[float], shape: tuple[int, int]) -> Array:
    """(rows · columns, 2): points from corner to corner of a rectangle, row by row from below.

    low, high: its corners, u and v. shape: rows, columns.
    """
    rows, columns = shape
    u, v = np.linspace(low[0], high[0], columns), np.linspace(low[1], high[1], rows)
    return np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 2)


def level_lines(
    fields: Sequence[Array],
    field: Field,
    low: Sequence[float],
    high: Sequence[float],
    level: float = 0,
) -> list[list[Array]]:
    """The lines on which each of several functions has the value: (points, 2) each, u and v.

    fields: of each function its values at `grid_points`, (rows, columns); field: the values at any
    points, of the function of each point's number. A closed line ends with its first point.
    """
    from contourpy import LineType, contour_generator

    found = [
        contour_generator(z=values, line_type=LineType.Separate).lines(level) for values in fields
    ]
    lines = [(k, line) for k, several in enumerate(found) for line in several]
    if not lines:
        return [[] for _ in fields]
    number = np.repeat([k for k, _ in lines], [len(line) for _, line in lines])
    at = np.concatenate([line for _, line in lines])
    origin, step = np.array(low), (np.array(high) - low) / (np.array(fields[0].shape[::-1]) - 1)

    def off(cells: Array, number: Ints) -> Array:
        return field(origin + step * cells, number) - level

    at = origin + step * _close_in(at, number, np.stack(fields) - level, off)
    placed = iter(np.split(at, np.cumsum([len(line) for _, line in lines])[:-1]))
    return [[next(placed) for _ in several] for several in found]


def _close_in(at: Array, number: Ints, fields: Array, off: Field) -> Array:
    """Moves points along the lines of the grid, at which they are, to where their function is 0.

    at: (N, 2), in steps of the grid; fields: (functions, rows, columns); off: values at points.
    """
    nearest = np.rint(at)
    on_grid = np.abs(at - nearest) < NEAR
    # The coordinate in which a point moves; where both are whole it may be either.
    axis = np.where(on_grid[:, 0], 1, 0)
    index = np.arange(len(at))
    low = np.where(on_grid, nearest, np.floor(at)).astype(np.int64)
    last = np.array(fields.shape[:0:-1]) - 1
    low[index, axis] = np.minimum(low[index, axis], last[axis] - 1)
    high = low.copy()
    high[index, axis] += 1
    a, b = (ends[index, axis].astype(np.float64) for ends in (low, high))
    fa, fb = (fields[number, ends[:, 1], ends[:, 0]] for ends in (low, high))
    moved = at.copy()
    is_between = np.flatnonzero((fa > 0) != (fb > 0))  # others have their zero at a grid point
    a, b, fa, fb, axis = (part[is_between] for part in (a, b, fa, fb, axis))
    points, number = low[is_between].astype(np.float64), number[is_between]
    x = moved[is_between, axis]
    last_side = np.zeros(len(x), np.int64)
    scale = np.maximum(np.abs(fa), np.abs(fb))
    for _ in range(STEPS):
        points[np.arange(len(x)), axis] = x
        f = off(points, number)
        moved[is_between, axis] = x
        # What is met is left alone from then on.
        state: tuple[Any, ...] = (
            is_between, axis, points, number, scale, last_side, a, b, fa, fb, f, x,
        )  # fmt: skip
        rest = ~(np.abs(f) <= MET * scale)
        is_between, axis, points, number, scale, last_side, a, b, fa, fb, f, x = (
            part[rest] for part in state
        )
        is_a = (f > 0) == (fa > 0)
        # A value that does not shrink is that of a jump, which only halving closes in on.
        is_jump = np.abs(f) > np.maximum(NEAR * scale, np.minimum(np.abs(fa), np.abs(fb)) / 2)
        # The end that stays twice counts half from then on.
        fb = np.where(is_a & (last_side == 1), fb / 2, fb)
        fa = np.where(~is_a & (last_side == -1), fa / 2, fa)
        a, fa = np.where(is_a, x, a), np.where(is_a, f, fa)
        b, fb = np.where(is_a, b, x), np.where(is_a, fb, f)
        last_side = np.where(is_a, 1, -1)
        with np.errstate(all="ignore"):
            share = fa / (fa - fb)
        x = a + (b - a) * np.where(np.isfinite(share) & ~is_jump, share, 0.5)
    moved[is_between, axis] = x
    return moved

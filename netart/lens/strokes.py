"""Lines of any width as pixels: how much of each pixel they cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netart.lens.cells import Array, spread
from netart.pixels import Window

MAX_PAIRS = 1 << 20  # of pixels and segments, at a time


def coverage(ends: Array, widths: Array, window: Window) -> NDArray[np.float32]:
    """How much strokes cover of each pixel of a window, (rows, columns) in [0, 1].

    A pixel at distance d from the middle of a line of width w has clip(w/2 + ½ − d, 0, min(w, 1));
    ends and joints are round.

    ends: (N, 2, 2), the ends of segments, columns and rows of the picture; widths: (N,), in pixels.
    """
    covered = np.zeros(window.height * window.width, np.float32)
    reach = widths / 2 + 0.5
    corner = np.array([window.left, window.top])
    a, b = (ends[:, k] - corner - 0.5 for k in (0, 1))  # a pixel's middle has whole numbers
    low = np.maximum(np.ceil(np.minimum(a, b)[:, 1] - reach), 0).astype(np.int64)
    high = np.minimum(np.floor(np.maximum(a, b)[:, 1] + reach), window.height - 1).astype(np.int64)
    segment, step = spread(np.maximum(high - low + 1, 0))
    row = low[segment] + step
    # In its row a segment is near only where it is near the row.
    (xa, ya), (xb, yb), near = a[segment].T, b[segment].T, reach[segment]
    with np.errstate(all="ignore"):
        shares = (row + np.stack([-near, near]) - ya) / (yb - ya)
    shares = np.clip(np.where(yb == ya, [[0.0], [1.0]], shares), 0, 1)
    x = xa + shares * (xb - xa)
    left = np.maximum(np.ceil(x.min(axis=0) - near), 0).astype(np.int64)
    right = np.minimum(np.floor(x.max(axis=0) + near), window.width - 1).astype(np.int64)
    counts = np.maximum(right - left + 1, 0)
    for part in np.split(np.arange(len(counts)), _cuts(counts)):
        index, step = spread(counts[part])
        one = segment[part][index]
        column, line = left[part][index] + step, row[part][index]
        away = _distance(column, line, a[one], b[one])
        share = np.clip(reach[one] - away, 0, np.minimum(widths[one], 1))
        np.maximum.at(covered, line * window.width + column, share.astype(np.float32))
    return covered.reshape(window.height, window.width)


def _cuts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the counts are best cut, so that parts sum up to about MAX_PAIRS."""
    total = np.cumsum(counts)
    return np.flatnonzero(np.diff(total // MAX_PAIRS)) + 1


def _distance(x: Array, y: Array, a: Array, b: Array) -> Array:
    """Of points from segments, (N,) each. a, b: (N, 2)."""
    way = b - a
    square = (way * way).sum(axis=1)
    along = (x - a[:, 0]) * way[:, 0] + (y - a[:, 1]) * way[:, 1]
    share = np.clip(along / np.where(square > 0, square, 1), 0, 1)
    return np.hypot(x - a[:, 0] - share * way[:, 0], y - a[:, 1] - share * way[:, 1])

"""Cells of an arrangement as panes of glass: each has one colour, that of its middle.

Where a network is affine in each cell, the value in the middle is the mean value, and a light that
falls on the surface falls on each cell as on a facet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.reference import forward
from netart.evaluate.request import Averaging, Request
from netart.lens.arrangement import Arrangement
from netart.lens.cells import Array, spread
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, affine, coordinates

SAMPLES = 4  # across a pixel, and as many down it
MAX_SAMPLES = 1 << 21  # at a time


def pane_colours(
    found: Arrangement, network: Network, view: View, request: Request, pixel: float
) -> Array:
    """What the request makes of the middle of each cell: (cells, 3) display sRGB.

    pixel: the width of a pixel in u and v.
    """
    at = coordinates(view, network.inputs, found.middles)
    along = affine(view, network.inputs)[:, 1:] if request.pixel.slopes else None
    with np.errstate(all="ignore"):
        values = forward(network, request.heads, at, along=along)
        return np.asarray(request.pixel.function(values._replace(pixel=pixel)))


def paint(
    found: Arrangement, colours: Array, size: Size, window: Window, averaging: Averaging
) -> Pixels:
    """A window of the picture of that size that shows each cell in its colour: (rows, columns, 3).

    A pixel where cells meet is the mean of SAMPLES² samples.
    """
    picture = np.empty((window.height, window.width, 3), np.float32)
    rows = max(1, MAX_SAMPLES // (SAMPLES**2 * window.width))
    light = averaging.before(colours.astype(np.float32))
    for top in range(0, window.height, rows):
        height = min(rows, window.height - top)
        part = Window(window.left, window.top + top, window.width, height)
        samples = _cells(found, size, part).reshape(height, SAMPLES, window.width, SAMPLES)
        cells = samples.swapaxes(1, 2).reshape(height, window.width, -1)
        painted = colours[cells[..., 0]].astype(np.float32)
        mixed = (cells[..., 1:] != cells[..., :1]).any(axis=2)
        painted[mixed] = averaging.after(light[cells[mixed]].mean(axis=1))
        picture[top : top + height] = painted
    return picture


def _cells(found: Arrangement, size: Size, window: Window) -> NDArray[np.int64]:
    """The cell at each sample of a window, row by row.

    A cell begins, from the left, at those of its edges that run downwards.
    """
    width, height = (SAMPLES * side for side in size)
    left, top, across, down = (SAMPLES * number for number in window)
    shorter = min(width, height)
    # Columns and rows of samples, as far as they are whole: v = (height − 1 − 2·row) / shorter.
    column = (found.points[:, 0] * shorter + width - 1) / 2
    row = (height - 1 - found.points[:, 1] * shorter) / 2
    a, b = found.cells.vertices, found.cells.following
    first, last = (np.clip(np.ceil(row[ends]), top, top + down).astype(np.int64) for ends in (a, b))
    edge = np.flatnonzero(first < last)
    index, step = spread((last - first)[edge])
    edge = edge[index]
    at = first[edge] + step
    a, b = a[edge], b[edge]
    x = column[a] + (at - row[a]) / (row[b] - row[a]) * (column[b] - column[a])
    order = np.lexsort((x, at))
    start = np.clip(np.ceil(x[order]), left, left + across).astype(np.int64) - left
    place = (at[order] - top) * across + start
    cells = found.cells.of[edge][order]
    return np.repeat(cells, np.diff(place, append=across * down))

"""More samples where they are needed: pixels that differ from a neighbour are drawn again, finer.

Whether a pixel is drawn again follows from its own and its neighbours' values at one sample alone:
so it is the same in every window of a picture.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.numbers import Samples
from netart.evaluate.request import Evaluator, Request
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View

SAMPLES = 4  # across a pixel that is drawn again, and as many down it
# Of display values: the difference from a neighbour that begins to count, and from which on the
# finer value stands alone. Between them is a blend, which evaluators agree on.
LOW, HIGH = 12 / 255, 20 / 255
# Pixels that are drawn again: in a row of their arrangement, and at a time.
ROW, AT_A_TIME = 128, 1 << 18


def draw(
    network: Network, view: View, size: Size, window: Window, request: Request, evaluator: Evaluator
) -> Samples:
    """The window's pixels: (rows, columns, channels), in the request's numbers."""
    once = replace(request, samples=1, numbers=None)
    wide = _grow(window, size)
    plain = evaluator.evaluate(network, view, size, wide, once)
    inner = np.s_[window.top - wide.top :, window.left - wide.left :]
    inside = np.s_[: window.height, : window.width]
    out = np.array(plain[inner][inside])
    share = np.clip((_steps(plain)[inner][inside] - LOW) / (HIGH - LOW), 0, 1)
    finer, found = replace(once, samples=SAMPLES), np.argwhere(share)
    for first in range(0, len(found), AT_A_TIME):
        rows, columns = found[first : first + AT_A_TIME].T
        places = np.array([columns + window.left, rows + window.top], np.int32).T
        places = np.pad(places, ((0, -len(places) % ROW), (0, 0)), mode="edge")
        placed = replace(finer, places=places.reshape(-1, ROW, 2))
        arranged = Window(0, 0, ROW, len(places) // ROW)
        again = evaluator.evaluate(network, view, size, arranged, placed)
        again = again.reshape(-1, again.shape[2])[: len(rows)]
        plain = out[rows, columns]
        out[rows, columns] = plain + share[rows, columns, None] * (again - plain)
    return request.numbers.of(out, window.top, window.left) if request.numbers else out


def _grow(window: Window, size: Size) -> Window:
    """The window with its neighbours, as far as the picture has them."""
    left, top = max(0, window.left - 1), max(0, window.top - 1)
    right = min(size[0], window.left + window.width + 1)
    bottom = min(size[1], window.top + window.height + 1)
    return Window(left, top, right - left, bottom - top)


def _steps(pixels: Pixels) -> NDArray[np.float32]:
    """(rows, columns): the largest difference of a pixel from the four beside it."""
    steps = np.zeros(pixels.shape[:2], np.float32)
    for here, there in (np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1]):
        apart = pixels[here] - pixels[there]
        np.abs(apart, out=apart)
        step = reduce(np.maximum, np.moveaxis(apart, 2, 0))  # twice as fast as max
        for side in (here, there):
            np.maximum(steps[side], step, out=steps[side])
    return steps

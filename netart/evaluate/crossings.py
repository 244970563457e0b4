"""Where units change sign, or nearly do: pixels next to lines, found by values alone."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from netart.pixels import Size

Mask = NDArray[np.bool_]


class Crossings:
    """The pixels of a tile that lie near a change of sign.

    size: of the tile, in samples. reach: how far from a line a pixel is near, in samples.
    """

    def __init__(self, size: Size, reach: float) -> None:
        self.size = size
        # A pixel so far from a slanted line comes to it after so many pixels of its row or column;
        # one more where lines bend.
        self.steps = ceil(sqrt(2) * reach) + 1
        self.reach = np.float32(sqrt(2) * reach)
        # Not 0 where a unit is on another side than in the pixel on the left, or above.
        self.changed = np.zeros(size[0] * size[1], np.uint64)
        # Not 0 where a unit would be 0 within reach, if it went on as it does from one of these
        # pixels to this one: it may bend away before that.
        self.aimed = np.zeros(size[0] * size[1], np.uint64)

    def look(self, z: NDArray[np.float32], watched: Mask) -> None:
        """Takes note of a layer's changes of sign. z: (pixels, units), contiguous; watched: of the
        units, a multiple of 8.
        """
        below = self.size[0]
        sign = (z > 0).view(np.int8)
        sign -= (z < 0).view(np.int8)
        differs = np.zeros(z.shape, bool)
        # A row's first pixel is compared with the last one above: it lies on the border anyway.
        np.not_equal(sign[1:], sign[:-1], out=differs[1:])
        differs[below:] |= sign[below:] != sign[:-below]
        differs &= watched
        for eight in differs.view(np.uint64).T:
            self.changed |= eight
        distance = np.abs(z)
        aims = np.zeros(z.shape, bool)
        for back in (1, below):
            nearer = np.minimum(distance[back:], distance[:-back])
            slope = z[back:] - z[:-back]
            slope *= self.reach
            aims[back:] |= nearer < np.abs(slope, out=slope)
        aims &= watched
        for eight in aims.view(np.uint64).T:
            self.aimed |= eight

    def near(self) -> Mask:
        """(pixels,): those near a change of sign, or from where one seems to be within reach; and
        those so near the tile's border that one may lie beyond it.
        """
        width, height = self.size
        found = (self.changed != 0).reshape(height, width)
        near = found.copy()
        near[:, :-1] |= found[:, 1:]
        near[:-1] |= found[1:]
        for _ in range(self.steps - 1):
            inner = near.copy()
            near[1:] |= inner[:-1]
            near[:-1] |= inner[1:]
            near[:, 1:] |= inner[:, :-1]
            near[:, :-1] |= inner[:, 1:]
        aimed = (self.aimed != 0).reshape(height, width)
        near |= aimed
        near[:, :-1] |= aimed[:, 1:]
        near[:-1] |= aimed[1:]
        border = self.steps
        near[:border] = near[-border:] = True
        near[:, :border] = near[:, -border:] = True
        return np.asarray(near.reshape(-1))

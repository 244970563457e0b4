"""In which numbers pixels come back: floats, or whole numbers that are rounded or dithered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.pixels import Pixels
from netart.shot.oklab import srgb_decode

Samples = NDArray[Any]  # (height, width, channels), as a file or a screen takes them

BLOCK_PIXELS = 1 << 16  # converted at a time: wide pictures take little memory beside themselves

# The R2 sequence, Roberts 2018, "The unreasonable effectiveness of quasirandom sequences": the
# powers of 1/1.3247… in units of 2⁻³². Channels stand a third apart: their steps do not coincide.
ALONG_X, ALONG_Y, CHANNEL = 3242174889, 2447445414, 1431655765


class Numbers(NamedTuple):
    """What becomes of display values in [0, 1]."""

    dtype: str  # as numpy spells it: "u1", "u2", "f2", "f4"
    white: int = 0  # the whole number of 1; 0 for the largest of the dtype
    dither: bool = False  # whole numbers follow a pattern that hides their steps
    linear: bool = False  # floats are linear light, else display sRGB

    @property
    def one(self) -> int:
        """The number that stands for 1."""
        dtype = np.dtype(self.dtype)
        return 1 if dtype.kind == "f" else self.white or int(np.iinfo(dtype).max)

    def of(self, values: Pixels, top: int = 0, left: int = 0) -> Samples:
        """(height, width, channels) display values in these numbers.

        (left, top): the place of the first pixel in the picture, which the pattern follows.
        """
        dtype = np.dtype(self.dtype)
        if dtype.kind == "f":
            return (srgb_decode(values) if self.linear else values).astype(dtype, copy=False)
        raised = pattern(top, left, *values.shape) if self.dither else 0.5
        return np.asarray(values * self.one + raised).astype(dtype)


# Draws a picture from top to bottom, in strips (rows, width, 3) of these numbers.
Draw = Callable[[Numbers], Iterable[Samples]]


def convert(strips: Iterable[Pixels]) -> Draw:
    """Draws a picture that is there already, as strips of display values in [0, 1]."""

    def draw(numbers: Numbers) -> Iterator[Samples]:
        top = 0
        for strip in strips:
            out = np.empty(strip.shape, numbers.dtype)
            step = max(1, BLOCK_PIXELS // strip.shape[1])
            for row in range(0, len(strip), step):
                out[row : row + step] = numbers.of(strip[row : row + step], top + row)
            top += len(strip)
            yield out

    return draw


def pattern(top: int, left: int, rows: int, width: int, channels: int) -> NDArray[np.float32]:
    """(rows, width, channels) in (0, 1): what dithering adds before it drops the fraction.

    It follows the pixel's place in the picture alone, in integers mod 2³². There are 256 values,
    k + ½ of 256: a level that is off by less than 1/512 stays itself.
    """
    y = np.arange(top, top + rows, dtype=np.uint32) * np.uint32(ALONG_Y)
    x = np.arange(left, left + width, dtype=np.uint32) * np.uint32(ALONG_X)
    channel = np.arange(channels, dtype=np.uint32) * np.uint32(CHANNEL)
    turn = y[:, None, None] + x[:, None] + channel
    levels: NDArray[np.float32] = (turn >> 24).astype(np.float32)
    return (levels + np.float32(0.5)) / np.float32(256)

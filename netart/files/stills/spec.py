"""A picture as a file holds it: display values become the file's samples, strip by strip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netart.files.metadata import Metadata
from netart.pixels import Pixels, Size
from netart.shot.oklab import decode

Samples = NDArray[Any]
Quality = int | Literal["lossless"]

BLOCK_PIXELS = 1 << 16  # converted at a time: wide strips take little memory beside themselves

# The R2 sequence, Roberts 2018, "The unreasonable effectiveness of quasirandom sequences": the
# powers of 1/1.3247… in units of 2⁻³². Channels stand a third apart: their steps do not coincide.
ALONG_X, ALONG_Y, CHANNEL = 3242174889, 2447445414, 1431655765


class ImageSpec(NamedTuple):
    """All about an image file but the pixels."""

    size: Size
    dtype: str  # of a sample, as numpy spells it
    linear: bool  # samples are linear light, else display sRGB
    dither: bool  # 8-bit samples
    quality: Quality | None  # where the format takes one
    metadata: Metadata | None

    @property
    def text(self) -> str:
        """The metadata as text, empty where there is none."""
        return self.metadata.text if self.metadata else ""


def stored(spec: ImageSpec, strips: Iterable[Pixels]) -> Iterator[Samples]:
    """Strips (rows, width, 3) of display sRGB in [0, 1] as samples, in strips of the same height.

    Integers are rounded to levels from 0 to their largest; floats are the values themselves.
    """
    top = 0
    for strip in strips:
        rows, width, _ = strip.shape
        out = np.empty(strip.shape, spec.dtype)
        step = max(1, BLOCK_PIXELS // width)
        for row in range(0, rows, step):
            part = strip[row : row + step]
            if out.dtype.kind == "f":
                out[row : row + step] = decode(part) if spec.linear else part
            else:
                out[row : row + step] = levels(part, out.dtype, spec.dither, top + row)
        top += rows
        yield out


def levels(part: Pixels, dtype: DTypeLike, dither: bool, top: int, left: int = 0) -> Samples:
    """(rows, width, 3) of display sRGB in [0, 1] as whole numbers of the dtype, from 0 to its
    largest. (left, top) is the part's first pixel in the picture.
    """
    raised = pattern(top, left, *part.shape[:2]) if dither else 0.5
    return np.asarray(part * np.iinfo(dtype).max + raised).astype(dtype)


def pattern(top: int, left: int, rows: int, width: int) -> NDArray[np.float32]:
    """(rows, width, 3) in (0, 1): what dithering adds before it drops the fraction.

    It follows the pixel's place in the picture alone, in integers mod 2³². There are 256 values,
    k + ½ of 256: a level that is off by less than 1/512 stays itself.
    """
    y = np.arange(top, top + rows, dtype=np.uint32) * np.uint32(ALONG_Y)
    x = np.arange(left, left + width, dtype=np.uint32) * np.uint32(ALONG_X)
    channel = np.arange(3, dtype=np.uint32) * np.uint32(CHANNEL)
    turn = y[:, None, None] + x[:, None] + channel
    levels: NDArray[np.float32] = (turn >> 24).astype(np.float32)
    return (levels + np.float32(0.5)) / np.float32(256)

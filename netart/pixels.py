"""Pictures as arrays: their size, their pixels, and rectangles of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError

Size = tuple[int, int]  # width, height in pixels
Pixels = NDArray[np.float32]  # (height, width, channels), row 0 on top

MAX_PIXELS = 1 << 34  # of a picture
MAX_SIDE = 1 << 18  # of a picture: a strip of 64 rows takes 200 MB there

PREVIEW: Size = (48, 48)  # of the small picture that stands for all sizes


class Window(NamedTuple):
    """A rectangle of pixels of a picture; (left, top) is its first pixel, row 0 on top."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def whole(cls, size: Size) -> Window:
        """All of a picture of that size."""
        return cls(0, 0, *size)


def check_size(size: Size) -> None:
    """Refuses sizes that cannot be drawn. Raises NetartError."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise NetartError(f"size {width}x{height}: more than {MAX_PIXELS:,} pixels")
    if not 1 <= min(size) <= max(size) <= MAX_SIDE:
        raise NetartError(f"size {width}x{height}: sides go from 1 to {MAX_SIDE:,} pixels")

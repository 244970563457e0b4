"""Pictures as arrays: their size, their pixels, and rectangles of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError

Size = tuple[int, int]  # width, height in pixels
Pixels = NDArray[np.float32]  # (height, width, channels), row 0 on top

# Of a picture.
MAX_PIXELS = 1 << 34
MAX_SIDE = 1 << 18  # a strip of 64 rows takes 200 MB at this width

PREVIEW: Size = (48, 48)  # of the small picture that stands for all sizes


class Window(NamedTuple):
    """A rectangle of pixels of a picture."""

    # Column and row of its first pixel; row 0 is on top.
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def whole(cls, size: Size) -> Window:
        """The window that is all of a picture of this size."""
        return cls(0, 0, *size)


def check_size(size: Size) -> None:
    """Raises NetartError for a size that cannot be drawn."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise NetartError(f"size {width}x{height}: more than {MAX_PIXELS:,} pixels")
    if not 1 <= min(size) <= max(size) <= MAX_SIDE:
        raise NetartError(f"size {width}x{height}: sides go from 1 to {MAX_SIDE:,} pixels")

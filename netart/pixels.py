"""Pictures as arrays: their size, their pixels, and rectangles of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]  # width, height in pixels
Pixels = NDArray[np.float32]  # (height, width, channels), row 0 on top


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

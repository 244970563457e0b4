"""Where the pictures of lenses stand that share one picture."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from netart.pixels import Pixels, Size, Window

GUTTER = 0.02  # between two panels, of the picture's width
PAPER = (0.962, 0.953, 0.937)  # display sRGB, of what lies between and behind


def columns(count: int, size: Size) -> list[Window]:
    """The places of that many panels, from left to right, in a picture of that size."""
    gutter = round(GUTTER * size[0])
    room = size[0] - gutter * (count - 1)
    widths = [room * (k + 1) // count - room * k // count for k in range(count)]
    lefts = accumulate((width + gutter for width in widths[:-1]), initial=0)
    return [Window(left, 0, width, size[1]) for left, width in zip(lefts, widths, strict=True)]


def overlap(panel: Window, window: Window) -> Window | None:
    """The part of a window of the picture that lies in the panel; None where there is none."""
    left, top = max(panel.left, window.left), max(panel.top, window.top)
    width = min(panel.left + panel.width, window.left + window.width) - left
    height = min(panel.top + panel.height, window.top + window.height) - top
    return Window(left, top, width, height) if width > 0 < height else None


def paper(window: Window) -> Pixels:
    """(rows, columns, 3) of nothing but paper."""
    return np.full((window.height, window.width, 3), PAPER, np.float32)

"""Where the pictures of lenses stand that share one picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from netart.pixels import Pixels, Size, Window

GUTTER = 0.02  # between two panels, of the picture's width
PAPER = (0.962, 0.953, 0.937)  # display sRGB, of what lies between and behind


def columns(ratios: Sequence[int], size: Size) -> list[Window]:
    """The places of panels, from left to right, in a picture of that size.

    ratios: how wide the panels are, as multiples of one width.
    """
    gutter = round(GUTTER * size[0])
    room, whole = size[0] - gutter * (len(ratios) - 1), sum(ratios)
    ends = [room * end // whole for end in accumulate(ratios, initial=0)]
    widths = [end - begin for begin, end in pairwise(ends)]
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

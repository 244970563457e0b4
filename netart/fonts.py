"""The font of labels and of the window's text."""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache

from PIL import ImageFont


@lru_cache(maxsize=32)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    found = ImageFont.load_default(size_px)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def width_of(text: str, size_px: int) -> float:
    """The width of the longest line, in pixels."""
    return max(font(size_px).getlength(line) for line in text.split("\n"))


def shorten(line: str, size_px: int, max_width: float) -> str:
    """The line, cut with an ellipsis where it is wider than `max_width` pixels."""
    line = line[: int(max_width) + 1]  # no letter is narrower than a pixel
    if width_of(line, size_px) <= max_width:
        return line
    fits = bisect(range(1, len(line)), max_width, key=lambda k: width_of(line[:k] + "…", size_px))
    return line[:fits].rstrip("…") + "…"

"""The font of labels and of the window's text."""

from __future__ import annotations

from functools import lru_cache

from PIL import ImageFont


@lru_cache(maxsize=32)
def font(letters: int) -> ImageFont.FreeTypeFont:
    """Letters so many pixels high."""
    found = ImageFont.load_default(letters)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found

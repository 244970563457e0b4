"""Text over the picture: panels that Pillow draws, legible on anything."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from netart.draw.fonts import font
from netart.live.keys import MOUSE, TABLE
from netart.live.screen import Panel
from netart.pixels import Size

LETTERS = 15  # pixels, at scale 1
EDGE = 12  # pixels from the window's edge to a panel, at scale 1
SMALLEST = 6
PAPER = (14, 14, 18, 215)  # behind text
INK = (244, 244, 246)
DIM = (196, 198, 208)  # what keys do; their labels stand out
MARGIN = 0.7  # of the letters' size, around text
LINE = 1.45  # of the letters' size

Pixels = NDArray[np.uint8]  # (height, width, 4), colours premultiplied


@lru_cache(maxsize=4)
def line(text: str, letters: int, widest: int) -> Pixels:
    """One line on a panel, at most so many pixels wide: cut where it is longer."""
    margin, cut = round(MARGIN * letters), text
    while font(letters).getlength(cut) > widest - 2 * margin and len(cut) > 1:
        cut = cut.rstrip("…")[:-1] + "…"
    width = int(font(letters).getlength(cut)) + 2 * margin
    image, draw = _panel(width, round(LINE * letters + margin), letters)
    draw.text((margin, image.height / 2), cut, fill=INK, font=font(letters), anchor="lm")
    return _premultiplied(image)


@lru_cache(maxsize=1)
def help_page(size: Size, scale: float) -> Pixels:
    """The table of keys, in as many columns and letters as large as fit a window of this size."""
    rows = [*((row.label, row.help) for row in TABLE), *MOUSE]
    for letters in range(round(LETTERS * scale), SMALLEST - 1, -1):
        for columns in (1, 2, 3):
            width, height = _measured(rows, letters, columns)
            if width <= 0.96 * size[0] and height <= 0.9 * size[1]:
                return _table(rows, letters, columns)
    return _table(rows, SMALLEST, 3)


def panels(
    size: Size, scale: float, lines: Mapping[str, str], corner: str, helps: bool
) -> dict[str, Panel]:
    """What lies over a picture of this size, by name: lines at the bottom, from the lowest up, and
    a word in the corner, where they are not empty; the help page.
    """
    width, height = size
    letters, edge = round(LETTERS * scale), round(EDGE * scale)
    found = {}
    if helps:
        page = help_page(size, scale)
        high, wide, _ = page.shape
        found["help"] = Panel(page, (width - wide) // 2, max(0, (height - high) // 2))
    bottom = height - edge
    for name, text in lines.items():
        if text:
            drawn = line(text, letters, width - 2 * edge)
            bottom -= len(drawn)
            found[name] = Panel(drawn, edge, bottom)
            bottom -= edge // 2
    if corner:
        drawn = line(corner, letters, width - 2 * edge)
        found["corner"] = Panel(drawn, width - edge - drawn.shape[1], edge)
    return found


def _widths(rows: list[tuple[str, str]], letters: int) -> tuple[int, int]:
    """Of the labels and of what they do."""
    labels, helps = (max(map(font(letters).getlength, texts)) for texts in zip(*rows, strict=True))
    return int(labels + 1.2 * letters), int(helps + 2 * letters)


def _measured(rows: list[tuple[str, str]], letters: int, columns: int) -> tuple[int, int]:
    """Width and height in pixels of the table."""
    lines = -(-len(rows) // columns)
    width = columns * sum(_widths(rows, letters)) - letters
    return width + 2 * letters, round(lines * LINE * letters) + 2 * letters


def _table(rows: list[tuple[str, str]], letters: int, columns: int) -> Pixels:
    image, draw = _panel(*_measured(rows, letters, columns), letters)
    lines, (label, rest) = -(-len(rows) // columns), _widths(rows, letters)
    for k, (name, text) in enumerate(rows):
        left = letters + k // lines * (label + rest)
        middle = letters + (k % lines + 0.5) * LINE * letters
        draw.text((left, middle), name, fill=INK, font=font(letters), anchor="lm")
        draw.text((left + label, middle), text, fill=DIM, font=font(letters), anchor="lm")
    return _premultiplied(image)


def _panel(width: int, height: int, letters: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), letters / 2, PAPER)
    return image, draw


def _premultiplied(image: Image.Image) -> Pixels:
    pixels = np.asarray(image).astype(np.uint16)
    pixels[..., :3] = (pixels[..., :3] * pixels[..., 3:] + 127) // 255
    return pixels.astype(np.uint8)

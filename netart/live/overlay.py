"""Text over the picture: panels that Pillow draws, legible on anything."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from netart.lens.letters import font
from netart.live.keys import MOUSE, TABLE

LETTERS = 15  # pixels, at scale 1
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
def help_page(size: tuple[int, int], scale: float) -> Pixels:
    """The table of keys, in as many columns and letters as large as fit a window of this size."""
    rows = [*((row.label, row.help) for row in TABLE), *MOUSE]
    for letters in range(round(LETTERS * scale), SMALLEST - 1, -1):
        for columns in (1, 2, 3):
            width, height = _measured(rows, letters, columns)
            if width <= 0.96 * size[0] and height <= 0.9 * size[1]:
                return _table(rows, letters, columns)
    return _table(rows, SMALLEST, 3)


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

"""Text over the picture: panels drawn by Pillow, legible on any picture."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import inf
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from netart.fonts import font, shorten, width_of
from netart.live.gestures import Pointer
from netart.live.keys import MOUSE, TABLE
from netart.live.screen import Panel
from netart.live.status import describe_point, describe_step
from netart.pixels import Size
from netart.shot.shot import Shot

NOTICE_S = 2.0  # that a notice stays
FONT_SIZE = 15  # pixels, at scale 1
EDGE = 12  # pixels from the window's edge to a panel, at scale 1
MIN_FONT_SIZE = 6  # pixels
PAPER = (14, 14, 18, 215)  # behind text
INK = (244, 244, 246)
DIM = (196, 198, 208)  # what keys do; their labels stand out
MARGIN = 0.7  # around text, of the font size
LINE = 1.45  # from line to line, of the font size

PanelPixels = NDArray[np.uint8]  # (height, width, 4), colours premultiplied


@lru_cache(maxsize=4)
def line(text: str, size_px: int, max_width: int) -> PanelPixels:
    """One line of text on a panel at most this wide, in pixels; a longer one is cut."""
    margin = round(MARGIN * size_px)
    cut = shorten(text, size_px, max_width - 2 * margin)
    width = int(width_of(cut, size_px)) + 2 * margin
    image, draw = _empty_panel(width, round(LINE * size_px + margin), size_px)
    draw.text((margin, image.height / 2), cut, fill=INK, font=font(size_px), anchor="lm")
    return _premultiply(image)


@lru_cache(maxsize=1)
def help_page(size: Size, scale: float) -> PanelPixels:
    """The table of keys, in as many columns and as large as fit a window of this size."""
    rows = [*((row.label, row.help) for row in TABLE), *MOUSE]
    for size_px in range(round(FONT_SIZE * scale), MIN_FONT_SIZE - 1, -1):
        for columns in (1, 2, 3):
            width, height = _table_size(rows, size_px, columns)
            if width <= 0.96 * size[0] and height <= 0.9 * size[1]:
                return _table(rows, size_px, columns)
    return _table(rows, MIN_FONT_SIZE, 3)


class Overlay:
    """What is shown over the picture."""

    def __init__(self) -> None:
        self.scale = 1.0  # of the text
        self.shows_help = False
        self.shows_numbers = False  # those under the pointer
        self.notice = ""  # at the bottom
        self.notice_until_s = inf

    def show_notice(self, text: str, stays: bool = False) -> None:
        """Shows a line at the bottom, for NOTICE_S, or until the next one."""
        self.notice = text
        self.notice_until_s = inf if stays else perf_counter() + NOTICE_S

    def expire_notice(self, now_s: float) -> bool:
        """Whether the notice's time is over, just now."""
        if now_s < self.notice_until_s:
            return False
        self.notice, self.notice_until_s = "", inf
        return True

    def panels(
        self,
        size: Size,
        shot: Shot,
        pointer: Pointer,
        progress: str,
        training: str,
        learning: bool,
        recording: bool,
    ) -> dict[str, Panel]:
        """The panels over a picture of this size, by name.

        shot: the picture's. progress: of background jobs, shown where there is no notice. training:
        how far it is. learning: whether the network on screen learns.
        """
        lines = {"notice": self.notice or progress, "training": training}
        if training or learning or self.shows_numbers:
            lines["step"] = describe_step(shot)
            if lines["notice"] == lines["step"]:
                lines["notice"] = progress
        if self.shows_numbers:
            lines["numbers"] = describe_point(shot, pointer)
        corner = "recording" if recording else ""
        return place_panels(size, self.scale, lines, corner, self.shows_help)


def place_panels(
    size: Size, scale: float, lines: Mapping[str, str], corner: str, shows_help: bool
) -> dict[str, Panel]:
    """The panels over a picture of this size, by name.

    scale: of the text. lines: at the bottom, from the lowest up; empty ones are left out. corner: a
    word in the upper right corner, if not empty.
    """
    width, height = size
    size_px, edge = round(FONT_SIZE * scale), round(EDGE * scale)
    found = {}
    if shows_help:
        page = help_page(size, scale)
        high, wide, _ = page.shape
        found["help"] = Panel(page, (width - wide) // 2, max(0, (height - high) // 2))
    bottom = height - edge
    for name, text in lines.items():
        if text:
            drawn = line(text, size_px, width - 2 * edge)
            bottom -= len(drawn)
            found[name] = Panel(drawn, edge, bottom)
            bottom -= edge // 2
    if corner:
        drawn = line(corner, size_px, width - 2 * edge)
        found["corner"] = Panel(drawn, width - edge - drawn.shape[1], edge)
    return found


def _column_widths(rows: list[tuple[str, str]], size_px: int) -> tuple[int, int]:
    """Of the labels and of what they do."""
    labels, helps = (max(map(font(size_px).getlength, texts)) for texts in zip(*rows, strict=True))
    return int(labels + 1.2 * size_px), int(helps + 2 * size_px)


def _table_size(rows: list[tuple[str, str]], size_px: int, columns: int) -> Size:
    lines = -(-len(rows) // columns)
    width = columns * sum(_column_widths(rows, size_px)) - size_px
    return width + 2 * size_px, round(lines * LINE * size_px) + 2 * size_px


def _table(rows: list[tuple[str, str]], size_px: int, columns: int) -> PanelPixels:
    image, draw = _empty_panel(*_table_size(rows, size_px, columns), size_px)
    lines, (label, rest) = -(-len(rows) // columns), _column_widths(rows, size_px)
    for k, (name, text) in enumerate(rows):
        left = size_px + k // lines * (label + rest)
        middle = size_px + (k % lines + 0.5) * LINE * size_px
        draw.text((left, middle), name, fill=INK, font=font(size_px), anchor="lm")
        draw.text((left + label, middle), text, fill=DIM, font=font(size_px), anchor="lm")
    return _premultiply(image)


def _empty_panel(width: int, height: int, size_px: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), size_px / 2, PAPER)
    return image, draw


def _premultiply(image: Image.Image) -> PanelPixels:
    pixels = np.asarray(image).astype(np.uint16)
    pixels[..., :3] = (pixels[..., :3] * pixels[..., 3:] + 127) // 255
    return pixels.astype(np.uint8)

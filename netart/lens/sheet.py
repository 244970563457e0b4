"""Many shots on one page, row by row, with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from netart.evaluate.request import Evaluator, Pixels, Size
from netart.lens.colour import colours, strips
from netart.shot.sheet import Layout, Sheet
from netart.shot.shot import Shot

GUTTER = 1 / 16  # of the panel's shorter side
LETTERS = 1 / 15  # their size, likewise
LEAST_LETTERS, MOST_LETTERS = 11, 64  # pixels
LINE = 1.7  # height of a label in letters


class Page(NamedTuple):
    """columns and rows of panels, and how they are laid out."""

    columns: int
    rows: int
    layout: Layout

    @property
    def gutter(self) -> int:
        given = self.layout.gutter
        return round(min(self.layout.panel) * GUTTER) if given is None else given

    @property
    def letters(self) -> int:
        """Their size in pixels."""
        return min(max(LEAST_LETTERS, round(min(self.layout.panel) * LETTERS)), MOST_LETTERS)

    @property
    def label(self) -> int:
        """The height of a label in pixels."""
        return round(LINE * self.letters) if self.layout.labels else 0

    @property
    def size(self) -> Size:
        """Width and height of the page in pixels."""
        width, height = self.layout.panel
        across, down = width + self.gutter, height + self.label + self.gutter
        return self.columns * across + self.gutter, self.rows * down + self.gutter


def page_of(sheet: Sheet) -> Page:
    """The page that the sheet is."""
    return Page(*sheet.grid, sheet.layout)


def labelled(sheet: Sheet) -> Iterator[tuple[Shot, str]]:
    """Each panel's shot and label: its fields and values, or the values alone where they fit no
    other way.
    """
    chosen = [sheet.chosen(number) for number in range(1, len(sheet) + 1)]
    long = ["   ".join(f"{name} {_short(x)}" for name, x in row.items()) for row in chosen]
    short = ["   ".join(map(_short, row.values())) for row in chosen]
    fits = all(_wide(text, page_of(sheet).letters) <= sheet.layout.panel[0] for text in long)
    return zip(sheet.panels(), long if fits else short, strict=True)


def drawn(
    page: Page,
    panels: Iterable[tuple[Shot, str]],
    evaluator: Evaluator,
    done: Callable[[], object] = lambda: None,
) -> Iterator[Pixels]:
    """The page from top to bottom, a row of panels a strip (rows, width, 3).

    panels: shots and labels, row by row. done: called after each panel.
    """
    (width, height), gutter = page.layout.panel, page.gutter
    paper = np.array(ImageColor.getrgb(page.layout.background)[:3], np.float32) / 255
    if gutter:
        yield np.full((gutter, page.size[0], 3), paper)
    waiting = iter(panels)
    while row := tuple(islice(waiting, page.columns)):
        strip = np.full((height + page.label + gutter, page.size[0], 3), paper)
        for column, (shot, label) in enumerate(row):
            left = gutter + column * (width + gutter)
            place, top = strip[:, left : left + width], 0
            for part in strips(shot, colours(shot), page.layout.panel, evaluator):
                place[top : top + len(part)] = part
                top += len(part)
            if page.label:
                ink = _text(label, (width, page.label), page.letters)[..., None]
                below = place[height : height + page.label]
                below += ink * (np.float32(paper.mean() < 0.5) - below)
            done()
        yield strip


def _short(value: str) -> str:
    """Numbers in four digits are enough to tell panels apart."""
    try:
        number = float(value)
    except ValueError:
        return value
    return value if len(value) <= 6 or number.is_integer() else f"{number:.4g}"


def _text(text: str, size: Size, letters: int) -> Pixels:
    """(height, width) float32, 1 where there is ink: the text in the middle, smaller where it is
    too long, and cut where the smallest letters are.
    """
    width, height = size
    while _wide(text, letters) > width and letters > LEAST_LETTERS:
        letters -= 1
    while _wide(text, letters) > width and len(text) > 1:
        text = text.rstrip("…")[:-1] + "…"
    picture = Image.new("L", size)
    middle = (width / 2, 0.55 * height)
    ImageDraw.Draw(picture).text(middle, text, fill=255, font=_font(letters), anchor="mm")
    return np.asarray(np.asarray(picture) / 255, np.float32)


@lru_cache(maxsize=8)
def _font(letters: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(letters)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _wide(text: str, letters: int) -> float:
    return _font(letters).getlength(text)

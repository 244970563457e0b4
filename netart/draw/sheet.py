"""Many shots on one page, row by row, with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from netart.draw.fonts import font
from netart.evaluate.request import Evaluator
from netart.lens import strips
from netart.pixels import Pixels, Size
from netart.shot.sheet import Layout, Sheet
from netart.shot.shot import Shot

GUTTER = 1 / 16  # of the panel's shorter side
LETTERS = 1 / 15  # their size, likewise
LEAST_LETTERS, MOST_LETTERS = 11, 64  # pixels
SMALLEST_LETTERS = 8  # where a value is long
LINE = 1.7  # height of a label in letters


class Page(NamedTuple):
    """columns and rows of panels, how they are laid out, and the lines of a label."""

    columns: int
    rows: int
    layout: Layout
    lines: int = 1

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
        return self.lines * round(LINE * self.letters) if self.layout.labels else 0

    @property
    def size(self) -> Size:
        """Width and height of the page in pixels."""
        width, height = self.layout.panel
        across, down = width + self.gutter, height + self.label + self.gutter
        return self.columns * across + self.gutter, self.rows * down + self.gutter


def page_of(sheet: Sheet) -> Page:
    """The page that the sheet is."""
    return Page(*sheet.grid, sheet.layout, labels(sheet)[0].count("\n") + 1)


def labels(sheet: Sheet) -> list[str]:
    """What stands under the panels: fields and values, the values alone, or a line each, as
    there is room.
    """
    shown = [dict(zip(over.values, _short(over.values), strict=True)) for over in sheet.overs]
    chosen = [sheet.chosen(number) for number in range(1, len(sheet) + 1)]
    letters = Page(*sheet.grid, sheet.layout).letters
    for form, between in (("{0} {1}", "   "), ("{1}", "   "), ("{1}", "\n")):
        texts = [
            between.join(
                form.format(name, short[value])
                for short, (name, value) in zip(shown, row.items(), strict=True)
            )
            for row in chosen
        ]
        if all(_wide(text, letters) <= sheet.layout.panel[0] for text in texts):
            break
    return texts


def _short(values: tuple[str, ...]) -> list[str]:
    """The values in as few digits as tell them apart, four at least."""
    for digits in range(4, 18):
        texts = [_rounded(value, digits) for value in values]
        if len(set(texts)) == len(set(values)):
            break
    return texts


def _rounded(value: str, digits: int) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    return value if len(value) <= 6 or number.is_integer() else f"{number:.{digits}g}"


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
            for part in strips(shot, page.layout.panel, evaluator):
                place[top : top + len(part)] = part
                top += len(part)
            if page.label:
                ink = _text(label, (width, page.label), page.letters)[..., None]
                below = place[height : height + page.label]
                below += ink * (np.float32(paper.mean() < 0.5) - below)
            done()
        yield strip


def _text(text: str, size: Size, letters: int) -> Pixels:
    """(height, width) float32, 1 where there is ink: the lines in the middle, smaller where one is
    too long, and cut where the smallest letters are.
    """
    width, height = size
    lines = text.split("\n")
    while _wide(text, letters) > width and letters > SMALLEST_LETTERS:
        letters -= 1
    picture = Image.new("L", size)
    for k, line in enumerate(lines):
        while _wide(line, letters) > width and len(line) > 1:
            line = line.rstrip("…")[:-1] + "…"
        middle = (width / 2, (k + 0.55) * height / len(lines))
        ImageDraw.Draw(picture).text(middle, line, fill=255, font=font(letters), anchor="mm")
    return np.asarray(np.asarray(picture) / 255, np.float32)


def _wide(text: str, letters: int) -> float:
    """Of the longest line, in pixels."""
    return max(font(letters).getlength(line) for line in text.split("\n"))

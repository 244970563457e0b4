"""Many shots on one page, row by row, with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice, tee
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from netart.evaluate.request import Evaluator
from netart.fonts import font, shorten, width_of
from netart.lens import pictures
from netart.net.learning.trained import Trained
from netart.pixels import Pixels, Size
from netart.shot.sheet import Layout, Sheet
from netart.shot.shot import Shot

GUTTER = 1 / 16  # of the panel's shorter side
FONT_SIZE = 1 / 15  # of the panel's shorter side
MIN_FONT_PX, MAX_FONT_PX = 11, 64
MIN_LONG_FONT_PX = 8  # of a label that is too long for its panel
LINE = 1.7  # height of a label's line, in font sizes
NUMBER_INK = 0.55  # of a panel's number, as a share of its values' ink

# How a label may be written, the longest first: a field with its value, what stands between two
# fields, and what stands behind the panel's number.
FORMS = (("{0} {1}", "   ", ""), ("{1}", "   ", ""), ("{1}", "\n", ""))
NUMBERED_FORMS = (
    ("{0} {1}", "   ", "   "),
    ("{1}", "   ", "   "),
    ("{1}", "   ", "\n"),
    ("{1}", "\n", "\n"),
)


class Page(NamedTuple):
    """How panels lie on a page. Sizes are in pixels."""

    columns: int
    rows: int
    layout: Layout
    lines: int = 1  # of a label

    @property
    def gutter(self) -> int:
        """Space between and around the panels."""
        given = self.layout.gutter
        return round(min(self.layout.panel) * GUTTER) if given is None else given

    @property
    def font_px(self) -> int:
        """The font size of labels."""
        return min(max(MIN_FONT_PX, round(min(self.layout.panel) * FONT_SIZE)), MAX_FONT_PX)

    @property
    def label_height(self) -> int:
        """Height of the space under a panel, for its label."""
        return self.lines * round(LINE * self.font_px) if self.layout.labels else 0

    @property
    def size(self) -> Size:
        """Width and height of the page."""
        width, height = self.layout.panel
        across, down = width + self.gutter, height + self.label_height + self.gutter
        return self.columns * across + self.gutter, self.rows * down + self.gutter


def lay_out(sheet: Sheet) -> Page:
    """The page of a sheet."""
    return Page(*sheet.grid, sheet.layout, labels(sheet)[0].count("\n") + 1)


def labels(sheet: Sheet) -> list[str]:
    """The text under each panel, as long as there is room for: fields and values, the values
    alone, or a line for each value; where the layout says so, the panel's number before them.
    """
    rows, panel_px = short_texts(sheet), sheet.layout.panel[0]
    font_px = Page(*sheet.grid, sheet.layout).font_px
    is_numbered = sheet.layout.labels == "numbered"
    for form, between, behind_number in NUMBERED_FORMS if is_numbered else FORMS:
        texts = [
            (f"#{number}{behind_number}" if is_numbered else "")
            + between.join(
                form.format(name.replace("_", " "), value[: panel_px + 1])  # more has no room
                for name, value in row.items()
            )
            for number, row in enumerate(rows, 1)
        ]
        if all(width_of(text, font_px) <= panel_px for text in texts):
            break
    return texts


def short_texts(sheet: Sheet) -> list[dict[str, str]]:
    """Field → its value, for each panel: in the fewest digits that tell the field's values apart,
    four at least.
    """
    rows = [_texts(sheet, number) for number in range(1, len(sheet) + 1)]
    for over in sheet.varied:
        values = tuple({row[over.field]: None for row in rows})
        short = dict(zip(values, _short(values), strict=True))
        for row in rows:
            row[over.field] = short[row[over.field]]
    return rows


def _texts(sheet: Sheet, number: int) -> dict[str, str]:
    """Field → its value in a panel; of a step the one whose weights are drawn."""
    texts = sheet.texts(number)
    if "step" in texts:
        network = sheet.panel(number).network
        assert isinstance(network, Trained)
        texts["step"] = f"{network.shown:.17g}"
    return texts


def _short(values: tuple[str, ...]) -> list[str]:
    """The values in the fewest digits that tell them apart, four at least."""
    for digits in range(4, 18):
        texts = [_round(value, digits) for value in values]
        if len(set(texts)) == len(set(values)):
            break
    return texts


def _round(value: str, digits: int) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    return value if len(value) <= 6 or number.is_integer() else f"{number:.{digits}g}"


def page_strips(
    page: Page,
    panels: Iterable[tuple[Shot, str]],
    evaluator: Evaluator,
    done: Callable[[Shot, Pixels], object] = lambda shot, pixels: None,
) -> Iterator[Pixels]:
    """The page from top to bottom, a row of panels a strip (rows, width, 3), display sRGB.

    panels: shots and labels, row by row. done: called after each panel, with its shot
    and its pixels.
    """
    (width, height), gutter = page.layout.panel, page.gutter
    paper = np.array(ImageColor.getrgb(page.layout.background)[:3], np.float32) / 255
    if gutter:
        yield np.full((gutter, page.size[0], 3), paper)
    here, ahead = tee(panels)  # drawing looks beyond a row's end
    drawn = pictures(((shot, None) for shot, _ in ahead), page.layout.panel, evaluator)
    while row := tuple(islice(here, page.columns)):
        strip = np.full((height + page.label_height + gutter, page.size[0], 3), paper)
        for column, (shot, label) in enumerate(row):
            left = gutter + column * (width + gutter)
            place = strip[:, left : left + width]
            place[:height] = next(drawn)
            if page.label_height:
                ink = _text(
                    label,
                    (width, page.label_height),
                    page.font_px,
                    len(label.split(maxsplit=1)[0]) if page.layout.labels == "numbered" else 0,
                )[..., None]
                below = place[height : height + page.label_height]
                below += ink * (np.float32(paper.mean() < 0.5) - below)
            done(shot, place[:height])
        yield strip


def _text(text: str, size: Size, font_px: int, faint: int = 0) -> Pixels:
    """(height, width) float32, 1 where there is ink: the lines are centred, smaller where one is
    too long, and cut where they cannot be smaller.

    faint: so many letters at the beginning have less ink, and are no smaller for longer lines.
    """
    width, height = size
    lines = text.split("\n")
    picture = Image.new("L", size)
    for k, line in enumerate(lines):
        fits_px = _fitting(line if faint else text, width, font_px)
        draw = partial(ImageDraw.Draw(picture).text, font=font(fits_px))
        line = shorten(line, fits_px, width)
        middle = (width / 2, (k + 0.55) * height / len(lines))
        if k or not faint:
            draw(middle, line, fill=255, anchor="mm")
            continue
        left = (width - width_of(line, fits_px)) / 2
        draw((left, middle[1]), line[:faint], fill=round(255 * NUMBER_INK), anchor="lm")
        left += width_of(line[:faint], fits_px)
        draw((left, middle[1]), line[faint:], fill=255, anchor="lm")
    return np.asarray(np.asarray(picture) / 255, np.float32)


def _fitting(text: str, width: int, font_px: int) -> int:
    """The font size at which the text is no wider than `width` pixels, or the least that is read:
    `font_px` at most.
    """
    while width_of(text, font_px) > width and font_px > MIN_LONG_FONT_PX:
        font_px -= 1
    return font_px

"""Text over the picture: all of it is there, within its panel, and can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import ImageDraw

from netart.fonts import font
from netart.live import overlay
from netart.live.keys import MOUSE, TABLE
from netart.live.overlay import (
    DIM,
    EDGE,
    FONT_SIZE,
    INK,
    PAPER,
    PanelPixels,
    help_page,
    line,
    place_panels,
)
from netart.shot.fields import FIELDS

Text = tuple[str, tuple[float, float, float, float]]  # and its box: left, top, right, bottom


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Text]]:
    """What is written on panels, and where."""
    found: list[Text] = []
    write = ImageDraw.ImageDraw.text

    def text(self: Any, xy: Any, what: str, **style: Any) -> None:
        box = self.textbbox(xy, what, font=style["font"], anchor=style["anchor"])
        found.append((what, box))
        write(self, xy, what, **style)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    for made in (help_page, line):
        made.cache_clear()
    yield found
    for made in (help_page, line):
        made.cache_clear()


SIZES = [(320, 240), (480, 320), (240, 640), (640, 360), (1280, 720), (1920, 1080), (3840, 2160)]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_the_help_page_names_every_row_and_fits(
    written: list[Text], size: tuple[int, int], scale: float
) -> None:
    height, width, _ = help_page(size, scale).shape
    assert width <= size[0]
    assert height <= size[1]
    rows = [*((row.label, row.help) for row in TABLE), *MOUSE]
    assert [text for text, _ in written] == [text for row in rows for text in row]
    boxes = [box for _, box in written]
    for left, top, right, bottom in boxes:
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    for k, (left, top, right, bottom) in enumerate(boxes):
        for x, y, across, down in boxes[k + 1 :]:
            assert right <= x or across <= left or bottom <= y or down <= top


def test_letters_are_as_large_as_the_scale_where_there_is_room() -> None:
    for scale in (1.0, 2.0):
        assert np.isclose(len(line("a", round(FONT_SIZE * scale), 900)), 32 * scale, atol=2)
        assert len(help_page((3840, 2160), scale)) == pytest.approx(944 * scale, abs=30)


def test_every_letter_is_in_the_font() -> None:
    rows = [*((row.label, row.help) for row in TABLE), *MOUSE]
    letters = {letter for row in rows for text in row for letter in text}
    letters |= {chr(code) for code in range(33, 127)} | set("…·") | set("".join(FIELDS))
    for size in (FONT_SIZE, 2 * FONT_SIZE):
        # What stands for letters that are not there.
        box = bytes(font(size).getmask("\U0010fffe"))
        for letter in letters - {" "}:
            assert bytes(font(size).getmask(letter)) not in (box, b""), letter


def luminance(colour: np.ndarray) -> float:
    """Of display sRGB from 0 to 255, by WCAG 2."""
    c = colour / 255
    linear = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("behind", [(0, 0, 0), (255, 255, 255), (255, 255, 0), (127, 127, 127)])
@pytest.mark.parametrize("ink", [INK, DIM])
def test_text_can_be_read_on_anything(
    behind: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    alpha = PAPER[3] / 255
    paper = alpha * np.array(PAPER[:3]) + (1 - alpha) * np.array(behind)
    assert (luminance(np.array(ink)) + 0.05) / (luminance(paper) + 0.05) >= 7  # WCAG's AAA


def test_pixels_are_premultiplied() -> None:
    found = line("legible", 30, 900)
    assert found.dtype == np.uint8
    assert (found[..., :3] <= found[..., 3:]).all()
    assert tuple(found[0, 0]) == (0, 0, 0, 0)  # round corners
    paper = [round(c * PAPER[3] / 255) for c in PAPER[:3]]
    assert tuple(found[2, 15]) == (*paper, PAPER[3])
    assert found.max(axis=(0, 1)).tolist() == [*INK, 255]


@pytest.mark.parametrize("widest", [900, 300, 100, 40, 10, 0, -20])
def test_long_lines_are_cut(written: list[Text], widest: int) -> None:
    text = "wrote a-very-long-name-of-a-file-whose-folder-has-another-one.png   seed 321"
    drawn = line(text, FONT_SIZE, widest)
    (said, box), *others = written
    assert not others
    assert drawn.shape[1] <= max(widest, 60)
    assert box[0] >= 0
    assert box[2] <= drawn.shape[1]
    assert said == text if widest == 900 else said.endswith("…")
    assert text.startswith(said.rstrip("…"))


def test_any_text_makes_a_line(written: list[Text]) -> None:
    for text in ("", " ", "a\nb", "tab\tbed", "\x00", "日本", "e\u0301", "🙂" * 50, "\udcff"):
        found: PanelPixels = line(text, FONT_SIZE, 300)
        assert found.shape[1] <= 300
        assert found.shape[0] == len(line("a", FONT_SIZE, 300))


def test_what_was_drawn_is_kept() -> None:
    assert line("kept", 15, 300) is line("kept", 15, 300)
    assert help_page((640, 360), 1.0) is help_page((640, 360), 1.0)
    assert overlay.help_page((640, 360), 1.0) is not help_page((800, 600), 1.0)


@pytest.mark.parametrize(("size", "scale"), [((640, 360), 1.0), ((1280, 721), 2.0)])
def test_panels_lie_in_the_picture_and_not_on_each_other(
    size: tuple[int, int], scale: float
) -> None:
    lines = {"notice": "seed 7", "empty": "", "numbers": "x 0.5"}
    found = place_panels(size, scale, lines, "recording", shows_help=True)
    assert found.keys() == {"notice", "numbers", "corner", "help"}
    edge = round(EDGE * scale)
    boxes = {name: (p.left, p.top, *p.pixels.shape[1::-1]) for name, p in found.items()}
    ends = {name: (x + wide, y + high) for name, (x, y, wide, high) in boxes.items()}
    assert boxes["notice"][0] == boxes["numbers"][0] == edge
    assert ends["notice"][1] == size[1] - edge
    assert 0 < boxes["notice"][1] - ends["numbers"][1] <= edge
    assert (ends["corner"][0], boxes["corner"][1]) == (size[0] - edge, edge)
    x, y, wide, high = boxes["help"]
    assert (x, y) == ((size[0] - wide) // 2, (size[1] - high) // 2)
    assert place_panels(size, scale, {"notice": ""}, "", shows_help=False) == {}

"""What a page needs to draw points of classes and letters over a picture, as plain data."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from netart.fonts import font
from netart.lens import marks
from netart.shot.lens import Lines, Regions
from netart.shot.marks import CLASS_COLOURS
from netart.shot.shot import Shot

# Units of the font: of its size, and how far it reaches above and below the baseline.
EM, ASCENT, DESCENT = 1000, 970, 230

# Of all points together, where one by itself has 1: they are drawn anew whenever a view moves.
MAX_AREA = 10_000
SQUARE = 1000, 1000  # pixels of the picture on which they are compared

# Matplotlib's codes of paths: what SVG writes for each, and how many places more belong to it.
COMMANDS = {1: ("M", 0), 2: ("L", 0), 3: ("Q", 1), 4: ("C", 2)}
CLOSE = 79


def why_other_marks(shot: Shot) -> str:
    """Which marks of a shot no page draws, in words; empty where it draws all."""
    if isinstance(shot.lens, Lines) and shot.lens.annotate:
        return "equations over lines"
    points = len(shot.marks.resolve().classes) if shot.marks.points else 0
    size = shot.marks.point_size * marks.radius_px(SQUARE, points) / marks.radius_px(SQUARE, 1)
    if points * size**2 > MAX_AREA:
        return f"{points:,} points as large as these"
    return ""


def marks_data(shot: Shot) -> dict[str, Any] | None:
    """What lies over a shot's picture, as marks.js and letters.js draw it; None where nothing does.

    `points`: float32 in base64, (N, 3): places along the view's axes, in input units, and a class.
    `letters`: the outlines of those that regions bear. `grid`: points along the picture's shorter
    side, among which the widest part of a region is looked for. `style`: how marks look, as
    netart/lens/marks.py has it.
    """
    lens = shot.lens
    has_letters = isinstance(lens, Regions) and lens.annotate
    if not (shot.marks.points or has_letters):
        return None
    found: dict[str, Any] = {"style": _style(shot)}
    if shot.marks.points:
        at, classes = shot.marks.resolve()
        along = at if shot.view.axes == ("x", "y") else at[:, ::-1]
        rows = np.column_stack([along, classes]).astype("<f4")
        found["points"] = base64.b64encode(rows.tobytes()).decode()
    if isinstance(lens, Regions) and lens.annotate:
        found["letters"] = _letters(marks.LETTERS[: lens.count(shot.network)])
        found["grid"] = marks.LABEL_GRID
    return found


def point_style() -> dict[str, Any]:
    """How points look, but for their size."""
    return {
        "radius": marks.RADIUS,
        "leastRadius": marks.MIN_RADIUS_PX,
        "many": marks.MANY,
        "farthest": marks.FARTHEST,
        "hollow": marks.HOLLOW,
        "rim": marks.RIM,
        "shade": marks.SHADE,
        "darkest": marks.DARKEST,
        "colours": CLASS_COLOURS,
        "paper": (255 * marks.PAPER).tolist(),
    }


def _style(shot: Shot) -> dict[str, Any]:
    return {
        **point_style(),
        "pointSize": shot.marks.point_size,
        "ink": marks.INK,
        "em": EM,
        "ascent": ASCENT,
        "descent": DESCENT,
        "lineHeight": marks.LINE_HEIGHT,
        "fontSize": marks.FONT_SIZE,
        "leastFont": marks.MIN_FONT_PX,
        "halo": marks.HALO,
        "haloCover": marks.HALO_COVER,
    }


def _letters(letters: str) -> list[dict[str, Any]]:
    """Of each letter `width`, and `path`, its outline as SVG writes it: in units of 1 / EM of the
    font size, the baseline at y = 0, y down, and x = 0 in the middle of the width.
    """
    from io import BytesIO

    from matplotlib.ft2font import FT2Font, LoadFlags

    file = font(EM).path
    assert isinstance(file, BytesIO)
    outlines, found = FT2Font(BytesIO(file.getvalue())), []
    for letter in letters:
        width = outlines.load_char(ord(letter), flags=LoadFlags.NO_SCALE).horiAdvance
        corners, codes = outlines.get_path()
        places = np.rint(64 * corners * (1, -1) - (width / 2, 0)).astype(int)
        found.append({"width": width, "path": _spell(places.tolist(), codes.tolist())})
    return found


def _spell(places: list[list[int]], codes: list[int]) -> str:
    """Places and matplotlib's codes, of which curves repeat theirs, as an SVG path."""
    text, left = "", 0
    for (x, y), code in zip(places, codes, strict=True):
        if left:
            text += f" {x},{y}"
            left -= 1
        elif code == CLOSE:
            text += "Z"
        else:
            command, left = COMMANDS[code]
            text += f"{command}{x},{y}"
    return text

"""Points of classes and short texts over a picture, legible whatever it shows.

Classes are told apart by colour and by shape. Every mark is fill, a thin light rim, and a faint
shade around it: the rim stands out from dark pictures, the shade from light ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from netart.fonts import font
from netart.net.network import input_names
from netart.pixels import Pixels, Size, Window
from netart.shot.marks import CLASS_COLOURS
from netart.shot.shot import Shot

Plane = NDArray[np.float32]  # (rows, columns)
Place = tuple[float, float]  # columns and rows from the picture's corner

# Of the picture's shorter side: a mark's radius, which shrinks where there are many, and text.
RADIUS = 1 / 150
MIN_RADIUS_PX = 2.5
MANY = 500
FONT_SIZE = 1 / 36
MIN_FONT_PX = 11
LINE_HEIGHT = 1.5  # of the font size

FARTHEST = 1.5  # of a mark's radius; how far a shape reaches
HOLLOW = 0.48  # of a mark's radius; the thickness of a ring
RIM = 0.22  # of a mark's radius; its thickness
SHADE = 0.35  # of a mark's radius; how far the shade reaches beyond the rim
DARKEST = 0.4  # of the shade, at the rim
HALO_COVER = 0.9  # of the picture behind letters
HALO = 1 / 7  # of the font size; how far the halo reaches beyond the letters
PAPER = np.array([0.99, 0.985, 0.97], np.float32)
NIGHT = np.float32(1) - PAPER
INK = (24, 24, 30)

# Of regions: what they bear, and points along the picture's shorter side, among which the widest
# part of each is looked for.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LABEL_GRID = 96

COLOURS = np.array(CLASS_COLOURS, np.float32) / 255

Level = tuple[int, int, int]  # red, green and blue, 0 to 255


class Point(NamedTuple):
    """A point of a class, from 1, at (u, v) of the picture: ±1 at the ends of its shorter side."""

    u: float
    v: float
    number: int


class Label(NamedTuple):
    """A short text, one line, around (u, v) of the picture."""

    u: float
    v: float
    text: str
    ink: Level = INK


def points_on_plane(shot: Shot) -> list[Point]:
    """The shot's points, where its view has them."""
    view, found = shot.view, shot.marks.resolve()
    names = input_names(shot.network.latents)
    centre = np.array([float(view.centre[names.index(name)]) for name in view.axes])
    swapped = found.xy if view.axes == ("x", "y") else found.xy[:, ::-1]
    at = np.linalg.solve(view.radius * np.array(view.basis), (swapped - centre).T)
    return [Point(*place) for place in zip(*at.tolist(), found.classes.tolist(), strict=True)]


def composite(
    picture: Pixels,
    size: Size,
    window: Window,
    points: Sequence[Point],
    labels: Sequence[Label],
    point_size: float = 1.0,
) -> Pixels:
    """The window (rows, columns, 3) of a picture, display sRGB in [0, 1], with the marks over it.

    Fills lie over all rims, later ones over earlier ones, labels over all. What lies outside is
    left out. point_size: multiplies the points' radius.
    """
    out = np.array(picture, np.float32)
    radius = point_size * radius_px(size, len(points))
    placed = [(_place(point.u, point.v, size), point.number) for point in points]
    near = [(place, number) for place, number in placed if _touches(window, place, radius)]
    for add in _add_rim, _add_fill:  # else rims would hide what is crowded
        for place, number in near:
            add(out, window, place, radius, number)
    font_px = max(MIN_FONT_PX, round(min(size) * FONT_SIZE))
    for label in labels:
        _add_label(out, window, _place(label.u, label.v, size), label, font_px)
    return out


def radius_px(size: Size, count: int) -> float:
    """The radius in pixels of each of so many points on a picture of that size."""
    shrunk = min(1.0, MANY / max(1, count)) ** 0.25
    return float(max(MIN_RADIUS_PX, min(size) * RADIUS * shrunk))


def _place(u: float, v: float, size: Size) -> Place:
    """Columns and rows from the picture's corner to (u, v); middles of pixels lie at halves."""
    width, height = size
    return (width + u * min(size)) / 2, (height - v * min(size)) / 2


# The signed distances of shapes of radius 1 and about one area: x to the right, y down.
def _disc(x: Plane, y: Plane) -> Plane:
    return np.hypot(x, y) - np.float32(1)


def _square(x: Plane, y: Plane) -> Plane:
    return np.maximum(np.abs(x), np.abs(y)) - np.float32(0.88)


def _triangle(x: Plane, y: Plane) -> Plane:
    slanted = np.float32(0.866025) * np.abs(x) - np.float32(0.5) * y
    return np.maximum(slanted, y) - np.float32(0.72)


def _diamond(x: Plane, y: Plane) -> Plane:
    return (np.abs(x) + np.abs(y)) * np.float32(0.707107) - np.float32(0.86)


def _cross(x: Plane, y: Plane) -> Plane:
    a, b = np.abs(x), np.abs(y)
    return np.maximum(np.maximum(a, b) - np.float32(1.1), np.minimum(a, b) - np.float32(0.4))


class Shape(NamedTuple):
    """How the points of a class look."""

    # Of x and y in radii, to the right and down: the distance to the shape's edge, below 0 inside.
    distance: Callable[[Plane, Plane], Plane]
    hollow: bool = False  # with a middle of paper


# Six shapes and seven colours: 42 classes are told apart.
SHAPES = (
    Shape(_disc),
    Shape(_disc, hollow=True),
    Shape(_square),
    Shape(_triangle),
    Shape(_diamond),
    Shape(_cross),
)


def _add_rim(out: Pixels, window: Window, place: Place, radius: float, number: int) -> None:
    """Draws a point's rim, and the shade around it, into the window's pixels (rows, columns, 3)."""
    rim, shade = _rim(radius)
    part, edge = _distances(out, window, place, radius, rim + shade, number)
    beyond = np.clip((edge - np.float32(rim)) / np.float32(shade), 0, 1)
    part *= 1 - np.float32(DARKEST) * ((1 - beyond) ** 2)[..., None]
    _blend(part, _cover(edge - np.float32(rim)), PAPER)


def _add_fill(out: Pixels, window: Window, place: Place, radius: float, number: int) -> None:
    """Draws a point within its rim."""
    part, edge = _distances(out, window, place, radius, 0, number)
    _blend(part, _cover(edge), COLOURS[(number - 1) % len(COLOURS)])
    if SHAPES[(number - 1) % len(SHAPES)].hollow:
        _blend(part, _cover(edge + np.float32(HOLLOW * radius)), PAPER)


def _rim(radius: float) -> tuple[float, float]:
    """The thickness of a rim and of the shade around it, in pixels."""
    return max(1.0, RIM * radius), max(1.5, SHADE * radius)


def _touches(window: Window, place: Place, radius: float) -> bool:
    """Whether a point may touch the window: of a picture in many windows few points do."""
    reach = FARTHEST * radius + sum(_rim(radius)) + 1
    return all(
        start - reach <= at <= start + length + reach
        for at, start, length in zip(place, window[:2], window[2:], strict=True)
    )


def _distances(
    out: Pixels, window: Window, place: Place, radius: float, beyond: float, number: int
) -> tuple[Pixels, Plane]:
    """The part of the window's pixels that a point and what lies so far beyond it may touch, and
    in pixels the distances of their middles from its edge.
    """
    part, rows, columns = _part(out, window, place, FARTHEST * radius + beyond + 1)
    scale = np.float32(radius)
    x, y = np.broadcast_arrays(columns / scale, rows[:, None] / scale)
    return part, SHAPES[(number - 1) % len(SHAPES)].distance(x, y) * scale


def _add_label(out: Pixels, window: Window, place: Place, label: Label, font_px: int) -> None:
    """Draws the label into the window's pixels (rows, columns, 3)."""
    letters, halo = _draw_text(label.text, font_px)
    rows, columns = letters.shape
    left = round(place[0] - columns / 2) - window.left
    top = round(place[1] - rows / 2) - window.top
    within = np.s_[
        max(0, -top) : max(0, len(out) - top), max(0, -left) : max(0, out.shape[1] - left)
    ]
    part = out[max(0, top) : max(0, top + rows), max(0, left) : max(0, left + columns)]
    ink = np.array(label.ink, np.float32) / np.float32(255)
    around = PAPER if ink.mean() < 0.6 else NIGHT
    _blend(part, halo[within] * np.float32(HALO_COVER), around)
    _blend(part, letters[within], ink)


@lru_cache(maxsize=256)
def _draw_text(text: str, font_px: int) -> tuple[Plane, Plane]:
    """Where there is ink and where there is halo, both (rows, columns) in [0, 1]."""
    text = text.replace("−", "-")  # the font has no minus sign
    stroke = max(2, round(font_px * HALO))
    width = ceil(font(font_px).getlength(text)) + 4 * stroke
    height = round(LINE_HEIGHT * font_px) + 4 * stroke
    planes = []
    for stroke_width in (0, stroke):
        image = Image.new("L", (width, height))
        ImageDraw.Draw(image).text(
            (width / 2, height / 2), text, fill=255, font=font(font_px), anchor="mm",
            stroke_width=stroke_width,
        )  # fmt: skip
        planes.append(np.asarray(image, np.float32) / np.float32(255))
    return planes[0], planes[1]


def _part(out: Pixels, window: Window, place: Place, reach: float) -> tuple[Pixels, Plane, Plane]:
    """The window's pixels within `reach` of the place, and how far their middles lie from it: down
    (rows,) and to the right (columns,). Distances are the picture's, the same in any window.
    """
    spans, away = [], []
    for at, start, length in zip(place, window[:2], window[2:], strict=True):
        first = min(max(start, floor(at - reach)), start + length)
        last = max(first, min(start + length, ceil(at + reach)))
        spans.append(slice(first - start, last - start))
        away.append((np.arange(first, last) + 0.5 - at).astype(np.float32))
    return out[spans[1], spans[0]], away[1], away[0]


def _cover(distance: Plane) -> Plane:
    """The share of a pixel that lies within an edge at this distance from its middle."""
    return np.asarray(np.clip(np.float32(0.5) - distance, 0, 1), np.float32)


def _blend(part: Pixels, cover: Plane, colour: NDArray[np.float32]) -> None:
    part += cover[..., None] * (colour - part)

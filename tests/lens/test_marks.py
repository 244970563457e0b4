"""Marks over pictures: where they lie, what tells classes apart, and windows of one picture."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from netart.lens.marks import (
    COLOURS,
    MANY,
    PAPER,
    SHAPES,
    Label,
    Point,
    composite,
    radius_px,
)
from netart.net.datasets import dataset
from netart.pixels import Pixels, Size, Window

SIZE = (320, 200)
GREY = 0.5


def plain(size: Size = SIZE, level: float = GREY) -> Pixels:
    return np.full((size[1], size[0], 3), level, np.float32)


def over(*marks: Point | Label, size: Size = SIZE, level: float = GREY) -> Pixels:
    """A plain picture with these marks."""
    points = [mark for mark in marks if isinstance(mark, Point)]
    labels = [mark for mark in marks if isinstance(mark, Label)]
    return composite(plain(size, level), size, Window.whole(size), points, labels)


def touched(picture: Pixels, level: float = GREY) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the pixels that are no longer plain."""
    return np.nonzero(np.abs(picture - np.float32(level)).max(axis=2) > 0)


@pytest.mark.parametrize(
    ("u", "v", "column", "row"), [(0, 0, 160, 100), (1, 0.5, 260, 50), (-1.5, -0.9, 10, 190)]
)
def test_marks_lie_where_u_and_v_say(u: float, v: float, column: float, row: float) -> None:
    for mark in Point(u, v, 1), Label(u, v, "O"):
        rows, columns = touched(over(mark))
        assert (rows.min() + rows.max() + 1) / 2 == pytest.approx(row, abs=1.6)
        assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(column, abs=1.6)


def test_windows_of_one_picture_are_equal_bit_for_bit() -> None:
    points = dataset("gauss", 300)
    marks = [
        Point(x / 5, y / 5, number % 9 + 1)
        for number, (x, y) in enumerate(points.xy.tolist())
    ]  # fmt: skip
    labels = [Label(0.31, -0.2, "B"), Label(-1.59, 0.97, "x − y", (240, 240, 240))]
    rng = np.random.default_rng(1)
    picture = rng.random((SIZE[1], SIZE[0], 3), np.float32)
    whole = composite(picture, SIZE, Window.whole(SIZE), marks, labels)
    assert (whole != picture).any(axis=2).mean() > 0.1
    for left, top, width, height in [(0, 0, 320, 7), (0, 7, 320, 193), (177, 101, 64, 33)]:
        window = Window(left, top, width, height)
        inside = np.s_[top : top + height, left : left + width]
        part = composite(picture[inside], SIZE, window, marks, labels)
        assert (part == whole[inside]).all()


def test_the_picture_that_is_given_stays() -> None:
    picture = plain()
    out = composite(picture, SIZE, Window.whole(SIZE), [Point(0, 0, 1)], [])
    assert (picture == np.float32(GREY)).all()
    assert out.dtype == np.float32 and out.min() >= 0 and out.max() <= 1
    assert (composite(picture, SIZE, Window.whole(SIZE), [], []) == picture).all()


@pytest.mark.parametrize("size", [(90, 80), (1000, 900)])
def test_a_disc_has_the_area_of_its_radius(size: Size) -> None:
    radius = radius_px(size, 1)
    shown = over(Point(0.0123, 0.0456, 1), size=size)
    fill = np.abs(shown - COLOURS[0]).sum(axis=2) < np.abs(shown - PAPER).sum(axis=2)
    fill &= np.abs(shown - COLOURS[0]).sum(axis=2) < np.abs(shown - np.float32(GREY)).sum(axis=2)
    assert fill.sum() == pytest.approx(np.pi * radius**2, rel=0.15)


@pytest.mark.parametrize("shift_px", [0.1, 0.25, 0.5])
def test_edges_are_antialiased(shift_px: float) -> None:
    """A mark that moves by a part of a pixel moves the middle of its light as far."""
    middles = []
    for shift in 0, shift_px:
        light = over(Point(2 * shift / 900, 0, 1), size=(900, 900), level=0).sum(axis=(0, 2))
        middles.append((light * np.arange(900)).sum() / light.sum())
    assert middles[1] - middles[0] == pytest.approx(shift_px, abs=0.02)


def test_classes_are_told_apart_without_colour() -> None:
    size, masks = (2400, 2400), []
    for number in range(1, len(SHAPES) + 1):
        fill = COLOURS[(number - 1) % len(COLOURS)]
        part = over(Point(0, 0, number), size=size)[1175:1225, 1175:1225]
        masks.append(np.abs(part - fill).max(axis=2) < 0.2)
        assert masks[-1].sum() > 10
    for a, b in combinations(masks, 2):
        assert (a != b).mean() > 0.02


def test_more_classes_than_shapes_or_colours_differ() -> None:
    seen = {over(Point(0, 0, number)).tobytes() for number in range(1, 43)}
    assert len(seen) == len(SHAPES) * len(COLOURS) == 42
    assert over(Point(0, 0, 43)).tobytes() in seen


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("level", [0.0, 1.0, "own"])
def test_every_class_stands_out_from_every_picture(number: int, level: float | str) -> None:
    own = COLOURS[number - 1]
    picture = plain()
    picture[:] = own if level == "own" else np.float32(level)
    shown = composite(picture, SIZE, Window.whole(SIZE), [Point(0, 0, number)], [])
    assert np.abs(shown - picture).max() > 0.25


def test_crowded_points_keep_their_colour() -> None:
    """Rims lie under all fills."""
    crowd = [Point(k / 400, 0, 1) for k in range(-20, 20)]
    middle = over(*crowd)[100, 156:164]
    assert np.abs(middle - COLOURS[0]).max() < 0.05


def test_many_points_are_smaller() -> None:
    size = (2000, 2000)
    assert radius_px(size, 1) == radius_px(size, MANY) > radius_px(size, 10 * MANY)
    assert radius_px((50, 4000), 1) == radius_px((50, 50), 10**5) >= 2


def test_a_label_is_ink_within_a_halo() -> None:
    for level, ink in (0.0, (24, 24, 30)), (1.0, (250, 250, 250)):
        shown = over(Label(0, 0, "A", ink), size=(900, 900), level=level)  # type: ignore[arg-type]
        near = np.abs(shown * 255 - np.array(ink)).max(axis=2) < 12
        halo = np.abs(shown - np.float32(1 - level)).max(axis=2) < 0.15
        assert near[440:460, 440:460].sum() > 20
        assert halo.sum() > near[440:460, 440:460].sum()
    wide, narrow = (touched(over(Label(0, 0, text)))[1] for text in ("x − 3", "x"))
    assert np.ptp(wide) > np.ptp(narrow)

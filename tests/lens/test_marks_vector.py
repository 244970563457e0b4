"""Points and labels over drawings: as the pixels have them, and text as text."""

from __future__ import annotations

import re

import numpy as np
import pytest

from netart.lens import plot, vector
from netart.lens.marks import Label, Point, composite
from netart.lens.marks_vector import CORNERS, add_marks
from netart.lens.plane import plane
from netart.pixels import Window
from netart.shot.shot import Shot
from tests.shots import REFERENCE, shot

SIZE = (400, 300)
POINTS = [Point(-1.1 + 0.35 * k, 0.6 - 0.18 * k, k + 1) for k in range(7)]
LABELS = [Label(-0.5, -0.6, "x − y < 3 & 1 $2$"), Label(0.7, 0.7, "A", (250, 250, 240))]


def test_marks_look_like_those_of_pixels() -> None:
    for points, labels, most in ((POINTS, [], 0.002), ([], LABELS, 0.006)):
        ground = np.full((SIZE[1], SIZE[0], 3), 0.5, np.float32)
        raster = composite(ground, SIZE, Window.whole(SIZE), points, labels, 3.0)
        with plot.house_style():
            figure, _ = plane(SIZE)
            figure.set_facecolor((0.5, 0.5, 0.5))
            add_marks(figure, SIZE, points, labels, 3.0)
            drawn = plot.rasterise(figure) / 255
        assert (np.abs(raster - 0.5).max(axis=2) > 0.3).mean() > 0.005
        assert (np.abs(raster - drawn).max(axis=2) > 0.4).mean() < most


def test_points_outside_leave_no_marks_at_the_edge() -> None:
    from netart.lens.plot import _svg

    beyond = [Point(9, 0.3, 1), Point(1.34, -0.2, 1), Point(0.2, 1.01, 1), Point(0.2, -9, 1)]
    with plot.house_style():
        figure, _ = plane(SIZE)
        add_marks(figure, SIZE, beyond, [], 1.0)
        text = _svg(figure, SIZE, "").decode()
    at = re.findall(r'<use [^>]*x="(.*?)" y="(.*?)"', text)
    # Those that are cut by the edge, each with what is around it: u, v to pixels.
    assert {(round(float(x)), round(float(y))) for x, y in at} == {(401, 180), (230, -2)}
    assert len(at) == 3 * 2


def test_every_shape_has_its_corners() -> None:
    from netart.lens.marks import SHAPES

    assert len(CORNERS) == len(SHAPES)


@pytest.fixture
def pointed() -> Shot:
    return shot(lens="lines", layers="2x5", activation="relu", radius="2", points="circle")


def test_drawings_carry_the_points(pointed: Shot) -> None:
    text = vector(pointed, SIZE, REFERENCE, "svg", "").decode()
    assert text.count("<use") > 3 * 100
    assert vector(pointed, SIZE, REFERENCE, "svg", "").decode() == text


def test_text_stays_text() -> None:
    from netart.lens.plot import _svg

    with plot.house_style():
        figure, _ = plane(SIZE)
        add_marks(figure, SIZE, [], LABELS, 1.0)
        text = _svg(figure, SIZE, "").decode()
    assert "x − y &lt; 3 &amp; 1 $2$" in text

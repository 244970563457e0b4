"""Strokes: how much of each pixel they cover."""

from __future__ import annotations

import numpy as np
import pytest

from netart.lens import strokes
from netart.lens.strokes import coverage
from netart.pixels import Window

WHOLE = Window(0, 0, 40, 30)


def zigzag(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-8, 48, (count + 1, 2))
    return np.stack([points[:-1], points[1:]], axis=1), rng.uniform(0.3, 6, count)


def by_definition(ends: np.ndarray, widths: np.ndarray, window: Window) -> np.ndarray:
    """Pixel by pixel, segment by segment, the distance by many points along the segment."""
    shares = np.linspace(0, 1, 2001)[:, None]
    out = np.zeros((window.height, window.width))
    for (a, b), width in zip(ends, widths, strict=True):
        along = a + shares * (b - a)
        for row in range(window.height):
            for column in range(window.width):
                middle = (window.left + column + 0.5, window.top + row + 0.5)
                away = np.hypot(*(along - middle).T).min()
                share = np.clip(width / 2 + 0.5 - away, 0, min(width, 1))
                out[row, column] = max(out[row, column], share)
    return out


def test_coverage_follows_from_the_distance() -> None:
    ends, widths = zigzag(5)
    small = Window(3, 4, 17, 12)
    assert coverage(ends, widths, small) == pytest.approx(
        by_definition(ends, widths, small), abs=2e-3
    )


def test_an_upright_line_covers_its_width() -> None:
    ends = np.array([[[20.0, -9.0], [20.0, 99.0]]])
    for width in (1.0, 1.5, 4.0):
        assert coverage(ends, np.array([width]), WHOLE)[7].sum() == pytest.approx(width)
    assert coverage(ends + 0.5, np.array([0.3]), WHOLE)[7].sum() == pytest.approx(0.3)


def test_windows_equal_the_picture_and_parts_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    ends, widths = zigzag(30)
    whole = coverage(ends, widths, WHOLE)
    window = Window(11, 5, 20, 22)
    assert np.array_equal(coverage(ends, widths, window), whole[5:27, 11:31])
    monkeypatch.setattr(strokes, "MAX_PAIRS", 50)
    assert np.array_equal(coverage(ends, widths, WHOLE), whole)


def test_nothing_is_covered_where_nothing_is() -> None:
    assert not coverage(np.zeros((0, 2, 2)), np.zeros(0), WHOLE).any()
    far = np.array([[[200.0, 5.0], [300.0, 9.0]]])
    assert not coverage(far, np.array([3.0]), WHOLE).any()


def test_a_point_is_a_disc() -> None:
    dot = np.array([[[20.0, 15.0], [20.0, 15.0]]])
    assert coverage(dot, np.array([8.0]), WHOLE).sum() == pytest.approx(np.pi * 16, rel=0.02)

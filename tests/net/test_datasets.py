"""The sets of points: their definitions, radii, ranges, classes and draws."""

from __future__ import annotations

import re

import numpy as np
import pytest

from netart.errors import NetartError
from netart.net.datasets import DATA_SETS, MAX_POINTS, Points, dataset

COUNT = 500
PUBLISHED = 1.888936616086656, 1.2734834406385418  # the first point of `circle`


def of_class(points: Points, number: int) -> np.ndarray:
    return points.xy[points.classes == number]


def radii(points: Points, number: int) -> np.ndarray:
    return np.hypot(*of_class(points, number).T)


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize("count", [2, 7, COUNT])
def test_classes_are_balanced_and_count_from_1(name: str, count: int) -> None:
    points = dataset(name, count)
    assert points.xy.shape == (count, 2) and points.xy.dtype == np.float64
    assert np.isfinite(points.xy).all()
    assert np.bincount(points.classes).tolist() == [0, (count + 1) // 2, count // 2]


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_seed_is_one_set_of_points(name: str) -> None:
    first, again, other = (dataset(name, noise=0.1, seed=seed).xy for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).all()


@pytest.mark.parametrize("name", sorted(DATA_SETS.keys() - {"spiral"}))
def test_more_points_keep_the_earlier_ones(name: str) -> None:
    assert (dataset(name, 40).xy == dataset(name, 90).xy[:40]).all()


def test_the_draws_stay_what_they_are() -> None:
    x, y = dataset("circle").xy[0]
    assert (x, y) == pytest.approx(PUBLISHED, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "disc", "low", "high"), [("disc-in-ring", 1 / 3, 2 / 3, 1), ("circle", 2.5, 3.5, 5)]
)
def test_a_disc_lies_in_a_ring(name: str, disc: float, low: float, high: float) -> None:
    points = dataset(name, 2000)
    inner, outer = radii(points, 1), radii(points, 2)
    assert inner.max() < disc and low <= outer.min() and outer.max() < high
    # Evenly over the area: half of a disc's points lie beyond 1/√2 of its radius.
    assert (inner > disc / 2**0.5).mean() == pytest.approx(0.5, abs=0.04)
    assert (outer**2).mean() == pytest.approx((low**2 + high**2) / 2, rel=0.02)
    assert np.abs(points.xy.mean(axis=0)).max() < 0.05 * high


def test_the_classes_of_xor_are_opposite_quarters() -> None:
    points = dataset("xor")
    one, two = of_class(points, 1), of_class(points, 2)
    assert (one.prod(axis=1) > 0).all() and (two.prod(axis=1) < 0).all()
    for quarter in one, two:
        assert 0.4 < (quarter[:, 0] > 0).mean() < 0.6
    assert 0.3 <= np.abs(points.xy).min() < 0.35
    assert 5.25 < np.abs(points.xy).max() < 5.3


@pytest.mark.parametrize("noise", [0.7, 2.0])
def test_gauss_has_two_centres_and_its_noise_as_spread(noise: float) -> None:
    points = dataset("gauss", 20_000, noise=noise)
    for number, centre in (1, 2), (2, -2):
        cloud = of_class(points, number)
        assert cloud.mean(axis=0) == pytest.approx([centre, centre], abs=0.06)
        assert cloud.std(axis=0) == pytest.approx([noise, noise], rel=0.03)
        assert np.corrcoef(cloud.T)[0, 1] == pytest.approx(0, abs=0.03)
    assert 0.5 <= DATA_SETS["gauss"].noise ** 2 <= 4


@pytest.mark.parametrize("turns", [None, 1.0])
def test_a_spiral_is_what_its_formula_says(turns: float | None) -> None:
    points = dataset("spiral", turns=turns)
    n = COUNT // 2
    for number, offset in (1, 0), (2, np.pi):
        for i, (x, y) in enumerate(of_class(points, number)):
            r = 5 * (i + 0.5) / n
            t = (turns or 1.75) * 2 * np.pi * i / n + offset
            assert (x, y) == pytest.approx((r * np.sin(t), r * np.cos(t)), abs=1e-12)
    first = points.xy[:2]
    assert np.hypot(*(first[0] - first[1])) > 0.01  # the arms' first points are not one point


def test_no_line_separates_the_curves_but_their_own_form_does() -> None:
    x, y = dataset("curves").xy.T
    classes = dataset("curves").classes
    above = y > 0.45 * np.cos(np.pi * x)
    assert (above == (classes == 2)).all()
    assert x.min() >= -1 and x.max() < 1
    for angle in np.linspace(0, np.pi, 181):
        along = x * np.cos(angle) + y * np.sin(angle)
        assert along[classes == 1].min() < along[classes == 2].max()
        assert along[classes == 2].min() < along[classes == 1].max()


def test_moons_are_half_circles_around_each_other() -> None:
    points = dataset("moons", noise=0)
    upper, lower = of_class(points, 1), of_class(points, 2)
    assert np.hypot(*(upper + np.array([0.5, 0.25])).T) == pytest.approx(np.ones(len(upper)))
    assert np.hypot(*(lower - np.array([0.5, 0.25])).T) == pytest.approx(np.ones(len(lower)))
    assert upper[:, 1].min() >= -0.25 and lower[:, 1].max() <= 0.25
    noisy = dataset("moons")
    assert (noisy.xy - dataset("moons", noise=0).xy).std() == pytest.approx(0.05, rel=0.1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "spirals"}, "unknown data set 'spirals': did you mean spiral?"),
        ({"count": 1}, "count 1: must be from 2 to 100,000 points"),
        ({"count": MAX_POINTS + 1}, "count 100001: must be from 2 to 100,000 points"),
        ({"noise": -0.1}, "noise -0.1: must be a finite number, 0 or above"),
        ({"noise": float("nan")}, "noise nan: must be a finite number, 0 or above"),
        ({"turns": 2.0}, "turns 2.0: has no meaning for moons"),
        ({"name": "spiral", "turns": 0.0}, "turns 0.0: must be above 0, 100 at most"),
        ({"name": "spiral", "turns": float("inf")}, "turns inf: must be above 0, 100 at most"),
    ],
)
def test_what_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(NetartError, match=f"^{re.escape(message)}$"):
        dataset(**{"name": "moons"} | wrong)  # type: ignore[arg-type]

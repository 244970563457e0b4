"""The main colours of many: found again where they were put, in the order of a palette."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from netart.errors import NetartError
from netart.shot.clusters import corners_of, ramp_of
from netart.shot.colours import CORNERS, RAMPS
from netart.shot.oklab import display_from_oklab, oklab_from_display


def colours(text: str) -> np.ndarray:
    """(3, N) display sRGB of hexadecimal colours."""
    return np.array([list(bytes.fromhex(word[1:])) for word in text.split()]).T / 255


def scattered(stops: np.ndarray, shares: list[int], seed: int = 1) -> np.ndarray:
    """Colours near the stops, a share of each, in no order."""
    rng = np.random.default_rng(seed)
    lab = np.repeat(oklab_from_display(stops), shares, axis=1)
    lab = lab + rng.normal(0, 0.006, lab.shape)
    return display_from_oklab(lab[:, rng.permutation(lab.shape[1])])


def distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.linalg.norm(oklab_from_display(one) - oklab_from_display(other), axis=0)


def length(path: np.ndarray) -> float:
    return float(distance(path[:, 1:], path[:, :-1]).sum())


@pytest.mark.parametrize("name", ["klimt", "ukiyo", "aurora", "hobbs", "abalone", "sakura"])
def test_the_stops_of_a_ramp_are_found_along_the_shortest_path(name: str) -> None:
    """Also where one of them is a hundred times as frequent as another."""
    stops = colours(RAMPS[name])
    found = ramp_of(scattered(stops, [4000, 40, 900, 400, 100, 2000, 60]), 7)
    nearest = [int(np.argmin(distance(stops, colour[:, None]))) for colour in found.T]
    assert sorted(nearest) == list(range(7))
    assert distance(found, stops[:, nearest]).max() < 0.02
    assert nearest[0] == np.argmin(oklab_from_display(stops)[0])
    first, *others = found.T
    paths = (np.array([first, *path]).T for path in permutations(others))
    assert length(found) == pytest.approx(min(map(length, paths)))


def test_the_order_of_pixels_does_not_matter() -> None:
    pixels = np.random.default_rng(0).random((3, 3000))
    assert ramp_of(pixels[:, ::-1], 7) == pytest.approx(ramp_of(pixels, 7), abs=1e-12)


@pytest.mark.parametrize("name", ["sun", "frost", "night", "bloom"])
def test_corners_stand_as_those_of_the_tables(name: str) -> None:
    """The darkest and the lightest opposite, warm on the right."""
    stops = colours(CORNERS[name])
    found = corners_of(scattered(stops, [100, 3000, 500, 50]), 7)
    lab = oklab_from_display(found)
    assert lab[0].argmin() == 0 and lab[0].argmax() == 3
    assert lab[1, 1] > lab[1, 2]
    assert distance(found, stops)[[0, 3]].max() < 0.03
    assert min(distance(found[:, [k]], stops[:, [1, 2]]).min() for k in (1, 2)) < 0.03


def test_few_colours() -> None:
    two = colours("#102030 #f0a040")
    assert ramp_of(np.repeat(two, 50, axis=1), 7) == pytest.approx(two, abs=1e-6)
    with pytest.raises(NetartError, match="one colour, a ramp takes 2"):
        ramp_of(two[:, :1], 7)
    with pytest.raises(NetartError, match="2 colours that differ, corners take 4"):
        corners_of(two, 7)

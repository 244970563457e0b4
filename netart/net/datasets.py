"""Sets of points in the plane that people know from playgrounds, each point of one of two classes.

Their draws follow the contract of sampling.py: stream 32, a unit for each column of draws. A point
is the same however many more there are, but on the spiral, along which they spread evenly.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError, unknown
from netart.net.sampling import normal, uniform, words

POINTS = 32  # the stream of the draws
MAX_POINTS = 100_000
MAX_CLASSES = 100
MAX_TURNS = 100.0
TURNS = 1.75  # of a spiral, where no number is given

Column = NDArray[np.float64]  # (N,)


class Points(NamedTuple):
    """Points of the plane, each of a class."""

    xy: NDArray[np.float64]  # (N, 2), in input units
    classes: NDArray[np.int64]  # (N,), from 1


class DataSet(NamedTuple):
    """How the points of a set are made, before noise moves them."""

    name: str
    # Of the points' side (N,), −1 in class 1 and 1 in class 2, and of draws a, b in [0, 1), both
    # (N,): x and y.
    place: Callable[[Column, Column, Column], tuple[Column, Column]]
    # Standard deviation of what is added to x and to y, where none is given.
    noise: float
    # As help shows it.
    help: str


def _polar(radius: Column, angle: Column) -> tuple[Column, Column]:
    return radius * np.cos(angle), radius * np.sin(angle)


def _disc_and_ring(disc: float, low: float, high: float) -> Callable[..., tuple[Column, Column]]:
    """A disc in a ring: class 1 has radii from 0 to `disc`, class 2 from `low` to `high`, each
    evenly over its area.
    """

    def place(side: Column, a: Column, b: Column) -> tuple[Column, Column]:
        inner, outer = disc**2 * a, low**2 + (high**2 - low**2) * a
        return _polar(np.sqrt(np.where(side < 0, inner, outer)), 2 * pi * b)

    return place


def _curves(side: Column, a: Column, b: Column) -> tuple[Column, Column]:
    x = 2 * a - 1
    return x, 0.45 * np.cos(pi * x) + 0.19 * side


def _moons(side: Column, a: Column, b: Column) -> tuple[Column, Column]:
    # An upper half circle, and a lower one that reaches into it, both around their middle.
    return side * (0.5 - np.cos(pi * a)), side * (0.25 - np.sin(pi * a))


def _xor(side: Column, a: Column, b: Column) -> tuple[Column, Column]:
    # Class 1 where x and y have the same sign, and no point within 0.3 of an axis.
    across = np.where(a < 0.5, -1.0, 1.0)
    x, y = 0.3 + 5 * np.abs(2 * a - 1), 0.3 + 5 * b
    return across * x, -side * across * y


def _gauss(side: Column, a: Column, b: Column) -> tuple[Column, Column]:
    return -2 * side, -2 * side


def _spiral(turns: float) -> Callable[..., tuple[Column, Column]]:
    """Two arms, half a turn apart, that come together in the middle but do not meet."""

    def place(side: Column, a: Column, b: Column) -> tuple[Column, Column]:
        count = np.where(side < 0, (side < 0).sum(), (side > 0).sum())
        i = np.arange(len(side)) // 2
        angle = turns * 2 * pi * i / count + np.where(side < 0, 0, pi)
        y, x = _polar(5 * (i + 0.5) / count, angle)
        return x, y

    return place


DATA_SETS = {
    row.name: row
    for row in (
        DataSet("curves", _curves, 0, "two bent curves that no line separates, within ±1"),
        DataSet(
            "disc-in-ring",
            _disc_and_ring(1 / 3, 2 / 3, 1),
            0,
            "radii below 1/3, and from 2/3 to 1",
        ),
        DataSet(
            "spiral", _spiral(TURNS), 0, "two arms, r = 5 (i + ½)/n of point i of n, within ±5"
        ),
        DataSet("xor", _xor, 0, "x and y of the same sign, or not, each from 0.3 to 5.3"),
        DataSet("gauss", _gauss, 1, "two clouds around (2, 2) and (−2, −2)"),
        DataSet("circle", _disc_and_ring(2.5, 3.5, 5), 0, "radii below 2.5, and from 3.5 to 5"),
        DataSet("moons", _moons, 0.05, "two half circles that reach into each other"),
    )
}


def dataset(
    name: str,
    count: int = 500,
    noise: float | None = None,
    turns: float | None = None,
    seed: int = 0,
) -> Points:
    """The set of points called `name`: classes 1 and 2 in turn, so that neither has more.

    noise: standard deviation of normal draws that are added to x and to y; unset, the set's own.
    turns: of the spiral. Raises NetartError.
    """
    if name not in DATA_SETS:
        raise unknown("data set", name, DATA_SETS)
    row = DATA_SETS[name]
    if not 2 <= count <= MAX_POINTS:
        raise NetartError(f"count {count}: must be from 2 to {MAX_POINTS:,} points", field="count")
    if noise is not None and not (isfinite(noise) and noise >= 0):
        raise NetartError(f"noise {noise}: must be a finite number, 0 or above", field="noise")
    if turns is not None:
        if name != "spiral":
            raise NetartError(f"turns {turns}: has no meaning for {name}", field="turns")
        if not 0 < turns <= MAX_TURNS:
            raise NetartError(
                f"turns {turns}: must be above 0, {MAX_TURNS:g} at most", field="turns"
            )
        row = row._replace(place=_spiral(turns))
    side = np.where(np.arange(count) % 2, 1.0, -1.0)
    a, b = ((1 + uniform(words(seed, POINTS, 0, unit, count))) / 2 for unit in (0, 1))
    xy = np.stack(row.place(side, a, b), axis=1)
    spread = row.noise if noise is None else noise
    if spread:
        xy += spread * np.stack([normal(words(seed, POINTS, 0, k, count)) for k in (2, 3)], axis=1)
    return Points(xy, np.where(side < 0, 1, 2))

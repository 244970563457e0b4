"""The main colours of many: what a palette is made of that is taken from a picture."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.shot.oklab import display_from_oklab, oklab_from_display

Colours = NDArray[np.floating[Any]]  # (3, N)

CELL = 0.02  # side of a cell of Oklab whose colours are taken as one
MAX_ROUNDS = 50


def ramp_of(display: Colours, count: int) -> Colours:
    """Up to `count` main colours of (3, N) display sRGB, along the shortest path through them that
    begins at the darkest. Returns (3, K). Raises NetartError where there is only one.
    """
    found = _main_colours(oklab_from_display(display), count)
    if found.shape[1] < 2:
        raise NetartError("one colour, a ramp takes 2")
    first, *others = np.argsort(found[0])
    distances = np.linalg.norm(found[:, :, None] - found[:, None], axis=0)

    def length(path: tuple[Any, ...]) -> float:
        return float(distances[[first, *path[:-1]], path].sum())

    path = min(permutations(others), key=length)
    return display_from_oklab(found[:, [first, *path]])


def corners_of(display: Colours, count: int) -> Colours:
    """Four of up to `count` main colours of (3, N) display sRGB as corners: the darkest at the
    bottom left, the lightest opposite; at the sides the two that differ most in chroma and hue,
    the redder on the right. Returns (3, 4).

    Raises NetartError where there are fewer.
    """
    found = _main_colours(oklab_from_display(display), count)
    if found.shape[1] < 4:
        raise NetartError(f"{found.shape[1]} colours that differ, corners take 4")
    dark, *others, light = np.argsort(found[0])
    one, other = max(
        permutations(others, 2), key=lambda pair: float(np.hypot(*np.diff(found[1:, pair])[:, 0]))
    )
    if found[1, one] < found[1, other]:
        one, other = other, one
    return display_from_oklab(found[:, [dark, one, other, light]])


def _main_colours(lab: Colours, count: int) -> Colours:
    """The centres of `count` clusters of (3, N) Oklab, fewer where fewer colours differ: (3, K).

    k-means (Lloyd 1982) from a fixed start: the heaviest cell, then again and again the one that is
    heaviest and farthest from those chosen. A cell weighs the root of its number of colours, so
    that a small bright thing counts beside a large grey wall.
    """
    _, cell, counts = np.unique(
        np.rint(lab / CELL), axis=1, return_inverse=True, return_counts=True
    )
    cells = np.stack([np.bincount(cell.ravel(), row) for row in lab]) / counts
    weights = np.sqrt(counts)
    chosen = [int(np.argmax(weights))]
    while len(chosen) < min(count, len(counts)):
        chosen.append(int(np.argmax(weights * _distances(cells, cells[:, chosen]).min(axis=0))))
    centres: Colours = cells[:, chosen]
    for _ in range(MAX_ROUNDS):
        nearest = _distances(cells, centres).argmin(axis=0)
        moved = _move(centres, cells, nearest, weights)
        if np.array_equal(moved, centres):
            break
        centres = moved
    # Means are duller than the colours that they stand for: those far from the middle count more.
    middle = np.average(cells, axis=1, weights=weights)
    return _move(centres, cells, nearest, weights * _distances(cells, middle[:, None])[0])


def _move(centres: Colours, cells: Colours, nearest: Any, weights: Any) -> Colours:
    """Each centre in the middle of the cells to which it is nearest; where it stood if they weigh
    nothing.
    """
    sums = np.stack([np.bincount(nearest, weights * row, centres.shape[1]) for row in cells])
    total = np.bincount(nearest, weights, centres.shape[1])
    return np.where(total > 0, sums / np.where(total > 0, total, 1), centres)


def _distances(colours: Colours, centres: Colours) -> Colours:
    """Squared distances of each centre to each colour: (K, N)."""
    return np.asarray(np.square(colours[:, None] - centres[:, :, None]).sum(axis=0))

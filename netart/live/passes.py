"""Progressive rendering: passes of a picture, coarse at once, then every pixel as `render` draws
it, in slices of a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.numbers import Numbers
from netart.evaluate.request import Evaluator
from netart.evaluate.speed import Speed
from netart.lens import cost, draw, single, tile_size
from netart.live.slices import SLICE_S, time_slices
from netart.pixels import Size, Window
from netart.shot.shot import Shot

COARSE_S = 0.008  # that the first pass may take
MAX_FACTOR = 128  # picture pixels across a pixel of the first pass
MIN_FACTOR = 3  # of a coarse pass: finer ones are not worth their time
REFINEMENT = 4  # times finer is a pass than the one before

IsSharp = Callable[[Sequence[Window]], NDArray[np.bool_]]


class Patch(NamedTuple):
    """A part of a pass."""

    factor: int  # of the pass: a pixel of it covers this many of the picture, across and down
    window: Window  # in pixels of the pass
    pixels: NDArray[np.uint8]  # (rows, columns, 3)
    last: bool  # the pass is complete now


def pass_size(size: Size, factor: int) -> Size:
    """The size in pixels of the pass with this factor: it covers the whole picture, and at most a
    pixel of it more.
    """
    shorter = ceil(min(size) / factor)
    width, height = (-(-shorter * side // min(size)) for side in size)
    return width, height


def refine(
    shot: Shot,
    size: Size,
    evaluator: Evaluator,
    speed: Speed,
    *,
    coarse_s: float = COARSE_S,
    shown_footprint: float = inf,
    is_sharp: IsSharp = lambda windows: np.zeros(len(windows), bool),
    moving: bool = False,
) -> Iterator[Patch]:
    """The passes of the picture from coarse to exact, in slices; the shot's samples come last.

    coarse_s: what the first pass may take.
    shown_footprint: picture pixels covered by one displayed pixel; coarser passes are skipped.
    is_sharp(windows): which of them are displayed at full resolution already; they are refined
    last, and the others from the middle of the picture outwards.
    moving: only the first pass is wanted.
    """
    one = single(shot)
    factors = coarse_factors(size[0] * size[1] * cost(one) / (coarse_s * speed.rate))
    first, *finer = [*factors, 1]
    for factor in (first,) if moving else (first, *finer):
        if 1 < factor >= shown_footprint:
            continue
        # The first pass is small enough to come at once.
        budget_s = inf if factor == first and (moving or factor > 1) else SLICE_S
        yield from _draw_pass(one, size, factor, evaluator, speed, budget_s, is_sharp)
    if shot.look.samples != 1 and not moving:
        yield from _draw_pass(shot, size, 1, evaluator, speed, SLICE_S, is_sharp)


def coarse_factors(times: float) -> list[int]:
    """The factors of the passes before the exact one, which takes `times` as long as the first one
    may.
    """
    if times <= 1:
        return []
    factors = [min(MAX_FACTOR, max(MIN_FACTOR, ceil(sqrt(times))))]
    while factors[-1] >= REFINEMENT * MIN_FACTOR:
        factors.append(factors[-1] // REFINEMENT)
    return factors


def _draw_pass(
    shot: Shot,
    size: Size,
    factor: int,
    evaluator: Evaluator,
    speed: Speed,
    budget_s: float,
    is_sharp: IsSharp,
) -> Iterator[Patch]:
    own_size, pixel_cost = pass_size(size, factor), cost(shot)
    numbers = Numbers("u1", dither=shot.look.dither and factor == 1)
    windows = time_slices(
        own_size, Window.whole(own_size), tile_size(shot, own_size), pixel_cost, speed, budget_s
    )
    if factor == 1:
        order = np.lexsort((_distances(windows, size), is_sharp(windows)))
        windows = [windows[k] for k in order]
    for k, window in enumerate(windows, 1):
        with speed.measure(window.width * window.height * pixel_cost):
            pixels = draw(shot, own_size, window, evaluator, numbers)
        yield Patch(factor, window, pixels, k == len(windows))


def _distances(windows: Sequence[Window], size: Size) -> NDArray[np.float64]:
    """(N,): from the windows' middles to the picture's, in pixels."""
    left, top, width, height = np.array(windows, float).T
    found: NDArray[np.float64] = np.hypot(
        left + (width - size[0]) / 2, top + (height - size[1]) / 2
    )
    return found

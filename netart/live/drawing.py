"""Pictures that come in slices of a few milliseconds: coarse at once, then every pixel as `render`
draws it. And an evaluator for other threads, whose work is done in slices too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from math import ceil, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError
from netart.evaluate import tiles
from netart.evaluate.numbers import Numbers
from netart.evaluate.request import Evaluator, Request
from netart.lens import cost, draw, single, tile_size
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.shot import Shot
from netart.shot.view import View

COARSE_S = 0.008  # that the first pass may take
SLICE_S = 0.012
COARSEST = 128  # pixels of the picture that a pixel of the first pass may cover
LEAST_COARSE = 3  # so many at least, else a pass is not worth its time
FINER = 4  # times, from pass to pass
FIRST_RATE = 1e9  # multiplications a second that the first slice counts on


Sharp = Callable[[Sequence[Window]], NDArray[np.bool_]]


class Patch(NamedTuple):
    """A part of a pass. factor: a pixel of the pass covers so many of the picture across and
    down; window: in pixels of the pass; pixels: (rows, columns, 3); last: the pass is whole now.
    """

    factor: int
    window: Window
    pixels: NDArray[np.uint8]
    last: bool


class Speed:
    """How many multiplications a second an evaluator does, measured on the way."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.rate = FIRST_RATE

    @contextmanager
    def measure(self, multiplications: float) -> Iterator[None]:
        """Notes how long the block takes for so many multiplications."""
        start = time.perf_counter()
        yield
        self.learn(multiplications, time.perf_counter() - start)

    def learn(self, multiplications: float, took_s: float) -> None:
        measured = multiplications / max(took_s, 1e-6)
        self.rate = min(max(measured, self.rate / 4), self.rate * 4)


def reduced(size: Size, factor: int) -> Size:
    """The size of a pass whose pixels cover so many of the picture's, nearly: none of it lies
    outside.
    """
    shorter = ceil(min(size) / factor)
    width, height = (-(-shorter * side // min(size)) for side in size)
    return width, height


def refined(
    shot: Shot,
    size: Size,
    evaluator: Evaluator,
    speed: Speed,
    *,
    coarse_s: float = COARSE_S,
    there: float = inf,
    sharp: Sharp = lambda windows: np.zeros(len(windows), bool),
    moving: bool = False,
) -> Iterator[Patch]:
    """The passes of the picture, from coarse to exact, in slices; the shot's samples come last.

    coarse_s: what the first pass may take; there: how many pixels a pixel of what is on screen
    already covers: coarser passes are left out. sharp: of windows of the exact picture, which can
    wait; else they go from the middle outwards. moving: only the first pass is wanted.
    """
    one = single(shot)
    work = size[0] * size[1] * cost(one)
    factors = coarse_factors(work / (coarse_s * speed.rate))
    first, *finer = [*factors, 1]
    for factor in (first,) if moving else (first, *finer):
        if 1 < factor >= there:
            continue
        # The first pass is small enough to come at once.
        budget_s = inf if factor == first and (moving or factor > 1) else SLICE_S
        yield from _passed(one, size, factor, evaluator, speed, budget_s, sharp)
    if shot.look.samples > 1 and not moving:
        yield from _passed(shot, size, 1, evaluator, speed, SLICE_S, sharp)


def coarse_factors(times: float) -> list[int]:
    """The passes before the exact one, which takes so many times what the first one may."""
    if times <= 1:
        return []
    factors = [min(COARSEST, max(LEAST_COARSE, ceil(sqrt(times))))]
    while factors[-1] >= FINER * LEAST_COARSE:
        factors.append(factors[-1] // FINER)
    return factors


def _passed(
    shot: Shot,
    size: Size,
    factor: int,
    evaluator: Evaluator,
    speed: Speed,
    budget_s: float,
    sharp: Sharp,
) -> Iterator[Patch]:
    whole, each = reduced(size, factor), cost(shot)
    numbers = Numbers("u1", dither=shot.look.dither and factor == 1)
    windows = slices(whole, Window.whole(whole), tile_size(shot), each, speed, budget_s)
    if factor == 1:
        order = np.lexsort((_off_middle(windows, size), sharp(windows)))
        windows = [windows[k] for k in order]
    for k, window in enumerate(windows, 1):
        with speed.measure(window.width * window.height * each):
            drawn = draw(shot, whole, window, evaluator, numbers)
        yield Patch(factor, window, drawn, k == len(windows))


def slices(
    size: Size, window: Window, tile: Size, each: int, speed: Speed, budget_s: float
) -> list[Window]:
    """The window, cut along the evaluators' tiles into parts that take about the time given, each
    of a tile for every thread at least. each: multiplications a pixel.
    """
    if budget_s == inf:
        return [window]
    across, down = tile
    each *= across * down
    count = speed.threads * max(1, round(budget_s * speed.rate / each / speed.threads))
    columns = max(1, min(count, ceil(size[0] / across), round(sqrt(count * down / across))))
    wide, high = columns * across, max(1, count // columns) * down
    right, bottom = window.left + window.width, window.top + window.height
    found = []
    for top in range(window.top // high * high, bottom, high):
        for left in range(window.left // wide * wide, right, wide):
            begin = max(left, window.left), max(top, window.top)
            end = min(left + wide, right), min(top + high, bottom)
            found.append(Window(*begin, end[0] - begin[0], end[1] - begin[1]))
    return found


def _off_middle(windows: Sequence[Window], size: Size) -> NDArray[np.float64]:
    """(N,): how far the windows' middles are from the picture's, in pixels."""
    left, top, width, height = np.array(windows, float).T
    off: NDArray[np.float64] = np.hypot(left + (width - size[0]) / 2, top + (height - size[1]) / 2)
    return off


class Work(NamedTuple):
    """What another thread wants evaluated, and where its answer goes."""

    network: Network
    view: View
    size: Size
    window: Window
    request: Request
    answer: Future[Pixels]


class Lent(Evaluator):
    """An evaluator for other threads: they wait while its host works through `parts`, a slice at
    a time, on its own evaluator.

    woken: called when there is work. Closed, it refuses what is asked of it.
    """

    def __init__(self, evaluator: Evaluator, speed: Speed, woken: Callable[[], object]) -> None:
        self.name, self.epsilon, self.threads = evaluator.name, evaluator.epsilon, evaluator.threads
        self._evaluator = evaluator
        self._speed = speed
        self._woken = woken
        self._waiting: deque[Work] = deque()
        self._closed = False

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        work = Work(network, view, size, window, request, Future())
        self._waiting.append(work)
        if self._closed:
            raise _closed()
        self._woken()
        return work.answer.result()

    def describe(self) -> str:
        return self._evaluator.describe()

    @property
    def identity(self) -> str:
        return self._evaluator.identity

    @property
    def busy(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    def parts(self) -> Iterator[None]:
        """Does what is asked for, for ever: a slice a step."""
        while True:
            if not self._waiting:
                yield
                continue
            work = self._waiting[0]
            try:
                yield from self._answer(work)
            except Exception as error:  # it is the asking thread's
                work.answer.set_exception(error)
            self._waiting.popleft()

    def _answer(self, work: Work) -> Iterator[None]:
        network, view, size, window, request, _ = work
        tile, each, out = tiles.tile_size(network, request), tiles.cost(network, request), None
        for part in slices(size, window, tile, each, self._speed, SLICE_S):
            with self._speed.measure(part.width * part.height * each):
                drawn = self._evaluator.evaluate(network, view, size, part, request)
            if out is None:
                out = np.empty((window.height, window.width, drawn.shape[2]), drawn.dtype)
            tiles.paste(out, window, part, drawn)
            yield
        assert out is not None
        work.answer.set_result(out)

    def close(self) -> None:
        """Whoever waits, or will, gets an error instead of an answer."""
        self._closed = True
        while self._waiting:
            self._waiting.popleft().answer.set_exception(_closed())


def _closed() -> NetartError:
    return NetartError("the window was closed", MACHINE)

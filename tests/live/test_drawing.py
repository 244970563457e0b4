"""Pictures in slices: put together they are what `render` writes; an evaluator that is lent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.lens import cost, tile_size
from netart.live.drawing import (
    COARSE_S,
    Lent,
    Patch,
    Sharp,
    Speed,
    coarse_factors,
    reduced,
    refined,
    slices,
)
from netart.pixels import Pixels, Size, Window
from netart.shot.shot import Shot
from tests.live.driver import Levels
from tests.shots import REFERENCE, drawn, evaluated, rendered, shot

PLAIN = shot(layers="4x12", rotate="20", center="0.2,0.1")
SLOW = 2e6  # multiplications a second that make several passes and slices of small pictures
PASS_S = 10.0  # longer than any of these passes takes


class Steady(Speed):
    """A speed that learns nothing: so pictures are cut alike however busy the machine is."""

    def __init__(self, rate: float = SLOW, threads: int = 1) -> None:
        super().__init__(threads)
        self.rate = rate

    def learn(self, multiplications: float, took_s: float) -> None:
        assert multiplications > 0 <= took_s


def passes(patches: Iterator[Patch], size: Size) -> list[tuple[int, Levels, int]]:
    """Of each pass its factor, its picture and the number of its slices; nothing is drawn twice
    or left out.
    """
    found: list[tuple[int, Levels, int]] = []
    begins = True
    for patch in patches:
        if begins:
            wide, high = reduced(size, patch.factor)
            whole, times = np.zeros((high, wide, 3), np.uint8), np.zeros((high, wide), int)
            parts = 0
        left, top, width, height = patch.window
        assert patch.pixels.shape == (height, width, 3)
        whole[top : top + height, left : left + width] = patch.pixels
        times[top : top + height, left : left + width] += 1
        parts, begins = parts + 1, patch.last
        if patch.last:
            assert (times == 1).all()
            found.append((patch.factor, whole, parts))
    assert begins
    return found


CASES = {
    "plain": (PLAIN, (301, 151)),
    "tall": (shot(PLAIN, palette="hsv"), (131, 203)),
    "dithered": (shot(PLAIN, dither="true"), (261, 141)),
    "sampled": (shot(PLAIN, samples="2"), (211, 97)),
    "all": (shot(PLAIN, samples="3", dither="true", palette="ramp:tide"), (97, 173)),
    "pixel": (PLAIN, (1, 1)),
    "line": (shot(PLAIN, dither="true"), (401, 1)),
    "layer": (shot(PLAIN, layer="2.5", contrast="off"), (140, 77)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("way", ["middle", "elsewhere"])
def test_the_last_pass_is_what_render_writes_on_cpu(cpu: Cpu, name: str, way: str) -> None:
    check(cpu, *CASES[name], way)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("way", ["middle", "elsewhere"])
def test_the_last_pass_is_what_render_writes_on_gpu(gpu: Gpu, name: str, way: str) -> None:
    check(gpu, *CASES[name], way)


@pytest.mark.parametrize("name", ["dithered", "all"])
def test_the_last_pass_is_what_render_writes_by_definition(name: str) -> None:
    check(REFERENCE, *CASES[name], "elsewhere")


def check(evaluator: Evaluator, one: Shot, size: Size, way: str) -> None:
    ways: dict[str, Sharp] = {
        "middle": lambda windows: np.zeros(len(windows), bool),
        "elsewhere": lambda windows: np.array([(79 * x + 31 * y) % 3 == 1 for x, y, *_ in windows]),
    }
    found = passes(refined(one, size, evaluator, Steady(), sharp=ways[way]), size)
    factor, whole, parts = found[-1]
    assert factor == 1
    assert parts > 1 or max(size) < 100 or min(size) == 1
    assert np.array_equal(whole, rendered(one, size, evaluator))
    factors = [factor for factor, _, _ in found]
    exact = 1 + (one.look.samples > 1)
    assert factors.count(1) == exact
    assert factors == sorted(factors, reverse=True)
    assert len(factors) > exact or size[0] * size[1] < 500
    for factor, coarse, _ in found[:-exact]:
        single = shot(one, samples="1", dither="false")
        assert np.array_equal(coarse, rendered(single, reduced(size, factor), evaluator))


def test_speed_is_learned_and_slices_follow(cpu: Cpu) -> None:
    speed = Speed(1)
    speed.rate = 1e4
    found = passes(refined(PLAIN, (300, 200), cpu, speed), (300, 200))
    assert np.array_equal(found[-1][1], rendered(PLAIN, (300, 200), cpu))
    assert speed.rate > 1e6
    speed = Speed(2)
    speed.learn(1e9, 2.0)
    assert speed.rate == 5e8
    speed.learn(1.0, 2.0)  # what is far off counts a quarter at a time
    assert speed.rate == 1.25e8
    speed.learn(1e12, 1e-9)
    assert speed.rate == 5e8


def test_coarse_factors() -> None:
    assert coarse_factors(0.9) == coarse_factors(1) == []
    assert coarse_factors(1.1) == [3]
    assert coarse_factors(100) == [10]
    assert coarse_factors(144) == [12, 3]
    assert coarse_factors(1e9) == [128, 32, 8]
    assert reduced((301, 151), 1) == (301, 151)
    assert reduced((1280, 720), 8) == (160, 90)
    for size in ((301, 151), (151, 301), (1280, 720), (7, 7), (401, 1)):
        for factor in (3, 7, 10, 128):
            wide, high = reduced(size, factor)
            assert min(wide, high) == -(-min(size) // factor)
            # All of the picture lies within, and less than one more pixel.
            assert wide / high >= size[0] / size[1] or size[0] < size[1]
            assert high / wide >= size[1] / size[0] or size[1] < size[0]
            assert max(wide, high) < min(wide, high) * max(size) / min(size) + 1


def test_what_is_there_is_not_drawn_coarser(cpu: Cpu) -> None:
    def factors(**wishes: float) -> list[int]:
        patches = refined(PLAIN, (301, 151), cpu, Steady(1e5), **wishes)
        return [factor for factor, _, _ in passes(patches, (301, 151))]

    alone = factors()
    assert len(alone) > 2
    assert factors(there=inf) == alone
    assert factors(there=alone[0]) == alone[1:]
    assert factors(there=1.0) == [1]
    assert factors(coarse_s=PASS_S * 1000) == [1]


def test_of_what_moves_only_the_first_pass_is_drawn(cpu: Cpu) -> None:
    def factors(rate: float, there: float = inf) -> list[int]:
        patches = refined(
            shot(PLAIN, samples="2"), (301, 151), cpu, Steady(rate), moving=True, there=there
        )
        return [factor for factor, _, _ in passes(patches, (301, 151))]

    first, *_ = coarse_factors(301 * 151 * cost(PLAIN) / (COARSE_S * 1e6))
    assert factors(1e6) == [first]
    assert factors(1e6, there=2.0) == []  # what is there is better
    assert factors(1e12) == [1]  # without the samples


def test_the_first_pass_comes_at_once_and_windows_from_the_middle(cpu: Cpu) -> None:
    size = 601, 301
    patches = list(refined(PLAIN, size, cpu, Steady(1e5)))
    assert patches[0].last
    exact = [patch.window for patch in patches if patch.factor == 1]
    away = [np.hypot(x + w / 2 - size[0] / 2, y + h / 2 - size[1] / 2) for x, y, w, h in exact]
    assert away == sorted(away)
    assert len(away) > 8


def test_what_is_sharp_can_wait(cpu: Cpu) -> None:
    def sharp(windows: Sequence[Window]) -> NDArray[np.bool_]:
        return np.array([window.left < 200 for window in windows])

    patches = refined(PLAIN, (601, 301), cpu, Steady(1e5), sharp=sharp)
    waited = [patch.window.left < 200 for patch in patches if patch.factor == 1]
    assert waited == sorted(waited)
    assert set(waited) == {False, True}


TILED = [
    ((300, 200), Window(0, 0, 300, 200), 1, 1),
    ((300, 200), Window(13, 17, 150, 90), 1, 1),
    ((301, 151), Window(130, 63, 2, 2), 1, 2),
    ((1000, 7), Window(1, 1, 998, 5), 4, 16),
    ((7, 1000), Window(0, 0, 7, 1000), 1, 3),
    ((513, 511), Window(0, 0, 513, 511), 3, 2),
]


@pytest.mark.parametrize(("size", "window", "samples", "threads"), TILED)
@pytest.mark.parametrize("rate", [1.0, 1e6, 3e8, 1e12])
def test_slices_tile_the_window(
    size: Size, window: Window, samples: int, threads: int, rate: float
) -> None:
    one = shot(layers="2x40", samples=str(samples))
    across, down = tile_size(one)
    times = np.zeros(size[::-1], int)
    speed = Steady(rate, threads)
    for left, top, width, height in slices(size, window, tile_size(one), cost(one), speed, 0.008):
        assert width > 0 < height
        times[top : top + height, left : left + width] += 1
        # Along the tiles, but at the window's own edges: no tile is evaluated twice.
        assert left % across == 0 or left == window.left
        assert top % down == 0 or top == window.top
    wanted = np.zeros_like(times)
    left, top, width, height = window
    wanted[top : top + height, left : left + width] = 1
    assert np.array_equal(times, wanted)


def test_slices_are_as_long_as_asked() -> None:
    one, whole = shot(layers="2x40"), Window(0, 0, 4000, 3000)

    def cut(speed: Steady) -> list[Window]:
        return slices(whole[2:], whole, tile_size(one), cost(one), speed, 0.008)

    counts = [len(cut(Steady(rate))) for rate in (1, 1e9, 1e11)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 32 * 47  # a tile each
    assert counts[2] < 80
    pairs = cut(Steady(1, threads=2))
    assert len(pairs) <= counts[0] / 2 + 47


# An evaluator that is lent.


class Broken(Evaluator):
    """An evaluator that cannot."""

    name = identity = "broken"
    epsilon, threads = 2.0**-23, 1

    def evaluate(self, *asked: object) -> Pixels:
        raise NetartError("broken: as it should be")

    def describe(self) -> str:
        return "nothing"

    def close(self) -> None: ...


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as threads:
        yield threads


def answered(lent: Lent, *asked: Future[Pixels]) -> int:
    """Works until all is answered; the number of slices that took."""
    parts, end_s = lent.parts(), time.perf_counter() + 20
    for steps in count():
        if all(future.done() for future in asked):
            return steps
        assert time.perf_counter() < end_s
        if lent.busy:
            next(parts)
    raise AssertionError


WINDOW, SIZE = Window(13, 17, 150, 90), (300, 201)


def test_another_thread_gets_what_the_evaluator_gives_on_cpu(
    cpu: Cpu, other: ThreadPoolExecutor
) -> None:
    lends(cpu, other)


def test_another_thread_gets_what_the_evaluator_gives_on_gpu(
    gpu: Gpu, other: ThreadPoolExecutor
) -> None:
    lends(gpu, other)


def lends(evaluator: Evaluator, other: ThreadPoolExecutor) -> None:
    woken: list[int] = []
    lent = Lent(evaluator, Steady(1.0), lambda: woken.append(1))
    assert (lent.name, lent.describe()) == (evaluator.name, evaluator.describe())
    assert not lent.busy
    for one in (PLAIN, shot(PLAIN, samples="2"), shot(PLAIN, layers="2x8", outputs="1")):
        asked = other.submit(drawn, lent, one, SIZE, WINDOW)
        assert answered(lent, asked) > 1
        wanted = drawn(evaluator, one, SIZE, WINDOW)
        assert np.array_equal(asked.result(), wanted)
        assert asked.result().dtype == wanted.dtype
    assert len(woken) == 3
    asked = other.submit(evaluated, lent, PLAIN, SIZE)
    answered(lent, asked)
    assert np.array_equal(asked.result(), evaluated(evaluator, PLAIN, SIZE))
    assert not lent.busy


def test_several_threads_ask(cpu: Cpu, other: ThreadPoolExecutor) -> None:
    lent = Lent(cpu, Steady(1.0), lambda: None)
    shots = [shot(PLAIN, seed=str(seed)) for seed in range(7)]
    asked = [other.submit(drawn, lent, one, SIZE, WINDOW) for one in shots]
    answered(lent, *asked)
    for one, future in zip(shots, asked, strict=True):
        assert np.array_equal(future.result(), drawn(cpu, one, SIZE, WINDOW))


def test_what_goes_wrong_is_raised_where_it_was_asked(other: ThreadPoolExecutor) -> None:
    lent = Lent(Broken(), Steady(), lambda: None)
    for _ in range(2):  # and the next one gets an answer again
        asked = other.submit(drawn, lent, PLAIN, SIZE, WINDOW)
        answered(lent, asked)
        with pytest.raises(NetartError, match="as it should be"):
            asked.result()
        assert not lent.busy


def test_closing_refuses(cpu: Cpu, other: ThreadPoolExecutor) -> None:
    lent = Lent(cpu, Steady(1.0), lambda: None)
    asked = [other.submit(drawn, lent, PLAIN, SIZE, WINDOW) for _ in range(2)]
    while not lent.busy:
        time.sleep(0.001)
    parts = lent.parts()
    next(parts)  # the first has begun
    lent.close()
    for future in asked:
        with pytest.raises(NetartError, match="the window was closed"):
            future.result(20)
    with pytest.raises(NetartError, match="the window was closed"):
        drawn(lent, PLAIN, SIZE, WINDOW)

"""Passes of a picture: put together from their slices, they are what `render` writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.evaluate.speed import INITIAL_RATE, Speed
from netart.lens import cost
from netart.live.passes import COARSE_S, IsSharp, Patch, coarse_factors, pass_size, refine
from netart.pixels import Size, Window
from netart.shot.shot import Shot
from tests.live.driver import Levels, Steady
from tests.shots import REFERENCE, rendered, shot

PLAIN = shot(layers="4x12", rotate="20", center="0.2,0.1")
SLOW = 2e6  # multiplications a second that make several passes and slices of small pictures
PASS_S = 10.0  # longer than any of these passes takes


def passes(patches: Iterator[Patch], size: Size) -> list[tuple[int, Levels, int]]:
    """Of each pass its factor, its picture and the number of its slices; nothing is drawn twice
    or left out.
    """
    found: list[tuple[int, Levels, int]] = []
    begins = True
    for patch in patches:
        if begins:
            wide, high = pass_size(size, patch.factor)
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


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("way", ["middle", "elsewhere"])
def test_the_last_pass_is_what_render_writes_on_gpu(gpu: Gpu, name: str, way: str) -> None:
    check(gpu, *CASES[name], way)


@pytest.mark.parametrize("name", ["dithered", "all"])
def test_the_last_pass_is_what_render_writes_by_definition(name: str) -> None:
    check(REFERENCE, *CASES[name], "elsewhere")


def check(evaluator: Evaluator, one: Shot, size: Size, way: str) -> None:
    ways: dict[str, IsSharp] = {
        "middle": lambda windows: np.zeros(len(windows), bool),
        "elsewhere": lambda windows: np.array([(79 * x + 31 * y) % 3 == 1 for x, y, *_ in windows]),
    }
    found = passes(refine(one, size, evaluator, Steady(SLOW), is_sharp=ways[way]), size)
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
        assert np.array_equal(coarse, rendered(single, pass_size(size, factor), evaluator))


def test_slices_follow_the_speed_that_is_learned(cpu: Cpu) -> None:
    speed = Speed(1)
    speed.rate = 1e4
    found = passes(refine(PLAIN, (300, 200), cpu, speed), (300, 200))
    assert np.array_equal(found[-1][1], rendered(PLAIN, (300, 200), cpu))
    assert speed.rate > 1e6


def test_drawings_of_lines_and_text_come_coarse_first(cpu: Cpu) -> None:
    """They take longer than the network says, which is hardly evaluated."""
    patches = refine(shot(lens="diagram"), (640, 360), cpu, Steady(INITIAL_RATE))
    factors = [patch.factor for patch in patches]
    assert factors[0] > 1 == factors[-1]


def test_coarse_factors() -> None:
    assert coarse_factors(0.9) == coarse_factors(1) == []
    assert coarse_factors(1.1) == [3]
    assert coarse_factors(100) == [10]
    assert coarse_factors(144) == [12, 3]
    assert coarse_factors(1e9) == [128, 32, 8]
    assert pass_size((301, 151), 1) == (301, 151)
    assert pass_size((1280, 720), 8) == (160, 90)
    for size in ((301, 151), (151, 301), (1280, 720), (7, 7), (401, 1)):
        for factor in (3, 7, 10, 128):
            wide, high = pass_size(size, factor)
            assert min(wide, high) == -(-min(size) // factor)
            # All of the picture lies within, and less than one more pixel.
            assert wide / high >= size[0] / size[1] or size[0] < size[1]
            assert high / wide >= size[1] / size[0] or size[1] < size[0]
            assert max(wide, high) < min(wide, high) * max(size) / min(size) + 1


def test_what_is_displayed_is_not_drawn_coarser(cpu: Cpu) -> None:
    def factors(**wishes: float) -> list[int]:
        patches = refine(PLAIN, (301, 151), cpu, Steady(1e5), **wishes)
        return [factor for factor, _, _ in passes(patches, (301, 151))]

    alone = factors()
    assert len(alone) > 2
    assert factors(shown_footprint=inf) == alone
    assert factors(shown_footprint=alone[0]) == alone[1:]
    assert factors(shown_footprint=1.0) == [1]
    assert factors(coarse_s=PASS_S * 1000) == [1]


def test_of_what_moves_only_the_first_pass_is_drawn(cpu: Cpu) -> None:
    def factors(rate: float, footprint: float = inf) -> list[int]:
        patches = refine(
            shot(PLAIN, samples="2"),
            (301, 151),
            cpu,
            Steady(rate),
            moving=True,
            shown_footprint=footprint,
        )
        return [factor for factor, _, _ in passes(patches, (301, 151))]

    first, *_ = coarse_factors(301 * 151 * cost(PLAIN) / (COARSE_S * 1e6))
    assert factors(1e6) == [first]
    assert factors(1e6, footprint=2.0) == []  # what is there is better
    assert factors(1e12) == [1]  # without the samples


def test_the_first_pass_comes_at_once_and_windows_from_the_middle(cpu: Cpu) -> None:
    size = 601, 301
    patches = list(refine(PLAIN, size, cpu, Steady(1e5)))
    assert patches[0].last
    exact = [patch.window for patch in patches if patch.factor == 1]
    away = [np.hypot(x + w / 2 - size[0] / 2, y + h / 2 - size[1] / 2) for x, y, w, h in exact]
    assert away == sorted(away)
    assert len(away) > 8


def test_what_is_sharp_can_wait(cpu: Cpu) -> None:
    def sharp(windows: Sequence[Window]) -> NDArray[np.bool_]:
        return np.array([window.left < 200 for window in windows])

    patches = refine(PLAIN, (601, 301), cpu, Steady(1e5), is_sharp=sharp)
    waited = [patch.window.left < 200 for patch in patches if patch.factor == 1]
    assert waited == sorted(waited)
    assert set(waited) == {False, True}

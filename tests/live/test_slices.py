"""Time slices: they tile a window, follow the tiles of evaluators, and take the time given."""

from __future__ import annotations

import numpy as np
import pytest

from netart.evaluate.speed import Speed
from netart.lens import cost, tile_size
from netart.live.slices import time_slices
from netart.pixels import Size, Window
from tests.live.driver import Steady
from tests.shots import shot


def test_speed_is_learned() -> None:
    speed = Speed(2)
    speed.learn(1e9, 2.0)
    assert speed.rate == 5e8
    speed.learn(1.0, 2.0)  # what is far off counts a quarter at a time
    assert speed.rate == 1.25e8
    speed.learn(1e12, 1e-9)
    assert speed.rate == 5e8


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
    across, down = tile = tile_size(one, (1024, 1024))
    times = np.zeros(size[::-1], int)
    speed = Steady(rate, threads)
    for left, top, width, height in time_slices(size, window, tile, cost(one), speed, 0.008):
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
        return time_slices(whole[2:], whole, tile_size(one, (1024, 1024)), cost(one), speed, 0.008)

    counts = [len(cut(Steady(rate))) for rate in (1, 1e9, 1e11)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 32 * 47  # a tile each
    assert counts[2] < 80
    pairs = cut(Steady(1, threads=2))
    assert len(pairs) <= counts[0] / 2 + 47

"""Level lines: on the level, closed where they are, across kinks and jumps."""

from __future__ import annotations

import numpy as np
import pytest

from netart.lens.contours import grid_points, level_lines

LOW, HIGH = (-1.5, -1.0), (1.5, 1.0)


def lines(function, level: float = 0.0, shape: tuple[int, int] = (65, 97)) -> list[np.ndarray]:
    values = function(*grid_points(LOW, HIGH, shape).T).reshape(shape)
    (found,) = level_lines([values], lambda at, _: function(*at.T), LOW, HIGH, level)
    return found


@pytest.mark.parametrize("level", [-0.25, 0.0, 0.25])
def test_a_smooth_line_is_on_its_level(level: float) -> None:
    def wave(u, v):
        return np.tanh(2 * u + np.sin(5 * v)) * np.cos(3 * v + u)

    found = lines(wave, level)
    assert len(found) > 2
    for line in found:
        assert np.abs(wave(*line.T) - level).max() < 1e-12
        assert (line >= LOW).all() and (line <= HIGH).all()


def test_a_circle_is_closed_and_round() -> None:
    (line,) = lines(lambda u, v: np.hypot(u, v) - 0.7)
    assert np.array_equal(line[0], line[-1])
    assert np.hypot(*line.T) == pytest.approx(0.7, abs=1e-14)
    assert len(line) > 100


def test_rows_run_upwards_and_columns_to_the_right() -> None:
    (line,) = lines(lambda u, v: v - 0.3 * u - 0.123)
    assert line[:, 1] == pytest.approx(0.3 * line[:, 0] + 0.123, abs=1e-12)
    assert np.ptp(line[:, 0]) == pytest.approx(3)


def test_a_kink_is_met() -> None:
    (line,) = lines(lambda u, v: np.maximum(3 * (u - 0.211), 0.05 * (u - 0.211)))
    assert line[:, 0] == pytest.approx(0.211, abs=3 / 96 / 64)


def test_a_jump_is_halved_down() -> None:
    (line,) = lines(lambda u, v: np.where(u - 0.2 * v > 0.211, 1.0, -0.01))
    grid = 3 / 96
    assert np.abs(line[:, 0] - 0.2 * line[:, 1] - 0.211).max() < grid / 32


def test_a_zero_on_the_grid_itself_stays() -> None:
    found = lines(lambda u, v: u + 0 * v)
    assert all(np.abs(line[:, 0]).max() < 1e-12 for line in found)


def test_several_functions_keep_their_order() -> None:
    shape, shifts = (33, 49), np.array([0.1, 5.0, -0.4])
    grid = grid_points(LOW, HIGH, shape)
    values = [(grid[:, 0] - shift).reshape(shape) for shift in shifts]
    found = level_lines(values, lambda at, number: at[:, 0] - shifts[number], LOW, HIGH)
    assert [len(several) for several in found] == [1, 0, 1]
    assert found[0][0][:, 0] == pytest.approx(0.1)
    assert found[2][0][:, 0] == pytest.approx(-0.4)


def test_nothing_is_found_where_nothing_is() -> None:
    assert lines(lambda u, v: 1 + u * u) == []

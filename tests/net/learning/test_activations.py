"""Activations in place: the same as the table's, and without memory where they promise it."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from netart.net.learning.activations import ALLOCATION_FREE, in_place
from netart.net.ops import ACTIVATIONS, Activation
from tests.activations import HARD


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_they_are_the_tables(row: Activation, precision: type[np.floating]) -> None:
    z = np.concatenate([HARD, np.linspace(-5, 5, 62)]).astype(precision).reshape(2, -1)
    applied = in_place(row.name, z.shape, z.dtype)
    y, derivative = z.copy(), np.full_like(z, 3)
    with np.errstate(over="ignore"):
        expected = row.function(z.copy())
        applied.forward(y)
        assert y == pytest.approx(expected, rel=3e-7, abs=1e-34)
        slope = row.slope(z, expected.copy())
        applied.backward(y, derivative)
    assert derivative == pytest.approx(3 * slope, rel=3e-6, abs=1e-6)
    assert derivative.dtype == precision


@pytest.mark.parametrize("name", ALLOCATION_FREE)
def test_they_take_no_memory_and_do_not_warn(name: str) -> None:
    z = np.concatenate([HARD, np.linspace(-5, 5, 62)]).reshape(2, -1)
    applied, derivative = in_place(name, z.shape, z.dtype), np.full_like(z, 3)
    tracemalloc.start()
    applied.forward(z)
    applied.backward(z, derivative)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < z.nbytes / 2

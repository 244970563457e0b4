"""Losses: known values, stable forms, and gradients beside differences of the values."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from netart.net.learning.activations import ALLOCATION_FREE
from netart.net.learning.losses import (
    SIGMOID_CROSS_ENTROPY,
    SOFTMAX_CROSS_ENTROPY,
    Loss,
    loss_of,
    squared_error,
)
from netart.net.ops import ACTIVATIONS

CROSS_ENTROPIES = {"binary": SIGMOID_CROSS_ENTROPY, "classes": SOFTMAX_CROSS_ENTROPY}
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


def gradient(loss: Loss, z: np.ndarray, targets: np.ndarray) -> np.ndarray:
    found = np.empty_like(z)
    loss.gradient(z.copy(), targets.astype(z.dtype), found)
    return found


def test_values_are_those_of_the_definitions() -> None:
    z, t = np.array([[0.5, -1.0]]), np.array([[1.0, 0.0]])
    p = 1 / (1 + np.exp(-z[0]))
    expected = -(math.log(p[0]) + math.log(1 - p[1])) / 2
    assert SIGMOID_CROSS_ENTROPY.value(z, t) == pytest.approx(expected, rel=1e-12)
    z, t = np.array([[0.5, 2.0], [0.0, 1.0], [-1.0, 3.0]]), np.array([[1, 0], [0, 1], [0, 0]])
    shares = np.exp(z) / np.exp(z).sum(axis=0)
    expected = -(math.log(shares[0, 0]) + math.log(shares[1, 1])) / 2
    assert SOFTMAX_CROSS_ENTROPY.value(z, t) == pytest.approx(expected, rel=1e-12)
    error = squared_error("tanh", (2, 1), DOUBLE).value(np.array([[1.0], [2.0]]), np.zeros((2, 1)))
    assert error == pytest.approx((math.tanh(1) ** 2 + math.tanh(2) ** 2) / 2, rel=1e-12)


def differences(loss: Loss, z: np.ndarray, targets: np.ndarray) -> np.ndarray:
    found, step = np.empty_like(z), 1e-6
    for at in np.ndindex(*z.shape):
        up, down = z.copy(), z.copy()
        up[at] += step
        down[at] -= step
        found[at] = (loss.value(up, targets) - loss.value(down, targets)) / (2 * step)
    return found


@pytest.mark.parametrize("name", [*CROSS_ENTROPIES, *ACTIVATIONS])
def test_gradients_are_differences_of_the_values(name: str) -> None:
    rng, shape = np.random.default_rng(0), (3, 7)
    z, targets = rng.normal(size=shape) * 2, rng.uniform(size=shape)
    if name == "classes":
        targets = np.eye(3)[rng.integers(0, 3, 7)].T
    loss = CROSS_ENTROPIES.get(name) or squared_error(name, shape, DOUBLE)
    expected = differences(loss, z, targets)
    # The table's erf is right to 1.5e-7, its slope to all digits.
    error = (2e-7 if name == "gelu" else 2e-9) * max(1, np.abs(expected).max())
    assert gradient(loss, z, targets) == pytest.approx(expected, abs=error)


@pytest.mark.parametrize("precision", [SINGLE, DOUBLE])
def test_large_numbers_neither_overflow_nor_lose_the_loss(precision: np.dtype) -> None:
    z = np.array([[-1e4, 1e4, -90.0, 90.0]], precision)
    right, wrong = np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[1.0, 0.0, 1.0, 0.0]])
    assert SIGMOID_CROSS_ENTROPY.value(z, right) == pytest.approx(0, abs=1e-30)
    assert SIGMOID_CROSS_ENTROPY.value(z, wrong) == pytest.approx(5045, rel=1e-12)
    assert gradient(SIGMOID_CROSS_ENTROPY, z, right) == pytest.approx(0, abs=1e-30)
    assert gradient(SIGMOID_CROSS_ENTROPY, z, wrong)[0].tolist() == [-0.25, 0.25, -0.25, 0.25]
    z = np.array([[-1e4, 0.0], [1e4, 1e4], [0.0, 0.0]], precision)
    targets = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert SOFTMAX_CROSS_ENTROPY.value(z, targets) == pytest.approx(1e4, rel=1e-12)
    found = gradient(SOFTMAX_CROSS_ENTROPY, z, targets)
    assert found.tolist() == [[-0.5, 0], [0.5, 0], [0, 0]]
    error = squared_error("sigmoid", (3, 2), precision)
    assert error.value(z, targets) == pytest.approx((1 + 1 + 0.25 * 3) / 6)
    assert np.isfinite(gradient(error, z, targets)).all()


@pytest.mark.parametrize("name", [*CROSS_ENTROPIES, *ALLOCATION_FREE])
def test_gradients_take_no_memory(name: str) -> None:
    z = np.random.default_rng(0).normal(size=(3, 1 << 15)).astype(np.float32)
    loss = CROSS_ENTROPIES.get(name) or squared_error(name, z.shape, SINGLE)
    targets, out = np.zeros_like(z), np.empty_like(z)
    tracemalloc.start()
    loss.gradient(z, targets, out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4096  # a row has 128 KiB


def test_the_loss_is_that_of_the_task() -> None:
    def found(*asked: str) -> Loss:
        return loss_of(*asked, (3, 4), DOUBLE)

    assert found("cross_entropy", "binary", "sigmoid") is SIGMOID_CROSS_ENTROPY
    assert found("cross_entropy", "classes", "linear") is SOFTMAX_CROSS_ENTROPY
    z, zeros = np.full((3, 4), 0.5), np.zeros((3, 4))
    assert found("squared", "binary", "tanh").value(z, zeros) == pytest.approx(math.tanh(0.5) ** 2)
    assert found("squared", "regression", "linear").value(z, zeros) == pytest.approx(0.25)

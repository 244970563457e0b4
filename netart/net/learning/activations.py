"""Activations as training applies them: in place, forwards and backwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from netart.net.ops import Activation, Array, activation

MAX_EXPONENT = 80.0  # exp of it is finite in float32


class InPlace(NamedTuple):
    """An activation that overwrites arrays of one shape, (units, batch)."""

    # Turns pre-activations into activations.
    forward: Callable[[Array], object]
    # Of activations and the loss's derivatives to them: multiplies these by the activation's slope,
    # which makes them derivatives to the pre-activations. May overwrite the activations.
    backward: Callable[[Array, Array], object]


def in_place(name: str, shape: tuple[int, int], precision: np.dtype[np.floating]) -> InPlace:
    """The activation of this name for arrays of one shape and precision.

    Those of ALLOCATION_FREE take no memory when they are applied. All others apply the functions of
    the table of activations, and keep the pre-activations of their last `forward` for `backward`.
    """
    if name in ALLOCATION_FREE:
        return ALLOCATION_FREE[name]
    row, z = activation(name), np.empty(shape, precision)
    return InPlace(partial(_forward, row, z), partial(_backward, row, z))


def _forward(row: Activation, z: Array, y: Array) -> None:
    z[:] = y
    y[:] = row.function(y)


def _backward(row: Activation, z: Array, y: Array, derivative: Array) -> None:
    derivative *= row.slope(z, y)


def _nothing(*arrays: Array) -> None:
    pass


def _tanh(y: Array) -> None:
    np.tanh(y, y)


def _tanh_backward(y: Array, derivative: Array) -> None:
    np.multiply(y, y, y)
    np.subtract(1, y, y)
    np.multiply(derivative, y, derivative)


def sigmoid(y: Array) -> None:
    """Turns pre-activations into their sigmoids, and takes no memory."""
    np.negative(y, y)
    np.minimum(y, MAX_EXPONENT, out=y)
    np.exp(y, y)
    np.add(y, 1, y)
    np.reciprocal(y, y)


def _sigmoid_backward(y: Array, derivative: Array) -> None:
    np.multiply(derivative, y, derivative)
    np.subtract(1, y, y)
    np.multiply(derivative, y, derivative)


def _relu(y: Array) -> None:
    np.maximum(y, 0, out=y)


def _relu_backward(y: Array, derivative: Array) -> None:
    np.sign(y, y)
    np.multiply(derivative, y, derivative)


ALLOCATION_FREE = {
    "linear": InPlace(_nothing, _nothing),
    "tanh": InPlace(_tanh, _tanh_backward),
    "sigmoid": InPlace(sigmoid, _sigmoid_backward),
    "relu": InPlace(_relu, _relu_backward),
}

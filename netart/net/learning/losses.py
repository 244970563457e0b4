"""Losses, means over examples and outputs, and their gradients to the last pre-activations.

z: (outputs, N) pre-activations of a network's outputs, targets as in `Examples`, t below. Values
are summed in float64, in forms that overflow only where z does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from netart.net.learning.activations import in_place, sigmoid
from netart.net.learning.data import Task
from netart.net.learning.options import Loss as LossName
from netart.net.ops import Array, activation


class Loss(NamedTuple):
    """How far outputs are from their targets, as a number to be made small."""

    # Of z and targets: their loss.
    value: Callable[[Array, Array], float]
    # Of z, targets and an array of their shape, which becomes the loss's gradient to z. Overwrites
    # z, and takes no memory, but for squared errors through other activations than those of
    # ALLOCATION_FREE.
    gradient: Callable[[Array, Array, Array], object]


def loss_of(
    name: LossName,
    task: Task,
    output_activation: str,
    shape: tuple[int, int],
    precision: np.dtype[np.floating],
) -> Loss:
    """The loss of this name for a batch of (outputs, N) examples, as `check_loss` allows it."""
    if name == "squared":
        return squared_error(output_activation, shape, precision)
    return SOFTMAX_CROSS_ENTROPY if task == "classes" else SIGMOID_CROSS_ENTROPY


def _sigmoid_value(z: Array, targets: Array) -> float:
    z = z.astype(np.float64)
    # −t ln p − (1 − t) ln(1 − p) of p = 1/(1 + exp(−z)).
    return float(np.mean(np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z)))))


def _sigmoid_gradient(z: Array, targets: Array, out: Array) -> None:
    # p − t.
    np.copyto(out, z)
    sigmoid(out)
    np.subtract(out, targets, out)
    np.multiply(out, 1 / z.size, out)


def _softmax_value(z: Array, targets: Array) -> float:
    z = z.astype(np.float64)
    z = z - z.max(axis=0)
    # −Σ t ln p of p = exp z / Σ exp z, where Σ t = 1.
    return float(np.mean(np.log(np.exp(z).sum(axis=0)) - (z * targets).sum(axis=0)))


def _softmax_gradient(z: Array, targets: Array, out: Array) -> None:
    # p − t. A row of `out` holds the largest, then the sum.
    row = out[0]
    np.maximum.reduce(z, axis=0, out=row)
    np.subtract(z, row, z)
    np.exp(z, z)
    np.add.reduce(z, axis=0, out=row)
    np.divide(z, row, z)
    np.subtract(z, targets, out)
    np.multiply(out, 1 / z.shape[1], out)


# Of the sigmoids of z.
SIGMOID_CROSS_ENTROPY = Loss(_sigmoid_value, _sigmoid_gradient)
# Of the softmax of z, of classes of which each example has one: a mean over the examples alone.
SOFTMAX_CROSS_ENTROPY = Loss(_softmax_value, _softmax_gradient)


def squared_error(
    output_activation: str, shape: tuple[int, int], precision: np.dtype[np.floating]
) -> Loss:
    """The squared error of outputs f(z), f being the activation of this name."""
    row, applied = activation(output_activation), in_place(output_activation, shape, precision)

    def value(z: Array, targets: Array) -> float:
        with np.errstate(over="ignore"):
            error = row.function(z.astype(np.float64)) - targets
            return float(np.mean(np.square(error)))

    def gradient(z: Array, targets: Array, out: Array) -> None:
        # 2 (f(z) − t) f′(z).
        applied.forward(z)
        np.subtract(z, targets, out)
        applied.backward(z, out)
        np.multiply(out, 2 / z.size, out)

    return Loss(value, gradient)

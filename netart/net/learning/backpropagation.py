"""The gradient of a loss to all weights and biases of a network, by backpropagation.

Arrays are feature-major: a row a unit, a column an example. Below the rows of a layer's activations
lies a row of ones, so that biases are the last column of a matrix, and products write straight into
the rows of the next layer, and into the blocks of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from netart.net.learning.activations import in_place
from netart.net.learning.losses import Loss
from netart.net.learning.run import split
from netart.net.ops import Array


class Forward(NamedTuple):
    """A hidden layer on the way to the outputs."""

    matrix: Array
    rows: Array  # where its activations go
    with_ones: Array  # the same, and the row of ones
    activate: Callable[[Array], object]


class Backward(NamedTuple):
    """A layer but the first on the way back, and the hidden layer below it."""

    derivative: Array  # of the loss to the layer's pre-activations
    gradient: Array  # of the loss to the layer's matrix
    below: Array  # (batch, units + 1), the activations below and ones
    transposed: Array  # the layer's matrix
    # To the activations below and the row of ones. Without this row numpy would copy the matrix at
    # each product: it does not hand all columns but the last to BLAS.
    all_below: Array
    derivative_below: Array  # without the row
    rows_below: Array
    deactivate: Callable[[Array, Array], object]


class Backpropagation:
    """The buffers in which a network's gradient is computed, for batches of one size.

    shapes: (out, in + 1) of each layer. activations: of the hidden layers. parameters, gradient:
    flat vectors of one precision, of which each layer has a block; the first is read, the second
    written. Nothing is allocated later for activations of ALLOCATION_FREE.
    """

    def __init__(
        self,
        shapes: Sequence[tuple[int, int]],
        activations: Sequence[str],
        loss: Loss,
        batch: int,
        parameters: Array,
        gradient: Array,
    ) -> None:
        matrices, gradients = split(parameters, shapes), split(gradient, shapes)
        precision = parameters.dtype
        self._loss = loss
        self._hidden, applied = [], []
        for matrix, name in zip(matrices[:-1], activations, strict=True):
            with_ones = np.ones((len(matrix) + 1, batch), precision)
            applied.append(in_place(name, (len(matrix), batch), precision))
            self._hidden.append(Forward(matrix, with_ones[:-1], with_ones, applied[-1].forward))
        self._last = matrices[-1]
        self._outputs = np.empty((len(self._last), batch), precision)
        whole = [np.empty((len(matrix) + 1, batch), precision) for matrix in matrices]
        derivatives = [all_[:-1] for all_ in whole]
        self._layers = [
            Backward(
                derivatives[k + 1], gradients[k + 1], hidden.with_ones.T, matrices[k + 1].T,
                whole[k], derivatives[k], hidden.rows, applied[k].backward,
            )
            for k, hidden in enumerate(self._hidden)
        ][::-1]  # fmt: skip
        self._to_outputs, self._to_first = derivatives[-1], derivatives[0]
        self._first_gradient = gradients[0]

    def compute(self, inputs: Array, inputs_transposed: Array, targets: Array) -> None:
        """Writes the gradient of a batch's loss.

        inputs: (columns + 1, batch), a row of ones the last. targets: (outputs, batch).
        """
        dot, below = np.dot, inputs
        for matrix, rows, with_ones, activate in self._hidden:
            dot(matrix, below, rows)
            activate(rows)
            below = with_ones
        dot(self._last, below, self._outputs)
        self._loss.gradient(self._outputs, targets, self._to_outputs)
        for derivative, gradient, before, transposed, all_, below, rows, deactivate in self._layers:
            dot(derivative, before, gradient)
            dot(transposed, derivative, all_)
            deactivate(rows, below)
        dot(self._to_first, inputs_transposed, self._first_gradient)

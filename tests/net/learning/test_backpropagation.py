"""Gradients beside differences of the loss in float64, and beside jax."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from netart.net.learning.backpropagation import Backpropagation, split
from netart.net.learning.losses import loss_of
from netart.net.learning.optimizer import Vectors, add_decay
from netart.net.ops import ACTIVATIONS

COLUMNS, BATCH = 2, 9


def shapes(*widths: int) -> list[tuple[int, int]]:
    return [(after, before + 1) for before, after in pairwise(widths)]


def batch(outputs: int, task: str, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Inputs with a row of ones, and targets."""
    rng = np.random.default_rng(seed)
    inputs = np.concatenate([rng.uniform(-1, 1, (COLUMNS, BATCH)), np.ones((1, BATCH))])
    targets = rng.uniform(size=(outputs, BATCH))
    if task == "classes":
        targets = np.eye(outputs)[rng.integers(0, outputs, BATCH)].T
    return inputs, targets


def backpropagated(
    parameters: np.ndarray,
    activations: tuple[str, ...],
    layers: list[tuple[int, int]],
    loss: tuple[str, str, str],
    examples: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """The gradient. loss: its name, the task, and the output activation."""
    inputs, targets = (one.astype(parameters.dtype) for one in examples)
    gradient = np.full_like(parameters, np.nan)
    found = loss_of(*loss, targets.shape, parameters.dtype)
    Backpropagation(layers, activations, found, BATCH, parameters, gradient).compute(
        inputs, inputs.T, targets
    )
    return gradient


def value(
    parameters: np.ndarray,
    activations: tuple[str, ...],
    layers: list[tuple[int, int]],
    loss: tuple[str, str, str],
    examples: tuple[np.ndarray, np.ndarray],
) -> float:
    inputs, targets = examples
    y = inputs[:-1]
    for matrix, name in zip(split(parameters, layers), (*activations, "linear"), strict=True):
        y = ACTIVATIONS[name].function(matrix[:, :-1] @ y + matrix[:, -1:])
    return loss_of(*loss, targets.shape, parameters.dtype).value(y, targets)


def differences(function: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    found, step = np.empty_like(at), 1e-6
    for k in range(len(at)):
        up, down = at.copy(), at.copy()
        up[k] += step
        down[k] -= step
        found[k] = (function(up) - function(down)) / (2 * step)
    return found


LOSSES = [
    (1, ("cross_entropy", "binary", "sigmoid")),
    (4, ("cross_entropy", "classes", "linear")),
    (3, ("squared", "regression", "sigmoid")),
    (2, ("squared", "regression", "softsign")),
]


@pytest.mark.parametrize(("outputs", "loss"), LOSSES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_differences_of_the_loss(
    name: str, outputs: int, loss: tuple[str, str, str]
) -> None:
    """Through two layers of the activation, and one of another between them."""
    layers, activations = shapes(COLUMNS, 5, 4, 3, outputs), (name, "tanh", name)
    parameters = np.random.default_rng(1).normal(size=sum(a * b for a, b in layers)) * 0.8
    rest = activations, layers, loss, batch(outputs, loss[1])
    got = backpropagated(parameters, *rest)
    expected = differences(lambda p: value(p, *rest), parameters)
    error = np.abs(got - expected)
    # The table's erf is right to 1.5e-7, its slope to all digits.
    assert error.max() < (3e-6 if name == "gelu" else 2e-8)
    assert np.abs(got).max() > 0.01


def test_a_network_without_hidden_layers_has_a_gradient() -> None:
    parameters = np.array([0.5, -1.0, 0.25])
    rest = (), shapes(COLUMNS, 1), LOSSES[0][1], batch(1, "binary")
    expected = differences(lambda p: value(p, *rest), parameters)
    assert backpropagated(parameters, *rest) == pytest.approx(expected, abs=1e-9)


def test_float32_has_the_gradient_to_its_digits() -> None:
    layers = shapes(COLUMNS, 16, 16, 1)
    parameters = np.random.default_rng(1).normal(size=sum(a * b for a, b in layers)) * 0.4
    parameters = parameters.astype(np.float32).astype(float)
    rest = ("relu", "sigmoid"), layers, LOSSES[0][1], batch(1, "binary")
    single = backpropagated(parameters.astype(np.float32), *rest)
    assert single.dtype == np.float32
    assert single == pytest.approx(backpropagated(parameters, *rest), abs=1e-6)


def test_weight_decay_is_the_gradient_of_half_the_squared_weights_without_biases() -> None:
    layers = shapes(COLUMNS, 3, 1)
    parameters = np.random.default_rng(1).normal(size=sum(a * b for a, b in layers))
    rest = ("tanh",), layers, LOSSES[0][1], batch(1, "binary")
    decay = np.full_like(parameters, 0.3)
    for block in split(decay, layers):
        block[:, -1] = 0

    def decayed(p: np.ndarray) -> float:
        weights = (block[:, :-1] for block in split(p, layers))
        return value(p, *rest) + 0.3 / 2 * sum(float((w * w).sum()) for w in weights)

    gradient = backpropagated(parameters, *rest)
    plain = gradient.copy()
    none = np.zeros_like(parameters)
    add_decay(Vectors(parameters, gradient, none, none, decay, none.copy()))
    assert gradient == pytest.approx(differences(decayed, parameters), abs=1e-8)
    assert np.abs(gradient - plain).max() > 0.1


JAX = {
    "tanh": lambda jax: jax.numpy.tanh,
    "sigmoid": lambda jax: jax.nn.sigmoid,
    "relu": lambda jax: jax.nn.relu,
    "silu": lambda jax: jax.nn.silu,
    "softplus": lambda jax: jax.nn.softplus,
    "sin": lambda jax: jax.numpy.sin,
    "linear": lambda jax: lambda z: z,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activations", "outputs", "loss"),
    [
        (activations, *case)
        for activations, case in zip(
            [("relu", "tanh"), ("silu", "sin"), ("sigmoid", "softplus")], LOSSES, strict=False
        )
    ],
)
def test_gradients_are_those_of_jax(
    activations: tuple[str, ...], outputs: int, loss: tuple[str, str, str]
) -> None:
    import jax

    layers = shapes(COLUMNS, 8, 6, outputs)
    parameters = np.random.default_rng(3).normal(size=sum(a * b for a, b in layers)) * 0.6
    inputs, targets = batch(outputs, loss[1])

    def jax_loss(p):
        y = inputs[:-1]
        for matrix, name in zip(split(p, layers), (*activations, "linear"), strict=True):
            y = JAX[name](jax)(matrix[:, :-1] @ y + matrix[:, -1:])
        if loss[1] == "classes":
            return -(jax.nn.log_softmax(y, axis=0) * targets).sum(axis=0).mean()
        if loss[1] == "binary":
            yes, no = jax.nn.log_sigmoid(y), jax.nn.log_sigmoid(-y)
            return -(targets * yes + (1 - targets) * no).mean()
        return ((jax.nn.sigmoid(y) - targets) ** 2).mean()

    with jax.enable_x64(True):
        expected = np.asarray(jax.jit(jax.grad(jax_loss))(parameters))
    got = backpropagated(parameters, activations, layers, loss, (inputs, targets))
    assert expected.dtype == np.float64
    assert got == pytest.approx(expected, rel=1e-10, abs=1e-12)

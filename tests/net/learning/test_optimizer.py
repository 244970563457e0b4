"""Optimizers and schedules: the papers' formulas, and 100 steps of torch."""

from __future__ import annotations

from math import cos, pi
from pathlib import Path

import numpy as np
import pytest

from netart.net.learning.backpropagation import split
from netart.net.learning.data import Examples
from netart.net.learning.optimizer import Vectors, adam, learning_rate, sgd
from netart.net.learning.options import Options
from netart.net.learning.trainer import Trainer
from netart.net.network import from_arrays

# How it was made stands in the script of the same name.
TORCH = Path(__file__).parents[2] / "data" / "torch_steps.npz"


def vectors(parameters: np.ndarray) -> Vectors:
    gradient, first, second, scratch = (np.zeros_like(parameters) for _ in range(4))
    return Vectors(parameters.copy(), gradient, first, second, None, scratch)


def test_adam_is_algorithm_1_of_its_paper() -> None:
    rng = np.random.default_rng(0)
    parameters, gradients = rng.normal(size=6), rng.normal(size=(50, 6))
    found = vectors(parameters)
    m, v = np.zeros(6), np.zeros(6)
    for t, gradient in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        parameters = parameters - 0.02 * m_hat / (np.sqrt(v_hat) + 1e-8)
        found.gradient[:] = gradient
        adam(found, t - 1, 0.02)
        assert found.parameters == pytest.approx(parameters, rel=1e-12)
    assert (found.first, found.second) == (pytest.approx(m), pytest.approx(v))


def test_the_first_step_of_adam_is_the_rate() -> None:
    """Whatever the gradient: epsilon is added to the corrected root, not to the plain one."""
    found = vectors(np.zeros(3))
    found.gradient[:] = [1e-3, -1.0, 1e3]
    adam(found, 0, 0.02)
    assert found.parameters == pytest.approx([-0.02, 0.02, -0.02], rel=2e-5)


def test_gradient_descent_moves_against_the_gradient() -> None:
    found = vectors(np.array([1.0, 2.0]))
    found.gradient[:] = [0.5, -1.0]
    sgd(found, 7, 0.1)
    assert found.parameters.tolist() == [0.95, 2.1]


def test_rates_fall_along_half_a_cosine() -> None:
    options = Options(steps=40, batch=0, loss="squared", rate=0.2)
    found = [learning_rate(options, step) for step in range(40)]
    assert found == pytest.approx([0.2 * (1 + cos(pi * step / 40)) / 2 for step in range(40)])
    assert found[0] == 0.2
    assert learning_rate(options, 40) == 0
    constant = Options(steps=40, batch=0, loss="squared", rate=0.2, schedule="constant")
    assert learning_rate(constant, 39) == 0.2


CASES = {
    "adam": {"rate": 0.02},
    "adam-relu": {"rate": 0.01, "schedule": "constant"},
    "adam-decay": {"rate": 0.02, "weight_decay": 0.01},
    "sgd": {"rate": 0.5, "optimizer": "sgd"},
    "sgd-relu-decay": {"rate": 0.3, "optimizer": "sgd", "weight_decay": 0.02},
}
TASKS = {1: "binary", 2: "regression", 3: "classes"}


@pytest.mark.parametrize(("precision", "error"), [("float32", 1e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("name", CASES)
def test_a_hundred_steps_are_those_of_torch(name: str, precision: str, error: float) -> None:
    arrays = np.load(TORCH)
    start, end, loss, inputs, targets = (
        arrays[f"{name}.{key}"] for key in ("start", "end", "loss", "inputs", "targets")
    )
    outputs = len(targets)
    task = TASKS[outputs]
    blocks = split(start.astype(np.float32), [(7, 3), (5, 8), (outputs, 6)])
    hidden = "relu" if "relu" in name else "tanh"
    network = from_arrays(
        [(block[:, :-1].copy(), block[:, -1].copy()) for block in blocks],
        {
            "activations": [hidden, hidden, "linear" if task == "classes" else "sigmoid"],
            "features": ["x", "y"],
            "latents": [],
        },
    )
    options = Options(
        steps=100, batch=0, loss="squared" if task == "regression" else "cross_entropy",
        precision=precision, **CASES[name],
    )  # fmt: skip
    trainer = Trainer(network, Examples(inputs, targets, task), options, seed=0)
    *_, last = trainer.run()
    assert np.abs(last.parameters - end).max() < error
    assert np.abs(start - end).max() > 0.1
    assert trainer.measure()[0] == pytest.approx(float(loss), abs=error)

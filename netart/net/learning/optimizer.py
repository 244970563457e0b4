"""How gradients move the parameters of a network: Adam, gradient descent, and learning rates.

All vectors are flat, (P,), of one precision. A step takes no memory.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sqrt
from typing import NamedTuple

import numpy as np

from netart.net.learning.options import Optimizer as OptimizerName
from netart.net.learning.options import Options, Schedule
from netart.net.ops import Array

# The paper's constants.
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class Vectors(NamedTuple):
    """What a step of an optimizer reads and writes."""

    parameters: Array
    gradient: Array
    first: Array  # Adam's running mean of the gradient
    second: Array  # and of its square
    # Of each parameter, what is multiplied by it and added to the gradient: the L2 term of weight
    # decay, 0 for biases. None where there is no decay.
    decay: Array | None
    scratch: Array


def add_decay(vectors: Vectors) -> None:
    """Adds to the gradient that of ½ λ Σ weight²: weight decay as an L2 term, biases left out."""
    if vectors.decay is not None:
        np.multiply(vectors.decay, vectors.parameters, vectors.scratch)
        np.add(vectors.gradient, vectors.scratch, vectors.gradient)


def adam(vectors: Vectors, step: int, rate: float) -> None:
    """A step of Adam: Kingma & Ba 2015, algorithm 1. step: how many were made before.

    Written as p −= rate √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε √(1 − β₂ᵗ)): the same, without vectors
    of corrected moments.
    """
    parameters, gradient, first, second, _, scratch = vectors
    np.subtract(gradient, first, scratch)
    np.multiply(scratch, 1 - BETA_1, scratch)
    np.add(first, scratch, first)
    np.multiply(gradient, gradient, scratch)
    np.subtract(scratch, second, scratch)
    np.multiply(scratch, 1 - BETA_2, scratch)
    np.add(second, scratch, second)
    correction = sqrt(1 - BETA_2 ** (step + 1))
    np.sqrt(second, scratch)
    np.add(scratch, EPSILON * correction, scratch)
    np.divide(first, scratch, scratch)
    np.multiply(scratch, rate * correction / (1 - BETA_1 ** (step + 1)), scratch)
    np.subtract(parameters, scratch, parameters)


def sgd(vectors: Vectors, step: int, rate: float) -> None:
    """A step of gradient descent: p −= rate · gradient."""
    np.multiply(vectors.gradient, rate, vectors.scratch)
    np.subtract(vectors.parameters, vectors.scratch, vectors.parameters)


OPTIMIZERS: dict[OptimizerName, Callable[[Vectors, int, float], None]] = {"adam": adam, "sgd": sgd}

# Of the share of all steps that are made, in [0, 1): what the rate is multiplied by.
SCHEDULES: dict[Schedule, Callable[[float], float]] = {
    "constant": lambda share: 1.0,
    # Loshchilov & Hutter 2017, "SGDR", without restarts, towards 0.
    "cosine": lambda share: (1 + cos(pi * share)) / 2,
}


def learning_rate(options: Options, step: int) -> float:
    """The rate of the step before which `step` others were made: 0 to options.steps − 1."""
    return options.rate * SCHEDULES[options.schedule](step / options.steps)

"""Networks and views whose switching lines are known, or hard to find."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np

from netart.net.network import Network, from_arrays
from netart.shot.view import View, rotation

WHOLE = View(radius=1.0)
SQUARE = ((-1.0, -1.0), (1.0, 1.0))
WIDE = ((-1.5, -1.0), (1.5, 1.0))
TILTED = View(
    centre=(Decimal("0.1"), Decimal("-0.2"), Decimal("0.3")),
    axes=("x", "t"),
    radius=0.8,
    basis=rotation(33),
)


def random_network(
    widths: tuple[int, ...], seed: int, activation: str = "relu", latents: tuple[str, ...] = ()
) -> Network:
    rng = np.random.default_rng(seed)
    sizes = [2 + len(latents), *widths, 1]
    arrays = [
        (
            (rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / m)).astype(np.float32),
            rng.uniform(-0.5, 0.5, n).astype(np.float32),
        )
        for m, n in pairwise(sizes)
    ]
    return network(arrays, [activation] * len(widths), latents)


def degenerate_network(seed: int) -> Network:
    """Weights −1, 0 and 1, zero biases, twins, units that are 0 everywhere, tiny scales."""
    rng = np.random.default_rng(seed)
    widths = (2, *[int(rng.integers(2, 7))] * int(rng.integers(1, 4)), 1)
    arrays = []
    for m, n in pairwise(widths):
        weight = rng.integers(-1, 2, (n, m)).astype(np.float32)
        bias = (rng.integers(-1, 2, n) * rng.integers(0, 2)).astype(np.float32)
        if seed % 3 == 0 and n > 1:
            weight[1], bias[1] = weight[0], bias[0]
        scale = 2.0**-10 if seed % 5 == 0 else 1.0
        arrays.append((weight * np.float32(scale), bias * np.float32(scale)))
    names = [str(rng.choice(["relu", "relu", "abs", "linear"])) for _ in widths[1:-1]]
    return network(arrays, names)


def coinciding_network(seed: int) -> Network:
    """Units of layer 1 that coincide up to rounding, and two of layer 2 that are 0 but for it."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(-500, 500, (5, 3)) / 1024
    rows = np.concatenate([rows, 3 * rows[:2], 5 * rows[1:3]])
    second = rng.integers(-500, 500, (4, len(rows))) / 1024
    second[0] = 0
    second[0, [0, 5]] = 3, -1
    second[1] = 0
    second[1, [1, 7, 2, 8]] = 5, -1, 5, -1
    arrays = [
        (rows[:, :2], rows[:, 2]),
        (second, np.array([0, 0, 0.1, -0.2])),
        (np.ones((1, 4)), np.zeros(1)),
    ]
    arrays = [tuple(array.astype(np.float32) for array in pair) for pair in arrays]
    return network(arrays, ["relu", "relu"])


def network(arrays: list, activations: list[str], latents: tuple[str, ...] = ()) -> Network:
    meta = {
        "activations": [*activations, "linear"],
        "features": ("x", "y"),
        "latents": latents,
    }
    return from_arrays(arrays, meta)

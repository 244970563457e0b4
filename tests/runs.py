"""Small runs for tests."""

from __future__ import annotations

import numpy as np

from netart.net.build import to_network
from netart.net.datasets import dataset
from netart.net.learning.data import Data, PointData
from netart.net.learning.options import Options
from netart.net.learning.run import Head, Run, pack
from netart.net.recipe import Recipe

RING = PointData("disc-in-ring", dataset("disc-in-ring", 60))


def recipe(*widths: int, seed: int = 1, outputs: int = 1, activation: str = "tanh") -> Recipe:
    return Recipe(
        widths=widths,
        outputs=outputs,
        activations=(activation,),
        distribution="glorot_normal",
        bias_scale=0.0,
        mix=((seed, 1.0),),
    )


def options(**other: object) -> Options:
    values = {"steps": 100, "batch": 0, "loss": "cross_entropy", "rate": 0.02, "checkpoints": 5}
    return Options(**values | other)


def made_run(
    name: str = "made",
    steps: tuple[int, ...] = (0, 10, 100),
    data: Data | None = RING,
    precision: str = "float32",
    widths: tuple[int, ...] = (3,),
) -> Run:
    """A run that was not trained: at step s its weights are 1 + s times those of step 0."""
    head = Head(recipe=recipe(*widths), options=options(precision=precision), status="finished")
    row = pack(to_network(head.recipe))
    count = len(steps)
    return Run(
        name,
        head,
        np.array(steps),
        np.stack([row * (1 + step) for step in steps]).astype(precision),
        np.linspace(1, 0.1, count),
        np.linspace(0.5, 1, count),
        data,
    )

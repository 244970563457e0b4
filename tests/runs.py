"""Small runs for tests."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from netart.files.runs import write_run
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
    outputs = data.outputs if data else 1
    made = recipe(*widths, outputs=outputs)
    head = Head(recipe=made, options=options(precision=precision), status="finished")
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


def learned_run(
    name: str = "small",
    steps: tuple[int, ...] = (0, 1, 10, 100, 1000),
    data: Data = RING,
    widths: tuple[int, ...] = (2,),
    seed: int = 1,
) -> Run:
    """A run that was not trained either, but looks like it: its weights grow with the logarithm of
    the step, its loss falls.
    """
    is_choice, is_value = data.task == "classes", data.task == "regression"
    made = recipe(*widths, seed=seed, outputs=data.outputs)
    made = msgspec.structs.replace(
        made, output_activation="linear" if is_choice else "sigmoid", bias_scale=1.0
    )
    growth = np.log10(np.array(steps) + 1) + 1
    return Run(
        name,
        Head(
            recipe=made,
            options=options(
                steps=max(1, steps[-1]), loss="squared" if is_value else "cross_entropy"
            ),
            status="finished",
        ),
        np.array(steps, np.int64),
        (growth[:, None] * pack(to_network(made))).astype(np.float32),
        0.7 / growth**2,
        np.full(len(steps), np.nan) if is_value else 1 - 0.5 / growth,
        data,
    )


def written(folder: Path, one: Run) -> Path:
    """The run's file in the folder, `NAME.run`."""
    path = folder / f"{one.name}.run"
    write_run(path, one)
    return path

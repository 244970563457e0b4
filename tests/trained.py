"""The runs of the presets: trained by `python -m tests.trained`, and thinned to what is shown.

    python -m tests.trained            all of them
    python -m tests.trained NAME …     some of them

Bytes depend on the kind of processor: elsewhere the runs come out a little different.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from PIL import Image

from netart.net.learning.run import Run

TEACHING = Path(__file__).parent.parent / "presets" / "teaching"
SIDE = 256  # pixels of the bottle


class Made(NamedTuple):
    """A run of the presets: how it is trained, and how many of its steps are shown."""

    options: str  # of `netart train`
    steps: int = 16


# 002: weights and biases as torch.nn.Linear draws them, inputs in [0, 1].
GINN = (
    "--picture bottle.png --span 0,1 --layers 3x16 --activation relu --distribution torch_linear "
    "--weight-scale 1 --bias-scale 1 --steps 1270000 --batch 128 --rate 0.001"
)
# 001: two units, so that each layer is a plane.
PLANES = "--activation tanh --weight-decay 0.001"

RUNS: dict[str, Made] = {}


def bottle() -> Image.Image:
    """A bottle with a diamond in its middle, symmetric, black on white."""
    v, u = np.meshgrid(
        (np.arange(SIDE) + 0.5) / SIDE, (np.arange(SIDE) + 0.5) / SIDE, indexing="ij"
    )
    x, y = np.abs(u - 0.5), 1 - v
    body, neck, lip = 0.215, 0.07, 0.095  # half their widths
    slope = 0.5 - 0.5 * np.cos(np.pi * (y - 0.52) / 0.16)
    half = np.where(y < 0.52, body, np.where(y < 0.68, body - (body - neck) * slope, neck))
    half = np.where((y > 0.88) & (y < 0.93), lip, half)
    corner = np.hypot(np.maximum(x - (body - 0.03), 0), np.maximum(0.1 - y, 0)) < 0.03
    inside = (x < half) & (y > 0.07) & (y < 0.93) & corner
    diamond = x / 0.13 + np.abs(y - 0.32) / 0.17 < 1
    return Image.fromarray(np.where(inside & ~diamond, 0, 255).astype(np.uint8))


def thinned(run: Run, count: int) -> Run:
    """The run with so many of its steps, spaced by equal ratios."""
    some = np.unique(np.rint(np.geomspace(1, len(run.steps), count)).astype(int) - 1)
    return replace(
        run,
        steps=run.steps[some],
        weights=run.weights[some],
        loss=run.loss[some],
        accuracy=run.accuracy[some],
    )


def main() -> None:
    names = sys.argv[1:] or list(RUNS)
    with TemporaryDirectory() as folder:
        bottle().convert("1").save(Path(folder) / "bottle.png")

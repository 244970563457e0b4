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
from click.testing import CliRunner
from PIL import Image

from netart.cli import cli
from netart.files.runs import read_run, write_run
from netart.net.learning.run import Run

TEACHING = Path(__file__).parent.parent / "presets" / "teaching"
SIDE = 256  # pixels of the bottle


class Made(NamedTuple):
    """A run of the presets: how it is trained, and how many of its steps are shown."""

    options: str  # of `netart train`
    steps: int  # that the preset keeps


# 002: weights and biases as torch.nn.Linear draws them, inputs in [0, 1].
GINN = (
    "--picture bottle.png --span 0,1 --layers 3x16 --activation relu --distribution torch_linear "
    "--weight-scale 1 --bias-scale 1 --steps 1270000 --batch 128 --rate 0.001"
)
# Of the bad run the diamond never appears: rare among seeds, most that are late to it find it.
RUNS = {
    "ginn": Made(f"{GINN} --seed 21", 40),
    "ginn-8": Made(f"{GINN} --seed 8", 4),
    "ginn-14": Made(f"{GINN} --seed 14", 4),
    "ginn-bad": Made(f"{GINN} --seed 74", 12),
    # Its steps are those of the end alone.
    "ginn-late": Made(f"{GINN} --seed 32 --keep 1140000..1260000*7", 0),
    "ginn-he": Made("--picture bottle.png --seed 1", 28),
    "curves": Made("--data curves --widths 2 --weight-decay 0.002 --seed 1", 24),
    "spiral": Made("--data spiral --weight-decay 0.0003 --seed 2", 24),
    "spiral-turn": Made(
        "--data spiral --turns 1 --widths 2,2,2,2 --weight-decay 0.0003 --seed 18", 24
    ),
    "spiral-fails": Made("--data spiral --widths 2,2,2,2 --weight-decay 0.0003 --seed 1", 24),
    "disc-in-ring": Made("--data disc-in-ring --widths 3 --weight-decay 0.002 --seed 1", 40),
    "disc-in-ring-fails": Made("--data disc-in-ring --widths 2 --weight-decay 0.002 --seed 1", 24),
}


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
    """The run with so many of its steps, spaced as they are, and those that were asked for."""
    spaced = np.rint(np.linspace(0, len(run.steps) - 1, count)).astype(int)
    asked = np.searchsorted(run.steps, [*run.head.options.keep, run.last])
    some = np.unique([*spaced, *asked])
    return replace(
        run,
        steps=run.steps[some],
        weights=run.weights[some],
        loss=run.loss[some],
        accuracy=run.accuracy[some],
    )


def main() -> None:
    with TemporaryDirectory() as folder:
        picture = Path(folder) / "bottle.png"
        bottle().convert("1").save(picture)
        for name in sys.argv[1:] or RUNS:
            path = Path(folder) / f"{name}.run"
            words = RUNS[name].options.replace("bottle.png", str(picture)).split()
            result = CliRunner().invoke(cli, ["train", *words, "-o", str(path), "--json"])
            print(result.output.strip() or result.exception)
            write_run(TEACHING / path.name, thinned(read_run(path), RUNS[name].steps))


if __name__ == "__main__":
    main()

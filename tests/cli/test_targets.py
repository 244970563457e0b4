"""The picture that a network learns under its lines, on the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from netart.files.runs import write_run
from netart.net.learning.data import PictureData
from netart.net.learning.options import Options
from netart.net.learning.run import Head, Run, parameter_count
from netart.net.recipe import Recipe
from netart.shot.target import spell_target
from tests.program import Run as Program
from tests.program import pixels

BOTTLE = np.kron([[255, 0, 255], [0, 0, 255]], np.ones((4, 4))).astype(np.uint8)


def test_a_run_brings_its_target(netart: Program) -> None:
    Image.fromarray(BOTTLE).save("bottle.png")
    recipe = Recipe(widths=(3,), activations=("relu",), outputs=1, output_activation="sigmoid")
    weights = np.random.default_rng(1).normal(size=(1, parameter_count(recipe)))
    head = Head(recipe=recipe, options=Options(steps=1, batch=1, loss="cross_entropy"))
    data, one = PictureData("bottle", BOTTLE[..., None], (0.0, 2.0)), np.ones(1)
    run = Run("b", head, np.zeros(1, np.int64), weights.astype(np.float32), one, one, data)
    write_run(Path("b.run"), run)
    lines = ["render", "b.run", "--lens", "lines", "--backdrop", "target", "--size", "40x40"]
    assert netart(*lines, "-o", "own.png").status == 0
    assert netart(*lines, "--target", "0,2:bottle.png", "-o", "same.png").status == 0
    assert netart("render", "own.png", "-o", "again.png").status == 0
    own = pixels(Path("own.png"))
    assert np.ptp(own) > 200
    for name in "same.png", "again.png":
        assert np.array_equal(pixels(Path(name)), own)
    assert netart("info", "own.png", "--json").out.decode().count(spell_target(data)) == 1
    ran = netart("render", "--lens", "lines", "--backdrop", "target")
    assert (ran.status, ran.err) == (
        2,
        "netart: --backdrop target: of which picture? Add --target FILE\n",
    )

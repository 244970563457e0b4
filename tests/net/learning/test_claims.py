"""What is said of small networks: which of them can separate what, counted over seeds."""

from __future__ import annotations

import numpy as np
import pytest

from netart.net.build import to_network
from netart.net.datasets import dataset
from netart.net.learning.data import PointData, examples
from netart.net.learning.options import Options
from netart.net.learning.trainer import Trainer
from netart.net.ops import feature
from netart.net.recipe import Recipe

FEATURES = (feature("x"), feature("y"))


def separated(
    name: str, widths: tuple[int, ...], seeds: int, steps: int, span: float = 1
) -> list[bool]:
    """Of each seed from 1 on, whether a tanh network of these widths tells all points apart.

    span: what the points are divided by.
    """
    points = dataset(name)
    data = examples(PointData(name, points._replace(xy=points.xy / span)), FEATURES)
    options = Options(steps=steps, batch=0, loss="cross_entropy", rate=0.02, checkpoints=2)
    found = []
    for seed in range(1, seeds + 1):
        recipe = Recipe(
            widths=widths, outputs=1, distribution="glorot_uniform", weight_scale=1.5,
            bias_scale=0.0, mix=((seed, 1.0),),
        )  # fmt: skip
        trainer = Trainer(to_network(recipe), data, options, seed)
        for _ in trainer.run():
            pass
        assert trainer.status == "finished"
        found.append(trainer.measure()[1] == 1)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "few", "enough"), [("curves", (), (2,)), ("disc-in-ring", (2,), (3,))]
)
def test_a_unit_more_separates_what_no_run_without_it_does(
    name: str, few: tuple[int, ...], enough: tuple[int, ...]
) -> None:
    assert not any(separated(name, few, 10, 2000))
    assert all(separated(name, enough, 10, 2000))


@pytest.mark.slow
def test_a_spiral_is_separated_by_wide_layers_and_by_no_stack_of_two_units() -> None:
    """1.75 turns. Two units a layer only bend the plane, and the arms' middle lies within."""
    assert not any(separated("spiral", (2,) * 4, 10, 4000, span=5))
    assert sum(separated("spiral", (8, 8, 2), 10, 4000, span=5)) >= 9


@pytest.mark.long
@pytest.mark.parametrize("span", [1, 5])
@pytest.mark.parametrize("depth", [1, 2, 3, 6, 8])
def test_no_stack_of_two_units_separates_a_spiral_however_deep(depth: int, span: float) -> None:
    assert not any(separated("spiral", (2,) * depth, 20, 6000, span))


@pytest.mark.long
def test_wide_layers_separate_a_spiral_in_every_run() -> None:
    for span in (1, 5):
        assert np.sum(separated("spiral", (8, 8, 2), 20, 6000, span)) >= 19

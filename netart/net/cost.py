"""What it costs to make the network that a recipe describes, from the recipe alone.

A text of a few letters may describe a network of 2²⁵ weights, each the sum of 256 seeds' draws:
that is minutes of work, of which whoever asked is told before it begins.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from netart.net.ops import column_count, feature
from netart.net.recipe import Recipe
from netart.net.sampling import DISTRIBUTIONS, normal, orthogonal

# What may be done without a word.
MAX_S = 2.0
MAX_BYTES = 300 << 20

# Measured on one core of 2.5 GHz.
UNIT_S = 2e-6  # of a seed: to move the generator
UNIFORM_S, NORMAL_S = (5e-5, 2e-8), (1.7e-4, 8e-8)  # of a seed: a layer, and a weight of it
ORTHOGONAL_S = 2e-10  # a weight of a seed, and each of the units that are made orthogonal
ORTHOGONAL_BYTES = 40  # a weight of the largest layer
OWN_BYTES = 100 << 20  # of the program, and of slices of draws

log = logging.getLogger("netart")


class Cost(NamedTuple):
    """Of a piece of work on this machine, about."""

    seconds: float
    memory: int  # bytes, those of the program included

    def __str__(self) -> str:
        time = f"{self.seconds / 60:.0f} min" if self.seconds > 120 else f"{self.seconds:.0f} s"
        return f"about {time} and {self.memory / 1e9:.1f} GB"


def sampling_cost(recipe: Recipe) -> Cost:
    """What it costs to draw all weights of all seeds."""
    row, seeds = DISTRIBUTIONS[recipe.distribution], len(recipe.mix)
    inputs = column_count(tuple(map(feature, recipe.features))) + len(recipe.latents)
    widths = (inputs, *recipe.widths, recipe.outputs)
    layers = [(below * units, below, units) for below, units in pairwise(widths)]
    layer_s, weight_s = NORMAL_S if row.draw is normal else UNIFORM_S
    seconds = sum(layer_s + UNIT_S * units + weight_s * weights for weights, _, units in layers)
    memory = OWN_BYTES + 4 * sum(weights for weights, _, _ in layers)
    if row.transform is orthogonal:
        seconds += sum(ORTHOGONAL_S * weights * min(sides) for weights, *sides in layers)
        memory += ORTHOGONAL_BYTES * max(weights for weights, _, _ in layers)
    return Cost(seeds * seconds, memory)


@lru_cache(maxsize=64)
def announce(work: str, cost: Cost) -> None:
    """Logs a warning where the work, which is about to begin, costs more than the budget: once,
    however often it is done.
    """
    if cost.seconds > MAX_S or cost.memory > MAX_BYTES:
        log.warning("%s takes %s", work, cost)

"""A run: a network's recipe, what it learned and how, and its weights at many steps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.learning.data import Data
from netart.net.learning.options import Options
from netart.net.network import Layer, Network
from netart.net.ops import column_count, feature
from netart.net.recipe import Recipe

TRAINER = 1  # the version of the batches, losses and optimizers: what a command learns

HASHED = 1 << 16  # weights at a time
MAX_NUMBERS = 1 << 24  # weights of all steps that a run keeps, and numbers of its state

Vector = NDArray[np.floating[Any]]

Status = Literal["unfinished", "finished", "diverged"]


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run says of itself, without its arrays."""

    # The network at step 0.
    recipe: Recipe
    options: Options
    # `diverged`: numbers became infinite after the last step that is kept.
    status: Status = "unfinished"
    # The version of the training.
    trainer: int = TRAINER
    # The version of the program that wrote the run.
    netart: str = ""

    def __post_init__(self) -> None:
        if self.trainer != TRAINER:
            raise NetartError(f"run.trainer = {self.trainer}: this netart knows {TRAINER}")


class State(NamedTuple):
    """All that training needs to go on as if it had never stopped: flat vectors as in a run."""

    step: int  # how many have been made
    parameters: Vector
    first: Vector  # Adam's running mean of the gradient; zeros of other optimizers
    second: Vector  # and of its square


@dataclass(frozen=True, eq=False)
class Run:
    """A network while it learns: its weights at many steps.

    A row of `weights` holds the layers from first to last, of each its matrix (out, in + 1), row by
    row, whose last column is the bias.
    """

    name: str  # of the file, without suffix
    head: Head
    steps: NDArray[np.int64]  # (S,), rising: how many steps came before
    weights: Vector  # (S, P)
    loss: NDArray[np.float64]  # (S,)
    accuracy: NDArray[np.float64]  # (S,), share of examples of the right class; NaN of values
    data: Data | None = None  # None in a picture's own copy of the run
    state: State | None = None  # of a run that goes on

    def __repr__(self) -> str:
        return f"<Run {self.name}, {len(self.steps)} steps of {self.last:,}>"

    def __post_init__(self) -> None:
        count, width = len(self.steps), parameter_count(self.head.recipe)
        if not count:
            raise NetartError("a run keeps at least one step")
        kind = self.head.options.precision
        if self.weights.shape != (count, width) or self.weights.dtype != kind:
            raise NetartError(
                f"run.weights {self.weights.dtype} {self.weights.shape}: must be {kind} "
                f"({count}, {width})"
            )
        if self.loss.shape != (count,) or self.accuracy.shape != (count,):
            raise NetartError(f"run: loss and accuracy must be numbers of the {count} steps")
        if self.steps[0] < 0 or (self.steps[1:] <= self.steps[:-1]).any():
            raise NetartError("run.steps: must rise from 0")
        if not np.isfinite(self.weights).all():
            raise NetartError("run.weights: must be finite")
        if self.state and not self.last <= self.state.step <= self.head.options.steps:
            raise NetartError(
                f"run: has made {self.state.step:,} steps, which must be from {self.last:,}, the "
                f"last that is kept, to {self.head.options.steps:,}"
            )
        for array in (self.steps, self.weights, self.loss, self.accuracy):
            array.setflags(write=False)  # networks are shared

    @property
    def last(self) -> int:
        """The last step that is kept."""
        return int(self.steps[-1])

    def nearest(self, step: float) -> int:
        """The step that is kept nearest to another, by their ratio. Raises NetartError."""
        return int(self.steps[self._around(step)[0]])

    def network(self, step: float, blended: bool = False) -> Network:
        """The network of the step that is kept nearest to `step`; or, `blended`, of weights that
        lie between those of its neighbours as the step does. Raises NetartError.
        """
        index, other, share = self._around(step)
        row = self.weights[index]
        if blended and share:
            row = row + (self.weights[other] - row) * share
        return unpack(self.head.recipe, row)

    def _around(self, step: float) -> tuple[int, int, float]:
        """Indices of the nearest step kept and of the one on the other side of `step`, and how far
        towards that `step` lies, as a share.
        """
        if not 0 <= step <= self.last:
            raise NetartError(
                f"step {step:,.10g}: {self.name} has steps 0 to {self.last:,}", field="step"
            )
        later = int(np.searchsorted(self.steps, step))
        if self.steps[later] == step or not later:
            return later, later, 0.0
        low, high = (int(self.steps[k]) for k in (later - 1, later))
        # One is added, since ratios to step 0 have no meaning.
        is_later = log((high + 1) / (step + 1)) < log((step + 1) / (low + 1))
        share = (step - low) / (high - low)
        return (later, later - 1, 1 - share) if is_later else (later - 1, later, share)

    @cached_property
    def sha256(self) -> str:
        """Digest of all that decides the networks of its steps."""
        digest = hashlib.sha256(msgspec.json.encode(self.head.recipe))
        digest.update(np.ascontiguousarray(self.steps, "<i8").tobytes())
        rows = max(1, HASHED // self.weights.shape[1])
        for first in range(0, len(self.steps), rows):  # all at once would take their memory twice
            digest.update(np.ascontiguousarray(self.weights[first : first + rows], "<f8").data)
        return digest.hexdigest()


def lead_seed(recipe: Recipe) -> int:
    """The seed with the largest share: that of the batches."""
    return max(recipe.mix, key=lambda pair: abs(pair[1]))[0]


def shapes(recipe: Recipe) -> list[tuple[int, int]]:
    """The (out, in + 1) of each layer's matrix with its biases."""
    inputs = column_count(tuple(map(feature, recipe.features))) + len(recipe.latents)
    widths = [inputs, *recipe.widths, recipe.outputs]
    return [(units, before + 1) for before, units in pairwise(widths)]


def parameter_count(recipe: Recipe) -> int:
    """How many weights and biases the network has."""
    return sum(units * columns for units, columns in shapes(recipe))


def split(vector: Vector, shapes: Sequence[tuple[int, int]]) -> list[Vector]:
    """The blocks of a flat vector, as views, one of each shape."""
    ends = np.cumsum([0, *(units * columns for units, columns in shapes)]).tolist()
    return [
        vector[begin:end].reshape(shape)
        for (begin, end), shape in zip(pairwise(ends), shapes, strict=True)
    ]


def unpack(recipe: Recipe, row: Vector) -> Network:
    """The network, its numbers rounded to float32, whose weights are one row of a run's."""
    names = recipe.activations * (1 if len(recipe.activations) > 1 else recipe.depth)
    layers, blocks = [], split(row, shapes(recipe))
    for block, name in zip(blocks, (*names, recipe.output_activation), strict=True):
        with np.errstate(over="ignore"):  # Layer refuses what float32 cannot hold
            block = np.asarray(block, np.float32)
        layers.append(Layer(block[:, :-1].copy(), block[:, -1].copy(), name))
    return Network(tuple(layers), tuple(map(feature, recipe.features)), recipe.latents)


def pack(network: Network) -> Vector:
    """The row of a run that holds the network's weights, in float64."""
    blocks = (np.column_stack([layer.weight, layer.bias]).ravel() for layer in network.layers)
    return np.concatenate(list(blocks)).astype(np.float64)

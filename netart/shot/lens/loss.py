"""The loss lens' data."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import ClassVar, Self

import msgspec
import numpy as np
from msgspec.structs import replace

from netart.errors import NetartError
from netart.net.learning.options import MAX_STEPS
from netart.net.learning.run import Run
from netart.net.learning.trained import NOT_TRAINED, Trained
from netart.net.recipe import NetworkSource, Weights
from netart.shot.lens.base import LensStruct
from netart.shot.look import Look
from netart.shot.view import View

MAX_CURVE = 2000  # steps of a curve: they are written into pictures
DIGITS = 6

Numbers = tuple[float | None, ...]  # None: no finite number


class Curve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How well a network did at some steps of its training."""

    # Rising.
    steps: tuple[int, ...]
    # A number a step.
    loss: Numbers
    # The share of examples of the right class, a number a step; none where values were learned.
    accuracy: Numbers = ()

    def __post_init__(self) -> None:
        count = len(self.steps)
        if not 1 <= count <= MAX_CURVE:
            raise NetartError(f"curve.steps: {count:,} steps, must be from 1 to {MAX_CURVE:,}")
        if self.steps[0] < 0 or any(b <= a for a, b in pairwise(self.steps)):
            raise NetartError("curve.steps: must rise from 0")
        if self.steps[-1] > MAX_STEPS:
            raise NetartError(f"curve.steps: go to {MAX_STEPS:,} at most")
        if len(self.loss) != count or len(self.accuracy) not in (0, count):
            raise NetartError(f"curve: loss and accuracy must be numbers of the {count} steps")
        if not all(x is None or isfinite(x) for x in (*self.loss, *self.accuracy)):
            raise NetartError("curve: loss and accuracy must be finite")


class Loss(LensStruct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="loss"):
    """Loss and accuracy of a run over its steps, with a mark at the one that is drawn."""

    WITHOUT: ClassVar[frozenset[str]] = frozenset(
        {
            "axes", "center", "radius", "rotate", "latent", "points", "point_size",
            "activation", "output_activation", "weight_scale", "bias_scale",
        }
    )  # fmt: skip
    WIDTH: ClassVar[int] = 60

    # All three follow from the network where it is a step of a run. A picture that holds the
    # weights of one step alone keeps them in the run's place.
    curve: Curve | None = None
    # The step that is drawn.
    step: float | None = None
    # Of the network at that step.
    sha256: str | None = None

    def complete(self, network: NetworkSource) -> Self:
        if not isinstance(network, Trained):
            return self
        step, sha256 = float(network.shown), network.content.sha256
        return replace(self, curve=_curve(network.drawn), step=step, sha256=sha256)

    def without_run(self) -> Self:
        """The lens without what follows from the network."""
        return replace(self, curve=None, step=None, sha256=None)

    def check(self, network: NetworkSource, look: Look) -> None:
        is_known = isinstance(network, Weights) and network.content.sha256 == self.sha256
        if not (is_known and self.curve and self.step is not None):
            raise NetartError(f"lens loss: {NOT_TRAINED}")
        if not 0 <= self.step <= self.curve.steps[-1]:
            raise NetartError(f"lens.step = {self.step:g}: must be one of lens.curve")

    def check_points(self, network: NetworkSource, view: View) -> None:
        """Points have no place in the picture, whatever it spans."""


@lru_cache(maxsize=4)
def _curve(run: Run) -> Curve:
    """The run's curve, at all steps that it keeps or as many as a curve may have, evenly."""
    count = len(run.steps)
    some = np.linspace(0, count - 1, min(count, MAX_CURVE)).round().astype(int)
    loss, accuracy = _numbers(run.loss[some]), _numbers(run.accuracy[some])
    return Curve(
        steps=tuple(run.steps[some].tolist()),
        loss=loss,
        accuracy=accuracy if any(x is not None for x in accuracy) else (),
    )


def _numbers(values: Iterable[float]) -> Numbers:
    return tuple(float(f"{x:.{DIGITS}g}") if isfinite(x) else None for x in values)

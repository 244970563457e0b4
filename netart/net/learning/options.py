"""How a network is trained, as data."""

from __future__ import annotations

from math import isfinite
from typing import Literal, get_args

import msgspec

from netart.errors import NetartError, unknown
from netart.net.learning.data import Task

Optimizer = Literal["adam", "sgd"]
Schedule = Literal["constant", "cosine"]
Loss = Literal["cross_entropy", "squared"]
Precision = Literal["float32", "float64"]

MAX_STEPS = 1_000_000_000
MAX_BATCH = 1 << 16  # examples
MAX_RATE = 100.0
MAX_CHECKPOINTS = 10_000


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is trained."""

    steps: int
    # Examples a step, drawn anew for each; 0 takes all of them.
    batch: int
    loss: Loss
    optimizer: Optimizer = "adam"
    # The learning rate, at the first step.
    rate: float = 1e-3
    # `cosine` takes the rate to zero along half a cosine.
    schedule: Schedule = "cosine"
    # Half of it times the sum of the squared weights, without biases, is added to the loss.
    weight_decay: float = 0.0
    precision: Precision = "float32"
    # How many steps are kept, about, spaced by equal ratios.
    checkpoints: int = 200
    # Further steps that are kept, MAX_CHECKPOINTS at most.
    keep: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, kinds in (
            ("loss", Loss),
            ("optimizer", Optimizer),
            ("schedule", Schedule),
            ("precision", Precision),
        ):
            if getattr(self, name) not in get_args(kinds):
                raise unknown(name, getattr(self, name), get_args(kinds))
        if not 1 <= self.steps <= MAX_STEPS:
            raise NetartError(f"steps {self.steps}: must be from 1 to {MAX_STEPS:,}", field="steps")
        if not 0 <= self.batch <= MAX_BATCH:
            raise NetartError(
                f"batch {self.batch}: must be from 1 to {MAX_BATCH:,} examples, or 0 for all",
                field="batch",
            )
        if not 0 < self.rate <= MAX_RATE:
            raise NetartError(
                f"rate {self.rate}: must be above 0, {MAX_RATE:g} at most", field="rate"
            )
        if not (isfinite(self.weight_decay) and self.weight_decay >= 0):
            raise NetartError(
                f"weight_decay {self.weight_decay}: must be a finite number, 0 or above",
                field="weight_decay",
            )
        if not 2 <= self.checkpoints <= MAX_CHECKPOINTS:
            raise NetartError(
                f"checkpoints {self.checkpoints}: must be from 2 to {MAX_CHECKPOINTS:,}",
                field="checkpoints",
            )
        if len(self.keep) > MAX_CHECKPOINTS:
            raise NetartError(
                f"keep: {len(self.keep):,} steps, at most {MAX_CHECKPOINTS:,}", field="keep"
            )
        for step in self.keep:
            if not 0 <= step <= self.steps:
                raise NetartError(
                    f"keep {step}: must be from 0 to the {self.steps:,} steps", field="keep"
                )


# The output activation with which a loss has a stable form, by what is learned.
OUTPUT_ACTIVATIONS: dict[Task, str] = {
    "binary": "sigmoid",
    "classes": "linear",
    "regression": "sigmoid",
}


def check_loss(loss: Loss, task: Task, output_activation: str) -> None:
    """Raises NetartError where the loss has no meaning for what is learned: cross-entropy is that
    of a sigmoid for two classes, and of the softmax of linear outputs for more.
    """
    if loss == "squared":
        return
    if task == "regression":
        raise NetartError("loss cross_entropy: is of classes: values are learned, take squared")
    needed = OUTPUT_ACTIVATIONS[task]
    if output_activation != needed:
        raise NetartError(
            f"output_activation {output_activation}: cross-entropy wants {needed}",
            field="output_activation",
        )

"""What decides the bytes of a drawing: an interrupted one goes on where all of it is the same."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from netart.evaluate.kernels import numpy_kernels
from netart.evaluate.request import Evaluator
from netart.version import __version__


class Identity(msgspec.Struct, frozen=True):
    """All that decides a drawing's bytes, and nothing else."""

    # What it is, for messages: `film` or `picture`.
    noun: str
    # What was asked for: the shots, whose recipes hold the version of the sampler, and all else
    # that pieces of it depend on.
    asked: dict[str, Any]
    # What draws pieces, and encodes them, name → version: with another one their last bits may
    # differ.
    machine: dict[str, str]


def describe_machine(evaluator: Evaluator, measures: bool) -> dict[str, str]:
    """What draws with this evaluator, name → version. measures: whether something that is `auto`
    is measured, which numpy does.
    """
    machine = {"netart": __version__, "numpy": np.__version__, "kernels": evaluator.kernels}
    if measures and evaluator.kernels != numpy_kernels():
        machine["measurement"] = numpy_kernels()
    return machine

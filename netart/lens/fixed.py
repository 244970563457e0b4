"""What the modules of lenses share that leave nothing to be measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netart.shot.shot import Shot


def is_flat(shot: Shot) -> bool:
    """Whether what is drawn has no slope anywhere: no light falls on it, so it does not matter."""
    return False


def is_measured(shot: Shot) -> bool:
    """Whether nothing is left to be measured: it always is."""
    return True


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """Values for the fields that are `auto`: none."""
    return {}


def unmeasured(shot: Shot) -> Shot:
    """The shot itself."""
    return shot


def explicit(shot: Shot) -> Shot:
    """The shot itself: nothing of it is unset."""
    return shot

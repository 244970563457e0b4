"""What many lenses do in the same way: nothing is measured, points lie on the view's plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netart.evaluate.request import Evaluator
from netart.lens.marks import Label, Point, points_on_plane
from netart.pixels import Size
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


def points(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Point]:
    """Where the shot's points stand in its picture."""
    return points_on_plane(shot)


def labels(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Label]:
    """The texts over the picture: none."""
    return ()

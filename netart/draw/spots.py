"""Finds the liveliest places of a picture."""

from __future__ import annotations

from netart.shot.sheet import Over
from netart.shot.shot import Shot


def find_spots(shot: Shot, count: int) -> Over:
    """So many of the liveliest places of the shot's picture, the liveliest first: centres, and the
    radius of each.
    """
    raise NotImplementedError

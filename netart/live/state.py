"""Shots made ready for the window."""

from __future__ import annotations

from netart.lens import heads, measured
from netart.shot.shot import Shot


def prepare(shot: Shot) -> Shot:
    """The shot with numbers for what is `auto`, which then stay while the view moves. Its network
    is sampled now, not between two frames.
    """
    shot = measured(shot)
    heads(shot)
    return shot

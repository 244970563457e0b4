"""From one view of a plane to another: where things lie, and the way in between."""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.net.network import input_names
from netart.shot.easing import easing
from netart.shot.shot import Shot
from netart.shot.timeline import DIGITS
from netart.shot.view import Frame, rotation, turn

GLIDE_S = 0.15
EASING = easing("out")


def elsewhere(shot: Shot, other: Shot) -> bool:
    """Whether two shots are one but for where they look, on the same plane."""
    same = (shot.network, shot.lens, shot.look) == (other.network, other.lens, other.look)
    if not same or shot.view.axes != other.view.axes:
        return False
    names = input_names(shot.network.latents)
    pairs = zip(names, shot.view.centre, other.view.centre, strict=True)
    return all(a == b for name, a, b in pairs if name not in shot.view.axes)


def onto(shot: Shot, other: Shot) -> NDArray[np.float64]:
    """(2, 3): from (u, v, 1) of a shot to (u, v) of another one that looks elsewhere."""
    here, there = shot.view, other.view
    names = input_names(shot.network.latents)
    axes = [names.index(name) for name in here.axes]
    apart = np.array([float(here.centre[k] - there.centre[k]) for k in axes])
    back = np.linalg.inv(np.array(there.frame)) / there.radius
    return np.column_stack([back @ np.array(here.frame) * here.radius, back @ apart])


def between(shot: Shot, other: Shot, share: float) -> Shot:
    """The shot at a share of the way, from 0 to 1, to another one that looks elsewhere.

    The radius goes by equal ratios, the centre with it, so that a point that stands at the same
    place in both pictures stays there; angles go the short way.
    """
    here, there = shot.view, other.view
    if share >= 1 or not elsewhere(shot, other):
        return other
    share = along = EASING(share)
    radius = here.radius ** (1 - share) * there.radius**share
    if here.radius != there.radius:
        along = (here.radius - radius) / (here.radius - there.radius)
    context, way = Context(prec=DIGITS), Decimal(along)
    centre = tuple(
        context.add(a, context.multiply(context.subtract(b, a), way))
        for a, b in zip(here.centre, there.centre, strict=True)
    )
    frame = _turned(here.frame, there.frame, share)
    return replace(other, view=replace(there, centre=centre, radius=radius, frame=frame))


def _turned(frame: Frame, other: Frame, share: float) -> Frame:
    """A rotation on the way between two; frames that mirror change at once."""
    if frame == other or any(a * d - b * c < 0 for (a, b), (c, d) in (frame, other)):
        return other
    first, last = turn(frame), turn(other)
    return rotation(round(first + ((last - first + 180) % 360 - 180) * share, 9))

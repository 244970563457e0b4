"""Animated transitions between two views of the same plane."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.lens import moves_with_view
from netart.net.network import input_names
from netart.shot.easing import easing
from netart.shot.interpolation import INTERPOLATIONS
from netart.shot.shot import Shot
from netart.shot.view import Basis, approximate_angle, rotation

DURATION_S = 0.15
EASING = easing("out")


class Transition(NamedTuple):
    """The view moves from one shot to another that differs only in its view."""

    start: Shot
    end: Shot
    since_s: float  # when it began

    def at(self, now_s: float) -> Shot:
        """The shot to show now: the end, once it is over."""
        return interpolate_view(self.start, self.end, (now_s - self.since_s) / DURATION_S)

    def over(self, now_s: float) -> bool:
        """Whether the end is reached."""
        return now_s - self.since_s >= DURATION_S


def differs_only_in_view(shot: Shot, other: Shot) -> bool:
    """Whether two shots show the same network in the same way, on the same plane of inputs, as
    pictures that move with the view.
    """
    others = [part for part in shot.__struct_fields__ if part != "view"]
    same = all(getattr(shot, part) == getattr(other, part) for part in others)
    if not (same and shot.view.axes == other.view.axes and moves_with_view(shot)):
        return False
    names = input_names(shot.network.latents)
    pairs = zip(names, shot.view.centre, other.view.centre, strict=True)
    return all(a == b for name, a, b in pairs if name not in shot.view.axes)


def view_transform(shot: Shot, other: Shot) -> NDArray[np.float64]:
    """(2, 3): maps (u, v, 1) in the picture of a shot to (u, v) in the picture of another one that
    differs only in its view, where the same point of the plane lies.
    """
    here, there = shot.view, other.view
    names = input_names(shot.network.latents)
    axes = [names.index(name) for name in here.axes]
    # p = centre + radius · basis · (u, v) in both: solved for the other one's (u, v). Centres are
    # subtracted as decimals, since they may agree in more digits than a float holds.
    offset = np.zeros(2)  # of a view that spans one input, the second stays 0
    offset[: len(axes)] = [float(here.centre[k] - there.centre[k]) for k in axes]
    inverse = np.linalg.inv(np.array(there.basis)) / there.radius
    return np.column_stack([inverse @ np.array(here.basis) * here.radius, inverse @ offset])


def interpolate_view(shot: Shot, other: Shot, share: float) -> Shot:
    """The shot at an eased share of the way, from 0 to 1, to another one; a jump unless they differ
    only in their views.

    The radius changes by equal ratios and the centre with it, so that the point at which a zoom is
    centred stays at its pixel; angles go the short way.
    """
    here, there = shot.view, other.view
    if share >= 1 or not differs_only_in_view(shot, other):
        return other
    share = along = EASING(share)
    radius = INTERPOLATIONS["geometric"](here.radius, there.radius, share)
    if here.radius != there.radius:
        along = (here.radius - radius) / (here.radius - there.radius)
    centre = INTERPOLATIONS["linear"](here.centre, there.centre, along)
    basis = _interpolate_basis(here.basis, there.basis, share)
    return replace(other, view=replace(there, centre=centre, radius=radius, basis=basis))


def _interpolate_basis(basis: Basis, other: Basis, share: float) -> Basis:
    """A rotation between two; one that mirrors changes at once."""
    if basis == other or any(a * d - b * c < 0 for (a, b), (c, d) in (basis, other)):
        return other
    angle, end = approximate_angle(basis), approximate_angle(other)
    return rotation(round(INTERPOLATIONS["short"](angle, end, share), 9))

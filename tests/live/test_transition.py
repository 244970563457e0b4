"""From one view to another: against direct arithmetic of p = centre + radius · frame · (u, v)."""

from __future__ import annotations

from fractions import Fraction
from math import atan2, degrees

import numpy as np
import pytest
from msgspec.structs import replace

from netart.live.gestures import zoom_at
from netart.live.transition import (
    DURATION_S,
    EASING,
    Transition,
    differs_only_in_view,
    interpolate_view,
    view_transform,
)
from netart.shot.shot import Shot
from tests.shots import shot

BASE = shot(layers="3x4", center="0.3,-0.2", radius="2", latent="t=0.4")
DEEP = shot(BASE, center="-0.30000000000000000000000000000000000000001,1.25", radius="1e-12")
MIRRORED = replace(BASE, view=replace(BASE.view, basis=((1.0, 0.0), (0.0, -1.0))))
SIDE = shot(BASE, axes="t,y", center="0.1,0.2", latent="x=3")
SHARES = (0.0, 0.1, 0.5, 0.83, 0.999)


def place(one: Shot, u: float, v: float) -> list[Fraction]:
    """Where (u, v) of the picture lies, on the two inputs that it spans."""
    names = ("x", "y", *one.network.latents)
    radius, at = Fraction(one.view.radius), []
    for axis, (a, b) in zip(one.view.axes, one.view.basis, strict=True):
        centre = Fraction(one.view.centre[names.index(axis)])
        at.append(centre + radius * (Fraction(a) * Fraction(u) + Fraction(b) * Fraction(v)))
    return at


def apart(one: Shot, other: Shot, here: tuple[float, ...], there: tuple[float, ...]) -> float:
    """How far two places of two pictures lie apart, in the second one's (u, v)."""
    pairs = zip(place(one, *here), place(other, *there), strict=True)
    return max(float(abs(a - b) / Fraction(other.view.radius)) for a, b in pairs)


PAIRS = [
    (BASE, BASE),
    (BASE, shot(BASE, center="1.3,0.9")),
    (BASE, shot(BASE, radius="0.37")),
    (BASE, shot(BASE, rotate="33.3")),
    (shot(BASE, rotate="-71"), shot(BASE, rotate="33.3", center="-1,2.5", radius="9")),
    (MIRRORED, shot(BASE, rotate="20", radius="3")),
    (SIDE, shot(SIDE, center="0.4,-0.1", rotate="12")),
    (DEEP, zoom_at(DEEP, 0.5, (0.7, -1.1))),
    (DEEP, zoom_at(shot(DEEP, rotate="50"), 7.0, (1.7, 0.3))),
    (shot(DEEP, radius="1e-120"), zoom_at(shot(DEEP, radius="1e-120"), 1.3, (0.2, 0.1))),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_view_transform_is_direct_arithmetic(one: Shot, other: Shot) -> None:
    for here, there in ((one, other), (other, one)):
        affine = view_transform(here, there)
        assert affine.shape == (2, 3)
        for u, v in ((0, 0), (1.7, 0.3), (-0.4, 0.9), (-1.2, -1)):
            found = affine @ (u, v, 1)
            assert apart(here, there, (u, v), tuple(found)) < 1e-11


def test_view_transform_tells_across_from_down() -> None:
    assert np.allclose(view_transform(BASE, shot(BASE, center="1.3,-0.2")) @ (0, 0, 1), (-0.5, 0))
    assert np.allclose(view_transform(BASE, shot(BASE, center="0.3,0.8")) @ (0, 0, 1), (0, -0.5))
    assert np.allclose(view_transform(BASE, shot(BASE, rotate="90")) @ (1, 0, 1), (0, -1))


OTHERS = [
    (BASE, True),
    (shot(BASE, center="5,5"), True),
    (shot(BASE, radius="0.1"), True),
    (shot(BASE, rotate="44"), True),
    (MIRRORED, True),
    (shot(BASE, seed="2"), False),
    (shot(BASE, weight_scale="0.5"), False),
    (shot(BASE, depth="4"), False),
    (shot(BASE, palette="rgb"), False),
    (shot(BASE, contrast="0:1"), False),
    (shot(BASE, layer="2"), False),
    (shot(BASE, latent="t=0.5"), False),
    (shot(BASE, latent="a=0"), False),
    (SIDE, False),
    (replace(BASE, view=replace(BASE.view, axes=("y", "x"))), False),
]


@pytest.mark.parametrize(("other", "wanted"), OTHERS)
def test_differs_only_in_view(other: Shot, wanted: bool) -> None:
    assert differs_only_in_view(BASE, other) == differs_only_in_view(other, BASE) == wanted


def test_differs_only_in_view_on_another_plane() -> None:
    assert differs_only_in_view(SIDE, shot(SIDE, center="0.4,0.3"))
    assert not differs_only_in_view(SIDE, shot(SIDE, latent="x=3.1"))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_transition_ends_exactly_there(one: Shot, other: Shot) -> None:
    for share in (1, 1.0001, 5):
        assert interpolate_view(one, other, share) == other


@pytest.mark.parametrize(("one", "other"), [pair for pair in PAIRS if MIRRORED not in pair][:-1])
def test_a_transition_begins_where_it_is(one: Shot, other: Shot) -> None:
    assert apart(interpolate_view(one, other, 0), one, (0.3, 0.2), (0.3, 0.2)) < 1e-9


def test_a_transition_between_two_networks_is_a_jump() -> None:
    for other, moves in OTHERS:
        if not moves:
            assert interpolate_view(BASE, other, 0.01) == other


@pytest.mark.parametrize("factor", [1.25, 0.01, 1e6])
@pytest.mark.parametrize("one", [BASE, shot(BASE, rotate="33"), DEEP, SIDE])
def test_the_fixed_point_of_a_zoom_stays_at_its_pixel(one: Shot, factor: float) -> None:
    aim = (1.3, -0.6)
    other = zoom_at(one, factor, aim)
    radii = []
    for share in SHARES:
        found = interpolate_view(one, other, share)
        # A fraction of a pixel: 1e-4 of a picture of 2,000.
        assert apart(one, found, aim, aim) < 1e-7
        radii.append(found.view.radius or 0)
    assert radii == sorted(radii, reverse=factor > 1)
    assert radii[2] == pytest.approx(one.view.radius * factor ** -EASING(0.5))


def test_a_pan_goes_straight() -> None:
    other = shot(BASE, center="1.3,-0.7")
    for share in SHARES:
        found = interpolate_view(BASE, other, share).view
        x, y = (float(number) for number in found.centre[:2])
        assert x == pytest.approx(0.3 + EASING(share))
        assert y == pytest.approx(-0.2 - EASING(share) / 2)
        assert found.radius == pytest.approx(2)
        assert found.centre[2] == BASE.view.centre[2]


@pytest.mark.parametrize(("first", "last"), [(350, 10), (10, 350), (170, -170), (0, 5), (0, 120)])
def test_angles_go_the_short_way(first: int, last: int) -> None:
    one, other = shot(BASE, rotate=str(first)), shot(BASE, rotate=str(last))
    way = (last - first + 180) % 360 - 180
    for share in SHARES:
        (cosine, _), (sine, _) = interpolate_view(one, other, share).view.basis
        turned = degrees(atan2(sine, cosine)) - first - EASING(share) * way
        assert (turned + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


def test_mirrored_frames_change_at_once() -> None:
    assert interpolate_view(BASE, MIRRORED, 0.1).view.basis == MIRRORED.view.basis
    assert interpolate_view(MIRRORED, BASE, 0.1).view.basis == BASE.view.basis


def test_a_transition_takes_its_time() -> None:
    moves = Transition(BASE, shot(BASE, radius="0.37"), since_s=10.0)
    assert moves.at(10.0).view.radius == BASE.view.radius
    half = interpolate_view(BASE, moves.end, 0.5).view.radius
    assert moves.at(10.0 + DURATION_S / 2).view.radius == pytest.approx(half)
    assert not moves.over(10.0 + 0.99 * DURATION_S)
    for now_s in (10.0 + 1.01 * DURATION_S, 99.0):
        assert moves.over(now_s)
        assert moves.at(now_s) == moves.end

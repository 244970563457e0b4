"""What gestures of the pointer make of a shot. No GL, no window here."""

from __future__ import annotations

from math import atan2, degrees, hypot

from msgspec.structs import replace

from netart.errors import NetartError
from netart.lens import unmeasured
from netart.net.network import input_names
from netart.shot.fields import FIELDS, apply
from netart.shot.light import NONE
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.shot.view import centre_on, zoom

LOWEST = 5.0  # degrees above the ground, of a light or a camera that is dragged down
CAMERA_TURN = 90.0  # degrees, of a drag over half the picture's shorter side

Pointer = tuple[float, float]  # where it is: (u, v) of the picture, (0, 0) at its centre


def inputs(shot: Shot) -> tuple[str, ...]:
    """The names of the network's inputs, as the view's centre has them."""
    return input_names(shot.network.latents)


def pan_to(shot: Shot, u: float, v: float) -> Shot:
    """The shot with (u, v) of its picture in the middle."""
    return replace(shot, view=centre_on(shot.view, inputs(shot), u, v))


def zoom_at(shot: Shot, factor: float, pointer: Pointer) -> Shot:
    """The shot magnified by a factor; what is at the pointer stays there."""
    return replace(shot, view=zoom(shot.view, inputs(shot), 1 / factor, *pointer))


def light_from(shot: Shot, pointer: Pointer) -> Shot:
    """The shot with its light, or the sun of its landscape, at the pointer: above the picture's
    centre it stands upright, and the lower the farther it is from there. A shot without light gets
    relief.
    """
    u, v = pointer
    places = {
        "azimuth": round(degrees(atan2(v, u)), 1),
        "elevation": round(max(LOWEST, 90 - (90 - LOWEST) * hypot(u, v)), 1),
    }
    if not FIELDS["sun_azimuth"].is_absent(Parts.of(shot)):
        return apply(shot, {f"sun_{name}": value for name, value in places.items()})
    if shot.look.light == NONE:
        shot = with_light(shot, "relief")
    read = {name: value for name, value in places.items() if name in shot.look.light_settings}
    if not read:
        raise NetartError(f"light {shot.look.light} comes from nowhere: g chooses another")
    return apply(shot, {f"light_{name}": value for name, value in read.items()})


def turn_camera(shot: Shot, u: float, v: float) -> Shot:
    """The shot with its camera turned as if the ground were dragged by (u, v) of the picture.

    Raises NetartError where the lens has none.
    """
    azimuth, elevation = FIELDS["azimuth"], FIELDS["elevation"]
    if error := azimuth.refuses(Parts.of(shot)):
        raise error
    turned = (azimuth.value(shot) - CAMERA_TURN * u + 180) % 360 - 180
    raised = min(90.0, max(LOWEST, elevation.value(shot) - CAMERA_TURN * v))
    return apply(shot, {"azimuth": round(turned, 1), "elevation": round(raised, 1)})


def with_light(shot: Shot, name: str) -> Shot:
    """The shot in another light; contrast is measured again where that reads more outputs."""

    def count(one: Shot) -> int:
        return one.lens.mapped_channels(one.network, one.look)

    found = apply(unmeasured(shot), {"light": name})
    return apply(shot, {"light": name}) if count(found) == count(shot) else found

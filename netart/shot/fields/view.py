"""The fields of the view."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import Field
from netart.shot.parts import (
    read_centre,
    read_latents,
    write_centre,
    write_latents,
    write_rotation,
)
from netart.shot.view import exact_angle

FIELDS = (
    Field(
        "axes", "view.axes", syntax.axes, "NAME,NAME",
        "The two inputs that the picture spans, or one alone (x,y).",
    ),
    Field(
        "latent", "view.centre", syntax.latents, "NAME=VALUE",
        "A further input of the network and its value; may be repeated.",
        write=write_latents, read=read_latents, interpolations=("linear",), separator="=",
        in_files=False,
    ),
    Field(
        "center", "view.centre", syntax.centre, "X,Y|X%,Y%",
        "The middle (0,0); y points up; also in percent.",
        write=write_centre, read=read_centre, interpolations=("linear", "pinned"),
    ),
    Field(
        "radius", "view.radius", syntax.number, "R",
        "Half the shorter side (1/weight scale).",
        interpolations=("geometric", "linear"),
    ),
    Field(
        "rotate", "view.basis", syntax.angle, "DEGREES",
        "Turns the view anticlockwise, so the content turns clockwise.",
        write=write_rotation, read=lambda shot: exact_angle(shot.view.basis),
        interpolations=("linear", "short"), in_files=False,
    ),
)  # fmt: skip

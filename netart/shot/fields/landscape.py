"""The fields of the landscape lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.lens.landscape import CHOICES

FIELDS = (
    Field(
        "elevation", "lens.elevation", syntax.number, "DEGREES",
        "How high the camera stands (20; 2 to 90).",
        interpolations=("linear",),
    ),
    Field(
        "azimuth", "lens.azimuth", syntax.angle, "DEGREES",
        "On which side the camera stands, anticlockwise from the right (-55).",
        interpolations=("linear", "short"),
    ),
    Field(
        "rise", "lens.rise", syntax.number, "R",
        "Height of the whole range, against the ground's width (0.5).",
        interpolations=("linear", "geometric"),
    ),
    Field(
        "style", "lens.style", str, "|".join(CHOICES["style"]),
        "A sheet over its floor, or a solid block (sheet).",
        choices=CHOICES["style"],
    ),
    Field(
        "contours", "lens.contours", syntax.whole_number, "N",
        "Lines of equal height (9).",
    ),
    Field(
        "floor", "lens.floor", str, "|".join(CHOICES["floor"]),
        "What is drawn under a sheet: its contours, or where it is above and below 0 "
        "(contours).",
        choices=CHOICES["floor"],
    ),
    Field(
        "drape", "lens.drape", str, "|".join(CHOICES["drape"]),
        "Its colours are those of its height, or of the picture of all outputs "
        "(height).",
        choices=CHOICES["drape"],
    ),
    Field(
        "zero_plane", "lens.zero_plane", syntax.switch, SWITCH,
        "The level plane where the output is 0.",
    ),
    Field(
        "ground_lines", "lens.ground_lines", syntax.switch, SWITCH,
        "Lines on the floor, where a unit of the first layer is 0.",
    ),
    Field(
        "sun_azimuth", "lens.sun_azimuth", syntax.angle, "DEGREES",
        "Where the sun stands, anticlockwise from the camera's right (176).",
        interpolations=("linear", "short"),
    ),
    Field(
        "sun_elevation", "lens.sun_elevation", syntax.number, "DEGREES",
        "How high the sun stands (39.5; 2 to 90).",
        interpolations=("linear",),
    ),
)  # fmt: skip

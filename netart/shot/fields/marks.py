"""The fields of what is drawn over the picture, or under its lines."""

from __future__ import annotations

from netart.net.datasets import DATA_SETS
from netart.shot import syntax
from netart.shot.fields.field import Field
from netart.shot.marks import parse_points, spell_points

FIELDS = (
    Field(
        "points", "marks.points", parse_points, "NAME|FILE.csv",
        f"Points of classes over the picture: {', '.join(DATA_SETS)}, or a file of x, y, class.",
        read=lambda shot: spell_points(shot.marks.points), choices=tuple(DATA_SETS),
    ),
    Field(
        "point_size", "marks.point_size", syntax.number, "F",
        "Multiplies the points' radius (1).",
        interpolations=("geometric", "linear"),
    ),
    Field(
        "target", "marks.target", str, "FILE",
        "The picture that the network learns, which backdrop target shows; LOW,HIGH:FILE where it "
        "spans other than -1 to 1 in x and y.",
    ),
)  # fmt: skip

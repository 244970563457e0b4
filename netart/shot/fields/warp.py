"""The fields of the warp lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import Field

FIELDS = (
    Field(
        "panels", "lens.panels", str, "one|two|each",
        "Warp: the layer alone, the plane before and after, or each layer up to it (two).",
        choices=("one", "two", "each"),
    ),
    Field(
        "elevation", "lens.elevation", syntax.number, "DEGREES",
        "How high the eye stands above what is seen in space (20).",
        interpolations=("linear",),
    ),
    Field(
        "azimuth", "lens.azimuth", syntax.number, "DEGREES",
        "The side from which it looks, anticlockwise from the right (-55).",
        interpolations=("linear", "short"),
    ),
)  # fmt: skip

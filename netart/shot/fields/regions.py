"""The fields of the regions lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.lens.regions import SHADINGS

FIELDS = (
    Field(
        "level", "lens.level", syntax.number, "Z",
        "The value of one output at the boundary of its two regions (0).",
        interpolations=("linear",),
    ),
    Field(
        "shading", "lens.shading", str, "|".join(SHADINGS),
        "Regions of one colour each (flat), or a pale one, or paler towards boundaries (margin).",
        choices=SHADINGS,
    ),
    Field(
        "boundary", "lens.boundary", syntax.number, "PIXELS",
        "Width of the line between regions (1.5), 0 for none.",
        interpolations=("linear", "geometric"),
    ),
    Field(
        "annotate", "lens.annotate", syntax.switch, SWITCH,
        "Write letters on regions, equations beside lines.",
    ),
)  # fmt: skip

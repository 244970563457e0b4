"""The fields of the glass lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import Field

FIELDS = (
    Field(
        "leads", "lens.leads", syntax.number, "WIDTH",
        "Width of the lines between panes, of a picture whose shorter side is 640 (2.4); 0: none.",
        interpolations=("linear",),
    ),
    Field(
        "taper", "lens.taper", syntax.number, "SHARE",
        "How wide the lines of each layer are in comparison with the layer before (0.6).",
        interpolations=("linear",),
    ),
)  # fmt: skip

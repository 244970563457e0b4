"""The fields of the warp lens."""

from __future__ import annotations

from netart.shot.fields.field import Field
from netart.shot.lens.warp import PANELS

FIELDS = (
    Field(
        "panels", "lens.panels", str, "|".join(PANELS),
        "The layer alone, the plane before and after, or each layer up to it (two).",
        choices=PANELS,
    ),
)  # fmt: skip

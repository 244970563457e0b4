"""The fields that say what is looked at, and those that several lenses have."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import Field
from netart.shot.lens import NAMES
from netart.shot.parts import read_beside, read_lens, write_beside, write_lens

FIELDS = (
    Field(
        "lens", "lens", str, "NAME",
        "What is looked at, and how (colour).",
        write=write_lens, read=read_lens, choices=NAMES, in_files=False,
    ),
    Field(
        "beside", "beside", str, "NAME",
        "A second lens, whose picture stands to the right of the first one's.",
        write=write_beside, read=read_beside, choices=NAMES, in_files=False,
    ),
    Field(
        "layer", "lens.layer", syntax.number, "K",
        "Draw hidden layer K, read out as if it were the last; 2.5 is halfway from 2 to 3.",
        interpolations=("linear",),
    ),
    Field(
        "output", "lens.output", syntax.whole_number, "K",
        "Draw output K alone.",
    ),
    Field(
        "units", "lens.units", syntax.units, "LAYER.UNIT,…",
        "Draw one or three units of a hidden layer themselves, as in 3.1,3.2,3.3; with lens lines "
        "any units.",
        separator=".", is_pair=True,
    ),
)  # fmt: skip

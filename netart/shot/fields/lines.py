"""The fields of the lines lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.lens.lines import BACKDROPS, LINE_COLOURS

FIELDS = (
    Field(
        "line_layers", "lens.line_layers", syntax.whole_numbers, "K,…",
        "The hidden layers whose switching lines are drawn, as in 1,3; all by default.",
    ),
    Field(
        "bends", "lens.bends", syntax.switch, SWITCH,
        "Also draw those units of earlier layers on which the lines bend.",
    ),
    Field(
        "line_colour", "lens.line_colour", str, "|".join(LINE_COLOURS),
        "Colour lines by layer, or by unit; in a diagram by the weight's sign, or by unit.",
        choices=LINE_COLOURS,
    ),
    Field(
        "line_width", "lens.line_width", syntax.number, "PIXELS",
        "Width of switching lines (1.5), 0 for none.",
        interpolations=("geometric", "linear"),
    ),
    Field(
        "backdrop", "lens.backdrop", str, "|".join(BACKDROPS),
        "What lies under switching lines; on white and night they take the palette's colours.",
        choices=BACKDROPS,
    ),
)  # fmt: skip

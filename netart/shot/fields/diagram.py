"""The fields of the diagram lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.lens.diagram import DIAGRAMS

FIELDS = (
    Field(
        "diagram", "lens.diagram", str, "|".join(DIAGRAMS),
        "Circles and lines, or full: every weight, sum and activation as a box.",
        choices=DIAGRAMS,
    ),
    Field(
        "biases", "lens.biases", syntax.switch, SWITCH,
        "Draw the biases, from a node that is always 1.",
    ),
    Field(
        "numbers", "lens.numbers", syntax.switch, SWITCH,
        "Write weights on their lines (where they fit).",
    ),
)  # fmt: skip

"""The diagram lens' data."""

from __future__ import annotations

from typing import ClassVar, Literal

from netart.errors import NetartError, unknown
from netart.net.recipe import NetworkSource
from netart.shot.lens.base import LensStruct
from netart.shot.lens.lines import LINE_COLOURS
from netart.shot.look import Look

DIAGRAMS = ("circles", "full")
CHOSEN = ("biases", "numbers")  # what a full diagram shows whatever is asked


class Diagram(LensStruct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="diagram"):
    """The network itself: its units, and the weights between them."""

    WITHOUT: ClassVar[frozenset[str]] = frozenset(
        {"axes", "center", "radius", "rotate", "points", "point_size"}
    )

    # Circles joined by lines, or every operation as a box: weights, sums and activations.
    diagram: Literal["circles", "full"] = "circles"
    # Whether each layer has a node that is always 1, from which the biases lead.
    biases: bool = False
    # Whether weights are written on their lines, unset for where they fit.
    numbers: bool | None = None
    # What the colour of a line tells: the sign of its weight, or the unit to which it leads.
    line_colour: Literal["layer", "unit"] = "layer"

    def __post_init__(self) -> None:
        if self.diagram not in DIAGRAMS:
            raise unknown("diagram", self.diagram, DIAGRAMS)
        if self.line_colour not in LINE_COLOURS:
            raise unknown("line_colour", self.line_colour, LINE_COLOURS)

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if name in CHOSEN and self.diagram == "full":
            why = "a full diagram shows every weight and bias: add diagram circles"
            return NetartError(f"{name}: {why}", field=name, hint="diagram circles")
        if name == "bias_scale" and not (self.biases or self.diagram == "full"):
            return NetartError(
                f"{name}: no biases are drawn: add biases", field=name, hint="biases"
            )
        return super().refuses(name, network, look)

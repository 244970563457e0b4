"""The lines lens' data."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec.structs import force_setattr

from netart.errors import NetartError, unknown
from netart.net.recipe import NetworkSource
from netart.shot.lens.base import LensStruct, check_units
from netart.shot.lens.colour import Colour
from netart.shot.lens.regions import Regions
from netart.shot.look import Look
from netart.shot.view import View

BACKDROPS = ("white", "night", "colour", "regions", "prediction", "target")
OF_DATA = ("prediction", "target")  # those that stand for what is learned
LINE_COLOURS = ("layer", "unit")
# Fields of lines that are drawn.
OF_LINES = ("line_layers", "units", "bends", "line_colour", "annotate")
# What greys of a prediction and of a target lie between: 0 and 1.
INK, PAPER = "#272623", "#fbfaf6"
GREYS = f"ramp:{INK},{PAPER}"
NIGHT = "#0b0d14"

# Of layers, again from the first after the last: on what is light, and on what is dark.
COLOURS = "#2f62d9 #dd3f34 #1f9d57 #8d49c4 #e08512 #1593a8 #c73e8c #7d8a1f"
BRIGHT = "#6ea0ff #ff6b5e #58d68f #c48bff #ffb347 #4fd3e3 #ff7fc0 #cbd84f"
VIVID = "#3f76f2 #f04639 #22b264 #a35de0 #ec8d17 #18a6be #dd519b #8f9d26"  # on both
BY_BACKDROP = {
    "white": COLOURS, "regions": COLOURS, "night": BRIGHT, "colour": BRIGHT,
    "prediction": VIVID, "target": VIVID,
}  # fmt: skip

MIN_WIDTH, MAX_WIDTH = 0.1, 100.0  # pixels


class Lines(LensStruct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="lines"):
    """Where each hidden unit switches: the points at which its pre-activation is 0."""

    LOOK: ClassVar[frozenset[str]] = frozenset(Look.__struct_fields__)

    # The hidden layers whose lines are drawn, from 1; unset for all up to the one that is read out,
    # or none where units are named.
    line_layers: tuple[int, ...] = ()
    # Pairs (layer, unit) whose lines are drawn, besides those of whole layers.
    units: tuple[tuple[int, int], ...] = ()
    # Whether the units of earlier layers are drawn on which those bend.
    bends: bool = False
    # Whether lines take the colour of their layer, or each one its own.
    line_colour: Literal["layer", "unit"] = "layer"
    # In pixels; 0 draws none.
    line_width: float = 1.5
    # What lies under the lines.
    backdrop: Literal["white", "night", "colour", "regions", "prediction", "target"] = "white"
    # Of the backdrop, and the last layer whose lines are drawn: as in the colour lens.
    layer: int | float | None = None
    output: int | None = None
    # Whether lines bear the equations of their units, where these are affine.
    annotate: bool = False

    def __post_init__(self) -> None:
        layer = Colour(layer=self.layer, output=self.output).layer  # refuses what makes no sense
        force_setattr(self, "layer", layer)
        if self.line_colour not in LINE_COLOURS:
            raise unknown("line_colour", self.line_colour, LINE_COLOURS)
        if self.backdrop not in BACKDROPS:
            raise unknown("backdrop", self.backdrop, BACKDROPS)
        if self.line_width and not MIN_WIDTH <= self.line_width <= MAX_WIDTH:
            raise NetartError(
                f"lens.line_width = {self.line_width}: must be from {MIN_WIDTH:g} to "
                f"{MAX_WIDTH:g} pixels, or 0"
            )
        if self.bends and not (self.line_layers or self.units):
            raise NetartError("lens.bends: of which lines? Name line_layers or units")

    @property
    def ground(self) -> Colour | Regions | None:
        """The lens that draws the backdrop; None where it is of one colour, or a target."""
        if self.backdrop in ("colour", "prediction"):
            return Colour(layer=self.layer, output=self.output)
        if self.backdrop == "regions":
            return Regions(layer=self.layer, output=self.output, shading="pale")
        return None

    def ground_look(self, look: Look) -> Look:
        """The look of the backdrop: the shot's, but of a prediction, whose values are greys."""
        if self.backdrop != "prediction":
            return look
        return Look(palette=GREYS, contrast="off", samples=look.samples)

    def check(self, network: NetworkSource, look: Look) -> None:
        if not network.depth:
            raise NetartError(
                "lens lines: the network has no hidden layers, whose units would switch: use lens "
                "colour or lens regions",
                hint="lens regions",
            )
        for layer in self.line_layers:
            if not 1 <= layer <= network.depth:
                raise NetartError(
                    f"lens.line_layers: layer {layer}: the network has hidden layers 1 to "
                    f"{network.depth}"
                )
        check_units(self.units, network)
        if self.ground:
            self.ground.check(network, self.ground_look(look))
            if self.backdrop == "prediction" and network.outputs > 1 and self.output is None:
                raise NetartError(
                    f"lens.backdrop = prediction: is of one output, of {network.outputs}: "
                    "add output 1",
                    hint="output 1",
                )
        elif self.layer is not None and self.layer > network.depth:
            raise NetartError(
                f"lens.layer = {self.layer}: the network has hidden layers 1 to {network.depth}"
            )

    @property
    def has_target(self) -> bool:
        return self.backdrop == "target"

    def check_view(self, network: NetworkSource, view: View) -> None:
        if self.has_target and {*view.axes} != {"x", "y"}:
            axes = " and ".join(view.axes)
            raise NetartError(f"marks.target: lies in x and y, but the picture spans {axes}")

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if name in OF_LINES and not self.line_width:
            wanted = "line_width"
            return NetartError(f"{name}: no lines are drawn: add {wanted}", field=name, hint=wanted)
        layers = {*self.line_layers, *(layer for layer, _ in self.units)}
        if name == "bends" and layers == {1}:
            return NetartError(f"{name}: lines of layer 1 do not bend", field=name)
        if name == "layer" and layers and not self.ground:
            return NetartError(
                f"{name}: line_layers or units say whose lines are drawn", field=name
            )
        if self.ground and self.backdrop != "prediction":
            return self.ground.refuses(name, network, look)
        # A run's palette is that of its values: over these lines have colours of their own.
        read = ("samples", "dither", *(() if self.backdrop in OF_DATA else ("palette",)))
        of_ground = name in ("output", "output_activation") and not self.ground
        if of_ground or (name in Look.__struct_fields__ and name not in read):
            wanted = "backdrop colour"
            ground = f"the {self.backdrop}" if self.backdrop in OF_DATA else self.backdrop
            why = f"lines are drawn on {ground}: add {wanted}"
            return NetartError(f"{name}: {why}", field=name, hint=wanted)
        return super().refuses(name, network, look)

    def mapped_channels(self, network: NetworkSource, look: Look) -> int:
        look = self.ground_look(look)
        return self.ground.mapped_channels(network, look) if self.ground else 0

    def loses_chroma(self, network: NetworkSource, look: Look) -> bool:
        look = self.ground_look(look)
        return bool(self.ground and self.ground.loses_chroma(network, look))

"""The warp lens' data."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, isfinite
from typing import Literal

from msgspec.structs import force_setattr

from netart.errors import NetartError, unknown
from netart.net.recipe import NetworkSource
from netart.shot.lens.base import LensStruct, check_units
from netart.shot.look import Look
from netart.shot.view import View

MAX_PANELS = 12
PANELS = ("one", "two", "each")


class Warp(LensStruct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="warp"):
    """The plane, with its grid and its points, as hidden layers carry it."""

    # The hidden layer that carries the plane (0: the plane itself), unset for the last; at 1.5 it
    # is on its way from where layer 1 carries it to where layer 2 does.
    layer: int | float | None = None
    # Two or three pairs (layer, unit) of one layer, onto which the plane is carried; unset for all
    # units of a layer of two or three, and for the first two of a wider one.
    units: tuple[tuple[int, int], ...] = ()
    # What is drawn: the layer alone, the plane before and after, or every layer up to it.
    panels: Literal["one", "two", "each"] = "two"
    # Where three units are seen from, in degrees.
    elevation: float = 20.0
    azimuth: float = -55.0

    def __post_init__(self) -> None:
        if isinstance(self.layer, float) and self.layer.is_integer():  # one spelling for a picture
            force_setattr(self, "layer", int(self.layer))
        if self.panels not in PANELS:
            raise unknown("panels", self.panels, PANELS)
        if len(self.units) not in (0, 2, 3):
            raise NetartError(f"lens.units: {len(self.units)} units, must be two or three")
        if len({layer for layer, _ in self.units}) > 1:
            raise NetartError("lens.units: must be of one layer")
        if len(set(self.units)) < len(self.units):
            raise NetartError("lens.units: names a unit twice")
        if self.units and self.layer is not None:
            raise NetartError("lens.units: has no meaning beside lens.layer")
        for name in ("elevation", "azimuth"):
            if not isfinite(getattr(self, name)):
                raise NetartError(f"lens.{name} = {getattr(self, name)}: must be finite")

    def check(self, network: NetworkSource, look: Look) -> None:
        if not network.depth:
            raise NetartError(
                "lens warp: the network has no hidden layer that could carry the plane: colour, "
                "landscape and diagram show it"
            )
        layer = self.layer
        if layer is not None and not 0 <= layer <= network.depth:
            raise NetartError(
                f"lens.layer = {layer}: the network has hidden layers 1 to {network.depth} "
                "(0 is the plane)"
            )
        check_units(self.units, network)
        layers = self.layers(network.depth)
        if len(layers) > MAX_PANELS:
            raise NetartError(
                f"lens.panels = each: {len(layers)} panels, at most {MAX_PANELS}: lens.layer stops "
                "earlier, two shows before and after"
            )
        for k in ends(layers):
            if k and network.widths[k - 1] == 1:
                raise NetartError(
                    f"lens warp: layer {k} has one unit, the plane is carried onto two or three: "
                    "lens.layer takes another"
                )

    def check_view(self, network: NetworkSource, view: View) -> None:
        if len(view.axes) == 1:
            raise NetartError(
                f"lens warp: the picture spans {view.axes[0]} alone, no plane: curves show it"
            )

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if name in ("elevation", "azimuth") and not self.has_space(network):
            why = "the plane is carried onto two units: units names three"
            return NetartError(f"{name}: {why}", field=name)
        if name == "output_activation":
            return NetartError(f"{name}: hidden layers are drawn, not outputs", field=name)
        return super().refuses(name, network, look)

    def layers(self, depth: int) -> list[int | float]:
        """The layers that are drawn, 0 for the plane itself. depth: the network's."""
        last = self.units[0][0] if self.units else depth if self.layer is None else self.layer
        return {"one": [last], "two": [0, last], "each": [*range(ceil(last)), last]}[self.panels]

    def units_of(self, layer: int, width: int) -> tuple[int, ...]:
        """The units of a layer of that width onto which the plane is carried, from 0."""
        if self.units and self.units[0][0] == layer:
            return tuple(unit - 1 for _, unit in self.units)
        return tuple(range(width if width <= 3 else 2))

    def has_space(self, network: NetworkSource) -> bool:
        drawn = (k for k in ends(self.layers(network.depth)) if 1 <= k <= network.depth)
        return any(len(self.units_of(k, network.widths[k - 1])) == 3 for k in drawn)


def ends(layers: Iterable[int | float]) -> set[int]:
    """The whole layers among these, and those below and above the fractions."""
    return {whole for layer in layers for whole in (floor(layer), ceil(layer))}

"""What of the network is looked at, and how."""

from __future__ import annotations

from math import isfinite

import msgspec

from netart.errors import NetartError


class Colour(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="colour",
):
    """Read-out → palette → pixel.

    layer: the hidden layer that is read out, unset for the last; a fraction blends the read-outs
    of the two layers beside it. output: the one output that is drawn, unset for all. units:
    pairs (layer, unit), one or three of one hidden layer, drawn in place of outputs.
    """

    layer: int | float | None = None
    output: int | None = None
    units: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        layer = self.layer
        if layer is not None and not (isfinite(layer) and layer >= 0):
            raise NetartError(f"lens.layer = {layer}: must be 0 (the inputs) or above")
        if isinstance(layer, float) and layer.is_integer():  # one spelling for one picture
            msgspec.structs.force_setattr(self, "layer", int(layer))
        if len(self.units) not in (0, 1, 3):
            raise NetartError(f"lens.units: {len(self.units)} units, must be one or three")
        if len({layer for layer, _ in self.units}) > 1:
            raise NetartError("lens.units: must be of one layer")
        if self.units and (layer is not None or self.output is not None):
            other = "output" if layer is None else "layer"
            raise NetartError(f"lens.units: has no meaning beside lens.{other}")


Lens = Colour

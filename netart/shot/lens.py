"""What of a network is looked at: the data of each kind of lens.

How a kind becomes a picture stands in the module of `netart/lens/` that has its tag as name.
"""

from __future__ import annotations

from math import ceil, floor, isfinite

import msgspec

from netart.errors import NetartError
from netart.net.build import check_readout
from netart.net.recipe import NetworkSource
from netart.shot.light import readers
from netart.shot.look import Look
from netart.shot.palette import Palette, default_palette, palette, palette_for


class Colour(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="colour",
):
    """A read-out of the network through a palette, at every pixel."""

    # The hidden layer that is read out (0: the inputs), unset for the last; a fraction blends the
    # read-outs of the layers below and above it.
    layer: int | float | None = None
    # The one output that is drawn, from 1; unset for all.
    output: int | None = None
    # Pairs (layer, unit), one or three of one hidden layer, drawn in place of outputs.
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

    def check(self, network: NetworkSource, look: Look) -> None:
        """Raises NetartError where the lens or the look asks for what the network does not have."""
        depth = network.depth
        if self.layer is not None and self.layer > depth:
            raise NetartError(
                f"lens.layer = {self.layer}: the network has hidden layers "
                f"1 to {depth} (0 is the inputs)"
            )
        for layer, _ in self.readouts(depth):
            check_readout(network, layer)
        if self.output is not None and not 1 <= self.output <= network.outputs:
            raise NetartError(
                f"lens.output = {self.output}: outputs go from 1 to {network.outputs}"
            )
        for layer, unit in self.units:
            if not 1 <= layer <= depth:
                raise NetartError(f"lens.units: layer {layer} of {depth} hidden layers")
            if not 1 <= unit <= network.widths[layer - 1]:
                raise NetartError(
                    f"lens.units: unit {unit} of layer {layer}, which has "
                    f"{network.widths[layer - 1]}"
                )
        mapped = self.mapped_channels(network, look)  # refuses a palette that does not fit
        if isinstance(look.contrast, tuple) and len(look.contrast) not in (1, mapped):
            raise NetartError(
                f"look.contrast: {len(look.contrast)} pairs for {mapped} outputs: "
                "one for all, or one each"
            )

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        """Why the field of this name would have no effect on the picture, or None."""
        off = "contrast off"
        if name.startswith("light_") and name.removeprefix("light_") not in look.light_settings:
            wanted = f"light {readers(name.removeprefix('light_'))[0]}"
            why = f"light {look.light} does not read it, others do"
            return NetartError(f"{name}: {why}: add {wanted}", field=name, hint=wanted)
        if name == "output_activation" and self.units:
            return NetartError(f"{name}: units are drawn, not outputs", field=name)
        if name == "chroma" and not self.loses_chroma(network, look):
            drawn = self._palette_name(network, look)
            why = f"palette {drawn!r} loses none between its colours: corners do"
            return NetartError(f"{name}: {why}", field=name)
        if name == "output_activation" and look.has_contrast:
            why = "the palette reads pre-activations while contrast is on"
            return NetartError(f"{name}: {why}: add {off}", field=name, hint=off)
        return None

    def readouts(self, depth: int) -> tuple[tuple[int, float], ...]:
        """The hidden layers that are read out, as pairs (layer, share); none where units are drawn.

        A fraction of a layer is two pairs, whose shares add up to 1. depth: the network's.
        """
        if self.units:
            return ()
        layer = depth if self.layer is None else self.layer
        above, share = ceil(layer), layer - floor(layer)
        return ((above, share), (above - 1, 1 - share)) if share else ((above, 1),)

    def channels(self, network: NetworkSource) -> int:
        """The number of values that a point has: the outputs, or the units, that are drawn."""
        return len(self.units) or (network.outputs if self.output is None else 1)

    def mapped_channels(self, network: NetworkSource, look: Look) -> int:
        """The number of these values, from the first, that the palette or the light reads."""
        wanted = self.palette(network, look).kind.max_outputs
        if look.finish:
            wanted = max(wanted, look.finish.outputs)
        return min(self.channels(network), wanted)

    def palette(self, network: NetworkSource, look: Look) -> Palette:
        """The look's palette, or the default one for the number of values. Raises NetartError."""
        return palette_for(look.palette, self.channels(network), look.chroma)

    def loses_chroma(self, network: NetworkSource, look: Look) -> bool:
        """Whether the palette is one of corners, which mix opposite hues through grey."""
        return palette(self._palette_name(network, look)).kind.name == "corners"

    def _palette_name(self, network: NetworkSource, look: Look) -> str:
        return look.palette or default_palette(self.channels(network))


Lens = Colour  # with more lenses a union of structs; their tags say which is which

LENSES: dict[str, type[msgspec.Struct]] = {"colour": Colour}  # by tag, the default first

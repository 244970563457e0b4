"""What the data of all lenses has in common, and of those that draw read-outs of the network."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, isfinite
from typing import Any, ClassVar, Self

import msgspec
from msgspec.structs import force_setattr

from netart.errors import NetartError
from netart.net.build import check_readout
from netart.net.recipe import NetworkSource
from netart.shot.look import Look
from netart.shot.palette import Palette, default_palette, palette, palette_for
from netart.shot.view import View


class LensStruct(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    repr_omit_defaults=True,
):
    """What of a network is looked at. Its tag is the lens' name."""

    # The fields of the look that have an effect on its pictures.
    LOOK: ClassVar[frozenset[str]] = frozenset()
    # The fields of other parts that have none.
    WITHOUT: ClassVar[frozenset[str]] = frozenset()
    # Variants by name, each the values that make it: the lens is then called NAME:VARIANT.
    VARIANTS: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # Of its picture beside others, in hundredths of the width that most have.
    WIDTH: ClassVar[int] = 100

    @property
    def kind(self) -> str:
        """The lens' name."""
        return str(self.__struct_config__.tag)

    @property
    def has_target(self) -> bool:
        """Whether it shows the picture that the network learns."""
        return False

    @property
    def name(self) -> str:
        """The lens' name, with its variant where it is one."""
        for variant, values in self.VARIANTS.items():
            if all(getattr(self, field) == value for field, value in values.items()):
                return f"{self.kind}:{variant}"
        return self.kind

    def complete(self, network: NetworkSource) -> Self:
        """The lens with what follows from the network: most take nothing from it."""
        return self

    def check(self, network: NetworkSource, look: Look) -> None:
        """Raises NetartError where the lens or the look asks for what the network does not have."""

    def check_view(self, network: NetworkSource, view: View) -> None:
        """Raises NetartError where the lens cannot show what the picture spans."""

    def check_points(self, network: NetworkSource, view: View) -> None:
        """Raises NetartError where points (x, y) have no place in the picture."""
        if {*view.axes} != {"x", "y"}:
            axes = " and ".join(view.axes)
            raise NetartError(f"marks.points: have x and y, but the picture spans {axes}")

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        """Why the field of this name would have no effect on the picture, or None."""
        if name == "target" and not self.has_target:
            wanted = "backdrop target"
            return NetartError(f"target: nothing shows it: add {wanted}", field=name, hint=wanted)
        if name in self.WITHOUT or (name in Look.__struct_fields__ and name not in self.LOOK):
            return NetartError(f"{name}: has no effect on a {self.kind} lens", field=name)
        return None

    def split(self) -> tuple[Self, ...]:
        """The lenses whose pictures stand side by side in its own: most are one."""
        return (self,)

    def has_space(self, network: NetworkSource) -> bool:
        """Whether something of the picture stands in space, so that a camera can go around it."""
        return False

    def mapped_channels(self, network: NetworkSource, look: Look) -> int:
        """The number of values that the palette or the light reads."""
        return 0

    def loses_chroma(self, network: NetworkSource, look: Look) -> bool:
        """Whether the palette is one of corners, which mix opposite hues through grey."""
        return False

    def default_look(self, network: NetworkSource, look: Look) -> dict[str, str]:
        """What the look leaves open and the lens takes a value of the field for, by field; nothing
        where it chooses colours by what it draws.
        """
        return {}


class ReadOut(LensStruct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lens that draws the outputs of a read-out of the network, or units of a hidden layer."""

    # How many units may be drawn.
    UNITS: ClassVar[tuple[int, ...]] = (1,)

    # The hidden layer that is read out (0: the inputs), unset for the last; a fraction blends the
    # read-outs of the layers below and above it.
    layer: int | float | None = None
    # The one output that is drawn, from 1; unset for all.
    output: int | None = None
    # Pairs (layer, unit) of one hidden layer, drawn in place of outputs.
    units: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        layer = self.layer
        if layer is not None and not (isfinite(layer) and layer >= 0):
            raise NetartError(f"lens.layer = {layer}: must be 0 (the inputs) or above")
        if isinstance(layer, float) and layer.is_integer():  # one spelling for one picture
            force_setattr(self, "layer", int(layer))
        if len(self.units) not in (0, *self.UNITS):
            allowed = " or ".join(["one", "two", "three"][count - 1] for count in self.UNITS)
            raise NetartError(f"lens.units: {len(self.units)} units, must be {allowed}")
        if len({layer for layer, _ in self.units}) > 1:
            raise NetartError("lens.units: must be of one layer")
        if self.units and (layer is not None or self.output is not None):
            other = "output" if layer is None else "layer"
            raise NetartError(f"lens.units: has no meaning beside lens.{other}")

    def check(self, network: NetworkSource, look: Look) -> None:
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
        check_units(self.units, network)
        mapped = self.mapped_channels(network, look)  # refuses a palette that does not fit
        if isinstance(look.contrast, tuple) and len(look.contrast) not in (1, mapped):
            raise NetartError(
                f"look.contrast: {len(look.contrast)} pairs for {mapped} outputs: "
                "one for all, or one each"
            )

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if self.units and name == "output_activation":
            return NetartError(f"{name}: units are drawn, not outputs", field=name)
        return super().refuses(name, network, look)

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
        return palette(self.palette_name(network, look)).kind.name == "corners"

    def palette_name(self, network: NetworkSource, look: Look) -> str:
        """The name of the look's palette, or of the default one for the number of values."""
        return look.palette or default_palette(self.channels(network))

    def default_look(self, network: NetworkSource, look: Look) -> dict[str, str]:
        taken = {
            "palette": self.palette_name(network, look),
            "contrast": "auto" if look.has_contrast else "off",
        }
        return {name: value for name, value in taken.items() if getattr(look, name) is None}


def check_units(units: tuple[tuple[int, int], ...], network: NetworkSource) -> None:
    """Raises NetartError for a pair (layer, unit) that the network does not have."""
    for layer, unit in units:
        if not 1 <= layer <= network.depth:
            raise NetartError(f"lens.units: layer {layer} of {network.depth} hidden layers")
        if not 1 <= unit <= network.widths[layer - 1]:
            raise NetartError(
                f"lens.units: unit {unit} of layer {layer}, which has {network.widths[layer - 1]}"
            )

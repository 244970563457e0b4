"""A Shot: everything that decides a picture, as plain data."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import cached_property
from math import ceil, floor
from typing import Any

import msgspec

from netart.errors import NetartError
from netart.net.network import Layer, Network, input_names
from netart.net.recipe import Recipe, Weights, readout, scales, to_network
from netart.shot.lens import Colour, Lens
from netart.shot.look import Look
from netart.shot.palette import Palette, fitting
from netart.shot.view import View


class Shot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """network, view, lens and look. What depends on several of them is settled when it is made:
    an unset radius becomes 1/|weight scale|, and the centre gets a number for every input.
    """

    network: Recipe | Weights = Recipe()
    view: View = View()
    lens: Lens = Colour()
    look: Look = Look()

    def __post_init__(self) -> None:
        view, inputs = self.view, input_names(self.network.latents)
        for name in view.axes:
            if name not in inputs:
                raise NetartError(f"view.axes: unknown input {name!r}: one of {', '.join(inputs)}")
        if len(view.centre) > len(inputs):
            raise NetartError(f"view.centre: {len(view.centre)} numbers for {len(inputs)} inputs")
        missing = len(inputs) - len(view.centre)
        changes: dict[str, Any] = {"centre": (*view.centre, *[Decimal(0)] * missing)}
        if view.radius is None:
            scale = abs(scales(self.network)[0])
            if not 1e-300 < scale < 1e300:
                raise NetartError(f"view.radius: must be given with a weight scale of {scale}")
            changes["radius"] = 1 / scale
        msgspec.structs.force_setattr(self, "view", msgspec.structs.replace(view, **changes))
        self._check_lens()
        given, used = self.look.contrast, self.used  # refuses a palette that does not fit
        if isinstance(given, tuple) and len(given) not in (1, used):
            raise NetartError(
                f"look.contrast: {len(given)} pairs for {used} outputs: one for all, or one each"
            )

    def _check_lens(self) -> None:
        lens, depth = self.lens, self.network.depth
        if lens.layer is not None:
            if lens.layer > depth:
                raise NetartError(
                    f"lens.layer = {lens.layer}: the network has hidden layers "
                    f"1 to {depth} (0 is the inputs)"
                )
            if isinstance(self.network, Weights):
                self._readouts(self.network.content)  # says where none fits
        if lens.output is not None and not 1 <= lens.output <= self.network.outputs:
            raise NetartError(
                f"lens.output = {lens.output}: outputs go from 1 to {self.network.outputs}"
            )
        for layer, unit in lens.units:
            if not 1 <= layer <= depth:
                raise NetartError(f"lens.units: layer {layer} of {depth} hidden layers")
            if not 1 <= unit <= self.network.widths[layer - 1]:
                raise NetartError(
                    f"lens.units: unit {unit} of layer {layer}, which has "
                    f"{self.network.widths[layer - 1]}"
                )

    @property
    def shown(self) -> int:
        """How many numbers there are to draw: the network's outputs, or what the lens chooses."""
        return len(self.lens.units) or (self.network.outputs if self.lens.output is None else 1)

    @property
    def used(self) -> int:
        """How many of them the palette reads."""
        return min(self.shown, self.palette.kind.most)

    @property
    def palette(self) -> Palette:
        return fitting(self.look.palette, self.shown)

    @property
    def read_through(self) -> str:
        """The activation through which the palette sees what is drawn: none where outputs are
        stretched; the units' own, and the output activation where contrast is off.
        """
        if self.stretched and not self.lens.units:
            return "linear"
        return self.drawn_network.layers[-1].activation

    @property
    def stretched(self) -> bool:
        """Whether contrast is on: the palette then reads limits, not the output activation."""
        if self.look.contrast is None:
            return self.palette.kind.stretched
        return self.look.contrast != "off"

    @cached_property
    def drawn_network(self) -> Network:
        """The network down to what the lens looks at, and nothing beside it."""
        network = to_network(self.network)
        if self.lens.units:
            layer = self.lens.units[0][0] - 1
            units = tuple(unit - 1 for _, unit in self.lens.units)
            return network.until(layer, network.layers[layer].only(units))
        depth, last, skip = self._readouts(network)
        if self.lens.output is not None:
            chosen = (self.lens.output - 1,)
            last, skip = last.only(chosen), skip and skip.only(chosen)
        return network.until(depth, last, skip)

    def _readouts(self, network: Network) -> tuple[int, Layer, Layer | None]:
        """The depth that is drawn and its read-out, and the one of the layer below where
        `lens.layer` is a fraction, each by its share.
        """
        layer = network.depth if self.lens.layer is None else self.lens.layer
        depth, part = ceil(layer), layer - floor(layer)
        above = readout(self.network, network, depth)
        if not part:
            return depth, above, None
        return depth, above.times(part), readout(self.network, network, depth - 1).times(1 - part)

    @cached_property
    def sha256(self) -> str:
        """The stable hash: canonical JSON of all that does not stand at its default."""
        text = json.dumps(_canonical(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _canonical(part: msgspec.Struct) -> dict[str, Any]:
    if isinstance(part, Weights):
        return {"kind": "weights", **part.identity}
    found = {}
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        if isinstance(value, msgspec.Struct):
            found[field.name] = _canonical(value)
        elif value != field.default:
            # Converted to its type, so that 2 and 2.0, which are equal, are one text.
            plain = msgspec.convert(msgspec.to_builtins(value), field.type)
            found[field.name] = msgspec.to_builtins(plain)
    tag = part.__struct_config__.tag
    return found if tag is None else {"kind": tag, **found}

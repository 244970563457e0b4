"""The colour lens' data."""

from __future__ import annotations

from typing import ClassVar

from netart.errors import NetartError
from netart.net.recipe import NetworkSource
from netart.shot.lens.base import ReadOut
from netart.shot.light import readers
from netart.shot.look import Look


class Colour(ReadOut, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="colour"):
    """A read-out of the network through a palette, at every pixel."""

    LOOK: ClassVar[frozenset[str]] = frozenset(Look.__struct_fields__)
    UNITS: ClassVar[tuple[int, ...]] = (1, 3)

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        off = "contrast off"
        if name.startswith("light_") and name.removeprefix("light_") not in look.light_settings:
            wanted = f"light {readers(name.removeprefix('light_'))[0]}"
            why = f"light {look.light} does not read it, others do"
            return NetartError(f"{name}: {why}: add {wanted}", field=name, hint=wanted)
        if name == "chroma" and not self.loses_chroma(network, look):
            drawn = self.palette_name(network, look)
            why = f"palette {drawn!r} loses none between its colours: corners do"
            return NetartError(f"{name}: {why}", field=name)
        if name == "output_activation" and look.has_contrast and not self.units:
            why = "the palette reads pre-activations while contrast is on"
            return NetartError(f"{name}: {why}: add {off}", field=name, hint=off)
        return super().refuses(name, network, look)

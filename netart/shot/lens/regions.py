"""The regions lens' data."""

from __future__ import annotations

from math import isfinite
from typing import ClassVar, Literal

from msgspec.structs import replace

from netart.errors import NetartError, unknown
from netart.net.recipe import NetworkSource
from netart.shot.lens.base import ReadOut
from netart.shot.look import Look

SHADINGS = ("flat", "pale", "margin")
MAX_BOUNDARY = 100.0  # pixels

# The look's fields that shade regions by their margins.
GRADES = frozenset({"contrast", "gamma", "posterize"})


class Regions(ReadOut, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="regions"):
    """Where one output lies above a level and where below, or which of several is largest."""

    LOOK: ClassVar[frozenset[str]] = GRADES | {"palette", "samples", "dither"}

    # The value of one output at the boundary.
    level: float = 0.0
    # One colour a region, a pale one, or paler where it is close to the boundary in value.
    shading: Literal["flat", "pale", "margin"] = "flat"
    # Whether each region bears a letter: A above the level and B below, or A to Z by output.
    annotate: bool = False
    # Width in pixels of the line between regions, 0 for none.
    boundary: float = 1.5

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.shading not in SHADINGS:
            raise unknown("shading", self.shading, SHADINGS)
        if not isfinite(self.level):
            raise NetartError(f"lens.level = {self.level}: must be a finite number")
        if not 0 <= self.boundary <= MAX_BOUNDARY:
            raise NetartError(
                f"lens.boundary = {self.boundary}: must be from 0 to {MAX_BOUNDARY:g} pixels"
            )

    def check(self, network: NetworkSource, look: Look) -> None:
        if self.shading != "margin":  # contrast has no effect, whatever it was made for
            look = replace(look, contrast=None)
        super().check(network, look)
        if self.level and self.channels(network) > 1:
            raise NetartError(
                f"lens.level = {self.level:g}: {self.channels(network)} outputs are compared with "
                "each other: draw one of them, add output 1",
                hint="output 1",
            )

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if name in GRADES and self.shading != "margin":
            why = f"regions are {self.shading}: add shading margin"
            return NetartError(f"{name}: {why}", field=name, hint="shading margin")
        if name == "output_activation" and not self.units:
            return NetartError(f"{name}: regions are of pre-activations", field=name)
        return super().refuses(name, network, look)

    def count(self, network: NetworkSource) -> int:
        """The number of regions that there may be."""
        return max(2, self.channels(network))

    def mapped_channels(self, network: NetworkSource, look: Look) -> int:
        return 1  # margins

    def loses_chroma(self, network: NetworkSource, look: Look) -> bool:
        return False

    def default_look(self, network: NetworkSource, look: Look) -> dict[str, str]:
        return {}

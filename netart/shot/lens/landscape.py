"""The landscape lens' data."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, ClassVar, Literal, Self

from msgspec.structs import force_setattr, replace

from netart.errors import NetartError, unknown
from netart.net.recipe import NetworkSource
from netart.shot.lens.base import ReadOut
from netart.shot.lens.colour import Colour
from netart.shot.look import Look
from netart.shot.palette import Palette, palette_for

DEFAULT_PALETTE = "ramp:redgreen"
DIGITS = 9  # of degrees around

# Names of numbers, the least and the most.
RANGES = (("elevation", 2, 90), ("sun_elevation", 2, 90), ("rise", 0, 10), ("contours", 0, 200))
CHOICES = {
    "style": ("sheet", "block"),
    "floor": ("contours", "regions", "none"),
    "drape": ("height", "picture"),
}
# What a flat picture does not read.
CAMERA = (
    "elevation", "azimuth", "rise", "style", "floor", "zero_plane", "ground_lines",
    "sun_azimuth", "sun_elevation",
)  # fmt: skip


class Landscape(ReadOut, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="landscape"):
    """A lit height map of one output, or of a unit, over the square of the view."""

    LOOK: ClassVar[frozenset[str]] = frozenset(
        {"palette", "chroma", "contrast", "gamma", "invert", "posterize", "samples", "dither"}
    )
    VARIANTS: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "top": {"sight": "top"},
        "both": {"sight": "both"},
    }

    # How it is seen: by the camera, from above as a flat picture, or both side by side.
    sight: Literal["camera", "top", "both"] = "camera"
    # Where the camera stands, in degrees: how high, and in which direction from the middle, as on
    # a map whose right is 0.
    elevation: float = 20.0
    azimuth: float = -55.0
    # The height of the whole range, as a share of the ground's width.
    rise: float = 0.5
    # A surface that floats over its floor, or the top of a block.
    style: Literal["sheet", "block"] = "sheet"
    # Lines of equal height on the surface and on the floor.
    contours: int = 9
    # What is drawn on the floor.
    floor: Literal["contours", "regions", "none"] = "contours"
    # What colours the surface: its height, or the picture of all outputs.
    drape: Literal["height", "picture"] = "height"
    # Whether the level plane where the output is 0 is drawn.
    zero_plane: bool = False
    # Whether the floor bears the lines on which units of the first hidden layer are 0.
    ground_lines: bool = False
    # Where the sun stands, in degrees: anticlockwise from the camera's right, and how high.
    sun_azimuth: float = 176.0
    sun_elevation: float = 39.5

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, low, high in RANGES:
            value = getattr(self, name)
            if not low <= value <= high:
                raise NetartError(f"lens.{name} = {value:g}: must be from {low} to {high}")
        for name in ("azimuth", "sun_azimuth"):
            degrees = getattr(self, name)
            if not isfinite(degrees):
                raise NetartError(f"lens.{name} = {degrees}: must be finite")
            # One spelling for one picture.
            force_setattr(self, name, round(180 - (180 - degrees) % 360, DIGITS))
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise unknown(f"lens.{name}", getattr(self, name), choices)

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if self.sight == "top" and name in CAMERA:
            return NetartError(f"{name}: has no effect on landscape:top", field=name)
        if self.style == "block" and name in ("floor", "ground_lines"):
            return NetartError(f"{name}: a block hides its floor: add style sheet", field=name)
        if name in ("output_activation", "chroma"):
            named = replace(look, palette=self.palette_name(network, look))
            return self.picture_lens.refuses(name, network, named)
        return super().refuses(name, network, look)

    def has_space(self, network: NetworkSource) -> bool:
        return self.sight != "top"

    def split(self) -> tuple[Self, ...]:
        if self.sight != "both":
            return (self,)
        return replace(self, sight="camera"), replace(self, sight="top")

    @property
    def height_lens(self) -> Colour:
        """The colour lens that draws what is the height: one output, or a unit."""
        output = None if self.units else self.output or 1
        return Colour(layer=self.layer, output=output, units=self.units)

    @property
    def picture_lens(self) -> Colour:
        """The colour lens whose picture colours the surface."""
        return Colour(layer=self.layer) if self.drape == "picture" else self.height_lens

    def channels(self, network: NetworkSource) -> int:
        return self.picture_lens.channels(network)

    def mapped_channels(self, network: NetworkSource, look: Look) -> int:
        """The number of contrast limits: of what the palette reads, and where a picture is draped
        after them those of the height.
        """
        wanted = self.palette(network, look).kind.max_outputs
        return min(self.channels(network), wanted) + (self.drape == "picture")

    def palette_name(self, network: NetworkSource, look: Look) -> str:
        if look.palette or self.drape == "picture":
            return super().palette_name(network, look)
        return DEFAULT_PALETTE

    def palette(self, network: NetworkSource, look: Look) -> Palette:
        return palette_for(self.palette_name(network, look), self.channels(network), look.chroma)

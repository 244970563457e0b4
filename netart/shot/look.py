"""How numbers become colours: the settings of a fixed chain.

z of the read-out → contrast → t in [0, 1] → gamma, invert, posterize → palette → display sRGB
→ samples averaged in linear light → dither and rounding
"""

from __future__ import annotations

from math import isfinite
from typing import Literal

import msgspec

from netart.errors import NetartError
from netart.shot.palette import palette

Limits = tuple[tuple[float, float], ...]  # pairs (lo, hi)

MAX_SAMPLES = 16  # across a pixel


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How numbers become colours."""

    # Its name with its kind; unset for `ramp:ember` where one output is drawn, `corners:sun` for
    # more.
    palette: str | None = None
    # The limits (lo, hi) that span the palette, one pair for all outputs or one each; `auto`
    # measures them; `eased` does so too, and in a film follows them, where `auto` takes one pair
    # for all of it; `off` takes the output activation instead; unset for what the palette has.
    contrast: Literal["auto", "eased", "off"] | Limits | None = None
    # How much of the chroma that corners lose between opposite hues comes back: the power of the
    # ratio in which it is raised, at 1 all of it.
    chroma: float = 0.0
    # t becomes t^(1/gamma): above 1 it lifts the middle of the palette.
    gamma: float = 1.0
    # t becomes 1 − t.
    invert: bool = False
    # The number of values that t takes, 0 for no limit.
    posterize: int = 0
    # Samples across a pixel, and as many down it, averaged in linear light; `auto` takes one, and
    # more where a pixel differs from a neighbour.
    samples: Literal["auto"] | int = 1
    # Whether rounding to 8 bits follows a pattern that hides the steps.
    dither: bool = False

    @property
    def loses_chroma(self) -> bool:
        """Whether the palette is one of corners, which mix opposite hues through grey."""
        return self.palette is None or palette(self.palette).kind.name == "corners"

    @property
    def has_contrast(self) -> bool:
        """Whether values are stretched between limits, rather than put through an activation."""
        if self.contrast is None:
            return self.palette is None or palette(self.palette).kind.has_contrast
        return self.contrast != "off"

    def __post_init__(self) -> None:
        if self.palette is not None:  # one spelling for one picture
            msgspec.structs.force_setattr(self, "palette", palette(self.palette).name)
        if not 0.01 <= self.gamma <= 100:
            raise NetartError(f"look.gamma = {self.gamma}: must be from 0.01 to 100")
        if not 0 <= self.chroma <= 1:
            raise NetartError(f"look.chroma = {self.chroma}: must be from 0 to 1")
        if not self.loses_chroma:
            msgspec.structs.force_setattr(self, "chroma", 0.0)
        if self.posterize != 0 and not 2 <= self.posterize <= 256:
            raise NetartError(f"look.posterize = {self.posterize}: must be from 2 to 256, or 0")
        if self.samples != "auto" and not 1 <= self.samples <= MAX_SAMPLES:
            raise NetartError(f"look.samples = {self.samples}: must be from 1 to {MAX_SAMPLES}")
        if isinstance(self.contrast, tuple):
            if not self.contrast:
                raise NetartError("look.contrast: at least one pair LO:HI")
            limits = tuple((low + 0.0, high + 0.0) for low, high in self.contrast)  # 0 for −0
            msgspec.structs.force_setattr(self, "contrast", limits)
            for low, high in limits:
                if not (isfinite(low) and isfinite(high) and low <= high):
                    raise NetartError(
                        f"look.contrast = {low}:{high}: must be finite, the lower limit first"
                    )

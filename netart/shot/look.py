"""From pre-activations to colour: a fixed chain.

z of the read-out → contrast → t in [0, 1] → gamma, invert, posterize → palette → display sRGB
→ samples averaged in linear light → dither and rounding
"""

from __future__ import annotations

from math import isfinite
from typing import Literal

import msgspec

from netart.errors import NetartError
from netart.shot.palette import palette

Limits = tuple[tuple[float, float], ...]

MAX_SAMPLES = 16  # across and down a pixel


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """palette: unset means `ramp:ember` for one output, `corners:sun` for more. contrast: limits
    (lo, hi), one pair for all outputs or one each; `auto` measures them; `off` takes the output
    activation instead; unset means the palette's own. gamma: t becomes t^(1/gamma), so that
    values above 1 lift the middle; invert: t becomes 1 − t; posterize: t takes so many values
    only, 0 for all. samples: so many across and down a pixel, averaged in linear light. dither:
    rounding to 8 bits follows a pattern that hides the steps.
    """

    palette: str | None = None
    contrast: Literal["auto", "off"] | Limits | None = None
    gamma: float = 1.0
    invert: bool = False
    posterize: int = 0
    samples: int = 1
    dither: bool = False

    @property
    def has_contrast(self) -> bool:
        """Whether values go through contrast limits, and not through an activation."""
        if self.contrast is None:
            return self.palette is None or palette(self.palette).kind.stretched
        return self.contrast != "off"

    def __post_init__(self) -> None:
        if self.palette is not None:
            palette(self.palette)
        if not 0.01 <= self.gamma <= 100:
            raise NetartError(f"look.gamma = {self.gamma}: must be from 0.01 to 100")
        if self.posterize != 0 and not 2 <= self.posterize <= 256:
            raise NetartError(f"look.posterize = {self.posterize}: must be from 2 to 256, or 0")
        if not 1 <= self.samples <= MAX_SAMPLES:
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

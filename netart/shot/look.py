"""How numbers become colours: the settings of a fixed chain.

z of the read-out → contrast → t in [0, 1] → gamma, invert, posterize → palette → display sRGB
→ light → samples averaged in linear light → dither and rounding
"""

from __future__ import annotations

from math import isfinite
from typing import Literal

import msgspec

from netart.errors import NetartError
from netart.shot.light import NONE, SETTINGS, Light, check_setting, light
from netart.shot.palette import palette

Limits = tuple[tuple[float, float], ...]  # pairs (lo, hi)

MAX_SAMPLES = 16  # across a pixel


class Look(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    repr_omit_defaults=True,
):
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
    # The finish of the surface, and its settings; unset for those of the finish.
    light: str = NONE
    light_height: float | None = None
    light_azimuth: float | None = None
    light_elevation: float | None = None
    light_gloss: float | None = None
    light_exponent: float | None = None
    light_metal: float | None = None
    light_levels: float | None = None
    light_width: float | None = None
    light_ink: str | None = None
    light_paper: str | None = None

    @property
    def has_contrast(self) -> bool:
        """Whether values are stretched between limits, rather than put through an activation."""
        if self.contrast is None:
            return self.palette is None or palette(self.palette).kind.has_contrast
        return self.contrast != "off"

    @property
    def finish(self) -> Light | None:
        """The light's row in the table."""
        return light(self.light)

    @property
    def light_settings(self) -> dict[str, float | str | None]:
        """Those that its light reads, set or its own."""
        own = self.finish.settings if self.finish else {}
        given = {name: getattr(self, f"light_{name}") for name in own}
        return {name: own[name] if value is None else value for name, value in given.items()}

    def __post_init__(self) -> None:
        finish = self.finish
        for name in SETTINGS:
            value = getattr(self, f"light_{name}")
            if value is not None:
                checked = check_setting(name, value, finish)
                msgspec.structs.force_setattr(self, f"light_{name}", checked)
        if self.palette is not None:  # one spelling for one picture
            msgspec.structs.force_setattr(self, "palette", palette(self.palette).name)
        if not 0.01 <= self.gamma <= 100:
            raise NetartError(f"look.gamma = {self.gamma}: must be from 0.01 to 100")
        if not 0 <= self.chroma <= 1:
            raise NetartError(f"look.chroma = {self.chroma}: must be from 0 to 1")
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

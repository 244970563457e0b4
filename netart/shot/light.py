"""Light: the finish of a picture's surface, and the settings that it reads, a table of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, inf, radians, sin
from typing import Any, NamedTuple

import numpy as np

from netart.errors import NetartError, unknown
from netart.net.derivatives import Array
from netart.shot import finishes
from netart.shot.colours import colour
from netart.shot.finishes import SUN, Numbers, Surface, display
from netart.shot.oklab import display_from_oklab, oklab_from_display, srgb_decode
from netart.shot.palette import Palette

NONE = "none"  # the light of a picture that has none


class Setting(NamedTuple):
    """A number or a colour that finishes read: the field `light_NAME` of the look."""

    metavar: str
    # What it does, as help shows it.
    help: str
    # The range of a number.
    low: float = 0.0
    high: float = 0.0
    # The interpolations that a film may use, its default first.
    interpolations: tuple[str, ...] = ("linear", "geometric")

    @property
    def range(self) -> str:
        """Its range in words, empty for a colour and where any number will do."""
        return "" if self.is_colour or self.high == inf else f"{self.low:g} to {self.high:g}"

    @property
    def is_colour(self) -> bool:
        return self.metavar == "COLOUR"

    @property
    def is_angle(self) -> bool:
        return self.metavar == "DEGREES"


SETTINGS = {
    "height": Setting("H", "Height of the surface, or of a sheet of paper.", 0, 10),
    "azimuth": Setting(
        "DEGREES", "Where light comes from, anticlockwise from the right.", -inf, inf,
        ("linear", "short"),
    ),
    "elevation": Setting(
        "DEGREES", "How high the light stands above the picture.", -90, 90, ("linear",)
    ),
    "gloss": Setting("G", "Brightness of highlights.", 0, 10),
    "exponent": Setting("E", "Sharpness of highlights.", 1, 1000, ("geometric", "linear")),
    "metal": Setting(
        "M", "0 for glaze to 1 for metal, whose highlights have the palette's light end.", 0, 1,
        ("linear",),
    ),
    "levels": Setting("N", "Number of lines between the limits.", 1, 1000),
    "width": Setting("PIXELS", "Width of lines.", 0.1, 100),
    "ink": Setting("COLOUR", "Colour of lines, as in #1a1512 or navy.", interpolations=()),
    "paper": Setting("COLOUR", "Colour under the lines.", interpolations=()),
}  # fmt: skip


class Light(NamedTuple):
    """A finish, and what it reads."""

    name: str
    # (3, N) display sRGB of a surface.
    function: Callable[[Surface, Numbers], Array]
    # It reads at least so many outputs, if the network has them.
    outputs: int
    # The settings that it reads, and their values where the look leaves them unset.
    settings: Mapping[str, float | str | None]
    # Flat steps of a palette of one output, and of others, where posterize is unset: 0 for none.
    steps: tuple[int, int]
    # What it does, as help shows it.
    help: str


INK, PAPER = "#1a1512", "#f4ecd8"

LIGHTS = {
    light.name: light
    for light in (
        Light(
            "relief", finishes.relief, 2,
            {
                "height": 0.3, "azimuth": 130.0, "elevation": 38.0,
                "gloss": 0.55, "exponent": 40.0, "metal": 0.0,
            },
            (0, 0), "a glazed surface under a lamp",
        ),
        Light(
            "chrome", finishes.chrome, 2, {"height": 0.4, "azimuth": 76.0, "elevation": -10.0},
            (0, 0), "liquid metal that mirrors sky and earth",
        ),
        Light(
            "contour", finishes.contour, 1,
            {"levels": 16.0, "width": 1.2, "ink": INK, "paper": None},
            (0, 0), "lines of equal value, over the colours or on paper",
        ),
        Light(
            "topographic", finishes.topographic, 1, {"width": 1.0, "ink": INK},
            (40, 20), "flat steps (as many as posterize) with a line each",
        ),
        Light(
            "engraving", finishes.engraving, 1, {"levels": 50.0, "ink": INK, "paper": PAPER},
            (0, 0), "lines on paper, as thick as the colours are dark",
        ),
        Light(
            "papercut", finishes.papercut, 1, {"height": 0.06, "azimuth": 125.0},
            (10, 5), "sheets of paper (as many as posterize), with shadows",
        ),
        Light(
            "neon", finishes.neon, 2, {"levels": 6.0, "width": 1.2},
            (0, 0), "glowing lines of two outputs in the colours, at night",
        ),
    )
}  # fmt: skip


def light(name: str) -> Light | None:
    """The finish called `name`. Raises NetartError with the nearest name."""
    if name == NONE:
        return None
    if name not in LIGHTS:
        raise unknown("light", name, (NONE, *LIGHTS))
    return LIGHTS[name]


def readers(setting: str) -> tuple[str, ...]:
    """The names of the finishes that read a setting."""
    return tuple(kind.name for kind in LIGHTS.values() if setting in kind.settings)


def check_setting(name: str, value: Any, kind: Light | None) -> Any:
    """The value of a setting, a colour as #rrggbb. Raises NetartError where this light does not
    read the setting, or its value is wrong.
    """
    setting, field = SETTINGS[name], f"look.light_{name}"
    if kind is None or name not in kind.settings:
        raise NetartError(f"{field}: light {kind.name if kind else NONE} does not read it")
    if setting.is_colour:
        try:
            return "#{:02x}{:02x}{:02x}".format(*colour(value))
        except NetartError as error:
            raise error.at(field) from None
    if not (setting.low <= value <= setting.high and abs(value) < inf):
        allowed = f"from {setting.low} to {setting.high}"
        if setting.high == inf:
            allowed = "a finite number"
        raise NetartError(f"{field} = {value}: must be {allowed}")
    return value


def numbers(light: Light, settings: Numbers, palette: Palette, outputs: int, steps: int) -> Numbers:
    """What a finish computes with. settings: all that it reads. outputs: that the palette reads;
    steps: of it, 0 for none.
    """
    found = {name: value for name, value in settings.items() if not SETTINGS[name].is_colour}
    if "azimuth" in found:
        azimuth = radians(found.pop("azimuth"))
        found["along"] = np.array([cos(azimuth), sin(azimuth)])
    if "elevation" in found:
        elevation = radians(found.pop("elevation"))
        found["towards"] = np.array([*(cos(elevation) * found["along"]), sin(elevation)])
        halfway = found["towards"] + [0, 0, 1]
        found["halfway"] = halfway / np.linalg.norm(halfway)
    lab = _colours(palette, outputs)
    if "metal" in found:
        lightest = srgb_decode(display_from_oklab(lab[:, [lab[0].argmax()]]))[:, 0]
        found["shine"] = SUN + found["metal"] * (lightest - SUN)
    if "levels" in found:
        found["lines"] = found.pop("levels")
    for name in ("ink", "paper"):
        found[name] = srgb_decode(display(settings.get(name) or "#000000"))[:, 0]
    return found | {
        "on_paper": float(settings.get("paper") is not None),
        "darkest": float(lab[0].min()),
        "lightness_span": float(np.ptp(lab[0])) or 1.0,
        "steps": float(steps),
    }


def _colours(palette: Palette, outputs: int) -> Array:
    """(3, N) Oklab: colours from all over a palette that reads so many outputs."""
    steps = np.linspace(0, 1, 256 if outputs == 1 else 9)
    t = np.stack(np.meshgrid(*[steps] * outputs)).reshape(outputs, -1)
    return oklab_from_display(np.asarray(palette.kind.function(t, palette.table)))

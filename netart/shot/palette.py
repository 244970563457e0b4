"""Palettes: from values in [0, 1] to display sRGB.

A kind of palette is a numpy function with a GLSL twin, `palette_NAME` in
`shaders/palette_NAME.glsl`; a palette is a kind and its table of colours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError, unknown
from netart.net.ops import Array

Table = NDArray[np.float32]

RAMP_SIZE = 2521  # entries of a ramp; 2520 is divided by 1 to 10, so that stops fall on entries
LIGHTNESS = 0.22  # how much the third output of `corners` shifts the lightness

MOST_STOPS = 64

NAN_COLOUR = (1.0, 0.0, 1.0)  # what no evaluator may hide: magenta

# Bottom left, bottom right, top left, top right of the square that two outputs span.
CORNERS = {
    "bloom": "#2b1340 #e4467a #1f5aa8 #ffd9a0",
    "candy": "#4b2a7b #ff7f6b #2fb7b0 #fff0d0",
    "coast": "#0d2b45 #d08159 #1f6f78 #ffecd6",
    "frost": "#0a1830 #5b8dd6 #6a4fa3 #eef6fb",
    "grove": "#10231c #c9b458 #2f6b5e #f3ead2",
    "jade": "#06251f #3fa796 #8d5a97 #fbe7c6",
    "mono": "#101014 #8b8a90 #4c5a6b #f5f2ea",
    "neon": "#120a2a #ff4f79 #00b3c6 #fff3b0",
    "sun": "#3a0f2b #f2542d #0e9594 #f5dfbb",
    "terra": "#24140f #c65d3b #3d6070 #f2dcc0",
}

RAMPS = {
    "blueorange": "#08213f #1c5c92 #8fc0d8 #f6efe2 #f2a65a #c8511b #5b1a0a",
    "dusk": "#101030 #3b2a6b #8a3f86 #e0647c #f9a978 #fdf0c8",
    "ember": "#0b0a14 #2a1436 #6b1f46 #c03a3a #f08a3c #fbe3a6",
    "inferno": "#000004 #1b0c41 #4a0c6b #781c6d #a52c60 #cf4446 #ed6925 #fb9b06 #f7d13d #fcffa4",
    "ink": "#0c0c0e #2a2b30 #6c6a66 #c9c2b4 #f4efe4",
    "moss": "#0d1a14 #1f4033 #4f7a4a #a9b665 #ecd9a0 #f6efe0",
    "riso": "#f4efe4 #ff5a5f #2b2d6e #00a6a6 #f7c948 #f4efe4",
    "spectral": "#3b3a8f #2f87b7 #6cc3a3 #d9ee9a #fdf3a8 #fdb366 #e6554a #96104a",
    "tide": "#03111f #0b3550 #13708a #58b8ae #d8ecd0 #f7f3e3",
    "viridis": "#440154 #482878 #3e4989 #31688e #26828e #1f9e89 #35b779 #6ece58 #b5de2b #fde725",
}

# Ottosson 2020, "A perceptual color space for image processing": linear sRGB to and from Oklab.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = np.linalg.inv(_TO_LAB).round(10)
_FROM_LMS = np.linalg.inv(_TO_LMS).round(10)


class Kind(NamedTuple):
    """name; least and most outputs it reads; whether contrast is measured when unset, and at
    which percentiles; function of t (outputs, N) and the table, to (3, N) display sRGB.
    """

    name: str
    least: int
    most: int
    stretched: bool
    percentiles: tuple[float, float]
    function: Callable[[Array, Table], Array]


class Palette(NamedTuple):
    """table: (K, 3) float32: Oklab corners, a ramp's display colours, nothing for the others."""

    name: str
    kind: Kind
    table: Table


def encode(linear: Array) -> Array:
    """Linear light to display sRGB (IEC 61966-2-1), clipped to [0, 1]."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def decode(display: Array) -> Array:
    """Display sRGB in [0, 1] to linear light (IEC 61966-2-1)."""
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


def oklab_from_display(display: Array) -> Array:
    """(3, N) display sRGB to (3, N) Oklab."""
    return np.asarray(_TO_LAB @ np.cbrt(_TO_LMS @ decode(display)))


def display_from_oklab(lab: Array) -> Array:
    """(3, N) Oklab to (3, N) display sRGB, what is out of gamut clipped."""
    lms = _FROM_LAB.astype(lab.dtype) @ lab
    return encode(_FROM_LMS.astype(lab.dtype) @ (lms * lms * lms))


def _rgb(t: Array, table: Table) -> Array:
    return t


def _gray(t: Array, table: Table) -> Array:
    return np.broadcast_to(t, (3, t.shape[1]))


def _hsv(t: Array, table: Table) -> Array:
    hue, saturation, value = t
    # Red, green and blue are the same tent of the hue, a third of the circle apart.
    tents = np.abs((6 * hue + np.array([[0], [4], [2]], t.dtype)) % 6 - 3) - 1
    return np.asarray(value * (1 - saturation * (1 - np.clip(tents, 0, 1))))


def _ramp(t: Array, table: Table) -> Array:
    place = t[0] * (RAMP_SIZE - 1)
    below = np.minimum(place.astype(np.intp), RAMP_SIZE - 2)
    low, high = table[below].T, table[below + 1].T
    return np.asarray(low + (place - below).astype(t.dtype) * (high - low))


def _corners(t: Array, table: Table) -> Array:
    s = t * (0.5 + t * (1.5 - t))  # half t, half smoothstep(t)
    right, up = s[0], s[1]
    both = right * up
    lab = table.T.astype(t.dtype) @ np.stack([1 - right - up + both, right - both, up - both, both])
    if len(t) > 2:
        lab[0] += LIGHTNESS * (s[2] - 0.5)
    return display_from_oklab(lab)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("rgb", 3, 3, False, (1, 99), _rgb),
        Kind("hsv", 3, 3, False, (1, 99), _hsv),
        Kind("gray", 1, 1, False, (1, 99), _gray),
        Kind("ramp", 1, 1, True, (1, 99), _ramp),
        Kind("corners", 2, 3, True, (2, 98), _corners),
    )
}

NAMES = (
    "rgb",
    "hsv",
    "gray",
    *(f"corners:{name}" for name in CORNERS),
    *(f"ramp:{name}" for name in RAMPS),
)


@lru_cache(maxsize=32)
def palette(name: str) -> Palette:
    """The palette called `name`: one of NAMES, or a kind with colours of one's own, as in
    `ramp:#102030,#f0a040,white`. Raises NetartError with the nearest name.
    """
    kind, _, colours = name.partition(":")
    if name not in NAMES and "," not in colours:
        raise unknown("palette", name, NAMES)
    table: Array = np.zeros((3, 0))
    if kind == "corners":
        table = oklab_from_display(_colours(name, CORNERS.get(colours, colours), 4, 4))
    elif kind == "ramp":
        stops = oklab_from_display(_colours(name, RAMPS.get(colours, colours), 2, MOST_STOPS))
        places, at = np.linspace(0, 1, stops.shape[1]), np.linspace(0, 1, RAMP_SIZE)
        table = display_from_oklab(np.stack([np.interp(at, places, row) for row in stops]))
    elif name not in NAMES:
        raise NetartError(f"palette {name!r}: only corners and ramp take colours")
    return Palette(name, KINDS[kind], np.ascontiguousarray(table.T, np.float32))


def fitting(name: str | None, outputs: int) -> Palette:
    """The palette called `name`, or the default one for so many outputs. Raises NetartError."""
    chosen = palette(name or ("ramp:ember" if outputs == 1 else "corners:sun"))
    if outputs < chosen.kind.least:
        fits = [kind.name for kind in KINDS.values() if kind.least <= outputs]
        raise NetartError(
            f"palette {chosen.name!r} reads {chosen.kind.least} outputs, the network has "
            f"{outputs}: {', '.join(fits)} would fit"
        )
    return chosen


def _colours(name: str, text: str, least: int, most: int) -> Array:
    """(3, N) display sRGB of colours by name or #rrggbb. Raises NetartError."""
    from PIL import ImageColor

    colours = [colour.strip() for colour in text.replace(" ", ",").split(",")]
    if not least <= len(colours) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise NetartError(f"palette {name!r}: {len(colours)} colours, must be {wanted}")
    for colour in colours:
        if not re.fullmatch("#[0-9a-fA-F]{6}", colour) and colour not in ImageColor.colormap:
            raise unknown("colour", colour, ImageColor.colormap).at(f"palette {name!r}")
    return np.array([ImageColor.getrgb(colour)[:3] for colour in colours]).T / 255

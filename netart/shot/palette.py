"""Palettes: functions from values in [0, 1] to colours, display sRGB.

A palette is a kind and a table of numbers. The kind is a numpy function; its twin, the same in
GLSL, is `palette_NAME` in `shaders/palette_NAME.glsl`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError, unknown
from netart.net.ops import Array
from netart.net.sampling import MAX_SEED, PALETTE, uniform, words
from netart.shot.oklab import display_from_oklab, gamut, map_to_gamut, oklab_from_display

Table = NDArray[np.float32]

RAMP_SIZE = 2521  # entries of a ramp; 2520 is divided by 1 to 10, so that stops fall on entries
LIGHTNESS = 0.22  # how much the third output of `corners` shifts the lightness

MAX_STOPS = 64  # of a ramp's colours

# The ranges of oklab and oklch.
DARKEST, LIGHTER = 0.13, 0.82  # lightness: at value 0, and how much value 1 adds
OKLAB_REACH = 0.5  # a and b go over a range of this width around 0
OKLCH_REACH = 0.26  # chroma goes from 0 to this
OKLCH_START = 0.6  # hue at value 0, in turns: blue

NAN_COLOUR = (1.0, 0.0, 1.0)  # magenta, on every evaluator: a NaN is a fault that must be seen

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


class PaletteKind(NamedTuple):
    """A formula that makes colours of outputs; its palettes differ in their tables alone."""

    name: str
    # How many outputs the formula reads.
    min_outputs: int
    max_outputs: int
    # Whether outputs are stretched between measured limits where the look does not set contrast.
    has_contrast: bool
    # At which percentiles of the outputs the limits are measured.
    percentiles: tuple[float, float]
    # From values t (outputs, N) in [0, 1], and the table, to (3, N) display sRGB.
    function: Callable[[Array, Table], Array]
    # From what is written after the name and its colon to the table.
    read_table: Callable[[str], Array]
    # What may be written there, as help shows it.
    suffix: str
    # What the formula does.
    help: str


class Palette(NamedTuple):
    """How outputs become colours: a formula, and the numbers that it takes."""

    name: str  # as the user writes it
    kind: PaletteKind
    table: Table  # (3, K) or (3, rows, K); what the numbers mean, the kind knows


# From values to colours.


def _rgb(t: Array, table: Table) -> Array:
    return t


def _gray(t: Array, table: Table) -> Array:
    return np.broadcast_to(t, (3, t.shape[1]))


def _hsv(t: Array, table: Table) -> Array:
    hue, saturation, value = t
    # Red, green and blue are the same tent of the hue, a third of the circle apart.
    tents = np.abs((6 * hue + np.array([[0], [4], [2]], t.dtype)) % 6 - 3) - 1
    return np.asarray(value * (1 - saturation * (1 - np.clip(tents, 0, 1))))


def _lightness(t: Array) -> Array:
    return np.asarray(DARKEST + LIGHTER * t)


def _oklab(t: Array, table: Table) -> Array:
    lab = np.stack([_lightness(t[0]), *(OKLAB_REACH * (t[1:] - 0.5))])
    return display_from_oklab(map_to_gamut(lab, table[0]))


def _oklch(t: Array, table: Table) -> Array:
    start, span = table[:2, 0, 0]
    hue = (2 * np.pi * (start + span * t[2])).astype(t.dtype)
    chroma = OKLCH_REACH * t[1]
    lab = np.stack([_lightness(t[0]), chroma * np.cos(hue), chroma * np.sin(hue)])
    return display_from_oklab(map_to_gamut(lab, table[0, 1:]))


def _cosine(t: Array, table: Table) -> Array:
    a, b, c, d = table.astype(t.dtype).T[:, :, None]
    return np.asarray(np.clip(a + b * np.cos(2 * np.pi * (c * t[0] + d)), 0, 1))


def _ramp(t: Array, table: Table) -> Array:
    place = t[0] * (RAMP_SIZE - 1)
    below = np.minimum(place.astype(np.int32), RAMP_SIZE - 2)
    # `take` is faster with mode clip, which spares it the check of the indices.
    low, high = (table.take(at, axis=1, mode="clip") for at in (below, below + 1))
    return np.asarray(low + (place - below.astype(t.dtype)) * (high - low))


def _corners(t: Array, table: Table) -> Array:
    s = t * (0.5 + t * (1.5 - t))  # half t, half smoothstep(t)
    right, up = s[0], s[1]
    both = right * up
    lab = table.astype(t.dtype) @ np.stack([1 - right - up + both, right - both, up - both, both])
    if len(t) > 2:
        lab[0] += LIGHTNESS * (s[2] - 0.5)
    return display_from_oklab(lab)


# From what is written after a name to tables.


def _no_table(text: str) -> Array:
    if text:
        raise NetartError("takes nothing after its name")
    return np.zeros((3, 0))


def _gamut_table(text: str) -> Array:
    _no_table(text)
    return np.repeat(gamut()[None], 3, axis=0)


def _hue_table(text: str) -> Array:
    """A row that begins with the hue's start and span, in turns; then the rows of the gamut."""
    numbers = _numbers(text or "0.45", 1, 2)
    span, start = (*numbers, OKLCH_START)[:2]
    hues = np.broadcast_to(np.array([[[start]], [[span]], [[0]]]), (3, 1, gamut().shape[1]))
    return np.concatenate([hues, _gamut_table("")], axis=1)


def _cosine_table(text: str) -> Array:
    """Columns a, b, c, d of twelve numbers, or of a seed that draws them."""
    if "," in text:
        return np.reshape(_numbers(text, 12, 12), (4, 3)).T
    if not re.fullmatch(r"\d{1,20}", text, re.ASCII) or int(text) > MAX_SEED:
        raise NetartError("write a seed, or the twelve numbers of a, b, c, d for red, green, blue")
    # The channels share a wave of nearly one frequency and differ in phase: any seed is a harmony.
    draws = uniform(words(int(text), PALETTE, 0, 0, 12)).reshape(4, 3)
    phase, step = draws[3, 0] / 2, 0.11 + 0.07 * draws[3, 1]
    return np.stack(
        [
            0.52 + 0.1 * draws[0],
            0.42 + 0.08 * draws[1],
            0.85 + 0.35 * draws[2, 0] + 0.1 * draws[2],
            phase + step * np.arange(3) * np.copysign(1, draws[3, 2]),
        ],
        axis=1,
    )


def _corner_table(text: str) -> Array:
    return oklab_from_display(_colours(text, CORNERS, 4, 4))


def _ramp_table(text: str) -> Array:
    stops = oklab_from_display(_colours(text, RAMPS, 2, MAX_STOPS))
    places, at = np.linspace(0, 1, stops.shape[1]), np.linspace(0, 1, RAMP_SIZE)
    return display_from_oklab(np.stack([np.interp(at, places, row) for row in stops]))


def _map_table(text: str) -> Array:
    from cmap import Catalog, Colormap

    try:
        found = Colormap(text)
    except ValueError:
        raise unknown("map", text, map(str, Catalog().unique_keys())) from None
    colours = np.clip(found.lut(RAMP_SIZE)[:, :3].T, 0, 1)  # fewer where a map has flat steps
    return np.asarray(colours[:, np.arange(RAMP_SIZE) * colours.shape[1] // RAMP_SIZE])


def _is_map(name: str) -> bool:
    from cmap import Catalog

    return name in Catalog().short_keys()


def _numbers(text: str, min_count: int, max_count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    right_count = min_count <= len(numbers) <= max_count
    if not (right_count and all(isfinite(x) and abs(x) < 1e3 for x in numbers)):
        wanted = _range(min_count, max_count)
        raise NetartError(f"{text!r}: must be {wanted} numbers within ±1000")
    return numbers


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _colours(text: str, named: dict[str, str], min_count: int, max_count: int) -> Array:
    """(3, N) display sRGB of a name in the table `named`, or of colours by name or #rrggbb."""
    from PIL import ImageColor

    if text not in named and "," not in text:
        raise unknown("name", text, named)
    colours = [colour.strip() for colour in named.get(text, text).replace(" ", ",").split(",")]
    if not min_count <= len(colours) <= max_count:
        raise NetartError(f"{len(colours)} colours, must be {_range(min_count, max_count)}")
    for colour in colours:
        if not re.fullmatch("#[0-9a-fA-F]{6}", colour) and colour not in ImageColor.colormap:
            raise unknown("colour", colour, ("#rrggbb", *ImageColor.colormap))
    return np.array([ImageColor.getrgb(colour)[:3] for colour in colours]).T / 255


KINDS = {
    kind.name: kind
    for kind in (
        PaletteKind(
            "corners", 2, 3, True, (2, 98), _corners, _corner_table,
            ":NAME|COLOURS",
            "two outputs between four colours, a third shifts the lightness",
        ),
        PaletteKind(
            "ramp", 1, 1, True, (1, 99), _ramp, _ramp_table, ":NAME|COLOURS",
            "one output along colours in Oklab, as in ramp:#102030,#f0a040,white",
        ),
        PaletteKind(
            "map", 1, 1, True, (1, 99), _ramp, _map_table, ":NAME",
            "one output along a scientific map, as in map:batlow (cmap's names)",
        ),
        PaletteKind(
            "cosine", 1, 1, True, (1, 99), _cosine, _cosine_table, ":SEED|NUMBERS",
            "one output t as a + b cos 2π(c t + d), three numbers a letter",
        ),
        PaletteKind(
            "oklch", 3, 3, True, (2, 98), _oklch, _hue_table, "[:SPAN[,START]]",
            "lightness, chroma, hue in turns (0.45 from 0.6)",
        ),
        PaletteKind(
            "oklab", 3, 3, True, (2, 98), _oklab, _gamut_table, "",
            "lightness, green to red, blue to yellow",
        ),
        PaletteKind("hsv", 3, 3, False, (1, 99), _hsv, _no_table, "", "hue, saturation, value"),
        PaletteKind("rgb", 3, 3, False, (1, 99), _rgb, _no_table, "", "red, green, blue"),
        PaletteKind("gray", 1, 1, False, (1, 99), _gray, _no_table, "", "one output as a gray"),
    )
}  # fmt: skip

# All palettes that have a name; without the maps, which are too many to list.
NAMES = (
    *(name for name in KINDS if name not in ("corners", "ramp", "map", "cosine")),
    *(f"corners:{name}" for name in CORNERS),
    *(f"ramp:{name}" for name in RAMPS),
)


@lru_cache(maxsize=32)
def palette(name: str) -> Palette:
    """The palette called `name`: a kind, and after a colon what its table is made of.

    As in `rgb`, `ramp:ember`, `ramp:#102030,#f0a040,white`. Raises NetartError with the nearest
    name.
    """
    kind, colon, text = name.partition(":")
    if kind not in KINDS:
        raise unknown("palette", name, (*NAMES, f"map:{name}") if _is_map(name) else NAMES)
    if colon and not text:
        raise NetartError(f"palette {name!r}: a name is missing after the colon")
    try:
        table = KINDS[kind].read_table(text)
    except NetartError as error:
        raise error.at(f"palette {name!r}") from None
    return Palette(name, KINDS[kind], np.ascontiguousarray(table, np.float32))


def palette_for(name: str | None, outputs: int) -> Palette:
    """The palette called `name`, or the default one for this number of outputs.

    Raises NetartError where it reads more outputs than there are.
    """
    chosen = palette(name or ("ramp:ember" if outputs == 1 else "corners:sun"))
    if outputs < chosen.kind.min_outputs:
        fits = [kind.name for kind in KINDS.values() if kind.min_outputs <= outputs]
        raise NetartError(
            f"palette {chosen.name!r} reads {chosen.kind.min_outputs} outputs, of {outputs} that "
            f"{'is' if outputs == 1 else 'are'} drawn: {', '.join(fits)} would fit"
        )
    return chosen

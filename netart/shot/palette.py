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
from netart.shot.colours import (
    CORNERS,
    MAX_STOPS,
    RAMPS,
    UNLISTED_CORNERS,
    range_text,
    read_colours,
)
from netart.shot.oklab import (
    TINY,
    blend_stops,
    chroma_limit,
    display_from_oklab,
    gamut,
    map_to_gamut,
    oklab_from_display,
)

Table = NDArray[np.float32]
PICTURE = re.compile(r"\.(png|jpe?g|webp|avif|tiff?|gif|bmp)$", re.IGNORECASE)

RAMP_SIZE = 2521  # entries of a ramp; 2520 is divided by 1 to 10, so that stops fall on entries
LIGHTNESS = 0.22  # how much the third output of `corners` shifts the lightness

# The ranges of oklab and oklch.
DARKEST, LIGHTER = 0.13, 0.82  # lightness: at value 0, and how much value 1 adds
OKLAB_REACH = 0.5  # a and b go over a range of this width around 0
OKLCH_REACH = 0.26  # chroma goes from 0 to this
OKLCH_START = 0.6  # hue at value 0, in turns: blue

NAN_COLOUR = (1.0, 0.0, 1.0)  # magenta, on every evaluator: a NaN is a fault that must be seen


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
    corners = (table if table.ndim == 2 else table[:, 0, :4]).astype(t.dtype)
    shares = np.stack([1 - right - up + both, right - both, up - both, both])
    lab = corners @ shares
    if len(t) > 2:
        lab[0] += LIGHTNESS * (s[2] - 0.5)
    if table.ndim == 3:
        power, max_chroma = table[0, 0, 4], table[0, 1:]
        chroma = np.maximum(np.hypot(lab[1], lab[2]), TINY)
        wanted = (np.hypot(corners[1], corners[2]) @ shares / chroma) ** power
        lab[1:] *= np.maximum(1, np.minimum(wanted, chroma_limit(lab, max_chroma) / chroma))
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
    return oklab_from_display(read_colours(text, "corners", 4, 4))


def _restoring(corners: Array, chroma: float) -> Array:
    """A row that begins with the corners and the power; then the rows of the gamut."""
    first = np.zeros((3, 1, gamut().shape[1]))
    first[:, 0, :4], first[:, 0, 4] = corners, chroma
    return np.concatenate([first, _gamut_table("")], axis=1)


def _ramp_table(text: str) -> Array:
    return blend_stops(read_colours(text, "ramp", 2, MAX_STOPS), RAMP_SIZE)


def _map_table(text: str) -> Array:
    from cmap import Catalog, Colormap

    try:
        found = Colormap(text)
    except ValueError:
        raise unknown("map", text, map(str, Catalog().unique_keys())) from None
    colours = np.clip(found.lut(RAMP_SIZE)[:, :3].T, 0, 1)  # fewer where a map has flat steps
    return np.asarray(colours[:, np.arange(RAMP_SIZE) * colours.shape[1] // RAMP_SIZE])


def _map_names() -> set[str]:
    """Names of maps that say nothing of where they come from: `batlow`, not `crameri:batlow`."""
    from cmap import Catalog

    return set(Catalog().short_keys())


def _numbers(text: str, min_count: int, max_count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    right_count = min_count <= len(numbers) <= max_count
    if not (right_count and all(isfinite(x) and abs(x) < 1e3 for x in numbers)):
        wanted = range_text(min_count, max_count)
        raise NetartError(f"{text!r}: must be {wanted} numbers within ±1000")
    return numbers


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

# The same palettes, and those that are in no list, without their kind → with it.
SHORT_NAMES = {
    name.partition(":")[2] or name: name
    for name in (*NAMES, *(f"corners:{name}" for name in UNLISTED_CORNERS))
}


@lru_cache(maxsize=32)
def palette(name: str, chroma: float = 0.0) -> Palette:
    """The palette called `name`: a kind, and after a colon what its table is made of.

    As in `rgb`, `ramp:ember`, `ramp:#102030,#f0a040,white`; or a name without its kind, netart's
    own before the maps'. chroma: how much corners keep of it between them, from 0 to 1. Raises
    NetartError with the nearest name.
    """
    full_name = SHORT_NAMES.get(name, name)
    kind, colon, text = full_name.partition(":")
    if kind not in KINDS and name in _map_names():
        kind, text, full_name = "map", name, f"map:{name}"
    if kind not in KINDS:
        if text in SHORT_NAMES:
            raise NetartError(f"unknown palette {name!r}: did you mean {SHORT_NAMES[text]}?")
        if colon:
            raise unknown("palette", kind, KINDS)
        if hint := _meant(name):
            raise NetartError(f"unknown palette {name!r}: did you mean {hint}?")
        raise unknown("palette", name, SHORT_NAMES.keys() - UNLISTED_CORNERS, _map_names())
    if colon and not text:
        raise NetartError(f"palette {name!r}: a name is missing after the colon")
    try:
        table = KINDS[kind].read_table(text)
    except NetartError as error:
        raise error.at(f"palette {name!r}") from None
    if chroma and kind == "corners":
        table = _restoring(table, chroma)
    return Palette(full_name, KINDS[kind], np.ascontiguousarray(table, np.float32))


def _meant(name: str) -> str:
    """The palette that colours, or a picture's name, stand for where they are typed alone; empty
    for others.
    """
    if PICTURE.search(name):
        return f"from:{name}"
    try:
        read_colours(name, "ramp", 2, MAX_STOPS)
    except NetartError:
        return ""
    return f"ramp:{name}"


def default_palette(outputs: int) -> str:
    """The name of the palette where none is set, for this number of outputs that are drawn."""
    return "ramp:ember" if outputs == 1 else "corners:sun"


def palette_for(name: str | None, outputs: int, chroma: float = 0.0) -> Palette:
    """The palette called `name`, or the default one for this number of outputs.

    chroma: as in `palette`. Raises NetartError where it reads more outputs than there are.
    """
    chosen = palette(name or default_palette(outputs), chroma)
    if outputs < chosen.kind.min_outputs:
        fits = [kind.name for kind in KINDS.values() if kind.min_outputs <= outputs]
        raise NetartError(
            f"palette {chosen.name!r} reads {chosen.kind.min_outputs} outputs, of {outputs} that "
            f"{'is' if outputs == 1 else 'are'} drawn: {', '.join(fits)} would fit"
        )
    return chosen

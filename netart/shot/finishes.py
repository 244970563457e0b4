"""Finishes: formulas that make a lit or a drawn surface of the colours of a picture.

A finish reads, at every sample by itself, the palette's colour, the values t of the outputs (from 0
to 1 between the limits of contrast, and on beyond them) and their derivatives to u and v. Heights
and lengths are in u and v, so that nothing depends on the picture's size; widths of lines are in
pixels. The twin of a finish in GLSL is `light_NAME` in `shaders/light_NAME.glsl`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

import numpy as np

from netart.net.derivatives import Array
from netart.shot.colours import colour
from netart.shot.oklab import (
    LAB_FROM_LMS,
    LMS_FROM_LINEAR,
    display_from_oklab,
    oklab_from_display,
    srgb_decode,
    srgb_encode,
)

AMBIENT, DIFFUSE = 0.45, 0.75  # of relief
SHOULDER, SOFTNESS = 0.8, 0.6  # linear light above the first is compressed, by the second
SUN = (1.0, 0.98, 0.94)  # linear light of a highlight on what is no metal
SECOND = 0.7  # share of the second output in the height
SHADOW, RIM = 0.42, 0.06  # what paper's shadow takes of lightness, what its edge adds
NIGHT = (0.0012, 0.0018, 0.0037)  # linear light behind neon

# What chrome mirrors, from below to above: night, sky, a bright horizon, earth, sand, a lamp.
CHROME = "#05070d #1b2a4a #5d7fb0 #f4f7ff #2a2018 #8a5a2b #ffd9a0 #fff8ec"

FARTHEST = 1e4  # values beyond it are cut, and derivatives beyond the next: they may be infinite
STEEPEST = 1e6
FLATTEST = 1e-9  # keeps divisions finite
NEAREST = 1e-6  # what float32 loses of a level: without slope, no line is near


class Surface(NamedTuple):
    """What a finish knows of N samples."""

    colour: Array  # (3, N) display sRGB, of the palette
    # (outputs, N): stretched between the limits, not clipped; (2, outputs, N): their derivatives
    # to u and v.
    t: Array
    slopes: Array
    # The same after gamma and invert, of the outputs that the palette reads.
    graded: Array
    graded_slopes: Array
    pixel: float  # the width of a pixel in u


Numbers = Mapping[str, Any]  # what finishes compute with, by the uniforms' names behind `u_`


def grade(t: Array, slopes: Array, gamma: float, invert: bool) -> tuple[Array, Array]:
    """Values and their derivatives after gamma and invert, which go on beyond 0 and 1."""
    if gamma != 1:
        power, size = 1 / gamma, np.maximum(np.abs(t), FLATTEST)
        t, slopes = np.sign(t) * size**power, power * size ** (power - 1) * slopes
        t, slopes = bound(t, FARTHEST), bound(slopes, STEEPEST)
    return (1 - t, -slopes) if invert else (t, slopes)


def bound(values: Array, limit: float) -> Array:
    """Numbers that can be computed with: 0 for NaN, and none beyond the limit."""
    return np.clip(np.where(np.isnan(values), 0, values), -limit, limit)


# Surfaces.


def _normal(surface: Surface, height: float) -> Array:
    """(3, N) unit vectors, to u, to v and towards the viewer, of the surface of this height times
    tanh(1.6 (t1 − ½)) + 0.7 tanh(1.6 (t2 − ½)).
    """
    bend = np.tanh(1.6 * (surface.t[:2] - 0.5))
    share = np.array([[1], [SECOND]], bend.dtype)[: len(bend)]
    along = -height * (1.6 * share * (1 - bend * bend) * surface.slopes[:, :2]).sum(axis=1)
    upright = 1 / np.sqrt(1 + (along * along).sum(axis=0))
    return np.stack([along[0] * upright, along[1] * upright, upright])


def relief(surface: Surface, numbers: Numbers) -> Array:
    """A glazed surface under a lamp: Lambert's diffuse light, Blinn's highlights."""
    normal, metal = _normal(surface, numbers["height"]), numbers["metal"]
    lit = np.maximum(_dot(numbers["towards"], normal), 0) ** (1 + metal)
    shine = np.maximum(_dot(numbers["halfway"], normal), 0) ** numbers["exponent"]
    light = srgb_decode(surface.colour) ** (1 + 0.3 * metal)
    light *= AMBIENT * (1 - 0.5 * metal) + DIFFUSE * (1 + 0.9 * metal) * lit
    light += numbers["gloss"] * shine * _column(numbers["shine"], light)
    return srgb_encode(light / (1 + SOFTNESS * np.maximum(light - SHOULDER, 0)))


def chrome(surface: Surface, numbers: Numbers) -> Array:
    """Liquid metal: what the surface mirrors, along the ramp CHROME."""
    normal = _normal(surface, numbers["height"])
    mirrored = 2 * normal[2] * normal
    mirrored[2] -= 1
    place = 0.5 + 0.5 * _dot(numbers["towards"], mirrored)
    stops = oklab_from_display(display(*CHROME.split()))
    at = np.linspace(0, 1, stops.shape[1])
    lab = np.stack([np.interp(place, at, row) for row in stops])
    return display_from_oklab(lab.astype(place.dtype))


# Lines.


def _followed(surface: Surface) -> tuple[Array, Array]:
    """What lines follow, (N,) and its (2, N) derivatives: the mean of the first two outputs that
    the palette reads.
    """
    return surface.graded[:2].mean(axis=0), surface.graded_slopes[:, :2].mean(axis=1)


def _lines(t: Array, slopes: Array, levels: float, pixel: float) -> tuple[Array, Array]:
    """How many pixels the nearest of the levels k / levels is away, and how many are in a pixel."""
    f = levels * t
    density = levels * pixel * np.hypot(slopes[0], slopes[1]) + FLATTEST
    return (np.abs(f - np.round(f)) + NEAREST) / density, density


def _stroke(away: Array, density: Array, width: float) -> Array:
    """How much of a pixel a line covers; less where lines come closer to each other than pixels."""
    fade = np.sqrt(np.clip(1.2 - 1.2 * density, 0, 1))
    return np.asarray(np.clip(width / 2 + 0.5 - away, 0, 1) * fade)


def contour(surface: Surface, numbers: Numbers) -> Array:
    """Lines of equal value, over the colours or on paper."""
    lines = _lines(*_followed(surface), numbers["lines"], surface.pixel)
    ground = srgb_decode(surface.colour)
    ground += numbers["on_paper"] * (_column(numbers["paper"], ground) - ground)
    return _inked(ground, numbers, _stroke(*lines, numbers["width"]))


def topographic(surface: Surface, numbers: Numbers) -> Array:
    """The palette's steps, each of which ends in a line, every fifth in a heavy one."""
    steps, width, pixel = numbers["steps"], numbers["width"], surface.pixel
    share = np.zeros_like(surface.t[0])
    for t, slopes in zip(surface.graded[:2], surface.graded_slopes.swapaxes(0, 1), strict=False):
        # Half a step before the first line and behind the last there are no others.
        away, density = _lines(_inner(t, 0.5 / steps), slopes, steps, pixel)
        fifth, _ = _lines(_inner(t, 2.5 / steps), slopes, steps / 5, pixel)
        share = np.maximum(share, 0.35 * _stroke(away, density, width))
        share = np.maximum(share, 0.9 * _stroke(fifth, density, 1.8 * width))
    return _inked(srgb_decode(surface.colour), numbers, share)


def _inner(t: Array, margin: float) -> Array:
    return np.clip(t, margin, max(margin, 1 - margin))


def engraving(surface: Surface, numbers: Numbers) -> Array:
    """Lines on paper, as thick as the colours are dark."""
    away, density = _lines(*_followed(surface), numbers["lines"], surface.pixel)
    lightness = oklab_from_display(surface.colour)[0]
    dark = 1.05 * (1 - (lightness - numbers["darkest"]) / numbers["lightness_span"])
    share = np.clip(dark, 0.04, 1)
    line = np.clip(share / (2 * density) - away + 0.5, 0, 1)
    grey = np.clip((density - 0.2) / 0.25, 0, 1)  # where lines are closer than some pixels
    return _inked(_column(numbers["paper"], line), numbers, line + grey * (share - line))


def _inked(ground: Array, numbers: Numbers, share: Array) -> Array:
    """Display sRGB of a ground, linear light, of which ink covers a share."""
    return srgb_encode(ground + share * (_column(numbers["ink"], ground) - ground))


def papercut(surface: Surface, numbers: Numbers) -> Array:
    """Sheets of paper, a step of the palette each, with their shadows and bright edges."""
    steps, height, along = numbers["steps"], numbers["height"], numbers["along"]
    shadow = rim = np.zeros_like(surface.t[0])
    for t, slopes in zip(surface.graded, surface.graded_slopes.swapaxes(0, 1), strict=True):
        f, steep = steps * t, steps * np.hypot(slopes[0], slopes[1]) + FLATTEST
        level = np.clip(np.floor(f), 0, steps - 1)
        # Distances to the edges of the next sheet above and of this one; where the first lies: 1
        # towards the light.
        above = np.where(level < steps - 1, (level + 1 - f) / steep, inf)
        below = np.where(level > 0, (f - level) / steep, inf)
        rise = steps * (along[0] * slopes[0] + along[1] * slopes[1]) / steep
        lit = 0.3 + 0.7 * np.maximum(rise, 0)
        depth = np.clip(1 - above / np.maximum(height * lit, FLATTEST), 0, 1)
        shadow = np.maximum(shadow, lit * depth ** (1.83 - 1.14 * lit))
        edge = max(1.5 * surface.pixel, 0.05 * height)
        rim = np.maximum(rim, np.clip(1.5 - below / edge, 0, 1) * np.maximum(-rise, 0))
    lab = oklab_from_display(surface.colour)
    lab[0] = lab[0] * (1 - SHADOW * shadow) + RIM * rim
    return display_from_oklab(lab)


def neon(surface: Surface, numbers: Numbers) -> Array:
    """Glowing lines of two outputs in the colours, at night."""
    tube = srgb_decode(surface.colour)
    tube = (tube / np.maximum(tube.max(axis=0), 0.05)) ** 2
    light = np.repeat(_column(NIGHT, tube), tube.shape[1], axis=1)
    for t, slopes in zip(surface.t[:2], surface.slopes.swapaxes(0, 1)[:2], strict=True):
        away, density = _lines(t, slopes, numbers["lines"], surface.pixel)
        square = (away / numbers["width"]) ** 2
        core = 1 / (1 + square)
        power = np.clip(1.3 - 3 * density, 0.05, 1)
        light += power * ((core + 0.06 / (1 + square / 100)) * tube + 0.4 * core**3)
    return srgb_encode(1 - np.exp(-1.5 * light))


def _dot(vector: Array, normal: Array) -> Array:
    return np.asarray(vector.astype(normal.dtype) @ normal)


def _column(values: Any, like: Array) -> Array:
    return np.asarray(values, like.dtype)[:, None]


def display(*texts: str) -> Array:
    """(3, N) display sRGB of colours as `colour` reads them. Raises NetartError."""
    return np.array([colour(text) for text in texts]).T / 255


# Of the finishes' GLSL, and what it includes.
CONSTANTS: dict[str, Any] = {
    "AMBIENT": AMBIENT,
    "DIFFUSE": DIFFUSE,
    "SHOULDER": SHOULDER,
    "SOFTNESS": SOFTNESS,
    "SECOND": SECOND,
    "SHADOW": SHADOW,
    "RIM": RIM,
    "NIGHT": NIGHT,
    "FARTHEST": FARTHEST,
    "STEEPEST": STEEPEST,
    "FLATTEST": FLATTEST,
    "NEAREST": NEAREST,
    "LAB_FROM_LMS": LAB_FROM_LMS,
    "LMS_FROM_LINEAR": LMS_FROM_LINEAR,
    **{
        f"CHROME_{k}": stop for k, stop in enumerate(oklab_from_display(display(*CHROME.split())).T)
    },
}

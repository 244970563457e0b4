"""Colour spaces: display sRGB, linear light, Oklab, and what of Oklab a display can show."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from netart.net.ops import Array

# Ottosson 2020, "A perceptual color space for image processing": linear sRGB to and from Oklab.
LMS_FROM_LINEAR = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
LMS_FROM_LAB = np.linalg.inv(LAB_FROM_LMS).round(10)
LINEAR_FROM_LMS = np.linalg.inv(LMS_FROM_LINEAR).round(10)

ROWS, COLUMNS = 64, 256  # steps of the gamut's table: of lightness, of hue
MAX_CHROMA = 0.33  # more than any colour of sRGB has

TINY = 1e-20  # keeps divisions by a chroma finite


def srgb_encode(linear: Array) -> Array:
    """Linear light to display sRGB (IEC 61966-2-1), clipped to [0, 1]."""
    linear = np.clip(linear, 0, 1)
    display = linear ** (1 / 2.4)
    display *= 1.055
    display -= 0.055
    np.copyto(display, 12.92 * linear, where=linear <= 0.0031308)
    return display


def srgb_decode(display: Array) -> Array:
    """Display sRGB in [0, 1] to linear light (IEC 61966-2-1)."""
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


def oklab_from_display(display: Array) -> Array:
    """(3, N) display sRGB to (3, N) Oklab."""
    lms = LMS_FROM_LINEAR.astype(display.dtype) @ srgb_decode(display)
    return np.asarray(LAB_FROM_LMS.astype(display.dtype) @ np.cbrt(lms))


def linear_from_oklab(lab: Array) -> Array:
    """(3, N) Oklab to (3, N) linear light, outside [0, 1] where sRGB has no such colour."""
    lms = LMS_FROM_LAB.astype(lab.dtype) @ lab
    return np.asarray(LINEAR_FROM_LMS.astype(lab.dtype) @ (lms * lms * lms))


def display_from_oklab(lab: Array) -> Array:
    """(3, N) Oklab to (3, N) display sRGB, clipped where sRGB has no such colour."""
    return srgb_encode(linear_from_oklab(lab))


def blend_stops(stops: Array, count: int) -> Array:
    """(3, count) display sRGB: equal steps along evenly spaced stops, blended in Oklab.

    stops: (3, N) display sRGB.
    """
    places, at = np.linspace(0, 1, stops.shape[1]), np.linspace(0, 1, count)
    lab = oklab_from_display(stops)
    return display_from_oklab(np.stack([np.interp(at, places, row) for row in lab]))


@cache
def gamut() -> NDArray[np.float32]:
    """The largest chroma that sRGB has at each lightness and hue, found by bisection.

    Returns (ROWS + 1, COLUMNS + 1) float32. Row: the lightness, from 0 to 1. Column: the hue, by
    its place on the square |a| + |b| = 1, once around from (a, b) = (0, −1); the place on a square
    is found without an arc tangent.
    """
    place = np.linspace(-1, 3, COLUMNS + 1)
    b = np.where(place > 1, 2 - place, place)
    a = np.where(place > 1, -1, 1) * (1 - np.abs(b))
    hues = np.tile(np.stack([a, b]) / np.hypot(a, b), ROWS + 1)
    lightness = np.repeat(np.linspace(0, 1, ROWS + 1), COLUMNS + 1)
    low, high = np.zeros(lightness.size), np.full(lightness.size, MAX_CHROMA)
    for _ in range(20):
        middle = (low + high) / 2
        linear = linear_from_oklab(np.stack([lightness, *(middle * hues)]))
        inside = (np.abs(linear - 0.5) < 0.5001).all(axis=0)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return low.reshape(ROWS + 1, COLUMNS + 1).astype(np.float32)


def map_to_gamut(lab: Array, max_chroma: NDArray[np.float32]) -> Array:
    """(3, N) Oklab with the chroma lowered to what sRGB has at the same lightness and hue.

    max_chroma: as in `chroma_limit`.
    """
    lightness, a, b = lab
    limit = chroma_limit(lab, max_chroma)
    share = np.minimum(1, limit / np.maximum(np.sqrt(a * a + b * b), TINY))
    return np.stack([lightness, a * share, b * share])


def chroma_limit(lab: Array, max_chroma: NDArray[np.float32]) -> Array:
    """(N,): the largest chroma that sRGB has at the lightness and hue of (3, N) Oklab.

    max_chroma: the table of `gamut`, read linearly between its entries.
    """
    lightness, a, b = lab
    side = b / np.maximum(np.abs(a) + np.abs(b), TINY)
    along = (np.where(a < 0, 2 - side, side) + 1) * (COLUMNS / 4)
    up = np.clip(lightness, 0, 1) * ROWS
    row = np.minimum(up.astype(np.int32), ROWS - 1)
    column = np.minimum(along.astype(np.int32), COLUMNS - 1)
    at, entries = row * (COLUMNS + 1) + column, max_chroma.ravel()
    s, t = up - row.astype(lab.dtype), along - column.astype(lab.dtype)
    limit = np.zeros_like(lightness)
    for step, share in ((0, 1 - s), (COLUMNS + 1, s)):
        # `take` is faster with mode clip, which spares it the check of the indices.
        left, right = (entries.take(at + step + k, mode="clip") for k in (0, 1))
        limit += share * (left + t * (right - left))
    return np.asarray(limit)

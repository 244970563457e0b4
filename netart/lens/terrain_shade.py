"""The materials of a landscape under a sun and a sky: linear light of what single pixels see.

Arrays have a pixel a row. Normals and directions are to the camera's right, away from it, and up.
"""

from __future__ import annotations

from itertools import product
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.lens.horizon import Camera, Floats
from netart.lens.panels import PAPER
from netart.lens.terrain_light import Light
from netart.shot.oklab import srgb_decode

CHUNK = 1 << 15  # samples that are shaded at a time

# Linear light of what shines: a warm sun, a cool sky, and what the ground throws back.
SUN = np.array([1.30, 1.209, 1.066], np.float32)
SKY = np.array([0.459, 0.527, 0.62], np.float32)
BOUNCE = np.array([0.22, 0.198, 0.176], np.float32)

WRAP = 0.08  # how far light reaches around an edge
GLOSS, FRESNEL = 0.07, 0.08  # of a highlight, and of the sky at a grazing angle
UNDER_SUN, UNDER_SKY = 0.3, 0.5  # of a sheet that is seen from below
SHOULDER = 0.75  # linear light above it is compressed

INK = 0.38  # what a contour takes of the surface
SURFACE_WIDTH, FLOOR_WIDTH, LINE_WIDTH = 1.0, 1.5, 1.8  # of lines, in pixels
FLOOR_DARKER = 0.75  # contours on the floor, of the palette's colour
PLATE = 0.955  # the part of the floor that the ground stands over
TINT = 0.62  # of a region's colour on it
EDGE_INK = 0.35
LINE_INK = srgb_decode(np.array([0.11, 0.24, 0.47])).astype(np.float32)  # of lines on the ground
# Of a block's walls: linear light of earth, its share under the surface, layers for every contour
# of the surface, and the lightness of layers in turn.
EARTH = np.array([0.36, 0.31, 0.26], np.float32)
EARTH_SHARE = 0.35
LAYERS = 3
DARK_FOOT = 0.5  # height over which the floor darkens a wall
TONES = np.array([1, 0.93, 1.04, 0.97, 1.08, 0.9, 1.02, 0.95, 1.05], np.float32)
WATER = srgb_decode(np.array([0.62, 0.75, 0.84])).astype(np.float32)  # of the plane at zero
WATER_SHARE = 0.5

# Of the floor in the open, what comes from the sun and what from the sky.
FLOOR_SUN = np.array([1.02, 1.0, 0.97], np.float32) * np.float32(0.54)
FLOOR_SKY = np.array([0.976, 1.0, 1.035], np.float32) * np.float32(0.46)

# What the shoulder makes the paper of.
_OVER = (srgb_decode(np.array(PAPER)) - SHOULDER) / (1 - SHOULDER)
PAPER_LIGHT = (SHOULDER - (1 - SHOULDER) * np.log(1 - _OVER)).astype(np.float32)


def lines(levels: Floats, density: Floats, width: float, samples: int, count: int) -> Floats:
    """How much of a pixel lines cover that stand at the whole numbers from 1 to `count`.

    density: levels a sample, one direction with another. They fade where they crowd. Level ground
    has none, even at a whole number.
    """
    nearest = np.round(levels)
    away = np.abs(levels - nearest) / np.maximum(density, np.float32(1e-7))
    cover = np.clip(width * samples / 2 + 0.5 - away, 0, 1)
    cover *= uncrowded(density, samples)
    return np.asarray(np.where((nearest > 0) & (nearest <= count) & (density > 0), cover, 0))


def uncrowded(density: Floats, samples: int) -> Floats:
    """What is left of lines that stand so many a sample."""
    return np.asarray(np.clip(2.2 - 4 * samples * density, 0, 1))


def find_borders(parts: NDArray[Any], heights: Floats, reach: int) -> tuple[Floats, Floats]:
    """Of the nearest boundary between parts of the ground, each (R, N): how many samples away it
    is, inf where that is more than about `reach`; and the height between its two sides.
    """
    rows, columns = parts.shape
    around, beyond = (np.pad(each, reach, mode="edge") for each in (parts, heights))
    found, between = np.full(parts.shape, np.inf, np.float32), heights.copy()
    for y, x in product(range(2 * reach + 1), repeat=2):
        there = np.s_[y : y + rows, x : x + columns]
        away = np.float32(hypot(y - reach, x - reach) - 0.5)
        nearer = (around[there] != parts) & (away < found)
        found[nearer] = away
        between[nearer] = ((heights + beyond[there]) / 2)[nearer]
    return found, between


def colours_of(table: Floats, t: Floats) -> Floats:
    """(N, 3): the colours of heights in a table of linear light."""
    last = len(table) - 1
    return np.asarray(table.take(np.clip(t * last + 0.5, 0, last).astype(np.int32), axis=0))


def shade_surface(
    colour: Floats,
    slopes: Floats,
    camera: Camera,
    light: Light,
    sun: Floats,
    sky: Floats,
    under: Any,
) -> Floats:
    """A surface of this colour. slopes: (2, N), of its height to a and b. sun, sky: the shares
    that reach it. under: where it is seen from below.
    """  # fmt: skip
    along, deep = slopes
    up = np.where(under, np.float32(-1), np.float32(1)) / np.sqrt(1 + along * along + deep * deep)
    right, away = -along * up, -deep * up
    x, y, z = light.towards
    key = np.clip((right * x + away * y + up * z + WRAP) / (1 + WRAP), 0, 1) * sun
    dome = (0.55 + 0.45 * up) * sky
    half = np.array([x, y - camera.cosine, z + camera.sine])
    p, q, r = (half / np.linalg.norm(half)).tolist()
    shine = np.clip(right * p + away * q + up * r, 0, 1)
    shine = _power_30(shine) * sun
    graze = 1 - np.clip(camera.sine * up - camera.cosine * away, 0, 1)
    graze = graze * graze
    graze = graze * graze * sky
    out = colour * (_spread(key, SUN) + _spread(dome, SKY) + _spread(0.5 - 0.5 * up, BOUNCE))
    out += _spread(GLOSS * shine, SUN)
    out += _spread(FRESNEL * graze, SKY)
    return np.asarray(out)


def shade_wall(
    colour: Floats,
    facing: Floats,
    earth: Floats,
    foot: Floats,
    levels: Floats,
    strata: Floats,
    rim: Floats,
) -> Floats:
    """A block's wall, whose colour goes over into earth.

    facing: how much of the sun reaches it. earth: the share of earth. foot: 0 on the floor to 1
    where that darkens nothing. levels: heights in layers. strata: what lines between them cover.
    rim: and the bright upper edge.
    """
    colour = colour + _column(EARTH_SHARE + (1 - EARTH_SHARE) * earth) * (EARTH - colour)
    tone = TONES[np.floor(levels).astype(np.int32) % len(TONES)] * (1 - 0.16 * strata)
    open_sky = np.sqrt(foot)
    lit = _spread(facing * (0.6 + 0.4 * open_sky), SUN)
    lit += _spread(0.15 + 0.5 * open_sky, SKY)
    lit += _spread(0.3 * (1 - foot), BOUNCE)
    return np.asarray(colour * _column(tone) * lit + _spread(0.16 * rim, SKY))


def shade_floor(sun: Floats, sky: Floats) -> Floats:
    """Paper under these shares of sun and sky: as it is in the open."""
    return np.asarray(PAPER_LIGHT * (_spread(sun, FLOOR_SUN) + _spread(sky, FLOOR_SKY)))


def shoulder(light: Floats) -> Floats:
    """Linear light below 1, soft towards it."""
    over = np.maximum(light - np.float32(SHOULDER), 0)
    rest = np.float32(1 - SHOULDER)
    return np.asarray(np.minimum(light, np.float32(SHOULDER)) + rest * (1 - np.exp(-over / rest)))


def blend(ground: Floats, colour: Any, share: Floats) -> Floats:
    """(N, 3) grounds of which a colour covers a share."""
    return np.asarray(ground + _column(share) * (colour - ground))


def _power_30(t: Floats) -> Floats:
    square = t * t
    fourth = square * square
    eighth = fourth * fourth
    return np.asarray(eighth * eighth * eighth * fourth * square)


def _spread(share: Floats, colour: Floats) -> Floats:
    return np.asarray(share[..., None] * colour)


def _column(share: Floats) -> Floats:
    return np.asarray(share[..., None])

"""How light falls on a landscape and on the floor around it, on coarse grids: it varies slowly.

Shadows are floating horizons too: along a direction of light, a point is in shadow where the
highest ray that the surface cuts off passes above it. Soft ones are means over the sun's disc.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import ceil, cos, pi, radians, sin, sqrt, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.lens.horizon import Camera, Floats, Integers

# Samples across the ground, and across the floor, whose width is twice FLOOR_REACH; where the
# picture's shorter side has fewer samples than FINE, fewer, and fewer directions, down to a third.
GROUND, FLOOR, FLOOR_REACH = 224, 288, 3.4
FINE, COARSEST = 512, 1 / 3
SUNS, DISC = 16, 0.09  # points of the sun's disc, its radius in radians
SOFTNESS = 0.03  # height over which a surface goes from light to its own shadow
# Heights that differ by as much do not share their light; and by how many samples of slope more.
ALIKE, FURTHER = 0.05, 3.0
SKIES, STEPS = 16, 9  # directions in which the ground looks for sky, and steps in each
# Directions from which sky lights the floor: their elevations in degrees, and how many of each.
DOME, AROUND = (12, 28, 48, 70), 12
DOME_FLOOR = 96  # samples across the floor for that
LINES, ALONG = 64, 160  # of a lattice along a direction over the floor, at the least

# The way on the ground that shadows fall, u and v, and what a ray rises towards the light.
Direction = tuple[float, float, float]


class Light(NamedTuple):
    """Light on the ground and on the floor: shares from 0 to 1, rows by v, columns by u."""

    towards: tuple[float, float, float]  # the sun, to the right, away and up
    # (rows, columns, 3) over ±1: the share of the sun that is seen, that of the sky, the height.
    ground: Floats
    floor_sun: Floats  # over ±FLOOR_REACH
    floor_sky: Floats


def sample_grid(count: int, reach: float = 1.0) -> Floats:
    """(count,): middles of equal steps over ±reach."""
    return ((2 * np.arange(count) + 1) / count - 1).astype(np.float32) * np.float32(reach)


def _grid_points(count: int) -> tuple[Floats, Floats]:
    """(count, count) each: u and v of a grid over ±1."""
    u, v = np.meshgrid(sample_grid(count), sample_grid(count))
    return u, v


def read_grid(grid: Floats, u: Floats, v: Floats, reach: float = 1.0) -> Floats:
    """Values of a grid over ±reach at points of it, linear between its samples."""
    at, p, q = _place((grid.shape[0], grid.shape[1]), u, v, reach)
    flat = grid.ravel()
    low = flat.take(at)
    low += p * (flat.take(at + 1) - low)
    at += grid.shape[1]
    high = flat.take(at)
    high += p * (flat.take(at + 1) - high)
    return np.asarray(low + q * (high - low), np.float32)


def read_ground(ground: Floats, u: Floats, v: Floats, height: Floats, slope: Floats) -> Floats:
    """(2, N): the shares of sun and sky at points of the ground, of a surface of this height and
    this slope.

    Samples count whose heights are about what they should be: where the surface jumps, light does.
    """
    rows, columns, _ = ground.shape
    at, p, q = _place((rows, columns), u, v, 1.0)
    flat = ground.reshape(-1, 3)
    total, weights = np.zeros((2, len(at)), np.float32), np.zeros(len(at), np.float32)
    near = np.float32(ALIKE) + slope * np.float32(2 * FURTHER / rows)
    for step, share in (
        (0, (1 - p) * (1 - q)), (1, p * (1 - q)), (columns, (1 - p) * q), (columns + 1, p * q),
    ):  # fmt: skip
        sun, sky, own = flat.take(at + np.int32(step), axis=0).T
        alike = 1 - np.abs(own - height) / near
        share *= np.maximum(alike, np.float32(1e-3))
        total += share * np.stack([sun, sky])
        weights += share
    return np.asarray(total / weights)


def _place(
    shape: tuple[int, int], u: Floats, v: Floats, reach: float
) -> tuple[Integers, Floats, Floats]:
    """Where points lie in a grid over ±reach: each one's lower left sample, as an index of the flat
    grid, and the shares of the way from there to the next column and to the next row.
    """
    rows, columns = shape
    x = np.clip((u / np.float32(reach) + 1) * np.float32(columns / 2) - 0.5, 0, columns - 1.001)
    y = np.clip((v / np.float32(reach) + 1) * np.float32(rows / 2) - 0.5, 0, rows - 1.001)
    i, j = x.astype(np.int32), y.astype(np.int32)
    return j * np.int32(columns) + i, x - i, y - j


def ground_samples(shorter: int) -> int:
    """The samples across the ground, an even number. shorter: side of the picture, in samples."""
    return 2 * round(GROUND / 2 * min(1.0, max(COARSEST, shorter / FINE)))


def make_light(
    heights: Floats,
    floor: float,
    solid: bool,
    camera: Camera,
    azimuth: float,
    elevation: float,
    each: Callable[..., Iterable[Floats]],
) -> Light:
    """The light on a surface of these heights over ±1, as many as `ground_samples`.

    floor: its height. solid: the surface is the top of a block, else a sheet. azimuth: of the sun,
    in degrees anticlockwise from the camera's right. each: `map`, or what does so on threads.
    """
    share = len(heights) / GROUND
    disc, around = _disc(elevation, ceil(SUNS * share)), ceil(AROUND * share)
    suns = [_direction(camera, azimuth + p, elevation + q) for p, q in disc]
    rings = [(height, k) for height in DOME for k in range(around)]
    skies = [_direction(camera, (k + height / 90) * 360 / around, height) for height, k in rings]
    weights = [sin(2 * radians(height)) for height, _ in rings]  # of sky, on a level floor
    sun = _mean(each(partial(_own_shadow, heights), suns))
    on_floor = partial(_floor_shadow, heights, floor, solid)
    floor_sun = _mean(each(partial(on_floor, round(FLOOR * share)), suns))
    floor_sky = _mean(each(partial(on_floor, DOME_FLOOR), skies), weights)
    along, up = radians(azimuth), radians(elevation)
    towards = cos(up) * cos(along), cos(up) * sin(along), sin(up)
    return Light(
        towards, _on_ground(_smooth_step(sun), _open_sky(heights, each), heights),
        _fade(_blur(floor_sun)), _fade(_blur(floor_sky)),
    )  # fmt: skip


def _mean(grids: Iterable[Floats], weights: Sequence[float] = ()) -> Floats:
    """The mean of grids, each with its weight where they have some."""
    total: Floats = np.zeros((), np.float32)
    weight = 0.0
    for k, grid in enumerate(grids):
        own = weights[k] if weights else 1.0
        total, weight = total + np.float32(own) * grid, weight + own
    return np.asarray(total / np.float32(weight), np.float32)


def _disc(elevation: float, count: int) -> list[tuple[float, float]]:
    """Points of the sun's disc, evenly spread: degrees of azimuth and elevation from its middle."""
    found = []
    for k in range(count):
        radius, turn = DISC * sqrt((k + 0.5) / count), k * pi * (3 - sqrt(5))
        wide = max(0.2, cos(radians(elevation)))
        found.append((radius * cos(turn) / wide * 180 / pi, radius * sin(turn) * 180 / pi))
    return found


def _direction(camera: Camera, azimuth: float, elevation: float) -> Direction:
    """The way on the ground that shadows fall, and what a ray rises towards the light."""
    u, v = camera.on_ground(cos(radians(azimuth)), sin(radians(azimuth)))
    return -u, -v, tan(radians(min(max(elevation, 2.0), 88.0)))


def _lattice(
    heights: Floats, u: float, v: float, lines: int, steps: int, reach: float
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Heights on a lattice whose rows go the way that shadows fall: (lines, steps) over ±√2 across
    and ±√2 reach along; whether each is on the ground; and how far along, (steps,).
    """
    across = sample_grid(lines, sqrt(2))[:, None]
    along = sample_grid(steps, sqrt(2) * reach)
    x, y = (
        along * np.float32(u) - across * np.float32(v),
        along * np.float32(v) + across * np.float32(u),
    )
    inside = np.maximum(np.abs(x), np.abs(y)) <= 1
    found = np.full(x.shape, -np.inf, np.float32)
    found[inside] = read_grid(heights, x[inside], y[inside])
    return found, inside, along


def _own_shadow(heights: Floats, direction: Direction) -> Floats:
    """The share of a point light that reaches the surface, on its own grid."""
    u, v, rise = direction
    found, inside, along = _lattice(heights, u, v, len(heights), len(heights), 1.0)
    rays = found + np.float32(rise) * along
    depth = np.maximum.accumulate(rays, axis=1)[inside] - rays[inside]
    # Between samples a steep surface is off by about a step of it.
    steps = sum(np.abs(np.gradient(np.where(inside, found, 0), axis=axis)) for axis in (0, 1))
    lit = np.ones_like(found)
    lit[inside] = np.clip(1 - depth / (np.float32(SOFTNESS) + steps[inside]), 0, 1)
    at = sample_grid(len(heights))
    return _read_lattice(lit, u, v, at, at[:, None], 1.0)


def _floor_shadow(
    heights: Floats, floor: float, solid: bool, count: int, direction: Direction
) -> Floats:
    """The share of a point light that reaches the floor, (count, count) over ±FLOOR_REACH.

    A ray passes below a sheet, and comes out beyond it, where it never crosses it.
    """
    (u, v, rise), reach = direction, FLOOR_REACH
    lines, steps = max(LINES, 3 * count // 4), max(ALONG, count)
    found, inside, along = _lattice(heights, u, v, lines, steps, reach)
    rays = found + np.float32(rise) * along
    ray = np.float32(floor) + np.float32(rise) * along
    soft = np.float32(0.5 / (rise * 2 * sqrt(2) * reach / steps))  # a step along
    shade = np.clip(0.5 + (np.maximum.accumulate(rays, axis=1) - ray) * soft, 0, 1)
    if not solid:
        lowest = np.minimum.accumulate(np.where(inside, rays, np.inf), axis=1)
        shade = np.minimum(shade, np.clip(0.5 + (ray - lowest) * soft, 0, 1))
    at = sample_grid(count, reach)
    return 1 - _read_lattice(shade, u, v, at, at[:, None], reach)


def _read_lattice(values: Floats, u: float, v: float, x: Floats, y: Floats, reach: float) -> Floats:
    """What a lattice of `_lattice` has at points of the ground; 0 beside it."""
    along = x * np.float32(u) + y * np.float32(v)
    across = y * np.float32(u) - x * np.float32(v)
    scaled = read_grid(values, along / np.float32(reach), across, sqrt(2))
    return np.where(np.abs(across) <= sqrt(2), scaled, 0)


def _open_sky(heights: Floats, each: Callable[..., Iterable[Floats]]) -> Floats:
    """The share of the sky that the surface sees, on a grid half as fine as its own: 1 −
    sin(horizon), the mean over directions.
    """
    u, v = _grid_points(len(heights) // 2)
    own = read_grid(heights, u, v)

    def open_above(turn: float) -> Floats:
        tangent = np.zeros_like(own)
        for away in np.geomspace(0.018, 0.9, STEPS).tolist():
            x, y = u + np.float32(away * cos(turn)), v + np.float32(away * sin(turn))
            inside = np.maximum(np.abs(x), np.abs(y)) <= 1
            rise = (read_grid(heights, x, y) - own) / np.float32(away)
            np.maximum(tangent, np.where(inside, rise, 0), out=tangent)
        return np.asarray(1 - tangent / np.sqrt(1 + tangent * tangent))

    count = ceil(SKIES * len(heights) / GROUND)
    return _mean(each(open_above, [2 * pi * (k + 0.3) / count for k in range(count)]))


def _on_ground(sun: Floats, sky: Floats, heights: Floats) -> Floats:
    """(rows, columns, 3): shares of sun and sky, and heights."""
    u, v = (x.ravel() for x in _grid_points(len(heights)))
    below = np.stack([sky, sky, read_grid(heights, *_grid_points(len(sky)))], axis=-1)
    slope = np.hypot(*(_least_slope(heights, axis) for axis in (0, 1))).ravel()
    fine = read_ground(below, u, v, heights.ravel(), slope)[1].reshape(heights.shape)
    return np.stack([sun, fine, heights], axis=-1)


def _least_slope(heights: Floats, axis: int) -> Floats:
    """The smaller of the two slopes to the neighbours: beside a cliff, that of flat ground."""
    steps = np.abs(np.diff(heights, axis=axis)) * np.float32(len(heights) / 2)
    before, after = (_pad(steps, axis, *sides) for sides in ((1, 0), (0, 1)))
    return np.asarray(np.minimum(before, after))


def _smooth_step(t: Floats) -> Floats:
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _blur(grid: Floats) -> Floats:
    """The mean of three neighbours each way, twice: no edge of a single direction is seen."""
    for _ in range(2):
        for axis in (0, 1):
            padded = _pad(grid, axis, 1, 1)
            low, middle, high = (
                np.take(padded, np.arange(k, k + grid.shape[axis]), axis) for k in range(3)
            )
            grid = (low + 2 * middle + high) / 4
    return np.asarray(grid, np.float32)


def _pad(grid: Floats, axis: int, before: int, after: int) -> Floats:
    """The grid with so many more samples along an axis, which repeat those at its ends."""
    return np.pad(grid, [(before, after) if k == axis else (0, 0) for k in (0, 1)], mode="edge")


def _fade(grid: Floats) -> Floats:
    """The floor's light, which goes to that of the open towards the end of the grid."""
    at = np.abs(sample_grid(len(grid)))
    share = np.clip((1 - np.maximum(at, at[:, None])) * 4, 0, 1)
    return np.asarray(1 - (1 - grid) * share, np.float32)

"""What a camera sees of a surface over the ground: hidden parts by a floating horizon.

The camera is orthographic and does not roll, so that every column of the picture is a vertical
slice of the ground, a square over ±1. Lengths are half-widths of it: a to the camera's right, b
away from it, z up. A point stands at the screen height b sin(elevation) + z cos(elevation).

  z ▲      ╱ ray of a row of pixels: it meets the slice's first sample, from the near rim on,
    │     ╱  whose screen height reaches the row, from below (seen from above) or from above
    │  __╱_  (the row is below the near rim: the surface is seen from below)
    │_╱    ╲___
    └──────────────▶ b
   near rim       far rim
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, sqrt
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.pixels import Size
from netart.shot.view import View

Floats = NDArray[np.floating[Any]]  # float32, but where it says otherwise
Integers = NDArray[np.int32]

MARGIN = 1.07  # of the picture around what is framed
LOWERED = 0.12  # of the whole height, by which the picture's middle is lower than what is framed
REACH = sqrt(2) * 1.001  # of a lattice over the ground at any azimuth
LATTICE = 1 << 23  # places across that lattice, of which float32 holds every one

# A cliff is where neighbouring samples differ by so many times what their slopes say, and by this
# share of the whole range.
CLIFF_RATIO, CLIFF_STEP = 4.0, 0.02
COURSE = 16  # columns on either side by which a cliff's course is found
COURSE_REACH = 6  # samples that it may move from a column to the next


@dataclass(frozen=True)
class Camera:
    """Where the camera stands, and how its picture is framed. Rows and columns are of samples."""

    size: Size
    right: tuple[float, float]  # unit vectors on the ground
    away: tuple[float, float]
    sine: float  # of the elevation
    cosine: float
    pixel: float  # length of a sample's side
    middle: float  # screen height in the middle of the picture

    def across(self, first: int, count: int) -> Floats:
        """(count,): a of columns, from the first."""
        columns = np.arange(first, first + count) + 0.5
        return ((columns - self.size[0] / 2) * self.pixel).astype(np.float32)

    @property
    def top(self) -> float:
        """The screen height of the picture's upper edge."""
        return self.middle + self.size[1] / 2 * self.pixel

    def up(self, first: int, count: int) -> Floats:
        """(count,): screen heights of rows, from the first."""
        rows = np.arange(first, first + count) + 0.5
        return (self.top - rows * self.pixel).astype(np.float32)

    def on_ground(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Coordinates on the ground, in the view's u and v."""
        (p, q), (r, s) = self.right, self.away
        return a * p + b * r, a * q + b * s

    def from_ground(self, u: Any, v: Any) -> tuple[Any, Any]:
        """a and b of coordinates on the ground."""
        (p, q), (r, s) = self.right, self.away
        return u * p + v * q, u * r + v * s


def place_camera(size: Size, azimuth: float, elevation: float, bottom: float, top: float) -> Camera:
    """The camera that stands there and sees all between these heights.

    Its scale is the same at every azimuth: what is framed is the cylinder around the ground. size:
    of the picture, in samples. azimuth, elevation: in degrees, as on a map.
    """
    along, up = radians(azimuth), radians(elevation)
    sine, cosine = sin(up), cos(up)
    upper, lower = sqrt(2) * sine + top * cosine, -sqrt(2) * sine + bottom * cosine
    pixel = MARGIN * max(2 * sqrt(2) / size[0], (upper - lower) / size[1])
    # Little reaches the top: what room there is goes there last.
    room = (pixel * size[1] / MARGIN - (upper - lower)) / 2
    middle = (upper + lower) / 2 - min(room, LOWERED * top * cosine)
    return Camera(
        size, (-sin(along), cos(along)), (-cos(along), -sin(along)),
        sine, cosine, pixel, middle,
    )  # fmt: skip


def turned_view(view: View, camera: Camera) -> View:
    """The view whose u is a and whose v is b, over ±REACH."""
    basis = np.array(view.basis) @ np.array([camera.right, camera.away]).T
    (p, q), (r, s) = basis.tolist()
    return replace(view, basis=((p, q), (r, s)), radius=view.radius * REACH)


class Slices(NamedTuple):
    """Vertical slices of the ground, one a column: from rim to rim, in equal steps."""

    a: Floats  # (N,)
    near: Floats  # (N,): b of the rims; a slice that is empty has none, near ≥ far
    far: Floats
    side: NDArray[np.bool_]  # (N,): whether the near rim is at u = ±1, else at v = ±1
    b: Floats  # (S, N)


def cut_slices(camera: Camera, across: NDArray[Any], samples: int) -> Slices:
    """The slices at these a, (N,)."""
    a = across.astype(np.float64)
    near: Floats = np.full(a.shape, -np.inf)
    far: Floats = np.full(a.shape, np.inf)
    side = np.zeros(a.shape, bool)
    for axis, (along, deep) in enumerate(zip(camera.right, camera.away, strict=True)):
        deep = deep if abs(deep) > 1e-9 else 1e-9
        ends = (-1 - a * along) / deep, (1 - a * along) / deep
        first_end = np.minimum(*ends)
        side = np.where(first_end > near, axis == 0, side)
        near, far = np.maximum(near, first_end), np.minimum(far, np.maximum(*ends))
    middle = (near + far) / 2
    empty = near >= far
    low, high = np.where(empty, middle, near), np.where(empty, middle, far)
    low, high = np.clip(low, -REACH, REACH), np.clip(high, -REACH, REACH)
    steps = np.linspace(0, 1, samples)[:, None]
    b = low + steps * (high - low)
    near, far = near.astype(np.float32), far.astype(np.float32)
    return Slices(a.astype(np.float32), near, far, side, b.astype(np.float32))


def lattice_places(a: Floats, b: Floats) -> Integers:
    """(S, N, 2): columns and rows of points, a (N,) or (S, N) and b (S, N), in a picture of
    LATTICE by LATTICE of the turned view.
    """
    a, b = np.broadcast_arrays(a.astype(np.float64), b.astype(np.float64))
    columns = np.rint((a / REACH + 1) * (LATTICE / 2) - 0.5)
    rows = np.rint((1 - b / REACH) * (LATTICE / 2) - 0.5)
    places: Integers = np.stack([columns, rows], axis=-1).clip(0, LATTICE - 1).astype(np.int32)
    return places


class Hits(NamedTuple):
    """The pixels that see the surface, N of them."""

    row: NDArray[np.intp]  # of the window
    column: NDArray[np.intp]  # of the slices
    sample: NDArray[np.intp]  # the sample at the far end of the step that is seen, from 1
    share: Floats  # of the step, from its near end
    under: NDArray[np.bool_]  # whether the surface is seen from below

    def part(self, first: int, last: int) -> Hits:
        """Those from the first to before the last."""
        among = slice(first, last)
        return Hits(
            self.row[among], self.column[among], self.sample[among],
            self.share[among], self.under[among],
        )  # fmt: skip


def find_hits(
    camera: Camera, screen: Floats, near: Floats, far: Floats, rows: tuple[int, int], solid: bool
) -> Hits:
    """What each pixel of the columns sees of the surface.

    screen: (S, N), screen heights of the samples. rows: the first, and the one after the last.
    solid: below the near rim there is a wall, and not the surface from below.
    """
    top, bottom = rows
    count, samples = bottom - top, len(screen)
    # In rows, which go down: sample k is reached from row x[k] on upwards.
    x = (np.float32(camera.top) - screen) * np.float32(1 / camera.pixel) - np.float32(0.5)
    x = np.clip(x, -1e6, 1e6)
    first = np.ceil(np.minimum.accumulate(x, axis=0)).astype(np.int32)
    above = samples - _count_up_to(first, top, count)
    rim = first[0]
    at = np.arange(top, bottom, dtype=np.int32)[:, None]
    if solid:
        found = np.where(at < rim, above, samples)
    else:
        last = np.floor(np.maximum.accumulate(x, axis=0)).astype(np.int32)
        found = np.where(at < rim, above, _count_up_to(last + 1, top, count))
    row, column = np.nonzero((found < samples) & (near < far))
    sample = np.maximum(found[row, column], 1).astype(np.intp)
    end, begin = x[sample, column], x[sample - 1, column]
    step = end - begin
    share = (row + np.float32(top) - begin) / np.where(step == 0, 1, step)
    share = share.clip(0, 1).astype(np.float32)
    return Hits(row, column, sample, share, at[row, 0] >= rim[column])


def _count_up_to(numbers: Integers, first: int, count: int) -> NDArray[np.int64]:
    """(count, N): how many numbers of each column are at most first, first + 1, …"""
    columns = numbers.shape[1]
    row: Integers = numbers.clip(first, first + count) - np.int32(first)
    place = row * np.int32(columns) + np.arange(columns, dtype=np.int32)
    found = np.bincount(place.ravel(), minlength=(count + 1) * columns)
    return np.cumsum(found.reshape(count + 1, columns)[:count], axis=0)


def at_hits(values: Floats, hits: Hits) -> Floats:
    """What samples (S, N, …) are where the surface is seen, linear between two of them."""
    near, far = values[hits.sample - 1, hits.column], values[hits.sample, hits.column]
    share = hits.share if values.ndim == 2 else hits.share[:, None]
    return np.asarray(near + share * (far - near))


def cliff_slopes(
    slices: Slices, heights: Floats, slopes: Floats, hits: Hits
) -> tuple[NDArray[np.intp], Floats]:
    """The hits on cliffs, where the surface jumps and has no slope that says so, and the slopes
    (2, M) to a and to b that cliffs have: steep, and across their course.

    heights: (S, N), their whole range 1. slopes: (S, N), to b.
    """
    far = hits.sample, hits.column
    near = hits.sample - 1, hits.column
    jump = heights[far] - heights[near]
    run = slices.b[far] - slices.b[near]
    said = np.abs((slopes[far] + slopes[near]) / 2 * run)
    cliffs = np.flatnonzero(np.abs(jump) > CLIFF_RATIO * said + CLIFF_STEP)
    if not cliffs.size:
        return cliffs, np.zeros((2, 0), np.float32)
    steep = jump[cliffs] / run[cliffs]
    columns = heights.shape[1]
    edges, which = np.unique(
        hits.sample[cliffs] * columns + hits.column[cliffs], return_inverse=True
    )
    course = _course(slices, heights, edges // columns, edges % columns)[which]
    return cliffs, np.stack([-steep * course, steep]).astype(np.float32)


def _course(
    slices: Slices, heights: Floats, sample: NDArray[np.intp], column: NDArray[np.intp]
) -> Floats:
    """How b of a cliff at these samples changes with a: the line through where it stands in the
    columns beside them.
    """
    jump = heights[sample, column] - heights[sample - 1, column]
    start = slices.b[sample, column]
    total = np.zeros(len(sample))
    weight = np.full(len(sample), 1e-12)
    offsets = np.arange(-COURSE_REACH, COURSE_REACH + 1)
    for way in (-1, 1):
        at, there, follows = column, sample, np.ones(len(sample), bool)
        for _ in range(COURSE):
            at = at + way
            follows &= (at >= 0) & (at < heights.shape[1])
            beside = np.clip(at, 0, heights.shape[1] - 1)
            near = np.clip(there[:, None] + offsets, 1, len(heights) - 1)
            steps = heights[near, beside[:, None]] - heights[near - 1, beside[:, None]]
            best = np.argmax(steps * np.sign(jump)[:, None], axis=1)
            there = near[np.arange(len(near)), best]
            follows &= np.abs(steps[np.arange(len(near)), best]) > np.abs(jump) / 2
            along = np.where(follows, slices.a[beside] - slices.a[column], 0)
            total += along * (slices.b[there, beside] - start)
            weight += along * along
    return np.asarray(total / weight, np.float32)

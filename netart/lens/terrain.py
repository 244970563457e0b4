"""Draws a landscape: the heights of slices of the ground, what of them is seen, and its shading.

A slice is a column of samples. Slices are taken in blocks that are anchored to the picture and
evaluated whole, so that a window's pixels equal those of the picture bit for bit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.request import Evaluator, Request
from netart.lens import terrain_shade as shade
from netart.lens.horizon import (
    COURSE,
    LATTICE,
    REACH,
    Camera,
    Floats,
    Slices,
    cut_slices,
    lattice_places,
    place_camera,
    turned_view,
)
from netart.lens.terrain_light import Light, ground_samples, make_light
from netart.lens.terrain_paint import paint, paint_floor
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.oklab import srgb_decode, srgb_encode
from netart.shot.view import View

COLUMNS = 96  # of a block, in samples; it has COURSE more on either side
ROWS = 64  # of the floor, in samples, that are evaluated together
MIN_DEPTH, MAX_DEPTH = 256, 1024  # samples of a slice
MAX_SHARP_DEPTH = 4096  # where ridges are sharp
SHARPEST = 99.5  # percentile of the curvature that counts: few points may be sharper
RIDGE_ERROR = 0.5  # of a sample on screen, that a ridge between two samples of a slice may lose
LOWEST, HIGHEST = -0.1, 1.1  # heights beyond are cut off
STEEPEST = 1e5  # slopes beyond are cut
NEARER = 512  # samples from the near rim to a point that may be hidden
HIDDEN_BY = 1.0  # pixels that what hides a point must stand above it
MAX_KEPT = 144 << 20  # bytes of slices that are kept from window to window
BOTTOM_GAP, BOTTOM_SHARE = 0.15, 0.7  # of the floor below the surface: a length, and of the rise


@dataclass(frozen=True, eq=False)
class Terrain:
    """A landscape, and how it is seen. Heights t go from 0 to 1 between the limits."""

    network: Network
    view: View
    heights: Request  # of (t, ∂t/∂u, ∂t/∂v)
    table: Floats  # (T, 3): the palette's colours of t, linear light
    colours: Request | None  # of display sRGB: a picture that is draped over it
    lines: Request | None  # of the distance from lines on the ground, as the camera sees it
    zero: float | None  # the height t of the level plane that is drawn
    border: float  # the height t that parts the regions on the floor
    azimuth: float
    elevation: float
    rise: float
    sun: tuple[float, float]  # its azimuth and its elevation
    solid: bool
    contours: int
    floor: str
    jumps: bool  # whether heights may jump: then thin walls may stand anywhere

    @property
    def height(self) -> float:
        """The length that t = 1 is."""
        return 2 * self.rise

    @property
    def bottom(self) -> float:
        """The height of the floor, where the surface's lowest point is at 0."""
        return -(BOTTOM_GAP + BOTTOM_SHARE * self.rise)

    def camera(self, size: Size) -> Camera:
        """The camera of a picture of that size, in samples."""
        return place_camera(size, self.azimuth, self.elevation, self.bottom, self.height)


class Block(NamedTuple):
    """The slices of neighbouring columns, evaluated."""

    slices: Slices
    heights: Floats  # (S, N)
    slopes: Floats  # (2, S, N): of the heights to a and b
    colours: Floats  # (S, N, 3): linear light; or (0, N, 3), where none are draped


class Ground(NamedTuple):
    """What is drawn on the floor of a block, in rows of samples from `top` on."""

    top: int
    heights: Floats  # (R, N)
    slopes: Floats  # (2, R, N)
    lines: Floats  # (R, N): in samples
    # Where heights jump and slopes do not say it, both (R, N): how far the nearest boundary of
    # regions or contour is, in samples, and the height between its two sides.
    borders: Floats
    between: Floats


class Drawing:
    """A picture of a terrain, and what its windows share."""

    def __init__(self, terrain: Terrain, size: Size, samples: int) -> None:
        self.terrain, self.size, self.samples = terrain, size, samples
        self.camera = terrain.camera((samples * size[0], samples * size[1]))
        self.view = turned_view(terrain.view, self.camera)
        depth = max(MIN_DEPTH, samples * min(size) * 3 // 8)
        self.depth = MAX_DEPTH if terrain.jumps else min(MAX_DEPTH, depth)
        self.step = self.step_of(samples)
        self._light: Light | None = None
        self._kept: dict[int, tuple[Floats, ...]] = {}  # what blocks have, by their numbers

    @staticmethod
    def step_of(samples: int) -> int:
        """The columns of pixels of a block."""
        return max(1, COLUMNS // samples)

    def draw(self, window: Window, evaluator: Evaluator) -> Pixels:
        """A window's pixels, (rows, columns, 3) display sRGB."""
        out = np.empty((window.height, window.width, 3), np.float32)
        first, last = window.left // self.step, (window.left + window.width - 1) // self.step
        with ThreadPoolExecutor(evaluator.threads) as pool:
            light = self.light(evaluator, pool)
            for start in range(first, last + 1, 2 * evaluator.threads):
                numbers = range(start, min(last + 1, start + 2 * evaluator.threads))
                ready = [self._evaluate(number, window, evaluator) for number in numbers]
                fill = partial(self._fill, out, window, light)
                list(pool.map(fill, numbers, *zip(*ready, strict=True)))
        if window.top + window.height == self.size[1]:  # windows go down: there is none to come
            self._kept.clear()
        return out

    def light(self, evaluator: Evaluator, pool: ThreadPoolExecutor) -> Light:
        """The light on ground and floor."""
        if self._light is None:
            terrain, count = self.terrain, ground_samples(min(self.camera.size))
            size = count, count
            found = evaluator.evaluate(
                terrain.network, terrain.view, size, Window.whole(size), terrain.heights
            )
            heights, along_u, along_v = _bound(found[::-1])
            self.depth = max(self.depth, self._depth_for(along_u, along_v))
            surface = np.ascontiguousarray(heights) * np.float32(terrain.height)
            self._light = make_light(
                surface, terrain.bottom, terrain.solid, self.camera, *terrain.sun, pool.map
            )
        return self._light

    def _depth_for(self, along_u: Floats, along_v: Floats) -> int:
        """The samples of a slice that ridges as sharp as these take, from slopes on a grid of the
        ground: between two samples b apart a line misses a curve by b²·|h''|/8.
        """
        cell = 2 / len(along_u)
        bends = np.diff(along_u, axis=1).ravel(), np.diff(along_v, axis=0).ravel()
        curvature = np.percentile(np.abs(np.concatenate(bends)), SHARPEST) / cell
        screen = float(curvature) * self.terrain.height * self.camera.cosine
        depth = 2 * sqrt(2) * sqrt(screen / (8 * RIDGE_ERROR * self.camera.pixel))
        return min(MAX_SHARP_DEPTH, ceil(depth))

    def _evaluate(
        self, number: int, window: Window, evaluator: Evaluator
    ) -> tuple[Block | None, Ground | None]:
        """A block, None where it lies beside the ground; and what is drawn on its floor."""
        first = number * self.step * self.samples - COURSE
        count = self.step * self.samples + 2 * COURSE
        slices = cut_slices(self.camera, self.camera.across(first, count), self.depth)
        if not (slices.near < slices.far).any():
            return None, None
        found = self._kept.get(number) or self._evaluate_slices(slices, evaluator)
        blocks = -(-self.size[0] // self.step)
        if window.height < self.size[1] and blocks * sum(x.nbytes for x in found) <= MAX_KEPT:
            self._kept[number] = found
        return Block(slices, *found), self._ground(slices, window, evaluator)

    def _evaluate_slices(self, slices: Slices, evaluator: Evaluator) -> tuple[Floats, ...]:
        """Heights, their slopes, and colours, as a block has them."""
        places = lattice_places(slices.a, slices.b)
        heights, along, deep = _bound(self._ask(self.terrain.heights, places, evaluator))
        colours = np.empty((0, len(slices.a), 3), np.float32)
        if self.terrain.colours:
            drawn = self._ask(self.terrain.colours, places, evaluator)
            colours = srgb_decode(drawn).astype(np.float32)
        return heights, np.stack([along, deep]) / np.float32(REACH), colours

    def _ground(self, slices: Slices, window: Window, evaluator: Evaluator) -> Ground | None:
        """What is drawn on the floor under these slices, as far as the window has it."""
        terrain, camera = self.terrain, self.camera
        if terrain.floor == "none" and not terrain.lines:
            return None
        if terrain.solid:  # nothing of the floor under a block is seen
            return None
        # Screen heights of the floor's ends, in rows.
        ends = np.array([slices.far.max(), slices.near.min()]) * camera.sine
        rows = (camera.top - ends - terrain.bottom * camera.cosine) / camera.pixel
        top = max(int(rows[0]) - 1, window.top * self.samples) // ROWS * ROWS
        bottom = min(int(rows[1]) + 2, (window.top + window.height) * self.samples)
        if bottom <= top:
            return None
        finds_borders = terrain.floor != "none" and terrain.jumps
        if finds_borders:  # also those that lie beyond the window
            top, bottom = top - ROWS, bottom + ROWS
        count = -(-(bottom - top) // ROWS) * ROWS
        b = self.on_level(terrain.bottom, top, count)
        places = lattice_places(slices.a, b[:, None])
        empty = np.zeros((count, len(slices.a)), np.float32)
        heights, along, deep = empty, empty, empty
        if terrain.floor != "none":
            heights, along, deep = _bound(self._ask(terrain.heights, places, evaluator))
        lines = empty
        if terrain.lines:
            away = self._ask(terrain.lines, places, evaluator)[..., 0]
            lines = np.nan_to_num(away) * np.float32(REACH / camera.pixel)
        borders, between = empty, empty
        if finds_borders:
            parts = heights > terrain.border
            if terrain.floor == "contours":
                parts = np.floor(heights * np.float32(terrain.contours + 1))
                parts = parts.clip(0, terrain.contours)
            reach = ceil(shade.FLOOR_WIDTH * self.samples / 2 + 0.5)
            borders, between = shade.find_borders(parts, heights, reach)
        slopes = np.stack([along, deep]) / np.float32(REACH)
        return Ground(top, heights, slopes, lines, borders, between)

    def on_level(self, height: float, first: int, count: int) -> Floats:
        """(count,): b of rows, from the first, on a level plane."""
        up = self.camera.up(first, count)
        level = np.float32(height * self.camera.cosine)
        return np.asarray((up - level) / np.float32(self.camera.sine))

    def _ask(self, request: Request, places: NDArray[np.int32], evaluator: Evaluator) -> Pixels:
        """The pixels of a request at these places of the ground."""
        rows, columns, _ = places.shape
        found = evaluator.evaluate(
            self.terrain.network, self.view, (LATTICE, LATTICE), Window(0, 0, columns, rows),
            replace(request, places=places),
        )  # fmt: skip
        with np.errstate(over="ignore"):  # float64 of the reference may be infinite in float32
            return found.astype(np.float32, copy=False)

    def _fill(
        self,
        out: Pixels,
        window: Window,
        light: Light,
        number: int,
        block: Block | None,
        ground: Ground | None,
    ) -> None:
        """Draws a block's part of the window."""
        scale, start = self.samples, number * self.step
        left, right = max(window.left, start), min(window.left + window.width, start + self.step)
        rows = window.top * scale, (window.top + window.height) * scale
        columns = slice(COURSE + (left - start) * scale, COURSE + (right - start) * scale)
        place = np.s_[:, left - window.left : right - window.left]
        with np.errstate(all="ignore"):
            image = paint_floor(self, light, left * scale, (right - left) * scale, rows)
            if block:
                paint(self, light, image, block, ground, columns, rows[0])
            out[place] = self._finish(image)

    def _finish(self, image: Floats) -> Pixels:
        """Linear light of samples to display sRGB of pixels."""
        scale, (rows, columns, _) = self.samples, image.shape
        out = np.empty((rows // scale, columns // scale, 3), np.float32)
        step = max(1, shade.CHUNK // (columns * scale))
        for top in range(0, len(out), step):
            light = shade.shoulder(image[top * scale : (top + step) * scale])
            every = [light[i::scale, j::scale] for i in range(scale) for j in range(scale)]
            out[top : top + step] = srgb_encode(sum(every[1:], every[0]) / np.float32(scale**2))
        return out

    def locate(
        self, points: NDArray[np.float64], evaluator: Evaluator
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Where points of the ground stand on the surface, and whether nothing hides them.

        points: (N, 2), u and v in the view. Returns (N, 2), u and v in the picture; and (N,).
        """
        camera, terrain = self.camera, self.terrain
        a, b = camera.from_ground(points[:, 0], points[:, 1])
        near = np.minimum(cut_slices(camera, a, 2).near, b)
        way = near + (b - near) * np.linspace(0, 1, NEARER + 1)[:, None]  # from rim to point
        places = lattice_places(a.astype(np.float32), way.astype(np.float32))
        heights, _, _ = _bound(self._ask(terrain.heights, places, evaluator))
        screen = way * camera.sine + heights * (terrain.height * camera.cosine)
        up = screen[-1]
        unit = camera.pixel * min(camera.size) / 2
        hidden = (screen[:-1] > up + HIDDEN_BY * camera.pixel * self.samples).any(axis=0)
        return np.stack([a, up - camera.middle], axis=1) / unit, ~hidden


def _bound(found: Pixels) -> tuple[Floats, Floats, Floats]:
    """Heights and their slopes, as numbers that can be computed with: cut off beyond the range."""
    t = np.nan_to_num(found[..., 0])
    cut = (t < LOWEST) | (t > HIGHEST)
    slopes = np.clip(np.nan_to_num(found[..., 1:]), -STEEPEST, STEEPEST)
    slopes[cut] = 0
    return np.clip(t, LOWEST, HIGHEST), slopes[..., 0], slopes[..., 1]

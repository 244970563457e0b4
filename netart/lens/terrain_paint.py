"""What the samples of a block see of a landscape: floor, surface, walls, a level plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netart.lens import terrain_shade as shade
from netart.lens.horizon import REACH, Floats, Hits, at_hits, cliff_slopes, find_hits
from netart.lens.terrain_light import FLOOR_REACH, Light, read_grid, read_ground

if TYPE_CHECKING:
    from netart.lens.terrain import Block, Drawing, Ground

APART = 0.01  # rows of samples by which a plane lies before what it covers
FADED = 0.7  # from either side of the picture, where shadows on the floor fade: none is cut off
BEFORE = 4  # samples of the ground's light before a cliff, over two of a half-width


def paint_floor(
    drawing: Drawing, light: Light, first: int, count: int, rows: tuple[int, int]
) -> Floats:
    """(R, N, 3): linear light of the floor alone, in rows of samples and in columns from `first`
    on.
    """
    camera, (top, bottom) = drawing.camera, rows
    a = camera.across(first, count)
    b = drawing.on_level(drawing.terrain.bottom, top, bottom - top)
    image = np.empty((bottom - top, count, 3), np.float32)
    step = max(1, shade.CHUNK // count)
    inside = np.clip((camera.size[0] / 2 * camera.pixel - np.abs(a)) / FADED, 0, 1)
    kept = (inside * inside * (3 - 2 * inside)).astype(np.float32)
    for start in range(0, len(image), step):
        u, v = camera.on_ground(a, b[start : start + step, None])
        image[start : start + step] = shade.shade_floor(
            1 - kept * (1 - read_grid(light.floor_sun, u, v, FLOOR_REACH)),
            1 - kept * (1 - read_grid(light.floor_sky, u, v, FLOOR_REACH)),
        )
    return image


class Painter:
    """Paints what stands over a block of the floor."""

    def __init__(
        self, drawing: Drawing, light: Light, image: Floats, block: Block, columns: slice, top: int
    ) -> None:
        self.drawing, self.terrain, self.camera = drawing, drawing.terrain, drawing.camera
        self.light, self.image, self.block = light, image, block
        # The columns of the block that are drawn, and the first row.
        self.columns, self.top = columns, top
        slices = block.slices
        self.a, self.near, self.far = (x[columns] for x in (slices.a, slices.near, slices.far))
        self.up = self.camera.up(top, len(image))
        self.depth = np.full(image.shape[:2], np.inf, np.float32)  # b of what is seen there

    def ground(self, ground: Ground | None) -> None:
        """The part of the floor that the ground stands over, and what is drawn on it."""
        terrain, camera, scale = self.terrain, self.camera, self.drawing.samples
        b = self.drawing.on_level(terrain.bottom, self.top, len(self.image))[:, None]
        inside = (b >= self.near) & (b <= self.far)
        self.image[inside] *= np.float32(shade.PLATE)
        rows = np.flatnonzero(inside.any(axis=1))
        if ground and rows.size:
            part = slice(rows[0], rows[-1] + 1)
            at = slice(self.top + part.start - ground.top, self.top + part.stop - ground.top)
            within, image = inside[part], self.image[part]
            drawn = ground.heights, *ground.slopes, ground.lines, ground.borders, ground.between
            heights, along, deep, *rest = (x[at, self.columns][within] for x in drawn)
            density = np.hypot(along, deep / np.float32(camera.sine)) * np.float32(camera.pixel)
            image[within] = self._draw_on_floor(image[within], heights, density, *rest)
        # The rim may reach a little beyond the ground.
        near = np.flatnonzero((b > -REACH - camera.pixel) & (b < REACH + camera.pixel))
        for first in range(0, len(near), step := max(1, shade.CHUNK // len(self.a))):
            part = slice(near[first], near[min(first + step, len(near)) - 1] + 1)
            u, v = camera.on_ground(self.a, b[part])
            rim = np.abs(np.maximum(np.abs(u), np.abs(v)) - 1) / np.float32(
                camera.pixel * 0.6 * scale
            )
            self.image[part] *= (1 - shade.EDGE_INK * np.clip(1.1 - rim, 0, 1))[..., None]

    def _draw_on_floor(
        self,
        plate: Floats,
        heights: Floats,
        density: Floats,
        away: Floats,
        borders: Floats,
        between: Floats,
    ) -> Floats:
        """The floor's plate with contours or regions, and lines."""
        terrain, scale = self.terrain, self.drawing.samples
        if terrain.floor == "contours" and terrain.contours:
            count = terrain.contours
            levels, density = heights * np.float32(count + 1), density * np.float32(count + 1)
            cover = shade.lines(levels, density, shade.FLOOR_WIDTH, scale, count)
            if terrain.jumps:  # the feet of cliffs
                feet = np.clip(shade.FLOOR_WIDTH * scale / 2 + 0.5 - borders, 0, 1)
                feet *= shade.uncrowded(density, scale)
                levels = np.where(feet > cover, between * np.float32(count + 1), levels)
                cover = np.maximum(cover, feet)
            colour = shade.colours_of(terrain.table, np.round(levels) / np.float32(count + 1))
            plate = shade.blend(plate, colour * np.float32(shade.FLOOR_DARKER), cover)
        elif terrain.floor == "regions":
            over = heights - np.float32(terrain.border)
            tints = shade.colours_of(terrain.table, np.array([0.12, 0.88], np.float32))
            share = (over > 0).astype(np.float32)
            if not terrain.jumps:
                slopes = density > 0  # level ground has no boundary, even at its value
                borders = np.abs(over) / np.where(slopes, density, np.float32(1e-9))
                borders[~slopes] = np.inf
                share = np.where(over > 0, borders, -borders) + np.float32(0.5)
                share = share.clip(0, 1)
            tint = tints[0] + share[:, None] * (tints[1] - tints[0])
            plate = plate + np.float32(shade.TINT) * (tint * plate - plate)
            cover = np.clip(shade.FLOOR_WIDTH * scale / 2 + 0.5 - borders, 0, 1)
            plate = shade.blend(plate, np.float32(0.02), cover)
        if terrain.lines:
            cover = np.clip(shade.LINE_WIDTH * scale / 2 + 0.5 - away, 0, 1)
            plate = shade.blend(plate, shade.LINE_INK, cover)
        return plate

    def surface(self) -> None:
        """The surface, where nothing nearer hides it."""
        block, terrain, camera = self.block, self.terrain, self.camera
        screen = block.slices.b * np.float32(camera.sine)
        screen += block.heights * np.float32(terrain.height * camera.cosine)
        rows = self.top, self.top + len(self.image)
        hits = find_hits(camera, screen[:, self.columns], self.near, self.far, rows, terrain.solid)
        hits = hits._replace(column=hits.column + self.columns.start)
        for first in range(0, len(hits.row), shade.CHUNK):
            self._shade_hits(hits.part(first, first + shade.CHUNK))

    def _shade_hits(self, hits: Hits) -> None:
        block, terrain, camera, light = self.block, self.terrain, self.camera, self.light
        scale = self.drawing.samples
        t, b = at_hits(block.heights, hits), at_hits(block.slices.b, hits)
        slopes = np.stack([at_hits(part, hits) for part in block.slopes])
        cliffs, steep = cliff_slopes(block.slices, block.heights, block.slopes[1], hits)
        slopes[:, cliffs] = steep
        a = block.slices.a[hits.column]
        u, v = camera.on_ground(*_before_cliffs(a, b, cliffs, steep, len(light.ground)))
        height = np.float32(terrain.height)
        steep = np.hypot(*slopes) * height
        sun, sky = read_ground(light.ground, u, v, t * height, steep)
        sun = np.where(hits.under, np.float32(shade.UNDER_SUN), sun)
        sky = np.where(hits.under, np.float32(shade.UNDER_SKY), sky)
        if len(block.colours):
            colour = at_hits(block.colours, hits)
        else:
            colour = shade.colours_of(terrain.table, t)
        # What t gains with a sample to the right, and with one up the screen.
        turn = camera.sine + slopes[1] * np.float32(terrain.height * camera.cosine)
        turn = np.where(np.abs(turn) < 1e-6, np.float32(1e-6), turn)
        density = np.hypot(slopes[0] * np.float32(camera.sine), slopes[1]) / np.abs(turn)
        density *= np.float32(camera.pixel * (terrain.contours + 1))
        levels = t * np.float32(terrain.contours + 1)
        cover = shade.lines(levels, density, shade.SURFACE_WIDTH, scale, terrain.contours)
        colour = colour * (1 - np.float32(shade.INK) * cover)[:, None]
        place = hits.row, hits.column - self.columns.start
        self.depth[place] = b
        self.image[place] = shade.shade_surface(
            colour, slopes * height, camera, light, sun, sky, hits.under
        )

    def walls(self) -> None:
        """The walls of a block, below its near rim."""
        block, terrain, camera = self.block, self.terrain, self.camera
        height, bottom = np.float32(terrain.height), np.float32(terrain.bottom)
        top = block.heights[0, self.columns] * height
        z = (self.up[:, None] - self.near * np.float32(camera.sine)) / np.float32(camera.cosine)
        row, column = np.nonzero((z <= top) & (z >= bottom) & (self.near < self.far))
        if not row.size:
            return
        z, top = z[row, column], top[column]
        side = block.slices.side[self.columns][column]
        u, v = camera.on_ground(*self.light.towards[:2])
        outward = -np.sign(camera.away[0]) * u, -np.sign(camera.away[1]) * v
        facing = np.where(side, np.float32(max(outward[0], 0)), np.float32(max(outward[1], 0)))
        unit = np.float32(camera.pixel / camera.cosine)  # height of a sample
        scale = self.drawing.samples
        layer = (terrain.height - terrain.bottom) / (shade.LAYERS * ((terrain.contours or 9) + 1))
        levels = (z - bottom) / np.float32(layer)
        strata = shade.lines(levels, np.full_like(z, unit / layer), 1.0, scale, 10**6)
        rim = np.clip(1.2 * scale + 0.5 - (top - z) / unit, 0, 1)
        if len(block.colours):
            colour = block.colours[0, self.columns][column]
        else:
            colour = shade.colours_of(terrain.table, z / max(height, np.float32(1e-6)))
        self.depth[row, column] = -np.inf
        self.image[row, column] = shade.shade_wall(
            colour, facing, np.clip(2 * z / bottom, 0, 1),
            np.clip((z - bottom) / np.float32(shade.DARK_FOOT), 0, 1), levels, strata, rim,
        )  # fmt: skip

    def plane(self) -> None:
        """The level plane, over what it hides."""
        terrain, camera = self.terrain, self.camera
        if terrain.zero is None:
            return
        b = self.drawing.on_level(terrain.zero * terrain.height, self.top, len(self.image))
        b = b[:, None]
        # A surface that lies in the plane is seen: neither rounding covers it with the other.
        depth = self.depth - np.float32(APART * camera.pixel / camera.sine)
        row, column = np.nonzero((b >= self.near) & (b <= self.far) & (b < depth))
        if not row.size:
            return
        u, v = camera.on_ground(self.a[column], b[row, 0])
        glass = shade.WATER * np.float32(0.9)
        scale = self.drawing.samples
        rim = (1 - np.maximum(np.abs(u), np.abs(v))) / np.float32(camera.pixel * scale)
        share = shade.WATER_SHARE + 0.25 * np.clip(2 - rim, 0, 1)
        self.image[row, column] = shade.blend(self.image[row, column], glass, share)


def _before_cliffs(
    a: Floats, b: Floats, cliffs: NDArray[np.intp], slopes: Floats, samples: int
) -> tuple[Floats, Floats]:
    """The points where light is read: those of cliffs stand a little before them, on low ground.

    samples: of the light, across the ground.
    """
    off = np.float32(BEFORE / samples) / np.hypot(*slopes)
    a, b = a.copy(), b.copy()
    a[cliffs] -= slopes[0] * off
    b[cliffs] -= slopes[1] * off
    return a, b


def paint(
    drawing: Drawing,
    light: Light,
    image: Floats,
    block: Block,
    ground: Ground | None,
    columns: slice,
    top: int,
) -> None:
    """Paints a block over its floor: image, (R, N, 3) linear light, from a row of samples on."""
    painter = Painter(drawing, light, image, block, columns, top)
    painter.ground(ground)
    painter.surface()
    if drawing.terrain.solid:
        painter.walls()
    painter.plane()

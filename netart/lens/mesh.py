"""A landscape as a page draws it: a mesh, with the numbers of its materials and of its light."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.request import Request
from netart.lens import horizon, landscape, terrain, terrain_light, terrain_paint, terrain_shade
from netart.lens.terrain import Terrain
from netart.shot.oklab import srgb_encode
from netart.shot.shot import Shot
from netart.shot.view import affine

# The numbers of the materials, which GLSL shares.
MATERIALS = {
    name: getattr(module, name)
    for module, names in (
        (terrain_shade, (
            "SUN", "SKY", "BOUNCE", "WRAP", "GLOSS", "FRESNEL", "UNDER_SUN", "UNDER_SKY",
            "SHOULDER", "INK", "SURFACE_WIDTH", "FLOOR_WIDTH", "LINE_WIDTH", "FLOOR_DARKER",
            "PLATE", "TINT", "EDGE_INK", "LINE_INK", "EARTH", "EARTH_SHARE", "DARK_FOOT", "WATER",
            "WATER_SHARE", "PAPER_LIGHT", "FLOOR_SUN", "FLOOR_SKY", "LAYERS", "TONES",
        )),
        (terrain_light, ("ALIKE", "FURTHER", "FLOOR_REACH")),
        (terrain_paint, ("BEFORE", "FADED")),
        (horizon, ("CLIFF_RATIO", "CLIFF_STEP")),
    )
    for name in names
}  # fmt: skip


# How a picture is framed, and how low the floor lies.
FRAME = {
    "margin": horizon.MARGIN,
    "lowered": horizon.LOWERED,
    "bottomGap": terrain.BOTTOM_GAP,
    "bottomShare": terrain.BOTTOM_SHARE,
}

# The numbers of terrain_light.py, as browser/landscape_light.js names them.
LIGHT = {
    "ground": terrain_light.GROUND,
    "floor": terrain_light.FLOOR,
    "floorReach": terrain_light.FLOOR_REACH,
    "fine": terrain_light.FINE,
    "coarsest": terrain_light.COARSEST,
    "suns": terrain_light.SUNS,
    "disc": terrain_light.DISC,
    "softness": terrain_light.SOFTNESS,
    "alike": terrain_light.ALIKE,
    "further": terrain_light.FURTHER,
    "skies": terrain_light.SKIES,
    "steps": terrain_light.STEPS,
    "dome": terrain_light.DOME,
    "around": terrain_light.AROUND,
    "domeFloor": terrain_light.DOME_FLOOR,
    "lines": terrain_light.LINES,
    "along": terrain_light.ALONG,
}


class Mesh(NamedTuple):
    """What a landscape's page asks of the network, and what it draws of that."""

    heights: Request  # of (t, ∂t/∂u, ∂t/∂v): t from 0 to 1 between the limits
    colours: Request | None  # of display sRGB: a picture that is draped over it
    table: NDArray[np.uint8]  # (T, 4): the palette's colours of t, display sRGB, and 255
    measures: bool  # whether the limits are those that the network has
    solid: bool  # a block, else a sheet
    jumps: bool  # whether heights may jump
    contours: int
    floor: str  # what is drawn on it
    zero: float | None  # the height t of the level plane that is drawn
    border: float  # the height t that parts the regions on the floor
    # (c, a, b) of lines on the floor, where c + a u + b v is 0; None where they are curves.
    lines: list[tuple[float, ...]] | None


def mesh(shot: Shot) -> Mesh:
    """The mesh of a shot that a camera sees."""
    ground = landscape.terrain_of(shot)
    table = np.rint(255 * srgb_encode(ground.table.astype(np.float64))).astype(np.uint8)
    return Mesh(
        ground.heights,
        ground.colours,
        np.pad(table, ((0, 0), (0, 1)), constant_values=255),
        landscape.measures_heights(shot),
        ground.solid,
        ground.jumps,
        ground.contours,
        ground.floor,
        ground.zero,
        ground.border,
        _lines(ground),
    )


def _lines(ground: Terrain) -> list[tuple[float, ...]] | None:
    """The lines on the floor, on which units of the first hidden layer are 0."""
    if ground.lines is None or ground.solid:
        return []
    if any(feature.kind.name not in ("x", "y") for feature in ground.network.features):
        return None
    layer = ground.lines.heads[0].layer
    found = layer.weight.astype(np.float64) @ affine(ground.view, ground.network.inputs)
    found[:, 0] += layer.bias
    return [tuple(row) for row in found.tolist()]

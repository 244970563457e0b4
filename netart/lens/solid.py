"""A sheet in a cube, seen in perspective: what a layer of three units makes of the plane."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from netart.lens import plot
from netart.net.ops import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EYE = 7.0  # distance of the eye from the middle of a cube of ±1
SCALE = 0.6  # of the cube in the picture
LIGHT = np.array((0.3, -0.6, 0.75)) / np.linalg.norm((0.3, -0.6, 0.75))
DARKEST = 0.8  # brightness of what is turned from the light
STRONG = 0.6  # of a class' colour
PAPER = np.array((0.95, 0.94, 0.925))  # of the sheet where the prediction is not sure
LINES = 16  # cells between two lines of the grid, a divisor of the cells
LIFT = 0.02  # of lines and points above the sheet, towards the eye
ROUND = 14  # corners of a point

CORNERS = np.array(list(product((-1.0, 1.0), repeat=3)))
EDGES = [(a, b) for a, b in combinations(range(8), 2) if np.abs(CORNERS[a] - CORNERS[b]).sum() == 2]


class Carried(NamedTuple):
    """A grid and points in a cube of ±1."""

    grid: Array  # (rows, columns, 3)
    points: Array  # (N, 3)


class Camera(NamedTuple):
    """Directions in space, each (3,)."""

    right: Array
    up: Array
    toward: Array  # the eye

    def project(self, at: Array) -> Array:
        """(…, 3) in space to (…, 2) in the picture, ±1 at its sides."""
        scale = SCALE * EYE / (EYE - at @ self.toward)
        return np.stack([at @ self.right * scale, at @ self.up * scale], axis=-1)


def camera(elevation: float, azimuth: float) -> Camera:
    """What looks at the middle of the cube from this side, in degrees."""
    e, a = np.radians((elevation, azimuth))
    toward = np.array((np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)))
    right = np.array((-np.sin(a), np.cos(a), 0.0))
    return Camera(right, np.cross(toward, right), toward)


def draw(
    axes: Axes,
    carried: Carried,
    tints: Array,
    colours: list[str],
    radius: float,
    eye: tuple[float, float],
    planes: list[tuple[Array, float]],
) -> None:
    """Draws the sheet far to near.

    tints: (rows, columns, 3), how colours differ from paper. colours: of the points. radius: of a
    point, in the picture. eye: elevation and azimuth in degrees. planes: (normal, offset), those
    that separate classes.
    """
    from matplotlib.collections import PolyCollection

    look = camera(*eye)
    hidden = int(np.argmin(CORNERS @ look.toward))
    _draw_edges(axes, look, [edge for edge in EDGES if hidden in edge], zorder=1)
    items = [*_cells(carried.grid, tints, look), *_lines(carried.grid, look)]
    items += _points(carried.points, colours, radius, look)
    items.sort(key=lambda item: item[0])
    _, corners, faces, edges, widths = zip(*items, strict=True)
    sheet = PolyCollection(
        corners,
        facecolors=faces,
        edgecolors=edges,
        linewidths=widths,
        closed=False,
        rasterized=True,
    )
    axes.add_collection(sheet).set_zorder(2)
    for normal, offset in planes:
        if (outline := _cut(normal, offset)) is not None:
            axes.fill(*look.project(outline).T, facecolor="#3c3c4633", edgecolor=plot.INK,
                      linewidth=1.3, zorder=3)  # fmt: skip
    _draw_edges(axes, look, [edge for edge in EDGES if hidden not in edge], zorder=4)
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)


# Depth towards the eye, corners in the picture, face, edge, width of the edge.
Item = tuple[float, Array, Any, Any, float]


def _cells(grid: Array, tints: Array, look: Camera) -> list[Item]:
    """The cells of the sheet, shaded by how they are turned to the light."""
    corners = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], axis=2)
    corners = corners.reshape(-1, 4, 3)
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    normal *= np.where(normal @ look.toward < 0, -1, 1)[:, None]  # both sides are seen
    shade = DARKEST + (1 - DARKEST) * np.clip(normal @ LIGHT, 0, 1)
    middles = (tints[1:, 1:] + tints[:-1, 1:] + tints[1:, :-1] + tints[:-1, :-1]) / 4
    rgb = np.clip((PAPER + middles.reshape(-1, 3) * STRONG) * shade[:, None], 0, 1)
    depth, flat = corners.mean(axis=1) @ look.toward, look.project(corners)
    colours = [(*each, 1.0) for each in rgb.tolist()]
    # Edges of their own colour, closed: or paper shines through between cells.
    closed = np.concatenate([flat, flat[:, :1]], axis=1)
    return [
        (float(d), c, rgba, rgba, 0.8) for d, c, rgba in zip(depth, closed, colours, strict=True)
    ]


def _lines(grid: Array, look: Camera) -> list[Item]:
    """The lines of the grid, piece by piece; those at its rim are darker."""
    ink, none = (0.22, 0.22, 0.26), (0.0, 0.0, 0.0, 0.0)
    step = (len(grid) - 1) // LINES
    items: list[Item] = []
    for k in range(0, len(grid), step):
        is_rim = k in (0, len(grid) - 1)
        for line in (grid[k], grid[:, k]):
            pieces = np.stack([line[:-1], line[1:]], axis=1)
            depth, flat = pieces.mean(axis=1) @ look.toward + LIFT, look.project(pieces)
            edge, width = (*ink, 0.95 if is_rim else 0.5), 1.2 if is_rim else 0.6
            items += [(float(d), p, none, edge, width) for d, p in zip(depth, flat, strict=True)]
    return items


def _points(points: Array, colours: list[str], radius: float, look: Camera) -> list[Item]:
    """The points as small discs that face the eye."""
    turn = np.linspace(0, 2 * np.pi, ROUND + 1)
    disc = radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    depth, flat = points @ look.toward + 2 * LIFT, look.project(points)
    return [
        (float(d), at + disc, colour, plot.PAPER, 0.5)
        for d, at, colour in zip(depth, flat, colours, strict=True)
    ]


def _cut(normal: Array, offset: float) -> Array | None:
    """The outline (N, 3) of a plane in the cube, None where it lies outside."""
    found = []
    for a, b in EDGES:
        low, high = (float(CORNERS[k] @ normal + offset) for k in (a, b))
        if low * high < 0:
            found.append(CORNERS[a] + low / (low - high) * (CORNERS[b] - CORNERS[a]))
    if len(found) < 3:
        return None
    outline = np.array(found)
    middle = outline.mean(axis=0)
    first = (outline[0] - middle) / np.linalg.norm(outline[0] - middle)
    second = np.cross(normal / np.linalg.norm(normal), first)
    turn = np.arctan2((outline - middle) @ second, (outline - middle) @ first)
    return np.asarray(outline[np.argsort(turn)])


def _draw_edges(axes: Axes, look: Camera, edges: list[tuple[int, int]], zorder: int) -> None:
    """Edges of the cube."""
    colour = "#a3a3aa" if zorder > 1 else "#d2d2d6"
    for edge in edges:
        x, y = look.project(CORNERS[list(edge)]).T
        axes.plot(x, y, color=colour, linewidth=0.8, zorder=zorder)

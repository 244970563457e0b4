"""Convex cells, and how each is divided along a chord, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Array = NDArray[np.float64]


class Cells(NamedTuple):
    """Convex polygons, each the vertices from one of `starts` to the next, anticlockwise."""

    starts: Ints  # (cells + 1,)
    vertices: Ints
    edges: Ints  # that from the vertex of the same place to the cell's next one

    @property
    def of(self) -> Ints:
        """The cell of each place in `vertices`."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @property
    def following(self) -> Ints:
        """The vertex that follows in the same cell, for each place in `vertices`."""
        after = np.roll(self.vertices, -1)
        after[self.starts[1:] - 1] = self.vertices[self.starts[:-1]]
        return after


class Open(NamedTuple):
    """Cells with chords along which they are still to be divided."""

    cells: Cells
    # For each place of `cells.vertices`: twice the number of the chord that ends there, plus 1
    # where it is the chord's second end; −1 where none does.
    ends: Ints
    # The share of the chord's way from its first end at which that is: in a part of a cell that has
    # been divided, a chord is what is left of it.
    shares: Array

    def select(self, chosen: NDArray[np.bool_]) -> Open:
        """Some of the cells."""
        sizes = np.diff(self.cells.starts)
        places = np.repeat(chosen, sizes)
        starts = np.append(0, np.cumsum(sizes[chosen]))
        cells = Cells(starts, self.cells.vertices[places], self.cells.edges[places])
        return Open(cells, self.ends[places], self.shares[places])


class Crossings(NamedTuple):
    """Where chords cross those along which their cells are divided, (N,) each."""

    cell: Ints
    chord: Ints  # not that along which the cell is divided
    inner: Ints  # the place of its end that lies between the ends of the first
    outer: Ints  # the place of its other end

    def take(self, order: Ints) -> Crossings:
        """The same in another order."""
        return Crossings(*(column[order] for column in self))


def choose(cut: Open) -> tuple[Ints, Crossings]:
    """A chord of each cell: (cells, 2), the places of its ends; and the others that cross it.

    It is the one with the lowest number. Chords cross where their ends alternate along the rim.
    """
    places = np.flatnonzero(cut.ends >= 0)
    of = cut.cells.of[places]
    order = np.lexsort((cut.ends[places] >> 1, of))
    ends, of = places[order].reshape(-1, 2), of[order][::2]
    is_first = np.append(True, of[1:] != of[:-1])
    chosen, ends, of = ends[is_first], ends[~is_first], of[~is_first]
    low, high = chosen[of].T
    inside = (ends > low[:, None]) & (ends < high[:, None])
    crosses = inside[:, 0] != inside[:, 1]
    ends, of, inside = ends[crosses], of[crosses], inside[crosses, 0]
    inner, outer = np.where(inside, ends.T, ends.T[::-1])
    return chosen, Crossings(of, cut.ends[inner] >> 1, inner, outer)


def divide(
    cut: Open, ends: Ints, crossings: Crossings, shares: Array, vertices: int, edges: int
) -> tuple[Open, Ints]:
    """Each cell in two, along a chord.

    ends: (cells, 2), the places of its ends; crossings: cell by cell, from its first place to its
    second; shares: of the chords that cross; vertices, edges: how many there are so far. Returns
    the parts, and the new edges: cell by cell, (N, 2) of vertices.
    """
    cells = cut.cells
    count = np.bincount(crossings.cell, minlength=len(ends))
    # The chords' vertices one after another, their ends included.
    way_cell, step = spread(count + 2)
    starts = np.cumsum(count + 2) - count - 2
    way = np.empty(len(way_cell), np.int64)
    is_inner = (step > 0) & (step <= count[way_cell])
    way[is_inner] = vertices + np.arange(len(crossings.cell))
    way[starts], way[starts + count + 1] = cells.vertices[ends].T
    new_edges = np.stack([way[:-1], way[1:]], axis=1)[step[:-1] <= count[way_cell[:-1]]]
    first_edge = edges + np.cumsum(count + 1) - count - 1
    # In both parts a chord that crosses ends there: with its second end where it has its first.
    way_ends, way_shares = np.full((2, len(way)), -1), np.zeros(len(way))
    way_ends[0, is_inner] = cut.ends[crossings.inner] ^ 1
    way_ends[1, is_inner] = cut.ends[crossings.outer] ^ 1
    way_shares[is_inner] = shares
    # A part is a stretch of the rim, from one end of the chord up to the other, and the way back.
    sizes = np.diff(cells.starts)
    between = ends[:, 1] - ends[:, 0]
    stretch = np.stack([between, sizes - between], axis=1).ravel()
    part, step = spread(stretch + np.repeat(count + 1, 2))
    cell, side, on_rim = part >> 1, part & 1, step < stretch[part]
    start = cells.starts[cell]
    rim = start + (ends[cell, side] - start + step) % sizes[cell]
    back = np.where(on_rim, 0, step - stretch[part])
    at = starts[cell] + np.where(side == 0, count[cell] + 1 - back, back)
    edge = first_edge[cell] + np.where(side == 0, count[cell] - back, back)
    parts = Cells(
        np.append(0, np.cumsum(np.bincount(part))),
        np.where(on_rim, cells.vertices[rim], way[at]),
        np.where(on_rim, cells.edges[rim], edge),
    )
    new_ends = np.where(on_rim, cut.ends[rim], way_ends[side, at])
    new_ends[step == 0] = -1  # the chord itself is done
    return Open(parts, new_ends, np.where(on_rim, cut.shares[rim], way_shares[at])), new_edges


def join(parts: Sequence[Cells]) -> Cells:
    """The cells of all parts."""
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    vertices, edges = (np.concatenate([part[k] for part in parts]) for k in (1, 2))
    return Cells(np.append(0, np.cumsum(sizes)), vertices, edges)


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """0, 1, …, each as often as its count says, and which time it is, from 0."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def areas(points: Array, cells: Cells) -> Array:
    """Of the cells, by the shoelace formula. points: (vertices, 2)."""
    twice: Array = np.add.reduceat(_cross(*_sides(points, cells)), cells.starts[:-1])
    return twice / 2


def middles(points: Array, cells: Cells) -> Array:
    """The centres of the cells' areas: (cells, 2); of their vertices where they have no area."""
    starts, sizes = cells.starts[:-1], np.diff(cells.starts)
    a, b = points[cells.vertices], points[cells.following]
    means = np.add.reduceat(a, starts) / sizes[:, None]
    a, b = a - means[cells.of], b - means[cells.of]
    twice = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    total = np.add.reduceat(twice, starts)
    moment = np.add.reduceat(twice[:, None] * (a + b), starts)
    wide = total > 0
    means[wide] += moment[wide] / (3 * total[wide, None])
    return np.asarray(means)


def count_wide(points: Array, cells: Cells, width: float) -> int:
    """How many of the cells are wider than that, roughly."""
    a, b = _sides(points, cells)
    starts = cells.starts[:-1]
    rims = np.add.reduceat(np.abs(b - a).sum(axis=0), starts)
    return int(np.count_nonzero(np.add.reduceat(_cross(a, b), starts) > width * rims))


def _sides(points: Array, cells: Cells) -> tuple[Array, Array]:
    """The ends of each side of all cells, (2, N) each, from the cell's first vertex: the areas of
    tiny cells would be lost in the roundings of where they lie.
    """
    u, v = points.T
    corner = np.repeat(cells.vertices[cells.starts[:-1]], np.diff(cells.starts))
    a, b = cells.vertices, cells.following
    low = np.stack([u[corner], v[corner]])
    return np.stack([u[a], v[a]]) - low, np.stack([u[b], v[b]]) - low


def _cross(a: Array, b: Array) -> Array:
    return np.asarray(a[0] * b[1] - a[1] * b[0])

"""The exact switching lines of a piecewise linear network: where each hidden unit changes sign.

In each cell of the picture that the layers before leave undivided, a layer's pre-activations are
affine, so that a unit's line crosses a cell, which is convex, as one straight chord. A layer is cut
in two steps, each for all its units at once: first all edges, where units change sign along them,
then all cells, along the chords between these cuts. Which cells and edges there are follows from
signs and orders alone, never from a distance: so it is right also where lines coincide or meet in
one point. That units are affine between the vertices, so that new ones follow by interpolation, is
from Berzins 2023, "Polyhedral complex extraction from ReLU networks using edge subdivision"
(arXiv 2306.07212).

All is in picture coordinates (u, v), see `netart/shot/view.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.lens.folding import Array, FoldedLayer

Ints = NDArray[np.int64]

FRAME = -1  # stands for a unit in edges of the picture's own frame
CROSSING = -2  # stands for the unit that a line bends on where it is none

# Of the numbers that are summed up in a pre-activation: what lies nearer to 0 counts as above it.
ROUNDING = 1e-12
MIN_WIDTH = 1e-12  # of a cell that counts as a region, in picture coordinates
MAX_NUMBERS = 1 << 27  # vertices times units of a layer: 1 GiB


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


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The cells into which units divide a rectangle, and the lines between them."""

    points: Array  # (vertices, 2), their u and v
    edges: Ints  # (edges, 2) of vertices
    edge_units: Ints  # (edges,): whose line the edge is part of, FRAME on the frame
    cells: Cells
    # A unit's line, chord by chord: (chords, 2) of vertices, and the unit. Chords that follow one
    # another along the line share a vertex.
    chords: Ints
    chord_units: Ints
    # For each vertex the unit on whose line, of an earlier layer, a chord ends there; FRAME at the
    # frame, CROSSING where no chord ends.
    bends_on: Ints
    # Units count from 0 through all layers: the first of each layer, then the number of all.
    first_units: Ints
    # After each layer the cells of all layers so far that are not mere slivers.
    regions: tuple[int, ...]

    @cached_property
    def areas(self) -> Array:
        """Of the cells, in picture coordinates."""
        return _areas(self.points, self.cells)

    def layer_of(self, unit: Ints) -> Ints:
        """The layers, from 1, of units that count through all layers."""
        return np.searchsorted(self.first_units, unit, "right")


def arrange(
    layers: Sequence[FoldedLayer], low: tuple[float, float], high: tuple[float, float]
) -> Arrangement:
    """The arrangement of all units of the layers over the rectangle from `low` to `high`.

    Raises NetartError where it would take more than MAX_NUMBERS in memory.
    """
    (left, bottom), (right, top) = low, high
    corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]], np.float64)
    ring = np.arange(4)
    work = _Work(
        points=corners,
        edges=np.stack([ring, np.roll(ring, -1)], axis=1),
        edge_units=np.full(4, FRAME),
        cells=Cells(np.array([0, 4]), ring, ring),
        bends_on=np.full(4, FRAME),
    )
    values, first, regions = corners, 0, []
    for depth, layer in enumerate(layers, 1):
        change = values @ layer.weight.T
        # Rounding errors of a unit's pre-activation are some 1e-16 of this.
        reach = np.abs(values).max(axis=0) @ np.abs(layer.weight).T
        change = work.cut(layer.centre, change, ROUNDING * reach, first)
        first += len(layer.centre)
        regions.append(_count_regions(work.points, work.cells))
        if depth < len(layers):
            values = layer.activate(change)
    sizes = [0, *(len(layer.centre) for layer in layers)]
    return Arrangement(
        work.points,
        work.edges,
        work.edge_units,
        work.cells,
        np.concatenate([np.zeros((0, 2), np.int64), *work.chords]),
        np.concatenate([np.zeros(0, np.int64), *work.chord_units]),
        work.bends_on,
        np.cumsum(sizes),
        tuple(regions),
    )


@dataclass
class _Work:
    """An arrangement while it is made, as in Arrangement."""

    points: Array
    edges: Ints
    edge_units: Ints
    cells: Cells
    bends_on: Ints
    chords: list[Ints] = field(default_factory=list)
    chord_units: list[Ints] = field(default_factory=list)

    def cut(self, centre: Array, change: Array, tolerance: Array, first: int) -> Array:
        """Divides all cells by the units of a layer.

        centre: (units,), their pre-activations at the centre; change: (vertices, units), how those
        at the vertices differ; tolerance: (units,), what counts as 0; first: the number of the
        first unit. Returns `change` with the new vertices.
        """
        # Zero counts as above: so that no vertex ever lies on a line.
        above = centre + change >= -tolerance
        changes = above[self.edges[:, 0]] != above[self.edges[:, 1]]
        edge, unit = np.divmod(np.flatnonzero(changes), len(centre))  # quicker than np.nonzero
        a, b = self.edges[edge].T
        za, zb = (centre[unit] + change[ends, unit] for ends in (a, b))
        share = np.clip(za / (za - zb), 0, 1)
        order = np.lexsort((share, edge))
        edge, unit, share = edge[order], unit[order], share[order]
        self.bends_on = np.append(self.bends_on, self.edge_units[edge])
        ends = self.edges[edge]
        change = self._add(change, ends, share, [unit], centre)
        marks = self._cut_edges(edge, unit, first)
        ends, share, pairs = self._cut_cells(centre, change, first, marks)
        self.bends_on = np.append(self.bends_on, np.full(len(share), CROSSING))
        return self._add(change, ends, share, pairs, centre)

    def _add(
        self, change: Array, ends: Ints, share: Array, units: Sequence[Ints], centre: Array
    ) -> Array:
        """Adds vertices between pairs of others, and returns `change` with them.

        ends: (N, 2) of vertices; share: (N,), of the way from one to the other; units: those that
        are 0 there, (N,) each.
        """
        if (len(change) + len(ends)) * change.shape[1] > MAX_NUMBERS:
            raise NetartError(
                f"more than {MAX_NUMBERS // change.shape[1]:,} vertices in a layer of "
                f"{change.shape[1]} units: draw fewer layers, or zoom in"
            )
        a, b = ends.T
        part = share[:, None]
        self.points = np.concatenate(
            [self.points, (1 - part) * self.points[a] + part * self.points[b]]
        )
        added = change[a] + part * (change[b] - change[a])
        for unit in units:
            added[np.arange(len(unit)), unit] = -centre[unit]
        return np.concatenate([change, added])

    def _cut_edges(self, edge: Ints, unit: Ints, first: int) -> Ints:
        """Divides edges at the last len(edge) vertices, and lets the cells know.

        edge: of each such vertex, ascending, along each edge from its first end; unit: that is 0
        there. Returns a mark for each place of the cells: twice the number of the chord that ends
        there, plus 1 where it is the chord's second end; −1 elsewhere. Chords are the last ones.
        """
        new = len(self.points) - len(edge) + np.arange(len(edge))
        count = np.bincount(edge, minlength=len(self.edges))
        before = np.cumsum(count) - count  # new vertices on the edges before
        # An edge of vertices a, n1, n2, …, b becomes (a, n1) in its own place, (n1, n2), … at the end.
        cells, old = self.cells, self.edges.copy()
        is_last = np.append(edge[1:] != edge[:-1], True)[: len(edge)]
        further = np.stack([new, np.where(is_last, old[edge, 1], np.append(new[1:], 0)[: len(edge)])], 1)
        cut = np.flatnonzero(count)
        self.edges[cut, 1] = new[before[cut]]
        self.edges = np.concatenate([self.edges, further])
        self.edge_units = np.append(self.edge_units, self.edge_units[edge])
        # Each place of a cell is followed by the new vertices on its edge, in the cell's sense.
        own = count[cells.edges]
        place, step = _spread(1 + own)
        on, own = cells.edges[place], own[place]
        forwards = old[on, 0] == cells.vertices[place]
        part = np.where(forwards, step, own - step)  # of the edge, from 0
        edges = np.where(part == 0, on, len(old) + before[on] + part - 1)
        index = before[on] + np.where(forwards, part - 1, part)  # among the new vertices
        is_new = step > 0
        vertices = np.where(is_new, len(self.points) - len(edge) + index, cells.vertices[place])
        starts = np.append(0, np.cumsum(np.add.reduceat(1 + count[cells.edges], cells.starts[:-1])))
        self.cells = Cells(starts, vertices, edges)
        # A convex cell has none or two cuts by a unit. Rounding may bend a thin one so that it has
        # four: neighbours along its rim then belong together.
        places = np.flatnonzero(is_new)
        units = unit[index[places]]
        order = np.lexsort((units, self.cells.of[places]))
        places, units = places[order], units[order]
        marks = np.full(len(vertices), -1)
        marks[places] = np.arange(len(places))
        self.chords.append(vertices[places].reshape(-1, 2))
        self.chord_units.append(first + units[::2])
        return marks

    def _cut_cells(
        self, centre: Array, change: Array, first: int, marks: Ints
    ) -> tuple[Ints, Array, list[Ints]]:
        """Divides cells along their chords, round by round: each cell along one of its chords.

        marks: as `_cut_edges` returns them. Returns what `_add` takes: where chords cross.
        """
        chords, units = self.chords[-1], self.chord_units[-1] - first
        vertices, edges = len(self.points), len(self.edges)
        done, cells = [], self.cells
        edge_ends, edge_units = [self.edges], [self.edge_units]
        crossings: list[tuple[Ints, Array, Ints, Ints]] = []
        while True:
            is_cut = np.maximum.reduceat(marks, cells.starts[:-1]) >= 0
            if not is_cut.all():
                done.append(_select(cells, marks, ~is_cut)[0])
                cells, marks = _select(cells, marks, is_cut)
            if not len(marks):
                break
            ends, crossing = _choose(cells, marks)
            own = marks[ends[:, 0]] >> 1  # the chord along which each cell is divided
            # Where it crosses the cell's other chords, as shares of its way.
            cell, other = crossing.cell, crossing.chord
            a, b = (centre[units[other]] + change[chords[own[cell], k], units[other]] for k in (0, 1))
            with np.errstate(all="ignore"):
                share = a / (a - b)
            share = np.clip(np.where(np.isfinite(share), share, 0.5), 0, 1)
            backwards = marks[ends[:, 0]] & 1 == 1
            order = np.lexsort((np.where(backwards[cell], -share, share), cell))
            crossing = Crossing(*(column[order] for column in crossing))
            share, cell, other = share[order], cell[order], other[order]
            crossings.append((chords[own[cell]], share, units[own[cell]], units[other]))
            edge_units.append(np.repeat(first + units[own], 1 + np.bincount(cell, minlength=len(own))))
            cells, marks, new = _divide(cells, marks, ends, crossing, vertices, edges)
            edge_ends.append(new)
            vertices, edges = vertices + len(share), edges + len(new)
        self.edges, self.edge_units = np.concatenate(edge_ends), np.concatenate(edge_units)
        self.cells = _join(done)
        if not crossings:
            return np.zeros((0, 2), np.int64), np.zeros(0), []
        pairs, shares, *crossed = (np.concatenate(parts) for parts in zip(*crossings, strict=True))
        return pairs, shares, crossed


class Crossing(NamedTuple):
    """Where a cell's other chords cross the one along which it is divided, (N,) each."""

    cell: Ints
    chord: Ints  # the other
    inner: Ints  # the place of its end between the ends of the first, and whether it is its second
    outer: Ints  # the same of its other end


def _choose(cells: Cells, marks: Ints) -> tuple[Ints, Crossing]:
    """A chord of each cell: (cells, 2), the places of its ends; and the others that cross it.

    It is the one with the lowest number. Chords cross where their ends alternate along the rim.
    """
    places = np.flatnonzero(marks >= 0)
    of = cells.of[places]
    order = np.lexsort((marks[places] >> 1, of))
    ends, of = places[order].reshape(-1, 2), of[order][::2]
    is_first = np.append(True, of[1:] != of[:-1])
    chosen, ends, of = ends[is_first], ends[~is_first], of[~is_first]
    low, high = chosen[of].T
    inside = (ends > low[:, None]) & (ends < high[:, None])
    crosses = inside[:, 0] != inside[:, 1]
    ends, of, inside = ends[crosses], of[crosses], inside[crosses, 0]
    inner, outer = np.where(inside, ends.T, ends.T[::-1])
    return chosen, Crossing(of, marks[inner] >> 1, inner, outer)


def _divide(
    cells: Cells, marks: Ints, ends: Ints, crossing: Crossing, vertices: int, edges: int
) -> tuple[Cells, Ints, Ints]:
    """Each cell in two, along a chord.

    ends: (cells, 2), the places of its ends; crossing: from the first to the second end, cell by
    cell; vertices, edges: how many there are so far. Returns the cells, that before the chord's
    first end and behind its second end after the other, their marks, and the new edges.
    """
    count = np.bincount(crossing.cell, minlength=len(ends))
    new_vertices = vertices + np.arange(len(crossing.cell))
    # The chords' vertices one after another, their ends included.
    way_cell, step = _spread(count + 2)
    starts = np.cumsum(count + 2) - count - 2
    way = np.empty(len(way_cell), np.int64)
    is_inner = (step > 0) & (step <= count[way_cell])
    way[is_inner] = new_vertices
    way[starts], way[starts + count + 1] = cells.vertices[ends].T
    first_edge = edges + np.cumsum(count + 1) - count - 1
    new_edges = np.stack([way[:-1], way[1:]], 1)[step[:-1] <= count[way_cell[:-1]]]
    # On each side the other chord goes on from the crossing: as its second end where its first one
    # lies on this side.
    side_marks = np.full((2, len(way)), -1)
    for side, place in enumerate((crossing.inner, crossing.outer)):
        side_marks[side, is_inner] = marks[place] ^ 1
    # A half is a stretch of the rim, from one end of the chord up to the other, and the way back.
    sizes = np.diff(cells.starts)
    between = ends[:, 1] - ends[:, 0]
    stretch = np.stack([between, sizes - between], 1).ravel()
    half, r = _spread(stretch + np.repeat(count + 1, 2))
    cell, side, on_rim = half >> 1, half & 1, r < stretch[half]
    start = cells.starts[cell]
    rim = start + (ends[cell, side] - start + r) % sizes[cell]
    back = r - stretch[half]  # 0 at the end of the stretch
    at = starts[cell] + np.where(side == 0, count[cell] + 1 - back, back)
    edge = first_edge[cell] + np.where(side == 0, count[cell] - back, back)
    at[on_rim] = 0
    halves = Cells(
        np.append(0, np.cumsum(np.bincount(half))),
        np.where(on_rim, cells.vertices[rim], way[at]),
        np.where(on_rim, cells.edges[rim], edge),
    )
    new_marks = np.where(on_rim, marks[rim], side_marks[side, at])
    new_marks[r == 0] = -1  # the chord itself is done
    return halves, new_marks, new_edges


def _spread(counts: Ints) -> tuple[Ints, Ints]:
    """0, 1, …, each as often as its count says, and which time it is, from 0."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def _select(cells: Cells, marks: Ints, chosen: NDArray[np.bool_]) -> tuple[Cells, Ints]:
    """Some of the cells, with their marks."""
    sizes = np.diff(cells.starts)
    places = np.repeat(chosen, sizes)
    starts = np.append(0, np.cumsum(sizes[chosen]))
    return Cells(starts, cells.vertices[places], cells.edges[places]), marks[places]


def _join(parts: Sequence[Cells]) -> Cells:
    """The cells of all parts."""
    sizes = np.concatenate([np.diff(part.starts) for part in parts])
    vertices, edges = (np.concatenate([part[k] for part in parts]) for k in (1, 2))
    return Cells(np.append(0, np.cumsum(sizes)), vertices, edges)


def _areas(points: Array, cells: Cells) -> Array:
    """Of the cells, by the shoelace formula."""
    a, b = points[cells.vertices], points[cells.following]
    twice: Array = np.add.reduceat(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], cells.starts[:-1])
    return twice / 2


def _count_regions(points: Array, cells: Cells) -> int:
    """Cells that are wider than MIN_WIDTH: coinciding lines have others between them."""
    x, y = points.T
    a, b = cells.vertices, cells.following
    xa, ya, xb, yb = x[a], y[a], x[b], y[b]
    rims = np.add.reduceat(np.abs(xb - xa) + np.abs(yb - ya), cells.starts[:-1])
    areas = np.add.reduceat(xa * yb - ya * xb, cells.starts[:-1])
    return int(np.count_nonzero(areas > MIN_WIDTH * rims))

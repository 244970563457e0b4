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

import numpy as np

from netart.errors import NetartError
from netart.lens import cells as polygons
from netart.lens.cells import Array, Cells, Ints, Open
from netart.lens.folding import FoldedLayer

FRAME = -1  # stands for a unit in edges of the picture's own frame
CROSSING = -2  # stands for the unit that a line bends on where it is none

# Of the numbers that are summed up in a pre-activation: what lies nearer to 0 counts as above it.
ROUNDING = 1e-12
MIN_WIDTH = 1e-12  # of a cell that counts as a region, in picture coordinates
MAX_NUMBERS = 1 << 27  # vertices times units of a layer: 1 GiB


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
        return polygons.areas(self.points, self.cells)

    @cached_property
    def middles(self) -> Array:
        """Of the cells: (cells, 2), the centres of their areas."""
        return polygons.middles(self.points, self.cells)

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
        largest = np.maximum(values.max(axis=0), -values.min(axis=0))
        reach = largest @ np.abs(layer.weight).T
        change = work.cut(layer.centre, change, ROUNDING * reach, first)
        first += len(layer.centre)
        regions.append(polygons.count_wide(work.points, work.cells, MIN_WIDTH))
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
        change = self._add(change, ends, share)
        cut = self._cut_edges(edge, unit, first)
        ends, share = self._cut_cells(cut, centre, change, first)
        self.bends_on = np.append(self.bends_on, np.full(len(share), CROSSING))
        return self._add(change, ends, share)

    def _add(self, change: Array, ends: Ints, share: Array) -> Array:
        """Adds vertices between pairs of others, and returns `change` with them.

        ends: (N, 2) of vertices; share: (N,), of the way from one to the other.
        """
        if (len(change) + len(ends)) * change.shape[1] > MAX_NUMBERS:
            raise NetartError(
                f"more than {MAX_NUMBERS // change.shape[1]:,} vertices in a layer of "
                f"{change.shape[1]} units: draw fewer layers, or zoom in"
            )
        a, b = ends.T
        part = share[:, None]
        between = self.points[a] + part * (self.points[b] - self.points[a])
        self.points = np.concatenate([self.points, between])
        return np.concatenate([change, change[a] + part * (change[b] - change[a])])

    def _cut_edges(self, edge: Ints, unit: Ints, first: int) -> Open:
        """Divides edges at the last len(edge) vertices, and finds the chords between these.

        edge: of each such vertex, ascending, along each edge from its first end; unit: that is 0
        there; first: the number of the first unit. Returns the cells with the chords.
        """
        new = len(self.points) - len(edge) + np.arange(len(edge))
        count = np.bincount(edge, minlength=len(self.edges))
        before = np.cumsum(count) - count  # new vertices on the edges before
        # An edge (a, b) with new vertices n1, n2 becomes (a, n1), and at the end (n1, n2), (n2, b).
        cells, old = self.cells, self.edges.copy()
        following = np.append(new[1:], 0)[: len(new)]
        is_last = np.append(edge[1:] != edge[:-1], True)[: len(new)]
        further = np.stack([new, np.where(is_last, old[edge, 1], following)], axis=1)
        cut = np.flatnonzero(count)
        self.edges[cut, 1] = new[before[cut]]
        self.edges = np.concatenate([self.edges, further])
        self.edge_units = np.append(self.edge_units, self.edge_units[edge])
        # Each place of a cell is followed by the new vertices on its edge, in the cell's sense.
        own = count[cells.edges]
        place, step = polygons.spread(1 + own)
        on, own = cells.edges[place], own[place]
        forwards = old[on, 0] == cells.vertices[place]
        part = np.where(forwards, step, own - step)  # of the edge, from 0
        edges = np.where(part == 0, on, len(old) + before[on] + part - 1)
        index = before[on] + np.where(forwards, part - 1, part)  # among the new vertices
        is_new = step > 0
        vertices = np.where(is_new, len(self.points) - len(edge) + index, cells.vertices[place])
        starts = np.append(0, np.cumsum(np.add.reduceat(1 + count[cells.edges], cells.starts[:-1])))
        cells = Cells(starts, vertices, edges)
        # A convex cell has none or two cuts by a unit. Rounding may bend a thin one so that it has
        # four: neighbours along its rim then belong together.
        places = np.flatnonzero(is_new)
        units = unit[index[places]]
        order = np.lexsort((units, cells.of[places]))
        places, units = places[order], units[order]
        ends = np.full(len(vertices), -1)
        ends[places] = np.arange(len(places))
        self.chords.append(vertices[places].reshape(-1, 2))
        self.chord_units.append(first + units[::2])
        return Open(cells, ends, (ends & 1).astype(np.float64))

    def _cut_cells(self, cut: Open, centre: Array, change: Array, first: int) -> tuple[Ints, Array]:
        """Divides cells along their chords, round by round: each cell along one of its chords.

        Returns what `_add` takes: where chords cross.
        """
        chords, units = self.chords[-1], self.chord_units[-1] - first
        vertices, edges = len(self.points), len(self.edges)
        done, edge_ends, edge_units = [], [self.edges], [self.edge_units]
        pairs, shares = [np.zeros((0, 2), np.int64)], [np.zeros(0)]

        while True:
            is_cut = np.maximum.reduceat(cut.ends, cut.cells.starts[:-1]) >= 0
            if not is_cut.all():
                done.append(cut.select(~is_cut).cells)
                cut = cut.select(is_cut)
            if not len(cut.ends):
                break
            ends, crossings = polygons.choose(cut)
            own = cut.ends[ends[:, 0]] >> 1  # the chord along which each cell is divided
            cell, other, inner, outer = crossings
            z = centre[units[other]] + change[chords[own[cell]].T, units[other]]
            share, other_share = _meet(
                self.points[chords[own[cell]]],
                self.points[chords[other]],
                np.sort(cut.shares[ends[cell]], axis=1).T,
                np.sort([cut.shares[inner], cut.shares[outer]], axis=0),
                z,
            )
            backwards = cut.ends[ends[:, 0]] & 1 == 1
            order = np.lexsort((np.where(backwards[cell], -share, share), cell))
            crossings, share, other_share = crossings.take(order), share[order], other_share[order]
            cell = crossings.cell
            pairs.append(chords[own[cell]])
            shares.append(share)
            parts = 1 + np.bincount(cell, minlength=len(own))
            edge_units.append(np.repeat(first + units[own], parts))
            cut, new = polygons.divide(cut, ends, crossings, other_share, vertices, edges)
            edge_ends.append(new)
            vertices, edges = vertices + len(share), edges + len(new)
        self.edges, self.edge_units = np.concatenate(edge_ends), np.concatenate(edge_units)
        self.cells = polygons.join(done)
        return np.concatenate(pairs), np.concatenate(shares)


def _meet(
    first: Array, second: Array, spans: Array, others: Array, z: Array
) -> tuple[Array, Array]:
    """Where chords cross, as shares of the way of the first and of the second.

    first, second: (N, 2, 2), their ends, u and v; spans, others: (2, N), the shares between which
    what is left of each runs; z: (2, N), of the second one's unit at the ends of the first. Where
    chords coincide the place is one that lies on both.
    """
    pieces = (second[:, 0] + share[:, None] * (second[:, 1] - second[:, 0]) for share in others)
    reach = np.sort([_along(first, end) for end in pieces], axis=0)
    low, high = (np.clip(ends, *spans) for ends in reach)
    share = np.clip(_divide(z[0], z[0] - z[1], (low + high) / 2), low, high)
    place = first[:, 0] + share[:, None] * (first[:, 1] - first[:, 0])
    return share, np.clip(_along(second, place), *others)


def _along(chords: Array, points: Array) -> Array:
    """The share of the way of chords (N, 2, 2) at which points (N, 2) lie beside them."""
    way = chords[:, 1] - chords[:, 0]
    return _divide(((points - chords[:, 0]) * way).sum(axis=1), (way * way).sum(axis=1), 0.0)


def _divide(a: Array, b: Array, otherwise: Array | float) -> Array:
    """a / b, or the other number where b is 0."""
    with np.errstate(all="ignore"):
        found = a / b
    return np.where(np.isfinite(found), found, otherwise)

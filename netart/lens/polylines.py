"""Joins the chords of an arrangement to the polylines that units switch on."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.lens.arrangement import Arrangement
from netart.lens.cells import Array, Ints

Flags = NDArray[np.bool_]

# In picture coordinates: vertices as near to one another are one point, and one as near to the way
# between its neighbours is no bend.
MERGED = 1e-11
STRAIGHT = 1e-13


class Polyline(NamedTuple):
    """A line on which one unit switches, from end to end or once around."""

    unit: int  # counted through all layers from 0
    # Of the arrangement; all but the ends are bends. A closed one ends with its first.
    vertices: Ints

    @property
    def is_closed(self) -> bool:
        """Whether it runs back into itself."""
        return bool(self.vertices[0] == self.vertices[-1])


def polylines(arrangement: Arrangement) -> list[Polyline]:
    """The lines of all units, unit by unit."""
    walks = _join_chords(arrangement)
    vertices = np.fromiter(chain.from_iterable(walks), np.int64)
    sizes = np.array([len(walk) for walk in walks], np.int64)
    ends = np.cumsum(sizes) - 1
    is_end = np.zeros(len(vertices), bool)
    is_end[ends] = is_end[ends - sizes + 1] = True
    line = np.repeat(np.arange(len(walks)), sizes)
    for keeps in (_is_apart, _is_bend):
        kept = is_end | keeps(arrangement.points[vertices])
        vertices, is_end, line = vertices[kept], is_end[kept], line[kept]
    units = np.zeros(len(arrangement.points), np.int64)
    units[arrangement.chords] = arrangement.chord_units[:, None]
    parts = np.split(vertices, np.flatnonzero(np.diff(line)) + 1) if len(walks) else []
    found = [Polyline(int(units[part[0]]), part) for part in parts]
    return sorted(found, key=lambda one: one.unit)


def _join_chords(arrangement: Arrangement) -> list[list[int]]:
    """The vertices along each line, those with ends before those without."""
    ends = arrangement.chords.ravel()  # that with number k is the other end of k ^ 1
    order = np.argsort(ends, kind="stable")
    twins = np.flatnonzero(ends[order[1:]] == ends[order[:-1]])
    following = np.full(len(ends), -1)  # the end of another chord at the same vertex
    following[order[twins]] = order[twins + 1]
    following[order[twins + 1]] = order[twins]
    vertex, follow = ends.tolist(), following.tolist()
    seen = bytearray(len(vertex) // 2)
    walks = []
    for start in (*np.flatnonzero(following < 0).tolist(), *range(0, len(vertex), 2)):
        if seen[start >> 1]:
            continue
        walk, at = [vertex[start]], start
        while at >= 0 and not seen[at >> 1]:
            seen[at >> 1] = True
            walk.append(vertex[at ^ 1])
            at = follow[at ^ 1]
        walks.append(walk)
    return walks


def _is_apart(points: Array) -> Flags:
    """Of each point, whether it lies apart from the one before."""
    steps = np.diff(points, axis=0, prepend=np.inf)
    return np.asarray(np.abs(steps).max(axis=1) > MERGED)


def _is_bend(points: Array) -> Flags:
    """Of each point, whether it lies off the way from the one before to the one after."""
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    way = before + after
    off = np.abs(way[:, 0] * before[:, 1] - way[:, 1] * before[:, 0])
    is_back = (before * after).sum(axis=1) < 0
    return np.asarray(is_back | (off > STRAIGHT * np.hypot(*way.T)))

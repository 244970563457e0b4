"""What hidden units do over the square of a view: which are twins, which are never on, which go on
moving to the end of training, and where most of their lines bend.

A unit is on where its pre-activation is above 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.evaluate.reference import forward
from netart.evaluate.request import LayerFunction, Units, empty_head
from netart.lens.exact import ExactLines, Unit, exact_lines
from netart.net.build import to_network
from netart.net.cost import OWN_BYTES, Cost, announce
from netart.net.learning.run import Run, shapes
from netart.net.learning.trained import Trained
from netart.net.network import Network, input_names
from netart.net.piecewise import check_piecewise_linear
from netart.net.threads import one_blas_thread
from netart.shot.shot import Shot
from netart.shot.view import View, affine, coordinates

__all__ = [
    "CriticalPoint", "Motion", "Twins", "Unit", "UnitReport", "Ways", "examine",
    "first_layer_ways", "half_way", "late_from",
]  # fmt: skip

Array = NDArray[np.float64]
Sides = NDArray[np.bool_]  # (rows, columns, units): where each unit of a layer is on

SIDE = 256  # points along a side of the square's grid
MAX_WORK = 1 << 33  # multiplications at its points: some two seconds of a core
AT_A_TIME = 1 << 20  # units of points
MAX_SIDES = 1 << 27  # of units at points: a byte each
COUNTED = 1 << 13  # points at a time, where pairs of units are counted
WORK_PER_S = 1 << 33  # on one core of 2.5 GHz
VERTEX_S = 2.5e-8
# What a layer and a unit of it cost at a point beside multiplications, in such.
LAYER_WORK, UNIT_WORK = 300, 30
MAX_UNITS = 400  # whose lines are joined: they are some 100,000 pieces

LEAST_AGREEMENT = 0.9  # of twins
LAST = 0.05  # of the steps: how late a boundary still moves
SHORTEST = 0.25  # of a boundary that counts as moving, in sides of the square
NEAR = 0.015  # in sides of the square: bends so near to one another are at one point
LEAST_TURN = np.radians(5)  # of a bend that counts
MAX_LISTED = 8  # of each kind
LEAST_DISTANCE = 1e-4  # of an indecisive unit, in sides of the square


class Twins(NamedTuple):
    """Two units of a layer that are on at the same places."""

    units: tuple[Unit, Unit]
    # The phi coefficient of their sides: 1 where these are the same everywhere, 0 where they have
    # nothing to do with one another, however much of the square both fill.
    agreement: float


class Motion(NamedTuple):
    """How a unit's boundary moved at the end of training. Lengths are in sides of the square."""

    unit: Unit
    swept: float  # the share of the square that changed sides at least once
    length: float  # of the boundary, at the mean of these steps

    @property
    def distance(self) -> float:
        """How far the boundary moved, on average along it."""
        return self.swept / self.length


class CriticalPoint(NamedTuple):
    """Where lines of many units bend, or others bend on them."""

    x: float
    y: float
    units: tuple[Unit, ...]
    bends: int


class UnitReport(NamedTuple):
    """What `examine` finds, the most striking first."""

    twins: list[Twins]
    indecisive: list[Motion]
    # None where lines are curves.
    critical: list[CriticalPoint] | None
    never_on: list[Unit]  # anywhere
    always_on: list[Unit]


def examine(shot: Shot) -> UnitReport:
    """What the units of a shot's network do over the square of its view. Where that takes long, a
    line of the log says so.

    Raises NetartError where the network is too large to be evaluated at so many points.
    """
    network, view = to_network(shot.network), shot.view
    announce("examining the units", _cost(shot))
    layers = sides(network, view)
    moved = late_motion(shot.network.drawn, view) if isinstance(shot.network, Trained) else []
    return UnitReport(
        find_twins(layers),
        [motion for motion in moved if motion.distance >= LEAST_DISTANCE][:MAX_LISTED],
        critical_points(shot),
        _constant(layers, False),
        _constant(layers, True),
    )


def find_twins(layers: list[Sides]) -> list[Twins]:
    """The pairs of units whose sides agree by LEAST_AGREEMENT, those that agree most first,
    MAX_LISTED at most.
    """
    found = []
    for layer, on in enumerate(layers, 1):
        phi = agreement(on)
        first, second = np.nonzero(np.triu(phi >= LEAST_AGREEMENT, 1))
        for k in np.argsort(-phi[first, second], kind="stable")[:MAX_LISTED].tolist():
            a, b = int(first[k]), int(second[k])
            found.append(Twins(((layer, a + 1), (layer, b + 1)), float(phi[a, b])))
    return sorted(found, key=lambda twins: -twins.agreement)[:MAX_LISTED]


def agreement(on: Sides) -> Array:
    """(units, units): the phi coefficient of each two units of a layer; 0 where one of them is on
    everywhere or nowhere.

    φ = (n₁₁n₀₀ − n₁₀n₀₁) / √(n₁m₁n₀m₀), the correlation of two quantities that are 0 or 1 (Yule
    1912, "On the methods of measuring association between two attributes"). nₖₗ: the points at
    which the units are k and l; nₖ, mₖ: at which the one, or the other, is k.
    """
    flat = on.reshape(-1, on.shape[2])
    both = np.zeros((flat.shape[1],) * 2)  # n₁₁, whole numbers that float32 holds too
    for first in range(0, len(flat), COUNTED):
        some = flat[first : first + COUNTED].astype(np.float32)
        both += some.T @ some
    ones = np.diagonal(both)
    spread = ones * (len(flat) - ones)
    scale = np.sqrt(np.outer(spread, spread))
    return np.divide(
        len(flat) * both - np.outer(ones, ones), scale, where=scale > 0, out=np.zeros_like(both)
    )


def late_motion(run: Run, view: View) -> list[Motion]:
    """How boundaries moved in the LAST part of the steps, those that moved farthest first.

    Looked at are the steps that the run keeps there, and the last one before them. Units whose
    boundary is shorter than SHORTEST are left out.
    """
    kept = run.steps[run.steps >= late_from(run)].tolist()
    steps = kept[:: -(-len(kept) * _work(run.network(run.last)) // MAX_WORK)]
    changed: list[Sides] = []
    lengths: list[Array] = []
    before: list[Sides] = []
    for step in steps:
        layers = sides(run.network(step), view)
        if not before:
            changed = [np.zeros_like(on) for on in layers]
            lengths = [np.zeros(on.shape[2]) for on in layers]
            before = layers
        for k, on in enumerate(layers):
            changed[k] |= on != before[k]
            lengths[k] += boundary_length(on) / len(steps)
        before = layers
    found = [
        Motion((layer, unit + 1), float(changed[layer - 1][..., unit].mean()), float(length))
        for layer, row in enumerate(lengths, 1)
        for unit, length in enumerate(row)
        if length >= SHORTEST
    ]
    return sorted(found, key=lambda motion: -motion.distance)


def late_from(run: Run) -> int:
    """The step from which on boundaries are looked at."""
    before = run.steps[run.steps <= (1 - LAST) * run.last]
    return int(before[-1] if len(before) else run.steps[0])


def boundary_length(on: Sides) -> Array:
    """(units,): how long the boundaries are between where units are on and off, in sides of the
    square: π/4 of the steps along rows and columns that cross them, which is right on average over
    all directions (Cauchy and Crofton).
    """
    crossed = sum(
        (a != b).sum(axis=(0, 1)) for a, b in ((on[1:], on[:-1]), (on[:, 1:], on[:, :-1]))
    )
    return np.asarray(np.pi / 4 / SIDE * crossed)


def critical_points(shot: Shot) -> list[CriticalPoint] | None:
    """Where bends of the most units' lines are near one another, in the square of the view; None
    where lines are curves, or those of more than MAX_UNITS.

    A unit counts where its line bends, and where another bends on it. Around every bend that turns
    by LEAST_TURN or more the units are counted whose bends are NEAR; bends are taken from the most
    units down, those that are at least twice as far from all that were taken before.
    """
    widths = shot.network.widths
    shown = [(k, unit) for k, width in enumerate(widths, 1) for unit in range(1, width + 1)]
    if len(shown) > MAX_UNITS:
        return None
    try:
        exact = exact_lines(shot, (1, 1), shown)
    except NetartError:
        return None
    places, units = _bends(exact)
    near = list(_neighbours(places, 2 * NEAR))  # the square's side is 2 in u and v
    counts = [len(np.unique(units[each])) for each in near]
    taken: list[int] = []
    for k in np.argsort(counts, kind="stable")[::-1].tolist():
        if len(taken) == MAX_LISTED:
            break
        if all(np.hypot(*(places[k] - places[other])) > 4 * NEAR for other in taken):
            taken.append(k)
    names, found = to_network(shot.network).inputs, []
    for k in taken:
        middle = places[near[k]].mean(axis=0)
        x, y = coordinates(shot.view, names, middle[None])[:2, 0].tolist()
        met = tuple(exact.unit(unit) for unit in np.unique(units[near[k]]).tolist())
        found.append(CriticalPoint(x, y, met, len(near[k])))
    return found


def _bends(exact: ExactLines) -> tuple[Array, NDArray[np.int64]]:
    """The bends of the lines: (bends, 2), their u and v, and (bends, 2), which unit bends on which,
    as numbers through all layers.
    """
    places, pairs = [np.zeros((0, 2))], [np.zeros((0, 2), np.int64)]
    for line in exact.lines:
        vertices = line.vertices
        if line.is_closed:
            vertices = np.concatenate([vertices[-2:-1], vertices])
        at = exact.arrangement.points[vertices]
        way = np.diff(at, axis=0)
        before, after = way[:-1], way[1:]
        turn = np.arctan2(
            before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1)
        )
        on = exact.arrangement.bends_on[vertices[1:-1]]
        counted = (np.abs(turn) >= LEAST_TURN) & (on >= 0)
        places.append(at[1:-1][counted])
        pairs.append(np.stack([np.full(counted.sum(), line.unit), on[counted]], axis=1))
    return np.concatenate(places), np.concatenate(pairs)


def _neighbours(places: Array, reach: float) -> Iterator[NDArray[np.int64]]:
    """For each place (N, 2) the numbers of those within reach of it, itself too."""
    order = np.argsort(places[:, 0], kind="stable")
    x = places[order, 0]
    first, last = np.searchsorted(x, places[:, 0] - reach), np.searchsorted(x, places[:, 0] + reach)
    for at, low, high in zip(places, first, last, strict=True):
        some = order[low:high]
        yield some[np.hypot(*(places[some] - at).T) <= reach]


def sides(network: Network, view: View) -> list[Sides]:
    """Where the units of each hidden layer are on, over the square of the view, row 0 on top.

    Raises NetartError where that would take more than MAX_WORK, or MAX_SIDES of memory.
    """
    weights = sum(layer.weight.size for layer in network.layers)
    if SIDE**2 * weights > MAX_WORK:
        raise NetartError(f"a network of more than {MAX_WORK // SIDE**2:,} weights")
    units = sum(len(layer.bias) for layer in network.layers[:-1])
    if SIDE**2 * units > MAX_SIDES:
        raise NetartError(f"a network of more than {MAX_SIDES // SIDE**2:,} units")
    found: list[list[Sides]] = [[] for _ in range(network.depth)]

    def look(carried: Any, units: Units) -> Any:
        found[units.layer - 1].append((units.z > 0).reshape(-1, SIDE, units.width))
        return carried

    along = (2 * np.arange(SIDE) + 1 - SIDE) / SIDE
    heads = (empty_head(network, network.depth, 1),)
    rows = max(1, AT_A_TIME // (SIDE * max(len(layer.bias) for layer in network.layers)))
    with one_blas_thread(), np.errstate(all="ignore"):
        for top in range(0, SIDE, rows):
            u, v = np.meshgrid(along, -along[top : top + rows])
            at = coordinates(view, network.inputs, np.stack([u.ravel(), v.ravel()], axis=1))
            forward(network, heads, at, LayerFunction(look, ""))
    return [np.concatenate(parts) for parts in found]


def _work(network: Network) -> int:
    """What it takes to find the sides of a network's units once, in multiplications."""
    each = (LAYER_WORK + UNIT_WORK * len(one.bias) + one.weight.size for one in network.layers)
    return SIDE**2 * sum(each)


def _cost(shot: Shot) -> Cost:
    """What it takes to examine a shot: sides, those of late steps, pairs of units, lines."""
    network, widths, late = to_network(shot.network), shot.network.widths, 0
    work = _work(network)
    if isinstance(shot.network, Trained):
        run = shot.network.drawn
        late = min(int((run.steps >= late_from(run)).sum()) * work, MAX_WORK)
    pairs = SIDE**2 * sum(width**2 for width in widths)
    vertices = sum(widths) ** 3 if sum(widths) <= MAX_UNITS else 0  # times units
    seconds = (work + late + pairs) / WORK_PER_S + vertices * VERTEX_S
    return Cost(seconds, OWN_BYTES + SIDE**2 * 4 * sum(widths) + 8 * vertices)


class Ways(NamedTuple):
    """How far the lines of layer 1 have moved by each step that a run keeps: (steps, units) each,
    lengths of ways, to and fro.
    """

    # Of their distance from the middle of the square, in halves of its side.
    offset: Array
    # Of their direction, in radians.
    angle: Array


def first_layer_ways(run: Run, view: View) -> Ways:
    """How far the lines of layer 1 have shifted, and how far they have turned.

    A line on which a·u + b·v + c is 0 lies |c| / |(a, b)| from the middle of the view, in the
    direction of −c·(a, b). Raises NetartError where lines of layer 1 are curves.
    """
    recipe = run.head.recipe
    check_piecewise_linear(recipe, 0)
    inputs = input_names(recipe.latents)
    rows = [*(inputs.index(name) for name in recipe.features), *range(2, len(inputs))]
    at = affine(view, inputs)[rows]
    units, columns = shapes(recipe)[0]
    weights = run.weights[:, : units * columns].reshape(-1, units, columns)
    ways = Ways(*np.empty((2, len(weights), units)))
    for first in range(0, units, each := max(1, AT_A_TIME // weights[:, 0].size)):
        some = weights[:, first : first + each].astype(np.float64)
        lines = some[..., :-1] @ at
        steep = np.maximum(np.hypot(lines[..., 1], lines[..., 2]), np.finfo(np.float64).tiny)
        offsets = (lines[..., 0] + some[..., -1]) / steep
        angles = np.unwrap(np.arctan2(lines[..., 2], lines[..., 1]), axis=0)
        for way, moved in zip(ways, (offsets, angles), strict=True):
            steps = np.abs(np.diff(moved, axis=0, prepend=moved[:1]))
            way[:, first : first + each] = steps.cumsum(axis=0)
    return ways


def half_way(way: Array, run: Run) -> NDArray[np.int64]:
    """(units,): the first step of a run by which each unit has gone half of its way."""
    return np.asarray(run.steps[np.argmax(way >= way[-1] / 2, axis=0)])


def _constant(layers: list[Sides], side: bool) -> list[Unit]:
    """The units that are on this side everywhere."""
    return [
        (layer, unit + 1)
        for layer, on in enumerate(layers, 1)
        for unit in np.flatnonzero((on == side).all(axis=(0, 1))).tolist()
    ]

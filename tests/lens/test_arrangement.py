"""Exact switching lines: counts and areas against clipping in whole fractions, zeros against the
network itself, signs against a grid of points, at every zoom.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.reference import Reference, forward
from netart.evaluate.request import Head
from netart.lens import arrangement as module
from netart.lens.arrangement import CROSSING, FRAME, Arrangement, arrange
from netart.lens.folding import fold
from netart.lens.polylines import polylines
from netart.net.network import Network
from netart.net.piecewise import KINKED, check_piecewise_linear
from netart.net.recipe import Recipe, Weights
from netart.shot.view import View, affine, point
from tests.arrangements import (
    SQUARE,
    TILTED,
    WHOLE,
    WIDE,
    coinciding_network,
    degenerate_network,
    network,
    random_network,
)


def arranged(
    one: Network, view: View = WHOLE, box: tuple = SQUARE, depth: int | None = None
) -> Arrangement:
    return arrange(fold(one, view, one.depth if depth is None else depth), *box)


def check(found: Arrangement, box: tuple = SQUARE) -> None:
    """Euler's formula; cells that fill the rectangle, each on the left of its edges."""
    cells, edges = found.cells, found.edges
    assert len(found.points) - len(edges) + len(found.areas) == 1
    (left, bottom), (right, top) = box
    assert found.areas.sum() == pytest.approx((right - left) * (top - bottom), abs=1e-12)
    assert found.areas.min() > -1e-14
    assert (found.points >= box[0]).all() and (found.points <= box[1]).all()
    # Every edge is met by its own cells, once in either direction; of the frame by one alone.
    forwards = edges[cells.edges, 0] == cells.vertices
    assert np.array_equal(np.where(forwards, *edges[cells.edges].T[::-1]), cells.following)
    times = np.bincount(cells.edges, minlength=len(edges))
    assert np.array_equal(times, np.where(found.edge_units == FRAME, 1, 2))
    assert (np.bincount(cells.edges, forwards, len(edges)) <= 1).all()


def clipped_regions(one: Network, box: tuple = SQUARE) -> list[int]:
    """The regions after each layer, by clipping polygons one by one in exact fractions."""
    (left, bottom), (right, top) = [[Fraction(c) for c in corner] for corner in box]
    square = [(left, bottom), (right, bottom), (right, top), (left, top)]
    regions = [
        (square, [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]], [Fraction(0)] * 2)
    ]
    counts = []
    for layer in one.layers[:-1]:
        below, above = map(Fraction, KINKED[layer.activation])
        following = []
        for polygon, slopes, constants in regions:
            z = []
            for row, bias in zip(layer.weight.tolist(), layer.bias.tolist(), strict=True):
                pairs = list(zip(map(Fraction, row), slopes, constants, strict=True))
                p, q = (sum((w * s[k] for w, s, _ in pairs), Fraction(0)) for k in (0, 1))
                z.append((p, q, sum((w * c for w, _, c in pairs), Fraction(bias))))
            pieces = [(polygon, [])]
            for p, q, r in z:
                halves = []
                for shape, signs in pieces:
                    values = [p * x + q * y + r for x, y in shape]
                    for sign in (1, -1):
                        if any(sign * value > 0 for value in values):
                            halves.append((clip(shape, values, sign), [*signs, sign]))
                    if not any(values):
                        halves.append((shape, [*signs, 1]))
                pieces = halves
            for shape, signs in pieces:
                factors = [above if sign > 0 else below for sign in signs]
                following.append(
                    (
                        shape,
                        [[f * p, f * q] for f, (p, q, _) in zip(factors, z, strict=True)],
                        [f * r for f, (_, _, r) in zip(factors, z, strict=True)],
                    )
                )
        regions = following
        counts.append(len(regions))
    return counts


def clip(shape: list, values: list, sign: int) -> list:
    """The part of a polygon on which what has these values at its vertices has this sign."""
    kept = []
    for k, (b, zb) in enumerate(zip(shape, values, strict=True)):
        a, za = shape[k - 1], values[k - 1]
        if za * zb < 0:
            t = za / (za - zb)
            kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        if sign * zb >= 0:
            kept.append(b)
    return kept


def unit_values(one: Network, view: View, depth: int, uv: np.ndarray) -> np.ndarray:
    """(N, units): pre-activations of a layer at points (u, v)."""
    exact = Reference().convert
    rows = affine(view, one.inputs)
    at = (rows[:, 0] + uv @ rows[:, 1:].T).T
    head = Head(depth - 1, exact(one.layers[depth - 1]))
    return forward(one.map_layers(exact), (head,), at).outputs


@pytest.mark.parametrize("activation", KINKED)
@pytest.mark.parametrize(("widths", "seed"), [((1,), 1), ((9,), 2), ((7, 11, 5), 3), ((6,) * 7, 4)])
def test_cells_fill_the_picture(widths: tuple[int, ...], seed: int, activation: str) -> None:
    one = random_network(widths, seed, activation, ("t",))
    found = arranged(one, TILTED, WIDE)
    check(found, WIDE)
    assert found.first_units.tolist() == [0, *np.cumsum(widths)]
    assert len(found.regions) == len(widths)
    assert found.regions[-1] == len(found.areas)


@pytest.mark.parametrize("activation", KINKED)
def test_units_are_zero_on_their_lines(activation: str) -> None:
    one = random_network((9, 8, 7), 5, activation, ("t",))
    found = arranged(one, TILTED, WIDE)
    owner = np.append(found.edge_units, found.chord_units)
    ends = np.concatenate([found.edges, found.chords])
    for depth in (1, 2, 3):
        z = unit_values(one, TILTED, depth, found.points)
        for unit in range(*found.first_units[depth - 1 : depth + 1]):
            own = ends[owner == unit].ravel()
            column = unit - found.first_units[depth - 1]
            assert np.abs(z[own, column]).max(initial=0) < 1e-14 * np.abs(z).max()
        # Nor do they change sign within a cell.
        of, vertices = found.cells.of, found.cells.vertices
        is_above = np.logical_or.reduceat(z[vertices] > 1e-12, found.cells.starts[:-1])
        is_below = np.logical_or.reduceat(z[vertices] < -1e-12, found.cells.starts[:-1])
        assert len(of) and not (is_above & is_below).any()


@pytest.mark.parametrize("seed", range(6))
def test_regions_are_those_of_clipping(seed: int) -> None:
    activation = ("relu", "leaky_relu", "abs")[seed % 3]
    one = random_network((5, 6, 4), seed, activation)
    assert arranged(one).regions == tuple(clipped_regions(one))


@pytest.mark.parametrize(
    "seeds", [range(60), pytest.param(range(60, 600), marks=pytest.mark.long)], ids=["some", "all"]
)
def test_degenerate_networks(seeds: range) -> None:
    for seed in seeds:
        one = degenerate_network(seed)
        found = arranged(one)
        check(found)
        assert found.regions == tuple(clipped_regions(one)), seed


@pytest.mark.parametrize(
    "seed", [*range(30), *(pytest.param(k, marks=pytest.mark.slow) for k in range(30, 300))]
)
def test_rounding_draws_no_lines(seed: int) -> None:
    one = coinciding_network(seed)
    found = arranged(one)
    check(found)
    assert found.regions == tuple(clipped_regions(one))
    assert not np.isin(found.chord_units, [9, 10]).any()


def test_lines_bend_on_those_of_earlier_layers_alone() -> None:
    """Layer 1 has straight lines; layer 2's bend on layer 1's; layer 3's on both."""
    one = random_network((8, 9, 10), 6)
    found = arranged(one)
    bent_on: dict[int, set[int]] = {1: set(), 2: set(), 3: set()}
    for line in polylines(found):
        depth = int(found.layer_of(np.array(line.unit)))
        inner = line.vertices[1:-1]
        on = found.bends_on[inner]
        assert depth > 1 or not len(inner)
        assert (on >= 0).all()
        assert (found.layer_of(on) < depth).all()
        bent_on[depth] |= set(found.layer_of(on).tolist())
        for vertex, unit in zip(inner, on, strict=True):
            layer = int(found.layer_of(unit))
            z = unit_values(one, WHOLE, layer, found.points[[vertex]])
            assert abs(z[0, unit - found.first_units[layer - 1]]) < 1e-13
        if not line.is_closed:
            assert (found.bends_on[line.vertices[[0, -1]]] == FRAME).all()
    assert bent_on == {1: set(), 2: {1}, 3: {1, 2}}
    assert CROSSING in found.bends_on


def test_every_bend_is_one() -> None:
    one = random_network((8, 9, 10), 6)
    found = arranged(one)
    for line in polylines(found):
        steps = np.diff(found.points[line.vertices], axis=0)
        steps /= np.hypot(*steps.T)[:, None]
        turns = steps[:-1, 0] * steps[1:, 1] - steps[:-1, 1] * steps[1:, 0]
        assert (np.abs(turns) > 1e-9).all()


def test_lines_pass_straight_where_nothing_of_a_unit_arrives() -> None:
    rng = np.random.default_rng(7)
    first = rng.normal(size=(4, 2)).astype(np.float32)
    second = rng.normal(size=(3, 4)).astype(np.float32)
    second[:, 2] = 0
    arrays = [
        (first, np.full(4, 0.1, np.float32)),
        (second, np.full(3, 0.2, np.float32)),
        (np.ones((1, 3), np.float32), np.zeros(1, np.float32)),
    ]
    found = arranged(network(arrays, ["relu", "relu"]))
    lines = [line for line in polylines(found) if line.unit >= 4]
    on = {int(unit) for line in lines for unit in found.bends_on[line.vertices[1:-1]]}
    assert on and 2 not in on
    crossed = found.chords[np.isin(found.chord_units, [4, 5, 6])]
    assert 2 in found.bends_on[crossed]


def test_a_closed_line_ends_where_it_begins() -> None:
    """max(x, 0) + max(−x, 0) + max(y, 0) + max(−y, 0) = ½ is a square on its corner."""
    eye = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], np.float32)
    arrays = [
        (eye, np.zeros(4, np.float32)),
        (np.ones((1, 4), np.float32), np.full(1, -0.5, np.float32)),
        (np.ones((1, 1), np.float32), np.zeros(1, np.float32)),
    ]
    found = arranged(network(arrays, ["relu", "relu"]))
    (line,) = (line for line in polylines(found) if line.unit == 4)
    assert line.is_closed
    assert len(line.vertices) == 5
    assert np.abs(found.points[line.vertices]).sum(axis=1) == pytest.approx(0.5)


def sign_changes(found: Arrangement, unit: int, columns: np.ndarray, v: float) -> np.ndarray:
    """How often a unit's line crosses the row between neighbouring columns, by its chords."""
    a, b = found.points[found.chords[found.chord_units == unit]].swapaxes(0, 1)
    crosses = (a[:, 1] < v) != (b[:, 1] < v)
    a, b = a[crosses], b[crosses]
    u = a[:, 0] + (v - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    return np.histogram(u, columns)[0]


@pytest.mark.parametrize("radius", [1.0, 1e-3])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "abs"])
def test_signs_on_a_grid_change_where_lines_are(radius: float, activation: str) -> None:
    one = random_network((12, 12, 12), 8, activation)
    view = WHOLE
    if radius < 1:  # about a point where two layers' lines meet
        wide = arranged(one)
        last = wide.chords[wide.chord_units >= 24].ravel()
        u, v = wide.points[last[wide.bends_on[last] >= 12][0]]
        view = View(centre=(Decimal(u), Decimal(v)), radius=radius)
    found = arranged(one, view)
    columns = np.linspace(-0.99, 0.98, 61)
    seen = 0
    for v in np.linspace(-0.98, 0.97, 16):
        uv = np.stack([columns, np.full_like(columns, v)], axis=1)
        for depth in (1, 2, 3):
            z = unit_values(one, view, depth, uv)
            for column in range(12):
                unit = int(found.first_units[depth - 1]) + column
                changes = (z[1:, column] < 0) != (z[:-1, column] < 0)
                crossed = sign_changes(found, unit, columns, v)
                assert np.array_equal(changes, crossed % 2 == 1)
                seen += int(changes.sum())
    assert seen > 20


@pytest.mark.parametrize("digits", [6, 13, 40, 150])
def test_lines_are_exact_at_every_depth(digits: int) -> None:
    """About a bend of layer 3 the view shrinks; there the units are 0 in exact fractions."""
    one = random_network((6, 6, 6), 9)
    view = WHOLE
    for k in range(0, digits, 3):
        found = arranged(one, view)
        own = found.chords[found.chord_units >= 12].ravel()
        own = own[found.bends_on[own] >= 6]
        nearest = own[np.argmin(np.abs(found.points[own]).max(axis=1))]
        u, v = found.points[nearest].tolist()
        view = View(centre=point(view, one.inputs, u, v), radius=10.0 ** -(k + 3))
    found = arranged(one, view)
    check(found)
    ends = found.chords[found.chord_units >= 12]
    assert len(ends) >= 2
    centre, radius = list(map(Fraction, view.centre)), Fraction(view.radius)
    for chord, unit in zip(found.chords, found.chord_units, strict=True):
        if unit < 12:
            continue
        for share in (Fraction(0), Fraction(1, 3), Fraction(1)):
            a, b = ([Fraction(c) for c in found.points[k].tolist()] for k in chord)
            at = [c + radius * (p + share * (q - p)) for c, p, q in zip(centre, a, b, strict=True)]
            z = exact_unit(one, 3, int(unit) - 12, at)
            # A millionth of the picture beside the line the unit is far from 0, on either side.
            du, dv = (radius * (q - p) for p, q in zip(a, b, strict=True))
            beside = [at[0] - dv / 10**6, at[1] + du / 10**6]
            other = exact_unit(one, 3, int(unit) - 12, beside)
            assert abs(z) < abs(other) / 1000


def exact_unit(one: Network, depth: int, unit: int, at: list[Fraction]) -> Fraction:
    """A unit's pre-activation at a point, in fractions; for relu."""
    y = at
    for k, layer in enumerate(one.layers[:depth], 1):
        z = [
            sum((Fraction(w) * value for w, value in zip(row, y, strict=True)), Fraction(bias))
            for row, bias in zip(layer.weight.tolist(), layer.bias.tolist(), strict=True)
        ]
        if k == depth:
            return z[unit]
        y = [max(value, Fraction(0)) for value in z]
    raise AssertionError


def test_the_last_layer_may_have_any_activation() -> None:
    arrays = [(layer.weight, layer.bias) for layer in random_network((5, 4), 1).layers]
    curved = network(arrays, ["relu", "tanh"])
    straight = network(arrays, ["relu", "relu"])
    assert np.array_equal(arranged(curved).points, arranged(straight).points)


def test_what_is_not_piecewise_linear_is_refused() -> None:
    curved = Recipe(widths=(5, 4), activations=("relu", "tanh"))
    check_piecewise_linear(curved, 1)
    with pytest.raises(NetartError, match="layer 2: tanh bends lines into curves, linear, relu"):
        check_piecewise_linear(curved, 2)
    other = Recipe(widths=(5, 4), activations=("relu",), features=("x", "r"))
    with pytest.raises(NetartError, match="feature r: bends lines into curves, x, y and latents"):
        check_piecewise_linear(other, 0)
    given = Weights(content=random_network((5, 4), 1, "tanh"))
    with pytest.raises(NetartError, match="layer 1: tanh"):
        check_piecewise_linear(given, 2)
    check_piecewise_linear(Weights(content=given.content, activations=("abs",)), 2)


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_NUMBERS", 1000)
    with pytest.raises(NetartError, match="more than 83 vertices in a layer of 12 units"):
        arranged(random_network((12, 12), 1))


def test_a_network_without_hidden_layers_has_one_cell() -> None:
    found = arranged(random_network((), 1))
    check(found)
    assert found.regions == ()
    assert polylines(found) == []

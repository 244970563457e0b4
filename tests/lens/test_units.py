"""What is said of trained units: twins, the indecisive, critical points, and what 002 claims."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from netart.errors import NetartError
from netart.lens import units
from netart.lens.exact import exact_lines
from netart.lens.units import (
    LEAST_TURN,
    NEAR,
    SIDE,
    agreement,
    boundary_length,
    critical_points,
    examine,
    find_twins,
    first_layer_ways,
    half_way,
    late_motion,
    sides,
)
from netart.net.build import to_network
from netart.net.cost import announce
from netart.net.learning.data import PictureData, examples
from netart.net.learning.options import Options
from netart.net.learning.run import Head, Run
from netart.net.learning.trainer import Trainer
from netart.net.network import Network, from_arrays
from netart.net.ops import feature
from netart.net.recipe import Recipe
from netart.shot.run_shot import shot_of_run
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.shot.view import View, coordinates
from tests.runs import made_run
from tests.shots import shot
from tests.trained import bottle

SQUARE = View(radius=1.0)


def network(*layers: list[list[float]], activation: str = "relu") -> Network:
    """Of rows (weights, then the bias) for each unit of each layer; the last is the output's."""
    arrays = [(np.array(rows)[:, :-1], np.array(rows)[:, -1]) for rows in layers]
    names = (*[activation] * (len(layers) - 1), "linear")
    return from_arrays(arrays, {"activations": names, "features": ("x", "y"), "latents": ()})


def written(*layers: list[list[float]], activation: str = "relu") -> Shot:
    """The same as a shot over the square ±1."""
    names = [activation] * (len(layers) - 1) + ["linear"]
    text = [
        {
            "weight": [row[:-1] for row in rows],
            "bias": [row[-1] for row in rows],
            "activation": name,
        }
        for rows, name in zip(layers, names, strict=True)
    ]
    return from_text({"network": {"kind": "weights", "layers": text}, "view": {"radius": 1}})


def run_of(*steps: tuple[int, list[list[float]]]) -> Run:
    """A run whose layer 1 has these rows at these steps."""
    made = made_run(steps=tuple(step for step, _ in steps), widths=(len(steps[0][1]),))
    count = 3 * len(steps[0][1])
    weights = np.array(made.weights)
    weights[:, :count] = [np.ravel(rows) for _, rows in steps]
    return replace(made, weights=weights)


@cache
def learned(seed: int = 1, steps: int = 2500) -> Run:
    """A small bottle, learned by 3 layers of 16."""
    pixels = np.asarray(bottle().resize((64, 64), 0))[..., None]
    data = PictureData("bottle", pixels)
    recipe = Recipe(
        widths=(16, 16, 16), outputs=1, activations=("relu",), distribution="he_normal",
        bias_scale=0.0, mix=((seed, 1.0),),
    )  # fmt: skip
    options = Options(steps=steps, batch=128, loss="cross_entropy", keep=(steps - 99, steps - 50))
    features = (feature("x"), feature("y"))
    trainer = Trainer(to_network(recipe), examples(data, features), options, seed)
    with threadpool_limits(1):
        kept = [each for each in trainer.run() if each]
    columns: Any = [np.array(column) for column in zip(*kept, strict=True)]
    return Run("bottle", Head(recipe=recipe, options=options), *columns, data)


# Where units are on.


def test_sides_are_where_pre_activations_are_above_0() -> None:
    first, second = sides(network([[1, 0, 0], [0, 1, -0.5]], [[1, 1, -1]], [[1, 0]]), SQUARE)
    assert first.shape == (SIDE, SIDE, 2)
    assert second.shape == (SIDE, SIDE, 1)
    half = SIDE // 2
    assert first[:, half:, 0].all()
    assert not first[:, :half, 0].any()
    assert first[: half // 2, :, 1].all()  # y up
    assert not first[half // 2 :, :, 1].any()
    assert second.mean() == pytest.approx(0.125 / 4, abs=0.001)  # a triangle


def test_sides_do_not_depend_on_how_many_points_are_taken_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = to_network(shot(layers="2x5", activation="relu").network)
    whole = sides(one, SQUARE)
    monkeypatch.setattr(units, "AT_A_TIME", 3 * SIDE * 5)
    for on, other in zip(sides(one, SQUARE), whole, strict=True):
        assert np.array_equal(on, other)


def test_networks_that_take_too_long_are_refused() -> None:
    for layers, limit in (("2x400", "131,072 weights"), ("1x3000", "2,048 units")):
        with pytest.raises(NetartError, match=f"a network of more than {limit}"):
            examine(shot(layers=layers, lens="lines"))


def test_what_takes_long_is_told_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def begin(*given: object) -> list[units.Sides]:
        raise NotImplementedError

    announce.cache_clear()
    monkeypatch.setattr(units, "sides", begin)
    for layers, told in (("2x20", []), ("2x200", ["examining the units takes about 3 s"])):
        with pytest.raises(NotImplementedError):
            examine(shot(layers=layers))
        assert [record.getMessage().partition(" and")[0] for record in caplog.records] == told


# Twins.


def halves(*rows: list[float]) -> np.ndarray:
    return sides(network(list(rows), [[*[0.0] * len(rows), 0.0]]), SQUARE)[0]


def test_units_agree_where_they_are_on_at_the_same_places() -> None:
    on = halves([1, 0, 0.2], [3, 0, 0.6], [-1, 0, -0.2], [0, 1, 0])
    phi = agreement(on)
    assert phi.diagonal() == pytest.approx(1)
    assert phi[0, 1] == pytest.approx(1)
    assert phi[0, 2] == pytest.approx(-1)
    assert phi[0, 3] == pytest.approx(0, abs=1e-12)


def test_being_on_nearly_everywhere_is_no_agreement() -> None:
    on = halves([1, 0, 0.9], [0, 1, 0.9], [1, 0, 5], [1, 0, -5])
    assert (on[..., 0] == on[..., 1]).mean() > 0.9
    assert agreement(on)[0, 1] == pytest.approx(0, abs=1e-12)
    assert not agreement(on)[2:].any()


def test_agreement_is_the_phi_coefficient() -> None:
    on = np.random.default_rng(1).random((9, 8, 2)) < [0.3, 0.7]
    a, b = on.reshape(-1, 2).T
    n11, n00, n10, n01 = (a & b).sum(), (~a & ~b).sum(), (a & ~b).sum(), (~a & b).sum()
    below = np.sqrt(float(a.sum() * (~a).sum() * b.sum() * (~b).sum()))
    assert agreement(on)[0, 1] == pytest.approx((n11 * n00 - n10 * n01) / below)


def test_twins_are_listed_from_the_nearest_on() -> None:
    layers = sides(
        network(
            [[1, 0, 0.2], [0, 1, 0], [1, 0.02, 0.2]],
            [[1, 0, 0, -0.5], [2, 0, 0, -1], [0, 1, 0, -0.3]],
            [[0, 0, 0, 0]],
        ),
        SQUARE,
    )
    found = find_twins(layers)
    assert [twins.units for twins in found] == [((2, 1), (2, 2)), ((1, 1), (1, 3))]
    assert found[0].agreement == pytest.approx(1)
    assert 0.95 < found[1].agreement < 1


def test_units_that_never_switch() -> None:
    report = examine(written([[1, 0, 2], [1, 0, -2], [0, 1, 0]], [[0, 0, 1, -3]], [[1, 0]]))
    assert report.never_on == [(1, 2), (2, 1)]
    assert report.always_on == [(1, 1)]
    assert report.indecisive == []


# Motion.


def test_the_length_of_a_boundary_is_right_on_average() -> None:
    rows, columns = np.ogrid[:SIDE, :SIDE]
    disc = np.hypot(rows - 100, columns - 120) < 60
    on = np.stack([disc, np.zeros_like(disc)], axis=2)
    assert boundary_length(on) == pytest.approx([2 * np.pi * 60 / SIDE, 0], rel=0.02)


def test_how_far_boundaries_move_at_the_end() -> None:
    still, corner = [0, 1, 0.3], [1, 1, -1.9]
    run = run_of(
        (0, [[1, 0, 0.9], still, corner]),
        (900, [[1, 0, 0.7], still, [1, 1, -1.8]]),  # before the last twentieth
        (960, [[1, 0, 0.5], still, corner]),
        (980, [[1, 0, 0.4], still, [1, 1, -1.8]]),
        (1000, [[1, 0, 0.5], still, corner]),
    )
    first, second = late_motion(run, SQUARE)  # the corner's boundary is too short
    assert (first.unit, second.unit) == ((1, 1), (1, 2))
    assert first.swept == pytest.approx(0.15, abs=0.01)  # from −0.7 to −0.4, of 2, counted once
    assert first.length == pytest.approx(np.pi / 4)
    assert first.distance == pytest.approx(first.swept / first.length)
    assert second.swept == second.distance == 0


def test_of_many_steps_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [(step, [[1.0, 0.0, step / 1000]]) for step in range(0, 1001)]
    run, seen = run_of(*steps), []
    real = units.sides
    monkeypatch.setattr(units, "sides", lambda network, view: seen.append(1) or real(network, view))
    monkeypatch.setattr(units, "MAX_WORK", 10 * units._work(run.network(0)))
    assert late_motion(run, SQUARE)[0].swept > 0.01
    assert 5 <= len(seen) <= 10


# Critical points.


def wedges(*corners: tuple[float, float]) -> Shot:
    """Layer 2 has a unit for each (slope, height), on the line y = height − slope · max(x, 0)."""
    first = [[1, 0, 0], [0, 1, 0], [0, -1, 0]]
    second = [[slope, 1, -1, -height] for slope, height in corners]
    return written(first, second, [[*[1.0] * len(corners), 0.0]])


def test_a_critical_point_is_where_many_lines_bend() -> None:
    corners = [(0.5, 0.4), (1, 0.41), (-0.7, 0.4), (0.8, -0.3), (0.04, -0.31)]
    found = critical_points(wedges(*corners))
    assert found is not None
    assert [point.bends for point in found] == [3, 1]
    most, single = found
    assert most.units == ((1, 1), (2, 1), (2, 2), (2, 3))
    assert (most.x, most.y) == pytest.approx((0, (0.4 + 0.41 + 0.4) / 3))
    assert single.units == ((1, 1), (2, 4))  # the last one turns by two degrees alone
    assert np.arctan(0.04) < LEAST_TURN < np.arctan(0.5)


def test_a_line_that_runs_back_into_itself_bends_at_all_its_corners() -> None:
    square = written([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], [[1, 1, 1, 1, -0.5]], [[1, 0]])
    found = critical_points(square)
    assert found is not None
    corners = sorted((round(point.x, 9), round(point.y, 9)) for point in found)
    assert corners == [(-0.5, 0), (0, -0.5), (0, 0.5), (0.5, 0)]


def test_critical_points_are_apart() -> None:
    heights = np.linspace(-0.9, 0.9, 90).tolist()
    found = critical_points(wedges(*((1.0, height) for height in heights)))
    assert found is not None
    assert len(found) == units.MAX_LISTED
    y = np.sort([point.y for point in found])
    assert np.diff(y).min() > 2 * NEAR
    assert all(point.bends >= 2 for point in found)


def test_critical_points_lie_in_the_coordinates_of_the_view() -> None:
    one = wedges((0.5, 0.4), (1, 0.4))
    turned = shot(one, center="0.2,0.3", radius="0.5", rotate="30", axes="y,x")
    found = critical_points(turned)
    assert found is not None
    assert (found[0].x, found[0].y) == pytest.approx((0, 0.4))
    assert critical_points(shot(one, center="5,5", radius="1")) == []


def test_curves_have_no_critical_points() -> None:
    assert critical_points(shot(layers="2x4", activation="tanh")) is None
    assert examine(shot(layers="2x4", activation="tanh")).critical is None
    assert critical_points(shot(layers="2x201", activation="relu")) is None


def test_critical_points_lie_where_units_are_0() -> None:
    one = shot_of_run(learned())
    found = critical_points(one)
    assert found
    layers = to_network(one.network).layers
    for point in found[:3]:
        assert len(point.units) >= 6
        z = y = np.array([point.x, point.y])
        values = []
        for layer in layers:
            z = layer.weight.astype(float) @ y + layer.bias
            values.append(z)
            y = np.maximum(z, 0)
        # The lines of its units pass near it: there is a point about it where each is 0.
        at = np.array([point.x, point.y])[:, None] + 4 * NEAR * np.mgrid[
            -1:1:41j, -1:1:41j
        ].reshape(2, -1)
        y = at
        for k, layer in enumerate(layers[:-1], 1):
            z = layer.weight.astype(float) @ y + layer.bias[:, None]
            for unit in (unit for depth, unit in point.units if depth == k):
                assert z[unit - 1].min() < 0 < z[unit - 1].max()
            y = np.maximum(z, 0)


# What 002 claims.


def test_layer_3_bends_where_it_should() -> None:
    """On the lines of layers 1 and 2, and nowhere else: in between it has one direction."""
    one = shot_of_run(learned())
    exact = exact_lines(one, (1, 1), [(3, unit) for unit in range(1, 17)])
    layers, names = to_network(one.network).layers, to_network(one.network).inputs
    met, bends = {1: 0, 2: 0}, 0
    for line in exact.lines:
        points = coordinates(one.view, names, exact.arrangement.points[line.vertices])
        y: Any = points
        values = []
        for layer in layers[:3]:
            z = layer.weight.astype(float) @ y + layer.bias[:, None].astype(float)
            values.append(z)
            y = np.maximum(z, 0)
        _, unit = exact.unit(line.unit)
        assert np.abs(values[2][unit - 1]).max() < 1e-9
        for k in range(1, points.shape[1] - 1):
            layer_on, unit_on = exact.unit(int(exact.arrangement.bends_on[line.vertices[k]]))
            assert abs(values[layer_on - 1][unit_on - 1, k]) < 1e-9
            met[layer_on] += 1
            bends += 1
        # In the middle of each piece no unit of layers 1 and 2 is 0 but by a hair, and none changes
        # sides along it.
        for low, high in zip(points.T[:-1], points.T[1:], strict=True):
            inner = low[:, None] + (high - low)[:, None] * [0.01, 0.99]
            y = inner
            for layer in layers[:2]:
                z = layer.weight.astype(float) @ y + layer.bias[:, None].astype(float)
                assert ((z > 1e-9).all(axis=1) | (z < 1e-9).all(axis=1)).all()
                y = np.maximum(z, 0)
    assert bends > 100
    assert min(met.values()) > 30


def test_ways_are_of_shifts_and_of_turns() -> None:
    run = run_of(
        (0, [[1, 0, 0.0], [2, 0, 1.0]]),
        (10, [[1, 0, 0.5], [2, 0, 1.0]]),  # shifts by a half
        (20, [[0, 2, 1.0], [2, 0, 1.0]]),  # turns by a right angle
        (30, [[0, -2, -1.0], [2, 0, 1.0]]),  # the same line, from its other side
    )
    ways = first_layer_ways(run, SQUARE)
    assert ways.offset[:, 0] == pytest.approx([0, 0.5, 0.5, 1.5])
    assert ways.angle[:, 0] == pytest.approx([0, 0, np.pi / 2, 1.5 * np.pi])
    assert not ways.offset[:, 1].any()
    half = first_layer_ways(
        replace(
            run,
            steps=run.steps[:3],
            weights=run.weights[:3],
            loss=run.loss[:3],
            accuracy=run.accuracy[:3],
        ),
        SQUARE,
    )
    assert half_way(half.offset, run)[0] == 10
    assert half_way(half.angle, run)[0] == 20
    across = run_of(
        (0, [[-1, 0.1, 0.0]]), (1, [[-1, -0.1, 0.0]])
    )  # from an angle near π to one near −π
    assert first_layer_ways(across, SQUARE).angle[1, 0] == pytest.approx(2 * np.arctan(0.1))
    wide = first_layer_ways(run, View(radius=2.0))
    assert wide.offset == pytest.approx(ways.offset / 2)
    assert wide.angle == pytest.approx(ways.angle)


def test_half_of_the_way_is_made_by_a_step() -> None:
    run = made_run(steps=(0, 10, 20, 30, 40))
    ways = np.array([[0, 0], [3, 1], [4.9, 1], [5.1, 1], [10, 10]])
    assert half_way(ways, run).tolist() == [30, 40]


@pytest.mark.slow
def test_biases_shift_lines_before_weights_turn_them() -> None:
    """Of layer 1: half of the way of a line's distance from the middle is made at an earlier step
    than half of its turns. Not of every line: of most, and of all by a fifth on average.
    """
    earlier, ratios = [], []
    for seed in (1, 2, 3, 4):
        run = learned(seed, 8000)
        assert run.accuracy[-1] > 0.97
        ways = first_layer_ways(run, shot_of_run(run).view)
        shifted, turned = half_way(ways.offset, run), half_way(ways.angle, run)
        earlier.append(shifted < turned)
        ratios.append(np.log((turned + 1) / (shifted + 1)))
    assert np.mean(earlier) > 0.6
    assert np.exp(np.mean(ratios)) > 1.1
    assert all(each.mean() > 0 for each in ratios)


def test_what_is_found_of_a_learned_bottle() -> None:
    report = examine(shot_of_run(learned()))
    assert report.twins and report.indecisive and report.critical
    assert report.indecisive[0].distance > 0
    agreements = [twins.agreement for twins in report.twins]
    assert agreements == sorted(agreements, reverse=True)

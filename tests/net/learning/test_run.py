"""Runs: the networks of their steps, and the shots that draw them."""

from __future__ import annotations

from dataclasses import replace as with_values

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.net.build import to_network
from netart.net.learning.run import State, pack, parameter_count, unpack
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe, Weights
from tests.runs import made_run, recipe


def scale(run: object, step: float, blended: bool = False) -> float:
    """How many times the first weights of a made run its weights are."""
    first, other = run.network(0), run.network(step, blended)
    ratios = pack(other) / np.where(pack(first) == 0, np.nan, pack(first))
    assert np.nanstd(ratios) < 1e-5
    return float(np.nanmean(ratios))


@pytest.mark.parametrize(
    "made",
    [recipe(3), recipe(8, 4, 2, outputs=5), Recipe(features=("x", "tile:2"), widths=())],
    ids=str,
)
def test_a_row_holds_all_of_a_network(made: Recipe) -> None:
    network = to_network(made)
    row = pack(network)
    assert row.shape == (parameter_count(made),)
    assert unpack(made, row).sha256 == network.sha256


def test_a_row_is_the_matrices_with_their_biases_as_last_columns() -> None:
    made = recipe(2)
    row = np.arange(9.0)
    first, second = unpack(made, row).layers
    assert first.weight.tolist() == [[0, 1], [3, 4]]
    assert first.bias.tolist() == [2, 5]
    assert second.weight.tolist() == [[6, 7]]
    assert second.bias.tolist() == [8]
    assert (first.activation, second.activation) == ("tanh", "sigmoid")


def test_steps_that_are_kept_are_exact_and_others_the_nearest_by_ratio() -> None:
    run = made_run()
    assert [scale(run, step) for step in (0, 10, 100)] == pytest.approx([1, 11, 101])
    # √(11 · 101) − 1 is the middle between 10 and 100, √11 − 1 that between 0 and 10.
    assert [run.nearest(step) for step in (2.3, 2.4, 32.3, 32.4)] == [0, 10, 10, 100]


def test_between_steps_weights_are_blended_where_asked() -> None:
    run = made_run()
    asked = [0, 4, 10, 40, 90, 100]
    assert [scale(run, step, True) for step in asked] == pytest.approx([1, 5, 11, 41, 91, 101])


@pytest.mark.parametrize(
    ("step", "named"), [(-1, "-1"), (100.5, "100.5"), (1234567, "1,234,567"), (float("nan"), "nan")]
)
def test_steps_beyond_the_run_are_refused(step: float, named: str) -> None:
    with pytest.raises(NetartError, match=f"^step {named}: made has steps 0 to 100$"):
        made_run().network(step)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"steps": np.array([0, 10, 10])}, "must rise"),
        ({"steps": np.array([-1, 10, 11])}, "must rise"),
        ({"steps": np.array([], int)}, "at least one step"),
        ({"weights": np.zeros((3, 4), np.float32)}, r"must be float32 \(3, 13\)"),
        ({"weights": np.zeros((3, 13))}, "must be float32"),
        ({"weights": np.full((3, 13), np.nan, np.float32)}, "must be finite"),
        ({"loss": np.zeros(2)}, "numbers of the 3 steps"),
        ({"state": State(99, *(np.zeros(13, np.float32),) * 3)}, "from 100, the last"),
        ({"state": State(101, *(np.zeros(13, np.float32),) * 3)}, "to 100"),
    ],
)
def test_a_run_that_contradicts_itself_is_refused(other: dict[str, object], why: str) -> None:
    with pytest.raises(NetartError, match=why):
        with_values(made_run(), **other)


def test_a_step_equals_the_weights_that_it_has() -> None:
    run = made_run()
    trained = Trained(runs=(run,))
    assert (trained.step, trained.run, trained.default_name) == (100, "made", "made")
    first = replace(trained, step=0)
    assert first == Weights(content=to_network(recipe(3)))
    assert hash(first) == hash(Weights(content=to_network(recipe(3))))
    assert first != trained
    assert first.default_name == "made-0"


def test_of_several_runs_one_is_drawn() -> None:
    trained = Trained(runs=(made_run("a"), made_run("b", steps=(0, 7))), step=5)
    assert trained.run == "a"
    other = replace(trained, run="b")
    assert other.content.sha256 == made_run(steps=(0, 7)).network(7).sha256
    with pytest.raises(NetartError, match="unknown run 'c': one of a, b"):
        replace(trained, run="c")
    with pytest.raises(NetartError, match="b has steps 0 to 7"):
        replace(other, step=50)
    with pytest.raises(NetartError, match="each of another name"):
        Trained(runs=(made_run("a"), made_run("a")))


def test_the_digest_tells_what_steps_draw() -> None:
    run = made_run()
    assert run.sha256 == made_run("other", data=None).sha256
    assert run.sha256 != made_run(steps=(0, 10, 101)).sha256
    assert run.sha256 != with_values(run, weights=run.weights * np.float32(1.5)).sha256

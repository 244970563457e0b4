"""Steps of runs: where keys go, and what becomes of a shot whose run grows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.live.steps import (
    first_step,
    lacks,
    last_step,
    run_by,
    shows_last,
    step_by,
    with_newest,
)
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained, as_trained
from netart.shot.shot import Shot
from tests.live.driver import BASE
from tests.runs import made_run

STEPS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)
LONG = made_run("long", steps=STEPS)
SHORT = made_run("short", steps=(0, 5, 50), widths=(4,))


def trained(one: Shot) -> Trained:
    return as_trained(one.network)


def at(step: float, name: str = "long", runs: tuple[Run, ...] = (LONG, SHORT)) -> Shot:
    return Shot(network=Trained(runs=runs, run=name, step=step))


@pytest.mark.parametrize(
    ("step", "count", "found"),
    [
        (0, 1, 1),
        (3, 1, 5),
        (3.5, 1, 5),
        (4.9, 1, 5),
        (4.9, -1, 3),
        (5, -1, 3),
        (144, -1, 89),
        (1, -1, 0),
        (0, 10, 89),
        (3, 10, 144),
        (100, 10, 144),
        (144, -10, 1),
        (21, -10, 0),
        (0.5, -10, 0),
    ],
)
def test_keys_go_along_the_steps_that_are_kept(step: float, count: int, found: int) -> None:
    assert trained(step_by(at(step), count)).step == found


def test_the_ends() -> None:
    assert trained(first_step(at(34))).step == 0
    assert trained(last_step(at(34))).step == 144
    assert trained(last_step(at(5, "short"))).step == 50
    assert [shows_last(one) for one in (at(144), at(143.9), at(50), at(50, "short"), BASE)] == [
        True, False, False, True, False,
    ]  # fmt: skip
    for count in (1, 10):
        with pytest.raises(NetartError, match="step 144 is the last that long keeps"):
            step_by(at(144), count)
        with pytest.raises(NetartError, match="step 0 is the first that long keeps"):
            step_by(at(0), -count)


@pytest.mark.parametrize(
    ("one", "name", "step"),
    [
        (at(13), "short", 13),
        (at(89), "short", 50),  # it has no such step
        (at(144), "short", 50),  # the last of each
        (at(50, "short"), "long", 144),
        (at(5, "short"), "long", 5),
    ],
)
def test_another_run_at_the_same_step(one: Shot, name: str, step: int) -> None:
    for count in (1, -1):
        found = trained(run_by(one, count))
        assert (found.run, found.step) == (name, step)
        assert replace(run_by(one, count), network=one.network) == one


def test_a_run_that_has_grown_takes_the_place_of_what_it_was() -> None:
    begun = made_run("long", steps=STEPS[:6])
    last, other = at(8, runs=(begun, SHORT)), at(2.5, runs=(begun, SHORT))
    assert lacks(last, LONG)
    assert not lacks(at(8), LONG)
    assert not lacks(BASE, LONG)
    for one in (last, other):
        for follows in (True, False):
            found = trained(with_newest(one, LONG, follows))
            assert found.runs == (LONG, SHORT)
            assert found.step == (144 if follows and one is last else trained(one).step)
    assert with_newest(other, LONG, follows=True) == other  # of the same weights
    assert with_newest(BASE, LONG, follows=True) is BASE
    assert with_newest(at(3), LONG, follows=True).network == at(3).network
    # The one that is not drawn stays at its step.
    beside = at(50, "short", (begun, SHORT))
    assert trained(with_newest(beside, LONG, follows=True)).step == 50
    # A training that has begun anew.
    assert trained(with_newest(at(89), begun, follows=True)).step == 8

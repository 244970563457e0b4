"""Where the shot has been: undo and redo, contrast that stays."""

from __future__ import annotations

import random

import pytest

from netart.errors import NetartError
from netart.lens import measured
from netart.live.keys import TABLE, Change, apply_change, mutate, pan_to, zoom_at
from netart.live.state import MOST_STEPS, State, prepare
from netart.net.recipe import to_network
from netart.shot.fields import apply
from netart.shot.shot import Shot
from tests.live.driver import BASE, press
from tests.shots import EXPLICIT, shot

PURE = [(does, row.remeasures) for row in TABLE for does in row.keys.values() if callable(does)]


def act(state: State, rng: random.Random) -> None:
    """One random input: a key, a wheel, a drag, a favourite. Raises NetartError."""
    aim = rng.uniform(-1.7, 1.7), rng.uniform(-1, 1)
    kind = rng.choice(("key", "key", "key", "wheel", "drag", "mutate", "keep", "drop", "start"))
    kept = state.favourites
    if kind == "drag":
        state.step(pan_to(state.shot, *aim), movement=rng.choice(["", "drag"]))
    elif kind == "keep":
        state.step(state.shot, (*kept, state.shot))
    elif kind == "drop":
        state.step(state.shot, kept[1:])
    elif kind == "start":
        state.step(state.start)
    else:
        keys: dict[str, tuple[Change, bool]] = {
            "key": rng.choice(PURE),
            "wheel": (lambda one, aim: zoom_at(one, 1.12 ** rng.uniform(-3, 3), aim), False),
            "mutate": (lambda one, aim: mutate(one, rng.getrandbits(32)), True),
        }
        change, again = keys[kind]
        state.step(
            prepare(apply_change(state.shot, change, aim, again)), movement=rng.choice(["", kind])
        )


@pytest.mark.parametrize("one", [BASE, prepare(EXPLICIT)], ids=["recipe", "weights"])
def test_500_inputs_are_undone_and_done_again(one: Shot) -> None:
    rng, state = random.Random(5), State(one)
    seen = [(state.shot, state.favourites)]
    for _ in range(500):
        steps = len(state.past)
        try:
            act(state, rng)
        except NetartError:
            assert len(state.past) == steps
            continue
        if len(state.past) == steps:
            seen.pop()
        seen.append((state.shot, state.favourites))
    assert len(seen) > 150
    assert len({shot.sha256 for shot, _ in seen}) > 70
    for wanted in seen[-2::-1]:
        state.undo()
        assert (state.shot, state.favourites) == wanted
    assert state.shot.sha256 == one.sha256
    with pytest.raises(NetartError, match="nothing to undo"):
        state.undo()
    for wanted in seen[1:]:
        state.redo()
        assert (state.shot, state.favourites) == wanted
    with pytest.raises(NetartError, match="nothing to redo"):
        state.redo()


def test_a_step_behind_undo_forgets_what_was_undone() -> None:
    state = State(BASE)
    state.step(press(BASE, "n"))
    state.undo()
    state.step(press(BASE, "p"))
    with pytest.raises(NetartError, match="nothing to redo"):
        state.redo()
    state.undo()
    assert state.shot == BASE


def test_a_movement_is_one_step() -> None:
    state = State(BASE)
    for movement in ("left", "drag", "", ""):
        for _ in range(10):
            state.step(press(state.shot, "left"), movement=movement)
    assert len(state.past) == 22
    for _ in range(21):
        state.undo()
    state.step(press(state.shot, "left"), movement="left")  # behind an undo it is another one
    state.undo()
    state.undo()
    assert state.shot == BASE


def test_a_retreat_forgets_the_steps_that_led_nowhere() -> None:
    state = State(BASE)
    shown = press(BASE, "n")
    state.step(shown)
    state.step(press(shown, "n"))
    state.step(state.shot, (BASE,))
    state.step(press(state.shot, "n"))
    state.retreat(shown)
    assert (state.shot, state.favourites, len(state.past)) == (shown, (BASE,), 1)
    state.undo()
    assert state.shot == BASE
    state.retreat(shown)  # which is ahead: nothing is forgotten
    assert (state.shot, len(state.future)) == (shown, 1)


def test_steps_that_can_be_undone_are_bounded() -> None:
    state = State(BASE)
    for k in range(MOST_STEPS + 5):
        state.step(pan_to(BASE, k / 1000, 0))
    assert len(state.past) == MOST_STEPS
    assert state.past[0][0] == pan_to(BASE, 0.004, 0)


def test_what_was_is_kept_without_its_network() -> None:
    state = State(shot(layers="3x4"))
    to_network(state.shot.network)
    state.step(press(state.shot, "n"))
    assert vars(state.past[0][0]) == {}


MOVES = ("left", "right", "up", "down", "+", "-", ",", ".", "[", "]", "1", "shift+9")
AGAIN = ("n", "p", "d", "D", "w", "W", "a", "A", "L", "c", "C", "o")


def test_numbers_of_contrast_stay_while_view_scales_and_latents_move() -> None:
    numbers = BASE.look.contrast
    assert isinstance(numbers, tuple)
    for key in MOVES:
        assert press(BASE, key, (0.3, 0.2)).look.contrast == numbers, key


@pytest.mark.parametrize("key", AGAIN)
def test_contrast_is_measured_again(key: str) -> None:
    moved = press(press(BASE, "left"), "]")  # its numbers are those of another place
    found = press(moved, key)
    assert found.look.contrast == measured(apply(found, {"contrast": "auto"})).look.contrast
    assert found.look.contrast != BASE.look.contrast


def test_contrast_that_is_off_stays_off() -> None:
    off = press(BASE, "O")
    assert off.look.contrast == "off"
    for key in (*MOVES, "n", "d", "w", "a", "L", "c", "C"):
        assert press(off, key).look.contrast == "off", key
    assert isinstance(press(off, "o").look.contrast, tuple)


def test_palettes_with_other_outputs_are_reached() -> None:
    found, seen = BASE, set()
    for _ in range(60):
        found = press(found, "c")
        kind = found.lens.palette(found.network, found.look).kind.name
        used = found.lens.mapped_channels(found.network, found.look)
        seen.add((kind, used, found.look.contrast is None))
    assert {("ramp", 1, False), ("corners", 3, False), ("rgb", 3, True)} <= seen


def test_what_cannot_be_told_apart_is_refused() -> None:
    deep = shot(BASE, center="1,0", radius="1e-11")
    with pytest.raises(NetartError, match="tell pixels apart"):
        for _ in range(20):
            deep = press(deep, "+")
    assert 1e-14 < deep.view.radius < 1e-12

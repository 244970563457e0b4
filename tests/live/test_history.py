"""Steps back and forward, favourites; contrast that stays while the view moves."""

from __future__ import annotations

import random

import pytest

from netart.errors import NetartError
from netart.lens import measured
from netart.live.gestures import pan_to, zoom_at
from netart.live.history import MAX_STEPS, History
from netart.live.keys import TABLE, Change, apply_change, mutate
from netart.live.preparation import prepare
from netart.net.build import to_network
from netart.shot.fields import apply
from netart.shot.shot import Shot
from tests.live.driver import BASE, press
from tests.shots import EXPLICIT, REFERENCE, shot

PURE = [(does, row.remeasures) for row in TABLE for does in row.keys.values() if callable(does)]


def act(history: History, rng: random.Random) -> None:
    """One random input: a key, a wheel, a drag, a favourite. Raises NetartError."""
    aim = rng.uniform(-1.7, 1.7), rng.uniform(-1, 1)
    kind = rng.choice(("key", "key", "key", "wheel", "drag", "mutate", "keep", "drop", "start"))
    kept = history.favourites
    if kind == "drag":
        history.commit(pan_to(history.shot, *aim), gesture=rng.choice(["", "drag"]))
    elif kind == "keep":
        history.commit(history.shot, (*kept, history.shot))
    elif kind == "drop":
        history.commit(history.shot, kept[1:])
    elif kind == "start":
        history.commit(history.start)
    else:
        keys: dict[str, tuple[Change, bool]] = {
            "key": rng.choice(PURE),
            "wheel": (lambda one, aim: zoom_at(one, 1.12 ** rng.uniform(-3, 3), aim), False),
            "mutate": (lambda one, aim: mutate(one, rng.getrandbits(32)), True),
        }
        change, again = keys[kind]
        history.commit(
            prepare(apply_change(history.shot, change, aim, again, REFERENCE)),
            gesture=rng.choice(["", kind]),
        )


@pytest.mark.parametrize("one", [BASE, prepare(EXPLICIT)], ids=["recipe", "weights"])
def test_500_inputs_are_undone_and_done_again(one: Shot) -> None:
    rng, history = random.Random(5), History(one)
    seen = [(history.shot, history.favourites)]
    for _ in range(500):
        steps = len(history.past)
        try:
            act(history, rng)
        except NetartError:
            assert len(history.past) == steps
            continue
        if len(history.past) == steps:
            seen.pop()
        seen.append((history.shot, history.favourites))
    assert len(seen) > 150
    assert len({shot.sha256 for shot, _ in seen}) > 70
    for wanted in seen[-2::-1]:
        history.undo()
        assert (history.shot, history.favourites) == wanted
    assert history.shot.sha256 == one.sha256
    with pytest.raises(NetartError, match="nothing to undo"):
        history.undo()
    for wanted in seen[1:]:
        history.redo()
        assert (history.shot, history.favourites) == wanted
    with pytest.raises(NetartError, match="nothing to redo"):
        history.redo()


def test_a_step_after_undo_forgets_what_was_undone() -> None:
    history = History(BASE)
    history.commit(press(BASE, "n"))
    history.undo()
    history.commit(press(BASE, "p"))
    with pytest.raises(NetartError, match="nothing to redo"):
        history.redo()
    history.undo()
    assert history.shot == BASE


def test_a_gesture_is_one_step() -> None:
    history = History(BASE)
    for gesture in ("left", "drag", "", ""):
        for _ in range(10):
            history.commit(press(history.shot, "left"), gesture=gesture)
    assert len(history.past) == 22
    for _ in range(21):
        history.undo()
    history.commit(press(history.shot, "left"), gesture="left")  # behind an undo it is another one
    history.undo()
    history.undo()
    assert history.shot == BASE


def test_reverting_forgets_the_steps_that_led_nowhere() -> None:
    history = History(BASE)
    shown = press(BASE, "n")
    history.commit(shown)
    history.commit(press(shown, "n"))
    history.commit(history.shot, (BASE,))
    history.commit(press(history.shot, "n"))
    history.revert_to(shown)
    assert (history.shot, history.favourites, len(history.past)) == (shown, (BASE,), 1)
    history.undo()
    assert history.shot == BASE
    history.revert_to(shown)  # which is ahead: nothing is forgotten
    assert (history.shot, len(history.future)) == (shown, 1)


def test_favourites_are_kept_once_and_gone_through() -> None:
    history, others = History(BASE), [press(BASE, key) for key in ("n", "c")]
    with pytest.raises(NetartError, match="no favourites"):
        history.favourite(1)
    numbers = [history.add_favourite(one) for one in (others[0], others[1], others[0])]
    assert numbers == [1, 2, 1]
    assert history.favourites == tuple(others)
    assert (history.shot, len(history.past)) == (BASE, 2)
    assert [history.favourite(step) for step in (1, -1)] == [0, 1]  # from no favourite
    history.commit(others[1])
    assert [history.favourite(step) for step in (1, -1)] == [0, 0]
    with pytest.raises(NetartError, match="no favourite"):
        history.remove_favourite(BASE)
    assert history.remove_favourite(others[0]) == 1
    assert history.favourites == (others[1],)
    history.undo()
    assert history.favourites == tuple(others)


def test_steps_that_can_be_undone_are_bounded() -> None:
    history = History(BASE)
    for k in range(MAX_STEPS + 5):
        history.commit(pan_to(BASE, k / 1000, 0))
    assert len(history.past) == MAX_STEPS
    assert history.past[0][0] == pan_to(BASE, 0.004, 0)


def test_what_was_is_kept_without_its_network() -> None:
    history = History(shot(layers="3x4"))
    to_network(history.shot.network)
    history.commit(press(history.shot, "n"))
    assert vars(history.past[0][0]) == {}


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

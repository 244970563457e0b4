"""The film player: which film is chosen, and its shots in time."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.lens import unmeasured
from netart.live import player
from netart.live.player import DURATION_S, LEARN, LEARN_S, OWN, Player
from netart.live.preparation import prepare
from netart.net.learning.trained import Trained
from netart.shot.films import FILMS
from netart.shot.look import Look
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from tests.live.driver import BASE
from tests.runs import made_run
from tests.shots import EXPLICIT, shot

NAMES = tuple(FILMS)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Films begin at 100 s."""
    monkeypatch.setattr(player, "perf_counter", lambda: 100.0)


def film(one: Shot, loop: str) -> Timeline:
    made = FILMS["zoom"](one)
    return Timeline(shot=made.shot, tracks=made.tracks, pace=Pace(frames=100, rate="25", loop=loop))


def test_films_are_chosen_in_turn() -> None:
    alone, opened = Player(None, BASE), Player(film(BASE, "none"), BASE)
    assert (alone.chosen, opened.chosen) == (NAMES[0], OWN)
    for names, films in (((*NAMES[1:], NAMES[0]), alone), ((*NAMES, OWN), opened)):
        for name in names:
            films.choose(1, BASE)
            assert films.chosen == name
    alone.choose(-1, BASE)
    assert alone.chosen == NAMES[-1]
    alone.open(film(BASE, "none"), BASE)
    assert alone.chosen == OWN


def radius(films: Player, time_s: float) -> float:
    return float(films.shot_at(100.0 + time_s).view.radius or 0)


@pytest.mark.parametrize("loop", ["none", "ping-pong", "bounce"])
def test_the_film_that_was_opened_plays_at_its_pace(loop: str) -> None:
    films, own = Player(film(BASE, loop), BASE), film(BASE, loop)
    assert not films.playing
    films.start(EXPLICIT)
    assert films.playing
    shares = (0, 0.25, 0.75, 0) if loop == "none" else (0, 0.5, 0.5, 0)
    for time_s, share in zip((0, 1, 3, 4), shares, strict=True):
        assert radius(films, time_s) == pytest.approx(own.at(share).view.radius)
    films.stop()
    assert not films.playing


def test_a_film_of_the_shot_on_screen_goes_there_and_back() -> None:
    films = Player(None, BASE)
    films.choose(NAMES.index("zoom"), BASE)
    films.start(BASE)
    made = film(BASE, "none")
    half_s = DURATION_S / 2
    assert radius(films, 0) == made.at(0).view.radius
    assert radius(films, half_s) == pytest.approx(made.at(1).view.radius)
    assert radius(films, half_s + 1) == pytest.approx(radius(films, half_s - 1))


def test_a_film_that_the_shot_has_not_is_refused() -> None:
    films = Player(None, BASE)
    films.choose(NAMES.index("morph"), BASE)
    with pytest.raises(NetartError, match="explicit"):
        films.start(EXPLICIT)
    assert not films.playing


MADE = made_run(steps=(0, 1, 10, 100, 1000))
RUN = prepare(Shot(network=Trained(runs=(MADE,)), look=Look(contrast="auto", palette="ramp:ink")))


def test_only_a_run_has_the_film_in_which_it_learns() -> None:
    films = Player(None, RUN)
    assert films.chosen == LEARN
    for name in (*NAMES, LEARN):
        films.choose(1, RUN)
        assert films.chosen == name
    films.choose(-1, RUN)
    assert films.chosen == NAMES[-1]
    films.choose(1, RUN)
    films.choose(1, BASE)  # which has none
    assert films.chosen == NAMES[0]
    films.choose(-1, RUN)
    films.choose(-1, BASE)
    assert films.chosen == NAMES[-1]
    films.open(None, RUN)
    with pytest.raises(NetartError, match="not a step of a run"):
        films.start(BASE)
    assert not films.playing


def trained(films: Player, time_s: float) -> Trained:
    network = films.shot_at(100.0 + time_s).network
    assert isinstance(network, Trained)
    return network


@pytest.mark.parametrize(("step", "begin"), [("1000", 1), ("0", 1), ("10", 10), ("500", 500)])
def test_a_network_learns_from_its_step_to_the_last_and_stays_there(step: str, begin: int) -> None:
    films = Player(None, RUN)
    films.start(shot(RUN, step=step))
    assert films.learning
    steps = [trained(films, LEARN_S * k / 4).step or 0 for k in range(5)]
    ratio = (1000 / begin) ** 0.25
    assert steps == pytest.approx([begin * ratio**k for k in range(5)])
    assert not films.is_over(100.0 + LEARN_S - 0.1)
    for time_s in (LEARN_S, LEARN_S + 7):
        assert films.is_over(100.0 + time_s)
        assert trained(films, time_s) == RUN.network
    films.stop()
    assert not films.learning


def test_contrast_follows_what_is_learned() -> None:
    films = Player(None, RUN)
    films.start(RUN)
    for time_s, step in ((0, "1"), (LEARN_S, "1000")):
        found, wanted = films.shot_at(100.0 + time_s), prepare(unmeasured(shot(RUN, step=step)))
        assert isinstance(found.look.contrast, tuple)
        assert isinstance(wanted.look.contrast, tuple)
        assert found.look.contrast[0] == pytest.approx(wanted.look.contrast[0], rel=1e-4)
    off = shot(RUN, contrast="off", palette="gray")
    films.start(off)
    assert films.shot_at(105.0).look == off.look

"""The film player: which film is chosen, and its shots in time."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.live import player
from netart.live.player import DURATION_S, OWN, Player
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from tests.live.driver import BASE
from tests.shots import EXPLICIT

NAMES = tuple(FILMS)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Films begin at 100 s."""
    monkeypatch.setattr(player, "perf_counter", lambda: 100.0)


def film(one: Shot, loop: str) -> Timeline:
    made = FILMS["zoom"](one)
    return Timeline(shot=made.shot, tracks=made.tracks, pace=Pace(frames=100, rate="25", loop=loop))


def test_films_are_chosen_in_turn() -> None:
    alone, opened = Player(None), Player(film(BASE, "none"))
    assert (alone.chosen, opened.chosen) == (NAMES[0], OWN)
    for names, films in (((*NAMES[1:], NAMES[0]), alone), ((*NAMES, OWN), opened)):
        for name in names:
            films.choose(1)
            assert films.chosen == name
    alone.choose(-1)
    assert alone.chosen == NAMES[-1]
    alone.open(film(BASE, "none"))
    assert alone.chosen == OWN


def radius(films: Player, time_s: float) -> float:
    return float(films.shot_at(100.0 + time_s).view.radius or 0)


@pytest.mark.parametrize("loop", ["none", "bounce"])
def test_the_film_that_was_opened_plays_at_its_pace(loop: str) -> None:
    films, own = Player(film(BASE, loop)), film(BASE, loop)
    assert not films.playing
    films.start(EXPLICIT)
    assert films.playing
    shares = {"none": (0, 0.25, 0.75, 0), "bounce": (0, 0.5, 0.5, 0)}[loop]
    for time_s, share in zip((0, 1, 3, 4), shares, strict=True):
        assert radius(films, time_s) == pytest.approx(own.at(share).view.radius)
    films.stop()
    assert not films.playing


def test_a_film_of_the_shot_on_screen_goes_there_and_back() -> None:
    films = Player(None)
    films.choose(NAMES.index("zoom"))
    films.start(BASE)
    made = film(BASE, "none")
    half_s = DURATION_S / 2
    assert radius(films, 0) == made.at(0).view.radius
    assert radius(films, half_s) == pytest.approx(made.at(1).view.radius)
    assert radius(films, half_s + 1) == pytest.approx(radius(films, half_s - 1))


def test_a_film_that_the_shot_has_not_is_refused() -> None:
    films = Player(None)
    films.choose(NAMES.index("morph"))
    with pytest.raises(NetartError, match="explicit"):
        films.start(EXPLICIT)
    assert not films.playing

"""A recording → a film whose frames at those times are the shots that were on screen."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import ceil

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.files.source import read_source, to_toml
from netart.lens import picture
from netart.live import recorder
from netart.live.gestures import pan_to, zoom_at
from netart.live.keys import mutate
from netart.live.player import learning_film
from netart.live.preparation import prepare
from netart.live.recorder import MAX_CHANGE_S, RATE, Moment, Recorder, make_film
from netart.live.transition import interpolate_view
from netart.net.learning.trained import Trained
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.shot.timeline import MAX_KEYS, Timeline
from tests.live.driver import BASE, press
from tests.runs import made_run
from tests.shots import EXPLICIT, shot

STEPS = (0, 1, 10, 100, 1000)
MADE = made_run(steps=STEPS), made_run("b", steps=(0, 5, 50), widths=(4,))
RUN = prepare(Shot(network=Trained(runs=MADE)))
SIDE = prepare(shot(shot(BASE, latent="a=1"), axes="a,y", center="0,0.5", latent="x=0.5"))


def moments(one: Shot, keys: str, step_s: float = 0.5) -> list[Moment]:
    """The shot, and what each of the keys makes of it, one after another."""
    found = [Moment(0.0, one)]
    for k, key in enumerate(keys.split(), 1):
        one = mutate(one, 77) if key == "m" else press(one, key, (0.3, -0.2))
        found.append(Moment(k * step_s, prepare(one)))
    return found


def alike(cpu: Cpu, one: Shot, other: Shot) -> bool:
    """Whether two shots draw the same; of inputs that one has not, the other's stand at 0."""
    size = (31, 17)
    return bool(np.abs(picture(one, size, cpu) - picture(other, size, cpu)).max() < 1e-4)


def check(cpu: Cpu, inputs: list[Moment], end_s: float) -> Timeline:
    film = make_film(inputs, end_s)
    assert film.pace.frames == ceil(end_s * RATE)
    assert film.pace.rate == str(RATE)
    for time_s, one in inputs:
        found = film.at(time_s / end_s)
        assert alike(cpu, found, one), time_s
        assert found.view.axes == one.view.axes
        assert dict(zip(found.network.latents, found.view.centre[2:], strict=True)) == {
            **dict.fromkeys(film.shot.network.latents, Decimal(0)),
            **dict(zip(one.network.latents, one.view.centre[2:], strict=True)),
        }
    assert alike(cpu, film.at(1), inputs[-1].shot)
    return film


INPUTS = {
    "view": (BASE, "left up + + , down - . ."),
    "seeds": (BASE, "n n p m left n"),
    "palettes": (BASE, "c + c C left"),
    "fewer outputs": (shot(BASE, palette="ramp:blueorange", contrast="-1:1"), "C left C c c O"),
    "depth": (BASE, "d d left D D D D d"),
    "width": (BASE, "w w + W"),
    "activation": (BASE, "a , A A"),
    "layer": (BASE, "L L + L L d l l"),
    "scale": (BASE, "] ] + [ [ ["),
    "explicit scale": (prepare(EXPLICIT), "] left [ [ 1 ,"),
    "explicit activation": (prepare(EXPLICIT), "a left a ,"),
    "latents": (BASE, "1 1 left 3 shift+1 2 n"),
    "there and back": (BASE, "1 shift+1 left"),
    "another plane": (SIDE, "left up + , n 2"),
    "contrast": (BASE, "O left o O"),
    "steps": (RUN, "J J left home j j end"),
    "runs": (RUN, "y J left Y pageup"),
    "all": (BASE, "n left c d 2 ] L , w O a + o m shift+1"),
}


@pytest.mark.parametrize("name", INPUTS)
def test_frames_are_the_shots_of_their_times(cpu: Cpu, name: str) -> None:
    inputs = moments(*INPUTS[name])
    film = check(cpu, inputs, inputs[-1].time_s + 0.5)
    assert all(track.field.split(".")[0] != "seed" for track in film.tracks)


@pytest.mark.parametrize("name", ["view", "all", "another plane"])
def test_a_film_of_inputs_is_text(name: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    film = make_film(moments(*INPUTS[name]), 9.0)
    (tmp_path / "hands.toml").write_text(to_toml(film))
    assert read_source(tmp_path / "hands.toml").document == film


def test_a_change_takes_no_longer_than_it_did(cpu: Cpu) -> None:
    inputs = [Moment(0.0, BASE), Moment(4.0, pan_to(BASE, 0.25, 0))]
    film = make_film(inputs, 5.0)
    xs = [float(film.at(t / 5).view.centre[0]) for t in (0, 2, 4 - MAX_CHANGE_S, 3.9, 4, 5)]
    assert xs == pytest.approx([0, 0, 0, 0.25, 0.5, 0.5], abs=1e-9)


def test_seeds_change_at_once_and_all_with_them() -> None:
    film = make_film(moments(BASE, "n left n", step_s=1.0), 4.0)
    before = [film.at(t / 4 - 1e-6) for t in (1, 3)]
    assert [dict(one.network.mix) for one in before] == [{321: 1.0}, {322: 1.0}]
    assert before[0].look.contrast == BASE.look.contrast
    assert dict(film.at(0.25).network.mix) == {322: 1.0}


def test_glides_and_films_are_make_film(cpu: Cpu) -> None:
    there = shot(zoom_at(BASE, 3, (0.7, 0.1)), rotate="350")
    glide = [Moment(0.05 * k, interpolate_view(BASE, there, k / 10)) for k in range(11)]
    check(cpu, glide, 0.6)
    for name in ("spin", "morph", "slice", "zoom", "scale", "deepen"):
        made = FILMS[name](BASE)
        played = Timeline(shot=made.shot, tracks=made.tracks)
        check(cpu, [Moment(0.1 * k, played.at(k / 12)) for k in range(9)], 1.0)


def test_a_network_that_learned_on_screen(cpu: Cpu) -> None:
    one = prepare(shot(RUN, contrast="auto", palette="ramp:ink"))
    played = learning_film(one)
    inputs = [Moment(0.1 * k, played.at(k / 12)) for k in range(13)]
    film = check(cpu, inputs, 1.3)
    assert {track.field for track in film.tracks} == {"step", "contrast"}


def test_a_run_that_grew_while_it_was_recorded(cpu: Cpu) -> None:
    grown = [made_run(steps=STEPS[:count]) for count in (2, 3, 5)]
    shots = [prepare(Shot(network=Trained(runs=(one,)))) for one in grown]
    film = check(cpu, [Moment(0.5 * k, one) for k, one in enumerate(shots)], 1.5)
    assert [film.at(t).network.step for t in (0, 1 / 3, 1)] == [1, 10, 1000]


def test_angles_go_the_short_way() -> None:
    one, other = shot(BASE, rotate="-175"), shot(BASE, rotate="175")
    film = make_film([Moment(0.0, one), Moment(0.1, other)], 1.0)
    (cosine, _), (sine, _) = film.at(0.05).view.basis
    assert (cosine, sine) == pytest.approx((-1, 0), abs=1e-9)


@pytest.mark.slow
def test_long_recordings_are_thinned(cpu: Cpu) -> None:
    rng, one = np.random.default_rng(1), BASE
    inputs = [Moment(0.0, BASE)]
    for k in range(1, 1500):
        one = shot(zoom_at(pan_to(one, *rng.normal(0, 0.1, 2)), 1.001, (0, 0)), rotate=f"{k}")
        inputs.append(Moment(k / 12, one))
    film = make_film(inputs, 130.0)
    assert MAX_KEYS / 3 < sum(len(track.keys) for track in film.tracks) <= MAX_KEYS
    assert alike(cpu, film.at(1), one)
    assert alike(cpu, film.at(0), BASE)
    # Those that stay are what was on screen.
    radii = [film.at(key.t).view.radius for key in film.tracks[-1].keys]
    assert all(a is not None and b is not None and a >= b for a, b in pairwise(radii))
    whole = {moment.shot.view.radius for moment in inputs}
    assert len(whole & set(radii)) > len(radii) / 3


def test_where_nothing_moved_there_is_no_film() -> None:
    for inputs in ([Moment(0.0, BASE)], [Moment(0.0, BASE), Moment(1.0, BASE)]):
        with pytest.raises(NetartError, match="nothing has moved"):
            make_film(inputs, 2.0)


MIRRORED = replace(BASE, view=replace(BASE.view, basis=((1.0, 0.0), (0.0, -1.0))))
TWIN = from_text(
    {
        "network": {
            "kind": "weights",
            "latents": ["t"],
            "layers": [{"weight": [[0.5, 1, 2]], "bias": [-0.3], "activation": "sigmoid"}],
        }
    }
)
APART = [
    (BASE, MIRRORED),
    (MIRRORED, BASE),
    (MIRRORED, replace(MIRRORED, view=replace(BASE.view, basis=((0.0, 1.0), (1.0, 0.0))))),
    (BASE, prepare(EXPLICIT)),
    (prepare(EXPLICIT), BASE),
    (prepare(EXPLICIT), prepare(TWIN)),
    (BASE, prepare(shot(layers="3x4", units="2.1"))),
    (shot(BASE, latent="a=0,b=1"), shot(BASE, latent="b=1,a=0")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_no_film_can_say_is_refused(one: Shot, other: Shot) -> None:
    with pytest.raises(NetartError, match=r"cannot|explicit"):
        make_film([Moment(0.0, one), Moment(0.5, pan_to(one, 0.1, 0)), Moment(1.0, other)], 2.0)


def test_a_recording_keeps_the_last_of_moments_that_follow_closely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = [50.0]
    monkeypatch.setattr(recorder, "perf_counter", lambda: now_s[0])
    shots = [pan_to(BASE, k / 10, 0) for k in range(7)]
    films = Recorder()
    films.add(shots[6])  # before it begins
    films.start(shots[0])
    assert films.recording
    for time_s, one in zip((0.01, 0.2, 0.21, 0.24, 0.9), shots[1:], strict=False):
        now_s[0] = 50.0 + time_s
        films.add(one)
    now_s[0] = 51.0
    moments, end_s = films.stop()
    assert not films.recording
    assert [moment.shot for moment in moments] == [shots[k] for k in (0, 1, 2, 4, 5)]
    assert [moment.time_s for moment in moments] == pytest.approx([0, 0.01, 0.2, 0.24, 0.9])
    assert end_s == 1.0

"""The six kinds of film, made of a shot alone."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

import numpy as np
import pytest

from netart import lens
from netart.errors import NetartError
from netart.files.source import preset_names, read_source
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe
from netart.shot.document import shot_of
from netart.shot.films import (
    BREATH,
    DRIFT,
    FILMS,
    MAGNIFICATION,
    ORBIT_RADIUS,
    Motion,
    drift,
    learn,
    morph,
    path,
    slice,
    zoom,
)
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from tests.runs import learned_run as run
from tests.shots import EXPLICIT, REFERENCE, shot

ONE = shot(layers="4x6", mix="7:0.6,42:0.8", rotate="30", radius="2", weight_scale="0.5")

# What moves, at the start, in the middle (a morph: at its second seed) and at the end.
MOVES = {
    "zoom": (lambda x: x.view.radius, (2, 2 / MAGNIFICATION**0.5, 2 / MAGNIFICATION)),
    "scale": (lambda x: x.network.weight_scale, (0.4, 0.4 * 2**0.5, 0.8)),
    "morph": (lambda x: max(x.network.mix, key=lambda pair: pair[1])[0], (42, 43, 42)),
    "spin": (lambda x: x.view.basis[0][0], (3**0.5 / 2, -(3**0.5) / 2, 3**0.5 / 2)),
    "slice": (
        lambda x: float(x.view.centre[2]),
        (0, -2 * float(ORBIT_RADIUS), 0),
    ),
    "deepen": (lambda x: x.lens.layer, (1, 2.5, 4)),
}


def timeline(film: Motion) -> Timeline:
    return Timeline(shot=film.shot, tracks=film.tracks, pace=Pace(loop=film.loop))


@pytest.mark.parametrize("name", FILMS)
def test_each_film_moves_its_field(name: str) -> None:
    read, expected = MOVES[name]
    made = timeline(FILMS[name](ONE))
    found = [read(made.at(t)) for t in (0, 0.5 if name != "morph" else 1 / 3, 1)]
    assert found == pytest.approx(expected)
    assert (made.pace.loop == "cycle") == (name in ("morph", "spin", "slice"))


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_makes_every_film(name: str) -> None:
    base = shot_of(read_source(name).document)
    for kind, film in FILMS.items():
        if kind == "deepen" and base.network.depth < 2:
            continue
        still = kind in STILL.get(base.lens.kind, ())
        try:
            assert timeline(film(base)).at(0.3) != base or still
        except NetartError as error:
            explicit = kind in NO_FILM and not isinstance(base.network, Recipe)
            assert explicit or still, error


# Films that weights may not make: they have no seeds, no latents, or one read-out alone.
NO_FILM = ("morph", "slice", "deepen")
# Films that move what a lens does not look at.
STILL = {
    "diagram": ("zoom", "spin", "slice", "drift", "deepen"),
    "curves": ("spin",),
}


@pytest.mark.parametrize("name", ["zoom", "morph", "spin"])
def test_a_film_starts_at_its_shot(name: str) -> None:
    assert timeline(FILMS[name](ONE)).at(0) == ONE


@pytest.mark.parametrize("make", [slice, lambda x: slice(x, orbit="d,c=0.3"), drift])
@pytest.mark.parametrize("base", [ONE, shot(latent="b=0.7"), shot(shot(latent="a=1"), axes="a,y")])
def test_an_orbit_begins_and_ends_in_the_picture(
    make: Callable[[Shot], Motion], base: Shot
) -> None:
    made = timeline(make(base))
    first, middle, last = (lens.preview(made.at(t), REFERENCE) for t in (0, 0.5, 1))
    assert np.abs(first - lens.preview(base, REFERENCE)).max() < 1e-6
    assert np.array_equal(first, last)
    assert np.abs(first - middle).mean() > 0.01


def test_an_orbit_is_a_circle() -> None:
    made = timeline(slice(shot(latent="a=1,b=-2"), orbit="b,a=0.5"))
    for t in np.linspace(0, 1, 13):
        a, b = map(float, made.at(t).view.centre[2:])
        assert a - 1 == pytest.approx(0.5 * sin(2 * pi * t), abs=1e-9)
        assert b + 2.5 == pytest.approx(0.5 * cos(2 * pi * t), abs=1e-9)


def test_a_gentle_loop_is_small() -> None:
    """As far in latents as a fraction of the picture's radius; explicit weights may breathe."""
    for base in (ONE, shot(ONE, radius="0.01")):
        made = timeline(drift(base))
        across = [float(made.at(t).view.centre[2]) for t in (0, 0.5)]
        assert across == pytest.approx([0, -2 * DRIFT * base.view.radius], rel=0.01)
        assert made.pace.loop == "cycle"
    made = timeline(drift(EXPLICIT))
    scales = [made.at(t).network.weight_scale for t in (0, 0.5, 1)]
    assert scales == pytest.approx([1, BREATH, 1])
    swirl = timeline(drift(shot(**SWIRL)))
    assert swirl.at(1).view.radius == pytest.approx(2 / 3)


SWIRL = {"features": "swirl:3/8/13", "layers": "2x6", "radius": "2"}


def test_a_zoom_of_swirls_is_one_period_towards_0() -> None:
    for base in (shot(**SWIRL), shot(**SWIRL, center="0.7,-0.3"), shot(**SWIRL, axes="y,x")):
        made = timeline(zoom(base, easing="smooth"))
        assert made.pace.loop == "cycle" and made.at(0) == base
        assert made.at(1).view.radius == pytest.approx(2 / 3)
        assert [float(x) for x in made.at(1).view.centre] == pytest.approx(
            [float(x) / 3 for x in base.view.centre]
        )
    assert timeline(zoom(shot(**SWIRL), begin=6)).at(1).view.radius == 2


@pytest.mark.parametrize(
    ("base", "asked"),
    [
        (shot(**SWIRL), {"end": 0.5}),
        (shot(**SWIRL), {"toward": "0.1,0"}),
        (shot(**SWIRL | {"features": "swirl:3/8/13,swirl:2/8/13"}), {}),
        (shot(**SWIRL | {"features": "swirl:3/8/13,x"}), {}),
        (shot(shot(**SWIRL, latent="a=0"), axes="a,y"), {}),
    ],
)
def test_other_zooms_stay_open(base: Shot, asked: dict[str, Any]) -> None:
    made = zoom(base, **asked)
    assert made.loop == "none"
    with pytest.raises(NetartError, match="loop cycle"):
        timeline(made._replace(loop="cycle"))


def test_a_morph_that_stays_open_ends_at_the_last_seed() -> None:
    made = timeline(morph(ONE, "7,9", closed=False))
    assert (made.at(1).network.mix, made.pace.loop) == (((9, 1.0),), "none")


def test_inputs_that_are_missing_are_added_once() -> None:
    base = shot(latent="z=1")
    assert slice(base).shot.network.latents == ("z", "a")
    assert [str(x) for x in timeline(slice(base)).at(0).view.centre[2:]] == ["1", "0"]
    assert [str(x) for x in timeline(slice(base)).at(0.5).view.centre[2:]] == ["-0.6", "0"]
    straight = slice(base, "a=0,z=0", "a=1,z=2")
    assert straight.shot.network.latents == ("z", "a")
    assert [str(x) for x in timeline(straight).at(1).view.centre[2:]] == ["2", "1"]


def test_the_easing_holds_from_key_to_key() -> None:
    assert path("layer", ["1", "2", "3"], "smooth").at(0.125) == 1.15625
    assert zoom(ONE, easing="in").tracks[0].keys[0].easing == "in"


@pytest.mark.parametrize(("width", "field"), [("2", "rotate"), ("3", "azimuth"), ("5", "rotate")])
def test_a_warp_turns_in_its_plane_or_in_space(width: str, field: str) -> None:
    film = FILMS["spin"](shot(lens="warp", layers="2", width=width))
    assert [track.field for track in film.tracks] == [field]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: morph(ONE, "7,"), "^seeds 7,: two seeds at least"),
        (lambda: slice(ONE, "a=1"), "from: has no meaning without to"),
        (lambda: slice(ONE, end="a=1"), "to: has no meaning without from"),
        (lambda: slice(ONE, "a=1", orbit="a,b=1"), "orbit: has no meaning with from"),
        (lambda: slice(ONE, "a=1", "b=1"), "from a=1: must name the same inputs as to b=1"),
        (lambda: slice(ONE, orbit="a=1"), "^orbit .a=1.: write A,B=RADIUS"),
        (lambda: FILMS["deepen"](shot(layers="1x3")), "two are needed"),
        (lambda: zoom(Shot(), easing="soft"), "easing"),
    ],
)
def test_what_cannot_be_filmed_is_refused(make, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        make()


def test_a_network_learns_by_equal_ratios_of_steps() -> None:
    base = Shot(network=Trained(runs=(run(), run("b", steps=(0, 2, 50)))))
    made = timeline(learn(base))
    found = [made.at(t).network for t in (0, 1 / 3, 0.5, 1)]
    assert [network.step for network in found] == pytest.approx([1, 10, 10**1.5, 1000])
    assert all(network.blend_steps for network in found)
    assert found[-1].content.sha256 == base.network.drawn.network(1000).sha256
    assert made.pace.loop == "none"
    other = timeline(learn(shot(base, run="b"), begin=5, easing="in"))
    assert [other.at(t).network.step for t in (0, 1)] == [5, 50]
    assert other.tracks[0].keys[0].easing == "in"
    assert timeline(learn(shot(base, step="4"))).at(0).network.step == 4
    exact = timeline(learn(base, 1 / 3, 999.9))
    assert [exact.at(t).network.step for t in (0, 1)] == [1 / 3, 999.9]


@pytest.mark.parametrize(
    ("base", "asked", "message"),
    [
        (EXPLICIT, {}, "learn: the network is not a step of a run"),
        (ONE, {}, "learn: the network is not a step of a run"),
        (Shot(network=Trained(runs=(run(steps=(0,)),))), {}, "learn: small keeps step 0 alone"),
        (Shot(network=Trained(runs=(run(),))), {"begin": 0}, "from 0: must be above 0, at most"),
        (Shot(network=Trained(runs=(run(),))), {"end": 1001}, "to 1001: .* 1,000 steps of small"),
        (Shot(network=Trained(runs=(run(),))), {"end": float("nan")}, "to nan: must be above 0"),
    ],
)
def test_what_cannot_be_learned_is_said(base: Shot, asked: dict[str, float], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        learn(base, **asked)

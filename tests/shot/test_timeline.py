"""Timelines: time, easings, interpolations, loops, data without loss."""

from __future__ import annotations

import datetime
import json
import time
import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import cos, pi, sin, sqrt
from typing import get_args

import numpy as np
import pytest
import tomli_w

from netart.errors import NetartError
from netart.shot.easing import EASINGS, easing
from netart.shot.fields import apply
from netart.shot.timeline import Key, Loop, Pace, Timeline, Track, from_data, rate, to_data
from tests.shots import shot


def timeline(*tracks: Track, base=None, **pace) -> Timeline:
    return Timeline(shot=base or shot(layers="4x6"), tracks=tracks, pace=Pace(**pace))


def track(
    field: str, *values: str, interpolation: str | None = None, easing: str = "linear"
) -> Track:
    """Keys at equal times."""
    times = np.linspace(0, 1, len(values)) if len(values) > 1 else [0.0]
    keys = (Key(float(t), value, easing) for t, value in zip(times, values, strict=True))
    return Track(field, tuple(keys), interpolation)


# Time.


def test_there_and_back_shows_each_end_once() -> None:
    def times(frames: int, loop: Loop) -> list[float]:
        return [Pace(frames=frames, loop=loop).time(k) for k in range(1, frames + 1)]

    assert times(5, "ping-pong") == [0, 1 / 2, 1, 2 / 3, 1 / 3]
    assert times(2, "ping-pong") == [0, 1]
    for frames in range(2, 103):
        found = times(frames, "ping-pong")
        assert found.count(0) == found.count(1) == 1
        assert all(a != b for a, b in pairwise([*found, *found]))
        if frames % 2 == 0:
            assert found == pytest.approx(times(frames, "bounce"), abs=1e-15)
    # What earlier films have, which are drawn as they were.
    assert times(5, "bounce") == pytest.approx([0, 0.4, 0.8, 0.8, 0.4])


def test_frames_count_from_one_and_loops_are_the_formulas() -> None:
    assert [Pace(frames=5).time(k) for k in range(1, 6)] == [0, 0.25, 0.5, 0.75, 1]
    assert [Pace(frames=4, loop="cycle").time(k) for k in range(1, 5)] == [0, 0.25, 0.5, 0.75]
    assert [Pace(frames=4, loop="bounce").time(k) for k in range(1, 5)] == [0, 0.5, 1, 0.5]
    for loop in get_args(Loop):
        assert Pace(frames=1, loop=loop).time(1) == 0
    for number in (0, 6):
        with pytest.raises(NetartError, match="frames 1 to 5"):
            Pace(frames=5).time(number)


def test_rates() -> None:
    assert rate("29.97") == Fraction(30000, 1001)
    assert rate("30000/1001") == Fraction(30000, 1001)
    assert rate("12.5") == Fraction(25, 2)
    assert Pace(rate="25.0").rate == "25"
    assert Pace(frames=30, rate="29.97").duration == Fraction(1001, 1000)
    for bad in ("0", "-1", "x", "1/0", "nan", "inf", "1001", "1.000001"):
        with pytest.raises(NetartError, match="rate"):
            rate(bad)


@pytest.mark.parametrize("name", [*EASINGS, "bezier:0.25,0.1,0.25,1", "bezier:0,1.5,1,-0.5"])
def test_easings_begin_and_end(name: str) -> None:
    assert easing(name)(0) == 0
    assert easing(name)(1) == pytest.approx(1, abs=1e-15)


def test_easings_are_the_curves() -> None:
    assert easing("smooth")(0.25) == 0.15625
    assert (easing("in")(0.5), easing("out")(0.5)) == (0.25, 0.75)
    straight = easing("bezier:0.3,0.3,0.6,0.6")
    assert [straight(s / 7) for s in range(8)] == pytest.approx([s / 7 for s in range(8)])
    # CSS's `ease`, as browsers draw it.
    assert easing("bezier:0.25,0.1,0.25,1")(0.5) == pytest.approx(0.8024, abs=1e-4)


# Interpolations.


def test_a_zoom_has_equal_ratios() -> None:
    zoom = timeline(track("radius", "40", "0.15625"), frames=9)
    assert [zoom.frame(k).view.radius for k in range(1, 10)] == [40 / 2**k for k in range(9)]


def test_numbers_go_straight_where_asked() -> None:
    one = timeline(track("radius", "1", "3", interpolation="linear"), track("layer", "1", "4"))
    assert (one.at(0.5).view.radius, one.at(0.5).lens.layer) == (2, 2.5)
    assert one.at(1).lens.layer == 4


def test_contrast_and_coordinates_in_exact_decimals() -> None:
    one = timeline(
        track("contrast", "-1:1", "-3:5"),
        track("center", "0.1,0", "0.2,1e-40"),
        track("latent.a", "-1", "1"),
    )
    middle = one.at(0.5)
    assert middle.look.contrast == ((-2, 3),)
    assert middle.view.centre == (Decimal("0.15"), Decimal("5e-41"), Decimal(0))


def test_angles_turn_fully_or_by_the_shorter_arc() -> None:
    turn = timeline(track("rotate", "0", "360"), frames=4, loop="cycle")
    assert turn.frame(2) == shot(turn.shot, rotate="90")
    assert turn.frame(4) == shot(turn.shot, rotate="270")
    short = timeline(track("rotate", "350", "10", interpolation="short"))
    assert short.at(0.5).view.basis == shot(rotate="0").view.basis


def test_what_cannot_be_interpolated_holds() -> None:
    one = timeline(track("palette", "corners:sun", "rgb"), track("depth", "1", "2", "3"))
    drawn = [(x.look.palette, x.network.depth) for x in map(one.at, (0, 0.49, 0.5, 0.99, 1))]
    assert drawn == [
        ("corners:sun", 1), ("corners:sun", 1), ("corners:sun", 2), ("corners:sun", 2), ("rgb", 3)
    ]  # fmt: skip
    words = timeline(track("weight_scale", "0.4", "auto"))
    assert words.at(0.9).network.weight_scale == 0.4


def test_before_the_first_key_and_after_the_last_the_value_holds() -> None:
    keys = (Key(0.25, "1"), Key(0.5, "4"))
    one = timeline(Track("radius", keys))
    assert [one.at(t).view.radius for t in (0, 0.25, 0.375, 0.5, 1)] == [1, 1, 2, 4, 4]


def test_an_easing_says_how_the_next_key_is_approached() -> None:
    one = timeline(track("layer", "0", "4", easing="in"))
    assert one.at(0.5).lens.layer == 1


# Mixes.


def test_a_morph_keeps_the_variance() -> None:
    one = timeline(track("mix", "7", "42", "7"))
    for t in np.linspace(0, 1, 23):
        shares = dict(one.at(t).network.mix)
        assert sum(share**2 for share in shares.values()) == pytest.approx(1, abs=1e-11)
    quarter = dict(one.at(0.25).network.mix)
    assert quarter == pytest.approx({7: cos(pi / 4), 42: sin(pi / 4)}, abs=1e-11)
    assert one.at(0.5).network.mix == ((42, 1.0),)
    assert one.at(1) == one.at(0)


def test_a_mix_is_interpolated_on_the_sphere() -> None:
    """Between mixes that share a seed, and of other norms: the angle and the norm go linearly."""
    one = timeline(track("mix", "1:2", "1:0.5,2:0.5"))
    a, b = dict(one.at(1 / 3).network.mix), dict(one.at(2 / 3).network.mix)
    for shares, s in ((a, 1 / 3), (b, 2 / 3)):
        norm = 2 + (sqrt(0.5) - 2) * s
        expected = {1: norm * cos(s * pi / 4), 2: norm * sin(s * pi / 4)}
        assert shares == pytest.approx(expected, abs=1e-11)
    same = timeline(track("mix", "1:1,2:1", "1:3,2:3"))
    assert dict(same.at(0.5).network.mix) == pytest.approx({1: 2, 2: 2})


@pytest.mark.parametrize(("first", "last"), [("7:1", "7:-1"), ("7:1,8:-2", "7:-3,8:6")])
def test_opposite_mixes_are_refused(first: str, last: str) -> None:
    with pytest.raises(NetartError, match="no shortest way"):
        track("mix", first, last)
    with pytest.raises(NetartError, match="all coefficients are 0"):
        track("mix", first, "7:0")


# Pinned.


def test_a_pinned_target_stays_at_its_place_on_screen() -> None:
    base = shot(layers="4x6", center="0.5,-0.25", rotate="30", radius="2")
    target = ("0.123456789012345678901234567890123456789", "-0.3")
    one = timeline(
        track("radius", "2", "2e-30"),
        track("center", ",".join(target), interpolation="pinned"),
        base=base,
    )
    aim = list(map(Decimal, target))
    assert one.at(0).view.centre == base.view.centre
    places = []
    for t in (0, 0.3, 0.7, 1):
        view = one.at(t).view
        off = [(a - c) / Decimal(repr(view.radius)) for a, c in zip(aim, view.centre, strict=True)]
        places.append([float(x) for x in off])
    assert np.ptp(np.array(places), axis=0) == pytest.approx(0, abs=1e-15)


# Loops.


def test_cycles_must_be_closed() -> None:
    timeline(track("mix", "7", "42", "7"), loop="cycle")
    timeline(track("rotate", "33.3", "393.3"), loop="cycle")
    timeline(track("latent.a", "0", "1", "0.0"), loop="cycle")
    for open_path in (
        track("mix", "7", "42"),
        track("rotate", "0", "350"),
        track("layer", "1", "2"),
    ):
        with pytest.raises(NetartError, match="take ping-pong"):
            timeline(open_path, loop="cycle")
        timeline(open_path, loop="ping-pong")


def test_a_cycle_may_end_where_the_picture_repeats() -> None:
    swirl = shot(features="swirl:3/8/13", layers="2x6", radius="2")
    timeline(track("radius", "2", "18"), base=swirl, loop="cycle")
    pinned = track("center", "0,0", interpolation="pinned")
    away = shot(swirl, center="1,1")
    timeline(track("radius", "18", "2"), pinned, base=away, loop="cycle")
    for base, *tracks in (
        (swirl, track("radius", "2", "17.9")),
        (away, track("radius", "18", "2")),
        (swirl, track("radius", "2", "18"), track("gamma", "1", "2")),
        (swirl, track("center", "1,0", "3,0")),
    ):
        with pytest.raises(NetartError, match="loop cycle"):
            timeline(*tracks, base=base, loop="cycle")


# Data.

WHOLE = timeline(
    track("radius", "2", "1e-3", interpolation="linear", easing="smooth"),
    track("mix", "7:0.6,42:0.8", "9"),
    track("center", "0.1,1e-40", interpolation="pinned"),
    Track("palette", (Key(0.0, "rgb"), Key(0.3, "corners:sun", "bezier:0.1,0,0.5,1"))),
    frames=33, rate="29.97", loop="bounce",
)  # fmt: skip


def test_data_loses_nothing() -> None:
    data = to_data(WHOLE)
    for again in (json.loads(json.dumps(data)), tomllib.loads(tomli_w.dumps(data))):
        found = from_data(again, WHOLE.shot)
        assert found == WHOLE
        assert found.sha256 == WHOLE.sha256
        assert [found.frame(k) for k in (1, 7, 33)] == [WHOLE.frame(k) for k in (1, 7, 33)]


def test_hashes_are_the_published_ones() -> None:
    """A film's frames are the same shots on every machine and in every year."""
    assert WHOLE.sha256 == HASHES[0]
    assert WHOLE.frame(8).sha256 == HASHES[1]


HASHES = (
    "f77a3b8a39f2aa964337b2a7eed43b39b9eb3525e21ebcf817c376bfb531d706",
    "562ae84b30165916716b964b2d801eb98a67f3e6c3b55e438fe15590e8fca923",
)

KEYS = [{"t": 0, "value": "1"}, {"t": 1, "value": "2"}]

MANY = [{"t": k / 30_000, "value": "0.1234,0.5678"} for k in range(30_000)]

BAD = [
    ([], "timeline: must be a table"),
    ({"frames": 0}, "frames = 0"),
    ({"frames": 10**7}, "frames = 10000000"),
    ({"frames": "9"}, "timeline.frames"),
    ({"rate": "fast"}, "rate 'fast'"),
    ({"loop": "round"}, "timeline.loop"),
    ({"fps": 25}, "timeline.fps"),
    ({"track": [{"field": "radius", "keys": []}]}, "radius: keys are needed"),
    ({"track": [{"field": "radios", "keys": KEYS}]}, "did you mean radius"),
    ({"track": [{"field": "radius", "keys": KEYS[::-1]}]}, "in the order of time"),
    ({"track": [{"field": "radius", "keys": KEYS, "way": "mix"}]}, "unknown way 'mix'"),
    ({"track": [{"field": "palette", "keys": KEYS}]}, "palette '1'|unknown palette"),
    ({"track": [{"field": "center", "keys": KEYS}]}, "the picture spans x,y"),
    ({"track": [{"field": "radius", "keys": [{"t": 2, "value": "1"}]}]}, "key at 2.0"),
    ({"track": [{"field": "radius", "keys": [{"t": 0, "value": {}}]}]}, "Expected `str`"),
    ({"track": [{"field": "radius", "keys": [{"t": 0, "valu": "1"}]}]}, "did you mean"),
    (
        {"track": [{"field": "radius", "keys": [{"t": 0, "value": "1", "easing": "soft"}]}]},
        "easing",
    ),
    ({"track": [{"field": "radius", "keys": [{"t": 0, "value": "-1"}, KEYS[1]]}]}, "one sign"),
    ({"track": [{"field": "radius", "keys": KEYS}] * 2}, "two tracks"),
    (
        {"track": [{"field": f"weight{x}scale", "keys": KEYS} for x in "-_"]},
        "two tracks",
    ),
    ({"track": [{"field": "layer", "keys": [KEYS[0], {"t": 1, "value": "5"}]}]}, "timeline at 1"),
    ({"track": [{"field": "center", "keys": MANY}]}, "more than 1,000 keys"),
    ({"track": ["radius"]}, r"timeline.track\[1\]: must be a table"),
]


@pytest.mark.parametrize(("data", "message"), BAD)
def test_reading_is_strict(data, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        from_data(data, shot(layers="4x6"))


@pytest.mark.parametrize("name", ["soft", "bezier:1,2", "bezier:-0.1,0,1,1", "bezier:0,nan,1,1"])
def test_bad_easings(name: str) -> None:
    with pytest.raises(NetartError, match="easing"):
        easing(name)


def test_two_tracks_of_sines_are_a_circle() -> None:
    r = "0.8"
    a = Track("latent.a", tuple(Key(t, v, "sine") for t, v in ((0, r), (0.5, f"-{r}"), (1, r))))
    quarters = ((0.0, "0", "sine-out"), (0.25, r, "sine"), (0.75, f"-{r}", "sine-in"), (1.0, "0"))
    b = Track("latent.b", tuple(Key(*key) for key in quarters))
    orbit = timeline(a, b, loop="cycle", frames=12)
    for k in range(1, 13):
        *_, x, y = map(float, orbit.frame(k).view.centre)
        angle = 2 * pi * (k - 1) / 12
        assert (x, y) == pytest.approx((0.8 * cos(angle), 0.8 * sin(angle)), abs=1e-11)


def test_tracks_that_are_no_list_are_refused() -> None:
    with pytest.raises(NetartError, match=r"timeline\.track: must be a list"):
        from_data({"track": 5}, shot())


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("radius", 1, "1"),
        ("radius", 0.5, "0.5"),
        ("radius", 1e-40, "1e-40"),
        ("rotate", -90.0, "-90.0"),
        ("layer", 3, "3"),
        ("seed", 2**64 - 1, str(2**64 - 1)),
        ("invert", True, "true"),
        ("center", [0.1, -2], "0.1,-2"),
    ],
)
def test_numbers_stand_for_the_texts_that_read_the_same(
    field: str, value: object, text: str
) -> None:
    def read(value: object, rate: object) -> Timeline:
        keys = [{"t": 0, "value": value}]
        return from_data({"rate": rate, "track": [{"field": field, "keys": keys}]}, shot())

    found = read(value, 12)
    assert found == read(text, "12")
    assert found.tracks[0].keys[0].value == text
    assert read(value, 29.97) == read(text, "30000/1001")


@pytest.mark.parametrize(
    "value", [1 << 129, [], [[1]], {"a": 1}, None, float("nan"), ["1"], datetime.date(2026, 1, 1)]
)
def test_what_is_no_number_stays_an_error_of_one_line(value: object) -> None:
    keys = [{"t": 0, "value": value}]
    with pytest.raises(NetartError, match=r"^(timeline\.track\[1\]|radius).*: .+$") as caught:
        from_data({"track": [{"field": "radius", "keys": keys}]}, shot())
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("tracks", "latents", "message"),
    [(1000, 0, "1,000 tracks, at most 100"), (90, 16_000, "more than 262,144 coordinates")],
)
def test_what_takes_too_many_shots_to_check_is_refused(
    tracks: int, latents: int, message: str
) -> None:
    """Each key makes a shot, with all coordinates."""
    own = shot(layers="1x1", latent=",".join(f"b{k}=1" for k in range(latents)) or "b=1")
    begin = time.process_time()
    moved = [Track(f"latent.a{k}", (Key(k / tracks, "1"),)) for k in range(tracks)]
    with pytest.raises(NetartError, match=message):
        Timeline(shot=own, tracks=tuple(moved))
    assert time.process_time() - begin < 1


def test_latents_that_move_together_are_added_and_set() -> None:
    own = shot(layers="1x3", latent="a=1")
    tracks = tuple(Track(f"latent.{name}", (Key(0, "0"), Key(1, "2"))) for name in "cab")
    moved = Timeline(shot=own, tracks=tracks).at(0.25)
    assert moved.network.latents == ("a", "c", "b")
    assert moved.view.centre[2:] == (Decimal("0.5"),) * 3
    for name in "cab":
        own = apply(own, {f"latent.{name}": Decimal("0.5")})
    assert moved == own

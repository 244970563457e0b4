"""Texts as values: what they cost to read goes by their length, whatever number they write."""

from __future__ import annotations

import time
from contextlib import suppress
from fractions import Fraction

import pytest

from netart.errors import NetartError
from netart.fonts import shorten, width_of
from netart.shot.colours import SEPARATOR
from netart.shot.fields import FIELDS, apply, parse
from netart.shot.lens import NAMES
from netart.shot.ranges import values
from netart.shot.shot import Shot
from netart.shot.syntax import fraction, layers, whole_number, widths
from netart.shot.timeline import Key, Pace, Timeline, Track, rate
from tests.shots import shot

LONG = 100_000


@pytest.mark.parametrize("text", ["25", "12.5", " 1e3 ", "-0.25", "30000/1001", "1E39", "0"])
def test_a_fraction_is_exactly_what_is_written(text: str) -> None:
    assert fraction(text) == Fraction(text)


@pytest.mark.parametrize(
    "text",
    ["1e999999999", "1e-999999999", "-1e41", "1" * 41, "9" * LONG, f"1/{'9' * LONG}", "inf", "nan",
     "1/0", "a", "", "1/2/3", "1/2e9"],
)  # fmt: skip
def test_no_fraction_is_computed_of_many_digits(text: str) -> None:
    begin = time.process_time()
    with pytest.raises(NetartError, match="must be"):
        fraction(text)
    with pytest.raises(NetartError, match="rate "):
        rate(text)
    assert time.process_time() - begin < 0.5


def test_whole_numbers_have_as_many_digits_as_a_seed() -> None:
    assert whole_number("-" + "9" * 20) == 1 - 10**20
    for text in ("1" + "0" * 20, "9" * 4000, "9" * LONG):
        with pytest.raises(NetartError, match="must be a whole number"):
            whole_number(text)


def test_no_layers_have_no_width() -> None:
    assert (layers("0"), layers("2x5")) == ((0, None), (2, 5))
    with pytest.raises(NetartError, match="0 layers have no width: write 0"):
        layers("0x5")
    assert widths("0x5,3x2") == (2, 2, 2)


# Field → texts that are long, or write what is.
HOSTILE = {
    "widths": [",".join(["4095x32768"] * 1000), "x".join("1" * LONG)],
    "layers": ["9" * LONG, "1x" + "9" * LONG],
    "family": ["1" * LONG, "1..9*100000:log", "1..99999;" * 99 + "1", "1e999..2e999"],
    "center": ["1" * LONG + ",1", "1e999999999,0", "1e-999999999,0"],
    "radius": ["1" * LONG, "1e999999999"],
    "rotate": ["1e308", "-1e308"],
    "light_azimuth": ["1e308"],
    "latent": ["a=1," * LONG],
    "points": ["1e999,1,1", "1,1," + "9" * LONG],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused_at_once(name: str) -> None:
    begin = time.process_time()
    for text in HOSTILE[name]:
        with pytest.raises(NetartError, match=f"{name} "):
            parse(name, text)
    assert time.process_time() - begin < 1


@pytest.mark.parametrize(
    "text", ["1" * LONG, "1" * LONG + "..2", "1..2*" + "9" * LONG, "." * LONG, "1e1" * 9999]
)
def test_a_text_that_is_no_range_is_one_value(text: str) -> None:
    begin = time.process_time()
    assert values(text) == (text,)
    assert time.process_time() - begin < 0.5


def test_colours_are_split_in_a_time_by_their_length() -> None:
    begin = time.process_time()
    with pytest.raises(NetartError, match="unknown"):
        shot(palette="ramp:#fff" + "\t" * LONG + "x")
    assert SEPARATOR.split("#fff, red") == ["#fff", "red"]
    assert time.process_time() - begin < 0.5


def test_lines_are_cut_in_a_time_by_their_width() -> None:
    """The longest beginning that has room, as cutting letter by letter finds it."""
    line = "".join(chr(ord("a") + 7 * k % 26) + " " * (k % 3) for k in range(100))
    for width in (1, 20, 64.5, 300, 5000):
        cut = line
        while width_of(cut, 12) > width and len(cut) > 1:
            cut = cut.rstrip("…")[:-1] + "…"
        assert shorten(line, 12, width) == cut
    begin = time.process_time()
    assert shorten("x" * LONG + " " * LONG, 12, 300).endswith("x…")
    assert time.process_time() - begin < 0.5


def test_a_loop_may_begin_and_end_far_apart() -> None:
    """Whether it is closed is computed from their difference, or ratio, which may be infinite."""
    drawn = shot(features="swirl:3/8/13", layers="1x4")
    for name, first, last in (
        ("radius", "1e308", "1e-308"),
        ("light_azimuth", "-1e9", "1e9"),
        ("rotate", "-1e9", "1e9"),
    ):
        of = drawn if name == "radius" else shot(light="relief")
        track = Track(name, (Key(0, first), Key(1, last)))
        with pytest.raises(NetartError, match="does not end where it begins"):
            Timeline(shot=of, tracks=(track,), pace=Pace(loop="cycle"))
    with pytest.raises(NetartError, match="weight_scale: from 1e308 to -1e308: too far apart"):
        Track("weight_scale", (Key(0, "1e308"), Key(1, "-1e308")), "linear")


@pytest.mark.parametrize("lens", [name for name in NAMES if name != "loss"])  # is of a run
def test_a_word_that_a_field_does_not_know_is_refused(lens: str) -> None:
    """Or else the shot has it, and a hash."""
    texts = {"lens": lens, "activation": "relu", "features": "x" if lens == "curves" else "x,y"}
    plain = apply(Shot(), {name: parse(name, text) for name, text in texts.items()})
    for name in FIELDS:
        with suppress(NetartError):
            assert len(apply(plain, {name: parse(name, "foo")}).sha256) == 64

"""Sequences of keys → shots, and what a layout makes of them → keys."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.lens import explicit
from netart.live.gestures import Pointer, pan_to, zoom_at
from netart.live.keys import MOUSE, ROWS, TABLE, find_key, mutate
from netart.net.build import scales
from netart.net.learning.trained import Trained
from netart.net.ops import ACTIVATIONS
from netart.net.recipe import Recipe
from netart.shot.light import LIGHTS
from netart.shot.palette import NAMES, palette
from netart.shot.shot import Shot
from netart.shot.view import point
from tests.runs import made_run
from tests.shots import EXPLICIT, shot

BASE = shot(layers="3x4", radius="2")
TURNED = shot(BASE, rotate="90")
MIXED = shot(BASE, mix="7:0.6,42:-0.8")
NONE = shot(layers="0", radius="2")
STEPS = (0, 1, 10, 100, 1000)
SMALL, OTHER = made_run("small", STEPS), made_run("other", STEPS, widths=(4,))
RUNS = shot(Shot(network=Trained(runs=(SMALL, OTHER))), radius="2")


def pressed(one: Shot, keys: str, aim: Pointer = (0.0, 0.0)) -> Shot:
    """What the keys of pure rows make of the shot, one after another."""
    for key in keys.split():
        change = ROWS[key].keys[key]
        assert callable(change), key
        one = change(one, aim)
    return one


SEQUENCES = [
    (BASE, "left", shot(BASE, center="-0.5,0")),
    (BASE, "right right", shot(BASE, center="1,0")),
    (BASE, "up", shot(BASE, center="0,0.5")),
    (BASE, "down", shot(BASE, center="0,-0.5")),
    (BASE, "left up right down", BASE),
    (TURNED, "right", shot(TURNED, center="0,0.5")),
    (TURNED, "up", shot(TURNED, center="-0.5,0")),
    (BASE, "+", shot(BASE, radius="1.6")),
    (BASE, "=", shot(BASE, radius="1.6")),
    (BASE, "-", shot(BASE, radius="2.5")),
    (BASE, "+ + + - - -", BASE),
    (BASE, ",", shot(BASE, rotate="5")),
    (BASE, ", , .", shot(BASE, rotate="5")),
    (BASE, ".", shot(BASE, rotate="355")),
    (BASE, "k", shot(BASE, lens="landscape")),
    (BASE, "k k K", shot(BASE, lens="landscape")),
    (BASE, "K k", BASE),
    (BASE, ", " * 72, BASE),
    (BASE, "n", shot(BASE, seed="322")),
    (BASE, "p p", shot(BASE, seed="319")),
    (shot(BASE, seed="0"), "p", shot(BASE, seed=str(2**64 - 1))),
    (shot(BASE, seed=str(2**64 - 1)), "n", shot(BASE, seed="0")),
    (MIXED, "n", shot(BASE, seed="43")),  # the largest share
    (BASE, "]", shot(BASE, weight_scale=f"{scales(BASE.network)[0] * 1.04:.6g}")),
    (BASE, "[", shot(BASE, weight_scale=f"{scales(BASE.network)[0] / 1.04:.6g}")),
    (shot(BASE, weight_scale="-0.5"), "]", shot(BASE, weight_scale="-0.52")),
    (shot(BASE, weight_scale="0"), "]", shot(BASE, weight_scale="0")),
    (EXPLICIT, "]", shot(EXPLICIT, weight_scale="1.04")),
    (BASE, "d", shot(BASE, layers="4x4")),
    (BASE, "D D D", shot(BASE, layers="0")),
    (shot(BASE, widths="5,6,7"), "d", shot(BASE, widths="5,6,7,7")),
    (shot(BASE, widths="5,6,7"), "D", shot(BASE, widths="5,6")),
    (shot(BASE, layer="2.5"), "D", shot(BASE, depth="2")),  # it stood above
    (shot(BASE, layer="1.5"), "D", shot(BASE, depth="2", layer="1.5")),
    (NONE, "d", shot(NONE, layers="1x16")),
    (BASE, "w", shot(BASE, width="5")),
    (shot(BASE, width="16"), "w W", shot(BASE, width="16")),
    (shot(BASE, widths="1,16,40"), "w", shot(BASE, widths="2,18,45")),
    (BASE, "W W W", shot(BASE, width="1")),
    (BASE, "a", shot(BASE, activation="sigmoid")),
    (BASE, "A A", shot(BASE, activation="triangle")),
    (BASE, "a " * len(ACTIVATIONS), BASE),
    (shot(BASE, activation="sin,relu,tanh"), "A", shot(BASE, activation="sign")),
    (EXPLICIT, "a", shot(EXPLICIT, activation="cos")),
    (BASE, "L", shot(BASE, layer="2.75")),
    (BASE, "L L L L l", shot(BASE, layer="2.25")),
    (BASE, "L " * 8, shot(BASE, layer="1")),
    (BASE, "L l", BASE),
    (EXPLICIT, "L", shot(EXPLICIT, layer="1.75")),
    (BASE, "c", shot(BASE, palette="ramp:abalone")),
    (BASE, "C", shot(BASE, palette="corners:orchard")),
    (BASE, "g", shot(BASE, light="relief")),
    (BASE, "G", shot(BASE, light="neon")),
    (BASE, "g " * (1 + len(LIGHTS)), BASE),
    (shot(BASE, light="relief", light_metal="1"), "g", shot(BASE, light="chrome")),
    (shot(BASE, light="relief"), "b", shot(BASE, light="relief", light_height="0.345")),
    (shot(BASE, light="relief"), "b B", shot(BASE, light="relief", light_height="0.3")),
    (shot(BASE, light="relief", light_height="0"), "b", shot(BASE, light="relief",
                                                             light_height="0.01")),
    (shot(BASE, light="relief", light_height="0"), "B", shot(BASE, light="relief",
                                                             light_height="0")),
    (shot(BASE, light="relief", light_height="9"), "b", shot(BASE, light="relief",
                                                             light_height="10")),
    (BASE, "o", shot(BASE, contrast="auto")),
    (BASE, "o O", shot(BASE, contrast="off")),
    (BASE, "1", shot(BASE, latent="a=0.05")),
    (BASE, "1 1 shift+1", shot(BASE, latent="a=0.05")),
    (BASE, "shift+3", shot(BASE, latent="a=0,b=0,c=-0.05")),
    (BASE, "1 shift+1", shot(BASE, latent="a=0")),
    (BASE, "9", shot(BASE, latent="a=0,b=0,c=0,d=0,e=0,f=0,g=0,h=0,i=0.05")),
    (shot(BASE, latent="t=1,a=2"), "1 2 3", shot(BASE, latent="t=1.05,a=2.05,b=0.05")),
    (EXPLICIT, "1", shot(EXPLICIT, latent="t=0.05")),
    (RUNS, "J", shot(RUNS, step="100")),
    (RUNS, "J J j", shot(RUNS, step="100")),
    (RUNS, "pageup", shot(RUNS, step="0")),
    (shot(RUNS, step="1"), "pagedown", RUNS),
    (RUNS, "home j", shot(RUNS, step="1")),
    (RUNS, "home end", RUNS),
    (RUNS, "y", shot(RUNS, run="other")),
    (RUNS, "J a left ]", shot(RUNS, step="100", activation="sigmoid", center="-0.5,0",
                              weight_scale="1.04")),
    (BASE, "n d left 2 c", shot(BASE, seed="322", depth="4", center="-0.5,0",
                                latent="a=0,b=0.05", palette="ramp:abalone")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "keys", "wanted"), SEQUENCES)
def test_keys_make_shots(one: Shot, keys: str, wanted: Shot) -> None:
    found = pressed(one, keys)
    assert found == wanted
    assert found.sha256 == wanted.sha256


def test_the_table_tries_every_pure_row() -> None:
    tried = {key for _, keys, _ in SEQUENCES for key in keys.split()}
    for row in TABLE:
        pure = {key for key, does in row.keys.items() if callable(does)}
        assert not pure or tried & pure, row.label


@pytest.mark.parametrize("number", range(1, 10))
def test_further_inputs_go_up_and_down(number: int) -> None:
    names = "abcdefghi"[:number]
    for key, step in ((str(number), "0.05"), (f"shift+{number}", "-0.05")):
        found = pressed(BASE, key)
        assert found.network.latents == tuple(names)
        assert found.view.centre[2:] == (*[Decimal(0)] * (number - 1), Decimal(step))
        assert pressed(found, f"shift+{number}" if key == str(number) else str(number)) == shot(
            BASE, latent=",".join(f"{name}=0" for name in names)
        )


REFUSED = [
    (EXPLICIT, "n p d D w W", "explicit"),
    (RUNS, "n p d D w W", "trained: its seed, depth and width are those of its run"),
    (RUNS, "1", "explicit: it has 0 latents"),
    (RUNS, "j pagedown", "step 1,000 is the last that small keeps"),
    (shot(RUNS, step="0"), "J pageup", "step 0 is the first that small keeps"),
    (Shot(network=Trained(runs=(SMALL,))), "y Y", "small is the only run"),
    (BASE, "j J pagedown pageup home end y Y", "not a step of a run, as netart train writes them"),
    (EXPLICIT, "2 shift+9", "explicit: it has 1 latents"),
    (NONE, "D", "no hidden layer that could go"),
    (NONE, "w W", "no hidden units"),
    (NONE, "a A", "no activation"),
    (NONE, "l L", "hidden layers 1 to 0"),
    (shot(BASE, width="1"), "W", "no hidden units that could go"),
    (BASE, "l", "hidden layers 1 to 3"),
    (BASE, "b B", "light none has no height"),
    (shot(BASE, light="neon"), "b", "light neon has no height"),
    (shot(BASE, layer="1"), "L", "hidden layers 1 to 3"),
    (shot(shot(BASE, latent="a=1"), axes="a,y"), "1", "the picture spans a"),
    (shot(BASE, center="1e30,0", radius="1e30"), "right", "within"),
]


@pytest.mark.parametrize(("one", "keys", "why"), REFUSED)
def test_what_cannot_be_is_refused(one: Shot, keys: str, why: str) -> None:
    for key in keys.split():
        with pytest.raises(NetartError, match=why):
            pressed(one, key)


def test_light_keeps_the_contrast_that_fits_it() -> None:
    two, one = "-1:1,0:2", "-1:1"
    assert pressed(shot(BASE, outputs="2", contrast=two), "g").look.contrast is not None
    ramp = shot(BASE, palette="ramp:ink", contrast=one)
    assert pressed(ramp, "g").look.contrast is None
    assert pressed(shot(ramp, light="papercut"), "G").look.contrast is not None
    assert pressed(shot(ramp, light="relief", contrast=two), "G").look.contrast is None


def test_palettes_fit_what_is_drawn() -> None:
    cases = (shot(BASE, outputs="1"), shot(BASE, outputs="2"), BASE, shot(BASE, units="2.1"))
    for one in cases:
        count = one.lens.channels(one.network)
        fit = {name for name in NAMES if palette(name).kind.min_outputs <= count}
        for key in "cC":
            found, seen = one, set()
            for _ in fit:
                found = pressed(found, key)
                seen.add(explicit(found).look.palette)
            assert seen == fit
            assert explicit(found) == explicit(one)


@pytest.mark.parametrize("layers", ["1x3", "5x30", "16x16", "27x30", "39x50"])
@pytest.mark.parametrize("times", [1, 2, 7, 60])
def test_weight_scale_there_and_back_is_auto_again(layers: str, times: int) -> None:
    one = shot(layers=layers, radius="1")
    for keys in (("[", "]"), ("]", "[")):
        there = pressed(one, f"{keys[0]} " * times)
        assert there.network.weight_scale != "auto"
        assert pressed(there, f"{keys[1]} " * times) == one


def test_a_mutation_keeps_the_variance() -> None:
    for one in (BASE, MIXED, shot(BASE, mix="5:3")):
        assert isinstance(one.network, Recipe)
        found, norm = one, sum(share**2 for _, share in one.network.mix)
        for seed in range(100, 110):
            found = mutate(found, seed)
            assert isinstance(found.network, Recipe)
            mix = dict(found.network.mix)
            assert sum(share**2 for share in mix.values()) == pytest.approx(norm, rel=1e-4)
            assert mix[seed] ** 2 == pytest.approx(0.15**2 * norm, rel=1e-4)
        assert replace(found, network=one.network) == one
    for one, why in ((EXPLICIT, "explicit"), (RUNS, "trained")):
        with pytest.raises(NetartError, match=why):
            mutate(one, 5)


@pytest.mark.parametrize("factor", [1.25, 0.3, 40.0])
def test_what_is_at_the_pointer_stays_there(factor: float) -> None:
    one, aim = shot(BASE, center="0.3,-0.2", rotate="30"), (0.7, -1.3)
    found = zoom_at(one, factor, aim)
    assert found.view.radius == pytest.approx(2 / factor)
    here, there = (point(x.view, ("x", "y"), *aim) for x in (one, found))
    assert [abs(a - b) < 1e-9 for a, b in zip(here, there, strict=True)] == [True, True]


def test_panning_goes_on_where_float64_ends() -> None:
    digits = "0.3333333333333333333333333333333333333333"
    one = shot(BASE, center=f"{digits},0", radius="1e-30")
    found = pan_to(pan_to(one, 0.25, 0), -0.25, 0)
    assert abs(found.view.centre[0] - Decimal(digits)) < Decimal("1e-45")


def test_no_key_stands_twice() -> None:
    counts = Counter(key for row in TABLE for key in row.keys)
    assert set(counts.values()) == {1}
    assert counts.keys() == ROWS.keys()
    labels = Counter([row.label for row in TABLE] + [label for label, _ in MOUSE])
    assert set(labels.values()) == {1}
    assert all(row.help for row in TABLE)


# layout, what it makes of the key, the digit of the key, shift → the key of the table
TYPED = [
    ("us", "n", "", False, "n"),
    ("us", "D", "", True, "D"),
    ("us", "+", "", True, "+"),
    ("us", "=", "", False, "="),
    ("us", "-", "", False, "-"),
    ("us", "1", "1", False, "1"),
    ("us", "!", "1", True, "shift+1"),
    ("us", "@", "2", True, "shift+2"),
    ("us", "(", "9", True, "shift+9"),
    ("us", "0", "0", False, "0"),
    ("us", ")", "0", True, ""),
    ("us", "[", "", False, "["),
    ("us", "{", "", True, ""),
    ("us", ",", "", False, ","),
    ("us", "<", "", True, ""),
    ("us", "z", "", False, ""),
    ("us", "N", "", True, ""),
    ("us", "_", "", True, ""),
    # with the caps lock
    ("us", "N", "", False, "n"),
    ("us", "d", "", True, "D"),
    ("us", "1", "1", False, "1"),
    ("keypad", "7", "", False, "7"),
    ("german", '"', "2", True, "shift+2"),
    ("german", "/", "7", True, "shift+7"),
    ("german", "=", "0", True, "="),
    ("german", "+", "", False, "+"),
    ("german", "[", "8", False, "["),  # with AltGr
    ("german", "]", "9", False, "]"),
    ("german", "²", "2", False, "2"),
    ("german", "ß", "", False, ""),
    ("german", "ö", "", False, ""),
    ("french", "&", "1", False, "1"),
    ("french", "1", "1", True, "shift+1"),
    ("french", "é", "2", False, "2"),
    ("french", "à", "0", False, "0"),
    ("french", "-", "6", False, "-"),  # its only minus
    ("french", "6", "6", True, "shift+6"),
    ("french", "_", "8", False, "8"),
    ("french", "[", "5", False, "["),
    ("french", "+", "", True, "+"),
    ("french", ",", "", False, ","),
    ("french", ".", "", True, "."),
    ("russian", "т", "", False, ""),
    ("emoji", "🙂", "", False, ""),
]


@pytest.mark.parametrize(("layout", "char", "digit", "shift", "key"), TYPED)
def test_what_layouts_type(layout: str, char: str, digit: str, shift: bool, key: str) -> None:
    assert find_key(char, digit, shift) == key, layout

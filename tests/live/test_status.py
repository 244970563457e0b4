"""Status text: changes of shots, numbers at a point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netart.evaluate.cpu import Cpu
from netart.live.keys import mutate
from netart.live.status import (
    describe_change,
    describe_doubt,
    describe_point,
    describe_step,
    shorten_numbers,
)
from netart.live.steps import run_by
from netart.net.learning.trained import Trained
from netart.shot.shot import Shot
from tests.live.driver import BASE, press
from tests.runs import made_run
from tests.shots import shot

CHANGES = [
    ("left", "center -0.5,0"),
    ("+", "radius 1.6"),
    (",", "rotate 5"),
    ("n", "seed 322"),
    ("d", "depth 4"),
    ("w", "width 5"),
    ("a", "activation sigmoid"),
    ("L", "layer 2.75"),
    ("c", "palette ramp:abalone"),
    ("O", "contrast off"),
    ("2", "latent a=0,b=0.05"),
]


@pytest.mark.parametrize(("key", "text"), CHANGES)
def test_a_change_is_described(key: str, text: str) -> None:
    assert describe_change(BASE, press(BASE, key)).startswith(text)
    assert describe_change(BASE, BASE) == ""


def test_a_field_that_another_one_implies_is_left_out() -> None:
    assert describe_change(BASE, press(BASE, "n")) == "seed 322"
    assert describe_change(BASE, press(BASE, "d")) == "depth 4"
    assert describe_change(BASE, press(BASE, "+", (0.5, 0.5))) == "radius 1.6"
    assert describe_change(BASE, mutate(BASE, 7)).startswith("mix 7:0.15,321:0.98")
    assert describe_change(BASE, press(press(BASE, "]"), ",")).split("   ")[1] == "rotate 5"


def test_a_plot_has_no_input_coordinates_under_the_pointer() -> None:
    one = shot(features="x", axes="x", center="1.5", radius="2")
    assert describe_point(one, (0.25, 0.5)).startswith("x 2.000   y 0.000   :")
    assert describe_point(shot(one, lens="curves"), (0.25, 0.5)) == ""
    assert describe_point(shot(lens="diagram"), (0.25, 0.5)) == ""


def test_pictures_of_one_colour_are_told_of(cpu: Cpu) -> None:
    flat = shot(contrast="-100:-90")
    assert describe_doubt(flat, (64, 64), cpu).startswith("the picture is all of one colour, #")
    assert describe_doubt(shot(contrast="-1:1"), (64, 64), cpu) == ""
    # Not looked at: what would make the user wait, and what is measured in another thread.
    assert describe_doubt(shot(flat, layers="9x90"), (64, 64), cpu) == ""
    assert describe_doubt(shot(weight_scale="0.0001", radius="1"), (64, 64), cpu) == ""


def test_of_very_many_inputs_those_are_told_that_the_picture_spans() -> None:
    many = shot(latent=",".join(f"a{k}=1" for k in range(9)))
    said = describe_point(shot(many, axes="y,a3", radius="2"), (0.25, 0.5))
    assert said.startswith("y 0.500   a3 2.000   :")


NUMBERS = [
    ("0.123456789", "0.12346"),
    ("-1.5,2.25", "-1.5,2.25"),
    ("7:0.14999999,42:0.98868600", "7:0.15,42:0.98869"),
    ("18446744073709551615", "18446744073709551615"),
    ("ramp:ember", "ramp:ember"),
    ("1.25E-40", "1.25e-40"),
    ("360.0", "360"),
]


@pytest.mark.parametrize(("text", "wanted"), NUMBERS)
def test_numbers_are_shortened(text: str, wanted: str) -> None:
    assert shorten_numbers(text) == wanted


def test_another_lens_is_told_by_its_name() -> None:
    flat = shot(layers="2x4")
    assert describe_change(flat, shot(flat, lens="landscape", contrast="-1:1")) == "lens landscape"
    assert describe_change(shot(flat, lens="lines", seed="2"), flat) == "lens colour   seed 321"


RUN = Shot(network=Trained(runs=(made_run(steps=(0, 10, 1_270_000)),)))
NO_ACCURACY = np.full(3, np.nan)
VALUES = Shot(
    network=Trained(
        runs=(replace(made_run(), loss=np.array([1, 0.1, 1.234e-5]), accuracy=NO_ACCURACY),)
    )
)
TWO = Shot(network=Trained(runs=(made_run(), made_run("b", steps=(0, 5), widths=(4,)))))
STEPS = [
    (RUN, "step 1,270,000   loss 0.100   100.00% right"),
    (shot(RUN, step="0"), "step 0   loss 1.00   50.00% right"),
    (shot(RUN, step="1234567.8"), "step 1,234,568   loss 0.100   100.00% right"),
    (shot(RUN, step="9"), "step 9   loss 0.550   75.00% right"),  # of step 10
    (shot(RUN, weight_scale="1.04"), "step 1,270,000"),  # another network by now
    (shot(RUN, activation="relu"), "step 1,270,000"),
    (VALUES, "step 100   loss 1.23e-05"),
    (shot(TWO, run="b"), "b   step 5   loss 0.100   100.00% right"),
    (BASE, ""),
]


@pytest.mark.parametrize(("one", "text"), STEPS)
def test_a_step_is_described(one: Shot, text: str) -> None:
    assert describe_step(one) == text


def test_a_change_of_step_says_how_good_it_is() -> None:
    last = "step 1,270,000   loss 0.100   100.00% right"
    assert describe_change(shot(RUN, step="10"), RUN) == last
    assert describe_change(shot(RUN, step="10", blend_steps="true"), RUN) == last
    more = shot(RUN, radius="2", contrast="0:1")
    assert describe_change(shot(RUN, step="10", radius="2"), more) == last
    assert describe_change(TWO, run_by(TWO, 1)) == "b   step 5   loss 0.100   100.00% right"

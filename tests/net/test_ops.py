"""Activations and features in numpy: the definition itself, and its float32 form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from netart.net.ops import ACTIVATIONS, FEATURES, Activation, erf, feature, feature_columns
from tests.activations import HARD, assert_close

# Values from mathematics, not from the code.
KNOWN = [
    ("linear", 3.0, 3.0),
    ("tanh", 0.5, math.tanh(0.5)),
    ("sigmoid", 1.0, 1 / (1 + math.exp(-1))),
    ("relu", -2.0, 0.0),
    ("relu", 2.0, 2.0),
    ("leaky_relu", -2.0, -0.02),
    ("elu", -1.0, math.exp(-1) - 1),
    ("selu", -1.0, 1.0507009873554805 * 1.6732632423543772 * (math.exp(-1) - 1)),
    ("selu", 2.0, 2.101401974710961),
    ("gelu", 1.0, 0.5 * (1 + math.erf(1 / math.sqrt(2)))),
    ("silu", -2.0, -2 / (1 + math.exp(2))),
    ("softplus", 0.0, math.log(2)),
    ("softsign", -3.0, -0.75),
    ("step", 0.0, 0.0),
    ("step", 1e-9, 1.0),
    ("sign", -5.0, -1.0),
    ("sign", 0.0, 0.0),
    ("sin", 2.0, math.sin(2)),
    ("cos", 2.0, math.cos(2)),
    ("sinc", 0.0, 1.0),
    ("sinc", 2.0, math.sin(2) / 2),
    ("abs", -1.5, 1.5),
    ("square", -1.5, 2.25),
    ("gaussian", 1.0, math.exp(-1)),
    ("triangle", 0.0, 0.0),
    ("triangle", math.pi / 2, 1.0),
    ("triangle", math.pi / 4, 0.5),
    ("triangle", -math.pi / 2, -1.0),
    ("triangle", 2.5 * math.pi, 1.0),
]


@pytest.mark.parametrize(("name", "z", "value"), KNOWN)
def test_activations_are_what_they_are_called(name: str, z: float, value: float) -> None:
    got = ACTIVATIONS[name].function(np.array([z]))[0]
    assert got == pytest.approx(value, abs=3e-7 if name == "gelu" else 1e-12)


def test_every_activation_has_a_known_value() -> None:
    assert {name for name, _, _ in KNOWN} == set(ACTIVATIONS)


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_float32_follows_the_definition(row: Activation) -> None:
    with np.errstate(over="ignore", under="ignore"):
        got = row.function(HARD.copy())
    assert got.dtype == np.float32
    assert_close(row, HARD, got, slack=1.0)


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_activations_are_exactly_one_where_the_table_says(row: Activation) -> None:
    if row.one is not None:
        assert (row.function(np.full(64, row.one, np.float32)) == 1).all()


def test_erf_is_the_error_function() -> None:
    z = np.linspace(-5, 5, 2001)
    assert np.abs(erf(z) - [math.erf(x) for x in z]).max() < 1.5e-7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x", 3.0),
        ("y", -4.0),
        ("r", 5.0),
        ("angle", math.atan2(-4, 3)),
        ("xy", -12.0),
        ("x2", 9.0),
        ("y2", 16.0),
        ("abs_x", 3.0),
        ("abs_y", 4.0),
        ("sin_x:6", math.sin(18)),
        ("sin_y:0.5", math.sin(-2)),
        ("cos_x:2", math.cos(6)),
        ("cos_y:2", math.cos(-8)),
    ],
)
def test_features_are_what_they_are_called(text: str, value: float) -> None:
    x, y = np.array([3.0]), np.array([-4.0])
    assert feature_columns((feature(text),), x, y)[0][0] == pytest.approx(value)
    assert str(feature(text)) == text


R, ANGLE = 5.0, math.atan2(-4, 3)
DEPTH = math.log(R + 1e-6)
WEDGE = abs((ANGLE + math.pi / 5) % (2 * math.pi / 5) - math.pi / 5)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kaleidoscope:5", [R * math.cos(WEDGE), R * math.sin(WEDGE)]),
        (
            "tile:2.5",
            [f(2 * math.pi * u / 2.5) for u in (3, -4) for f in (math.cos, math.sin)],
        ),
        ("mirror_tile:1.5", [abs(0 - 1.5) - 0.75, abs(2 - 1.5) - 0.75]),
        ("spiral:3", [math.cos(3 * ANGLE + 3 * DEPTH), math.sin(3 * ANGLE + 3 * DEPTH), DEPTH]),
        ("log_polar", [DEPTH, 0.6, -0.8]),
    ],
)
def test_features_of_several_columns(text: str, values: list[float]) -> None:
    columns = feature_columns((feature(text),), np.array([3.0]), np.array([-4.0]))
    assert [column[0] for column in columns] == pytest.approx(values)
    assert len(columns) == feature(text).kind.columns


def test_a_kaleidoscope_is_symmetric_and_a_tile_repeats() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 50))
    turn = 2 * np.pi / 7
    turned = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    for text, other in (
        ("kaleidoscope:7", turned),
        ("kaleidoscope:7", (x, -y)),
        ("tile:2", (x + 2, y - 4)),
        ("mirror_tile:2", (x + 4, -y)),
    ):
        here = feature_columns((feature(text),), x, y)
        there = feature_columns((feature(text),), *other)
        assert np.allclose(here, there), text


def test_every_feature_is_tested() -> None:
    named = {"x", "y", "r", "angle", "xy", "x2", "y2", "abs_x", "abs_y"}
    named |= {"kaleidoscope", "tile", "mirror_tile", "spiral", "log_polar"}
    assert named | {"sin_x", "sin_y", "cos_x", "cos_y"} == set(FEATURES)


def test_a_parameter_keeps_its_digits() -> None:
    assert str(feature("sin_x:1.2345678901")) == "sin_x:1.2345678901"
    assert str(feature("tile:2.0")) == "tile:2"
    assert feature("sin_x:0").parameter == 0

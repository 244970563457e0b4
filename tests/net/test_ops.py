"""Activations and features in numpy: the definition itself, and its float32 form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from netart.net.ops import (
    ACTIVATIONS,
    FEATURES,
    Activation,
    erf,
    feature,
    feature_columns,
)
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
LEFT = 2 * math.pi / math.log(3) * math.log(5) + 8 * ANGLE
RIGHT = 2 * math.pi / math.log(3) * math.log(5) - 13 * ANGLE
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
        ("spiral:-3", [math.cos(3 * DEPTH - 3 * ANGLE), math.sin(3 * DEPTH - 3 * ANGLE), DEPTH]),
        ("log_polar", [DEPTH, 0.6, -0.8]),
        ("swirl:3/8/13", [f(turn) for turn in (LEFT, RIGHT) for f in (math.cos, math.sin)]),
    ],
)
def test_features_of_several_columns(text: str, values: list[float]) -> None:
    columns = feature_columns((feature(text),), np.array([3.0]), np.array([-4.0]))
    assert [column[0] for column in columns] == pytest.approx(values)
    assert len(columns) == feature(text).kind.columns
    assert str(feature(text)) == text


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


def test_a_swirl_repeats_a_factor_closer_and_never_breaks_off() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 50))
    swirl = (feature("swirl:2.5/5/8"),)
    here = np.array(feature_columns(swirl, x, y))
    assert np.allclose(here, feature_columns(swirl, x / 2.5, y / 2.5), atol=1e-12)
    assert np.abs(here - feature_columns(swirl, x / 2.4, y / 2.4)).max() > 0.1
    # The angle jumps by a whole turn where x < 0.
    above, below = (feature_columns(swirl, -abs(x), np.full(50, y)) for y in (1e-9, -1e-9))
    assert np.allclose(above, below, atol=1e-6)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_features_are_finite_at_the_origin(precision: type[np.floating]) -> None:
    zero = np.zeros(1, precision)
    for row in FEATURES.values():
        text = {"swirl": "swirl:3/8/13"}.get(
            row.name, f"{row.name}:2" if row.parametric else row.name
        )
        columns = feature_columns((feature(text),), zero, zero)
        assert np.isfinite(columns).all(), text
        assert all(column.dtype == precision for column in columns), text


@pytest.mark.parametrize(("text", "places"), [("swirl:2.2/34/21", 4e-5), ("spiral:-34", 4e-5)])
def test_spirals_keep_their_digits_close_to_the_origin(text: str, places: float) -> None:
    """To radius 1e-6 the angle is some 200: float32 has 1.5e-5 between numbers there."""
    rng = np.random.default_rng(0)
    r, angle = 10 ** rng.uniform(-6, 1, 3000), rng.uniform(-np.pi, np.pi, 3000)
    points = np.stack([r * np.cos(angle), r * np.sin(angle)]).astype(np.float32)
    exact = np.array(feature_columns((feature(text),), *points.astype(np.float64)))
    assert np.abs(feature_columns((feature(text),), *points) - exact).max() < places


def test_every_feature_is_tested() -> None:
    named = {"x", "y", "r", "angle", "xy", "x2", "y2", "abs_x", "abs_y"}
    named |= {"kaleidoscope", "tile", "mirror_tile", "spiral", "log_polar", "swirl"}
    assert named | {"sin_x", "sin_y", "cos_x", "cos_y"} == set(FEATURES)


def test_a_parameter_keeps_its_digits() -> None:
    assert str(feature("sin_x:1.2345678901")) == "sin_x:1.2345678901"
    assert str(feature("tile:2.0")) == "tile:2"
    assert feature("sin_x:0").parameter == 0
    assert str(feature("swirl:2.50/8.0/13")) == "swirl:2.5/8/13"
    assert feature("swirl:2.5/8/13").parameter == (2.5, 8, 13)

"""Views: decimals, rotation, the affine map."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.shot.view import (
    Basis,
    View,
    affine,
    centre_on,
    decimal,
    rotate,
    rotation,
    round_centre,
    zoom,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.50", "1.5"), ("-0", "0"), ("1e2", "1E+2"), ("100", "1E+2"), ("0.000", "0")],
)
def test_a_coordinate_has_one_spelling(text: str, number: str) -> None:
    assert str(decimal(text)) == number


def test_a_centre_keeps_more_digits_than_a_float() -> None:
    text = "0." + "1234567890" * 40 + "1"
    assert str(View(centre=(decimal(text), Decimal(0))).centre[0]) == text


@pytest.mark.parametrize("text", ["nan", "inf", "1e31", "abc", "", "1e-3000", "0." + "1" * 2001])
def test_bad_coordinates_are_refused(text: str) -> None:
    with pytest.raises(NetartError):
        decimal(text)


@pytest.mark.parametrize(
    ("degrees", "frame"),
    [
        (0, ((1, 0), (0, 1))),
        (90, ((0, -1), (1, 0))),
        (180, ((-1, 0), (0, -1))),
        (-90, ((0, 1), (-1, 0))),
        (450, ((0, -1), (1, 0))),
    ],
)
def test_quarter_turns_are_exact(degrees: float, frame) -> None:
    assert rotation(degrees) == frame
    assert "-0.0" not in str(rotation(degrees))


def test_rotation_is_cos_minus_sin_sin_cos() -> None:
    for degrees in (30, 100, 200, -17.5):
        t = np.radians(degrees)
        expected = [[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]
        assert np.allclose(rotation(degrees), expected, atol=1e-15)


def test_affine_spans_the_axes_and_fixes_the_rest() -> None:
    view = View(
        centre=(Decimal("1"), Decimal("2"), Decimal("3")),
        axes=("a", "x"), radius=0.5, basis=rotation(90),
    )  # fmt: skip
    assert affine(view, ("x", "y", "a")).tolist() == [[1, 0.5, 0], [2, 0, 0], [3, 0, -0.5]]


@pytest.mark.parametrize(
    "fields",
    [
        {"radius": 0.0},
        {"radius": -1.0},
        {"radius": float("nan")},
        {"radius": float("inf")},
        {"axes": ("x", "x")},
        {"basis": ((1.0, 0.0), (0.0, 2.0))},
        {"basis": ((float("nan"), 0.0), (0.0, 1.0))},
    ],
)
def test_bad_views_are_refused(fields) -> None:
    with pytest.raises(NetartError, match=r"^view\."):
        View(**fields)


PLANE = View(
    centre=tuple(map(Decimal, ("0.25", "-1.5", "3"))),
    axes=("a", "x"),
    radius=0.5,
    basis=rotation(30),
)
NAMES = ("x", "y", "a")


def at(view: View, u: float, v: float) -> np.ndarray:
    """Where the picture's (u, v) lies, by the formula."""
    return affine(view, NAMES) @ np.array([1, u, v])


def test_a_moved_view_has_the_point_in_the_middle() -> None:
    found = centre_on(PLANE, NAMES, 0.5, -2)
    assert np.allclose(at(found, 0, 0), at(PLANE, 0.5, -2), atol=1e-15)
    assert found.centre[1] == PLANE.centre[1]


@pytest.mark.parametrize("factor", [0.8, 1, 3.7])
def test_a_zoomed_view_keeps_the_point(factor: float) -> None:
    found = zoom(PLANE, NAMES, factor, 0.7, -0.4)
    assert found.radius == pytest.approx(0.5 * factor)
    assert np.allclose(at(found, 0.7, -0.4), at(PLANE, 0.7, -0.4), atol=1e-12)


@pytest.mark.parametrize(
    "basis", [rotation(30), ((0.0, 1.0), (1.0, 0.0)), ((2.0, 0.0), (0.3, 0.5))]
)
def test_a_turned_view_is_turned_anticlockwise(basis: Basis) -> None:
    found = rotate(replace(PLANE, basis=basis), 40).basis
    assert np.allclose(np.array(found), np.array(rotation(40)) @ np.array(basis))


def test_turns_come_back_exactly() -> None:
    view = PLANE
    for _ in range(72):
        view = rotate(view, 5)
    assert view == PLANE


def test_a_deep_centre_keeps_twenty_digits_below_the_radius() -> None:
    deep = replace(PLANE, radius=1e-30)
    for _ in range(50):
        deep = zoom(deep, NAMES, 0.8, 0.31, 0.17)
    for number in deep.centre:
        assert -number.as_tuple().exponent <= 20 - Decimal(deep.radius).adjusted()
    apart = [float(a - b) for a, b in zip(deep.centre, PLANE.centre, strict=True)]
    fixed = np.array([[0, 0], [0, 0], [0, 0.0]])
    fixed[[2, 0]] = np.array(PLANE.basis) * 1e-30
    assert np.allclose(apart, fixed @ np.array([0.31, 0.17]), rtol=1e-4, atol=0)


def test_a_rounded_centre_is_the_same_to_twenty_digits() -> None:
    long = replace(PLANE, centre=(Decimal("0.1") + Decimal("1e-40"), Decimal(2), Decimal(3)))
    assert round_centre(long).centre == (Decimal("0.1"), Decimal(2), Decimal(3))
    assert round_centre(replace(long, radius=1e-30)) == replace(long, radius=1e-30)


def test_a_view_may_span_one_input() -> None:
    view = View(centre=(Decimal(2), Decimal(5)), axes=("y",), radius=3.0)
    rows = affine(view, ("x", "y"))
    assert rows.tolist() == [[2, 0, 0], [5, 3, 0]]
    turned = affine(replace(view, basis=rotation(90)), ("x", "y"))
    assert turned.tolist() == [[2, 0, 0], [5, 0, -3]]  # the bands turn
    moved = centre_on(view, ("x", "y"), 0.5, 9)
    assert moved.centre == (2, Decimal("6.5"))


@pytest.mark.parametrize("axes", [(), ("x", "x"), ("x", "y", "t")])
def test_a_view_spans_two_inputs_or_one(axes: tuple[str, ...]) -> None:
    with pytest.raises(NetartError, match="two different inputs, or one"):
        View(axes=axes)

"""Views: decimals, rotation, the affine map."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from netart.errors import NetartError
from netart.shot.view import View, affine, decimal, rotation


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
        axes=("a", "x"), radius=0.5, frame=rotation(90),
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
        {"frame": ((1.0, 0.0), (0.0, 2.0))},
        {"frame": ((float("nan"), 0.0), (0.0, 1.0))},
    ],
)
def test_bad_views_are_refused(fields) -> None:
    with pytest.raises(NetartError, match=r"^view\."):
        View(**fields)

"""The flat piece of input space that a picture covers.

(0, 0) ┌───────────────┐         pixel (i, j), row 0 on top, is sampled at
       │       ▲ v     │         u = (2(i+½) − W) / min(W, H)
       │       │       │         v = (H − 2(j+½)) / min(W, H)
       │       ●──▶ u  │         p = centre + radius · basis · (u, v)
       │    centre     │
       └───────────────┘ (W, H)  so units are square in every picture.

A view may span one input alone: it takes the first row of the basis, and the picture is of bands.
"""

from __future__ import annotations

import sys
from decimal import Context, Decimal, InvalidOperation
from math import atan2, cos, degrees, inf, isfinite, radians, sin, ulp

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.errors import NetartError

# A 2×2 matrix, row by row.
Basis = tuple[tuple[float, float], tuple[float, float]]

# Stands for 1/|weight scale|, which the shot puts in its place when it is made: a shot's view has a
# number. No text is read as it.
UNSET_RADIUS = -inf

MAX_DEGREES = 1e9  # of an angle
MAX_DIGITS = 2000  # of a coordinate: far below any radius that float64 holds
MAX_COORDINATE = Decimal("1e30")
BELOW_RADIUS = 20  # digits that a computed centre keeps below the radius
NEIGHBOURS = 20  # float64 numbers on either side of a computed angle that `exact_angle` tries


class View(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    repr_omit_defaults=True,
):
    """A point of input space, and the plane through it that the picture covers."""

    # One decimal an input (x, y, then the latents), in input units: the middle of the picture.
    centre: tuple[Decimal, ...] = (Decimal(0), Decimal(0))
    # The two inputs that the plane spans, or the one.
    axes: tuple[str, ...] = ("x", "y")
    # Half of the picture's shorter side, in input units.
    radius: float = UNSET_RADIUS
    # The basis of the plane: a matrix of determinant ±1 from (u, v) to the axes. In files it is
    # called `frame`.
    basis: Basis = msgspec.field(default=((1.0, 0.0), (0.0, 1.0)), name="frame")

    def __post_init__(self) -> None:
        try:
            centre = tuple(map(normalise, self.centre))
        except NetartError as error:
            raise error.at("view.centre") from None
        msgspec.structs.force_setattr(self, "centre", centre)
        if self.radius != UNSET_RADIUS and not (isfinite(self.radius) and self.radius > 0):
            raise NetartError(f"view.radius = {self.radius}: must be a finite number above 0")
        if len(self.axes) not in (1, 2) or len(set(self.axes)) < len(self.axes):
            names = ",".join(self.axes)
            raise NetartError(f"view.axes = {names}: must be two different inputs, or one")
        (a, b), (c, d) = self.basis
        if not abs(abs(a * d - b * c) - 1) < 1e-6:
            raise NetartError("view.frame: must have determinant 1 or −1")


def decimal(text: str) -> Decimal:
    """The coordinate written as `text`. Raises NetartError."""
    try:
        return normalise(Decimal(text))
    except InvalidOperation:
        raise NetartError(f"{text!r} is not a number") from None


def normalise(number: Decimal) -> Decimal:
    """The number without trailing zeros or a negative zero, so that equal ones are spelled alike.

    Raises NetartError where it is too large or has too many digits.
    """
    if not number.is_finite() or number.copy_abs() > MAX_COORDINATE:
        raise NetartError(f"coordinate {number}: must be a number within ±1e30")
    if len(number.as_tuple().digits) > MAX_DIGITS or (number.adjusted() < -MAX_DIGITS and number):
        raise NetartError(f"a coordinate of more than {MAX_DIGITS} digits")
    return number.normalize(Context(prec=MAX_DIGITS)) if number else Decimal(0)


def rotation(degrees: float) -> Basis:
    """The basis of a view that is turned anticlockwise; exact at quarter turns.

    What the picture shows turns clockwise.
    """
    if not abs(degrees) <= MAX_DEGREES:
        raise NetartError(f"{degrees} degrees: must be within ±{MAX_DEGREES:g}")
    quarter, rest = divmod(degrees, 90)
    c, s = cos(radians(rest)), sin(radians(rest))
    for _ in range(int(quarter) % 4):
        c, s = -s, c
    return ((c + 0.0, -s + 0.0), (s + 0.0, c + 0.0))


def approximate_angle(basis: Basis) -> float:
    """The degrees by which the basis is turned, to the precision of a float."""
    (cosine, _), (sine, _) = basis
    return degrees(atan2(sine, cosine))


def exact_angle(basis: Basis) -> float | None:
    """The degrees whose `rotation` is exactly this basis, in few digits; None where none are."""
    near = approximate_angle(basis) + 0.0
    # Sine, cosine and arc tangent round: try the short numbers near by, then the next floats.
    tries = [round(near, digits) + 0.0 for digits in range(16)]
    tries += [near + k * ulp(near) for k in range(-NEIGHBOURS, NEIGHBOURS + 1)]
    return next((found for found in tries if rotation(found) == basis), None)


def point(view: View, inputs: tuple[str, ...], u: float, v: float) -> tuple[Decimal, ...]:
    """The point of input space that the picture shows at (u, v): one decimal an input.

    It has BELOW_RADIUS digits below the radius.
    """
    centre = list(view.centre)
    for axis, (a, b) in zip(view.axes, view.basis, strict=False):
        k = inputs.index(axis)
        offset = Decimal(view.radius * (a * u + b * v))
        centre[k] = round_below(Context(prec=MAX_DIGITS).add(centre[k], offset), view.radius)
    return tuple(centre)


def round_centre(view: View) -> View:
    """The view with its centre rounded to BELOW_RADIUS digits below the radius."""
    radius = view.radius
    return replace(view, centre=tuple(round_below(number, radius) for number in view.centre))


def round_below(number: Decimal, radius: float, digits: int = BELOW_RADIUS) -> Decimal:
    """The number with so many digits below the radius."""
    step = Decimal(1).scaleb(Decimal(radius).adjusted() - digits)
    return number.quantize(step, context=Context(prec=MAX_DIGITS))


def centre_on(view: View, inputs: tuple[str, ...], u: float, v: float) -> View:
    """The view moved so that what its picture shows at (u, v) is in the middle."""
    return replace(view, centre=point(view, inputs, u, v))


def zoom(view: View, inputs: tuple[str, ...], factor: float, u: float = 0, v: float = 0) -> View:
    """The view with its radius times the factor; what is at (u, v) of its picture stays there."""
    radius = float(f"{view.radius * factor:.12g}")
    return replace(centre_on(view, inputs, (1 - factor) * u, (1 - factor) * v), radius=radius)


def rotate(view: View, by_degrees: float) -> View:
    """The view turned anticlockwise about its centre."""
    own = exact_angle(view.basis)
    if own is not None:
        return replace(view, basis=rotation(round((own + by_degrees) % 360, 9)))
    (a, b), (c, d) = (np.array(rotation(by_degrees)) @ np.array(view.basis)).tolist()
    return replace(view, basis=((a, b), (c, d)))


def resolves(view: View, shorter: int, epsilon: float) -> bool:
    """Whether neighbouring pixels differ in numbers of relative precision `epsilon`.

    shorter: pixels on the picture's shorter side.
    """
    farthest = float(max(number.copy_abs() for number in view.centre))
    return 2 * view.radius / shorter >= 4 * epsilon * farthest


def check_float64(view: View, shorter: int) -> None:
    """Raises NetartError for a view whose pixels are the same numbers in float64."""
    if not resolves(view, shorter, sys.float_info.epsilon):
        raise NetartError(
            f"view.radius = {view.radius}: float64 cannot tell pixels apart so close at this centre"
        )


def affine(view: View, inputs: tuple[str, ...]) -> NDArray[np.float64]:
    """(inputs, 3) float64, a row (c, a, b) for each input: its coordinate is c + a·u + b·v."""
    rows = np.zeros((len(inputs), 3))
    rows[:, 0] = [float(number) for number in view.centre]
    for axis, row in zip(view.axes, view.basis, strict=False):
        rows[inputs.index(axis), 1:] = view.radius * np.array(row)
    return rows


def coordinates(
    view: View, inputs: tuple[str, ...], uv: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(inputs, N) float64: the coordinates of points of the view. uv: (N, 2), their u and v."""
    rows = affine(view, inputs)
    at: NDArray[np.float64] = (rows[:, 0] + uv @ rows[:, 1:].T).T
    return at

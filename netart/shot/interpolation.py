"""Interpolations: how the values between two keys of a film are found.

Each is a function of the two values and a share s: the first value at s = 0, the second at s = 1.
An easing may make s leave [0, 1] in between.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from math import acos, hypot, isfinite, pi, sin
from typing import Any

from netart.errors import NetartError

DIGITS = 60  # of an interpolated coordinate
COEFFICIENT_DIGITS = 12  # of an interpolated mix: platforms differ in the last bit of a sine


def _hold(a: Any, b: Any, s: float) -> Any:
    """The first value until the second is reached."""
    return b if s >= 1 else a


def _linear(a: Any, b: Any, s: float) -> Any:
    """Equal steps in equal times, for numbers and tuples of them; other values hold."""
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(_linear(x, y, s) for x, y in zip(a, b, strict=True))
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        context = Context(prec=DIGITS)
        step = context.multiply(context.subtract(b, a), Decimal(s))
        return context.add(a, step) if s < 1 else b
    if _is_number(a) and _is_number(b):
        return a + (b - a) * s if s < 1 else b
    return _hold(a, b, s)


def _geometric(a: Any, b: Any, s: float) -> Any:
    """Equal ratios in equal times, for numbers of one sign; words hold.

    Computed in decimals, whose powers are the same on every machine.
    """
    if not (_is_number(a) and _is_number(b)):
        return _hold(a, b, s)
    if a * b <= 0:
        raise NetartError(f"from {a} to {b}: equal ratios need values of one sign, not 0")
    if s in (0, 1):
        return b if s else a
    context = Context(prec=DIGITS)
    ratio = context.divide(Decimal(b), Decimal(a))
    return float(context.multiply(Decimal(a), context.power(ratio, Decimal(s))))


def _short(a: Any, b: Any, s: float) -> Any:
    """Angles in degrees, turned by at most half a turn."""
    return _linear(a, a + (b - a + 180) % 360 - 180, s)


def _mix(a: Any, b: Any, s: float) -> Any:
    """Mixes, by spherical interpolation of their coefficients; the norm goes linearly.

    So the variance of the weights goes straight from one to the other (Shoemake 1985, "Animating
    rotation with quaternion curves").
    """
    if s in (0, 1):
        return b if s else a
    first, second = dict(a), dict(b)
    seeds = sorted({*first, *second})
    norms = hypot(*first.values()), hypot(*second.values())
    if 0 in norms:
        raise NetartError("mix: all coefficients are 0")
    cosine = sum(first.get(x, 0) * second.get(x, 0) for x in seeds) / (norms[0] * norms[1])
    angle = acos(max(-1, min(1, cosine)))
    if pi - angle < 1e-6:
        raise NetartError("mix: opposite mixes have no shortest way between them")
    norm = norms[0] + (norms[1] - norms[0]) * s
    if angle < 1e-6:
        shares = (1 - s, s)
    else:
        shares = (sin((1 - s) * angle) / sin(angle), sin(s * angle) / sin(angle))
    found = (
        norm * (shares[0] * first.get(x, 0) / norms[0] + shares[1] * second.get(x, 0) / norms[1])
        for x in seeds
    )
    return tuple(
        (seed, round(share, COEFFICIENT_DIGITS)) for seed, share in zip(seeds, found, strict=True)
    )


INTERPOLATIONS: dict[str, Callable[[Any, Any, float], Any]] = {
    "hold": _hold,
    "linear": _linear,
    "geometric": _geometric,
    "short": _short,
    "mix": _mix,
    # A single key, which the timeline's centre is computed from: see `pinned_centre`.
    "pinned": _hold,
}


def pinned_centre(
    target: tuple[Decimal, ...], centre: tuple[Decimal, ...], radius: float, zoomed: float
) -> tuple[Decimal, ...]:
    """The centre of a view zoomed so that the target stays at its place on screen.

    target + (centre − target) · zoomed / radius, for a view that has this centre at the first
    radius and is zoomed to the second.
    """
    first, here = Decimal(repr(radius)), Decimal(repr(zoomed))
    context = Context(prec=DIGITS + max(0, -here.adjusted()))
    share = context.divide(here, first)
    return tuple(
        context.add(aim, context.multiply(context.subtract(c, aim), share))
        for aim, c in zip(target, centre, strict=True)
    )


def is_finite(value: Any) -> bool:
    """Whether no number in a value is infinite, nor NaN."""
    if isinstance(value, tuple):
        return all(map(is_finite, value))
    return isfinite(value) if isinstance(value, (int, float, Decimal)) else True


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)

"""Easings: how fast a value goes from one key of a film to the next.

Each maps the share of the time that is over to the share of the change, both from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, isfinite, pi, sin

from netart.errors import NetartError, unknown

Easing = Callable[[float], float]

# Two tracks of sines make a circle. They are rounded since platforms differ in a sine's last bit.
EASINGS: dict[str, Easing] = {
    "linear": lambda s: s,
    "hold": lambda s: float(s >= 1),
    "smooth": lambda s: s * s * (3 - 2 * s),
    "in": lambda s: s * s,
    "out": lambda s: s * (2 - s),
    "sine": lambda s: round((1 - cos(pi * s)) / 2, 12),
    "sine-in": lambda s: round(1 - cos(pi * s / 2), 12),
    "sine-out": lambda s: round(sin(pi * s / 2), 12),
}


def easing(name: str) -> Easing:
    """The easing called `name`: one of EASINGS, or `bezier:x1,y1,x2,y2`. Raises NetartError.

    The latter is the cubic Bézier curve from (0, 0) to (1, 1) with these handles, as in CSS.
    """
    kind, _, numbers = name.partition(":")
    if kind != "bezier":
        if name not in EASINGS:
            raise unknown("easing", name, [*EASINGS, "bezier:x1,y1,x2,y2"])
        return EASINGS[name]
    try:
        x1, y1, x2, y2 = map(float, numbers.split(","))
    except ValueError:
        raise NetartError(f"easing {name!r}: write bezier:x1,y1,x2,y2") from None
    if not (0 <= x1 <= 1 and 0 <= x2 <= 1 and isfinite(y1) and isfinite(y2)):
        raise NetartError(f"easing {name!r}: x1 and x2 must be from 0 to 1, y1 and y2 finite")
    return lambda s: _cubic(_inverse(s, x1, x2), y1, y2)


def _cubic(u: float, a: float, b: float) -> float:
    """One coordinate at u of the cubic Bézier curve with the points 0, a, b, 1."""
    return u * (3 * (1 - u) * ((1 - u) * a + u * b) + u * u)


def _inverse(s: float, x1: float, x2: float) -> float:
    """The u at which the curve's x is s. Found by halving: the same bits on every machine."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _cubic(middle, x1, x2) < s else (low, middle)
    return high if 0 < s < 1 else s

"""Reads the values of fields from the text of an option, and writes them as such text.

A reader takes a text and returns the value. It raises NetartError that says what is allowed; the
caller adds the field's name and the text. Texts have any length: digits, exponents and counts are
limited before anything is computed with them.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import isfinite
from typing import Any

from netart.errors import NetartError
from netart.net.network import MAX_LAYERS
from netart.shot.view import MAX_DEGREES, decimal

MAX_WHOLE_DIGITS = 20  # as many as the largest seed has
MAX_FRACTION_DIGITS = 40


def whole_number(text: str) -> int:
    try:
        found = int(text)
    except ValueError:
        raise NetartError("must be a whole number") from None
    if abs(found) >= 10**MAX_WHOLE_DIGITS:
        raise NetartError(f"must be a whole number of at most {MAX_WHOLE_DIGITS} digits")
    return found


def samples(text: str) -> str | int:
    """`auto`, or a whole number."""
    try:
        return text if text == "auto" else whole_number(text)
    except NetartError:
        raise NetartError("must be a whole number, or auto") from None


def number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise NetartError("must be a number") from None
    if not isfinite(found):
        raise NetartError("must be a finite number")
    return found


def fraction(text: str) -> Fraction:
    """Exactly the number that is written, as in `25`, `12.5` or `30000/1001`."""
    numerator, slash, denominator = text.partition("/")
    try:
        if slash:
            return Fraction(whole_number(numerator), whole_number(denominator))
        found = Decimal(text)
    except (InvalidOperation, ZeroDivisionError):
        raise NetartError("must be a number or a fraction") from None
    # An exponent of nine digits would be a number of as many.
    _, digits, exponent = found.as_tuple()
    if not isinstance(exponent, int) or max(len(digits), abs(exponent)) > MAX_FRACTION_DIGITS:
        raise NetartError(f"must be a number of at most {MAX_FRACTION_DIGITS} digits")
    return Fraction(found)


def angle(text: str) -> float:
    """Degrees."""
    found = number(text)
    if abs(found) > MAX_DEGREES:
        raise NetartError(f"must be within ±{MAX_DEGREES:g} degrees")
    return found


def number_or(*words: str) -> Callable[[str], float | str]:
    """A reader of a number or one of these words."""
    return lambda text: text if text in words else number(text)


def switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise NetartError("must be true or false")
    return text == "true"


def names(text: str) -> tuple[str, ...]:
    """Names, as in `x,y,r`."""
    found = tuple(part.strip() for part in text.split(","))
    if not all(found):
        raise NetartError("a name is missing")
    return found


def whole_numbers(text: str) -> tuple[int, ...]:
    """Whole numbers, as in `1,3`."""
    return tuple(map(whole_number, names(text)))


def mix(text: str) -> tuple[tuple[int, float], ...]:
    """Pairs of seed and coefficient, as in `7:0.6,42:0.8`; of a seed alone the coefficient is 1."""
    pairs = (part.partition(":") for part in text.split(","))
    return tuple(
        (whole_number(seed), number(share) if colon else 1.0) for seed, colon, share in pairs
    )


def layers(text: str) -> tuple[int, int | None]:
    """The number of hidden layers, and their width where it is given: `20` or `20x30`."""
    depth, width = _layers(text)
    if not depth and width is not None:
        raise NetartError("0 layers have no width: write 0")
    return depth, width


def _layers(text: str) -> tuple[int, int | None]:
    """The same of some of the layers, which may be none."""
    depth, cross, width = text.lower().partition("x")
    try:
        found = whole_number(depth), whole_number(width) if cross else None
    except NetartError:
        raise NetartError("write DEPTH or DEPTHxWIDTH, as in 20x30") from None
    return _check_depth(found[0]), found[1]


def depth(text: str) -> int:
    """The number of hidden layers."""
    return _check_depth(whole_number(text))


def _check_depth(depth: int) -> int:
    """The depth. Raises NetartError where it is out of range."""
    if not 0 <= depth < MAX_LAYERS:
        raise NetartError(f"the number of hidden layers goes from 0 to {MAX_LAYERS - 1}")
    return depth


def widths(text: str) -> tuple[int, ...]:
    """Widths of hidden layers, as in `5,50,3`; `4x16,8` is four of width 16 and one of 8."""
    found: list[int] = []
    for part in names(text):
        depth, width = _layers(part) if "x" in part else (1, whole_number(part))
        _check_depth(len(found) + depth)
        found += [width or 0] * depth
    return tuple(found)


def centre(text: str) -> tuple[Decimal, ...]:
    """Two coordinates, as in `0.4,-0.2`, or one."""
    numbers = tuple(map(decimal, text.split(",")))
    if len(numbers) > 2:
        raise NetartError("write X,Y, or X where the picture spans one input")
    return numbers


def axes(text: str) -> tuple[str, ...]:
    """Two names of inputs, as in `x,t`, or one."""
    found = names(text)
    if len(found) > 2:
        raise NetartError("write two names of inputs, as in x,y, or one")
    return found


def latents(text: str) -> tuple[tuple[str, Decimal], ...]:
    """Pairs of input and coordinate, as in `a=0.3,b=-1`."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(equals for _, equals, _ in pairs):
        raise NetartError("write NAME=VALUE")
    if len({name.strip() for name, _, _ in pairs}) < len(pairs):
        raise NetartError("a name is given twice")
    return tuple((name.strip(), decimal(value)) for name, _, value in pairs)


def units(text: str) -> tuple[tuple[int, int], ...]:
    """Pairs of layer and unit, as in `3.1,3.2,3.3`."""
    pairs = [part.partition(".") for part in names(text)]
    if not all(dot for _, dot, _ in pairs):
        raise NetartError("write LAYER.UNIT, as in 3.1")
    return tuple((whole_number(layer), whole_number(unit)) for layer, _, unit in pairs)


def contrast(text: str) -> str | tuple[tuple[float, float], ...]:
    """Pairs of limits, as in `-1:1,0:2`, or the word `auto`, `eased` or `off`."""
    if text in ("auto", "eased", "off"):
        return text
    pairs = [part.partition(":") for part in text.split(",")]
    if not all(colon for _, colon, _ in pairs):
        limits = "LO:HI for all outputs or one each, as in -1:1,0:2"
        raise NetartError(f"write auto, eased, off, or {limits}")
    return tuple((number(low), number(high)) for low, _, high in pairs)


def limits(text: str) -> tuple[float, float]:
    """Two numbers, as in `-1.2:1.2`."""
    low, colon, high = text.partition(":")
    if not colon:
        raise NetartError("write LOW:HIGH, as in -1.2:1.2")
    return number(low), number(high)


def spell(value: Any, separator: str) -> str:
    """The text that is read back as exactly this value.

    separator: what stands between the two of a pair.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        pairs = (separator.join(map(str, x)) if isinstance(x, tuple) else str(x) for x in value)
        return ",".join(pairs)
    return str(value)

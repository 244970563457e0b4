"""Reads lists of values: `a,b,c` · `1..18` · `0.4..0.8*9` · `40..0.15625*9:log`.

Ends are included. `*N` takes N values in equal steps, `:log` in equal ratios; without them a range
counts by one. Values that hold commas are separated by `;`. Of seeds a number alone is their count.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from netart.errors import NetartError

MAX_VALUES = 100_000
DIGITS = 17  # of a value between the ends: as many as float64 has
MAX_WHOLE = 1 << 64  # seeds are below it

# Of limited length, since the digits before and behind the point are tried in all ways.
_NUMBER = r"[+-]?(?:\d{1,100}\.?\d{0,100}|\.\d{1,100})(?:[eE][+-]?\d{1,3})?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?:\*(\d{{1,9}})(:log)?)?", re.ASCII)
# A range as others write it; a colon is one in seeds alone: it stands in mixes and limits.
_OTHER_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|–|…|\.\.\.|\.\.=)\s*({_NUMBER})", re.ASCII)
_COLON_RANGE = re.compile(r"(\d{1,20}):(\d{1,20})", re.ASCII)
_COUNT = re.compile(r"\d{1,20}", re.ASCII)


def values(text: str, at_most: int = MAX_VALUES) -> tuple[str, ...]:
    """The values that `text` lists, as text. Raises NetartError, where they are more than `at_most`
    before they are computed.
    """
    found: list[str] = []
    for part in text.split(";" if ";" in text else ","):
        span = _RANGE.fullmatch(part.strip())
        if not part.strip():
            raise NetartError(f"{text!r}: a value is missing")
        if other := _OTHER_RANGE.fullmatch(part.strip()):
            raise NetartError(f"{part.strip()!r}: write {_spell_range(*other.groups())}")
        found += _expand(part, at_most, *span.groups()) if span else [part.strip()]
        if len(found) > at_most:
            raise NetartError(f"{text!r}: more than {at_most:,} values")
    return tuple(found)


def seed_values(text: str, at_most: int = MAX_VALUES) -> tuple[str, ...]:
    """The seeds that `text` lists, as text: as `values` reads them, but `10` is the first ten, 0 to
    9, and `7,` the one seed 7. Raises NetartError as `values` does.
    """
    count = seed_count(text, at_most)
    if count is not None:
        return tuple(map(str, range(count)))
    listing = text.strip()
    if other := _COLON_RANGE.fullmatch(listing):
        raise NetartError(f"{listing!r}: write {_spell_range(*other.groups())}")
    return values(listing.removesuffix(",") or text, at_most)


def seed_count(text: str, at_most: int = MAX_VALUES) -> int | None:
    """How many seeds are asked for, where `text` is a number alone; else None. Raises NetartError
    where that is none, or more than `at_most`.
    """
    listing = text.strip()
    if not _COUNT.fullmatch(listing):
        return None
    count = int(listing)
    if not 1 <= count <= at_most:
        raise NetartError(
            f"{listing} seeds: must be from 1 to {at_most:,}; seed {listing} alone: {listing},"
        )
    return count


def _spell_range(first: str, last: str) -> str:
    """The range between two numbers as `values` reads it: in steps of one, else in nine steps."""
    gap = Decimal(last) - Decimal(first)
    is_counted = 0 <= gap < MAX_VALUES and gap % 1 == 0
    return f"{first}..{last}" if is_counted else f"{first}..{last}*9"


def _expand(
    part: str, at_most: int, first: str, last: str, count: str | None, log: str | None
) -> list[str]:
    """The values of one range, `at_most` so many. part: its text; the others: the groups that
    _RANGE finds in it.
    """
    start, end = Decimal(first), Decimal(last)
    if count is None:
        if start > end:
            raise NetartError(f"{part!r}: runs backwards: write it with steps, as in 9..1*9")
        if end - start >= at_most:
            raise NetartError(f"{part!r}: more than {at_most:,} values")
        if (end - start) % 1:
            raise NetartError(f"{part!r}: does not reach its end in steps of one: give *STEPS")
        return [_plain(start + k) for k in range(int(end - start) + 1)]
    steps = int(count)
    if not 2 <= steps <= at_most:
        raise NetartError(f"{part!r}: steps go from 2 to {at_most:,}")
    shares = [Decimal(k) / (steps - 1) for k in range(steps)]
    if log is None:
        return [_plain(start + (end - start) * share) for share in shares]
    if start * end <= 0:
        raise NetartError(f"{part!r}: equal ratios need ends of one sign, not 0")
    ratio = end / start
    return [_plain(start * ratio**share) for share in shares]


def _plain(number: Decimal) -> str:
    """The number as text without an exponent where that stays short: of at most DIGITS digits, and
    a whole number below MAX_WHOLE of all that it has.
    """
    if abs(number) < MAX_WHOLE and number % 1 == 0:
        return f"{number:.0f}"
    number = number.normalize(Context(prec=DIGITS))
    return str(number) if abs(number.adjusted()) > 9 else f"{number:f}"

"""Spells Python values as the texts of options, which the table of fields reads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from os import PathLike, fspath
from typing import Any

from netart.errors import NetartError
from netart.shot.fields.field import Field

MAX_WHOLE = 1e15  # of a float that is spelled as a whole number


def option_text(row: Field, value: Any) -> str:
    """The text that says this value of a field, as in an option.

    A text is taken as it is; numbers, switches and paths are spelled; lists are joined by commas,
    and of a mapping or of pairs each by the field's own separator: `{7: 0.6, 42: 0.8}` is
    `7:0.6,42:0.8`. Rows of more, as of points, are joined by semicolons. Of numpy's arrays and
    numbers their values are taken. Raises NetartError for what is none of these.
    """
    try:
        return _spell(row, value)
    except TypeError:
        message = f"{row.name} {value!r}: must be a text, a number, or a list or mapping of such"
        if value is None:
            message = f"{row.name} None: leave it out to keep what there is"
        raise NetartError(message, field=row.name) from None


def _spell(row: Field, value: Any) -> str:
    value = _plain(value)
    if isinstance(value, Mapping):
        value = list(value.items())
    if not isinstance(value, list):
        return _spell_one(row, value)
    items = [_plain(item) for item in value]
    if row.is_pair and len(items) == 2 and not any(isinstance(item, list) for item in items):
        items = [items]
    between = "," if row.separator or not any(isinstance(item, list) for item in items) else ";"
    return between.join(
        (row.separator or ",").join(_spell_one(row, _plain(part)) for part in item)
        if isinstance(item, list)
        else _spell_one(row, item)
        for item in items
    )


def _plain(value: Any) -> Any:
    """Sequences as lists, numpy's values as Python's; anything else as it is."""
    if isinstance(value, (tuple, range)):
        return list(value)
    return value.tolist() if hasattr(value, "tolist") else value


def _spell_one(row: Field, value: Any) -> str:
    """The text of a single value. Raises TypeError for what is none."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if row.separator == ".":  # 3.10 is 3.1
            raise NetartError(
                f"{row.name} {value!r}: write a text, as in '3.10', or a pair, as in (3, 10)",
                field=row.name,
            )
        return str(int(value)) if value.is_integer() and abs(value) < MAX_WHOLE else repr(value)
    if isinstance(value, (int, Decimal, Fraction)):
        return str(value)
    if isinstance(value, (str, PathLike)):
        return str(fspath(value))
    raise TypeError(type(value).__name__)

"""Checks the values that Python programs pass where the command line reads a text."""

from __future__ import annotations

from operator import index
from typing import Any

from netart.errors import NetartError


def whole(name: str, value: Any) -> int:
    """The argument of this name as an int; numpy's whole numbers are some, too, switches are none.

    Raises NetartError.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        return index(value)
    except TypeError:
        raise NetartError(f"{name} {value!r}: must be a whole number", field=name) from None


def optional_whole(name: str, value: Any) -> int | None:
    """The same of an argument that may be None."""
    return None if value is None else whole(name, value)


def whole_or_word(name: str, value: Any) -> Any:
    """The same of an argument that may be a text, too, which stays as it is."""
    return value if isinstance(value, str) else optional_whole(name, value)


def optional_text(name: str, value: Any) -> str | None:
    """The argument of this name as a text, or None. Raises NetartError."""
    if value is None or isinstance(value, str):
        return value
    raise NetartError(f"{name} {value!r}: must be a text", field=name)


def real(name: str, value: Any) -> float:
    """The argument of this name as a float; switches and texts are none. Raises NetartError."""
    try:
        if isinstance(value, (bool, str)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise NetartError(f"{name} {value!r}: must be a number", field=name) from None

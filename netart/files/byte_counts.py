"""Sizes of files as text: `5MB`, `500 kB`, `4MiB`."""

from __future__ import annotations

import re

from netart.arguments import whole
from netart.errors import NetartError

UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}
MAX_BYTES = 1 << 50

_COUNT = re.compile(r"(\d{1,16}(?:\.\d{1,9})?) ?([kmg]i?|)b?", re.ASCII | re.IGNORECASE)


def read_byte_count(text: str | int) -> int:
    """The number of bytes that a text says: `5MB` and `5M` are 5,000,000, `5MiB` 5·2²⁰, `800` 800.

    Raises NetartError.
    """
    if not isinstance(text, str):
        return whole("max_bytes", text)
    found = _COUNT.fullmatch(text.strip())
    if not found:
        message = f"max_bytes {text!r}: write a size as 5MB, 500kB or 4MiB"
        raise NetartError(message, field="max_bytes")
    return int(float(found[1]) * UNITS[found[2].lower()])


def check_byte_count(count: int) -> None:
    """Raises NetartError for what no file's size can be."""
    if not 1 <= count <= MAX_BYTES:
        raise NetartError(f"max_bytes {count}: must be from 1 to {MAX_BYTES:,}", field="max_bytes")


def spell_bytes(count: float) -> str:
    """The size with three digits, as in `4.87 MB` or `98 kB`."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{float(f'{count / factor:.3g}'):g} {unit}"
    return f"{count:.0f} bytes"

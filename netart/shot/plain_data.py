"""Plain data, as files hold it, into structs: strictly, with errors that name the place."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

import msgspec

from netart.errors import NetartError, unknown
from netart.shot.fields import FIELDS
from netart.shot.view import rotation

MAX_BITS = 128  # of whole numbers: seeds have 64; spelling out takes time by their square


def list_or_empty(value: Any) -> list[Any]:
    """The value where it is a list, else no items."""
    return list(value) if isinstance(value, (list, tuple)) else []


def as_option_text(value: Any) -> Any:
    """A number, a switch, or a list of such, as an option writes it; anything else as it is."""
    if isinstance(value, (list, tuple)) and value and all(map(_is_number, value)):
        return ",".join(map(_spell_number, value))
    return _spell_number(value) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    """Whether it is a number or a switch, which is not too long to be spelled out."""
    return isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= MAX_BITS)


def _spell_number(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_names(data: Any, allowed: tuple[str, ...], place: str) -> None:
    """Raises NetartError unless the data is a table with no other names than these."""
    if not isinstance(data, dict):
        raise NetartError(f"{place}: must be a table")
    for name in data:
        if name not in allowed:
            # An option that has another name in files.
            known = FIELDS[name].place if name in FIELDS else ""
            if known in {f"{place}.{good}" for good in allowed}:
                raise NetartError(f"unknown field '{place}.{name}': in files it is {known}")
            raise unknown("field", name, allowed, place=f"{place}.")


def convert(data: Any, kind: type[msgspec.Struct], place: str) -> Any:
    """The struct that the data at this place describes. Raises NetartError that names the place."""
    tag = kind.__struct_config__.tag
    check_names(data, (*kind.__struct_encode_fields__, *(["kind"] if tag else [])), place)
    try:
        data = {name: _parse_text(f"{place}.{name}", value) for name, value in data.items()}
        return msgspec.convert(data, kind)
    except (msgspec.ValidationError, OverflowError) as error:
        message, _, path = str(error).partition(" - at `$")
        path = re.sub(r"\d+", lambda index: str(int(index[0]) + 1), path.rstrip("`"))
        raise NetartError(f"{place}{path}: {message}") from None


def _parse_text(place: str, value: Any) -> Any:
    """The value, read where it is written as its option writes it. Raises NetartError."""
    if place == "network.mix" and isinstance(value, dict):
        if not all(re.fullmatch(r"\d{1,20}", str(seed)) for seed in value):
            raise NetartError("network.mix: names are seeds, as in {7 = 0.6, 42 = 0.8}")
        return tuple((int(seed), share) for seed, share in value.items())
    if place == "view.frame" and type(value) in (int, float):
        try:
            return rotation(value)
        except NetartError as error:
            raise error.at(place) from None
    if isinstance(value, float) and not isfinite(value):
        raise NetartError(f"{place} = {value}: must be a finite number")
    if isinstance(value, str):
        own = re.sub(r"^beside\.", "lens.", place)
        for field in FIELDS.values():
            if field.place == own and field.in_files and field.parse is not str:
                try:
                    return field.parse(value)
                except NetartError as error:
                    raise NetartError(f"{place} = {value!r}: {error}") from None
    return value

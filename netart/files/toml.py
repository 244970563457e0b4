"""TOML files: read within limits, written so that people can edit them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import IO, Any

from netart.errors import NetartError
from netart.files.limits import MAX_KEY_PARTS, MAX_TOML_BYTES, open_regular, read_text_within

# Its repetitions never give back what they took, and a key is tried from its first letter only:
# else a text of one long word would take time by its square.
LONG_KEY = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++\s*+\.\s*+){{{MAX_KEY_PARTS}}}")
# What tomli_w spreads over lines: arrays of numbers, short texts, and such arrays.
SHORT_ARRAY = re.compile(r'\[\n((?:[ \w.+,-]|"[^"\\\[\]\n]*"|\[[^"\[\]\n]*\]|\n){1,400}?)\]')
UNSEEN = re.compile(r"[^\n -~]")  # with others that can be seen
LINE_END = re.compile(r"\n *")


def read_toml(path: Path, max_bytes: int = MAX_TOML_BYTES) -> dict[str, Any]:
    """The tables of a TOML file. Raises NetartError that names it."""
    with open_regular(path) as file:
        return parse_toml(file, max_bytes)


def parse_toml(file: IO[bytes], max_bytes: int = MAX_TOML_BYTES) -> dict[str, Any]:
    """The tables of the TOML in an open file. Raises NetartError."""
    try:
        text = read_text_within(file, max_bytes)
        if LONG_KEY.search(text):
            raise NetartError(f"a key of more than {MAX_KEY_PARTS} parts")
        data = tomllib.loads(text)
        _check_numbers(data)
        return data
    except (ValueError, RecursionError) as error:
        raise NetartError(f"is not valid TOML: {error}") from None


def _check_numbers(value: Any) -> None:
    """Raises ValueError for a whole number of more bits than TOML has: of thousands of digits, in
    hexadecimal say, Python spells none in a message.
    """
    if isinstance(value, int) and not -(2**63) <= value < 2**64:  # seeds have no sign
        raise ValueError("a whole number of more than 64 bits")
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return
    for one in value:
        _check_numbers(one)


def format_toml(data: dict[str, Any]) -> str:
    """The text of a TOML file, with short arrays on one line, and escapes in place of all
    characters that cannot be seen: it may be printed on a terminal.
    """
    import tomli_w

    text = UNSEEN.sub(_escaped, tomli_w.dumps(data))
    for _ in range(2):  # arrays, then arrays of them
        text = SHORT_ARRAY.sub(_on_one_line, text)
    return text


def _escaped(character: re.Match[str]) -> str:
    code = ord(character[0])
    if character[0].isprintable():
        return character[0]
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _on_one_line(array: re.Match[str]) -> str:
    return f"[{LINE_END.sub(' ', array[1]).strip(' ,')}]"

"""Preset files: TOML with a table [shot], perhaps a [sheet] or [timeline], a line about it, and
perhaps a size.
"""

from __future__ import annotations

import re
import tomllib
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from netart.assets import folder
from netart.errors import MACHINE, NetartError, unknown
from netart.files.npz import read_beside
from netart.shot.document import Subject, from_tables, to_tables

MAX_BYTES = 1 << 20
# What tomli_w spreads over lines: arrays of numbers, short texts, and such arrays.
SHORT_ARRAY = re.compile(r'\[\n((?:[ \w.+,-]|"[^"\\\[\]\n]*"|\[[^"\[\]\n]*\]|\n){1,400}?)\]')
LINE_END = re.compile(r"\s*\n\s*")
MOST_PARTS = 32  # of a dotted key
LONG_KEY = re.compile(rf"(?:[\w\"'-]+\s*\.\s*){{{MOST_PARTS}}}")


class Preset(NamedTuple):
    """name; subject; what it shows, a line; the size it is made for, in pixels."""

    name: str
    subject: Subject
    about: str
    size: tuple[int, int] | None


def preset_names() -> list[str]:
    return sorted(path.stem for path in folder("presets").glob("*.toml"))


def preset(name: str) -> Preset:
    """The preset called `name`. Raises NetartError with the nearest name."""
    if name not in preset_names():
        raise unknown("preset", name, preset_names())
    return read_toml(folder("presets") / f"{name}.toml")


def read_toml(path: Path) -> Preset:
    """The preset in a TOML file. Raises NetartError that names the file and the place in it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NetartError(f"{path}: more than {MAX_BYTES >> 20} MiB of text")
        text = path.read_text(encoding="utf-8")
        if LONG_KEY.search(text):  # takes the parser time by its square
            raise NetartError(f"{path}: a key of more than {MOST_PARTS} parts")
        data = tomllib.loads(text)
    except OSError as error:
        raise NetartError(f"{path}: {error.strerror}", MACHINE) from None
    except (ValueError, RecursionError) as error:
        raise NetartError(f"{path}: is no TOML: {error}") from None
    try:
        return from_data(data, path)
    except NetartError as error:
        raise error.at(str(path)) from None


def to_toml(subject: Subject, about: str = "", size: tuple[int, int] | None = None) -> str:
    """The text of a file that `read_toml` reads, every field in it."""
    import tomli_w

    head: dict[str, Any] = ({"about": about} if about else {}) | ({"size": size} if size else {})
    text = tomli_w.dumps(head | to_tables(subject))
    for _ in range(2):  # arrays, then arrays of them
        text = SHORT_ARRAY.sub(_on_one_line, text)
    return text


def _on_one_line(array: re.Match[str]) -> str:
    return f"[{LINE_END.sub(' ', array[1]).strip(' ,')}]"


def from_data(data: dict[str, Any], path: Path) -> Preset:
    """The preset that the file's tables describe. Raises NetartError that names the place."""
    data = dict(data)
    size, about = data.pop("size", None), data.pop("about", "")
    if size is not None and not (
        isinstance(size, list) and len(size) == 2 and all(type(n) is int and n > 0 for n in size)
    ):
        raise NetartError(f"size = {size}: must be [width, height] in pixels")
    if not isinstance(about, str):
        raise NetartError(f"about = {about}: must be text")
    subject = from_tables(data, partial(read_beside, path.parent))
    return Preset(path.stem, subject, about, tuple(size) if size else None)

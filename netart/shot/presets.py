"""Preset files: TOML with a table [shot], a line about it, and perhaps a size and a [sheet]."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from netart.assets import folder
from netart.errors import MACHINE, NetartError, unknown
from netart.shot import sheet as sheets
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.text import from_text

MAX_BYTES = 1 << 20
TABLES = ("about", "size", "shot", "sheet")


class Preset(NamedTuple):
    """name; shot; what it shows, a line; the size it is made for, in pixels (of a panel, where it
    is a sheet of the shot).
    """

    name: str
    shot: Shot
    about: str
    size: tuple[int, int] | None
    sheet: Sheet | None = None


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
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NetartError(f"{path}: {error.strerror}", MACHINE) from None
    except (ValueError, RecursionError) as error:
        raise NetartError(f"{path}: is no TOML: {error}") from None
    try:
        return from_data(data, path)
    except NetartError as error:
        raise error.at(str(path)) from None


def from_data(data: Any, path: Path) -> Preset:
    """The preset that the file's tables describe. Raises NetartError that names the place."""
    for name in data:
        if name not in TABLES:
            raise unknown("field", name, TABLES)
    if "shot" not in data:
        raise NetartError("has no table [shot]")
    size = data.get("size")
    if size is not None and not (
        isinstance(size, list) and len(size) == 2 and all(type(n) is int and n > 0 for n in size)
    ):
        raise NetartError(f"size = {size}: must be [width, height] in pixels")
    about = data.get("about", "")
    if not isinstance(about, str):
        raise NetartError(f"about = {about}: must be text")
    shot = from_text(data["shot"], path.parent)
    sheet = sheets.from_data(data["sheet"], shot) if "sheet" in data else None
    return Preset(path.stem, shot, about, tuple(size) if size else None, sheet)

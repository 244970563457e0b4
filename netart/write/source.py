"""What a command starts from: a preset, a TOML file, a picture by netart, a file of weights."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from netart.errors import NetartError, unknown
from netart.evaluate.request import Size
from netart.shot.presets import preset, preset_names, read_toml
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.write.image import SUFFIXES, read_note
from netart.write.metadata import noted_shot


class Source(NamedTuple):
    """name (of outputs that are given none); shot; size, where it has one; about; a warning."""

    name: str
    shot: Shot
    size: Size | None = None
    about: str = ""
    warning: str = ""


def read_source(source: str | PathLike[str]) -> Source:
    """The source that is so called: presets first, then files by suffix. Raises NetartError."""
    path = Path(source)
    if str(source) in preset_names() or not (path.suffix or os.path.exists(path)):
        found = preset(str(source))
        return Source(found.name, found.shot, found.size, found.about)
    if os.path.isdir(path):
        raise NetartError(f"{path}: is a folder")
    if path.suffix.lower() not in READERS:
        raise unknown("suffix", path.suffix or path.name, READERS).at(str(path))
    if not os.path.isfile(path):
        exists = os.path.exists(path)
        raise NetartError(f"{path}: is no ordinary file" if exists else f"{path}: no such file")
    return READERS[path.suffix.lower()](path)


def _toml(path: Path) -> Source:
    found = read_toml(path)
    return Source(found.name, found.shot, found.size, found.about)


def _picture(path: Path) -> Source:
    found = read_note(path)
    shot, warning = noted_shot(found, path)
    return Source(path.stem, shot, found.size, "", warning)


def _npz(path: Path) -> Source:
    shot = from_text({"network": {"kind": "weights", "file": path.name}}, path.parent)
    return Source(path.stem, shot)


PICTURES = {suffix: _picture for suffix, form in SUFFIXES.items() if form.read}
READERS = {".toml": _toml, ".npz": _npz} | PICTURES

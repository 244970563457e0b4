"""Reads what a command starts from: a preset, a TOML file, a picture or film that carries its
document, or a file of weights.
"""

from __future__ import annotations

import os
import re
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from netart.assets import folder
from netart.errors import NetartError, unknown
from netart.files.films.containers import read_film
from netart.files.films.encoding import SUFFIXES as FILM_SUFFIXES
from netart.files.metadata import Note, note_in, noted
from netart.files.npz import read_beside
from netart.files.stills.image import SUFFIXES, read_note
from netart.files.toml import format_toml, read_toml
from netart.net.recipe import Weights
from netart.pixels import Size
from netart.shot.document import Document, from_tables, shot_of, to_tables
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.text import from_text

MOST_SEEDS = 4  # in a name


class Source(NamedTuple):
    """name (of outputs that are given none); document; size, where it has one; about; a warning."""

    name: str
    document: Document
    size: Size | None = None
    about: str = ""
    warning: str = ""

    @property
    def shot(self) -> Shot:
        """The shot that is the document, or that it starts from."""
        return shot_of(self.document)


def name_of(shot: Shot) -> str:
    """A name for pictures of a shot that has none: of its weights' file, or its first seeds."""
    if isinstance(shot.network, Weights):
        return Path(shot.network.name).stem or "network"
    return "seed-" + "-".join(str(seed) for seed, _ in shot.network.mix[:MOST_SEEDS])


def read_source(source: str | PathLike[str]) -> Source:
    """The source that is so called: presets first, then files by suffix; `NAME#K` is panel K of
    a sheet. Raises NetartError.
    """
    path = Path(source)
    numbered = re.fullmatch(r"(.+)#([^/#]*)", str(source), re.DOTALL)
    if numbered and not os.path.exists(path):
        if not re.fullmatch(r"\d{1,9}", numbered[2], re.ASCII):
            raise NetartError(f"{source}: a panel is a number from 1")
        return _panel(read_source(numbered[1]), int(numbered[2]), str(source))
    if str(source) in preset_names() or not (path.suffix or os.path.exists(path)):
        return _preset(str(source))
    if os.path.isdir(path):
        raise NetartError(f"{path}: is a folder")
    if path.suffix.lower() not in READERS:
        raise unknown("suffix", path.suffix or path.name, READERS).at(str(path))
    if not os.path.isfile(path):
        exists = os.path.exists(path)
        raise NetartError(f"{path}: is no ordinary file" if exists else f"{path}: no such file")
    return READERS[path.suffix.lower()](path)


def _panel(source: Source, number: int, asked: str) -> Source:
    sheet, name = source.document, f"{source.name}-{number}"
    if not isinstance(sheet, Sheet):
        raise NetartError(f"{asked}: is no sheet, it has no panels")
    return Source(name, sheet.panel(number), sheet.layout.panel, "", source.warning)


def preset_names() -> list[str]:
    return sorted(path.stem for path in folder("presets").glob("*.toml"))


def _preset(name: str) -> Source:
    """The preset that is so called. Raises NetartError with the nearest name."""
    if name not in preset_names():
        raise unknown("preset", name, preset_names())
    return _toml(folder("presets") / f"{name}.toml")


def to_toml(document: Document, about: str = "", size: Size | None = None) -> str:
    """The text of a TOML file that `read_source` reads, every field in it."""
    head: dict[str, Any] = ({"about": about} if about else {}) | ({"size": size} if size else {})
    return format_toml(head | to_tables(document))


def _toml(path: Path) -> Source:
    data = read_toml(path)
    try:
        return _from_tables(data, path)
    except NetartError as error:
        raise error.at(str(path)) from None


def _from_tables(data: dict[str, Any], path: Path) -> Source:
    """Tables of a document, perhaps with a line about it and a size in pixels beside them."""
    size, about = data.pop("size", None), data.pop("about", "")
    if size is not None and not (
        isinstance(size, list) and len(size) == 2 and all(type(n) is int and n > 0 for n in size)
    ):
        raise NetartError(f"size = {size}: must be [width, height] in pixels")
    if not isinstance(about, str):
        raise NetartError(f"about = {about}: must be text")
    document = from_tables(data, partial(read_beside, path.parent))
    return Source(path.stem, document, tuple(size) if size else None, about)


def _picture(path: Path) -> Source:
    return _noted(read_note(path), path)


def _film(path: Path) -> Source:
    return _noted(note_in(path, read_film), path)


def _noted(found: Note, path: Path) -> Source:
    document, warning = noted(found, path)
    return Source(path.stem, document, found.size, "", warning)


def _npz(path: Path) -> Source:
    data = {"network": {"kind": "weights", "file": path.name}}
    shot = from_text(data, partial(read_beside, path.parent))
    return Source(path.stem, shot)


FILMS = {suffix: _film for suffix in FILM_SUFFIXES}
PICTURES = {suffix: _picture for suffix, form in SUFFIXES.items() if form.read}
READERS = {".toml": _toml, ".npz": _npz} | FILMS | PICTURES

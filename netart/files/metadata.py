"""The document inside a picture: what is written beside the pixels, and read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

import msgspec

from netart.errors import NetartError
from netart.files.atomic import told
from netart.files.npz import read_beside
from netart.net.recipe import to_network
from netart.pixels import Size
from netart.shot.document import TABLE_NAMES, Document, from_tables, shot_of, to_tables

MAX_TEXT = 1 << 21  # bytes of a note; strangers' JSON of this size takes 100 MB at most

# JSON need not contain what XML escapes.
PLAIN = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&"})


class Note(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a picture carries: its shot as text, and the sheet or timeline where it is one; the
    document's hash, its size, the digest of the shot's effective weights. The sampler's version
    stands in the shot's recipe.
    """

    shot: dict[str, Any]
    sha256: str
    size: tuple[int, int]
    weights: str
    sheet: dict[str, Any] | None = None
    timeline: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """7-bit JSON without markup, the same for the same note."""
        return json.dumps(msgspec.to_builtins(self), separators=(",", ":")).translate(PLAIN)

    @property
    def file(self) -> str:
        """The name of the file of weights that must stand beside the picture, or nothing."""
        return str(self.shot["network"].get("file", ""))


def note(document: Document, size: Size, most: int = MAX_TEXT) -> Note:
    """What goes into a picture. most: bytes; weights that take more go by the name of a file."""
    weights = to_network(shot_of(document).network).sha256
    made = Note(**to_tables(document), sha256=document.sha256, size=size, weights=weights)
    if len(made.text) > most:
        made = msgspec.structs.replace(made, **to_tables(document, inline=False))
    return made


def note_in(path: Path, read: Callable[[IO[bytes]], str | None]) -> Note:
    """The note in a file. read: finds its text. Raises NetartError where there is none, or not a
    whole one.
    """
    try:
        return msgspec.json.decode(text_in(path, read), type=Note)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NetartError(f"{path}: its shot is damaged: {error}") from None


def text_in(path: Path, read: Callable[[IO[bytes]], str | None]) -> str:
    """The text that `read` finds in a file. Raises NetartError where there is none."""
    with told(path), path.open("rb") as file:
        try:
            text = read(file)
        except UnicodeDecodeError:
            raise NetartError(f"{path}: its shot is damaged: it is no text") from None
        except NetartError as error:
            raise error.at(str(path)) from None
    if text is None:
        raise NetartError(f"{path}: carries no shot: it was not drawn by netart, or saved again")
    return text


def noted(found: Note, path: Path) -> tuple[Document, str]:
    """The document of a note, and a warning or nothing. Raises NetartError where it was changed."""
    tables = {
        name: getattr(found, name) for name in TABLE_NAMES if getattr(found, name) is not None
    }
    try:
        document = from_tables(tables, partial(read_beside, path.parent))
    except NetartError as error:
        raise error.at(str(path)) from None
    if document.sha256 != found.sha256:
        raise NetartError(f"{path}: its shot was changed: it no longer has the hash beside it")
    if to_network(shot_of(document).network).sha256 != found.weights:
        return document, f"{path}: the weights sampled here differ from those that were drawn"
    return document, ""


def whole(file: IO[bytes], count: int) -> bytes:
    """The next so many bytes. Raises NetartError where there are fewer."""
    data = file.read(count)
    if len(data) < count:
        raise NetartError("is damaged: it ends too early")
    return data

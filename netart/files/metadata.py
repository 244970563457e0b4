"""The metadata of pictures and films: the document that they show, written beside the pixels."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

import msgspec

from netart.errors import NetartError
from netart.files.beside import read_beside
from netart.files.limits import MAX_METADATA_BYTES
from netart.net.build import to_network
from netart.pixels import Size
from netart.shot.document import TABLE_NAMES, Document, from_tables, shot_of, to_tables

# JSON need not contain what XML escapes.
PLAIN = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&"})

# Finds the metadata's text in an open file; None where it has none.
FindText = Callable[[IO[bytes]], str | None]


class Metadata(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """What a picture or a film carries. The sampler's version stands in the shot's recipe."""

    shot: dict[str, Any]  # as text
    # Of the document; empty where a page has saved a shot that somebody changed there: pages
    # compute no hashes.
    sha256: str = ""
    size: tuple[int, int]
    weights: str = ""  # digest of the shot's effective weights; empty where there is no hash
    sheet: dict[str, Any] | None = None
    timeline: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """7-bit JSON without markup, the same for the same metadata."""
        return json.dumps(msgspec.to_builtins(self), separators=(",", ":")).translate(PLAIN)

    @property
    def weights_file(self) -> str:
        """The name of the file of weights that must stand beside the picture, or nothing."""
        return str(self.shot["network"].get("file", ""))

    @property
    def run_files(self) -> list[str]:
        """The names of the files of runs that must stand beside the picture."""
        runs = self.shot["network"].get("runs", ())
        return [str(run["file"]) for run in runs if "file" in run]


def make_metadata(document: Document, size: Size, max_bytes: int = MAX_METADATA_BYTES) -> Metadata:
    """The metadata of a picture or film of the document. Weights that take more than max_bytes go
    by the name of a file.
    """
    weights = to_network(shot_of(document).network).sha256
    made = Metadata(**to_tables(document), sha256=document.sha256, size=size, weights=weights)
    if len(made.text) > max_bytes:
        made = msgspec.structs.replace(made, **to_tables(document, inline=False))
    return made


def read_metadata(file: IO[bytes], find_text: FindText) -> Metadata:
    """The metadata in an open file. Raises NetartError where there is none, or it is damaged."""
    try:
        return msgspec.json.decode(read_text(file, find_text), type=Metadata)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NetartError(f"its shot is damaged: {error}") from None


def read_text(file: IO[bytes], find_text: FindText) -> str:
    """The text of the metadata in an open file. Raises NetartError where there is none."""
    try:
        text = find_text(file)
    except UnicodeDecodeError:
        raise NetartError("its shot is damaged: it is not text") from None
    if text is None:
        raise NetartError("carries no shot: it was not drawn by netart, or saved again")
    return text


def verify_metadata(metadata: Metadata, path: Path) -> tuple[Document, str]:
    """The document in the metadata of the file `path`, and a warning or nothing.

    Raises NetartError where it does not have the hash that stands beside it, if one does.
    """
    tables = {name: getattr(metadata, name) for name in TABLE_NAMES}
    tables = {name: table for name, table in tables.items() if table is not None}
    try:
        document = from_tables(tables, partial(read_beside, path.parent))
    except NetartError as error:
        raise error.at(str(path)) from None
    if not metadata.sha256:
        return document, ""
    if document.sha256 != metadata.sha256:
        raise NetartError(f"{path}: its shot was changed: it no longer has the hash beside it")
    if to_network(shot_of(document).network).sha256 != metadata.weights:
        return document, f"{path}: the weights sampled here differ from those that were drawn"
    return document, ""

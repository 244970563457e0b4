"""The Shot inside a picture: what is written beside the pixels, and read back."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec

from netart.errors import NetartError
from netart.evaluate.request import Size
from netart.net.recipe import to_network
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from netart.write.atomic import told

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What an iTXt chunk of ours begins with: keyword, not packed, no language, no translated keyword.
LABEL = b"netart\0\0\0\0\0"
MAX_TEXT = 1 << 24
MAX_CHUNKS = 1 << 12  # before the pixels


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a picture carries: its shot as text, the shot's hash, its size, the digest of the
    effective weights. The sampler's version stands in the shot's recipe.
    """

    shot: dict[str, Any]
    sha256: str
    size: tuple[int, int]
    weights: str


def note(shot: Shot, size: Size) -> str:
    """The text that goes into a picture: JSON, the same for the same shot and size."""
    weights = to_network(shot.network).sha256
    text = Note(shot=to_text(shot), sha256=shot.sha256, size=size, weights=weights)
    return json.dumps(msgspec.to_builtins(text), separators=(",", ":"))


def read_note(path: Path) -> Note:
    """The note in the picture. Raises NetartError where there is none, or not a whole one."""
    text = png_text(path, LABEL)
    if text is None:
        raise NetartError(f"{path}: carries no shot: it was not drawn by netart, or saved again")
    try:
        return msgspec.json.decode(text, type=Note)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NetartError(f"{path}: its shot is damaged: {error}") from None


def noted_shot(found: Note, path: Path) -> tuple[Shot, str]:
    """The shot of a note, and a warning or nothing. Raises NetartError where it was changed."""
    try:
        shot = from_text(found.shot, path.parent)
    except NetartError as error:
        raise error.at(str(path)) from None
    if shot.sha256 != found.sha256:
        raise NetartError(f"{path}: its shot was changed: it no longer has the hash beside it")
    if to_network(shot.network).sha256 != found.weights:
        return shot, f"{path}: the weights sampled here differ from those that were drawn"
    return shot, ""


def png_text(path: Path, label: bytes) -> str | None:
    """The text under the label; it stands before the pixels, of which none is read."""
    with told(path), path.open("rb") as file:
        if file.read(8) != SIGNATURE:
            raise NetartError(f"{path}: is no PNG picture")
        for _ in range(MAX_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                raise NetartError(f"{path}: is damaged: it ends too early")
            length, kind = struct.unpack(">I4s", head)
            if kind in (b"IDAT", b"IEND"):
                return None
            if length + file.tell() > 2 * MAX_TEXT:
                raise NetartError(f"{path}: is damaged: {length:,} bytes before the pixels")
            data, checksum = file.read(length), file.read(4)
            if struct.pack(">I", zlib.crc32(kind + data)) != checksum:
                raise NetartError(f"{path}: is damaged: a checksum is wrong")
            if kind == b"iTXt" and data.startswith(label):
                try:
                    return data.removeprefix(label).decode()
                except UnicodeDecodeError:
                    raise NetartError(f"{path}: its shot is damaged: it is no text") from None
    raise NetartError(f"{path}: is damaged: more than {MAX_CHUNKS:,} chunks before the pixels")

"""PNG files taken apart and put together again, with sound checksums."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any

HEAD = b"netart\0\0\0\0\0"  # of the iTXt chunk: the keyword, and nothing compressed or translated


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """(kind, data) of each; the checksums must hold."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", png, at + 8 + size)[0] == zlib.crc32(kind + data)
        found.append((kind, data))
        at += 12 + size
    return found


def packed(parts: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The PNG file of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def note_of(png: bytes) -> Any:
    """The JSON that the picture carries."""
    (text,) = (data for kind, data in chunks(png) if kind == b"iTXt")
    assert text.startswith(HEAD)
    return json.loads(text.removeprefix(HEAD))


def with_text(png: bytes, text: bytes) -> bytes:
    """The picture with another text in place of its note."""
    return packed((kind, HEAD + text if kind == b"iTXt" else data) for kind, data in chunks(png))


def changed(png: bytes, change: Callable[[Any], object]) -> bytes:
    """The picture with its note changed in place by `change`."""
    note = note_of(png)
    change(note)
    return with_text(png, json.dumps(note).encode())

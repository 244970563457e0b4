"""The table of formats that hold lines and text: SVG and PDF. The lens makes their bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from netart.files.limits import (
    MAX_PDF_HEAD_BYTES,
    MAX_PDF_PLACES,
    MAX_PDF_STREAM_BYTES,
    MAX_XMP_SEARCH_BYTES,
)
from netart.files.metadata import FindText, Metadata
from netart.files.xmp import CLOSE, OPEN, find_in_packets, find_in_xml, note, read_ends
from netart.pixels import Size

# The subject of a document, as a text in brackets, which may hold others, or as digits.
SUBJECT = re.compile(
    rb"/Subject\s*+(?:\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+)\)|<([0-9A-Fa-f\s]*+)>)", re.DOTALL
)
STREAM = re.compile(rb"stream\r?\n")  # ends the head of a stream
# What stands behind a backslash in such a text.
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
ESCAPED |= dict.fromkeys((b"\r\n", b"\n", b"\r"), b"")


class VectorFormat(NamedTuple):
    """A kind of file of lines and text."""

    name: str
    suffix: str
    signature: bytes  # how its files begin, a regular expression
    find_text: FindText  # of the metadata


class VectorSpec(NamedTuple):
    """All about a file of lines and text but what is drawn."""

    path: Path | None  # None for a stream
    format: str  # a name of VECTOR_FORMATS
    size: Size
    metadata: Metadata | None
    dpi: int | None = None  # pixels of its size in an inch of the page; None: nobody asked

    @property
    def note(self) -> str:
        """The metadata as markup that the file carries, empty where there is none."""
        return note(self.metadata.text) if self.metadata else ""


def find_svg_text(file: IO[bytes]) -> str | None:
    """The metadata's text: a note in an element of its own. Raises NetartError."""
    return find_in_xml(read_ends(file))


def find_pdf_text(file: IO[bytes]) -> str | None:
    """The metadata's text: a note in the subject of the document, which some programs move into a
    packet of XMP. Raises NetartError.
    """
    data = read_ends(file)
    for part in (data, *_unpack_objects(data)):
        for at in _places(part, b"/Subject"):
            found = SUBJECT.match(part, at)
            text = _read_subject(found).strip() if found else ""
            if text.startswith(OPEN) and text.endswith(CLOSE):
                return text.removeprefix(OPEN).removesuffix(CLOSE)
    return find_in_packets(data)


def _unpack_objects(data: bytes) -> Iterator[bytes]:
    """The streams in which some programs pack all objects of a document, deflated: of damaged and
    of very large ones the beginning.
    """
    left = MAX_XMP_SEARCH_BYTES
    for at in _places(data, b"/ObjStm"):
        if not (head := STREAM.search(data, at, at + MAX_PDF_HEAD_BYTES)):
            continue
        packed = data[head.end() : head.end() + MAX_PDF_STREAM_BYTES]
        try:
            part = zlib.decompressobj().decompress(packed, left)
        except zlib.error:  # packed in another way
            continue
        yield part
        left -= len(part)
        if left <= 0:
            return


def _places(data: bytes, word: bytes) -> Iterator[int]:
    """The first places at which the word stands."""
    at = -1
    for _ in range(MAX_PDF_PLACES):
        at = data.find(word, at + 1)
        if at < 0:
            return
        yield at


def _read_subject(found: re.Match[bytes]) -> str:
    """The text of a subject. ISO 32000-1, 7.3.4 and 7.9.2.2."""
    literal, digits = found.groups()
    if literal is None:
        even = b"".join(digits.split())
        data = bytes.fromhex((even + b"0" * (len(even) % 2)).decode())
    else:
        data = ESCAPE.sub(_unescape, literal)
    if data.startswith((b"\xfe\xff", b"\xff\xfe")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _unescape(found: re.Match[bytes]) -> bytes:
    escaped = found[1]
    if escaped[0] in b"01234567":
        return bytes([int(escaped, 8) & 0xFF])
    return ESCAPED.get(escaped, escaped)


VECTOR_FORMATS = {
    form.name: form
    for form in (
        # Text may begin with a byte order mark and blanks.
        VectorFormat(
            "svg",
            ".svg",
            # The name of the first element may have a prefix.
            rb"(\xef\xbb\xbf)?\s*<(\?xml|!|svg|[\w.-]+:)|\xff\xfe|\xfe\xff",
            find_svg_text,
        ),
        VectorFormat("pdf", ".pdf", rb"%PDF-", find_pdf_text),
    )
}

VECTOR_SUFFIXES = {form.suffix: form for form in VECTOR_FORMATS.values()}

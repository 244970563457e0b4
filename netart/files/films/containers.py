"""Finds the metadata in a film's file, reading no more of it than needed, and without libav."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from netart.errors import NetartError
from netart.files.limits import MAX_FILM_STEPS, MAX_METADATA_BYTES, read_exactly
from netart.files.metadata import FindText
from netart.files.stills.png import SIGNATURE, find_png_text
from netart.files.xmp import find_xmp_text

# Elements of Matroska.
SEGMENT, TAGS, TAG, SIMPLE_TAG = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x73\x73", b"\x67\xc8"
TAG_NAME, TAG_STRING = b"\x45\xa3", b"\x44\x87"


class Part(NamedTuple):
    """A box, chunk or element of a file."""

    kind: bytes
    start: int  # of its content, in the file
    end: int


class Walk:
    """A file that anybody may have made, read in small pieces for a bounded number of steps."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.whole = Part(b"", 0, os.fstat(file.fileno()).st_size)
        self.steps = 0

    def read(self, start: int, count: int) -> bytes:
        """The `count` bytes from `start` on. Raises NetartError where the file ends before."""
        self.steps += 1
        if self.steps > MAX_FILM_STEPS or not 0 <= count <= MAX_METADATA_BYTES:
            raise NetartError("is damaged: too much stands before its metadata")
        self.file.seek(start)
        return read_exactly(self.file, count)

    def content(self, part: Part, skip: int = 0) -> bytes:
        """What stands in the part, after the bytes to skip."""
        return self.read(part.start + skip, part.end - part.start - skip)

    def parts(self, within: Part, head: Head) -> Iterator[Part]:
        """The parts in a part, one after the other. head: reads where one is, and the next."""
        at = within.start
        while at < within.end:
            part, after = head(self, at, within.end)
            if not at < part.start <= part.end <= within.end:
                raise NetartError("is damaged: a part of it ends elsewhere")
            yield part
            at = after


# Reads the head of the part at an offset, within an end: the part, and the offset after it.
Head = Callable[[Walk, int, int], tuple[Part, int]]


def find_film_text(file: IO[bytes]) -> str | None:
    """The text in an MP4, MOV, MKV, WebM, GIF, APNG or WebP, or none. Raises NetartError."""
    start = file.read(16)
    find = next((find for magic, find in CONTAINERS if magic.match(start)), None)
    if not find:
        raise NetartError("is not an MP4, MOV, MKV, WebM, GIF, APNG or WebP")
    return find(file)


def _walking(find: Callable[[Walk], bytes | None]) -> FindText:
    def find_text(file: IO[bytes]) -> str | None:
        data = find(Walk(file))
        return None if data is None else data.decode()

    return find_text


def _all(walk: Walk, part: Part, head: Head, kind: bytes, *kinds: bytes) -> Iterator[Part]:
    """The parts of a kind in a part, or in each of them the parts of the next kind, and so on."""
    for found in walk.parts(part, head):
        if found.kind == kind:
            yield from _all(walk, found, head, *kinds) if kinds else (found,)


def _first(walk: Walk, part: Part, head: Head, *kinds: bytes) -> Part | None:
    return next(_all(walk, part, head, *kinds), None)


def _in_iso(walk: Walk) -> bytes | None:
    """MOV has the comment beside others of its time, MP4 in a list."""
    user = _first(walk, walk.whole, _box, b"moov", b"udta")
    if user and (comment := _first(walk, user, _box, b"\xa9cmt")):
        return walk.content(comment, 4)
    if user and (meta := _first(walk, user, _box, b"meta")):
        list_at = meta._replace(start=meta.start + 4)
        if data := _first(walk, list_at, _box, b"ilst", b"\xa9cmt", b"data"):
            return walk.content(data, 8)
    return None


def _box(walk: Walk, at: int, end: int) -> tuple[Part, int]:
    """Length and kind; length 1 means one of 64 bits after the kind, 0 the rest of the file."""
    length, kind = struct.unpack(">I4s", walk.read(at, 8))
    start = at + 8
    if length == 1:
        (length,) = struct.unpack(">Q", walk.read(start, 8))
        start += 8
    after = at + length if length else end
    return Part(kind, start, after), after


def _in_matroska(walk: Walk) -> bytes | None:
    for simple in _all(walk, walk.whole, _element, SEGMENT, TAGS, TAG, SIMPLE_TAG):
        fields = {part.kind: part for part in walk.parts(simple, _element)}
        name, text = fields.get(TAG_NAME), fields.get(TAG_STRING)
        if name and text and walk.content(name) == b"COMMENT":
            return walk.content(text)
    return None


def _element(walk: Walk, at: int, end: int) -> tuple[Part, int]:
    """Kind and length, the first bits of each telling its size; a length of ones is the rest."""
    head = walk.read(at, min(12, end - at)).ljust(32, b"\0")
    kind = head[: 9 - head[0].bit_length()]
    head = head[len(kind) :]
    size = 9 - head[0].bit_length()
    ones = (1 << 7 * size) - 1
    length = int.from_bytes(head[:size]) & ones
    start = at + len(kind) + size
    after = end if length == ones else start + length
    return Part(kind, start, after), after


def _in_gif(walk: Walk) -> bytes | None:
    """Extensions stand before the first picture, a comment in blocks, each after its length."""
    flags = walk.read(10, 1)[0]
    at = 13 + ((2 << (flags & 7)) * 3 if flags & 0x80 else 0)
    while (kind := walk.read(at, 2))[0] == ord("!"):
        at, text = at + 2, bytearray()
        while length := walk.read(at, 1)[0]:
            text += walk.read(at + 1, length)
            at += 1 + length
        at += 1
        if kind[1] == 0xFE:
            return bytes(text)
    return None


# How files begin → what finds the text in them.
CONTAINERS = (
    (re.compile(rb"....ftyp", re.DOTALL), _walking(_in_iso)),
    (re.compile(rb"\x1a\x45\xdf\xa3"), _walking(_in_matroska)),
    (re.compile(rb"GIF8[79]a"), _walking(_in_gif)),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), find_xmp_text),
    (re.compile(re.escape(SIGNATURE)), find_png_text),
)

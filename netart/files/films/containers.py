"""The text inside a film: found without libav, reading no more of a stranger's file than needed."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from netart.errors import NetartError
from netart.files.metadata import MAX_TEXT
from netart.files.stills.png import SIGNATURE, read_png
from netart.files.xmp import read_packet

MAX_STEPS = 1 << 17  # from part to part: a WebP has one a frame


class Part(NamedTuple):
    """A box, chunk or element: its kind, and where its content stands in the file."""

    kind: bytes
    start: int
    end: int


class Walk:
    """A stranger's file, read in small pieces and for a bounded number of steps."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.whole = Part(b"", 0, os.fstat(file.fileno()).st_size)
        self.steps = 0

    def read(self, start: int, count: int) -> bytes:
        """So many bytes. Raises NetartError where the file ends before."""
        self.steps += 1
        if self.steps > MAX_STEPS or not 0 <= count <= MAX_TEXT:
            raise NetartError("is damaged: too much stands before its note")
        self.file.seek(start)
        data = self.file.read(count)
        if len(data) < count:
            raise NetartError("is damaged: it ends too early")
        return data

    def content(self, part: Part, skip: int = 0) -> bytes:
        """What stands in the part, behind some bytes."""
        return self.read(part.start + skip, part.end - part.start - skip)

    def parts(self, within: Part, head: Head) -> Iterator[Part]:
        """What stands in the part, one after the other. head: where one is, and the next."""
        at = within.start
        while at < within.end:
            part, after = head(self, at, within.end)
            if not at < part.start <= part.end <= within.end:
                raise NetartError("is damaged: a part of it ends elsewhere")
            yield part
            at = after


Head = Callable[[Walk, int, int], tuple[Part, int]]


def read_film(file: IO[bytes]) -> str | None:
    """The text in an MP4, MOV, MKV, WebM, GIF, APNG or WebP, or none. Raises NetartError."""
    start = file.read(16)
    read = next((read for magic, read in READERS if magic.match(start)), None)
    if not read:
        raise NetartError("is no MP4, MOV, MKV, WebM, GIF, APNG or WebP")
    return read(file)


def _walked(find: Callable[[Walk], bytes | None]) -> Callable[[IO[bytes]], str | None]:
    def read(file: IO[bytes]) -> str | None:
        data = find(Walk(file))
        return None if data is None else data.decode()

    return read


def _inside(walk: Walk, part: Part, head: Head, *kinds: bytes) -> Part | None:
    """The first part of a kind, in it the first of the next kind, and so on."""
    for kind in kinds:
        found = next((part for part in walk.parts(part, head) if part.kind == kind), None)
        if not found:
            return None
        part = found
    return part


def _in_iso(walk: Walk) -> bytes | None:
    """MOV has the comment beside others of its time, MP4 in a list."""
    user = _inside(walk, walk.whole, _box, b"moov", b"udta")
    if user and (comment := _inside(walk, user, _box, b"\xa9cmt")):
        return walk.content(comment, 4)
    if user and (meta := _inside(walk, user, _box, b"meta")):
        list_at = meta._replace(start=meta.start + 4)
        if data := _inside(walk, list_at, _box, b"ilst", b"\xa9cmt", b"data"):
            return walk.content(data, 8)
    return None


def _box(walk: Walk, at: int, end: int) -> tuple[Part, int]:
    """Length and kind; length 1 means one of 64 bits behind, 0 the rest."""
    length, kind = struct.unpack(">I4s", walk.read(at, 8))
    start = at + 8
    if length == 1:
        (length,) = struct.unpack(">Q", walk.read(start, 8))
        start += 8
    after = at + length if length else end
    return Part(kind, start, after), after


def _in_matroska(walk: Walk) -> bytes | None:
    segment = _inside(walk, walk.whole, _element, b"\x18\x53\x80\x67")
    if not segment:
        return None
    for tags in walk.parts(segment, _element):
        for tag in walk.parts(tags, _element) if tags.kind == b"\x12\x54\xc3\x67" else ():
            for simple in walk.parts(tag, _element) if tag.kind == b"\x73\x73" else ():
                if simple.kind == b"\x67\xc8":
                    fields = {part.kind: part for part in walk.parts(simple, _element)}
                    name, text = fields.get(b"\x45\xa3"), fields.get(b"\x44\x87")
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
    """Extensions stand before the first picture, a comment in blocks behind their lengths."""
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


READERS = (
    (re.compile(rb"....ftyp", re.DOTALL), _walked(_in_iso)),
    (re.compile(rb"\x1a\x45\xdf\xa3"), _walked(_in_matroska)),
    (re.compile(rb"GIF8[79]a"), _walked(_in_gif)),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), read_packet),
    (re.compile(re.escape(SIGNATURE)), read_png),
)

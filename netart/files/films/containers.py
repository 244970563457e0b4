"""Finds the metadata in a film's file, reading no more of it than needed, and without libav."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from netart.errors import NetartError
from netart.files.limits import (
    MAX_FILM_STEPS,
    MAX_FILM_TEXT_BYTES,
    MAX_GIF_BLOCKS,
    read_exactly,
)
from netart.files.metadata import FindText
from netart.files.stills.png import SIGNATURE, find_png_text
from netart.files.xmp import find_xmp_text

# Elements of Matroska.
SEGMENT, TAGS, TAG, SIMPLE_TAG = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x73\x73", b"\x67\xc8"
TAG_NAME, TAG_STRING = b"\x45\xa3", b"\x44\x87"

UTF_16 = 2  # a type of items in MP4
COMMENT = 0xFE  # a label of extensions in GIF


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
        self.steps = self.taken = self.blocks = 0

    def read(self, start: int, count: int) -> bytes:
        """The `count` bytes from `start` on. Raises NetartError where the file ends before."""
        self.steps, self.taken = self.steps + 1, self.taken + count
        if self.steps > MAX_FILM_STEPS or not 0 <= count <= self.taken <= MAX_FILM_TEXT_BYTES:
            raise NetartError("is damaged: too much stands before its metadata")
        self.file.seek(start)
        return read_exactly(self.file, count)

    def content(self, part: Part, skip: int = 0) -> bytes:
        """What stands in the part, after the bytes to skip."""
        return self.read(part.start + skip, part.end - part.start - skip)

    def skip_blocks(self, at: int) -> int:
        """The offset after the blocks of GIF that begin at `at`, each after its length."""
        self.file.seek(at)
        while length := read_exactly(self.file, 1)[0]:
            self.blocks += 1
            if self.blocks > MAX_GIF_BLOCKS:
                raise NetartError("is damaged: too much stands before its metadata")
            self.file.seek(length, 1)
        return self.file.tell()

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


def _walking(find: Callable[[Walk], Iterator[bytes]]) -> FindText:
    """Finds ours among the comments of a file, which may have others: JSON begins with a brace."""

    def find_text(file: IO[bytes]) -> str | None:
        ours = (data for data in find(Walk(file)) if data.lstrip().startswith(b"{"))
        return next((data.decode() for data in ours), None)

    return find_text


def _all(walk: Walk, part: Part, head: Head, kind: bytes, *kinds: bytes) -> Iterator[Part]:
    """The parts of a kind in a part, or in each of them the parts of the next kind, and so on."""
    for found in walk.parts(part, head):
        if found.kind == kind:
            yield from _all(walk, found, head, *kinds) if kinds else (found,)


def _in_iso(walk: Walk) -> Iterator[bytes]:
    """MOV has the comment beside others of its time, MP4 in a list, whose items have numbers where
    names stand before it.
    """
    for user in _all(walk, walk.whole, _box, b"moov", b"udta"):
        for comment in _all(walk, user, _box, b"\xa9cmt"):
            yield _international_text(walk.content(comment))
    for place in ((b"moov", b"udta", b"meta"), (b"moov", b"meta"), (b"meta",)):
        for meta in _all(walk, walk.whole, _box, *place):
            # MP4 has a version before the boxes, MOV has none.
            has_version = walk.read(meta.start, 8)[4:] != b"hdlr"
            inside = meta._replace(start=meta.start + 4 * has_version)
            for kind in (b"\xa9cmt", *_numbers_of_comments(walk, inside)):
                for data in _all(walk, inside, _box, b"ilst", kind, b"data"):
                    yield _item_text(walk.content(data))


def _international_text(content: bytes) -> bytes:
    """The first text of a box of user data, which may hold one for each language."""
    length, text = int.from_bytes(content[:2]), content[4:]
    return text if len(text) % 0x10000 == length else text[:length]  # longer ones wrap around


def _item_text(content: bytes) -> bytes:
    """The text of an item, behind its type and its language, in UTF-8."""
    kind, text = int.from_bytes(content[1:4]), content[8:]
    return text.decode("utf-16-be", "replace").encode() if kind == UTF_16 else text


def _numbers_of_comments(walk: Walk, meta: Part) -> Iterator[bytes]:
    """The kinds of the list's boxes that are called a comment, which count from 1 in the names."""
    for keys in _all(walk, meta, _box, b"keys"):
        names = keys._replace(start=keys.start + 8)
        for number, name in enumerate(walk.parts(names, _box), 1):
            if walk.content(name).lower().split(b".")[-1] == b"comment":
                yield struct.pack(">I", number)


def _box(walk: Walk, at: int, end: int) -> tuple[Part, int]:
    """Length and kind; length 1 means one of 64 bits after the kind, 0 the rest of the file."""
    if end - at < 8:  # user data may end in a zero
        return Part(b"", end, end), end
    length, kind = struct.unpack(">I4s", walk.read(at, 8))
    start = at + 8
    if length == 1:
        (length,) = struct.unpack(">Q", walk.read(start, 8))
        start += 8
    after = at + length if length else end
    return Part(kind, start, after), after


def _in_matroska(walk: Walk) -> Iterator[bytes]:
    for simple in _all(walk, walk.whole, _element, SEGMENT, TAGS, TAG, SIMPLE_TAG):
        fields = {part.kind: part for part in walk.parts(simple, _element)}
        name, text = fields.get(TAG_NAME), fields.get(TAG_STRING)
        if name and text and walk.content(name).upper() == b"COMMENT":
            yield walk.content(text)


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


def _in_gif(walk: Walk) -> Iterator[bytes]:
    """A comment stands before, between or after pictures, in blocks, each after its length."""
    at = 13 + _table_bytes(walk.read(10, 1)[0])
    while (kind := walk.read(at, 1)) != b";":
        if kind == b"!" and walk.read(at + 1, 1)[0] == COMMENT:
            at, text = at + 2, bytearray()
            while length := walk.read(at, 1)[0]:
                text += walk.read(at + 1, length)
                at += 1 + length
            yield bytes(text)
            at += 1
        elif kind == b"!":
            at = walk.skip_blocks(at + 2)
        elif kind == b",":
            at = walk.skip_blocks(at + 11 + _table_bytes(walk.read(at + 9, 1)[0]))
        else:
            raise NetartError("is damaged: a part of it ends elsewhere")


def _table_bytes(flags: int) -> int:
    """The size of the table of colours of which the flags tell."""
    return (2 << (flags & 7)) * 3 if flags & 0x80 else 0


# How files begin → what finds the text in them.
CONTAINERS = (
    (re.compile(rb"....ftyp", re.DOTALL), _walking(_in_iso)),
    (re.compile(rb"\x1a\x45\xdf\xa3"), _walking(_in_matroska)),
    (re.compile(rb"GIF8[79]a"), _walking(_in_gif)),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), find_xmp_text),
    (re.compile(re.escape(SIGNATURE)), find_png_text),
)

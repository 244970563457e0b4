"""Metadata as a property of XMP, in its packet (JPEG, WebP, AVIF), or as an element by itself (SVG,
PDF).

Programs that save a packet again spell it otherwise: the property as an attribute, other prefixes,
escapes, UTF-16. It is read by a parser of XML that expands no entities and opens no other file.
"""

from __future__ import annotations

import re
import struct
from typing import IO, Any, NamedTuple
from xml.parsers import expat

from netart.errors import NetartError
from netart.files.limits import (
    MAX_JPEG_SEGMENTS,
    MAX_XML_MARKS,
    MAX_XMP_PACKETS,
    MAX_XMP_SEARCH_BYTES,
)

NAMESPACE = "urn:netart:ns/"
OPEN, CLOSE = "<netart:note>", "</netart:note>"
HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="" xmlns:netart="{NAMESPACE}">{OPEN}'
).encode()
TAIL = f'{CLOSE}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'.encode()

# Names as the parser spells them: namespace, space, name.
NOTE = f"{NAMESPACE} note"
# An item of what has a text in several languages, as dc:description, where programs of photographs
# move the description of a picture.
ITEM = "http://www.w3.org/1999/02/22-rdf-syntax-ns# li"
OURS = '{"shot":'  # how our text begins

# How XML of a packet may begin in a file that is something else; WIDE in UTF-16.
BEGINS = re.compile(rb"<(?:\?xpacket\s|(?:[\w.-]{1,40}:)?(?:xmpmeta|xapmeta|RDF)[\s>])")
WIDE = re.compile(
    rb"<\0(?:\?\0x\0p\0a\0c\0k\0e\0t\0|(?:(?:[\w.-]\0){1,40}:\0)?(?:x\0m\0p\0m\0e\0t\0a|R\0D\0F)\0)"
)
SPELLINGS = NAMESPACE.encode(), NAMESPACE.encode("utf-16-le")[:-1]  # the latter also in big-endian
PIECE_BYTES = 1 << 14  # that the parser takes first

# How a segment of JPEG begins that holds a part of a packet too long for one: before its digest
# (32 bytes), its length and the part's offset.
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
APP1, SCAN = 0xE1, 0xDA  # markers of JPEG


class _Found(Exception):
    """Ends the parser's work: the text of the note."""


class _End(Exception):
    """Ends the parser's work: the document is over."""


def xmp_packet(text: str) -> bytes:
    """The packet that holds a text, which must need no escapes."""
    return HEAD + text.encode() + TAIL


def note(text: str) -> str:
    """The element that holds a text, which must need no escapes."""
    return OPEN + text + CLOSE


def find_xmp_text(file: IO[bytes]) -> str | None:
    """The text of the packet near either end of the file, or none. Raises NetartError."""
    data = read_ends(file)
    if data.startswith(b"\xff\xd8"):
        data += _join_extension(data)
    return find_in_packets(data)


def read_ends(file: IO[bytes]) -> bytes:
    """What of the file is searched: its first and last MAX_XMP_SEARCH_BYTES."""
    size = file.seek(0, 2)
    file.seek(0)
    if size <= 2 * MAX_XMP_SEARCH_BYTES:
        return file.read()
    head = file.read(MAX_XMP_SEARCH_BYTES)
    file.seek(-MAX_XMP_SEARCH_BYTES, 2)
    return head + file.read(MAX_XMP_SEARCH_BYTES)


def find_in_packets(data: bytes) -> str | None:
    """The text of the first packet of ours among the data, or none.

    Raises NetartError where one of ours is there but cannot be read.
    """
    last, budget, why = max(map(data.rfind, SPELLINGS)), _Budget(), ""
    for begins in (BEGINS, WIDE):
        at = 0
        while found := begins.search(data, at):
            at = found.start()
            is_wide = begins is WIDE
            # What the mark of UTF-16's order of bytes is, in the head of a packet.
            is_big = is_wide and data[at : at + 64].find(b"\xfe\xff") > 0
            encoding = f"UTF-16{'BE' if is_big else 'LE'}" if is_wide else "UTF-8"
            read = _parse(memoryview(data)[at - is_big :], encoding, budget)
            if read.text is not None:
                return read.text
            if read.why and at < last:
                why = read.why
            if budget.is_spent:
                break
            at += max(1, read.size - 1)
    if why:
        raise NetartError(f"its shot is damaged: {why}")
    return None


def find_in_xml(data: bytes) -> str | None:
    """The text of the note in a document of XML, or none. Raises NetartError as find_in_packets."""
    # Only some programs take blanks before XML that says its version.
    read = _parse(memoryview(data.removeprefix(b"\xef\xbb\xbf").lstrip()), None, _Budget())
    if read.text is None and read.why and any(spelling in data for spelling in SPELLINGS):
        raise NetartError(f"its shot is damaged: {read.why}")
    return read.text


class _Budget:
    """How much may still be parsed: time and memory go by tags and attributes."""

    def __init__(self) -> None:
        self.marks, self.packets = MAX_XML_MARKS, MAX_XMP_PACKETS

    def spend(self, piece: bytes) -> None:
        """Raises NetartError where it is spent."""
        self.marks -= piece.count(b"<") + piece.count(b"=")
        if self.is_spent:
            raise NetartError(f"more than {MAX_XML_MARKS:,} tags and attributes stand before it")

    @property
    def is_spent(self) -> bool:
        return self.marks < 0 or self.packets < 0


class _Parsed(NamedTuple):
    """What the parser made of data."""

    text: str | None  # of the note
    size: int  # of what was read, in bytes
    why: str  # it ended before the document did


def _parse(data: memoryview, encoding: str | None, budget: _Budget) -> _Parsed:
    """The note in the document of XML with which the data begin. encoding: None as it says."""
    parser, at = _parser(encoding), 0
    budget.packets -= 1
    try:
        while at < len(data):
            # Ever larger pieces: the parser begins again with what has no end in one.
            piece = bytes(data[at : 2 * at + PIECE_BYTES])
            budget.spend(piece)
            parser.Parse(piece)
            at += len(piece)
        parser.Parse(b"", True)
    except _Found as found:
        return _Parsed(str(found), parser.CurrentByteIndex, "")
    except _End:
        return _Parsed(None, parser.CurrentByteIndex, "")
    except (expat.ExpatError, NetartError, ValueError, LookupError) as error:
        return _Parsed(None, parser.ErrorByteIndex, str(error))
    return _Parsed(None, len(data), "")


def _parser(encoding: str | None) -> Any:
    """A parser that raises _Found at the end of the note, or else _End at that of the document."""
    parser = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True
    depth, inside, texts = 0, 0, [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, inside
        depth += 1
        if NOTE in attributes:
            raise _Found(attributes[NOTE])
        if not inside and name in (NOTE, ITEM):
            inside = depth
            texts.clear()
            parser.CharacterDataHandler = texts.append

    def end(name: str) -> None:
        nonlocal depth, inside
        if depth == inside:
            text = "".join(texts).strip().removeprefix(OPEN).removesuffix(CLOSE)
            inside, parser.CharacterDataHandler = 0, None
            if name == NOTE or text.startswith(OURS):
                raise _Found(text)
        depth -= 1
        if not depth:
            raise _End

    def refuse(*declared: Any) -> None:
        raise NetartError("its XML declares entities, which are not expanded")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = refuse
    return parser


def _join_extension(jpeg: bytes) -> bytes:
    """The packet that does not fit into a segment of JPEG, joined of its parts; empty where there
    is none. Adobe's XMP specification, part 3, 1.1.3.1.
    """
    parts, at = [], 2
    for _ in range(MAX_JPEG_SEGMENTS):
        if len(jpeg) < at + 4 or jpeg[at] != 0xFF or jpeg[at + 1] == SCAN:
            break
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        if jpeg[at + 1] == APP1 and jpeg.startswith(EXTENSION, at + 4):
            head = at + 4 + len(EXTENSION)
            digest, place = jpeg[head : head + 32], jpeg[head + 36 : head + 40]
            parts.append((digest, place, jpeg[head + 40 : at + 2 + length]))
        at += 2 + length
    return b"".join(part for _, _, part in sorted(parts))

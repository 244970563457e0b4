"""Containers of every format, made by hand around a text: sound, or bent in any of their parts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

ODD_LENGTHS = 0, 1, 2, 3, 4, 7, 8, 12, 255, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, (1 << 64) - 1


class Bend:
    """Makes parts of a container wrong, each with a probability of `share`."""

    def __init__(self, chance: Random, share: float) -> None:
        self.chance, self.share = chance, share

    @property
    def is_due(self) -> bool:
        return self.share > 0 and self.chance.random() < self.share

    def pick(self, ways: Sequence[Any]) -> Any:
        """Any of these, all of which are right."""
        return self.chance.choice(ways)

    def number(self, right: int, code: str) -> bytes:
        """A number as `struct` spells it with this code."""
        if self.is_due:
            near = right + self.chance.randrange(-9, 10), right * 2, right << 8, -right
            right = self.chance.choice((*ODD_LENGTHS, *near))
        return struct.pack(code, right & ((1 << 8 * struct.calcsize(code)) - 1))

    def word(self, right: bytes) -> bytes:
        """A name, or a mark."""
        if not self.is_due:
            return right
        at = self.chance.randrange(len(right) + 1)
        odd = self.chance.randbytes(self.chance.randrange(3))
        return self.chance.choice((right[:at] + odd + right[at + 1 :], right.swapcase(), odd))

    def data(self, right: bytes) -> bytes:
        """Bytes within, which may be cut, repeated, or changed."""
        if not self.is_due:
            return right
        at = self.chance.randrange(len(right) + 1)
        odd = self.chance.randbytes(self.chance.randrange(9))
        again = right * self.chance.choice((2, 2, 9, 300 if len(right) < 1000 else 3))
        return self.chance.choice((right[:at], right[:at] + odd + right[at:], again, b""))

    def parts(self, *parts: bytes) -> bytes:
        """Parts that follow each other, which may be shuffled, missing, or too many."""
        found = list(parts)
        if self.is_due and found:
            at, way = self.chance.randrange(len(found)), self.chance.randrange(4)
            if way == 0:
                del found[at]
            elif way == 1:
                many = self.chance.choice((1, 2, 30, 300, 300_000 // (len(found[at]) + 9)))
                found[at:at] = [found[at]] * many
            elif way == 2:
                self.chance.shuffle(found)
            else:
                found.insert(at, self.chance.randbytes(self.chance.randrange(1, 40)))
        return b"".join(found)


Build = Callable[[bytes, Bend], bytes]


def png(text: bytes, bend: Bend) -> bytes:
    kind, note = bend.pick((
        (b"iTXt", b"netart\0\0\0\0\0" + text),
        (b"iTXt", b"netart\0\0\0en\0netart\0" + text),
        (b"iTXt", b"netart\0\1\0\0\0" + zlib.compress(text, 1)),
        (b"tEXt", b"netart\0" + text),
        (b"zTXt", b"netart\0\0" + zlib.compress(text, 1)),
    ))  # fmt: skip
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0), bend)
    animated = bend.pick((b"", _chunk(b"acTL", struct.pack(">II", 1, 0), bend)))
    other = bend.pick((b"", _chunk(b"tEXt", b"Software\0x", bend), _chunk(b"eXIf", b"II*\0", bend)))
    pixels = _chunk(b"IDAT", zlib.compress(bytes(20), 1), bend)
    found = _chunk(kind, bend.data(note), bend)
    middle = bend.pick(((animated, other, found, pixels), (animated, pixels, found, other)))
    return bend.word(b"\x89PNG\r\n\x1a\n") + bend.parts(head, *middle, _chunk(b"IEND", b"", bend))


def _chunk(kind: bytes, data: bytes, bend: Bend) -> bytes:
    length, kind = bend.number(len(data), ">I"), bend.word(kind)
    return length + kind + data + bend.number(zlib.crc32(kind + data), ">I")


def tiff(text: bytes, bend: Bend) -> bytes:
    order, large = bend.pick("<>"), bend.pick((False, True))
    offset, count = (f"{order}{code}" for code in ("QQ" if large else "IH"))
    wide = struct.calcsize(offset)
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}H", 43 if large else 42)
    head = bend.word(head + (struct.pack(f"{order}HH", 8, 0) if large else b""))
    tags = [(256, 3, 1, 3), (257, 3, 1, 2), (305, 2, 1, 0)]
    first = len(head) + wide
    end = first + struct.calcsize(count) + (len(tags) + 1) * (4 + 2 * wide) + wide
    tags.append((270, 2, len(text) + 1, end))
    entries = [
        bend.number(tag, f"{order}H") + bend.number(kind, f"{order}H")
        + bend.number(length, offset) + bend.number(value, offset)
        for tag, kind, length, value in sorted(tags)
    ]  # fmt: skip
    directory = bend.number(len(tags), count) + bend.parts(*entries) + bend.number(0, offset)
    return head + bend.number(first, offset) + directory + bend.data(text + b"\0")


def exr(text: bytes, bend: Bend) -> bytes:
    def attribute(name: bytes, kind: bytes, data: bytes) -> bytes:
        length = bend.number(len(data), "<I")
        return bend.word(name) + b"\0" + bend.word(kind) + b"\0" + length + bend.data(data)

    attributes = (
        attribute(b"compression", b"compression", b"\3"),
        attribute(b"dataWindow", b"box2i", struct.pack("<iiii", 0, 0, 2, 1)),
        attribute(b"netart", b"string", text),
    )
    return bend.word(b"v/1\1\2\0\0\0") + bend.parts(*attributes) + bend.word(b"\0")


def xmp(text: bytes, bend: Bend) -> bytes:
    """A packet of XMP: the property as an element or as an attribute, under any prefix."""
    prefix = bend.pick((b"netart", b"netart", b"n", b"ns1"))
    escaped = text.replace(b'"', bend.pick((b"&quot;", b"&#34;", b"&#x22;")))
    about = b'<rdf:Description rdf:about="" xmlns:%s="%s"' % (prefix, bend.word(b"urn:netart:ns/"))
    inside = bend.pick((
        b">%s</rdf:Description>" % _note(prefix, text, bend),
        b">%s</rdf:Description>" % _note(prefix, escaped, bend),
        b' %s:note="%s"/>' % (bend.word(prefix), bend.data(escaped)),
        b" %s:note='%s'></rdf:Description>" % (bend.word(prefix), bend.data(text)),
    ))  # fmt: skip
    return bend.parts(
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>',
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
        about + inside,
        b"</rdf:RDF></x:xmpmeta>",
        b'<?xpacket end="w"?>',
    )


def _note(prefix: bytes, text: bytes, bend: Bend) -> bytes:
    return b"<%s:note>%s</%s:note>" % (bend.word(prefix), bend.data(text), bend.word(prefix))


def jpeg(text: bytes, bend: Bend) -> bytes:
    def segment(mark: int, data: bytes) -> bytes:
        length = bend.number(min(len(data) + 2, 0xFFFF), ">H")
        return bend.word(bytes([0xFF, mark])) + length + bend.data(data)

    packet = segment(0xE1, bend.word(b"http://ns.adobe.com/xap/1.0/\0") + xmp(text, bend))
    return bend.word(b"\xff\xd8") + bend.parts(segment(0xE0, b"JFIF\0\1\1"), packet) + b"\xff\xd9"


def webp(text: bytes, bend: Bend) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return bend.word(kind) + bend.number(len(data), "<I") + data + bytes(len(data) % 2)

    inside = bend.parts(
        chunk(b"VP8X", bytes([4, 0, 0, 0, 2, 0, 0, 1, 0, 0])),
        *bend.pick(((), (chunk(b"ANIM", bytes(6)), chunk(b"ANMF", bytes(24))))),
        chunk(b"VP8L", bytes(12)),
        chunk(b"XMP ", xmp(text, bend)),
    )
    return bend.word(b"RIFF") + bend.number(len(inside) + 4, "<I") + bend.word(b"WEBP") + inside


def avif(text: bytes, bend: Bend) -> bytes:
    return bend.parts(
        _box(b"ftyp", b"avif\0\0\0\0avifmif1", bend),
        _box(b"meta", bytes(4) + _box(b"hdlr", bytes(20), bend), bend),
        _box(b"mdat", xmp(text, bend), bend),
    )


def svg(text: bytes, bend: Bend) -> bytes:
    head = bend.pick((b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?>\n", b"<!-- a -->"))
    note = bend.pick((_note(b"netart", text, bend), xmp(text, bend)))
    return (
        head + b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>" + note + b"</metadata></svg>"
    )


def pdf(text: bytes, bend: Bend) -> bytes:
    note = _note(b"netart", text, bend)
    for mark in (b"\\", b"(", b")"):
        note = note.replace(mark, b"\\" + mark)
    return bend.word(b"%PDF-1.4\n") + b"1 0 obj << /Subject (" + note + b") >> endobj\n%%EOF"


def _box(kind: bytes, data: bytes, bend: Bend) -> bytes:
    kind = bend.word(kind)
    if bend.chance.random() < 0.1:  # of 64 bits
        return bend.number(1, ">I") + kind + bend.number(len(data) + 16, ">Q") + data
    return bend.number(len(data) + 8, ">I") + kind + data


def _iso(brand: bytes) -> Build:
    def build(text: bytes, bend: Bend) -> bytes:
        user = bend.pick((_list, _user))
        movie = _box(
            b"moov", bend.parts(_box(b"mvhd", bytes(100), bend), user(text, bend)), bend
        )  # fmt: skip
        head, pixels = _box(b"ftyp", brand, bend), _box(b"mdat", bytes(30), bend)
        return bend.parts(head, *bend.pick(((movie, pixels), (pixels, movie))))

    return build


def _list(text: bytes, bend: Bend) -> bytes:
    """The comment in a list, as iTunes has it, or under a key, as QuickTime has."""
    value = bend.number(1, ">I") + bytes(4) + text
    data = _box(b"data", value, bend)
    if bend.pick((True, True, False)):
        head = _box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9), bend)
        inside = bend.parts(head, _box(b"ilst", _box(b"\xa9cmt", data, bend), bend))
    else:
        key = _box(
            b"mdta", bend.word(bend.pick((b"comment", b"com.apple.quicktime.comment"))), bend
        )
        head = _box(b"hdlr", bytes(8) + b"mdta" + bytes(13), bend)
        keys = _box(b"keys", bytes(4) + bend.number(1, ">I") + key, bend)
        inside = bend.parts(head, keys, _box(b"ilst", _box(b"\0\0\0\1", data, bend), bend))
    meta = _box(b"meta", bend.pick((bytes(4), b"")) + inside, bend)
    return bend.pick((meta, _box(b"udta", meta, bend)))


def _user(text: bytes, bend: Bend) -> bytes:
    data = bend.number(len(text) & 0xFFFF, ">H") + b"\x55\xc4" + text
    return _box(
        b"udta", bend.parts(_box(b"\xa9swr", bytes(8), bend), _box(b"\xa9cmt", data, bend)), bend
    )


def matroska(text: bytes, bend: Bend) -> bytes:
    def element(kind: str, data: bytes) -> bytes:
        if bend.chance.random() < 0.05:
            length = b"\xff"  # the rest
        elif len(data) < 126 and bend.pick((True, False)):
            length = bend.number(0x80 | len(data), ">B")
        else:
            length = bend.number(1 << 56 | len(data), ">Q")
        return bend.word(bytes.fromhex(kind)) + length + data

    name = element("45a3", bend.word(b"COMMENT"))
    simple = element("67c8", bend.parts(name, element("4487", bend.data(text))))
    tags = element("1254c367", element("7373", bend.parts(element("63c0", b""), simple)))
    inside = bend.parts(element("ec", bytes(20)), tags, element("1f43b675", bytes(30)))
    head = element("1a45dfa3", element("4282", b"webm"))
    return bend.parts(head, element("18538067", inside))


def gif(text: bytes, bend: Bend) -> bytes:
    cut = [text[at : at + 255] for at in range(0, len(text), 255)]
    blocks = bend.parts(*(bend.number(len(part), ">B") + part for part in cut), b"\0")
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    comment = b"\x21" + bend.word(b"\xfe") + blocks
    flags = bend.number(bend.pick((0x70, 0xF0)), ">B")
    table = bytes(6) if flags == b"\xf0" else b""
    head = bend.word(b"GIF89a") + struct.pack("<HH", 3, 2) + flags + b"\0\0" + table
    return head + bend.parts(loop, comment) + b",\0\0\0\0\3\0\2\0\0\2\2D\1\0;"


CONTAINERS: dict[str, Build] = {
    ".png": png,
    ".apng": png,
    ".tif": tiff,
    ".exr": exr,
    ".jpg": jpeg,
    ".webp": webp,
    ".avif": avif,
    ".svg": svg,
    ".pdf": pdf,
    ".mp4": _iso(b"isom\0\0\2\0isom"),
    ".mov": _iso(b"qt  \0\0\2\0qt  "),
    ".mkv": matroska,
    ".webm": matroska,
    ".gif": gif,
}

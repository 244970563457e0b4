"""The note in packets of XMP as other programs write them, and in hostile ones."""

from __future__ import annotations

import struct
import time
import tracemalloc
import zlib
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from netart.errors import NetartError
from netart.files.limits import MAX_JPEG_SEGMENTS, MAX_XML_MARKS, MAX_XMP_SEARCH_BYTES
from netart.files.stills.vectors import find_pdf_text, find_svg_text
from netart.files.xmp import EXTENSION, NAMESPACE, find_xmp_text, xmp_packet
from tests.films import read_text

TEXT = '{"shot":{"a":"\\u003cb\\u003e \\u0026 c"},"size":[3,2]}'
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ESCAPED = escape(TEXT, {'"': "&quot;"})
NUMBERED = "".join(f"&#{ord(char)};" if char in '"<&' else char for char in TEXT)
HEXADECIMAL = "".join(f"&#x{ord(char):X};" for char in TEXT)


def packet(described: str, attributes: str = "", head: str = "") -> str:
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{head}'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="any"><r:RDF xmlns:r="{RDF}">'
        f'<r:Description r:about="" xmlns:n="{NAMESPACE}" {attributes}>{described}</r:Description>'
        '</r:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


SPELLINGS = {
    "element": packet(f"<n:note>{TEXT}</n:note>"),
    "blanks": packet(f"<n:note>\n  {ESCAPED}\t\n</n:note >"),
    "CDATA": packet(f"<n:note><![CDATA[{TEXT}]]></n:note>"),
    "pieces": packet(f"<n:note>{TEXT[:20]}<!-- no --><?no no?>{TEXT[20:]}</n:note>"),
    "attribute": packet("", f'n:note="{ESCAPED}"'),
    "apostrophes": packet("", f"n:note = '{TEXT}'"),
    "numbers": packet("", f'n:note="{NUMBERED}"'),
    "hexadecimal": packet(f"<n:note>{HEXADECIMAL}</n:note>"),
    "default namespace": packet(f'<note xmlns="{NAMESPACE}">{ESCAPED}</note>'),
    "other prefix of our name": packet(
        f'<n:note xmlns:netart="urn:other/" netart:note="{{}}">{ESCAPED}</n:note>'
    ),
    "a value with more to it": packet(
        f'<n:note r:parseType="Resource"><r:value>{ESCAPED}</r:value></n:note>'
    ),
    "a description": packet(
        '<d:description xmlns:d="http://purl.org/dc/elements/1.1/"><r:Alt><r:li>a</r:li>'
        f'<r:li xml:lang="x-default">{ESCAPED}</r:li></r:Alt></d:description>'
    ),
    "no wrapper": packet(f"<n:note>{TEXT}</n:note>").partition("?>")[2].partition("<?xpacket")[0],
    "RDF alone": f'<RDF xmlns="{RDF}"><a xmlns:n="{NAMESPACE}" n:note="{ESCAPED}"/></RDF>',
    "behind another": packet("<x:y/>") + packet(f"<n:note>{TEXT}</n:note>"),
    "behind a broken one": "<x:xmpmeta <" + packet(f"<n:note>{TEXT}</n:note>"),
    "other scripts": packet(f"<n:title>Ω ≤ ∃ 画 😀</n:title><n:note>{TEXT}</n:note>"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_is_read(name: str, encoding: str) -> None:
    for before in (b"\xff\xd8", b"RIFF....WEBP\0", "π\0".encode(encoding)):
        data = before + SPELLINGS[name].encode(encoding) + b"\0\xff" * 50
        assert find_xmp_text(BytesIO(data)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_svg_in_any_encoding(encoding: str) -> None:
    svg = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">'
        '<svg xmlns="http://www.w3.org/2000/svg"><title>ü</title><metadata>'
        f'<n:note xmlns:n="{NAMESPACE}">{ESCAPED}</n:note></metadata></svg>'
    )
    assert find_svg_text(BytesIO(svg.encode(encoding))) == TEXT


@pytest.mark.parametrize("text", [f"<netart:note>{TEXT}</netart:note>"])
def test_subjects_of_pdf(text: str) -> None:
    wide = b"\xfe\xff" + text.encode("utf-16-be")
    literal = text.replace("\\", "\\\\").encode()
    octal = "".join(f"\\{ord(char):03o}" for char in text).encode()
    for subject in (
        b"(" + literal + b")",
        b"(" + literal.replace(b'"a"', b'\\"\\\r\na"') + b")",
        b"(" + octal + b")",
        b"<" + text.encode().hex().encode() + b">",
        b"<\n" + wide.hex(" ", 8).upper().encode() + b">",
        b"(" + wide.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")",
    ):
        data = b"%PDF-1.7 <</Subject (of another)>> <</Subject" + subject + b"/Title(a)>>"
        assert find_pdf_text(BytesIO(data)) == TEXT
        objects = b"<</Type/ObjStm/Filter/FlateDecode>>\nstream\r\n" + zlib.compress(data)
        assert find_pdf_text(BytesIO(b"%PDF-1.7 " + objects)) == TEXT
    moved = packet(
        f'<d:description xmlns:d="a"><r:Alt><r:li>{escape(text)}</r:li></r:Alt></d:description>'
    )
    assert find_pdf_text(BytesIO(b"%PDF-1.7 " + moved.encode())) == TEXT


DAMAGED = {
    "cut": SPELLINGS["element"].partition('"size"')[0],
    "cut in the attribute": SPELLINGS["attribute"].partition("\\u0026")[0],
    "no end": SPELLINGS["element"].replace("</n:note>", ""),
    "a bare sign": SPELLINGS["element"].replace("size", "&"),
    "an entity": packet("<n:note>&t;</n:note>", head=f"<!DOCTYPE a [<!ENTITY t '{ESCAPED}'>]>"),
    "many tags": packet("<n:a/>" * MAX_XML_MARKS + f"<n:note>{TEXT}</n:note>"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_there_and_cannot_be_read_is_damaged(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8" + DAMAGED[name].encode() + b"\0\xff" * 50)
    with pytest.raises(NetartError, match=r"a\.jpg: its shot is damaged: ") as caught:
        read_text(path, find_xmp_text)
    assert "\n" not in str(caught.value)


def test_packets_of_others_are_no_damage() -> None:
    for text in (packet(""), SPELLINGS["element"].replace(NAMESPACE, "urn:other/")[:-300]):
        assert find_xmp_text(BytesIO(text.encode())) is None


FULL = MAX_XMP_SEARCH_BYTES
BILLION = "".join(f"<!ENTITY e{k + 1} '{9 * f'&e{k};'}'>" for k in range(30))
HOSTILE = {
    "entities": lambda: packet("&e30;", head=f"<!DOCTYPE a [<!ENTITY e0 'ha'>{BILLION}]>").encode(),
    "another file": lambda: packet(
        "&e;", head="<!DOCTYPE a [<!ENTITY e SYSTEM '/etc/passwd'>]>"
    ).encode(),
    "packets": lambda: b"<?xpacket ?>" * (FULL // 12),
    "broken packets": lambda: b"<x:RDF <" * (FULL // 8),
    "wide packets": lambda: "<x:RDF <".encode("utf-16-le") * (FULL // 16),
    "nested": lambda: b"<x:RDF xmlns:x='a'>" * (FULL // 19),
    "names": lambda: b"<RDF>" + b"".join(b"<a%x/>" % k for k in range(MAX_XML_MARKS)),
    "attributes": lambda: b"<RDF " + b"".join(b'a%x="" ' % k for k in range(MAX_XML_MARKS)) + b"/>",
    "an attribute": lambda: b"<RDF a='" + b"&lt;" * (FULL // 4) + b"'/>",
    "a text": lambda: b"<RDF>" + b"&lt;" * (FULL // 4),
    "a word": lambda: b"<RDF" + b"x" * FULL,
    "prefixes": lambda: b"<" + b"a" * FULL,
    "segments": lambda: b"\xff\xd8" + b"\xff\xe1\0\2" * (FULL // 4),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_packets_take_little_time(name: str) -> None:
    data = HOSTILE[name]()
    begin = time.process_time()
    try:
        assert find_xmp_text(BytesIO(data)) is None
    except NetartError as error:
        assert "root:" not in str(error)
    assert time.process_time() - begin < 2


HEAD = b"/ObjStm stream\n"


@pytest.mark.parametrize("part", [HEAD, HEAD + zlib.compress(bytes(FULL)), b"/Subject("])
def test_hostile_pdf_takes_little_time(part: bytes) -> None:
    data = b"%PDF-1.7" + part * (2 * FULL // len(part))
    begin = time.process_time()
    assert find_pdf_text(BytesIO(data)) is None
    assert time.process_time() - begin < 2


def test_tags_within_tags_take_little_memory() -> None:
    data = HOSTILE["nested"]()
    tracemalloc.start()
    find_xmp_text(BytesIO(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150e6


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(data)) + data


def test_a_packet_too_long_for_a_segment_of_jpeg() -> None:
    """The parts stand in any order, those of another packet among them."""
    whole, digests = SPELLINGS["no wrapper"].encode(), (b"0" * 32, b"1" * 32)
    parts = [
        segment(0xE1, EXTENSION + digest + struct.pack(">II", len(data), at) + data[at : at + 100])
        for digest, data in zip(digests, (whole, b"<x:xmpmeta/>" * 30), strict=True)
        for at in range(0, len(data), 100)
    ]
    head = b"\xff\xd8" + segment(0xE0, b"JFIF\0" + bytes(9))
    for order in (parts, parts[::-1], parts[1::2] + parts[::2]):
        jpeg = head + b"".join(order) + segment(0xDA, bytes(10)) + b"\xff\xe1\0\1"
        assert find_xmp_text(BytesIO(jpeg)) == TEXT
    assert find_xmp_text(BytesIO(head * MAX_JPEG_SEGMENTS)) is None


def test_a_packet_in_the_middle_of_what_is_searched() -> None:
    own = xmp_packet(TEXT)
    middle = bytes(FULL - len(own) // 2)
    assert find_xmp_text(BytesIO(middle + own + middle)) == TEXT
    assert find_xmp_text(BytesIO(bytes(3 * FULL) + own)) == TEXT

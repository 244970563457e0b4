"""Metadata as an XMP packet: in JPEG, WebP and AVIF; as its note alone in SVG and PDF."""

from __future__ import annotations

import re
from typing import IO

from netart.files.limits import MAX_METADATA_BYTES, MAX_XMP_SEARCH_BYTES

OPEN, CLOSE = "<netart:note>", "</netart:note>"
HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="" xmlns:netart="urn:netart:ns/">{OPEN}'
).encode()
TAIL = f'{CLOSE}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'.encode()
# Found as bytes: a parser of XML would expand the entities of hostile files.
TEXT = re.compile(rb"<netart:note>([^<]{0,%d})</netart:note>" % MAX_METADATA_BYTES)
# Our text needs none, but programs that save the packet again write them.
ESCAPES = {b"quot": b'"', b"#34": b'"', b"apos": b"'", b"#39": b"'"}
ESCAPE = re.compile(rb"&(quot|#34|apos|#39);")


def xmp_packet(text: str) -> bytes:
    """The packet that holds a text, which must need no escapes."""
    return HEAD + text.encode() + TAIL


def note(text: str) -> str:
    """The element that holds a text, which must need no escapes."""
    return OPEN + text + CLOSE


def find_xmp_text(file: IO[bytes]) -> str | None:
    """The text of the packet near either end of the file, or none."""
    found = find_note(file)
    return None if found is None else ESCAPE.sub(lambda mark: ESCAPES[mark[1]], found).decode()


def find_note(file: IO[bytes]) -> bytes | None:
    """What the note near either end of the file holds, or none."""
    file.seek(0)
    found = TEXT.search(file.read(MAX_XMP_SEARCH_BYTES))
    if not found:
        file.seek(max(file.tell(), file.seek(0, 2) - MAX_XMP_SEARCH_BYTES))
        found = TEXT.search(file.read(MAX_XMP_SEARCH_BYTES))
    return found[1] if found else None

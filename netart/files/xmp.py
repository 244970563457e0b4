"""Metadata as an XMP packet: in JPEG, WebP and AVIF."""

from __future__ import annotations

import re
from typing import IO

from netart.files.limits import MAX_METADATA_BYTES, MAX_XMP_SEARCH_BYTES

HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:netart="urn:netart:ns/"><netart:note>'
).encode()
TAIL = b'</netart:note></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
# Found as bytes: a parser of XML would expand the entities of hostile files.
TEXT = re.compile(rb"<netart:note>([^<]{0,%d})</netart:note>" % MAX_METADATA_BYTES)
# Our text needs none, but programs that save the packet again write them.
ESCAPES = {b"quot": b'"', b"#34": b'"', b"apos": b"'", b"#39": b"'"}
ESCAPE = re.compile(rb"&(quot|#34|apos|#39);")


def xmp_packet(text: str) -> bytes:
    """The packet that holds a text, which must need no escapes."""
    return HEAD + text.encode() + TAIL


def find_xmp_text(file: IO[bytes]) -> str | None:
    """The text of the packet near either end of the file, or none."""
    file.seek(0)
    found = TEXT.search(file.read(MAX_XMP_SEARCH_BYTES))
    if not found:
        file.seek(max(file.tell(), file.seek(0, 2) - MAX_XMP_SEARCH_BYTES))
        found = TEXT.search(file.read(MAX_XMP_SEARCH_BYTES))
    return ESCAPE.sub(lambda mark: ESCAPES[mark[1]], found[1]).decode() if found else None

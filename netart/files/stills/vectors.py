"""The table of formats that hold lines and text: SVG and PDF. The lens makes their bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, NamedTuple

from netart.files.metadata import FindText, Metadata
from netart.files.xmp import find_note, find_xmp_text, note
from netart.pixels import Size

# What PDF puts a backslash before in a text.
ESCAPED = re.compile(rb"\\([()\\])")


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

    @property
    def note(self) -> str:
        """The metadata as markup that the file carries, empty where there is none."""
        return note(self.metadata.text) if self.metadata else ""


def find_pdf_text(file: IO[bytes]) -> str | None:
    """The metadata's text: a note in the subject of the document."""
    found = find_note(file)
    return None if found is None else ESCAPED.sub(rb"\1", found).decode()


VECTOR_FORMATS = {
    form.name: form
    for form in (
        # Text may begin with a byte order mark and blanks.
        VectorFormat("svg", ".svg", rb"(\xef\xbb\xbf)?\s*<(\?xml|!|svg)", find_xmp_text),
        VectorFormat("pdf", ".pdf", rb"%PDF-", find_pdf_text),
    )
}

VECTOR_SUFFIXES = {form.suffix: form for form in VECTOR_FORMATS.values()}

"""The forms in which a document can be taken out of netart, by the ends of file names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from netart.errors import unknown
from netart.shot.document import Document, shot_of
from netart.web.shot_page import shot_page


class Form(NamedTuple):
    """A form: what it is, as help shows it, and what makes its text."""

    about: str
    # The text of a document. name: of the document, as the user knows it.
    text: Callable[[Document, str], str]


def _html(document: Document, name: str) -> str:
    return shot_page(shot_of(document), name)


# By the end of a file's name, which may have two dots.
FORMS = {".html": Form("a page that draws it in any browser, and needs no other file", _html)}


def form_of(path: Path) -> Form:
    """The form that a path's name asks for. Raises NetartError."""
    ends = ("".join(path.suffixes[-count:]).lower() for count in (2, 1))
    found = next((FORMS[end] for end in ends if end in FORMS), None)
    if found is None:
        raise unknown("suffix", path.suffix or path.name, FORMS).at(str(path))
    return found

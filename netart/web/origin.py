"""Where a document comes from: its name, what is said of it, and what draws it again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from netart.shot.document import Document, shot_of
from netart.shot.fields import fewest_texts
from netart.shot.fresh import FRESH, FRESH_NETWORK
from netart.shot.shot import Shot


class Origin(NamedTuple):
    """What a document is called, and what a command line says to draw it."""

    # Of the document, as the user knows it.
    name: str
    # SOURCE as it was typed, with the options that complete it; none for what is new.
    words: tuple[str, ...] = ()
    # The fields, with their texts, that make the document's shot of that of SOURCE; None where no
    # fields do.
    texts: Mapping[str, str] | None = MappingProxyType({})
    # A line on what it shows, by who made it.
    about: str = ""


def origin_of(
    name: str,
    document: Document,
    words: tuple[str, ...] = (),
    base: Shot | None = None,
    about: str = "",
) -> Origin:
    """The document's origin. words, base: SOURCE as it was typed, and its shot; none where nothing
    can be typed that reads it again. about: a line on what the document shows.
    """
    shot = shot_of(document)
    if base is not None:
        return Origin(name, words, fewest_texts(shot, base), about)
    if not isinstance(document, Shot):  # whose panels or frames no options say
        return Origin(name, (), None, about)
    return Origin(name, (), fewest_texts(shot, fresh=FRESH_NETWORK | FRESH), about)

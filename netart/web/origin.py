"""Where a document comes from: its name, and what draws it again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from netart.shot.document import Document, shot_of
from netart.shot.fields import fewest_texts
from netart.shot.fresh import FRESH, FRESH_NETWORK
from netart.shot.shot import Shot


class Origin(NamedTuple):
    """What a command line says to draw a document."""

    # Of the document, as the user knows it.
    name: str
    # SOURCE as it was typed, with the options that complete it; none for what is new.
    words: tuple[str, ...] = ()
    # The fields, with their texts, that make the document's shot of that of SOURCE; None where no
    # fields do.
    texts: Mapping[str, str] | None = MappingProxyType({})


def origin_of(
    name: str, document: Document, words: tuple[str, ...] = (), base: Shot | None = None
) -> Origin:
    """The document's origin. words, base: SOURCE as it was typed, and its shot; none of them where
    nothing can be typed that reads it again.
    """
    shot = shot_of(document)
    if base is not None:
        return Origin(name, words, fewest_texts(shot, base))
    return Origin(name, (), fewest_texts(shot, fresh=FRESH_NETWORK | FRESH))

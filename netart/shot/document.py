"""Documents: what a file of netart holds, which is a shot, a sheet or a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netart.errors import NetartError, unknown
from netart.shot import sheet, timeline
from netart.shot.fields import FIELDS
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.text import ReadWeights, from_text, to_text
from netart.shot.timeline import Timeline

Document = Shot | Sheet | Timeline

TABLE_NAMES = ("shot", "sheet", "timeline")


def shot_of(document: Document) -> Shot:
    """The document's shot: itself, or the one that a sheet varies or a timeline moves."""
    return document if isinstance(document, Shot) else document.shot


def check_kind(
    document: Document,
    kinds: tuple[type[Document], ...],
    name: str,
    instead: Mapping[Any, str],
) -> None:
    """Raises NetartError where the document of this name is of none of these kinds.

    instead: by kind, what a document of another is and what takes it; {0} stands for the name.
    """
    if not isinstance(document, kinds):
        raise NetartError(f"{name} {instead[type(document)].format(name)}")


def to_tables(document: Document, inline: bool = True) -> dict[str, Any]:
    """The document as plain data: a table for each of TABLE_NAMES that it has.

    inline: whether explicit weights may stand in it.
    """
    varied = not isinstance(document, Shot)
    tables = {"shot": to_text(shot_of(document), inline, varied)}
    if isinstance(document, Sheet):
        tables["sheet"] = sheet.to_data(document)
    if isinstance(document, Timeline):
        tables["timeline"] = timeline.to_data(document)
    return tables


def from_tables(tables: dict[str, Any], read_weights: ReadWeights | None = None) -> Document:
    """The document that the tables describe. Raises NetartError that names what is wrong.

    read_weights: opens the file of weights that they may name.
    """
    for name in tables:
        if name in FIELDS:
            raise NetartError(f"unknown table {name!r}: in files it is shot.{FIELDS[name].place}")
        if name not in TABLE_NAMES:
            raise unknown("table", name, TABLE_NAMES)
    if "shot" not in tables:
        raise NetartError("has no table [shot]")
    shot = from_text(tables["shot"], read_weights)
    if "sheet" in tables and "timeline" in tables:
        raise NetartError("is either a [sheet] or a [timeline]")
    if "sheet" in tables:
        return sheet.from_data(tables["sheet"], shot)
    return timeline.from_data(tables["timeline"], shot) if "timeline" in tables else shot

"""What a file may hold, and a picture or film may show: a shot, a sheet of it, or a timeline."""

from __future__ import annotations

from typing import Any

from netart.errors import NetartError, unknown
from netart.shot import sheet, timeline
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.text import ReadWeights, from_text, to_text
from netart.shot.timeline import Timeline

Subject = Shot | Sheet | Timeline

TABLES = ("shot", "sheet", "timeline")


def shot_of(subject: Subject) -> Shot:
    """The shot itself, or the one that the sheet or timeline starts from."""
    return subject if isinstance(subject, Shot) else subject.shot


def to_tables(subject: Subject, inline: bool = True) -> dict[str, Any]:
    """The subject as plain data, by the names of TABLES. inline: explicit weights may be in it."""
    tables = {"shot": to_text(shot_of(subject), inline)}
    if isinstance(subject, Sheet):
        tables["sheet"] = sheet.to_data(subject)
    if isinstance(subject, Timeline):
        tables["timeline"] = timeline.to_data(subject)
    return tables


def from_tables(tables: dict[str, Any], read_weights: ReadWeights | None = None) -> Subject:
    """The subject that the tables describe. read_weights: opens the file of weights that they may
    name.

    Raises NetartError that names the place of what is wrong.
    """
    for name in tables:
        if name not in TABLES:
            raise unknown("table", name, TABLES)
    if "shot" not in tables:
        raise NetartError("has no table [shot]")
    shot = from_text(tables["shot"], read_weights)
    if "sheet" in tables and "timeline" in tables:
        raise NetartError("is either a [sheet] or a [timeline]")
    if "sheet" in tables:
        return sheet.from_data(tables["sheet"], shot)
    return timeline.from_data(tables["timeline"], shot) if "timeline" in tables else shot

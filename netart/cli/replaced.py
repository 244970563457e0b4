"""Says which other pictures and films an output replaces: a name may be taken by mistake."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from netart.cli.report import Report
from netart.errors import NetartError
from netart.files.metadata import Metadata
from netart.files.source import read_note
from netart.live.status import list_changes
from netart.shot.document import TABLE_NAMES, Document, from_tables, shot_of

MAX_CHANGES = 3  # that are listed
NAMES = {"shot": "picture", "sheet": "sheet", "timeline": "film"}


def note_replaced(written: Iterable[tuple[Path | None, Document]], report: Report) -> None:
    """Says in one line where what will be written takes the place of something else by netart.

    written: paths, each with what comes there; None for stdout. A file that cannot be read is
    replaced without a word.
    """
    if report.quiet:
        return
    found = [
        (path, what) for path, document in written if path and (what := _describe(path, document))
    ]
    if found:
        path, what = found[0]
        more = f"; {len(found) - 1:,} more files are replaced, too" if found[1:] else ""
        report.say(f"{path}: replaces {what}{more}")


def _describe(path: Path, document: Document) -> str:
    """What by netart stands at the path, and in what it differs; nothing where it is the same."""
    try:
        note = read_note(path)
    except NetartError:
        return ""
    if note.sha256 == document.sha256:
        return ""
    own = type(document).__name__.lower()
    kind = next((name for name in ("sheet", "timeline") if getattr(note, name) is not None), "shot")
    changes = _list_changes(document, note)
    some = ", ".join([*changes[:MAX_CHANGES], *(["…"] if changes[MAX_CHANGES:] else [])])
    what = f"{'another' if kind == own else 'a'} {NAMES[kind]}"
    return f"{what} ({some})" if some else what


def _list_changes(document: Document, note: Metadata) -> list[str]:
    """The fields of the note's shot that differ from the document's; none where it cannot be read
    without other files.
    """
    tables = {name: getattr(note, name) for name in TABLE_NAMES}
    try:
        other = from_tables(
            {name: table for name, table in tables.items() if table is not None}, _read_nothing
        )
    except NetartError:
        return []
    return list_changes(shot_of(document), shot_of(other))


def _read_nothing(*asked: Any) -> Any:
    raise NetartError("no other file is read")

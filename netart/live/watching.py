"""Watching the TOML file that was opened: what is saved in it comes on screen."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from netart.errors import NetartError
from netart.files.source import read_source
from netart.lens import unmeasured
from netart.live.exporter import Exporter
from netart.live.file_reader import FileReader
from netart.live.history import History
from netart.live.player import Player
from netart.live.settings import Settings
from netart.shot.document import shot_of
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


class Watching:
    """Takes what is saved in the file that was opened, where that is TOML.

    settings: say what was opened. wake: called by another thread when there is something to do.
    """

    def __init__(
        self,
        settings: Settings,
        history: History,
        exporter: Exporter,
        player: Player,
        wake: Callable[[], object],
    ) -> None:
        self._measures = settings.measures
        self._history, self._exporter, self._player = history, exporter, player
        self._wake = wake
        self._reader: FileReader[Shot | Timeline] | None = None
        self._last: Shot | Timeline = history.shot  # what stood in the file
        if settings.base:
            (source, *_), shot = settings.base
            film = settings.film
            self.open(source, replace(film, shot=shot) if film else shot)

    def open(self, source: str, document: Shot | Timeline) -> None:
        """Another source has been opened, which held this document."""
        self.close()
        path, self._last = Path(source), document
        if path.suffix.lower() == ".toml" and path.is_file():
            self._reader = FileReader(path, _read, self._wake)

    def take(self) -> Shot | None:
        """The shot to show now, where something has been saved: the chosen one with what has
        changed in the file. Steps to the start, commands and films are of the new file then.

        Raises NetartError where the file cannot be read.
        """
        found = self._reader.take() if self._reader else None
        before, self._last = self._last, found or self._last
        if found is None or found == before:
            return None
        shots = shot_of(before), shot_of(found)
        self._history.start = self._merge(self._history.start, *shots)
        if self._exporter.base:
            self._exporter.base = self._exporter.base[0], shots[1]
        if isinstance(found, Timeline):
            self._player.open(replace(found, shot=self._history.start), self._history.start)
        elif isinstance(before, Timeline):
            self._player.open(None, self._history.start)
        return self._merge(self._history.shot, *shots)

    def _merge(self, shot: Shot, before: Shot, after: Shot) -> Shot:
        """The shot with what differs after from before; all of what is after, where the shot cannot
        have that.
        """
        try:
            found: Shot = _merge(shot, before, after)
        except NetartError:
            return after
        if not self._measures or isinstance(after.look.contrast, tuple):
            return found
        found = unmeasured(found)
        return replace(found, look=replace(found.look, contrast=after.look.contrast))

    @property
    def name(self) -> str:
        """Of the file that is watched; empty where none is."""
        return self._reader.path.name if self._reader else ""

    def close(self) -> None:
        """Watches no longer; waits for the thread that reads."""
        if self._reader:
            self._reader.close()
        self._reader = None


def _read(path: Path, written_s: float) -> Shot | Timeline:
    document = read_source(path).document
    if isinstance(document, Sheet):
        raise NetartError(f"{path}: is a sheet: the window shows shots and films")
    return document


def _merge(own: Any, before: Any, after: Any) -> Any:
    """The value with what differs after from before, part by part where all three have the same
    parts. Raises NetartError.
    """
    if before == after:
        return own
    same = type(own) is type(before) is type(after)
    if same and isinstance(own, Struct):
        parts = {
            name: _merge(*(getattr(one, name) for one in (own, before, after)))
            for name in own.__struct_fields__
        }
        return replace(own, **parts)
    # Of a centre further inputs may have changed, while the user has gone elsewhere.
    is_centre = same and isinstance(own, tuple) and all(isinstance(x, Decimal) for x in own)
    if is_centre and len(own) == len(before) == len(after):
        return tuple(map(_merge, own, before, after))
    return after

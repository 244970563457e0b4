"""What an unfinished film keeps beside its output, so that it goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from netart.errors import MACHINE, NetartError
from netart.files.atomic import settle, told

KINDS = "frame", "segment", "still"
PIECE = re.compile(rf"({'|'.join(KINDS)})-(\d+)-([0-9a-f]{{64}})")
OURS = re.compile(rf"{PIECE.pattern}|state\.json|\d*\.tmp")
MAX_NAME = 240  # bytes, that leave room for our own
ROOM_BYTES = 1 << 30  # that raw frames leave free on the disk: the film needs it more


class Store:
    """A folder of pieces, each named by its kind, its position in the film, and its SHA-256.

    frame: the raw levels of a frame whose segment is not whole; segment: an encoded file; still:
    an empty mark of a numbered picture, which stands outside. What does not hash to its name, cut
    by a power failure, say, counts as not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pieces: dict[tuple[str, int], Path] = {}
        self._temporaries = 0
        for path in folder.iterdir():
            if found := PIECE.fullmatch(path.name):
                self._pieces[found[1], int(found[2])] = path

    def count(self, kind: str) -> int:
        """How many pieces are there, whole or not."""
        return sum(known == kind for known, _ in self._pieces)

    def temporary(self) -> Path:
        """A new name in the folder."""
        self._temporaries += 1
        return self.folder / f"{self._temporaries}.tmp"

    def find(self, kind: str, position: int, outside: Path | None = None) -> Path | None:
        """The piece, if it is whole. outside: where its content stands, if not in the folder."""
        path = self._pieces.get((kind, position))
        if not path:
            return None
        content = outside or path
        with told(self.folder):
            if content.is_file() and _sha256(content) == path.name.rpartition("-")[2]:
                return content
            del self._pieces[kind, position]
            path.unlink(missing_ok=True)
        return None

    def keep(self, kind: str, position: int, file: Path, outside: Path | None = None) -> Path:
        """Makes a whole temporary file a piece. Returns its path, or `outside` where it goes."""
        path = self.folder / f"{kind}-{position:06}-{_sha256(file)}"
        if kind != "frame":
            with file.open("r+b") as whole:
                os.fsync(whole.fileno())
        if outside:
            settle(file, outside)
            path.touch()
        else:
            os.replace(file, path)
        self._pieces[kind, position] = path
        return outside or path

    def keep_frame(self, position: int, levels: memoryview) -> None:
        """Keeps the levels of a frame, where the disk has plenty of room."""
        if shutil.disk_usage(self.folder).free < ROOM_BYTES + len(levels):
            return
        file = self.temporary()
        file.write_bytes(levels)
        self.keep("frame", position, file)

    def drop_frames(self, positions: Iterable[int]) -> None:
        """Forgets frames whose segment is whole."""
        for position in positions:
            if path := self._pieces.pop(("frame", position), None):
                path.unlink()


@contextmanager
def opened_store(
    target: Path, belongs: dict[str, Any], fresh: bool, say: Callable[[str], None]
) -> Iterator[Store]:
    """The store of the film that `target` will be, for this process alone; it goes when the block
    ends well, and when no piece is in it.

    belongs: all that decides the film's bytes. What another film has left is replaced, and so is
    all where `fresh`. Raises NetartError.
    """
    name = os.fsencode(target.name)
    short = target.name if len(name) < MAX_NAME else hashlib.sha256(name).hexdigest()
    folder = target.with_name(f".{short}.part")
    with told(folder):
        folder.mkdir(exist_ok=True)
    with _locked(folder):
        with told(folder):
            store = _prepared(folder, json.dumps(belongs, indent=1), fresh, say)
        done = False
        try:
            yield store
            done = True
        finally:
            if done or (not any(map(store.count, KINDS)) and folder.is_dir()):
                with told(folder):
                    _clear(folder)
                    folder.rmdir()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keeps other processes out of the folder; the lock goes with this one, however it ends."""
    if sys.platform == "win32":  # has no such locks
        yield
        return
    import fcntl

    with told(folder):
        lock = os.open(folder, os.O_RDONLY)
    try:
        with told(folder):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NetartError(f"{folder}: another process draws this film", MACHINE) from None
        yield
    finally:
        os.close(lock)


def _prepared(folder: Path, text: str, fresh: bool, say: Callable[[str], None]) -> Store:
    """The folder's store, with nothing of another film in it."""
    state = folder / "state.json"
    names = os.listdir(folder)
    for name in names:
        if not OURS.fullmatch(name):
            raise NetartError(f"{folder}: holds {name!r}, which is not netart's: move it away")
    same = state.is_file() and state.read_bytes() == text.encode()
    if fresh or not same:
        if any(map(PIECE.fullmatch, names)) and not fresh:
            say(f"{folder}: what is there belongs to another film: starting over")
        _clear(folder)
        state.write_text(text)
    for path in folder.glob("*.tmp"):
        path.unlink()
    return Store(folder)


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            path.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

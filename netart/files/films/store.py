"""The folder in which an unfinished film keeps its parts, so that it goes on where it stopped."""

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
from netart.files.atomic import move_into_place, report_os_errors

PIECE_KINDS = "frame", "segment", "still"
PIECE = re.compile(rf"({'|'.join(PIECE_KINDS)})-(\d+)-([0-9a-f]{{64}})")
OURS = re.compile(rf"{PIECE.pattern}|state\.json|\d*\.tmp")
MAX_NAME_BYTES = 240  # they leave room for what we add
MIN_FREE_BYTES = 1 << 30  # on the disk after a raw frame: the film needs them more


class Store:
    """A folder of pieces of a film, each named by its kind, its position, and its SHA-256.

    Kinds are `frame`, the raw levels of a frame whose segment is not complete, `segment`, an
    encoded file, and `still`, an empty mark of a numbered picture, which stands elsewhere. What
    does not hash to its name, cut by a power failure, say, counts as not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pieces: dict[tuple[str, int], Path] = {}
        self._temporaries = 0
        for path in folder.iterdir():
            if found := PIECE.fullmatch(path.name):
                self._pieces[found[1], int(found[2])] = path

    def count(self, kind: str) -> int:
        """How many pieces of a kind are there, complete or not."""
        return sum(known == kind for known, _ in self._pieces)

    def temporary(self) -> Path:
        """A new name in the folder."""
        self._temporaries += 1
        return self.folder / f"{self._temporaries}.tmp"

    def find(self, kind: str, position: int, outside: Path | None = None) -> Path | None:
        """The piece, if it is complete. outside: where its content stands, if not in the folder."""
        path = self._pieces.get((kind, position))
        if not path:
            return None
        content = outside or path
        with report_os_errors(self.folder):
            if content.is_file() and _sha256(content) == path.name.rpartition("-")[2]:
                return content
            del self._pieces[kind, position]
            path.unlink(missing_ok=True)
        return None

    def keep(self, kind: str, position: int, file: Path, outside: Path | None = None) -> Path:
        """Makes a complete temporary file a piece. Returns its path, or `outside` where it goes."""
        path = self.folder / f"{kind}-{position:06}-{_sha256(file)}"
        if kind != "frame":
            with file.open("r+b") as written:
                os.fsync(written.fileno())
        if outside:
            move_into_place(file, outside)
            path.touch()
        else:
            os.replace(file, path)
        self._pieces[kind, position] = path
        return outside or path

    def keep_frame(self, position: int, levels: memoryview) -> None:
        """Keeps the levels of a frame, where the disk has plenty of room."""
        if shutil.disk_usage(self.folder).free < MIN_FREE_BYTES + len(levels):
            return
        file = self.temporary()
        file.write_bytes(levels)
        self.keep("frame", position, file)

    def drop_frames(self, positions: Iterable[int]) -> None:
        """Removes frames whose segment is complete."""
        for position in positions:
            if path := self._pieces.pop(("frame", position), None):
                path.unlink()


@contextmanager
def open_store(
    target: Path, identity: dict[str, Any], fresh: bool, say: Callable[[str], None]
) -> Iterator[Store]:
    """The store of the film that `target` will be, for this process alone; it goes when the block
    ends well, and when no piece is in it.

    identity: all that decides the film's bytes. What a film of another identity has left is
    replaced, and so is all where `fresh`. say: called with what the user should know. Raises
    NetartError.
    """
    name = os.fsencode(target.name)
    short = target.name if len(name) < MAX_NAME_BYTES else hashlib.sha256(name).hexdigest()
    folder = target.with_name(f".{short}.part")
    with report_os_errors(folder):
        folder.mkdir(exist_ok=True)
    with _lock(folder):
        with report_os_errors(folder):
            store = _prepare(folder, json.dumps(identity, indent=1), fresh, say)
        done = False
        try:
            yield store
            done = True
        finally:
            if done or (not any(map(store.count, PIECE_KINDS)) and folder.is_dir()):
                with report_os_errors(folder):
                    _clear(folder)
                    folder.rmdir()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Keeps other processes out of the folder; the lock goes with this one, however it ends."""
    if sys.platform == "win32":  # has no such locks
        yield
        return
    import fcntl

    with report_os_errors(folder):
        lock = os.open(folder, os.O_RDONLY)
    try:
        with report_os_errors(folder):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NetartError(f"{folder}: another process draws this film", MACHINE) from None
        yield
    finally:
        os.close(lock)


def _prepare(folder: Path, text: str, fresh: bool, say: Callable[[str], None]) -> Store:
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

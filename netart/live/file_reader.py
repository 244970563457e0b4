"""Reading a file whenever it is written, by another process or an editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Generic, TypeVar

from netart.errors import NetartError

POLL_S = 0.1  # between two looks at the file

Stamp = tuple[int, int, int]  # of a file: when it was written, in nanoseconds, size and number
T = TypeVar("T")


class FileReader(Generic[T]):
    """Reads a file in a thread of its own, now and whenever it has been written.

    read: takes the path, and when the file was written, in seconds since 1970. wake: called by that
    thread when there is something to take.
    """

    def __init__(
        self, path: Path, read: Callable[[Path, float], T], wake: Callable[[], object]
    ) -> None:
        self.path, self._read, self._wake = path, read, wake
        self._found: T | Exception | None = None  # that has not been taken
        self._end = Event()
        self._thread = Thread(target=self._watch, name="netart-file-reader")
        self._thread.start()

    def take(self) -> T | None:
        """What stands in the file, once. Raises what reading raised, once: a NetartError until the
        file is written again, anything else for good.
        """
        found, self._found = self._found, None
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        """Waits for the thread."""
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        seen: Stamp | None = None
        while not self._end.is_set():
            try:
                stamp = stamp_of(self.path)
                if stamp and stamp != seen and self._try_to_read(stamp):
                    seen = stamp
                    self._wake()
            except Exception as error:  # raised by `take`, in the window's thread
                self._found = error
                self._wake()
                return
            self._end.wait(POLL_S)

    def _try_to_read(self, stamp: Stamp) -> bool:
        """Whether what the file holds is known now, be it that it cannot be read."""
        try:
            self._found = self._read(self.path, stamp[0] / 1e9)
        except NetartError as error:
            # It may be half written, or have gone while it was looked at.
            if self._end.wait(POLL_S) or stamp_of(self.path) != stamp:
                return False
            self._found = error
        return True


def stamp_of(path: Path) -> Stamp | None:
    """What tells the file from what was there before; None where there is none, for a moment, or
    the way to it is barred.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

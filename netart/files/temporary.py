"""Temporary files and folders of netart's, and those that killed processes have left.

Whoever writes one holds a lock on it, which ends with the process, however that ends: what another
process can lock, and what has not changed for a while, is nobody's any more.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

MAX_STEM_BYTES = 100  # of a target's name in that of its temporary file
# How long what is stale has not changed: machines that share a folder may not share locks. What
# older versions write is not locked.
STALE_S, UNLOCKED_STALE_S = 300.0, 86_400.0
FILE = r"\..*\.netart-(?:[0-9a-f]{12}\.part|name)"
UNLOCKED_FILE = r"\.%s\.\d+\.part"  # of one target
# Of an open: no link is followed, no pipe waited for.
UNFOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
FOLDER, UNLOCKED_FOLDER = r"netart-film-\w{8}", r"netart-\w{8}"


@contextmanager
def temporary_file(target: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new file beside `target`: its path, and it itself to write and to close. The block gives it
    another name: after an exception it is removed.

    Stale files that netart has left in the folder go, too. Raises OSError.
    """
    short = os.fsencode(target.name)[:MAX_STEM_BYTES]
    stem = short.decode(sys.getfilesystemencoding(), "ignore")
    unlocked = UNLOCKED_FILE % re.escape(target.name[:MAX_STEM_BYTES])
    _remove_stale(target.parent, {FILE: STALE_S, unlocked: UNLOCKED_STALE_S}, os.unlink)
    path = target.with_name(f".{stem}.netart-{os.urandom(6).hex()}.part")
    try:
        with _new(path) as file, _keep_locked(file.fileno()):
            yield path, file
    except BaseException:
        with suppress(OSError):  # the first exception says more
            path.unlink()
        raise


def _new(path: Path) -> IO[bytes]:
    """A new file that is open. Raises OSError."""
    with report_refusal(path):
        return path.open("xb")


@contextmanager
def report_refusal(path: Path) -> Iterator[None]:
    """Says what it means when a path cannot be made though its folder is there. Raises OSError."""
    try:
        yield
    except FileNotFoundError as error:
        if not path.parent.is_dir():
            raise
        # As in /proc, whose files the system makes.
        raise OSError(error.errno, "its folder takes no new files") from error


@contextmanager
def temporary_folder(contents: str) -> Iterator[Path]:
    """A new folder, where the system keeps such, that goes with the block.

    contents: how the files in it will be called, a regular expression. Stale folders of such files
    go, too. Raises OSError.
    """

    def remove(folder: Path) -> None:
        names = os.listdir(folder)
        if names and all(re.fullmatch(contents, name) for name in names):
            for name in names:
                os.unlink(folder / name)
            os.rmdir(folder)

    from tempfile import TemporaryDirectory, gettempdir

    stale_s = {FOLDER: STALE_S, UNLOCKED_FOLDER: UNLOCKED_STALE_S}
    _remove_stale(Path(gettempdir()), stale_s, remove)
    # What cannot be removed is stale then.
    own = TemporaryDirectory(prefix="netart-film-", ignore_cleanup_errors=True)
    with own as name, _keep_locked(name):
        yield Path(name)


@contextmanager
def reserve(path: Path) -> Iterator[bool]:
    """Keeps other processes of netart's from choosing this name during the block, by a hidden file.

    Yields whether the name is this process's: False where another one has it.
    """
    mark = path.with_name(f".{path.name}.netart-name")
    try:
        descriptor, created = _open_mark(mark)
    except OSError:  # it is another user's, or no file can be made here: writing will tell
        yield not os.path.lexists(mark)
        return
    ours = False
    try:
        locked = lock(descriptor)
        ours = created if locked is None else locked and _stands_at(mark, descriptor)
        yield ours
    finally:
        if ours:
            with suppress(OSError):
                mark.unlink()
        os.close(descriptor)


def _open_mark(path: Path) -> tuple[int, bool]:
    """The file's descriptor, and whether it is new. Raises OSError."""
    with suppress(FileExistsError):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    return os.open(path, os.O_RDWR | UNFOLLOWED), False


def _stands_at(path: Path, descriptor: int) -> bool:
    """Whether the open file still has this path."""
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(descriptor))
    except OSError:
        return False


def lock(descriptor: int) -> bool | None:
    """Locks an open file or folder until all its descriptors are closed, or their processes end.

    Returns whether it could: False where another has locked it, None where there are no locks.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # file systems differ in how they say that they have none
        return None
    return True


@contextmanager
def _keep_locked(place: str | int) -> Iterator[None]:
    """Locks a folder, or a file that is open, for the block, in which the file may be closed."""
    if sys.platform == "win32":  # has no such locks, and moves no file that is open
        yield
        return
    descriptor = os.open(place, os.O_RDONLY) if isinstance(place, str) else os.dup(place)
    try:
        lock(descriptor)
        yield
    finally:
        with suppress(OSError):  # it is closed all the same
            os.close(descriptor)


def _remove_stale(
    folder: Path, stale_s: Mapping[str, float], remove: Callable[[Path], object]
) -> None:
    """Removes what is ours in the folder, and has not changed for too long.

    stale_s: for how many seconds, by what names of files match. What cannot be looked at or removed
    stays: it is in nobody's way.
    """
    if sys.platform == "win32":
        return
    names: list[str] = []
    with suppress(OSError):
        names = os.listdir(folder)
    for name in names:
        limits_s = [limit for form, limit in stale_s.items() if re.fullmatch(form, name, re.DOTALL)]
        if limits_s:
            with suppress(OSError), _open_own(folder / name) as descriptor:
                unchanged_s = time.time() - os.fstat(descriptor).st_mtime
                if unchanged_s > limits_s[0] and lock(descriptor):
                    remove(folder / name)


@contextmanager
def _open_own(path: Path) -> Iterator[int]:
    """A file, or a folder of nobody else, that is open. Raises OSError where it is not this user's.

    What might not be ours is not opened: a device may do something then.
    """
    found = os.lstat(path)
    folder = stat.S_ISDIR(found.st_mode)
    private = stat.S_ISREG(found.st_mode) or (folder and not found.st_mode & 0o077)
    if not private or found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "is another's")
    descriptor = os.open(path, UNFOLLOWED | (os.O_RDONLY if folder else os.O_RDWR))
    try:
        if not _stands_at(path, descriptor):
            raise PermissionError(errno.EPERM, "is another one now")
        yield descriptor
    finally:
        os.close(descriptor)

"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from netart.errors import MACHINE, USAGE, NetartError


@contextmanager
def write_atomically(path: Path, new: bool = False) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of `path` when the block ends without an exception.

    new: nothing stands there, and what has appeared meanwhile is not replaced. Until the end the
    file has a temporary name in the same folder. Devices and pipes are written straight.
    Raises NetartError for what the disk refuses.
    """
    with report_os_errors(path):
        target = Path(os.path.realpath(path))  # fails in a folder that is no more
        if is_device(path):  # not its target: a pipe's has no name that could be opened
            with path.open("wb") as file:
                yield file
            return
        temporary = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
        try:
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            move_into_place(temporary, target, new)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()


def move_into_place(temporary: Path, target: Path, new: bool = False) -> None:
    """Gives a complete file its name: in place of what stands there, whose permissions it takes,
    or where `new`, only where nothing stands. Raises OSError.
    """
    if not new:
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
        return
    try:
        os.link(temporary, target)  # a rename would replace
    except PermissionError:  # file systems without links say so
        if target.exists():
            raise FileExistsError(errno.EEXIST, "has appeared meanwhile") from None
        os.replace(temporary, target)


@contextmanager
def report_os_errors(path: Path | str) -> Iterator[None]:
    """Turns an OSError (disk full, permission, …) into a NetartError that names the path."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else error.strerror or str(error)
        status = USAGE if error.errno == errno.ENAMETOOLONG else MACHINE
        raise NetartError(f"{path}: {why}", status) from error


def is_device(path: Path) -> bool:
    """Whether the path stands for a device or a pipe, which are written straight."""
    return path.exists() and not path.is_file()


@contextmanager
def spool(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """A temporary file that can seek, copied at the end into `file`, which cannot."""
    with ExitStack() as stack:
        with report_os_errors("temporary file"):
            temporary = stack.enter_context(TemporaryFile())
            yield temporary
        temporary.seek(0)
        shutil.copyfileobj(temporary, file)


def check_target(path: Path) -> None:
    """Refuses what can never become a file, before anything is drawn. Raises NetartError."""
    with report_os_errors(path):
        if path.is_dir():
            raise NetartError(f"{path}: is a folder")
        if not path.parent.is_dir():
            raise NetartError(f"{path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise NetartError(f"{path}: the folder cannot be written to", MACHINE)


def free_name(stem: str, suffix: str, taken: Collection[Path] = ()) -> Path:
    """`stem.suffix` in this folder, or the first of `stem-2.suffix`, … that is not taken: that
    does not exist, nor is among those that will.
    """
    path, number = Path(f"{stem}{suffix}"), 1
    while path.exists() or path in taken:
        number += 1
        path = Path(f"{stem}-{number}{suffix}")
    return path

"""Files that appear whole or not at all, and streams that take all of what is written."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from select import select
from typing import IO, TYPE_CHECKING

from netart.errors import MACHINE, USAGE, NetartError, unknown
from netart.files.temporary import reserve, temporary_file

# Paths that stand for descriptors.
NAMED_DESCRIPTORS = {"/dev/stdout": 1, "/dev/stderr": 2}
DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,9})", re.ASCII)

# Suffixes of what is written to be shown by other programs, and never read again: what they are of.
EXPORTED = {".html": "pages", ".glsl": "shaders", ".frag": "shaders"}

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@contextmanager
def write_atomically(path: Path, new: bool = False) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of `path` when the block ends without an exception.

    new: nothing stands there, and what has appeared meanwhile is not replaced. Until the end the
    file has a temporary name in the same folder. Devices and pipes are written straight.
    Raises NetartError for what the disk refuses.
    """
    if is_device(path):
        with Stream(path, str(path)) as stream:
            yield stream
        return
    with report_os_errors(path):
        target = Path(os.path.realpath(path))  # fails in a folder that is no more
        with temporary_file(target) as (temporary, file):
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            move_into_place(temporary, target, new)


def move_into_place(temporary: Path, target: Path, new: bool = False) -> None:
    """Gives a complete file its name: in place of what stands there, whose permissions it takes,
    or where `new`, only where nothing stands. Raises OSError.
    """
    if not new:
        with suppress(FileNotFoundError):
            # Not that it runs as its owner (setuid), which was said of another content.
            os.chmod(temporary, os.stat(target).st_mode & 0o777)
        os.replace(temporary, target)
        return
    try:
        os.link(temporary, target)  # a rename would replace
    except FileExistsError:
        raise
    except OSError:  # file systems without links differ in how they say so
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            os.replace(temporary, target)
        except BaseException:
            target.unlink()
            raise
    else:
        with suppress(OSError):  # the file is complete; this name of it is stale
            temporary.unlink()


@contextmanager
def report_os_errors(path: Path | str) -> Iterator[None]:
    """Turns an OSError (disk full, permission, …) into a NetartError that names the path.

    A reader of a pipe that went away stays a BrokenPipeError.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else error.strerror or str(error)
        status = USAGE if error.errno == errno.ENAMETOOLONG else MACHINE
        raise NetartError(f"{path}: {why}", status) from error


class Stream(io.FileIO):
    """Stdout, a device or a pipe, which takes all of what is written, or raises NetartError.

    Nothing waits in it to be written: after an error nothing is tried again.
    """

    def __init__(self, place: Path | int, label: str, closes: bool = True) -> None:
        """place: a path, which may stand for an open descriptor, or a descriptor. label: what
        messages call it.
        """
        own = None if isinstance(place, int) else descriptor_of(place)
        with report_os_errors(label):
            super().__init__(place if own is None else os.dup(own), "wb", closes)
        self.label = label

    def seekable(self) -> bool:
        """Never: what is written has gone."""
        return False

    def write(self, data: ReadableBuffer, /) -> int:
        """Returns the number of bytes: all of them, where a disk that fills takes some of them."""
        left = memoryview(data).cast("B")
        size = len(left)
        with report_os_errors(self.label):
            while left:
                taken = super().write(left)
                if taken is None:  # it is full, and does not wait by itself
                    select([], [self], [])
                else:
                    left = left[taken:]
        return size

    def close(self) -> None:
        with report_os_errors(self.label):
            super().close()


def is_device(path: Path) -> bool:
    """Whether the path stands for a device, a pipe or an open descriptor: written straight."""
    with report_os_errors(path):
        return descriptor_of(path) is not None or (path.exists() and not path.is_file())


def is_stdout(path: Path) -> bool:
    """Whether the path stands for this process's stdout, a pipe say, under another name."""
    descriptor = descriptor_of(path)
    if descriptor is not None:
        return descriptor == 1
    with report_os_errors(path):
        return is_device(path) and os.path.samestat(os.stat(path), os.fstat(1))


def descriptor_of(path: Path) -> int | None:
    """The open descriptor of this process that the path stands for, as /dev/fd/3 does.

    To open such a path would open its file anew: no socket can be, nor a file that has lost its
    name.
    """
    name = NAMED_DESCRIPTORS.get(str(path))
    found = DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else name


@contextmanager
def spool(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """A temporary file that can seek, copied at the end into `file`, which cannot."""
    from tempfile import TemporaryFile

    with report_os_errors("temporary file"), TemporaryFile() as temporary:
        yield temporary
        temporary.seek(0)
        shutil.copyfileobj(temporary, file)


def check_target(path: Path) -> None:
    """Refuses what can never become a file, before anything is drawn. Raises NetartError."""
    with report_os_errors(path):
        descriptor = descriptor_of(path)
        if path.is_dir():
            raise NetartError(f"{path}: is a folder")
        if descriptor is not None:
            os.fstat(descriptor)  # fails where it is not open
        if is_device(path):
            return
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            shown = folder if path.is_symlink() else path.parent
            raise NetartError(f"{path}: there is no folder {shown}")
        if not os.access(folder, os.W_OK):
            raise NetartError(f"{path}: the folder cannot be written to", MACHINE)


def unknown_suffix(path: Path, allowed: Iterable[str]) -> NetartError:
    """The error for a file that cannot be written, since its suffix is none of the allowed ones."""
    if os.path.isdir(path):
        return NetartError(f"{path}: is a folder")
    suffix = path.suffix.lower()
    if suffix in EXPORTED and not any(each.endswith(suffix) for each in allowed):
        return NetartError(
            f"{path}: {suffix} is of {EXPORTED[suffix]}, as netart export writes them"
        )
    return unknown("suffix", path.suffix or path.name, allowed).at(str(path))


def check_room(path: Path, size: float) -> None:
    """Refuses a file of more bytes than its disk has free, where it says. Raises NetartError."""
    if is_device(path):
        return
    try:
        disk = shutil.disk_usage(os.path.dirname(os.path.realpath(path)))
    except OSError:  # the file system may do without
        return
    if disk.total and size > disk.free:
        digits = 0 if disk.free >= 1e7 else 3
        needed, free = (f"{n / 1e6:,.{digits}f} MB" for n in (size, disk.free))
        told = f"needs at least {needed}, {free} are free"
        raise NetartError(f"{path}: {told if disk.free else 'the disk is full'}", MACHINE)


@contextmanager
def free_name(stem: str, suffix: str, beside: str = "") -> Iterator[Path]:
    """`stem.suffix` in this folder, or the first of `stem-2.suffix`, … that does not exist, neither
    does the same name with the suffix `beside`, and that no other process has chosen either, for
    the block.
    """
    for number in count(1):
        path = Path(f"{stem}-{number}{suffix}" if number > 1 else f"{stem}{suffix}")
        names = {path, path.with_suffix(beside or suffix)}
        if any(map(os.path.lexists, names)):
            continue
        with reserve(path) as ours:
            # Another may have had it, and made the file, just before.
            if ours and not any(map(os.path.lexists, names)):
                yield path
                return

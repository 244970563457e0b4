"""Zip archives from anybody: judged by their sizes before memory is taken."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from netart.errors import NetartError
from netart.files.limits import MAX_ZIP_DIRECTORY_BYTES

END = b"PK\x05\x06"  # of the directory: a record of END_BYTES, and a comment
END_BYTES, MAX_COMMENT = 22, 0xFFFF
END_64 = b"PK\x06\x07"  # stands LOCATOR_BYTES before it in archives of more members or bytes
LOCATOR_BYTES = 20


@contextmanager
def open_archive(file: IO[bytes], kind: str) -> Iterator[zipfile.ZipFile]:
    """The archive in an open file of this kind. Raises NetartError, also in the block, for what is
    wrong with it.
    """
    try:
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError,
    ) as error:  # fmt: skip
        raise NetartError(f"not a complete {kind} file: {error}") from None


def member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """What the archive says of a member. Raises NetartError where it has none, or packs it in an
    odd way.
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise NetartError(f"has no {name}") from None
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NetartError(f"{name}: packed in a way that is not read")
    return info


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """All of a member of at most `limit` bytes. Raises NetartError."""
    info = member(archive, name)
    if info.file_size > limit:
        raise NetartError(f"{name}: {info.file_size:,} bytes, at most {limit:,}")
    return archive.read(info)


def _check_directory(file: IO[bytes]) -> None:
    """Raises NetartError where the list of members takes more than MAX_ZIP_DIRECTORY_BYTES."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_BYTES - MAX_COMMENT - LOCATOR_BYTES))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_BYTES:
        raise zipfile.BadZipFile("it does not end as a zip archive does")
    (taken,) = struct.unpack_from("<I", tail, at + 12)
    is_large = tail[max(0, at - LOCATOR_BYTES) :].startswith(END_64)
    if is_large or taken > MAX_ZIP_DIRECTORY_BYTES:
        raise NetartError("holds more members than a file of weights has")
    file.seek(0)

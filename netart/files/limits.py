"""How much is read of files that anybody may have made: one budget for all readers.

No file works a reader longer than 2 s, or takes more than 300 MB of memory, before it is refused.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from netart.errors import NetartError
from netart.files.atomic import report_os_errors

MAX_METADATA_BYTES = 1 << 21  # JSON of this size takes 100 MB of memory at most
MAX_TOML_BYTES = 1 << 20
MAX_PIPED_BYTES = 1 << 28  # of a pipe, kept on the disk
MAX_KEY_PARTS = 32  # of a dotted key in TOML: they take the parser time by their square
MAX_NPZ_META_BYTES = 1 << 20
MAX_ZIP_DIRECTORY_BYTES = 1 << 20  # the names of 8,000 arrays take 500 KB
MAX_SAFETENSORS_HEADER_BYTES = 1 << 20
MAX_ONNX_BYTES = 1 << 26
MAX_ONNX_STRUCTURE_BYTES = 1 << 21  # of it beside weights: parsed they take 100 MB
MAX_ONNX_FIELDS = 1 << 16  # of it and its nodes and weights: some 30 a layer
MAX_HDF5_BYTES = 1 << 28
MAX_HDF5_WEIGHTS = 1 << 23  # of it: they go from process to process
MAX_HDF5_STEPS = 1 << 12  # from group to group of it
MAX_KERAS_CONFIG_BYTES = 1 << 21
MAX_KERAS_WEIGHTS_BYTES = 1 << 27
MAX_XMP_SEARCH_BYTES = 1 << 24  # at either end of a file, where an XMP packet is looked for
MAX_XMP_PACKETS = 1 << 8  # that are looked into
MAX_XML_MARKS = 1 << 18  # tags and attributes of XML before a note
MAX_PDF_PLACES = 1 << 10  # that are looked at, of subjects and of streams of objects
MAX_PDF_HEAD_BYTES = 200  # of a stream
MAX_PDF_STREAM_BYTES = 1 << 20  # of one that is unpacked
MAX_JPEG_SEGMENTS = 1 << 12  # before the pixels
MAX_PALETTE_BYTES = 1 << 16  # of a file of colours
MAX_POINTS_BYTES = 1 << 23  # of a file of points: 80 a row, of the most rows
MAX_PICTURE_BYTES = 1 << 26  # of a picture whose colours are taken
MAX_PICTURE_PIXELS = 12 << 20  # of it; twice as many of a JPEG, which is read smaller
MAX_PNG_CHUNKS = 200  # beside the pixels
MAX_EXR_ATTRIBUTES = 200
MAX_EXR_NAME_BYTES = 256  # of an attribute, and of its type
MAX_TIFF_ENTRIES = 1 << 12  # of the first directory
MAX_FILM_TEXT_BYTES = 1 << 23  # of comments and what leads to them
MAX_GIF_BLOCKS = 1 << 20  # of pictures, 255 bytes each
MAX_FILM_STEPS = 1 << 17  # from part to part of a film's file: a WebP has one a frame


@contextmanager
def open_regular(path: Path, follow: bool = True) -> Iterator[IO[bytes]]:
    """A regular file, open to read and closed at the end of the block: devices and pipes may have
    no end. What is open is looked at, not what stands there a moment later.

    follow: whether the path may be a link. It may where a user has typed it; a file that another
    file names must itself stand there. Raises NetartError that names the path; what the block
    raises is given the path's name, a NetartError as an OSError.
    """
    with report_os_errors(path), _open(path, follow) as file, name_errors(path):
        yield file


@contextmanager
def name_errors(path: Path) -> Iterator[None]:
    """Gives what the block raises the path's name, a NetartError as an OSError."""
    with report_os_errors(path):
        try:
            yield
        except NetartError as error:
            raise NetartError(f"{path}: {error}", error.status, hint=error.hint) from None


def _open(path: Path, follow: bool) -> IO[bytes]:
    # Windows has neither flag.
    extra = getattr(os, "O_NONBLOCK", 0) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    if not follow and os.path.islink(path):
        raise NetartError(f"{path}: is a link, which is not followed")
    try:
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | extra))  # noqa: SIM115
    except ValueError:  # NUL, or what file systems cannot spell
        raise NetartError(f"{str(path)!r}: is no name of a file") from None
    except FileNotFoundError:
        raise NetartError(f"{path}: no such file") from None
    except OSError as error:
        if error.errno in (errno.EISDIR, errno.ENXIO):
            raise NetartError(f"{path}: is not a regular file") from None
        raise
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NetartError(f"{path}: is not a regular file")
    return file


def check_file_size(file: IO[bytes], max_bytes: int) -> None:
    """Raises NetartError where an open file is larger."""
    if _size_of(file) > max_bytes:
        limit = f"{max_bytes >> 20} MiB" if max_bytes >> 20 else f"{max_bytes >> 10} KiB"
        raise NetartError(f"more than {limit}")


def read_within(file: IO[bytes], max_bytes: int) -> bytes:
    """All of an open file. Raises NetartError where it is larger."""
    check_file_size(file, max_bytes)
    # Python takes the memory for as much as it is asked for, before it reads.
    return file.read(min(_size_of(file), max_bytes))


def _size_of(file: IO[bytes]) -> int:
    """In bytes."""
    return os.fstat(file.fileno()).st_size


def read_text_within(file: IO[bytes], max_bytes: int, errors: str = "strict") -> str:
    """The text of an open file, in UTF-8 or UTF-16, with or without the mark of either, all ends of
    lines as \\n. errors: what becomes of what is not text, as in `bytes.decode`.

    Raises NetartError where the file is larger, UnicodeDecodeError.
    """
    data = read_within(file, max_bytes)
    text = data.decode(json.detect_encoding(data), errors)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_exactly(file: IO[bytes], count: int) -> bytes:
    """The next `count` bytes. Raises NetartError where the file ends before."""
    data = file.read(count)
    if len(data) < count:
        raise NetartError("is damaged: it ends too early")
    return data

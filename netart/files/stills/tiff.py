"""TIFF of 8 or 16 bits or 32-bit floats, deflated and written strip by strip."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import partial
from typing import IO

import numpy as np

from netart.errors import NetartError
from netart.evaluate.numbers import Samples
from netart.files.limits import (
    MAX_METADATA_BYTES,
    MAX_TIFF_ENTRIES,
    MAX_XMP_SEARCH_BYTES,
    read_exactly,
)
from netart.files.overlap import map_in_threads
from netart.files.stills.blocks import recut
from netart.files.stills.icc import srgb_profile
from netart.files.stills.spec import ImageSpec
from netart.files.xmp import OURS, find_in_packets

STRIP_BYTES = 1 << 18  # of samples
LEVEL = 4  # of zlib, as for PNG
CLASSIC_BYTES = (1 << 32) - (1 << 25)  # of samples; beyond, offsets take 64 bits

DESCRIPTION, XMP = 270, 700  # tags
BYTES = (1, 2, 7, 129)  # types: numbers, ASCII, anything, UTF-8
# The first bytes → byte order; where the first directory's offset stands; struct's letters for
# an offset and for the number of entries.
LAYOUTS = {
    b"II*\0": ("<", 4, "I", "H"),
    b"MM\0*": (">", 4, "I", "H"),
    b"II+\0": ("<", 8, "Q", "Q"),
    b"MM\0+": (">", 8, "Q", "Q"),
}


def write_tiff(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """Streams RGB of u1, u2 or f4; integers as differences to the pixel on the left. Strips are
    packed on all cores while the next are drawn.
    """
    from tifffile import FileHandle, TiffWriter

    width, height = spec.size
    dtype = np.dtype(spec.numbers.dtype).newbyteorder("<")
    rows = max(1, STRIP_BYTES // (3 * width * dtype.itemsize))
    large = 3 * width * height * dtype.itemsize > CLASSIC_BYTES
    named = FileHandle(file, name="picture")  # temporary files have no name of their own
    with (
        map_in_threads(partial(_compress, dtype), recut(strips, rows)) as packed,
        TiffWriter(named, bigtiff=large, byteorder="<") as writer,
    ):
        writer.write(
            packed,
            shape=(height, width, 3),
            dtype=dtype,
            photometric="rgb",
            rowsperstrip=rows,
            compression="adobe_deflate",
            predictor=2 if dtype.kind == "u" else None,
            iccprofile=srgb_profile(),
            description=spec.text or None,
            software=False,  # no name, no date, nothing of tifffile's own
            metadata=None,
            resolution=(spec.dpi, spec.dpi) if spec.dpi else None,
            resolutionunit="INCH" if spec.dpi else None,
        )


def _compress(dtype: np.dtype[np.generic], rows: Samples) -> bytes:
    """A strip of the file."""
    rows = rows.astype(dtype)
    if dtype.kind == "u":
        rows[:, 1:] -= rows[:, :-1]
    return zlib.compress(rows.data, LEVEL)


def find_tiff_text(file: IO[bytes]) -> str | None:
    """The metadata's text: the description of the first page, where netart wrote it, or the packet
    of XMP to which other programs move descriptions. Raises NetartError.
    """
    file.seek(0)
    order, start, offset, count = LAYOUTS[read_exactly(file, 4)]
    entry = struct.Struct(f"{order}HH{offset}{struct.calcsize(offset)}s")
    file.seek(start)
    _seek(file, order + offset, read_exactly(file, struct.calcsize(offset)))
    (entries,) = struct.unpack(order + count, read_exactly(file, struct.calcsize(count)))
    if entries > MAX_TIFF_ENTRIES:
        raise NetartError(f"is damaged: {entries:,} entries in its first directory")
    directory = list(entry.iter_unpack(read_exactly(file, entries * entry.size)))
    for wanted, limit, find in PLACES:
        for tag, kind, length, value in directory:
            # Ours is too long to stand in the directory itself.
            if tag != wanted or kind not in BYTES or length <= len(value):
                continue
            if length > limit:
                raise NetartError(f"is damaged: a text of {length:,} bytes")
            _seek(file, order + offset, value)
            if text := find(read_exactly(file, length)):
                return text
    return None


def _find_in_description(data: bytes) -> str | None:
    text = data.rstrip(b"\0")
    return text.decode() if text.startswith(OURS.encode()) else None


# Tags → how many bytes they may have, and what finds the text in them; in this order.
PLACES = (
    (DESCRIPTION, MAX_METADATA_BYTES, _find_in_description),
    (XMP, MAX_XMP_SEARCH_BYTES, find_in_packets),
)


def _seek(file: IO[bytes], letters: str, value: bytes) -> None:
    """Goes to the offset that the bytes are. Raises NetartError where the file ends before it."""
    (at,) = struct.unpack(letters, value)
    if at > file.seek(0, 2):
        raise NetartError("is damaged: it ends too early")
    file.seek(at)

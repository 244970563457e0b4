"""PNG of 8 or 16 bits, written strip by strip."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

import numpy as np

from netart.errors import NetartError
from netart.evaluate.numbers import Samples
from netart.files.limits import MAX_METADATA_BYTES, MAX_PNG_CHUNKS, read_exactly
from netart.files.overlap import map_in_threads
from netart.files.stills.blocks import recut
from netart.files.stills.spec import ImageSpec

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What an iTXt chunk of ours begins with: keyword, not packed, no language, no translated keyword.
LABEL = b"netart\0\0\0\0\0"
BLOCK_BYTES = 1 << 20  # of samples that are deflated together
LEVEL = 5  # of zlib: 6 takes twice the time for a twentieth less
ZLIB_HEADER = b"\x78\x5e"  # deflate with a window of 32 KiB, a low level
LAST_BLOCK = b"\3\0"  # of deflate, and empty
ADLER_BASE = 65_521


def write_png(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """Streams RGB of u1 or u2. Blocks of rows are packed on all cores while the next are drawn.

    Each block is deflated by itself and ends at a byte, so that they make up one stream (RFC 1950,
    1951), the same for any number of threads.
    """
    width, height = spec.size
    bits = 8 * np.dtype(spec.numbers.dtype).itemsize
    file.write(SIGNATURE)
    write_chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
    write_chunk(file, b"sRGB", b"\0")
    if spec.text:
        write_chunk(file, b"iTXt", LABEL + spec.text.encode())
    blocks = recut(strips, max(1, BLOCK_BYTES // (3 * width * bits // 8)))
    checksum = 1
    with map_in_threads(_pack, _with_row_above(blocks)) as packed:
        for k, block in enumerate(packed):
            write_chunk(file, b"IDAT", block.data if k else ZLIB_HEADER + block.data)
            checksum = _join_checksums(checksum, block.checksum, block.length)
    write_chunk(file, b"IDAT", LAST_BLOCK + struct.pack(">I", checksum))
    write_chunk(file, b"IEND", b"")


class Packed(NamedTuple):
    """A block of rows, deflated."""

    data: bytes
    checksum: int  # Adler-32 of what was deflated
    length: int  # in bytes, of what was deflated


def _with_row_above(blocks: Iterable[Samples]) -> Iterator[tuple[Samples, Samples | None]]:
    """Each block with the row above it."""
    above = None
    for block in blocks:
        yield block, above
        above = block[-1:]


def _pack(block: tuple[Samples, Samples | None]) -> Packed:
    rows = filter_rows(*block)
    packer = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
    data = packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)
    return Packed(data, zlib.adler32(rows), len(rows))


def _join_checksums(first: int, second: int, length: int) -> int:
    """The Adler-32 of two pieces of data together, from theirs; length: of the second, in bytes."""
    low, high = first & 0xFFFF, first >> 16
    high += (second >> 16) + length * (low - 1)
    low += (second & 0xFFFF) - 1
    return high % ADLER_BASE << 16 | low % ADLER_BASE


def filter_rows(rows: Samples, above: Samples | None = None) -> bytes:
    """Rows of RGB as differences to the pixel above: PNG's filter 2.

    above: the row above the first one, None for 0. Of the five filters, and of the usual choice row
    by row, it makes the smallest files of netart's pictures: 1.00, 1.03 and 0.93 times Pillow's
    (silk, ember, stained-glass at 1200²), in 0.4 of its time.
    """
    data = rows.astype(rows.dtype.newbyteorder(">"), copy=False).view(np.uint8)
    data = data.reshape(len(rows), -1)
    out = np.empty((len(rows), 1 + data.shape[1]), np.uint8)
    out[:, 0] = 2
    if above is None:
        out[0, 1:] = data[0]
    else:
        first = above.astype(rows.dtype.newbyteorder(">"), copy=False).view(np.uint8)
        np.subtract(data[0], first.reshape(-1), out=out[0, 1:])
    np.subtract(data[1:], data[:-1], out=out[1:, 1:])
    return out.tobytes()


def write_chunk(file: IO[bytes], kind: bytes, data: bytes | bytearray) -> None:
    """Writes a chunk of a PNG file: length, kind, data and checksum."""
    checksum = zlib.crc32(data, zlib.crc32(kind))
    for part in (struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)):
        file.write(part)


def find_png_text(file: IO[bytes]) -> str | None:
    """The metadata's text, under LABEL; it stands before the pixels, of which none is read."""
    file.seek(len(SIGNATURE))
    for _ in range(MAX_PNG_CHUNKS):
        length, kind = struct.unpack(">I4s", read_exactly(file, 8))
        if kind in (b"IDAT", b"IEND"):
            return None
        if kind != b"iTXt":
            file.seek(length + 4, 1)
            continue
        if length > MAX_METADATA_BYTES:
            raise NetartError(f"is damaged: a text of {length:,} bytes")
        data, checksum = read_exactly(file, length), read_exactly(file, 4)
        if struct.pack(">I", zlib.crc32(kind + data)) != checksum:
            raise NetartError("is damaged: a checksum is wrong")
        if data.startswith(LABEL):
            return data.removeprefix(LABEL).decode()
    raise NetartError(f"is damaged: more than {MAX_PNG_CHUNKS} chunks before the pixels")

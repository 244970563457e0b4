"""PNG of 8 or 16 bits, written strip by strip."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

import numpy as np

from netart.errors import NetartError
from netart.evaluate.numbers import Samples
from netart.files.limits import MAX_METADATA_BYTES, MAX_PNG_CHUNKS, read_exactly
from netart.files.stills.spec import ImageSpec

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What an iTXt chunk of ours begins with: keyword, not packed, no language, no translated keyword.
LABEL = b"netart\0\0\0\0\0"
CHUNK_BYTES = 1 << 16  # of packed pixels
LEVEL = 4  # of zlib: 6 takes twice the time for a tenth less


def write_png(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """Streams RGB of u1 or u2. One strip is packed while the next is drawn."""
    width, height = spec.size
    bits = 8 * np.dtype(spec.numbers.dtype).itemsize
    file.write(SIGNATURE)
    write_chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
    write_chunk(file, b"sRGB", b"\0")
    if spec.text:
        write_chunk(file, b"iTXt", LABEL + spec.text.encode())
    packer, packed = zlib.compressobj(LEVEL), bytearray()

    def compress(strip: Samples) -> None:
        packed.extend(packer.compress(filter_rows(strip)))
        while len(packed) >= CHUNK_BYTES:  # so that the bytes do not tell of the strips
            write_chunk(file, b"IDAT", packed[:CHUNK_BYTES])
            del packed[:CHUNK_BYTES]

    waiting: Future[None] | None = None
    with ThreadPoolExecutor(1, "netart-png") as pool:
        for strip in strips:
            if waiting:
                waiting.result()
            waiting = pool.submit(compress, strip)
        if waiting:
            waiting.result()
    write_chunk(file, b"IDAT", packed + packer.flush())
    write_chunk(file, b"IEND", b"")


def filter_rows(rows: Samples) -> bytes:
    """Rows of RGB as differences to the pixel on the left: PNG's filter 1, best on gradients."""
    height, pixel = len(rows), 3 * rows.itemsize
    data = rows.astype(rows.dtype.newbyteorder(">"), copy=False).view(np.uint8)
    data = data.reshape(height, -1)
    out = np.empty((height, 1 + data.shape[1]), np.uint8)
    out[:, 0] = 1
    out[:, 1 : 1 + pixel] = data[:, :pixel]
    np.subtract(data[:, pixel:], data[:, :-pixel], out=out[:, 1 + pixel :])
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

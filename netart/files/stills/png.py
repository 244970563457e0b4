"""PNG of 8 or 16 bits, written strip by strip."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

import numpy as np

from netart.errors import NetartError
from netart.files.metadata import MAX_TEXT, whole
from netart.files.stills.spec import Samples, Still

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What an iTXt chunk of ours begins with: keyword, not packed, no language, no translated keyword.
LABEL = b"netart\0\0\0\0\0"
CHUNK_BYTES = 1 << 16  # of packed pixels
LEVEL = 4  # of zlib: 6 takes twice the time for a tenth less
MOST_CHUNKS = 200  # before the pixels of a file that is read


def write_png(file: IO[bytes], still: Still, strips: Iterable[Samples]) -> None:
    """Streams RGB of u1 or u2. One strip is packed while the next is drawn."""
    width, height = still.size
    bits = 8 * np.dtype(still.dtype).itemsize
    file.write(SIGNATURE)
    chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
    chunk(file, b"sRGB", b"\0")
    if still.text:
        chunk(file, b"iTXt", LABEL + still.text.encode())
    packer, packed = zlib.compressobj(LEVEL), bytearray()

    def pack(strip: Samples) -> None:
        packed.extend(packer.compress(filtered(strip)))
        while len(packed) >= CHUNK_BYTES:  # so that the bytes do not tell of the strips
            chunk(file, b"IDAT", packed[:CHUNK_BYTES])
            del packed[:CHUNK_BYTES]

    waiting: Future[None] | None = None
    with ThreadPoolExecutor(1, "netart-png") as pool:
        for strip in strips:
            if waiting:
                waiting.result()
            waiting = pool.submit(pack, strip)
        if waiting:
            waiting.result()
    chunk(file, b"IDAT", packed + packer.flush())
    chunk(file, b"IEND", b"")


def filtered(rows: Samples) -> bytes:
    """Rows of RGB as differences to the pixel on the left: PNG's filter 1, best on gradients."""
    height, pixel = len(rows), 3 * rows.itemsize
    data = rows.astype(rows.dtype.newbyteorder(">"), copy=False).view(np.uint8)
    data = data.reshape(height, -1)
    out = np.empty((height, 1 + data.shape[1]), np.uint8)
    out[:, 0] = 1
    out[:, 1 : 1 + pixel] = data[:, :pixel]
    np.subtract(data[:, pixel:], data[:, :-pixel], out=out[:, 1 + pixel :])
    return out.tobytes()


def chunk(file: IO[bytes], kind: bytes, data: bytes | bytearray) -> None:
    """Writes a chunk."""
    checksum = zlib.crc32(data, zlib.crc32(kind))
    for part in (struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)):
        file.write(part)


def read_png(file: IO[bytes]) -> str | None:
    """The text under LABEL; it stands before the pixels, of which none is read."""
    file.seek(len(SIGNATURE))
    for _ in range(MOST_CHUNKS):
        length, kind = struct.unpack(">I4s", whole(file, 8))
        if kind in (b"IDAT", b"IEND"):
            return None
        if kind != b"iTXt":
            file.seek(length + 4, 1)
            continue
        if length > MAX_TEXT:
            raise NetartError(f"is damaged: a text of {length:,} bytes")
        data, checksum = whole(file, length), whole(file, 4)
        if struct.pack(">I", zlib.crc32(kind + data)) != checksum:
            raise NetartError("is damaged: a checksum is wrong")
        if data.startswith(LABEL):
            return data.removeprefix(LABEL).decode()
    raise NetartError(f"is damaged: more than {MOST_CHUNKS} chunks before the pixels")

"""Pictures as files: PNG of 8 bits and .npy, both written strip by strip."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError, unknown
from netart.evaluate.request import Pixels, Size
from netart.shot.shot import Shot
from netart.write.atomic import check_target, replacing
from netart.write.metadata import LABEL, SIGNATURE, note

MAX_PIXELS = 1 << 34
MAX_SIDE = 1 << 18  # of a picture: a strip of 64 rows takes 200 MB there
CHUNK_BYTES = 1 << 16  # of packed pixels
LEVEL = 4  # of zlib: 6 takes twice the time for a tenth less


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawn shot. pixels: (height, width, 3) float32 (the reference: float64), display sRGB."""

    shot: Shot
    pixels: Pixels

    @classmethod
    def of(cls, shot: Shot, strips: Iterable[Pixels]) -> Picture:
        """The picture that the strips make up."""
        return cls(shot, np.concatenate(list(strips)))

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        height, width, _ = self.pixels.shape
        return width, height


class Format(NamedTuple):
    """suffix; writer (file, size, strips, note); least bytes a pixel."""

    suffix: str
    write: Callable[[IO[bytes], Size, Iterable[Pixels], str], None]
    least_bytes: float


def write_picture(
    path: str | PathLike[str],
    shot: Shot,
    size: Size,
    strips: Iterable[Pixels],
    fresh: bool = False,
) -> None:
    """Writes the strips as the path's suffix says; a file that exists is replaced whole or not
    touched, and never where `fresh` says that there is none. Raises NetartError.
    """
    path = Path(path)
    check_size(size, path)
    with replacing(path, fresh) as file:
        format_of(path).write(file, size, strips, note(shot, size))


def format_of(path: Path) -> Format:
    """The format that the suffix names. Raises NetartError."""
    if path.suffix.lower() not in FORMATS:
        raise unknown("suffix", path.suffix or path.name, FORMATS).at(str(path))
    return FORMATS[path.suffix.lower()]


def check_size(size: Size, path: Path | None = None) -> None:
    """Refuses sizes that cannot be drawn, or not be stored at `path`. Raises NetartError."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise NetartError(f"size {width}x{height}: more than {MAX_PIXELS:,} pixels")
    if not 1 <= min(size) <= max(size) <= MAX_SIDE:
        raise NetartError(f"size {width}x{height}: sides go from 1 to {MAX_SIDE:,} pixels")
    if path:
        form = format_of(path)
        check_target(path)
        needed, free = form.least_bytes * width * height, shutil.disk_usage(path.parent).free
        if needed > free:
            raise NetartError(
                f"{path}: needs at least {needed / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free",
                MACHINE,
            )


def quantised(pixels: Pixels) -> NDArray[np.uint8]:
    """[0, 1] to 0 … 255, rounded."""
    return (pixels * 255 + 0.5).astype(np.uint8)


def write_png(file: IO[bytes], size: Size, strips: Iterable[Pixels], text: str) -> None:
    """Streams a PNG of 8-bit RGB. One strip is packed while the next is drawn."""
    width, height = size
    file.write(SIGNATURE)
    chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    chunk(file, b"sRGB", b"\0")
    chunk(file, b"iTXt", LABEL + text.encode())
    packer, packed = zlib.compressobj(LEVEL), bytearray()

    def pack(strip: Pixels) -> None:
        packed.extend(packer.compress(filtered(quantised(strip))))
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


def filtered(rows: NDArray[np.uint8]) -> bytes:
    """Rows of RGB as differences to the pixel on the left: PNG's filter 1, best on gradients."""
    height, width, _ = rows.shape
    out = np.empty((height, 1 + 3 * width), np.uint8)
    out[:, 0] = 1
    out[:, 1:4] = rows[:, 0]
    out[:, 4:] = (rows[:, 1:] - rows[:, :-1]).reshape(height, -1)
    return out.tobytes()


def chunk(file: IO[bytes], kind: bytes, data: bytes | bytearray) -> None:
    """Writes a chunk of a PNG."""
    checksum = zlib.crc32(data, zlib.crc32(kind))
    for part in (struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)):
        file.write(part)


def write_npy(file: IO[bytes], size: Size, strips: Iterable[Pixels], text: str) -> None:
    """Streams (height, width, 3) float32: display values in [0, 1], before any rounding."""
    width, height = size
    header = {"descr": "<f4", "fortran_order": False, "shape": (height, width, 3)}
    np.lib.format.write_array_header_1_0(file, header)
    for strip in strips:
        file.write(np.ascontiguousarray(strip, "<f4").tobytes())


FORMATS = {
    form.suffix: form
    for form in (
        # The smoothest pictures take a fiftieth of their raw size as PNG.
        Format(".png", write_png, 3 / 50),
        Format(".npy", write_npy, 12),
    )
}

"""Writes APNG and animated WebP, a frame at a time; the table of all that netart writes itself."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import IO

from netart.errors import NetartError
from netart.files.films.gif import write_gif
from netart.files.films.rendition import Rendition
from netart.files.films.video import Frame
from netart.files.overlap import map_in_threads
from netart.files.stills.png import LABEL, LEVEL, SIGNATURE, filter_rows, write_chunk
from netart.files.xmp import xmp_packet

MAX_TERM = 65_535  # of a frame's time in an APNG, a fraction of seconds
COARSE_TICKS = 600  # a second, where a rate has larger terms
EFFORT = 4  # of libwebp, from 0 to 6
REPLACE = b"\2"  # of a WebP: a frame replaces the one before
MAX_RIFF_BYTES = (1 << 32) - 10


def write_apng(
    out: IO[bytes], rendition: Rendition, frames: Iterable[Frame], metadata: str
) -> None:
    """Streams an APNG of 8-bit RGB, its metadata before the pixels."""
    width, height = rendition.size
    out.write(SIGNATURE)
    write_chunk(out, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    write_chunk(out, b"sRGB", b"\0")
    write_chunk(out, b"acTL", struct.pack(">II", rendition.count, rendition.plays))
    if metadata:
        write_chunk(out, b"iTXt", LABEL + metadata.encode())
    exact = max(rendition.rate.numerator, rendition.rate.denominator) <= MAX_TERM
    ticks = rendition.rate.numerator if exact else COARSE_TICKS
    number = 0  # of the chunks fcTL and fdAT
    with map_in_threads(_deflate, frames) as deflated:
        for delay, packed in zip(rendition.delays(ticks), deflated, strict=True):
            place = struct.pack(">IIIII", number, width, height, 0, 0)
            write_chunk(out, b"fcTL", place + struct.pack(">HHBB", delay, ticks, 0, 0))
            number += 1
            if number == 1:
                write_chunk(out, b"IDAT", packed)
            else:
                write_chunk(out, b"fdAT", struct.pack(">I", number) + packed)
                number += 1
    write_chunk(out, b"IEND", b"")


def _deflate(frame: Frame) -> bytes:
    return zlib.compress(filter_rows(frame), LEVEL)


def write_webp(
    out: IO[bytes], rendition: Rendition, frames: Iterable[Frame], metadata: str
) -> None:
    """Writes a WebP, its metadata as XMP; `out` must seek."""
    width, height = rendition.size
    sides = _uint24(width - 1) + _uint24(height - 1)
    area = _uint24(0) + _uint24(0) + sides  # of a frame
    animated, described = 2, 4 if metadata else 0
    out.write(b"RIFF\0\0\0\0WEBP")
    _write_riff(out, b"VP8X", struct.pack("<I", animated | described) + sides)
    _write_riff(out, b"ANIM", bytes(4) + struct.pack("<H", rendition.plays))
    with map_in_threads(partial(_encode_webp, rendition.quality), frames) as encoded:
        for delay, picture in zip(rendition.delays(1000), encoded, strict=True):
            _write_riff(out, b"ANMF", area + _uint24(delay) + REPLACE + picture)
    if metadata:
        _write_riff(out, b"XMP ", xmp_packet(metadata))
    size = out.tell() - 8
    if size > MAX_RIFF_BYTES:
        raise NetartError(
            f"a WebP holds up to {MAX_RIFF_BYTES / 1e9:.1f} GB, this film is {size:,} bytes"
        )
    out.seek(4)
    out.write(struct.pack("<I", size))


def _encode_webp(quality: int | None, frame: Frame) -> bytes:
    """The chunk of a WebP that holds the frame. quality: None for a lossless one."""
    from PIL import Image

    file = io.BytesIO()
    kind = {"lossless": True} if quality is None else {"quality": quality}
    Image.fromarray(frame).save(file, "WEBP", method=EFFORT, **kind)
    return file.getvalue()[12:]  # after the file's own header


def _write_riff(out: IO[bytes], kind: bytes, data: bytes) -> None:
    """Writes a chunk of a RIFF file."""
    out.write(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2))


def _uint24(number: int) -> bytes:
    """A number as three bytes."""
    return struct.pack("<I", number)[:3]


# Writes a rendition, of these frames, with this metadata, empty for none.
Writer = Callable[[IO[bytes], Rendition, Iterable[Frame], str], None]
ANIMATIONS: dict[str, Writer] = {"gif": write_gif, "apng": write_apng, "webp": write_webp}

"""Animated pictures out of lossless segments: APNG and WebP, a frame at a time."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.files.films.gif import write_gif
from netart.files.films.overlap import mapped
from netart.files.films.video import Film, decoded
from netart.files.stills.png import LABEL, LEVEL, SIGNATURE, chunk, filtered
from netart.files.xmp import packet

Frame = NDArray[np.uint8]  # (height, width, 3)

MAX_TERM = 65_535  # of a frame's time in an APNG, a fraction of seconds
COARSE = 600  # ticks of a second where a rate has larger terms
EFFORT = 4  # of libwebp, from 0 to 6
WHOLE = b"\2"  # of a WebP: a frame replaces the one before
MAX_RIFF = (1 << 32) - 10  # bytes


def write_apng(out: IO[bytes], film: Film, segments: Iterable[Path], note: str) -> None:
    """Streams an APNG of 8-bit RGB that plays for ever, its note before the pixels."""
    width, height = film.size
    out.write(SIGNATURE)
    chunk(out, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    chunk(out, b"sRGB", b"\0")
    chunk(out, b"acTL", struct.pack(">II", film.count, 0))
    if note:
        chunk(out, b"iTXt", LABEL + note.encode())
    exact = max(film.rate.numerator, film.rate.denominator) <= MAX_TERM
    ticks = film.rate.numerator if exact else COARSE
    number = 0  # of the chunks that tell of frames
    frames = mapped(_deflated, decoded(film, segments))
    for delay, packed in zip(film.delays(ticks), frames, strict=True):
        place = struct.pack(">IIIII", number, width, height, 0, 0)
        chunk(out, b"fcTL", place + struct.pack(">HHBB", delay, ticks, 0, 0))
        number += 1
        if number == 1:
            chunk(out, b"IDAT", packed)
        else:
            chunk(out, b"fdAT", struct.pack(">I", number) + packed)
            number += 1
    chunk(out, b"IEND", b"")


def _deflated(frame: Frame) -> bytes:
    return zlib.compress(filtered(frame), LEVEL)


def write_webp(out: IO[bytes], film: Film, segments: Iterable[Path], note: str) -> None:
    """Writes a WebP that plays for ever, its note as XMP; `out` must seek."""
    width, height = film.size
    sides = _three(width - 1) + _three(height - 1)
    animated, described = 2, 4 if note else 0
    out.write(b"RIFF\0\0\0\0WEBP")
    _riff(out, b"VP8X", struct.pack("<I", animated | described) + sides)
    _riff(out, b"ANIM", bytes(6))
    frames = mapped(partial(_webp, film.encoding.quality), decoded(film, segments))
    for delay, picture in zip(film.delays(1000), frames, strict=True):
        _riff(out, b"ANMF", _three(0) + _three(0) + sides + _three(delay) + WHOLE + picture)
    if note:
        _riff(out, b"XMP ", packet(note))
    size = out.tell() - 8
    if size > MAX_RIFF:
        raise NetartError(
            f"a WebP holds up to {MAX_RIFF / 1e9:.1f} GB, this film is {size:,} bytes"
        )
    out.seek(4)
    out.write(struct.pack("<I", size))


def _webp(quality: int | None, frame: Frame) -> bytes:
    """The chunk that a frame is in a WebP. quality: None for a lossless one."""
    from PIL import Image

    file = io.BytesIO()
    kind = {"lossless": True} if quality is None else {"quality": quality}
    Image.fromarray(frame).save(file, "WEBP", method=EFFORT, **kind)
    return file.getvalue()[12:]  # behind the file's own header


def _riff(out: IO[bytes], kind: bytes, data: bytes) -> None:
    """Writes a chunk of a RIFF file."""
    out.write(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2))


def _three(number: int) -> bytes:
    """A number as three bytes."""
    return struct.pack("<I", number)[:3]


Writer = Callable[[IO[bytes], Film, Iterable[Path], str], None]
ANIMATIONS: dict[str, Writer] = {"gif": write_gif, "apng": write_apng, "webp": write_webp}

"""Pictures as files: what each format holds, and the one way into all of them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from netart.errors import MACHINE, NetartError, unknown
from netart.files.atomic import check_target, is_device, replacing, spooled
from netart.files.metadata import MAX_TEXT, Note, note, note_in
from netart.files.stills.exr import read_exr, write_exr
from netart.files.stills.npy import write_npy
from netart.files.stills.photo import write_avif, write_jpeg, write_webp
from netart.files.stills.png import read_png, write_png
from netart.files.stills.spec import Quality, Samples, Still, stored
from netart.files.stills.tiff import read_tiff, write_tiff
from netart.files.xmp import HEAD, TAIL, read_packet
from netart.pixels import Pixels, Size
from netart.shot.document import Document, shot_of
from netart.shot.shot import Shot

MAX_PIXELS = 1 << 34
MAX_SIDE = 1 << 18  # of a picture: a strip of 64 rows takes 200 MB there


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
    """name; suffixes; signature: how its files begin, a regular expression; writer (file, still,
    strips of samples); reader of the note's text, None where it holds none; samples: bits a
    channel → numpy's dtype, the default first; least: bytes on disk for a byte of samples.

    most_side in pixels; most_text: bytes of a note; quality: the default, None where it takes
    none; lossless: whether quality may say so; linear: samples are linear light; held: bytes of
    memory for a byte of samples, 0 where strips go to the file one by one; seeks: whether the
    writer goes back in the file.
    """

    name: str
    suffixes: tuple[str, ...]
    signature: bytes
    write: Callable[[IO[bytes], Still, Iterable[Samples]], None]
    read: Callable[[IO[bytes]], str | None] | None
    samples: dict[int, str]
    least: float
    most_side: int = MAX_SIDE
    most_text: int = MAX_TEXT
    quality: int | None = None
    lossless: bool = False
    linear: bool = False
    held: float = 0
    seeks: bool = False

    def takes(self, quality: Quality | None) -> bool:
        """Whether it can be asked for such a quality; None asks for none."""
        return quality is None or (self.lossless if quality == "lossless" else bool(self.quality))


FORMATS = {
    form.name: form
    for form in (
        Format(
            "png", (".png",), rb"\x89PNG\r\n\x1a\n", write_png, read_png,
            {8: "u1", 16: "u2"}, least=1 / 50,
        ),
        Format(
            "jpeg", (".jpg", ".jpeg"), rb"\xff\xd8\xff", write_jpeg, read_packet,
            {8: "u1"}, least=1 / 200, most_side=65_500, quality=95, held=1.6,
            # A segment holds 65,533 bytes, of which 29 are XMP's name.
            most_text=65_504 - len(HEAD) - len(TAIL),
        ),
        Format(
            "webp", (".webp",), b"RIFF....WEBP", write_webp, read_packet,
            {8: "u1"}, least=1 / 1000, most_side=16_383, quality=95, lossless=True, held=9,
        ),
        Format(
            "avif", (".avif",), b"....ftypavif", write_avif, read_packet,
            # Encoders take 65,536, but decoders refuse more than 2²⁸ pixels.
            {8: "u1"}, least=1 / 1000, most_side=16_384, quality=90, held=14,
        ),
        Format(
            "tiff", (".tif", ".tiff"), rb"II[*+]\0|MM\0[*+]", write_tiff, read_tiff,
            {8: "u1", 16: "u2", 32: "f4"}, least=1 / 50, seeks=True,
        ),
        Format(
            "exr", (".exr",), rb"v/1\x01", write_exr, read_exr,
            {16: "f2", 32: "f4"}, least=1 / 50, linear=True, held=1.1, seeks=True,
        ),
        Format("npy", (".npy",), rb"\x93NUMPY", write_npy, None, {32: "f4"}, least=1),
    )
}  # fmt: skip

SUFFIXES = {suffix: form for form in FORMATS.values() for suffix in form.suffixes}


@dataclass(frozen=True)
class Encoding:
    """How a picture becomes a file; what is unset is the format's own choice.

    format: a name of FORMATS or a suffix, where the path's says nothing; bits a channel; quality:
    1 to 100, or `lossless`; metadata: whether the file carries the shot. Raises NetartError.
    """

    format: str | None = None
    bits: int | None = None
    quality: Quality | None = None
    metadata: bool = True

    def __post_init__(self) -> None:
        spelled = SUFFIXES.get(f".{self.format}")
        if spelled:  # jpg is jpeg, tif is tiff
            object.__setattr__(self, "format", spelled.name)
        if self.format is not None and self.format not in FORMATS:
            raise unknown("format", self.format, FORMATS)
        if self.quality not in (None, "lossless", *range(1, 101)):
            raise NetartError(
                f"quality {self.quality}: must be from 1 to 100, or lossless", field="quality"
            )

    @property
    def suffix(self) -> str:
        """Of a file that is given no name."""
        return FORMATS[self.format or "png"].suffixes[0]


DEFAULT = Encoding()


def format_of(path: Path | None, encoding: Encoding) -> Format:
    """The format that the path's suffix says, or without one the encoding. Raises NetartError.

    path: None for stdout, which gets PNG unless told.
    """
    if path is None:
        return FORMATS[encoding.format or "png"]
    suffix = path.suffix.lower()
    if encoding.format and not suffix:
        return FORMATS[encoding.format]
    if not suffix:
        raise NetartError(f"{path}: has no suffix: add one, or give format", hint="format")
    if suffix not in SUFFIXES:
        raise unknown("suffix", suffix, SUFFIXES).at(str(path))
    form = SUFFIXES[suffix]
    if encoding.format not in (None, form.name):
        asked = f"format {encoding.format}"
        raise NetartError(f"{path}: the suffix says {form.name}, {asked}", hint=asked)
    return form


def settled(path: Path | None, document: Document, size: Size, encoding: Encoding) -> Still:
    """All about the file but its pixels, before any is drawn. path: None for stdout.

    Raises NetartError for what the format cannot hold, and for what disk or memory cannot.
    """
    check_size(size)
    form, place = format_of(path, encoding), str(path or "stdout")
    width, height = size
    bits = next(iter(form.samples)) if encoding.bits is None else encoding.bits
    quality = form.quality if encoding.quality is None else encoding.quality

    def check(fits: Callable[[Format], bool], what: str, hint: str = "") -> None:
        if not fits(form):
            others = ", ".join(other.name for other in FORMATS.values() if fits(other))
            raise NetartError(
                f"{place}: {form.name} cannot {what}: {others or 'no format'} can{hint}"
            )

    check(lambda form: bits in form.samples, f"hold {bits} bits a channel")
    check(lambda form: form.takes(quality), f"take quality {quality}")
    check(lambda form: max(size) <= form.most_side, f"be {width}x{height}")
    carried = note(document, size, form.most_text) if encoding.metadata and form.read else None
    if carried:
        taken = len(carried.text)
        check(
            lambda form: taken <= form.most_text and form.read is not None,
            f"carry a shot of {taken:,} bytes",
            " (or leave out the metadata)",
        )
    _check_room(place, form, width * height * 3 * bits / 8, path)
    dither = shot_of(document).look.dither and bits == 8
    return Still(size, form.samples[bits], form.linear, dither, quality, carried)


def _check_room(place: str, form: Format, raw: float, path: Path | None) -> None:
    """Refuses more than memory or disk holds. raw: bytes of samples. Raises NetartError."""
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if form.held * raw > memory:
            others = ", ".join(other.name for other in FORMATS.values() if not other.held)
            raise NetartError(
                f"{place}: {form.name} takes {form.held * raw / 1e6:,.0f} MB of memory, "
                f"{memory / 1e6:,.0f} MB are there: {others} take little",
                MACHINE,
            )
    if path:
        check_target(path)
        needed, free = form.least * raw, shutil.disk_usage(path.parent).free
        if needed > free:
            raise NetartError(
                f"{place}: needs at least {needed / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free",
                MACHINE,
            )


def check_size(size: Size) -> None:
    """Refuses sizes that cannot be drawn. Raises NetartError."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise NetartError(f"size {width}x{height}: more than {MAX_PIXELS:,} pixels")
    if not 1 <= min(size) <= max(size) <= MAX_SIDE:
        raise NetartError(f"size {width}x{height}: sides go from 1 to {MAX_SIDE:,} pixels")


def write_picture(
    path: str | PathLike[str],
    document: Document,
    size: Size,
    strips: Iterable[Pixels],
    encoding: Encoding = DEFAULT,
    fresh: bool = False,
) -> None:
    """Writes the strips as path and encoding say; a file that exists is replaced whole or not
    touched, and never where `fresh` says that there is none. Raises NetartError.
    """
    path = Path(path)
    form, still = format_of(path, encoding), settled(path, document, size, encoding)
    with replacing(path, fresh) as file:
        write_still(file, form, still, strips, back=not is_device(path))


def stream_picture(
    file: IO[bytes], document: Document, size: Size, strips: Iterable[Pixels], encoding: Encoding
) -> None:
    """Writes the strips to a file that only takes what comes, such as stdout."""
    still = settled(None, document, size, encoding)
    write_still(file, format_of(None, encoding), still, strips, back=False)


def write_still(
    file: IO[bytes], form: Format, still: Still, strips: Iterable[Pixels], back: bool
) -> None:
    """Writes the strips of what is `settled`. back: whether one can go back in the file."""
    if form.seeks and not back:
        with spooled(file) as whole:
            form.write(whole, still, stored(still, strips))
    else:
        form.write(file, still, stored(still, strips))


def read_note(path: Path) -> Note:
    """The note in the picture. Raises NetartError where there is none, or not a whole one."""
    return note_in(path, partial(_text, SUFFIXES[path.suffix.lower()]))


def _text(form: Format, file: IO[bytes]) -> str | None:
    if not re.match(form.signature, file.read(16), re.DOTALL):
        raise NetartError(f"is no {form.name} picture")
    return form.read(file) if form.read else None

"""How a film is asked to become a file, what is refused, and the names of numbered stills."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from netart.errors import NetartError, unknown
from netart.files.atomic import unknown_suffix
from netart.files.byte_counts import check_byte_count
from netart.files.films.codecs import (
    CODECS,
    FILM_FORMATS,
    FILM_SUFFIXES,
    FITTING,
    LOSSLESS,
    MIN_RATE,
    PIXEL_FORMATS,
    Codec,
    FilmFormat,
)
from netart.files.stills.formats import IMAGE_SUFFIXES
from netart.files.stills.spec import Quality
from netart.pixels import Size

MAX_TERM = 1_000_000  # of a rate's numerator and denominator
MAX_DIGITS = 200  # of a number in a name: file systems have no longer ones
NUMBER = re.compile(r"#+|%0?(\d*)d")  # in the name of numbered frames
FOREVER: Literal["forever"] = "forever"
MAX_REPEAT = 65_535  # of an animation
Repeat = int | Literal["forever"]  # how often an animation plays


@dataclass(frozen=True)
class FilmEncoding:
    """How a film is stored. Raises NetartError where its parts do not fit each other."""

    format: str  # a name in FILM_FORMATS
    codec: str  # a name in CODECS
    # 1 to 100, higher is better, or of numbered stills `lossless`; None: the codec's default.
    quality: Quality | None = None
    pixel_format: str | None = None  # in PIXEL_FORMATS; None: the first that size and bits allow
    bits: int | None = None  # a channel; None: those of the pixel format
    # In place of quality the codec's own number: of h264, h265, av1 and vp9, where lower is better.
    crf: int | None = None
    colors: int | None = None  # the same of a GIF: how many a frame has, or the film
    repeat: Repeat | None = None  # how often an animation plays; None: for ever
    # Of the file. Colours or quality, then the size of frames, then their number go down to fit.
    max_bytes: int | None = None

    def __post_init__(self) -> None:
        for kind, name, table in (
            ("format", self.format, list(FILM_FORMATS)),
            ("codec", self.codec, list(CODECS)),
        ):
            if name not in table:
                raise unknown(kind, name, table)
        codec, codecs = CODECS[self.codec], FILM_FORMATS[self.format].codecs
        if self.codec not in codecs:
            raise NetartError(
                f"codec {self.codec}: {self.format} takes {', '.join(codecs)}", field="codec"
            )
        if self.pixel_format not in (None, *codec.pixel_formats):
            choices = ", ".join(codec.pixel_formats)
            message = f"pixels {self.pixel_format}: {self.codec} takes {choices}"
            raise NetartError(message, field="pixels")
        names = [self.pixel_format] if self.pixel_format else codec.pixel_formats
        depths = sorted({PIXEL_FORMATS[name].bits for name in names})
        if self.bits not in (None, *depths):
            choices = " or ".join(map(str, depths))
            raise NetartError(
                f"{self.bits} bits: {self.pixel_format or self.codec} takes {choices}"
            )
        self._check_quality(codec)
        if self.repeat is not None:
            self._check_repeat()
        if self.max_bytes is not None:
            check_byte_count(self.max_bytes)
            if self.codec not in FITTING:
                raise NetartError(
                    f"max_bytes {self.max_bytes}: gif and webp are made to fit, {self.codec} is "
                    "not",
                    field="max_bytes",
                )

    def _check_quality(self, codec: Codec) -> None:
        """Raises NetartError for a quality, or a number of the codec's own, that is not of it."""
        quality = self.quality
        if quality not in (None, "lossless", *range(1, 101)):
            raise NetartError(
                f"quality {quality}: must be from 1 to 100, or lossless", field="quality"
            )
        if quality is not None and not codec.quality:
            message = f"quality {quality}: {codec.name} has none to choose"
            raise NetartError(message, field="quality")
        exact = [row.name for row in FILM_FORMATS.values() if {*row.codecs} & {*LOSSLESS}]
        if quality == "lossless" and codec.name != "stills":
            raise NetartError(
                f"quality lossless: {codec.name} is not: {', '.join(exact)} are", field="quality"
            )
        for name in ("crf", "colors"):
            number, scale = getattr(self, name), codec.scale
            if number is None:
                continue
            if not scale or scale.name != name:
                raise NetartError(f"{name} {number}: {codec.name} has no such number", field=name)
            if not scale.least <= number <= scale.most:
                raise NetartError(
                    f"{name} {number}: {codec.name} takes {scale.least} to {scale.most}, "
                    f"{scale.best} is best",
                    field=name,
                )
            if quality is not None:
                raise NetartError(
                    f"{name} {number}: says the same as quality: give one of them", field=name
                )

    def _check_repeat(self) -> None:
        """Raises NetartError where there is no such number of times, or the format has no place."""
        animated = [row.name for row in FILM_FORMATS.values() if row.repeats]
        if self.format not in animated:
            raise NetartError(
                f"repeat {self.repeat}: players decide how often {self.format} plays: of "
                f"{', '.join(animated)} the file does",
                field="repeat",
            )
        if self.repeat != FOREVER and not (
            isinstance(self.repeat, int) and 1 <= self.repeat <= MAX_REPEAT
        ):
            raise NetartError(
                f"repeat {self.repeat}: must be {FOREVER}, or from 1 to {MAX_REPEAT:,}",
                field="repeat",
            )

    def for_size(self, size: Size) -> FilmEncoding:
        """The same with nothing unset, holding the size exactly. Raises NetartError where it
        cannot.
        """
        width, height = size
        codec = CODECS[self.codec]
        least, most = codec.sides
        if not least <= min(size) <= max(size) <= most:
            raise NetartError(
                f"size {width}x{height}: sides of {self.codec} go from {least} to {most:,} pixels"
            )
        fit = codec.choices(self.bits, even=not (width % 2 or height % 2))
        if self.pixel_format not in (None, *fit):
            raise NetartError(
                f"size {width}x{height}: {self.pixel_format} of {self.codec} needs even sides; odd "
                f"ones are kept by {' and '.join(fit)}, and by .webm, .mov and .mkv"
            )
        chosen = self.pixel_format or fit[0]
        quality = codec.quality if self.quality is None else self.quality
        own: dict[str, Any] = {}
        if codec.scale:
            given = getattr(self, codec.scale.name)
            assert isinstance(quality, int)
            own = {codec.scale.name: codec.scale.at(quality) if given is None else given}
            quality = None
        if FILM_FORMATS[self.format].repeats:
            own["repeat"] = self.repeat or FOREVER
        bits = PIXEL_FORMATS[chosen].bits
        return replace(self, quality=quality, pixel_format=chosen, bits=bits, **own)


def film_encoding(
    path: str,
    format: str | None = None,
    codec: str | None = None,
    quality: Quality | None = None,
    **others: Any,
) -> FilmEncoding:
    """The encoding of a film at this path: the suffix says the format, unless it is given.

    path: `-` is stdout, which needs a format. quality: `lossless` chooses the format's codec that
    is. others: further fields of the encoding. Raises NetartError.
    """
    row = _format(path, format)
    exact = [name for name in row.codecs if name in LOSSLESS]
    if quality == "lossless" and exact and codec in (None, *exact):
        return FilmEncoding(row.name, exact[0], **others)
    return FilmEncoding(row.name, codec or row.codecs[0], quality, **others)


def _format(path: str, name: str | None) -> FilmFormat:
    """The format of that name, or of the path's suffix. Raises NetartError."""
    if name is not None:
        if name not in FILM_FORMATS:
            raise unknown("format", name, FILM_FORMATS)
        if name == "frames" and not is_numbered(path):
            raise NetartError(f"{path}: numbered frames need a number in their name: '####.png'")
        return FILM_FORMATS[name]
    if path == "-":
        streams = [row.name for row in FILM_FORMATS.values() if row.name != "frames"]
        raise NetartError(f"-: needs a format: one of {', '.join(streams)}")
    if is_numbered(path):
        return FILM_FORMATS["frames"]
    suffix = Path(path).suffix.lower()
    if suffix in IMAGE_SUFFIXES and suffix not in FILM_SUFFIXES:
        example = f"{Path(path).stem}-####{suffix}"
        raise NetartError(f"{path}: needs a number for each frame: '{example}'")
    if suffix not in FILM_SUFFIXES:
        raise unknown_suffix(Path(path), FILM_SUFFIXES)
    return FILM_SUFFIXES[suffix]


def is_numbered(path: str) -> bool:
    """Whether the path names numbered stills: `####` or `%04d` in its last part."""
    return Path(path).suffix.lower() in IMAGE_SUFFIXES and bool(NUMBER.search(Path(path).name))


def still_path(path: Path, number: int) -> Path:
    """The path of one of the numbered stills. Raises NetartError for a name of two numbers, or of
    one that is too long.
    """
    if len(NUMBER.findall(path.name)) != 1:
        raise NetartError(f"{path}: one number in a name, not more")

    def digits(found: re.Match[str]) -> str:
        width = found[1] or "0"
        if len(width) > 3 or int(width) > MAX_DIGITS:
            raise NetartError(f"{path}: a number of at most {MAX_DIGITS} digits")
        wide = len(found[0]) if found[0].startswith("#") else int(width)
        return f"{number:0{wide}}"

    return path.with_name(NUMBER.sub(digits, path.name))


def stills_there(pattern: Path) -> list[int]:
    """The numbers of the stills of this pattern that are in its folder, in order. Raises OSError
    and NetartError.
    """
    found = NUMBER.search(pattern.name)
    assert found
    before, after = pattern.name[: found.start()], pattern.name[found.end() :]
    numbers = set()
    with os.scandir(pattern.parent) as entries:
        for name in (entry.name for entry in entries):
            digits = name.removeprefix(before).removesuffix(after)
            if digits.isascii() and digits.isdecimal():
                number = int(digits)
                if still_path(pattern, number).name == name:
                    numbers.add(number)
    return sorted(numbers)


def check_rate(rate: Fraction, format: FilmFormat) -> None:
    """Refuses what the format's clock cannot tell. Raises NetartError."""
    if not MIN_RATE <= rate <= format.max_rate:
        raise NetartError(
            f"{rate} frames per second: {format.name} takes {MIN_RATE} to {format.max_rate}"
        )
    if max(rate.numerator, rate.denominator) > MAX_TERM:
        raise NetartError(f"{rate} frames per second: too fine a fraction: 30000/1001, say")

"""The tables of film formats, codecs and pixel formats, and what each of them refuses."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from netart.errors import NetartError, unknown
from netart.files.stills.formats import IMAGE_SUFFIXES
from netart.pixels import MAX_SIDE, Size

MIN_RATE, MAX_RATE = Fraction(1, 100), Fraction(240)  # frames per second
MAX_TERM = 1_000_000  # of a rate's numerator and denominator
MAX_DIGITS = 200  # of a number in a name: file systems have no longer ones
NUMBER = re.compile(r"#+|%0?(\d*)d")  # in the name of numbered frames


class PixelFormat(NamedTuple):
    """How an encoder takes the numbers of a pixel."""

    name: str  # libav's
    bits: int  # a channel
    subsampled: bool  # colour is kept for two by two pixels together (4:2:0)


class Codec(NamedTuple):
    """A way to store frames."""

    name: str
    encoder: str | None  # libav's; None where netart writes the frames, from lossless segments
    pixel_formats: tuple[str, ...]  # the default first
    sides: tuple[int, int]  # of a frame, pixels: at least, at most
    odd: bool = True  # it stores odd sizes in subsampled pixel formats, too
    quality: tuple[int, int, int] | None = None  # from, to, default; None where there is no choice
    options: tuple[tuple[str, str], ...] = ()  # libav's
    tag: str = ""  # the four letters that players know it by
    intra: bool = False  # each frame is coded by itself

    def choices(self, bits: int | None = None, even: bool = True) -> list[str]:
        """The pixel formats with these bits a channel (None: any), for even or for odd sizes."""
        return [
            name
            for name in self.pixel_formats
            if bits in (None, PIXEL_FORMATS[name].bits)
            and (even or self.odd or not PIXEL_FORMATS[name].subsampled)
        ]


class FilmFormat(NamedTuple):
    """A kind of film file."""

    name: str
    suffixes: tuple[str, ...]
    container: str | None  # libav's name; None where netart writes the file itself
    codecs: tuple[str, ...]  # the default first
    streams: bool = False  # it can be written into a pipe while it is made
    max_rate: Fraction = MAX_RATE  # frames per second


PIXEL_FORMATS = {
    row.name: row
    for row in (
        PixelFormat("yuv420p", 8, True),
        PixelFormat("yuv444p", 8, False),
        PixelFormat("yuv420p10le", 10, True),
        PixelFormat("yuv444p10le", 10, False),
        PixelFormat("bgr0", 8, False),
        PixelFormat("gbrp16le", 16, False),
        PixelFormat("rgb24", 8, False),
        PixelFormat("rgb48le", 16, False),
        PixelFormat("gbrpf32le", 32, False),
        PixelFormat("pal8", 8, False),
    )
}

_YUV = "yuv420p", "yuv444p", "yuv420p10le", "yuv444p10le"

# x264 without cpu-independent differs from run to run on machines with AVX-512.
_X264 = ("preset", "veryfast"), ("x264-params", "cpu-independent=1")
_X265 = ("preset", "veryfast"), ("x265-params", "log-level=none:pools=4:frame-threads=2")
_SVT = ("preset", "8"), ("svtav1-params", "lp=2")
_FFV1 = ("level", "3"), ("context", "1"), ("coder", "1"), ("slicecrc", "1")
_PRORES = (("profile", "4444"),)
_VPX = ("b", "0"), ("deadline", "good"), ("cpu-used", "4"), ("row-mt", "1")

CODECS = {
    row.name: row
    for row in (
        Codec("h264", "libx264", _YUV, (1, 16384), False, (0, 51, 17), _X264),
        # x265 writes beyond its memory where sides are below 64.
        Codec("h265", "libx265", _YUV, (64, 16384), False, (0, 51, 20), _X265, "hvc1"),
        # SVT-AV1 hangs on sides below 32 beside long ones.
        Codec("av1", "libsvtav1", (_YUV[0], _YUV[2]), (32, 8192), True, (1, 63, 24), _SVT),
        Codec("vp9", "libvpx-vp9", _YUV[:2], (1, 65535), True, (0, 63, 24), _VPX),
        Codec("prores", "prores_ks", (_YUV[3],), (1, 65535), options=_PRORES, intra=True),
        Codec("ffv1", "ffv1", ("bgr0", "gbrp16le"), (2, MAX_SIDE), options=_FFV1, intra=True),
        Codec("gif", None, ("pal8",), (2, 65535)),
        Codec("apng", None, ("rgb24",), (2, MAX_SIDE)),
        Codec("lossy", None, ("yuv420p",), (2, 16383), True, (0, 100, 90)),
        Codec("lossless", None, ("rgb24",), (2, 16383)),
        Codec("stills", None, ("rgb24", "rgb48le", "gbrpf32le"), (1, MAX_SIDE), True, (1, 100, 95)),
    )
}

FILM_FORMATS = {
    row.name: row
    for row in (
        FilmFormat("mp4", (".mp4", ".m4v"), "mp4", ("h264", "h265", "av1")),
        FilmFormat("webm", (".webm",), "webm", ("vp9", "av1"), True),
        FilmFormat("mov", (".mov",), "mov", ("prores",)),
        FilmFormat("mkv", (".mkv",), "matroska", ("ffv1",), True),
        # Browsers slow down a GIF whose frames last less than 2/100 s.
        FilmFormat("gif", (".gif",), None, ("gif",), True, Fraction(50)),
        FilmFormat("apng", (".png", ".apng"), None, ("apng",), True),
        FilmFormat("webp", (".webp",), None, ("lossy", "lossless")),
        FilmFormat("frames", (), None, ("stills",)),
    )
}
FILM_SUFFIXES = {suffix: row for row in FILM_FORMATS.values() for suffix in row.suffixes}


@dataclass(frozen=True)
class FilmEncoding:
    """How a film is stored. Raises NetartError where its parts do not fit each other."""

    format: str  # a name in FILM_FORMATS
    codec: str  # a name in CODECS
    quality: int | None = None  # None: the codec's default
    pixel_format: str | None = None  # in PIXEL_FORMATS; None: the first that size and bits allow
    bits: int | None = None  # a channel; None: those of the pixel format

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
            raise NetartError(f"pixel format {self.pixel_format}: {self.codec} takes {choices}")
        names = [self.pixel_format] if self.pixel_format else codec.pixel_formats
        depths = sorted({PIXEL_FORMATS[name].bits for name in names})
        if self.bits not in (None, *depths):
            choices = " or ".join(map(str, depths))
            raise NetartError(
                f"{self.bits} bits: {self.pixel_format or self.codec} takes {choices}"
            )
        if self.quality is not None:
            if not codec.quality:
                raise NetartError(
                    f"quality {self.quality}: {self.codec} has none to choose", field="quality"
                )
            least, most, _ = codec.quality
            if not least <= self.quality <= most:
                best = least if codec.encoder else most
                raise NetartError(
                    f"quality {self.quality}: {self.codec} takes {least} to {most}, {best} is best",
                    field="quality",
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
        quality = codec.quality[2] if self.quality is None and codec.quality else self.quality
        bits = PIXEL_FORMATS[chosen].bits
        return replace(self, quality=quality, pixel_format=chosen, bits=bits)


def film_encoding(
    path: str,
    format: str | None = None,
    codec: str | None = None,
    quality: int | None = None,
    pixel_format: str | None = None,
    bits: int | None = None,
) -> FilmEncoding:
    """The encoding of a film at this path: the suffix says the format, unless it is given.

    path: `-` is stdout, which needs a format. Raises NetartError.
    """
    row = _format(path, format)
    return FilmEncoding(row.name, codec or row.codecs[0], quality, pixel_format, bits)


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
        raise unknown("suffix", Path(path).suffix or path, FILM_SUFFIXES).at(path)
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

"""The tables of film formats, codecs and pixel formats."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from netart.pixels import MAX_SIDE

MIN_RATE, MAX_RATE = Fraction(1, 100), Fraction(240)  # frames per second

# Where a codec counts in its own way, what it is at these qualities: between them, on a line.
QUALITIES = (1, 25, 50, 75, 90, 100)
DEFAULT_QUALITY = 90


class PixelFormat(NamedTuple):
    """How an encoder takes the numbers of a pixel."""

    name: str  # libav's
    bits: int  # a channel
    subsampled: bool  # colour is kept for two by two pixels together (4:2:0)


class Scale(NamedTuple):
    """A codec's own number for how good its frames are."""

    name: str  # a field of FilmEncoding
    least: int
    most: int
    values: tuple[int, ...]  # at QUALITIES

    @property
    def best(self) -> int:
        """The end of the range that is better."""
        return self.least if self.values[0] > self.values[-1] else self.most

    def at(self, quality: int) -> int:
        """The number for a quality from 1 to 100."""
        return round(float(np.interp(quality, QUALITIES, self.values)))


class Codec(NamedTuple):
    """A way to store frames."""

    name: str
    encoder: str | None  # libav's; None where netart writes the frames, from lossless segments
    pixel_formats: tuple[str, ...]  # the default first
    sides: tuple[int, int]  # of a frame, pixels: at least, at most
    odd: bool = True  # it stores odd sizes in subsampled pixel formats, too
    quality: int | None = None  # the default, of 1 to 100; None where there is no choice
    scale: Scale | None = None  # of its own number, which quality stands for
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
    repeats: bool = False  # its files tell how often they play


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

# Quality 100 is not 0: H.264 would go without loss, in a profile that few players know.
_CRF_264 = Scale("crf", 0, 51, (51, 40, 31, 23, 17, 1))
_CRF_265 = Scale("crf", 0, 51, (51, 42, 33, 26, 20, 1))
_CRF_AV1 = Scale("crf", 1, 63, (63, 53, 43, 33, 24, 1))
_CRF_VP9 = Scale("crf", 0, 63, (63, 53, 43, 33, 24, 1))
_COLORS = Scale("colors", 2, 256, (2, 8, 32, 128, 256, 256))

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
        Codec("h264", "libx264", _YUV, (1, 16384), False, 90, _CRF_264, _X264),
        # x265 writes beyond its memory where sides are below 64.
        Codec("h265", "libx265", _YUV, (64, 16384), False, 90, _CRF_265, _X265, "hvc1"),
        # SVT-AV1 hangs on sides below 32 beside long ones.
        Codec("av1", "libsvtav1", (_YUV[0], _YUV[2]), (32, 8192), True, 90, _CRF_AV1, _SVT),
        Codec("vp9", "libvpx-vp9", _YUV[:2], (1, 65535), True, 90, _CRF_VP9, _VPX),
        Codec("prores", "prores_ks", (_YUV[3],), (1, 65535), options=_PRORES, intra=True),
        Codec("ffv1", "ffv1", ("bgr0", "gbrp16le"), (2, MAX_SIDE), options=_FFV1, intra=True),
        Codec("gif", None, ("pal8",), (2, 65535), True, 90, _COLORS),
        Codec("apng", None, ("rgb24",), (2, MAX_SIDE)),
        Codec("lossy", None, ("yuv420p",), (2, 16383), True, 90),
        Codec("lossless", None, ("rgb24",), (2, 16383)),
        Codec("stills", None, ("rgb24", "rgb48le", "gbrpf32le"), (1, MAX_SIDE), True, 95),
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
        FilmFormat("gif", (".gif",), None, ("gif",), True, Fraction(50), True),
        FilmFormat("apng", (".png", ".apng"), None, ("apng",), True, repeats=True),
        FilmFormat("webp", (".webp",), None, ("lossy", "lossless"), repeats=True),
        FilmFormat("frames", (), None, ("stills",)),
    )
}
# Codecs of frames that come back bit by bit; which of a format is `quality lossless`.
LOSSLESS = ("ffv1", "apng", "lossless")
# Codecs of films that netart can make smaller until they fit.
FITTING = ("gif", "lossy")
FILM_SUFFIXES = {suffix: row for row in FILM_FORMATS.values() for suffix in row.suffixes}

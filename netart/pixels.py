"""Pictures as arrays: their size, also by name, their pixels, and rectangles of them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.arguments import whole
from netart.errors import NetartError

Size = tuple[int, int]  # width, height in pixels
Pixels = NDArray[np.float32]  # (height, width, channels), row 0 on top

# Of a picture.
MAX_PIXELS = 1 << 34
MAX_SIDE = 1 << 18  # a strip of 64 rows takes 200 MB at this width

PREVIEW: Size = (48, 48)  # of the small picture that stands for all sizes

MM_PER_INCH = Fraction(254, 10)
PRINT_DPI = 300  # pixels an inch of paper, where nothing says it
MAX_DPI = 10_000

# Name → width and height in pixels.
SCREENS: dict[str, Size] = {
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
    "4k": (3840, 2160),
    "5k": (5120, 2880),
    "8k": (7680, 4320),
    "ultrawide": (3440, 1440),
    "phone": (1080, 2400),
    "tablet": (2048, 2732),
    "square": (1080, 1080),
    "story": (1080, 1920),
}
# Name → width and height in mm. ISO 216, and ANSI's letter of 8.5 by 11 inches.
PAPERS = {
    "a0": (Fraction(841), Fraction(1189)),
    "a1": (Fraction(594), Fraction(841)),
    "a2": (Fraction(420), Fraction(594)),
    "a3": (Fraction(297), Fraction(420)),
    "a4": (Fraction(210), Fraction(297)),
    "a5": (Fraction(148), Fraction(210)),
    "a6": (Fraction(105), Fraction(148)),
    "letter": (Fraction(17, 2) * MM_PER_INCH, 11 * MM_PER_INCH),
}
UNITS = {"mm": Fraction(1), "cm": Fraction(10), "in": MM_PER_INCH}  # in mm

_PIXELS = re.compile(r"(\d{1,12})(?:[x×*](\d{1,12}))?", re.ASCII)
_LENGTH = r"(\d{1,6}(?:\.\d{1,4})?)"
_LENGTHS = re.compile(rf"{_LENGTH}[x×*]{_LENGTH}({'|'.join(UNITS)})", re.ASCII)
_DPI = re.compile(r"(\d{1,9})(?:dpi)?", re.ASCII)
_TURNED = re.compile(r"(.+)-(landscape|portrait)")


class Window(NamedTuple):
    """A rectangle of pixels of a picture."""

    # Column and row of its first pixel; row 0 is on top.
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def whole(cls, size: Size) -> Window:
        """The window that is all of a picture of this size."""
        return cls(0, 0, *size)


def check_size(size: Size) -> None:
    """Raises NetartError for a size that cannot be drawn."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise NetartError(f"size {width}x{height}: more than {MAX_PIXELS:,} pixels")
    if not 1 <= min(size) <= max(size) <= MAX_SIDE:
        raise NetartError(f"size {width}x{height}: sides go from 1 to {MAX_SIDE:,} pixels")


class NamedSize(NamedTuple):
    """A size in pixels, and how many of them go into an inch of paper."""

    size: Size
    dpi: int | None  # None where it is of no paper


def read_size(text: str | int | Size) -> Size:
    """The size in pixels that a text says: see `read_named_size`. A number is a square's side.

    Raises NetartError.
    """
    return read_named_size(text).size


def read_named_size(text: str | int | Size, dpi: int | None = None) -> NamedSize:
    """The size that a text says, and the dpi where it says one, too.

    text: `1920x1080`, `800` (a square), a name of SCREENS or PAPERS, or lengths as in `30x20cm`.
    A name may end in `-landscape` or `-portrait`, and all of it in `@300dpi`. dpi: of paper, where
    the text says none; without it 300. Numbers in place of the text are pixels already.
    Raises NetartError.
    """
    if not isinstance(text, str):
        return NamedSize(_in_pixels(text), dpi)
    name, at, density = text.strip().lower().partition("@")
    if at:
        found = _DPI.fullmatch(density)
        own = int(found[1]) if found else 0
        if not 1 <= own <= MAX_DPI:
            raise _size_error(text, f"behind @ stand 1 to {MAX_DPI:,} dpi, as in a4@300dpi")
        if dpi not in (None, own):
            raise NetartError(f"dpi {dpi}: the size {text} says another", field="dpi")
        dpi = own
    elif dpi is not None:
        check_dpi(dpi)
    if found := _PIXELS.fullmatch(name):
        width, height = int(found[1]), int(found[2] or found[1])
        return NamedSize((width, height), dpi)
    if found := _LENGTHS.fullmatch(name):
        unit = UNITS[found[3]]
        return _on_paper(Fraction(found[1]) * unit, Fraction(found[2]) * unit, dpi)
    plain, turned = name, None
    if found := _TURNED.fullmatch(name):
        plain, turned = found[1], found[2]
    if plain not in SCREENS and plain not in PAPERS:
        raise _unknown_size(text, plain)
    read = NamedSize(SCREENS[plain], dpi) if plain in SCREENS else _on_paper(*PAPERS[plain], dpi)
    if not turned:
        return read
    short, long = sorted(read.size)
    return NamedSize((long, short) if turned == "landscape" else (short, long), read.dpi)


def _in_pixels(value: Any) -> Size:
    """The size that a whole number, or two of them, say. Raises NetartError."""
    try:
        if not hasattr(value, "__len__"):
            side = whole("size", value)
            return side, side
        width, height = (whole("size", side) for side in value)
    except (NetartError, TypeError, ValueError):
        raise NetartError(
            f"size {value!r}: must be a whole number, two of them, or a text", field="size"
        ) from None
    return width, height


def check_dpi(dpi: int) -> None:
    """Raises NetartError for pixels an inch that no file should tell."""
    if not 1 <= dpi <= MAX_DPI:
        raise NetartError(f"dpi {dpi}: must be from 1 to {MAX_DPI:,}", field="dpi")


def _on_paper(width_mm: Fraction, height_mm: Fraction, dpi: int | None) -> NamedSize:
    """The size of this paper in pixels."""
    dpi = dpi or PRINT_DPI
    width, height = (round(mm / MM_PER_INCH * dpi) for mm in (width_mm, height_mm))
    return NamedSize((width, height), dpi)


def _unknown_size(text: str, name: str) -> NetartError:
    """The error for what is no size: it offers the nearest name, if one is near."""
    from difflib import get_close_matches

    if near := get_close_matches(name, [*SCREENS, *PAPERS], n=1):
        return _size_error(text, f"did you mean {near[0]}?")
    return _size_error(
        text, "write WIDTHxHEIGHT in pixels, as in 1920x1080, or a name, as 4k or a4"
    )


def _size_error(text: str, what: str) -> NetartError:
    return NetartError(f"size {text!r}: {what}", field="size")

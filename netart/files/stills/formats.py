"""The table of image formats: what each of them holds, who writes it, who finds its metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, NamedTuple

from netart.evaluate.numbers import Samples
from netart.files.limits import MAX_METADATA_BYTES
from netart.files.metadata import FindText
from netart.files.stills.exr import find_exr_text, write_exr
from netart.files.stills.npy import write_npy
from netart.files.stills.photo import write_avif, write_jpeg, write_webp
from netart.files.stills.png import find_png_text, write_png
from netart.files.stills.spec import ImageSpec, Quality
from netart.files.stills.tiff import find_tiff_text, write_tiff
from netart.files.xmp import HEAD, TAIL, find_xmp_text
from netart.pixels import MAX_SIDE


class ImageFormat(NamedTuple):
    """A kind of image file."""

    name: str
    suffixes: tuple[str, ...]
    signature: bytes  # how its files begin, a regular expression
    # Writes all of a file. Returns what it chose by itself, in words, if anything.
    write: Callable[[IO[bytes], ImageSpec, Iterable[Samples]], str | None]
    find_text: FindText | None  # of the metadata; None where it holds none
    dtypes: dict[int, str]  # bits a channel → numpy's type, the default first
    min_disk: float  # bytes on disk for a byte of samples, at least
    max_side: int = MAX_SIDE  # pixels
    max_metadata: int = MAX_METADATA_BYTES
    quality: int | None = None  # the default; None where it takes none
    lossless: bool = False  # whether the quality may be `lossless`
    has_dpi: bool = True  # whether its files can tell how many pixels go into an inch
    linear: bool = False  # samples are linear light, else display sRGB
    memory: float = 0  # bytes for a byte of samples; 0 where strips go to the file one by one
    seeks: bool = False  # whether the writer goes back in the file

    def takes(self, quality: Quality | None) -> bool:
        """Whether it can be asked for such a quality; None asks for none."""
        return quality is None or (self.lossless if quality == "lossless" else bool(self.quality))


IMAGE_FORMATS = {
    form.name: form
    for form in (
        ImageFormat(
            "png", (".png",), rb"\x89PNG\r\n\x1a\n", write_png, find_png_text,
            {8: "u1", 16: "u2"}, min_disk=1 / 50,
        ),
        ImageFormat(
            "jpeg", (".jpg", ".jpeg"), rb"\xff\xd8\xff", write_jpeg, find_xmp_text,
            {8: "u1"}, min_disk=1 / 200, max_side=65_500, quality=95, memory=1.6,
            # A segment holds 65,533 bytes, of which 29 are XMP's name.
            max_metadata=65_504 - len(HEAD) - len(TAIL),
        ),
        ImageFormat(
            "webp", (".webp",), b"RIFF....WEBP", write_webp, find_xmp_text,
            {8: "u1"}, min_disk=1 / 1000, max_side=16_383, quality=95, lossless=True, memory=9,
        ),
        ImageFormat(
            "avif", (".avif",), b"....ftypavif", write_avif, find_xmp_text,
            # Encoders take 65,536, but decoders refuse more than 2²⁸ pixels.
            {8: "u1"}, min_disk=1 / 1000, max_side=16_384, quality=90, memory=14,
        ),
        ImageFormat(
            "tiff", (".tif", ".tiff"), rb"II[*+]\0|MM\0[*+]", write_tiff, find_tiff_text,
            {8: "u1", 16: "u2", 32: "f4"}, min_disk=1 / 50, seeks=True,
        ),
        ImageFormat(
            "exr", (".exr",), rb"v/1\x01", write_exr, find_exr_text,
            {16: "f2", 32: "f4"}, min_disk=1 / 50, linear=True, memory=2.1,
        ),
        ImageFormat(
            "npy", (".npy",), rb"\x93NUMPY", write_npy, None, {32: "f4"}, min_disk=1, has_dpi=False,
        ),
    )
}  # fmt: skip

IMAGE_SUFFIXES = {suffix: form for form in IMAGE_FORMATS.values() for suffix in form.suffixes}

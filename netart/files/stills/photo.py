"""JPEG, WebP and AVIF, by Pillow: the whole picture is held as 8-bit RGB."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any

from netart.errors import MACHINE, NetartError
from netart.evaluate.numbers import Samples
from netart.files.stills.icc import srgb_profile
from netart.files.stills.spec import ImageSpec
from netart.files.xmp import xmp_packet

# Any number above 1 gives the same AVIF on every machine; the number of its processors would not.
THREADS = 4


def write_jpeg(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """RGB of u1 as JPEG, every pixel with a colour of its own (4:4:4)."""
    options = {"quality": spec.quality, "subsampling": "4:4:4", "icc_profile": srgb_profile()}
    _save(file, spec, strips, "JPEG", options)


def write_webp(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """RGB of u1 as WebP, which halves the colours' resolution (4:2:0) unless it is lossless."""
    lossless = spec.quality == "lossless"
    options = {"lossless": True} if lossless else {"quality": spec.quality}
    _save(file, spec, strips, "WEBP", options | {"icc_profile": srgb_profile()})


def write_avif(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """RGB of u1 as AVIF 4:4:4; its code points for sRGB (CICP) are Pillow's own."""
    options = {"quality": spec.quality, "subsampling": "4:4:4", "max_threads": THREADS}
    _save(file, spec, strips, "AVIF", options)


def _save(
    file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples], name: str, options: dict[str, Any]
) -> None:
    from PIL import Image

    image, top = Image.new("RGB", spec.size), 0
    for strip in strips:
        image.paste(Image.fromarray(strip), (0, top))
        top += len(strip)
    if spec.text:
        options["xmp"] = xmp_packet(spec.text)
    encoded = BytesIO()
    try:
        image.save(encoded, name, **options)
    except (OSError, RuntimeError) as error:  # there is no disk in it: the codec lacks memory
        raise NetartError(f"{spec.path or 'stdout'}: {name}: {error}", MACHINE) from error
    file.write(encoded.getbuffer())

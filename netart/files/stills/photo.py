"""JPEG, WebP and AVIF, by Pillow: the whole picture is held as 8-bit RGB."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import IO, Any

from netart.errors import MACHINE, NetartError
from netart.evaluate.numbers import Samples
from netart.files.byte_counts import spell_bytes
from netart.files.stills.icc import srgb_profile
from netart.files.stills.spec import ImageSpec, Quality
from netart.files.xmp import xmp_packet

# Any number above 1 gives the same AVIF on every machine; the number of its processors would not.
THREADS = 4


INCHES = 2  # as EXIF numbers units
X_DENSITY, Y_DENSITY, DENSITY_UNIT = 282, 283, 296  # tags of EXIF


def write_jpeg(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> str | None:
    """RGB of u1 as JPEG, every pixel with a colour of its own (4:4:4)."""
    options: dict[str, Any] = {"subsampling": "4:4:4", "icc_profile": srgb_profile()}
    if spec.dpi:
        options["dpi"] = (spec.dpi, spec.dpi)
    return _save(file, spec, strips, "JPEG", options)


def write_webp(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> str | None:
    """RGB of u1 as WebP, which halves the colours' resolution (4:2:0) unless it is lossless."""
    options = {"icc_profile": srgb_profile()} | _density(spec)
    return _save(file, spec, strips, "WEBP", options)


def write_avif(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> str | None:
    """RGB of u1 as AVIF 4:4:4; its code points for sRGB (CICP) are Pillow's own."""
    options = {"subsampling": "4:4:4", "max_threads": THREADS} | _density(spec)
    return _save(file, spec, strips, "AVIF", options)


def _density(spec: ImageSpec) -> dict[str, Any]:
    """Pillow's option for EXIF that tells the dpi, which these formats have no place for."""
    if not spec.dpi:
        return {}
    from PIL import Image

    exif = Image.Exif()
    exif[X_DENSITY] = exif[Y_DENSITY] = spec.dpi
    exif[DENSITY_UNIT] = INCHES
    return {"exif": exif.tobytes()}


def _save(
    file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples], name: str, options: dict[str, Any]
) -> str | None:
    """Writes the file. Returns the quality in words where it was not the one that was asked for."""
    from PIL import Image

    image, top = Image.new("RGB", spec.size), 0
    for strip in strips:
        image.paste(Image.fromarray(strip), (0, top))
        top += len(strip)
    if spec.text:
        options["xmp"] = xmp_packet(spec.text)

    def encode(quality: Quality | None) -> memoryview:
        encoded = BytesIO()
        kind = {"lossless": True} if quality == "lossless" else {"quality": quality}
        try:
            image.save(encoded, name, **kind, **options)
        except (OSError, RuntimeError) as error:  # there is no disk in it: the codec lacks memory
            raise NetartError(f"{spec.path or 'stdout'}: {name}: {error}", MACHINE) from error
        return encoded.getbuffer()

    chosen, data = _fit(spec, encode)
    file.write(data)
    return None if chosen == spec.quality else f"quality {chosen}: {spell_bytes(len(data))}"


def _fit(
    spec: ImageSpec, encode: Callable[[Quality | None], memoryview]
) -> tuple[Quality | None, memoryview]:
    """The highest quality, at most the one that is asked for, at which the file is small enough,
    and the file. Raises NetartError where there is none.
    """
    data, limit = encode(spec.quality), spec.max_bytes
    if limit is None or len(data) <= limit:
        return spec.quality, data
    found, low, high = None, 1, spec.quality if isinstance(spec.quality, int) else 1
    while low < high:  # files of qualities from `high` on are too large
        middle = (low + high) // 2
        data = encode(middle)
        if len(data) <= limit:
            found, low = (middle, data), middle + 1
        else:
            high = middle
    if found:
        return found
    least = "without loss" if spec.quality == "lossless" else "at quality 1"
    raise NetartError(
        f"{spec.path or 'stdout'}: {least} it has {spell_bytes(len(data))}, more than "
        f"{spell_bytes(limit)}: a smaller size helps"
    )

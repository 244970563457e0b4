"""The picture that a network learns, as text: `LOW,HIGH:BASE64`, its span and a PNG."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.learning.data import MAX_SIDE, PictureData
from netart.shot.syntax import limits

MAX_TARGET_BYTES = 1 << 19  # of its PNG: it is written into every picture

WRITTEN = re.compile(r"([^,:]{1,40}),([^,:]{1,40}):([A-Za-z0-9+/=]+)")
# What every PNG begins with, as it is and in base64.
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIGNATURE_TEXT = "iVBORw0KGgo"
# Bit depth and colour type: black and white, grey, red with green and blue.
KINDS = {(1, 0): "1", (8, 0): "L", (8, 2): "RGB"}


@lru_cache(maxsize=8)
def parse_target(text: str) -> PictureData:
    """The picture that is written as `text`. Raises NetartError."""
    found = WRITTEN.fullmatch(text)
    if not found:
        raise NetartError("write LOW,HIGH:BASE64, the span in x and y and a PNG")
    span = limits(f"{found[1]}:{found[2]}")
    if len(found[3]) > 4 * (MAX_TARGET_BYTES // 3 + 1):
        raise NetartError(f"a picture of more than {MAX_TARGET_BYTES >> 10} KiB")
    try:
        png = base64.b64decode(found[3], validate=True)
    except binascii.Error:
        raise NetartError("is no text of base64") from None
    return PictureData("target", _read_png(png), span)


def spell_target(picture: PictureData) -> str:
    """The text that `parse_target` reads. Raises NetartError where the picture takes too much."""
    from PIL import Image

    pixels = picture.pixels
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    if picture.has_two_levels:
        image = image.convert("1", dither=Image.Dither.NONE)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    if file.tell() > MAX_TARGET_BYTES:
        raise NetartError(
            f"{picture.name}: {file.tell() >> 10:,} KiB as PNG, at most {MAX_TARGET_BYTES >> 10}: "
            "make it smaller"
        )
    low, high = picture.span
    return f"{low!r},{high!r}:{base64.b64encode(file.getvalue()).decode()}"


def target_identity(text: str) -> str:
    """What is equal where targets are, whatever has packed them."""
    picture = parse_target(text)
    low, high = picture.span
    digest = hashlib.sha256(repr(picture.pixels.shape).encode() + picture.pixels.tobytes())
    return f"{low!r},{high!r}:{digest.hexdigest()}"


def _read_png(png: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG such as `spell_target` writes. Raises NetartError.

    Sizes are checked before a pixel is unpacked, and what else a PNG may hold is refused.
    """
    from PIL import Image

    header = struct.unpack(">IIBBBBB", png[16:29]) if len(png) >= 29 else (0,) * 7
    width, height, bits, colours, _, _, interlaced = header
    mode = KINDS.get((bits, colours))
    if not png.startswith(SIGNATURE) or mode is None or interlaced:
        raise NetartError("is no PNG of 1 or 8 bits grey, or of 8 bits RGB")
    if max(width, height) > MAX_SIDE:
        raise NetartError(f"a picture of {width}×{height} pixels, at most {MAX_SIDE} a side")
    if _chunks(png) - {b"IHDR", b"IDAT", b"IEND"}:
        raise NetartError("a PNG with more in it than a picture")
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as image:
            pixels = np.asarray(image.convert("L" if mode == "1" else mode))
    except (OSError, SyntaxError, ValueError, EOFError):
        raise NetartError("is a damaged PNG") from None
    return pixels.reshape(height, width, -1)


def _chunks(png: bytes) -> set[bytes]:
    """The kinds of chunks of a PNG, as far as it can be read."""
    at, found = len(SIGNATURE), set()
    while at + 8 <= len(png):
        found.add(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4])
    return found

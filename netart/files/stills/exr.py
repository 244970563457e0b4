"""OpenEXR: half or float, in linear light. The whole picture and its file are held in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any

import numpy as np

from netart.errors import NetartError
from netart.evaluate.numbers import Samples
from netart.files.limits import (
    MAX_EXR_ATTRIBUTES,
    MAX_EXR_NAME_BYTES,
    MAX_METADATA_BYTES,
    read_exactly,
)
from netart.files.stills.spec import ImageSpec

# Of Rec. 709 and sRGB: x and y of red, green, blue, and white (D65).
CHROMATICITIES = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)


def write_exr(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """RGB of f2 or f4 in linear light."""
    import OpenEXR

    width, height = spec.size
    pixels, top = np.empty((height, width, 3), spec.numbers.dtype), 0
    for strip in strips:
        pixels[top : top + len(strip)] = strip
        top += len(strip)
    header: dict[str, Any] = {
        "compression": OpenEXR.ZIP_COMPRESSION,
        "type": OpenEXR.scanlineimage,
        "chromaticities": CHROMATICITIES,
    }
    if spec.dpi:
        header["xDensity"] = float(spec.dpi)
    if spec.text:
        header["netart"] = spec.text
    # In memory first: of the last writes OpenEXR does not tell that they fail.
    encoded = BytesIO()
    OpenEXR.File(header, {"RGB": pixels}).write(encoded)
    file.write(encoded.getbuffer())


def find_exr_text(file: IO[bytes]) -> str | None:
    """The metadata's text: the string attribute `netart`."""
    file.seek(8)  # after the signature and the version
    for _ in range(MAX_EXR_ATTRIBUTES):
        name = _name(file)
        if not name:
            return None
        kind = _name(file)
        (length,) = struct.unpack("<i", read_exactly(file, 4))
        if length < 0:
            raise NetartError(f"is damaged: an attribute of {length:,} bytes")
        if (name, kind) != (b"netart", b"string"):
            file.seek(length, 1)
            continue
        if length > MAX_METADATA_BYTES:
            raise NetartError(f"is damaged: an attribute of {length:,} bytes")
        return read_exactly(file, length).decode()
    raise NetartError(f"is damaged: more than {MAX_EXR_ATTRIBUTES} attributes")


def _name(file: IO[bytes]) -> bytes:
    """The bytes up to the next 0."""
    name, zero, rest = file.read(MAX_EXR_NAME_BYTES).partition(b"\0")
    if not zero:
        raise NetartError("is damaged: an attribute's name does not end")
    file.seek(-len(rest), 1)
    return name

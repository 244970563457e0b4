"""Pictures of any origin: for their colours, to be learned, or to lie under lines."""

from __future__ import annotations

import logging
import re
import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from netart.errors import NetartError
from netart.files.limits import (
    MAX_PICTURE_BYTES,
    MAX_PICTURE_PIXELS,
    open_regular,
    read_within,
)
from netart.net.learning.data import MAX_SIDE, PictureData
from netart.shot.syntax import limits
from netart.shot.target import SIGNATURE_TEXT, spell_target

if TYPE_CHECKING:
    from PIL import Image

# Of Pillow's; others run programs (EPS), or take too long for what they hold (JPEG 2000).
PICTURE_FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")

SPAN = (-1.0, 1.0)  # of a picture to be learned

TOO_LARGE = f"more than {MAX_PICTURE_PIXELS:,} pixels, or twice as many of a JPEG"

# Where nobody listens to what Pillow logs of damaged files, it would go to stderr.
SILENT = logging.NullHandler()

# What Pillow raises for files that are damaged.
DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    RuntimeError,
    struct.error,
)


def read_picture(file: IO[bytes], side: int) -> Image.Image:
    """The picture as RGBA; a JPEG may be smaller, at least `side` wide and high where it was.

    Raises NetartError.
    """
    from PIL import Image

    # In memory, where what a file claims to hold takes none that it does not.
    data = BytesIO(read_within(file, MAX_PICTURE_BYTES))
    logging.getLogger("PIL").addHandler(SILENT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is said of damaged metadata; sizes are checked here
        try:
            with Image.open(data, formats=PICTURE_FORMATS) as image:
                # A JPEG is made an eighth as wide while it is read.
                pixels = image.width * image.height >> (image.format == "JPEG")
                if pixels > MAX_PICTURE_PIXELS:
                    raise NetartError(TOO_LARGE)
                image.draft("RGB", (side, side))
                return image.convert("RGBA")
        except Image.DecompressionBombError:
            raise NetartError(TOO_LARGE) from None
        except DAMAGED:
            raise NetartError("is no picture that can be read") from None


def read_picture_data(path: Path, span: tuple[float, float]) -> PictureData:
    """The picture of a file, to be learned, as `picture_data` makes it.

    span: as in PictureData. Raises NetartError that names the file.
    """
    with open_regular(path) as file:
        image = read_picture(file, MAX_SIDE)
    return picture_data(image, path.stem, span)


def picture_of_array(array: ArrayLike, name: str, span: tuple[float, float]) -> PictureData:
    """The picture of an array, to be learned, as `picture_data` makes it.

    array: (height, width) or (height, width, 3), row 0 on top: uint8, booleans, or floats in
    [0, 1], all in display sRGB. span: as in PictureData. Raises NetartError.
    """
    from PIL import Image

    found = np.asarray(array)
    pixels = found[..., 0] if found.ndim == 3 and found.shape[2] == 1 else found
    if not (pixels.size and (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3))):
        raise NetartError(
            f"picture {found.shape}: must be (height, width) or (height, width, 3)", field="picture"
        )
    if pixels.dtype.kind in "fb" and 0 <= pixels.min() <= pixels.max() <= 1:  # NaN is neither
        pixels = np.round(pixels * 255.0).astype(np.uint8)
    if pixels.dtype != np.uint8:
        raise NetartError(
            f"picture of {found.dtype}: must be uint8, booleans, or floats in [0, 1]",
            field="picture",
        )
    return picture_data(Image.fromarray(pixels).convert("RGBA"), name, span)


def picture_data(image: Image.Image, name: str, span: tuple[float, float]) -> PictureData:
    """A picture to learn: black and white where it has no other levels, else grey where it has no
    colours, else RGB, on white, and at most MAX_SIDE pixels wide and high.

    image: RGBA. span: as in PictureData. Raises NetartError.
    """
    from PIL import Image

    white = Image.new("RGBA", image.size, "white")
    shown = Image.alpha_composite(white, image).convert("RGB")
    # By counts, which take no memory.
    has_two_levels = not np.reshape(shown.histogram(), (3, 256))[:, 1:-1].any()
    shown.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    pixels = np.asarray(shown)
    if (pixels == pixels[..., :1]).all():
        pixels = pixels[..., :1]
        if has_two_levels:
            pixels = np.where(pixels < 128, 0, 255).astype(np.uint8)
    return PictureData(name, pixels.copy(), span)


def read_target_text(text: str) -> str:
    """The picture of a file, `FILE` or `LOW,HIGH:FILE`, as a shot spells its target; what is
    spelled so already stays as it is.

    Raises NetartError as `read_picture_data` does.
    """
    found = re.fullmatch(r"([^,:]+),([^,:]+):(.+)", text, re.DOTALL)
    if found and found[3].startswith(SIGNATURE_TEXT):
        return text
    if not found:
        return spell_target(read_picture_data(Path(text), SPAN))
    low, high, file = found.groups()
    return spell_target(read_picture_data(Path(file), limits(f"{low}:{high}")))

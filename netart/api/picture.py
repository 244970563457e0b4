"""A picture as Python has it: an array that shows itself in notebooks, and saves itself."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal
from warnings import warn

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netart.arguments import optional_whole, whole, whole_or_word
from netart.evaluate.backend import open_evaluator
from netart.evaluate.numbers import convert
from netart.files.beside import absent_runs
from netart.files.byte_counts import read_byte_count
from netart.files.metadata import make_metadata
from netart.files.stills.formats import IMAGE_SUFFIXES
from netart.files.stills.image import draw_to_stream, write_picture, write_vector
from netart.files.stills.plan import ImageEncoding, is_vector, plan_image, plan_vector
from netart.lens import vector
from netart.net.learning.trained import Trained
from netart.pixels import Pixels, Size
from netart.shot.document import Document, shot_of
from netart.shot.shot import Shot

MAX_SHOWN = 1600  # pixels of a side, in a notebook


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawn shot: `np.asarray(picture)` are its pixels, `picture.save("a.png")` writes it, and in
    a notebook it shows itself.
    """

    # What is drawn: a shot, a sheet, or a film, of which a strip is a picture.
    document: Document
    # (height, width, 3) float32 (the reference: float64), display sRGB in [0, 1]; row 0 on top.
    pixels: Pixels
    # How many pixels go into an inch of paper, where the size was one of paper.
    dpi: int | None = None

    @property
    def shot(self) -> Shot:
        """What decides the picture; of a page what all its panels have in common."""
        return shot_of(self.document)

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        height, width, _ = self.pixels.shape
        return width, height

    def save(
        self,
        path: str | PathLike[str],
        *,
        bits: int | None = None,
        quality: int | Literal["lossless"] | None = None,
        dpi: int | None = None,
        max_bytes: int | str | None = None,
        metadata: bool = True,
    ) -> str | None:
        """Writes the picture as the suffix says: .png, .jpg, .webp, .avif, .tif, .exr, .npy, and
        .svg or .pdf where its lens draws lines. A file that exists is replaced whole or not at all.

        bits: a channel, 8, 16 or 32; quality: 1 to 100 or `lossless`; unset, the format chooses.
        dpi: that the file tells; None for the picture's own. max_bytes: of the file, a number or as
        in "5MB": the quality goes down until it fits, and what it came to is returned in words,
        as in "quality 71: 98 kB"; None where the file fits as it is.
        metadata: whether the file carries its shot, so that netart.load and the command line draw
        it again; warns where a long run stays in a file of its own that is not beside it.
        Raises NetartError where the format holds no such thing.
        """
        form = IMAGE_SUFFIXES.get(Path(path).suffix.lower())
        own_dpi = self.dpi if form is None or form.has_dpi else None
        limit = None if max_bytes is None else read_byte_count(max_bytes)
        encoding = ImageEncoding(
            None,
            optional_whole("bits", bits),
            whole_or_word("quality", quality),
            metadata,
            own_dpi if dpi is None else whole("dpi", dpi),
            limit,
        )
        if not is_vector(Path(path), encoding) or not isinstance(self.document, Shot):
            chosen = write_picture(path, self.document, self.size, convert([self.pixels]), encoding)
        else:
            chosen = None
            spec = plan_vector(Path(path), self.document, self.size, encoding)
            with open_evaluator() as evaluator:
                drawn = vector(self.document, self.size, evaluator, spec.format, spec.note)
            write_vector(spec, drawn)
        if metadata and (absent := runs_beside(path, self.document, self.size)):
            warn(f"{fspath(path)} opens again only beside {absent}", stacklevel=2)
        return chosen

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.pixels, dtype, copy=copy)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.size[0]}x{self.size[1]}>"

    def _repr_png_(self) -> bytes:
        """What a notebook shows: a PNG that carries the shot, smaller where a side is longer than
        MAX_SHOWN.
        """
        pixels, file = _shrink(self.pixels), BytesIO()
        height, width, _ = pixels.shape
        spec = plan_image(None, self.document, (width, height), ImageEncoding("png"))
        draw_to_stream(file, spec, convert([pixels]))
        return file.getvalue()


def runs_beside(path: str | PathLike[str], document: Document, size: Size) -> str:
    """The runs that a file of the document needs beside it and that are not there, in words."""
    if not isinstance(shot_of(document).network, Trained):
        return ""
    return absent_runs(Path(path), make_metadata(document, size).run_files)


def _shrink(pixels: Pixels) -> Pixels:
    """The picture with means of squares of its pixels, as many as bring its sides to MAX_SHOWN."""
    height, width, channels = pixels.shape
    each = -(-max(height, width) // MAX_SHOWN)
    high, wide = max(1, height // each), max(1, width // each)
    squares = pixels[: high * each, : wide * each].reshape(
        high, min(each, height), wide, min(each, width), channels
    )
    return squares.mean(axis=(1, 3), dtype=pixels.dtype) if each > 1 else pixels

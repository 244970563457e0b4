"""All about an image file that is decided before its pixels are drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from netart.evaluate.numbers import Numbers
from netart.files.metadata import Metadata
from netart.pixels import Size

Quality = int | Literal["lossless"]


class ImageSpec(NamedTuple):
    """All about an image file but the pixels."""

    path: Path | None  # None for a stream
    format: str  # a name of IMAGE_FORMATS
    size: Size
    numbers: Numbers  # in which the file holds them
    quality: Quality | None  # where the format takes one
    metadata: Metadata | None
    dpi: int | None = None  # that the file tells; None for none
    max_bytes: int | None = None  # of the file; the quality then goes down as far as needed

    @property
    def text(self) -> str:
        """The metadata as text, empty where there is none."""
        return self.metadata.text if self.metadata else ""

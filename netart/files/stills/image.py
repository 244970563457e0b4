"""Writes pictures as files of any format, and reads the metadata in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import PathLike
from pathlib import Path
from typing import IO

from netart.errors import NetartError
from netart.evaluate.numbers import Draw, Samples
from netart.files.atomic import is_device, spool, write_atomically
from netart.files.metadata import Metadata, read_metadata
from netart.files.overlap import consume_in_thread
from netart.files.stills.formats import IMAGE_FORMATS, IMAGE_SUFFIXES, ImageFormat
from netart.files.stills.paper import set_page_size
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.files.stills.spec import ImageSpec
from netart.files.stills.vectors import VECTOR_SUFFIXES, VectorFormat, VectorSpec
from netart.pixels import Size
from netart.shot.document import Document

DEFAULT = ImageEncoding()

# Sees strips on their way.
Watch = Callable[[Iterable[Samples]], Iterable[Samples]]


def write_picture(
    path: str | PathLike[str],
    document: Document,
    size: Size,
    draw: Draw,
    encoding: ImageEncoding = DEFAULT,
    new: bool = False,
) -> str | None:
    """Draws a picture into a file, as path and encoding say.

    A file that exists is replaced as a whole or not touched, and never where `new` says that there
    is none. Returns in words what was chosen to keep the file small, if anything was. Raises
    NetartError.
    """
    return draw_to_path(plan_image(Path(path), document, size, encoding), draw, new)


def draw_to_path(spec: ImageSpec, draw: Draw, new: bool = False, keep: Watch = iter) -> str | None:
    """Draws a planned image into its file, which is replaced as a whole or not touched.

    new: nothing stands there, and what has appeared meanwhile is not replaced. keep: sees the
    strips in the thread that writes them. Returns as `write_picture` does. Raises NetartError.
    """
    assert spec.path
    with write_atomically(spec.path, new) as file:
        return _draw_and_write(file, spec, draw, not is_device(spec.path), keep)


def draw_to_stream(file: IO[bytes], spec: ImageSpec, draw: Draw) -> str | None:
    """Draws a planned image into a file that only takes what comes, such as stdout. Returns as
    `write_picture` does.
    """
    return _draw_and_write(file, spec, draw, seekable=False)


def _draw_and_write(
    file: IO[bytes], spec: ImageSpec, draw: Draw, seekable: bool, keep: Watch = iter
) -> str | None:
    """Draws strips in this thread, which may be the GPU's, and writes them in another."""

    def write(strips: Iterable[Samples]) -> str | None:
        return write_image(file, spec, keep(strips), seekable)

    with ThreadPoolExecutor(1, "netart-still") as pool:
        return consume_in_thread(pool, write, draw(spec.numbers)).result()


def write_image(
    file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples], seekable: bool
) -> str | None:
    """Writes the strips of a planned image. seekable: whether one can go back in the file. Returns
    as `write_picture` does.
    """
    form = IMAGE_FORMATS[spec.format]
    if form.seeks and not seekable:
        with spool(file) as temporary:
            return form.write(temporary, spec, strips)
    return form.write(file, spec, strips)


def write_vector(spec: VectorSpec, data: bytes, new: bool = False) -> None:
    """Writes the bytes of a planned file of lines and text, as `draw_to_path` writes pixels."""
    assert spec.path
    with write_atomically(spec.path, new) as file:
        file.write(set_page_size(spec, data))


def read_image_metadata(file: IO[bytes], suffix: str) -> Metadata:
    """The metadata in an open picture of the format that this suffix says. Raises NetartError where
    there is none, or it is damaged.
    """
    form = (IMAGE_SUFFIXES | VECTOR_SUFFIXES)[suffix]
    return read_metadata(file, partial(_find_text, form))


def _find_text(form: ImageFormat | VectorFormat, file: IO[bytes]) -> str | None:
    if not re.match(form.signature, file.read(16), re.DOTALL):
        raise NetartError(f"is not a {form.name} picture")
    return form.find_text(file) if form.find_text else None

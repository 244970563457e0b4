"""Plans an image file before anything is drawn: the format, its defaults, and what it refuses."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path

from netart.errors import MACHINE, NetartError, unknown
from netart.evaluate.numbers import Numbers
from netart.files.atomic import check_room, check_target, unknown_suffix
from netart.files.byte_counts import check_byte_count
from netart.files.films.codecs import FILM_SUFFIXES
from netart.files.metadata import make_metadata
from netart.files.stills.formats import IMAGE_FORMATS, IMAGE_SUFFIXES, ImageFormat
from netart.files.stills.spec import ImageSpec, Quality
from netart.files.stills.vectors import VECTOR_FORMATS, VECTOR_SUFFIXES, VectorSpec
from netart.lens import check_figure
from netart.pixels import Size, check_dpi, check_size
from netart.shot.document import Document, shot_of
from netart.shot.shot import Shot

# Files that hold a container's limit of memory in bytes, of either version of control groups.
CONTAINER_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


@dataclass(frozen=True)
class ImageEncoding:
    """How a picture is asked to become a file; the format chooses what is unset.

    Raises NetartError for what no format takes.
    """

    # A name of IMAGE_FORMATS or VECTOR_FORMATS, or a suffix, where the path has none.
    format: str | None = None
    bits: int | None = None  # a channel
    quality: Quality | None = None  # 1 to 100, or `lossless`
    metadata: bool = True  # whether the file carries the document
    dpi: int | None = None  # that the file tells
    max_bytes: int | None = None  # of the file: the quality goes down from what is asked

    def __post_init__(self) -> None:
        spelled = IMAGE_SUFFIXES.get(f".{self.format}")
        if spelled:  # jpg is jpeg, tif is tiff
            object.__setattr__(self, "format", spelled.name)
        known = IMAGE_FORMATS | VECTOR_FORMATS
        if self.format is not None and self.format not in known:
            raise unknown("format", self.format, known)
        if self.quality not in (None, "lossless", *range(1, 101)):
            raise NetartError(
                f"quality {self.quality}: must be from 1 to 100, or lossless", field="quality"
            )
        if self.dpi is not None:
            check_dpi(self.dpi)
        if self.max_bytes is not None:
            check_byte_count(self.max_bytes)

    @property
    def suffix(self) -> str:
        """Of a file that is given no name."""
        if self.format in VECTOR_FORMATS:
            return VECTOR_FORMATS[self.format].suffix
        return IMAGE_FORMATS[self.format or "png"].suffixes[0]


def is_vector(path: Path | None, encoding: ImageEncoding) -> bool:
    """Whether the path's suffix, or without one the encoding, says a format of lines and text."""
    suffix = path.suffix.lower() if path else ""
    return suffix in VECTOR_SUFFIXES or (not suffix and encoding.format in VECTOR_FORMATS)


def format_of(path: Path | None, encoding: ImageEncoding) -> ImageFormat:
    """The format that the path's suffix says, or without one the encoding. Raises NetartError.

    path: None for stdout, which gets PNG where the encoding names no format.
    """
    if is_vector(path, encoding):
        name = path.suffix[1:].lower() if path and path.suffix else encoding.format
        raise NetartError(f"{path or 'stdout'}: {name} holds a single shot, as lines and text")
    if path is None:
        return IMAGE_FORMATS[encoding.format or "png"]
    suffix = path.suffix.lower()
    if encoding.format and not suffix:
        return IMAGE_FORMATS[encoding.format]
    if not suffix and not path.is_dir():
        raise NetartError(f"{path}: has no suffix: add one, or give format", hint="format")
    if suffix in FILM_SUFFIXES and suffix not in IMAGE_SUFFIXES:
        raise NetartError(f"{path}: {suffix} is of films, as netart animate draws them")
    if suffix not in IMAGE_SUFFIXES:
        raise unknown_suffix(path, IMAGE_SUFFIXES | VECTOR_SUFFIXES)
    form = IMAGE_SUFFIXES[suffix]
    _check_suffix(path, form.name, encoding)
    return form


def plan_image(
    path: Path | None, document: Document, size: Size, encoding: ImageEncoding
) -> ImageSpec:
    """Validates format, depth, quality and size, and resolves defaults, before anything is drawn.

    path: None for stdout. Raises NetartError for what the format cannot hold, and for what disk or
    memory cannot.
    """
    check_size(size)
    form, place = format_of(path, encoding), str(path or "stdout")
    width, height = size
    bits = next(iter(form.dtypes)) if encoding.bits is None else encoding.bits
    quality = form.quality if encoding.quality is None else encoding.quality

    def check(fits: Callable[[ImageFormat], bool], what: str, hint: str = "") -> None:
        if not fits(form):
            others = ", ".join(other.name for other in IMAGE_FORMATS.values() if fits(other))
            raise NetartError(
                f"{place}: {form.name} cannot {what}: {others or 'no format'} can{hint}"
            )

    check(lambda form: bits in form.dtypes, f"hold {bits} bits a channel")
    check(lambda form: form.takes(quality), f"take quality {quality}")
    check(lambda form: max(size) <= form.max_side, f"be {width}x{height}")
    check(lambda form: encoding.dpi is None or form.has_dpi, f"tell its {encoding.dpi} dpi")
    check(
        lambda form: encoding.max_bytes is None or bool(form.quality),
        f"be held below {encoding.max_bytes:,} bytes by its quality" if encoding.max_bytes else "",
    )
    metadata = None
    if encoding.metadata and form.find_text:
        metadata = make_metadata(document, size, form.max_metadata)
        taken = len(metadata.text)
        check(
            lambda form: taken <= form.max_metadata and form.find_text is not None,
            f"carry a shot of {taken:,} bytes",
            " (or leave out the metadata)",
        )
    _check_room(place, form, width * height * 3 * bits / 8, path)
    dither = shot_of(document).look.dither and bits == 8
    numbers = Numbers(form.dtypes[bits], dither=dither, linear=form.linear)
    return ImageSpec(
        path, form.name, size, numbers, quality, metadata, encoding.dpi, encoding.max_bytes
    )


def plan_vector(path: Path | None, shot: Shot, size: Size, encoding: ImageEncoding) -> VectorSpec:
    """Validates the format and what is asked of it before anything is drawn, where `is_vector`.

    path: None for stdout. Raises NetartError for a lens that draws pixels alone.
    """
    check_size(size)
    suffix = path.suffix.lower() if path else ""
    form = VECTOR_SUFFIXES[suffix] if suffix else VECTOR_FORMATS[str(encoding.format)]
    _check_suffix(path, form.name, encoding)
    for name in ("bits", "quality", "max_bytes"):
        if getattr(encoding, name) is not None:
            message = f"{name}: {form.name} holds lines and text, which have none"
            raise NetartError(message, field=name)
    try:
        check_figure(shot, form.name)
    except NetartError as error:
        raise error.at(f"{path or 'stdout'}: {form.name} holds lines and text") from None
    if path:
        check_target(path)
    metadata = make_metadata(shot, size) if encoding.metadata else None
    return VectorSpec(path, form.name, size, metadata, encoding.dpi)


def _check_suffix(path: Path | None, name: str, encoding: ImageEncoding) -> None:
    """Raises NetartError where the path's suffix says this format, and the encoding another."""
    if encoding.format not in (None, name):
        asked = f"format {encoding.format}"
        raise NetartError(f"{path}: the suffix says {name}, {asked}", hint=asked)


def _check_room(place: str, form: ImageFormat, raw: float, path: Path | None) -> None:
    """Refuses more than memory or disk holds. raw: bytes of samples. Raises NetartError."""
    memory = _memory()
    if form.memory * raw > memory:
        others = ", ".join(other.name for other in IMAGE_FORMATS.values() if not other.memory)
        raise NetartError(
            f"{place}: {form.name} takes {form.memory * raw / 1e6:,.0f} MB of memory, "
            f"{memory / 1e6:,.0f} MB are there: {others} take little",
            MACHINE,
        )
    if path:
        check_target(path)
        check_room(path, form.min_disk * raw)


def _memory() -> float:
    """Bytes that this process may have: what the machine has, or the container, or the shell's
    limit allows. Infinite where nothing says it.
    """
    found = []
    if hasattr(os, "sysconf"):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with suppress(ImportError):  # Windows has no limits
        import resource

        found.append(resource.getrlimit(resource.RLIMIT_AS)[0])
    for path in CONTAINER_LIMITS:
        with suppress(OSError, ValueError):  # it may say `max`
            found.append(int(Path(path).read_text()))
    return min((limit for limit in found if limit > 0), default=inf)  # −1 is no limit

"""Writes films: frames come one by one, are encoded in segments, kept, and joined at the end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

import numpy as np

from netart.errors import NetartError
from netart.evaluate.request import Evaluator
from netart.files.atomic import check_target, move_into_place, report_os_errors
from netart.files.films.animation import ANIMATIONS
from netart.files.films.encoding import FILM_FORMATS, FilmEncoding, check_rate, still_path
from netart.files.films.overlap import consume_in_thread
from netart.files.films.store import Store, open_store
from netart.files.films.video import FilmSpec, Levels, encode, join, quantise
from netart.files.limits import MAX_METADATA_BYTES
from netart.files.stills.image import write_image
from netart.files.stills.plan import ImageEncoding, format_of, plan_image
from netart.files.stills.spec import ImageSpec
from netart.pixels import Pixels, Size, check_size
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

LARGE_GIF = 20_000_000  # bytes
MAX_MOV_METADATA_BYTES = 65_535
EVEN = 64, 64  # a size that every codec takes


def _ignore(_: object) -> None:
    pass


@dataclass(frozen=True)
class Drawing:
    """Where the frames of a film come from."""

    film: FilmSpec
    numbers: Sequence[int]  # of the frames, in the film's order
    frame: Callable[[int], Pixels]  # of a number: (height, width, 3) display sRGB in [0, 1]
    progress: Callable[[int], None] = _ignore  # called with how many frames are done

    def pixels(self, position: int) -> Pixels:
        """The frame at a position of the film, from 0."""
        width, height = self.film.size
        pixels = self.frame(self.numbers[position])
        if pixels.shape != (height, width, 3):
            raise ValueError(f"a frame of {pixels.shape} in a film of {width}x{height}")
        return pixels


def identity(timeline: Timeline, size: Size, evaluator: Evaluator) -> str:
    """A hash of all that decides the frames: a film that was begun with another one starts over."""
    decisive = [timeline.sha256, size, evaluator.describe()]
    return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()


def write_film(
    target: str | PathLike[str] | IO[bytes],
    encoding: FilmEncoding,
    size: Size,
    rate: Fraction,
    numbers: Sequence[int],
    frame: Callable[[int], Pixels],
    note: str,
    identity: str,
    *,
    shot: Callable[[int], Shot] | None = None,
    dither: bool = False,
    fresh: bool = False,
    new: bool = False,
    progress: Callable[[int], None] = _ignore,
    say: Callable[[str], None] = _ignore,
) -> None:
    """Draws the frames of these numbers in their order, and writes the film that they make.

    target: a path, the pattern of numbered stills, or a stream. note: the text that the film
    carries, empty for none; shot: of a frame, for numbered stills. dither: of 8 bits. identity: a
    hash of all that decides the frames.
    fresh: starts over where an interrupted film could go on. new: nothing stands at the target,
    and what has appeared there meanwhile is not replaced. progress: called with how many frames
    are done; say: with what the user should know. `frame` and both are called in this thread.

    The film appears whole or not at all; numbered stills appear one by one. An interrupted one
    goes on when this is called with the same arguments, and ends in the same bytes; what it has
    is in a hidden folder beside the target until then. Raises NetartError.
    """
    path = Path(target) if isinstance(target, (str, PathLike)) else None
    film = checked_film(path, encoding, size, rate, len(numbers), note)
    film = replace(film, dither=dither)
    drawing = Drawing(film, numbers, frame, progress)
    if film.encoding.pixel_format != encoding.for_size(EVEN).pixel_format:
        say(
            f"{size[0]}x{size[1]}: sides are odd, so colour is stored whole "
            f"({film.encoding.pixel_format}), which some players refuse"
        )
    if path is None:
        _write_stream(cast("IO[bytes]", target), drawing, note)
    elif path.exists() and not path.is_file():
        with report_os_errors(path), path.open("wb") as stream:
            _write_stream(stream, drawing, note)
    else:
        path = Path(os.path.realpath(path))
        with open_store(path, _decisive(drawing, identity), fresh, say) as store:
            if there := _count_kept(film, store):
                say(f"{film.name}: goes on: {there:,} of {film.count:,} frames are there")
            if film.encoding.format == "frames":
                assert shot
                each = ImageEncoding(None, encoding.bits, encoding.quality, metadata=bool(note))
                _write_stills(path, drawing, store, shot, each)
            else:
                _write_file(path, drawing, store, note, new)
        if film.encoding.format == "gif" and path.stat().st_size > LARGE_GIF:
            say(
                f"{path}: {path.stat().st_size / 1e6:.0f} MB: fewer frames or a smaller size "
                "help, and .webp or .mp4 take a fraction of it"
            )


def checked_film(
    path: Path | None, encoding: FilmEncoding, size: Size, rate: Fraction, count: int, note: str
) -> FilmSpec:
    """The film that would be written, or why it cannot be. path: None for a stream. Raises
    NetartError.
    """
    form = FILM_FORMATS[encoding.format]
    check_size(size)
    check_rate(rate, form)
    film = FilmSpec(str(path or "-"), encoding.for_size(size), size, rate, count)
    if count < 1:
        raise NetartError("a film needs at least one frame")
    most = MAX_MOV_METADATA_BYTES if form.name == "mov" else MAX_METADATA_BYTES
    if len(note.encode()) > most:
        raise NetartError(f"{form.name} cannot carry metadata of more than {most:,} bytes")
    if form.name == "frames":
        if path is None:
            raise NetartError("-: numbered frames are many files: a pipe takes one")
        check_target(still_path(path, 1))
    elif path:
        check_target(path)
    return film


def _decisive(drawing: Drawing, identity: str) -> dict[str, Any]:
    """All that decides the bytes of a film, as its folder says it."""
    import av
    import PIL

    film = drawing.film
    return {
        "identity": identity,
        "numbers": list(drawing.numbers),
        "size": film.size,
        "rate": str(film.rate),
        "encoding": asdict(film.encoding),
        "options": film.options,
        "segment": film.segment,
        "libraries": {
            "av": av.library_versions,
            "pillow": PIL.__version__,
            "zlib": zlib.ZLIB_RUNTIME_VERSION,
        },
    }


def _count_kept(film: FilmSpec, store: Store) -> int:
    """How many frames an interrupted film has left, if none is damaged."""
    single = store.count("frame") + store.count("still")
    return min(film.count, single + film.segment * store.count("segment"))


def _write_file(path: Path, drawing: Drawing, store: Store, metadata: str, new: bool) -> None:
    segments = list(_segments(drawing, store, True))
    joined = store.temporary()
    try:
        _join(joined, drawing.film, segments, metadata)
        with report_os_errors(path):
            with joined.open("r+b") as file:
                os.fsync(file.fileno())
            move_into_place(joined, path, new)
    finally:
        joined.unlink(missing_ok=True)


def _write_stream(stream: IO[bytes], drawing: Drawing, metadata: str) -> None:
    """Nothing is kept for a second try: what has gone into a pipe is gone."""
    film = drawing.film
    with report_os_errors(film.name):
        folder = TemporaryDirectory(prefix="netart-")
    with folder, closing(_segments(drawing, Store(Path(folder.name)), False)) as segments:
        if FILM_FORMATS[film.encoding.format].streams:
            _join(stream, film, segments, metadata)
        else:
            joined = Path(folder.name) / "joined"
            _join(joined, film, segments, metadata)
            with report_os_errors(film.name), joined.open("rb") as file:
                shutil.copyfileobj(file, stream)
        with report_os_errors(film.name):
            stream.flush()


def _join(place: Path | IO[bytes], film: FilmSpec, segments: Iterable[Path], metadata: str) -> None:
    if film.encoding.format not in ANIMATIONS:
        join(place, film, segments, metadata)
        return
    with report_os_errors(film.name):
        opened = place.open("wb") if isinstance(place, Path) else nullcontext(place)
        with opened as out:
            ANIMATIONS[film.encoding.format](out, film, segments, metadata)


def _segments(drawing: Drawing, store: Store, keep_frames: bool) -> Generator[Path]:
    """The film's segments in order; frames are drawn here, where they are not in the store.

    A frame is encoded while the next is drawn, and so is the end of a segment while the next one
    begins: encoders look far ahead.
    """
    film = drawing.film
    ready: Callable[[], Path] | None = None
    with ThreadPoolExecutor(1, "netart-film") as pool:
        for index, start in enumerate(range(0, film.count, film.segment)):
            positions = range(start, min(start + film.segment, film.count))
            coming: Callable[[], Path]
            if done := store.find("segment", index):
                drawing.progress(positions.stop)
                coming = partial(Path, done)
            else:
                make = partial(_encode_segment, film, store, index, keep_frames)
                coming = consume_in_thread(pool, make, _frames(drawing, store, positions)).result
            if ready:
                yield ready()
            ready = coming
        if ready:
            yield ready()


def _frames(drawing: Drawing, store: Store, positions: range) -> Iterator[Levels]:
    """The levels of the frames at these positions."""
    film = drawing.film
    width, height = film.size
    for position in positions:
        if kept := store.find("frame", position):
            yield cast("Levels", np.fromfile(kept, film.dtype).reshape(height, width, 3))
        else:
            yield quantise(drawing.pixels(position), film)
        drawing.progress(position + 1)


def _encode_segment(
    film: FilmSpec, store: Store, index: int, keep_frames: bool, frames: Iterator[Levels]
) -> Path:
    """Makes the frames a segment of the store; they are kept themselves until it is complete."""
    start = index * film.segment

    def kept() -> Iterator[Levels]:
        for position, frame in enumerate(frames, start):
            if keep_frames:
                store.keep_frame(position, frame.data)
            yield frame

    path = store.temporary()
    try:
        encode(path, film, kept())
        with report_os_errors(film.name):
            segment = store.keep("segment", index, path)
            store.drop_frames(range(start, start + film.segment))
        return segment
    finally:
        path.unlink(missing_ok=True)


def _write_stills(
    pattern: Path,
    drawing: Drawing,
    store: Store,
    shot: Callable[[int], Shot],
    encoding: ImageEncoding,
) -> None:
    """Each still is written while the next is drawn."""
    form, size = format_of(pattern, encoding), drawing.film.size
    plan_image(still_path(pattern, 1), shot(drawing.numbers[0]), size, encoding)  # checks the place
    plain = replace(encoding, format=form.name)

    def missing() -> Iterator[tuple[int, Path, Pixels, ImageSpec]]:
        for position, number in enumerate(drawing.numbers):
            path = Path(os.path.realpath(still_path(pattern, number)))
            if not store.find("still", position, path):
                still = plan_image(None, shot(number), size, plain)
                yield position, path, drawing.pixels(position), still
            drawing.progress(position + 1)

    def write(stills: Iterator[tuple[int, Path, Pixels, ImageSpec]]) -> None:
        for position, path, pixels, still in stills:
            with report_os_errors(path):
                temporary = store.temporary()
                with temporary.open("w+b") as file:
                    write_image(file, form, still, [pixels], seekable=True)
                store.keep("still", position, temporary, path)

    with ThreadPoolExecutor(1, "netart-stills") as pool:
        consume_in_thread(pool, write, missing()).result()

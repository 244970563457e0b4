"""Writes films: frames come one by one, are encoded in segments, kept, and joined at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import tee
from os import PathLike
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from netart.draw.film import Film
from netart.errors import NetartError
from netart.evaluate.numbers import Numbers, Samples
from netart.files.atomic import (
    Stream,
    check_target,
    is_device,
    move_into_place,
    report_os_errors,
)
from netart.files.byte_counts import spell_bytes
from netart.files.films.animation import ANIMATIONS
from netart.files.films.codecs import FILM_FORMATS
from netart.files.films.encoding import (
    FilmEncoding,
    check_rate,
    still_path,
    stills_there,
)
from netart.files.films.fitting import describe, write_within
from netart.files.films.forecast import Forecast, foresee
from netart.files.films.identity import identify
from netart.files.films.rendition import Frames, Rendition
from netart.files.films.video import FilmSpec, encode, holds_frames, join
from netart.files.limits import MAX_METADATA_BYTES
from netart.files.metadata import make_metadata
from netart.files.overlap import consume_in_thread
from netart.files.stills.image import write_image
from netart.files.stills.plan import ImageEncoding, format_of, plan_image
from netart.files.stills.spec import ImageSpec
from netart.files.store import OURS, Store, open_store
from netart.files.temporary import temporary_folder
from netart.pixels import Size, check_size

LARGE_GIF = 20_000_000  # bytes
MAX_MOV_METADATA_BYTES = 65_535
EVEN = 64, 64  # a size that every codec takes


def _ignore(_: object) -> None:
    pass


@dataclass(frozen=True)
class Job:
    """A film that is being written."""

    film: Film
    spec: FilmSpec
    frames: Sequence[int]  # numbers of the film's frames, in the order of the file
    metadata: str  # that the file carries, empty for none
    progress: Callable[[int], None] = _ignore  # called with how many frames are done

    def draw_positions(self, positions: Iterable[int]) -> Iterator[Samples]:
        """The frames at these positions of the file, in the numbers of its encoder."""
        return self.draw((position, self.spec.numbers) for position in positions)

    def draw(self, positions: Iterable[tuple[int, Numbers]]) -> Iterator[Samples]:
        """The frames at these positions of the file, from 0, in these numbers."""
        width, height = self.spec.size
        frames = ((self.frames[position], numbers) for position, numbers in positions)
        for drawn in self.film.draw(frames):
            if drawn.shape != (height, width, 3):
                raise ValueError(f"a frame of {drawn.shape} in a film of {width}x{height}")
            yield drawn


def write_film(
    target: str | PathLike[str] | IO[bytes],
    encoding: FilmEncoding,
    film: Film,
    frames: Sequence[int] | None = None,
    *,
    metadata: bool = True,
    fresh: bool = False,
    allow_mixed: bool = False,
    new: bool = False,
    progress: Callable[[int], None] = _ignore,
    say: Callable[[str], None] = _ignore,
    foretell: Callable[[Forecast], None] | None = None,
) -> Rendition:
    """Draws the film's frames, by default all of them, and writes them to a file.

    target: a path, the pattern of numbered stills, or a stream. frames: numbers, in the order of
    the file. metadata: whether the file carries the timeline. fresh: starts over where an
    interrupted film could go on. allow_mixed: goes on also with what another version of netart or
    numpy, or another machine, has drawn, and starts over otherwise. new: nothing stands at the
    target, and what has appeared there meanwhile is not replaced. progress: called with how many
    frames are done; say: with what the user should know; foretell: with the size and the time of a
    long film after its first frames. Frames are drawn, and these are called, in this thread.

    The file appears whole or not at all; numbered stills appear one by one. An interrupted film
    goes on when this is called with the same arguments, and ends in the same bytes; what it has
    is in a hidden folder beside the target until then. Returns what became of the frames, which
    differs from what was asked for where max_bytes did not hold it. Raises NetartError.
    """
    path = Path(target) if isinstance(target, (str, PathLike)) else None
    frames = film.frames if frames is None else frames
    size, dither = film.size, film.timeline.shot.look.dither
    text = make_metadata(film.timeline, size).text if metadata else ""
    spec = check_film(path, encoding, size, film.rate, len(frames), text)
    job = Job(film, replace(spec, dither=dither), frames, text, progress)
    if spec.encoding.pixel_format != encoding.for_size(EVEN).pixel_format:
        say(
            f"{size[0]}x{size[1]}: sides are odd, so colour is stored whole "
            f"({spec.encoding.pixel_format}), which some players refuse"
        )
    shown = asked = Rendition.of(spec)
    if path is None:
        shown = _write_stream(cast("IO[bytes]", target), job)
    elif is_device(path):
        with Stream(path, str(path)) as stream:
            shown = _write_stream(stream, job)
    else:
        path = Path(os.path.realpath(path))
        if spec.encoding.format == "frames":
            _tell_of_others(spec.name, path, film, say)
        with open_store(
            path, identify(film, spec, frames, metadata), fresh, allow_mixed, say
        ) as store:
            if there := _count_kept(spec, store):
                say(f"{spec.name}: goes on: {there:,} of {spec.count:,} frames are there")
            elif foretell and spec.encoding.format != "frames":
                with report_os_errors(spec.name):
                    forecast = foresee(spec, store, job.draw_positions, text)
                if forecast:
                    foretell(forecast)
            if spec.encoding.format == "frames":
                each = ImageEncoding(None, encoding.bits, encoding.quality, metadata)
                _write_stills(path, job, store, each)
            else:
                shown = _write_file(path, job, store, new)
        if spec.encoding.format == "gif":
            _tell_of_size(path, say)
    if shown != asked and spec.encoding.max_bytes:
        limit = spell_bytes(spec.encoding.max_bytes)
        say(f"{spec.name}: {describe(spec.encoding.format, shown)}: so it has at most {limit}")
    return shown


def _tell_of_others(name: str, pattern: Path, film: Film, say: Callable[[str], None]) -> None:
    """Says which numbered stills are there that cannot be of this film, but of a longer one."""
    with report_os_errors(pattern):
        others = [number for number in stills_there(pattern) if number not in film.frames]
    if others:
        spans = ", ".join(
            f"{first} to {last}" if first < last else str(first) for first, last in _spans(others)
        )
        say(
            f"{name}: other frames are there, too ({spans}), and not of this film, which has "
            f"{len(film.frames):,}"
        )


def _spans(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as spans, from a first to a last one."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        joins = bool(spans) and spans[-1][1] == number - 1
        first = spans.pop()[0] if joins else number
        spans.append((first, number))
    return spans


def _tell_of_size(path: Path, say: Callable[[str], None]) -> None:
    """Says that a GIF has become large."""
    try:
        size = path.stat().st_size
    except OSError:  # the film itself is complete
        return
    if size > LARGE_GIF:
        say(
            f"{path}: {size / 1e6:.0f} MB: fewer frames or a smaller size help, and .webp or .mp4 "
            "take a fraction of it"
        )


def check_film(
    path: Path | None, encoding: FilmEncoding, size: Size, rate: Fraction, count: int, metadata: str
) -> FilmSpec:
    """The film that would be written, or why it cannot be. path: None for a stream. Raises
    NetartError.
    """
    form = FILM_FORMATS[encoding.format]
    check_size(size)
    check_rate(rate, form)
    spec = FilmSpec(str(path or "-"), encoding.for_size(size), size, rate, count)
    if count < 1:
        raise NetartError("a film needs at least one frame")
    most = MAX_MOV_METADATA_BYTES if form.name == "mov" else MAX_METADATA_BYTES
    if len(metadata.encode()) > most:
        raise NetartError(f"{form.name} cannot carry metadata of more than {most:,} bytes")
    if form.name == "frames":
        if path is None:
            raise NetartError("-: numbered frames are many files: a pipe takes one")
        check_target(still_path(path, 1))
    elif path:
        check_target(path)
    return spec


def _count_kept(spec: FilmSpec, store: Store) -> int:
    """How many frames an interrupted film has left, if none is damaged."""
    single = store.count("frame") + store.count("still")
    return min(spec.count, single + spec.segment * store.count("segment"))


def _write_file(path: Path, job: Job, store: Store, new: bool) -> Rendition:
    segments = list(_segments(job, store, True))
    with report_os_errors(path), store.temporary() as joined:
        shown = _join(joined, job, segments)
        with joined.open("r+b") as file:
            os.fsync(file.fileno())
        move_into_place(joined, path, new)
    return shown


def _write_stream(stream: IO[bytes], job: Job) -> Rendition:
    """Writes the film into a stream, and keeps nothing for a second try."""
    spec = job.spec
    with ExitStack() as stack:
        with report_os_errors(spec.name):
            store = Store(stack.enter_context(temporary_folder(OURS.pattern)))
        segments = stack.enter_context(closing(_segments(job, store, False)))
        if FILM_FORMATS[spec.encoding.format].streams and spec.encoding.max_bytes is None:
            return _join(stream, job, segments)
        with report_os_errors(spec.name), store.temporary() as joined:
            shown = _join(joined, job, segments)
            with joined.open("rb") as file:
                shutil.copyfileobj(file, stream)
    return shown


def _join(place: Path | IO[bytes], job: Job, segments: Iterable[Path]) -> Rendition:
    """Makes the film's file of its segments. Returns what became of its frames."""
    spec, asked = job.spec, Rendition.of(job.spec)
    form, max_bytes = spec.encoding.format, spec.encoding.max_bytes
    if form not in ANIMATIONS:
        join(place, spec, segments, job.metadata)
        return asked
    with report_os_errors(spec.name):
        opened = place.open("w+b") if isinstance(place, Path) else nullcontext(place)
        with opened as out:
            if max_bytes is None:
                again = list(segments) if form == "gif" else segments  # a GIF reads them twice
                ANIMATIONS[form](out, asked, Frames(spec, again, asked), job.metadata)
                return asked
            return write_within(out, spec, list(segments), asked, max_bytes, job.metadata)


def _segments(job: Job, store: Store, keep_frames: bool) -> Generator[Path]:
    """The film's segments in order; frames are drawn here, where they are not in the store.

    A frame is encoded while the next is drawn, and so is the end of a segment while the next one
    begins: encoders look far ahead.
    """
    here, ahead = tee(_find_parts(job.spec, store))  # drawing looks beyond a segment's end
    drawn = job.draw_positions(k for parts in ahead for k in parts.missing)
    ready: Callable[[], Path] | None = None
    with ThreadPoolExecutor(1, "netart-film") as pool:
        for index, parts in enumerate(here):
            coming: Callable[[], Path]
            if parts.whole:
                job.progress(parts.positions.stop)
                coming = partial(Path, parts.whole)
            else:
                make = partial(_encode_segment, job.spec, store, index, keep_frames)
                coming = consume_in_thread(pool, make, _frames(job, parts, drawn)).result
            if ready:
                yield ready()
            ready = coming
        if ready:
            yield ready()


class Parts(NamedTuple):
    """What there is of a segment already."""

    positions: range  # of its frames in the file
    whole: Path | None  # where it is complete
    frames: dict[int, Path]  # by their positions, where it is not

    @property
    def missing(self) -> list[int]:
        """The positions of frames that must be drawn."""
        return [k for k in self.positions if not self.whole and k not in self.frames]


def _find_parts(spec: FilmSpec, store: Store) -> Iterator[Parts]:
    """What the store has of each segment."""
    width, height = spec.size
    size = 3 * width * height * np.dtype(spec.numbers.dtype).itemsize  # of a frame, in bytes

    def is_frame(path: Path) -> bool:
        return path.stat().st_size == size

    for index, start in enumerate(range(0, spec.count, spec.segment)):
        positions = range(start, min(start + spec.segment, spec.count))
        whole = store.find("segment", index, fits=partial(holds_frames, spec, len(positions)))
        found = {} if whole else {k: store.find("frame", k, fits=is_frame) for k in positions}
        yield Parts(positions, whole, {k: path for k, path in found.items() if path})


def _frames(job: Job, parts: Parts, drawn: Iterator[Samples]) -> Iterator[Samples]:
    """The frames of a segment: those that were kept, and of those that are drawn the next ones."""
    width, height = job.spec.size
    for position in parts.positions:
        if kept := parts.frames.get(position):
            with report_os_errors(job.spec.name):
                levels = kept.read_bytes()
            yield np.frombuffer(levels, job.spec.numbers.dtype).reshape(height, width, 3)
        else:
            yield next(drawn)
        job.progress(position + 1)


def _encode_segment(
    spec: FilmSpec, store: Store, index: int, keep_frames: bool, frames: Iterator[Samples]
) -> Path:
    """Makes the frames a segment of the store; they are kept themselves until it is complete."""
    start = index * spec.segment

    def keep() -> Iterator[Samples]:
        for position, frame in enumerate(frames, start):
            if keep_frames:
                store.keep_raw("frame", position, frame.data)
            yield frame

    with report_os_errors(spec.name), store.temporary() as path:
        encode(path, spec, keep())
        segment = store.keep("segment", index, path)
        store.drop("frame", range(start, start + spec.segment))
        return segment


def _write_stills(pattern: Path, job: Job, store: Store, encoding: ImageEncoding) -> None:
    """Each still is written while the next is drawn."""
    film, size, form = job.film, job.spec.size, format_of(pattern, encoding)
    plan_image(still_path(pattern, 1), film.shot(job.frames[0]), size, encoding)  # checks the place
    plain = replace(encoding, format=form.name)

    def plan() -> Iterator[tuple[int, Path, ImageSpec | None]]:
        for position, number in enumerate(job.frames):
            path = Path(os.path.realpath(still_path(pattern, number)))
            there = store.find("still", position, path)
            spec = None if there else plan_image(None, film.shot(number), size, plain)
            yield position, path, spec

    here, ahead = tee(plan())  # drawing looks beyond the still that is next
    drawn = job.draw((position, spec.numbers) for position, _, spec in ahead if spec)

    def missing() -> Iterator[tuple[int, Path, Samples, ImageSpec]]:
        for position, path, spec in here:
            if spec:
                yield position, path, next(drawn), spec
            job.progress(position + 1)

    def write(stills: Iterator[tuple[int, Path, Samples, ImageSpec]]) -> None:
        for position, path, samples, spec in stills:
            with report_os_errors(path), store.temporary() as temporary:
                with temporary.open("w+b") as file:
                    write_image(file, spec, [samples], seekable=True)
                store.keep("still", position, temporary, path)

    with ThreadPoolExecutor(1, "netart-stills") as pool:
        consume_in_thread(pool, write, missing()).result()

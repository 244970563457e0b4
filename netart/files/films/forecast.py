"""How large a film becomes and how long it takes, found out on a few of its frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import NamedTuple

import numpy as np

from netart.evaluate.numbers import Samples
from netart.files.films.animation import ANIMATIONS
from netart.files.films.fitting import estimate
from netart.files.films.rendition import Rendition
from netart.files.films.video import FilmSpec, encode, packet_sizes
from netart.files.store import Store
from netart.pixels import Size

LONG_S = 20.0  # films that take less are drawn without one
PLACES = 6  # of a film, of which a frame is drawn
# The same where frames are coded by the ones before: places, and frames one after the other there.
RUNS, MAX_RUN = 3, 10
LATER = 1.1  # what frames later in a film take of those in such a run: 1.05 to 1.25 in four films
MAX_RUN_BYTES = 1 << 27  # of raw frames that are held at once
SMALLER = 2 / 3  # of the sides of a size that might do as well


class Forecast(NamedTuple):
    """What a film is going to be."""

    size: float  # of its file, in bytes
    seconds: float  # from its first frame to its last byte
    smaller: tuple[Size, float] | None  # of an animation: a smaller size, and its bytes


def foresee(
    film: FilmSpec, store: Store, draw: Callable[[Sequence[int]], Iterator[Samples]], metadata: str
) -> Forecast | None:
    """A forecast from frames at a few places of a film, which the store keeps; None for a short
    film.

    draw: draws the frames at these positions. Raises NetartError and OSError.
    """
    there: dict[int, Samples] = {}
    draw_s = encode_s = 0.0

    def take(positions: Sequence[int]) -> list[Samples]:
        """The frames at these positions, which the store keeps, too."""
        nonlocal draw_s
        begin_s = time.perf_counter()
        missing = [position for position in positions if position not in there]
        for position, frame in zip(missing, draw(missing), strict=True):
            store.keep_raw("frame", position, frame.data)
            there[position] = frame
        draw_s += time.perf_counter() - begin_s
        return [there[position] for position in positions]

    (middle,) = take([film.count // 2])  # the first may have fewer layers
    if draw_s * film.count < LONG_S:
        return None
    first: list[Samples] = []  # of each run
    key: list[int] = []  # bytes
    further: list[int] = []
    runs = _runs(film, middle.nbytes)
    for positions in runs:
        frames = take(positions)
        begin_s = time.perf_counter()
        with store.temporary() as path:
            encode(path, film, frames)
            sizes = packet_sizes(film, path)
            path.unlink()
        encode_s += time.perf_counter() - begin_s
        key.append(sizes[0])
        further += sizes[1:]
        first.append(frames[0])
        for position in positions:
            del there[position]
    count = sum(map(len, runs))
    seconds = (draw_s + encode_s) / count * film.count
    if seconds < LONG_S:
        return None
    if film.encoding.format in ANIMATIONS:
        return _of_animation(film, first, seconds, metadata)
    keys = film.count if film.codec.intra else ceil(film.count / film.segment)
    size = np.mean(key) * keys
    if further:
        size += LATER * np.mean(further) * (film.count - keys)
    return Forecast(float(size) + len(metadata), seconds, None)


def _runs(film: FilmSpec, frame_bytes: int) -> list[range]:
    """The positions that are drawn, none of them twice: frames one after the other where one is
    coded by the last.
    """
    run, places = 1, min(PLACES, film.count)
    if not film.codec.intra:
        run = min(MAX_RUN, max(2, MAX_RUN_BYTES // frame_bytes))
        places = RUNS if film.count >= RUNS * run else 1
    starts = [film.count * (2 * k + 1) // (2 * places) for k in range(places)]
    return [range(start, min(start + run, film.count)) for start in starts]


def _of_animation(
    film: FilmSpec, samples: Sequence[Samples], seconds: float, metadata: str
) -> Forecast:
    """The forecast of a film whose file netart writes of frames by themselves. seconds: that all
    else takes.
    """
    form, rendition = film.encoding.format, Rendition.of(film)
    begin_s = time.perf_counter()
    size = estimate(form, rendition, samples, metadata)
    seconds += (time.perf_counter() - begin_s) / len(samples) * film.count
    if (limit := film.encoding.max_bytes) and size > limit:
        return Forecast(limit, seconds, None)
    width, height = film.size
    less = max(2, round(width * SMALLER / 2) * 2), max(2, round(height * SMALLER / 2) * 2)
    smaller = estimate(form, replace(rendition, size=less), samples, metadata)
    return Forecast(size, seconds, (less, smaller))

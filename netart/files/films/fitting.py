"""Makes an animation small enough: fewer colours or less quality, then smaller frames, then fewer.

A few frames that stand for all of them tell how large a file becomes, so that all are encoded once,
or twice where the few were not like the rest.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path
from typing import IO, Any

from netart.errors import NetartError
from netart.files.byte_counts import spell_bytes
from netart.files.films.animation import ANIMATIONS
from netart.files.films.rendition import Frames, Rendition, resize
from netart.files.films.video import FilmSpec, Frame, decode
from netart.pixels import Size

# Format → colours or qualities: those of large frames, and those of the smallest and fewest. Bands
# of a GIF with fewer than 128 colours are seen sooner than that its frames are a little smaller.
GOOD = {"gif": (192, 160, 128), "webp": (80, 70, 60, 50)}
POOR = {"gif": (96, 64, 32, 16, 8), "webp": (40, 30, 20, 10, 1)}
SHRINK = 0.94  # of sides, from one size to the next
# Pixels on the shorter side of a frame, at least, before and after some are left out; of small
# frames a share of their own.
GOOD_SIDE, POOR_SIDE = 240, 96
GOOD_SHARE, POOR_SHARE = 0.7, 0.4
STEPS = 2, 3, 4  # every second frame is shown, and so on
MIN_RATE = 5  # frames a second that are shown, at least
SAMPLES, MIN_SAMPLES = 12, 3
SAMPLE_PIXELS = 4_000_000  # of all samples together, where these are more than a few
MAX_TRIES = 4  # of all frames
SAFETY = 1.02  # how much larger than estimated a file may be


def write_within(
    out: IO[bytes],
    film: FilmSpec,
    segments: Sequence[Path],
    rendition: Rendition,
    max_bytes: int,
    metadata: str,
) -> Rendition:
    """Writes the best rendition whose file has at most so many bytes, and returns it.

    out: it must seek. rendition: the one that is written where it fits. Raises NetartError where
    not even the poorest does.
    """
    form, ladder = film.encoding.format, poorer(film.encoding.format, rendition)
    samples, last = sample(film, segments), len(ladder) - 1
    sizes: dict[int, float] = {}  # as estimated
    factor, least = SAFETY, 0

    def fits(rung: int) -> bool:
        if rung not in sizes:
            sizes[rung] = estimate(form, ladder[rung], samples, metadata)
        return sizes[rung] * factor <= max_bytes

    for attempt in range(MAX_TRIES):
        rung = last if attempt == MAX_TRIES - 1 else _first(fits, least, last)
        chosen = ladder[rung]
        out.seek(0)
        out.truncate()
        ANIMATIONS[form](out, chosen, Frames(film, segments, chosen), metadata)
        size = out.seek(0, io.SEEK_END)
        if size <= max_bytes:
            return chosen
        if rung == last:
            break
        factor, least = SAFETY * size / sizes[rung], rung + 1
    raise NetartError(
        f"{film.name}: {spell_bytes(size)} with {describe(form, chosen)}, more than "
        f"{spell_bytes(max_bytes)}: fewer frames help"
    )


def _first(fits: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from `low` on that fits; `high` where none below it does."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    return low


def poorer(form: str, rendition: Rendition) -> list[Rendition]:
    """Renditions of a format that take less and less, this one first."""
    found = [rendition]

    def add(**fields: Any) -> None:
        found.append(replace(found[-1], **fields))

    quality, rate, shorter = rendition.quality or 0, rendition.rate, min(rendition.size)
    for lower in (q for q in GOOD[form] if q < quality):
        add(quality=lower)
    for size in _sizes(rendition.size, min(GOOD_SIDE, GOOD_SHARE * shorter)):
        add(size=size)
    for step in (step for step in STEPS if rate / step >= MIN_RATE):
        add(step=step)
    for size in _sizes(found[-1].size, min(POOR_SIDE, POOR_SHARE * shorter)):
        add(size=size)
    for lower in (q for q in POOR[form] if q < quality):
        add(quality=lower)
    return found


def _sizes(size: Size, shorter: float) -> Iterable[Size]:
    """Smaller and smaller sizes of the same shape, with at least so many pixels on a side."""
    scales = (SHRINK**k for k in count(1))
    width, height = size
    return (
        (round(width * scale), round(height * scale))
        for scale in takewhile(lambda scale: min(size) * scale >= shorter, scales)
    )


def sample(film: FilmSpec, segments: Sequence[Path]) -> list[Frame]:
    """A few frames that are spread over a film."""
    width, height = film.size
    most = min(SAMPLES, max(MIN_SAMPLES, SAMPLE_PIXELS // (width * height)), film.count)
    positions = {film.count * (2 * k + 1) // (2 * most) for k in range(most)}
    return [frame for k, frame in enumerate(decode(film, segments)) if k in positions]


def estimate(form: str, rendition: Rendition, samples: Sequence[Frame], metadata: str) -> float:
    """How many bytes the file of a rendition has, where these frames of the film stand for all."""
    out = io.BytesIO()
    few = replace(rendition, drawn=len(samples), step=1)
    ANIMATIONS[form](out, few, [resize(frame, few.size) for frame in samples], "")
    return len(out.getbuffer()) / len(samples) * rendition.count + len(metadata)


def describe(form: str, rendition: Rendition) -> str:
    """What was chosen, in words."""
    quality = rendition.quality
    good = f"{quality} colours" if form == "gif" else f"quality {quality}"
    rate = float(rendition.rate / rendition.step)
    return f"{good}, {rendition.size[0]}x{rendition.size[1]} pixels, {rate:.3g} frames a second"

"""Whether encoding holds drawing up: `python pipeline.py ROUNDS SIDE FRAMES`. Prints JSON.

A still of SIDE × SIDE pixels and a film of FRAMES frames are drawn on the processor, all in this
process and in turn: drawn into memory; encoded from there, with all cores free; both together; and
drawn for an encoder that sleeps, in all about as long as drawing takes. Seconds are the least of
ROUNDS, since whatever else runs here only adds to them; what is a ratio within a round is a median.
A row of the JSON is a Target.

Drawing alone keeps all cores busy already: beside an encoder that works too it can only take
longer, so the two together are compared with the sum of both. An encoder that sleeps leaves the
cores to drawing: that is compared with the longer of the two.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from unittest.mock import patch

from msgspec.structs import replace
from report import Target

from netart.draw.film import Film
from netart.draw.measurement import measured_film
from netart.evaluate.backend import open_evaluator
from netart.evaluate.numbers import Samples
from netart.evaluate.request import Evaluator
from netart.files.films.encoding import film_encoding
from netart.files.films.film import check_film, write_film
from netart.files.source import read_source
from netart.files.stills.formats import IMAGE_FORMATS
from netart.files.stills.image import draw_to_path
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.lens import measured, strips

STILL, FILM = "silk", "lava"  # presets
FRAME = 640, 640  # pixels


class Work(NamedTuple):
    """Something that is drawn piece by piece, and encoded."""

    what: str
    draw: Callable[[], Iterator[Samples]]
    encode: Callable[[Iterable[Samples]], None]
    sleeping: Callable[[float], Any]  # replaces the encoder by one that sleeps for each piece


class Watched:
    """Pieces that are drawn while they are asked for, by the clock."""

    def __init__(self, pieces: Iterator[Samples]) -> None:
        self.drawn_s = 0.0  # that drawing took
        self.held_s = 0.0  # from when a piece was drawn until the next was asked for
        self._pieces = pieces

    def __iter__(self) -> Iterator[Samples]:
        asked_s = time.perf_counter()
        for piece in self._pieces:
            there_s = time.perf_counter()
            self.drawn_s += there_s - asked_s
            yield piece
            asked_s = time.perf_counter()
            self.held_s += asked_s - there_s


def still(side: int, evaluator: Evaluator, folder: Path) -> Work:
    """A preset as PNG."""
    shot, size = measured(read_source(STILL).document), (side, side)
    spec = plan_image(folder / "still.png", shot, size, ImageEncoding())

    def sleeping(piece_s: float) -> Any:
        def write(file: Any, spec: Any, pieces: Iterable[Samples]) -> None:
            for _ in pieces:
                time.sleep(piece_s)

        return patch.dict(IMAGE_FORMATS, png=IMAGE_FORMATS["png"]._replace(write=write))

    return Work(
        f"{STILL}, {side}², as PNG",
        lambda: strips(shot, size, evaluator, spec.numbers),
        lambda pieces: draw_to_path(spec, lambda _: pieces),
        sleeping,
    )


@dataclass(frozen=True)
class Given(Film):
    """A film whose frames come from elsewhere."""

    pieces: Iterable[Samples] = ()

    def draw(self, frames: Any) -> Iterator[Samples]:
        return iter(self.pieces)


def film(frames: int, evaluator: Evaluator, folder: Path) -> Work:
    """A preset's film as MP4."""
    path, whole = folder / "film.mp4", measured_film(read_source(FILM).document)
    timeline = replace(whole, pace=replace(whole.pace, frames=frames))
    drawn, encoding = Film(timeline, FRAME, evaluator), film_encoding(str(path))
    numbers = check_film(path, encoding, FRAME, drawn.rate, frames, "").numbers

    def sleeping(piece_s: float) -> Any:
        def encode(path: Path, spec: Any, pieces: Iterable[Samples]) -> None:
            for _ in pieces:
                time.sleep(piece_s)
            path.touch()

        def join(path: Path, *_: Any) -> None:
            path.touch()

        return patch.multiple("netart.files.films.film", encode=encode, join=join)

    return Work(
        f"{FILM}, {frames} frames of {FRAME[0]}², as MP4",
        lambda: drawn.draw((frame, numbers) for frame in drawn.frames),
        lambda pieces: write_film(path, encoding, Given(timeline, FRAME, evaluator, pieces)),
        sleeping,
    )


def seconds(work: Callable[[], object]) -> float:
    """That it takes."""
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


class Round(NamedTuple):
    """What was measured of a work, once."""

    draw_s: float
    encode_s: float
    both_s: float
    held: float  # the share of the drawing thread's time in which it does not draw
    beside: float  # both, with an encoder that sleeps, over the longer of drawing and sleeping


def measure(work: Work) -> Round:
    """Draws and encodes it, alone and together."""
    pieces: list[Samples] = []
    draw_s = seconds(lambda: pieces.extend(work.draw()))
    encode_s = seconds(lambda: work.encode(pieces))
    both = Watched(work.draw())
    both_s = seconds(lambda: work.encode(both))
    piece_s = draw_s / len(pieces)
    beside = Watched(work.draw())
    with work.sleeping(piece_s):
        beside_s = seconds(lambda: work.encode(beside))
    held = both.held_s / (both.drawn_s + both.held_s)
    return Round(
        draw_s, encode_s, both_s, held, beside_s / max(beside.drawn_s, piece_s * len(pieces))
    )


def targets(work: Work, rounds: int) -> list[Target]:
    """Figures and their bounds."""
    every = [measure(work) for _ in range(rounds)]
    draw_s, encode_s, both_s = map(min, zip(*(one[:3] for one in every), strict=True))
    parts = f"together {both_s:.2f} s / ({draw_s:.2f} s drawing + {encode_s:.2f} s encoding)"
    held, beside = (median(one[k] for one in every) for k in (3, 4))
    return [
        Target(f"{work.what}: {parts}", both_s / (draw_s + encode_s), 1.05, "×", False),
        Target(
            f"{work.what}: drawing waits for the encoder", 100 * held, 5, "% of its time", False
        ),
        Target(f"{work.what}: beside an encoder that sleeps / the longer", beside, 1.1, "×", False),
    ]


def main(rounds: int, side: int, frames: int) -> None:
    with TemporaryDirectory() as folder, open_evaluator("cpu") as evaluator:
        place = Path(folder)
        works = still(side, evaluator, place), film(frames, evaluator, place)
        print(json.dumps([row for work in works for row in targets(work, rounds)]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

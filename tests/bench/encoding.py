"""What it takes to write a picture or a film whose pixels are there already.

`python encoding.py png FILE WIDTHxHEIGHT` or `python encoding.py mp4 FILE WIDTHxHEIGHT FRAMES`
draws what `netart render silk` or `netart animate lava` draws, keeps the pixels in memory, and then
writes them by the clock, as these commands do. Prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from netart.draw.film import Film
from netart.draw.measurement import measured_film
from netart.evaluate.backend import open_evaluator
from netart.evaluate.numbers import Numbers, Samples
from netart.files.films.encoding import film_encoding
from netart.files.films.film import write_film
from netart.files.source import read_source
from netart.files.stills.image import draw_to_path
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.lens import strips
from netart.pixels import Size


@dataclass(frozen=True)
class Kept(Film):
    """A film whose frames are drawn once and then come out of memory."""

    drawn: dict[int, Samples]

    def draw(self, frames: Iterable[tuple[int, Numbers | None]]) -> Iterator[Samples]:
        for frame, numbers in frames:
            if frame not in self.drawn:
                (self.drawn[frame],) = super().draw([(frame, numbers)])
            yield self.drawn[frame]


def picture_s(path: Path, size: Size) -> float:
    """Seconds that the PNG of silk takes when its pixels are there."""
    shot = read_source("silk").document
    spec = plan_image(path, shot, size, ImageEncoding())
    with open_evaluator() as evaluator:
        kept = list(strips(shot, size, evaluator, spec.numbers))
    start = time.perf_counter()
    draw_to_path(spec, lambda numbers: kept)
    return time.perf_counter() - start


def film_s(path: Path, size: Size, frames: int) -> float:
    """Seconds that the film of lava takes when its frames are there."""
    timeline, encoding = read_source("lava").document, film_encoding(str(path))
    timeline = replace(timeline, pace=replace(timeline.pace, frames=frames))
    with open_evaluator() as evaluator:
        film = Kept(measured_film(timeline), size, evaluator, {})
        write_film(path, encoding, film)
        start = time.perf_counter()
        write_film(path, encoding, film)
        return time.perf_counter() - start


def measured(what: str, file: str, size: str, *frames: str) -> dict[str, float]:
    """What the process says."""
    width, height = map(int, size.split("x"))
    if what == "png":
        return {"time_s": picture_s(Path(file), (width, height))}
    return {"time_s": film_s(Path(file), (width, height), int(*frames))}


if __name__ == "__main__":
    print(json.dumps(measured(*sys.argv[1:])))

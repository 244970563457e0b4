"""Films of known frames, written by netart and read by PyAV and Pillow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

import av
import numpy as np
from PIL import Image, ImageSequence

from netart.draw.film import Film
from netart.evaluate.numbers import Numbers
from netart.files import metadata
from netart.files.films.encoding import film_encoding
from netart.files.films.film import write_film
from netart.files.limits import open_regular
from netart.files.metadata import FindText
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from tests.shots import REFERENCE, shot

RATE = Fraction(30000, 1001)
NOTE = '{"film": "F\\u00e4hre \\\\"7\\\\"", "numbers": [1, 2, 3]}'  # as notes are
ANIMATED = (".gif", ".png", ".apng", ".webp")


def frame_of(size: tuple[int, int]) -> Callable[[int], np.ndarray]:
    """Smooth pictures that no flip, transpose or shuffle of frames leaves alone."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))

    def frame(number: int) -> np.ndarray:
        t = number / 30
        red = 0.5 + 0.5 * np.sin(2 * x + 0.8 * y + t)
        green = 0.9 * x * y + 0.05 * np.cos(t)
        blue = 0.3 + 0.6 * y * np.cos(x + t) ** 2
        return np.stack([red, green, blue], axis=2).clip(0, 1).astype(np.float32)

    return frame


@dataclass(frozen=True)
class Made(Film):
    """A film whose frames a function makes, instead of the timeline."""

    make: Callable[[int], np.ndarray]
    identity: str = "a film"

    def shot(self, number: int) -> Shot:
        return shot(seed=str(number))

    def draw(self, frames: Iterable[tuple[int, Numbers | None]]) -> Iterator[np.ndarray]:
        for number, numbers in frames:
            yield numbers.of(self.make(number)) if numbers else self.make(number)


def read_text(path: Path, find_text: FindText) -> str:
    """What a file carries, as netart reads it."""
    with open_regular(path) as file:
        return metadata.read_text(file, find_text)


def made(size: tuple[int, int], count: int = 9, **wishes: Any) -> Made:
    """A film of `frame_of`. wishes: rate, and fields of Made."""
    rate = str(wishes.pop("rate", RATE))
    timeline = Timeline(shot=Shot(), tracks=(), pace=Pace(frames=count, rate=rate))
    return Made(timeline, size, REFERENCE, **{"make": frame_of(size), **wishes})


def write(path: Path, size: tuple[int, int], count: int = 9, **wishes: Any) -> Path:
    """Writes such a film. wishes: of film_encoding, of `made`, or of write_film; text: its
    metadata.
    """
    encoding = film_encoding(str(path), **_taken(wishes, ENCODING))
    numbers = wishes.pop("numbers", range(1, count + 1))
    film = made(size, max(numbers), **_taken(wishes, ("make", "rate", "identity")))
    with with_metadata(wishes.pop("text", NOTE)):
        write_film(path, encoding, film, numbers, **wishes)
    return path


def with_metadata(text: str) -> Any:
    """Films carry this text instead of their timelines."""
    return patch("netart.files.films.film.make_metadata", lambda *_: SimpleNamespace(text=text))


ENCODING = (
    "format", "codec", "quality", "pixel_format", "bits", "crf", "colors", "repeat", "max_bytes",
)  # fmt: skip


def _taken(wishes: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: wishes.pop(name) for name in names if name in wishes}


class Seen(NamedTuple):
    """frames: (height, width, 3) uint8; starts of the frames, and the duration, in seconds."""

    frames: list[np.ndarray]
    starts: list[float]
    duration: float
    rate: Fraction | None = None


def seen(path: Path) -> Seen:
    """What a player shows."""
    if path.suffix in ANIMATED:
        return _animation(path)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        pictures = list(film.decode(stream))
        return Seen(
            [picture.to_ndarray(format="rgb24") for picture in pictures],
            [float(picture.time) for picture in pictures],
            (film.duration or 0) / 1e6,  # unknown in a stream
            stream.average_rate,
        )


def _animation(path: Path) -> Seen:
    frames, starts, at = [], [], 0.0
    with Image.open(path) as image:
        assert image.info.get("loop") == 0
        for picture in ImageSequence.Iterator(image):
            frames.append(np.asarray(picture.convert("RGB")))
            starts.append(at)
            at += picture.info["duration"] / 1000
    return Seen(frames, starts, at)


def expected(size: tuple[int, int], numbers: Sequence[int]) -> list[np.ndarray]:
    """The 8-bit frames that were asked for."""
    return [np.floor(frame_of(size)(number) * 255 + 0.5).astype(np.uint8) for number in numbers]

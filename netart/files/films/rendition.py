"""How frames go into the file of an animation: which of them, how large, how good, how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np

from netart.files.films.encoding import FOREVER, Repeat
from netart.files.films.video import FilmSpec, Frame, decode
from netart.pixels import Size


@dataclass(frozen=True)
class Rendition:
    """How the frames of a film become an animation: a GIF, APNG or WebP."""

    size: Size  # of a frame
    rate: Fraction  # of the film's frames, a second
    drawn: int  # frames of the film
    quality: int | None  # colours of a GIF, quality of a WebP; None: without loss
    repeat: Repeat
    step: int = 1  # every step-th frame of the film is shown, and lasts as long as `step` frames

    @classmethod
    def of(cls, film: FilmSpec) -> Rendition:
        """All frames of a film, as they were drawn."""
        encoding = film.encoding
        quality = encoding.quality if encoding.colors is None else encoding.colors
        quality = None if quality == "lossless" else quality
        repeat: Repeat = encoding.repeat or FOREVER
        return cls(film.size, film.rate, film.count, quality, repeat)

    @property
    def count(self) -> int:
        """How many frames are shown."""
        return ceil(self.drawn / self.step)

    @property
    def plays(self) -> int:
        """How often they are, 0 for ever."""
        return 0 if self.repeat == FOREVER else int(self.repeat)

    def delays(self, ticks: int) -> list[int]:
        """What each frame lasts in 1/ticks s, so rounded that the total is right."""
        starts = [min(number * self.step, self.drawn) for number in range(self.count + 1)]
        ends = [round(ticks * start / self.rate) for start in starts]
        return [end - start for start, end in pairwise(ends)]


@dataclass(frozen=True)
class Frames:
    """The frames that a rendition shows, from the lossless segments of the film.

    They can be read again where the segments can.
    """

    film: FilmSpec
    segments: Iterable[Path]
    rendition: Rendition

    def __iter__(self) -> Iterator[Frame]:
        """Raises NetartError."""
        for number, frame in enumerate(decode(self.film, self.segments)):
            if number % self.rendition.step == 0:
                yield resize(frame, self.rendition.size)


def resize(frame: Frame, size: Size) -> Frame:
    """The frame at this size, which is no larger; each pixel is a mean of those it covers."""
    height, width, _ = frame.shape
    if size == (width, height):
        return frame
    from PIL import Image

    smaller = Image.fromarray(frame).resize(size, Image.Resampling.BOX)
    return np.asarray(smaller)

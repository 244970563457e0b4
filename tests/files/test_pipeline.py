"""Drawing, reading back and encoding go on at the same time, and so take as long as the longest;
and as much memory as a strip does.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart import lens
from netart.draw.film import Film
from netart.evaluate.request import Evaluator
from netart.files.films import video
from netart.files.films.encoding import film_encoding
from netart.files.films.film import write_film
from netart.files.stills.formats import IMAGE_FORMATS
from netart.files.stills.image import draw_to_path
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.pixels import Pixels, Size, Window
from netart.shot.timeline import Pace, Timeline
from tests.shots import Told, shot

pytestmark = pytest.mark.slow

PIECES = 40  # strips, or frames
PIECE_S = 0.02  # for each of: drawing it, reading it back, encoding it
TRIES = 3  # a busy machine wakes sleepers late
SHOT = shot(layers="1x4", contrast="off")
STANDING = Timeline(shot=SHOT, tracks=(), pace=Pace(frames=PIECES, rate="30"))


class Sleeper:
    """Sleeps, and knows how long it has slept altogether."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def sleep(self, *_: object) -> None:
        start_s = time.perf_counter()
        time.sleep(PIECE_S)
        self.slept_s += time.perf_counter() - start_s


class Card(Evaluator):
    """Draws beside the thread that uses it, which reads back what is drawn: it sleeps for both."""

    name = "card"
    epsilon = 2.0**-23
    threads = 1
    kernels = "a card"

    def __init__(self) -> None:
        self.drawing, self.reading = Sleeper(), Sleeper()
        self._pool = ThreadPoolExecutor(1)

    def start(
        self, network: Any, view: Any, size: Size, window: Window, request: Any
    ) -> Callable[[], Pixels]:
        drawn = self._pool.submit(self.drawing.sleep)

        def wait() -> Pixels:
            drawn.result()
            self.reading.sleep()
            return np.zeros((window.height, window.width, 3), request.numbers.dtype)

        return wait

    def evaluate(self, *asked: Any) -> Pixels:
        return self.start(*asked)()

    def describe(self) -> str:
        return self.kernels

    def close(self) -> None:
        self._pool.shutdown()


def write_still(folder: Path, card: Card, patch: pytest.MonkeyPatch) -> Sleeper:
    """Writes a picture of PIECES strips; what its encoder has slept."""
    encoding, size = Sleeper(), (8, PIECES * lens.STRIP_ROWS)

    def write(file: Any, spec: Any, strips: Iterable[Pixels]) -> None:
        for strip in strips:
            encoding.sleep(strip)

    patch.setattr(lens, "STRIP_PIXELS", 1)
    patch.setitem(IMAGE_FORMATS, "png", IMAGE_FORMATS["png"]._replace(write=write))
    spec = plan_image(folder / "a.png", SHOT, size, ImageEncoding())
    draw_to_path(spec, lambda numbers: lens.strips(SHOT, size, card, numbers))
    return encoding


def write_frames(folder: Path, card: Card, patch: pytest.MonkeyPatch) -> Sleeper:
    """Writes a film of PIECES frames in three segments; what its encoder has slept."""
    encoding, path = Sleeper(), folder / "a.mp4"

    def encode(path: Path, spec: Any, frames: Iterator[Pixels]) -> None:
        for frame in frames:
            encoding.sleep(frame)
        path.touch()

    patch.setattr("netart.files.films.video.FilmSpec.segment", 16)
    patch.setattr("netart.files.films.film.encode", encode)
    patch.setattr("netart.files.films.film.join", lambda path, *_: path.touch())
    write_film(path, film_encoding(str(path)), Film(STANDING, (8, 8), card))
    return encoding


@pytest.mark.parametrize("write", [write_still, pytest.param(write_frames, marks=pytest.mark.long)])
def test_all_take_as_long_as_the_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., Sleeper]
) -> None:
    ratios = []
    for _ in range(TRIES):
        with closing(Card()) as card:
            start_s = time.perf_counter()
            encoding = write(tmp_path, card, monkeypatch)
            whole_s = time.perf_counter() - start_s
        longest_s = max(one.slept_s for one in (card.drawing, card.reading, encoding))
        assert longest_s >= PIECES * PIECE_S
        ratios.append(whole_s / longest_s)
    assert min(ratios) <= 1.1


def test_colours_are_converted_beside_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, set[int]] = {}

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            threads.setdefault(name, set()).add(threading.get_ident())
            return function(*arguments)

        return call

    evaluator, path = Told(), tmp_path / "a.mp4"
    monkeypatch.setattr(evaluator, "evaluate", noted("drawing", evaluator.evaluate))
    monkeypatch.setattr(video, "_convert", noted("converting", video._convert))
    write_film(path, film_encoding(str(path)), Film(STANDING, (8, 8), evaluator))
    assert threads["drawing"] == {threading.get_ident()}
    assert len(threads["converting"]) == 1
    assert threads["drawing"].isdisjoint(threads["converting"])


# A process of its own: a child's peak begins with the memory of whoever starts it.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_a_large_still_takes_the_memory_of_a_strip(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "netart", "render", "--layers", "1x4", "--backend", "cpu"]
    command += ["--size", "4096x4096", "-o", str(tmp_path / "large.png")]
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, *command], check=True, capture_output=True, text=True
    )
    assert int(ran.stdout) < 4096 * 4096 * 3 + 200e6

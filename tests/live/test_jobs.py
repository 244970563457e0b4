"""Stills and films that are written in threads of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from netart.cli.command_line import animate_command
from netart.errors import NetartError, ShaderError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import convert
from netart.evaluate.request import Evaluator
from netart.files.source import read_source
from netart.files.stills.image import write_picture
from netart.files.stills.plan import ImageEncoding
from netart.lens import picture, strips
from netart.live.jobs import Jobs
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from tests.live.driver import MOST_S, Moody
from tests.shots import shot

ONE = shot(layers="3x8", dither="true", samples="2")
SIZE = 61, 37

pytestmark = pytest.mark.usefixtures("folder")


def film_of(one: Shot, frames: int = 5) -> Timeline:
    made = FILMS["spin"](one)
    return Timeline(shot=made.shot, tracks=made.tracks, pace=Pace(frames=frames, rate="25"))


def made(evaluator: Evaluator, ask: Callable[[Jobs], None]) -> tuple[str, int]:
    """The message after the jobs, and how often the host was woken."""
    woken: list[int] = []
    jobs = Jobs(evaluator, animate_command, lambda: woken.append(1))
    ask(jobs)
    jobs.join()
    assert jobs.running == []
    assert jobs.progress == ""
    return jobs.take_message(), len(woken)


def frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize(
    "encoding", [ImageEncoding(), ImageEncoding("tiff", bits=16), ImageEncoding("webp")]
)
def test_a_still_is_what_render_writes(cpu: Cpu, folder: Path, encoding: ImageEncoding) -> None:
    said, woken = made(cpu, lambda jobs: jobs.save_still(ONE, SIZE, encoding, "name"))
    path = folder / f"name{encoding.suffix}"
    assert said == f"wrote {path.name}"
    assert woken
    wanted = folder / f"wanted{encoding.suffix}"
    write_picture(wanted, ONE, SIZE, convert(strips(ONE, SIZE, cpu)), encoding)
    assert path.read_bytes() == wanted.read_bytes()
    assert sorted(folder.iterdir()) == [path, wanted]


def test_stills_never_overwrite(cpu: Cpu, folder: Path) -> None:
    (folder / "name.png").write_bytes(b"mine")
    (folder / "name-3.png").write_bytes(b"mine too")
    shots = [shot(ONE, seed=str(seed)) for seed in range(4)]

    def ask(jobs: Jobs) -> None:
        for one in shots:
            jobs.save_still(one, SIZE, ImageEncoding(), "name")
        assert [str(job.path) for job in jobs.running] == [
            f"name-{number}.png" for number in (2, 4, 5, 6)
        ]
        slow.go.set()

    slow = Slow(cpu)
    made(slow, ask)
    assert (folder / "name.png").read_bytes() == b"mine"
    assert (folder / "name-3.png").read_bytes() == b"mine too"
    for one, number in zip(shots, (2, 4, 5, 6), strict=True):
        assert read_source(f"name-{number}.png").shot == one


def test_what_appears_meanwhile_is_not_replaced(cpu: Cpu, folder: Path) -> None:
    def ask(jobs: Jobs) -> None:
        jobs.save_still(ONE, SIZE, ImageEncoding(), "name")
        (folder / "name.png").write_bytes(b"mine")
        slow.go.set()

    slow = Slow(cpu)
    said, _ = made(slow, ask)
    assert said.startswith("name.png: ")
    assert "exists" in said.lower()
    assert (folder / "name.png").read_bytes() == b"mine"
    assert [path.name for path in folder.iterdir()] == ["name.png"]


class Slow(Moody):
    """Waits until it may go."""

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__(evaluator)
        self.go = threading.Event()

    def evaluate(self, *asked: object) -> np.ndarray:
        self.go.wait(MOST_S)
        return super().evaluate(*asked)


def test_how_far_it_is(cpu: Cpu) -> None:
    slow = Slow(cpu)
    jobs = Jobs(slow, animate_command, lambda: None)
    jobs.save_still(ONE, SIZE, ImageEncoding(), "name")
    assert jobs.progress == "writing name.png 0%"
    jobs.save_film(lambda: film_of(ONE), SIZE, "film")
    assert jobs.progress.split("   ")[1] == "writing film.mp4 0%"
    slow.go.set()
    jobs.join()


def test_a_film_and_its_text(cpu: Cpu, folder: Path) -> None:
    film = film_of(shot(ONE, samples="1"))
    said, woken = made(cpu, lambda jobs: jobs.save_film(lambda: film, SIZE, "hands"))
    assert said == "wrote hands.mp4"
    assert woken >= 5
    found = read_source(folder / "hands.toml")
    assert (found.document, found.size) == (film, (60, 36))  # all players take even sides
    assert read_source(folder / "hands.mp4").document == film
    shown = frames(folder / "hands.mp4")
    assert len(shown) == 5
    for number, frame in enumerate(shown, 1):
        wanted = 255 * picture(film.frame(number), (60, 36), cpu)
        assert np.abs(frame - wanted).mean() < 4
    assert sorted(path.name for path in folder.iterdir()) == ["hands.mp4", "hands.toml"]


def test_films_never_overwrite(cpu: Cpu, folder: Path) -> None:
    (folder / "hands.toml").write_text("mine")
    (folder / "hands-2.mp4").write_text("mine")

    def ask(jobs: Jobs) -> None:
        for _ in range(2):
            jobs.save_film(lambda: film_of(ONE), SIZE, "hands")
        slow.go.set()

    slow = Slow(cpu)
    made(slow, ask)
    assert (folder / "hands.toml").read_text() == "mine"
    assert (folder / "hands-2.mp4").read_text() == "mine"
    for name in ("hands-3", "hands-4"):
        assert read_source(folder / f"{name}.mp4").document == film_of(ONE)
        assert read_source(folder / f"{name}.toml").document == film_of(ONE)


def test_a_film_that_stops_can_go_on(cpu: Cpu, folder: Path) -> None:
    film = film_of(ONE, frames=40)
    moody = Moody(cpu)
    jobs = Jobs(moody, animate_command, lambda: None)
    jobs.save_film(lambda: film, SIZE, "hands")
    jobs.save_still(ONE, SIZE, ImageEncoding(), "still")
    end_s = time.perf_counter() + MOST_S
    while moody.asked < 6:
        assert time.perf_counter() < end_s
    assert jobs.stop_films() in ([Path("still.png")], [])
    jobs.join()
    assert not (folder / "hands.mp4").exists()
    assert (folder / "still.png").exists()
    assert read_source(folder / "hands.toml").document == film
    said = jobs.take_message()
    assert said in ("stopped: netart animate hands.toml -o hands.mp4 goes on", "wrote still.png")


def test_a_film_that_cannot_be_made_is_said(cpu: Cpu, folder: Path) -> None:
    def make() -> Timeline:
        raise NetartError("nothing has moved: there is no film")

    said, _ = made(cpu, lambda jobs: jobs.save_film(make, SIZE, "hands"))
    assert said == "nothing has moved: there is no film"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("wrong", [NetartError("out of luck"), ShaderError("out of luck")])
def test_what_the_evaluator_refuses_is_said(cpu: Cpu, folder: Path, wrong: Exception) -> None:
    moody = Moody(cpu)
    moody.wrong = wrong
    said, woken = made(moody, lambda jobs: jobs.save_still(ONE, SIZE, ImageEncoding(), "name"))
    assert said == "out of luck"
    assert woken
    assert list(folder.iterdir()) == []


def test_a_bug_is_raised_where_the_window_runs(cpu: Cpu) -> None:
    moody = Moody(cpu)
    moody.wrong = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError, match="a bug"):
        made(moody, lambda jobs: jobs.save_still(ONE, SIZE, ImageEncoding(), "name"))


def test_a_folder_that_cannot_be_written_is_said(cpu: Cpu, folder: Path) -> None:
    folder.rmdir()
    said, _ = made(cpu, lambda jobs: jobs.save_still(ONE, SIZE, ImageEncoding(), "name"))
    assert said.startswith("name.png: ")
    said, _ = made(cpu, lambda jobs: jobs.save_film(lambda: film_of(ONE), SIZE, "hands"))
    assert said.startswith("hands.toml: ")

"""What the window writes while hands go on: stills and films, each in a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from netart.draw.film import Film
from netart.errors import NetartError, ShaderError
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator
from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.films.encoding import film_encoding
from netart.files.films.film import write_film
from netart.files.source import to_toml
from netart.files.stills.image import write_picture
from netart.files.stills.plan import ImageEncoding
from netart.lens import strips
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


@dataclass(eq=False)
class Job:
    """path: what it writes; share: how much of it is done; leave: told to stop at once."""

    path: Path
    share: float = 0.0
    thread: Thread | None = None
    leave: Event | None = None


class Jobs:
    """Jobs that run, and what those that have ended had to say.

    evaluator: one that threads may ask. woken: called when there is something to hear.
    """

    def __init__(self, evaluator: Evaluator, woken: Callable[[], object]) -> None:
        self.running: list[Job] = []
        self._evaluator = evaluator
        self._woken = woken
        self._heard: deque[str | Exception] = deque()

    @property
    def text(self) -> str:
        """What is being written, and how far it is."""
        return "   ".join(f"writing {job.path} {job.share:.0%}" for job in tuple(self.running))

    def heard(self) -> str:
        """What was said since, the last of it. Raises what went wrong other than by NetartError."""
        last = ""
        while self._heard:
            said = self._heard.popleft()
            if isinstance(said, Exception):
                raise said
            last = said
        return last

    def still(self, shot: Shot, size: Size, encoding: ImageEncoding, name: str) -> None:
        """Saves a picture of the shot under a name that is free."""

        def write(job: Job) -> None:
            def draw(numbers: Numbers) -> Iterator[Samples]:
                return _counted(strips(shot, size, self._evaluator, numbers), job, size[1])

            write_picture(job.path, shot, size, draw, encoding, True)

        self._begin(Job(self._free(name, encoding.suffix)), write)

    def film(self, make: Callable[[], Timeline], size: Size, name: str) -> None:
        """Writes a film as text, then draws it; stopped, `netart animate` goes on with it."""
        size = size[0] // 2 * 2 or 2, size[1] // 2 * 2 or 2  # all players take even sides
        path = self._free(name, ".mp4", ".toml")
        text = path.with_suffix(".toml")
        leave = Event()

        def write(job: Job) -> None:
            timeline = make()
            check_target(text)
            with write_atomically(text, new=True) as file:
                file.write(to_toml(timeline, size=size).encode())
            film = Film(timeline, size, self._evaluator)

            def progress(done: int) -> None:
                if leave.is_set():
                    raise NetartError(f"stopped: netart animate {text} -o {path} goes on")
                job.share = done / len(film.frames)
                self._woken()

            write_film(path, film_encoding(str(path)), film, new=True, progress=progress)

        self._begin(Job(path, leave=leave), write)

    def finish(self) -> list[Path]:
        """Tells films to stop; the stills that will be finished all the same."""
        running = tuple(self.running)
        for job in running:
            if job.leave:
                job.leave.set()
        return [job.path for job in running if not job.leave]

    def join(self) -> None:
        """Waits for all threads."""
        for job in tuple(self.running):
            assert job.thread
            job.thread.join()

    def _free(self, name: str, suffix: str, beside: str = "") -> Path:
        """A name that no file has, nor one beside it, nor what is being written."""
        taken = {job.path for job in tuple(self.running)}
        path = free_name(name, suffix, taken)
        while beside and path.with_suffix(beside).exists():
            taken.add(path)
            path = free_name(name, suffix, taken)
        return path

    def _begin(self, job: Job, write: Callable[[Job], None]) -> None:
        def run() -> None:
            try:
                write(job)
                self._heard.append(f"wrote {job.path}")
            except (NetartError, ShaderError) as error:
                self._heard.append(str(error))
            except Exception as error:  # is raised where the window runs
                self._heard.append(error)
            finally:
                self.running.remove(job)
                self._woken()

        self.running.append(job)
        job.thread = Thread(target=run, name=f"netart-{job.path}")
        job.thread.start()


def _counted(drawn: Iterable[Samples], job: Job, rows: int) -> Iterator[Samples]:
    for strip in drawn:
        yield strip
        job.share += len(strip) / rows

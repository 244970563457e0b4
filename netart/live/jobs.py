"""Background jobs: stills and films, each written by a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
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
from netart.files.stills.image import write_picture, write_vector
from netart.files.stills.plan import ImageEncoding, is_vector, plan_vector
from netart.lens import strips, vector
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


@dataclass(eq=False)
class Job:
    """A still or a film that is being written."""

    path: Path  # of the file
    share: float = 0.0  # of it that is done
    thread: Thread | None = None
    stop: Event | None = None  # asks a film to stop at once; stills are always finished


class Jobs:
    """The jobs that run, and the messages of those that have ended.

    evaluator: one that threads may use. animate_command: the command line that draws a film's text
    into a file. wake: called when there is progress or a message.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        animate_command: Callable[[Path, Path], str],
        wake: Callable[[], object],
    ) -> None:
        self.running: list[Job] = []
        self._evaluator = evaluator
        self._animate_command = animate_command
        self._wake = wake
        self._messages: deque[str | Exception] = deque()

    @property
    def progress(self) -> str:
        """What is being written, and how far it is; empty where nothing is."""
        return "   ".join(f"writing {job.path} {job.share:.0%}" for job in tuple(self.running))

    def take_message(self) -> str:
        """The last message since the last call, if any. Raises the exceptions of jobs that are no
        messages to the user, but bugs.
        """
        last = ""
        while self._messages:
            message = self._messages.popleft()
            if isinstance(message, Exception):
                raise message
            last = message
        return last

    def save_still(self, shot: Shot, size: Size, encoding: ImageEncoding, name: str) -> None:
        """Writes a picture of the shot to a file whose name begins like this and is free."""

        def write(job: Job) -> None:
            def draw(numbers: Numbers) -> Iterator[Samples]:
                return _track(strips(shot, size, self._evaluator, numbers), job, size[1])

            if is_vector(job.path, encoding):
                spec = plan_vector(job.path, shot, size, encoding)
                drawn = vector(shot, size, self._evaluator, spec.format, spec.note)
                write_vector(spec, drawn, new=True)
            else:
                write_picture(job.path, shot, size, draw, encoding, True)

        self._begin(free_name(name, encoding.suffix), write)

    def save_film(self, make: Callable[[], Timeline], size: Size, name: str) -> None:
        """Writes the film that `make` returns as text, then draws it, to two files whose names
        begin like this. A film that is stopped goes on with `netart animate`.
        """
        size = size[0] // 2 * 2 or 2, size[1] // 2 * 2 or 2  # all players take even sides
        stop = Event()

        def write(job: Job) -> None:
            timeline, path = make(), job.path
            text = path.with_suffix(".toml")
            check_target(text)
            with write_atomically(text, new=True) as file:
                file.write(to_toml(timeline, size=size).encode())
            film = Film(timeline, size, self._evaluator)

            def progress(done: int) -> None:
                if stop.is_set():
                    raise NetartError(f"stopped: {self._animate_command(text, path)} goes on")
                job.share = done / len(film.frames)
                self._wake()

            write_film(path, film_encoding(str(path)), film, new=True, progress=progress)

        self._begin(free_name(name, ".mp4", ".toml"), write, stop)

    def stop_films(self) -> list[Path]:
        """Asks all films to stop. Returns the stills, which will be finished all the same."""
        running = tuple(self.running)
        for job in running:
            if job.stop:
                job.stop.set()
        return [job.path for job in running if not job.stop]

    def join(self) -> None:
        """Waits for all threads."""
        for job in tuple(self.running):
            assert job.thread
            job.thread.join()

    def _begin(
        self,
        name: AbstractContextManager[Path],
        write: Callable[[Job], None],
        stop: Event | None = None,
    ) -> None:
        reserved = ExitStack()
        job = Job(reserved.enter_context(name), stop=stop)

        def run() -> None:
            try:
                with reserved:
                    write(job)
                self._messages.append(f"wrote {job.path}")
            except (NetartError, ShaderError) as error:
                self._messages.append(str(error))
            except MemoryError as error:
                self._messages.append(f"{job.path}: there is not enough memory: {error}")
            except Exception as error:  # raised by `take_message`, in the window's thread
                self._messages.append(error)
            finally:
                self.running.remove(job)
                self._wake()

        self.running.append(job)
        job.thread = Thread(target=run, name=f"netart-{job.path}")
        job.thread.start()


def _track(drawn: Iterable[Samples], job: Job, rows: int) -> Iterator[Samples]:
    for strip in drawn:
        yield strip
        job.share += len(strip) / rows

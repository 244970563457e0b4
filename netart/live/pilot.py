"""What the window does, whatever opens it: hands come in, pictures go to the screen.

Drawing is done in slices between what the hands do; `step` is one of them.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from math import inf
from time import perf_counter
from typing import Any, NamedTuple, Protocol

from msgspec.structs import replace

from netart.errors import NetartError, ShaderError
from netart.evaluate.request import Evaluator
from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.source import name_of, read_source, to_toml
from netart.files.stills.plan import ImageEncoding
from netart.lens import measured_film
from netart.live.evaluator_proxy import EvaluatorProxy
from netart.live.history import History
from netart.live.jobs import Jobs
from netart.live.keys import ROWS, Change, Pointer, apply_change, inputs, mutate, pan_to, zoom_at
from netart.live.overlay import panels
from netart.live.passes import COARSE_S
from netart.live.progressive import ProgressiveImage
from netart.live.recorder import Recorder, make_film
from netart.live.screen import Panel, Screen
from netart.live.slices import Speed
from netart.live.state import prepare
from netart.live.status import describe_change, describe_point, log
from netart.live.transition import Transition, differs_only_in_view
from netart.net.recipe import Weights
from netart.pixels import Size
from netart.shot.fields import FIELDS, SWITCH, apply, fewest_texts
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from netart.shot.view import check_float64, tidied

NOTICE_S = 2.0  # that the line at the bottom stays
FRAME_S = 1 / 60  # of a film or a transition, at least
FILM_COARSE_S = 0.035  # that a frame of a film may take to draw
WHEEL = 1.12  # times larger by a notch
PAUSE_S = 0.4  # that parts one turn of the wheel from the next
FILM_S = 8.0  # of a film that brings no pace of its own
LARGER = (1, 2, 4)  # times the window's picture: the sizes of stills
MOST_AT_ONCE = 100_000  # weights that are sampled and measured between two frames
OWN = "own"  # the film that came with the source
STAY = frozenset(
    ("save", "size", "write", "copy", "point", "help", "full screen", "quit", "record", "play")
)  # actions that leave a film running


class Host(Protocol):
    """What only the maker of the window can do."""

    def copy(self, text: str) -> None: ...
    def entitle(self, text: str) -> None: ...
    def full_screen(self) -> None: ...
    def leave(self) -> None: ...
    def swap(self) -> None: ...
    def wake(self) -> None: ...


class Wishes(NamedTuple):
    """What the command line says. base: the SOURCE as it was typed and its shot; film: where it is
    one. still: size of saved stills in pixels, None for the window's; encoding: theirs; backend:
    as asked for; glide: whether the view moves smoothly; timings: whether to say on stderr how
    long answers take.
    """

    base: tuple[str, Shot] | None = None
    film: Timeline | None = None
    still: Size | None = None
    encoding: ImageEncoding = ImageEncoding()
    backend: str = "auto"
    glide: bool = True
    timings: bool = False


class Film(NamedTuple):
    """A film that plays since a time in seconds."""

    timeline: Timeline
    since_s: float


class Pilot:
    """State and wishes at the controls of a window, which is the host.

    context: a GL context, current; target: the framebuffer that is seen; evaluator: what draws, in
    that context or beside it; size: of the window's picture, in pixels.
    """

    def __init__(
        self,
        history: History,
        wishes: Wishes,
        host: Host,
        context: Any,
        target: Any,
        evaluator: Evaluator,
        size: Size,
    ) -> None:
        self.history, self.scale = history, 1.0
        self._wishes, self._host = wishes, host
        self._base, self._own = wishes.base, wishes.film
        self._evaluator = evaluator
        speed = Speed(evaluator.threads)
        screen = Screen(context, target, history.shot, size)
        self._image = ProgressiveImage(
            screen, evaluator, speed, host.swap, history.shot, size, wishes.timings
        )
        self._proxy = EvaluatorProxy(evaluator, speed, host.wake)
        self._serving = self._proxy.serve()
        self._jobs = Jobs(self._proxy, host.wake)
        self._aim: Pointer = (0.0, 0.0)
        self._maker = ThreadPoolExecutor(1, "netart-maker")
        self._made: Future[Shot] | None = None  # the chosen shot, where it takes long
        self._transition: Transition | None = None
        self._film: Film | None = None
        self._chosen = OWN if self._own else next(iter(FILMS))
        self._recorder = Recorder()
        self._wheeled_s = -inf
        self._larger = 0  # which of the stills' sizes
        self._help = self._numbers = False
        self._notice, self._notice_until_s = "", inf
        self._written = ""  # what was last said of it
        self._turns = 0
        self._actions: Mapping[str, Callable[[], None]] = {
            "random": lambda: self._seeded(lambda shot, seed: apply(shot, {"seed": seed})),
            "mutate": lambda: self._seeded(mutate),
            "play": self._play,
            "next film": lambda: self._choose(1),
            "previous film": lambda: self._choose(-1),
            "record": self._record,
            "undo": lambda: self._travel(history.undo, "undone"),
            "redo": lambda: self._travel(history.redo, "redone"),
            "start": lambda: self._step(history.start),
            "keep": self._keep,
            "drop": self._drop,
            "next favourite": lambda: self._favourite(1),
            "previous favourite": lambda: self._favourite(-1),
            "save": self._save,
            "size": self._next_size,
            "write": self._write,
            "copy": self._copy,
            "point": self._toggle_numbers,
            "help": self._toggle_help,
            "full screen": host.full_screen,
            "quit": host.leave,
        }
        self._look(history.shot)
        film = "space plays its film   " if self._chosen == OWN else ""
        self.say(f"{film}h shows the keys")

    # What hands do.

    def press(self, key: str, repeated: bool = False) -> None:
        """A key of the table; repeated: it is held down."""
        row = ROWS[key]
        does = row.keys[key]
        if not repeated:
            self.history.end_gesture()
        if callable(does):
            self._stop()
            self._change(does, row.remeasures, key)
        else:
            if does not in STAY:
                self._stop()
            self._actions[does]()

    def wheel(self, notches: float) -> None:
        """Zooms at the pointer."""
        self._stop()
        now = perf_counter()
        if now - self._wheeled_s >= PAUSE_S:
            self.history.end_gesture()
        self._wheeled_s = now
        self._change(lambda shot, aim: zoom_at(shot, WHEEL**notches, aim), gesture="wheel")

    def drag(self, right: float, down: float, begins: bool) -> None:
        """The picture is drawn along with the pointer, by so many pixels. begins: a new drag."""
        self._stop()
        if begins:
            self.history.end_gesture()
        u, v = -2 * right / min(self.size), 2 * down / min(self.size)
        self._step(pan_to(self.history.shot, u, v), gesture="drag", glides=False)

    def point(self, x: float, y: float) -> None:
        """The pointer is at this pixel, y downwards."""
        width, height = self.size
        self._aim = (2 * x - width) / min(self.size), (height - 2 * y) / min(self.size)
        if self._numbers:
            self.expose()

    def drop(self, path: str) -> None:
        """Opens a file. Raises NetartError."""
        source = read_source(path)
        self._stop()
        check_float64(source.shot.view, min(self.size))
        self.history.start = prepare(source.shot)
        self._base = path, source.shot
        self._own = source.document if isinstance(source.document, Timeline) else None
        self._chosen = OWN if self._own else next(iter(FILMS))
        self._step(self.history.start)
        self.say(f"opened {path}")

    def resize(self, size: Size) -> None:
        """The window's picture has another size."""
        if size != self.size:
            self._image.size = size
            self._look(self._image.shot)

    def rescale(self, scale: float) -> None:
        """Text is to be so many times larger."""
        self.scale = scale
        self.expose()

    def expose(self) -> None:
        """The window is to be shown again."""
        self._image.redraw()

    def asked(self) -> None:
        """A hand has moved just now: how long its picture takes is measured."""
        self._image.note_input()

    def say(self, text: str) -> None:
        """A line at the bottom, for a while."""
        self._notice, self._notice_until_s = text, perf_counter() + NOTICE_S
        self.expose()

    # What follows from it.

    @property
    def size(self) -> Size:
        """Of the picture, in pixels."""
        return self._image.size

    @property
    def shot(self) -> Shot:
        """What hands have chosen: what is on screen, or will be when the view has arrived."""
        return self._image.shot if self._film else self.history.shot

    def _change(self, change: Change, again: bool = False, gesture: str = "") -> None:
        self._step(apply_change(self.history.shot, change, self._aim, again), gesture)

    def _step(self, shot: Shot, gesture: str = "", glides: bool = True) -> None:
        before = self.history.shot
        self.history.commit(shot if self._heavy(shot) else prepare(shot), gesture=gesture)
        self._go(before, glides=glides)

    def _heavy(self, shot: Shot) -> bool:
        """Whether sampling and measuring it would keep hands waiting."""
        network, shown = shot.network, self._image.shot
        known = network == shown.network and isinstance(shot.look.contrast, tuple)
        if known or isinstance(network, Weights):
            return False
        widths = (len(inputs(shot)), *network.widths, network.outputs)
        return sum(a * b for a, b in pairwise(widths)) > MOST_AT_ONCE

    def _travel(self, move: Callable[[], None], what: str) -> None:
        before = self.history.shot
        move()
        self._go(before, what)

    def _go(self, before: Shot, what: str = "", glides: bool = True) -> None:
        """Shows the state's shot, and says what has changed. glides: the view may take its time."""
        shot = self.history.shot
        self.say("   ".join(filter(None, (what, describe_change(before, shot), self._doubt(shot)))))
        if self._made:
            self._made.cancel()
            self._made = None
        if self._heavy(shot):
            self._image.abandon()
            self._transition = None
            self._made = self._maker.submit(prepare, shot)
            self._made.add_done_callback(lambda made: self._host.wake())
        elif glides and self._wishes.glide and differs_only_in_view(self._image.shot, shot):
            self._transition = Transition(self._image.shot, shot, perf_counter())
        else:
            self._transition = None
            self._look(shot)

    def _arrive(self, made: Future[Shot]) -> None:
        """A shot that took long is there, or cannot be."""
        self._made = None
        try:
            shot = made.result()
        except NetartError as error:
            self.history.revert_to(self._image.shot)
            self.say(str(error))
            return
        self.history.shot = shot
        self._look(shot)

    def _doubt(self, shot: Shot) -> str:
        if self._evaluator.resolves(shot.view, min(self.size)):
            return ""
        return f"{self._evaluator.name} cannot tell pixels apart so close"

    def _seeded(self, change: Callable[[Shot, int], Shot]) -> None:
        seed = secrets.randbits(32)
        self._change(lambda shot, aim: change(shot, seed), again=True)

    def _keep(self) -> None:
        number = self.history.add_favourite(self.shot)
        self.say(f"favourite {number}: tab comes back to it")

    def _drop(self) -> None:
        left = self.history.remove_favourite(self.shot)
        self.say(f"{left} favourites are left")

    def _favourite(self, step: int) -> None:
        index = self.history.favourite(step)
        self._step(self.history.favourites[index])
        self.say(f"favourite {index + 1} of {len(self.history.favourites)}")

    def _next_size(self) -> None:
        self._larger = (self._larger + 1) % len(self._sizes)
        width, height = self._sizes[self._larger]
        self.say(f"stills are {width}x{height}")

    @property
    def _sizes(self) -> list[Size]:
        own = [self._wishes.still] if self._wishes.still else []
        width, height = self.size
        return [*own, *((k * width, k * height) for k in LARGER)]

    def _save(self) -> None:
        shot = self.shot
        self._jobs.save_still(shot, self._sizes[self._larger], self._wishes.encoding, name_of(shot))

    def _write(self) -> None:
        shot = self.shot
        path = free_name(name_of(shot), ".toml")
        check_target(path)
        with write_atomically(path, new=True) as file:
            file.write(to_toml(shot, size=self.size).encode())
        self.say(f"wrote {path}")

    def _copy(self) -> None:
        command = self.command(self.shot)
        self._host.copy(command)
        print(command, flush=True)
        self.say(command)

    def command(self, shot: Shot) -> str:
        """The command line that draws this shot. Raises NetartError where there is none."""
        width, height = self.size
        source: list[str] = []
        texts = fewest_texts(shot)
        if texts is None and self._base:
            source, texts = [self._base[0]], fewest_texts(shot, self._base[1])
        if texts is None:
            raise NetartError("no options can say this: e writes it as TOML")
        words = [word for name, text in texts.items() for word in _words(name, text)]
        if self._wishes.backend != "auto":
            words += ["--backend", self._wishes.backend]
        words = ["netart", "render", *source, *words, "--size", f"{width}x{height}"]
        return shlex.join(words)

    def _toggle_numbers(self) -> None:
        self._numbers = not self._numbers
        self.expose()

    def _toggle_help(self) -> None:
        self._help = not self._help
        self.expose()

    # Films.

    def _choose(self, step: int) -> None:
        names = [*FILMS, *([OWN] if self._own else [])]
        self._chosen = names[(names.index(self._chosen) + step) % len(names)]
        self.say(f"film: {self._chosen}   space plays it")

    def _play(self) -> None:
        if self._film:
            self._stop()
            return
        if self._chosen == OWN and self._own:
            timeline = measured_film(self._own)
        else:
            made = FILMS[self._chosen](self.history.shot)
            loop = "bounce" if made.loop == "none" else made.loop
            pace = Pace(frames=round(FILM_S * 25), rate="25", loop=loop)
            timeline = Timeline(shot=made.shot, tracks=made.tracks, pace=pace)
        self._film, self._transition = Film(timeline, perf_counter()), None
        self.say(f"film: {self._chosen}   space stops it")

    def _stop(self) -> None:
        """Ends a film where it is: a step like any other."""
        if self._film:
            self._film = None
            shot = replace(self._image.shot, view=tidied(self._image.shot.view))
            self.history.commit(shot)
            self._look(shot)
            self.say("the film has stopped")

    def _record(self) -> None:
        if not self._recorder.recording:
            self._recorder.start(self._image.shot)
            self.say("recording: v stops")
            return
        moments, end_s = self._recorder.stop()
        self.expose()
        name = f"{name_of(moments[0].shot)}-hands"
        self._jobs.save_film(lambda: make_film(moments, end_s), self.size, name)

    # Drawing.

    def rest_s(self, hidden: bool) -> float:
        """How long nothing is to be done unless hands move, in seconds."""
        now = perf_counter()
        if self._proxy.busy or (self._image.busy and not hidden):
            return 0.0
        if hidden:
            return inf
        wait_s = self._image.begun_s + FRAME_S if self._film or self._transition else inf
        return max(0.0, min(wait_s, self._image.due_s, self._notice_until_s) - now)

    def step(self, hidden: bool) -> None:
        """One slice of what is to be done, and the screen where it is due. hidden: nobody sees
        it, only what is being written goes on.
        """
        self._turns += 1
        if said := self._jobs.take_message():
            self._told(said)
        if self._proxy.busy and (hidden or not self._image.busy or self._turns % 4 == 0):
            next(self._serving)
        if hidden:
            return
        if self._made and self._made.done():
            self._arrive(self._made)
        now = perf_counter()
        if now - self._image.begun_s >= FRAME_S:
            self._move(now)
        if not (self._made or self._transition):
            self._image.forget_input()
        if now >= self._notice_until_s:
            self._notice, self._notice_until_s = "", inf
            self.expose()
        if self._jobs.progress != self._written:
            self._written = self._jobs.progress
            self.expose()
        # Hands are heard between a slice and its showing, but for the first one of a picture.
        fresh = self._image.fresh
        if fresh or now < self._image.due_s:
            self._refine()
            now = perf_counter() if fresh else -inf
        if now >= self._image.due_s:
            self._image.show(self._panels())

    def _refine(self) -> None:
        try:
            self._image.refine()
        except (NetartError, ShaderError) as error:
            self._told(f"cannot be drawn: {error}")

    @property
    def writing(self) -> bool:
        """Whether something is still being written."""
        return bool(self._jobs.running)

    def leave(self) -> None:
        """The window has closed: films stop, stills will be finished."""
        for path in self._jobs.stop_films():
            log(f"finishing {path}")

    def close(self) -> None:
        """Frees what the screen holds; whoever still writes gets an error."""
        self._maker.shutdown()
        self._proxy.close()
        self._jobs.join()
        if said := self._jobs.take_message():
            log(said)
        self._image.close()

    def _move(self, now: float) -> None:
        """The next frame of a film or a transition."""
        if self._film:
            timeline, since_s = self._film
            pace = timeline.pace
            share = (now - since_s) / float(pace.duration) % 1
            if pace.loop == "bounce":
                share = 1 - abs(1 - 2 * share)
            try:
                shot = timeline.at(share)
            except NetartError as error:  # between two keys: each of them can be drawn
                self._stop()
                self.say(str(error))
                return
            self._look(shot, moving=True, coarse_s=FILM_COARSE_S)
        elif self._transition:
            shot, over = self._transition.at(now), self._transition.over(now)
            if over:
                self._transition = None
            self._look(shot, moving=not over)

    def _look(self, shot: Shot, moving: bool = False, coarse_s: float = COARSE_S) -> None:
        self._image.begin(shot, moving, coarse_s)
        evaluator = self._evaluator
        self._host.entitle(f"netart · {name_of(shot)} · {evaluator.name}: {evaluator.describe()}")
        self._recorder.add(shot)

    def _told(self, text: str) -> None:
        """On stderr whole, in the window what fits."""
        log(text)
        first, *_, last = text.splitlines() * 2
        self.say(first if first == last else f"{first} … {last}")

    def _panels(self) -> dict[str, Panel]:
        lines = {"notice": self._notice or self._jobs.progress}
        if self._numbers:
            lines["numbers"] = describe_point(self._image.shot, self._aim)
        corner = "recording" if self._recorder.recording else ""
        return panels(self.size, self.scale, lines, corner, self._help)


def _words(name: str, text: str) -> list[str]:
    option = name.replace("_", "-")
    if FIELDS[name].metavar == SWITCH:
        return [f"--{option}" if text == "true" else f"--no-{option}"]
    return [f"--{option}", text]

"""Controller of the interactive viewer, independent of the windowing library: turns input events
into changes of what is chosen, and shows them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from math import inf
from time import perf_counter

from msgspec.structs import replace

from netart.errors import NetartError, escape
from netart.evaluate.request import Evaluator, check_depth
from netart.files.source import name_of, read_source
from netart.live.exporter import Exporter
from netart.live.following import Following
from netart.live.gestures import Pointer, light_from, pan_to, turn_camera, zoom_at
from netart.live.history import History
from netart.live.host import Host
from netart.live.jobs import Jobs
from netart.live.keys import ROWS, Change, apply_change, mutate
from netart.live.overlay import Overlay
from netart.live.player import LEARN, OWN, Player
from netart.live.preparation import prepare, takes_long
from netart.live.presenter import Presenter
from netart.live.progressive import ProgressiveImage
from netart.live.recorder import Recorder, make_film
from netart.live.screen import Panel
from netart.live.settings import Settings
from netart.live.status import describe_change, describe_doubt, describe_step
from netart.live.watching import Watching
from netart.pixels import Size
from netart.shot.fields import apply
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.shot.view import round_centre

MIN_FRAME_S = 1 / 60  # of a film or a transition
FILM_COARSE_S = 0.035  # that the first pass of a film's frame may take
WHEEL = 1.12  # magnification of a notch of the wheel
WHEEL_PAUSE_S = 0.4  # between two gestures of the wheel
# Actions that leave a film running.
KEEP_PLAYING = frozenset(
    ("save", "size", "write", "copy", "point", "help", "full screen", "quit", "record", "play")
)


class Controller:
    """Handles the input events of a window, its host, and what happens by itself in time.

    evaluator: what draws the image.
    """

    def __init__(
        self,
        history: History,
        settings: Settings,
        host: Host,
        evaluator: Evaluator,
        image: ProgressiveImage,
        jobs: Jobs,
    ) -> None:
        self.history = history
        self.overlay = Overlay()
        self._host, self._evaluator = host, evaluator
        self._image, self._jobs = image, jobs
        self._exporter = Exporter(jobs, settings)
        self._player = Player(settings.film, history.shot)
        self._recorder = Recorder()
        self._presenter = Presenter(image, self._recorder, evaluator, host, settings.glide)
        self._pointer: Pointer = (0.0, 0.0)
        self._scrolled_s = -inf  # when the wheel was turned last
        self._following = Following(
            settings.follow, settings.measures, history, self._presenter, image, host.wake
        )
        self._watching = Watching(settings, history, self._exporter, self._player, host.wake)
        self._actions: Mapping[str, Callable[[], None]] = {
            "random": lambda: self._seed_at_random(lambda x, seed: apply(x, {"seed": seed})),
            "mutate": lambda: self._seed_at_random(mutate),
            "play": self._toggle_film,
            "next film": lambda: self._choose_film(1),
            "previous film": lambda: self._choose_film(-1),
            "record": self._toggle_recording,
            "undo": lambda: self._travel(history.undo, "undone"),
            "redo": lambda: self._travel(history.redo, "redone"),
            "start": lambda: self._commit(history.start),
            "keep": self._add_favourite,
            "drop": self._remove_favourite,
            "next favourite": lambda: self._go_to_favourite(1),
            "previous favourite": lambda: self._go_to_favourite(-1),
            "save": lambda: self._exporter.save_still(self.shot, self.size),
            "size": self._choose_still_size,
            "write": self._save_toml,
            "copy": self._copy_command,
            "point": self._toggle_numbers,
            "help": self._toggle_help,
            "full screen": host.toggle_full_screen,
            "quit": host.request_close,
        }

    def start(self) -> None:
        """Shows the first picture, and how to get help."""
        self._presenter.draw(self.history.shot)
        space = {OWN: "space plays its film   ", LEARN: "space plays the run   "}
        self.say(f"{space.get(self._player.chosen, '')}h shows the keys")

    @property
    def size(self) -> Size:
        """Of the picture, in pixels."""
        return self._image.size

    @property
    def shot(self) -> Shot:
        """The chosen shot: on screen, or on its way there. Of a film, the frame on screen."""
        return self._image.shot if self._player.playing else self.history.shot

    # Input events.

    def on_key(self, key: str, repeated: bool = False) -> None:
        """A key of the table is pressed. repeated: it is held down."""
        row = ROWS[key]
        does = row.keys[key]
        if not repeated:
            self.history.end_gesture()
        if callable(does):
            self._stop_film()
            self._change(does, row.remeasures, key)
        else:
            if does not in KEEP_PLAYING:
                self._stop_film()
            self._actions[does]()

    def on_scroll(self, notches: float) -> None:
        """The wheel is turned: zooms at the pointer."""
        self._stop_film()
        now_s = perf_counter()
        if now_s - self._scrolled_s >= WHEEL_PAUSE_S:
            self.history.end_gesture()
        self._scrolled_s = now_s
        self._change(lambda shot, at: zoom_at(shot, WHEEL**notches, at), gesture="wheel")

    def on_drag(self, right: float, down: float, begins: bool) -> None:
        """The picture is dragged by this many pixels. begins: a new drag."""
        self._begin_drag(begins)
        u, v = self._in_view(right, down)
        self._commit(pan_to(self.history.shot, -u, -v), gesture="drag", glide=False)

    def on_camera(self, right: float, down: float, begins: bool) -> None:
        """The camera is dragged by this many pixels. begins: a new drag."""
        self._begin_drag(begins)
        turned = turn_camera(self.history.shot, *self._in_view(right, down))
        self._commit(turned, gesture="camera", glide=False)

    def on_light(self, begins: bool) -> None:
        """The light is dragged to the pointer. begins: a new drag."""
        self._begin_drag(begins)
        self._commit(light_from(self.history.shot, self._pointer), gesture="light", glide=False)

    def on_pointer(self, x: float, y: float) -> None:
        """The pointer is at this pixel, y downwards."""
        width, height = self.size
        self._pointer = (2 * x - width) / min(self.size), (height - 2 * y) / min(self.size)
        if self.overlay.shows_numbers:
            self._image.redraw()

    def on_drop(self, path: str) -> None:
        """A file is dropped on the window: opens it. Raises NetartError."""
        source = read_source(path)
        self._stop_film()
        self._following.close()
        check_depth(self._evaluator, source.shot.view, min(self.size))
        self.history.start = prepare(source.shot)
        self._exporter.base = (path,), source.shot
        own = source.document if isinstance(source.document, Timeline) else None
        self._player.open(own, source.shot)
        self._watching.open(path, own or source.shot)
        self._commit(self.history.start)
        self.say(f"opened {path}")

    def on_resize(self, size: Size) -> None:
        """The window's picture has this size now."""
        if size != self.size:
            self._presenter.resize(size)

    def on_scale(self, scale: float) -> None:
        """Text is to be this many times its usual size."""
        self.overlay.scale = scale
        self._image.redraw()

    def on_expose(self) -> None:
        """The window's contents are lost."""
        self._image.redraw()

    # What happens in time.

    @property
    def next_frame_s(self) -> float:
        """When a film, a transition or a run that grows goes on; infinite where there is none."""
        if self._following.is_due(self._player.playing):
            return 0.0
        animated = self._player.playing or self._presenter.gliding
        return self._image.begun_s + MIN_FRAME_S if animated else inf

    def update(self) -> None:
        """Shows what is due by now: a shot that had to be prepared, the next frame of a film or of
        a transition.
        """
        try:
            prepared = self._presenter.take_prepared()
        except NetartError as error:
            self.history.revert_to(self._image.shot)
            self.say(str(error))
        else:
            if prepared:
                self.history.shot = prepared
                self._presenter.draw(prepared)
        if said := self._following.update(self._player.playing):
            self.say(said)
        if not self._player.playing:
            self._show_saved()
        now_s = perf_counter()
        if now_s >= self.next_frame_s:
            if self._player.playing:
                self._show_frame(now_s)
            else:
                self._presenter.continue_transition(now_s)
        if not self._presenter.waiting:
            self._image.forget_input()

    # What is on screen.

    def say(self, text: str, stays: bool = False) -> None:
        """Shows a line at the bottom, for a while, or until the next one."""
        self.overlay.show_notice(text, stays)
        self._image.redraw()

    def panels(self) -> dict[str, Panel]:
        """What lies over the picture."""
        return self.overlay.panels(
            self.size,
            self._image.shot,
            self._pointer,
            self._jobs.progress,
            self.training,
            self._player.learning,
            self._recorder.recording,
        )

    @property
    def training(self) -> str:
        """How far the training of the run that is followed has come; nothing where none is."""
        return self._following.progress

    def command(self) -> str:
        """The command line that draws the chosen shot. Raises NetartError where there is none."""
        return self._exporter.command(self.shot, self.size)

    def close(self) -> None:
        self._following.close()
        self._watching.close()
        self._presenter.close()

    # Steps.

    def _begin_drag(self, begins: bool) -> None:
        self._stop_film()
        if begins:
            self.history.end_gesture()

    def _in_view(self, right: float, down: float) -> Pointer:
        """(u, v) of so many pixels of the picture."""
        return 2 * right / min(self.size), -2 * down / min(self.size)

    def _change(self, change: Change, remeasures: bool = False, gesture: str = "") -> None:
        self._commit(
            apply_change(self.history.shot, change, self._pointer, remeasures, self._evaluator),
            gesture,
        )

    def _commit(self, shot: Shot, gesture: str = "", glide: bool = True, what: str = "") -> None:
        """Takes a step to the shot, and shows it. glide: whether the view may move there."""
        before = self.history.shot
        if not takes_long(shot, self._image.shot):
            shot = prepare(shot)
        self.history.commit(shot, gesture=gesture)
        self._show(before, what, glide)

    def _show_saved(self) -> None:
        """Takes a step to what has been saved in the file that was opened, if something has."""
        try:
            if shot := self._watching.take():
                check_depth(self._evaluator, shot.view, min(self.size))
                self._commit(shot, what=f"{self._watching.name} was saved")
        except NetartError as error:
            self.say(str(error), stays=True)  # whoever writes the file looks elsewhere

    def _travel(self, move: Callable[[], None], what: str) -> None:
        before = self.history.shot
        move()
        self._show(before, what)

    def _show(self, before: Shot, what: str = "", glide: bool = True) -> None:
        """Shows the chosen shot, says what has changed. what: was done. glide: as in `_commit`."""
        shot = self.history.shot = self._following.renewed(self.history.shot)
        doubt = describe_doubt(shot, self.size, self._evaluator)
        self.say("   ".join(filter(None, (what, describe_change(before, shot), doubt))))
        self._presenter.show(shot, glide)

    def _seed_at_random(self, change: Callable[[Shot, int], Shot]) -> None:
        seed = secrets.randbits(32)
        self._change(lambda shot, at: change(shot, seed), remeasures=True)

    # Favourites.

    def _add_favourite(self) -> None:
        number = self.history.add_favourite(self.shot)
        self.say(f"favourite {number}: tab comes back to it")

    def _remove_favourite(self) -> None:
        left = self.history.remove_favourite(self.shot)
        self.say(f"{left} favourites are left")

    def _go_to_favourite(self, step: int) -> None:
        index = self.history.favourite(step)
        shot = self.history.favourites[index]
        self._commit(self._following.renewed(shot, follows=False))
        self.say(f"favourite {index + 1} of {len(self.history.favourites)}")

    # Exports.

    def _choose_still_size(self) -> None:
        width, height = self._exporter.choose_still_size(self.size)
        self.say(f"stills are {width}x{height}")

    def _save_toml(self) -> None:
        self.say(f"wrote {self._exporter.save_toml(self.shot, self.size)}")

    def _copy_command(self) -> None:
        command = self.command()
        self._host.set_clipboard(command)
        print(escape(command), flush=True)
        self.say(command)

    # What is over the picture.

    def _toggle_numbers(self) -> None:
        self.overlay.shows_numbers = not self.overlay.shows_numbers
        self._image.redraw()

    def _toggle_help(self) -> None:
        self.overlay.shows_help = not self.overlay.shows_help
        self._image.redraw()

    # Films.

    def _choose_film(self, step: int) -> None:
        self._player.choose(step, self.history.shot)
        self.say(f"film: {self._player.chosen}   space plays it")

    def _toggle_film(self) -> None:
        if self._player.playing:
            self._stop_film()
            return
        self._player.start(self.history.shot)
        self._presenter.stop_transition()
        self.say(f"film: {self._player.chosen}   space stops it")

    def _show_frame(self, now_s: float) -> None:
        try:
            shot = self._player.shot_at(now_s)
        except NetartError as error:  # each key of the film can be drawn, but not what is between
            self._stop_film()
            self.say(str(error))
            return
        self._presenter.draw(shot, moving=True, coarse_s=FILM_COARSE_S)
        if self._player.is_over(now_s):
            self._stop_film()

    def _stop_film(self) -> None:
        """Ends a film where it is, if one plays: a step like any other."""
        if self._player.playing:
            self._player.stop()
            shown = self._image.shot
            shot = replace(shown, view=round_centre(shown.view))
            self.history.commit(shot)
            self._presenter.draw(shot)
            self.say("   ".join(filter(None, ("the film has stopped", describe_step(shot)))))

    def _toggle_recording(self) -> None:
        if not self._recorder.recording:
            self._recorder.start(self._image.shot)
            self.say("recording: v stops")
            return
        moments, end_s = self._recorder.stop()
        self._image.redraw()
        name = f"{name_of(moments[0].shot)}-hands"
        self._jobs.save_film(lambda: make_film(moments, end_s), self.size, name)

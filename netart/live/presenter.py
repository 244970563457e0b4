"""Brings shots to the screen: at once, by a transition of the view, or when they are prepared."""

from __future__ import annotations

from time import perf_counter

from netart.evaluate.request import Evaluator
from netart.files.source import name_of
from netart.live.host import Host
from netart.live.passes import COARSE_S
from netart.live.preparation import Preparer, takes_long
from netart.live.progressive import ProgressiveImage
from netart.live.recorder import Recorder
from netart.live.transition import Transition, differs_only_in_view
from netart.pixels import Size
from netart.shot.shot import Shot


class Presenter:
    """The way of a shot to the screen; each one that gets there goes into the recording.

    evaluator: what draws the image. glide: whether the view moves to where it is sent, or jumps.
    """

    def __init__(
        self,
        image: ProgressiveImage,
        recorder: Recorder,
        evaluator: Evaluator,
        host: Host,
        glide: bool,
    ) -> None:
        self._image, self._recorder = image, recorder
        self._evaluator, self._host = evaluator, host
        self._glide = glide
        self._preparer = Preparer(host.wake)
        self._transition: Transition | None = None

    @property
    def waiting(self) -> bool:
        """Whether the last shot that was to be shown is still on its way."""
        return self._preparer.busy or self.gliding

    @property
    def gliding(self) -> bool:
        """Whether the view is moving to where it was sent."""
        return self._transition is not None

    def show(self, shot: Shot, glide: bool = True, coarse_s: float = COARSE_S) -> None:
        """Shows a shot, as soon as it is prepared.

        glide: whether the view may move there. coarse_s: as in `draw`.
        """
        self._preparer.cancel()
        self._transition = None
        shown = self._image.shot
        if takes_long(shot, shown):
            self._image.abandon()
            self._preparer.start(shot)
        elif glide and self._glide and differs_only_in_view(shown, shot):
            self._transition = Transition(shown, shot, perf_counter())
        else:
            self.draw(shot, coarse_s=coarse_s)

    def draw(self, shot: Shot, moving: bool = False, coarse_s: float = COARSE_S) -> None:
        """Draws a shot that is prepared.

        moving: another one follows at once. coarse_s: what its first pass may take.
        """
        self._image.begin(shot, moving, coarse_s)
        drawn_by = f"{self._evaluator.name}: {self._evaluator.describe()}"
        self._host.set_title(f"netart · {name_of(shot)} · {drawn_by}")
        self._recorder.add(shot)

    def resize(self, size: Size) -> None:
        """Draws what is on screen in another size."""
        self._image.size = size
        self.draw(self._image.shot)

    def stop_transition(self) -> None:
        """The view stays where it is."""
        self._transition = None

    def continue_transition(self, now_s: float) -> None:
        """Shows the next frame of the transition, if there is one."""
        if self._transition:
            shot, over = self._transition.at(now_s), self._transition.over(now_s)
            if over:
                self._transition = None
            self.draw(shot, moving=not over)

    def take_prepared(self) -> Shot | None:
        """The shot that had to be prepared, once, as soon as it is. Raises NetartError where it
        cannot be drawn.
        """
        return self._preparer.take()

    def close(self) -> None:
        self._preparer.close()

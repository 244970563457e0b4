"""Progressive refinement: the image being displayed, and the generator that refines it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from time import perf_counter

from netart.evaluate.request import Evaluator
from netart.evaluate.speed import Speed
from netart.live.passes import COARSE_S, Patch, refine
from netart.live.screen import Panel, Screen
from netart.live.status import log
from netart.pixels import Size
from netart.shot.shot import Shot

PATIENCE_S = 0.03  # for the first pass of another picture, before what there is of it is shown
PROGRESS_S = 0.12  # between two updates of the screen while a picture is refined


class ProgressiveImage:
    """The image being displayed: drawn slice by slice, and shown as far as it has come.

    swap_buffers: puts on the display what is drawn. timings: whether latencies are logged.
    """

    def __init__(
        self,
        screen: Screen,
        evaluator: Evaluator,
        speed: Speed,
        swap_buffers: Callable[[], None],
        shot: Shot,
        size: Size,
        timings: bool,
    ) -> None:
        self.shot = shot  # whose picture is displayed, or being drawn
        self.size = size  # of the picture, in pixels
        self.begun_s = 0.0  # when the picture was begun
        self.due_s = inf  # when the screen is to be shown again
        self.fresh = False  # no slice of the picture has been drawn yet
        self._screen = screen
        self._evaluator, self._speed = evaluator, speed
        self._swap_buffers = swap_buffers
        self._timings = timings
        self._patches: Iterator[Patch] | None = None  # that are missing; None where it is complete
        self._moving = False  # another picture follows at once
        self._shown_s = 0.0  # when the screen was shown last
        self._input_s: float | None = None  # of the input event that no picture answers yet
        self._answering_s: float | None = None  # of the one that the picture being drawn answers

    @property
    def busy(self) -> bool:
        """Whether parts of the picture are still to be drawn."""
        return self._patches is not None

    def note_input(self) -> None:
        """Latency is measured from here: an input event has come that a picture will answer."""
        if self._input_s is None:
            self._input_s = perf_counter()

    def forget_input(self) -> None:
        """The input event changed nothing, so no picture will answer it."""
        self._input_s = None

    def begin(self, shot: Shot, moving: bool = False, coarse_s: float = COARSE_S) -> None:
        """Begins the picture of a shot, and abandons the one before.

        moving: another one follows at once. coarse_s: what the first pass may take.
        """
        self.shot, self.begun_s, self._moving = shot, perf_counter(), moving
        self._answering_s, self._input_s = self._answering_s or self._input_s, None
        self._screen.begin(shot, self.size)
        footprint = self._screen.shown_footprint()
        self._patches = refine(
            shot,
            self.size,
            self._evaluator,
            self._speed,
            coarse_s=coarse_s,
            shown_footprint=footprint,
            is_sharp=self._screen.is_sharp,
            moving=moving,
        )
        self.fresh = True
        # The same picture from elsewhere is shown moved at once; another one when it has a pass.
        wait_s = 0 if footprint < inf else PATIENCE_S
        self.due_s = min(self.due_s, self.begun_s + wait_s)

    def abandon(self) -> None:
        """Stops drawing; what has been drawn stays on screen."""
        self._patches = None

    def refine(self) -> None:
        """Draws the next slice, if the picture is not complete. What the evaluator raises ends the
        picture, and the one before stays on screen.
        """
        self.fresh = False
        if self._patches is None:
            return
        try:
            patch = next(self._patches, None)
        except Exception:
            self._patches = None
            raise
        if patch is None:
            self._patches = None
            if not self._moving:
                self._log(f"picture whole after {1e3 * (perf_counter() - self.begun_s):.1f} ms")
            return
        self._screen.add(patch)
        self.due_s = 0 if patch.last else min(self.due_s, self._shown_s + PROGRESS_S)

    def redraw(self) -> None:
        """The screen is to be shown again at once: what lies over the picture has changed."""
        self.due_s = 0

    def show(self, panels: Mapping[str, Panel]) -> None:
        """Shows what there is of the picture, with panels over it."""
        self.due_s = inf
        self._screen.draw(panels)
        self._swap_buffers()
        self._shown_s = perf_counter()
        if self._answering_s is not None and self._screen.shown_footprint() < inf:
            took_ms = 1e3 * (self._shown_s - self._answering_s)
            self._log(f"answered in {took_ms:.1f} ms at {self._shown_s:.6f} s")
            self._answering_s = None

    def _log(self, text: str) -> None:
        if self._timings:
            log(text)

    def close(self) -> None:
        """Frees what the screen holds."""
        self._screen.close()

"""The picture on screen, and the better one that is being drawn in its place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from math import inf
from time import perf_counter

from netart.evaluate.request import Evaluator
from netart.live.passes import COARSE_S, Patch, refine
from netart.live.screen import Panel, Screen
from netart.live.slices import Speed
from netart.pixels import Size
from netart.shot.shot import Shot

PATIENCE_S = 0.03  # for the first pass, before the screen shows what there is
PROGRESS_S = 0.12  # between two looks at a picture that is being refined


class Stage:
    """screen: of this shot and size; evaluator: what draws, in its context or beside it; swap:
    puts on the display what is drawn; timings: whether to say on stderr how long it takes.

    shown: the shot; since_s: when its picture was begun; fresh: nothing of it is drawn yet; due_s:
    when the screen is to be shown again; size: of the picture, in pixels.
    """

    def __init__(
        self,
        screen: Screen,
        evaluator: Evaluator,
        speed: Speed,
        swap: Callable[[], None],
        shot: Shot,
        size: Size,
        timings: bool,
    ) -> None:
        self.shown, self.size = shot, size
        self.since_s, self.due_s, self.fresh = 0.0, inf, False
        self._evaluator, self._speed, self._swap = evaluator, speed, swap
        self._screen = screen
        self._timings = timings
        self._patches: Iterator[Patch] | None = None
        self._moving = False
        self._swapped_s = 0.0
        self._asked_s: float | None = None  # when a hand moved, until a picture is begun,
        self._begun_s: float | None = None  # and then until it is on screen

    @property
    def busy(self) -> bool:
        """Whether the picture is not whole yet."""
        return self._patches is not None

    def ask(self) -> None:
        """A hand has moved just now."""
        if self._asked_s is None:
            self._asked_s = perf_counter()

    def forget(self) -> None:
        """It did not ask for a picture."""
        self._asked_s = None

    def look(self, shot: Shot, moving: bool = False, coarse_s: float = COARSE_S) -> None:
        """Begins the picture of a shot; the one before it is abandoned. moving: another one
        follows at once; coarse_s: what its first pass may take.
        """
        self.shown, self.since_s, self._moving = shot, perf_counter(), moving
        self._begun_s, self._asked_s = self._begun_s or self._asked_s, None
        self._screen.begin(shot, self.size)
        there = self._screen.there()
        self._patches = refine(
            shot,
            self.size,
            self._evaluator,
            self._speed,
            coarse_s=coarse_s,
            shown_footprint=there,
            is_sharp=self._screen.sharp,
            moving=moving,
        )
        self.fresh = True
        self.due_s = min(self.due_s, self.since_s + (0 if there < inf else PATIENCE_S))

    def abandon(self) -> None:
        """Draws no more of the picture; what is there stays."""
        self._patches = None

    def refine(self) -> None:
        """Draws a slice of the picture, if it is not whole. Raises what the evaluator does; the
        last picture stays.
        """
        patches, self._patches, self.fresh = self._patches, None, False
        if not patches:
            return
        patch = next(patches, None)
        if patch is None:
            if not self._moving:
                self._tell(f"picture whole after {1e3 * (perf_counter() - self.since_s):.1f} ms")
            return
        self._patches = patches
        self._screen.put(patch)
        self.due_s = 0 if patch.last else min(self.due_s, self._swapped_s + PROGRESS_S)

    def show(self, panels: Mapping[str, Panel]) -> None:
        """Shows what there is, and panels over it."""
        self.due_s = inf
        self._screen.draw(panels)
        self._swap()
        self._swapped_s = perf_counter()
        if self._begun_s is not None and self._screen.there() < inf:
            took = 1e3 * (self._swapped_s - self._begun_s)
            self._tell(f"answered in {took:.1f} ms at {self._swapped_s:.6f} s")
            self._begun_s = None

    def _tell(self, text: str) -> None:
        if self._timings:
            print(f"netart: {text}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Frees what the screen holds."""
        self._screen.close()

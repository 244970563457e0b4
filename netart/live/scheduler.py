"""Scheduler of the viewer: shares its one thread among input, the picture and background jobs."""

from __future__ import annotations

from math import inf
from time import perf_counter

from netart.errors import NetartError, ShaderError
from netart.live.controller import Controller
from netart.live.evaluator_proxy import EvaluatorProxy
from netart.live.jobs import Jobs
from netart.live.progressive import ProgressiveImage
from netart.live.status import log

JOB_TURN = 4  # every fourth turn is the jobs' while a picture is drawn


class Scheduler:
    """Decides what is done next, a slice of a few milliseconds at a time."""

    def __init__(
        self, controller: Controller, image: ProgressiveImage, proxy: EvaluatorProxy, jobs: Jobs
    ) -> None:
        self._controller, self._image = controller, image
        self._proxy, self._jobs = proxy, jobs
        self._serving = proxy.serve()
        self._turns = 0
        self._shown_progress = "", ""  # of the jobs and of training, on screen

    def rest_s(self, hidden: bool) -> float:
        """How long there is nothing to do unless an event comes, in seconds."""
        if self._proxy.busy or (self._image.busy and not hidden):
            return 0.0
        if hidden:
            return inf
        due_s = min(
            self._controller.next_frame_s,
            self._image.due_s,
            self._controller.overlay.notice_until_s,
        )
        return max(0.0, due_s - perf_counter())

    def step(self, hidden: bool) -> None:
        """Does one slice of what is to be done, and shows the screen if that is due. hidden: nobody
        sees it, so only jobs go on.
        """
        self._turns += 1
        if message := self._jobs.take_message():
            self._report(message)
        picture_first = self._image.busy and not hidden and self._turns % JOB_TURN != 0
        if self._proxy.busy and not picture_first:
            next(self._serving)
        if hidden:
            return
        self._controller.update()
        self._update_overlay()
        self._update_screen()

    def _update_overlay(self) -> None:
        if self._controller.overlay.expire_notice(perf_counter()):
            self._image.redraw()
        progress = self._jobs.progress, self._controller.training
        if progress != self._shown_progress:
            self._shown_progress = progress
            self._image.redraw()

    def _update_screen(self) -> None:
        """Draws a slice, or shows the screen. Between the two it returns to the event loop, so that
        input is answered soon; only the first slice of a picture is shown at once.
        """
        if self._image.fresh:
            self._refine()
        elif perf_counter() < self._image.due_s:
            self._refine()
            return
        if perf_counter() >= self._image.due_s:
            self._image.show(self._controller.panels())

    def _refine(self) -> None:
        try:
            self._image.refine()
        except (NetartError, ShaderError) as error:
            self._report(f"cannot be drawn: {error}")

    def _report(self, text: str) -> None:
        """All of it on stderr; in the window its first and its last line."""
        log(text)
        lines = text.splitlines()
        first, last = lines[0], lines[-1]
        self._controller.say(first if first == last else f"{first} … {last}")

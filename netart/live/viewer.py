"""The interactive viewer without its window: all its parts, put together and taken apart."""

from __future__ import annotations

from typing import Any

from netart.evaluate.request import Evaluator
from netart.evaluate.speed import Speed
from netart.live.controller import Controller
from netart.live.evaluator_proxy import EvaluatorProxy
from netart.live.history import History
from netart.live.host import Host
from netart.live.jobs import Jobs
from netart.live.progressive import ProgressiveImage
from netart.live.scheduler import Scheduler
from netart.live.screen import Screen
from netart.live.settings import Settings
from netart.live.status import log
from netart.pixels import Size


class Viewer:
    """The parts of the viewer: its host gives input events to the controller, and turns to the
    scheduler.

    context: a GL context that is current. target: the framebuffer that is seen. evaluator: draws in
    that context or beside it. size: of the picture, in pixels.
    """

    def __init__(
        self,
        history: History,
        settings: Settings,
        host: Host,
        context: Any,
        target: Any,
        evaluator: Evaluator,
        size: Size,
    ) -> None:
        speed = Speed(evaluator.threads)
        screen = Screen(context, target, history.shot, size)
        self.image = ProgressiveImage(
            screen, evaluator, speed, host.swap_buffers, history.shot, size, settings.timings
        )
        self._proxy = EvaluatorProxy(evaluator, speed, host.wake)
        self._jobs = Jobs(self._proxy, settings.animate_command, host.wake)
        self.controller = Controller(history, settings, host, evaluator, self.image, self._jobs)
        self.scheduler = Scheduler(self.controller, self.image, self._proxy, self._jobs)

    @property
    def writing(self) -> bool:
        """Whether something is still being written."""
        return bool(self._jobs.running)

    def finish(self) -> None:
        """The window has closed: films stop, stills are finished while `writing`."""
        for path in self._jobs.stop_films():
            log(f"finishing {path}")

    def close(self) -> None:
        """Frees what the screen holds; whatever is still being written ends with an error."""
        self.controller.close()
        self._proxy.close()
        self._jobs.join()
        if message := self._jobs.take_message():
            log(message)
        self.image.close()

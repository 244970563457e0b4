"""Drives the window's controller without a window: a host in memory, and keys pressed by tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.cli.command_line import animate_command, render_command
from netart.errors import NetartError
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.evaluate.speed import Speed
from netart.live.history import History
from netart.live.keys import TABLE, apply_change
from netart.live.preparation import prepare
from netart.live.settings import Settings
from netart.live.viewer import Viewer
from netart.pixels import Pixels, Size
from netart.shot.shot import Shot
from tests.shots import REFERENCE, shot

LARGEST = 256, 256  # pixels of the framebuffer that stands for the display
BASE = prepare(shot(layers="3x4", radius="2"))
MOST_S = 30.0  # that anything may take

Levels = NDArray[np.uint8]


@cache
def framebuffer(context: Any) -> Any:
    """Of the current context, and kept as long: one that is bound is bound again by whoever makes
    another.
    """
    return context.simple_framebuffer(LARGEST, 4)


def seen(target: Any, size: Size) -> Levels:
    """(height, width, 3): the lower left of the framebuffer, row 0 on top."""
    read = target.read((0, 0, *size), components=3, alignment=1)
    return np.frombuffer(read, np.uint8).reshape(size[1], size[0], 3)[::-1]


def press(one: Shot, key: str, aim: tuple[float, float] = (0.0, 0.0)) -> Shot:
    """The shot behind a pure row's key, as the window makes it."""
    row = next(row for row in TABLE if key in row.keys)
    change = row.keys[key]
    assert callable(change), key
    return prepare(apply_change(one, change, aim, row.remeasures, REFERENCE))


class Host:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.copied: list[str] = []
        self.title = ""
        self.swaps = self.turns = 0
        self.left = False

    def set_clipboard(self, text: str) -> None:
        self.copied.append(text)

    def set_title(self, text: str) -> None:
        self.title = text

    def toggle_full_screen(self) -> None:
        self.turns += 1

    def request_close(self) -> None:
        self.left = True

    def swap_buffers(self) -> None:
        self.swaps += 1

    def wake(self) -> None: ...


def settings_of(backend: str = "auto", **others: Any) -> Settings:
    """Of a window that the command line opens."""
    command = partial(render_command, backend=backend)
    return Settings(command, animate_command, backend=backend, **others)


class Driver(Viewer):
    """A viewer without a window, driven by key names."""

    def __init__(
        self, context: Any, evaluator: Evaluator, one: Shot, size: Size, settings: Settings
    ) -> None:
        self.said: list[str] = []  # every notice, the last one last
        self.host, self.target = Host(), framebuffer(context)
        history = History(prepare(one))
        super().__init__(history, settings, self.host, context, self.target, evaluator, size)
        say = self.controller.say

        def listen(text: str, stays: bool = False) -> None:
            self.said.append(text)
            say(text, stays)

        self.controller.say = listen  # type: ignore[method-assign]
        self.controller.start()

    @property
    def history(self) -> History:
        return self.controller.history

    @property
    def shot(self) -> Shot:
        return self.controller.shot

    @property
    def size(self) -> Size:
        return self.controller.size

    def type(self, keys: str) -> None:
        """Presses the keys one after another; what is refused is said, as the window does."""
        for key in keys.split():
            self.tried(lambda key=key: self.controller.on_key(key))  # type: ignore[misc]

    def tried(self, does: Callable[[], None]) -> None:
        try:
            does()
        except NetartError as error:
            self.controller.say(str(error))

    def step(self, hidden: bool = False) -> None:
        self.scheduler.step(hidden)

    def rest_s(self, hidden: bool = False) -> float:
        return self.scheduler.rest_s(hidden)

    def until(self, done: Callable[[], bool], hidden: bool = False) -> None:
        """Steps until it is done."""
        end_s = time.perf_counter() + MOST_S
        while not done():
            assert time.perf_counter() < end_s
            self.step(hidden)

    def settle(self) -> Levels:
        """Steps until nothing is left to do: what is on screen then."""
        waiting, idle = self.controller._presenter, 0
        while idle < 2:  # what has just ended has something to say
            self.until(lambda: self.rest_s() > MOST_S and not (self.writing or waiting.waiting))
            self.step()
            idle = idle + 1 if self.rest_s() > MOST_S else 0
        return seen(self.target, self.size)


class Moody(Evaluator):
    """The numpy evaluator until it is told what is wrong with it. asked: how often it was."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.name, self.epsilon, self.threads = evaluator.name, evaluator.epsilon, evaluator.threads
        self.wrong: Exception | None = None
        self.asked = 0
        self._evaluator = evaluator

    def evaluate(self, *asked: Any) -> Pixels:
        self.asked += 1
        if self.wrong:
            raise self.wrong
        return self._evaluator.evaluate(*asked)

    def describe(self) -> str:
        return self._evaluator.describe()

    @property
    def kernels(self) -> str:
        return self._evaluator.kernels

    def close(self) -> None: ...


class OwnGpu(Gpu):
    """OpenGL in the context of another GPU evaluator, which the viewer does not close."""

    def __init__(self, gpu: Gpu) -> None:
        super().__init__(Stays(gpu.device.context))

    def close(self) -> None: ...

    def release(self) -> None:
        super().close()


class Stays:
    """A context that is always current, as the window's is."""

    def __init__(self, context: object) -> None:
        object.__setattr__(self, "_context", context)

    def __enter__(self) -> None: ...
    def __exit__(self, *exception: object) -> None: ...

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._context, name, value)


class Steady(Speed):
    """A speed that learns nothing: so pictures are cut alike however busy the machine is."""

    def __init__(self, rate: float, threads: int = 1) -> None:
        super().__init__(threads)
        self.rate = rate

    def learn(self, multiplications: float, took_s: float) -> None:
        assert multiplications > 0 <= took_s

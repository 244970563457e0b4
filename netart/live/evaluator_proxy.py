"""A proxy through which worker threads use the evaluator of the window's thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import NamedTuple

import numpy as np

from netart.errors import MACHINE, NetartError
from netart.evaluate import tiles
from netart.evaluate.constants import fold_constants
from netart.evaluate.request import Evaluator, Request
from netart.evaluate.speed import Speed
from netart.live.slices import SLICE_S, time_slices
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View


class Call(NamedTuple):
    """A call of `evaluate` that waits in the queue."""

    network: Network
    view: View
    size: Size
    window: Window
    request: Request
    answer: Future[Pixels]  # that the calling thread waits for


class EvaluatorProxy(Evaluator):
    """Lets worker threads use an evaluator that is bound to the window's thread: their calls are
    queued, and executed there in time slices by whoever steps through `serve`.

    wake: called by a worker thread when there is a call. Once closed, every call is refused.
    """

    def __init__(self, evaluator: Evaluator, speed: Speed, wake: Callable[[], object]) -> None:
        self.name, self.epsilon, self.threads = evaluator.name, evaluator.epsilon, evaluator.threads
        self._evaluator = evaluator
        self._speed = speed
        self._wake = wake
        self._calls: deque[Call] = deque()
        self._closed = False

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        call = Call(network, view, size, window, request, Future())
        self._calls.append(call)
        if self._closed:
            raise _closed_error()
        self._wake()
        return call.answer.result()

    def describe(self) -> str:
        return self._evaluator.describe()

    @property
    def kernels(self) -> str:
        return self._evaluator.kernels

    def resolves(self, view: View, shorter: int) -> bool:
        return self._evaluator.resolves(view, shorter)

    @property
    def busy(self) -> bool:
        """Whether a call waits for its answer."""
        return bool(self._calls)

    def serve(self) -> Iterator[None]:
        """Executes calls for ever: each step of the iterator is one time slice."""
        while True:
            if not self._calls:
                yield
                continue
            call = self._calls[0]
            try:
                yield from self._execute(call)
            except Exception as error:  # belongs to the calling thread
                call.answer.set_exception(error)
            self._calls.popleft()

    def _execute(self, call: Call) -> Iterator[None]:
        network, view, size, window, request, answer = call
        network, view, request = fold_constants(network, view, request)
        tile, cost, out = tiles.tile_size(network, request), tiles.cost(network, request), None
        for part in time_slices(request.grid(size), window, tile, cost, self._speed, SLICE_S):
            with self._speed.measure(part.width * part.height * cost):
                pixels = self._evaluator.evaluate(network, view, size, part, request)
            if out is None:
                out = np.empty((window.height, window.width, pixels.shape[2]), pixels.dtype)
            tiles.paste(out, window, part, pixels)
            yield
        assert out is not None
        answer.set_result(out)

    def close(self) -> None:
        """Ends all calls, waiting or to come, with an error."""
        self._closed = True
        while self._calls:
            self._calls.popleft().answer.set_exception(_closed_error())


def _closed_error() -> NetartError:
    return NetartError("the window was closed", MACHINE)

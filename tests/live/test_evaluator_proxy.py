"""The evaluator's proxy: worker threads get the evaluator's own answers, and its errors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.live.evaluator_proxy import EvaluatorProxy
from netart.pixels import Pixels, Window
from netart.shot.view import View
from tests.live.driver import Steady
from tests.shots import drawn, evaluated, shot

PLAIN = shot(layers="4x12", rotate="20", center="0.2,0.1")


class Broken(Evaluator):
    """An evaluator that cannot."""

    name = kernels = "broken"
    epsilon, threads = 2.0**-23, 1

    def evaluate(self, *asked: object) -> Pixels:
        raise NetartError("broken: as it should be")

    def describe(self) -> str:
        return "nothing"

    def resolves(self, view: View, shorter: int) -> bool:
        return True

    def close(self) -> None: ...


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as threads:
        yield threads


def answered(proxy: EvaluatorProxy, *asked: Future[Pixels]) -> int:
    """Works until all is answered; the number of slices that took."""
    serving, end_s = proxy.serve(), time.perf_counter() + 20
    for steps in count():
        if all(future.done() for future in asked):
            return steps
        assert time.perf_counter() < end_s
        if proxy.busy:
            next(serving)
    raise AssertionError


WINDOW, SIZE = Window(13, 17, 150, 90), (300, 201)


def test_another_thread_gets_what_the_evaluator_gives_on_cpu(
    cpu: Cpu, other: ThreadPoolExecutor
) -> None:
    check(cpu, other)


def test_another_thread_gets_what_the_evaluator_gives_on_gpu(
    gpu: Gpu, other: ThreadPoolExecutor
) -> None:
    check(gpu, other)


def check(evaluator: Evaluator, other: ThreadPoolExecutor) -> None:
    woken: list[int] = []
    proxy = EvaluatorProxy(evaluator, Steady(1.0), lambda: woken.append(1))
    assert (proxy.name, proxy.describe()) == (evaluator.name, evaluator.describe())
    assert not proxy.busy
    for one in (PLAIN, shot(PLAIN, samples="2"), shot(PLAIN, layers="2x8", outputs="1")):
        asked = other.submit(drawn, proxy, one, SIZE, WINDOW)
        assert answered(proxy, asked) > 1
        wanted = drawn(evaluator, one, SIZE, WINDOW)
        assert np.array_equal(asked.result(), wanted)
        assert asked.result().dtype == wanted.dtype
    assert len(woken) == 3
    asked = other.submit(evaluated, proxy, PLAIN, SIZE)
    answered(proxy, asked)
    assert np.array_equal(asked.result(), evaluated(evaluator, PLAIN, SIZE))
    assert not proxy.busy


def test_views_are_resolved_as_by_the_evaluator() -> None:
    deep = shot(PLAIN, radius="1e-30").view
    assert Broken().resolves(deep, 100)
    assert EvaluatorProxy(Broken(), Steady(1.0), lambda: None).resolves(deep, 100)


def test_several_threads_ask(cpu: Cpu, other: ThreadPoolExecutor) -> None:
    proxy = EvaluatorProxy(cpu, Steady(1.0), lambda: None)
    shots = [shot(PLAIN, seed=str(seed)) for seed in range(7)]
    asked = [other.submit(drawn, proxy, one, SIZE, WINDOW) for one in shots]
    answered(proxy, *asked)
    for one, future in zip(shots, asked, strict=True):
        assert np.array_equal(future.result(), drawn(cpu, one, SIZE, WINDOW))


def test_what_goes_wrong_is_raised_where_it_was_asked(other: ThreadPoolExecutor) -> None:
    proxy = EvaluatorProxy(Broken(), Steady(1.0), lambda: None)
    for _ in range(2):  # and the next one gets an answer again
        asked = other.submit(drawn, proxy, PLAIN, SIZE, WINDOW)
        answered(proxy, asked)
        with pytest.raises(NetartError, match="as it should be"):
            asked.result()
        assert not proxy.busy


def test_closing_refuses(cpu: Cpu, other: ThreadPoolExecutor) -> None:
    proxy = EvaluatorProxy(cpu, Steady(1.0), lambda: None)
    asked = [other.submit(drawn, proxy, PLAIN, SIZE, WINDOW) for _ in range(2)]
    while not proxy.busy:
        time.sleep(0.001)
    serving = proxy.serve()
    next(serving)  # the first has begun
    proxy.close()
    for future in asked:
        with pytest.raises(NetartError, match="the window was closed"):
            future.result(20)
    with pytest.raises(NetartError, match="the window was closed"):
        drawn(proxy, PLAIN, SIZE, WINDOW)

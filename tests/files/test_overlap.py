"""Work in threads: in order, bounded, and ended by whatever fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from netart.files.overlap import ProducerFailed, consume_in_thread, map_in_threads


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def test_all_items_arrive_in_order(pool: ThreadPoolExecutor) -> None:
    assert consume_in_thread(pool, list, iter(range(1000))).result() == list(range(1000))
    assert consume_in_thread(pool, list, ()).result() == []


def test_items_are_made_here_and_taken_there(pool: ThreadPoolExecutor) -> None:
    here = threading.get_ident()
    made = (threading.get_ident() for _ in range(5))
    taken = consume_in_thread(
        pool, lambda items: [(item, threading.get_ident()) for item in items], made
    )
    assert all(maker == here != taker for maker, taker in taken.result())


def test_one_is_made_while_another_is_taken(pool: ThreadPoolExecutor) -> None:
    second = Event()

    def items() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    def consume(items: Iterator[int]) -> bool:
        next(items)
        return second.wait(5) and list(items) == [2]

    assert consume_in_thread(pool, consume, items()).result()


class Interrupted(ThreadPoolExecutor):
    """Threads, when one of which begins Ctrl-C comes."""

    begun: Future[object]

    def submit(self, *arguments: Any) -> Any:
        self.begun = super().submit(*arguments)
        raise KeyboardInterrupt


def test_an_interruption_in_the_first_moment_ends_both() -> None:
    pool = Interrupted(1)
    with pytest.raises(KeyboardInterrupt):
        consume_in_thread(pool, list, iter(range(9)))
    assert isinstance(pool.begun.exception(timeout=5), ProducerFailed)
    pool.shutdown()


def test_few_items_wait(pool: ThreadPoolExecutor) -> None:
    made, taken, most = [], [], 0

    def items() -> Iterator[int]:
        nonlocal most
        for number in range(30):
            most = max(most, number - len(taken))
            made.append(number)
            yield number

    def consume(items: Iterator[int]) -> None:
        for number in items:
            time.sleep(0.002)
            taken.append(number)

    consume_in_thread(pool, consume, items()).result()
    assert taken == made
    assert 1 < most <= 4, "two that wait, one in each hand"


def test_a_maker_that_fails_ends_the_taker(pool: ThreadPoolExecutor) -> None:
    ends = []

    def items() -> Iterator[int]:
        yield from range(3)
        raise KeyboardInterrupt

    def consume(items: Iterator[int]) -> None:
        try:
            ends.append([*items])
        except ProducerFailed:
            ends.append("cut")

    with pytest.raises(KeyboardInterrupt):
        consume_in_thread(pool, consume, items())
    pool.shutdown()
    assert ends == ["cut"]


def test_what_was_made_before_a_failure_is_taken(pool: ThreadPoolExecutor) -> None:
    taken = []

    def items() -> Iterator[int]:
        yield from range(20)
        raise ValueError

    def consume(items: Iterator[int]) -> None:
        for number in items:
            time.sleep(0.001)
            taken.append(number)

    with pytest.raises(ValueError):
        consume_in_thread(pool, consume, items())
    pool.shutdown()
    assert taken == list(range(20))


def test_a_taker_that_fails_ends_the_maker(pool: ThreadPoolExecutor) -> None:
    made = []

    def items() -> Iterator[int]:
        while True:
            made.append(1)
            yield 1

    def consume(items: Iterator[int]) -> None:
        next(items)
        raise LookupError("full")

    with pytest.raises(LookupError, match="full"):
        consume_in_thread(pool, consume, items())
    assert len(made) < 20


def test_mapped_keeps_the_order_and_looks_not_far_ahead() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(60):
            made.append(number)
            yield number

    def slow(number: int) -> int:
        time.sleep(0.003 * (number % 3))
        return number * number

    with map_in_threads(slow, items()) as results:
        assert next(results) == 0
        assert len(made) < 40
        assert [0, *results] == [number * number for number in range(60)]


def test_mapped_raises_what_the_function_raises() -> None:
    inverses = map_in_threads(lambda number: 1 // number, [3, 2, 1, 0, 5])
    with pytest.raises(ZeroDivisionError), inverses as results:
        list(results)


def test_threads_end_with_the_block() -> None:
    with map_in_threads(lambda number: number, range(9)) as results:
        assert next(results) == 0
    assert not [x for x in threading.enumerate() if x.name.startswith("netart-frames")]

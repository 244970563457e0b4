"""Work in threads while the next piece is made."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_WAITING = 2  # items: more would only take memory
POLL_S = 0.05


class ProducerFailed(Exception):
    """Ends a consumer in another thread: no more items come."""


def consume_in_thread(
    pool: Executor, consume: Callable[[Iterator[Item]], Result], items: Iterable[Item]
) -> Future[Result]:
    """Runs `consume` in a thread of the pool, on items that are made in the calling thread.

    Returns when all items are handed over; `consume` may still be busy then. Raises what making
    an item raises, and what `consume` has raised so far.
    """
    queue: Queue[tuple[Item] | None] = Queue(MAX_WAITING)
    failed = Event()

    def receive() -> Iterator[Item]:
        while True:
            try:
                box = queue.get(timeout=POLL_S)
            except Empty:
                if failed.is_set():  # and what was made before is received
                    raise ProducerFailed from None
                continue
            if box is None:
                return
            yield box[0]

    def put(box: tuple[Item] | None, task: Future[Result]) -> None:
        while not task.done():
            try:
                return queue.put(box, timeout=POLL_S)
            except Full:
                continue
        task.result()

    try:
        task = pool.submit(consume, receive())  # Ctrl-C may come when its thread has begun
        for item in items:
            put((item,), task)
        put(None, task)
    except BaseException:
        failed.set()
        raise
    return task


@contextmanager
def map_in_threads(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[Iterator[Result]]:
    """The results in the items' order, computed on all cores, no further ahead than needed.

    The threads end with the block: an iterator that was left half-way would wait for them whenever
    it is collected, perhaps while `threading` itself holds a lock that they need.
    """
    workers = os.cpu_count() or 1

    def results(pool: Executor) -> Iterator[Result]:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    with ThreadPoolExecutor(workers, "netart-frames") as pool:
        yield results(pool)

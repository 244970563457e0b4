"""Work that goes on in threads while the next piece is made."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from queue import Empty, Full, Queue
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 2  # items that wait: more would only take memory
POLL_S = 0.05


class Cut(Exception):
    """Ends the consumer of items whose producer has failed."""


def fed(
    pool: Executor, consume: Callable[[Iterator[Item]], Result], items: Iterable[Item]
) -> Future[Result]:
    """Starts `consume` in a thread and hands it the items, which are made here, as it takes them.

    Returns when all are handed over; `consume` may still be busy then. Raises what making an item
    raises, and what `consume` has raised so far.
    """
    queue: Queue[tuple[Item] | None] = Queue(AHEAD)
    cut = Event()

    def taken() -> Iterator[Item]:
        while True:
            try:
                box = queue.get(timeout=POLL_S)
            except Empty:
                if cut.is_set():  # and what was made before is taken
                    raise Cut from None
                continue
            if box is None:
                return
            yield box[0]

    task = pool.submit(consume, taken())

    def put(box: tuple[Item] | None) -> None:
        while not task.done():
            try:
                return queue.put(box, timeout=POLL_S)
            except Full:
                continue
        task.result()

    try:
        for item in items:
            put((item,))
        put(None)
    except BaseException:
        cut.set()
        raise
    return task


def mapped(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results in the items' order, worked out on all cores, no further ahead than needed."""
    workers = os.cpu_count() or 1
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(workers, "netart-frames") as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

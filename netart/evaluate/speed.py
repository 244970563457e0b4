"""How fast an evaluator is, measured on the way: so that work comes in pieces of a given time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

INITIAL_RATE = 1e9  # multiplications a second, until it is measured
MAX_STEP = 4  # times, up or down, that one measurement may change the rate


class Speed:
    """How many multiplications a second an evaluator does, as measured so far."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads  # that the evaluator uses
        self.rate = INITIAL_RATE

    @contextmanager
    def measure(self, multiplications: float) -> Iterator[None]:
        """Learns from the time that the block takes for this many multiplications."""
        start = time.perf_counter()
        yield
        self.learn(multiplications, time.perf_counter() - start)

    def learn(self, multiplications: float, took_s: float) -> None:
        measured = multiplications / max(took_s, 1e-6)
        self.rate = min(max(measured, self.rate / MAX_STEP), self.rate * MAX_STEP)

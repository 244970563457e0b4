"""How busy one client keeps many workers: `python farm.py WORKERS SECONDS…`. Prints a table.

The workers are simulated: they sleep for as long as drawing a window takes, one of the given times
in turn, and answer with a megapixel of noise, 8 bits a channel, which does not deflate. There are
WORKERS of them, in a few processes of this machine, over TCP. How busy they are is the time that
they slept over the time that there was; a client that writes a PNG of the windows encodes beside.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from netart.evaluate.numbers import Samples
from netart.evaluate.request import Evaluator, in_order
from netart.farm.evaluator import Farm, open_farm

PROCESSES = 4  # that the workers are in
SHAPE = 1024, 1024, 3
BEGIN_S, LEAST_S = 3.0, 12.0  # of each measurement: not counted, and counted


def pretend(seconds: float, shape: tuple[int, ...], _: Evaluator) -> Samples:
    """A window that takes so long to draw."""
    time.sleep(seconds)
    return _noise(shape)


def _noise(shape: tuple[int, ...]) -> Samples:
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


async def work(scheduler: str, count: int) -> None:
    """Runs so many workers in this process, until the scheduler ends."""
    from distributed import Worker

    started = [
        Worker(scheduler, nthreads=1, host="127.0.0.1", dashboard_address="127.0.0.1:0")
        for _ in range(count)
    ]
    workers = await asyncio.gather(*started)
    await asyncio.gather(*(worker.finished() for worker in workers))


def windows(farm: Farm, seconds: float, shape: tuple[int, ...]) -> Iterator[Samples]:
    """Windows without end."""

    def start() -> Iterator[Callable[[], Samples]]:
        while True:
            waiting = farm.elsewhere(partial(pretend, seconds, shape), "a window")
            assert waiting
            yield waiting

    return in_order(start(), farm)

"""How busy one client keeps many workers: `python farm.py WORKERS SECONDS…`. Prints a table.

The workers are simulated: they sleep for as long as drawing a window takes, for each of the given
times, and answer with a megapixel of noise, 8 bits a channel, which does not deflate. They are
WORKERS threads in a few processes of this machine, and talk over TCP. How busy they are is the time
that they slept over the time that there was. The client takes what comes in order; then again, and
packs it as a PNG. Its own time is what its process spends on a window, on all cores.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator, in_order
from netart.farm.cluster import Cluster
from netart.farm.evaluator import Farm, open_farm
from netart.files.stills.png import write_png
from netart.files.stills.spec import ImageSpec

PROCESSES = 4  # that the workers are in
SIDE = 1024  # pixels of a window
ROUNDS = 4  # windows a worker that are counted, after one that is not
LEAST = 60  # windows that are counted
PLACE = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")


def pretend(seconds: float, _: Evaluator) -> Samples:
    """A window of noise that takes so long to draw."""
    time.sleep(seconds)
    return noise()


@cache
def noise() -> Samples:
    return np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


async def run_workers(file: str, count: int) -> None:
    """So many workers in this process, until the scheduler ends."""
    from distributed import Worker

    from netart.farm.worker import Seat

    Seat.do = lambda seat, work: work(seat._evaluator)  # type: ignore[assignment]  # all sleep at a time
    workers = [
        Worker(scheduler_file=file, nthreads=1, host="127.0.0.1", dashboard_address="127.0.0.1:0")
        for _ in range(count)
    ]
    for worker in workers:
        await worker
    for worker in workers:
        await worker.finished()


@contextmanager
def simulated(workers: int) -> Iterator[Farm]:
    """A farm of so many workers that sleep."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = str(folder / "scheduler.json")
        dask = [sys.executable, "-m", "dask", "scheduler", "--port", "0", "--scheduler-file", file]
        alone = [sys.executable, __file__, "worker", file, str(workers // PROCESSES)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = [subprocess.Popen([*dask, *PLACE], **quiet)]  # type: ignore[call-overload]
        stack.callback(lambda: [one.kill() or one.wait() for one in started])
        while not Path(file).exists():
            time.sleep(0.1)
        for _ in range(PROCESSES):
            started.append(subprocess.Popen(alone, **quiet))  # type: ignore[call-overload]
        client = stack.enter_context(Cluster(file).connect())
        client.wait_for_workers(workers)
        yield stack.enter_context(open_farm(client, "cpu", None))


def windows(farm: Farm, seconds: float, count: int) -> Iterator[Samples]:
    """So many windows, in order."""

    def start() -> Iterator[Callable[[], Samples]]:
        for _ in range(count):
            waiting = farm.elsewhere(partial(pretend, seconds), "a window")
            assert waiting
            yield waiting

    return in_order(start(), farm)


class Measured(NamedTuple):
    """What a client does when all workers have work."""

    rate: float  # windows a second
    own_s: float  # that its process spends on a window

    def describe(self, seconds: float, workers: int) -> str:
        busy, megabytes_s = self.rate * seconds / workers, self.rate * 3 * SIDE**2 / 1e6
        return f"{busy:.0%}  {self.rate:.1f}  {megabytes_s:.0f}  {1000 * self.own_s:.1f} ms"


def measure(farm: Farm, seconds: float, use: Callable[[Iterable[Samples]], object]) -> Measured:
    """Has the client use windows that take so long to draw."""
    first, count = farm.workers, max(LEAST, ROUNDS * farm.workers)
    drawn = windows(farm, seconds, first + count)
    deque(islice(drawn, first), maxlen=0)
    begin_s, begin_own_s = time.perf_counter(), time.process_time()
    use(drawn)
    own_s = time.process_time() - begin_own_s
    return Measured(count / (time.perf_counter() - begin_s), own_s / count)


def pack(windows: Iterable[Samples]) -> None:
    """Writes the windows as a PNG to nowhere."""
    spec = ImageSpec(None, "png", (SIDE, SIDE), Numbers("u1"), None, None)
    with open(os.devnull, "wb") as nowhere:
        write_png(nowhere, spec, windows)


def main(workers: int, times: list[float]) -> None:
    """Prints a row for each time."""
    with simulated(workers) as farm:
        print(f"{farm.workers} workers, windows of {SIDE}x{SIDE} in 8 bits")
        print("seconds  busy  windows/s  MB/s  own time  as PNG: busy  windows/s  MB/s  own time")
        for seconds in times:
            taken = measure(farm, seconds, lambda drawn: deque(drawn, maxlen=0))
            packed = measure(farm, seconds, pack)
            shown = [one.describe(seconds, farm.workers) for one in (taken, packed)]
            print(f"{seconds:g}  {'  '.join(shown)}", flush=True)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"at most {farm.ahead} windows in flight; peak of the client {peak_mb:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        asyncio.run(run_workers(sys.argv[2], int(sys.argv[3])))
    else:
        main(int(sys.argv[1]), list(map(float, sys.argv[2:])))

"""What a worker of a farm does: its process has one evaluator, and one thread that uses it."""

from __future__ import annotations

import ctypes
import os
import pickle
import platform
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from netart.errors import MACHINE, NetartError
from netart.evaluate.backend import BACKENDS, open_evaluator
from netart.evaluate.request import Evaluator, Result
from netart.farm.travel import pack_array, unpack_work
from netart.version import __version__

DEVICE = "NETART_DEVICE"  # the variable that says which GPU is a worker's

# Numbers of mallopt(3), and what of them is kept: see `_keep_freed_memory`.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
TRIM_BYTES, MMAP_BYTES = 64 << 20, 32 << 20


class Kind(NamedTuple):
    """What decides the last bits of the pixels that a worker draws."""

    netart: str  # version
    evaluator: str  # name
    kernels: str


class Facts(NamedTuple):
    """What a worker says of itself."""

    kind: Kind
    epsilon: float  # relative precision of its coordinates
    threads: int
    about: str  # what does the work, in a few words


class Refused(NamedTuple):
    """The answer of a worker that is of another kind than is asked for."""

    worker: str  # address


class Seat:
    """The evaluator of this process, and the one thread that uses it: a GL context is bound to it.

    Both last as long as the process.
    """

    def __init__(self, backend: str, device: int | None, threads: int) -> None:
        _keep_freed_memory()
        self._thread = ThreadPoolExecutor(1, "netart-farm")
        self._open = ExitStack()
        opened = open_evaluator(backend, device, threads)
        self._evaluator = self._thread.submit(self._open.enter_context, opened).result()
        own = self._evaluator
        kind = Kind(__version__, own.name, own.kernels)
        self.facts = Facts(kind, own.epsilon, own.threads, own.describe())

    def do(self, work: Callable[[Evaluator], Result]) -> Result:
        """Does a piece of work when those before it are done."""
        return self._thread.submit(work, self._evaluator).result()


def _keep_freed_memory() -> None:
    """Has glibc keep memory that is freed for the next tile. Dask's workers have it returned to the
    system at once: to get it anew took a fifth of their time.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
        libc.mallopt(M_MMAP_THRESHOLD, MMAP_BYTES)


@cache
def seat(backend: str, device: int | None, threads: int) -> Seat:
    """The seat of this process. device: None for what the environment says, or the first. Raises
    NetartError.
    """
    own = os.environ.get(DEVICE) if device is None and BACKENDS[backend].stage is not None else None
    if own and not (own.isascii() and own.isdigit()):
        raise NetartError(f"{DEVICE}={own}: must be the number of a GPU, from 0", MACHINE)
    return Seat(backend, int(own) if own else device, threads)


def look(backend: str, device: int | None, dask_worker: Any) -> Facts:
    """What this worker is; Dask passes it by that name."""
    return seat(backend, device, dask_worker.state.nthreads).facts


def load(data: bytes) -> Any:
    """A part that pieces of work have in common."""
    return pickle.loads(data)


def do(
    data: bytes,
    parts: Mapping[str, Any],
    backend: str,
    device: int | None,
    kinds: frozenset[Kind],
    deflates: bool,
) -> Any:
    """Does a piece of work, as `pack_work` packs it, and packs an array that it returns.

    kinds: of workers that may do it. deflates: as in `pack_array`.
    """
    from distributed import get_worker

    worker = get_worker()
    own = seat(backend, device, worker.state.nthreads)
    if own.facts.kind not in kinds:
        return Refused(worker.address)
    result = own.do(unpack_work(data, parts))
    return pack_array(result, deflates) if isinstance(result, np.ndarray) else result

"""Draws on many machines: an evaluator whose work the workers of a Dask cluster do.

A piece of work, such as a window of a shot, is pickled and becomes a task; networks with explicit
weights, and runs, travel apart from it, once a worker, by their digests. A worker's process opens
one evaluator, and works on one piece at a time in one thread, which a GL context is bound to. What
a worker answers is checked before use; who reaches the scheduler, though, can run any code there.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import pickle
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from ipaddress import ip_address
from math import prod
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from netart.errors import MACHINE, NetartError
from netart.evaluate.backend import check_backend, open_evaluator
from netart.evaluate.cpu import Cpu, cores
from netart.evaluate.request import Evaluator, Request, Result
from netart.net.learning.run import Run
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View
from netart.version import __version__

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
WORKERS_S = 30.0  # without any worker, until the work fails
CONNECT_S = "10s"
POLL_S = 0.5
LIST_S = 1.0  # between two looks at who is there
AHEAD = 4  # pieces of work a worker that may be started before the first is waited for
MAX_DEATHS = 3  # of workers, until a piece of work fails on a cluster of our own
SLOW_S = 10.0  # a piece that is waited for longer, while all others are done, may be begun anew
SLOW = 3  # where it has taken so many times what the slowest piece before it took
MAX_PARTS = 32  # kept on the workers for pieces to come
LARGE_PART = 1 << 16  # bytes of a shot that travel apart from it
KINDS = ("u1", "u2", "f2", "f4", "f8")  # of pixels
LEVEL = 1  # of zlib
TRIED_BYTES = 1 << 16  # of pixels, deflated to see whether it is worth while


class Kind(NamedTuple):
    """What a worker's process says of itself."""

    netart: str  # version
    evaluator: str  # name
    kernels: str
    epsilon: float
    threads: int
    about: str  # what does the work, in a few words


class Refused(NamedTuple):
    """The answer of a worker that would draw other pixels than those of the farm."""

    worker: str  # address
    kind: Kind


class Array(NamedTuple):
    """An array as it travels."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    is_deflated: bool


# What a worker does


class Seat:
    """The evaluator of a worker's process, and the one thread that uses it."""

    def __init__(self, backend: str, device: int | None, threads: int) -> None:
        self._thread = ThreadPoolExecutor(1, "netart-farm")
        self._open = ExitStack()  # until the process ends
        opened = open_evaluator(backend, device, threads)
        self._evaluator = self._thread.submit(self._open.enter_context, opened).result()
        self.kind = Kind(
            __version__,
            self._evaluator.name,
            self._evaluator.kernels,
            self._evaluator.epsilon,
            self._evaluator.threads,
            self._evaluator.describe(),
        )

    def work(self, work: Callable[[Evaluator], Result]) -> Result:
        """Does a piece of work when those before it are done."""
        return self._thread.submit(work, self._evaluator).result()


@cache
def take_seat(backend: str, device: int | None, threads: int) -> Seat:
    """This process's seat: opened once."""
    return Seat(backend, device, threads)


def look(backend: str, device: int | None, dask_worker: Any) -> Kind:
    """What the worker of this process is."""
    return take_seat(backend, device, dask_worker.state.nthreads).kind


def load(data: bytes) -> Any:
    """A part that pieces of work have in common."""
    return pickle.loads(data)


def work(
    data: bytes,
    parts: Mapping[str, Any],
    backend: str,
    device: int | None,
    kinds: frozenset[tuple[str, ...]],
    deflates: bool,
) -> Any:
    """Does a piece of work that `pack` has packed. kinds: of evaluators that may."""
    from distributed import get_worker

    worker = get_worker()
    seat = take_seat(backend, device, worker.state.nthreads)
    if identity(seat.kind) not in kinds:
        return Refused(worker.address, seat.kind)
    result: Any = seat.work(_Unpickler(io.BytesIO(data), parts).load())
    if not isinstance(result, np.ndarray):
        return result
    raw = np.ascontiguousarray(result).data.cast("B")
    tried = raw[:TRIED_BYTES]
    if deflates and len(zlib.compress(tried, LEVEL)) < 0.8 * len(tried):
        return Array(result.dtype.str, result.shape, zlib.compress(raw, LEVEL), True)
    return Array(result.dtype.str, result.shape, bytes(raw), False)


def identity(kind: Kind) -> tuple[str, ...]:
    """What of a worker decides the last bits of pixels."""
    return kind.netart, kind.evaluator, kind.kernels


# What travels


class _Pickler(pickle.Pickler):
    """Leaves large parts out: they are in `parts`, by their digests."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.parts: dict[str, Any] = {}

    def persistent_id(self, part: Any) -> str | None:
        digest = None
        if isinstance(part, (Network, Run)):
            digest = part.sha256
        elif isinstance(part, bytes) and len(part) > LARGE_PART:
            digest = hashlib.sha256(part).hexdigest()
        if digest:
            self.parts[digest] = part
        return digest


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, parts: Mapping[str, Any]) -> None:
        super().__init__(file)
        self._parts = parts

    def persistent_load(self, digest: str) -> Any:
        return self._parts[digest]


def pack(work: Any) -> tuple[bytes, dict[str, Any]]:
    """A piece of work, without its large parts, and these by their digests."""
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump(work)
    return file.getvalue(), pickler.parts


def unpack(answer: Any) -> Any:
    """The result that a worker has answered. Raises TypeError where an array is not as it says."""
    if not isinstance(answer, Array):
        return answer
    dtype, shape, data, is_deflated = answer
    if dtype not in {np.dtype(kind).str for kind in KINDS}:
        raise TypeError(f"an array of {dtype}")
    size = prod(shape) * np.dtype(dtype).itemsize
    if is_deflated:
        data = zlib.decompressobj().decompress(data, size + 1)
    if len(data) != size:
        raise TypeError(f"an array {shape} of {dtype} in {len(data):,} bytes")
    return np.frombuffer(data, dtype).reshape(shape)


# What the client does


class Farm(Evaluator):
    """Has workers do what hosts of an evaluator start; figures of lines and text, which are quick,
    are made here.
    """

    def __init__(
        self, client: Client, backend: str, device: int | None, mixed: bool, address: str
    ) -> None:
        """mixed: whether workers may differ in what computes. Raises NetartError where they do all
        the same, and where none can work.
        """
        self.address = address
        self._client: Any = client  # not all of it has types
        self._where = backend, device
        self._pieces: set[Piece] = set()  # in flight
        self._parts: OrderedDict[str, Any] = OrderedDict()  # the latest last
        self._refused: set[str] = set()  # addresses of workers
        self._listed: list[str] = []  # addresses of all workers
        self._listed_s = -LIST_S  # when
        self._seen_s = time.monotonic()  # when there was a worker
        self.slowest_s = 0.0
        self._wait_for_workers()
        found = look_at_workers(client, backend, device)
        kinds = {
            place: kind
            for place, kind in found.items()
            if isinstance(kind, Kind) and kind.netart == __version__
        }
        self._refused.update(found.keys() - kinds)
        if not kinds:
            place, kind = next(iter(found.items()))
            told = f"has netart {kind.netart}" if isinstance(kind, Kind) else str(kind)
            raise self.error(f"no worker has netart {__version__}: {place} {told}")
        self._kinds = frozenset(map(identity, kinds.values()))
        first = next(iter(kinds.values()))
        if len(self._kinds) > 1 and not mixed:
            told = "; ".join(f"{place} {kind.about}" for place, kind in kinds.items())
            raise NetartError(
                f"farm {address}: workers differ, and so would the last bits of pixels: {told}; "
                "draws all the same: farm_mixed",
                hint="farm_mixed",
            )
        self.name = first.evaluator
        self.epsilon = max(kind.epsilon for kind in kinds.values())
        self.threads = cores()
        self._deflates = not is_loopback(scheduler_of(client))

    @property
    def kernels(self) -> str:
        return " or ".join(sorted({kernels for _, _, kernels in self._kinds}))

    @property
    def workers(self) -> int:
        return len(self.places())

    @property
    def ahead(self) -> int:
        return AHEAD * max(1, self.workers)

    def describe(self) -> str:
        return f"{self.name} on {self.workers} workers of {self.address}"

    def elsewhere(
        self, work: Callable[[Evaluator], Result], name: str
    ) -> Callable[[], Result] | None:
        piece = Piece(self, work, name)
        self._pieces.add(piece)
        return piece.wait

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        return self._here.evaluate(network, view, size, window, request)

    @cached_property
    def _here(self) -> Cpu:
        return Cpu()

    def close(self) -> None:
        for piece in tuple(self._pieces):
            self.drop(piece)
        self._parts.clear()
        if "_here" in vars(self):
            self._here.close()

    def error(self, what: str) -> NetartError:
        """An error of the cluster."""
        return NetartError(f"farm {self.address}: {what}", MACHINE)

    def places(self) -> list[str]:
        """The addresses of the workers that work for this farm now."""
        now_s = time.monotonic()
        if now_s > self._listed_s + LIST_S:
            self._listed_s = now_s
            self._listed = list(self._client.scheduler_info(n_workers=-1)["workers"])
        return [place for place in self._listed if place not in self._refused]

    def refuse(self, worker: str) -> None:
        """Gives no more work to this worker."""
        self._refused.add(worker)

    def submit(self, data: bytes, parts: Mapping[str, Any], but: str | None = None) -> Any:
        """Begins a piece of work. but: a worker that shall not do it."""
        places = None
        if self._refused or but:
            places = [place for place in self.places() if place != but]
        sent = {digest: self._part(digest, part) for digest, part in parts.items()}
        return self._client.submit(
            work, data, sent, *self._where, self._kinds, self._deflates,
            pure=False, workers=places or None,
        )  # fmt: skip

    def _part(self, digest: str, part: Any) -> Any:
        if digest not in self._parts:
            data = pickle.dumps(part, protocol=5)
            self._parts[digest] = self._client.submit(load, data, key=f"netart-part-{digest}")
            if len(self._parts) > MAX_PARTS:
                self._parts.popitem(last=False)
        self._parts.move_to_end(digest)
        return self._parts[digest]

    def drop(self, piece: Piece) -> None:
        """Forgets a piece of work, which stops where no worker has begun it."""
        self._pieces.discard(piece)
        if self._client.status == "running":
            self._client.cancel(piece.futures, force=True)

    def check_workers(self) -> None:
        """Raises NetartError where there has been no worker for WORKERS_S."""
        now_s = time.monotonic()
        if self.places():
            self._seen_s = now_s
        elif now_s - self._seen_s > WORKERS_S:
            raise self.error(f"no worker for {WORKERS_S:.0f} s")

    def waits_for(self, piece: Piece) -> bool:
        """Whether all other pieces that have begun are done."""
        return all(
            other is piece or any(future.status != "pending" for future in other.futures)
            for other in self._pieces
        )

    def place_of(self, piece: Piece) -> str | None:
        """The worker that works on a piece."""
        keys = {future.key for future in piece.futures}
        busy = self._client.processing()
        return next((place for place, own in busy.items() if not keys.isdisjoint(own)), None)

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise self.error(f"no worker for {WORKERS_S:.0f} s") from None


class Piece:
    """A piece of work in flight."""

    def __init__(self, farm: Farm, work: Any, name: str) -> None:
        self._farm, self._name = farm, name
        self._packed = pack(work)
        self._begin_s = time.monotonic()
        self._is_done = Event()  # one of the futures
        self.futures: list[Any] = []
        self._submit()

    def _submit(self, but: str | None = None) -> None:
        future = self._farm.submit(*self._packed, but)
        self.futures.append(future)
        future.add_done_callback(lambda _: self._is_done.set())

    def wait(self) -> Any:
        """The result. Raises what the work raises, and NetartError where the cluster fails."""
        from distributed.scheduler import KilledWorker

        farm = self._farm
        try:
            while True:
                if not self._is_done.wait(POLL_S):
                    self._look_after()
                    continue
                self._is_done.clear()
                done = next(future for future in self.futures if future.status != "pending")
                answer = done.result()
                if not isinstance(answer, Refused):
                    farm.slowest_s = max(farm.slowest_s, time.monotonic() - self._begin_s)
                    return unpack(answer)
                farm.refuse(answer.worker)
                self.futures.remove(done)
                self._submit()
        except KilledWorker as error:
            last = error.last_worker.address
            deaths = error.allowed_failures + 1
            raise farm.error(
                f"{deaths} workers died while they drew {self._name}; the last was {last}"
            ) from None
        except CancelledError:
            raise farm.error("the scheduler is gone") from None
        finally:
            farm.drop(self)

    def _look_after(self) -> None:
        """Begins the work anew elsewhere where it alone is not done for long."""
        farm = self._farm
        farm.check_workers()
        taken_s = time.monotonic() - self._begin_s
        if taken_s < max(SLOW_S, SLOW * farm.slowest_s) or len(self.futures) > 1:
            return
        if farm.waits_for(self) and len(farm.places()) > 1:
            self._submit(but=farm.place_of(self))


def look_at_workers(
    client: Client, backend: str, device: int | None
) -> dict[str, Kind | BaseException]:
    """What each worker is, by its address; an exception where netart does not start there."""
    found: dict[str, Any] = client.run(look, backend, device, on_error="return")
    return found


@dataclass(frozen=True)
class FarmChoice:
    """Which cluster is to draw. Raises NetartError for what is no address, and for one beyond this
    machine without TLS, unless `insecure`.
    """

    # `local`, `local:N`, an address such as tls://host:8786, or a scheduler file.
    address: str
    mixed: bool = False  # whether workers may differ in what computes
    insecure: bool = False  # whether data and code may travel unprotected

    def __post_init__(self) -> None:
        if self.address.partition(":")[0] == LOCAL:
            self._local_workers()
        else:
            check_address(self.scheduler, self.insecure)

    @property
    def scheduler(self) -> str:
        """The scheduler's address. Raises NetartError."""
        path = Path(self.address)
        if "://" in self.address:
            return self.address
        try:
            found = json.loads(path.read_text())
            return str(found["address"])
        except FileNotFoundError:
            raise NetartError(
                f"farm {self.address}: is no file of a scheduler: write local, local:4, "
                "tcp://127.0.0.1:8786, tls://HOST:8786, or a scheduler file",
                field="farm",
            ) from None
        except OSError as error:
            raise NetartError(f"farm {self.address}: {error.strerror}", field="farm") from None
        except (ValueError, KeyError, TypeError):
            raise NetartError(
                f"farm {self.address}: is no file of a scheduler", field="farm"
            ) from None

    @contextmanager
    def connect(self) -> Iterator[Client]:
        """A client of the cluster, which ends with the block if it was made for it. Raises
        NetartError.
        """
        dask, distributed = _import_dask()
        for name in ("distributed", "distributed.client"):  # their failures are errors of ours
            logging.getLogger(name).setLevel(logging.CRITICAL)
        settings = {
            "distributed.admin.large-graph-warning-threshold": "1GB",
            "distributed.scheduler.allowed-failures": MAX_DEATHS - 1,
        }
        with ExitStack() as stack:
            stack.enter_context(dask.config.set(settings))
            address: Any = None
            if self.address.partition(":")[0] == LOCAL:
                address = stack.enter_context(_local_cluster(distributed, self._local_workers()))
            else:
                address = self.scheduler
            try:
                client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
            except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
                why = str(error).partition("\n")[0]
                raise NetartError(f"farm {self.address}: {why}", MACHINE) from None
            with client:
                yield client

    @contextmanager
    def open(self, backend: str, device: int | None) -> Iterator[Farm]:
        """The farm, whose workers have evaluators of this backend. Raises NetartError."""
        with (
            self.connect() as client,
            open_farm(client, backend, device, self.mixed, self.address) as farm,
        ):
            yield farm

    def _local_workers(self) -> int:
        """How many workers a cluster of our own has. Raises NetartError."""
        _, colon, count = self.address.partition(":")
        if not colon:
            return cores()
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 1024):
            raise NetartError(
                f"farm {self.address}: local:N starts 1 to 1024 workers", field="farm"
            )
        return int(count)


@contextmanager
def open_farm(
    client: Client, backend: str, device: int | None, mixed: bool, address: str = ""
) -> Iterator[Farm]:
    """The farm of a client's cluster. What is in flight is cancelled at the end."""
    farm = Farm(client, backend, device, mixed, address or scheduler_of(client))
    try:
        yield farm
    finally:
        farm.close()


@contextmanager
def open_here_or(
    farm: Client | None, backend: str, device: int | None, mixed: bool = False
) -> Iterator[Evaluator]:
    """An evaluator of this machine, or where there is a client the farm of its cluster. mixed: as
    in `Farm`. Raises NetartError.
    """
    check_backend(backend, device)
    opened = open_farm(farm, backend, device, mixed) if farm else open_evaluator(backend, device)
    with opened as evaluator:
        yield evaluator


def scheduler_of(client: Client) -> str:
    """The address of a client's scheduler."""
    assert client.scheduler
    return str(client.scheduler.address)


def _local_cluster(distributed: Any, workers: int) -> Any:
    """A cluster on this machine alone, whose workers share its cores."""
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=max(1, cores() // workers),
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


def check_address(address: str, insecure: bool) -> None:
    """Raises NetartError for an address beyond this machine without TLS, unless `insecure`."""
    if address.startswith("tls://") or insecure or is_loopback(address):
        return
    raise NetartError(
        f"farm {address}: without TLS whoever is on the way reads and changes what travels, and "
        "who reaches the scheduler runs code: use tls://, or in a closed network add insecure",
        field="farm",
        hint="insecure",
    )


def is_loopback(address: str) -> bool:
    """Whether an address is on this machine."""
    parts = urlsplit(address)
    if parts.scheme in ("inproc", "unix"):
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _import_dask() -> tuple[Any, Any]:
    """The modules. Raises NetartError where they are not installed."""
    try:
        import dask
        import distributed
    except ImportError as error:
        raise NetartError(
            f"a farm takes {error.name}: pip install 'netart[farm]'", MACHINE
        ) from None
    return dask, distributed

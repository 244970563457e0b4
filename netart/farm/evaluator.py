"""Draws on many machines: an evaluator whose work the workers of a Dask cluster do.

A piece of work, such as a window of a shot, becomes a task of the cluster. It is begun anew where a
worker dies, and elsewhere where one refuses it, or takes very long; what comes back is checked.
"""

from __future__ import annotations

import asyncio
import pickle
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Any

from netart.errors import NetartError
from netart.evaluate.backend import check_backend, open_evaluator
from netart.evaluate.cpu import Cpu, cores
from netart.evaluate.request import Evaluator, Request, Result
from netart.farm.cluster import cluster_error, is_loopback, scheduler_errors
from netart.farm.travel import Packed, pack_work, unpack_array
from netart.farm.worker import Facts, Refused, do, load, look
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View
from netart.version import __version__

if TYPE_CHECKING:
    from distributed import Client

WORKERS_S = 30.0  # without any worker, until the work fails
LOOK_S = 30.0  # that a worker takes to say what it is, at most
MAX_ASKED = 64  # workers at a time
POLL_S = 0.5
LIST_S = 1.0  # between two looks at who is there
FETCH_S = 60.0  # that a worker takes to send what it has drawn, at most
AHEAD = 4  # pieces of work a worker that may be started before the first is waited for
# A piece that alone is not done is begun anew where it has taken so long, and so many times what
# the slowest before it took.
SLOW_S, SLOW = 10.0, 3
MAX_PARTS = 32  # kept on the workers for pieces to come

DIFFERENT = "workers differ in what computes, and so would the last bits of their pixels"

# Workers by their addresses: what they are, or an exception where netart does not start there.
Workers = Mapping[str, Facts | BaseException]


class Farm(Evaluator):
    """Has workers do the pieces of work that hosts of an evaluator start. Figures of lines and
    text, which are quick, are made here.
    """

    def __init__(self, client: Client, backend: str, device: int | None, mixed: bool) -> None:
        """backend, device: of each worker. mixed: whether workers may differ in what computes.
        Raises NetartError where they do and may not, and where none can work.
        """
        self._client = client
        self._where = backend, device
        self.address = str(client.scheduler.address)
        self._pieces: set[Piece] = set()  # in flight
        self._parts: OrderedDict[str, Any] = OrderedDict()  # on the workers, the latest last
        self._listed: list[str] = []  # addresses of all workers
        self._listed_s = -LIST_S  # when
        self._seen_s = time.monotonic()  # when there was a worker
        self.slowest_s = 0.0  # of the pieces that are done
        found = look_at_workers(client, backend, device)
        fit = workers_that_fit(found)
        self._refused = set(found.keys() - fit)  # addresses of workers that get no work
        self._kinds = frozenset(facts.kind for facts in fit.values())
        if not fit:
            raise cluster_error(self.address, _describe_all(describe_misfits(found)))
        if len(self._kinds) > 1 and not mixed:
            what = f"farm {self.address}: {DIFFERENT}: to draw all the same, farm_mixed"
            raise NetartError(what, hint="farm_mixed")
        names = {kind.evaluator for kind in self._kinds}
        self.name = " or ".join(sorted(names))
        self.epsilon = max(facts.epsilon for facts in fit.values())
        self.threads = cores()
        self._deflates = not is_loopback(self.address)

    @property
    def kernels(self) -> str:
        return " or ".join(sorted({kind.kernels for kind in self._kinds}))

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
        with self.scheduler_errors():
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

    def scheduler_errors(self) -> AbstractContextManager[None]:
        return scheduler_errors(self._client, self.address)

    def places(self) -> list[str]:
        """The addresses of the workers that get work now."""
        now_s = time.monotonic()
        if now_s > self._listed_s + LIST_S:
            self._listed = list(self._client.scheduler_info(n_workers=-1)["workers"])
            self._listed_s = now_s
        return [place for place in self._listed if place not in self._refused]

    def refuse(self, worker: str) -> None:
        """Gives no more work to this worker."""
        self._refused.add(worker)

    def submit(self, data: bytes, parts: Mapping[str, Any], but: Collection[str] = ()) -> Any:
        """Begins a piece of work; returns Dask's future. but: workers that shall not do it. Raises
        NetartError as `check_workers` does.
        """
        places = None
        if self._refused or but:
            while not (places := [place for place in self.places() if place not in but]):
                self.check_workers()
                time.sleep(POLL_S)
        sent = {digest: self._send(digest, part) for digest, part in parts.items()}
        return self._client.submit(
            do, data, sent, *self._where, self._kinds, self._deflates,
            pure=False, workers=places,
        )  # fmt: skip

    def _send(self, digest: str, part: Any) -> Any:
        """The future of a part, which workers get from each other."""
        if digest not in self._parts:
            data = pickle.dumps(part, protocol=5)
            self._parts[digest] = self._client.submit(load, data, key=f"netart-part-{digest}")
            if len(self._parts) > MAX_PARTS:
                self._parts.popitem(last=False)
        self._parts.move_to_end(digest)
        return self._parts[digest]

    def begin_to_fetch(self, future: Any) -> Future[Any]:
        """Has what the future stands for sent by the worker that holds it."""
        coming = self._client.gather(future, asynchronous=True)
        return asyncio.run_coroutine_threadsafe(coming, self._client.loop.asyncio_loop)

    def drop(self, piece: Piece) -> None:
        """Forgets a piece of work, which is not begun any more."""
        self._pieces.discard(piece)
        pending = [future for future in piece.futures if future.status == "pending"]
        if pending and self._client.status == "running":
            self._client.cancel(pending, force=True)
        piece.futures.clear()

    def check_workers(self) -> None:
        """Raises NetartError where there has been no worker for WORKERS_S."""
        now_s = time.monotonic()
        if self.places():
            self._seen_s = now_s
        elif now_s - self._seen_s > WORKERS_S:
            raise cluster_error(self.address, f"no worker for {WORKERS_S:.0f} s")

    def place_of(self, future: Any) -> str | None:
        """The worker that works on what the future stands for, or holds it."""
        if future.status != "pending":
            return next(iter(self._client.who_has([future]).get(str(future.key), ())), None)
        busy = self._client.processing()
        return next((place for place, own in busy.items() if future.key in own), None)

    def refused_place_of(self, future: Any) -> str | None:
        """The worker that holds what the future stands for, where it gets no more work."""
        place = self.place_of(future) if self._refused else None
        return place if place in self._refused else None


class Piece:
    """A piece of work in flight."""

    def __init__(self, farm: Farm, work: Any, name: str) -> None:
        self._farm, self._name = farm, name
        self._packed = pack_work(work)
        self._something = Event()  # has become of one of the futures
        self.futures: list[Any] = []
        self._submit()

    def wait(self) -> Any:
        """The result. Raises what the work raises, and NetartError where the cluster fails."""
        from distributed.scheduler import KilledWorker

        farm = self._farm
        try:
            with farm.scheduler_errors():
                return self._wait()
        except KilledWorker as error:
            deaths, last = error.allowed_failures + 1, error.last_worker.address
            raise cluster_error(
                farm.address,
                f"{deaths} workers died while they drew {self._name}; the last was {last}",
            ) from None
        finally:
            farm.drop(self)

    def _wait(self) -> Any:
        """The result. Raises what comes instead."""
        while True:
            self._something.wait(POLL_S)
            self._something.clear()
            done = next((one for one in self.futures if one.status != "pending"), None)
            answer = self._fetch(done) if done else None
            if answer is None:
                self._look_after()
            elif isinstance(answer, Refused):
                self._farm.refuse(answer.worker)
                self.futures.remove(done)
                self._submit()
            else:
                return unpack_array(answer) if isinstance(answer, Packed) else answer

    def _fetch(self, future: Any) -> Any:
        """What a worker has answered, that it refuses where it does not send it. None where it is
        lost with its worker, and done anew.
        """
        farm = self._farm
        if place := farm.refused_place_of(future):
            return Refused(place)
        begin_s, coming = time.monotonic(), farm.begin_to_fetch(future)
        place = None
        try:
            while not wait([coming], POLL_S).done:
                farm.check_workers()
                now = farm.place_of(future)
                place = place or now
                if not now or now != place:
                    return None
                if time.monotonic() - begin_s > FETCH_S:
                    return Refused(now)
            return coming.result()
        finally:
            coming.cancel()

    def _submit(self, but: Collection[str] = ()) -> None:
        self._begin_s = time.monotonic()
        future = self._farm.submit(*self._packed, but)
        self.futures.append(future)
        future.add_done_callback(self._finish)

    def _finish(self, future: Any) -> None:
        if future.status == "finished":
            self._farm.slowest_s = max(self._farm.slowest_s, time.monotonic() - self._begin_s)
        self._something.set()

    def _look_after(self) -> None:
        """Begins the work on one more worker where all that have it take very long, or get no more
        work.
        """
        farm = self._farm
        farm.check_workers()
        taken_s = time.monotonic() - self._begin_s
        is_slow = farm.slowest_s and taken_s > max(SLOW_S, SLOW * farm.slowest_s)
        find = farm.place_of if is_slow else farm.refused_place_of
        places = {place for future in self.futures if (place := find(future))}
        if len(places) == len(self.futures) and not places.issuperset(farm.places()):
            self._submit(but=places)


def look_at_workers(client: Client, backend: str, device: int | None) -> Workers:
    """What each worker of a cluster is. Raises NetartError where there is none for WORKERS_S."""
    address = str(client.scheduler.address)

    def ask(place: str) -> Workers:
        """Each by itself: one that hangs holds the others not up."""
        try:
            found: Workers = client.run(
                look, backend, device, workers=[place], on_error="return", callback_timeout=LOOK_S
            )
        except TimeoutError:
            return {place: TimeoutError(f"says nothing for {LOOK_S:.0f} s")}
        return found

    with scheduler_errors(client, address):
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise cluster_error(address, f"no worker for {WORKERS_S:.0f} s") from None
        places = client.scheduler_info(n_workers=-1)["workers"]
        with ThreadPoolExecutor(MAX_ASKED) as pool:
            return {place: one for found in pool.map(ask, places) for place, one in found.items()}


def workers_that_fit(workers: Workers) -> dict[str, Facts]:
    """Those of the workers that have the netart of this process."""
    return {
        place: facts
        for place, facts in workers.items()
        if isinstance(facts, Facts) and facts.kind.netart == __version__
    }


def describe_misfits(workers: Workers) -> list[str]:
    """Why some of the workers get no work, or all only if they may differ, a line each."""
    fit = workers_that_fit(workers)
    lines = [
        f"{place} has netart {one.kind.netart}, here is {__version__}: it gets no work"
        if isinstance(one, Facts)
        else f"{place} does not start netart: {_describe_error(one)}: it gets no work"
        for place, one in workers.items()
        if place not in fit
    ]
    return lines + [DIFFERENT] * (len({facts.kind for facts in fit.values()}) > 1)


def _describe_error(error: BaseException) -> str:
    return str(error) if isinstance(error, NetartError) else f"{type(error).__name__}: {error}"


def _describe_all(lines: list[str]) -> str:
    """The first of lines, and how many there are."""
    more = f" (and {len(lines) - 1} more: netart doctor --farm lists them)"
    return lines[0] + (more if len(lines) > 1 else "")


@contextmanager
def open_farm(
    client: Client, backend: str, device: int | None, mixed: bool = False
) -> Iterator[Farm]:
    """The farm of a client's cluster; what is in flight at the end of the block is dropped. Raises
    NetartError as `Farm` does, and for what is no client of a cluster.
    """
    if getattr(client, "status", None) != "running" or not hasattr(client, "submit"):
        raise NetartError("farm must be a dask.distributed.Client, connected", field="farm")
    farm = Farm(client, backend, device, mixed)
    try:
        yield farm
    finally:
        farm.close()


def open_here_or(
    farm: Client | None, backend: str, device: int | None, mixed: bool = False
) -> AbstractContextManager[Evaluator]:
    """An evaluator of this machine, or where there is a client the farm of its cluster. Raises
    NetartError.
    """
    check_backend(backend, device)
    if farm is None:
        return open_evaluator(backend, device)
    return open_farm(farm, backend, device, mixed)

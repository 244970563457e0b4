"""Which Dask cluster is meant, and connections to it.

Who reaches a scheduler can run any code there: addresses beyond this machine take TLS.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from multiprocessing.resource_tracker import ensure_running
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from netart.errors import MACHINE, USAGE, NetartError
from netart.evaluate.cpu import cores

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
MAX_LOCAL = 1024  # workers of a cluster of our own
MAX_DEATHS = 3  # of workers of a cluster of our own, until what they drew fails
CONNECT_S = 10.0  # that a scheduler takes to answer, at most
FORMS = "local, local:4, tcp://127.0.0.1:8786, tls://HOST:8786, or a scheduler file"


@dataclass(frozen=True)
class Cluster:
    """A cluster by its address. Raises NetartError for what is none, and for one beyond this
    machine without TLS, unless `insecure`.
    """

    # `local`, `local:N`, an address such as tls://host:8786, or a scheduler file.
    address: str
    # Whether all that travels may be read and changed on its way.
    insecure: bool = False

    def __post_init__(self) -> None:
        if not self._is_local:
            self._check(self._scheduler)
        elif self._local_workers > MAX_LOCAL:
            raise self._error(f"local:N starts at most {MAX_LOCAL:,} workers")

    @contextmanager
    def connect(self) -> Iterator[Client]:
        """A client of the cluster; one of our own ends with the block. Raises NetartError."""
        try:
            import dask
            import distributed
        except ImportError as error:
            what = f"a farm takes {error.name}: pip install 'netart[farm]'"
            raise NetartError(what, MACHINE) from None
        for name in ("distributed", "distributed.client"):  # their failures become errors of ours
            logging.getLogger(name).setLevel(logging.CRITICAL)
        settings = {
            "distributed.admin.large-graph-warning-threshold": "1GB",
            "distributed.scheduler.allowed-failures": MAX_DEATHS - 1,
        }
        with ExitStack() as stack:
            stack.enter_context(dask.config.set(settings))
            if self._is_local:
                with _no_interrupts():  # nor in the workers, while they live
                    place: Any = stack.enter_context(_start_local(self._local_workers))
            else:
                place = self._scheduler
                self._greet(place)
            client = distributed.Client(place, timeout=CONNECT_S, set_as_default=False)
            yield stack.enter_context(client)

    def _greet(self, address: str) -> None:
        """Raises NetartError where no scheduler answers: a client would wait for ever."""
        is_safe = address.startswith("tls://")
        arguments = self._certificates() if is_safe else {}
        try:
            # In a thread: this one may have a running loop, as in notebooks.
            with ThreadPoolExecutor(1) as pool:
                found = pool.submit(asyncio.run, _ask_who_it_is(address, arguments)).result()
        except TimeoutError:
            raise self._error(f"no scheduler answers in {CONNECT_S:.0f} s", MACHINE) from None
        # A port that speaks something else is read as lengths of any size.
        except (OSError, ValueError, MemoryError) as error:
            reason = str(error.__cause__ or error).partition("\n")[0]
            how = "with" if is_safe else "without"
            raise self._error(f"no scheduler answers {how} TLS: {reason}", MACHINE) from None
        if found != "Scheduler":
            raise self._error(f"is no scheduler: {found}")

    def _certificates(self) -> dict[str, Any]:
        """How Dask connects with TLS, as its configuration says. Raises NetartError."""
        from distributed import Security

        security = Security()
        files = security.tls_ca_file, security.tls_client_cert, security.tls_client_key
        if not all(files):
            raise self._error("tls:// takes certificates and a key: netart help farm")
        for file in files:
            if "\n" not in file and not Path(file).is_file():  # else it is what would be in one
                raise self._error(f"there is no file {file}")
        try:
            arguments: dict[str, Any] = security.get_connection_args("client")
        except OSError as error:
            raise self._error(f"its certificates and key: {error}") from None
        return arguments

    @property
    def _is_local(self) -> bool:
        return self.address.partition(":")[0] == LOCAL

    @property
    def _local_workers(self) -> int:
        """How many workers a cluster of our own has. Raises NetartError."""
        _, colon, count = self.address.partition(":")
        if not colon:
            return cores()
        if not (count.isascii() and count.isdigit() and int(count)):
            raise self._error("local:N starts N workers")
        return int(count)

    @property
    def _scheduler(self) -> str:
        """The scheduler's address. Raises NetartError."""
        if "://" in self.address or not self.address:
            return self.address
        try:
            return str(json.loads(Path(self.address).read_text())["address"])
        except FileNotFoundError:
            raise self._error(f"there is no such file; must be {FORMS}") from None
        except OSError as error:
            raise self._error(str(error.strerror)) from None
        except (ValueError, KeyError, TypeError):
            raise self._error("is not the file of a scheduler") from None

    def _check(self, address: str) -> None:
        """Raises NetartError for what is no address, and for one that is not safe."""
        try:
            parts = urlsplit(address)
            is_complete = bool(parts.hostname and parts.port)
        except ValueError:
            is_complete = False
        if not is_complete or parts.scheme not in ("tcp", "tls"):
            raise self._error(f"must be {FORMS}")
        if parts.scheme == "tcp" and not is_loopback(address) and not self.insecure:
            raise NetartError(
                f"farm {self.address}: without TLS whoever is on the way reads and changes what "
                "travels, and runs code: use tls://, or in a closed network add insecure",
                field="farm",
                hint="insecure",
            )

    def _error(self, what: str, status: int = USAGE) -> NetartError:
        return NetartError(f"farm {self.address}: {what}", status, field="farm")


def is_loopback(address: str) -> bool:
    """Whether the address of a scheduler is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _ask_who_it_is(address: str, arguments: Mapping[str, Any]) -> str:
    """What a server of Dask calls itself. arguments: how to connect. Raises what comes instead."""
    from distributed import rpc

    async with rpc(address, connection_args=arguments) as server:
        identity = await asyncio.wait_for(server.identity(), CONNECT_S)
    return str(identity["type"])


@contextmanager
def scheduler_errors(client: Client, address: str) -> Iterator[None]:
    """What fails in the block where the client's scheduler is gone becomes a NetartError."""
    from distributed.comm import CommClosedError

    try:
        yield
    except NetartError:
        raise
    except Exception as error:
        is_gone = isinstance(error, CancelledError | CommClosedError)
        if not is_gone and client.status == "running":
            raise
        raise cluster_error(address, "the scheduler is gone") from None


def cluster_error(address: str, what: str) -> NetartError:
    """An error of the cluster that has its scheduler there."""
    return NetartError(f"farm {address}: {what}", MACHINE)


def _start_local(workers: int) -> Any:
    """A cluster on this machine alone, whose workers share its cores."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers,
        threads_per_worker=max(1, cores() // workers),
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # without it they would listen on all addresses
        worker_dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Ctrl-C waits for the end of the block, and never reaches threads and processes that are
    started in it: the command itself ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ensure_running()  # its start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

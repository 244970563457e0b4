"""Clusters for tests: of threads, or of processes that can be killed one by one."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

DASK = (sys.executable, "-m", "dask")
# Marks of tests with clusters in their own process: sockets are Dask's, which leaves some of them
# to the garbage collector.
IGNORED = (
    pytest.mark.filterwarnings("ignore:Exception ignored.*socket"),
    pytest.mark.filterwarnings("ignore:unclosed .*socket:ResourceWarning"),
)
PLACE = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
START_S = 30.0


class Cluster:
    """A scheduler on this machine and its workers, each a process of its own."""

    def __init__(self, folder: Path, tls: Path | None = None) -> None:
        self.folder, self._tls = folder, _tls_options(tls)
        self.file = folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        folder.mkdir(exist_ok=True)
        place = ("--protocol", "tls") if tls else ()
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--scheduler-file", str(self.file), *place
        )
        _wait_until(self.file.exists)
        self.address = str(json.loads(self.file.read_text())["address"])

    def add_worker(self, *options: str, nanny: bool = False) -> subprocess.Popen[bytes]:
        """Starts one more worker, of one thread."""
        started = self._start(
            "worker", self.address, "--nthreads", "1", "--nanny" if nanny else "--no-nanny",
            "--local-directory", str(self.folder / f"worker{len(self.workers)}"), *options,
        )  # fmt: skip
        self.workers.append(started)
        return started

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
        for process in (*self.workers, self.scheduler):
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{kind}{len(self.workers)}.log").open("wb")
        with log:
            return subprocess.Popen(
                [*DASK, kind, *PLACE, *self._tls, *options], stdout=log, stderr=log
            )


@contextmanager
def cluster(folder: Path, workers: int, tls: Path | None = None) -> Iterator[Cluster]:
    """A cluster of so many workers, ended with the block. tls: a folder of certificates."""
    started = Cluster(folder, tls)
    try:
        for _ in range(workers):
            started.add_worker()
        yield started
    finally:
        started.close()


@contextmanager
def threads() -> Iterator[str]:
    """A cluster of two workers that are threads of this process; its address."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
        dashboard_address="127.0.0.1:0", worker_dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as started:  # fmt: skip
        yield str(started.scheduler_address)


def _tls_options(certificates: Path | None) -> tuple[str, ...]:
    if not certificates:
        return ()
    return (
        "--tls-ca-file", str(certificates / "ca.pem"),
        "--tls-cert", str(certificates / "node.pem"),
        "--tls-key", str(certificates / "node.key"),
    )  # fmt: skip


def _wait_until(is_so: Any) -> None:
    begin_s = time.monotonic()
    while not is_so():
        assert time.monotonic() < begin_s + START_S
        time.sleep(0.1)

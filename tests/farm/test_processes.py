"""Farms of processes: over TLS, where workers and schedulers die, hang, or have little memory."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import dask
import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.request import Evaluator
from netart.farm import evaluator as farming
from netart.farm.cluster import Cluster
from netart.farm.evaluator import Farm, open_farm
from netart.lens import picture, strips
from tests.farm.certificates import make_certificates
from tests.farm.clusters import Cluster as Started
from tests.farm.clusters import cluster
from tests.shots import shot

pytestmark = pytest.mark.long

SHOT = shot(layers="4x16")
SIZE = 128, 64 * 24  # of 24 strips
NUMBERS = Numbers("u1", dither=True)


@pytest.fixture(autouse=True)
def many_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.lens.STRIP_PIXELS", 64 * SIZE[0])


@contextmanager
def connected(started: Started) -> Iterator[Farm]:
    with (
        Cluster(started.address).connect() as client,
        open_farm(client, "cpu", None) as farm,
    ):
        yield farm


def draw(farm: Farm, moments: dict[int, Any]) -> Any:
    """The picture; moments: after how many strips what happens."""
    drawn = []
    for k, strip in enumerate(strips(SHOT, SIZE, farm, NUMBERS)):
        moments.get(k, lambda: None)()
        drawn.append(strip)
    return np.concatenate(drawn)


def test_workers_over_tls_one_of_which_is_killed(tmp_path: Path, cpu: Cpu) -> None:
    make_certificates(tmp_path)
    settings = {
        "distributed.comm.tls.ca-file": str(tmp_path / "ca.pem"),
        "distributed.comm.tls.client.cert": str(tmp_path / "node.pem"),
        "distributed.comm.tls.client.key": str(tmp_path / "node.key"),
    }
    with cluster(tmp_path, 2, tls=tmp_path) as started:
        assert started.address.startswith("tls://127.0.0.1:")
        with (
            pytest.raises(NetartError, match="takes certificates"),
            Cluster(started.address).connect(),
        ):
            pass
        with dask.config.set(settings), connected(started) as farm:
            drawn = draw(farm, {3: started.workers[0].kill})
    assert np.array_equal(drawn, picture(SHOT, SIZE, cpu, NUMBERS))


@pytest.mark.parametrize("moment", [0, 1, 8, 20, 22])
def test_a_killed_worker_is_replaced(moment: int, tmp_path: Path, cpu: Cpu) -> None:
    with cluster(tmp_path, 3) as started, connected(started) as farm:
        drawn = draw(farm, {moment: started.workers[0].kill})
        assert np.array_equal(drawn, picture(SHOT, SIZE, cpu, NUMBERS))
        drawn = draw(farm, {moment: started.workers[1].kill})  # of all but one
        assert np.array_equal(drawn, picture(SHOT, SIZE, cpu, NUMBERS))


@pytest.mark.parametrize("hanging", [1, 2])
def test_workers_that_hang_are_waited_for_no_longer(
    hanging: int, tmp_path: Path, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farming, "SLOW_S", 1.0)
    monkeypatch.setattr(farming, "FETCH_S", 2.0)
    with cluster(tmp_path, hanging + 1) as started, connected(started) as farm:
        first = started.workers[:hanging]
        drawn = draw(farm, {5: lambda: [one.send_signal(signal.SIGSTOP) for one in first]})
        for one in first:
            one.send_signal(signal.SIGCONT)
    assert np.array_equal(drawn, picture(SHOT, SIZE, cpu, NUMBERS))


def test_without_a_scheduler_the_work_fails_in_one_line(tmp_path: Path) -> None:
    with cluster(tmp_path, 2) as started, connected(started) as farm:
        with pytest.raises(NetartError, match="the scheduler is gone") as caught:
            draw(farm, {2: started.scheduler.kill})
        assert "\n" not in str(caught.value)


def test_without_workers_the_work_fails_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster(tmp_path, 1) as started, connected(started) as farm:
        monkeypatch.setattr(farming, "WORKERS_S", 3.0)
        with pytest.raises(NetartError, match="no worker for 3 s"):
            draw(farm, {2: started.workers[0].kill})
    with (
        cluster(tmp_path / "none", 0) as started,
        pytest.raises(NetartError, match="no worker for 3 s"),
        connected(started),
    ):
        pass


def test_work_that_kills_workers_is_named(tmp_path: Path) -> None:
    with cluster(tmp_path, 0) as started:
        for _ in range(2):
            started.add_worker("--memory-limit", "300MB", nanny=True)
        with connected(started) as farm:
            waiting = farm.elsewhere(_die, "rows 64 to 127 of 128x1536, shot 0123456789ab")
            assert waiting
            with pytest.raises(NetartError, match=r"4 workers died while .* rows 64 to 127 of"):
                waiting()
            draw(farm, {})  # on those that have been started again


def _die(_: Evaluator) -> None:
    os._exit(1)


def test_a_late_worker_of_another_version_gets_no_work(tmp_path: Path, cpu: Cpu) -> None:
    old = tmp_path / "old.py"
    old.write_text("import netart.version\nnetart.version.__version__ = '0.0.1'\n")
    with cluster(tmp_path, 1) as started, connected(started) as farm:
        drawn = draw(farm, {1: partial(started.add_worker, "--preload", str(old))})
        while len(farm._listed) < 2:
            drawn = draw(farm, {})
        assert farm.workers == 1
    assert np.array_equal(drawn, picture(SHOT, SIZE, cpu, NUMBERS))

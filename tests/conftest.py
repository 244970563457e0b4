"""What most tests share: the evaluators, and shots from option texts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from netart.errors import NetartError
from netart.evaluate.backend import open_gpu
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.files.source import preset_groups


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is installed, nothing may be skipped."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# Where Mesa draws on the processor, compiling takes most of the time: a quarter of it without
# optimising, and for short vectors.
os.environ.setdefault("GALLIVM_PERF", "nopt")
os.environ.setdefault("LP_NATIVE_VECTOR_WIDTH", "128")


@pytest.fixture(scope="session", autouse=True)
def fonts() -> None:
    """Matplotlib, when it is first loaded on a machine, starts a process that lists its fonts."""
    import matplotlib

    if not list(Path(matplotlib.get_cachedir()).glob("fontlist-*")):
        import matplotlib.font_manager


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """For command lines that run as they stand: `phase` measures two networks beside little theory,
    places are looked for at two scales, and `presets` shows four of a group. All presets are drawn
    in test_goldens, whole surveys in tests/net, and all scales are searched in tests/draw.
    """
    monkeypatch.setattr("netart.net.phase.NETWORKS", (2, 2))
    monkeypatch.setattr("netart.net.phase.THEORY", 3)
    monkeypatch.setattr("netart.draw.spots.SCALES", (4, 12))
    few = {group: names[:4] for group, names in preset_groups().items()}
    monkeypatch.setattr("netart.cli.presets.preset_groups", lambda: few)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `make check` runs starts no process and does not sleep."""
    if request.node.get_closest_marker("slow") or request.node.get_closest_marker("long"):
        return

    start, sleep = subprocess.Popen, time.sleep

    def popen(*arguments: Any, **options: Any) -> Any:
        caller = sys._getframe(1).f_globals["__name__"]
        assert caller == "ctypes.util", "a test that starts a process is marked slow"
        return start(*arguments, **options)

    def brief(seconds: float) -> None:
        assert seconds <= 0.01, "a test that sleeps is marked slow"
        sleep(seconds)

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(time, "sleep", brief)


@pytest.fixture(scope="session")
def cpu() -> Iterator[Cpu]:
    with closing(Cpu()) as evaluator:
        yield evaluator


def _opened_gpu(stage: str) -> Iterator[Gpu]:
    """OpenGL, in software where there is no GPU; `make test` installs it."""
    try:
        context = open_gpu(stage=stage)
        evaluator = context.__enter__()
    except NetartError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no OpenGL here: {error}")
    yield evaluator
    context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def gpu() -> Iterator[Gpu]:
    """With the shaders that suit the device."""
    yield from _opened_gpu("")


@pytest.fixture(scope="session")
def fragment() -> Iterator[Gpu]:
    yield from _opened_gpu("fragment")


@pytest.fixture(scope="session")
def compute() -> Iterator[Gpu]:
    """Narrow networks in registers, wide ones as products."""
    yield from _opened_gpu("compute")


@pytest.fixture(scope="session")
def products() -> Iterator[Gpu]:
    yield from _opened_gpu("products")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """300 KB of disk, where this process may mount it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield folder
    # Lazily: what an encoder has left open goes with the test's own exception.
    subprocess.run(["umount", "-l", str(folder)], check=True)

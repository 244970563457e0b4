"""A display in memory, and `netart live` on it as a process of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from netart.evaluate.gpu import Gpu
from netart.live import file_reader, overlay
from tests.live.driver import Driver
from tests.live.windows import SCREEN, Live, Open, xvfb


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything is written."""
    where = tmp_path / "here"
    where.mkdir()
    monkeypatch.chdir(where)
    return where


@pytest.fixture
def drive(gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Driver]]:
    """drive(…) makes a viewer, as Driver does, on a context in which nothing may go wrong; it is
    closed with the test. Notices go at once, and files are looked at often.
    """
    monkeypatch.setattr(overlay, "NOTICE_S", 0.0)
    monkeypatch.setattr(file_reader, "POLL_S", 0.01)
    opened: list[Driver] = []
    with gpu.device.context as context:

        def make(*arguments: Any) -> Driver:
            opened.append(Driver(context, *arguments))
            return opened[-1]

        yield make
        for driver in opened:
            driver.close()
        assert context.error == "GL_NO_ERROR"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    # Else the server starts afresh whenever its last client goes.
    with xvfb(SCREEN, "-noreset") as name:
        yield name


@pytest.fixture
def live(tmp_path: Path, display: str) -> Iterator[Open]:
    """live(…) runs `netart live …`, ended with the test; no traceback may have been written."""
    windows: list[Live] = []

    def start(*arguments: object, **env: str) -> Live:
        # The pointer, at which keys zoom, is where no window comes to be.
        away = ["xdotool", "mousemove", *SCREEN.split("x")[:2]]
        subprocess.run(away, env=os.environ | {"DISPLAY": display}, check=True)
        windows.append(Live(display, tmp_path, *arguments, **env))
        return windows[-1]

    with ExitStack() as stack:
        stack.callback(lambda: [window.kill() for window in windows])
        yield start
        for window in windows:
            assert not [line for line in window.err if "Traceback" in line], window.err

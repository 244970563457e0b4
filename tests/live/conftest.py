"""A display in memory, and `netart live` on it as a process of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live.windows import SCREEN, Live, Open, xvfb


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything is written."""
    where = tmp_path / "here"
    where.mkdir()
    monkeypatch.chdir(where)
    return where


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

"""Ctrl-C, readers that go away, terminals: what is left behind, and what is said."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from netart import lens
from netart.files.stills import strips as stills
from tests.program import SMALL, Ran, Run, files, program

pytestmark = pytest.mark.slow

LARGE = ("--size", "9000x9000", "--layers", "4x40", "--backend", "cpu")
# Of one strip, which is not kept half-drawn.
SLOW = ("--size", "1024x1024", "--layers", "30x300", "--backend", "cpu")


def started(folder: Path, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE} | options
    command = [sys.executable, "-m", "netart", *arguments]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, **options)


# A file that existed must stay besides, so that one form alone is tried where there is none.
@pytest.mark.parametrize(
    ("name", "existed"),
    [("a.png", False), ("a.png", True), ("a.npy", True), ("a.tif", True), ("a.jpg", True)],
)
def test_an_interrupted_picture_leaves_nothing(tmp_path: Path, name: str, existed: bool) -> None:
    if existed:
        (tmp_path / name).write_bytes(b"old")
    before = files(tmp_path)
    process = started(tmp_path, "render", *SLOW, "-o", name)
    end = time.monotonic() + 20
    while files(tmp_path) == before and time.monotonic() < end:
        time.sleep(0.02)
    assert files(tmp_path) != before, "a temporary file shows that drawing began"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == b""
    assert err.decode().strip() == "netart: interrupted"
    assert files(tmp_path) == before
    assert not existed or (tmp_path / name).read_bytes() == b"old"


def test_a_poster_that_is_interrupted_goes_on(
    netart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lens, "STRIP_PIXELS", 40 * 8)
    monkeypatch.setattr(lens, "STRIP_ROWS", 8)
    monkeypatch.setattr(stills, "LONG_S", 0.0)
    monkeypatch.setattr("netart.files.store.MIN_FREE_BYTES", 0)
    command = ("render", "--size", "40x60", "--layers", "2x4", "--backend", "cpu", "-o")

    def interrupted(*arguments: Any) -> Iterator[Any]:
        yield from islice(lens.strips(*arguments), 3)
        raise KeyboardInterrupt

    def interrupt(*options: str) -> Ran:
        with monkeypatch.context() as patch:
            patch.setattr(stills, "strips", interrupted)
            return netart(*command, "a.png", *options)

    rows = "netart: interrupted after 24 of 60 rows: the same command goes on from there\n"
    assert interrupt() == (130, b"", rows)
    assert files(tmp_path) == {".a.png.part"}
    goes_on = "netart: a.png: goes on: 24 of 60 rows are there\n"
    assert interrupt() == (130, b"", goes_on + rows.replace("24", "48"))
    assert interrupt("--fresh") == (130, b"", rows)
    assert netart(*command, "a.png", "--allow-mixed") == (0, b"a.png\n", goes_on)
    assert netart(*command, "b.png").err == ""
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert files(tmp_path) == {"a.png", "b.png"}


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    process = started(tmp_path, "render", *LARGE, "-o", "-")
    assert process.stdout and process.stderr
    assert process.stdout.read(8) == b"\x89PNG\r\n\x1a\n"
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 1
    assert files(tmp_path) == set()


@pytest.mark.parametrize("form", ["tiff", "exr", "avif"])
def test_a_reader_that_never_came_is_no_bug(tmp_path: Path, form: str) -> None:
    process = started(tmp_path, "render", *SMALL, "-o", "-", "--format", form)
    assert process.stdout and process.stderr
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 1


def test_a_closed_stdout_is_no_bug(tmp_path: Path) -> None:
    command = f"{sys.executable} -m netart render {' '.join(SMALL)} -o a.png >&-"
    ran = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True)
    assert b"Traceback" not in ran.stderr
    command = f"{sys.executable} -m netart render {' '.join(SMALL)} -o - >&-"
    ran = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True)
    assert ran.stderr.startswith(b"netart: ")
    assert ran.stderr.count(b"\n") == 1
    assert ran.returncode in (1, 2)


def on_a_terminal(folder: Path, *arguments: str, **env: str) -> tuple[int, str]:
    """Exit status, and what the terminal got from stdout and stderr."""
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "netart", *arguments],
        cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
        env=clean | {"TERM": "xterm", "COLUMNS": "80"} | env,
    )  # fmt: skip
    os.close(theirs)
    got = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        got += piece
    os.close(ours)
    return process.wait(timeout=20), got.decode()


def test_progress_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    tall = ("render", "--size", "1024x3000", "--layers", "1x4", "--backend", "cpu")
    status, got = on_a_terminal(tmp_path, *tall, "-o", "a.png")
    assert status == 0
    assert "34%" in got
    assert "100%" in got
    status, got = on_a_terminal(tmp_path, *tall, "--quiet", "-o", "b.png")
    assert (status, got.strip()) == (0, "b.png")
    assert program(*tall, "-o", "c.png", folder=tmp_path).stderr == b""
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "c.png").read_bytes()


def test_a_terminal_is_not_spoilt(tmp_path: Path) -> None:
    status, got = on_a_terminal(tmp_path, "render", *SMALL, "-o", "-")
    assert status == 2
    assert got.startswith("netart: -o -: ")
    assert "PNG" not in got


def test_names_cannot_command_the_terminal(tmp_path: Path) -> None:
    for arguments in (["render", "\x1b[31mred.npz"], ["render", "-o", "\x1b]0;title\x07.gif"]):
        status, got = on_a_terminal(tmp_path, *arguments)
        assert status == 2
        assert got.removesuffix("\r\n").isprintable()


@pytest.mark.parametrize("command", ["doctor", "presets"])
def test_no_color_is_kept(tmp_path: Path, command: str) -> None:
    assert "\x1b[1m" in on_a_terminal(tmp_path, command)[1]
    status, got = on_a_terminal(tmp_path, command, NO_COLOR="1")
    assert status == 0
    assert "\x1b" not in got
    assert len(got.splitlines()) > 5


def test_a_terminal_without_a_cursor_gets_no_escapes(tmp_path: Path) -> None:
    for arguments in (["render", *SMALL, "-o", "a.png"], ["presets"]):
        status, got = on_a_terminal(tmp_path, *arguments, TERM="dumb")
        assert status == 0
        assert "\x1b" not in got


def test_piped_json_is_plain(tmp_path: Path) -> None:
    ran = program("presets", "--json", folder=tmp_path, env={"FORCE_COLOR": "1"})
    assert isinstance(json.loads(ran.stdout), dict)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_program_leaves_nothing(tmp_path: Path, number: int) -> None:
    process = started(tmp_path, "render", *SLOW, "-o", "a.png")
    end = time.monotonic() + 20
    while not files(tmp_path) and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert files(tmp_path) == set()

"""What is printed, on any terminal and pipe, and in any encoding."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest

from netart.__main__ import DOUBLE_S, _handle_signals
from netart.cli.options import Target
from netart.cli.streams import Messages, _text, spell_toml
from netart.errors import NetartError
from netart.files.atomic import Stream
from tests.program import SMALL, Run

TEXT = 'a = "é … Ω 雪 😀"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "ascii", "cp437"])
def test_any_encoding_can_spell_what_is_printed(tmp_path: Path, encoding: str) -> None:
    like = io.TextIOWrapper(io.BytesIO(), encoding)
    with _text(Stream(tmp_path / "out", "stdout"), like) as stdout:
        stdout.write(TEXT)
    read = (tmp_path / "out").read_text("utf-8" if encoding == "ascii" else encoding)
    assert tomllib.loads(read) == tomllib.loads(TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_toml_that_is_printed_reads_back(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding, write_through=True))
    sys.stdout.write(spell_toml(TEXT))
    assert tomllib.loads(out.getvalue().decode()) == tomllib.loads(TEXT)
    assert ("é" in out.getvalue().decode()) == (encoding == "utf-8")


def test_names_of_files_that_are_no_text_are_printed_as_they_are(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff.png")
    with _text(Stream(tmp_path / "out", "stdout"), None) as stdout:
        print(name, file=stdout)
    assert (tmp_path / "out").read_bytes() == b"a\xff.png\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_messages_that_nobody_takes_are_lost() -> None:
    with _text(Messages(Path("/dev/full"), "stderr"), None) as stderr:
        print("x", file=stderr)


def test_stdout_under_another_name_is_stdout() -> None:
    for name in "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
        assert Target(name).path("a", ".png") is None
        with pytest.raises(NetartError, match=f"--json with -o {name}: "):
            Target(name).path("a", ".png", as_json=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limits of files there")
def test_a_short_write_on_stdout_is_told(tmp_path: Path) -> None:
    drawing = f"{sys.executable} -m netart render {' '.join(SMALL)} --format npy -o -"
    unbuffered = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        f"ulimit -f 2; exec {drawing} > out",
        shell=True, cwd=tmp_path, env=os.environ | unbuffered, capture_output=True,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (1, b"netart: stdout: File too large\n")


@pytest.mark.slow
def test_closed_streams_spoil_nothing(tmp_path: Path) -> None:
    line = f"{sys.executable} -m netart render {' '.join(SMALL)} -o a.png <&- >&- 2>&-"
    assert subprocess.run(line, shell=True, cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("Unable to allocate 9 GiB"),
        RuntimeError("can't start new thread"),
        OSError(12, "Cannot allocate memory"),
        ImportError("libx.so: failed to map segment from shared object"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_memory_that_is_not_there_is_one_line(
    netart: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("netart.cli.info.read_source", _raise(error))
    ran = netart("info", "silk")
    assert ran == (1, b"", f"netart: there is not enough memory: {error}\n")


@pytest.mark.parametrize("error", [RuntimeError("a bug"), OSError(9, "a bug")])
def test_bugs_stay_what_they_are(
    netart: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("netart.cli.info.read_source", _raise(error))
    with pytest.raises(type(error), match="a bug"):
        netart("info", "silk")


def test_an_end_of_file_is_no_interrupt(netart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.cli.info.read_source", _raise(EOFError("marshal data too short")))
    with pytest.raises(click.Abort) as found:
        netart("info", "silk")
    assert isinstance(found.value.__cause__, EOFError)


def _raise(error: Exception) -> Any:
    def call(*arguments: object) -> None:
        raise error

    return call


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program's handlers of signals, here, and a clock that stands still."""
    numbers = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM
    before = {number: signal.getsignal(number) for number in numbers}
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _handle_signals()
    yield now
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int) -> None:
    os.kill(os.getpid(), number)
    for _ in range(100):
        pass


def test_signals_end_the_program_once(handled: list[float]) -> None:
    with pytest.raises(KeyboardInterrupt):
        send(signal.SIGINT)
    send(signal.SIGTERM)  # what the first one has begun is not cut short
    handled[0] += 2 * DOUBLE_S
    with pytest.raises(SystemExit) as end:
        send(signal.SIGTERM)
    assert end.value.code == 128 + signal.SIGTERM


def test_signals_that_are_ignored_stay_so(handled: list[float]) -> None:
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    send(signal.SIGHUP)


@pytest.mark.parametrize(
    ("module", "function", "waits"),
    [
        ("threading", "__enter__", True),
        ("queue", "put", True),
        ("weakref", "remove", True),
        ("tests", "__del__", True),
        ("threading", "wait", False),
        ("tests", "put", False),
    ],
)
def test_an_interrupt_waits_until_a_lock_is_sure_to_be_released(
    handled: list[float], module: str, function: str, waits: bool
) -> None:
    """Else the lock could stay taken, and a thread that wants it would never end."""
    names: dict[str, Any] = {"__name__": module, "os": os}
    exec(f"def {function}():\n os.kill(os.getpid(), {signal.SIGINT:d})\n return 1", names)
    done = 0
    with pytest.raises(KeyboardInterrupt):
        done = names[function]()
        signal.pause()
    assert done == waits


@pytest.mark.slow
def test_an_interrupt_waits_for_an_import(
    handled: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "interrupted.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(0.05)\nDONE = 1\n"
    )
    import time

    with pytest.raises(KeyboardInterrupt):
        import interrupted  # type: ignore[import-not-found]

        time.sleep(1)
    assert interrupted.DONE
    del sys.modules["interrupted"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGALRM"])
def test_a_signal_after_the_end_changes_no_status(name: str) -> None:
    """Python puts the system's handlers back before the last objects go."""
    code = f"""
import netart.cli, netart.__main__, os, signal
class Last:
    def __del__(self, kill=os.kill, own=os.getpid(), number=signal.{name}):
        kill(own, number)
last = Last()
netart.cli.main = lambda: None
netart.__main__.run()
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=20)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")

"""Runs the program in processes that are forks of one that has imported netart already."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import netart.__main__

TIMEOUT_S = 120.0  # of one run: beyond, it hangs
SEGMENT = 8  # frames: tiny films have several


class Ended(NamedTuple):
    """What one run of the program came to."""

    status: int  # negative: the signal that ended it
    err: str
    took_s: float


class Forks:
    """A process that forks for each run: it costs hundredths of a second, not half a one.

    Films have segments of SEGMENT frames, and training writes its file as often as it can.
    """

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.forks"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        self.preparation = float(self._read())  # seconds that the imports took

    def _read(self) -> str:
        assert self._server.stdout
        line = self._server.stdout.readline()
        assert line, "the server of forks has ended"
        return line

    def run(
        self,
        words: Sequence[str],
        folder: Path,
        kill: tuple[int, float] | None = None,
        env: dict[str, str] | None = None,
        limits: dict[str, int] | None = None,
        out: Path | str = os.devnull,
        trace: Sequence[str] = (),
        learn: bool = False,
    ) -> Ended:
        """Runs the program with these words in the folder. kill: a signal that it gets, and after
        how many seconds. limits: name of a resource → how much. out: where its stdout goes. trace:
        options of strace, which then watches it. learn: what it imports is imported for the next.
        """
        err = folder.parent / f"{folder.name}.err"
        request = {
            "words": words, "folder": str(folder), "out": str(out), "err": str(err),
            "env": env or {}, "limits": limits or {}, "trace": trace, "learn": learn,
        }  # fmt: skip
        assert self._server.stdin
        self._server.stdin.write(json.dumps(request) + "\n")
        start_s = time.monotonic()
        pid = int(self._read())
        timers = [threading.Timer(TIMEOUT_S, _send, [pid, signal.SIGKILL])]
        if kill:
            timers.append(threading.Timer(kill[1], _send, [pid, kill[0]]))
        for timer in timers:
            timer.start()
        status = int(self._read())
        took_s = time.monotonic() - start_s
        for timer in timers:
            timer.cancel()
        assert took_s < TIMEOUT_S, f"hangs: {words}"
        return Ended(status, err.read_text(errors="replace"), took_s)

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin and self._server.stdout
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait(10)


def _send(pid: int, number: int) -> None:
    """Sends a signal to a process of the server, which collects it at once."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def fresh(
    words: Sequence[str], folder: Path, kill: tuple[int, float] | None = None, **options: Any
) -> Ended:
    """The same in a process of its own, with nothing changed."""
    command = [sys.executable, "-m", "netart", *words]
    start_s = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip
    try:
        _, err = process.communicate(timeout=kill[1] if kill else TIMEOUT_S)
    except subprocess.TimeoutExpired:
        assert kill, f"hangs: {words}"
        process.send_signal(kill[0])
        _, err = process.communicate(timeout=TIMEOUT_S)
    return Ended(process.returncode, err, time.monotonic() - start_s)


def _serve() -> None:
    start_s = time.monotonic()
    _import()
    print(time.monotonic() - start_s, flush=True)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # of the forks, until netart handles it
    for line in sys.stdin:
        request = json.loads(line)
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(writer)
            _run(request, reader)
        os.close(reader)
        print(pid, flush=True)
        tracer = _watch(pid, request["trace"]) if request["trace"] else None
        os.close(writer)
        status = os.waitpid(pid, 0)[1]
        if tracer:
            tracer.wait()
        if request["learn"]:
            for name in Path(request["err"]).with_suffix(".modules").read_text().split():
                with suppress(ImportError):  # some modules are made by others
                    importlib.import_module(name)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _watch(pid: int, options: list[str]) -> subprocess.Popen[bytes]:
    """Has strace watch a process."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", *options, "-p", str(pid)], stderr=subprocess.DEVNULL
    )
    while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
        assert tracer.poll() is None, "strace cannot watch"
        time.sleep(0.002)
    return tracer


def _import() -> None:
    """What the commands need, so that forks have it."""

    import netart.cli.films
    import netart.cli.render
    import netart.cli.train
    import netart.evaluate.cpu
    import netart.files.films.film
    import netart.files.films.video
    import netart.files.stills.strips
    import netart.files.store
    import netart.files.training
    import netart.lens.plot
    import netart.net.threads

    netart.net.threads.blas_libraries()  # which reads what the system has loaded
    with netart.lens.plot.house_style():  # which has matplotlib read a font
        pass
    netart.files.films.video.FilmSpec.segment = SEGMENT  # type: ignore[misc, assignment]
    netart.files.store.MIN_FREE_BYTES = 0
    netart.files.stills.strips.LONG_S = 0.0
    netart.lens.STRIP_PIXELS = 1 << 12  # of posters: films have frames of one strip
    netart.files.training.MAX_SAVING = 1.0
    netart.cli.train.train_into = partial(netart.files.training.train_into, save_s=0.02)


def _run(request: dict[str, Any], watched: int) -> None:
    """The program, in a fork that ends with it. watched: at its end of file it may begin."""
    status: Any = 1
    try:
        for descriptor, path, how in (
            (0, os.devnull, os.O_RDONLY),
            (1, request["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (2, request["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        ):
            opened = os.open(path, how)
            os.dup2(opened, descriptor)
            os.close(opened)
        sys.stdin, sys.stdout, sys.stderr = (
            open(descriptor, how, closefd=False)  # noqa: SIM115
            for descriptor, how in enumerate("rww")
        )
        os.chdir(request["folder"])
        os.environ.update(request["env"])
        for name, most in request["limits"].items():
            resource.setrlimit(getattr(resource, name), (most, most))
        sys.argv = ["netart", *request["words"]]
        with suppress(OSError):
            os.read(watched, 1)
        netart.__main__.run()
        status = 0
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream:
                    stream.flush()
            except Exception:
                status = 120
        if request["learn"]:
            Path(request["err"]).with_suffix(".modules").write_text("\n".join(sys.modules))
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    _serve()

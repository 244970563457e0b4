"""Training in a process of its own, while the window shows what it has learned so far."""

from __future__ import annotations

import multiprocessing
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from netart.errors import MACHINE, NetartError
from netart.files.training import Progress, train_into
from netart.live.file_reader import POLL_S, stamp_of
from netart.net.learning.data import Data
from netart.net.learning.run import Head, Run

STOP = "stop"  # what the window's process sends
SAVE_S = 0.25  # between two writings of the run: the window shows each


class BackgroundTraining:
    """Trains a network into a file, as `train_into` does, in a process of its own.

    Leaving the block ends training where it is, as Ctrl-C does, and waits until the file is
    written. It raises what training raised.
    """

    def __init__(self, path: Path, head: Head, data: Data, begun: Run | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._path, self._stamp = path, None if begun else stamp_of(path)
        self._begun = begun
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_train, args=(theirs, path, head, data, begun))
        # What a terminal sends reaches all its processes; this one is told by its parent.
        sent = signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in {*sent}}
        try:
            self._process.start()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        theirs.close()

    def wait_for_steps(self) -> None:
        """Returns when the file holds steps of this training, or training has ended."""
        while not self._begun and stamp_of(self._path) in (None, self._stamp):
            if not self._process.is_alive():
                return
            time.sleep(POLL_S / 5)

    def __enter__(self) -> BackgroundTraining:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # it has ended already
            self._connection.send(STOP)
        try:
            raised = self._connection.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            status = self._process.exitcode
            kept = "what the file holds is kept"
            raised = NetartError(f"{self._path}: training broke off ({status}): {kept}", MACHINE)
        self._process.join()
        self._connection.close()
        if raised:
            raise raised


def _train(connection: Connection, path: Path, head: Head, data: Data, begun: Run | None) -> None:
    """Trains until the parent says STOP, or is no more. Sends what it raised, or None."""
    looked_s, raised = 0.0, None

    def look(progress: Progress) -> None:
        nonlocal looked_s
        if time.monotonic() - looked_s > POLL_S:
            looked_s = time.monotonic()
            if connection.poll():  # also where the other end is closed
                raise KeyboardInterrupt

    try:
        train_into(path, head, data, begun, look, SAVE_S)
    except KeyboardInterrupt:
        pass
    except NetartError as error:
        raised = error
    with suppress(OSError):  # nobody is there any more
        connection.send(raised)

"""The program, also as `python -m netart`. It handles signals before it imports anything large."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130  # exit status after Ctrl-C, as shells tell it
DOUBLE_S = 1.0  # after a signal to end, in which another one says nothing new


def run() -> None:
    """Runs the command line, and ends the process with its status."""
    status: str | int | None = INTERRUPTED
    try:
        _handle_signals()
        from netart.cli import main
        from netart.cli.streams import replace_streams

        replace_streams()
        main()
    except SystemExit as end:
        status = end.code
    except KeyboardInterrupt:  # before or after main, which tells of it
        os.write(2, b"netart: interrupted\n")
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python's own end is not to be interrupted
    sys.exit(status)


def _handle_signals() -> None:
    """Ctrl-C raises KeyboardInterrupt, and what else asks the process to end raises SystemExit, so
    that nothing half-written stays. Signals that are ignored, by nohup say, stay so.
    """
    import signal
    import time

    last_s = -DOUBLE_S

    def end(number: int, frame: object) -> None:
        nonlocal last_s
        before_s, last_s = last_s, time.monotonic()
        if last_s - before_s < DOUBLE_S:  # what the first one has begun is not cut short
            return
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)


if __name__ == "__main__":
    run()

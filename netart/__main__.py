"""The program, also as `python -m netart`. It handles signals before it imports anything large."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

DOUBLE_S = 1.0  # after a signal to end, in which another one says nothing new
RETRY_S = 0.01

# Where an exception could leave a lock taken for ever, or get lost: names of modules. In functions
# that only wait there it does neither.
LOCKING = {
    "concurrent.futures._base", "concurrent.futures.thread", "queue", "threading",
    "weakref", "_weakrefset",
}  # fmt: skip
WAITING = {"wait", "join", "_wait_for_tstate_lock"}


def run() -> None:
    """Runs the command line, and ends the process with its status."""
    status: str | int | None = None
    try:
        _handle_signals()
        from netart.cli import main
        from netart.cli.streams import replace_streams

        replace_streams()
        main()
    except SystemExit as end:
        status = end.code
    except KeyboardInterrupt:  # before or after main, which tells of it
        from netart.errors import INTERRUPTED

        os.write(2, b"netart: interrupted\n")
        status = INTERRUPTED
    _keep_status(status)
    sys.exit(status)


def _handle_signals() -> None:
    """Ctrl-C raises KeyboardInterrupt, and what else asks the process to end raises SystemExit, so
    that nothing half-written stays. Signals that are ignored, by nohup say, stay so.
    """
    import signal
    import time

    raised_s, asked = -DOUBLE_S, 0
    alarm = getattr(signal, "SIGALRM", None)  # Windows has few signals

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal raised_s, asked
        if number != alarm:
            asked = number
        if time.monotonic() - raised_s < DOUBLE_S:  # what the first one has begun is not cut short
            return
        if alarm and frame and (_is_locking(frame) or _is_importing(frame)):
            signal.setitimer(signal.ITIMER_REAL, RETRY_S)
            return
        raised_s = time.monotonic()
        if asked == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + asked)

    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None), alarm):
        if number and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)


def _is_locking(frame: FrameType) -> bool:
    """Whether a lock may have been taken here that is not yet sure to be released, or what this
    raises goes to nobody.
    """
    name = frame.f_code.co_name
    return name == "__del__" or (frame.f_globals.get("__name__") in LOCKING and name not in WAITING)


def _is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported: one in C may lose an exception."""
    while frame and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None


def _keep_status(status: str | int | None) -> None:
    """Has signals end what Python may still wait for, with the same status."""
    import atexit
    import signal

    code = status if isinstance(status, int) else 1
    if alarm := getattr(signal, "SIGALRM", None):  # it may still be set, and Python lets it kill
        signal.signal(alarm, signal.SIG_IGN)
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None)):
        if number and signal.getsignal(number) != signal.SIG_IGN:
            # Python waits for threads before, and after these functions puts the system's handlers
            # in place.
            atexit.register(signal.signal, number, signal.SIG_IGN)
            signal.signal(number, lambda number, frame: os._exit(code))


if __name__ == "__main__":
    run()

"""One input after the other, read in this process, and what comes of each."""

from __future__ import annotations

import os
import time
import traceback
from pathlib import Path
from random import Random
from typing import NamedTuple

import click

from netart.errors import NetartError
from tests.campaign.modes import MODES
from tests.campaign.readers import Wrong

MAX_S = 2.0  # of the processor, for one input
MAX_BYTES = 300 << 20  # more than before it
NOTED = 4 << 20  # bytes by which the peak lies above what is held

# What may come of an input; all but the first two are faults.
REFUSED, READ, TRACEBACK, WRONG, SLOW, LARGE, KILLED = OUTCOMES = (
    "refused", "read", "traceback", "wrong", "slow", "large", "killed",
)  # fmt: skip


class Outcome(NamedTuple):
    """What came of an input."""

    kind: str  # of OUTCOMES
    place: str = (
        ""  # of a traceback: the exception, and netart's last line in it; else what is wrong
    )
    seconds: float = 0.0  # of the processor
    bytes: int = 0  # by which the peak grew


class Peak:
    """The most memory that this process holds while it reads an input."""

    def __init__(self) -> None:
        self.highest = 0  # in bytes, of all inputs
        self._status = os.open("/proc/self/status", os.O_RDONLY)
        self._before = 0

    def begin(self) -> None:
        """Before an input is read."""
        if self._now() - self._before > NOTED:
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")  # the peak is what is held now
        self._before = self._now()

    def end(self) -> int:
        """By how much reading has made it grow."""
        now = self._now()
        self.highest = max(self.highest, now)
        return now - self._before

    def _now(self) -> int:
        text = os.pread(self._status, 2000, 0)
        at = text.index(b"VmHWM:") + 6
        return int(text[at : at + 20].split()[0]) << 10


def make(mode: str, number: int) -> tuple[str, bytes]:
    """The name and the bytes of an input: the same in every run."""
    return MODES[mode].make(Random(f"{mode} {number}"))


def read(mode: str, number: int, folder: Path, peak: Peak) -> Outcome:
    """Reads an input in a folder that `seeds.lay_out` has filled."""
    name, data = make(mode, number)
    path = folder / name
    path.write_bytes(data)
    peak.begin()
    start, kind, place = time.process_time(), READ, ""
    try:
        MODES[mode].read(path)
    except (NetartError, click.ClickException) as error:
        kind = REFUSED
        if MODES[mode].is_named and not _names(error, path):
            kind, place = WRONG, f"a refusal that does not name the file: {str(error)[:100]}"
    except Wrong as error:
        kind, place = WRONG, str(error)[:200]
    except Exception as error:
        kind, place = TRACEBACK, _place(error)
    seconds, grown = time.process_time() - start, peak.end()
    path.unlink(missing_ok=True)
    if kind in (REFUSED, READ) and (seconds > MAX_S or grown > MAX_BYTES):
        kind = SLOW if seconds > MAX_S else LARGE
        place = f"{seconds:.1f} s, {grown >> 20} MB"
    return Outcome(kind, place, seconds, grown)


def _names(error: Exception, path: Path) -> bool:
    """Whether the error begins with the file, or with a field, which hosts spell in their way."""
    return str(error).startswith(f"{path}: ") or bool(getattr(error, "field", ""))


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/netart/" in frame.filename] or frames
    where = f"{own[-1].filename.rpartition('/netart/')[2]}:{own[-1].lineno}"
    return f"{type(error).__name__} in {where}: {str(error)[:100]!r}"

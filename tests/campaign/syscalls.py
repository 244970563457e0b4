"""Lets system calls fail, one at a time, while netart writes.

    python -m tests.campaign.syscalls --count 1000 --seconds 1800

prints a table, a row a system call. Needs strace, which is told to watch processes that have
imported netart already: all calls are those of its own work. Which of them fail is drawn by a fixed
seed from all: commands × calls × errors × occurrences.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.campaign.folders import half_written, hidden, visible
from tests.campaign.forks import Forks
from tests.campaign.tables import summed

PICTURE = ("render", "--layers", "2x4", "--size", "60x50", "--backend", "cpu", "--quiet")
FILM = (
    "spin", "--layers", "2x4", "--contrast", "off", "--size", "64x64", "--frames", "20",
    "--backend", "cpu", "--quiet",
)  # fmt: skip
COMMANDS = {
    **{form: (*PICTURE, "-o", f"a.{form}") for form in ("png", "tif", "exr", "npy", "jpg", "webp")},
    "png replaced": (*PICTURE, "-o", "old.png"),
    "png unnamed": PICTURE,
    "png stdout": (*PICTURE, "-o", "-"),
    "exr stdout": (*PICTURE, "--format", "exr", "-o", "-"),
    "svg": ("lines", "--layers", "2x4", "--activation", "relu", "-o", "a.svg"),
    "npz": ("network", "--layers", "2x4", "-o", "a.npz"),
    "toml": (*PICTURE, "--save", "a.toml"),
    "info": ("info", "old.png"),
    **{form: (*FILM, "-o", f"a.{form}") for form in ("mkv", "mp4", "webm", "gif", "apng")},
    "webp film": (*FILM, "-o", "film.webp"),
    "frames": (*FILM, "-o", "##.png"),
    "film unnamed": FILM,
    "gif stdout": (*FILM, "--format", "gif", "-o", "-"),
    "mp4 stdout": (*FILM, "--format", "mp4", "-o", "-"),
    "mkv gone on with": (*FILM, "-o", "cut.mkv"),
    "frames gone on with": (*FILM, "-o", "cut##.png"),
    "training": ("train", "--data", "moons", "--widths", "3", "--steps", "60", "-o", "a.run"),
}
CALLS = {
    "write": ("EIO", "ENOSPC", "EDQUOT", "EFBIG"),
    "writev": ("EIO", "ENOSPC"),
    "pwrite64": ("EIO", "ENOSPC"),
    "read": ("EIO",),
    "openat": ("EACCES", "EMFILE", "ENOSPC", "EIO", "EROFS"),
    "fsync": ("EIO", "ENOSPC", "EINVAL"),
    "rename": ("EXDEV", "EACCES", "ENOSPC", "EIO"),
    "renameat2": ("EXDEV", "EACCES", "ENOSPC", "EIO"),
    "link": ("EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EIO"),
    "linkat": ("EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EIO"),
    "unlink": ("EIO", "EACCES", "EBUSY"),
    "unlinkat": ("EIO", "EACCES", "EBUSY"),
    "statfs": ("EIO", "ENOSYS"),
    "fstatfs": ("EIO", "ENOSYS"),
    "fstat": ("EIO", "EACCES"),
    "stat": ("EIO", "EACCES"),
    "lstat": ("EIO", "EACCES"),
    "newfstatat": ("EIO", "EACCES"),
    "access": ("EIO", "EACCES"),
    "mkdir": ("EACCES", "ENOSPC", "EROFS"),
    "rmdir": ("EBUSY", "EIO"),
    "flock": ("ENOLCK", "ENOSYS", "EOPNOTSUPP", "EIO"),
    "close": ("EIO", "ENOSPC"),
    "lseek": ("EIO",),
    "ftruncate": ("EIO", "EINVAL"),
    "chmod": ("EPERM", "EIO"),
    "fchmod": ("EPERM", "EIO"),
    "getdents64": ("EIO",),
    "dup": ("EMFILE",),
    "fcntl": ("EIO",),
}
REMOVING = "unlink", "unlinkat", "rmdir"  # where they fail, what they remove stays
TITLES = (
    "system call", "runs", "told in a line", "went on", "tracebacks", "ended by a signal",
    "told untidily", "half-written", "differ", "leftovers",
)  # fmt: skip
Say = Callable[..., None]
MAX_OCCURRENCES = 40  # of a call in one thread, that fail one at a time


@dataclass
class Figures:
    """What came of the runs in which a system call failed."""

    runs: int = 0
    told: int = 0  # in one line, and the exit status says so
    went_on: int = 0  # to the same files
    tracebacks: int = 0
    ended: int = 0  # by a signal
    untidy: int = 0  # told otherwise than in one line
    half: int = 0  # files that are not whole
    differ: int = 0  # although all seems well
    leftovers: int = 0

    @property
    def faults(self) -> int:
        return sum(astuple(self)[3:])


class Failure(NamedTuple):
    """A system call that fails."""

    command: str
    call: str
    error: str
    occurrence: int  # from 1, in each thread


class Setting(NamedTuple):
    """Where a command runs, and what it makes where nothing fails."""

    before: Path  # the folder that it finds
    found: dict[str, bytes]  # what is visible in it
    whole: dict[str, bytes]
    out: bytes
    counts: Counter[str]  # of system calls, in the thread with the most


def prepare(command: str, place: Path, forks: Forks) -> Setting:
    """Runs the command where nothing fails."""
    before, words = place / f"before {command}", COMMANDS[command]
    before.mkdir()
    if "old.png" in words:
        assert forks.run((*PICTURE, "--seed", "9", "-o", "old.png"), before).status == 0
    folder, out, log = place / f"whole {command}", place / "out", place / "log"
    shutil.copytree(before, folder)
    assert forks.run(words, folder, learn=True).status == 0
    if "gone on with" in command:
        begin(words, before, forks)
    shutil.rmtree(folder)
    shutil.copytree(before, folder)
    calls = ",".join(f"?{call}" for call in CALLS)
    ended = forks.run(words, folder, out=out, trace=["-o", str(log), "-e", f"trace={calls}"])
    assert ended.status == 0, ended
    threads: dict[str, Counter[str]] = {}
    for line in log.read_text(errors="replace").splitlines():
        if found := re.match(r"(\d+) +(\w+)\(", line):
            threads.setdefault(found[1], Counter())[found[2]] += 1
    most = Counter({call: max(counts[call] for counts in threads.values()) for call in CALLS})
    return Setting(before, visible(before), visible(folder), out.read_bytes(), most)


def begin(words: Sequence[str], folder: Path, forks: Forks) -> None:
    """Draws a film until some of it is kept."""
    for k in range(1, 1000):
        ended = forks.run(words, folder, (signal.SIGKILL, 0.01 * k))
        assert ended.status, "the film was complete before some of it was kept"
        if any(folder.glob(".*.part/*-00*")):
            return
    raise AssertionError("nothing of a film is kept")


def fail(
    failure: Failure, setting: Setting, folder: Path, forks: Forks, figures: Figures, say: Say
) -> None:
    """Runs the command where the call fails, and again where nothing does."""
    shutil.copytree(setting.before, folder)
    words, out = COMMANDS[failure.command], folder.with_suffix(".out")
    inject = f"inject={failure.call}:error={failure.error}:when={failure.occurrence}"
    trace = ["-o", os.devnull, "-e", f"trace={failure.call}", "-e", inject]
    ended = forks.run(words, folder, out=out, trace=trace)
    figures.runs += 1

    def fault(name: str) -> None:
        setattr(figures, name, getattr(figures, name) + 1)
        say(name, failure, ended)

    files, told = visible(folder), out.read_bytes()
    if "unnamed" in failure.command:  # another name is as good
        for name, found in zip(setting.whole, list(files), strict=False):
            told = told.replace(found.encode(), name.encode())
        files = dict(zip(setting.whole, files.values(), strict=False))
    if ended.status < 0:
        fault("ended")
    elif "Traceback" in ended.err or "Exception ignored" in ended.err:
        fault("tracebacks")
    elif ended.status == 0:
        if (files, told) == (setting.whole, setting.out):
            figures.went_on += 1
        else:
            fault("differ")
    elif all(line.startswith("netart: ") for line in ended.err.splitlines()) and (
        ended.err or failure.call == "write"  # in another thread, of what it would say
    ):
        figures.told += 1
    else:
        fault("untidy")
    if files != setting.whole and half_written(folder, setting.whole, setting.found):
        fault("half")
    if failure.call not in REMOVING and hidden(folder):
        fault("leftovers")
    if files != setting.whole:
        forks.run(words, folder)
        if visible(folder) != setting.whole:
            fault("differ")


def failures(settings: dict[str, Setting], seed: str) -> list[Failure]:
    """All of them, in an order of chance."""
    found = [
        Failure(command, call, error, occurrence)
        for command, setting in settings.items()
        for call, errors in CALLS.items()
        for error in errors
        for occurrence in range(1, min(MAX_OCCURRENCES, setting.counts[call]) + 1)
    ]
    Random(seed).shuffle(found)
    return found


def campaign(
    names: Sequence[str], count: int, seconds: float, seed: str, say: Say
) -> tuple[dict[str, Figures], int]:
    """Lets so many system calls fail, until the time is up. Returns figures of each call, and how
    many failures there are.
    """
    end_s = time.monotonic() + seconds
    figures = {call: Figures() for call in CALLS}
    with tempfile.TemporaryDirectory() as name, Forks() as forks:
        place = Path(name)
        settings = {command: prepare(command, place, forks) for command in names}
        all_failures = failures(settings, seed)
        for number, failure in enumerate(all_failures[:count]):
            if time.monotonic() > end_s:
                break
            folder = place / str(number)
            fail(failure, settings[failure.command], folder, forks, figures[failure.call], say)
            shutil.rmtree(folder)
    return {call: one for call, one in figures.items() if one.runs}, len(all_failures)


def table(figures: dict[str, Figures]) -> str:
    """The figures, and their sum."""
    return summed(TITLES, [(call, *astuple(one)) for call, one in figures.items()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="system calls that fail (1000)")
    parser.add_argument("--seconds", type=float, default=1800, help="at most (1800)")
    parser.add_argument("--seed", default="syscalls")
    parser.add_argument("names", nargs="*", metavar="COMMAND", help=", ".join(COMMANDS))
    given = parser.parse_args()
    start_s = time.monotonic()
    figures, known = campaign(
        given.names or list(COMMANDS), given.count, given.seconds, given.seed, print
    )
    print(table(figures))
    print(f"of {known:,} failures; {time.monotonic() - start_s:.0f} s")
    sys.exit(any(one.faults for one in figures.values()))


if __name__ == "__main__":
    main()

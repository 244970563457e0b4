"""Kills films, posters and training at random moments, goes on, and compares with others.

    python -m tests.campaign.kills --count 500 --seconds 3600

prints a table, a row a format. Moments and signals come from fixed seeds; where the machine is
then is not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.campaign.folders import half_written, hidden, visible
from tests.campaign.forks import Ended, Forks, fresh
from tests.campaign.tables import summed

FILM = (
    "morph", "--layers", "2x6", "--seeds", "1,2", "--contrast", "off", "--size", "64x64",
    "--frames", "30", "--backend", "cpu",
)  # fmt: skip
LONG_FILM = (*FILM, "--frames", "90", "--size", "96x80")  # for segments as they are
POSTER = (
    "render", "--layers", "2x6", "--contrast", "off", "--size", "64x4096", "--backend", "cpu",
)  # fmt: skip
RUN = ("train", "--data", "moons", "--widths", "3", "--steps", "1500")
CASES = {
    "mp4 h264": (*FILM, "-o", "a.mp4"),
    "mp4 h265": (*FILM, "--codec", "h265", "-o", "a.mp4"),
    "mp4 av1": (*FILM, "--codec", "av1", "-o", "a.mp4"),
    "webm vp9": (*FILM, "-o", "a.webm"),
    "webm av1": (*FILM, "--codec", "av1", "-o", "a.webm"),
    "mov prores": (*FILM, "-o", "a.mov"),
    "mkv ffv1": (*FILM, "-o", "a.mkv"),
    "mkv ffv1 16": (*FILM, "--bits", "16", "-o", "a.mkv"),
    "gif": (*FILM, "-o", "a.gif"),
    "apng": (*FILM, "-o", "a.apng"),
    "webp lossy": (*FILM, "-o", "a.webp"),
    "webp lossless": (*FILM, "--codec", "lossless", "-o", "a.webp"),
    "png frames": (*FILM, "-o", "##.png"),
    "tif frames": (*FILM, "-o", "##.tif"),
    "exr frames": (*FILM, "-o", "##.exr"),
    "npy frames": (*FILM, "-o", "##.npy"),
    "jpg frames": (*FILM, "-o", "##.jpg"),
    "webp frames": (*FILM, "-o", "##.webp"),
    "avif frames": (*FILM, "-o", "##.avif"),
    "png poster": (*POSTER, "-o", "a.png"),
    "png poster 16": (*POSTER, "--bits", "16", "-o", "a.png"),
    "tif poster": (*POSTER, "-o", "a.tif"),
    "training": (*RUN, "-o", "a.run"),
    "mkv, as it is": (*LONG_FILM, "-o", "a.mkv"),
    "mp4, as it is": (*LONG_FILM, "-o", "a.mp4"),
}
FRESH = {"mkv, as it is", "mp4, as it is"}  # in processes of their own, with nothing changed
SIGNALS = (
    signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
)  # fmt: skip
MAX_KILLS = 4  # of one film
MOMENTS = 0.1, 1.0  # of the time that all of it takes
AGE_S = 900
TITLES = (
    "what", "films", "kills", "SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "gone on with", "differ",
    "half-written", "leftovers", "tracebacks", "wrong status",
)  # fmt: skip


@dataclass
class Figures:
    """What came of one kind of file."""

    films: int = 0
    signals: Counter[int] = field(default_factory=Counter)
    gone_on: int = 0
    differ: int = 0
    half: int = 0
    leftovers: int = 0
    tracebacks: int = 0
    wrong: int = 0

    @property
    def faults(self) -> int:
        return self.differ + self.half + self.leftovers + self.tracebacks + self.wrong

    def row(self, name: str) -> tuple[object, ...]:
        each = (self.signals[number] for number in dict.fromkeys(SIGNALS))
        return (
            name, self.films, self.signals.total(), *each, self.gone_on, self.differ, self.half,
            self.leftovers, self.tracebacks, self.wrong,
        )  # fmt: skip


class Kind(NamedTuple):
    """A kind of file that is killed."""

    words: Sequence[str]
    run: Callable[..., Ended]
    whole: dict[str, bytes]  # name → bytes of what was never killed
    took_s: float


def kill_once(
    kind: Kind, folder: Path, chance: Random, figures: Figures, say: Callable[..., None]
) -> None:
    """Makes one file, killed up to MAX_KILLS times."""
    folder.mkdir()
    figures.films += 1

    def fault(name: str, *what: object) -> None:
        setattr(figures, name, getattr(figures, name) + 1)
        say(name, kind.words, folder, *what)

    def look(ended: Ended, allowed: Sequence[int]) -> None:
        if "Traceback" in ended.err or "Exception ignored" in ended.err:
            fault("tracebacks", ended.err)
        if ended.status not in allowed:
            fault("wrong", ended.status, allowed, ended.err)
        if half := half_written(folder, kind.whole):
            fault("half", half)

    for _ in range(chance.randint(1, MAX_KILLS)):
        number, before = chance.choice(SIGNALS), _grow_old(folder)
        ended = kind.run(kind.words, folder, (number, chance.uniform(*MOMENTS) * kind.took_s))
        own = -number if number == signal.SIGKILL else 128 + number
        # A signal before the program looks at signals ends the process.
        look(ended, (own, -number, 0))
        figures.gone_on += "goes on" in ended.err
        if ended.status == 0:
            break
        figures.signals[number] += 1
        if number != signal.SIGKILL and (left := {*hidden(folder)} - before):
            fault("leftovers", left, ended.err)
    else:
        _grow_old(folder)
        ended = kind.run(kind.words, folder)
        look(ended, (0,))
        figures.gone_on += "goes on" in ended.err
    if visible(folder) != kind.whole:
        fault("differ", sorted(visible(folder)))
    if left := [path.name for path in folder.glob(".*")]:
        fault("leftovers", left)


def _grow_old(folder: Path) -> set[str]:
    """Lets minutes pass for what a SIGKILL has left, which is stale then. Returns its names."""
    past_s = time.time() - AGE_S
    for name in (names := {*hidden(folder)}):
        os.utime(folder / name, (past_s, past_s))
    return names


def campaign(
    names: Sequence[str], count: int, seconds: float, seed: str, say: Callable[..., None]
) -> dict[str, Figures]:
    """Kills each kind in turn until there were so many kills, or the time is up."""
    end_s = time.monotonic() + seconds
    figures = {name: Figures() for name in names}
    kinds: dict[str, Kind] = {}
    with tempfile.TemporaryDirectory() as place, Forks() as forks:
        folder, number = Path(place), 0
        while sum(one.signals.total() for one in figures.values()) < count:
            for name in names:
                if time.monotonic() > end_s:
                    return figures
                if name not in kinds:
                    whole = folder / f"whole-{len(kinds)}"
                    whole.mkdir()
                    run = fresh if name in FRESH else forks.run
                    if run is not fresh:  # what follows finds all imported
                        forks.run(CASES[name], whole, learn=True)
                        shutil.rmtree(whole)
                        whole.mkdir()
                    ended = run(CASES[name], whole)
                    assert ended.status == 0, ended
                    kinds[name] = Kind(CASES[name], run, visible(whole), ended.took_s)
                chance = Random(f"{seed} {name} {number}")
                kill_once(kinds[name], folder / str(number), chance, figures[name], say)
                number += 1
    return figures


def table(figures: dict[str, Figures]) -> str:
    """The figures, and their sum."""
    return summed(TITLES, [one.row(name) for name, one in figures.items()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=500, help="kills (500)")
    parser.add_argument("--seconds", type=float, default=3600, help="at most (3600)")
    parser.add_argument("--seed", default="kills")
    parser.add_argument("names", nargs="*", metavar="KIND", help=", ".join(CASES))
    given = parser.parse_args()
    start_s = time.monotonic()
    figures = campaign(given.names or list(CASES), given.count, given.seconds, given.seed, print)
    print(table(figures))
    print(f"{time.monotonic() - start_s:.0f} s")
    sys.exit(any(one.faults for one in figures.values()))
    sys.exit(any(one.faults for one in figures.values()))


if __name__ == "__main__":
    main()

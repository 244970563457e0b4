"""Fills disks while netart writes: every kind of output, on disks of several sizes.

    python -m tests.campaign.full_disks

prints a table, a row a kind of output. Where nothing may be mounted, files may not grow beyond the
size instead, which the system tells by another error.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.campaign.folders import half_written, hidden, visible
from tests.campaign.forks import Ended, Forks
from tests.campaign.tables import summed

PICTURE = ("render", "--layers", "4x12", "--size", "160x120", "--backend", "cpu", "--quiet")
FILM = (
    "spin", "--layers", "4x12", "--contrast", "off", "--size", "96x80", "--frames", "40",
    "--backend", "cpu", "--quiet",
)  # fmt: skip
COMMANDS = {
    **{
        form: (*PICTURE, "-o", f"a.{form}")
        for form in ("png", "tif", "exr", "npy", "jpg", "webp", "avif")
    },
    "16-bit png": (*PICTURE, "--bits", "16", "-o", "a.png"),
    "sheet": ("sheet", "--seeds", "1..4", *PICTURE[1:], "-o", "a.png"),
    "svg": ("lines", "--layers", "2x9", "--activation", "relu", "-o", "a.svg"),
    "pdf": ("lines", "--layers", "2x9", "--activation", "relu", "-o", "a.pdf"),
    "json": ("lines", "--layers", "2x9", "--activation", "relu", "-o", "a.json"),
    "npz": ("network", "--layers", "4x60", "-o", "a.npz"),
    "toml": (*PICTURE, "--save", "a.toml"),
    "run": ("train", "--data", "moons", "--widths", "3", "--steps", "100", "-o", "a.run"),
    **{f"{form} film": (*FILM, "-o", f"a.{form}") for form in ("mkv", "mov", "mp4", "webm")},
    "h265 film": (*FILM, "--codec", "h265", "-o", "a.mp4"),
    "av1 film": (*FILM, "--codec", "av1", "-o", "a.webm"),
    **{f"{form} film": (*FILM, "-o", f"a.{form}") for form in ("gif", "apng", "webp")},
    "png frames": (*FILM, "-o", "##.png"),
    "exr frames": (*FILM, "-o", "##.exr"),
}
SIZES = 4, 16, 48, 128, 300, 700, 1500  # KiB
STREAM_SIZES = 3  # of them, for streams
PLENTY = 1 << 16  # KiB
# To a full stdout, and through a folder of temporary files that is full.
STREAMS = {
    **{
        form: (*PICTURE, "--format", form) for form in ("png", "tiff", "exr", "npy", "jpeg", "webp")
    },
    **{
        f"{form} film": (*FILM, "--format", form)
        for form in ("mkv", "mp4", "mov", "webm", "gif", "apng", "webp")
    },
}
Say = Callable[..., None]
TITLES = (
    "output", "runs", "fits", "told in a line", "tracebacks", "told untidily", "half-written",
    "leftovers", "differ afterwards",
)  # fmt: skip


@dataclass
class Figures:
    """What came of one kind of output."""

    runs: int = 0
    fits: int = 0
    told: int = 0
    tracebacks: int = 0
    untidy: int = 0
    half: int = 0
    leftovers: int = 0
    differ: int = 0  # where there was room again

    @property
    def faults(self) -> int:
        return sum(astuple(self)[3:])


@contextmanager
def disk(folder: Path, size: int) -> Iterator[bool]:
    """A disk of so many KiB at the folder; whether it could be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)]
    mounted = not subprocess.run(mount, capture_output=True).returncode
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _tell(ended: Ended, whole: bool, figures: Figures, fault: Callable[[str], None]) -> None:
    """Counts how a run has ended. whole: whether what it has written is."""
    figures.runs += 1
    if "Traceback" in ended.err or "Exception ignored" in ended.err or ended.status < 0:
        fault("tracebacks")
    elif ended.status == 0 and whole:
        figures.fits += 1
    elif ended.status == 1 and ended.err.startswith("netart: ") and ended.err.count("\n") == 1:
        figures.told += 1
    else:
        fault("untidy")


def fill(
    words: Sequence[str], size: int, whole: dict[str, bytes], place: Path, forks: Forks,
    figures: Figures, say: Say,
) -> None:  # fmt: skip
    """Runs the command on a disk of this size, and again with plenty of room."""
    folder = place / "disk"
    with disk(folder, size) as mounted:
        limits = {} if mounted else {"RLIMIT_FSIZE": 1024 * size}
        ended = forks.run(words, folder, limits=limits)

        def fault(name: str) -> None:
            setattr(figures, name, getattr(figures, name) + 1)
            say(name, words, size, ended)

        _tell(ended, visible(folder) == whole, figures, fault)
        if half_written(folder, whole):
            fault("half")
        if hidden(folder) or list(folder.rglob("*.tmp")):
            fault("leftovers")
        if mounted:
            more = ["mount", "-o", f"remount,size={PLENTY}k", str(folder)]
            subprocess.run(more, check=True)
        forks.run(words, folder)
        if visible(folder) != whole or list(folder.glob(".*")):
            fault("differ")
    shutil.rmtree(folder)


def fill_streams(
    words: Sequence[str], sizes: Sequence[int], whole: bytes, place: Path, forks: Forks,
    figures: Figures, say: Say,
) -> None:  # fmt: skip
    """Runs the command into a full device, into a file on a small disk, and where temporary files
    have no room.
    """
    folder, out, full = place / "stream", place / "out", place / "full"
    folder.mkdir()

    def run(out: Path, **options: object) -> Ended:
        ended = forks.run([*words, "-o", "-"], folder, out=out, **options)  # type: ignore[arg-type]

        def fault(name: str) -> None:
            setattr(figures, name, getattr(figures, name) + 1)
            say(name, words, out, options, ended)

        _tell(ended, out.is_file() and out.read_bytes() == whole, figures, fault)
        if list(folder.iterdir()):
            fault("leftovers")
        return ended

    run(Path("/dev/full"))
    for size in sizes:
        with disk(full, size) as mounted:
            if mounted:
                run(full / "out")
                (full / "out").unlink()
                run(out, env={"TMPDIR": str(full)})
                if list(full.iterdir()):
                    figures.leftovers += 1
                    say("leftovers", words, list(full.iterdir()))
        full.rmdir()
    folder.rmdir()


def campaign(names: Sequence[str], sizes: Sequence[int], say: Say) -> dict[str, Figures]:
    """Fills disks of these sizes with what these commands write."""
    figures = {name: Figures() for name in names}
    with tempfile.TemporaryDirectory() as temporary, Forks() as forks:
        place = Path(temporary)
        whole = place / "whole"
        for name in names:
            whole.mkdir()
            if name in COMMANDS:
                ended = forks.run(COMMANDS[name], whole, learn=True)
                assert ended.status == 0, ended
                for size in sizes:
                    fill(COMMANDS[name], size, visible(whole), place, forks, figures[name], say)
            else:
                words, out = STREAMS[name.removesuffix(" on stdout")], place / "whole.out"
                ended = forks.run([*words, "-o", "-"], whole, out=out, learn=True)
                assert ended.status == 0, ended
                small = sizes[:STREAM_SIZES]
                fill_streams(words, small, out.read_bytes(), place, forks, figures[name], say)
            shutil.rmtree(whole)
    return figures


ALL = (*COMMANDS, *(f"{name} on stdout" for name in STREAMS))


def table(figures: dict[str, Figures]) -> str:
    """The figures, and their sum."""
    return summed(TITLES, [(name, *astuple(one)) for name, one in figures.items()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="OUTPUT", help=", ".join(ALL))
    given, start_s = parser.parse_args(), time.monotonic()
    figures = campaign(given.names or ALL, SIZES, print)
    print(table(figures))
    print(f"{time.monotonic() - start_s:.0f} s")
    sys.exit(any(one.faults for one in figures.values()))


if __name__ == "__main__":
    main()

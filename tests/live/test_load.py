"""A window under load and at rest: its start, wild input, memory, idle time."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from netart.files.source import to_toml
from netart.live.keys import ROWS
from netart.shot.lens import NAMES
from netart.shot.shot import Shot
from tests.live.windows import QUICK, Live, Open, until

pytestmark = pytest.mark.slow

TOGGLES = ("h", "i", "f11")  # pressed again before the window is at rest
# A recording would be a film of thousands of frames; command lines are read as answers to `x`.
OUT = ("q", "escape", "v", "x")
KEYS = [key for key in ROWS if key not in (*TOGGLES, *OUT)]
# glibc keeps what was freed, for every thread apart: a third more than the window holds.
THRIFTY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "100000",
    "MALLOC_MMAP_THRESHOLD_": "65536",
}
CLOCK = os.sysconf("SC_CLK_TCK")


def cpu_s(window: Live) -> float:
    """Processor time that the window has used, in seconds."""
    fields = Path(f"/proc/{window.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


def memory_mb(window: Live) -> float:
    """Memory of its own and its share of what is common, in MB."""
    lines = Path(f"/proc/{window.process.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def test_the_first_picture_is_there_within_five_seconds(live: Open) -> None:
    """Of the processor, however busy it is."""
    window = live("--timings", "--fresh", "--backend", "cpu").opened()
    assert cpu_s(window) < 5
    assert window.size == (1280, 720)


def test_idle_costs_nothing(live: Open, tmp_path: Path) -> None:
    """Neither does a file that might be saved."""
    path = tmp_path / "work" / "mine.toml"
    path.parent.mkdir()
    path.write_text(to_toml(Shot()))
    window = live(path.name, *QUICK).opened()
    window.press("n")
    window.await_picture()
    time.sleep(1)
    before = cpu_s(window)
    time.sleep(2)
    assert cpu_s(window) - before < 0.02


def something(window: Live, dice: random.Random, on: set[str]) -> None:
    """Any key of the table that does not leave, or anything that a mouse does. on: toggles."""
    kind = dice.random()
    width, height = window.size
    place = dice.randrange(width), dice.randrange(height)
    if kind < 0.7:
        window.press(dice.choice(KEYS))
    elif kind < 0.8:
        window.point(*place)
        window.scroll(dice.choice((-3, -1, 1, 3)))
    elif kind < 0.9:
        window.drag((width // 2, height // 2), place)
    elif kind < 0.95 and "f11" not in on:
        window.xdotool("windowsize", window.id, dice.randrange(1, 800), dice.randrange(1, 600))
    else:
        key = dice.choice(TOGGLES)
        on ^= {key}
        window.press(key)


def at_rest(window: Live, on: set[str]) -> float:
    """Its memory, back at the start and with nothing to do."""
    window.press("0", *on)
    on.clear()
    # Stills of the largest size may be waiting.
    until(lambda: not [*window.folder.glob(".*")], limit_s=120)
    window.command()
    window.resize(320, 240)
    window.await_picture()
    return memory_mb(window)


def wild(live: Open, events: int, time_s: float) -> None:
    window, dice = live(*QUICK, **THRIFTY).opened(), random.Random(7)
    on = set[str]()
    window.press("f11", "h", "i", "s")
    window.hear("wrote seed-7.png")
    window.press("space", "t", "space", "f11", "h", "i")
    for _ in NAMES:  # of which some load a library
        said = len(window.err)
        window.press("k")
        until(lambda said=said: any("whole" in line for line in window.err[said:]))
    for _ in range(events // 2):  # until it is warm
        something(window, dice, on)
    warm_mb = at_rest(window, on)
    begin = time.monotonic()
    for k in range(events):
        something(window, dice, on)
        assert window.process.poll() is None, window.err[-3:]
        time.sleep(max(0, begin + (k + 1) * time_s / events - time.monotonic()))
    assert at_rest(window, on) < 1.1 * warm_mb
    window.press("q")
    assert window.end() == 0


def test_wild_input(live: Open) -> None:
    wild(live, events=50, time_s=1.5)


@pytest.mark.long
def test_wild_input_for_a_minute(live: Open) -> None:
    wild(live, events=500, time_s=60)

"""Files that are wrong somewhere are read or refused, quickly and in little memory."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netart.errors import NetartError
from tests.campaign import fuzz, reading
from tests.campaign.modes import MODES, Mode
from tests.campaign.reading import LARGE, READ, REFUSED, SLOW, TRACEBACK, WRONG, Peak, make, read

CHECKOUT = Path(__file__).parents[2]

# JAX, which other tests load, warns of its threads: no process that is forked here uses it.
pytestmark = pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")


def campaign(into: Path, count: int, seconds: float) -> str:
    """The table of a campaign over all modes, which must find no fault."""
    words = [sys.executable, "-m", "tests.campaign.fuzz", "--into", into]
    limits = ["--count", str(count), "--seconds", str(seconds)]
    ran = subprocess.run([*words, *limits], cwd=CHECKOUT, capture_output=True, text=True)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout[ran.stdout.index("| mode") :]


@pytest.mark.slow
def test_a_few_inputs_of_every_mode(tmp_path: Path) -> None:
    table = campaign(tmp_path, 1000, 60)
    assert all(re.search(rf"^\| {re.escape(mode)} \| [1-9]", table, re.MULTILINE) for mode in MODES)


@pytest.mark.long
def test_a_million_inputs(tmp_path: Path) -> None:
    print(f"\n{campaign(tmp_path, 1_000_000, 3600)}")


ENCODED = "pictures and films", "unfinished films"  # by libraries that take their time


@pytest.mark.slow
def test_inputs_are_the_same_in_every_run() -> None:
    for mode in MODES.keys() - ENCODED:
        assert make(mode, 7) == make(mode, 7)
        assert make(mode, 7) != make(mode, 8)


# What a campaign is made to see.


def fail(path: Path) -> None:
    raise ZeroDivisionError("a bug")


def refuse(path: Path) -> None:
    raise NetartError(f"{path}: refused")


def lie(path: Path) -> None:
    raise NetartError("refused, but what?")


def hold(path: Path) -> None:
    held = bytearray(400 << 20)
    held[::4096] = b"x" * (len(held) // 4096)  # of each page a byte


def spin(path: Path) -> None:
    while True:
        pass


def crash(path: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Path], None]], None]]:
    """odd(read) adds a mode whose inputs `read` reads."""
    yield lambda read: monkeypatch.setitem(
        MODES, "odd", Mode(lambda chance: ("a", chance.randbytes(3)), read, 1)
    )


@pytest.mark.parametrize(
    ("reader", "kind"),
    [(lambda path: None, READ), (refuse, REFUSED), (fail, TRACEBACK), (lie, WRONG), (hold, LARGE)],
)
def test_what_comes_of_an_input(
    tmp_path: Path,
    odd: Callable[..., None],
    reader: Callable[[Path], None],
    kind: str,
) -> None:
    odd(reader)
    outcome = read("odd", 1, tmp_path, Peak())
    assert outcome.kind == kind
    if kind == TRACEBACK:
        assert outcome.place.startswith("ZeroDivisionError in ")


def test_a_slow_input_is_seen(
    tmp_path: Path, odd: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_S", 0.001)
    odd(lambda path: sum(range(1_000_000)))
    assert read("odd", 1, tmp_path, Peak()).kind == SLOW


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reader", "column"), [(fail, 2), (lie, 3), (spin, 4), (hold, 5), (crash, 6)]
)
def test_a_campaign_goes_on_after_a_fault(
    tmp_path: Path,
    odd: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    reader: Callable[[Path], None],
    column: int,
) -> None:
    """The process that reads ends, or not; every input is counted."""
    if reader is spin:  # `hold` fills its memory first, and takes its time for it
        monkeypatch.setattr(fuzz, "KILL_S", 0.5)
    monkeypatch.setattr(fuzz, "ADDRESS_BYTES", 1 << 40)  # the tests' own process holds more
    odd(reader)
    row, faults = fuzz.run("odd", 2, 60, tmp_path)
    assert row[:2] == ["odd", 2]
    assert row[2 + column] == 2
    assert [fault.number for fault in sorted(faults)] == [0, 1]


def test_a_campaign_ends_in_time(tmp_path: Path, odd: Callable[..., None]) -> None:
    odd(lambda path: None)
    start = time.monotonic()
    row, _ = fuzz.run("odd", 10**9, 0.2, tmp_path)
    assert time.monotonic() - start < 10
    assert 0 < row[1] < 10**9

"""Commands that draw on a cluster, and what they say where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.farm.clusters import IGNORED, threads
from tests.program import Run

SMALL = ("--layers", "3x8", "--backend", "cpu", "--quiet")
COMMANDS = (
    ("render", "--size", "1200x2600", "-o", "{}.png"),
    ("render", "--size", "90x70", "--bits", "16", "-o", "{}.tif"),
    ("zoom", "--size", "32x32", "--frames", "5", "-o", "{}.gif"),
    ("zoom", "--size", "32x32", "--frames", "5", "-o", "{}.mp4"),
    ("sheet", "--seeds", "20", "--best", "4", "--size", "40x40", "-o", "{}.png"),
)


pytestmark = [*IGNORED]


def check_bytes(netart: Run, folder: Path, farm: str) -> None:
    """Whether commands write on a farm what they write here."""
    for *options, target in COMMANDS:
        written = []
        for name, *where in (("here",), ("there", "--farm", farm)):
            ran = netart(*options, target.format(name), *SMALL, *where)
            assert ran.status == 0, ran.err
            written.append((folder / target.format(name)).read_bytes())
        assert written[0] == written[1], options


@pytest.mark.slow
def test_the_bytes_are_those_of_one_machine(netart: Run, tmp_path: Path) -> None:
    with threads() as address:
        check_bytes(netart, tmp_path, address)


@pytest.mark.long
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_processes_write_the_same_bytes(netart: Run, tmp_path: Path, workers: int) -> None:
    check_bytes(netart, tmp_path, f"local:{workers}")


@pytest.mark.slow
def test_doctor_lists_workers(netart: Run) -> None:
    with threads() as address:
        found = netart("doctor", "--farm", address, "--json").json
    assert found["scheduler"] == address and found["problems"] == ["none: all workers fit"]
    assert len(found["workers"]) == 2 and "numpy float32" in found["workers"][0]


def test_doctor_says_why_a_worker_gets_no_work(
    netart: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "tcp://127.0.0.1:1"
    late = {place: ModuleNotFoundError("No module named 'netart'")}
    monkeypatch.setattr("netart.cli.doctor.look_at_workers", lambda *_: late)
    with threads() as address:
        found = netart("doctor", "--farm", address)
    assert found.status == 0 and b"none that draws" in found.out
    assert f"{place} does not start netart: ModuleNotFoundError: No module".encode() in found.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--insecure",), "--insecure: of which cluster? Add --farm"),
        (("--farm-mixed",), "--farm-mixed: of which cluster? Add --farm"),
        (("--farm", "tcp://10.0.0.3:8786"), "in a closed network add --insecure"),
        (("--farm", "nowhere"), "--farm nowhere: there is no such file; must be local, local:4"),
    ],
)
def test_mistakes_cost_one_line(netart: Run, options: tuple[str, ...], message: str) -> None:
    for command in ("render", "sheet", "zoom"):
        ran = netart(command, *options)
        assert ran.status == 2 and message in ran.err and ran.err.count("\n") == 1

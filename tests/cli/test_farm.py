"""Commands that draw on a cluster, and what they say where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.farm.clusters import IGNORED, threads
from tests.program import Run

SMALL = ("--layers", "3x8", "--backend", "cpu", "--quiet")
COMMANDS = (
    ("render", "--size", "90x70", "--bits", "16", "-o", "{}.tif"),
    ("zoom", "--size", "32x32", "--frames", "5", "-o", "{}.gif"),
    ("sheet", "--seeds", "20", "--best", "4", "--size", "40x40", "-o", "{}.png"),
)


pytestmark = [*IGNORED]


@pytest.mark.slow
def test_the_bytes_are_those_of_one_machine(netart: Run, tmp_path: Path) -> None:
    with threads() as address:
        for command in COMMANDS:
            written = []
            for name, *farm in (("here",), ("there", "--farm", address)):
                *options, target = command
                ran = netart(*options, target.format(name), *SMALL, *farm)
                assert ran.status == 0, ran.err
                written.append((tmp_path / target.format(name)).read_bytes())
            assert written[0] == written[1], command


@pytest.mark.slow
def test_doctor_lists_workers(netart: Run) -> None:
    with threads() as address:
        found = netart("doctor", "--farm", address, "--json").json
    assert found["scheduler"] == address and found["fit"] == ["all workers"]
    assert len(found["workers"]) == 2 and "numpy float32" in found["workers"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--insecure",), "--insecure: of which cluster? Add --farm"),
        (("--farm-mixed",), "--farm-mixed: of which cluster? Add --farm"),
        (("--farm", "tcp://10.0.0.3:8786"), "in a closed network add --insecure"),
        (("--farm", "nowhere"), "--farm nowhere: must be local, local:4"),
    ],
)
def test_mistakes_cost_one_line(netart: Run, options: tuple[str, ...], message: str) -> None:
    for command in ("render", "sheet", "zoom"):
        ran = netart(command, *options)
        assert ran.status == 2 and message in ran.err and ran.err.count("\n") == 1

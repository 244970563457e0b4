"""System calls that fail: a few here, the campaign in `make test-long`."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.campaign.syscalls import COMMANDS, campaign, table

COUNT = int(os.environ.get("NETART_SYSCALLS", "2000"))
SECONDS = float(os.environ.get("NETART_SYSCALLS_S", "1800"))


@pytest.fixture(autouse=True)
def strace() -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")


@pytest.mark.slow
def test_some_system_calls_fail() -> None:
    figures, known = campaign(["mkv"], 8, 60, "some", print)
    assert not any(one.faults for one in figures.values()), table(figures)
    assert sum(one.runs for one in figures.values()) == 8 < known


@pytest.mark.long
def test_many_system_calls_fail() -> None:
    figures, known = campaign(list(COMMANDS), COUNT, SECONDS, "many", print)
    print(table(figures), f"of {known:,}", sep="\n")
    assert not any(one.faults for one in figures.values())

"""Films, posters and training that are killed go on: a few here, all in `make test-long`."""

from __future__ import annotations

import os

import pytest

from tests.campaign.kills import CASES, campaign, table

COUNT = int(os.environ.get("NETART_KILLS", "500"))
SECONDS = float(os.environ.get("NETART_KILLS_S", "3600"))


@pytest.mark.slow
def test_some_kills() -> None:
    figures = campaign(["mp4 h264", "png frames", "png poster"], 4, 60, "some kills", print)
    assert not any(one.faults for one in figures.values()), table(figures)


@pytest.mark.long
def test_many_kills() -> None:
    figures = campaign(list(CASES), COUNT, SECONDS, "many kills", print)
    print(table(figures))
    assert not any(one.faults for one in figures.values())
    assert sum(one.signals.total() for one in figures.values()) >= COUNT

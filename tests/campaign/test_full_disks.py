"""Disks that are full: a few here, the table in `make test-long`."""

from __future__ import annotations

import pytest

from tests.campaign.full_disks import ALL, SIZES, campaign, table


@pytest.mark.slow
def test_some_full_disks() -> None:
    names = ["tif", "gif film on stdout"]
    figures = campaign(names, [16], print)
    assert not any(one.faults for one in figures.values()), table(figures)
    assert sum(one.told for one in figures.values()) >= len(names)


@pytest.mark.long
def test_every_output_on_full_disks() -> None:
    figures = campaign(ALL, SIZES, print)
    print(table(figures))
    assert not any(one.faults for one in figures.values())

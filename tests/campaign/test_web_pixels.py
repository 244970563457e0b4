"""Pages draw what the definition draws: random shots and all presets, over SwiftShader and Mesa."""

from __future__ import annotations

import shutil
from statistics import median

import pytest

from tests.campaign.tables import markdown
from tests.campaign.web_pixels import BROWSERS, WAYS, Row, compare, presets, random_shots

ALLOWED = 0.001  # the share of pixels off by more than a level
TITLES = ["", "program", "shots", "worst level", "beyond", "first ms", "slowest", "512² frames/s"]


@pytest.mark.long
@pytest.mark.parametrize("browser", BROWSERS)
def test_pages_draw_what_the_definition_draws(browser: str) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed")
    rows = list(compare([*random_shots(40), *presets()], browser))
    print(f"\n{markdown(TITLES, [summary(browser, rows, way) for way in WAYS])}")
    for row in sorted(rows, key=lambda row: -row.beyond)[:12]:
        print(row)
    assert [row for row in rows if row.beyond > ALLOWED] == []


def summary(browser: str, rows: list[Row], way: str) -> list[object]:
    own = [row for row in rows if row.way == way]
    first = [row.first_ms for row in own]
    return [
        browser, way, len(own), max(row.worst for row in own),
        f"{max(row.beyond for row in own):.2%}", round(median(first)), round(max(first)),
        round(1000 * median(row.speed for row in own) / 512**2, 2),
    ]  # fmt: skip

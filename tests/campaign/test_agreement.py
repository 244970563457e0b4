"""netart draws what an evaluator draws that was written from its documentation alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.campaign import agreement
from tests.campaign.agreement import TITLES, Row, compare
from tests.campaign.evaluator import Values
from tests.campaign.tables import markdown


def check(rows: list[Row]) -> None:
    print(f"\n{markdown(TITLES, [row.cells for row in rows])}")
    assert not any(row.beyond for row in rows)


@pytest.mark.slow
def test_a_dozen_pictures() -> None:
    check(compare(range(12)))


@pytest.mark.long
def test_hundreds_of_pictures() -> None:
    check(compare(range(320)))


@pytest.mark.slow
@pytest.mark.parametrize("evaluator", ["reference", "cpu"])
def test_a_wrong_picture_is_seen(monkeypatch: pytest.MonkeyPatch, evaluator: str) -> None:
    """One pixel off by half of a level of 8 bits, and a picture upside down."""
    draw = agreement.drawn

    def off(*asked: object) -> Values:
        picture = draw(*asked)
        picture[0, 0] += 0.5 / 255
        return picture

    monkeypatch.setattr(agreement, "drawn", off)
    (row,) = compare([0], [evaluator])
    assert row.beyond == 1
    monkeypatch.setattr(agreement, "drawn", lambda *asked: draw(*asked)[::-1])
    (row,) = compare([0], [evaluator])
    assert row.beyond > row.pixels / 2


def test_what_is_allowed_is_little(tmp_path: Path) -> None:
    """Of most pixels less than a hundredth of a level of 8 bits."""
    allowed = []
    for number in range(6):
        one = agreement.drawing(number)
        found = agreement.heads(one, tmp_path)
        exact = agreement.draw(found, one.picture, agreement.Noise())
        allowed.append(agreement.allowance(one, found, exact).ravel())
    assert np.median(np.concatenate(allowed)) < 0.01 / 255

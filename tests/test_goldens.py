"""Pictures are what they were: the reference to the bit, cpu and gpu to a level."""

from __future__ import annotations

import numpy as np
import pytest

from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.precision import tolerance
from netart.evaluate.request import Evaluator
from netart.pixels import Pixels
from tests.goldens import Golden, Levels, digest, goldens, read
from tests.shots import REFERENCE

GOLDENS = {golden.name: golden for golden in goldens()}
KEPT = read()


def apart(levels: Levels, kept: Levels) -> Levels:
    """(height, width): by how many levels the pixels differ."""
    return np.abs(levels.astype(int) - kept).max(axis=2)


def difference(levels: Levels, kept: Levels) -> str:
    if levels.shape != kept.shape:
        return f"of shape {levels.shape}, was {kept.shape}"
    off = apart(levels, kept)
    return f"{(off > 0).mean():.2%} of the pixels differ, by up to {off.max()} levels"


def test_the_file_holds_every_golden_and_no_other() -> None:
    assert list(KEPT) == list(GOLDENS)
    assert sum(name.startswith("random/") for name in KEPT) == 40
    assert all(digest(levels) == sha256 for sha256, levels in KEPT.values())


@pytest.mark.parametrize("golden", GOLDENS.values(), ids=GOLDENS.keys())
def test_the_reference_draws_what_it_drew(golden: Golden) -> None:
    sha256, kept = KEPT[golden.name]
    levels = golden.levels(REFERENCE)
    assert digest(levels) == sha256, difference(levels, kept)


@pytest.mark.parametrize("golden", GOLDENS.values(), ids=GOLDENS.keys())
def test_float32_is_a_level_off_or_what_conditioning_explains(
    golden: Golden, cpu: Cpu, gpu: Gpu
) -> None:
    _, kept = KEPT[golden.name]
    tolerated = 1 + 255 * tolerance(golden.draw, golden.draw(REFERENCE))
    for evaluator in (cpu, gpu):
        levels = golden.levels(evaluator)
        assert (apart(levels, kept) <= tolerated).all(), (
            f"{evaluator.name}: {difference(levels, kept)}"
        )


def test_a_picture_that_changed_is_told_by_its_levels() -> None:
    _, kept = KEPT["presets/silk"]
    changed = kept.copy()
    changed[3, 4, 1] += 7
    assert digest(changed) != digest(kept)
    assert difference(changed, kept) == "0.12% of the pixels differ, by up to 7 levels"


def test_a_wrong_picture_is_more_than_a_level_off(cpu: Cpu) -> None:
    golden = GOLDENS["presets/silk"]

    def flipped(evaluator: Evaluator) -> Pixels:
        return golden.draw(evaluator)[::-1]

    wrong = Golden("flipped", flipped, golden.dither).levels(cpu)
    tolerated = 1 + 255 * tolerance(golden.draw, golden.draw(REFERENCE))
    assert (apart(wrong, KEPT[golden.name][1]) > tolerated).mean() > 0.5

"""Pictures are what they were: the reference to the bit, cpu and gpu as far as float32 goes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.precision import UNDECIDED, compare, tolerance
from netart.evaluate.request import Evaluator
from netart.pixels import Pixels
from tests.goldens import Golden, Levels, digest, goldens, read
from tests.shots import REFERENCE

GOLDENS = {golden.name: golden for golden in goldens()}
KEPT = read()
MAX_UNDECIDED = 0.3  # share of a picture: no network explains everything

# Versions of matplotlib set letters differently. Between 3.10.0 and 3.11.2 at most 2.8 % of a
# picture's pixels are more than PLOT_LEVELS off, and the mean is 1.3.
PLOT_LEVELS, PLOT_SHARE, PLOT_MEAN = 16, 0.04, 2.0


def apart(levels: Levels, kept: Levels) -> Levels:
    """(height, width): by how many levels the pixels differ."""
    return np.abs(levels.astype(int) - kept).max(axis=2)


def is_same_plot(levels: Levels, kept: Levels) -> bool:
    """Whether the pictures differ by no more than versions of matplotlib do."""
    off = apart(levels, kept)
    return bool((off > PLOT_LEVELS).mean() < PLOT_SHARE and off.mean() < PLOT_MEAN)


def difference(levels: Levels, kept: Levels) -> str:
    if levels.shape != kept.shape:
        return f"of shape {levels.shape}, was {kept.shape}"
    off = apart(levels, kept)
    return f"{(off > 0).mean():.2%} of the pixels differ, by up to {off.max()} levels"


def test_the_file_holds_every_golden_and_no_other() -> None:
    assert list(KEPT) == list(GOLDENS)
    assert sum(name.startswith("random/") for name in KEPT) == 40
    assert all(digest(levels) == sha256 for sha256, levels in KEPT.values())


@cache
def exact(name: str) -> Pixels:
    """What the reference draws of a golden."""
    return GOLDENS[name].draw(REFERENCE)


@pytest.mark.parametrize("golden", GOLDENS.values(), ids=GOLDENS.keys())
def test_the_reference_draws_what_it_drew(golden: Golden) -> None:
    sha256, kept = KEPT[golden.name]
    levels = golden.levels(exact(golden.name))
    same = is_same_plot(levels, kept) if golden.plotted else digest(levels) == sha256
    assert same, difference(levels, kept)


@cache
def tolerated(name: str) -> Pixels:
    """(height, width): how far float32 may be off from the reference."""
    return tolerance(GOLDENS[name].draw_measured, exact(name))


def follows(golden: Golden, evaluator: Evaluator) -> None:
    """Every pixel is off by no more than conditioning explains, rounded by a level more."""
    drawn = golden.draw_measured(evaluator)
    levels = golden.levels(drawn)
    if golden.plotted:
        assert is_same_plot(levels, golden.levels(exact(golden.name)))
        return
    allowed, (_, kept) = tolerated(golden.name), KEPT[golden.name]
    assert (allowed > UNDECIDED).mean() < MAX_UNDECIDED
    assert compare(drawn, exact(golden.name), allowed).beyond == 0
    assert (apart(levels, kept) <= 1 + 255 * allowed).all(), difference(levels, kept)


@pytest.mark.parametrize("golden", GOLDENS.values(), ids=GOLDENS.keys())
def test_cpu_follows_the_definition(golden: Golden, cpu: Cpu) -> None:
    follows(golden, cpu)


@pytest.mark.parametrize(
    "golden",
    [
        # All of them take a minute to compile, where Mesa has not kept any.
        pytest.param(golden, id=name, marks=[pytest.mark.slow] if k % 8 else [])
        for k, (name, golden) in enumerate(GOLDENS.items())
    ],
)
def test_gpu_follows_the_definition(golden: Golden, gpu: Gpu) -> None:
    follows(golden, gpu)


def test_a_picture_that_changed_is_told_by_its_levels() -> None:
    _, kept = KEPT["presets/silk"]
    changed = kept.copy()
    changed[3, 4, 1] += 7
    assert digest(changed) != digest(kept)
    assert difference(changed, kept) == "0.12% of the pixels differ, by up to 7 levels"


@pytest.mark.parametrize("name", ["curves-tanh", "bands-2", "warp", "diagram", "diagram-full"])
def test_a_wrong_plot_is_told_from_another_version_of_matplotlib(name: str) -> None:
    _, kept = KEPT[f"presets/{name}"]
    for wrong in (kept[::-1], kept[:, ::-1], np.roll(kept, 1, axis=1)):
        assert not is_same_plot(wrong, kept)
    assert not is_same_plot(KEPT["presets/bands-3"][1], KEPT["presets/bands-2"][1])


def test_a_wrong_picture_is_more_than_a_level_off(cpu: Cpu) -> None:
    golden = GOLDENS["presets/silk"]
    wrong = golden.levels(golden.draw(cpu)[::-1])
    off = apart(wrong, KEPT[golden.name][1])
    assert (off > 1 + 255 * tolerated(golden.name)).mean() > 0.5

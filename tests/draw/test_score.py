"""The score: what it is made of, and that it tells lively from dull."""

from __future__ import annotations

import time

import numpy as np
import pytest

from netart.draw.score import SIDE, closest_with_form, has_form, rank, score
from netart.evaluate.reference import Reference
from netart.lens import preview
from netart.shot.films import zoom
from tests.shots import REFERENCE, shot

# Looked at: seeds of the same shot, 8×16 at default scales.
LIVELY = [444, 434, 439, 298, 430, 238, 82, 442]
DULL = [341, 12, 263, 59, 113, 32, 79, 234]

ALONG = np.linspace(0, 1, SIDE)


def gray(values: np.ndarray) -> np.ndarray:
    return np.repeat(np.clip(values, 0, 1)[..., None], 3, axis=2)


DEAD = {
    "flat": gray(np.full((SIDE, SIDE), 0.4)),
    "nearly flat": gray(0.4 + 0.01 * np.add.outer(ALONG, ALONG)),
    "a gradient": gray(np.add.outer(ALONG, ALONG) / 2),
    "noise": np.random.default_rng(0).random((SIDE, SIDE, 3)),
    "stripes": gray(0.5 + 0.5 * np.sin(25 * np.add.outer(ALONG, 0.1 * ALONG))),
    "one corner": gray(np.where(np.add.outer(ALONG, ALONG) < 0.3, 1.0, 0.1)),
}


@pytest.mark.parametrize("name", DEAD)
def test_dead_pictures_score_next_to_nothing(name: str) -> None:
    lively = score(preview(shot(layers="8x16", seed=str(LIVELY[0])), REFERENCE))
    assert score(DEAD[name]) < 0.25 * lively


def test_gradients_have_no_form() -> None:
    lively = preview(shot(layers="8x16", seed=str(LIVELY[0])), REFERENCE)
    assert has_form(lively) and has_form(DEAD["stripes"])
    assert not any(has_form(DEAD[name]) for name in ("flat", "nearly flat", "a gradient"))
    assert not has_form(0.5 + 0.1 * (lively - 0.5))


@pytest.mark.parametrize(
    ("texts", "closer"),
    [
        ({}, (3.5, 6)),  # silk
        ({"weight_scale": "0.3", "radius": "0.1"}, (2.3, 2.4)),  # a gradient from the start
        ({"features": "spiral:3"}, (29.9, 30.1)),
        ({"palette": "rgb", "contrast": "off"}, (2.3, 10)),
    ],
)
def test_a_zoom_ends_while_there_is_form(
    texts: dict[str, str], closer: tuple[float, float]
) -> None:
    base = shot(**texts)
    found = closest_with_form(zoom(base))
    low, high = closer
    assert low <= base.view.radius / found.view.radius <= high
    pinned = closest_with_form(zoom(base, toward="0.3,-0.4"))
    assert pinned.view.centre != base.view.centre


def test_neighbours_that_know_nothing_of_each_other_are_worth_nothing() -> None:
    assert score(DEAD["noise"]) == 0
    assert score(DEAD["flat"]) == 0


def test_a_picture_at_the_wrong_scale_scores_less() -> None:
    """The pitfalls of scale: fog below the lively one, static above."""
    for seed in ("1", "2", "3"):
        fog, lively, static = (
            score(preview(shot(layers="20x30", weight_scale=a, radius="1.5", seed=seed), REFERENCE))
            for a in ("0.3", "0.58", "1.6")
        )
        assert lively > 2 * max(fog, static)


def test_lively_seeds_come_before_dull_ones() -> None:
    mixed = [seed for pair in zip(DULL, LIVELY, strict=True) for seed in pair]
    done: list[int] = []
    order = rank(shot(layers="8x16"), mixed, Reference(), done.append)
    assert set(order[: len(LIVELY)]) == set(LIVELY)
    assert set(order) == set(mixed)
    assert sum(done) == len(mixed)


def test_a_thousand_seeds_in_seconds() -> None:
    start = time.process_time()
    rank(shot(layers="8x16"), range(100), Reference())
    assert time.process_time() - start < 3

"""How lively a picture is: a score that finds noise, emptiness, stripes and starbursts.

S = C·D·N·F·B·St·E·K·Ra of a 48×48 picture in Oklab; each factor is at most about 1.
It was fitted to a few thousand pictures looked at; it is no judge of beauty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice, pairwise, tee
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator, in_order
from netart.lens import preview
from netart.pixels import PREVIEW
from netart.shot.fields import apply
from netart.shot.films import Motion
from netart.shot.oklab import oklab_from_display
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

Values = NDArray[np.floating[Any]]

SIDE, _ = PREVIEW  # pixels of the square picture that is judged
TILE = 6  # pixels a side of the tiles that are either filled or empty
BINS = 8  # of each axis of Oklab, for the entropy of the colours

# A picture has form where it has so much of both; looked at in zooms into a dozen presets.
MIN_DETAIL = 6.0
MIN_SPREAD = 0.1
STEPS = 16  # of a zoom that are judged

JUDGED_TOGETHER = 8  # seeds: a worker of a farm is busy with them for a while


def rank(
    shot: Shot,
    seeds: Iterable[int],
    evaluator: Evaluator,
    done: Callable[[int], object] = lambda count: None,
) -> list[int]:
    """The seeds by the score of the shot's pictures, the liveliest first.

    evaluator: where it is a farm, its workers judge; pictures are the reference's everywhere.
    done: called with how many further seeds are judged.
    """
    waiting = iter(seeds)
    scored: list[tuple[float, int]] = []
    groups = iter(lambda: tuple(islice(waiting, JUDGED_TOGETHER)), ())
    here, ahead = tee(groups)
    started = (_start(shot, group, evaluator) for group in ahead)
    for group, scores in zip(here, in_order(started, evaluator), strict=True):
        scored += zip((-one for one in scores), group, strict=True)
        done(len(group))
    return [seed for _, seed in sorted(scored)]


def _start(shot: Shot, seeds: tuple[int, ...], evaluator: Evaluator) -> Callable[[], list[float]]:
    """Begins to judge seeds, and returns what waits for their scores."""
    judge = partial(scores_of, shot, seeds)
    name = f"seeds {seeds[0]} to {seeds[-1]} of shot {shot.sha256[:12]}"
    return evaluator.elsewhere(judge, name) or partial(judge, evaluator)


def scores_of(shot: Shot, seeds: Iterable[int], _: Evaluator) -> list[float]:
    """The scores of the shot's pictures with these seeds, drawn by the reference."""
    return [score(preview(apply(shot, {"seed": seed}), Reference())) for seed in seeds]


def closest_with_form(motion: Motion) -> Shot:
    """The last shot of a zoom whose pictures have form, a quarter of the way at least."""
    film = Timeline(shot=motion.shot, tracks=motion.tracks)
    shots = [film.at(k / STEPS) for k in range(STEPS // 4, STEPS + 1)]
    for last, following in pairwise(shots):
        if not has_form(preview(following, Reference())):
            return last
    return shots[-1]


def has_form(display: Values) -> bool:
    """Whether a picture (SIDE, SIDE, 3), display sRGB, is more than a plain gradient."""
    lab = oklab(display)
    spread, (_, _, slope) = _spread(lab), _slopes(lab)
    return spread >= MIN_SPREAD and slope.mean() * SIDE >= MIN_DETAIL * spread


def stripes(display: Values) -> float:
    """How nearly parallel the slopes of a picture (SIDE, SIDE, 3), display sRGB, are: 1 where it is
    of stripes alone.
    """
    across, down, _ = _slopes(oklab(display))
    return _coherence(across, down)


def score(display: Values) -> float:
    """The score of a picture (SIDE, SIDE, 3), display sRGB; 0 where it is flat."""
    lab = oklab(display)
    spread = _spread(lab)
    if spread < 1e-6:
        return 0.0
    across, down, slope = _slopes(lab)
    detail = slope.mean() * SIDE / spread

    contrast = min(1, spread / 0.2)
    frequency = np.exp(-0.5 * (np.log(detail / 11) / 0.6) ** 2)
    smoothness = np.clip((_autocorrelation(lab) - 0.45) / 0.4, 0, 1)
    fill = np.clip((_tile_spreads(lab) > 0.25 * spread).mean() / 0.6, 0, 1)
    balance = np.sqrt(np.clip(4 * _least_quadrant(slope) / 0.5, 0, 1))
    turns = 1 - 0.6 * np.clip((_coherence(across, down) - 0.35) / 0.5, 0, 1)
    variety = np.clip(_entropy(lab) / 2.8, 0, 1.1)
    accents = np.clip(np.sqrt((slope**2).mean()) / slope.mean() / 1.6, 0.5, 1.15)
    rays = 1 - 0.7 * np.clip((_tangential(across, down) - 0.62) / 0.25, 0, 1)
    return float(
        contrast * frequency * smoothness * fill * balance * turns * variety * accents * rays
    )


def oklab(display: Values) -> Values:
    """(height, width, 3) display sRGB to as many values in Oklab."""
    lab: Values = oklab_from_display(display.reshape(-1, 3).T).T.reshape(display.shape)
    return lab


def _spread(lab: Values) -> float:
    """The standard deviation of all three channels together."""
    return float(np.sqrt(lab.var(axis=(0, 1)).sum()))


def _slopes(lab: Values) -> tuple[Values, Values, Values]:
    """The steps to the neighbours across and down, and the length of both together."""
    across, down = np.diff(lab, axis=1)[:-1], np.diff(lab, axis=0)[:, :-1]
    return across, down, np.sqrt((across**2 + down**2).sum(axis=2))


def _autocorrelation(lab: Values) -> float:
    """Of neighbours, between −1 and 1."""
    centred = lab - lab.mean(axis=(0, 1))
    pairs = (centred[:, 1:] * centred[:, :-1]).mean() + (centred[1:] * centred[:-1]).mean()
    return float(pairs / 2 / (centred**2).mean())


def _tile_spreads(lab: Values) -> Values:
    tiles = lab.reshape(SIDE // TILE, TILE, SIDE // TILE, TILE, 3)
    return np.asarray(np.sqrt(tiles.var(axis=(1, 3)).sum(axis=2)))


def _least_quadrant(slope: Values) -> float:
    """The smallest share of the slopes that a quadrant holds, at most a quarter."""
    half = SIDE // 2
    parts = [slope[:half, :half], slope[:half, half:], slope[half:, :half], slope[half:, half:]]
    return float(min(part.sum() for part in parts) / slope.sum())


def _coherence(across: Values, down: Values) -> float:
    """Of the structure tensor of the whole picture: 1 where all slopes are parallel."""
    xx, yy, xy = (across**2).sum(), (down**2).sum(), (across * down).sum()
    return float(np.hypot(xx - yy, 2 * xy) / (xx + yy))


def _entropy(lab: Values) -> float:
    """Of the colours, in nats."""
    bounds = [(0, 1), (-0.3, 0.3), (-0.3, 0.3)]
    counts, _ = np.histogramdd(lab.reshape(-1, 3), bins=BINS, range=bounds)
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _tangential(across: Values, down: Values) -> float:
    """The share of the squared slopes that runs around the centre, not away from it."""
    along = (np.arange(SIDE - 1) + 1 - SIDE / 2)[None, :, None]
    y = along.transpose(1, 0, 2)
    radius = np.maximum(np.hypot(along, y), 1e-9)
    around = (across * -y + down * along) / radius
    return float((around**2).sum() / (across**2 + down**2).sum())

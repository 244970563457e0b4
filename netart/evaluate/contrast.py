"""Contrast that is `auto`, as numbers: the same at every size and for every evaluator."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.evaluate.request import Reducer, Request
from netart.net.ops import ACTIVATIONS
from netart.pixels import Window
from netart.shot.fields import apply
from netart.shot.look import Limits
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

GRID = 48  # pixels a side of the picture that stands for all sizes
SPREAD = 16  # shots that stand for a film


def limits(shot: Shot) -> Limits:
    """(lo, hi) of each output that the palette reads: as given, or measured on the definition.

    Measured: percentiles (numpy's linear ones, the palette's own) of what the palette reads, the
    pre-activations of outputs or the values of units, over a GRID × GRID picture of the shot.
    """
    used = shot.used
    given = shot.look.contrast
    if isinstance(given, tuple):
        return given * (used if len(given) == 1 else 1)
    return _percentiles(shot, _readings(shot))


def shared_limits(shots: Iterable[Shot]) -> Limits:
    """(lo, hi) of each output, measured on all shots together. Raises NetartError where they do
    not read equally many.
    """
    shots = list(shots)
    used = sorted({shot.used for shot in shots})
    if len(used) > 1:
        raise NetartError(
            f"contrast: some read {used[0]} outputs and some {used[-1]}: no limits are shared"
        )
    return _percentiles(shots[0], np.concatenate([_readings(shot) for shot in shots]))


def frozen(timeline: Timeline) -> Timeline:
    """The timeline with contrast that is `auto` measured once, over SPREAD shots, as numbers: a
    film must not flicker. Left alone where a track changes contrast, or how much is read.
    """
    shots = [timeline.at(k / (SPREAD - 1)) for k in range(SPREAD)]
    measured = {shot.stretched and not isinstance(shot.look.contrast, tuple) for shot in shots}
    if measured != {True} or len({shot.used for shot in shots}) > 1:
        return timeline
    limits = shared_limits(shots)
    return replace(timeline, shot=apply(timeline.shot, {"contrast": limits}))


def _readings(shot: Shot) -> NDArray[np.float64]:
    """(GRID², used) float64: what the palette reads."""
    network, used = shot.drawn_network, shot.used
    activate = ACTIVATIONS[shot.read_through].function
    reducer = Reducer(lambda z: activate(z[:, :used]), (), used)
    window = Window(0, 0, GRID, GRID)
    z = Reference().evaluate(network, shot.view, (GRID, GRID), window, Request(reducer))
    return np.asarray(np.nan_to_num(z.reshape(-1, used)))


def _percentiles(shot: Shot, readings: NDArray[np.float64]) -> Limits:
    low, high = np.percentile(readings, shot.palette.kind.percentiles, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))

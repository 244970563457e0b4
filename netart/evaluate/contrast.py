"""Contrast that is `auto`, as numbers: the same at every size and for every evaluator."""

from __future__ import annotations

import numpy as np

from netart.evaluate.reference import Reference
from netart.evaluate.request import Reducer, Request, Window
from netart.shot.look import Limits
from netart.shot.shot import Shot

GRID = 48  # pixels a side of the picture that stands for all sizes


def limits(shot: Shot) -> Limits:
    """(lo, hi) of each output that the palette reads: as given, or measured on the definition.

    Measured: percentiles (numpy's linear ones, the palette's own) of the pre-activations over a
    GRID × GRID picture of the shot.
    """
    used = min(shot.network.outputs, shot.palette.kind.most)
    given = shot.look.contrast
    if isinstance(given, tuple):
        return given * (used if len(given) == 1 else 1)
    network = shot.drawn_network
    reducer = Reducer(lambda z: z[:, :used], (), used)
    window = Window(0, 0, GRID, GRID)
    z = Reference().evaluate(network, shot.view, (GRID, GRID), window, Request(reducer))
    z = np.nan_to_num(z.reshape(-1, used))
    low, high = np.percentile(z, shot.palette.kind.percentiles, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))

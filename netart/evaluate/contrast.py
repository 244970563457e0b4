"""Contrast that is `auto`, as numbers: the same at every size and for every evaluator."""

from __future__ import annotations

import numpy as np

from netart.evaluate.reference import Reference
from netart.evaluate.request import Reducer, Request, Window
from netart.net.ops import ACTIVATIONS
from netart.shot.look import Limits
from netart.shot.shot import Shot

GRID = 48  # pixels a side of the picture that stands for all sizes


def limits(shot: Shot) -> Limits:
    """(lo, hi) of each output that the palette reads: as given, or measured on the definition.

    Measured: percentiles (numpy's linear ones, the palette's own) of what the palette reads, the
    pre-activations of outputs or the values of units, over a GRID × GRID picture of the shot.
    """
    used = shot.used
    given = shot.look.contrast
    if isinstance(given, tuple):
        return given * (used if len(given) == 1 else 1)
    network, activate = shot.drawn_network, ACTIVATIONS[shot.read_through].function
    reducer = Reducer(lambda z: activate(z[:, :used]), (), used)
    window = Window(0, 0, GRID, GRID)
    z = Reference().evaluate(network, shot.view, (GRID, GRID), window, Request(reducer))
    z = np.nan_to_num(z.reshape(-1, used))
    low, high = np.percentile(z, shot.palette.kind.percentiles, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))

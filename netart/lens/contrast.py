"""Contrast that is `auto`, as numbers: the same at every size and for every evaluator."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from netart.evaluate.reference import Reference
from netart.evaluate.request import Request
from netart.net.recipe import to_network
from netart.pixels import Window
from netart.shot.look import Limits
from netart.shot.shot import Shot

SIZE = (48, 48)  # pixels of the picture that stands for all sizes


def limits(asked: Iterable[tuple[Shot, Request]], percentiles: tuple[float, float]) -> Limits:
    """(lo, hi) of each channel of these requests, measured on all shots together.

    They are percentiles (numpy's linear ones, 0 to 100) over a picture of SIZE of each shot, drawn
    by the definition; NaN counts as 0.
    """
    window, evaluator = Window.whole(SIZE), Reference()
    values = []
    for shot, request in asked:
        drawn = evaluator.evaluate(to_network(shot.network), shot.view, SIZE, window, request)
        values.append(np.nan_to_num(drawn.reshape(-1, request.channels)))
    low, high = np.percentile(np.concatenate(values), percentiles, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))

"""Contrast that is `auto`, as numbers: the same at every size and for every evaluator."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from netart.evaluate.reference import Reference
from netart.evaluate.request import Request
from netart.net.build import to_network
from netart.pixels import PREVIEW, Window
from netart.shot.look import Limits
from netart.shot.shot import Shot


def limits(asked: Iterable[tuple[Shot, Request]], percentiles: tuple[float, float]) -> Limits:
    """(lo, hi) of each channel of these requests, measured on all shots together.

    They are percentiles (numpy's linear ones, 0 to 100) over a small picture of each shot, drawn by
    the definition; NaN counts as 0.
    """
    window, evaluator = Window.whole(PREVIEW), Reference()
    values = []
    for shot, request in asked:
        drawn = evaluator.evaluate(to_network(shot.network), shot.view, PREVIEW, window, request)
        values.append(np.nan_to_num(drawn.reshape(-1, request.channels)))
    low, high = np.percentile(np.concatenate(values), percentiles, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))

"""Shots for tests, written as the command line writes them."""

from __future__ import annotations

import numpy as np

from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator, Pixels, Size, Window
from netart.lens.colour import colours
from netart.shot.fields import apply, parse
from netart.shot.shot import Shot


def shot(base: Shot | None = None, **texts: str) -> Shot:
    """The default shot with fields replaced, its radius unset unless it is given."""
    values = {name: parse(name, text) for name, text in texts.items()}
    if base is None:
        values.setdefault("radius", None)
    return apply(base or Shot(), values)


def drawn(evaluator: Evaluator, picture: Shot, size: Size, window: Window | None = None) -> Pixels:
    """The pixels of a window, by default the whole picture."""
    window = window or Window(0, 0, *size)
    return evaluator.evaluate(picture.drawn_network, picture.view, size, window, colours(picture))


def values(picture: Shot, points: list[tuple[float, float]]) -> np.ndarray:
    """(N, outputs) float64: pre-activations of the read-out at points (x, y), by definition."""
    from netart.evaluate.reference import forward

    latents = [float(number) for number in picture.view.centre[2:]]
    at = np.array([[x, y, *latents] for x, y in points]).T
    return forward(picture.drawn_network, at)


REFERENCE = Reference()

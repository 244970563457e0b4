"""How far float32 can be trusted: deep, strongly scaled networks are chaotic on any hardware.

A picture is given as a function that draws it on an evaluator: what of the network is looked at,
and how it becomes colour, does not matter here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator, Request
from netart.net.network import Layer, Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View

VISIBLE = 4 / 255  # a difference that the eye finds
PERTURBATIONS = 3
PERTURBATION = 2.0**-22  # relative: a few roundings of float32 in each product
FLOOR = 2e-5  # of what is tolerated anywhere, in [0, 1] units
UNDECIDED = 0.05  # a pixel that may be off by more says nothing about an evaluator

Values = NDArray[np.float64]
Draw = Callable[[Evaluator], Pixels]  # one picture, (H, W, channels)


class Comparison(NamedTuple):
    """How far a picture is from the exact one. Errors in [0, 1] units."""

    median: float
    largest: float
    beyond: float  # the share of pixels off by more than is tolerated there


class Perturbed(Reference):
    """The reference with every weight off by about PERTURBATION, relative to itself."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Any:
        random = np.random.default_rng(self.seed)

        def off(array: NDArray[np.floating[Any]]) -> Any:
            return array * (1 + PERTURBATION * random.standard_normal(array.shape))

        def perturb(layer: Layer) -> Layer:
            return replace(layer, weight=off(layer.weight), bias=off(layer.bias))

        hidden, above = network.layers[: request.depth], network.layers[request.depth :]
        network = replace(network, layers=(*map(perturb, hidden), *above))
        heads = tuple(head._replace(layer=perturb(head.layer)) for head in request.heads)
        request = replace(request, heads=heads)
        return super().evaluate(network, view, size, window, request)


def compare(drawn: NDArray[Any], exact: Values, tolerated: Values) -> Comparison:
    """How far a picture is from the exact one, both (H, W, channels). A NaN is an error of 1.

    tolerated: (H, W), the error that counts as none.
    """
    error = np.nan_to_num(np.abs(drawn - exact).max(axis=2), nan=1.0)
    return Comparison(
        float(np.median(error)), float(error.max()), float((error > tolerated).mean())
    )


def visibly_wrong(draw: Draw) -> float:
    """The share of pixels where float32 is off by more than VISIBLE."""
    exact, rough = (draw(Reference(precision)) for precision in (np.float64, np.float32))
    return float((np.abs(exact - rough).max(axis=2) > VISIBLE).mean())


def tolerance(draw: Draw, exact: Values) -> Values:
    """(H, W) float64: the error that the conditioning of each pixel explains.

    Measured by drawing on the reference in float32, and in float64 with weights perturbed by a few
    roundings; widened to each pixel's neighbours. Above UNDECIDED float32 cannot hold the pixel on
    any evaluator. exact: the reference's pixels (H, W, channels).
    """
    worst = np.zeros(exact.shape[:2])
    for evaluator in (Reference(np.float32), *map(Perturbed, range(PERTURBATIONS))):
        worst = np.maximum(worst, np.abs(draw(evaluator) - exact).max(axis=2))
    return np.asarray(FLOOR + 4 * _widen(worst))


def _widen(values: Values) -> Values:
    """The largest of each pixel and its eight neighbours."""
    height, width = values.shape
    edge = np.pad(values, 1, mode="edge")
    shifted = [edge[i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return np.asarray(np.max(shifted, axis=0))

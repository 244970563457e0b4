"""How far float32 can be trusted: deep, strongly scaled networks are chaotic on any hardware."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.contrast import GRID
from netart.evaluate.reference import Reference
from netart.evaluate.request import Request, Size, Window
from netart.net.network import Network
from netart.shot.view import View

# What the evaluators count in.
EPSILON = {"cpu": 2.0**-23, "gpu": 2.0**-23, "reference": 2.0**-52}

VISIBLE = 4 / 255  # a difference that the eye finds
NUDGES = 3
NUDGE = 2.0**-22  # relative: a few roundings of float32 in each product
FLOOR = 2e-5  # of what is allowed anywhere, in [0, 1] units
UNDECIDED = 0.05  # a pixel that may be off by more says nothing about an evaluator

Values = NDArray[np.float64]


class Comparison(NamedTuple):
    """Errors in [0, 1] units; beyond: the share of pixels off by more than is allowed there."""

    median: float
    largest: float
    beyond: float


def compare(drawn: NDArray[Any], exact: Values, allowed: Values) -> Comparison:
    """drawn and exact: (H, W, channels); allowed: (H, W). A NaN is an error of 1."""
    error = np.nan_to_num(np.abs(drawn - exact).max(axis=2), nan=1.0)
    return Comparison(float(np.median(error)), float(error.max()), float((error > allowed).mean()))


def visibly_wrong(network: Network, view: View, request: Request) -> float:
    """The share of pixels, on a coarse grid, where float32 is off by more than VISIBLE."""
    size, window = (GRID, GRID), Window(0, 0, GRID, GRID)
    request = replace(request, samples=1)
    exact, rough = (
        Reference(precision).evaluate(network, view, size, window, request)
        for precision in (np.float64, np.float32)
    )
    return float((np.abs(exact - rough).max(axis=2) > VISIBLE).mean())


def allowance(network: Network, view: View, size: Size, request: Request, exact: Values) -> Values:
    """(H, W) float64: the error that the conditioning of each pixel explains.

    Measured by drawing the definition's code in float32, and in float64 with weights nudged by a
    few roundings; widened to each pixel's neighbours. Above UNDECIDED float32 cannot hold the
    pixel on any evaluator. exact: the definition's pixels (H, W, channels).
    """
    width, height = size
    window, worst = Window(0, 0, width, height), np.zeros((height, width))
    variants = [(Reference(np.float32), network)]
    variants += [(Reference(), nudged(network, seed)) for seed in range(NUDGES)]
    for reference, variant in variants:
        drawn = reference.evaluate(variant, view, size, window, request)
        worst = np.maximum(worst, np.abs(drawn - exact).max(axis=2))
    return np.asarray(FLOOR + 4 * _widened(worst))


def nudged(network: Network, seed: int) -> Network:
    """The network with every weight off by about NUDGE, relative to itself."""
    random = np.random.default_rng(seed)

    def off(array: NDArray[np.floating[Any]]) -> Any:
        return array * (1 + NUDGE * random.standard_normal(array.shape))

    return network.mapped(lambda x: replace(x, weight=off(x.weight), bias=off(x.bias)))


def _widened(values: Values) -> Values:
    """The largest of each pixel and its eight neighbours."""
    height, width = values.shape
    edge = np.pad(values, 1, mode="edge")
    shifted = [edge[i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return np.asarray(np.max(shifted, axis=0))

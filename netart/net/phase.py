"""How much a small difference grows from layer to layer: measured on sampled networks, and as the
mean-field theory of wide networks says.

Where it shrinks, a deep network makes flat pictures; where it grows, static. Between them lies the
critical line. The theory is that of Poole et al. 2016, "Exponential expressivity in deep neural
networks through transient chaos", with biases drawn as the recipe draws them:

    z = √p · x + b · u    the pre-activations of a layer: x is normal, u a draw, b the bias scale
    p = σ² · E[f(z)²]     of the next layer, where σ² = fan-in · variance of a weight
    χ = σ² · E[f′(z)²]    by which the square of a small difference grows from layer to layer

It does not know of single networks: those of few units scatter around it. Where the square of what
units give has no bound, as for relu, p grows for ever and χ comes to rest all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.build import scales
from netart.net.ops import Activation, activation
from netart.net.ops import Array as Numbers
from netart.net.recipe import NetworkSource, Recipe
from netart.net.sampling import (
    DISTRIBUTIONS,
    HIDDEN,
    MAX_SEED,
    normal,
    sample_layer,
    uniform,
    words,
)

# What stands on the vertical axis of a survey, the weight scale being on the other.
AGAINST = "bias", "depth"  # what may stand on the vertical axis
WEIGHT_SCALES, BIAS_SCALES = 49, 37  # along the axes, the former in equal ratios
MAX_BIAS_SCALE = 2.0
MIN_BIAS_SCALE = 1e-3  # of which theory is asked: below, layers come to rest too slowly
RANGE = 0.4, 2.5  # of the weight scales, in the least and the largest critical one
UNKNOWN_SIGMA = 1.5  # where theory knows no critical one
UNITS = 2400  # of a layer, of all networks together
NETWORKS = 8, 256  # at least and at most
THEORY = 25  # bias scales at which theory is asked

MIN_LAYERS = 3
START = 33  # the stream of the draws of points and differences that are followed
BURNT = 1 / 3  # of the layers; they still depend on where the points start
MANY_LAYERS = 1000  # after which theory is at rest
HUGE = 1e15  # pre-activations are kept within it: beyond, float32 would overflow
MAX_LOG = 700.0  # of growth that a float holds
TINY = 1e-300  # in place of means that are 0, which have no logarithm

# Quadrature: the trapezoid rule over x, Gauss and Legendre's over u. x = 0, where activations have
# their kinks, lies between two nodes.
NODES = np.linspace(-9, 9, 720)
WEIGHTS = np.exp(-NODES * NODES / 2) / np.exp(-NODES * NODES / 2).sum()
BIAS_NODES, BIAS_WEIGHTS = np.polynomial.legendre.leggauss(12)
LOG_P = np.linspace(-20, 8, 300)  # at which the means are computed; between them they are blended
SIGMAS = np.geomspace(0.1, 60, 1200)  # among which the critical one is sought

Array = NDArray[np.float64]
Float32 = NDArray[np.float32]


class Law(NamedTuple):
    """What the layers of a recipe have in common at any width."""

    activation: Activation
    sigma: float  # √(fan-in · variance of a weight) at a weight scale of 1
    uniform: bool  # biases are uniform within ± the bias scale; else normal, with it as deviation
    bias_gain: float  # what the bias scale is multiplied by before


def law_of(source: NetworkSource) -> Law:
    """The law of a network's hidden layers, which must be alike. Raises NetartError."""
    if not isinstance(source, Recipe):
        raise NetartError("the network's weights are explicit: growth is measured on sampled ones")
    if source.depth < MIN_LAYERS:
        raise NetartError(
            f"layers {source.depth}: growth is measured from layer to layer: at least {MIN_LAYERS}",
            field="layers",
        )
    if len(set(source.widths)) > 1:
        raise NetartError("widths: hidden layers must be of one width", field="widths")
    if len(source.activations) > 1:
        raise NetartError("activation: hidden layers must be of one", field="activation")
    if len(source.mix) > 1:
        raise NetartError("mix: networks are sampled from one seed each", field="mix")
    row, width = activation(source.activations[0]), source.widths[0]
    if row.name in ("step", "sign"):
        raise NetartError(
            f"activation {row.name}: has no slope, so that no small difference is passed on",
            field="activation",
        )
    distribution = DISTRIBUTIONS[source.distribution]
    variance = 1 / 3 if distribution.draw is uniform else 1.0
    if distribution.name == "orthogonal":
        variance = 1 / width
    sigma = sqrt(width * variance) * distribution.gain(width, width, False)
    return Law(row, sigma, distribution.draw is uniform, distribution.bias_gain(width))


def measure(
    recipe: Recipe,
    weight_scales: Array,
    bias_scales: Array,
    networks: int,
    done: Callable[[], object] = lambda: None,
) -> Array:
    """By how much the square of a small difference grows from each hidden layer to the next.

    weight_scales, bias_scales: (N,), pairs of them. networks: of as many seeds, from the recipe's
    on, means are taken: of squares, whose mean does not depend on the width. done: called after
    each network. Returns (depth − 1, N). Raises NetartError.
    """
    law_of(recipe)
    by_weight, by_bias = (scales.astype(np.float32) for scales in (weight_scales, bias_scales))
    squares = np.zeros((recipe.depth - 1, len(by_weight)))
    for k in range(networks):
        squares += _follow(recipe, (recipe.mix[0][0] + k) & MAX_SEED, by_weight, by_bias)
        done()
    return squares / networks


def _follow(recipe: Recipe, seed: int, by_weight: Float32, by_bias: Float32) -> Array:
    """What `measure` gives of the one network of this seed: a point and a small difference go
    through its layers, at all scales together.
    """
    width, act = recipe.widths[0], activation(recipe.activations[0])
    z, along = (
        np.tile(normal(words(seed, START, 0, unit, width))[:, None], len(by_weight))
        for unit in (0, 1)
    )
    z, along = z.astype(np.float32), along.astype(np.float32)
    along /= np.linalg.norm(along, axis=0)
    growth = []
    for layer in range(1, recipe.depth):
        weight, bias = sample_layer(
            ((seed, 1.0),), DISTRIBUTIONS[recipe.distribution], HIDDEN, layer, (width, width)
        )
        y, slope = _apply(act, z)
        along *= slope
        product = weight @ np.concatenate([y, along], axis=1)
        z, along = np.moveaxis(product.reshape(width, 2, -1) * by_weight, 1, 0)
        z = np.clip(z + bias[:, None] * by_bias, -HUGE, HUGE)
        growth.append((along * along).sum(axis=0))
        # A difference that is gone stays gone: it grows by 0.
        along = along / np.sqrt(np.where(growth[-1] > 0, growth[-1], 1))
    return np.array(growth, np.float64)


def mean_growth(growth: Array) -> Array:
    """The mean growth of a small difference a layer, (N,), without the first layers.

    growth: of its square, (layers, N), as `measure` and `predict` give it.
    """
    return np.asarray(np.sqrt(growth[round(BURNT * len(growth)) :].mean(axis=0)))


def total_growth(growth: Array) -> Array:
    """The growth of a small difference up to each layer, (layers, N). growth: of its square."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.cumsum(np.log(growth), axis=0) / 2))


def predict(law: Law, weight_scales: Array, bias_scale: float, layers: int) -> Array:
    """What theory says of the same as `measure`: (layers, N)."""
    return _predict(law, weight_scales * law.sigma, bias_scale, layers)


def critical(law: Law, bias_scale: float) -> float:
    """The weight scale at which theory says that small differences neither grow nor shrink, once
    many layers are passed. nan where there is none.
    """
    growth = _predict(law, SIGMAS, bias_scale, MANY_LAYERS)[-1]
    return _crossing(np.log(growth), np.log(SIGMAS)) / law.sigma


def critical_by_layer(law: Law, bias_scale: float, layers: int) -> list[float]:
    """The weight scales at which theory says that a small difference, from the first layer up to
    each of these, has neither grown nor shrunk.
    """
    growth = np.cumsum(np.log(_predict(law, SIGMAS, bias_scale, layers)), axis=0)
    return [_crossing(row, np.log(SIGMAS)) / law.sigma for row in growth]


def _predict(law: Law, sigmas: Array, bias_scale: float, layers: int) -> Array:
    """(layers, N) χ. sigmas: (N,) σ."""
    log_square, log_slope = _log_means(law, bias_scale * law.bias_gain)
    # The pre-activations at which `measure` starts are normal.
    start_square, start_slope = _means(law, np.ones(1), 0.0)
    log_sigma = 2 * np.log(sigmas)
    found = [log_sigma + np.log(start_slope)]
    log_p = log_sigma + np.log(start_square)
    while len(found) < layers:
        found.append(log_sigma + np.interp(log_p, LOG_P, log_slope))
        log_p = log_sigma + np.interp(log_p, LOG_P, log_square)
    return np.exp(found)


def _log_means(law: Law, bias_scale: float) -> tuple[Array, Array]:
    """Logarithms of E[f(z)²] and of E[f′(z)²] at LOG_P, (300,) each."""
    square, slope = _means(law, np.exp(LOG_P), bias_scale)
    return np.log(np.maximum(square, TINY)), np.log(np.maximum(slope, TINY))


def _means(law: Law, p: Array, bias_scale: float) -> tuple[Array, Array]:
    """E[f(z)²] and E[f′(z)²] of pre-activations whose weighted sums have variances p, (N,)."""
    if law.uniform:
        deviation, shifts, shares = np.sqrt(p), bias_scale * BIAS_NODES, BIAS_WEIGHTS / 2
    else:
        deviation, shifts, shares = np.sqrt(p + bias_scale**2), np.zeros(1), np.ones(1)
    square, slope = np.zeros_like(p), np.zeros_like(p)
    for shift, share in zip(shifts, shares, strict=True):
        z = deviation[:, None] * NODES + shift
        y, y_slope = _apply(law.activation, z)
        square += share * (y * y @ WEIGHTS)
        slope += share * (y_slope * y_slope @ WEIGHTS)
    return square, slope


def _apply(row: Activation, z: Numbers) -> tuple[Numbers, Numbers]:
    """The activation of pre-activations, and its slope there."""
    with np.errstate(all="ignore"):  # exp of large ones is inf, and 1/inf is right
        y = row.function(z.copy())
        return y, row.slope(z, y)


def _crossing(log_growth: Array, log_scales: Array) -> float:
    """The scale at which the logarithms of growth come to be above 0 for the first time; nan where
    they never do. Both (N,).
    """
    above = np.flatnonzero((log_growth[:-1] <= 0) & (log_growth[1:] > 0))
    if not len(above):
        return float("nan")
    pair = slice(above[0], above[0] + 2)
    return float(np.exp(np.interp(0, log_growth[pair], log_scales[pair])))


@dataclass(frozen=True, eq=False)
class Survey:
    """Growth over weight scale and bias scale, or over weight scale and depth."""

    against: str  # of AGAINST
    depth: int  # of the networks
    networks: int  # whose mean it is
    weight_scales: Array  # (A,), rising
    heights: Array  # (B,), bias scales, or the numbers of layers
    growth: Array  # (B, A): of a small difference in each layer, or up to the layer
    theory_heights: Array  # (C,)
    theory: Array  # (C,): weight scales that theory says are critical, nan where there are none

    @property
    def critical(self) -> list[tuple[float, float | None]]:
        """Heights, and the measured weight scales at which a small difference keeps its size there;
        None where there is none.
        """
        log_growth, log_scales = np.log(np.maximum(self.growth, TINY)), np.log(self.weight_scales)
        found = [_crossing(row, log_scales) for row in log_growth]
        scales = [None if np.isnan(scale) else float(f"{scale:.4g}") for scale in found]
        return list(zip(self.heights.tolist(), scales, strict=True))

    @property
    def reach(self) -> float:
        """By how much all layers together multiply a small difference somewhere in every row, 2 at
        least.
        """
        through = self._log_through(slice(-1, None) if self.against == "depth" else slice(None))
        return max(2.0, float(np.exp(min(through.max(axis=-1).min(), MAX_LOG))))

    def weight_scale_of(self, growth: float, height: float) -> float:
        """The first weight scale at which all layers together multiply a small difference by this,
        at a bias scale. One at the end of the axis, where none does.
        """
        row = -1 if self.against == "depth" else int(np.abs(self.heights - height).argmin())
        grown = np.maximum.accumulate(self._log_through(row))
        return float(np.exp(np.interp(np.log(growth), grown, np.log(self.weight_scales))))

    def _log_through(self, rows: int | slice) -> Array:
        """Logarithms of what all layers together multiply a small difference by."""
        passed = 1 if self.against == "depth" else self.depth - 1
        return np.asarray(passed * np.log(np.maximum(self.growth[rows], TINY)))


def check_axis(against: str) -> None:
    """Raises NetartError where nothing of this name stands on the vertical axis."""
    if against not in AGAINST:
        allowed = " or ".join(AGAINST)
        raise NetartError(f"against {against}: must be {allowed}", field="against")


def survey(
    source: NetworkSource, against: str, done: Callable[[], object] = lambda: None
) -> Survey:
    """Measures networks of a recipe, from its seed on. done: called after each of `network_count`.

    Raises NetartError where the network is not sampled, or has layers of several kinds.
    """
    law = law_of(source)
    assert isinstance(source, Recipe)
    _, bias_scale = scales(source)
    if against == "depth":
        heights = theory_heights = np.arange(2.0, source.depth + 1)
        theory = np.array(critical_by_layer(law, bias_scale, source.depth - 1))
    else:
        heights = np.linspace(0, MAX_BIAS_SCALE, BIAS_SCALES)
        theory_heights = np.linspace(MIN_BIAS_SCALE, MAX_BIAS_SCALE, THEORY)
        theory = np.array([critical(law, height) for height in theory_heights])
    weight_scales = np.geomspace(*_span(law, theory), WEIGHT_SCALES)
    grid = np.meshgrid(weight_scales, bias_scale if against == "depth" else heights)
    networks = network_count(source)
    squares = measure(source, grid[0].ravel(), grid[1].ravel(), networks, done)
    if against == "depth":
        growth = total_growth(squares)
    else:
        growth = mean_growth(squares).reshape(grid[0].shape)
    return Survey(
        against, source.depth, networks, weight_scales, heights, growth, theory_heights, theory
    )


def network_count(source: NetworkSource) -> int:
    """How many networks a survey measures: more where they are narrow."""
    return int(np.clip(UNITS // max(source.widths, default=1), *NETWORKS))


def _span(law: Law, theory: Array) -> tuple[float, float]:
    """The least and the largest weight scale of a survey."""
    known = theory[np.isfinite(theory)]
    if not len(known):
        known = np.array([UNKNOWN_SIGMA / law.sigma])
    return float(RANGE[0] * known.min()), float(RANGE[1] * known.max())

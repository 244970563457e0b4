"""Turns seeds into base draws, random numbers not yet scaled: the same on every machine, for ever.

The weight from unit j to unit i of layer l (all counted from 0 here) is word j of
`Philox(key=[seed, stream], counter=[0, i, l, 0]).random_raw()`. Streams: 0 hidden weights,
1 hidden biases (words at [0, 0, l, 0], one a unit), 2 output weights, 3 output biases; the output
layer is always l = 0 of its own streams; 16 colours of palettes. Only raw words are used: numpy
promises the bits of its generators, not its distributions.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.net.threads import one_blas_thread

# Versions of this contract, which covers the draws and the `auto` scales: the same draws in all.
SAMPLERS = 1, 2
MAX_SEED = 2**64 - 1

Words = NDArray[np.uint64]
Draws = NDArray[np.float64]
Weights = NDArray[np.float32]
Mix = tuple[tuple[int, float], ...]  # pairs of seed and coefficient

HIDDEN, OUTPUT = 0, 2  # streams of the weights; one more gives the stream of the biases
PALETTE = 16  # the stream of colours

OMEGA = 30  # ω₀ of `siren`

MAX_CACHED_WEIGHTS = 1 << 13  # of a layer whose draws are cached: 64 KiB
SLICE = 1 << 17  # weights that are drawn at a time


def words(seed: int, stream: int, layer: int, unit: int, count: int) -> Words:
    """The first `count` raw words of one unit: (count,) uint64."""
    # Arrays, since numpy turns lists into floats from 2**63 on and merges neighbouring seeds.
    key = np.array([seed, stream], np.uint64)
    counter = np.array([0, unit, layer, 0], np.uint64)
    return np.random.Philox(key=key, counter=counter).random_raw(count)


def unit_words(seed: int, stream: int, layer: int, units: range, count: int) -> Words:
    """What `words` gives for each of some units of a layer: (units, count) uint64."""
    key = np.array([seed, stream], np.uint64)
    generator = np.random.Philox(key=key, counter=np.array([0, 0, layer, 0], np.uint64))
    state, found = generator.state, np.empty((len(units), count), np.uint64)
    for row, unit in enumerate(units):
        # Moving one generator takes a quarter of the time that making a new one does.
        state["state"]["counter"][1] = unit
        generator.state = state
        found[row] = generator.random_raw(count)
    return found


def uniform(raw: Words) -> Draws:
    """Uniform draws in [−1, 1), multiples of 2^−23: exact in float32."""
    return (raw >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1


def normal(raw: Words) -> Draws:
    """Standard normal draws, rounded to multiples of 2^−20.

    Rounding hides the last bit of `log`, in which platforms differ.
    """
    p = ((raw >> np.uint64(40)).astype(np.float64) + 0.5) * 2.0**-24
    return np.round(inverse_normal(p) * 2.0**20) * 2.0**-20


def inverse_normal(p: Draws) -> Draws:
    """The normal quantile function: Wichura 1988, algorithm AS 241, PPND16.

    p in [1e-11, 1 − 1e-11]: words of 24 bits never reach the third branch of the algorithm.
    """
    q = p - 0.5
    tail = np.sqrt(-np.log(np.minimum(p, 1 - p)))
    central = q * _ratio(_CENTRAL, 0.180625 - q * q)
    return np.where(np.abs(q) <= 0.425, central, np.copysign(_ratio(_TAIL, tail - 1.6), q))


def orthogonal(draws: Draws) -> Draws:
    """The draws (out, in) made orthonormal: rows, or columns where there are more rows.

    That is Q of their QR decomposition, unique by a positive diagonal of R, and rounded as normal
    draws are.
    """
    tall = draws.shape[0] >= draws.shape[1]
    with one_blas_thread() if draws.size > MAX_CACHED_WEIGHTS else nullcontext():
        q, r = np.linalg.qr(draws if tall else draws.T)
    q *= np.where(np.diagonal(r) < 0, -1, 1)
    q *= 2.0**20
    np.round(q, out=q)
    q *= 2.0**-20
    return q if tall else q.T


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], r: Draws) -> Draws:
    numerator, denominator = (np.polynomial.polynomial.polyval(r, c) for c in coefficients)
    return np.asarray(numerator / denominator)


_CENTRAL = (
    (3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
     45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727),
    (1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
     21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610),
)  # fmt: skip
_TAIL = (
    (1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
     3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
     0.0227238449892691845833, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
     0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
     1.05075007164441684324e-9),
)  # fmt: skip


class Distribution(NamedTuple):
    """How the weights and biases of a layer are drawn."""

    name: str
    # From raw words to base draws, number by number.
    draw: Callable[[Words], Draws]
    # What the weights are multiplied by: a function of fan-in, fan-out and whether the layer is
    # the first.
    gain: Callable[[int, int, bool], float]
    # As help shows it.
    formula: str
    # From the matrix of base draws, (out, in), to the one that is used.
    transform: Callable[[Draws], Draws] = lambda weight: weight
    # What the biases are multiplied by: a function of fan-in.
    bias_gain: Callable[[int], float] = lambda n: 1.0


DISTRIBUTIONS = {
    row.name: row
    for row in (
        Distribution("uniform", uniform, lambda n, m, first: 1.0, "in [−1, 1)"),
        Distribution("normal", normal, lambda n, m, first: 1.0, "standard normal"),
        Distribution(
            "he_uniform", uniform, lambda n, m, first: sqrt(6 / n), "uniform · √(6/fan-in)"
        ),
        Distribution("he_normal", normal, lambda n, m, first: sqrt(2 / n), "normal · √(2/fan-in)"),
        Distribution(
            "glorot_uniform",
            uniform,
            lambda n, m, first: sqrt(6 / (n + m)),
            "uniform · √(6/(in + out))",
        ),
        Distribution(
            "glorot_normal",
            normal,
            lambda n, m, first: sqrt(2 / (n + m)),
            "normal · √(2/(in + out))",
        ),
        Distribution(
            "lecun_uniform", uniform, lambda n, m, first: sqrt(3 / n), "uniform · √(3/fan-in)"
        ),
        Distribution(
            "lecun_normal", normal, lambda n, m, first: sqrt(1 / n), "normal · √(1/fan-in)"
        ),
        Distribution(
            "orthogonal",
            normal,
            lambda n, m, first: sqrt(max(1, m / n)),
            "orthonormal rows, or columns · √(out/in); of each width another",
            orthogonal,
        ),
        # What torch.nn.Linear does unless told otherwise.
        Distribution(
            "torch_linear",
            uniform,
            lambda n, m, first: 1 / sqrt(n),
            "uniform · 1/√fan-in, biases too",
            bias_gain=lambda n: 1 / sqrt(n),
        ),
        # Sitzmann et al. 2020, "Implicit neural representations with periodic activations".
        Distribution(
            "siren",
            uniform,
            lambda n, m, first: OMEGA / n if first else sqrt(6 / n),
            f"uniform · √(6/fan-in), {OMEGA}/fan-in in the first layer (ω₀ = {OMEGA}); for sin",
        ),
    )
}


def _draws(
    seed: int, distribution: Distribution, stream: int, layer: int, units: range, inputs: int
) -> Draws:
    """The base draws of one seed, for some units of a layer: (units, inputs)."""
    found = np.empty((len(units), inputs))
    for rows in _slices(range(len(units)), inputs):
        raw = unit_words(seed, stream, layer, units[rows.start : rows.stop], inputs)
        found[rows.start : rows.stop] = distribution.draw(raw)
    return distribution.transform(found)


def _bias_draws(
    seed: int, distribution: Distribution, stream: int, layer: int, units: int
) -> Draws:
    """The base draws of one seed, for the biases of a layer: (units,)."""
    return distribution.draw(words(seed, stream + 1, layer, 0, units))


# Films and the window change scales and coefficients from frame to frame, never the draws.
_cached_draws = lru_cache(maxsize=1024)(_draws)
_cached_bias_draws = lru_cache(maxsize=1024)(_bias_draws)


def sample_layer(
    mix: Mix,
    distribution: Distribution,
    stream: int,
    layer: int,
    shape: tuple[int, int],
    scales: tuple[float, float] = (1.0, 1.0),
) -> tuple[Weights, Weights]:
    """One layer's weights and biases: Σ coefficient · draw over the mix, times the distribution's
    gain, times the scale.

    mix: pairs of seed and coefficient. stream: HIDDEN or OUTPUT. layer: from 0. shape: (out, in).
    scales: of weights and of biases. Returns weight (out, in) and bias (out,), computed in float64
    and rounded to float32 once; what that cannot hold is infinite.
    """
    (units, inputs), (weight_scale, bias_scale) = shape, scales
    is_small = units * inputs <= MAX_CACHED_WEIGHTS
    draws = _cached_draws if is_small else _draws
    bias_draws = _cached_bias_draws if is_small else _bias_draws
    gain = distribution.gain(inputs, units, stream == HIDDEN and layer == 0)
    weight = np.empty(shape, np.float32)
    # Orthogonal units depend on each other.
    whole = distribution.transform is orthogonal
    slices = [range(units)] if whole else _slices(range(units), inputs)
    with np.errstate(over="ignore", invalid="ignore"):
        for rows in slices:
            some = np.zeros((len(rows), inputs))
            for seed, coefficient in mix:
                some += coefficient * draws(seed, distribution, stream, layer, rows, inputs)
            some *= gain
            some *= weight_scale
            weight[rows.start : rows.stop] = some
        bias = np.zeros(units)
        for seed, coefficient in mix:
            bias += coefficient * bias_draws(seed, distribution, stream, layer, units)
        return weight, (bias * distribution.bias_gain(inputs) * bias_scale).astype(np.float32)


def _slices(units: range, inputs: int) -> list[range]:
    """Units of a layer in groups, whose draws take little memory."""
    rows = max(1, SLICE // inputs)
    return [units[first : first + rows] for first in range(0, len(units), rows)]

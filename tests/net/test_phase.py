"""Growth of small differences: measured against theory, against the networks themselves, and both
against published numbers.
"""

from __future__ import annotations

import re
from functools import cache
from math import pi, sqrt

import numpy as np
import pytest

from netart.errors import NetartError
from netart.net import phase
from netart.net.build import to_network
from netart.net.ops import ACTIVATIONS, activation
from netart.net.phase import (
    Survey,
    critical,
    critical_by_layer,
    law_of,
    mean_growth,
    measure,
    predict,
    total_growth,
)
from netart.net.recipe import Recipe, Weights
from netart.net.sampling import DISTRIBUTIONS, HIDDEN, normal, sample_layer, words

WIDE = Recipe(widths=(400,) * 41)  # 40 layers of weights from hidden layer to hidden layer
NARROW = Recipe(widths=(16,) * 17)

# (σ, bias scale): χ from the quadrature of a program of its own.
CHI = {
    (1.0, 0.5): 0.7035,
    (1.4, 0.5): 1.0067,
    (2.0, 0.5): 1.3293,
    (3.0, 0.5): 1.8456,
    (1.5, 1.73): 0.7228,
    (4.0, 0.5): 2.3679,
}
# Bias scale → critical σ, with uniform biases and with normal ones of the same variance.
CRITICAL = {
    0.01: 1.029, 0.1: 1.135, 0.25: 1.247, 0.5: 1.389, 0.75: 1.508, 1: 1.614, 1.5: 1.805, 2: 1.976,
}  # fmt: skip
CRITICAL_NORMAL = {0.5: 1.386, 0.75: 1.501, 1.0: 1.603, 1.5: 1.781, 2.0: 1.937}

SLOPED = sorted(ACTIVATIONS.keys() - {"step", "sign"})


@cache
def measured() -> np.ndarray:
    """The growth of squares in five wide networks, (40, points of CHI)."""
    sigmas, bias_scales = np.array(list(CHI)).T
    return measure(WIDE, sigmas / law_of(WIDE).sigma, bias_scales, 5)


def predicted(layers: int) -> np.ndarray:
    law = law_of(WIDE)
    columns = [
        predict(law, np.array([sigma / law.sigma]), bias_scale, layers)
        for sigma, bias_scale in CHI
    ]  # fmt: skip
    return np.concatenate(columns, axis=1)


def test_theory_agrees_with_what_is_published() -> None:
    assert predicted(1000)[-1] == pytest.approx(list(CHI.values()), rel=1e-3)


def test_wide_networks_agree_with_theory() -> None:
    assert measured()[10:].mean(axis=0) == pytest.approx(predicted(1000)[-1], rel=0.02)


def test_the_first_layers_agree_with_theory() -> None:
    """They still depend on where the points start: the sum of logarithms tells."""
    here, there = total_growth(measured())[:8], total_growth(predicted(8))
    assert np.abs(np.log(here / there)).max() < 0.12
    assert np.abs(np.log(predicted(8)[0] / predicted(1000)[-1])).max() > 0.3


@pytest.mark.parametrize(("bias_scale", "sigma"), CRITICAL.items())
def test_the_critical_scale_of_tanh(bias_scale: float, sigma: float) -> None:
    law = law_of(WIDE)
    assert law.sigma == pytest.approx(sqrt(400 / 3))
    assert critical(law, bias_scale) * law.sigma == pytest.approx(sigma, abs=6e-4)


@pytest.mark.parametrize(("bias_scale", "sigma"), CRITICAL_NORMAL.items())
def test_normal_biases_are_kept_apart_from_uniform_ones(bias_scale: float, sigma: float) -> None:
    law = law_of(Recipe(widths=(400,) * 3, distribution="normal"))
    assert law.sigma == 20
    assert critical(law, bias_scale / sqrt(3)) * law.sigma == pytest.approx(sigma, abs=1.1e-3)


@pytest.mark.parametrize(
    ("name", "sigma"),
    [("linear", 1), ("abs", 1), ("relu", sqrt(2)), ("triangle", pi / 2)],
)
def test_where_slopes_are_of_one_size_biases_change_nothing(name: str, sigma: float) -> None:
    law = law_of(Recipe(activations=(name,)))
    for bias_scale in 0.0, 0.5, 3.0:
        assert critical(law, bias_scale) * law.sigma == pytest.approx(sigma, rel=1e-3)


@pytest.mark.parametrize("name", SLOPED)
def test_narrow_networks_scatter_around_theory(name: str) -> None:
    recipe = Recipe(widths=(32,) * 13, activations=(name,))
    law = law_of(recipe)
    scales = critical(law, 0.5) * np.array([0.3, 0.5] if name == "square" else [0.7, 1.0, 1.4])
    there = mean_growth(predict(law, scales, 0.5, 12))
    here = mean_growth(measure(recipe, scales, np.full(len(scales), 0.5), 40))
    assert here == pytest.approx(there, rel=0.05)


@pytest.mark.parametrize("name", ["tanh", "relu", "sin"])
def test_growth_is_that_of_differences_in_the_network_itself(name: str) -> None:
    """Two points a little apart go through the layers of the sampled network, in float64."""
    recipe = Recipe(
        widths=(7,) * 6, activations=(name,), weight_scale=0.8, bias_scale=0.3, mix=((9, 1.0),)
    )
    found = measure(recipe, np.array([0.8]), np.array([0.3]), 1)[:, 0]
    start, step = (normal(words(9, phase.START, 0, unit, 7)) for unit in (0, 1))
    points = np.stack([start, start + 1e-6 * step])
    wanted = []
    for layer in to_network(recipe).layers[1:-1]:
        y = activation(name).function(points.copy())
        following = y @ layer.weight.T.astype(float) + layer.bias
        lengths = (np.linalg.norm(np.diff(z, axis=0)) for z in (points, following))
        before, after = lengths
        wanted.append((after / before) ** 2)
        points = following
    assert len(found) == 5
    assert found == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_sigma_is_what_weighted_sums_have_as_deviation(distribution: str) -> None:
    law = law_of(Recipe(widths=(200,) * 3, distribution=distribution))
    weight, bias = sample_layer(
        ((1, 1.0),), DISTRIBUTIONS[distribution], HIDDEN, 1, (200, 200)
    )  # fmt: skip
    assert law.sigma == pytest.approx(sqrt((weight**2).sum(axis=1).mean()), rel=0.01)
    assert law.uniform == (np.abs(bias).max() <= 1)
    deviation = law.bias_gain * (sqrt(1 / 3) if law.uniform else 1)
    assert deviation == pytest.approx(bias.std(), rel=0.1)


def test_the_gain_of_biases_counts() -> None:
    """`torch_linear` draws what `lecun_uniform` does at 1/√3, and biases by 1/√width smaller."""
    torch, lecun = (
        law_of(Recipe(widths=(100,) * 3, distribution=name))
        for name in ("torch_linear", "lecun_uniform")
    )
    scales = np.array([0.8, 1.5])
    expected = predict(lecun, scales, 0.7, 5)
    assert predict(torch, scales * sqrt(3), 7.0, 5) == pytest.approx(expected)
    assert predict(torch, scales * sqrt(3), 0.7, 5) != pytest.approx(expected, rel=1e-2)


def test_a_network_more_is_one_of_the_next_seed() -> None:
    scales = np.array([0.3, 0.5])
    one, two, both = (
        measure(Recipe(widths=(16,) * 4, mix=((seed, 1.0),)), scales, scales, count)
        for seed, count in ((7, 1), (8, 1), (7, 2))
    )
    assert both == pytest.approx((one + two) / 2)
    assert (one != two).all()


def test_the_first_third_of_the_layers_does_not_count() -> None:
    assert mean_growth(np.array([[100.0], [100.0], [4.0], [3.0], [5.0], [4.0]])) == pytest.approx(
        [2]
    )
    assert total_growth(np.array([[4.0], [9.0]])).tolist() == [[2.0], [pytest.approx(6)]]


def test_differences_that_are_gone_stay_gone() -> None:
    """Units of relu that are all off pass nothing on."""
    found = measure(
        Recipe(widths=(1,) * 12, activations=("relu",)), np.ones(40), np.linspace(0, 3, 40), 1
    )
    assert np.isfinite(found).all()
    gone = found == 0
    assert gone.any() and (gone[1:] >= gone[:-1]).all()


def test_growth_that_no_float_holds_is_still_a_number() -> None:
    for name in "linear", "square":
        recipe = Recipe(widths=(8,) * 60, activations=(name,))
        found = measure(recipe, np.array([1.0, 30.0]), np.array([1.0, 1.0]), 1)
        assert np.isfinite(found).all() and found[20:, 1].min() > 10


def test_the_critical_scale_by_layer() -> None:
    """It begins where the first layer leaves a difference as long, and tends to the last one."""
    law = law_of(NARROW)
    by_layer = critical_by_layer(law, 0.5, 400)
    start = [total_growth(predict(law, np.array([scale]), 0.5, k + 1))[-1, 0]
             for k, scale in enumerate(by_layer[:5])]  # fmt: skip
    assert start == pytest.approx(np.ones(5), abs=2e-3)
    assert by_layer[-1] == pytest.approx(critical(law, 0.5), rel=0.01)
    assert np.isnan(critical(law, 1e6))


def test_what_all_layers_reach_they_reach_in_every_row() -> None:
    nothing, growth = np.zeros(0), np.array([[0.5, 1.0, 3.0], [0.1, 2.0, 0.7]])
    one, two, three = np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0]), np.array([2.0, 3.0])
    bias = Survey("bias", 3, 1, one, two, growth, nothing, nothing)
    assert bias.reach == 4
    assert bias.weight_scale_of(1, 0.1) == pytest.approx(2)
    crossing = 2 ** (np.log(10) / np.log(20))  # straight between the logarithms
    assert bias.critical == [(0.0, 2.0), (1.0, pytest.approx(crossing, rel=1e-3))]
    assert bias.weight_scale_of(1, 0.9) == pytest.approx(crossing, rel=1e-3)  # the first of two
    assert bias.weight_scale_of(99, 0.1) == 4
    huge = Survey("bias", 99, 1, one, two, 1e15 * growth, nothing, nothing)
    assert 1e300 < huge.reach < np.inf
    assert Survey("depth", 3, 1, one, three, growth, nothing, nothing).reach == 2.0


EXPLICIT = Weights(content=to_network(NARROW))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (EXPLICIT, "the network's weights are explicit: growth is measured on sampled ones"),
        (
            Recipe(widths=(16,) * 2),
            "layers 2: growth is measured from layer to layer: at least 3",
        ),
        (Recipe(widths=(16, 16, 8)), "widths: hidden layers must be of one width"),
        (
            Recipe(widths=(9,) * 3, activations=("tanh", "relu", "tanh")),
            "activation: hidden layers must be of one",
        ),
        (Recipe(mix=((1, 0.6), (2, 0.8))), "mix: networks are sampled from one seed each"),
        (
            Recipe(activations=("step",)),
            "activation step: has no slope, so that no small difference is passed on",
        ),
    ],
)
def test_what_is_refused(source: Recipe | Weights, message: str) -> None:
    with pytest.raises(NetartError, match=f"^{re.escape(message)}$"):
        law_of(source)

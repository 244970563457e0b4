"""The sampling contract: published numbers, and a second sampler from its text alone."""

from __future__ import annotations

from statistics import NormalDist

import msgspec
import numpy as np
import pytest

from netart.net.build import to_network
from netart.net.recipe import Recipe
from netart.net.sampling import (
    HIDDEN,
    OUTPUT,
    inverse_normal,
    normal,
    orthogonal,
    uniform,
    unit_words,
    words,
)
from tests.philox import PUBLISHED, documented_words

ORTHOGONAL = [-0.3666372299194336, 0.5163326263427734, 0.0018224716186523438]


def documented_uniform(word: int) -> float:
    return (word >> 40) / 2**23 - 1


def documented_normal(word: int) -> float:
    return round(NormalDist().inv_cdf(((word >> 40) + 0.5) / 2**24) * 2**20) / 2**20


@pytest.mark.parametrize("place", PUBLISHED)
def test_words_are_the_published_ones(place: tuple[int, int, int, int]) -> None:
    assert words(*place, 3).tolist() == PUBLISHED[place]
    assert documented_words(*place, 3) == PUBLISHED[place]


@pytest.mark.parametrize("seed", [0, 7, 2**63 + 1, 2**64 - 1])
@pytest.mark.parametrize("count", [1, 4, 30])
def test_words_of_many_units_are_those_of_each(seed: int, count: int) -> None:
    found = unit_words(seed, HIDDEN, 5, range(2, 6), count)
    assert found.tolist() == [words(seed, HIDDEN, 5, unit, count).tolist() for unit in range(2, 6)]


def test_published_weights() -> None:
    network = to_network(Recipe(widths=(3, 2), mix=((7, 1.0),), weight_scale=1.0, bias_scale=1.0))
    first, second, last = network.layers
    assert first.weight[2].tolist() == [0.3048645257949829, -0.6007012128829956]
    assert second.bias.tolist() == [0.9526866674423218, 0.2902261018753052]
    assert last.weight[0].tolist() == [-0.2669030427932739, -0.2002161741256714]


@pytest.mark.parametrize("seed", [0, 7, 2**63, 2**64 - 1])
@pytest.mark.parametrize(
    ("distribution", "draw"), [("uniform", documented_uniform), ("normal", documented_normal)]
)
def test_a_second_sampler_agrees(seed: int, distribution: str, draw) -> None:
    recipe = Recipe(
        widths=(5, 9), mix=((seed, 1.0),), weight_scale=1.0, bias_scale=1.0,
        distribution=distribution,
    )  # fmt: skip
    network, below = to_network(recipe), 2
    for k, layer in enumerate(network.layers):
        units = len(layer.bias)
        stream, number = (OUTPUT, 0) if k == 2 else (HIDDEN, k)
        weight = [
            [draw(word) for word in documented_words(seed, stream, number, i, below)]
            for i in range(units)
        ]
        bias = [draw(word) for word in documented_words(seed, stream + 1, number, 0, units)]
        assert np.array_equal(layer.weight, np.array(weight, np.float32))
        assert np.array_equal(layer.bias, np.array(bias, np.float32))
        below = units


def test_inverse_normal_matches_the_standard_library() -> None:
    p = (np.arange(0, 1 << 24, 7919) + 0.5) / 2**24
    expected = [NormalDist().inv_cdf(x) for x in p]
    assert np.abs(inverse_normal(p) - expected).max() < 1e-14
    ends = inverse_normal(np.array([0.5, 2**24 - 0.5]) / 2**24)
    assert ends == pytest.approx([-5.4204, 5.4204], abs=1e-3)


def test_draws_are_exact_in_float32() -> None:
    raw = words(3, HIDDEN, 0, 0, 10_000)
    for draws in (uniform(raw), normal(raw)):
        assert np.array_equal(draws.astype(np.float32), draws)
    assert uniform(raw).min() >= -1
    assert uniform(raw).max() < 1
    assert abs(uniform(raw).mean()) < 0.02
    assert normal(raw).std() == pytest.approx(1, abs=0.02)


def test_orthogonal_matrices_are_orthonormal_and_pinned() -> None:
    """Rows of norm 1, at right angles to each other; where there are more rows than columns,
    columns do, and rows have norm 1 on average.
    """
    recipe = Recipe(
        widths=(7, 7, 4), mix=((7, 1.0),), weight_scale=1.0, distribution="orthogonal"
    )  # fmt: skip
    first, square, narrow, last = (
        layer.weight.astype(float) for layer in to_network(recipe).layers
    )
    assert first.T @ first == pytest.approx(np.eye(2) * 7 / 2, abs=1e-5)
    for matrix in (square, narrow, last):
        assert matrix @ matrix.T == pytest.approx(np.eye(len(matrix)), abs=1e-5)
    assert square[1, :3] == pytest.approx(ORTHOGONAL, abs=1e-6)
    assert (square * 2**20 == np.round(square * 2**20)).all()
    turned = orthogonal(np.array([[0.0, -2.0], [3.0, 0.0]]))  # R's diagonal is positive
    assert turned.tolist() == [[0.0, -1.0], [1.0, 0.0]]


def test_siren_is_the_papers() -> None:
    recipe = Recipe(
        widths=(50, 80), mix=((7, 1.0),), weight_scale=1.0, bias_scale=1.0, distribution="siren"
    )
    plain = msgspec.structs.replace(recipe, distribution="uniform")
    for k, (layer, base) in enumerate(
        zip(to_network(recipe).layers, to_network(plain).layers, strict=True)
    ):
        factor = 30 / 2 if k == 0 else np.sqrt(6 / base.weight.shape[1])
        assert layer.weight == pytest.approx(base.weight * factor, rel=1e-6)
        assert np.array_equal(layer.bias, base.bias)


def test_torch_linear_is_uniform_within_one_over_the_root_of_the_inputs() -> None:
    """As `torch.nn.Linear` starts, where scales are 1: weights and biases, of each layer."""
    recipe = Recipe(
        widths=(50, 80), mix=((7, 1.0),), weight_scale=1.0, bias_scale=1.0,
        distribution="torch_linear",
    )  # fmt: skip
    plain = msgspec.structs.replace(recipe, distribution="uniform")
    for layer, base in zip(to_network(recipe).layers, to_network(plain).layers, strict=True):
        gain = 1 / np.sqrt(base.weight.shape[1])
        assert layer.weight == pytest.approx(base.weight * gain, rel=1e-6)
        assert layer.bias == pytest.approx(base.bias * gain, rel=1e-6)

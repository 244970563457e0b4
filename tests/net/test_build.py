"""From recipes and explicit weights to networks: scales, mixes, nesting, read-outs."""

from __future__ import annotations

import numpy as np
import pytest

from netart.errors import NetartError
from netart.net.build import (
    auto_weight_scale,
    reach,
    readout,
    scales,
    to_network,
    versions_agree,
    zoom_period,
)
from netart.net.recipe import Recipe, Weights
from netart.net.sampling import DISTRIBUTIONS
from tests.shots import explicit_network

AUTO = [
    ({}, 0.903),
    ({"widths": (30,) * 18}, 0.599),
    ({"widths": (30,) * 2}, 1.17),
    ({"widths": ()}, 4.0),
    ({"widths": (30,) * 20, "activations": ("relu",)}, 0.447),
    ({"widths": (30,) * 20, "activations": ("sin",)}, 0.522),
    ({"widths": (30,) * 20, "activations": ("tanh", *("sin",) * 19)}, 0.577),
    ({"distribution": "normal"}, 0.521),
    ({"distribution": "he_normal"}, 1.0),
    ({"distribution": "orthogonal"}, 2.086),
    ({"distribution": "siren"}, 1.0),
    ({"widths": (10, 40, 10, 10, 10)}, 0.975),
]


def weights_of(**fields) -> list[np.ndarray]:
    return [layer.weight for layer in to_network(Recipe(**fields)).layers]


@pytest.mark.parametrize(("fields", "scale"), AUTO)
def test_auto_weight_scale_is_the_formula(fields, scale: float) -> None:
    assert auto_weight_scale(Recipe(**fields)) == scale


# The weight scale, and the reach of version 2, beside the scale of version 1 (whose reach is 1).
VERSIONS = [
    ({"widths": ()}, 4.0, (4.0, 8.0)),
    ({"widths": (), "output_activation": "tanh"}, 4.0, (4.0, 4.0)),
    ({"widths": (1,), "activations": ("sigmoid",)}, 42.511, (8.314, 8.0)),
    ({"widths": (1,)}, 10.628, (2.078, 4.0)),
    ({"widths": (10,), "activations": ("relu",)}, 0.775, (0.775, 2.0)),
    ({"widths": (2, 2)}, 6.732, (3.138, 2.578)),
    ({"widths": (3, 3, 3), "activations": ("sin",)}, 2.718, (2.162, 1.837)),
    ({"widths": (30, 30)}, 1.17, (1.163, 1.013)),
    ({"widths": (4, 31)}, 1.146, (1.146, 1.0)),
    ({"widths": (16,) * 3}, 1.747, (1.747, 1.0)),
    ({"widths": (1,), "distribution": "he_normal"}, 1.0, (1.0, 4.0)),
]


@pytest.mark.parametrize(("fields", "first", "second"), VERSIONS)
def test_the_sampler_has_two_versions(fields, first: float, second: tuple[float, float]) -> None:
    one, two = (Recipe(sampler=version, **fields) for version in (1, 2))
    assert (auto_weight_scale(one), reach(one)) == (first, 1.0)
    assert (auto_weight_scale(two), reach(two)) == second
    assert versions_agree(one) == versions_agree(two) == ((first, 1.0) == second)
    assert scales(one)[1] == scales(two)[1] == 0.5


def test_versions_of_the_sampler_have_the_same_draws() -> None:
    for one, two in zip(
        *(weights_of(widths=(2, 3), weight_scale=0.7, sampler=k) for k in (1, 2)), strict=True
    ):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("fields", [{}, {"widths": ()}, {"distribution": "he_normal"}])
def test_detail_is_a_factor_of_auto(fields) -> None:
    auto, bias = scales(Recipe(**fields))
    assert scales(Recipe(detail=1.25, **fields)) == (1.25 * auto, bias)
    assert scales(Recipe(detail=1.25, bias_scale="same", **fields)) == (1.25 * auto,) * 2


def test_scales_resolve_auto_and_same() -> None:
    assert scales(Recipe(weight_scale=0.7)) == (0.7, 0.5)
    assert scales(Recipe(weight_scale=0.7, bias_scale="same")) == (0.7, 0.7)
    assert scales(Recipe(bias_scale=0.0)) == (0.903, 0.0)


def test_a_mix_sums_weights_and_biases_and_is_rounded_once() -> None:
    mixed, seven, other = (
        to_network(Recipe(mix=mix, weight_scale=1.0, bias_scale=1.0))
        for mix in (((42, 0.8), (7, 0.6)), ((7, 1.0),), ((42, 1.0),))
    )
    for layer, a, b in zip(mixed.layers, seven.layers, other.layers, strict=True):
        for name in ("weight", "bias"):
            expected = 0.6 * getattr(a, name).astype(float) + 0.8 * getattr(b, name).astype(float)
            assert np.array_equal(getattr(layer, name), expected.astype(np.float32))


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_deeper_networks_keep_the_earlier_layers_and_share_the_readout(distribution: str) -> None:
    shallow = weights_of(widths=(12, 12), weight_scale=1.0, distribution=distribution)
    deep = weights_of(widths=(12,) * 5, weight_scale=1.0, distribution=distribution)
    assert all(np.array_equal(a, b) for a, b in zip(shallow[:2], deep[:2], strict=True))
    assert np.array_equal(shallow[-1], deep[-1])


@pytest.mark.parametrize("distribution", sorted({*DISTRIBUTIONS} - {"orthogonal"}))
def test_wider_layers_contain_the_narrower_up_to_the_gain(distribution: str) -> None:
    narrow = weights_of(widths=(6, 6), weight_scale=1.0, distribution=distribution)
    wide = weights_of(widths=(9, 9), weight_scale=1.0, distribution=distribution)
    for small, large in zip(narrow, wide, strict=True):
        part = large[: small.shape[0], : small.shape[1]]
        factor = np.median(part / small)
        assert np.allclose(part, small * factor, rtol=1e-6)
        assert factor <= 1


@pytest.mark.parametrize(
    ("distribution", "variance"),
    [
        ("he_uniform", lambda n, m: 2 / n),
        ("he_normal", lambda n, m: 2 / n),
        ("glorot_uniform", lambda n, m: 2 / (n + m)),
        ("glorot_normal", lambda n, m: 2 / (n + m)),
        ("lecun_uniform", lambda n, m: 1 / n),
        ("lecun_normal", lambda n, m: 1 / n),
        ("uniform", lambda n, m: 0.25 / 3),
        ("normal", lambda n, m: 0.25),
    ],
)
def test_distributions_have_their_variance_and_no_gain_on_biases(
    distribution: str, variance
) -> None:
    scale = 0.5 if distribution in ("uniform", "normal") else 1.0
    network = to_network(
        Recipe(widths=(300, 200), weight_scale=scale, bias_scale=1.0, distribution=distribution)
    )
    assert network.layers[1].weight.var() == pytest.approx(variance(300, 200), rel=0.03)
    expected = 1.0 if "normal" in distribution else 1 / 3
    assert network.layers[1].bias.var() == pytest.approx(expected, rel=0.2)


def test_uniform_weights_lie_within_the_scale() -> None:
    weight = np.concatenate([w.ravel() for w in weights_of(widths=(80, 80), weight_scale=0.7)])
    assert weight.min() >= np.float32(-0.7)
    assert weight.max() < 0.7
    assert weight.max() > 0.69


def test_the_readout_of_a_hidden_layer_is_the_shallower_network() -> None:
    recipe = Recipe(widths=(12, 7, 9), weight_scale=0.8)
    network = to_network(recipe)
    shallow = to_network(Recipe(widths=(12, 7), weight_scale=0.8))
    until = network.until(2, readout(recipe, 2))
    assert until.sha256 == shallow.sha256
    inputs = network.until(0, readout(recipe, 0))
    assert inputs.sha256 == to_network(Recipe(widths=(), weight_scale=0.8)).sha256


def test_explicit_weights_read_out_only_where_widths_fit() -> None:
    weights = Weights(content=explicit_network(4, 4, 5))
    network = to_network(weights)
    with pytest.raises(NetartError, match="layer 2: is 4 wide, the explicit read-out takes 5"):
        readout(weights, 2)
    assert readout(weights, 3) is network.layers[-1]
    same = Weights(content=explicit_network(4, 4))
    assert readout(same, 1) is to_network(same).layers[-1]


def test_explicit_weights_take_scales_and_activations() -> None:
    content = explicit_network(4)
    changed = to_network(
        Weights(content=content, weight_scale=2.0, bias_scale=0.5, activations=("sin",))
    )
    assert np.array_equal(changed.layers[0].weight, 2 * content.layers[0].weight)
    assert np.array_equal(changed.layers[1].bias, content.layers[1].bias / 2)
    assert [layer.activation for layer in changed.layers] == ["sin", "sigmoid"]


def test_weights_beyond_float32_are_refused() -> None:
    with pytest.raises(NetartError, match=r"^weight_scale 1e\+39: .*finite in float32"):
        to_network(Recipe(weight_scale=1e39))
    source = Weights(content=explicit_network(4), weight_scale=1.0, bias_scale=1e39)
    with pytest.raises(NetartError, match=r"^bias_scale 1e\+39: "):
        to_network(source)


def test_networks_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        to_network(Recipe()).layers[0].weight[:] = 0


@pytest.mark.parametrize(
    ("features", "period"),
    [
        (("swirl:3/8/13",), 3),
        (("swirl:3/8/13", "swirl:3/1/2"), 3),
        (("swirl:3/8/13", "swirl:2/1/2"), None),
        (("swirl:3/8/13", "angle"), None),
        (("x", "y"), None),
        ((), None),
    ],
)
def test_a_zoom_repeats_where_all_features_are_swirls_of_one_factor(
    features: tuple[str, ...], period: float | None
) -> None:
    recipe = Recipe(widths=(3,), features=features, latents=("a",))
    assert zoom_period(recipe) == zoom_period(Weights(content=to_network(recipe))) == period

"""The data of networks: recipes and explicit weights, what makes them equal, what is refused."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.net.recipe import Recipe, Weights
from tests.shots import explicit_network


def test_a_mix_is_a_set() -> None:
    assert Recipe(mix=((42, 0.8), (7, 0.6))) == Recipe(mix=((7, 0.6), (42, 0.8)))
    with pytest.raises(NetartError, match="each seed once"):
        Recipe(mix=((7, 0.6), (7, 0.8)))


def test_explicit_weights_are_equal_by_digest_alone() -> None:
    one, two = (
        Weights(content=explicit_network(4), name="a"),
        Weights(content=explicit_network(4), name="b"),
    )
    assert one == two
    assert hash(one) == hash(two)
    assert one != Weights(content=explicit_network(4), weight_scale=2.0)
    assert one != Weights(content=explicit_network(5))


BAD = [
    ({"widths": (5, 0)}, "width 0"),
    ({"widths": (999999,) * 3}, "width 999999"),
    ({"widths": (30000, 30000)}, "weights: at most"),
    ({"features": tuple(f"sin_x:{k}" for k in range(257))}, "features: 257, at most 256"),
    ({"widths": (2,) * 5000}, "5001 layers"),
    ({"activations": ("tanh", "sin")}, "2 for 16 hidden layers"),
    ({"activations": ()}, "0 for 16"),
    ({"activations": ("tahn",)}, "did you mean tanh"),
    ({"output_activation": "sigmod"}, "did you mean sigmoid"),
    ({"distribution": "he"}, "unknown distribution"),
    ({"features": ("sin_x",)}, "sin_x:K"),
    ({"features": ("x:2",)}, "takes no parameter"),
    ({"features": ()}, "at least one"),
    ({"latents": ("x",)}, "latent 'x'"),
    ({"latents": ("a", "a")}, "latent 'a'"),
    ({"weight_scale": float("nan")}, "weight_scale = nan"),
    ({"bias_scale": float("inf")}, "bias_scale = inf"),
    ({"detail": 0.0}, "detail = 0.0"),
    ({"detail": float("nan")}, "detail = nan"),
    ({"detail": 2.0, "weight_scale": 0.5}, "detail = 2.0: multiplies .* auto, not 0.5"),
    ({"mix": ((-1, 1.0),)}, "seed -1"),
    ({"mix": ((2**64, 1.0),)}, "seed 18446744073709551616"),
    ({"mix": ()}, "at least one"),
    ({"mix": ((1, float("nan")),)}, "finite"),
    ({"sampler": 3}, "sampler = 3: this netart knows 1 and 2"),
    ({"outputs": 0}, "outputs = 0"),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_errors_name_the_value(fields, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        Recipe(**fields)

"""The two kinds of networks that a shot may name, and the one way from either to a Network."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite, sqrt
from typing import Any, Literal

import msgspec
import numpy as np

from netart.errors import NetartError, unknown
from netart.net.network import MAX_WIDTH, Layer, Network, check_latents, check_sizes
from netart.net.ops import activation, column_count, feature
from netart.net.sampling import (
    DISTRIBUTIONS,
    HIDDEN,
    MAX_SEED,
    OUTPUT,
    SAMPLER,
    Draws,
    sample_layer,
)

# (c, k) of the lively gain c + k·(30/n)^0.2 / max(d, 5), by the first hidden activation; found by
# looking at a few thousand networks of 5 to 40 layers, 16 to 64 wide.
BOUNDED_GAIN = (1.2, 12.5)
GAINS = dict.fromkeys(("relu", "leaky_relu", "elu", "selu", "abs"), (sqrt(2), 0.0))  # He's
GAINS |= dict.fromkeys(("gelu", "silu"), (2.4, 0.0))  # He's leaves them nearly linear
GAINS |= dict.fromkeys(("sin", "cos", "triangle"), (1.45, 4.0))  # static at a bounded one's gain
GAINS |= {
    "sinc": (3.6, 10.0),  # flat around 0
    "sigmoid": (4.8, 50.0),  # a quarter of the slope of tanh
    "softsign": (1.7, 17.5),  # saturates late
    "softplus": (4.0, 0.0),  # nearly linear
    "square": (0.4, 0.0),  # beyond about eight layers it dies or explodes at any gain
}


MAX_MIX = 256  # seeds; each is sampled whole


class Recipe(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recipe",
):
    """A sampled network.

    widths: of the hidden layers, none for a one-layer network. activations: one for all hidden
    layers, or one each. mix: pairs of seed and coefficient. weight_scale multiplies the weights,
    bias_scale the biases; `auto` follows BEAUTY's formula, bias_scale `same` the weight scale.
    sampler: the version of the contract that the draws and `auto` follow.
    """

    widths: tuple[int, ...] = (16,) * 16
    outputs: int = 3
    activations: tuple[str, ...] = ("tanh",)
    output_activation: str = "sigmoid"
    features: tuple[str, ...] = ("x", "y")
    latents: tuple[str, ...] = ()
    distribution: str = "uniform"
    weight_scale: float | Literal["auto"] = "auto"
    bias_scale: float | Literal["auto", "same"] = "auto"
    sampler: int = SAMPLER
    mix: tuple[tuple[int, float], ...] = ((321, 1.0),)

    def __post_init__(self) -> None:
        for name in (*self.activations, self.output_activation):
            activation(name)
        if not self.activations or len(self.activations) not in (1, len(self.widths)):
            raise NetartError(
                f"network.activations: {len(self.activations)} for {len(self.widths)} "
                "hidden layers: give one for all, or one each"
            )
        if self.distribution not in DISTRIBUTIONS:
            raise unknown("distribution", self.distribution, DISTRIBUTIONS)
        if not self.features and not self.latents:
            raise NetartError("network.features: at least one feature or latent is needed")
        kinds = tuple(map(feature, self.features))
        features = tuple(map(str, kinds))
        check_latents(self.latents)
        if not 1 <= self.outputs <= MAX_WIDTH:
            raise NetartError(f"network.outputs = {self.outputs}: must be from 1 to {MAX_WIDTH}")
        inputs = column_count(kinds) + len(self.latents)
        check_sizes(inputs, [*self.widths, self.outputs])
        for name, scale in (("weight", self.weight_scale), ("bias", self.bias_scale)):
            if isinstance(scale, float) and not isfinite(scale):
                raise NetartError(f"network.{name}_scale = {scale}: must be a finite number")
        if self.sampler != SAMPLER:
            raise NetartError(f"network.sampler = {self.sampler}: this netart knows {SAMPLER}")
        seeds = [seed for seed, _ in self.mix]
        if len(seeds) > MAX_MIX:
            raise NetartError(f"network.mix: {len(seeds)} seeds, at most {MAX_MIX}")
        if not seeds or len(set(seeds)) != len(seeds):
            raise NetartError("network.mix: names each seed once, and at least one")
        for seed, coefficient in self.mix:
            if not 0 <= seed <= MAX_SEED:
                raise NetartError(f"seed {seed}: must be from 0 to {MAX_SEED}")
            if not isfinite(coefficient):
                raise NetartError(f"network.mix: coefficient {coefficient} must be finite")
        # One spelling for one picture, so that equal shots compare and hash as equal.
        same = len(set(self.activations)) == 1
        normal = {
            "features": features,
            "activations": self.activations[:1] if same else self.activations,
            "mix": tuple(sorted((seed, share + 0.0) for seed, share in self.mix)),
            "weight_scale": unsigned_zero(self.weight_scale),
            "bias_scale": unsigned_zero(self.bias_scale),
        }
        for name, value in normal.items():
            msgspec.structs.force_setattr(self, name, value)

    @property
    def depth(self) -> int:
        return len(self.widths)


def one_each(names: tuple[str, ...], depth: int) -> tuple[str, ...]:
    """The names of so many layers, where a single one stands for all."""
    return names * depth if len(names) == 1 else names


def unsigned_zero(scale: Any) -> Any:
    """The scale, 0 for −0, which equals it; words as they are."""
    return scale if isinstance(scale, str) else scale + 0.0


class Weights(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    eq=False,
    tag_field="kind",
    tag="weights",
):
    """Explicit weights, equal and hashed by their digest (and what is asked of them here) alone.

    name: base name of the file that holds them, empty where there is none.
    weight_scale and bias_scale multiply; activations, where given, replace those of the hidden
    layers (one for all, or one each), output_activation that of the last.
    """

    content: Network
    name: str = ""
    weight_scale: float = 1.0
    bias_scale: float = 1.0
    activations: tuple[str, ...] = ()
    output_activation: str = ""

    def __post_init__(self) -> None:
        for name in (*self.activations, *filter(None, [self.output_activation])):
            activation(name)
        if len(self.activations) not in (0, 1, self.depth):
            raise NetartError(
                f"network.activations: {len(self.activations)} for {self.depth} hidden layers"
            )
        for name, scale in (("weight", self.weight_scale), ("bias", self.bias_scale)):
            if not isfinite(scale):
                raise NetartError(f"network.{name}_scale = {scale}: must be a finite number")

    @property
    def identity(self) -> dict[str, object]:
        """All that decides the network, as plain data."""
        return {
            "sha256": self.content.sha256,
            "weight_scale": unsigned_zero(self.weight_scale),
            "bias_scale": unsigned_zero(self.bias_scale),
            "activations": self.activations,
            "output_activation": self.output_activation,
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Weights) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(tuple(self.identity.values()))

    @property
    def latents(self) -> tuple[str, ...]:
        return self.content.latents

    @property
    def outputs(self) -> int:
        return self.content.outputs

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(len(layer.bias) for layer in self.content.layers[:-1])

    @property
    def depth(self) -> int:
        return self.content.depth


NetworkSource = Recipe | Weights


def auto_weight_scale(recipe: Recipe) -> float:
    """The lively weight scale: g·√(3/n) with gain g = c + k·(30/n)^0.2 / max(d, 5).

    n is the widest hidden layer, d the number of hidden layers, (c, k) the first hidden
    activation's GAINS, or BOUNDED_GAIN; 4 without hidden layers. `normal` takes 1/√3 of it (equal
    variance), `orthogonal` √(n/3) of it; families with a factor of their own take 1.
    """
    if recipe.distribution not in ("uniform", "normal", "orthogonal"):
        return 1.0
    n, scale = 3, 4.0
    if recipe.widths:
        n = max(recipe.widths)
        least, by_depth = GAINS.get(recipe.activations[0], BOUNDED_GAIN)
        scale = (least + by_depth * (30 / n) ** 0.2 / max(recipe.depth, 5)) * sqrt(3 / n)
    share = {"uniform": 1.0, "normal": sqrt(1 / 3), "orthogonal": sqrt(n / 3)}
    return round(scale * share[recipe.distribution], 3)


def scales(source: NetworkSource) -> tuple[float, float]:
    """The weight and bias scale as numbers, `auto` and `same` resolved."""
    weight, bias = source.weight_scale, source.bias_scale
    if weight == "auto":
        assert isinstance(source, Recipe)
        weight = auto_weight_scale(source)
    if bias == "same":
        bias = weight
    return weight, 0.5 if bias == "auto" else bias


def to_network(source: NetworkSource) -> Network:
    """The effective network: scale · gain of the family · Σ c·draw in float64, rounded once.

    The last few are kept: a picture asks several times, for contrast, precision and drawing.
    """
    return _sampled(source) if isinstance(source, Recipe) else _explicit(source)


def readout(source: NetworkSource, depth: int) -> Layer:
    """The layer that reads hidden layer `depth` out (0: the inputs).

    A sampled network has one for every width, from the output streams; an explicit one only
    where its own fits. Raises NetartError.
    """
    network = to_network(source)
    if not 0 <= depth <= network.depth:
        raise NetartError(f"layer {depth}: the network has hidden layers 0 to {network.depth}")
    if depth == network.depth:
        return network.layers[-1]
    if isinstance(source, Weights):
        check_readout(source, depth)
        return network.layers[-1]
    width = network.layers[depth].weight.shape[1]
    return _scaled(source, OUTPUT, 0, (source.outputs, width), source.output_activation)


def check_readout(source: NetworkSource, depth: int) -> None:
    """Refuses a hidden layer that explicit weights cannot read out. Raises NetartError."""
    if isinstance(source, Recipe):
        return
    width, taken = (source.content.layers[k].weight.shape[1] for k in (depth, -1))
    if width != taken:
        raise NetartError(f"layer {depth}: is {width} wide, the explicit read-out takes {taken}")


@lru_cache(maxsize=4)
def _sampled(recipe: Recipe) -> Network:
    names = one_each(recipe.activations, recipe.depth)
    features = tuple(map(feature, recipe.features))
    width = column_count(features) + len(recipe.latents)
    layers = []
    for k, (units, name) in enumerate(zip(recipe.widths, names, strict=True)):
        layers.append(_scaled(recipe, HIDDEN, k, (units, width), name))
        width = units
    shape = (recipe.outputs, width)
    layers.append(_scaled(recipe, OUTPUT, 0, shape, recipe.output_activation))
    return Network(tuple(layers), features, recipe.latents)


def _scaled(recipe: Recipe, stream: int, layer: int, shape: tuple[int, int], name: str) -> Layer:
    weight_scale, bias_scale = scales(recipe)
    weight, bias = sample_layer(
        recipe.mix, DISTRIBUTIONS[recipe.distribution], stream, layer, shape
    )
    return _rounded(weight * weight_scale, bias * bias_scale, name)


@lru_cache(maxsize=4)
def _explicit(source: Weights) -> Network:
    network, (weight_scale, bias_scale) = source.content, scales(source)
    own = [layer.activation for layer in network.layers]
    hidden = one_each(source.activations, source.depth) or own[:-1]
    names = [*hidden, source.output_activation or own[-1]]
    layers = tuple(
        _rounded(
            layer.weight.astype(np.float64) * weight_scale,
            layer.bias.astype(np.float64) * bias_scale,
            name,
        )
        for layer, name in zip(network.layers, names, strict=True)
    )
    return Network(layers, network.features, network.latents)


def _rounded(weight: Draws, bias: Draws, name: str) -> Layer:
    with np.errstate(over="ignore"):  # Layer refuses what float32 cannot hold
        return Layer(weight.astype(np.float32), bias.astype(np.float32), name)

"""From the data of a recipe, or of explicit weights, to the network with all its numbers."""

from __future__ import annotations

from functools import lru_cache
from math import log, sqrt

import numpy as np
from msgspec.structs import replace

from netart.errors import NetartError
from netart.net.cost import announce, sampling_cost
from netart.net.network import Layer, Matrix, Network
from netart.net.ops import Feature, column_count, feature
from netart.net.recipe import NetworkSource, Recipe, Weights
from netart.net.sampling import DISTRIBUTIONS, HIDDEN, OUTPUT, SAMPLERS, sample_layer

# (c, k) of `auto_weight_scale` by the first hidden activation, found by looking at a few thousand
# networks of 5 to 40 layers, 16 to 64 wide.
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

# How far from 0 pre-activations go where an activation shows its form in one layer: a bounded one
# saturates, a wave turns a few times. What bends at 0 alone does so at any scale. Found by looking.
OTHER_REACH = 4.0
REACH = dict.fromkeys(("linear", "step", "sign"), 1.0)
REACH |= dict.fromkeys(("relu", "leaky_relu", "abs", "square"), 2.0)
REACH |= {"gaussian": 3.0, "sinc": 6.0, "softplus": 6.0, "sigmoid": 8.0}
UNITS = 31  # behind the first layer, of networks whose later layers fold enough


def smallness(recipe: Recipe) -> float:
    """From 1, of networks without a second hidden layer, to 0, of those with UNITS units behind
    the first one: 1 − log(1 + units) / log(1 + UNITS).
    """
    if recipe.sampler == 1:
        return 0.0
    return max(0.0, 1 - log(1 + sum(recipe.widths[1:])) / log(1 + UNITS))


def versions_agree(recipe: Recipe) -> bool:
    """Whether all versions of the sampler make the same network and view of the recipe."""
    return smallness(replace(recipe, sampler=SAMPLERS[-1])) == 0


def reach(source: NetworkSource) -> float:
    """How far from 0 weights alone carry the first layer in a view of unset radius: R^s, R being
    the REACH of its activation and s the network's `smallness`; 1 for explicit weights.
    """
    if isinstance(source, Weights):
        return 1.0
    first = source.activations[0] if source.widths else source.output_activation
    return round(float(REACH.get(first, OTHER_REACH) ** smallness(source)), 3)


def auto_weight_scale(recipe: Recipe) -> float:
    """The weight scale of `auto`, at which pictures are neither fog nor static at any depth.

    g·√(3/n) with the gain g = c + (1 − s)·k·(30/n)^0.2 / max(d, 5): n is the widest hidden layer,
    d the number of hidden layers, (c, k) the first hidden activation's row of GAINS, or
    BOUNDED_GAIN; s is `smallness`, 0 in version 1. 4 without hidden layers. `normal` takes 1/√3 of
    it (equal variance), `orthogonal` √(n/3) of it; distributions that have a gain themselves take
    1.
    """
    if recipe.distribution not in ("uniform", "normal", "orthogonal"):
        return 1.0
    n, scale = 3, 4.0
    if recipe.widths:
        n = max(recipe.widths)
        constant, by_depth = GAINS.get(recipe.activations[0], BOUNDED_GAIN)
        by_depth *= 1 - smallness(recipe)
        scale = (constant + by_depth * (30 / n) ** 0.2 / max(recipe.depth, 5)) * sqrt(3 / n)
    share = {"uniform": 1.0, "normal": sqrt(1 / 3), "orthogonal": sqrt(n / 3)}
    return round(scale * share[recipe.distribution], 3)


def scales(source: NetworkSource) -> tuple[float, float]:
    """The weight scale and the bias scale as numbers, `auto` and `same` resolved."""
    weight, bias = source.weight_scale, source.bias_scale
    if weight == "auto":
        assert isinstance(source, Recipe)
        weight = auto_weight_scale(source) * source.detail
    if bias == "same":
        bias = weight
    return weight, 0.5 if bias == "auto" else bias


def to_network(source: NetworkSource) -> Network:
    """The network of a recipe or of explicit weights, its scales multiplied into the matrices.

    Numbers are computed in float64 and rounded to float32 once. The last few networks are cached:
    a picture asks several times, for contrast, precision and drawing.
    """
    return _from_recipe(source) if isinstance(source, Recipe) else _from_weights(source)


def features_of(source: NetworkSource) -> tuple[Feature, ...]:
    """What of the point (x, y) enters the network."""
    if isinstance(source, Weights):
        return source.content.features
    return tuple(map(feature, source.features))


def activations_of(source: NetworkSource) -> tuple[str, ...]:
    """The activation of each hidden layer."""
    own: tuple[str, ...] = ()
    if isinstance(source, Weights):
        own = tuple(layer.activation for layer in source.content.layers[:-1])
    return _one_each(source.activations, source.depth) or own


def zoom_period(source: NetworkSource) -> float | None:
    """The factor by which a zoom about 0 leaves the network's features as they are: that of its
    swirls, where all features are swirls of one factor, else None.
    """
    features = features_of(source)
    factors = {one.parameter[0] for one in features if isinstance(one.parameter, tuple)}
    all_swirl = all(one.kind.name == "swirl" for one in features)
    return factors.pop() if all_swirl and len(factors) == 1 else None


def readout(source: NetworkSource, depth: int) -> Layer:
    """The layer from hidden layer `depth` (0: the inputs) to the outputs.

    A recipe samples one for every width; explicit weights have their last layer alone, which must
    fit. Raises NetartError.
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
    return _sample(source, OUTPUT, 0, (source.outputs, width), source.output_activation)


def check_readout(source: NetworkSource, depth: int) -> None:
    """Raises NetartError if the read-out of explicit weights does not fit hidden layer `depth`."""
    if isinstance(source, Recipe):
        return
    width, taken = (source.content.layers[k].weight.shape[1] for k in (depth, -1))
    if width != taken:
        raise NetartError(f"layer {depth}: is {width} wide, the explicit read-out takes {taken}")


@lru_cache(maxsize=4)
def _from_recipe(recipe: Recipe) -> Network:
    announce("sampling the network", sampling_cost(recipe))
    names = activations_of(recipe)
    features = features_of(recipe)
    width = column_count(features) + len(recipe.latents)
    layers = []
    for k, (units, name) in enumerate(zip(recipe.widths, names, strict=True)):
        layers.append(_sample(recipe, HIDDEN, k, (units, width), name))
        width = units
    shape = (recipe.outputs, width)
    layers.append(_sample(recipe, OUTPUT, 0, shape, recipe.output_activation))
    return Network(tuple(layers), features, recipe.latents)


def _sample(recipe: Recipe, stream: int, layer: int, shape: tuple[int, int], name: str) -> Layer:
    """One layer, scaled. stream, layer, shape: as in `sample_layer`; name: its activation."""
    row = DISTRIBUTIONS[recipe.distribution]
    factors = scales(recipe)
    weight, bias = sample_layer(recipe.mix, row, stream, layer, shape, factors)
    return _checked(weight, bias, name, factors)


@lru_cache(maxsize=4)
def _from_weights(source: Weights) -> Network:
    network, factors = source.content, scales(source)
    own = network.layers[-1].activation
    names = (*activations_of(source), source.output_activation or own)
    layers = tuple(
        _checked(_scaled(layer.weight, factors[0]), _scaled(layer.bias, factors[1]), name, factors)
        for layer, name in zip(network.layers, names, strict=True)
    )
    return Network(layers, network.features, network.latents)


def _checked(weight: Matrix, bias: Matrix, name: str, factors: tuple[float, float]) -> Layer:
    """The layer. Raises NetartError that names the scale which has made its numbers infinite.

    factors: the scales of weights and of biases.
    """
    fields = ("weight_scale", weight, factors[0]), ("bias_scale", bias, factors[1])
    for field, numbers, scale in fields:
        if not np.isfinite(numbers).all():
            message = f"{field} {scale:g}: what it scales must stay finite in float32"
            raise NetartError(message, field=field)
    return Layer(weight, bias, name)


def _scaled(numbers: Matrix, scale: float) -> Matrix:
    """The numbers times the scale, computed in float64 and rounded once."""
    if scale == 1:
        return numbers
    found = np.empty_like(numbers)
    with np.errstate(over="ignore", invalid="ignore"):  # what float32 cannot hold is refused
        np.multiply(numbers, scale, out=found, dtype=np.float64, casting="same_kind")
    return found


def _one_each(names: tuple[str, ...], depth: int) -> tuple[str, ...]:
    """A name for each of `depth` layers: those given, or the one given for all."""
    return names * depth if len(names) == 1 else names

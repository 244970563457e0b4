"""A network as every evaluator sees it: matrices, and nothing about where they come from.

y_0 = the features of (x, y), then the latents
y_k = act_k(W_k y_{k-1} + b_k)  for each layer k; the last one is the read-out
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.ops import Feature, activation, column_count, feature

Matrix = NDArray[np.float32]

# Kinds of features that depend on one coordinate alone, with it.
ONE_SIDED = {
    name: axis
    for axis in "xy"
    for name in (axis, f"{axis}2", f"abs_{axis}", f"sin_{axis}", f"cos_{axis}")
}

MAX_WEIGHTS = 1 << 25  # 128 MiB of float32
MAX_WIDTH = 1 << 15
MAX_LAYERS = 1 << 12
MAX_LATENTS = 1 << 14
MAX_FEATURES = 256  # of more, drivers take minutes to compile the shader


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of a network: activation(weight · inputs + bias)."""

    weight: Matrix  # (out, in) float32
    bias: Matrix  # (out,) float32
    activation: str  # a name of ops.ACTIVATIONS

    def __post_init__(self) -> None:
        activation(self.activation)
        if self.weight.ndim != 2 or self.bias.shape != self.weight.shape[:1] or not self.bias.size:
            raise NetartError(
                f"weight {self.weight.shape} with bias {self.bias.shape}: "
                "must be (out, in) and (out,), neither empty"
            )
        if not (np.isfinite(self.weight).all() and np.isfinite(self.bias).all()):
            raise NetartError("weights and biases must be finite in float32")
        for array in (self.weight, self.bias):
            array.setflags(write=False)  # networks are shared

    def only(self, units: tuple[int, ...]) -> Layer:
        """The layer with these of its units alone, in this order; they count from 0."""
        return Layer(self.weight[list(units)], self.bias[list(units)], self.activation)

    def times(self, factor: float) -> Layer:
        """The layer with its weights and biases multiplied, in float64, and rounded once."""
        weight, bias = (x.astype(np.float64) * factor for x in (self.weight, self.bias))
        return Layer(weight.astype(np.float32), bias.astype(np.float32), self.activation)


@dataclass(frozen=True, eq=False)
class Network:
    """A network with all its numbers: a function from the plane and the latents to outputs."""

    # From first to last; the last is the read-out, all others are hidden.
    layers: tuple[Layer, ...]
    # What of the point (x, y) enters the first layer.
    features: tuple[Feature, ...]
    # The names of further inputs, which enter it after the features, as they are.
    latents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.layers:
            raise NetartError("a network has at least one layer")
        check_features(self.features)
        width = column_count(self.features) + len(self.latents)
        check_sizes(width, [len(layer.bias) for layer in self.layers])
        for k, layer in enumerate(self.layers, 1):
            if layer.weight.shape[1] != width:
                raise NetartError(
                    f"layer {k}: weight has {layer.weight.shape[1]} columns, must be {width}, "
                    f"the width of {'the features and latents' if k == 1 else f'layer {k - 1}'}"
                )
            width = len(layer.bias)

    def __repr__(self) -> str:
        widths = " → ".join(str(len(layer.bias)) for layer in self.layers)
        names = [*map(str, self.features), *self.latents]
        return f"<{type(self).__name__} {','.join(names)} → {widths}>"

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input coordinates: x, y, then the latents."""
        return input_names(self.latents)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.layers) - 1

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return len(self.layers[-1].bias)

    @cached_property
    def sha256(self) -> str:
        """Digest of all that decides what the network computes: `describe` and the arrays."""
        digest = hashlib.sha256(json.dumps(describe(self), sort_keys=True).encode())
        for layer in self.layers:
            for array in (layer.weight, layer.bias):
                digest.update(np.ascontiguousarray(array, "<f4").data)
        return digest.hexdigest()

    def map_layers(self, change: Callable[[Layer], Layer]) -> Network:
        """The network with `change` of each of its layers."""
        return replace(self, layers=tuple(map(change, self.layers)))

    def until(self, depth: int, readout: Layer) -> Network:
        """The network cut after its first `depth` hidden layers, with another read-out on top."""
        return replace(self, layers=(*self.layers[:depth], readout))


def input_names(latents: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the input coordinates: x, y, then the latents."""
    return ("x", "y", *latents)


def inputs_read(features: tuple[Feature, ...], latents: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the input coordinates on which a network of these features depends."""
    read = {name for feature in features for name in ONE_SIDED.get(feature.kind.name, "xy")}
    return tuple(name for name in input_names(latents) if name in read or name in latents)


def default_features(columns: int) -> tuple[str, ...]:
    """The features of a network that names none: x and y, or x alone where its first layer has one
    column.
    """
    return ("x",) if columns == 1 else ("x", "y")


def describe(network: Network) -> dict[str, object]:
    """All of a network but its arrays, as plain data: names and widths."""
    return {
        "activations": [layer.activation for layer in network.layers],
        "features": [str(feature) for feature in network.features],
        "latents": list(network.latents),
        "widths": [len(layer.bias) for layer in network.layers],
    }


def check_sizes(inputs: int, widths: list[int]) -> None:
    """Raises NetartError for a network too large to hold, before any memory is taken.

    inputs: columns of the first layer. widths: of all layers, the read-out included.
    """
    if len(widths) > MAX_LAYERS:
        raise NetartError(f"{len(widths)} layers: at most {MAX_LAYERS}")
    if not 1 <= min(widths) <= max(widths) <= MAX_WIDTH:
        wrong = min(widths) if min(widths) < 1 else max(widths)
        raise NetartError(f"a layer of width {wrong}: widths go from 1 to {MAX_WIDTH}")
    weights = sum(a * b for a, b in zip([inputs, *widths[:-1]], widths, strict=True))
    if weights > MAX_WEIGHTS:
        raise NetartError(f"{weights:,} weights: at most {MAX_WEIGHTS:,}")


def check_features(features: tuple[object, ...]) -> None:
    """Raises NetartError where the features are too many."""
    if len(features) > MAX_FEATURES:
        raise NetartError(f"network.features: {len(features):,}, at most {MAX_FEATURES}")


def check_latents(names: tuple[str, ...]) -> None:
    """Raises NetartError unless the names of latents are distinct identifiers, not x or y."""
    if len(names) > MAX_LATENTS:
        raise NetartError(f"{len(names)} latents: at most {MAX_LATENTS}")
    counts = Counter(names)
    for name in names:
        if not name.isidentifier() or name in ("x", "y") or counts[name] > 1:
            raise NetartError(f"latent {name!r}: names are distinct identifiers, not x or y")


def from_arrays(
    arrays: list[tuple[Matrix, Matrix]], meta: Mapping[str, list[str] | tuple[str, ...]]
) -> Network:
    """The network of given arrays: (weight, bias) of each layer, from first to last.

    meta: `activations` (a name for each layer), `features`, and `latents`' names.
    Raises NetartError that names the layer.
    """
    if len(arrays) != len(meta["activations"]):
        raise NetartError(f"{len(meta['activations'])} activations for {len(arrays)} layers")
    layers = []
    for k, ((weight, bias), name) in enumerate(zip(arrays, meta["activations"], strict=True), 1):
        try:
            layers.append(Layer(weight, bias, name))
        except NetartError as error:
            raise error.at(f"layer {k}") from None
    latents = tuple(meta["latents"])
    check_latents(latents)
    return Network(tuple(layers), tuple(map(feature, meta["features"])), latents)

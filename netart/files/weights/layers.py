"""Weights that a Python program holds: a network, or a list of layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netart.errors import NetartError
from netart.files.weights.contents import Contents, Meta, as_float32
from netart.net.network import Layer, Matrix, Network

# A network; or its layers from first to last, each with weight (out, in), bias (out,) and the name
# of its activation.
Layers = Network | Sequence[Layer | tuple[ArrayLike, ArrayLike, str]]


def contents_of(layers: Layers) -> Contents:
    """What layers say, as a file of them would. A network says all, layers alone no features.

    Raises NetartError that names the layer, counted from 1.
    """
    if isinstance(layers, Network):
        network = layers
        meta = Meta(
            tuple(layer.activation for layer in network.layers),
            tuple(map(str, network.features)),
            dict.fromkeys(network.latents, 0.0),
        )
        return Contents([(layer.weight, layer.bias) for layer in network.layers], meta=meta)
    if not isinstance(layers, Sequence):
        raise NetartError(
            f"{type(layers).__name__}: must be the name of a preset or a file, a shot, or layers"
        )
    if not layers:
        raise NetartError("a network has at least one layer")
    arrays, activations = [], []
    for number, layer in enumerate(layers, 1):
        try:
            if isinstance(layer, Layer):
                layer = layer.weight, layer.bias, layer.activation
            weight, bias, activation = layer
        except (TypeError, ValueError):
            raise NetartError(
                f"layer {number}: must be its weight (out, in), bias (out,) and activation"
            ) from None
        arrays.append((_matrix(weight, 2, number), _matrix(bias, 1, number)))
        activations.append(activation)
    return Contents(arrays, tuple(activations))


def _matrix(values: Any, dimensions: int, number: int) -> Matrix:
    """A copy of the numbers in float32. Raises NetartError."""
    try:
        array: NDArray[Any] = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise NetartError(f"layer {number}: weight and bias must be arrays of numbers") from None
    if array.ndim != dimensions:
        raise NetartError(
            f"layer {number}: {'weight' if dimensions == 2 else 'bias'} {array.shape}: must be "
            f"{'(out, in)' if dimensions == 2 else '(out,)'}"
        )
    return as_float32(array)

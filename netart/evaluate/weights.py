"""The weights of a network as shaders read them: a stream of texels, four numbers each.

For each layer that is evaluated, in the order of their work: (activation, units, 0, 0), then the
biases, then the weights of one input after the other; each of these rows holds a texel for each
quad, four units. Rows are padded with zeros to whole quads, and so is the number of inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.request import Head
from netart.net.network import Layer, Network


class Step(NamedTuple):
    """A layer in the order of its work. depth: hidden layers below it."""

    layer: Layer
    depth: int
    is_head: bool


def steps(network: Network, heads: Iterable[Head]) -> Iterator[Step]:
    """All layers that are evaluated, each head before the hidden layer above it."""
    heads = tuple(heads)
    deepest = max(head.depth for head in heads)
    for depth in range(deepest + 1):
        for head in heads:
            if head.depth == depth:
                yield Step(head.layer, depth, True)
        if depth < deepest:
            yield Step(network.layers[depth], depth, False)


def quads(width: int) -> int:
    """The number of vec4 that hold `width` numbers."""
    return -(-width // 4)


def layer_shape(layer: Layer) -> tuple[int, int]:
    """(inputs, units) in quads."""
    units, inputs = layer.weight.shape
    return quads(inputs), quads(units)


def layer_texels(below: int, here: int) -> int:
    """The texels of a layer; widths in quads."""
    return 1 + here * (1 + 4 * below)


class Run(NamedTuple):
    """Neighbouring layers of one shape: a loop over hidden layers, or heads."""

    below: int  # inputs in quads
    here: int  # units in quads
    inputs: int  # most inputs of a layer; what is above holds zeros
    layers: int
    is_head: bool


def runs(network: Network, heads: tuple[Head, ...]) -> tuple[Run, ...]:
    """The layers that are evaluated by shape, hidden ones cut where a head comes between them."""
    found = []
    for (shape, is_head), group in groupby(
        steps(network, heads), lambda step: (layer_shape(step.layer), step.is_head)
    ):
        inputs = [step.layer.weight.shape[1] for step in group]
        found.append(Run(*shape, max(inputs), len(inputs), is_head))
    return tuple(found)


def starts(network: Network, heads: tuple[Head, ...]) -> list[int]:
    """Where each step begins in the stream."""
    lengths = [layer_texels(*layer_shape(step.layer)) for step in steps(network, heads)]
    return [0, *accumulate(lengths)][:-1]


def pack(network: Network, heads: tuple[Head, ...]) -> NDArray[np.float32]:
    """The stream, (texels, 4) float32."""
    codes = activation_codes(network, max(head.depth for head in heads))
    return np.concatenate(
        [
            _texels(step.layer, 0 if step.is_head else codes[step.layer.activation])
            for step in steps(network, heads)
        ]
    )


def activation_codes(network: Network, depth: int) -> dict[str, int]:
    """The number that stands for each activation of the first `depth` layers."""
    names = sorted({layer.activation for layer in network.layers[:depth]})
    return {name: code for code, name in enumerate(names)}


def _texels(layer: Layer, code: int) -> NDArray[np.float32]:
    units, inputs = layer.weight.shape
    below, here = layer_shape(layer)
    rows = np.zeros((1 + 4 * below, 4 * here), np.float32)
    rows[0, :units] = layer.bias
    rows[1 : 1 + inputs, :units] = layer.weight.T
    return np.concatenate([np.array([[code, units, 0, 0]], np.float32), rows.reshape(-1, 4)])

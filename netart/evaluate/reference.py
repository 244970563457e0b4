"""The definition: numpy in float64, the shortest code that is right.

In float32 and with perturbed weights the same code tells how sensitive a network is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from netart.evaluate.request import CARRIED, Evaluator, Head, LayerFunction, Request, Values
from netart.evaluate.threads import one_blas_thread
from netart.evaluate.tiles import evaluate_tiles, input_slopes
from netart.net.network import Layer, Network
from netart.net.ops import ACTIVATIONS, Array, feature_columns
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, affine


class Reference(Evaluator):
    """Evaluates networks by numpy on one thread.

    precision: float64 is the definition; float32 shows what that precision does to it.
    """

    name = "reference"
    threads = 1

    def __init__(self, precision: type[np.floating[Any]] = np.float64) -> None:
        self.precision = precision
        self.epsilon = float(np.finfo(precision).eps)

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        exact = network.map_layers(self.convert)
        heads = tuple(head._replace(layer=self.convert(head.layer)) for head in request.heads)

        slopes = affine(view, network.inputs)[:, 1:].astype(self.precision)

        def values(at: Array) -> Values:
            along = slopes if request.pixel.slopes else None
            return forward(exact, heads, at.astype(self.precision), request.layers, along)

        # BLAS threads would go on spinning beside whatever runs next.
        with one_blas_thread():
            return evaluate_tiles(
                network, view, size, window, request, self.precision, values, _one_by_one
            )

    def convert(self, layer: Layer) -> Layer:
        """The layer with its float32 numbers in this precision."""
        weight, bias = (array.astype(self.precision) for array in (layer.weight, layer.bias))
        return replace(layer, weight=weight, bias=bias)

    def describe(self) -> str:
        return f"numpy {np.dtype(self.precision)}"

    @property
    def identity(self) -> str:
        return self.describe()

    def close(self) -> None:
        pass


def forward(
    network: Network,
    heads: tuple[Head, ...],
    at: Array,
    layers: LayerFunction | None = None,
    along: Array | None = None,
) -> Values:
    """Points (inputs, N) to the sum of the heads' pre-activations, at the points' precision.

    along: (inputs, 2), what the inputs' coordinates gain with u and with v; with it come the
    derivatives of the outputs to them, by forward mode.
    """
    y = np.stack([*feature_columns(network.features, at[0], at[1]), *at[2:]], axis=1)
    dy = [] if along is None else [d.T for d in input_slopes(network, at, along)]
    outputs: Any = 0
    slopes: list[Any] = [0 for _ in dy]
    carried = np.zeros((at.shape[1], CARRIED), y.dtype) if layers else None
    for depth in range(max(head.depth for head in heads) + 1):
        if depth:
            layer = network.layers[depth - 1]
            z = y @ layer.weight.T + layer.bias
            if layers:
                carried = layers.function(carried, depth, z)
            row = ACTIVATIONS[layer.activation]
            y = row.function(z.copy())
            dy = [row.slope(z, y) * (d @ layer.weight.T) for d in dy]
        for head in heads:
            if head.depth == depth:
                outputs = outputs + (y @ head.layer.weight.T + head.layer.bias)
                slopes = [
                    total + d @ head.layer.weight.T for total, d in zip(slopes, dy, strict=True)
                ]
    return Values(outputs, carried, np.stack(slopes) if dy else None)


def _one_by_one(fill: Callable[[Window], None], tiles: Iterable[Window]) -> None:
    for tile in tiles:
        fill(tile)

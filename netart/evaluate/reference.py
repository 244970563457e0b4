"""The definition: numpy in float64, the shortest code that is right.

In float32 and with perturbed weights the same code tells how sensitive a network is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from netart.evaluate.constants import fold_constants
from netart.evaluate.kernels import numpy_kernels
from netart.evaluate.request import (
    CARRIED,
    Evaluator,
    Head,
    LayerFunction,
    Request,
    Units,
    Values,
)
from netart.evaluate.tiles import evaluate_tiles, input_slopes
from netart.net.network import Layer, Network
from netart.net.ops import ACTIVATIONS, Array, feature_columns
from netart.net.threads import one_blas_thread
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
        network, view, request = fold_constants(network, view, request)
        exact = network.map_layers(self.convert)
        heads = tuple(head._replace(layer=self.convert(head.layer)) for head in request.heads)

        slopes = affine(view, network.inputs)[:, 1:].astype(self.precision)

        def values(at: Array, shape: Size | None) -> Values:
            along = slopes if request.has_slopes else None
            return forward(
                exact, heads, at.astype(self.precision), request.layers, along, 2 / min(size),
                request.differences,
            )  # fmt: skip

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
    def kernels(self) -> str:
        return numpy_kernels()

    def close(self) -> None:
        pass


def forward(
    network: Network,
    heads: tuple[Head, ...],
    at: Array,
    layers: LayerFunction | None = None,
    along: Array | None = None,
    pixel: float = 0.0,
    differences: bool = False,
) -> Values:
    """Points (inputs, N) to the sum of the heads' pre-activations, at the points' precision.

    along: (inputs, 2), what the inputs' coordinates gain with u and with v; with it come the
    derivatives of the outputs to them, by forward mode; or differences over a pixel's width.
    """

    def inputs(at: Array) -> Array:
        return np.stack([*feature_columns(network.features, at[0], at[1]), *at[2:]], axis=1)

    def slopes(z: Array, dz: Sequence[Array]) -> Array | None:
        return np.stack([(d - z) / pixel if differences else d for d in dz]) if dz else None

    y, dy = inputs(at), []
    if along is not None and differences:  # dy and dz are then values, a pixel further on
        dy = [inputs(at + pixel * gain[:, None]) for gain in along.T]
    elif along is not None:
        dy = [d.T for d in input_slopes(network, at, along)]
    outputs: Any = 0
    totals: list[Any] = [0 for _ in dy]
    carried = np.zeros((at.shape[1], CARRIED), y.dtype) if layers else None
    for depth in range(max(head.depth for head in heads) + 1):
        if depth:
            layer = network.layers[depth - 1]
            z = y @ layer.weight.T + layer.bias
            dz = [d @ layer.weight.T + layer.bias * differences for d in dy]
            if layers:
                carried = layers.function(
                    carried, Units(depth, z.shape[1], z, slopes(z, dz), pixel)
                )
            row = ACTIVATIONS[layer.activation]
            y = row.function(z.copy())
            dy = [row.function(d) if differences else row.slope(z, y) * d for d in dz]
        for head in heads:
            if head.depth == depth:
                weight, bias = head.layer.weight.T, head.layer.bias
                outputs = outputs + (y @ weight + bias)
                totals = [
                    total + (d @ weight + bias * differences)
                    for total, d in zip(totals, dy, strict=True)
                ]
    return Values(outputs, carried, slopes(outputs, totals))


def _one_by_one(fill: Callable[[Window], None], tiles: Iterable[Window]) -> None:
    for tile in tiles:
        fill(tile)

"""The definition: numpy in float64, the shortest code that is right.

In float32 and with perturbed weights the same code tells how sensitive a network is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from netart.evaluate.request import Request, averaged, channels, check_request, paste, points, tiles
from netart.evaluate.threads import one_blas_thread
from netart.net.network import Network
from netart.net.ops import ACTIVATIONS, Array, feature_columns
from netart.pixels import Size, Window
from netart.shot.view import View


class Reference:
    """precision: float64 is the definition; float32 shows what that precision does to it."""

    name = "reference"

    def __init__(self, precision: type[np.floating[Any]] = np.float64) -> None:
        self.precision = precision

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Any:
        check_request(self, request)
        shape = (window.height, window.width, channels(network, request.reducer))
        out, exact = np.empty(shape, self.precision), converted(network, self.precision)
        # BLAS threads would go on spinning beside whatever runs next.
        with np.errstate(all="ignore"), one_blas_thread():
            for tile in tiles(network, size, window, request.samples):
                at = points(network, view, size, tile, request.samples).astype(self.precision)
                colours = request.reducer.function(forward(exact, at))
                paste(out, window, tile, averaged(colours, tile, request.samples))
        return out

    def describe(self) -> str:
        return f"numpy {np.dtype(self.precision)}"

    def close(self) -> None:
        pass


def converted(network: Network, precision: type[np.floating[Any]]) -> Network:
    """The network with its float32 numbers in another precision."""
    return network.mapped(
        lambda x: replace(x, weight=x.weight.astype(precision), bias=x.bias.astype(precision))
    )


def forward(network: Network, at: Array) -> Array:
    """Points (inputs, N) to the read-out's pre-activations (N, outputs), at their precision."""
    y = np.stack([*feature_columns(network.features, at[0], at[1]), *at[2:]], axis=1)
    below = y
    for layer in network.layers[:-1]:
        below, y = y, ACTIVATIONS[layer.activation].function(y @ layer.weight.T + layer.bias)
    last, skip = network.layers[-1], network.skip
    z = y @ last.weight.T + last.bias
    return np.asarray(z + below @ skip.weight.T + skip.bias if skip else z)

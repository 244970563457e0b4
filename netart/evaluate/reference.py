"""The definition: numpy in float64, the shortest code that is right.

In float32 and with nudged weights the same code tells how sensitive a network is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from netart.evaluate.request import (
    Request,
    Size,
    Window,
    channels,
    check_request,
    paste,
    points,
    tiles,
)
from netart.net.network import Network
from netart.net.ops import ACTIVATIONS, Array, feature_columns
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
        out = np.empty(shape, self.precision)
        with np.errstate(all="ignore"):
            for tile in tiles(network, size, window):
                at = points(network, view, size, tile).astype(self.precision)
                paste(out, window, tile, request.reducer.function(forward(network, at)))
        return out

    def describe(self) -> str:
        return f"numpy {np.dtype(self.precision)}"

    def close(self) -> None:
        pass


def forward(network: Network, at: Array) -> Array:
    """Points (inputs, N) to the read-out's pre-activations (N, outputs), at their precision."""
    y = np.stack([*feature_columns(network.features, at[0], at[1]), *at[2:]], axis=1)
    for layer in network.layers[:-1]:
        z = y @ layer.weight.T.astype(y.dtype) + layer.bias.astype(y.dtype)
        y = ACTIVATIONS[layer.activation].function(z)
    last = network.layers[-1]
    return np.asarray(y @ last.weight.T.astype(y.dtype) + last.bias.astype(y.dtype))

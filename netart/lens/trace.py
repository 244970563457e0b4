"""Values of every layer of a network at chosen points, in float64."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netart.net.network import Network
from netart.net.ops import ACTIVATIONS, Array, feature_columns
from netart.net.threads import one_blas_thread


def trace(network: Network, at: Array) -> Iterator[tuple[Array, Array]]:
    """Pre-activations and values of each layer, the read-out last: (N, units) both.

    at: (inputs, N), the points.
    """
    y = np.stack([*feature_columns(network.features, at[0], at[1]), *at[2:]], axis=1)
    for layer in network.layers:
        with one_blas_thread(), np.errstate(all="ignore"):
            z = y @ layer.weight.T + layer.bias
            y = ACTIVATIONS[layer.activation].function(z.copy())
        yield z, y

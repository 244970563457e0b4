"""numpy in float32, tile by tile over all cores: needs no system package.

Units lie side by side in rows padded to a multiple of LANE, with a unit that is always 1 behind the
layer's own, so that one product adds the bias too and the activation runs over one block.
Where the activation has an argument that it takes to 1, that unit is kept by the product itself.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from netart.evaluate.request import (
    Pixels,
    Request,
    Size,
    Window,
    channels,
    check_request,
    paste,
    points,
    tiles,
)
from netart.net.network import Layer, Network
from netart.net.ops import ACTIVATIONS, Activation, feature_columns
from netart.shot.view import View

LANE = 8  # float32 numbers in a vector register of AVX2


@dataclass(frozen=True, eq=False)
class Packed:
    """weight: (in padded, out padded) float32, the bias in row `constant` of the layer below."""

    weight: NDArray[np.float32]
    width: int
    activation: Activation


class Cpu:
    """Threads that evaluate tiles; BLAS itself stays on one thread in each."""

    name = "cpu"

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or cores()
        self._pool = ThreadPoolExecutor(self.threads, "netart-cpu")

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        check_request(self, request)
        packed = pack(network)
        out = np.empty(
            (window.height, window.width, channels(network, request.reducer)), np.float32
        )

        def work(tile: Window) -> None:
            with np.errstate(all="ignore"):
                at = points(network, view, size, tile)
                paste(out, window, tile, request.reducer.function(forward(network, packed, at)))

        # Process-wide, so entered once around the pool and not in its threads.
        with threadpool_limits(1, "blas"):
            jobs = [self._pool.submit(work, tile) for tile in tiles(network, size, window)]
            try:
                for job in jobs:
                    job.result()
            finally:
                for job in jobs:
                    job.cancel()
        return out

    def describe(self) -> str:
        return f"numpy float32, {self.threads} threads"

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def padded(width: int) -> int:
    """Room for the units and the constant one."""
    return -(-(width + 1) // LANE) * LANE


def pack(network: Network) -> list[Packed]:
    """The layers as the kernel wants them."""
    return [_packed(layer) for layer in network.layers]


def _packed(layer: Layer) -> Packed:
    units, inputs = layer.weight.shape
    weight = np.zeros((padded(inputs), padded(units)), np.float32)
    weight[:inputs, :units] = layer.weight.T
    weight[inputs, :units] = layer.bias
    activation = ACTIVATIONS[layer.activation]
    weight[inputs, units] = activation.one or 0
    return Packed(weight, units, activation)


def forward(
    network: Network, packed: list[Packed], at: NDArray[np.float64]
) -> NDArray[np.floating[Any]]:
    """Points (inputs, N) float64 to the read-out's pre-activations (N, outputs) float32."""
    x = at.astype(np.float32)
    columns = [*feature_columns(network.features, x[0], x[1]), *x[2:]]
    count, room = at.shape[1], max(len(layer.weight) for layer in packed)
    # Two blocks in turn: fresh memory for every layer would cost more than its arithmetic.
    here, there = np.empty((2, count * room), np.float32)
    y = here[: count * len(packed[0].weight)].reshape(count, -1)
    y[:, len(columns) :] = 0
    for k, column in enumerate(columns):
        y[:, k] = column
    y[:, len(columns)] = 1
    for layer in packed[:-1]:
        z = there[: count * layer.weight.shape[1]].reshape(count, -1)
        y = layer.activation.function(np.matmul(y, layer.weight, out=z))
        if layer.activation.one is None:
            y[:, layer.width] = 1
        here, there = there, here
    read: NDArray[np.floating[Any]] = y @ packed[-1].weight
    return read[:, : packed[-1].width]

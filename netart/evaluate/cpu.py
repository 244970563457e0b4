"""numpy in float32, tile by tile over all cores: needs no system package.

A layer is one product of the samples' rows with a packed matrix, which adds the bias too: each row
ends with a unit that is always 1, and is padded to a multiple of LANE.

                    units of this layer     constant   padding
    units below   ┌ weights, transposed   │   0      │   0
    constant      │ biases                │   c      │   0       f(c) = 1, where f has such a c;
    padding       └ 0                     │   0      │   0       else the 1 is written after f

A narrow layer's products are small ones, many in one call: OpenBLAS need not pack their rows first.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.constants import fold_constants
from netart.evaluate.crossings import Crossings
from netart.evaluate.kernels import numpy_kernels
from netart.evaluate.request import (
    CARRIED,
    FLOAT32_EPSILON,
    Evaluator,
    Request,
    Units,
    Values,
)
from netart.evaluate.tiles import evaluate_tiles, input_slopes, tile_size
from netart.net.network import Layer, Network
from netart.net.ops import ACTIVATIONS, Activation, feature_columns
from netart.net.threads import one_blas_thread
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, affine

LANE = 8  # float32 numbers in a vector register of AVX2
LINE = 16  # float32 numbers in a cache line: off it, a product takes a tenth longer
SMALL = 1_000_000  # multiplications: OpenBLAS's bound for doing without packing (AVX-512)
MAX_ROWS, MIN_ROWS = 512, 64  # of a small product


@dataclass(frozen=True, eq=False)
class Packed:
    """A layer as the kernel wants it."""

    weight: NDArray[np.float32]  # (in, out), as drawn above
    width: int  # units without the constant one and padding
    activation: Activation
    rows: int  # samples that a product takes; 0: all of a tile's


class Cpu(Evaluator):
    """Threads that evaluate tiles; BLAS itself stays on one thread in each."""

    name = "cpu"
    epsilon = FLOAT32_EPSILON

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or cores()
        self._pool = ThreadPoolExecutor(max(1, self.threads - 1), "netart-cpu")

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        network, view, request = fold_constants(network, view, request)
        packed = pack(network, request)
        along = affine(view, network.inputs)[:, 1:].astype(np.float32)
        if not request.has_slopes:
            along = along[:, :0]
        pixel = 2 / min(size)
        return evaluate_tiles(
            network, view, size, window, request, np.float32,
            lambda at, shape: forward(network, packed, at, request, along, pixel, shape),
            self._share,
        )  # fmt: skip

    def _share(self, fill: Callable[[Window], None], tiles: Iterable[Window]) -> None:
        """Fills the tiles on all threads."""
        waiting = deque(tiles)

        def work_on() -> None:
            while waiting:
                with suppress(IndexError):  # another thread was quicker
                    tile = waiting.popleft()
                    fill(tile)

        # Process-wide, so entered once around the pool and not in its threads.
        with one_blas_thread():
            # This thread works too: it need not be woken.
            jobs = [self._pool.submit(work_on) for _ in range(min(self.threads, len(waiting)) - 1)]
            try:
                work_on()
            finally:
                waiting.clear()
                wait(jobs)
            for job in jobs:
                job.result()

    def describe(self) -> str:
        return f"numpy float32, {self.threads} thread{'s' * (self.threads != 1)}"

    @property
    def kernels(self) -> str:
        return numpy_kernels()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def padded_width(width: int) -> int:
    """Room for the units and the constant one."""
    return -(-(width + 1) // LANE) * LANE


def pack(network: Network, request: Request) -> tuple[list[Packed], list[tuple[int, Packed]]]:
    """The hidden layers as the kernel wants them, and the heads with their depths."""
    rows = min(MAX_ROWS, request.samples**2 * prod(tile_size(network, request)))
    hidden = network.layers[: request.depth]
    layers = [_pack_layer(layer, rows, first=k == 0, last=False) for k, layer in enumerate(hidden)]
    heads = [
        (depth, _pack_layer(layer, rows, first=depth == 0, last=True))
        for depth, layer in request.heads
    ]
    return layers, heads


def _pack_layer(layer: Layer, rows: int, first: bool, last: bool) -> Packed:
    units, inputs = layer.weight.shape
    activation = ACTIVATIONS[layer.activation]
    weight = _allocate(
        inputs + 1 if first else padded_width(inputs), units if last else padded_width(units)
    )
    weight[:] = 0
    weight[:inputs, :units] = layer.weight.T
    weight[inputs, :units] = layer.bias
    if not last:
        weight[inputs, units] = activation.one or 0
    while rows * weight.size > SMALL:
        rows = 0 if rows % 2 else rows // 2  # of all layers: each divides the largest
    return Packed(weight, units, activation, rows if rows >= MIN_ROWS else 0)


def _allocate(*shape: int) -> NDArray[np.float32]:
    """Fresh memory that begins with a cache line."""
    count = prod(shape)
    block = np.empty(count + LINE, np.float32)
    start = -(block.__array_interface__["data"][0] // block.itemsize) % LINE
    return block[start : start + count].reshape(shape)


def forward(
    network: Network,
    packed: tuple[list[Packed], list[tuple[int, Packed]]],
    at: NDArray[np.float64],
    request: Request,
    along: NDArray[np.float32],
    pixel: float,
    shape: Size | None,
) -> Values:
    """Points (inputs, N) float64 to the sum of the heads' pre-activations, float32.

    along: (inputs, derivatives), what the inputs' coordinates gain with u and with v, or nothing.
    pixel: a pixel's width in u and v. shape: as in `tiles.Forward`.
    """
    layers = request.layers
    # Where no hidden layer is evaluated there are no lines.
    if layers and layers.watched and packed[0] and shape and not request.pixel.slopes:
        return _forward_near_lines(network, packed, at, request, along, pixel, shape)
    carried = np.zeros((at.shape[1], CARRIED), np.float32) if layers else None

    def look(depth: int, layer: Packed, z: NDArray[Any]) -> None:
        nonlocal carried
        if layers:
            units = Units(depth, layer.width, z[0], _slopes(z, request, pixel), pixel)
            carried = layers.function(carried, units)

    outputs = _run(network, packed, at, request, along, pixel, look)
    return Values(outputs[0], carried, _slopes(outputs, request, pixel))


def _forward_near_lines(
    network: Network,
    packed: tuple[list[Packed], list[tuple[int, Packed]]],
    at: NDArray[np.float64],
    request: Request,
    along: NDArray[np.float32],
    pixel: float,
    shape: Size,
) -> Values:
    """The same where the layer function carries something near lines alone: values everywhere, and
    derivatives near where one of the units that it looks at changes its sign.
    """
    layers, hidden = request.layers, packed[0]
    assert layers
    crossings = Crossings(shape, request.samples * layers.reach)
    masks = []
    for layer, watched in zip(hidden, layers.watched, strict=False):
        masks.append(np.zeros(layer.weight.shape[1], bool))
        masks[-1][list(watched)] = True

    def look(depth: int, layer: Packed, z: NDArray[Any]) -> None:
        if depth <= len(masks) and masks[depth - 1].any():
            crossings.look(z[0], masks[depth - 1])

    outputs = _run(network, packed, at, request, along[:, :0], pixel, look)
    near = crossings.near()
    packed = hidden[: len(masks)], []
    close = forward(network, packed, at[:, near], request, along, pixel, None)
    carried = np.zeros((at.shape[1], CARRIED), np.float32)
    carried[near] = close.carried
    return Values(outputs[0], carried)


def _run(
    network: Network,
    packed: tuple[list[Packed], list[tuple[int, Packed]]],
    at: NDArray[np.float64],
    request: Request,
    along: NDArray[np.float32],
    pixel: float,
    look: Callable[[int, Packed, NDArray[Any]], None],
) -> NDArray[Any]:
    """The outputs and their derivatives, (1 + derivatives, N, outputs), or differences' values.

    look: called with each hidden layer's number, itself, and its pre-activations and their
    derivatives, (1 + derivatives, N, padded units). Derivatives are further rows, whose constant
    unit is 0: they take no biases.
    """
    count, parts = at.shape[1], 1 + along.shape[1]
    hidden, heads = packed
    every = [*hidden, *(head for _, head in heads)]
    rows = max(1, *(layer.rows for layer in every))
    points = -(-count // rows) * rows  # whole products of every layer, the last ones on zeros
    y = _first(network, at, points, request.differences, along, pixel)
    # Two blocks in turn: fresh memory for every layer would cost more than its arithmetic.
    here, there = _allocate(2, parts * points * max(layer.weight.shape[1] for layer in every))
    outputs: Any = np.zeros((parts, count, 0), np.float32)
    for depth in range(len(hidden) + 1):
        if depth:
            layer = hidden[depth - 1]
            z = _product(y, layer, there).reshape(parts, points, -1)
            look(depth, layer, z[:, :count])
            y = _activate(z, layer, request.differences)
            here, there = there, here
        for below, head in heads:
            if below == depth:
                z = _product(y, head, np.empty(parts * points * head.width, np.float32))
                z = z.reshape(parts, points, head.width)[:, :count]
                outputs = outputs + z if outputs.size else z
    return np.asarray(outputs)


def _first(
    network: Network,
    at: NDArray[np.float64],
    points: int,
    differences: bool,
    along: NDArray[np.float32],
    pixel: float,
) -> NDArray[np.float32]:
    """(1 + derivatives, points, inputs + 1): the features and their derivatives, or differences'
    values, and the constant.
    """
    x, count, parts = at.astype(np.float32), at.shape[1], 1 + along.shape[1]
    columns = [[*feature_columns(network.features, x[0], x[1]), *x[2:]]]
    if differences:
        for gain in along.T:
            beside = (at + pixel * gain[:, None]).astype(np.float32)
            columns.append([*feature_columns(network.features, beside[0], beside[1]), *beside[2:]])
    y = np.zeros((parts, points, len(columns[0]) + 1), np.float32)
    for part, features in enumerate(columns):
        for k, column in enumerate(features):
            y[part, :count, k] = column
        y[part, :, -1] = 1
    if not differences:
        for part, slopes in enumerate(input_slopes(network, x, along), 1):
            y[part, :count, :-1] = slopes.T
    return y


def _slopes(z: NDArray[Any], request: Request, pixel: float) -> NDArray[Any] | None:
    """The derivatives of what `_run` makes, (2, N, units)."""
    if len(z) == 1:
        return None
    return (z[1:] - z[:1]) / np.float32(pixel) if request.differences else z[1:]


def _activate(z: NDArray[Any], layer: Packed, differences: bool) -> NDArray[Any]:
    """Pre-activations and their derivatives, (parts, points, units), through the activation; z is
    overwritten.
    """
    activation = layer.activation
    if len(z) == 1 or differences:
        y = activation.function(z)
    else:
        value = activation.function(z[0].copy())
        z[1:] *= activation.slope(z[0], value)
        z[0], y = value, z
    if activation.one is None:
        y[: len(z) if differences else 1, ..., layer.width] = 1
    return y


def _product(
    y: NDArray[np.floating[Any]], layer: Packed, room: NDArray[np.float32]
) -> NDArray[np.floating[Any]]:
    """The pre-activations (products, rows, units), written to the start of `room`."""
    inputs, units = layer.weight.shape
    points = y.size // inputs
    rows = layer.rows or points
    z = room[: points * units].reshape(-1, rows, units)
    return np.matmul(y.reshape(-1, rows, inputs), layer.weight, out=z)

"""The one door of every evaluator: (network, view, size, window, request) → numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError
from netart.net.network import Network
from netart.net.ops import Array
from netart.pixels import Pixels, Size, Window
from netart.shot.oklab import decode, encode
from netart.shot.view import View, affine

TILE_WIDTH, TILE_HEIGHT = 128, 64  # of the numpy evaluators, where the network is narrow
MAX_BLOCK = 1 << 19  # units of all pixels of a tile: 2 MiB of float32, about a core's cache
MAX_WORK = 1 << 30  # multiplications of a tile: some 30 ms of a core, which a window waits for


@dataclass(frozen=True, eq=False)
class Reducer:
    """What becomes of a block of pre-activations: a numpy function and its twin in GLSL.

    function: (N, outputs) → (N, channels). shaders: the files that define `vec4 reduce(vec4
    z)` of the first four outputs. activation: the row that their `act_output` stands for.
    uniforms: numbers for the files; table: (3, K) or (3, rows, K) float32, their `u_table`.
    """

    function: Callable[[Array], Array]
    shaders: tuple[str, ...]
    channels: int
    activation: str = "linear"
    uniforms: Mapping[str, Any] = field(default_factory=dict)
    table: NDArray[np.float32] | None = None


# The pre-activations themselves, up to four.
RAW = Reducer(lambda z: z[:, :4], ("raw.glsl",), 4)


@dataclass(frozen=True, eq=False)
class Request:
    """What is asked of the network at every pixel: its read-out, seen through a reducer.

    jacobian: the derivative to (u, v) beside each value. samples: so many across and down a
    pixel; the reducer's colours are then averaged in linear light.
    """

    reducer: Reducer
    jacobian: bool = False
    samples: int = 1


class Evaluator(Protocol):
    """Opened and closed by its host; holds threads or a GL context, nothing about a picture."""

    name: str

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        """(window.height, window.width, channels) float32 (float64 for the reference)."""
        ...

    def describe(self) -> str:
        """What does the work, in a few words."""
        ...

    def close(self) -> None: ...


def check_request(evaluator: Evaluator, request: Request) -> None:
    """Refuses by name what no evaluator computes yet. Raises NetartError."""
    if request.jacobian:
        raise NetartError(f"{evaluator.name}: derivatives are not evaluated", MACHINE)


def channels(network: Network, reducer: Reducer) -> int:
    """The number of channels that come back."""
    return min(reducer.channels, network.outputs) if reducer is RAW else reducer.channels


def tile_size(network: Network, samples: int) -> Size:
    """Width and height in pixels of a tile of the network's pictures."""
    across, down = TILE_WIDTH, TILE_HEIGHT
    widest = max(max(layer.weight.shape) for layer in network.layers)
    while across * down * samples**2 * widest > MAX_BLOCK and down > 1:
        across, down = across // 2, down // 2
    work = samples**2 * sum(layer.weight.size for layer in network.layers)
    while across * down * work > MAX_WORK and across * down > 1:
        across, down = (across // 2, down) if across > down else (across, down // 2)
    return across, down


def tiles(network: Network, size: Size, window: Window, samples: int) -> Iterator[Window]:
    """The tiles of the whole picture that touch the window; smaller ones for wide networks.

    They are anchored to the picture and evaluated whole, since a float32 product changes its last
    bits with the number of rows: so a window's pixels equal those of the picture bit for bit.
    """
    across, down = tile_size(network, samples)
    width, height = size
    for top in range(window.top // down * down, window.top + window.height, down):
        for left in range(window.left // across * across, window.left + window.width, across):
            yield Window(left, top, min(across, width - left), min(down, height - top))


def points(
    network: Network, view: View, size: Size, tile: Window, samples: int
) -> NDArray[np.float64]:
    """(inputs, N) float64: the coordinates of the tile's samples, row by row from the top."""
    width, height = (samples * side for side in size)
    left, top, across, down = (samples * number for number in tile)
    shorter = min(width, height)
    u = (2 * np.arange(left, left + across) + 1 - width) / shorter
    v = (height - 1 - 2 * np.arange(top, top + down)) / shorter
    centre, along_u, along_v = affine(view, network.inputs).T[:, :, None, None]
    at: NDArray[np.float64] = centre + along_u * u + along_v * v[:, None]
    return at.reshape(len(network.inputs), -1)


def averaged(colours: Array, tile: Window, samples: int) -> Array:
    """(samples of the tile, 3) display sRGB to (pixels, 3), averaged in linear light."""
    if samples == 1:
        return colours
    shape = tile.height, samples, tile.width, samples, -1
    return encode(decode(colours).reshape(shape).mean(axis=(1, 3))).reshape(-1, colours.shape[1])


def paste(out: Pixels, window: Window, tile: Window, values: Array) -> None:
    """Copies the part of a tile's values (N, channels) that lies in the window to `out`."""
    top, left = max(tile.top, window.top), max(tile.left, window.left)
    bottom = min(tile.top + tile.height, window.top + window.height)
    right = min(tile.left + tile.width, window.left + window.width)
    block = values.reshape(tile.height, tile.width, -1)
    out[top - window.top : bottom - window.top, left - window.left : right - window.left] = block[
        top - tile.top : bottom - tile.top, left - tile.left : right - tile.left
    ]

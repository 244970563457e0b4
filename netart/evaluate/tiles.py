"""How numpy evaluators go through a picture: tile by tile, from coordinates to numbers.

What differs between them is how a tile's samples are evaluated, and which threads do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.request import Request, Values
from netart.net.network import Network
from netart.net.ops import Array, feature_gradients
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, affine

TILE_WIDTH, TILE_HEIGHT = 128, 64  # pixels, where the network is narrow
MAX_BLOCK = 1 << 19  # units of all samples of a tile: 2 MiB of float32, about a core's cache
MAX_WORK = 1 << 30  # multiplications of a tile: some 30 ms of a core, which a window waits for

# Coordinates (inputs, N) of samples to values; with the width and height that they are rows of,
# where these are neighbours in the picture.
Forward = Callable[[NDArray[np.float64], Size | None], Values]
Run = Callable[[Callable[[Window], None], Iterator[Window]], None]  # calls it with every tile


def evaluate_tiles(
    network: Network,
    view: View,
    size: Size,
    window: Window,
    request: Request,
    precision: type[np.floating[Any]],
    forward: Forward,
    run: Run,
) -> Pixels:
    """The window's pixels: (rows, columns, channels). precision: of the values that `forward`
    makes, and of the pixels where the request asks for no other numbers.
    """
    shape = window.height, window.width, request.channels
    out = np.empty(shape, request.numbers.dtype if request.numbers else precision)

    def fill(tile: Window) -> None:
        with np.errstate(all="ignore"):
            samples = request.samples * tile.width, request.samples * tile.height
            shape = samples if request.places is None else None
            values = forward(points(network, view, size, tile, request), shape)
            values = values._replace(pixel=2 / min(size))
            channels = average(request.pixel.function(values), tile, request)
            pixels = channels.reshape(tile.height, tile.width, -1)
            if request.numbers:
                pixels = request.numbers.of(pixels, tile.top, tile.left)
            paste(out, window, tile, pixels)

    run(fill, tiles(network, size, window, request))
    return out


def cost(network: Network, request: Request) -> int:
    """Multiplications a pixel."""
    return (
        request.columns
        * request.samples**2
        * sum(units * inputs for units, inputs in request.shapes(network))
    )


def tile_size(network: Network, request: Request) -> Size:
    """Width and height in pixels of a tile of the network's pictures."""
    across, down = TILE_WIDTH, TILE_HEIGHT
    units = request.columns * request.samples**2 * request.widest(network)  # of a pixel
    while across * down * units > MAX_BLOCK and down > 1:
        across, down = across // 2, down // 2
    work = cost(network, request)
    while across * down * work > MAX_WORK and across * down > 1:
        across, down = (across // 2, down) if across > down else (across, down // 2)
    return across, down


def tiles(network: Network, size: Size, window: Window, request: Request) -> Iterator[Window]:
    """The tiles of the whole picture that touch the window; smaller ones for wide networks.

    They are anchored to the picture and evaluated whole, since a float32 product changes its last
    bits with the number of rows: so a window's pixels equal those of the picture bit for bit.
    """
    across, down = tile_size(network, request)
    width, height = request.grid(size)
    for top in range(window.top // down * down, window.top + window.height, down):
        for left in range(window.left // across * across, window.left + window.width, across):
            yield Window(left, top, min(across, width - left), min(down, height - top))


def points(
    network: Network, view: View, size: Size, tile: Window, request: Request
) -> NDArray[np.float64]:
    """(inputs, N) float64: the coordinates of the tile's samples, row by row from the top."""
    samples = request.samples
    width, height = (samples * side for side in size)
    left, top, across, down = (samples * number for number in tile)
    columns, rows = np.arange(left, left + across), np.arange(top, top + down)[:, None]
    if request.places is not None:
        corners = samples * np.kron(
            request.places[tile.top :, tile.left :][: tile.height, : tile.width],
            np.ones((samples, samples, 1), np.int64),
        )
        columns, rows = corners[..., 0] + columns % samples, corners[..., 1] + rows % samples
    shorter = min(width, height)
    u, v = (2 * columns + 1 - width) / shorter, (height - 1 - 2 * rows) / shorter
    centre, along_u, along_v = affine(view, network.inputs).T[:, :, None, None]
    at: NDArray[np.float64] = centre + along_u * u + along_v * v
    return at.reshape(len(network.inputs), -1)


def input_slopes(network: Network, at: Array, along: Array) -> list[Array]:
    """The derivatives of the network's inputs to u and to v, (columns, N) each.

    at: (inputs, N), coordinates; along: (inputs, 2), what they gain with u and with v.
    """
    gradients = feature_gradients(network.features, at[0], at[1])
    return [
        np.stack(
            [
                *(dx * gain[0] + dy * gain[1] for dx, dy in gradients),
                *(np.full_like(at[0], latent) for latent in gain[2:]),
            ]
        )
        for gain in along.T
    ]


def average(channels: Array, tile: Window, request: Request) -> Array:
    """The channels of the tile's samples to those of its pixels."""
    samples, averaging = request.samples, request.averaging
    if samples == 1:
        return channels
    shape = tile.height, samples, tile.width, samples, -1
    return averaging.after(averaging.before(channels).reshape(shape).mean(axis=(1, 3)))


def paste(out: Pixels, window: Window, tile: Window, pixels: Pixels) -> None:
    """Copies the part of a tile's pixels (rows, columns, channels) that lies in the window."""
    top, left = max(tile.top, window.top), max(tile.left, window.left)
    bottom = min(tile.top + tile.height, window.top + window.height)
    right = min(tile.left + tile.width, window.left + window.width)
    out[top - window.top : bottom - window.top, left - window.left : right - window.left] = pixels[
        top - tile.top : bottom - tile.top, left - tile.left : right - tile.left
    ]

"""A network as one Triton kernel, which holds the units of a block of pixels from the coordinates
to the colours and reads each layer's weights once a block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
import triton
import triton.language as tl
from triton.runtime.errors import TritonError

from netart.net.network import Network

MIN_WIDTH = 16  # of a layer in tl.dot


class Blocking(NamedTuple):
    """How a kernel is cut: which is fastest depends on the card and on the width."""

    pixels: int  # a program
    warps: int
    stages: int  # of the loop over layers, which may load the next weights ahead


BLOCKINGS = (
    Blocking(64, 4, 1),
    Blocking(64, 4, 3),
    Blocking(128, 4, 1),
    Blocking(128, 4, 3),
    Blocking(128, 8, 1),
    Blocking(64, 2, 1),
    Blocking(256, 8, 1),
)


ERRORS = (TritonError, RuntimeError)  # where registers or shared memory do not suffice


# Whole numbers that Triton would compile anew for: 1, and multiples of 16.
@triton.jit(do_not_specialize=["side", "layers"])
def draw_pixels(
    out,  # (side × side, 3) uint8
    first,  # (WIDTH, 3): for x, for y, biases
    weights,  # (layers, WIDTH, WIDTH): inputs, units
    biases,  # (layers, WIDTH)
    head,  # (3, WIDTH)
    head_bias,  # (3,)
    side,
    layers,  # hidden ones above the first
    radius,
    WIDTH: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Colours of BLOCK pixels. Units beyond the network's width have weights of 0, and are 0."""
    pixel = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    unit = tl.arange(0, WIDTH)
    x = radius * ((2 * (pixel % side) + 1).to(tl.float32) / side - 1)
    y = radius * (1 - (2 * (pixel // side) + 1).to(tl.float32) / side)
    z = x[:, None] * tl.load(first + 3 * unit)[None, :]
    z += y[:, None] * tl.load(first + 3 * unit + 1)[None, :]
    units = 2 * tl.sigmoid(2 * (z + tl.load(first + 3 * unit + 2)[None, :])) - 1  # tanh
    for layer in range(layers):
        place = layer * WIDTH * WIDTH + unit[:, None] * WIDTH + unit[None, :]
        z = tl.dot(units, tl.load(weights + place), input_precision="ieee")
        z += tl.load(biases + layer * WIDTH + unit)[None, :]
        units = 2 * tl.sigmoid(2 * z) - 1
    for channel in tl.static_range(3):
        total = tl.sum(units * tl.load(head + channel * WIDTH + unit)[None, :], axis=1)
        value = tl.sigmoid(total + tl.load(head_bias + channel)) * 255 + 0.5
        tl.store(out + 3 * pixel + channel, value.to(tl.int32).to(tl.uint8), pixel < side * side)


def kernel_width(width: int) -> int:
    """The width that a layer is padded to: a power of two."""
    return max(MIN_WIDTH, triton.next_power_of_2(width))


def ways(network: Network, on: torch.device) -> tuple[Blocking, ...]:
    """How the kernel may be cut."""
    return BLOCKINGS


def make_picture(
    network: Network, radius: float, on: torch.device
) -> Callable[[int, Blocking], torch.Tensor]:
    """(side, blocking) → (side, side, 3) uint8. The hidden layers are of one width."""
    below, *hidden, head = network.layers
    width = kernel_width(len(below.bias))

    def padded(rows: Any, *shape: int) -> torch.Tensor:
        array = np.zeros(shape, np.float32)
        rows = np.asarray(rows, np.float32)
        array[tuple(slice(length) for length in rows.shape)] = rows
        return torch.from_numpy(array).to(on)

    count = max(1, len(hidden))
    given = (
        padded(np.column_stack([below.weight, below.bias]), width, 3),
        padded([layer.weight.T for layer in hidden], count, width, width),
        padded([layer.bias for layer in hidden], count, width),
        padded(head.weight, 3, width),
        padded(head.bias, 3),
    )

    def picture(side: int, blocking: Blocking) -> torch.Tensor:
        out = torch.empty((side, side, 3), dtype=torch.uint8, device=on)
        draw_pixels[(triton.cdiv(side * side, blocking.pixels),)](
            out, *given, side, len(hidden), radius,
            WIDTH=width, BLOCK=blocking.pixels,
            num_warps=blocking.warps, num_stages=blocking.stages,
        )  # fmt: skip
        return out

    return picture

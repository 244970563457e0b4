"""A network in torch as one writes it: eager, a line a layer, over blocks of rows."""

from __future__ import annotations

from collections.abc import Callable

import torch

from netart.net.network import Network

BLOCKS = (1 << 18, 1 << 20, 1 << 22, 1 << 24)  # pixels: from what caches hold to whole pictures
MEMORY = 0.4  # share of the card's free memory that the units of a block may take

ERRORS = (RuntimeError,)  # where a block does not fit

torch.set_float32_matmul_precision("highest")  # no TF32


def ways(network: Network, on: torch.device) -> list[int]:
    """The blocks for whose units there is memory, twice: a layer is made of the one before."""
    free = torch.cuda.mem_get_info()[0] if on.type == "cuda" else 1 << 30
    widest = max(len(layer.bias) for layer in network.layers)
    return [block for block in BLOCKS if 2 * 4 * widest * block < MEMORY * free]


def make_picture(
    network: Network, radius: float, on: torch.device
) -> Callable[[int, int], torch.Tensor]:
    """(side, block) → (side, side, 3) uint8."""
    layers = [
        (torch.tensor(x.weight, device=on), torch.tensor(x.bias, device=on)) for x in network.layers
    ]
    linear = torch.nn.functional.linear

    @torch.inference_mode()
    def picture(side: int, block: int) -> torch.Tensor:
        along = radius * ((2 * torch.arange(side, device=on) + 1) / side - 1)
        out = torch.empty((side, side, 3), dtype=torch.uint8, device=on)
        rows = max(1, block // side)
        for top in range(0, side, rows):
            y = torch.cartesian_prod(-along[top : top + rows], along).flip(1)
            for weight, bias in layers[:-1]:
                y = linear(y, weight, bias).tanh_()
            values = linear(y, *layers[-1]).sigmoid_().mul_(255).add_(0.5)
            out[top : top + rows] = values.to(torch.uint8).view(-1, side, 3)
        return out

    return picture

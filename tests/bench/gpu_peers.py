"""How fast others draw the same networks on the same card.

    python gpu_peers.py WHO SIDE LIMIT_S DEPTHxWIDTH …

WHO is `torch` (eager) or `triton` (the whole network in one kernel, up to 64 wide). Both compute in
float32, without TF32, from the coordinates to 8-bit RGB, which stays on the card; the fastest of
several ways to cut the work into blocks counts. Sizes, checks and results are gpu_evaluator.py's.

Where there is no card, Triton's interpreter shows on the processor that the kernel is right:
`TRITON_INTERPRET=1 python gpu_peers.py triton 64 1 12x20`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from math import inf
from typing import Any

import torch
from gpu_evaluator import GRID, Draw, check, largest_side, say, shot, timed, typical_s

from netart.net.build import to_network

MUCH_SLOWER = 1.3  # times the fastest: such a way is not tried again on networks as wide

# A side and the way that it is cut → (side, side, 3) uint8.
Picture = Callable[[int, Any], torch.Tensor]


def device() -> torch.device:
    """The card. SystemExit where there is none."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if os.environ.get("TRITON_INTERPRET") == "1":
        return torch.device("cpu")
    raise SystemExit("torch sees no card")


def on_card(picture: Picture, way: Any, on: torch.device) -> Draw:
    """Draws, and waits until it is done."""

    def draw(side: int) -> torch.Tensor:
        out = picture(side, way)
        if on.type == "cuda":
            torch.cuda.synchronize()
        return out

    return draw


def measured(
    draws: dict[Any, Draw],
    ratios: dict[Any, float],
    errors: tuple[type[Exception], ...],
    name: str,
    most: int,
    limit_s: float,
) -> dict[str, Any]:
    """Seconds a picture of a network.

    draws: by the way that the work is cut. ratios: how each way's time compared with the fastest
    on a network about as wide; updated. errors: of a way that the card has no room for.
    """
    found, failed = {}, []
    for way, draw in draws.items():
        if ratios.get(way, 1) > MUCH_SLOWER:
            continue
        try:
            check(draw(GRID).cpu().numpy(), name)
            side = largest_side(draw, most, limit_s)
            found[way] = timed(draw, side) / side**2, side
        except (*errors, ValueError) as error:
            ratios[way] = inf
            failed.append(f"{way}: {' '.join(str(error).split())}")
    if not found:
        return {"why": "; ".join(failed) or "no memory for it"}
    best = min(found, key=found.__getitem__)
    fastest, side = found[best]
    ratios |= {way: took / fastest for way, (took, _) in found.items()}
    whole_s = typical_s(partial(timed, draws[best], side), limit_s)
    return {"side": side, "whole_s": whole_s, "way": str(best)}


def main(who: str, most: str, limit_s: str, *names: str) -> None:
    """A line for each network, with its name."""
    on, peer = device(), import_module(f"gpu_{who}")
    ratios: dict[int, dict[Any, float]] = {}
    for name in names:
        asked = shot(name)
        network = to_network(asked.network)
        picture = peer.make_picture(network, asked.view.radius, on)
        draws = {way: on_card(picture, way, on) for way in peer.ways(network, on)}
        wide = ratios.setdefault((len(network.layers[0].bias) - 1).bit_length(), {})
        found = measured(draws, wide, peer.ERRORS, name, int(most), float(limit_s))
        say({"network": name, **found})


if __name__ == "__main__":
    main(*sys.argv[1:])

"""One shader for the read-outs of all hidden layers, so that a page goes through them."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from netart.evaluate.constants import MAX_TRAVELLING
from netart.evaluate.request import Head, Request
from netart.net.build import activations_of, readout
from netart.shot.lens import Colour, Regions
from netart.shot.shot import Shot


def has_all_layers(shot: Shot) -> bool:
    """Whether one shader reads out any of the shot's hidden layers, and any two neighbours of them:
    they have one width and one activation, and the lens draws read-outs.
    """
    network, lens = shot.network, shot.lens
    return (
        isinstance(lens, Colour | Regions)
        and not lens.units
        and (lens.layer is None or lens.layer >= 1)
        and network.depth > 1
        and len(set(network.widths)) == len(set(activations_of(network))) == 1
        and len(network.latents) <= MAX_TRAVELLING
    )


def with_pair(shot: Shot, request: Request) -> Request:
    """The shot's request with the read-outs of two neighbouring layers, each by its share, which
    may be 0. `readOutPair` in browser/read_outs.js has the same ones.
    """
    return replace(request, heads=_pair(shot, lower_layer(shot)))


def with_any_pair(shot: Shot, request: Request) -> Request:
    """The request of which the shader draws all others that `with_pair` gives, with their
    `loop_counts`.
    """
    return replace(request, heads=_pair(shot, min(2, shot.network.depth - 1)))


def lower_layer(shot: Shot) -> int:
    """The lower one of the two layers, from 1."""
    return max(1, ceil(_layer(shot)) - 1)


def loop_counts(counts: list[int], lower: int) -> list[int]:
    """The layers of each loop of the shader, where the lower one of the two is another. counts: of
    its own; the first layer has a loop for itself where it has another shape.
    """
    return [1, lower - 1, 1] if len(counts) > 2 else [lower, 1]


def _pair(shot: Shot, lower: int) -> tuple[Head, Head]:
    share = min(1.0, max(0.0, _layer(shot) - lower))
    return _head(shot, lower + 1, share), _head(shot, lower, 1 - share)


def _head(shot: Shot, depth: int, share: float) -> Head:
    assert isinstance(shot.lens, Colour | Regions)
    layer, output = readout(shot.network, depth).times(share), shot.lens.output
    return Head(depth, layer if output is None else layer.only((output - 1,)))


def _layer(shot: Shot) -> float:
    assert isinstance(shot.lens, Colour | Regions)
    return shot.network.depth if shot.lens.layer is None else shot.lens.layer

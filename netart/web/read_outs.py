"""One shader for the read-outs of all hidden layers, so that a page goes through them."""

from __future__ import annotations

from math import ceil

from netart.evaluate.constants import MAX_TRAVELLING
from netart.evaluate.request import Head
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


def pair_of(shot: Shot) -> tuple[Head, Head]:
    """The read-outs of two neighbouring layers of such a shot, each by its share, which may be 0.
    `readOutPair` in browser/read_outs.js has the same ones.
    """
    return _pair(shot, _lower_layer(shot))


def any_pair(shot: Shot) -> tuple[Head, Head]:
    """The read-outs of which one shader draws those of all layers, by other `loop_counts`."""
    return _pair(shot, min(2, shot.network.depth - 1))


def loop_counts(shot: Shot, counts: list[int]) -> list[int]:
    """The layers of each loop of that shader for the shot's own layer. counts: as it is made. The
    first layer has a loop for itself where it has another shape.
    """
    lower = _lower_layer(shot)
    return [1, lower - 1, 1] if len(counts) > 2 else [lower, 1]


def layer_of(shot: Shot) -> float:
    """The layer that such a shot reads out, also where it is unset."""
    assert isinstance(shot.lens, Colour | Regions)
    return shot.network.depth if shot.lens.layer is None else shot.lens.layer


def _lower_layer(shot: Shot) -> int:
    return max(1, ceil(layer_of(shot)) - 1)


def _pair(shot: Shot, lower: int) -> tuple[Head, Head]:
    share = min(1.0, max(0.0, layer_of(shot) - lower))
    return _head(shot, lower + 1, share), _head(shot, lower, 1 - share)


def _head(shot: Shot, depth: int, share: float) -> Head:
    assert isinstance(shot.lens, Colour | Regions)
    layer, output = readout(shot.network, depth).times(share), shot.lens.output
    return Head(depth, layer if output is None else layer.only((output - 1,)))

"""A piecewise linear network over a picture, as layers of differences to the picture's centre.

Of each hidden layer the pre-activations at the centre are computed to as many digits as the view
needs, and rounded to float64; what varies over the picture is carried as differences to them. So a
line is where it belongs at any depth of zoom, and rotation, axes and latents cost nothing.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import Any, NamedTuple

import numpy as np

from netart.lens.cells import Array
from netart.net.network import Network
from netart.net.piecewise import KINKED
from netart.shot.view import View, affine

DIGITS = 40  # of a number at the centre, beside those that the view's radius needs


class FoldedLayer(NamedTuple):
    """A hidden layer as an affine function of differences to the centre of a picture."""

    weight: Array  # (units, inputs); the inputs of the first layer are u and v
    centre: Array  # (units,): the pre-activations at (u, v) = (0, 0)
    slopes: tuple[float, float]  # of its activation, below and above 0; NaN where it has none

    def activate(self, change: Array) -> Array:
        """How the units' values differ from those at the centre: (N, units).

        change: (N, units), how their pre-activations do.
        """
        # On the centre's side of 0 the activation's slope is `own`, and beyond 0 another: no number
        # is formed that differs from its neighbour's in its last digits alone.
        below, above = self.slopes
        is_above = self.centre >= 0
        own, sign = np.where(is_above, above, below), np.where(is_above, -1.0, 1.0)
        beyond = change * sign
        beyond += sign * self.centre
        np.maximum(beyond, np.zeros(beyond.shape[1]), out=beyond)
        beyond *= above - below
        beyond += own * change
        return beyond


def fold(network: Network, view: View, depth: int) -> list[FoldedLayer]:
    """Hidden layers 1 to `depth` over the picture of a view, of a network that is piecewise linear
    up to the last of them, whose activation plays no part.
    """
    rows = [network.inputs.index(str(feature)) for feature in network.features]
    rows += range(2, len(network.inputs))
    along = affine(view, network.inputs)[rows, 1:]  # (inputs, 2)
    centres = _centre(network, view, rows, depth)
    layers = []
    for k, (layer, centre) in enumerate(zip(network.layers, centres, strict=False)):
        weight = layer.weight.astype(np.float64)
        slopes = KINKED.get(layer.activation, (np.nan, np.nan))
        layers.append(FoldedLayer(weight @ along if k == 0 else weight, centre, slopes))
    return layers


def _centre(network: Network, view: View, rows: list[int], depth: int) -> list[Array]:
    """The pre-activations of each layer at the centre of the view, each rounded once."""
    digits = DIGITS + max(0, -Decimal(view.radius).adjusted())
    found = []
    with localcontext(Context(prec=digits)):
        y: Any = np.array([+view.centre[row] for row in rows], object)
        for layer in network.layers[:depth]:
            weight = np.array([[Decimal(w) for w in row] for row in layer.weight.tolist()], object)
            z = weight @ y + np.array([Decimal(b) for b in layer.bias.tolist()], object)
            found.append(z.astype(np.float64))
            below, above = map(Decimal, KINKED.get(layer.activation, (0, 0)))
            y = np.array([(above if one >= 0 else below) * one for one in z], object)
    return found

"""On which units' lines the lines of others bend, in any network."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.evaluate import tiles
from netart.evaluate.reference import forward
from netart.evaluate.request import LayerFunction, Request, Units, empty_head
from netart.net.network import Network
from netart.net.ops import Array
from netart.net.piecewise import BENT
from netart.pixels import Window
from netart.shot.view import View

# Which lines meet is looked up on a grid of so many points a side, over the square of this half
# width in u and v: pictures of three by two lie in it.
MEETING_POINTS, MEETING_REACH = 256, 1.5


def bent_on(
    network: Network, view: View, drawn: tuple[NDArray[np.float32], ...]
) -> list[tuple[int, NDArray[np.bool_]]]:
    """Layers, from 0, with those of their units on which the lines of drawn units bend: whose own
    lines meet one of theirs, in or near the picture.

    On a grid of points, two lines meet where both cross the same cell. drawn: (units,) of each
    layer, above 0 where a line is drawn.
    """
    last = max(k for k, row in enumerate(drawn) if row.any())
    view = replace(view, radius=MEETING_REACH * view.radius)
    size = MEETING_POINTS, MEETING_POINTS
    heads = (empty_head(network, last + 1, 1),)
    crossed: list[NDArray[np.bool_]] = []  # of each layer, (units, cells)

    def look(carried: Array, units: Units) -> Array:
        corners = (units.z > 0).T.reshape(-1, *size)
        cells = [corners[:, a : a - 1 or None, b : b - 1 or None] for a in (0, 1) for b in (0, 1)]
        any_above, all_above = cells[0].copy(), cells[0].copy()
        for other in cells[1:]:
            any_above |= other
            all_above &= other
        crossed.append((any_above & ~all_above).reshape(len(corners), -1))
        return carried

    at = tiles.points(network, view, size, Window.whole(size), Request(heads))
    with np.errstate(all="ignore"):
        forward(network, heads, at, LayerFunction(look, ""))
    found = []
    for k in range(last):
        if network.layers[k].activation in BENT:
            later = [crossed[j][drawn[j] > 0].any(axis=0) for j in range(k + 1, last + 1)]
            where = np.asarray(np.any(later, axis=0))
            found.append((k, np.asarray(crossed[k][:, where].any(axis=1))))
    return found

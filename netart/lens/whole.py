"""What the modules of lenses share that draw their picture as a whole, on paper of their own."""

from __future__ import annotations

from collections.abc import Sequence

from netart.evaluate.request import Evaluator, Head
from netart.lens.marks import Point
from netart.net.build import to_network
from netart.pixels import Size
from netart.shot.shot import Shot

# A drawing takes some 0.1 to 0.4 s at 1280x720, whatever little is computed for it: a quarter of
# the multiplications that an evaluator does in a second.
DRAWING = 270


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-out of the whole network."""
    network = to_network(shot.network)
    return (Head(network.depth, network.layers[-1]),)


def cost(shot: Shot) -> int:
    """Multiplications a pixel that take as long as to draw it."""
    return DRAWING


def tile_size(shot: Shot, size: Size) -> Size:
    """The whole picture."""
    return size


def points(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Point]:
    """Where the shot's points stand over its picture: nowhere, the picture is not of the plane."""
    return ()

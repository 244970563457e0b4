"""What a network from a file is drawn as, when nothing is said but its name."""

from __future__ import annotations

from decimal import Decimal
from math import isqrt

import numpy as np

from netart.evaluate.reference import forward
from netart.evaluate.request import Head
from netart.files.weights.contents import Given, Imported
from netart.net.network import Network, inputs_read
from netart.net.ops import column_count
from netart.net.recipe import Weights
from netart.shot.lens import Colour, Curves, Lens, Regions
from netart.shot.look import Look
from netart.shot.shot import Shot
from netart.shot.view import View

PALETTE_READS = 3  # outputs: of more, regions tell which is the largest
OWN_COLOURS = 8  # of regions without a palette; then they repeat
MANY = "oklch"  # the palette of more: all hues
GRID, MIN_GRID = 24, 5  # points along either side of the picture, where regions are looked for
MAX_WORK = 1 << 31  # multiplications at them: half a second
REACHED = 90.0  # percent of the first layer's units whose lines the picture reaches
MARGIN = 1.5
MIN_RADIUS, MAX_RADIUS = 1.0, 100.0


def first_shot(imported: Imported, given: Given, name: str) -> Shot:
    """The shot of the file called `name`. given: what the file was completed with.

    A file that netart wrote is drawn by the default shot, as what it was written from. One of
    another program gets a radius at which its units' lines are seen, and a lens that shows its
    outputs: curves where it reads x alone, regions where they are more than a palette reads, and
    not the same one is the largest everywhere.
    """
    own = {field: getattr(given, field) for field in Given._fields if field in imported.completed}
    own.pop("features", None)
    network, latents = imported.network, imported.latents.values()
    source = Weights(content=network, name=name, **own)
    centre = Decimal(0), Decimal(0), *(Decimal(repr(value)) for value in latents)
    if imported.is_own:
        return Shot(network=source, view=View(centre=centre))
    radius = _radius(network)
    lens = _lens(network, centre, radius)
    look = Look()
    if isinstance(lens, Colour):
        look = Look(samples="auto")
    elif isinstance(lens, Regions) and network.outputs > OWN_COLOURS:
        look = Look(palette=MANY)
    return Shot(network=source, view=View(centre=centre, radius=radius), lens=lens, look=look)


def _lens(network: Network, centre: tuple[Decimal, ...], radius: float) -> Lens:
    if inputs_read(network.features, network.latents) == ("x",):
        return Curves()
    if network.outputs <= PALETTE_READS:
        return Colour()
    weights = sum(layer.weight.size for layer in network.layers)
    points = max(MIN_GRID, min(GRID, isqrt(MAX_WORK // weights)))
    side = np.linspace(-radius, radius, points)
    at = np.repeat(np.array(centre, np.float64)[:, None], points**2, axis=1)
    at[:2] = np.reshape(np.meshgrid(side, side), (2, -1))
    with np.errstate(all="ignore"):
        z = forward(network, (Head(network.depth, network.layers[-1]),), at).outputs
    is_divided = len(np.unique(z.argmax(axis=1))) > 1
    return Regions(shading="margin") if is_divided else Colour()


def _radius(network: Network) -> float:
    """A distance from 0 at which most units of the first layer change their sign, in two digits.

    Along the features, which are x and y where the file says nothing: |bias| / |weight|.
    """
    first = network.layers[0]
    weight = first.weight[:, : column_count(network.features)].astype(np.float64)
    length = np.linalg.norm(weight, axis=1)
    distance = np.abs(first.bias[length > 0]) / length[length > 0]
    radius = MARGIN * np.percentile(distance, REACHED) if distance.size else MIN_RADIUS
    return float(f"{min(max(radius, MIN_RADIUS), MAX_RADIUS):.2g}")

"""What a network from a file is drawn as, when nothing is said but its name."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from netart.files.weights.contents import Given, Imported
from netart.net.network import Network, inputs_read
from netart.net.ops import column_count
from netart.net.recipe import Weights
from netart.shot.lens import Colour, Curves, Lens, Regions
from netart.shot.look import Look
from netart.shot.shot import Shot
from netart.shot.view import View

PALETTE_READS = 3  # outputs: of more, regions tell which is the largest
REACHED = 75.0  # percent of the first layer's units whose lines the picture reaches
MARGIN = 1.25
MIN_RADIUS, MAX_RADIUS = 1.0, 100.0


def first_shot(imported: Imported, given: Given, name: str) -> Shot:
    """The shot of the file called `name`. given: what the file was completed with.

    A file that netart wrote is drawn by the default shot, as what it was written from. One of
    another program gets a radius at which its units' lines are seen, and a lens that shows all
    outputs: curves where it reads x alone, regions where it has more outputs than a palette reads.
    """
    own = {field: getattr(given, field) for field in Given._fields if field in imported.completed}
    own.pop("features", None)
    network, latents = imported.network, imported.latents.values()
    source = Weights(content=network, name=name, **own)
    centre = Decimal(0), Decimal(0), *(Decimal(repr(value)) for value in latents)
    if imported.is_own:
        return Shot(network=source, view=View(centre=centre))
    lens = _lens(network)
    look = Look(samples="auto") if isinstance(lens, Colour) else Look()
    view = View(centre=centre, radius=_radius(network))
    return Shot(network=source, view=view, lens=lens, look=look)


def _lens(network: Network) -> Lens:
    if inputs_read(network.features, network.latents) == ("x",):
        return Curves()
    return Regions() if network.outputs > PALETTE_READS else Colour()


def _radius(network: Network) -> float:
    """A distance from 0 at which most units of the first layer change their sign, in two digits.

    Along the features, which are x and y where the file says nothing: |bias| / |weight|.
    """
    first = network.layers[0]
    length = np.linalg.norm(first.weight[:, : column_count(network.features)], axis=1)
    distance = np.abs(first.bias[length > 0]) / length[length > 0]
    radius = MARGIN * np.percentile(distance, REACHED) if distance.size else MIN_RADIUS
    return float(f"{min(max(radius, MIN_RADIUS), MAX_RADIUS):.2g}")

"""The names that a field may have: those that a shot takes, and a palette that its seed decides."""

from __future__ import annotations

from netart.errors import NetartError
from netart.net.learning.run import lead_seed
from netart.net.recipe import NetworkSource, Recipe
from netart.net.sampling import PALETTE, words
from netart.shot.fields import apply, field, parse
from netart.shot.shot import Shot

RANDOM = 1  # the layer of the stream of colours that chooses a palette; 0 draws the cosines


def accepted_choices(shot: Shot, name: str) -> tuple[str, ...]:
    """Of all names that the field may have, those that the shot takes.

    Raises NetartError where it takes none.
    """
    found, error = [], None
    for choice in field(name).choices:
        try:
            apply(shot, {name: parse(name, choice)})
            found.append(choice)
        except NetartError as refused:
            error = refused
    if error and not found:
        raise error
    return tuple(found)


def random_palette(shot: Shot) -> str:
    """The name of a palette with colours of its own, decided by the shot's seed.

    Where the shot keeps chroma it is one of corners, which alone do so. Raises NetartError where
    the shot takes none.
    """
    kinds = ("corners",) if shot.look.chroma else ("corners", "ramp")
    names = [name for name in accepted_choices(shot, "palette") if name.split(":")[0] in kinds]
    if not names:
        raise NetartError("palette random: none fits what is drawn", field="palette random")
    return names[int(words(_seed(shot.network), PALETTE, RANDOM, 0, 1)[0] % len(names))]


def _seed(network: NetworkSource) -> int:
    """The seed with the largest share; of explicit weights a number from their digest."""
    if isinstance(network, Recipe):
        return lead_seed(network)
    return int(network.content.sha256[:16], 16)

"""The glass lens' data."""

from __future__ import annotations

from math import ceil
from typing import ClassVar

from netart.errors import NetartError
from netart.net.piecewise import check_piecewise_linear
from netart.net.recipe import NetworkSource
from netart.shot.lens.colour import Colour
from netart.shot.look import Look

MAX_LEADS = 100.0  # points


class Glass(Colour, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="glass"):
    """The cells in which a network of relu and its like is linear, in their mean colours."""

    LOOK: ClassVar[frozenset[str]] = Colour.LOOK - {"samples"}
    VARIANTS: ClassVar = {"facets": {"leads": 0.0}}

    # Width of the lines between cells, of the first layer's units, where the picture's shorter side
    # is 640; 0 for none.
    leads: float = 2.4
    # How wide those of each layer are in comparison with those of the layer before.
    taper: float = 0.6

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.leads <= MAX_LEADS:
            raise NetartError(f"lens.leads = {self.leads}: must be from 0 to {MAX_LEADS:g}")
        if not 0 < self.taper <= 1:
            raise NetartError(f"lens.taper = {self.taper}: must be above 0, and at most 1")

    def check(self, network: NetworkSource, look: Look) -> None:
        super().check(network, look)
        check_piecewise_linear(network, self.depth(network))

    def depth(self, network: NetworkSource) -> int:
        """The hidden layers whose units divide the picture into cells."""
        if self.units:
            return self.units[0][0] - 1
        return ceil(network.depth if self.layer is None else self.layer)

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if name == "taper" and not self.leads:
            return NetartError("taper: there are no lines: add leads", field=name, hint="leads")
        return super().refuses(name, network, look)

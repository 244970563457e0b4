"""What of the network is looked at, and how."""

from __future__ import annotations

import msgspec

from netart.errors import NetartError


class Colour(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="colour",
):
    """Read-out → palette → pixel. layer: the hidden layer that is read out, unset for the last."""

    layer: int | None = None

    def __post_init__(self) -> None:
        if self.layer is not None and self.layer < 0:
            raise NetartError(f"lens.layer = {self.layer}: must be 0 (the inputs) or above")


Lens = Colour

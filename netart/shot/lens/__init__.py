"""What of a network is looked at: the data of each kind of lens.

How a kind becomes a picture stands in the module of `netart/lens/` that has its tag as name.
"""

from __future__ import annotations

from netart.errors import NetartError, unknown
from netart.shot.lens.base import LensStruct
from netart.shot.lens.colour import Colour
from netart.shot.lens.curves import Curves
from netart.shot.lens.diagram import Diagram
from netart.shot.lens.glass import Glass
from netart.shot.lens.landscape import Landscape
from netart.shot.lens.lines import Lines
from netart.shot.lens.loss import Loss
from netart.shot.lens.regions import Regions
from netart.shot.lens.warp import Warp

__all__ = [
    "LENSES",
    "NAMES",
    "Colour",
    "Curves",
    "Diagram",
    "Glass",
    "Landscape",
    "Lens",
    "LensStruct",
    "Lines",
    "Loss",
    "Regions",
    "Warp",
    "lens_named",
]

# Their tags say which is which.
Lens = Colour | Landscape | Regions | Lines | Glass | Curves | Warp | Diagram | Loss

LENSES: dict[str, type[Lens]] = {  # by tag, the default first
    "colour": Colour,
    "landscape": Landscape,
    "regions": Regions,
    "lines": Lines,
    "glass": Glass,
    "curves": Curves,
    "warp": Warp,
    "diagram": Diagram,
    "loss": Loss,
}

# Every lens and every variant of one, as `lens` and `beside` name them.
NAMES = tuple(
    name
    for kind, struct in LENSES.items()
    for name in (kind, *(f"{kind}:{variant}" for variant in struct.VARIANTS))
)


def lens_named(name: str, like: LensStruct) -> Lens:
    """The lens of this name, or this variant of one; it keeps the other lens' values of the fields
    that both have. Raises NetartError for an unknown name, or values that the lens refuses.
    """
    tag, _, variant = name.partition(":")
    if tag in LENSES and name not in NAMES:
        own = [other for other in NAMES if other.partition(":")[0] == tag]
        raise NetartError(f"unknown lens {name!r}: one of {', '.join(own)}")
    if name not in NAMES:
        raise unknown("lens", name, NAMES)
    kind = LENSES[tag]
    # What makes the other lens a variant goes with its name.
    varied = {field for values in like.VARIANTS.values() for field in values}
    kept = {
        field: getattr(like, field)
        for field in kind.__struct_fields__
        if field in like.__struct_fields__ and not (field in varied and like.name != like.kind)
    }
    return kind(**{**kept, **(kind.VARIANTS[variant] if variant else {})})

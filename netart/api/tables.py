"""The names that fields take, each with what it means: for looking things up in Python."""

from __future__ import annotations

from netart.files.source import preset_names, read_source
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.sampling import DISTRIBUTIONS
from netart.shot.colours import CORNERS, RAMPS
from netart.shot.fields import FIELDS
from netart.shot.lens import LENSES
from netart.shot.light import LIGHTS, NONE
from netart.shot.palette import KINDS, NAMES


class Table(dict[str, str]):
    """Name → what it means, in the order of a list; it prints as a line for each name."""

    def __repr__(self) -> str:
        wide = max(map(len, self), default=0)
        return "\n".join(f"{name:<{wide}}  {text}".rstrip() for name, text in self.items())


def presets() -> Table:
    """The presets, as netart.new and netart.load take them, with what each shows."""
    return Table({name: read_source(name).about for name in preset_names()})


def fields() -> Table:
    """The fields of a shot, by which netart.new, shot.but and all that draws change it."""
    return Table({row.name: row.help for row in FIELDS.values()})


def palettes() -> Table:
    """Palettes by their names, with the colours that they go through."""
    own = {f"corners:{name}": text for name, text in CORNERS.items()}
    own |= {f"ramp:{name}": text for name, text in RAMPS.items()}
    return Table({name: own[name] if name in own else KINDS[name].help for name in NAMES})


def activations() -> Table:
    """What a unit may do with its pre-activation z, with formulas."""
    return Table({row.name: row.formula for row in ACTIVATIONS.values()})


def features() -> Table:
    """What of a point (x, y) may enter a network, with formulas; K and the like are numbers to be
    chosen, as in sin_x:6.
    """
    return Table({row.signature: row.formula for row in FEATURES.values()})


def distributions() -> Table:
    """How weights and biases may be drawn, before the scales."""
    return Table({row.name: row.formula for row in DISTRIBUTIONS.values()})


def lenses() -> Table:
    """The ways to look at a network."""
    return Table({name: str(lens.__doc__).splitlines()[0] for name, lens in LENSES.items()})


def lights() -> Table:
    """The finishes of a picture's surface."""
    return Table({NONE: "The colours as they are.", **{x.name: x.help for x in LIGHTS.values()}})

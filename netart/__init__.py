"""netart draws the functions that neural networks are.

    shot = netart.new("silk", seed=7, palette="corners:frost", depth=8)
    netart.render(shot, 1024).save("silk.png")

Importing it loads nothing heavy: numpy, Pillow and moderngl come when they are first needed.
"""

from __future__ import annotations

from netart.errors import NetartError
from netart.version import __version__

TYPE_CHECKING = False  # typing takes longer to load than all of this package
if TYPE_CHECKING:
    from netart.api.films import Film, film
    from netart.api.numbers import lines, network, values
    from netart.api.pages import Page, sheet
    from netart.api.phase import phase
    from netart.api.picture import Picture
    from netart.api.shots import load, new, render
    from netart.api.tables import (
        activations,
        distributions,
        features,
        fields,
        lenses,
        lights,
        palettes,
        presets,
    )
    from netart.api.training import train
    from netart.files.source import to_toml
    from netart.shot.sheet import Sheet
    from netart.shot.shot import Shot
    from netart.shot.timeline import Timeline
    from netart.web.export import export

__all__ = [
    "Film",
    "NetartError",
    "Page",
    "Picture",
    "Sheet",
    "Shot",
    "Timeline",
    "__version__",
    "activations",
    "distributions",
    "export",
    "features",
    "fields",
    "film",
    "lenses",
    "lights",
    "lines",
    "load",
    "network",
    "new",
    "palettes",
    "phase",
    "presets",
    "render",
    "sheet",
    "to_toml",
    "train",
    "values",
]

# Module → what of it is offered here.
_OFFERED = {
    "api.films": ("Film", "film"),
    "api.numbers": ("lines", "network", "values"),
    "api.pages": ("Page", "sheet"),
    "api.phase": ("phase",),
    "api.picture": ("Picture",),
    "api.shots": ("load", "new", "render"),
    "api.tables": (
        "activations", "distributions", "features", "fields", "lenses", "lights", "palettes",
        "presets",
    ),
    "api.training": ("train",),
    "files.source": ("to_toml",),
    "shot.sheet": ("Sheet",),
    "shot.shot": ("Shot",),
    "shot.timeline": ("Timeline",),
    "web.export": ("export",),
}  # fmt: skip
_PLACES = {name: module for module, names in _OFFERED.items() for name in names}


if not TYPE_CHECKING:  # type checkers would take any name for one that there is

    def __getattr__(name: str) -> object:
        """What the modules below offer, loaded when it is first asked for."""
        if name not in _PLACES:
            raise AttributeError(f"module 'netart' has no attribute {name!r}")
        from importlib import import_module

        globals()[name] = found = getattr(import_module(f"netart.{_PLACES[name]}"), name)
        return found


def __dir__() -> list[str]:
    return list(__all__)

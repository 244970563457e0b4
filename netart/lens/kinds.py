"""The kinds of lenses: what their modules offer, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from netart.evaluate.request import Evaluator, Head, Request
from netart.lens import (
    colour,
    curves,
    diagram,
    glass,
    landscape,
    lines,
    loss,
    regions,
    warp,
)
from netart.lens.marks import Label, Point
from netart.pixels import Pixels, Size, Window
from netart.shot.shot import Shot


class Lens(Protocol):
    """What the module of a lens offers."""

    def heads(self, shot: Shot) -> tuple[Head, ...]:
        """The read-outs of the network that are looked at, added up."""
        ...

    def is_flat(self, shot: Shot) -> bool:
        """Whether what is drawn has no slope anywhere, so that no light can show a surface."""
        ...

    def is_measured(self, shot: Shot) -> bool:
        """Whether `measure` would find nothing in the shot: no field that matters is `auto`."""
        ...

    def measure(self, shots: Sequence[Shot]) -> dict[str, Any]:
        """Values for the fields that are `auto`, measured on all shots together: none where a
        shot leaves nothing to measure, or where the shots have no values in common.
        """
        ...

    def unmeasured(self, shot: Shot) -> Shot:
        """The shot with `auto` in place of numbers that `measure` may have found."""
        ...

    def explicit(self, shot: Shot) -> Shot:
        """The same picture with a value for all that is unset, so that a film can move it."""
        ...

    def points(self, shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Point]:
        """Where the shot's points stand in its picture of that size."""
        ...

    def labels(self, shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Label]:
        """The texts over the shot's picture of that size."""
        ...


class PointwiseLens(Lens, Protocol):
    """A lens whose pixels an evaluator makes, each from its own point."""

    def request(self, shot: Shot) -> Request:
        """What is asked of an evaluator at every pixel."""
        ...


class DrawnLens(Lens, Protocol):
    """A lens that draws by itself, and asks an evaluator for what it needs."""

    def draw(self, shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
        """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
        ...

    def cost(self, shot: Shot) -> int:
        """Multiplications a pixel, roughly."""
        ...

    def tile_size(self, shot: Shot, size: Size) -> Size:
        """Width and height in pixels of the tiles that windows are best cut along."""
        ...


POINTWISE: dict[str, PointwiseLens] = {"colour": colour, "regions": regions, "lines": lines}
DRAWN: dict[str, DrawnLens] = {
    "landscape": landscape,
    "glass": glass,
    "curves": curves,
    "warp": warp,
    "diagram": diagram,
    "loss": loss,
}
LENSES: dict[str, Lens] = {**POINTWISE, **DRAWN}

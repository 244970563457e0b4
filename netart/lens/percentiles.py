"""What a browser measures of a picture for its contrast, as contrast.py does it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from msgspec import structs

from netart.evaluate.request import PixelFunction, Request
from netart.lens.colour import display_activation
from netart.lens.regions import FULL
from netart.shot.lens import Colour, Lines, Regions
from netart.shot.shot import Shot


class Measurement(NamedTuple):
    """Numbers over a small picture, whose percentiles are the limits of the contrast."""

    request: Request
    percentiles: tuple[float | None, float]  # None for 0


def measurement(shot: Shot, request: Request) -> Measurement | None:
    """What is measured of a shot whose contrast is no field's; None where nothing is.

    request: of its picture, whose read-outs, and so whose weights, are the same.
    """
    under = _coloured(shot)
    if under is None:
        return None
    lens, network = under.lens, under.network
    if isinstance(lens, Colour) and under.look.has_contrast:
        count = lens.mapped_channels(network, under.look)
        pixel = PixelFunction(request.pixel.function, "activated", count, display_activation(under))
        percentiles: tuple[float | None, float] = lens.palette(network, under.look).kind.percentiles
    elif isinstance(lens, Regions) and lens.shading == "margin":
        numbers = {"u_regions": lens.channels(network), "u_level": float(lens.level)}
        pixel = PixelFunction(request.pixel.function, "margin", 1, uniforms=numbers)
        percentiles = (None, FULL)
    else:
        return None
    asked = replace(request, pixel=pixel, layers=None, differences=False, samples=1)
    return Measurement(asked, percentiles)


def _coloured(shot: Shot) -> Shot | None:
    """The shot itself, or that of what lies under its lines, if it has the shot's own look."""
    lens = shot.lens
    if not isinstance(lens, Lines):
        return shot
    if not lens.ground or lens.ground_look(shot.look) != shot.look:
        return None
    return structs.replace(shot, lens=lens.ground, beside=None)

"""The landscape lens: a lit height map of one output over the square of the view.

What the network is asked for, and what is measured; `terrain.py` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import radians, sin
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from msgspec.structs import replace

from netart.errors import NetartError
from netart.evaluate import tiles
from netart.evaluate.constants import folded
from netart.evaluate.request import Evaluator, Head, PixelFunction, Request, Values
from netart.lens import antialias, colour, panels, plot
from netart.lens.colour import unmeasured
from netart.lens.contrast import limits
from netart.lens.fixed import labels
from netart.lens.lines_vector import boundaries
from netart.lens.marks import Point, points_on_plane
from netart.lens.plane import add_image, add_lines, plane
from netart.lens.terrain import Drawing, Terrain
from netart.net.build import to_network
from netart.net.ops import ACTIVATIONS, Array
from netart.pixels import Pixels, Size, Window
from netart.shot.colours import colour as levels_of
from netart.shot.lens import Colour, Landscape
from netart.shot.look import Limits, Look
from netart.shot.oklab import srgb_decode
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "cost", "draw", "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure",
    "measures_heights", "points", "terrain_of", "tile_size", "unmeasured",
]  # fmt: skip

PERCENTILES = (0, 100)  # of the heights
TABLE = 2048  # colours of a palette
AUTO_SAMPLES = 2  # across a pixel
MAP_WIDTH = 0.8  # of contours on the flat picture, in pixels
MAX_DRAWINGS = 2  # whose light and slices are kept: a picture has two panels that a camera sees
SHADING = 400  # multiplications that shading a sample is worth
FARTHEST, FLATTEST = 1e9, 1e-9


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-out whose value is the height."""
    return colour.heads(_height(shot))


def draw(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture of that size: (rows, columns, 3), display sRGB in [0, 1]."""
    if _lens(shot).sight == "top":
        return _draw_map(shot, size, window, evaluator)
    return _drawing(shot, size, evaluator).draw(window, evaluator)


def _draw_map(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of a picture with the ground in its middle, as the colour lens draws it."""
    out, side = panels.paper(window), min(size)
    square = Window((size[0] - side) // 2, (size[1] - side) // 2, side, side)
    if part := panels.overlap(square, window):
        own = part._replace(left=part.left - square.left, top=part.top - square.top)
        asked = to_network(shot.network), shot.view, (side, side), own, _map_request(shot)
        auto = shot.look.samples == "auto"
        drawn = antialias.draw(*asked, evaluator) if auto else evaluator.evaluate(*asked)
        tiles.paste(out, window, part, drawn)
    return out


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The flat picture as a drawing: its contours, over an image of its colours. Raises NetartError
    for a landscape that a camera sees, which is pixels.
    """
    lens = _lens(shot)
    if lens.sight != "top":
        wanted = "landscape:top draws its contours as lines"
        raise NetartError(f"from the side a landscape is pixels: {wanted}")
    page, axes = plane(size)
    bare = replace(shot, lens=replace(lens, contours=0))
    add_image(axes, size, draw(bare, size, Window.whole(size), evaluator))
    if not lens.contours or lens.drape == "picture":
        return page
    ((low, high),) = _span(shot)
    levels = low + (high - low) * np.arange(1, lens.contours + 1) / (lens.contours + 1)
    activate = ACTIVATIONS[colour.display_activation(_height(shot))].function

    def above(z: Array) -> Array:
        return np.asarray(activate(z[:, :1].copy()) - levels)

    square = (min(size), min(size))
    found = boundaries(shot, square, heads(shot), above)
    ink = [level / 255 for level in levels_of(str(_map_look(shot).light_settings["ink"]))]
    add_lines(axes, found, ink, MAP_WIDTH / plot.points(1, size), "contours", clip=1)
    return page


def cost(shot: Shot) -> int:
    """Multiplications a pixel, roughly."""
    if _lens(shot).sight == "top":
        return tiles.cost(*folded(shot, _map_request(shot)))
    samples = _samples(shot)
    return samples * (tiles.cost(*folded(shot, _height_request(shot))) + SHADING * samples)


def tile_size(shot: Shot, size: Size) -> Size:
    """Width and height in pixels of the tiles that windows are best cut along: whole columns."""
    if _lens(shot).sight == "top":
        return tiles.tile_size(*folded(shot, _map_request(shot)))
    return Drawing.step_of(_samples(shot)), size[1]


def is_flat(shot: Shot) -> bool:
    """Whether the surface has no slope anywhere, since all of it goes through steps."""
    return colour.is_flat(_height(shot))


def is_measured(shot: Shot) -> bool:
    """Whether the shot has limits of its heights, or contrast is off and has none to find."""
    return colour.is_measured(shot) and not _is_stretched(shot)


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """Contrast limits: of the picture that is draped, and of the heights."""
    if any(map(is_measured, shots)):
        return {}
    found: Limits = ()
    if _lens(shots[0]).drape == "picture":
        found = colour.measure([_picture(shot) for shot in shots]).get("contrast", ())
        if not found:
            return {}
    return {"contrast": (*found, *_measure_heights(shots))}


def explicit(shot: Shot) -> Shot:
    """The shot with values for its palette, for contrast that is off, and for its layer."""
    lens = _lens(shot)
    look = replace(shot.look, palette=lens.palette_name(shot.network, shot.look))
    if not look.has_contrast:
        look = replace(look, contrast="off")
    if lens.layer is None and not lens.units:
        lens = replace(lens, layer=shot.network.depth)
    return replace(shot, look=look, lens=lens)


def points(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Point]:
    """Where the shot's points stand on the surface, in its picture of that size: those that nothing
    hides.
    """
    found = [each for each in points_on_plane(shot) if max(abs(each.u), abs(each.v)) <= 1]
    if _lens(shot).sight == "top" or not found:
        return found
    at = np.array([(each.u, each.v) for each in found])
    places, seen = _drawing(shot, size, evaluator).locate(at, evaluator)
    return [
        Point(u, v, each.number)
        for (u, v), each, is_seen in zip(places.tolist(), found, seen.tolist(), strict=True)
        if is_seen
    ]


def _lens(shot: Shot) -> Landscape:
    assert isinstance(shot.lens, Landscape)
    return shot.lens


def _samples(shot: Shot) -> int:
    return AUTO_SAMPLES if shot.look.samples == "auto" else shot.look.samples


@lru_cache(maxsize=8)
def _height(shot: Shot) -> Shot:
    """The flat picture of the height alone, with its limits if they are set."""
    look, lens = shot.look, _lens(shot)
    if isinstance(look.contrast, tuple):
        look = replace(look, contrast=look.contrast[-1:])
    elif not look.has_contrast:
        look = replace(look, contrast="off")
    palette = "ramp:redgreen" if lens.drape == "picture" else _palette_name(shot)
    return _flat(shot, lens.height_lens, replace(look, palette=palette, chroma=0.0))


@lru_cache(maxsize=8)
def _picture(shot: Shot) -> Shot:
    """The flat picture whose colours the surface has."""
    look, lens = shot.look, _lens(shot)
    look = replace(look, palette=_palette_name(shot))
    if lens.drape == "height":
        if look.has_contrast:
            look = replace(look, contrast=_span(shot))
        return _flat(shot, lens.height_lens, look)
    if isinstance(look.contrast, tuple) and len(look.contrast) > 1:
        look = replace(look, contrast=look.contrast[:-1])
    return _flat(shot, lens.picture_lens, look)


def _flat(shot: Shot, lens: Colour, look: Look) -> Shot:
    """A picture without light."""
    unlit: dict[str, Any] = {"light": "none"} | {
        name: None for name in look.__struct_fields__ if name.startswith("light_")
    }
    return Shot(network=shot.network, view=shot.view, lens=lens, look=replace(look, **unlit))


def _palette_name(shot: Shot) -> str:
    return _lens(shot).palette_name(shot.network, shot.look)


# What the network is asked for.


@lru_cache(maxsize=8)
def _map_request(shot: Shot) -> Request:
    """The landscape's picture from above, contours too."""
    lens, flat = _lens(shot), _picture(shot)
    if lens.drape == "picture":
        return colour.request(flat)
    if lens.contours:
        flat = replace(flat, look=_map_look(shot))
    return colour.request(flat, () if flat.look.has_contrast else _span(shot))


def _map_look(shot: Shot) -> Look:
    """The look of the flat picture with contours."""
    levels = float(_lens(shot).contours + 1)
    look = _picture(shot).look
    return replace(look, light="contour", light_levels=levels, light_width=MAP_WIDTH)


@lru_cache(maxsize=8)
def _height_request(shot: Shot) -> Request:
    """Heights t, 0 to 1 between the limits, and their derivatives to u and v."""
    flat = _height(shot)
    name = colour.display_activation(flat)
    activate, slope = ACTIVATIONS[name].function, ACTIVATIONS[name].slope
    ((low, high),) = _span(shot)
    wide = high - low > colour.MIN_SPAN
    gain, middle = (1 / (high - low), 0.0) if wide else (0.0, 0.5)

    def function(values: Values) -> Array:
        assert values.slopes is not None
        z = values.outputs[:, 0].copy()
        y = activate(z.copy())
        steep = slope(z, y) * z.dtype.type(gain)
        t = (y - z.dtype.type(low)) * z.dtype.type(gain) + z.dtype.type(middle)
        return np.stack([t, *(steep * values.slopes[:, :, 0])], axis=1)

    uniforms = {"u_low": float(low), "u_gain": float(gain), "u_middle": middle}
    pixel = PixelFunction(function, "lens_height", 3, name, uniforms=uniforms, slopes=True)
    return Request(colour.heads(flat), pixel)


def _line_request(shot: Shot) -> Request:
    """The distance from where the nearest unit of the first hidden layer is 0; of a read-out of the
    inputs, from where an output is. It is what the camera sees of it, in lengths of its u, where v
    goes away from it.
    """
    sine = sin(radians(_lens(shot).elevation))
    network = to_network(shot.network)
    head = Head(0, network.layers[0])
    units = len(head.layer.bias)

    def function(values: Values) -> Array:
        assert values.slopes is not None
        right, away = values.slopes
        slope = np.hypot(right, away / right.dtype.type(sine))
        away = np.abs(values.outputs) / np.maximum(slope, FLATTEST)
        return np.asarray(np.minimum(away.min(axis=1, keepdims=True), FARTHEST))

    constants = {"UNITS": units, "FARTHEST": FARTHEST, "FLATTEST": FLATTEST}
    uniforms = {"u_sine": sine}
    pixel = PixelFunction(
        function, "ground_lines", 1, constants=constants, uniforms=uniforms, slopes=True
    )
    return Request((head,), pixel)


def measures_heights(shot: Shot) -> bool:
    """Whether the values at the heights 0 and 1 are those that its network has."""
    if isinstance(shot.look.contrast, tuple):
        return False
    name = colour.display_activation(_height(shot))
    return shot.look.has_contrast or not colour.is_bounded(name)


def _span(shot: Shot) -> Limits:
    """(lo, hi): the values at the heights 0 and 1."""
    if isinstance(shot.look.contrast, tuple):
        return shot.look.contrast[-1:]
    if measures_heights(shot):
        return _measure_heights([shot])
    return (colour.activation_span(colour.display_activation(_height(shot))),)


def _is_stretched(shot: Shot) -> bool:
    """Whether contrast that is off makes the same picture as limits that are measured: values pass
    the same activation with it and without, and that has no range.
    """
    lens, name = _lens(shot), colour.display_activation(_height(shot))
    passes = name == "linear" or bool(lens.units)
    is_off = not shot.look.has_contrast and lens.drape == "height"
    return is_off and passes and not colour.is_bounded(name)


def _measure_heights(shots: Sequence[Shot]) -> Limits:
    """(lo, hi) of the heights of all these shots together."""
    asked = []
    for shot in shots:
        flat = _height(shot)
        activate = ACTIVATIONS[colour.display_activation(flat)].function

        def function(values: Values, activate: Any = activate) -> Array:
            return np.asarray(activate(values.outputs[:, :1]))

        asked.append((shot, Request(colour.heads(flat), PixelFunction(function, "", 1))))
    return limits(asked, PERCENTILES)


# What windows of a picture share, by the evaluator that draws them, the newest last.
_drawings: WeakKeyDictionary[Evaluator, list[tuple[Shot, Size, Drawing]]] = WeakKeyDictionary()


def _drawing(shot: Shot, size: Size, evaluator: Evaluator) -> Drawing:
    """The picture of that size, one of the evaluator's last few."""
    last = _drawings.setdefault(evaluator, [])
    for entry in last:
        if entry[:2] == (shot, size):
            return entry[2]
    drawing = Drawing(terrain_of(shot), size, _samples(shot))
    last.append((shot, size, drawing))
    del last[:-MAX_DRAWINGS]
    return drawing


def terrain_of(shot: Shot) -> Terrain:
    """The landscape, and how it is seen."""
    lens, flat = _lens(shot), _picture(shot)
    ((low, high),) = _span(shot)
    output = ACTIVATIONS[colour.display_activation(_height(shot))]
    zero = float(output.function(np.zeros(1))[0])
    zero = (zero - low) / (high - low) if high > low else 0.5
    steps = np.linspace(0, 1, TABLE)[None]
    if lens.drape == "height":
        colours = colour.graded_palette(flat)(steps)
    else:  # of contours on the floor
        colours = np.repeat(0.15 + 0.7 * steps, 3, axis=0)
    table = np.ascontiguousarray(srgb_decode(colours).T, np.float32)
    return Terrain(
        network=to_network(shot.network),
        view=shot.view,
        heights=_height_request(shot),
        table=table,
        colours=colour.request(flat) if lens.drape == "picture" else None,
        lines=_line_request(shot) if lens.ground_lines else None,
        zero=zero if lens.zero_plane else None,
        border=zero,
        azimuth=lens.azimuth,
        elevation=lens.elevation,
        rise=lens.rise,
        sun=(lens.sun_azimuth, lens.sun_elevation),
        solid=lens.style == "block",
        contours=lens.contours,
        floor=lens.floor,
        jumps=colour.has_jumps(shot, heads(shot)) or output.slope in colour.FLAT,
    )

"""The regions lens: on which side of a level an output lies, or which of several is the largest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace

from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator, Head, PixelFunction, Request, Values
from netart.lens import plot
from netart.lens.colour import LIGHT, MIN_SPAN, has_jumps
from netart.lens.contrast import limits
from netart.lens.fixed import is_flat, points
from netart.lens.lines_vector import boundaries
from netart.lens.marks import LABEL_GRID, LETTERS, Label
from netart.lens.plane import add_image, add_lines, picture_of, plane
from netart.net.build import readout, to_network
from netart.net.ops import Array
from netart.pixels import Size, Window
from netart.shot.finishes import display
from netart.shot.lens import Regions
from netart.shot.look import Limits, Look
from netart.shot.oklab import display_from_oklab, oklab_from_display
from netart.shot.palette import NAN_COLOUR, palette
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "explicit",
    "figure",
    "heads",
    "is_flat",
    "is_measured",
    "labels",
    "measure",
    "points",
    "region_colours",
    "request",
    "unmeasured",
]

# Told apart by all kinds of sight: neighbours differ in lightness too.
COLOURS = "#e7a04f #2f6c8f #f1dfbf #a8423f #86b59f #563f66 #c9b13c #1f2a36"
PAPER = "#faf6ec"
INKS = ("#1d1a18", "#f7f2e6")  # of lines, on light and on dark colours

LIGHTNESS, CHROMA = 0.7, 0.12  # in Oklab, of hues that no table gives

SHADES = 64  # of a region, from pale to full
PALEST = 0.72  # the share of paper in the first of them
FULL = 95.0  # percentile of the margin at which a colour is full
FAR = 1e30  # pixels to a boundary where there is no slope


def region_colours(look: Look, count: int) -> Array:
    """(3, count) display sRGB of the regions: A, B, C and so on.

    They are taken from the look's palette, at equal distances along it; of corners around their
    square; where it needs three outputs, they are hues at equal distances.
    """
    if look.palette is None:
        named = display(*COLOURS.split())
        return named[:, np.arange(count) % named.shape[1]]
    chosen = palette(look.palette)
    if chosen.kind.max_outputs == 1:
        t = np.linspace(0, 1, count)[None] * 0.8 + 0.1
    elif chosen.kind.min_outputs == 2:
        side, rest = np.divmod(4 * np.arange(count) / count, 1)
        corner = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]).T
        at = side.astype(int)
        t = corner[:, at] + rest * (corner[:, at + 1] - corner[:, at])
    else:
        turn = 2 * np.pi * (np.arange(count) / count + 1 / 6)
        lab = [np.full(count, LIGHTNESS), CHROMA * np.cos(turn), CHROMA * np.sin(turn)]
        return display_from_oklab(np.stack(lab))
    return np.asarray(chosen.kind.function(t, chosen.table))


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-outs that are compared: a fraction of a layer is two of them, added up."""
    lens, network = _lens(shot), to_network(shot.network)
    if lens.units:
        ((number, unit),) = lens.units
        return (Head(number - 1, network.layers[number - 1].only((unit - 1,))),)
    found = []
    for depth, share in lens.readouts(network.depth):
        layer = readout(shot.network, depth).times(share)
        found.append(Head(depth, layer if lens.output is None else layer.only((lens.output - 1,))))
    return tuple(found)


@lru_cache(maxsize=8)
def request(shot: Shot) -> Request:
    """What the lens asks of an evaluator: (N, 3) display sRGB in [0, 1].

    The margin m is how far the largest output lies above the second, or one output from its level.
    The boundary is m/|∇m| away. Colours meet there over a pixel, under a line; they are mixed as
    they are displayed, as drawing programs do. NaN is NAN_COLOUR.
    """
    lens, look = _lens(shot), shot.look
    count = lens.channels(shot.network)
    colours = region_colours(look, max(2, count))
    ink = _ink(shot)
    table, jumps = _shades(colours), has_jumps(shot, heads(shot))
    low, gain, even = 0.0, 0.0, float(lens.shading == "flat")
    if lens.shading == "margin":
        ((low, high),) = _limits(look) or _measure_limits([shot])
        gain = 1 / max(high - low, MIN_SPAN)

    def colour(values: Values) -> Array:
        assert values.slopes is not None
        z, slopes = values.outputs.T, values.slopes.swapaxes(1, 2)
        here, there, margin, slope = _compare(z, slopes, lens.level)
        away = np.full_like(margin, FAR)
        if jumps:
            for beside in slopes:
                other, *_ = _compare(z + values.pixel * beside, slopes, lens.level)
                away[other != here] = 0
        else:
            steep = values.pixel * np.hypot(*slope)
            near = margin < FAR * steep
            away[near] = margin[near] / steep[near]
        shade = np.full_like(margin, even)
        if gain:
            shade = np.clip((margin - low) * gain, 0, 1) ** (1 / look.gamma)
            if levels := look.posterize:
                shade = np.minimum(np.floor(shade * levels), levels - 1) / (levels - 1)
        fill = _colour(table, here, shade).astype(z.dtype, copy=False)
        at = np.flatnonzero(away < lens.boundary / 2 + 0.5)
        mine, away = fill[:, at], away[at]
        if not jumps:
            other = _colour(table, there[at], shade[at])
            mine += np.clip(0.5 - away, 0, 1) * (other - mine)
        line = np.clip(lens.boundary / 2 + 0.5 - away, 0, min(lens.boundary, 1))
        fill[:, at] = mine + line * (ink.astype(z.dtype)[:, None] - mine)
        fill[:, np.isnan(z).any(axis=0)] = np.array(NAN_COLOUR, z.dtype)[:, None]
        return fill.T

    uniforms = {
        "u_regions": count,
        "u_level": float(lens.level),
        "u_jumps": int(jumps),
        "u_boundary": float(lens.boundary),
        "u_ink": tuple(ink.tolist()),
        "u_shade": even,
        "u_low": low,
        "u_gain": gain,
        "u_power": 1 / look.gamma,
        "u_levels": float(look.posterize),
    }
    pixel = PixelFunction(
        colour, "lens_regions", 3, constants={"NAN_COLOUR": (*NAN_COLOUR, 1.0)}, uniforms=uniforms,
        table=table, slopes=True, antialiased=not (jumps or look.posterize),
    )  # fmt: skip
    samples = 1 if look.samples == "auto" else look.samples
    return Request(heads(shot), pixel, differences=jumps, samples=samples, averaging=LIGHT)


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The picture as a drawing: the lines between regions, over an image of these."""
    lens = _lens(shot)
    page, axes = plane(size)
    bare = replace(shot, lens=replace(lens, boundary=0.0), beside=None)
    add_image(axes, size, picture_of(bare, request(bare), size, evaluator))

    def margins(z: Array) -> Array:
        if z.shape[1] == 1:
            return z - lens.level
        rest = [np.delete(z, k, axis=1).max(axis=1) for k in range(z.shape[1])]
        # Where the last output is the largest, another is on the other side.
        return np.asarray((z - np.stack(rest, axis=1))[:, :-1])

    if lens.boundary:
        found = boundaries(shot, size, heads(shot), margins)
        add_lines(
            axes, found, _ink(shot).tolist(), lens.boundary / plot.points(1, size), "boundary"
        )
    return page


def _ink(shot: Shot) -> Array:
    """The colour of lines, dark on light regions."""
    colours = region_colours(shot.look, max(2, _lens(shot).channels(shot.network)))
    return display(INKS[int(oklab_from_display(colours)[0].mean() < 0.5)])[:, 0]


def is_measured(shot: Shot) -> bool:
    """Whether the shot has limits of the margin, or no shades."""
    return bool(_limits(shot.look)) or _lens(shot).shading != "margin"


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """Limits of the margin, where all shots leave them to be measured."""
    return {} if any(map(is_measured, shots)) else {"contrast": _measure_limits(shots)}


def unmeasured(shot: Shot) -> Shot:
    """The shot without limits of the margin."""
    if not _limits(shot.look):
        return shot
    return replace(shot, look=replace(shot.look, contrast=None))


def explicit(shot: Shot) -> Shot:
    """The shot with a value for its layer."""
    lens = _lens(shot)
    if lens.layer is None and not lens.units:
        lens = replace(lens, layer=shot.network.depth)
    return replace(shot, lens=lens)


def labels(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Label]:
    """A letter in the widest part of each region."""
    return _labels(shot, size) if _lens(shot).annotate else ()


def missed_level(shot: Shot, size: Size) -> tuple[float, float, float] | None:
    """The level of one output, and the least and the greatest of its values, where the picture is
    one region.
    """
    lens = _lens(shot)
    if lens.channels(shot.network) > 1:
        return None
    values = _on_grid(shot, size, lambda values: values.outputs)
    low, high = float(values.min()), float(values.max())
    return None if low <= lens.level < high else (lens.level, low, high)


@lru_cache(maxsize=8)
def _labels(shot: Shot, size: Size) -> tuple[Label, ...]:
    lens = _lens(shot)

    def number(values: Values) -> Array:
        z = values.outputs.T
        return _compare(z, np.zeros((2, *z.shape)), lens.level)[0][:, None]

    drawn = _on_grid(shot, size, number)
    height, width = drawn.shape
    found = []
    for region in range(lens.count(shot.network)):
        if (drawn == region).any():
            row, column = _widest(drawn == region)
            u, v = (2 * column + 1 - width) / LABEL_GRID, (height - 1 - 2 * row) / LABEL_GRID
            found.append(Label(u, v, LETTERS[region % len(LETTERS)]))
    return tuple(found)


def _on_grid(shot: Shot, size: Size, function: Callable[[Values], Array]) -> Array:
    """(rows, columns) of the picture, LABEL_GRID along its shorter side: what the function makes
    of the values that are compared there.
    """
    grid = (round(LABEL_GRID * size[0] / min(size)), round(LABEL_GRID * size[1] / min(size)))
    asked = Request(heads(shot), PixelFunction(function, "", 1))
    network, window = to_network(shot.network), Window.whole(grid)
    return np.asarray(Reference().evaluate(network, shot.view, grid, window, asked)[..., 0])


def _widest(inside: Any) -> tuple[int, int]:
    """Row and column of a point of the region that lies as far as any from its boundary."""
    left: Any = np.pad(inside, 1)
    while True:
        inner = left.copy()
        for beside in (left[:-2, 1:-1], left[2:, 1:-1], left[1:-1, :-2], left[1:-1, 2:]):
            inner[1:-1, 1:-1] &= beside
        if not inner.any():
            rows, columns = np.nonzero(left)
            middle = np.hypot(rows - rows.mean(), columns - columns.mean()).argmin()
            return int(rows[middle]) - 1, int(columns[middle]) - 1
        left = inner


def _compare(z: Array, slopes: Array, level: float) -> tuple[Array, Array, Array, Array]:
    """The region of each sample, the nearest other one in value, by how much it is further, and how
    that changes to u and to v, (2, N). z: (outputs, N).
    """
    if len(z) == 1:
        here = np.where(z[0] > level, 0, 1)
        return here, 1 - here, np.abs(z[0] - z.dtype.type(level)), slopes[:, 0]
    here, at = z.argmax(axis=0), np.arange(z.shape[1])
    rest = z.copy()
    rest[here, at] = -np.inf
    there = rest.argmax(axis=0)
    there = np.where(there == here, np.where(here == 0, 1, 0), there)  # all others are −∞
    return here, there, z[here, at] - z[there, at], slopes[:, here, at] - slopes[:, there, at]


def _shades(colours: Array) -> Any:
    """(3, regions, SHADES) float32 display sRGB: each region's colours from pale to full."""
    lab, paper = oklab_from_display(colours), oklab_from_display(display(PAPER))
    share = PALEST * (1 - np.linspace(0, 1, SHADES))
    shades = lab[:, :, None] + share * (paper[:, :, None] - lab[:, :, None])
    rgb = display_from_oklab(shades.reshape(3, -1)).reshape(shades.shape)
    return np.ascontiguousarray(rgb, np.float32)


def _colour(table: Any, region: Array, shade: Array) -> Array:
    """(3, N): the regions' colours at these shades."""
    place = shade * (SHADES - 1)
    step = np.minimum(np.floor(place), SHADES - 2)
    below = step.astype(np.int32)
    below += SHADES * region.astype(np.int32)
    low, high = (table.reshape(3, -1).take(k, axis=1, mode="clip") for k in (below, below + 1))
    return np.asarray(low + (place - step) * (high - low))


def _measure_limits(shots: Sequence[Shot]) -> Limits:
    """(lo, hi) of the margin, on all shots together."""

    def asked(shot: Shot) -> tuple[Shot, Request]:
        level = _lens(shot).level

        def margin(values: Values) -> Array:
            z = values.outputs.T
            return _compare(z, np.zeros((2, *z.shape)), level)[2][:, None]

        return shot, Request(heads(shot), PixelFunction(margin, "", 1))

    ((_, high),) = limits(map(asked, shots), (0, FULL))
    return ((0.0, high),)


def _limits(look: Look) -> Limits:
    """The look's limits of the margin, none where they are left to be measured."""
    return look.contrast if isinstance(look.contrast, tuple) else ()


def _lens(shot: Shot) -> Regions:
    assert isinstance(shot.lens, Regions)
    return shot.lens

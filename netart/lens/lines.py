"""The lines lens: where each hidden unit's pre-activation is 0."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.evaluate.request import (
    PLAIN,
    Evaluator,
    Head,
    LayerFunction,
    PixelFunction,
    Request,
    Units,
    Values,
    empty_head,
)
from netart.lens import colour, equations, plot, regions
from netart.lens.bends import bent_on
from netart.lens.colour import FLAT, LIGHT
from netart.lens.exact import as_data, exact_lines
from netart.lens.fixed import is_flat, points
from netart.lens.lines_vector import switching_lines
from netart.lens.marks import Label
from netart.lens.plane import add_image, add_lines, picture_of, plane
from netart.lens.target import target_picture
from netart.net.build import to_network
from netart.net.ops import ACTIVATIONS, Array
from netart.pixels import Pixels, Size, Window
from netart.shot.finishes import display
from netart.shot.lens import Colour, Lines
from netart.shot.lens.lines import BY_BACKDROP, NIGHT, PAPER
from netart.shot.oklab import display_from_oklab, oklab_from_display
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "explicit", "figure", "heads", "is_flat", "is_measured", "labels", "measure", "points",
    "request", "unmeasured",
]  # fmt: skip

# Lightness in Oklab that keeps a palette's colours apart from paper, and from night.
DARK_ENOUGH, LIGHT_ENOUGH = 0.7, 0.42

BEND_OPACITY = 0.4  # of the lines on which others bend

NEVER = 1 << 20  # above all layers
ROUNDING = 1e-6  # of a value, in what is computed from its difference


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-outs of the backdrop; of one without, those that it would have."""
    lens = _lens(shot)
    plain = replace(shot, lens=Colour(layer=lens.layer, output=lens.output), beside=None)
    return _heads(shot) if lens.ground else colour.heads(plain)


def _heads(shot: Shot) -> tuple[Head, ...]:
    """The read-outs of the backdrop; and one of zeros above the last layer whose lines are drawn,
    where the backdrop does not reach so far: it has that layer evaluated.
    """
    network, under = to_network(shot.network), _under(shot)
    found: tuple[Head, ...] = _module(under).heads(under) if under else ()
    drawn = _drawn_layers(shot)
    if found and max(head.depth for head in found) >= drawn:
        return found
    return (*found, empty_head(network, drawn, len(found[0].layer.bias) if found else 1))


@lru_cache(maxsize=8)
def request(shot: Shot) -> Request:
    """What the lens asks of an evaluator: (N, 3) display sRGB in [0, 1]; over a target (N, 4), ink
    times its share and the share.

    A unit's line is |z|/|∇z| away; above layers of steps, where pre-activations are flat, it lies
    where the next pixel is on the other side. The lines of later layers lie over those of earlier
    ones. Ink is laid on the backdrop as both are displayed, as drawing programs do.
    """
    lens, look, found = _lens(shot), shot.look, _heads(shot)
    table, flat_from = _table(shot), _flat_from(shot)
    width, reach = lens.line_width, lens.line_width / 2 + 0.5
    watched = tuple(tuple(np.flatnonzero(row[:, 3]).tolist()) for row in table)

    def switches(carried: Array, units: Units) -> Array:
        drawn = watched[units.layer - 1] if units.layer <= len(watched) else ()
        if not drawn:
            return carried
        assert units.slopes is not None
        which = drawn if len(drawn) < units.width else slice(None)
        z, z_u, z_v = units.z[:, which], *units.slopes[:, :, which]
        if units.layer >= flat_from:
            side = z > 0
            beside = [z + units.pixel * d > ROUNDING * np.abs(z) for d in (z_u, z_v)]
            sample, unit = np.nonzero((beside[0] != side) | (beside[1] != side))
            away = np.zeros(len(sample), z.dtype)
        else:
            steep = z_u * z_u
            steep += z_v * z_v
            steep *= (reach * units.pixel) ** 2
            square = z * z
            sample, unit = np.nonzero(square < steep)
            away = reach * np.sqrt(square[sample, unit] / steep[sample, unit])
        ink = table[units.layer - 1][np.array(drawn)[unit]].astype(z.dtype)
        share = ink[:, 3] * np.clip(reach - away, 0, min(width, 1))
        ink[:, 3] = 1
        return _lay_over(carried, sample, ink, share[:, None])

    layers = LayerFunction(
        switches, "switches", slopes=True,
        uniforms={"u_line_width": float(width), "u_flat_from": flat_from},
        table=table, watched=watched, reach=max(1.0, reach),
    )  # fmt: skip
    differences, under = flat_from <= len(table), _under(shot)
    samples = 1 if look.samples == "auto" else look.samples
    if lens.has_target:
        ink = PixelFunction(_ink, "ink", 4, antialiased=not differences)
        return Request(found, ink, layers, differences, samples, PLAIN)
    ground = _plain(PAPER if lens.backdrop == "white" else NIGHT)
    if under:
        asked = _module(under).request(under)
        ground, differences = asked.pixel, differences or asked.differences
    return Request(found, _over(ground, differences), layers, differences, samples, LIGHT)


def over_target(ink: Pixels, shot: Shot, size: Size, window: Window) -> Pixels:
    """A window of ink, as the lens asks for it, (rows, columns, 4), over the shot's target."""
    return np.asarray(ink[..., :3] + (1 - ink[..., 3:]) * target_picture(shot, size, window))


def figure(shot: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """The picture as a drawing: a path a unit, over an image of the backdrop where it has one."""
    lens, table, under = _lens(shot), _table(shot), _under(shot)
    page, axes = plane(size)
    if under:
        add_image(axes, size, picture_of(under, _module(under).request(under), size, evaluator))
    elif lens.has_target:
        add_image(axes, size, target_picture(shot, size, Window.whole(size)))
    else:
        page.set_facecolor(PAPER if lens.backdrop == "white" else NIGHT)
    found = switching_lines(shot, size, _shown(shot))
    width = lens.line_width / plot.points(1, size)
    for layer, unit in found:
        ink = table[layer - 1, unit - 1].tolist()
        add_lines(axes, found[layer, unit], ink, width, f"unit-{layer}.{unit}")
    return page


def is_measured(shot: Shot) -> bool:
    """Whether nothing of the backdrop is left to be measured."""
    under = _coloured(shot)
    return under is None or _module(under).is_measured(under)


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """Values for what is `auto` of the backdrop, where all shots have one of the same kind."""
    under = [found for shot in shots if (found := _coloured(shot))]
    if len(under) < len(shots) or len({found.lens.kind for found in under}) > 1:
        return {}
    values: dict[str, Any] = _module(under[0]).measure(under)
    return values


def unmeasured(shot: Shot) -> Shot:
    """The shot with `auto` in place of what may have been measured of the backdrop."""
    under = _coloured(shot)
    return replace(shot, look=_module(under).unmeasured(under).look) if under else shot


def explicit(shot: Shot) -> Shot:
    """The shot with values for its layer, and for what is unset of the backdrop."""
    under, lens = _coloured(shot), _lens(shot)
    look = _module(under).explicit(under).look if under else shot.look
    layer = shot.network.depth if lens.layer is None else lens.layer
    return replace(shot, look=look, lens=replace(lens, layer=layer))


def labels(shot: Shot, size: Size, evaluator: Evaluator) -> Sequence[Label]:
    """The equations of the units that are drawn, where they are affine, in their lines' colours."""
    return _labels(shot, size) if _lens(shot).annotate else ()


@lru_cache(maxsize=8)
def _labels(shot: Shot, size: Size) -> tuple[Label, ...]:
    network, table = to_network(shot.network), _table(shot)
    found = [
        (layer, line)
        for layer, row in enumerate(table, 1)
        for line in equations.lines(network, shot.view, layer)
        if row[line.unit, 3]
    ]
    places = equations.place([line for _, line in found], size)
    return tuple(
        Label(*place, line.text, _level(table[layer - 1, line.unit, :3]))
        for (layer, line), place in zip(found, places, strict=True)
        if place
    )


def _level(rgb: Array) -> tuple[int, int, int]:
    red, green, blue = (round(255 * float(value)) for value in rgb)
    return red, green, blue


def data(shot: Shot, size: Size) -> dict[str, Any]:
    """The exact lines that the picture shows, as plain data. Raises NetartError for curves."""
    return as_data(exact_lines(shot, size, _shown(shot)), shot)


# The backdrop.


def _under(shot: Shot) -> Shot | None:
    """The shot of the backdrop; None where no network draws it."""
    lens = _lens(shot)
    if not lens.ground:
        return None
    return replace(shot, lens=lens.ground, look=lens.ground_look(shot.look), beside=None)


def _coloured(shot: Shot) -> Shot | None:
    """The shot of a backdrop that has the shot's own look; None where there is none."""
    under = _under(shot)
    return under if under and under.look == shot.look else None


def _module(under: Shot) -> ModuleType:
    return colour if isinstance(under.lens, Colour) else regions


def _ink(values: Values) -> Array:
    if values.carried is None:  # no layer was evaluated
        return np.zeros((len(values.outputs), 4), values.outputs.dtype)
    return values.carried


def _plain(text: str) -> PixelFunction:
    """A backdrop of one colour."""
    rgb = display(text)[:, 0]

    def function(values: Values) -> Array:
        return np.broadcast_to(rgb.astype(values.outputs.dtype), (len(values.outputs), 3))

    uniforms = {"u_ground": tuple(rgb.tolist())}
    return PixelFunction(function, "ground_plain", 3, uniforms=uniforms, antialiased=True)


def _over(ground: PixelFunction, jumps: bool) -> PixelFunction:
    """The lines over a backdrop. jumps: whether lines lie where pixels change sides."""

    def function(values: Values) -> Array:
        ink, rgb = values.carried, ground.function(values)
        if ink is None:  # no layer was evaluated
            return rgb
        return np.asarray(ink[:, :3] + (1 - ink[:, 3:]) * rgb)

    parts = {**ground.parts, "ground": ground.glsl}
    return dataclasses.replace(
        ground, function=function, glsl="lens_lines", channels=3, parts=parts,
        antialiased=ground.antialiased and not jumps,
    )  # fmt: skip


# The lines.


def _lay_over(carried: Array, sample: NDArray[np.intp], ink: Array, share: Array) -> Array:
    """The carried numbers (N, 4), changed in place, with colours laid over them one by one.

    sample: of each colour, ascending. ink: (colours, 4), the last 1. share: (colours, 1), of the
    pixel that they cover.
    """
    first = np.flatnonzero(np.diff(sample, prepend=-1))
    turn = np.arange(len(sample)) - np.repeat(first, np.diff(first, append=len(sample)))
    for k in range(turn.max(initial=-1) + 1):
        now = turn == k
        at = sample[now]
        carried[at] += share[now] * (ink[now] - carried[at])
    return carried


@lru_cache(maxsize=8)
def _table(shot: Shot) -> NDArray[np.float32]:
    """(layers, units, 4): the colour of each unit's line, display sRGB, and how opaque it is."""
    lens, opacities, drawn = _lens(shot), _opacities(shot), max(1, _drawn_layers(shot))
    table = np.zeros((drawn, max(map(len, opacities[:drawn])), 4), np.float32)
    by_layer = _colours(shot, len(opacities))
    for k, row in enumerate(opacities[:drawn]):
        each = by_layer[:, [k]] if lens.line_colour == "layer" else _colours(shot, len(row))
        table[k, : len(row), :3] = each.T
        table[k, : len(row), 3] = row
    return table


def _colours(shot: Shot, count: int) -> Array:
    """(3, count) display sRGB: of layers, or of the units of a layer."""
    lens = _lens(shot)
    if shot.look.palette and lens.backdrop in ("white", "night"):
        lab = oklab_from_display(regions.region_colours(shot.look, count))
        if lens.backdrop == "white":
            lab[0] = np.minimum(lab[0], DARK_ENOUGH)
        else:
            lab[0] = np.maximum(lab[0], LIGHT_ENOUGH)
        return display_from_oklab(lab)
    named = display(*BY_BACKDROP[lens.backdrop].split())
    return named[:, np.arange(count) % named.shape[1]]


def _shown(shot: Shot) -> list[tuple[int, int]]:
    """Layer and unit, from 1, of each line that is drawn."""
    return [(k + 1, unit + 1) for k, unit in np.argwhere(_table(shot)[..., 3] > 0).tolist()]


def _drawn_layers(shot: Shot) -> int:
    """The last layer whose lines are drawn, 0 where none are."""
    return max((k for k, row in enumerate(_opacities(shot), 1) if row.any()), default=0)


@lru_cache(maxsize=8)
def _opacities(shot: Shot) -> tuple[NDArray[np.float32], ...]:
    """How opaque the line of each unit is, an array a hidden layer: 0 where it is not drawn.

    By default all lines are drawn of the layers that are read out, those of the last by its share.
    """
    lens, depth = _lens(shot), shot.network.depth
    rows = tuple(np.zeros(width, np.float32) for width in shot.network.widths)
    if not lens.line_width:
        return rows
    if not (lens.line_layers or lens.units):
        upto = depth if lens.layer is None else lens.layer
        for k, row in enumerate(rows):
            row[:] = min(1.0, max(0.0, upto - k))
        return rows
    for layer in lens.line_layers:
        rows[layer - 1][:] = 1
    for layer, unit in lens.units:
        rows[layer - 1][unit - 1] = 1
    if lens.bends:
        for k, meets in bent_on(to_network(shot.network), shot.view, rows):
            rows[k][meets] = np.maximum(rows[k][meets], BEND_OPACITY)
    return rows


def _flat_from(shot: Shot) -> int:
    """The first layer whose pre-activations are flat but for jumps: the one above steps."""
    layers = to_network(shot.network).layers
    jumps = [ACTIVATIONS[layer.activation].slope in FLAT for layer in layers]
    return jumps.index(True) + 2 if True in jumps[:-1] else NEVER


def _lens(shot: Shot) -> Lines:
    assert isinstance(shot.lens, Lines)
    return shot.lens

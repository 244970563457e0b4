"""The colour lens: the read-out of a network through a palette, at every pixel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
from msgspec.structs import replace

from netart.evaluate.request import Averaging, Head, PixelFunction, Request, Values
from netart.lens.contrast import limits
from netart.lens.fixed import labels as labels
from netart.lens.fixed import points as points
from netart.net.build import readout, to_network
from netart.net.derivatives import slope_sign, slope_step
from netart.net.ops import ACTIVATIONS, Array
from netart.net.recipe import NetworkSource
from netart.shot.finishes import CONSTANTS as LIGHT_CONSTANTS
from netart.shot.finishes import FARTHEST, STEEPEST, Numbers, Surface, bound, grade
from netart.shot.lens import Colour
from netart.shot.lens.base import ReadOut
from netart.shot.light import numbers as light_numbers
from netart.shot.look import Limits
from netart.shot.oklab import LINEAR_FROM_LMS, LMS_FROM_LAB, TINY, srgb_decode, srgb_encode
from netart.shot.palette import (
    DARKEST,
    LIGHTER,
    LIGHTNESS,
    NAN_COLOUR,
    OKLAB_REACH,
    OKLCH_REACH,
    Palette,
)
from netart.shot.shot import Shot

MIN_SPAN = float(np.finfo(np.float32).tiny)  # limits closer than this are equal in float32

FLAT = (slope_step, slope_sign)  # slopes that are 0 everywhere

# Of the palettes' GLSL, and what it includes.
CONSTANTS: dict[str, Any] = {
    "NAN_COLOUR": (*NAN_COLOUR, 1.0),
    "DARKEST": DARKEST,
    "LIGHTER": LIGHTER,
    "OKLAB_REACH": OKLAB_REACH,
    "OKLCH_REACH": OKLCH_REACH,
    "LMS_FROM_LAB": LMS_FROM_LAB,
    "LINEAR_FROM_LMS": LINEAR_FROM_LMS,
    "TINY": TINY,
}

# Samples are display sRGB; they are averaged in linear light.
LIGHT = Averaging(srgb_decode, srgb_encode, "light")


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-outs that are drawn, or the units: a fraction of a layer is two read-outs, each by
    its share.
    """
    return heads_of(shot.network, _lens(shot))


@lru_cache(maxsize=8)
def heads_of(network: NetworkSource, lens: ReadOut) -> tuple[Head, ...]:
    """What `heads` says, of a network and any lens that draws read-outs."""
    if lens.units:
        below = lens.units[0][0] - 1
        layer = to_network(network).layers[below]
        return (Head(below, layer.only(tuple(unit - 1 for _, unit in lens.units))),)
    found = []
    for depth, share in lens.readouts(network.depth):
        layer = readout(network, depth)
        layer = layer if share == 1 else layer.times(share)
        found.append(Head(depth, layer if lens.output is None else layer.only((lens.output - 1,))))
    return tuple(found)


@lru_cache(maxsize=8)
def request(shot: Shot, spans_off: Limits = ()) -> Request:
    """What the lens asks of an evaluator: (N, 3) display sRGB in [0, 1].

    spans_off: with contrast off the values (lo, hi) of each output's activation that span the
    palette, in place of its range.

    t = clip((z − lo) / (hi − lo)), ½ where hi = lo; with contrast off the output activation,
    its range mapped to [0, 1], an unbounded one clipped. Then gamma, invert, posterize, the
    palette, and the light, which reads t before it is clipped; NaN is NAN_COLOUR.
    """
    look, name, light = shot.look, display_activation(shot), shot.look.finish
    palette, used = _palette(shot), _mapped_channels(shot)
    drawn = min(used, palette.kind.max_outputs)  # others are read by the light alone
    levels = _levels(shot)
    if isinstance(look.contrast, tuple):
        spans = look.contrast * (used if len(look.contrast) == 1 else 1)
    elif look.has_contrast:
        spans = _measure_limits([shot])
    else:
        spans = spans_off or (activation_span(name),) * used
    activate, slope = ACTIVATIONS[name].function, ACTIVATIONS[name].slope
    graded = graded_palette(shot)
    low = np.array([lo for lo, _ in spans])
    gain = np.array([1 / (hi - lo) if hi - lo > MIN_SPAN else 0.0 for lo, hi in spans])
    middle = np.where(gain == 0, 0.5, 0.0)

    def colour(values: Values) -> Array:
        z = np.ascontiguousarray(values.outputs[:, :used].T)  # an output a row: fast in numpy
        y = activate(z.copy() if light else z)
        t = y - _column(low, z)
        t *= _column(gain, z)
        t += _column(middle, z)
        lost = np.isnan(t).any(axis=0)
        if lost.any():
            t = np.where(lost, 0, t)
        rgb = graded(np.clip(t[:drawn], 0, 1))
        if light:
            gain_z = slope(z, y) * _column(gain, z)
            rgb = light.function(surface(rgb, t, gain_z, values), numbers)
        return np.where(lost, _column(NAN_COLOUR, z), rgb).T if lost.any() else rgb.T

    def surface(rgb: Array, t: Array, gain_z: Array, values: Values) -> Surface:
        assert values.slopes is not None
        slopes = gain_z * values.slopes[:, :, :used].swapaxes(1, 2)
        t, slopes = bound(t, FARTHEST), bound(slopes, STEEPEST)
        graded, graded_slopes = grade(t[:drawn], slopes[:, :drawn], look.gamma, look.invert)
        return Surface(rgb, t, slopes, graded, graded_slopes, values.pixel)

    uniforms = {
        "u_low": _vec3(low),
        "u_gain": _vec3(gain),
        "u_middle": _vec3(middle),
        "u_used": used,
        "u_lightness": LIGHTNESS if drawn > 2 else 0.0,
        "u_power": 1 / look.gamma,
        "u_invert": float(look.invert),
        "u_levels": float(levels),
    }
    samples = 1 if look.samples == "auto" else look.samples
    parts, constants = {"palette": f"palette_{palette.kind.name}"}, CONSTANTS
    numbers: Numbers = {}
    if light:
        numbers = light_numbers(light, look.light_settings, palette, drawn, levels)
        uniforms |= {f"u_{name}": _uniform(value) for name, value in numbers.items()}
        uniforms["u_drawn"] = drawn
        parts["finish"], constants = f"light_{light.name}", CONSTANTS | LIGHT_CONSTANTS
    pixel = PixelFunction(
        colour, "lens_light" if light else "lens_colour", 3, name, parts, constants, uniforms,
        palette.table, slopes=light is not None,
    )  # fmt: skip
    return Request(heads(shot), pixel, samples=samples, averaging=LIGHT)


def graded_palette(shot: Shot) -> Callable[[Array], Array]:
    """From t (outputs, N) in [0, 1] to (3, N) display sRGB: gamma, invert, posterize, palette."""
    look, palette, levels = shot.look, _palette(shot), _levels(shot)

    def colours(t: Array) -> Array:
        t = t if look.gamma == 1 else t ** (1 / look.gamma)
        t = 1 - t if look.invert else t
        t = np.minimum(np.floor(t * levels), levels - 1) / (levels - 1) if levels else t
        return palette.kind.function(t, palette.table)

    return colours


def _levels(shot: Shot) -> int:
    """The flat steps of the palette, 0 for none."""
    light, drawn = shot.look.finish, min(_mapped_channels(shot), _palette(shot).kind.max_outputs)
    return shot.look.posterize or (light.steps[drawn > 1] if light else 0)


def activation_span(name: str) -> tuple[float, float]:
    """The values of an activation that span the palette: its range, 0 to 1 where it has none."""
    row = ACTIVATIONS[name]
    return (row.low, row.high) if is_bounded(name) else (0.0, 1.0)


def is_bounded(name: str) -> bool:
    """Whether an activation has a least and a greatest value."""
    return isfinite(ACTIVATIONS[name].low) and isfinite(ACTIVATIONS[name].high)


def display_activation(shot: Shot) -> str:
    """What values go through before the palette: none where outputs have contrast limits; the
    units' own activation, and the output activation where contrast is off.
    """
    if shot.look.has_contrast and not _lens(shot).units:
        return "linear"
    return heads(shot)[0].layer.activation


def is_flat(shot: Shot) -> bool:
    """Whether what is drawn has no slope anywhere, since all of it goes through steps."""
    layers = to_network(shot.network).layers
    ways = [
        [*(layer.activation for layer in layers[: head.depth]), display_activation(shot)]
        for head in heads(shot)
    ]
    return all(any(ACTIVATIONS[name].slope in FLAT for name in way) for way in ways)


def has_jumps(shot: Shot, heads: tuple[Head, ...]) -> bool:
    """Whether a layer below the read-outs jumps: derivatives see none of it."""
    deepest = max(head.depth for head in heads)
    layers = to_network(shot.network).layers[:deepest]
    return any(ACTIVATIONS[layer.activation].slope in FLAT for layer in layers)


def is_measured(shot: Shot) -> bool:
    """Whether the shot has contrast limits, or no contrast."""
    return _has_limits(shot) or not shot.look.has_contrast


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """Contrast limits, if all shots leave them to be measured and read equally many values."""
    counts = {_mapped_channels(shot) for shot in shots}
    if len(counts) > 1 or any(map(is_measured, shots)):
        return {}
    return {"contrast": _measure_limits(shots)}


def unmeasured(shot: Shot) -> Shot:
    """The shot without contrast limits; with `auto` where the palette would have no contrast of its
    own.
    """
    if not _has_limits(shot):
        return shot
    look = replace(shot.look, contrast=None)
    return replace(shot, look=look if look.has_contrast else replace(look, contrast="auto"))


def explicit(shot: Shot) -> Shot:
    """The shot with values for its palette, for contrast that is off, and for its layer."""
    look, lens = replace(shot.look, palette=_palette(shot).name), _lens(shot)
    settings = {f"light_{name}": value for name, value in look.light_settings.items()}
    look = replace(look, **settings)
    if not look.has_contrast:
        look = replace(look, contrast="off")
    if lens.layer is None and not lens.units:
        lens = replace(lens, layer=shot.network.depth)
    return replace(shot, look=look, lens=lens)


def _measure_limits(shots: Sequence[Shot]) -> Limits:
    """(lo, hi) of each value that palette and light read, as they do, on all shots together."""
    percentiles = _palette(shots[0]).kind.percentiles
    return limits(((shot, _mapped_request(shot)) for shot in shots), percentiles)


def _mapped_request(shot: Shot) -> Request:
    """What palette and light read: outputs, or units through their activation."""
    activate = ACTIVATIONS[display_activation(shot)].function
    count = _mapped_channels(shot)

    def function(values: Values) -> Array:
        return activate(values.outputs[:, :count])

    return Request(heads(shot), PixelFunction(function, "", count))


def _lens(shot: Shot) -> Colour:
    assert isinstance(shot.lens, Colour)
    return shot.lens


def _palette(shot: Shot) -> Palette:
    return _lens(shot).palette(shot.network, shot.look)


def _mapped_channels(shot: Shot) -> int:
    return _lens(shot).mapped_channels(shot.network, shot.look)


def _has_limits(shot: Shot) -> bool:
    return isinstance(shot.look.contrast, tuple)


def _column(values: Array | tuple[float, ...], like: Array) -> Array:
    return np.array(values, like.dtype)[:, None]


def _uniform(value: Any) -> Any:
    return tuple(value.tolist()) if isinstance(value, np.ndarray) else value


def _vec3(values: Array) -> tuple[float, ...]:
    return (*(float(value) for value in values), 0.0, 0.0)[:3]

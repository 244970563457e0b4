"""The colour lens: the read-out of a network through a palette, at every pixel."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import numpy as np

from netart.evaluate.contrast import limits
from netart.evaluate.request import Evaluator, Reducer, Request
from netart.net.ops import ACTIVATIONS, Array
from netart.pixels import Pixels, Size, Window
from netart.shot.palette import LIGHTNESS, NAN_COLOUR
from netart.shot.shot import Shot
from netart.shot.view import check_depth

TINY = float(np.finfo(np.float32).tiny)  # limits closer than this are equal in float32

STRIP_PIXELS = 1 << 20
STRIP_ROWS = 64  # a strip is a multiple of this, so that no tile is evaluated twice


def colours(shot: Shot) -> Request:
    """What the look asks of an evaluator: (N, 3) display sRGB in [0, 1].

    t = clip((z − lo) / (hi − lo)), ½ where hi = lo; with contrast off the output activation,
    its range mapped to [0, 1], an unbounded one clipped. Then gamma, invert, posterize, and the
    palette; NaN is NAN_COLOUR.
    """
    palette, used, name = shot.palette, shot.used, shot.read_through
    if shot.stretched:
        spans = limits(shot)
    else:
        row = ACTIVATIONS[name]
        bounded = isfinite(row.low) and isfinite(row.high)
        spans = ((row.low, row.high) if bounded else (0.0, 1.0),) * used
    activate = ACTIVATIONS[name].function
    low = np.array([lo for lo, _ in spans])
    gain = np.array([1 / (hi - lo) if hi - lo > TINY else 0.0 for lo, hi in spans])
    middle = np.where(gain == 0, 0.5, 0.0)

    look = shot.look

    def shape(t: Array) -> Array:
        t = t if look.gamma == 1 else t ** (1 / look.gamma)
        t = 1 - t if look.invert else t
        levels = look.posterize
        return np.minimum(np.floor(t * levels), levels - 1) / (levels - 1) if levels else t

    def reduce(z: Array) -> Array:
        z = np.ascontiguousarray(z[:, :used].T)  # an output a row: fast in numpy
        t = activate(z) - _column(low, z)
        t *= _column(gain, z)
        t += _column(middle, z)
        lost = np.isnan(t).any(axis=0)
        np.clip(t, 0, 1, out=t)
        if not lost.any():
            return palette.kind.function(shape(t), palette.table).T
        rgb = palette.kind.function(shape(np.where(lost, 0, t)), palette.table)
        return np.where(lost, _column(NAN_COLOUR, z), rgb).T

    uniforms = {
        "u_low": _vec3(low),
        "u_gain": _vec3(gain),
        "u_middle": _vec3(middle),
        "u_used": used,
        "u_lightness": LIGHTNESS if used > 2 else 0.0,
        "u_power": 1 / look.gamma,
        "u_invert": float(look.invert),
        "u_levels": float(look.posterize),
    }
    shaders = f"palette_{palette.kind.name}.glsl", "look.glsl"
    reducer = Reducer(reduce, shaders, 3, name, uniforms, palette.table)
    return Request(reducer, samples=look.samples)


def strips(shot: Shot, request: Request, size: Size, evaluator: Evaluator) -> Iterator[Pixels]:
    """The picture from top to bottom, in strips (rows, width, 3) of bounded memory.

    request: the shot's `colours`. Raises NetartError where float64 cannot tell pixels apart.
    """
    check_depth(shot.view, min(size))
    width, height = size
    rows = max(1, STRIP_PIXELS // width // STRIP_ROWS) * STRIP_ROWS
    for top in range(0, height, rows):
        window = Window(0, top, width, min(rows, height - top))
        yield evaluator.evaluate(shot.drawn_network, shot.view, size, window, request)


def picture(shot: Shot, size: Size, evaluator: Evaluator) -> Pixels:
    """The whole picture, (height, width, 3)."""
    return np.concatenate(list(strips(shot, colours(shot), size, evaluator)))


def _column(values: Array | tuple[float, ...], like: Array) -> Array:
    return np.array(values, like.dtype)[:, None]


def _vec3(values: Array) -> tuple[float, ...]:
    return (*(float(value) for value in values), 0.0, 0.0)[:3]

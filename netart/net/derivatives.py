"""The derivatives of activations and features: a column of each table in ops.py.

`slope_NAME` is that of the activation NAME at pre-activations z, where it is y: arrays of one shape
and precision. At a kink it is 0 or the slope of one side, where the function jumps it is 0.
`grad_NAME` gives pairs of derivatives to x and y, one for each column of the feature NAME; at the
origin, where polar coordinates have none, they are 0. The twins in GLSL have the same names.
"""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

# float32 or float64: an operation keeps the precision it is given.
Array = NDArray[np.floating[Any]]
Pairs = tuple[tuple[Array, Array], ...]

MIN_RADIUS = 1e-30  # of a swirl: its logarithm float32 holds


def slope_linear(z: Array, y: Array) -> Array:
    return np.ones_like(z)


def slope_tanh(z: Array, y: Array) -> Array:
    return np.asarray(1 - y * y)


def slope_sigmoid(z: Array, y: Array) -> Array:
    return np.asarray(y * (1 - y))


def slope_relu(z: Array, y: Array) -> Array:
    return (z > 0).astype(z.dtype)


def slope_leaky_relu(z: Array, y: Array) -> Array:
    return _choose(z > 0, 1, 0.01, z)


def slope_elu(z: Array, y: Array) -> Array:
    return np.where(z > 0, np.ones_like(z), y + 1)


def slope_selu(z: Array, y: Array) -> Array:
    return np.where(z > 0, np.full_like(z, 1.0507009873554805), y + 1.7580993408473766)


def slope_gelu(z: Array, y: Array) -> Array:
    share = np.divide(y, z, out=np.full_like(z, 0.5), where=z != 0)
    return np.asarray(share + z * np.exp(-0.5 * z * z) * 0.3989422804014327)


def slope_silu(z: Array, y: Array) -> Array:
    share = 1 / (1 + np.exp(-z))
    return np.asarray(share + y * (1 - share))


def slope_softplus(z: Array, y: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def slope_softsign(z: Array, y: Array) -> Array:
    return np.asarray(np.square(1 - np.abs(y)))


def slope_step(z: Array, y: Array) -> Array:
    return np.zeros_like(z)


def slope_sign(z: Array, y: Array) -> Array:
    return np.zeros_like(z)


def slope_sin(z: Array, y: Array) -> Array:
    return np.cos(z)


def slope_cos(z: Array, y: Array) -> Array:
    return -np.sin(z)


def slope_sinc(z: Array, y: Array) -> Array:
    # Near 0, where cos z − sin z / z cancels, by the series.
    near = np.abs(z) < 0.3
    square = z * z
    series = z * (square * (1 / 30 - square / 840) - 1 / 3)
    return np.where(near, series, np.divide(np.cos(z) - y, z, out=np.zeros_like(z), where=~near))


def slope_abs(z: Array, y: Array) -> Array:
    return np.sign(z)


def slope_square(z: Array, y: Array) -> Array:
    return np.asarray(2 * z)


def slope_gaussian(z: Array, y: Array) -> Array:
    return np.asarray(-2 * z * y)


def slope_triangle(z: Array, y: Array) -> Array:
    turns = z / (2 * pi) + 0.25
    return _choose(turns - np.floor(turns) < 0.5, 2 / pi, -2 / pi, z)


def grad_x(x: Array, y: Array, k: float) -> Pairs:
    return ((np.ones_like(x), np.zeros_like(x)),)


def grad_y(x: Array, y: Array, k: float) -> Pairs:
    return ((np.zeros_like(x), np.ones_like(x)),)


def grad_r(x: Array, y: Array, k: float) -> Pairs:
    return (_direction(x, y)[1:],)


def grad_angle(x: Array, y: Array, k: float) -> Pairs:
    r, c, s = _direction(x, y)
    return ((_over(-s, r), _over(c, r)),)


def grad_xy(x: Array, y: Array, k: float) -> Pairs:
    return ((y, x),)


def grad_x2(x: Array, y: Array, k: float) -> Pairs:
    return ((2 * x, np.zeros_like(x)),)


def grad_y2(x: Array, y: Array, k: float) -> Pairs:
    return ((np.zeros_like(x), 2 * y),)


def grad_abs_x(x: Array, y: Array, k: float) -> Pairs:
    return ((np.sign(x), np.zeros_like(x)),)


def grad_abs_y(x: Array, y: Array, k: float) -> Pairs:
    return ((np.zeros_like(x), np.sign(y)),)


def grad_sin_x(x: Array, y: Array, k: float) -> Pairs:
    return ((k * np.cos(k * x), np.zeros_like(x)),)


def grad_sin_y(x: Array, y: Array, k: float) -> Pairs:
    return ((np.zeros_like(x), k * np.cos(k * y)),)


def grad_cos_x(x: Array, y: Array, k: float) -> Pairs:
    return ((-k * np.sin(k * x), np.zeros_like(x)),)


def grad_cos_y(x: Array, y: Array, k: float) -> Pairs:
    return ((np.zeros_like(x), -k * np.sin(k * y)),)


def grad_kaleidoscope(x: Array, y: Array, k: float) -> Pairs:
    _, c, s = _direction(x, y)
    period = 2 * pi / k
    wedge = (polar_angle(x, y) + period / 2) % period - period / 2
    turned, side = np.abs(wedge), np.sign(wedge)
    p, q = np.cos(turned), np.sin(turned)
    return (p * c + q * side * s, p * s - q * side * c), (
        q * c - p * side * s,
        q * s + p * side * c,
    )


def grad_tile(x: Array, y: Array, k: float) -> Pairs:
    turn, none = 2 * pi / k, np.zeros_like(x)
    u, v = turn * x, turn * y
    return (
        (-turn * np.sin(u), none), (turn * np.cos(u), none),
        (none, -turn * np.sin(v)), (none, turn * np.cos(v)),
    )  # fmt: skip


def grad_mirror_tile(x: Array, y: Array, k: float) -> Pairs:
    none = np.zeros_like(x)
    return (np.sign(x % (2 * k) - k), none), (none, np.sign(y % (2 * k) - k))


def grad_spiral(x: Array, y: Array, k: float) -> Pairs:
    r, c, s = _direction(x, y)
    depth = c / (r + 1e-6), s / (r + 1e-6)
    phase = k * polar_angle(x, y) + 3 * np.log(r + 1e-6)
    along = 3 * depth[0] - k * _over(s, r), 3 * depth[1] + k * _over(c, r)
    p, q = np.cos(phase), np.sin(phase)
    return (-q * along[0], -q * along[1]), (p * along[0], p * along[1]), depth


def grad_log_polar(x: Array, y: Array, k: float) -> Pairs:
    r, c, s = _direction(x, y)
    turn = _over(-s, r), _over(c, r)
    return (
        (c / (r + 1e-6), s / (r + 1e-6)),
        (-s * turn[0], -s * turn[1]),
        (c * turn[0], c * turn[1]),
    )


def grad_swirl(x: Array, y: Array, parameter: tuple[float, ...]) -> Pairs:
    factor, *arms = parameter
    r, c, s = _direction(x, y)
    turn = 2 * pi / log(factor)
    depth, angle = turn * np.log(np.maximum(r, MIN_RADIUS)), polar_angle(x, y)
    pairs = []
    for arm in (arms[0], -arms[1]):
        phase = depth + arm * angle
        along = _over(turn * c - arm * s, r), _over(turn * s + arm * c, r)
        p, q = np.cos(phase), np.sin(phase)
        pairs += [(-q * along[0], -q * along[1]), (p * along[0], p * along[1])]
    return tuple(pairs)


def polar_angle(x: Array, y: Array) -> Array:
    """The angle of a point."""
    # Adding 0 turns −0 into 0: the sign of a zero must not move the angle by 2π.
    return np.asarray(np.arctan2(y + 0, x + 0))


def _choose(where: NDArray[np.bool_], yes: float, no: float, like: Array) -> Array:
    """One of two numbers, in the precision of an array."""
    return np.where(where, like.dtype.type(yes), like.dtype.type(no))


def _direction(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Radius, and cosine and sine of the angle: 0 at the origin."""
    r = np.hypot(x, y)
    return r, _over(x, r), _over(y, r)


def _over(numerator: Array, r: Array) -> Array:
    return np.divide(numerator, r, out=np.zeros_like(r), where=r > 0)

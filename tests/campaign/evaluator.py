"""netart's pictures computed a second time, in float64, from what is written about them alone.

Sources: `netart render --help`, `netart network --help`, README.md, docs/numerics.md and
docs/file-formats.md; the weights come from the files that `netart network` writes. Nothing of
netart is imported: what the two agree on is what the documentation says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, log, pi, radians, sin
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

FLOAT32 = 2.0**-24  # half of the distance between 1 and the next number: of a rounding


def _erf(x: Values) -> Values:
    from math import erf

    return np.vectorize(erf, otypes=[float])(x)


def _sigmoid(z: Values) -> Values:
    return 0.5 * (1 + np.tanh(z / 2))


def _elu(z: Values) -> Values:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


ACTIVATIONS: dict[str, Callable[[Values], Values]] = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.maximum(z, 0.01 * z),
    "elu": _elu,
    "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * _elu(z)),
    "gelu": lambda z: z / 2 * (1 + _erf(z / 2**0.5)),
    "silu": lambda z: z * _sigmoid(z),
    "softplus": lambda z: np.logaddexp(0, z),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "step": lambda z: (z > 0) * 1.0,
    "sign": np.sign,
    "sin": np.sin,
    "cos": np.cos,
    "sinc": lambda z: np.sinc(z / pi),
    "abs": np.abs,
    "square": np.square,
    "gaussian": lambda z: np.exp(-(z**2)),
    "triangle": lambda z: 2 / pi * np.arcsin(np.sin(z)),
}

# What becomes [0, 1] where contrast is off; values of the others are cut to that.
RANGES = dict.fromkeys(("tanh", "softsign", "sign", "sin", "cos", "triangle"), (-1.0, 1.0))
RANGES["sinc"] = (-0.2173, 1.0)


def _polar(x: Values, y: Values) -> tuple[Values, Values]:
    return np.hypot(x, y), np.arctan2(y + 0.0, x + 0.0)


def _kaleidoscope(x: Values, y: Values, k: float) -> list[Values]:
    r, angle = _polar(x, y)
    folded = np.abs((angle + pi / k) % (2 * pi / k) - pi / k)  # a wedge of π/K
    return [r * np.cos(folded), r * np.sin(folded)]


def _tile(x: Values, y: Values, k: float) -> list[Values]:
    return [f(2 * pi * of / k) for of in (x, y) for f in (np.cos, np.sin)]


def _mirror(x: Values, y: Values, k: float) -> list[Values]:
    return [np.abs(of % (2 * k) - k) - k / 2 for of in (x, y)]


def _spiral(x: Values, y: Values, k: float) -> list[Values]:
    r, angle = _polar(x, y)
    length = np.log(r + 1e-6)
    return [np.cos(k * angle + 3 * length), np.sin(k * angle + 3 * length), length]


def _log_polar(x: Values, y: Values) -> list[Values]:
    r, angle = _polar(x, y)
    return [np.log(r + 1e-6), np.cos(angle), np.sin(angle)]


def _swirl(x: Values, y: Values, factor: float, a: float, b: float) -> list[Values]:
    r, angle = _polar(x, y)
    turned = 2 * pi / log(factor) * np.log(np.maximum(r, 1e-30))
    phases = turned + a * angle, turned - b * angle
    return [f(phase) for phase in phases for f in (np.cos, np.sin)]


FEATURES: dict[str, Callable[..., Any]] = {
    "x": lambda x, y: [x],
    "y": lambda x, y: [y],
    "r": lambda x, y: [_polar(x, y)[0]],
    "angle": lambda x, y: [_polar(x, y)[1]],
    "xy": lambda x, y: [x * y],
    "x2": lambda x, y: [x * x],
    "y2": lambda x, y: [y * y],
    "abs_x": lambda x, y: [np.abs(x)],
    "abs_y": lambda x, y: [np.abs(y)],
    "sin_x": lambda x, y, k: [np.sin(k * x)],
    "sin_y": lambda x, y, k: [np.sin(k * y)],
    "cos_x": lambda x, y, k: [np.cos(k * x)],
    "cos_y": lambda x, y, k: [np.cos(k * y)],
    "kaleidoscope": _kaleidoscope,
    "tile": _tile,
    "mirror_tile": _mirror,
    "spiral": _spiral,
    "log_polar": _log_polar,
    "swirl": _swirl,
}


@dataclass(frozen=True)
class Network:
    """What a file by `netart network` holds."""

    matrices: list[tuple[Values, Values]]  # (out, in) and (out,) of each layer
    activations: list[str]  # one a layer
    features: list[str]
    latents: list[str]

    @classmethod
    def read(cls, path: Path) -> Network:
        """From an npz."""
        with np.load(path) as file:
            meta = json.loads(str(file["meta"]))
            count = len(meta["activations"])
            matrices = [
                (file[f"W{k}"].astype(np.float64), file[f"b{k}"].astype(np.float64))
                for k in range(count)
            ]
        return cls(matrices, meta["activations"], meta["features"], list(meta["latents"]))


@dataclass(frozen=True)
class Picture:
    """What decides a picture beside its network; as in the options of `netart render`."""

    size: tuple[int, int]
    center: tuple[float, float] = (0.0, 0.0)
    radius: float = 1.0
    rotate: float = 0.0
    axes: tuple[str, str] = ("x", "y")
    # Of all inputs that the picture does not span.
    inputs: dict[str, float] = field(default_factory=dict)
    # `gray`, `rgb`, or the stops of a ramp.
    palette: str | tuple[tuple[int, int, int], ...] = "gray"
    # `off`, or limits for all outputs.
    contrast: str | tuple[float, float] = "off"
    # Whether units are drawn, whose values are those of their activation.
    units: bool = False
    gamma: float = 1.0
    invert: bool = False
    posterize: int = 0
    samples: int = 1  # across a pixel, and down it


class Noise:
    """Roundings of float32 at every step, several times as large, so that a few draws show how far
    a pixel may be off. It leaves all as it is where its size is 0.

    A sum of n products is off by about √n roundings of its terms (they are as often up as down), a
    function by a few roundings of its value.
    """

    def __init__(self, size: float = 0.0, seed: int = 0) -> None:
        self.size, self.random = size * FLOAT32, np.random.default_rng(seed)

    def of(self, values: Values, scale: Values | float | None = None) -> Values:
        """The values, off by roundings of numbers as large as they are, or as `scale` is."""
        if not self.size:
            return values
        scale = np.abs(values) if scale is None else scale
        return values + self.size * scale * self.random.standard_normal(values.shape)


def inputs_of(picture: Picture, noise: Noise) -> dict[str, Values]:
    """The value of every input at every sample, row 0 on top.

    Units are square, ±radius at the ends of the shorter side; u to the right, v up.
    """
    n = picture.samples
    width, height = (n * side for side in picture.size)
    u = (2 * (np.arange(width) + 0.5) - width) / min(width, height)
    v = (height - 2 * (np.arange(height) + 0.5)) / min(width, height)
    u, v = (grid.reshape(-1) for grid in np.meshgrid(u, v))
    a = radians(picture.rotate)
    first = picture.center[0] + picture.radius * (cos(a) * u - sin(a) * v)
    second = picture.center[1] + picture.radius * (sin(a) * u + cos(a) * v)
    found = {name: np.full(u.shape, value) for name, value in picture.inputs.items()}
    found |= dict(zip(picture.axes, (first, second), strict=True))
    return {name: noise.of(at, np.abs(at).max()) for name, at in found.items()}


def forward(network: Network, inputs: dict[str, Values], noise: Noise) -> Values:
    """(outputs, N): pre-activations of the last layer."""
    columns = []
    for text in network.features:
        name, _, numbers = text.partition(":")
        settings = [float(number) for number in numbers.split("/") if number]
        columns += FEATURES[name](inputs["x"], inputs["y"], *settings)
    columns = [noise.of(column, np.maximum(np.abs(column), 1)) for column in columns]
    y = np.stack([*columns, *(inputs[name] for name in network.latents)])
    for k, (weight, bias) in enumerate(network.matrices):
        z = weight @ y + bias[:, None]
        squares = weight**2 @ y**2 + bias[:, None] ** 2
        z = noise.of(z, np.sqrt(squares * len(y)))
        if k + 1 < len(network.matrices):
            y = ACTIVATIONS[network.activations[k]](z)
            y = noise.of(y, np.maximum(np.abs(y), 1))
    return z


def draw(heads: list[tuple[Network, float]], picture: Picture, noise: Noise) -> Values:
    """(height, width, 3) in [0, 1]: the pixels of the picture.

    heads: a network, or several whose outputs are mixed with these shares.
    """
    inputs = inputs_of(picture, noise)
    z = np.sum([share * forward(network, inputs, noise) for network, share in heads], axis=0)
    activation = heads[0][0].activations[-1]
    if picture.units or picture.contrast == "off":
        z = ACTIVATIONS[activation](z)
    low, high = picture.contrast if picture.contrast != "off" else RANGES.get(activation, (0, 1))
    t = np.clip((z - low) / (high - low), 0, 1)
    t = np.clip(noise.of(t, np.ones_like(t)), 0, 1) ** (1 / picture.gamma)
    t = 1 - t if picture.invert else t
    if count := picture.posterize:
        t = np.minimum(np.floor(count * t), count - 1) / (count - 1)
    if picture.palette == "rgb":
        colours = t[:3]
    elif picture.palette == "gray":
        colours = np.repeat(t[:1], 3, axis=0)
    else:
        colours = _ramp(picture.palette, t[0])
    width, height = picture.size
    return _averaged(colours.T, width, height, picture.samples)


def _averaged(colours: Values, width: int, height: int, n: int) -> Values:
    """(height, width, 3): samples averaged in linear light."""
    if n == 1:
        return colours.reshape(height, width, 3)
    cells = _linear(colours).reshape(height, n, width, n, 3)
    return _display(cells.mean(axis=(1, 3)))


def _linear(display: Values) -> Values:
    """Linear light of display sRGB (IEC 61966-2-1)."""
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


def _display(linear: Values) -> Values:
    bent = 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, bent)


# Oklab by its author: https://bottosson.github.io/posts/oklab/
TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
TO_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def _ramp(stops: tuple[tuple[int, int, int], ...], t: Values) -> Values:
    """(3, N): colours along the stops, mixed in Oklab in a table of 2,521 entries."""
    lab = TO_LAB @ np.cbrt(TO_CONES @ _linear(np.array(stops).T / 255))
    places, entries = np.arange(len(stops)), np.linspace(0, len(stops) - 1, 2521)
    mixed = np.stack([np.interp(entries, places, row) for row in lab])
    table = _display(np.linalg.inv(TO_CONES) @ (np.linalg.inv(TO_LAB) @ mixed) ** 3).clip(0, 1)
    return np.stack([np.interp(t * 2520, np.arange(2521), row) for row in table])

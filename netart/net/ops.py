"""The operations a network is made of, two tables: activations and coordinate features.

A row holds an operation's numpy functions, itself and its derivative. Their twins, the same
functions in GLSL, are `act_NAME` and `slope_NAME` in `shaders/activations.glsl` and
`shaders/slopes.glsl`, or `feat_NAME` and `grad_NAME` in `shaders/features.glsl` and
`shaders/gradients.glsl`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log, pi
from typing import Any, NamedTuple

import numpy as np

from netart.errors import NetartError, unknown
from netart.net import derivatives as d
from netart.net.derivatives import Array as Array

# Of the parameters of features.
MAX_PARAMETER = 1e6
MIN_DIVISOR = 1e-6
MIN_FACTOR = 1.1  # of a swirl


class Activation(NamedTuple):
    """A function that a layer applies to each of its pre-activations."""

    name: str
    # Of pre-activations z of any shape, in z's precision. May overwrite z.
    function: Callable[[Array], Array]
    # Its derivative, of z and of what `function` makes of it.
    slope: Callable[[Array, Array], Array]
    # Its range.
    low: float
    high: float
    # As help shows it.
    formula: str
    # An argument a with f(a) == 1 exactly in float32, None where there is none: cpu feeds it to a
    # constant unit, which carries the biases through the matrix product.
    one: float | None = None


class Parameter(NamedTuple):
    """A number that a feature takes, and its range."""

    # As help shows it.
    name: str
    low: float = -MAX_PARAMETER
    high: float = MAX_PARAMETER
    whole: bool = False

    def __str__(self) -> str:
        kind = "whole number" if self.whole else "number"
        return f"a {kind} {self.name}, {self.low:g} to {self.high:g}"

    def read(self, text: str) -> float | None:
        """The number that `text` is, None where it is none of the range."""
        try:
            number = float(text)
        except ValueError:
            return None
        fits = self.low <= number <= self.high and (number.is_integer() or not self.whole)
        return number if fits else None


ANY = (Parameter("K"),)
DIVISOR = (Parameter("K", low=MIN_DIVISOR),)
SWIRL = Parameter("F", low=MIN_FACTOR), *(Parameter(name, low=1, whole=True) for name in "AB")


class FeatureKind(NamedTuple):
    """A function of the point (x, y) that may enter a network."""

    name: str
    # Of x, y and the parameter: 0 where it takes none, a tuple where it takes several. Returns one
    # column, or a tuple of several; the twin takes and returns a float, or a vector.
    function: Callable[[Array, Array, Any], Array | tuple[Array, ...]]
    # Of the same: the derivatives to x and y, a pair for each column.
    gradient: Callable[[Array, Array, Any], d.Pairs]
    # Whether it takes parameters, written `name:K`, or `name:F/A/B`.
    parametric: bool
    # As help shows it.
    formula: str
    # The number of columns that it gives: so many inputs the network gets.
    columns: int = 1
    # Those that it takes, where it takes any.
    parameters: tuple[Parameter, ...] = ANY

    def __reduce__(self) -> tuple[Callable[[str], FeatureKind], tuple[str]]:
        """Pickled and copied by its name: functions of the table are of no module."""
        return _kind_named, (self.name,)

    @property
    def signature(self) -> str:
        """How a feature of the kind is written: `x`, `sin_x:K`, `swirl:F/A/B`."""
        names = "/".join(parameter.name for parameter in self.parameters)
        return f"{self.name}:{names}" if self.parametric else self.name


def _kind_named(name: str) -> FeatureKind:
    return FEATURES[name]


class Feature(NamedTuple):
    """What of the point (x, y) enters a network: `x`, `sin_x:6`, `swirl:3/8/13`."""

    kind: FeatureKind
    # 0 where the kind takes none, a tuple where it takes several.
    parameter: float | tuple[float, ...]

    def __str__(self) -> str:
        if not self.kind.parametric:
            return self.kind.name
        numbers = self.parameter if isinstance(self.parameter, tuple) else (self.parameter,)
        written = "/".join(repr(number).removesuffix(".0") for number in numbers)
        return f"{self.kind.name}:{written}"


def erf(z: Array) -> Array:
    """The error function to 1.5e-7: Abramowitz and Stegun, formula 7.1.26."""
    t = 1 / (1 + 0.3275911 * np.abs(z))
    series = np.full_like(z, 1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * t + coefficient
    return np.copysign(1 - series * t * np.exp(-z * z), z)


def _linear(z: Array) -> Array:
    return z


def _tanh(z: Array) -> Array:
    return np.tanh(z, out=z)


def _sigmoid(z: Array) -> Array:
    # (1 + tanh(z/2)) / 2 would cancel to 0 where the sigmoid is small.
    return np.asarray(1 / (1 + np.exp(-z)))


def _relu(z: Array) -> Array:
    # Against an array, since numpy's maximum with a scalar takes twice the time.
    return np.maximum(z, np.zeros(z.shape[1:], z.dtype), out=z)


def _leaky_relu(z: Array) -> Array:
    return np.asarray(np.maximum(z, 0.01 * z))


def _elu(z: Array) -> Array:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _selu(z: Array) -> Array:
    # Klambauer et al. 2017, "Self-normalizing neural networks".
    return 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))


def _gelu(z: Array) -> Array:
    return np.asarray(0.5 * z * (1 + erf(z * 0.5**0.5)))


def _silu(z: Array) -> Array:
    return np.asarray(z * _sigmoid(z))


def _softplus(z: Array) -> Array:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _softsign(z: Array) -> Array:
    return np.asarray(z / (1 + np.abs(z)))


def _step(z: Array) -> Array:
    return np.heaviside(z, 0, out=z)


def _sign(z: Array) -> Array:
    return np.sign(z, out=z)


def _sin(z: Array) -> Array:
    return np.sin(z, out=z)


def _cos(z: Array) -> Array:
    return np.cos(z, out=z)


def _sinc(z: Array) -> Array:
    return np.divide(np.sin(z), z, out=np.ones_like(z), where=z != 0)


def _abs(z: Array) -> Array:
    return np.abs(z, out=z)


def _square(z: Array) -> Array:
    return np.square(z, out=z)


def _gaussian(z: Array) -> Array:
    return np.exp(-z * z)


def _triangle(z: Array) -> Array:
    turns = z / (2 * pi) + 0.75
    return np.asarray(4 * np.abs(turns - np.floor(turns) - 0.5) - 1)


def _polar(x: Array, y: Array) -> tuple[Array, Array]:
    """Radius and angle of a point."""
    return np.hypot(x, y), d.polar_angle(x, y)


def _kaleidoscope(x: Array, y: Array, k: float) -> tuple[Array, ...]:
    r, angle = _polar(x, y)
    period = 2 * pi / k
    folded = np.abs((angle + period / 2) % period - period / 2)
    return r * np.cos(folded), r * np.sin(folded)


def _tile(x: Array, y: Array, k: float) -> tuple[Array, ...]:
    u, v = 2 * pi / k * x, 2 * pi / k * y
    return np.cos(u), np.sin(u), np.cos(v), np.sin(v)


def _mirror_tile(x: Array, y: Array, k: float) -> tuple[Array, ...]:
    return np.abs(x % (2 * k) - k) - k / 2, np.abs(y % (2 * k) - k) - k / 2


def _spiral(x: Array, y: Array, k: float) -> tuple[Array, ...]:
    r, angle = _polar(x, y)
    depth = np.log(r + 1e-6)
    return np.cos(k * angle + 3 * depth), np.sin(k * angle + 3 * depth), depth


def _log_polar(x: Array, y: Array, k: float) -> tuple[Array, ...]:
    r, angle = _polar(x, y)
    return np.log(r + 1e-6), np.cos(angle), np.sin(angle)


def _swirl(x: Array, y: Array, parameter: tuple[float, ...]) -> tuple[Array, ...]:
    factor, a, b = parameter
    r, angle = _polar(x, y)
    depth = 2 * pi / log(factor) * np.log(np.maximum(r, d.MIN_RADIUS))
    left, right = depth + a * angle, depth - b * angle
    return np.cos(left), np.sin(left), np.cos(right), np.sin(right)


ACTIVATIONS = {
    row.name: row
    for row in (
        Activation("linear", _linear, d.slope_linear, -inf, inf, "z", 1),
        Activation("tanh", _tanh, d.slope_tanh, -1, 1, "tanh z", 20),
        Activation("sigmoid", _sigmoid, d.slope_sigmoid, 0, 1, "1 / (1 + exp(−z))", 20),
        Activation("relu", _relu, d.slope_relu, 0, inf, "max(z, 0)", 1),
        Activation("leaky_relu", _leaky_relu, d.slope_leaky_relu, -inf, inf, "max(z, 0.01 z)", 1),
        Activation("elu", _elu, d.slope_elu, -1, inf, "z above 0, else exp(z) − 1", 1),
        Activation(
            "selu",
            _selu,
            d.slope_selu,
            -1.7580993408473766,
            inf,
            "1.0507 (z above 0, else 1.6733 elu)",
        ),
        Activation("gelu", _gelu, d.slope_gelu, -0.17, inf, "z/2 · (1 + erf(z/√2)), erf to 1.5e-7"),
        Activation("silu", _silu, d.slope_silu, -0.2785, inf, "z · sigmoid z"),
        Activation("softplus", _softplus, d.slope_softplus, 0, inf, "ln(1 + exp z)"),
        Activation("softsign", _softsign, d.slope_softsign, -1, 1, "z / (1 + |z|)"),
        Activation("step", _step, d.slope_step, 0, 1, "1 above 0, else 0", 1),
        Activation("sign", _sign, d.slope_sign, -1, 1, "−1, 0 or 1", 1),
        Activation("sin", _sin, d.slope_sin, -1, 1, "sin z"),
        Activation("cos", _cos, d.slope_cos, -1, 1, "cos z", 0),
        Activation("sinc", _sinc, d.slope_sinc, -0.2173, 1, "sin z / z", 0),
        Activation("abs", _abs, d.slope_abs, 0, inf, "|z|", 1),
        Activation("square", _square, d.slope_square, 0, inf, "z²", 1),
        Activation("gaussian", _gaussian, d.slope_gaussian, 0, 1, "exp(−z²)", 0),
        Activation(
            "triangle",
            _triangle,
            d.slope_triangle,
            -1,
            1,
            "triangle wave, period 2π, through 0 like sin",
        ),
    )
}

FEATURES = {
    row.name: row
    for row in (
        FeatureKind("x", lambda x, y, k: x, d.grad_x, False, "x"),
        FeatureKind("y", lambda x, y, k: y, d.grad_y, False, "y"),
        FeatureKind("r", lambda x, y, k: _polar(x, y)[0], d.grad_r, False, "√(x² + y²)"),
        FeatureKind(
            "angle", lambda x, y, k: _polar(x, y)[1], d.grad_angle, False, "θ = atan2(y, x)"
        ),
        FeatureKind("xy", lambda x, y, k: x * y, d.grad_xy, False, "x · y"),
        FeatureKind("x2", lambda x, y, k: x * x, d.grad_x2, False, "x²"),
        FeatureKind("y2", lambda x, y, k: y * y, d.grad_y2, False, "y²"),
        FeatureKind("abs_x", lambda x, y, k: np.abs(x), d.grad_abs_x, False, "|x|"),
        FeatureKind("abs_y", lambda x, y, k: np.abs(y), d.grad_abs_y, False, "|y|"),
        FeatureKind("sin_x", lambda x, y, k: np.sin(k * x), d.grad_sin_x, True, "sin(K x)"),
        FeatureKind("sin_y", lambda x, y, k: np.sin(k * y), d.grad_sin_y, True, "sin(K y)"),
        FeatureKind("cos_x", lambda x, y, k: np.cos(k * x), d.grad_cos_x, True, "cos(K x)"),
        FeatureKind("cos_y", lambda x, y, k: np.cos(k * y), d.grad_cos_y, True, "cos(K y)"),
        FeatureKind(
            "kaleidoscope",
            _kaleidoscope,
            d.grad_kaleidoscope,
            True,
            "K mirrors around 0: a wedge of π/K",
            2,
            DIVISOR,
        ),
        FeatureKind(
            "tile",
            _tile,
            d.grad_tile,
            True,
            "cos, sin of 2πx/K and of 2πy/K: seamless tiles",
            4,
            DIVISOR,
        ),
        FeatureKind(
            "mirror_tile",
            _mirror_tile,
            d.grad_mirror_tile,
            True,
            "|u mod 2K − K| − K/2 of x and of y",
            2,
            DIVISOR,
        ),
        FeatureKind(
            "spiral", _spiral, d.grad_spiral, True, "cos, sin of K θ + 3 l, and l = ln(r + 1e-6)", 3
        ),
        FeatureKind(
            "log_polar", _log_polar, d.grad_log_polar, False, "ln(r + 1e-6), cos θ, sin θ", 3
        ),
        FeatureKind(
            "swirl",
            _swirl,
            d.grad_swirl,
            True,
            "cos, sin of k l + A θ, of k l − B θ; k = 2π/ln F, l = ln r",
            4,
            SWIRL,
        ),
    )
}


def activation(name: str) -> Activation:
    """The row of ACTIVATIONS called `name`. Raises NetartError with the nearest name."""
    if name not in ACTIVATIONS:
        raise unknown("activation", name, ACTIVATIONS)
    return ACTIVATIONS[name]


def feature(text: str) -> Feature:
    """The feature written as `text`: `x`, `sin_x:6`, `swirl:3/8/13`. Raises NetartError."""
    name, colon, numbers = text.partition(":")
    if name not in FEATURES:
        raise unknown("feature", name, FEATURES)
    kind = FEATURES[name]
    if not kind.parametric:
        if colon:
            raise NetartError(f"feature {text!r}: {name} takes no parameter")
        return Feature(kind, 0.0)
    texts = numbers.split("/")
    found = [one.read(given) for one, given in zip(kind.parameters, texts, strict=False)]
    if len(texts) != len(kind.parameters) or None in found:
        asked = ", ".join(map(str, kind.parameters))
        raise NetartError(f"feature {text!r}: write {kind.signature} with {asked}")
    parameter = tuple(number for number in found if number is not None)
    return Feature(kind, parameter if len(parameter) > 1 else parameter[0])


def feature_columns(features: tuple[Feature, ...], x: Array, y: Array) -> list[Array]:
    """What the features are at the points x, y, both (N,): columns (N,) in x's precision."""
    columns: list[Array] = []
    for kind, parameter in features:
        values = kind.function(x, y, parameter)
        columns += values if isinstance(values, tuple) else (values,)
    return columns


def feature_gradients(
    features: tuple[Feature, ...], x: Array, y: Array
) -> list[tuple[Array, Array]]:
    """The derivatives of `feature_columns` to x and y, pairs of (N,), a pair for each column."""
    return [pair for kind, parameter in features for pair in kind.gradient(x, y, parameter)]


def column_count(features: tuple[Feature, ...]) -> int:
    """How many inputs of the network the features give: some kinds give several."""
    return sum(feature.kind.columns for feature in features)

"""A network as the text of a Python function that needs numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill, indent
from typing import IO, NamedTuple

from netart.errors import NetartError
from netart.net.network import Layer, Matrix, Network
from netart.net.ops import Feature

MAX_NUMBERS = 1 << 20  # some 12 MB of text
WIDTH = 96  # characters of a line of numbers

# What each activation makes of pre-activations z.
ACTIVATIONS = {
    "linear": "z",
    "tanh": "np.tanh(z)",
    "sigmoid": "0.5 * (1 + np.tanh(0.5 * z))",
    "relu": "np.maximum(z, 0)",
    "leaky_relu": "np.maximum(z, 0.01 * z)",
    "elu": "np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",
    "selu": (
        "1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))"
    ),
    "gelu": "0.5 * z * (1 + erf(z * 0.5**0.5))",
    "silu": "0.5 * z * (1 + np.tanh(0.5 * z))",
    "softplus": "np.logaddexp(z, 0)",
    "softsign": "z / (1 + np.abs(z))",
    "step": "np.heaviside(z, 0)",
    "sign": "np.sign(z)",
    "sin": "np.sin(z)",
    "cos": "np.cos(z)",
    "sinc": "np.sinc(z / np.pi)",
    "abs": "np.abs(z)",
    "square": "z * z",
    "gaussian": "np.exp(-z * z)",
    "triangle": "4 * np.abs((z / (2 * np.pi) + 0.75) % 1 - 0.5) - 1",
}

ERF = '''def erf(z):
    """The error function to 1.5e-7: Abramowitz and Stegun, formula 7.1.26."""
    t = 1 / (1 + 0.3275911 * np.abs(z))
    series = 1.061405429 * t - 1.453152027
    for coefficient in (1.421413741, -0.284496736, 0.254829592):
        series = series * t + coefficient
    return np.copysign(1 - series * t * np.exp(-z * z), z)
'''

# Features of one column, of x, y and the parameter k.
SINGLE_FEATURES = {
    "x": "x",
    "y": "y",
    "r": "np.hypot(x, y)",
    "angle": "np.arctan2(y + 0.0, x + 0.0)",
    "xy": "x * y",
    "x2": "x * x",
    "y2": "y * y",
    "abs_x": "np.abs(x)",
    "abs_y": "np.abs(y)",
    "sin_x": "np.sin({k} * x)",
    "sin_y": "np.sin({k} * y)",
    "cos_x": "np.cos({k} * x)",
    "cos_y": "np.cos({k} * y)",
}

# Features of several columns: functions that return a list of them.
FEATURE_FUNCTIONS = {
    "kaleidoscope": """def kaleidoscope(x, y, k):
    r, period = np.hypot(x, y), 2 * np.pi / k
    folded = np.abs((np.arctan2(y + 0.0, x + 0.0) + period / 2) % period - period / 2)
    return [r * np.cos(folded), r * np.sin(folded)]
""",
    "tile": """def tile(x, y, k):
    u, v = 2 * np.pi / k * x, 2 * np.pi / k * y
    return [np.cos(u), np.sin(u), np.cos(v), np.sin(v)]
""",
    "mirror_tile": """def mirror_tile(x, y, k):
    return [np.abs(x % (2 * k) - k) - k / 2, np.abs(y % (2 * k) - k) - k / 2]
""",
    "spiral": """def spiral(x, y, k):
    depth, angle = np.log(np.hypot(x, y) + 1e-6), np.arctan2(y + 0.0, x + 0.0)
    return [np.cos(k * angle + 3 * depth), np.sin(k * angle + 3 * depth), depth]
""",
    "log_polar": """def log_polar(x, y):
    angle = np.arctan2(y + 0.0, x + 0.0)
    return [np.log(np.hypot(x, y) + 1e-6), np.cos(angle), np.sin(angle)]
""",
    "swirl": """def swirl(x, y, factor, a, b):
    depth = 2 * np.pi / np.log(factor) * np.log(np.maximum(np.hypot(x, y), 1e-30))
    angle = np.arctan2(y + 0.0, x + 0.0)
    left, right = depth + a * angle, depth - b * angle
    return [np.cos(left), np.sin(left), np.cos(right), np.sin(right)]
""",
}


class Words(NamedTuple):
    """The parts of the text that depend on the features."""

    columns: list[str]  # expressions of x and y, with a star where they are several columns
    functions: list[str]


def write(file: IO[bytes], network: Network, latents: Mapping[str, float]) -> None:
    """Writes a module with the function `network`. Raises NetartError for very large networks."""
    size = sum(layer.weight.size + layer.bias.size for layer in network.layers)
    if size > MAX_NUMBERS:
        raise NetartError(f"{size:,} numbers: a Python file gets at most {MAX_NUMBERS:,}")
    file.write("\n".join(_lines(network, latents)).encode())


def _lines(network: Network, latents: Mapping[str, float]) -> Iterator[str]:
    words = _features(network.features)
    names = sorted({layer.activation for layer in network.layers})
    widths = ", ".join(str(len(layer.bias)) for layer in network.layers)
    yield f'"""A neural network: layers of {widths} units. Written by netart."""\n'
    yield "import numpy as np\n"
    if latents:
        yield "# Further inputs, after x and y."
        yield "LATENTS = {"
        yield from (f'    "{name}": {value!r},' for name, value in latents.items())
        yield "}\n"
    yield f"\ndef network(x, y{', latents=LATENTS' if latents else ''}):"
    yield '    """The outputs at (x, y), numbers or arrays of one shape, along a further axis."""'
    yield "    x, y = np.broadcast_arrays(np.asarray(x, float), y)"
    yield "    columns = ["
    yield from (f"        {column}," for column in words.columns)
    if latents:
        yield "        *latents.values(),"
    yield "    ]"
    yield "    values = np.stack(np.broadcast_arrays(*columns, x)[:-1], axis=-1)"
    yield "    for weight, bias, activation in LAYERS:"
    yield "        values = activation(values @ weight.T + bias)"
    yield "    return values\n\n"
    if "gelu" in names:
        yield f"{ERF}\n"
    yield from (f"{text}\n" for text in words.functions)
    for name in names:
        yield f"def {_function(name)}(z):\n    return {ACTIVATIONS[name]}\n\n"
    yield "def layer(weight, bias, activation):"
    yield "    return np.array(weight, np.float32), np.array(bias, np.float32), activation\n\n"
    yield "# From first to last; a row of weights for each unit."
    yield "LAYERS = ["
    for one in network.layers:
        yield from _layer(one)
    yield "]\n"


def _features(features: tuple[Feature, ...]) -> Words:
    columns, functions = [], []
    for kind, parameter in features:
        if kind.name in SINGLE_FEATURES:
            columns.append(SINGLE_FEATURES[kind.name].format(k=_spell(parameter)))
            continue
        parameters = parameter if isinstance(parameter, tuple) else (parameter,)
        given = "".join(f", {_spell(one)}" for one in parameters) if kind.parametric else ""
        columns.append(f"*{kind.name}(x, y{given})")
        if FEATURE_FUNCTIONS[kind.name] not in functions:
            functions.append(FEATURE_FUNCTIONS[kind.name])
    return Words(columns, functions)


def _spell(parameter: float | tuple[float, ...]) -> str:
    return repr(parameter).removesuffix(".0")


def _function(name: str) -> str:
    """The name of an activation's function: `abs` would hide Python's own."""
    return f"{name}_" if name == "abs" else name


def _layer(layer: Layer) -> Iterator[str]:
    yield "    layer("
    yield "        ["
    yield from (indent(f"[{row}],", " " * 12) for row in map(_numbers, layer.weight))
    yield "        ],"
    yield indent(f"[{_numbers(layer.bias)}],", " " * 8)
    yield f"        {_function(layer.activation)},"
    yield "    ),"


def _numbers(row: Matrix) -> str:
    """The shortest decimals that round to the same float32."""
    return fill(", ".join(str(value) for value in row), WIDTH - 14, subsequent_indent=" ")

"""From a network's structure to GLSL: joins the files of shaders/ and writes the few lines whose
number depends on the network. Weights are data; the text holds no number of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np

from netart.evaluate import shader_files
from netart.evaluate.dialects import PIXEL_GROUP, Dialect
from netart.evaluate.layer_text import roll, unroll
from netart.evaluate.numbers import ALONG_X, ALONG_Y, CHANNEL, Numbers
from netart.evaluate.request import Request
from netart.evaluate.shader_files import join
from netart.evaluate.weights import activation_codes, layer_texels, quads, runs
from netart.net.network import Network
from netart.net.ops import Feature

# llvmpipe runs at most 65,535 loop iterations an invocation, then silently stops.
MAX_ITERATIONS = 60_000
MAX_WIDTH_IN_ONE_PASS = 512  # units of four pixels that an invocation holds
MAX_GROUPS = 8  # of layers of one shape: a compiler inlines each by itself

PATTERN = {"ALONG_X": ALONG_X, "ALONG_Y": ALONG_Y, "CHANNEL": CHANNEL}  # of dithering
TEXTURE_WIDTH = 2048  # texels in a row of the weights


def counts(network: Network, request: Request) -> list[int]:
    """The layers of each loop, for `u_counts`."""
    return [run.layers for run in runs(network, request.heads) if not run.is_head]


def is_unrolled(network: Network, request: Request, dialect: Dialect) -> bool:
    """Whether the layers' units are variables of their own, not found by index."""
    return request.widest(network) <= _lanes_table(request, dialect)[-1][0]


def _lanes_table(request: Request, dialect: Dialect) -> tuple[tuple[int, int], ...]:
    return dialect.lanes if request.columns == 1 else dialect.slope_lanes


def fits_one_pass(network: Network, request: Request, dialect: Dialect) -> bool:
    """Whether one invocation can hold the network: its state, loop iterations, text."""
    shapes = request.shapes(network)
    if is_unrolled(network, request, dialect):
        texels = (layer_texels(quads(inputs), quads(units)) for units, inputs in shapes)
        iterations = sum(2 + each // prod(PIXEL_GROUP) for each in texels)
    elif dialect.rolled_lanes:
        iterations = sum(quads(units) * (quads(inputs) + 6) for units, inputs in shapes)
    else:
        return False
    return (
        iterations <= MAX_ITERATIONS
        and request.widest(network) <= MAX_WIDTH_IN_ONE_PASS
        and len(counts(network, request)) <= MAX_GROUPS
    )


def lanes(network: Network, request: Request, dialect: Dialect) -> int:
    """The pixels that an invocation of the one-pass shader draws."""
    widest, table = request.widest(network), _lanes_table(request, dialect)
    rolled = dialect.rolled_lanes if request.columns == 1 else 1
    return next((count for width, count in table if widest <= width), rolled)


def one_pass(network: Network, request: Request, dialect: Dialect) -> str:
    """The shader that evaluates the whole network."""
    found, pixels = runs(network, request.heads), lanes(network, request, dialect)
    unrolled = is_unrolled(network, request, dialect)
    head = quads(len(request.heads[0].layer.bias))
    totals = range(pixels * request.columns * head)
    loops = len(counts(network, request))
    return join(
        dialect.head,
        f"#define LANES {pixels}\n",
        _columns(request),
        f"const int QUADS = {quads(request.widest(network))};\n",
        f"const int HEAD_QUADS = {head};\n",
        f"const int LAYER_TEXELS = {max(layer_texels(run.below, run.here) for run in found)};\n",
        *_network(network, request, dialect),
        dialect.pixels,
        dialect.weights,
        *_activate(network, request),
        "onepass.glsl",
        "lanes_pixels.glsl" if request.columns == 1 else "lanes_slopes.glsl",
        *_pixel(request, dialect),
        "onepass_draw.glsl",
        *_layer_function(request, dialect),
        "layers_pixels.glsl" if request.layers else "layers_none.glsl",
        "" if unrolled else "onepass_rolled.glsl",
        f"uniform int u_counts[{loops}];\n" if loops else "",
        "void network() {\n",
        unroll(found, pixels, request.columns, request.differences) if unrolled else roll(found),
        f"}}\nvoid {'draw_sample' if dialect.all_samples else 'main'}() {{\n",
        *(["    cursor = 0;\n", "    layers_done = 0;\n"] if dialect.all_samples else []),
        *(f"    total[{i}] = vec4(0.0);\n" for i in totals),
        "    network();\n",
        *(f"    draw_pixel({k});\n" for k in range(pixels)),
        "}\n",
        *_all_samples(dialect),
    )


class LayerPasses(NamedTuple):
    """The shaders of a network that takes a pass a layer, in the order of the passes."""

    first: str
    dense: str
    product: str | None  # for wide hidden layers
    after: str | None  # the layer function, between a layer and its activation
    activate: str | None  # the activation by itself, after that or with derivatives
    last: str


def layer_passes(network: Network, request: Request, dialect: Dialect) -> LayerPasses:
    """The shaders that evaluate the network layer by layer."""
    start = (
        dialect.head,
        _columns(request),
        *_network(network, request, dialect),
        dialect.layer_weights,
    )
    state = *start, dialect.state, dialect.quads
    activate = _activate(network, request)
    after = apart = product = None
    if dialect.product:
        product = join(*start, *activate, dialect.product)
    if request.layers:
        after = join(*state, *_layer_function(request, dialect), "layered_after.glsl")
    if request.layers or request.columns > 1:
        apart = join(*state, *activate, "layered_activate.glsl")
    return LayerPasses(
        join(*state, "layered_first.glsl"),
        join(*state, *activate, "layered_dense.glsl"),
        product,
        after,
        apart,
        join(
            *start, "#define LANES 1\n", dialect.state, dialect.pixels,
            "layered_head.glsl", *_pixel(request, dialect), "layered_last.glsl",
            *_all_samples(dialect),
        ),
    )  # fmt: skip


def convert(request: Request, numbers: Numbers, textures: int) -> str:
    """The shader of a picture's last pass, to the numbers that are read back.

    textures: that hold the sums, pixel by pixel in turn.
    """
    averaging = request.averaging.glsl
    at = f"ivec2(pixel.x / {textures}, pixel.y)"
    cases = [
        f"        case {k}: return texelFetch(u_sums_{k}, {at}, 0);\n" for k in range(textures)
    ]
    return join(
        shader_files.DESKTOP,
        _declare("CHANNELS", request.channels, constant=True),
        _declare("BYTES", np.dtype(numbers.dtype).itemsize, constant=True),
        *_pattern(),
        *(f"uniform sampler2D u_sums_{k};\n" for k in range(textures)),
        f"vec4 sum(ivec2 pixel) {{\n    switch (pixel.x % {textures}) {{\n",
        *cases,
        "    }\n    return vec4(0.0);\n}\n",
        f"average_{averaging}.glsl",
        f"#define mean mean_{averaging}\n",
        "numbers.glsl",
    )


def _all_samples(dialect: Dialect) -> tuple[str, ...]:
    """What calls `draw_sample` for all samples of a pixel, in dialects that do so."""
    return (*_pattern(), dialect.all_samples) if dialect.all_samples else ()


def _pattern() -> Iterator[str]:
    """The numbers of the pattern of dithering."""
    return (_declare(name, np.uint32(value), constant=True) for name, value in PATTERN.items())


def _columns(request: Request) -> str:
    """What the columns of a pixel are: its value, and derivatives or values beside it."""
    return f"#define COLUMNS {request.columns}\n#define DIFFERENCES {int(request.differences)}\n"


def _network(network: Network, request: Request, dialect: Dialect) -> tuple[str, ...]:
    """What every pass begins with: the point, its features, the activations."""
    inputs = range(2, len(network.inputs))
    columns = [column for feature in network.features for column in _feature(feature)]
    cases = _cases([*columns, *(f"coordinate({k}, uv)" for k in inputs)])
    slopes: list[str] = []
    if request.differences:
        slopes = ["slopes.glsl", "differences.glsl"]
    elif request.columns > 1:
        columns = [column for feature in network.features for column in _feature_slope(feature)]
        slopes = [
            "slopes.glsl",
            "derivatives.glsl",
            "gradients.glsl",
            "// kind: 1 for the derivative to u, 2 to v.\n",
            "vec4 feature_slopes(int i, vec2 uv, int kind) {\n",
            "    float x = coordinate(0, uv), y = coordinate(1, uv);\n",
            "    vec2 along = vec2(u_inputs[0][kind], u_inputs[1][kind]);\n",
            "    switch (i) {\n",
            *_cases([*columns, *(f"u_inputs[{k}][kind]" for k in inputs)]),
            "    }\n    return vec4(0.0);\n}\n",
        ]
    return (
        "#define ALL_SAMPLES\nivec2 u_sample;\n"
        if dialect.all_samples
        else "uniform ivec2 u_sample;\n",
        f"const int INPUTS = {len(network.inputs)};\n",
        f"const int FIRST = {len(cases)};\n",
        "point.glsl",
        "features.glsl",
        "vec4 features(int i, vec2 uv) {\n",
        "    float x = coordinate(0, uv), y = coordinate(1, uv);\n",
        "    switch (i) {\n",
        *cases,
        "    }\n    return vec4(0.0);\n}\n",
        _declare("TEXTURE_WIDTH", TEXTURE_WIDTH, constant=True),
        "activations.glsl",
        *slopes,
    )


def _cases(columns: list[str]) -> list[str]:
    """The cases of a switch that give columns four at a time."""
    columns = columns + ["0.0"] * (-len(columns) % 4)
    return [
        f"        case {i}: return vec4({', '.join(columns[4 * i : 4 * i + 4])});\n"
        for i in range(len(columns) // 4)
    ]


def _feature(feature: Feature) -> list[str]:
    """The columns of a feature."""
    call = f"feat_{feature.kind.name}(x, y, {_parameter(feature)})"
    count = feature.kind.columns
    return [call] if count == 1 else [f"{call}.{axis}" for axis in "xyzw"[:count]]


def _feature_slope(feature: Feature) -> list[str]:
    """The derivatives of its columns along a direction."""
    call = f"grad_{feature.kind.name}(x, y, {_parameter(feature)})"
    count = feature.kind.columns
    columns = [call] if count == 1 else [f"{call}[{k}]" for k in range(count)]
    return [f"dot({column}, along)" for column in columns]


def _parameter(feature: Feature) -> str:
    """A number, or a vector where the kind takes several."""
    numbers = np.array(feature.parameter, np.float32).tolist()
    return f"vec{len(numbers)}{tuple(numbers)}" if isinstance(numbers, list) else repr(numbers)


def _activate(network: Network, request: Request) -> list[str]:
    codes = activation_codes(network, request.depth)
    cases = [f"        case {code}: return act_{name}(z);\n" for name, code in codes.items()]
    return [
        "vec4 activate(int activation, vec4 z) {\n",
        *(["    switch (activation) {\n", *cases, "    }\n"] if len(codes) > 1 else []),
        f"    return {f'act_{next(iter(codes))}(z)' if len(codes) == 1 else 'z'};\n}}\n",
        *(_slope(codes) if request.columns > 1 and not request.differences else []),
    ]


def _slope(codes: dict[str, int]) -> list[str]:
    """The derivative of `activate`, of z and of what that made of it."""
    cases = [f"        case {code}: return slope_{name}(z, y);\n" for name, code in codes.items()]
    return [
        "vec4 slope(int activation, vec4 z, vec4 y) {\n    switch (activation) {\n",
        *(cases or ["        default: return vec4(1.0);\n"]),
        "    }\n    return vec4(1.0);\n}\n",
    ]


def _pixel(request: Request, dialect: Dialect) -> tuple[str, ...]:
    """From outputs to what the samples of a pixel add up: `average(pixel())`."""
    pixel, averaging = request.pixel, f"average_{request.averaging.glsl}"
    names = {
        "act_output": f"act_{pixel.activation}",
        "mean": f"mean_{request.averaging.glsl}",
    }
    if pixel.slopes:
        names["slope_output"] = f"slope_{pixel.activation}"
    constants, uniforms = pixel.constants.items(), pixel.uniforms.items()
    return (
        *(_declare(name, value, constant=True) for name, value in constants),
        *(_declare(name, value, dialect.constants) for name, value in uniforms),
        *(f"#define {name} {function}\n" for name, function in names.items()),
        *(
            line
            for name, part in {**pixel.parts, "pixel": pixel.glsl, "average": averaging}.items()
            for line in (f"{part}.glsl", f"#define {name} {part}\n")
        ),
    )


def _layer_function(request: Request, dialect: Dialect) -> tuple[str, ...]:
    if not request.layers:
        return ()
    name, uniforms = request.layers.glsl, request.layers.uniforms.items()
    return (
        *(_declare(key, value, dialect.constants) for key, value in uniforms),
        f"{name}.glsl",
        f"#define layer_function {name}\n",
    )


def _declare(name: str, value: Any, constant: bool) -> str:
    """The line that declares a number, a vector or a square matrix."""
    array = np.asarray(value)
    kind = {"i": "int", "u": "uint"}.get(array.dtype.kind, "float")
    if array.ndim:
        kind = f"{'mat' if array.ndim == 2 else 'vec'}{len(array)}"
    if not constant:
        return f"uniform {kind} {name};\n"
    suffix = "u" if kind == "uint" else ""
    numbers = ", ".join(f"{x!r}{suffix}" for x in array.T.ravel().tolist())  # column-major
    return f"const {kind} {name} = {kind}({numbers});\n"

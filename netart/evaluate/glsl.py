"""From a network's structure to GLSL: joins the files of shaders/ and writes the few lines whose
number depends on the network. Weights are data; the text holds no number of theirs.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

import numpy as np

from netart.evaluate import shader_files
from netart.evaluate.dialects import PIXEL_GROUP, Dialect
from netart.evaluate.numbers import ALONG_X, ALONG_Y, CHANNEL, Numbers
from netart.evaluate.request import Request
from netart.evaluate.shader_files import join
from netart.evaluate.weights import activation_codes, layer_shape, layer_texels, quads, steps
from netart.net.network import Network
from netart.net.ops import Feature

# llvmpipe runs at most 65,535 loop iterations an invocation, then silently stops.
MAX_ITERATIONS = 60_000
MAX_WIDTH_IN_ONE_PASS = 512  # units of four pixels that an invocation holds
MAX_GROUPS = 8  # of layers of one shape: a compiler inlines each by itself

PATTERN = {"ALONG_X": ALONG_X, "ALONG_Y": ALONG_Y, "CHANNEL": CHANNEL}  # of dithering
TEXTURE_WIDTH = 2048  # texels in a row of the weights


class Run(NamedTuple):
    """Neighbouring layers of one shape: a loop over hidden layers, or heads."""

    below: int  # inputs in quads
    here: int  # units in quads
    inputs: int  # most inputs of a layer; what is above holds zeros
    layers: int
    is_head: bool


def runs(network: Network, request: Request) -> tuple[Run, ...]:
    """The layers that are evaluated by shape, hidden ones cut where a head comes between them."""
    found = []
    for (shape, is_head), group in groupby(
        steps(network, request.heads), lambda step: (layer_shape(step.layer), step.is_head)
    ):
        inputs = [step.layer.weight.shape[1] for step in group]
        found.append(Run(*shape, max(inputs), len(inputs), is_head))
    return tuple(found)


def counts(network: Network, request: Request) -> list[int]:
    """The layers of each loop, for `u_counts`."""
    return [run.layers for run in runs(network, request) if not run.is_head]


def is_unrolled(network: Network, request: Request, dialect: Dialect) -> bool:
    """Whether the layers' units are variables of their own, not found by index."""
    return request.widest(network) <= dialect.max_unrolled


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
    widest = request.widest(network)
    return next((count for width, count in dialect.lanes if widest <= width), dialect.rolled_lanes)


def one_pass(network: Network, request: Request, dialect: Dialect) -> str:
    """The shader that evaluates the whole network."""
    found, pixels = runs(network, request), lanes(network, request, dialect)
    unrolled = is_unrolled(network, request, dialect)
    totals = range(pixels * quads(len(request.heads[0].layer.bias)))
    loops = len(counts(network, request))
    return join(
        dialect.head,
        f"#define LANES {pixels}\n",
        f"const int QUADS = {quads(request.widest(network))};\n",
        f"const int HEAD_QUADS = {len(totals) // pixels};\n",
        f"const int LAYER_TEXELS = {max(layer_texels(run.below, run.here) for run in found)};\n",
        *_network(network),
        dialect.pixels,
        dialect.weights,
        *_activate(network, request),
        "onepass.glsl",
        *_pixel(request, dialect),
        "lanes_pixels.glsl",
        *_layer_function(request),
        "layers_pixels.glsl" if request.layers else "layers_none.glsl",
        "" if unrolled else "onepass_rolled.glsl",
        f"uniform int u_counts[{loops}];\n" if loops else "",
        "void network() {\n",
        _unroll(found, pixels) if unrolled else _roll(found),
        "}\nvoid main() {\n",
        *(f"    total[{i}] = vec4(0.0);\n" for i in totals),
        "    network();\n",
        *(f"    draw_pixel({k});\n" for k in range(pixels)),
        "}\n",
    )


def _roll(found: tuple[Run, ...]) -> str:
    """The layers as calls of functions for any width."""
    lines, loops = ["    first_layer();\n"], 0
    for run in found:
        if run.is_head:
            lines += [f"    head({run.below}, {run.here});\n"] * run.layers
        else:
            loop = f"for (int k = 0; k < u_counts[{loops}]; ++k)"
            lines.append(f"    {loop} hidden({run.below}, {run.here});\n")
            loops += 1
    return "".join(lines)


@lru_cache(16)
def _unroll(found: tuple[Run, ...], pixels: int) -> str:
    """The layers with a variable for each quad of each lane: units stay in registers."""
    widest = max(max(run.below, run.here) for run in found)
    each = [(i, k) for i in range(widest) for k in range(pixels)]
    lines = ["    vec4 w;\n", f"    vec4 {', '.join(f'y{i}_{k}' for i, k in each)};\n"]
    lines += [f"    y{i}_{k} = input_quad({i}, {k});\n" for i, k in each if i < found[0].below]
    loops = 0
    for run in found:
        if run.is_head:
            lines += ["    {\n", *_layer(run, pixels), "    }\n"] * run.layers
        else:
            loop = f"    for (int k = 0; k < u_counts[{loops}]; ++k) {{\n"
            lines += [loop, *_layer(run, pixels), "    }\n"]
            loops += 1
    return "".join(lines)


def _layer(run: Run, pixels: int) -> list[str]:
    """A layer of these widths, every index a constant."""
    each = [(i, k) for i in range(run.here) for k in range(pixels)]
    lines = [f"begin_layer({1 + run.here * (1 + run.inputs)});", "vec4 layer = weight(0);"]
    for i in range(run.here):
        biases = ", ".join(f"z{i}_{k} = w" for k in range(pixels))
        lines.append(f"w = weight({1 + i}); vec4 {biases};")
    for j in range(run.inputs):
        for i in range(run.here):
            unit = [f"y{j // 4}_{k}.{'xyzw'[j % 4]}" for k in range(pixels)]
            sums = " ".join(f"z{i}_{k} += w * {unit[k]};" for k in range(pixels))
            lines.append(f"w = weight({1 + (1 + j) * run.here + i}); {sums}")
    lines.append(f"cursor += {layer_texels(run.below, run.here)};")
    if run.is_head:
        lines += [f"total[{run.here * k + i}] += z{i}_{k};" for i, k in each]
    else:
        lines += [
            "layers_done += 1;",
            *(f"after_layer({k}, layers_done, {4 * i}, int(layer.y), z{i}_{k});" for i, k in each),
            *(f"y{i}_{k} = activate(int(layer.x), z{i}_{k});" for i, k in each),
        ]
    return [f"        {line}\n" for line in lines]


class LayerPasses(NamedTuple):
    """The shaders of a network that takes a pass a layer, in the order of the passes."""

    first: str
    dense: str
    product: str | None  # for wide hidden layers
    after: str | None  # the layer function, between a layer and its activation
    activate: str | None  # the activation by itself, where the layer function precedes it
    last: str


def layer_passes(network: Network, request: Request, dialect: Dialect) -> LayerPasses:
    """The shaders that evaluate the network layer by layer."""
    start = dialect.head, *_network(network), dialect.layer_weights
    state = *start, dialect.state, dialect.quads
    activate = _activate(network, request)
    after = apart = product = None
    if dialect.product:
        product = join(*start, *activate, dialect.product)
    if request.layers:
        after = join(*state, *_layer_function(request), "layered_after.glsl")
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
        *(_declare(name, np.uint32(value), constant=True) for name, value in PATTERN.items()),
        *(f"uniform sampler2D u_sums_{k};\n" for k in range(textures)),
        f"vec4 sum(ivec2 pixel) {{\n    switch (pixel.x % {textures}) {{\n",
        *cases,
        "    }\n    return vec4(0.0);\n}\n",
        f"average_{averaging}.glsl",
        f"#define mean mean_{averaging}\n",
        "numbers.glsl",
    )


def _network(network: Network) -> tuple[str, ...]:
    """What every pass begins with: the point, its features, the activations."""
    columns = [column for feature in network.features for column in _columns(feature)]
    columns += [f"coordinate({k}, uv)" for k in range(2, len(network.inputs))]
    columns += ["0.0"] * (-len(columns) % 4)
    cases = [
        f"        case {i}: return vec4({', '.join(columns[4 * i : 4 * i + 4])});\n"
        for i in range(len(columns) // 4)
    ]
    return (
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
    )


def _columns(feature: Feature) -> list[str]:
    call = f"feat_{feature.kind.name}(x, y, {float(np.float32(feature.parameter))!r})"
    count = feature.kind.columns
    return [call] if count == 1 else [f"{call}.{axis}" for axis in "xyzw"[:count]]


def _activate(network: Network, request: Request) -> list[str]:
    codes = activation_codes(network, request.depth)
    cases = [f"        case {code}: return act_{name}(z);\n" for name, code in codes.items()]
    return [
        "vec4 activate(int activation, vec4 z) {\n",
        *(["    switch (activation) {\n", *cases, "    }\n"] if len(codes) > 1 else []),
        f"    return {f'act_{next(iter(codes))}(z)' if len(codes) == 1 else 'z'};\n}}\n",
    ]


def _pixel(request: Request, dialect: Dialect) -> tuple[str, ...]:
    """From outputs to what the samples of a pixel add up: `average(pixel())`."""
    pixel, averaging = request.pixel, f"average_{request.averaging.glsl}"
    names = {**pixel.parts, "act_output": f"act_{pixel.activation}"}
    names |= {"pixel": pixel.glsl, "average": averaging}
    constants, uniforms = pixel.constants.items(), pixel.uniforms.items()
    return (
        *(_declare(name, value, constant=True) for name, value in constants),
        *(_declare(name, value, dialect.constants) for name, value in uniforms),
        *(f"{part}.glsl" for part in pixel.parts.values()),
        *(f"#define {name} {function}\n" for name, function in names.items()),
        f"{pixel.glsl}.glsl",
        f"{averaging}.glsl",
    )


def _layer_function(request: Request) -> tuple[str, ...]:
    if not request.layers:
        return ()
    name = request.layers.glsl
    return f"{name}.glsl", f"#define layer_function {name}\n"


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

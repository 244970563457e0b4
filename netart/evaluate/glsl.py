"""From a network's structure to GLSL: joins the files of shaders/ and writes the few lines whose
number depends on the network. Weights are data; the text holds no number of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate import shader_files
from netart.evaluate.request import Head, Request
from netart.evaluate.shader_files import join
from netart.net.network import Layer, Network
from netart.net.ops import Feature

# llvmpipe runs at most 65,535 loop iterations an invocation, then silently stops.
MAX_ITERATIONS = 60_000
MAX_WIDTH_IN_ONE_PASS = 512  # units of four pixels that an invocation holds

# Up to this width the shader's text is unrolled; wider networks are loops over four pixels.
MAX_UNROLLED = 32
# The pixels that an invocation draws, by the width up to which they serve: as many as the registers
# hold. Measured on an NVIDIA H200, in Mpixel/s by 1, 2 and 4 pixels: 16×16 30, 60, 91; 18×30 7.4,
# 14.6, and with 3 pixels 1.0. llvmpipe: 18×30 1.3 times the loops' speed with 2, 2.1 with 4.
CARD_LANES = ((16, 4), (MAX_UNROLLED, 2))
SOFTWARE_LANES = ((MAX_UNROLLED, 4),)
ROLLED_LANES = 4

MAX_GROUPS = 8  # of layers of one shape: a compiler inlines each by itself

TEXTURE_WIDTH = 2048  # texels in a row of the weights


class Dialect(NamedTuple):
    """A version of GLSL, and how shaders in it read weights and write pixels."""

    head: str  # the file of its version line
    outputs: str  # the file that says where pixels go
    weights: str  # the file that reads the weights
    constants: bool  # whether numbers of the network and the look are constants, not uniforms


DESKTOP = Dialect(shader_files.DESKTOP, "fragment.glsl", "weights_texture.glsl", False)


class Group(NamedTuple):
    """Neighbouring layers of one shape, a loop in GLSL. Widths in quads."""

    below: int
    here: int
    layers: int


class Step(NamedTuple):
    """A layer in the order of its work. depth: hidden layers below it."""

    layer: Layer
    depth: int
    is_head: bool


def quads(width: int) -> int:
    """The number of vec4 that hold `width` numbers."""
    return -(-width // 4)


def steps(network: Network, heads: Iterable[Head]) -> Iterator[Step]:
    """All layers that are evaluated, each head before the hidden layer above it."""
    heads = tuple(heads)
    deepest = max(head.depth for head in heads)
    for depth in range(deepest + 1):
        for head in heads:
            if head.depth == depth:
                yield Step(head.layer, depth, True)
        if depth < deepest:
            yield Step(network.layers[depth], depth, False)


def groups(network: Network, heads: Iterable[Head]) -> list[Group]:
    """The hidden layers by shape, cut where a head comes between them."""
    runs = groupby(steps(network, heads), lambda step: (_shape(step.layer), step.is_head))
    return [Group(*shape, len(list(run))) for (shape, is_head), run in runs if not is_head]


def fits_one_pass(network: Network, request: Request) -> bool:
    """Whether one invocation can hold the network: its state, loop iterations, text."""
    shapes = request.shapes(network)
    return (
        sum(quads(units) * (quads(inputs) + 6) for units, inputs in shapes) <= MAX_ITERATIONS
        and request.widest(network) <= MAX_WIDTH_IN_ONE_PASS
        and len(groups(network, request.heads)) <= MAX_GROUPS
    )


def lanes(network: Network, request: Request, software: bool) -> int:
    """The pixels that an invocation of the one-pass shader draws. software: on the processor."""
    table, widest = SOFTWARE_LANES if software else CARD_LANES, request.widest(network)
    return next((count for width, count in table if widest <= width), ROLLED_LANES)


def one_pass(network: Network, request: Request, dialect: Dialect, lanes: int) -> str:
    """The shader that evaluates the whole network. lanes: pixels that an invocation draws."""
    unrolled = request.widest(network) <= MAX_UNROLLED
    calls, bodies, group = [], {}, 0
    runs = groupby(steps(network, request.heads), lambda step: (_shape(step.layer), step.is_head))
    for (shape, is_head), run in runs:
        name = "head" if is_head else "hidden"
        call = f"{name}_{shape[0]}_{shape[1]}()" if unrolled else f"{name}{shape}"
        if unrolled:
            bodies[call] = _unroll(call, shape, is_head)
        if is_head:
            calls += [f"    {call};\n" for _ in run]
        else:
            calls.append(f"    for (int k = 0; k < u_counts[{group}]; ++k) {call};\n")
            group += 1
    return join(
        *_network(network, dialect),
        f"#define LANES {lanes}\n#define LANE_MATRIX mat{lanes}x4\n",
        f"const int QUADS = {quads(request.widest(network))};\n",
        f"const int HEAD_QUADS = {quads(len(request.heads[0].layer.bias))};\n",
        *_activate(network, request),
        dialect.outputs,
        "onepass.glsl",
        *_pixel(request, dialect),
        "lanes_pixels.glsl",
        *_layer_function(request),
        "layers_pixels.glsl" if request.layers else "layers_none.glsl",
        *(bodies.values() if unrolled else ["onepass_rolled.glsl"]),
        f"uniform int u_counts[{group}];\n" if group else "",
        "void network() {\n",
        *calls,
        "}\n",
    )


def _unroll(call: str, shape: tuple[int, int], is_head: bool) -> str:
    """The function of a layer of this shape, every index a constant: units stay in registers."""
    below, here = shape
    lines = [f"void {call} {{", "    ivec2 layer = ivec2(texel(cursor).xy);"]
    for i in range(here):
        at = 1 + i * (1 + 4 * below)
        lines.append(f"    z[{i}] = spread(texel(cursor + {at}));")
        lines += [
            f"    z[{i}] += matrix(cursor + {at + 1 + 4 * j}) * y[{j}];" for j in range(below)
        ]
    lines.append(f"    cursor += {1 + here * (1 + 4 * below)};")
    if is_head:
        lines += [f"    total[{i}] += z[{i}];" for i in range(here)]
    else:
        lines.append("    layers_done += 1;")
        for i in range(here):
            lines.append(f"    after_layer(layers_done, {i}, layer.y);")
            lines.append(f"    y[{i}] = through(layer.x, {i}, z[{i}]);")
    return "\n".join([*lines, "}\n"])


class LayerPasses(NamedTuple):
    """The shaders of a network that takes a pass a layer, in the order of the passes."""

    first: str
    dense: str
    after: str | None  # the layer function, between a layer and its activation
    activate: str | None  # the activation by itself, where the layer function precedes it
    last: str


def layer_passes(network: Network, request: Request, dialect: Dialect) -> LayerPasses:
    """The shaders that evaluate the network layer by layer."""
    start = _network(network, dialect)
    activate = _activate(network, request)
    after = apart = None
    if request.layers:
        after = join(*start, *_layer_function(request), "layered_after.glsl")
        apart = join(*start, *activate, "layered_activate.glsl")
    return LayerPasses(
        join(*start, "layered_first.glsl"),
        join(*start, *activate, "layered_dense.glsl"),
        after,
        apart,
        join(*start, "layered_head.glsl", *_pixel(request, dialect), "layered_last.glsl"),
    )


def pack(network: Network, heads: tuple[Head, ...]) -> NDArray[np.float32]:
    """The weights as texels (rows, TEXTURE_WIDTH, 4) float32.

    The order is that of shaders/weights_texture.glsl.
    """
    codes = _codes(network, max(head.depth for head in heads))
    texels = np.concatenate(
        [
            _texels(step.layer, 0 if step.is_head else codes[step.layer.activation])
            for step in steps(network, heads)
        ]
    )
    rows = -(-len(texels) // TEXTURE_WIDTH)
    texture = np.zeros((rows * TEXTURE_WIDTH, 4), np.float32)
    texture[: len(texels)] = texels
    return texture.reshape(rows, TEXTURE_WIDTH, 4)


def starts(network: Network, heads: tuple[Head, ...]) -> list[int]:
    """Where each step begins in the texels."""
    shapes = (_shape(step.layer) for step in steps(network, heads))
    lengths = [1 + here * (1 + 4 * below) for below, here in shapes]
    return [0, *accumulate(lengths)][:-1]


def _codes(network: Network, depth: int) -> dict[str, int]:
    """The number that stands for each activation in the weights."""
    names = sorted({layer.activation for layer in network.layers[:depth]})
    return {name: code for code, name in enumerate(names)}


def _texels(layer: Layer, code: int) -> NDArray[np.float32]:
    units, inputs = layer.weight.shape
    here, below = quads(units), quads(inputs)
    padded = np.zeros((4 * here, 4 * below), np.float32)
    padded[:units, :inputs] = layer.weight
    bias = np.zeros(4 * here, np.float32)
    bias[:units] = layer.bias
    # GLSL matrices are column-major: a texel is a column, four units of one input.
    columns = padded.reshape(here, 4, 4 * below).transpose(0, 2, 1)
    stream = np.concatenate([bias.reshape(here, 1, 4), columns], axis=1).reshape(-1, 4)
    return np.concatenate([np.array([[code, units, 0, 0]], np.float32), stream])


def _shape(layer: Layer) -> tuple[int, int]:
    """(inputs, units) in quads."""
    units, inputs = layer.weight.shape
    return quads(inputs), quads(units)


def _network(network: Network, dialect: Dialect) -> tuple[str, ...]:
    """What every pass begins with: the dialect, the point, its features, the weights."""
    columns = [column for feature in network.features for column in _columns(feature)]
    columns += [f"coordinate({k}, uv)" for k in range(2, len(network.inputs))]
    columns += ["0.0"] * (-len(columns) % 4)
    first = len(columns) // 4
    cases = [
        f"        case {i}: return vec4({', '.join(columns[4 * i : 4 * i + 4])});\n"
        for i in range(first)
    ]
    return (
        dialect.head,
        f"const int INPUTS = {len(network.inputs)};\n",
        f"const int FIRST = {first};\n",
        "point.glsl",
        "features.glsl",
        "vec4 features(int i, vec2 uv) {\n",
        "    float x = coordinate(0, uv), y = coordinate(1, uv);\n",
        "    switch (i) {\n",
        *cases,
        "    }\n    return vec4(0.0);\n}\n",
        _declare("TEXTURE_WIDTH", TEXTURE_WIDTH, constant=True),
        dialect.weights,
        "activations.glsl",
    )


def _columns(feature: Feature) -> list[str]:
    call = f"feat_{feature.kind.name}(x, y, {float(np.float32(feature.parameter))!r})"
    count = feature.kind.columns
    return [call] if count == 1 else [f"{call}.{axis}" for axis in "xyzw"[:count]]


def _activate(network: Network, request: Request) -> list[str]:
    cases = [
        f"        case {code}: return act_{name}(z);\n"
        for name, code in _codes(network, request.depth).items()
    ]
    return [
        "vec4 activate(int activation, vec4 z) {\n    switch (activation) {\n",
        *(cases or ["        default: return z;\n"]),
        "    }\n    return z;\n}\n",
    ]


def _pixel(request: Request, dialect: Dialect) -> tuple[str, ...]:
    """From outputs to what the samples of a pixel add up: `average(pixel())`."""
    pixel, averaging = request.pixel, request.averaging.glsl
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
    kind = "int" if array.dtype.kind == "i" else "float"
    if array.ndim:
        kind = f"{'mat' if array.ndim == 2 else 'vec'}{len(array)}"
    if not constant:
        return f"uniform {kind} {name};\n"
    numbers = ", ".join(map(repr, array.T.ravel().tolist()))  # matrices are column-major
    return f"const {kind} {name} = {kind}({numbers});\n"

"""From a network's structure to GLSL: joins the files of shaders/ and writes the few lines whose
number depends on the network. Weights are data; the text holds no number of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.assets import folder
from netart.evaluate.request import Reducer
from netart.net.network import Layer, Network
from netart.net.ops import Feature

TEXTURE_WIDTH = 2048  # texels in a row of the weights, as in shaders/weights.glsl

# llvmpipe runs at most 65,535 loop iterations an invocation, then silently stops.
MAX_ITERATIONS = 60_000
MAX_WIDTH_IN_ONE_PASS = 512  # units of four pixels that an invocation holds

MAX_GROUPS = 8  # of layers of one shape: a compiler inlines each by itself

_INCLUDE = re.compile(r'^#include "(.+)"\n', re.MULTILINE)


class Group(NamedTuple):
    """Neighbouring layers of one shape, a loop in GLSL. Widths in fours."""

    below: int
    here: int
    layers: int


def fours(width: int) -> int:
    return -(-width // 4)


def join(*parts: str) -> str:
    """One shader of the parts: names of files in shaders/, or lines. Includes come in once."""
    seen: set[str] = set()

    def text(part: str) -> str:
        if not part.endswith(".glsl"):
            return part
        if part in seen:
            return ""
        seen.add(part)
        source = (folder("shaders") / part).read_text(encoding="utf-8")
        return _INCLUDE.sub(lambda match: text(match[1]), source) + "\n"

    return "".join(map(text, parts))


def numbered(source: str) -> str:
    """The source with line numbers, to read a compiler's messages by."""
    return "\n".join(f"{k:4d}  {line}" for k, line in enumerate(source.splitlines(), 1))


def hidden_groups(network: Network) -> list[Group]:
    """The hidden layers by shape; the last is by itself where a second read-out precedes it."""
    depth = network.depth
    parts = [(0, depth - 1), (depth - 1, depth)] if network.skip else [(0, depth)]
    shapes = [(fours(inputs), fours(units)) for units, inputs in _shapes(network.layers)]
    runs = (run for first, last in parts for run in groupby(shapes[first:last]))
    return [Group(*shape, len(list(run))) for shape, run in runs]


def fits_one_pass(network: Network) -> bool:
    """Whether one invocation can hold the network: its state, loop iterations, text."""
    shapes = list(_shapes([layer for layer, _ in stream(network)]))
    iterations = sum(fours(units) * (fours(inputs) + 6) for units, inputs in shapes)
    return (
        iterations <= MAX_ITERATIONS
        and max(map(max, shapes)) <= MAX_WIDTH_IN_ONE_PASS
        and len(hidden_groups(network)) <= MAX_GROUPS
    )


def onepass(network: Network, reducer: Reducer) -> str:
    """The fragment shader that evaluates the whole network."""
    groups = hidden_groups(network)
    units, inputs = network.layers[-1].weight.shape
    widest = max(max(map(fours, shape)) for shape in _shapes(network.layers))
    calls = [
        f"    for (int k = 0; k < u_counts[{g}]; ++k) hidden({group.below}, {group.here});\n"
        for g, group in enumerate(groups)
    ]
    if network.skip:
        calls.insert(-1, f"    dense({groups[-1].below}, {fours(units)});\n    early = z[0];\n")
    return join(
        *_head(network),
        f"const int QUADS = {widest};\n",
        *_activate(layer.activation for layer in network.layers[:-1]),
        *_reduce(reducer),
        "onepass.glsl",
        f"uniform int u_counts[{len(groups)}];\n" if groups else "",
        "void network() {\n",
        *calls,
        f"    dense({fours(inputs)}, {fours(units)});\n}}\n",
    )


def layered(network: Network, reducer: Reducer) -> tuple[str, str, str]:
    """The fragment shaders of the first, each, and the last pass of a layer a pass."""
    names = (layer.activation for layer in network.layers[:-1])
    head = _head(network)
    return (
        join(*head, "layered_first.glsl"),
        join(*head, *_activate(names), "layered_dense.glsl"),
        join(*head, *_reduce(reducer), "layered_last.glsl"),
    )


def activation_codes(names: Iterable[str]) -> dict[str, int]:
    """The number that stands for each activation of a network in its weights' stream."""
    return {name: code for code, name in enumerate(sorted(set(names)))}


def pack(network: Network) -> tuple[NDArray[np.float32], list[int]]:
    """The weights as texels (rows, TEXTURE_WIDTH, 4) float32, and where each layer begins.

    The order is that of shaders/weights.glsl.
    """
    layers = stream(network)
    codes = activation_codes(["linear", *(name for _, name in layers)])
    blocks = [_texels(layer, codes[name]) for layer, name in layers]
    starts = np.cumsum([0, *map(len, blocks[:-1])]).tolist()
    texels = np.concatenate(blocks)
    rows = -(-len(texels) // TEXTURE_WIDTH)
    texture = np.zeros((rows * TEXTURE_WIDTH, 4), np.float32)
    texture[: len(texels)] = texels
    return texture.reshape(rows, TEXTURE_WIDTH, 4), starts


def stream(network: Network) -> list[tuple[Layer, str]]:
    """The layers in the order of their work, each with its activation; read-outs have none."""
    layers = [(layer, layer.activation) for layer in network.layers[:-1]]
    if network.skip:
        layers.insert(-1, (network.skip, "linear"))
    return [*layers, (network.layers[-1], "linear")]


def _texels(layer: Layer, code: int) -> NDArray[np.float32]:
    units, inputs = layer.weight.shape
    here, below = fours(units), fours(inputs)
    padded = np.zeros((4 * here, 4 * below), np.float32)
    padded[:units, :inputs] = layer.weight
    bias = np.zeros(4 * here, np.float32)
    bias[:units] = layer.bias
    # GLSL matrices are column-major: a texel is a column, four units of one input.
    columns = padded.reshape(here, 4, 4 * below).transpose(0, 2, 1)
    stream = np.concatenate([bias.reshape(here, 1, 4), columns], axis=1).reshape(-1, 4)
    return np.concatenate([np.array([[code, 0, 0, 0]], np.float32), stream])


def _shapes(layers: Iterable[Layer]) -> Iterable[tuple[int, int]]:
    return (layer.weight.shape for layer in layers)


def _head(network: Network) -> tuple[str, ...]:
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
        "desktop.glsl",
        f"const int INPUTS = {len(network.inputs)};\n",
        f"const int FIRST = {first};\n",
        "point.glsl",
        "features.glsl",
        "vec4 features(int i, vec2 uv) {\n",
        "    float x = coordinate(0, uv), y = coordinate(1, uv);\n",
        "    switch (i) {\n",
        *cases,
        "    }\n    return vec4(0.0);\n}\n",
        "weights.glsl",
        "activations.glsl",
    )


def _columns(feature: Feature) -> list[str]:
    call = f"feat_{feature.kind.name}(x, y, {float(np.float32(feature.parameter))!r})"
    count = feature.kind.columns
    return [call] if count == 1 else [f"{call}.{axis}" for axis in "xyzw"[:count]]


def _activate(names: Iterable[str]) -> list[str]:
    cases = [
        f"        case {code}: return act_{name}(z);\n"
        for name, code in activation_codes(["linear", *names]).items()
    ]
    return [
        "vec4 activate(int activation, vec4 z) {\n    switch (activation) {\n",
        *cases,
        "    }\n    return z;\n}\n",
    ]


def _reduce(reducer: Reducer) -> tuple[str, ...]:
    return (
        f"vec4 act_output(vec4 z) {{\n    return act_{reducer.activation}(z);\n}}\n",
        *reducer.shaders,
    )

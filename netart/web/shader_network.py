"""The network of a shot as text: what it reads, its layers, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.request import Request
from netart.evaluate.weights import quads
from netart.net.build import readout, to_network
from netart.net.network import Layer, Network
from netart.net.recipe import NetworkSource, Recipe
from netart.net.sampling import DISTRIBUTIONS, HIDDEN, OUTPUT, uniform
from netart.shot.lens import Colour, Lines, Regions
from netart.shot.shot import Shot
from netart.shot.view import View
from netart.web.shader_text import array, number, vector

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,30}")


class Stage(NamedTuple):
    """A layer in the order of its work: hidden, or a read-out."""

    layer: Layer
    # Where its draws are: the stream of its weights, the number of the layer there.
    stream: int
    place: int
    # Of a read-out the share by which it is added to the outputs, and which of its units.
    share: float = 0.0
    units: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """(inputs, units) in fours."""
        units, inputs = self.layer.weight.shape
        return quads(inputs), quads(units)


def is_drawn(source: NetworkSource) -> bool:
    """Whether a shader can draw the network from its seeds: all its draws are uniform."""
    return isinstance(source, Recipe) and DISTRIBUTIONS[source.distribution].draw is uniform


def stages(shot: Shot, request: Request) -> list[Stage]:
    """The layers that are evaluated, each read-out before the hidden layer above it. Those of a
    recipe are whole layers, as they are drawn.
    """
    network = to_network(shot.network)
    read = list(_read_outs(shot, network))
    found = []
    for depth in range(request.depth + 1):
        found += [stage for below, stage in read if below == depth]
        if depth < request.depth:
            found.append(Stage(network.layers[depth], HIDDEN, depth))
    return found


def _read_outs(shot: Shot, network: Network) -> Iterator[tuple[int, Stage]]:
    """The read-outs of the lens, each with the number of hidden layers below it."""
    lens = shot.lens.ground if isinstance(shot.lens, Lines) else shot.lens
    if lens is None:
        return
    assert isinstance(lens, (Colour, Regions))
    if lens.units:
        below = lens.units[0][0] - 1
        units = tuple(unit - 1 for _, unit in lens.units)
        stream, place = (HIDDEN, below) if below < network.depth else (OUTPUT, 0)
        yield below, Stage(network.layers[below], stream, place, 1.0, units)
        return
    for depth, share in lens.readouts(network.depth):
        layer = readout(shot.network, depth)
        units = tuple(range(len(layer.bias))) if lens.output is None else (lens.output - 1,)
        yield depth, Stage(layer, OUTPUT, 0, share, units)


def numbers(found: list[Stage]) -> NDArray[np.float32]:
    """(N, 4): all numbers, layer by layer: for every four units their biases, then the weights of
    each of them.
    """
    texels = []
    for stage in found:
        units, inputs = stage.layer.weight.shape
        below, here = stage.shape
        table = np.zeros((here, 1 + 4 * below, 4), np.float32)
        biases = np.zeros(4 * here, np.float32)
        biases[:units] = stage.layer.bias
        table[:, 0] = biases.reshape(-1, 4)
        weights = np.zeros((4 * here, 4 * below), np.float32)
        weights[:units, :inputs] = stage.layer.weight
        table[:, 1:] = weights.reshape(here, 4 * below, 4)
        texels.append(table.reshape(-1, 4))
    return np.concatenate(texels) if texels else np.zeros((0, 4), np.float32)


def numbers_table(texels: NDArray[np.float32]) -> str:
    """The constants that all numbers are."""
    return (
        "// The network: for every four units of a layer their biases, then the weights of each.\n"
        + array("NUMBERS", "vec4", map(vector, texels))
    )


def count(found: list[Stage]) -> int:
    """How many vec4 all numbers are."""
    return sum(here * (1 + 4 * below) for below, here in (stage.shape for stage in found))


def layers_table(found: list[Stage], recipe: Recipe) -> str:
    """The table of the layers that text_drawn.glsl draws."""
    row = DISTRIBUTIONS[recipe.distribution]

    def gains(stage: Stage) -> tuple[float, float]:
        units, inputs = stage.layer.weight.shape
        first = stage.stream == HIDDEN and stage.place == 0
        return row.gain(inputs, units, first), row.bias_gain(inputs)

    rows: list[str] = []
    alike = groupby(
        enumerate(found),
        lambda pair: (
            pair[1].layer.weight.shape, pair[1].stream, pair[1].place - pair[0], gains(pair[1])
        ),
    )  # fmt: skip
    for _, group in alike:
        same = [stage for _, stage in group]
        units, inputs = same[0].layer.weight.shape
        integers = len(same), inputs, units, same[0].place, same[0].stream
        each = ", ".join([*map(str, integers), *map(number, gains(same[0]))])
        rows.append(f"Layers({each})")
    body = ",\n    ".join(rows)
    return f"const Layers LAYERS[{len(rows)}] = Layers[](\n    {body});\n"


def seeds_table(recipe: Recipe, seeds: tuple[int, ...]) -> str:
    """The seeds as words of 64 bits: lower half, upper half."""
    words = [f"uvec2({seed & 0xFFFFFFFF}u, {seed >> 32}u)" for seed in seeds]
    return array("SEEDS", "uvec2", words)


def evaluation(found: list[Stage], request: Request) -> str:
    """The function `network`, which evaluates the layers one after the other, and how the outputs
    are read.
    """
    suffixes = ("", "_u", "_v") if request.has_slopes else ("",)
    outputs = quads(max((len(stage.units) for stage in found), default=0) or 1)
    names = [f"total{suffix}" for suffix in suffixes]
    lines = [f"    {name}[{i}] = vec4(0.0);\n" for name in names for i in range(outputs)]
    for (shape, is_head), group in groupby(found, lambda stage: (stage.shape, bool(stage.units))):
        same = list(group)
        call = f"({shape[0]}, {shape[1]});\n"
        if not is_head:
            loop = f"for (int k = ZERO; k < {len(same)}; ++k) " if len(same) > 1 else ""
            lines.append(f"    {loop}hidden{call}")
            continue
        for stage in same:
            lines.append(f"    dense{call}")
            share = "" if stage.share == 1 else f"{number(stage.share)} * "
            lines += [
                f"    total{suffix}[{i}] += {share}{_picked(stage, i, suffix)};\n"
                for suffix in suffixes
                for i in range(quads(len(stage.units)))
            ]
    sums = ", ".join(f"{name}[{outputs}]" for name in names)
    readers = "vec4 outputs(int i) {\n    return total[i];\n}\n\n"
    readers += "".join(
        f"vec4 slopes{suffix}(int i) {{\n    return slope_of(total[i], total{suffix}[i]);\n}}\n\n"
        for suffix in suffixes[1:]
    )
    about = "// All layers, one after the other; their inputs and units in fours.\n"
    body = f"{about}void network() {{\n{''.join(lines)}}}\n"
    return f"vec4 {sums}; // the outputs\n\n{readers}{body}"


def _picked(stage: Stage, four: int, suffix: str) -> str:
    """Four of the units that a read-out picks."""
    units = stage.units[4 * four : 4 * four + 4]
    in_turn = units == tuple(range(4 * four, 4 * four + len(units)))
    if in_turn and (len(units) == 4 or len(stage.units) == len(stage.layer.bias)):
        return f"z{suffix}[{four}]"
    picks = [f"z{suffix}[{unit // 4}].{'xyzw'[unit % 4]}" for unit in units]
    return f"vec4({', '.join([*picks, *['0.0'] * (4 - len(picks))])})"


def activations(network: Network, request: Request) -> str:
    """The functions `activate` and, where it is asked for, `slope`."""
    names = [layer.activation for layer in network.layers[: request.depth]]
    kinds = sorted(set(names)) or ["linear"]
    table = ""
    if len(kinds) > 1:
        table = "// Of the hidden layers, one after the other.\n"
        table += array("ACTIVATIONS", "int", [str(kinds.index(name)) for name in names])

    def function(head: str, call: str) -> str:
        if len(kinds) == 1:
            return f"vec4 {head} {{\n    return {call.format(kinds[0])};\n}}\n"
        cases = "".join(
            f"        case {k}: return {call.format(kind)};\n" for k, kind in enumerate(kinds)
        )
        switch = f"    switch (ACTIVATIONS[layers_done]) {{\n{cases}    }}\n"
        return f"vec4 {head} {{\n{switch}    return vec4(0.0);\n}}\n"

    found = f"{table}\n" if table else ""
    found += "// What units make of z.\n" + function("activate(vec4 z)", "act_{}(z)")
    if request.has_slopes and not request.differences:
        found += "\n// The derivative of y, which units make of z.\n"
        found += function("slope(vec4 z, vec4 y)", "slope_{}(z, y)")
    return found


def inputs(network: Network, view: View, request: Request, turns: bool) -> str:
    """The functions `features` and, where derivatives are asked for, `feature_slopes`.

    turns: whether the view is turned in a film.
    """
    names = input_names(network.latents)
    lines, slopes = [], []
    is_turned = turns or view.basis != ((1.0, 0.0), (0.0, 1.0))
    for k, name in enumerate(network.inputs):
        if name in view.axes:
            axis = "xy"[view.axes.index(name)]
            lines.append(f"{names[k]} = p.{axis}")
            slopes.append(f"d{names[k]} = d.{axis}")
        else:
            lines.append(f"{names[k]} = u_{names[k]}")
            slopes.append(f"d{names[k]} = 0.0")
    frame = "(u_frame * {})" if is_turned else "{}"
    values = f"    vec2 p = u_center + u_radius * {frame.format('uv')};\n"
    values += f"    float {', '.join(lines)};\n"
    found = "// What the network reads of a point, four numbers at a time.\n"
    found += _function("features(int i, vec2 uv)", values, *_columns(network, slopes=False))
    if request.has_slopes and not request.differences:
        values += f"    vec2 d = u_radius * {frame.format('along')};\n"
        values += f"    float {', '.join(slopes)};\n"
        found += "\n// Its derivative along a direction.\n"
        head = "feature_slopes(int i, vec2 uv, vec2 along)"
        found += _function(head, values, *_columns(network, slopes=True))
    return found


def _columns(network: Network, slopes: bool) -> tuple[list[str], list[str]]:
    """Lines that compute what has several columns, and all columns that the first layer reads, or
    their derivatives along (dx, dy).
    """
    lines, columns = [], []
    for k, feature in enumerate(network.features):
        name, count = feature.kind.name, feature.kind.columns
        if name in ("x", "y"):
            columns.append(f"d{name}" if slopes else name)
            continue
        call = f"{'grad' if slopes else 'feat'}_{name}(x, y, {vector(feature.parameter)})"
        if count == 1:
            columns.append(f"dot({call}, vec2(dx, dy))" if slopes else call)
            continue
        kind = f"mat{count}x2" if slopes else f"vec{count}"
        lines.append(f"    {kind} {name}_{k} = {call};\n")
        columns += [
            f"dot({name}_{k}[{i}], vec2(dx, dy))" if slopes else f"{name}_{k}.{axis}"
            for i, axis in enumerate("xyzw"[:count])
        ]
    latents = input_names(network.latents)[2:]
    return lines, [*columns, *(f"d{name}" if slopes else name for name in latents)]


def input_names(latents: tuple[str, ...]) -> list[str]:
    """Of the inputs, as GLSL may have them: x, y, and the latents, which have numbers where their
    own names may not be.
    """
    plain = {name.lower() for name in latents if _PLAIN_NAME.fullmatch(name)}
    is_plain = len(plain) == len(latents)
    named = (f"latent_{name if is_plain else k}" for k, name in enumerate(latents, 1))
    return ["x", "y", *named]


def _function(head: str, values: str, lines: list[str], columns: list[str]) -> str:
    """A function of the number of a vec4, which gives these columns four at a time."""
    values += "".join(lines)
    padded = [*columns, *["0.0"] * (-len(columns) % 4)]
    vectors = [f"vec4({', '.join(padded[k : k + 4])})" for k in range(0, len(padded), 4)]
    if len(vectors) == 1:
        return f"vec4 {head} {{\n{values}    return {vectors[0]};\n}}\n"
    cases = "".join(f"        case {i}: return {text};\n" for i, text in enumerate(vectors))
    end = "    return vec4(0.0);\n"
    return f"vec4 {head} {{\n{values}    switch (i) {{\n{cases}    }}\n{end}}}\n"


def view_constants(network: Network, view: View) -> list[tuple[str, object, str]]:
    """Name, value and meaning of what is constant of the view."""
    names = input_names(network.latents)
    centre = dict(zip(network.inputs, map(float, view.centre), strict=True))
    middle = [*(centre[name] for name in view.axes), 0.0][:2]
    found: list[tuple[str, object, str]] = [
        ("u_center", middle, "the middle of the picture"),
        ("u_radius", view.radius, "from there to the nearer sides"),
        ("u_frame", view.basis, "turns the picture"),
    ]
    found += [
        (f"u_{names[k]}", centre[name], "")
        for k, name in enumerate(network.inputs)
        if name not in view.axes
    ]
    return found

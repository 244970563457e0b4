"""The layers of a network as lines of GLSL: in loops over units, or unrolled.

Unrolled, each quad (four units) of each column of an invocation is a variable of its own, so that
units stay in registers. An invocation draws some pixels; a pixel has a column for its value, and
two more for the derivatives to u and v where they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from netart.evaluate.weights import Run, layer_texels


class Column(NamedTuple):
    """A column of an invocation."""

    pixel: int
    kind: int  # 0 for a value, 1 and 2 for derivatives

    @property
    def name(self) -> str:
        """What the names of its variables end in."""
        return f"{self.pixel}{('', 'u', 'v')[self.kind]}"


def roll(found: tuple[Run, ...]) -> str:
    """The layers as calls of the functions in onepass_rolled.glsl."""
    lines, loops = ["    first_layer();\n"], 0
    for run in found:
        if run.is_head:
            lines += [f"    head({run.below}, {run.here});\n"] * run.layers
        else:
            loop = f"for (int k = 0; k < u_counts[{loops}]; ++k)"
            lines.append(f"    {loop} hidden({run.below}, {run.here});\n")
            loops += 1
    return "".join(lines)


@lru_cache(16)  # a picture is drawn in many parts
def unroll(found: tuple[Run, ...], pixels: int, kinds: int, differences: bool = False) -> str:
    """The layers unrolled, for that many pixels an invocation and columns a pixel.

    differences: columns are values at three places, none of them a derivative.
    """
    columns = [Column(pixel, kind) for pixel in range(pixels) for kind in range(kinds)]
    quads = range(max(max(run.below, run.here) for run in found))
    units = ", ".join(f"y{i}_{column.name}" for i in quads for column in columns)
    lines = ["    vec4 w;\n", f"    vec4 {units};\n"]
    lines += [
        f"    y{i}_{column.name} = input_quad({i}, {column.pixel}, {column.kind});\n"
        for i in range(found[0].below)
        for column in columns
    ]
    loops = 0
    for run in found:
        dense, after = _dense(run, columns, differences), _after(run, columns, differences)
        layer = [f"        {line}\n" for line in (*dense, *after)]
        if run.is_head:
            lines += ["    {\n", *layer, "    }\n"] * run.layers
        else:
            loop = f"    for (int k = 0; k < u_counts[{loops}]; ++k) {{\n"
            lines += [loop, *layer, "    }\n"]
            loops += 1
    return "".join(lines)


def _dense(run: Run, columns: list[Column], differences: bool) -> Iterator[str]:
    """Weights times units, plus biases in values: pre-activations z of units y."""
    yield f"begin_layer({1 + run.here * (1 + run.inputs)});"
    yield "ivec2 layer = ivec2(weight(0).xy);"  # activation, units
    for i in range(run.here):
        starts = ["vec4(0.0)" if c.kind and not differences else "w" for c in columns]
        begun = (f"z{i}_{c.name} = {start}" for c, start in zip(columns, starts, strict=True))
        yield f"w = weight({1 + i}); vec4 {', '.join(begun)};"
    for j in range(run.inputs):
        quad, axis = j // 4, "xyzw"[j % 4]
        for i in range(run.here):
            sums = (f"z{i}_{c.name} += w * y{quad}_{c.name}.{axis};" for c in columns)
            yield f"w = weight({1 + (1 + j) * run.here + i}); {' '.join(sums)}"
    yield f"cursor += {layer_texels(run.below, run.here)};"


def _after(run: Run, columns: list[Column], differences: bool) -> Iterator[str]:
    """What becomes of pre-activations: units, or a part of the outputs."""
    if run.is_head:
        for k, column in enumerate(columns):
            for i in range(run.here):
                yield f"total[{run.here * k + i}] += z{i}_{column.name};"
        return
    yield "layers_done += 1;"
    for i in range(run.here):
        for k, (pixel, kind) in enumerate(columns):
            z, y = (f"{unit}{i}_{columns[k].name}" for unit in "zy")
            if kind and not differences:
                yield f"{y} = slope{i}_{pixel} * {z};"
                continue
            sloped = k + 1 < len(columns) and columns[k + 1].kind
            if kind == 0:
                slopes = f", slope_of({z}, {z}u), slope_of({z}, {z}v)" if sloped else ""
                yield f"after_layer({pixel}, layers_done, {4 * i}, layer.y, {z}{slopes});"
            yield f"{y} = activate(layer.x, {z});"
            if sloped and not differences:
                yield f"vec4 slope{i}_{pixel} = slope(layer.x, {z}, {y});"

"""A network on a stage of OpenGL: in one pass, or in a pass a layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from netart.evaluate import dialects, glsl
from netart.evaluate.request import Request
from netart.evaluate.stages import Pass, Stage
from netart.evaluate.weights import layer_shape, quads, starts, steps
from netart.net.network import Network
from netart.pixels import Pixels, Window

MAX_PIXELS = 1 << 22  # drawn at a time
MIN_PASS = 1 << 22  # multiplications of a wide layer's pass: milliseconds on any device
MIN_PRODUCT = 16  # units and inputs of a layer that is worth a product in tiles


def pixel_limits(stage: Stage, network: Network, request: Request) -> tuple[int, int]:
    """The fewest and the most pixels that should be drawn at a time.

    Few pixels of many layers take as long as more of them: then the passes are too short.
    """
    if glsl.fits_one_pass(network, request, stage.dialect):
        return 1, MAX_PIXELS
    most = stage.max_columns(quads(request.widest(network))) // request.columns
    most = min(MAX_PIXELS, most - most % dialects.COLUMN_GROUP or dialects.COLUMN_GROUP)
    largest = max(units * inputs for units, inputs in request.shapes(network))
    return min(most, -(-MIN_PASS // largest)), most


def draw(
    stage: Stage, network: Network, part: Window, request: Request, numbers: dict[str, Any]
) -> list[Any]:
    """Draws the part. Returns what its samples add up to, as `Stage.sums` does.

    numbers: uniforms that hold for the whole picture.
    """
    if glsl.fits_one_pass(network, request, stage.dialect):
        return _draw_in_one_pass(stage, network, part, request, numbers)
    return _draw_layer_by_layer(stage, network, part, request, numbers)


def _draw_in_one_pass(
    stage: Stage, network: Network, part: Window, request: Request, numbers: dict[str, Any]
) -> list[Any]:
    shader = glsl.one_pass(network, request, stage.dialect)
    lanes, size = glsl.lanes(network, request, stage.dialect), (part.width, part.height)
    pixels = stage.pixels(size, lanes)
    numbers = numbers | {
        "u_one": 1,
        "u_counts": glsl.counts(network, request),
        "u_origin": (part.left, part.top),
    }
    weights = {"u_weights": stage.weights(network, request.heads)}
    reads = weights | _table(stage, request) | _layers(stage, request) | _places(stage, request)
    for sample in _samples(request):
        numbers["u_sample"] = sample
        each = Pass(shader, numbers, reads, add=sample != (0, 0))
        stage.draw_pixels(each, pixels, size, lanes)
    return stage.sums(pixels)


def _draw_layer_by_layer(
    stage: Stage, network: Network, part: Window, request: Request, numbers: dict[str, Any]
) -> list[Any]:
    """The units of all pixels are kept from layer to layer."""
    passes = glsl.layer_passes(network, request, stage.dialect)
    size = part.width, part.height
    pixels = stage.pixels(size, 1)
    columns = stage.pad(part.width * part.height)
    numbers = numbers | {
        "u_columns": part.width,
        "u_pixels": columns,
        "u_stride": request.columns * columns,
        "u_origin": (part.left, part.top),
        "u_depth": request.depth,
    }
    for sample in _samples(request):
        numbers["u_sample"] = sample
        reads = _run_layers(stage, network, request, passes, columns, numbers)
        reads |= _table(stage, request)
        stage.draw_pixels(Pass(passes.last, numbers, reads, add=sample != (0, 0)), pixels, size, 1)
    return stage.sums(pixels)


def _run_layers(
    stage: Stage,
    network: Network,
    request: Request,
    passes: glsl.LayerPasses,
    pixels: int,
    numbers: dict[str, Any],
) -> dict[str, Any]:
    """What the last pass reads: the heads added up, and what the layer function has carried.

    pixels: columns of a state that hold values; as many hold each derivative.
    """
    columns = request.columns * pixels
    weights = {"u_weights": stage.weights(network, request.heads)}
    here, spare = "even", "odd"
    width = quads(network.layers[0].weight.shape[1])
    state = stage.state(here, columns, width)
    first = Pass(passes.first, numbers, _places(stage, request))
    stage.make_units(first, state, columns, width)
    heads: dict[str, Any] = {}
    carried: dict[str, Any] = {}
    for step, start in zip(
        steps(network, request.heads), starts(network, request.heads), strict=True
    ):
        below, width = layer_shape(step.layer)
        made = stage.state("heads" if step.is_head else spare, columns, width)
        fused = not step.is_head and not passes.activate
        layer = {
            "u_layer": start,
            "u_quads_below": below,
            "u_quads": width,
            "u_activates": int(fused),
            # Columns that take biases and the activation itself.
            "u_pixels": columns if request.differences else pixels,
        }
        reads = weights | {"u_below": stage.units(state)}
        is_wide = min(step.layer.weight.shape) >= MIN_PRODUCT and not step.is_head
        if passes.product and is_wide:
            product = Pass(passes.product, layer, reads)
            stage.make_units(product, made, columns, width, tiled=True)
        else:
            second = step.is_head and bool(heads)
            stage.make_units(Pass(passes.dense, layer, reads, second), made, columns, width)
        if step.is_head:
            heads = {"u_below": stage.units(made)}
            continue
        if passes.activate:
            reads = weights | {"u_below": stage.units(made)}
            if passes.after:
                carrying = stage.state(f"carried {step.depth % 2}", columns, 1)
                seen = numbers | layer | {"u_depth": step.depth + 1, "u_pixels": pixels}
                table = _layers(stage, request)
                look = Pass(passes.after, seen, reads | carried | table)
                stage.make_units(look, carrying, columns, 1)
                carried = {"u_carried": stage.units(carrying)}
            made = stage.state(here, columns, width)
            stage.make_units(Pass(passes.activate, layer, reads), made, columns, width)
        else:
            here, spare = spare, here
        state = made
    return heads | carried


def _table(stage: Stage, request: Request) -> dict[str, Any]:
    """The pixel function's table of numbers, where it has one."""
    table = request.pixel.table
    if table is None or not table.size:
        return {}

    def texels() -> Pixels:
        rows = table.reshape(3, -1, table.shape[-1])
        opaque = np.pad(rows, ((0, 1), (0, 0), (0, 0)), constant_values=1)
        return np.asarray(opaque.transpose(1, 2, 0))

    return {"u_table": stage.device.texture("table", (table,), texels)}


def _layers(stage: Stage, request: Request) -> dict[str, Any]:
    """The layer function's table of numbers, where it has one."""
    layers = request.layers
    if layers is None or layers.table is None or not layers.table.size:
        return {}
    table = layers.table
    return {"u_layers": stage.device.texture("layers", (table,), lambda: table)}


def _places(stage: Stage, request: Request) -> dict[str, Any]:
    """The pixels that are drawn, where they are not the picture's in its own order."""
    places = request.places
    if places is None:
        return {}

    def texels() -> Pixels:
        return np.pad(places.astype(np.float32), ((0, 0), (0, 0), (0, 2)))

    return {"u_places": stage.device.texture("places", (places,), texels)}


def _samples(request: Request) -> Iterator[tuple[int, int]]:
    """Where the samples of a pixel stand in it: across and down, (0, 0) first."""
    return ((a, b) for b in range(request.samples) for a in range(request.samples))

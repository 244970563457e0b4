"""What a page needs to make a shot's network: the recipe that it is sampled by, or its weights."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from msgspec.structs import replace

from netart.evaluate.constants import MAX_TRAVELLING
from netart.evaluate.request import Head
from netart.net.build import activations_of, auto_weight_scale, features_of
from netart.net.network import Matrix
from netart.net.ops import column_count
from netart.net.recipe import NetworkSource, Recipe, Weights
from netart.net.sampling import DISTRIBUTIONS
from netart.shot.lens import Landscape
from netart.shot.lens.base import ReadOut
from netart.shot.lens.lines import Lines
from netart.shot.shot import Shot


def is_sampled(shot: Shot) -> bool:
    """Whether the page of a shot makes the network itself, and so other ones. Of one with very many
    latents those that are constant lie in its biases, and of a landscape over which a picture is
    draped two shaders have the weights.
    """
    is_draped = isinstance(shot.lens, Landscape) and shot.lens.drape == "picture"
    return len(shot.network.latents) <= MAX_TRAVELLING and not is_draped


def network_data(source: NetworkSource) -> dict[str, Any]:
    """The network as plain data, from which browser/weights.js makes its weights.

    A recipe takes none of them along: seeds are text, since JavaScript's numbers hold 53 bits.
    """
    shape = {
        "widths": source.widths,
        "inputs": column_count(features_of(source)) + len(source.latents),
        "outputs": source.outputs,
        "activations": activations_of(source),
        "weightScale": source.weight_scale,
        "biasScale": source.bias_scale,
    }
    return shape | (_weights(source) if isinstance(source, Weights) else _draws(source))


def heads_data(shot: Shot, heads: tuple[Head, ...]) -> list[dict[str, Any]]:
    """Where each head of a request comes from, as browser/weights.js takes it; units and outputs
    count from 0. shot: of a lens that draws read-outs, or lines.
    """
    lens = shot.lens.ground if isinstance(shot.lens, Lines) else shot.lens
    found: list[dict[str, Any]] = []
    if isinstance(lens, ReadOut):
        outputs = None if lens.output is None else [lens.output - 1]
        for depth, share in lens.readouts(shot.network.depth):
            found.append({"depth": depth, "share": share, "outputs": outputs})
        if lens.units:
            units = [unit - 1 for _, unit in lens.units]
            found.append({"depth": lens.units[0][0] - 1, "units": units})
    empty = heads[len(found) :]
    return [*found, *({"depth": head.depth, "zeros": len(head.layer.bias)} for head in empty)]


def _draws(recipe: Recipe) -> dict[str, Any]:
    auto = replace(recipe, weight_scale="auto", detail=1.0)
    scales = {name: auto_weight_scale(replace(auto, distribution=name)) for name in DISTRIBUTIONS}
    return {
        "distribution": recipe.distribution,
        "detail": recipe.detail,
        "mix": [(str(seed), coefficient) for seed, coefficient in recipe.mix],
        # By distribution.
        "autoWeightScales": scales,
    }


def _weights(source: Weights) -> dict[str, Any]:
    layers = [{"weight": _text(x.weight), "bias": _text(x.bias)} for x in source.content.layers]
    return {"layers": layers, "sha256": source.content.sha256}


def _text(numbers: Matrix) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers, "<f4").tobytes()).decode()

"""What a page needs to draw a shot: the shader of its network, and the numbers that it reads."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from netart.evaluate import glsl
from netart.evaluate.constants import fold_constants
from netart.evaluate.dialects import WEB
from netart.evaluate.request import Request
from netart.evaluate.weights import layer_shape, pack, quads, starts, steps
from netart.lens import POINTWISE
from netart.net.build import to_network
from netart.net.network import Network
from netart.pixels import Pixels
from netart.shot.shot import Shot
from netart.shot.view import affine

# Across a pixel, of a picture that rests: where samples are `auto`, and at least.
AUTO_SAMPLES, MIN_SAMPLES = 3, 2


def picture_data(shot: Shot) -> dict[str, Any]:
    """The shot of a pointwise lens as plain data: what browser/picture.js draws.

    `fragment`: the shader; of a network that is too large for one `layers` instead, the shaders of
    a pass a layer, and the layers. `uniforms`: by their names in shaders/. `textures`: by theirs,
    four numbers a texel. `rest`: the least samples across a pixel when nothing moves.
    """
    request = POINTWISE[shot.lens.kind].request(shot)
    network, view, request = fold_constants(to_network(shot.network), shot.view, request)
    uniforms = {
        "u_one": 1,
        "u_counts": glsl.counts(network, request),
        "u_samples": request.samples,
        "u_dither": int(shot.look.dither),
        "u_inputs": affine(view, network.inputs).ravel().tolist(),
        **request.pixel.uniforms,
        **(request.layers.uniforms if request.layers else {}),
    }
    textures = {"u_weights": _texture(_rows(pack(network, request.heads)))}
    if request.pixel.table is not None and request.pixel.table.size:
        rows = request.pixel.table.reshape(3, -1, request.pixel.table.shape[-1])
        opaque = np.pad(rows, ((0, 1), (0, 0), (0, 0)), constant_values=1)
        textures["u_table"] = _texture(opaque.transpose(1, 2, 0))
    if request.layers and request.layers.table is not None and request.layers.table.size:
        textures["u_layers"] = _texture(request.layers.table)
    return {
        **_shaders(network, request),
        "uniforms": uniforms,
        "textures": textures,
        "rest": AUTO_SAMPLES if shot.look.samples == "auto" else MIN_SAMPLES,
    }


def _shaders(network: Network, request: Request) -> dict[str, Any]:
    """The shader of the network, or those of its layers."""
    if glsl.fits_one_pass(network, request, WEB):
        return {"fragment": glsl.one_pass(network, request, WEB)}
    passes = glsl.layer_passes(network, request, WEB)._asdict()
    texels = starts(network, request.heads)
    layers = []
    for step, start in zip(steps(network, request.heads), texels, strict=True):
        below, here = layer_shape(step.layer)
        layers.append(
            {
                "start": start,
                "quadsBelow": below,
                "quads": here,
                "isHead": step.is_head,
                "depth": step.depth,
            }
        )
    return {
        "layers": {
            "passes": {name: text for name, text in passes.items() if text},
            "steps": layers,
            "inputs": quads(network.layers[0].weight.shape[1]),
            "widest": quads(request.widest(network)),
            "depth": request.depth,
            "columns": request.columns,
            "differences": request.differences,
        }
    }


def _rows(stream: Pixels) -> Pixels:
    """Weights as the texture that weights_texture.glsl reads."""
    width = min(len(stream), glsl.TEXTURE_WIDTH)
    rows = np.zeros((-(-len(stream) // width), width, 4), np.float32)
    rows.reshape(-1, 4)[: len(stream)] = stream
    return rows


def _texture(texels: Pixels) -> dict[str, Any]:
    height, width, _ = texels.shape
    numbers = np.ascontiguousarray(texels, "<f4").tobytes()
    return {"width": width, "height": height, "numbers": base64.b64encode(numbers).decode()}

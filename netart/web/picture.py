"""What a page needs to draw a shot: the shaders of its network, and the numbers that they read."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.evaluate import glsl
from netart.evaluate.constants import fold_constants
from netart.evaluate.dialects import WEB, WEB_NUMBERS, WEB_OVER_TARGET, Dialect
from netart.evaluate.request import Head, Request
from netart.evaluate.tiles import cost
from netart.evaluate.weights import activation_codes, layer_shape, pack, quads, runs, starts, steps
from netart.lens.kinds import POINTWISE
from netart.lens.percentiles import measurement
from netart.lens.target import light_of_levels
from netart.net.build import to_network
from netart.net.network import Network
from netart.pixels import Pixels
from netart.shot.shot import Shot
from netart.shot.target import parse_target
from netart.shot.view import View, affine
from netart.web.bundle import shorten
from netart.web.read_outs import any_pair, has_all_layers, loop_counts, pair_of

# Across a pixel, of a picture that rests: where samples are `auto`, and at least.
AUTO_SAMPLES, MIN_SAMPLES = 3, 2

# Of a shader that is worth its compiling, where all functions are written in each place that calls
# them: lines that multiply, and activations, each as long as ACTIVATION of those. SwiftShader takes
# about a second for 900 of them, and three for 2,700.
MAX_LINES = 1500
ACTIVATION = 10


def picture_data(shot: Shot, *, is_fixed: bool = False) -> dict[str, Any]:
    """The shot of a pointwise lens as plain data: what browser/picture.js draws. is_fixed: whether
    its weights are those of the shot's own layer alone, of a page that never reads out others.

    `layers`: the shaders of a pass a layer, and the layers. `fragment`: one shader instead, of a
    network that is small enough; `isQuick`: whether that is worth the time in which it compiles.
    Shaders are lists of parts, by their numbers in `parts`. `uniforms`: by their names in shaders/.
    `textures`: by theirs, four numbers a texel. `throughLayers`: whether other layers may be read
    out, as in read_outs.py. `cost`: multiplications a sample, roughly. `rest`: the least samples
    across a pixel when nothing moves. `measure`: the shaders, uniforms and `percentiles` that
    contrast is measured by, of `channels` numbers; None where it is not.
    """
    request = POINTWISE[shot.lens.kind].request(shot)
    network, view, request = fold_constants(to_network(shot.network), shot.view, request)
    counts, whole = glsl.counts(network, request), request.heads
    if through_layers := not is_fixed and _goes_through_layers(shot, network, request):
        request, whole = replace(request, heads=pair_of(shot)), any_pair(shot)
        counts = loop_counts(shot, glsl.counts(network, replace(request, heads=whole)))
    data = request_data(network, view, request, counts)
    uniforms, textures = data["uniforms"], data["textures"]
    uniforms["u_dither"] = int(shot.look.dither)
    if shot.look.samples == "auto" and not request.pixel.antialiased:
        uniforms["u_samples"] = AUTO_SAMPLES
    if shot.lens.has_target:
        numbers, pictures = _target(shot.marks.target or "")
        uniforms |= numbers
        textures |= pictures
    measured, parts = measurement(shot, request), _Parts()
    dialect = WEB_OVER_TARGET if shot.lens.has_target else WEB
    return {
        **_shaders(network, request, whole, dialect, parts),
        **data,
        "throughLayers": through_layers,
        "cost": cost(network, replace(request, samples=1)),
        "rest": AUTO_SAMPLES if shot.look.samples == "auto" else MIN_SAMPLES,
        "measure": measured
        and {
            **_shaders(network, measured.request, whole, WEB_NUMBERS, parts),
            "uniforms": dict(measured.request.pixel.uniforms),
            "channels": measured.request.channels,
            "percentiles": measured.percentiles,
        },
        "parts": parts.texts,
    }


def request_data(
    network: Network, view: View, request: Request, counts: list[int]
) -> dict[str, Any]:
    """The uniforms and the textures of what is asked of a network, as `picture_data` gives them.

    counts: the layers of each loop.
    """
    uniforms = {
        "u_one": 1,
        "u_counts": counts,
        "u_samples": request.samples,
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
    return {"uniforms": uniforms, "textures": textures}


class _Parts:
    """The texts that shaders are joined of, without comments: they have most of them in common."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def split(self, shader: str) -> list[int]:
        """The numbers of its parts."""
        plain = (shorten(f"{part}\n") for part in shader.split("\n\n"))
        return [self._number(part) for part in plain if part]

    def _number(self, part: str) -> int:
        number = self._numbers.setdefault(part, len(self.texts))
        if number == len(self.texts):
            self.texts.append(part)
        return number


def _shaders(
    network: Network, request: Request, whole: tuple[Head, ...], dialect: Dialect, parts: _Parts
) -> dict[str, Any]:
    """The shaders of the network: those of its layers, and where it is small enough one of all.

    whole: the read-outs of that one.
    """
    passes = glsl.layer_passes(network, request, dialect)._asdict()
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
    found: dict[str, Any] = {
        "layers": {
            "passes": {name: parts.split(text) for name, text in passes.items() if text},
            "steps": layers,
            "inputs": quads(network.layers[0].weight.shape[1]),
            "widest": quads(request.widest(network)),
            "depth": request.depth,
            "columns": request.columns,
            "differences": request.differences,
        }
    }
    request = replace(request, heads=whole)
    if glsl.fits_one_pass(network, request, dialect):
        found["fragment"] = parts.split(glsl.one_pass(network, request, dialect))
        found["isQuick"] = _is_quick(network, request, dialect)
    return found


def _goes_through_layers(shot: Shot, network: Network, request: Request) -> bool:
    """Whether the page of a shot reads out any layer: where the shot itself has chosen one, or
    where the one shader of its network stays quick to compile.
    """
    if not has_all_layers(shot):
        return False
    longer = replace(request, heads=any_pair(shot))
    has_chosen = getattr(shot.lens, "layer", None) is not None
    return has_chosen or _is_quick(network, longer, WEB) or not _is_quick(network, request, WEB)


def _is_quick(network: Network, request: Request, dialect: Dialect) -> bool:
    """Whether one shader of all layers is worth the time in which it compiles."""
    return glsl.is_unrolled(network, request, dialect) and _lines(network, request) <= MAX_LINES


def _lines(network: Network, request: Request) -> int:
    """The lines of the shader of all layers, roughly, where it is unrolled."""
    found = runs(network, request.heads)
    activations = ACTIVATION * len(activation_codes(network, request.depth))
    return request.columns * sum(
        run.here * (run.inputs + (0 if run.is_head else activations)) for run in found
    )


def _target(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Uniforms and textures of the picture that a network learns, which is written as `text`."""
    target = parse_target(text)
    height, width, channels = target.pixels.shape
    (low, high), (paper, light) = target.span, light_of_levels(channels)
    numbers = {
        "u_target_channels": channels,
        "u_target_middle": (low + high) / 2,
        "u_target_scale": max(width, height) / (high - low),
        "u_target_paper": paper.tolist(),
    }
    levels = {"width": width, "height": height, "bytes": _text(target.pixels)}
    above = np.pad((light - paper[:, None]).T[None], ((0, 0), (0, 0), (0, 1)))
    return numbers, {"u_target": levels, "u_target_light": _texture(above)}


def _rows(stream: Pixels) -> Pixels:
    """Weights as the texture that weights_texture.glsl reads."""
    width = min(len(stream), glsl.TEXTURE_WIDTH)
    rows = np.zeros((-(-len(stream) // width), width, 4), np.float32)
    rows.reshape(-1, 4)[: len(stream)] = stream
    return rows


def _texture(texels: NDArray[np.floating[Any]]) -> dict[str, Any]:
    height, width, _ = texels.shape
    return {"width": width, "height": height, "numbers": _text(texels.astype("<f4"))}


def _text(numbers: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode()

"""The network compiled to GLSL and run by OpenGL 3.3, in one pass or in a pass a layer.

Structure is compiled, weights are data: programs are kept by their text, which holds no weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from netart.evaluate import glsl
from netart.evaluate.gl import Device, read
from netart.evaluate.request import FLOAT32_EPSILON, Evaluator, Head, Request
from netart.evaluate.speed import Speed
from netart.evaluate.tiles import cost
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, affine

AIM_S = 0.075  # of one draw: drivers kill those of about two seconds
MAX_SIDE = 2048  # of a draw, in pixels
MAX_STATE = 1 << 22  # texels of a layer's state, where a layer is a pass


class Gpu(Evaluator):
    """Evaluates networks by shaders, on a device whose speed it learns on the way."""

    name = "gpu"
    epsilon = FLOAT32_EPSILON
    threads = 1

    def __init__(self, context: Any) -> None:
        self.device = Device(context)
        self.dialect = glsl.DESKTOP
        self.speed = Speed()

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        numbers, samples, averaging = request.numbers, request.samples, request.averaging
        shape = window.height, window.width, request.channels
        out = np.empty(shape, numbers.dtype if numbers else np.float32)
        uniforms = {
            "u_size": (samples * size[0], samples * size[1]),
            "u_samples": samples,
            "u_inputs": affine(view, network.inputs),
            **request.pixel.uniforms,
        }
        one_pass = glsl.fits_one_pass(network, request)
        draw = self._one_pass if one_pass else self._layer_a_pass
        # Another evaluator may have made its own context current.
        with self.device.context, np.errstate(all="ignore"):
            for part in self._parts(network, request, window, one_pass):
                with self.speed.measure(part.width * part.height * cost(network, request)):
                    pixels = draw(network, part, request, uniforms)[..., : request.channels]
                self.device.check()
                if samples > 1:
                    pixels = averaging.after(pixels / samples**2)
                if numbers:
                    pixels = numbers.of(pixels, part.top, part.left)
                top, left = part.top - window.top, part.left - window.left
                out[top : top + part.height, left : left + part.width] = pixels
        return out

    def describe(self) -> str:
        return f"{self.device.info['GL_RENDERER']}, OpenGL {self.device.info['GL_VERSION']}"

    @property
    def identity(self) -> str:
        return self.describe()

    @property
    def software(self) -> bool:
        """Whether the driver computes on the processor."""
        return self.device.software

    def close(self) -> None:
        self.device.close()

    @contextmanager
    def messages(self) -> Iterator[list[str]]:
        with self.device.messages() as found:
            yield found

    def _parts(
        self, network: Network, request: Request, window: Window, one_pass: bool
    ) -> Iterator[Window]:
        """Cuts the window so that a draw takes about AIM_S, by the rate measured on the way."""
        widest = glsl.quads(request.widest(network))
        most = MAX_SIDE * MAX_SIDE if one_pass else min(MAX_SIDE, MAX_STATE // widest)
        work = cost(network, request) / request.samples**2  # of a draw: a sample a pixel
        top, bottom, right = window.top, window.top + window.height, window.left + window.width
        while top < bottom:
            pixels = max(1, min(most, int(AIM_S * self.speed.rate / work)))
            width = min(window.width, MAX_SIDE, pixels)
            height = min(MAX_SIDE, pixels // width, bottom - top)
            for left in range(window.left, right, width):
                yield Window(left, top, min(width, right - left), height)
            top += height

    def _one_pass(
        self, network: Network, part: Window, request: Request, uniforms: dict[str, Any]
    ) -> Pixels:
        """(height, width, 4) float32: some neighbours an invocation, each to its own target."""
        lanes = glsl.lanes(network, request, self.software)
        program = self.device.program(glsl.one_pass(network, request, self.dialect, lanes))
        size = width, height = -(-part.width // lanes), part.height
        target = self.device.target(f"{lanes} pixels", size, lanes)
        own = {
            "u_one": 1,
            "u_counts": [group.layers for group in glsl.groups(network, request.heads)],
            "u_origin": (part.left, part.top),
        }
        textures = {"u_weights": self._weights(network, request.heads)} | self._table(request)
        for sample in _samples(request):
            numbers = uniforms | own | {"u_sample": sample}
            self.device.draw(program, target, size, numbers, textures, add=sample != (0, 0))
        pixels = np.empty((height, width, lanes, 4), np.float32)
        for k in range(lanes):
            pixels[:, :, k] = read(target, size, k)
        return pixels.reshape(height, lanes * width, 4)[:, : part.width]

    def _layer_a_pass(
        self, network: Network, part: Window, request: Request, uniforms: dict[str, Any]
    ) -> Pixels:
        """(height, width, 4) float32: the state of all pixels goes through float textures."""
        sources = glsl.layer_passes(network, request, self.dialect)
        last = self.device.program(sources.last)
        columns = part.width * part.height
        place = {
            "u_columns": part.width,
            "u_origin": (part.left, part.top),
            "u_depth": request.depth,
        }
        for sample in _samples(request):
            numbers = uniforms | place | {"u_sample": sample}
            textures = self._heads(network, request, sources, columns, numbers)
            target = self.device.target("pixels", (columns, 1))
            size = columns, 1
            textures |= self._table(request)
            self.device.draw(last, target, size, numbers, textures, add=sample != (0, 0))
        return read(target, size).reshape(part.height, part.width, 4)

    def _heads(
        self,
        network: Network,
        request: Request,
        sources: glsl.LayerPasses,
        columns: int,
        uniforms: dict[str, Any],
    ) -> dict[str, Any]:
        """What the last pass reads, a column a pixel: the heads added up, in quads, and what the
        layer function has carried. One sample goes through all layers.
        """
        device = self.device
        texels, starts = self._weights(network, request.heads), glsl.starts(network, request.heads)
        here, spare = "even", "odd"
        size = columns, glsl.quads(network.layers[0].weight.shape[1])
        state = device.target(here, size)
        device.draw(device.program(sources.first), state, size, uniforms, {})
        heads: dict[str, Any] = {}
        carried: dict[str, Any] = {}
        for step, start in zip(glsl.steps(network, request.heads), starts, strict=True):
            units, inputs = map(glsl.quads, step.layer.weight.shape)
            size = columns, units
            target = device.target("heads" if step.is_head else spare, size)
            fused = not step.is_head and not request.layers
            numbers = {"u_layer": start, "u_inputs_below": inputs, "u_activates": int(fused)}
            textures = {"u_weights": texels, "u_below": _texture(state)}
            second = step.is_head and bool(heads)
            device.draw(device.program(sources.dense), target, size, numbers, textures, second)
            if step.is_head:
                heads = {"u_below": _texture(target)}
                continue
            if sources.after and sources.activate:
                textures = {"u_weights": texels, "u_below": _texture(target)}
                carrying = device.target(f"carried {step.depth % 2}", (columns, 1))
                numbers = {"u_layer": start, "u_depth": step.depth + 1}
                after, activate = map(device.program, (sources.after, sources.activate))
                device.draw(after, carrying, (columns, 1), numbers, textures | carried)
                carried = {"u_carried": _texture(carrying)}
                target = device.target(here, size)
                device.draw(activate, target, size, numbers, textures)
            else:
                here, spare = spare, here
            state = target
        return heads | carried

    def _weights(self, network: Network, heads: tuple[Head, ...]) -> Any:
        """The texture of all weights."""
        return self.device.texture("weights", (network, heads), lambda: glsl.pack(network, heads))

    def _table(self, request: Request) -> dict[str, Any]:
        """The pixel function's table of numbers, where it has one."""
        table = request.pixel.table
        if table is None or not table.size:
            return {}

        def texels() -> Pixels:
            rows = table.reshape(3, -1, table.shape[-1])
            opaque = np.pad(rows, ((0, 1), (0, 0), (0, 0)), constant_values=1)
            return np.asarray(opaque.transpose(1, 2, 0))

        return {"u_table": self.device.texture("table", (table,), texels)}


def _texture(target: Any) -> Any:
    return target.color_attachments[0]


def _samples(request: Request) -> Iterator[tuple[int, int]]:
    """Where the samples of a pixel stand in it: across and down, (0, 0) first."""
    return ((a, b) for b in range(request.samples) for a in range(request.samples))

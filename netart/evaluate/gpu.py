"""The network compiled to GLSL and run by moderngl: fragment shaders of OpenGL 3.3.

Structure is compiled, weights are data: programs are kept by their text, which holds no weight.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import ge
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError
from netart.evaluate import glsl
from netart.evaluate.request import Reducer, Request, channels, check_request
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.oklab import encode
from netart.shot.view import View, affine

AIM_S = 0.075  # of one draw: drivers kill those of about two seconds
FIRST_RATE = 1e9  # multiplications a second that the first draw counts on
MAX_SIDE = 2048  # of a draw, in pixels
MAX_STATE = 1 << 22  # texels of a layer's state, where a layer is a pass

SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")


def open_context(device: int | None = None) -> Any:
    """A windowless GL context of 3.3 or above. Raises NetartError that says what is missing."""
    import moderngl

    options: dict[str, Any] = {"backend": "egl"} if sys.platform == "linux" else {}
    if device is not None:
        options["device_index"] = device
    try:
        return moderngl.create_context(standalone=True, require=330, **options)
    except Exception as error:  # moderngl and glcontext raise Exception itself
        why = " ".join(str(error).split())
        if "not loaded" in why:
            why += ": install libegl1 and libgl1, or use --backend cpu"
        raise NetartError(f"gpu: no OpenGL 3.3: {why}", MACHINE) from error


class Gpu:
    """Programs by their text, and textures; made on the thread that uses it.

    context: a moderngl context that the host keeps; close() releases what is made here.
    info: what the driver says of itself, by the names of OpenGL.
    compiles: how many programs were compiled so far.
    """

    name = "gpu"

    def __init__(self, context: Any) -> None:
        self.context = context
        with context:
            self.info: dict[str, Any] = context.info
        self.compiles = 0
        self._programs: dict[str, Any] = {}
        self._targets: dict[str, Any] = {}
        self._weights: tuple[Network, Any, list[int]] | None = None
        self._table: tuple[NDArray[np.float32], Any] | None = None
        self._rate = FIRST_RATE

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        check_request(self, request)
        count = channels(network, request.reducer)
        if count > 4:
            raise NetartError(f"gpu: {count} channels: at most 4", MACHINE)
        out = np.empty((window.height, window.width, count), np.float32)
        samples = request.samples
        uniforms = {
            "u_size": (samples * size[0], samples * size[1]),
            "u_samples": samples,
            "u_inputs": affine(view, network.inputs),
            **request.reducer.uniforms,
        }
        one_pass = glsl.fits_one_pass(network)
        draw = self._one_pass if one_pass else self._layer_a_pass
        with self.context:  # another evaluator may have made its own current
            for part in self._parts(network, window, one_pass):
                start = time.perf_counter()
                pixels = draw(network, part, request, uniforms)
                self._check()
                self._learn(network, part, (time.perf_counter() - start) / samples**2)
                top, left = part.top - window.top, part.left - window.left
                out[top : top + part.height, left : left + part.width] = pixels[..., :count]
        if samples > 1:  # sums of linear light
            out = encode(out / samples**2)
        return out

    def describe(self) -> str:
        return f"{self.info['GL_RENDERER']}, OpenGL {self.info['GL_VERSION']}"

    @property
    def software(self) -> bool:
        """Whether the driver computes on the processor."""
        renderer = self.info["GL_RENDERER"].lower()
        return any(word in renderer for word in SOFTWARE)

    @contextmanager
    def messages(self) -> Iterator[list[str]]:
        """A list that holds, at the end of the block, what the driver had to say (KHR_debug)."""
        if sys.platform == "linux":
            os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
        from OpenGL import GL

        found: list[str] = []
        if "GL_KHR_debug" not in self.context.extensions:
            yield found
            return
        with self.context:
            GL.glEnable(GL.GL_DEBUG_OUTPUT)
        yield found
        with self.context:
            for _ in range(GL.glGetIntegerv(GL.GL_DEBUG_LOGGED_MESSAGES)):
                length = int(GL.glGetIntegerv(GL.GL_DEBUG_NEXT_LOGGED_MESSAGE_LENGTH))
                text, written = ctypes.create_string_buffer(length), ctypes.c_int()
                ignored = [ctypes.c_uint() for _ in range(4)]
                GL.glGetDebugMessageLog(1, length, *ignored, written, text)
                found.append(text.value.decode(errors="replace").strip())

    def close(self) -> None:
        textures = [kept[1] for kept in (self._weights, self._table) if kept]
        with self.context:
            for target in self._targets.values():
                _release_target(target)
            for made in (*self._programs.values(), *textures):
                made.release()

    def _parts(self, network: Network, window: Window, one_pass: bool) -> Iterator[Window]:
        """Cuts the window so that a draw takes about AIM_S, by the rate measured on the way."""
        widest = max(max(glsl.fours(n) for n in layer.weight.shape) for layer in network.layers)
        most = MAX_SIDE * MAX_SIDE if one_pass else min(MAX_SIDE, MAX_STATE // widest)
        top, bottom, right = window.top, window.top + window.height, window.left + window.width
        while top < bottom:
            pixels = max(1, min(most, int(AIM_S * self._rate / _cost(network))))
            width = min(window.width, MAX_SIDE, pixels)
            height = min(MAX_SIDE, pixels // width, bottom - top)
            for left in range(window.left, right, width):
                yield Window(left, top, min(width, right - left), height)
            top += height

    def _learn(self, network: Network, part: Window, took_s: float) -> None:
        measured = part.width * part.height * _cost(network) / took_s
        self._rate = min(max(measured, self._rate / 4), self._rate * 4)

    def _check(self) -> None:
        """A failed draw or a lost context must not pass as a black picture."""
        error = self.context.error
        if error != "GL_NO_ERROR":
            raise NetartError(
                f"gpu: OpenGL reports {error}: the driver may have been reset; "
                "draw again, or with --backend cpu",
                MACHINE,
            )

    def _one_pass(
        self, network: Network, part: Window, request: Request, uniforms: dict[str, Any]
    ) -> Pixels:
        """(height, width, 4) float32: four neighbours an invocation, each to its own target."""
        program = self._program(glsl.onepass(network, request.reducer))
        size = width, height = glsl.fours(part.width), part.height
        target = self._target("pixels", size, 4)
        own = {
            "u_one": 1,
            "u_counts": [group.layers for group in glsl.hidden_groups(network)],
            "u_origin": (part.left, part.top),
        }
        textures = {"u_weights": self._weight_texture(network)[0]}
        textures |= self._table_texture(request.reducer)
        for sample in _samples(request):
            numbers = uniforms | own | {"u_sample": sample}
            self._draw(program, target, size, numbers, textures, add=sample != (0, 0))
        pixels = np.empty((height, width, 4, 4), np.float32)
        for k in range(4):
            pixels[:, :, k] = _read(target, size, k)
        return pixels.reshape(height, 4 * width, 4)[:, : part.width]

    def _layer_a_pass(
        self, network: Network, part: Window, request: Request, uniforms: dict[str, Any]
    ) -> Pixels:
        """(height, width, 4) float32: the state of all pixels goes through float textures."""
        *inner, last = map(self._program, glsl.layered(network, request.reducer))
        columns = part.width * part.height
        place = {"u_columns": part.width, "u_origin": (part.left, part.top)}
        for sample in _samples(request):
            numbers = uniforms | place | {"u_sample": sample}
            outputs = self._outputs(network, columns, inner, numbers)
            textures = {"u_below": outputs, **self._table_texture(request.reducer)}
            target = self._target("pixels", (columns, 1))
            self._draw(last, target, (columns, 1), numbers, textures, add=sample != (0, 0))
        return _read(target, (columns, 1), 0).reshape(part.height, part.width, 4)

    def _outputs(
        self, network: Network, columns: int, programs: list[Any], uniforms: dict[str, Any]
    ) -> Any:
        """A texture, a column a pixel, of the outputs in fours: one sample through all layers.

        programs: of the first pass and of each layer's.
        """
        first, dense = programs
        texels, starts = self._weight_texture(network)
        size = columns, glsl.fours(network.layers[0].weight.shape[1])
        here, spare = "even", "odd"
        self._draw(first, self._target(here, size), size, uniforms, {})
        for (layer, _), start in zip(glsl.stream(network), starts, strict=True):
            units, inputs = map(glsl.fours, layer.weight.shape)
            below = self._target(here, (columns, inputs)).color_attachments[0]
            hidden = layer is not network.layers[-1] and layer is not network.skip
            target = self._target(spare if hidden else "outputs", (columns, units))
            numbers = {"u_layer": start, "u_inputs_below": inputs}
            textures = {"u_weights": texels, "u_below": below}
            second = bool(network.skip) and layer is network.layers[-1]
            self._draw(dense, target, (columns, units), numbers, textures, add=second)
            if hidden:
                here, spare = spare, here
        return target.color_attachments[0]

    def _draw(
        self,
        program: Any,
        target: Any,
        size: Size,
        uniforms: dict[str, Any],
        textures: dict[str, Any],
        add: bool = False,
    ) -> None:
        """add: to what the target holds, instead of replacing it."""
        units = {name: unit for unit, name in enumerate(textures)}
        for name, texture in textures.items():
            texture.use(units[name])
        for name, value in (uniforms | units).items():
            if name in program:  # compilers drop what a program does not use, and trim arrays
                uniform = program[name]
                uniform.write(_words(value)[: 4 * uniform.dimension * uniform.array_length])
        target.use()
        self.context.viewport = (0, 0, *size)
        vertices = self.context.vertex_array(program, [])
        if add:
            self.context.enable(self.context.BLEND)
            self.context.blend_func = self.context.ADDITIVE_BLENDING
        vertices.render(vertices=3)
        self.context.disable(self.context.BLEND)
        vertices.release()

    def _program(self, source: str) -> Any:
        if source not in self._programs:
            vertex = glsl.join("desktop.glsl", "whole.vert.glsl")
            try:
                program = self.context.program(vertex_shader=vertex, fragment_shader=source)
            except Exception as error:  # moderngl's own class is not public
                raise RuntimeError(f"{glsl.numbered(source)}\n{error}") from error
            self._programs[source] = program
            self.compiles += 1
        return self._programs[source]

    def _target(self, name: str, size: Size, attachments: int = 1) -> Any:
        """A float target of at least this size, kept and grown."""
        kept = self._targets.get(name)
        if kept and all(map(ge, (*kept.size, len(kept.color_attachments)), (*size, attachments))):
            return kept
        if kept:
            size = max(kept.size[0], size[0]), max(kept.size[1], size[1])
            attachments = max(len(kept.color_attachments), attachments)
        textures = [self.context.texture(size, 4, dtype="f4") for _ in range(attachments)]
        made = self._targets[name] = self.context.framebuffer(textures)
        made.use()  # before the old one goes: moderngl would bind a deleted target again
        if kept:
            _release_target(kept)
        return made

    def _weight_texture(self, network: Network) -> tuple[Any, list[int]]:
        if self._weights is None or self._weights[0] is not network:
            texels, starts = glsl.pack(network)
            if self._weights:
                self._weights[1].release()
            self._weights = network, self._float_texture(texels), starts
        return self._weights[1:]

    def _table_texture(self, reducer: Reducer) -> dict[str, Any]:
        if reducer.table is None or not reducer.table.size:
            return {}
        if self._table is None or self._table[0] is not reducer.table:
            if self._table:
                self._table[1].release()
            table = reducer.table.reshape(3, -1, reducer.table.shape[-1])
            opaque = np.pad(table, ((0, 1), (0, 0), (0, 0)), constant_values=1)
            texels = np.ascontiguousarray(opaque.transpose(1, 2, 0))
            self._table = reducer.table, self._float_texture(texels)
        return {"u_table": self._table[1]}

    def _float_texture(self, texels: NDArray[np.float32]) -> Any:
        height, width, _ = texels.shape
        return self.context.texture((width, height), 4, texels.tobytes(), dtype="f4")


def _release_target(target: Any) -> None:
    for texture in target.color_attachments:
        texture.release()
    target.release()


def _samples(request: Request) -> Iterator[tuple[int, int]]:
    """Where the samples of a pixel stand in it: across and down, (0, 0) first."""
    return ((a, b) for b in range(request.samples) for a in range(request.samples))


def _cost(network: Network) -> int:
    """Multiplications a pixel."""
    return sum(layer.weight.size for layer in network.layers)


def _words(value: Any) -> bytes:
    """A uniform's value as 32-bit words: whole numbers as int, all others as float."""
    array = np.asarray(value)
    with np.errstate(over="ignore"):
        return array.astype(np.int32 if array.dtype.kind == "i" else np.float32).tobytes()


def _read(target: Any, size: Size, attachment: int) -> Pixels:
    """(height, width, 4) float32. Rows were drawn in the picture's order, so nothing is flipped."""
    width, height = size
    data = target.read((0, 0, width, height), components=4, attachment=attachment, dtype="f4")
    return np.frombuffer(data, np.float32).reshape(height, width, 4)

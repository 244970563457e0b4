"""The network compiled to GLSL and run by OpenGL, by compute or by fragment shaders.

Structure is compiled, weights are data: programs are kept by their text, which holds no weight.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError
from netart.evaluate import glsl, gpu_passes
from netart.evaluate.constants import fold_constants
from netart.evaluate.gl import Device
from netart.evaluate.numbers import Numbers
from netart.evaluate.request import FLOAT32_EPSILON, Evaluator, Request
from netart.evaluate.speed import Speed
from netart.evaluate.stages import ComputeStage, FragmentStage, ProductStage, Stage
from netart.evaluate.tiles import cost
from netart.net.network import Network
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, affine

STAGES: dict[str, type[Stage]] = {
    stage.dialect.name: stage for stage in (FragmentStage, ComputeStage, ProductStage)
}

AIM_S = 0.075  # of one draw: drivers kill those of about two seconds
AHEAD = 2  # draws that are begun before the first of them is read

FLOAT = Numbers("f4")


class Part(NamedTuple):
    """A part of a picture that has been begun."""

    window: Window
    numbers: Numbers  # in which it is read
    asked: Numbers | None  # and what becomes of them
    pixels: Pixels  # where to: (height, width, channels)
    out: Pixels  # what all parts of the picture are a part of
    read: str  # the name of the buffer that it is copied to
    size: Size  # in texels of four words
    work: float  # multiplications
    begun_s: float


class Gpu(Evaluator):
    """Evaluates networks by shaders, on a device whose speed it learns on the way.

    context: see Device. stage: a name in STAGES, empty for what suits the device. Raises
    NetartError where the device has no such shaders.
    """

    epsilon = FLOAT32_EPSILON
    threads = 1

    def __init__(self, context: Any, stage: str = "") -> None:
        self.device = Device(context)
        suits, self.why = self._choose_stage()
        self.stage = STAGES[stage or suits](self.device)
        self.name = f"gpu-{self.stage.dialect.name}"
        if self.stage.computes and not self.device.computes:
            version = self.device.info["GL_VERSION"]
            why = f"needs OpenGL 4.3, here is {version}: use backend gpu"
            raise NetartError(f"{self.name}: {why}", MACHINE, hint="backend gpu")
        self.speed = Speed()
        self._begun: deque[Part] = deque()
        self._reads = 0  # so far
        self._memory = np.empty(0, np.uint8)  # for rows that end in a part of a texel
        self._called_s = 0.0  # when the host last called, by time.perf_counter
        self._taken_s = 0.0  # when a part was last read

    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        self._called_s = time.perf_counter()
        out = self._begin(network, view, size, window, request)
        self._take_all(out)
        return out

    def start(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Callable[[], Pixels]:
        self._called_s = time.perf_counter()
        out = self._begin(network, view, size, window, request)

        def wait() -> Pixels:
            self._called_s = time.perf_counter()
            self._take_all(out)
            return out

        return wait

    def describe(self) -> str:
        info = self.device.info
        return f"{info['GL_RENDERER']}, OpenGL {info['GL_VERSION']}, {self.stage.about}"

    @property
    def kernels(self) -> str:
        return self.describe()

    @property
    def software(self) -> bool:
        """Whether the driver computes on the processor."""
        return self.device.software

    def _choose_stage(self) -> tuple[str, str]:
        """The stage that suits the device, and why."""
        if not self.device.computes:
            return "fragment", "compute shaders need OpenGL 4.3"
        if self.software:
            return "fragment", "in software, compute shaders take seconds to compile"
        return "compute", "OpenGL 4.3 or above"

    def close(self) -> None:
        self.device.close()

    @contextmanager
    def messages(self) -> Iterator[list[str]]:
        with self.device.messages() as found:
            yield found

    def _begin(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        """Begins all parts of the window; returns the pixels, which are there when they have been
        taken.
        """
        network, view, request = fold_constants(network, view, request)
        asked, samples = request.numbers, request.samples
        shape = window.height, window.width, request.channels
        out = np.empty(shape, asked.dtype if asked else np.float32)
        numbers = asked if asked and asked.dtype in ("u1", "u2") else FLOAT
        uniforms = {
            "u_size": (samples * size[0], samples * size[1]),
            "u_samples": samples,
            "u_placed": int(request.places is not None),
            "u_inputs": affine(view, network.inputs),
            **request.pixel.uniforms,
            **(request.layers.uniforms if request.layers else {}),
        }
        # Another evaluator may have made its own context current.
        with self.device.context:
            for part in self._parts(network, request, window):
                while len(self._begun) >= AHEAD:
                    self._take()
                top, left = part.top - window.top, part.left - window.left
                pixels = out[top : top + part.height, left : left + part.width]
                begun_s = time.perf_counter()
                sums = gpu_passes.draw(self.stage, network, part, request, uniforms)
                read, texels = self._convert(part, request, numbers, sums)
                work = part.width * part.height * cost(network, request)
                begun = Part(part, numbers, asked, pixels, out, read, texels, work, begun_s)
                self._begun.append(begun)
        return out

    def _parts(self, network: Network, request: Request, window: Window) -> Iterator[Window]:
        """Cuts the window so that a draw takes about AIM_S, by the rate measured on the way."""
        side = self.device.max_side
        least, most = gpu_passes.pixel_limits(self.stage, network, request)
        work = cost(network, request) / request.samples**2  # of a draw: a sample a pixel
        top, bottom, right = window.top, window.top + window.height, window.left + window.width
        while top < bottom:
            pixels = max(least, min(most, int(AIM_S * self.speed.rate / work)))
            width = min(window.width, side, pixels)
            height = min(side, pixels // width, bottom - top)
            for left in range(window.left, right, width):
                yield Window(left, top, min(width, right - left), height)
            top += height

    def _convert(
        self, part: Window, request: Request, numbers: Numbers, sums: list[Any]
    ) -> tuple[str, Size]:
        """Has the part converted to these numbers and copied to a buffer: its name, its size."""
        row = part.width * request.channels * np.dtype(numbers.dtype).itemsize
        texels = -(-row // 16), part.height
        uniforms = {
            "u_origin": (part.left, part.top),
            "u_width": part.width,
            "u_samples": request.samples,
            "u_white": float(numbers.one),
            "u_dither": int(numbers.dither),
        }
        shader = glsl.convert(request, numbers, len(sums))
        target = self.device.target("words", texels, dtype="u4")
        reads = {f"u_sums_{k}": texture for k, texture in enumerate(sums)}
        self.device.draw(shader, target, texels, uniforms, reads)
        self._reads += 1
        name = f"read {self._reads % AHEAD}"
        self.device.begin_read(name, target, texels)
        return name, texels

    def _take_all(self, out: Pixels) -> None:
        """Takes what has been begun until all of this picture is there."""
        with self.device.context:
            while any(part.out is out for part in self._begun):
                self._take()

    def _take(self) -> None:
        """Waits for the part that was begun first, and puts its pixels in their place."""
        part = self._begun.popleft()
        pixels, numbers, row = part.pixels, part.numbers, 16 * part.size[0]
        direct = pixels.flags.c_contiguous and pixels.nbytes == row * len(pixels)
        direct = direct and part.asked in (None, numbers)
        words = pixels if direct else self._room(row * len(pixels))
        self.device.end_read(part.read, words)
        try:
            self.device.check()
        except NetartError:
            self._begun.clear()  # they are lost as well
            raise
        now_s = time.perf_counter()
        if part.begun_s >= self._called_s:  # else the host has done something else meanwhile
            self.speed.learn(part.work, now_s - max(part.begun_s, self._taken_s))
        self._taken_s = now_s
        if not direct:
            each = np.dtype(numbers.dtype).itemsize
            strides = row, each * pixels.shape[2], each
            found: Any = np.ndarray(pixels.shape, numbers.dtype, words, strides=strides)
            if part.asked and part.asked != numbers:
                with np.errstate(all="ignore"):
                    found = part.asked.of(found, part.window.top, part.window.left)
            pixels[:] = found

    def _room(self, size: int) -> NDArray[np.uint8]:
        """So many bytes of memory, which is kept."""
        if self._memory.size < size:
            self._memory = np.empty(size, np.uint8)
        return self._memory[:size]

"""The OpenGL device: a context, programs by their text, and what is kept on it by name.

It knows nothing of networks: it runs fragment and compute shaders, and reads back what they make.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import prod
from operator import is_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError, ShaderError
from netart.evaluate import shader_files
from netart.pixels import Size

# Asked for one after the other: a driver may give exactly what it is asked for.
VERSIONS = 430, 330  # the first that has compute shaders, and what all desktop GPUs have

MAX_BUFFER = 1 << 31  # bytes
MAX_SIDE = 1 << 14
MAX_PROGRAMS = 64  # each takes megabytes in llvmpipe
COMPUTES = "local_size_x"  # in the text of a compute shader
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")


def open_context(device: int | None = None) -> Any:
    """A windowless GL context of 3.3 or above. Raises NetartError that says what is missing."""
    import moderngl

    options: dict[str, Any] = {"backend": "egl"} if sys.platform == "linux" else {}
    if device is not None:
        options["device_index"] = device
    for version in VERSIONS:
        try:
            return moderngl.create_context(standalone=True, require=version, **options)
        except Exception as error:  # moderngl and glcontext raise Exception itself
            why = " ".join(str(error).split())
    hint = ""
    if "not loaded" in why:
        hint = "backend cpu"
        why += f": install libegl1 and libgl1, or use {hint}"
    raise NetartError(f"gpu: no OpenGL 3.3: {why}", MACHINE, hint=hint)


class Device:
    """The programs, targets, textures and buffers made in a context, on the thread that uses it.

    context: a moderngl context that the host keeps; close() releases what is made here.
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        with context:
            self.info: dict[str, Any] = context.info  # what the driver says of itself
        self.compiles = 0  # programs so far
        self._programs: dict[str, Any] = {}  # by their text, used last come last
        self._targets: dict[str, Any] = {}
        # Textures and buffers of data, with what they were made from.
        self._data: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self._buffers: dict[str, Any] = {}

    @property
    def software(self) -> bool:
        """Whether the driver computes on the processor."""
        renderer = self.info["GL_RENDERER"].lower()
        return any(word in renderer for word in SOFTWARE)

    @property
    def computes(self) -> bool:
        """Whether there are compute shaders."""
        return bool(self.context.version_code >= VERSIONS[0])

    @property
    def max_side(self) -> int:
        """The most pixels across or down a target."""
        return min(MAX_SIDE, int(self.info["GL_MAX_TEXTURE_SIZE"]))

    @property
    def max_buffer(self) -> int:
        """The most bytes of a buffer that a shader reads."""
        return min(MAX_BUFFER, int(self.info["GL_MAX_SHADER_STORAGE_BLOCK_SIZE"]))

    def program(self, shader: str) -> Any:
        """The program of a fragment shader that covers its target, or of a compute shader. The
        last MAX_PROGRAMS are kept. Raises ShaderError.
        """
        program = self._programs.pop(shader, None) or self._compile(shader)
        self._programs[shader] = program  # behind all others
        if len(self._programs) > MAX_PROGRAMS:
            self._programs.pop(next(iter(self._programs))).release()
        return program

    def _compile(self, shader: str) -> Any:
        import moderngl

        try:
            if COMPUTES in shader:
                program = self.context.compute_shader(shader)
            else:
                vertex_shader = shader_files.join(shader_files.DESKTOP, "whole.vert.glsl")
                program = self.context.program(vertex_shader, shader)
        except moderngl.Error as error:
            raise ShaderError(f"{shader_files.number_lines(shader)}\n{error}") from error
        self.compiles += 1
        return program

    def target(self, name: str, size: Size, attachments: int = 1, dtype: str = "f4") -> Any:
        """A target of four numbers a pixel, of at least this size, kept by its name and grown."""
        kept = self._targets.get(name)
        if kept and len(kept.color_attachments) >= attachments:
            if kept.size[0] >= size[0] and kept.size[1] >= size[1]:
                return kept
            both = max(kept.size[0], size[0]), max(kept.size[1], size[1])
            if prod(both) <= 2 * prod(size):  # else a wide one and a tall one would add up
                size = both
        with self._telling_why():
            textures = [self.context.texture(size, 4, dtype=dtype) for _ in range(attachments)]
            made = self._targets[name] = self.context.framebuffer(textures)
        made.use()  # before the old one goes: moderngl would bind a deleted target again
        if kept:
            _release_target(kept)
        return made

    def buffer(self, name: str, size: int) -> Any:
        """A buffer of at least this many bytes, kept by its name and grown."""
        kept = self._buffers.get(name)
        if kept and kept.size >= size:
            return kept
        if kept:
            kept.release()
        made = self._buffers[name] = self.context.buffer(reserve=size, dynamic=True)
        return made

    def texture(
        self, name: str, key: tuple[Any, ...], texels: Callable[[], NDArray[np.float32]]
    ) -> Any:
        """The texels (height, width, 4) as a float texture, kept by its name while the key holds
        the same objects.
        """

        def make() -> Any:
            array = np.ascontiguousarray(texels())
            height, width, _ = array.shape
            return self.context.texture((width, height), 4, array.tobytes(), dtype="f4")

        return self._keep(name, key, make)

    def data(
        self, name: str, key: tuple[Any, ...], numbers: Callable[[], NDArray[np.float32]]
    ) -> Any:
        """The numbers as a buffer, kept by its name while the key holds the same objects."""
        return self._keep(name, key, lambda: self.context.buffer(numbers().tobytes()))

    def _keep(self, name: str, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        kept = self._data.get(name)
        if kept and all(map(is_, kept[0], key)):
            return kept[1]
        if kept:
            kept[1].release()
        made = make()
        self._data[name] = key, made
        return made

    def draw(
        self,
        shader: str,
        target: Any,
        size: Size,
        uniforms: Mapping[str, Any],
        reads: Mapping[str, Any],
        add: bool = False,
    ) -> None:
        """Runs a fragment shader over the first pixels of the target.

        reads: textures by their names. add: to what the target holds, instead of replacing it.
        """
        program = self.program(shader)
        _set(program, uniforms, reads)
        target.use()
        self.context.viewport = (0, 0, *size)
        vertices = self.context.vertex_array(program, [])
        if add:
            self.context.enable(self.context.BLEND)
            self.context.blend_func = self.context.ADDITIVE_BLENDING
        vertices.render(vertices=3)
        self.context.disable(self.context.BLEND)
        vertices.release()

    def compute(
        self,
        shader: str,
        groups: Size,
        uniforms: Mapping[str, Any],
        reads: Mapping[str, Any],
        writes: Mapping[str, Any],
    ) -> None:
        """Runs so many groups of a compute shader, across and down; what is run next sees what it
        has written.

        reads, writes: textures and buffers by their names; a texture that is written is an image.
        """
        program = self.program(shader)
        buffers = {**reads, **writes}
        for place, name in enumerate(name for name in buffers if _is_block(program, name)):
            program[name].binding = place
            buffers[name].bind_to_storage_buffer(place)
        for place, name in enumerate(name for name in writes if not _is_block(program, name)):
            program[name].value = place
            writes[name].bind_to_image(place, read=True, write=True)
        _set(program, uniforms, {n: read for n, read in reads.items() if not _is_block(program, n)})
        self.context.memory_barrier()  # what it writes may still be read by a draw
        program.run(*groups)
        self.context.memory_barrier()

    def begin_read(self, name: str, target: Any, size: Size) -> None:
        """Has the first pixels of a target of whole numbers copied to a buffer of this name, when
        all that was begun before has been drawn; does not wait.
        """
        width, height = size
        buffer = self.buffer(name, 16 * width * height)
        target.read_into(buffer, (0, 0, width, height), components=4, dtype="u4")

    def end_read(self, name: str, out: NDArray[Any]) -> None:
        """Waits for the pixels that were copied, and puts them into memory, which they fill. Rows
        were drawn in the picture's order.
        """
        with self._telling_why():
            self._buffers[name].read_into(out, out.nbytes)

    @contextmanager
    def _telling_why(self) -> Iterator[None]:
        """Raises NetartError instead of moderngl's error, where OpenGL knows a reason."""
        import moderngl

        try:
            yield
        except moderngl.Error:
            self.check()
            raise

    def check(self) -> None:
        """Raises NetartError for a failed draw or a lost context, which would look black. What is
        kept is let go then, since a part of it may not be there.
        """
        error = self.context.error
        if error == "GL_NO_ERROR":
            return
        self.context.simple_framebuffer((1, 1)).use()  # moderngl would bind a deleted target again
        self._release()
        why = "the driver may have been reset: draw again"
        if error == "GL_OUT_OF_MEMORY":
            why = "close what else uses the GPU's memory"
        raise NetartError(
            f"gpu: OpenGL reports {error}: {why}, or draw with backend cpu",
            MACHINE,
            hint="backend cpu",
        )

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
        with self.context:
            self._release()
            for made in self._programs.values():
                made.release()

    def _release(self) -> None:
        """Lets go of all that is kept but the programs."""
        for target in self._targets.values():
            _release_target(target)
        for _, made in self._data.values():
            made.release()
        for made in self._buffers.values():
            made.release()
        for kept in (self._targets, self._data, self._buffers):
            kept.clear()


def _set(program: Any, uniforms: Mapping[str, Any], textures: Mapping[str, Any]) -> None:
    """Gives a program its numbers and its textures."""
    units = {name: unit for unit, name in enumerate(textures)}
    for name, texture in textures.items():
        texture.use(units[name])
    for name, value in ({**uniforms} | units).items():
        if name in program:  # compilers drop what a program does not use, and trim arrays
            uniform = program[name]
            uniform.write(_words(value)[: 4 * uniform.dimension * uniform.array_length])


def _is_block(program: Any, name: str) -> bool:
    """Whether this name of a program is a buffer's; False where it is not used."""
    import moderngl

    return name in program and isinstance(program[name], moderngl.StorageBlock)


def _release_target(target: Any) -> None:
    for texture in target.color_attachments:
        texture.release()
    target.release()


def _words(value: Any) -> bytes:
    """A uniform's value as 32-bit words: whole numbers as int, all others as float."""
    array = np.asarray(value)
    with np.errstate(over="ignore"):
        return array.astype(np.int32 if array.dtype.kind == "i" else np.float32).tobytes()

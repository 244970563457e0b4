"""The OpenGL device: a context, programs by their text, float targets and textures.

It knows nothing of networks: it draws what a fragment shader makes, and reads it back.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from operator import is_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError, ShaderError
from netart.evaluate import shader_files
from netart.pixels import Pixels, Size

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
        hint = ""
        if "not loaded" in why:
            hint = "backend cpu"
            why += f": install libegl1 and libgl1, or use {hint}"
        raise NetartError(f"gpu: no OpenGL 3.3: {why}", MACHINE, hint=hint) from error


class Device:
    """The programs, targets and textures made in a context, on the thread that uses it.

    context: a moderngl context that the host keeps; close() releases what is made here.
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        with context:
            self.info: dict[str, Any] = context.info  # what the driver says of itself
        self.compiles = 0  # programs so far
        self._programs: dict[str, Any] = {}
        self._targets: dict[str, Any] = {}
        self._textures: dict[str, tuple[tuple[Any, ...], Any]] = {}

    @property
    def software(self) -> bool:
        """Whether the driver computes on the processor."""
        renderer = self.info["GL_RENDERER"].lower()
        return any(word in renderer for word in SOFTWARE)

    def program(self, fragment_shader: str) -> Any:
        """The program of a fragment shader that covers its target, compiled once.

        Raises ShaderError.
        """
        import moderngl

        if fragment_shader not in self._programs:
            vertex_shader = shader_files.join(shader_files.DESKTOP, "whole.vert.glsl")
            try:
                program = self.context.program(vertex_shader, fragment_shader)
            except moderngl.Error as error:
                raise ShaderError(
                    f"{shader_files.number_lines(fragment_shader)}\n{error}"
                ) from error
            self._programs[fragment_shader] = program
            self.compiles += 1
        return self._programs[fragment_shader]

    def target(self, name: str, size: Size, attachments: int = 1) -> Any:
        """A float target of at least this size, kept by its name and grown."""
        kept = self._targets.get(name)
        if kept:
            size = max(kept.size[0], size[0]), max(kept.size[1], size[1])
            attachments = max(len(kept.color_attachments), attachments)
            if (*kept.size, len(kept.color_attachments)) == (*size, attachments):
                return kept
        textures = [self.context.texture(size, 4, dtype="f4") for _ in range(attachments)]
        made = self._targets[name] = self.context.framebuffer(textures)
        made.use()  # before the old one goes: moderngl would bind a deleted target again
        if kept:
            _release_target(kept)
        return made

    def texture(
        self, name: str, key: tuple[Any, ...], texels: Callable[[], NDArray[np.float32]]
    ) -> Any:
        """The texels (height, width, 4) as a float texture, kept by its name while the key holds
        the same objects.
        """
        kept = self._textures.get(name)
        if kept and all(map(is_, kept[0], key)):
            return kept[1]
        if kept:
            kept[1].release()
        array = np.ascontiguousarray(texels())
        height, width, _ = array.shape
        made = self.context.texture((width, height), 4, array.tobytes(), dtype="f4")
        self._textures[name] = key, made
        return made

    def draw(
        self,
        program: Any,
        target: Any,
        size: Size,
        uniforms: Mapping[str, Any],
        textures: Mapping[str, Any],
        add: bool = False,
    ) -> None:
        """Runs the program over the first pixels of the target. add: to what the target holds,
        instead of replacing it.
        """
        units = {name: unit for unit, name in enumerate(textures)}
        for name, texture in textures.items():
            texture.use(units[name])
        for name, value in ({**uniforms} | units).items():
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

    def check(self) -> None:
        """Raises NetartError for a failed draw or a lost context, which would look black."""
        error = self.context.error
        if error != "GL_NO_ERROR":
            raise NetartError(
                f"gpu: OpenGL reports {error}: the driver may have been reset; "
                "draw again, or with backend cpu",
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
            for target in self._targets.values():
                _release_target(target)
            for made in self._programs.values():
                made.release()
            for _, texture in self._textures.values():
                texture.release()


def read(target: Any, size: Size, attachment: int = 0) -> Pixels:
    """(height, width, 4) float32. Rows were drawn in the picture's order, so nothing is flipped."""
    width, height = size
    data = target.read((0, 0, width, height), components=4, attachment=attachment, dtype="f4")
    return np.frombuffer(data, np.float32).reshape(height, width, 4)


def _release_target(target: Any) -> None:
    for texture in target.color_attachments:
        texture.release()
    target.release()


def _words(value: Any) -> bytes:
    """A uniform's value as 32-bit words: whole numbers as int, all others as float."""
    array = np.asarray(value)
    with np.errstate(over="ignore"):
        return array.astype(np.int32 if array.dtype.kind == "i" else np.float32).tobytes()

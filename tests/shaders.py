"""GLSL functions called by themselves."""

from __future__ import annotations

import numpy as np

from netart.evaluate import shader_files
from netart.evaluate.gpu import Gpu


def run(gpu: Gpu, main: str, x: np.ndarray, *files: str) -> np.ndarray:
    """What `main`, an expression of the vec4 `x`, gives for each row of x (N, 4)."""
    source = shader_files.join(
        "desktop.glsl",
        *files,
        "uniform sampler2D u_x;\nlayout(location = 0) out vec4 o;\n",
        "void main() {\n    vec4 x = texelFetch(u_x, ivec2(gl_FragCoord.xy), 0);\n",
        f"    o = {main};\n}}\n",
    )
    size = (len(x), 1)
    with gpu.device.context:
        program = gpu.device.context.program(
            vertex_shader=shader_files.join("desktop.glsl", "whole.vert.glsl"),
            fragment_shader=source,
        )
        texture = gpu.device.context.texture(size, 4, x.astype(np.float32).tobytes(), dtype="f4")
        target = gpu.device.context.simple_framebuffer(size, 4, dtype="f4")
        texture.use(0)
        target.use()
        gpu.device.context.vertex_array(program, []).render(vertices=3)
        data = target.read(components=4, dtype="f4")
    return np.frombuffer(data, np.float32).reshape(len(x), 4)

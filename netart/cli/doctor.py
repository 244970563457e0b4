"""The command `netart doctor`, which lists what netart finds on this machine."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import Any

import click

import netart
from netart.cli.groups import GroupedCommand
from netart.cli.options import device_option, json_option
from netart.errors import NetartError
from netart.evaluate.backend import choose_evaluator, open_gpu
from netart.evaluate.cpu import cores
from netart.evaluate.gpu import Gpu

LIBRARIES = (
    *("numpy", "moderngl", "glcontext", "PyOpenGL", "glfw"),
    *("pillow", "tifffile", "openexr", "av", "imageio"),
)
LIMITS = (
    *("GL_MAX_TEXTURE_SIZE", "GL_MAX_DRAW_BUFFERS", "GL_MAX_FRAGMENT_UNIFORM_COMPONENTS"),
    "GL_MAX_SHADER_STORAGE_BLOCK_SIZE",
)


@click.command(cls=GroupedCommand)
@device_option
@json_option
def doctor(device: int | None, as_json: bool) -> None:
    """Say what draws here, and why.

    Lists what `--backend auto` takes, the OpenGL that `--backend gpu` would use with its limits
    and messages, the processor's cores, and the versions of the libraries.

    \b
    Examples:
      netart doctor
    """
    import threadpoolctl

    with choose_evaluator(device) as (evaluator, why):
        found: dict[str, Any] = {"auto": f"{evaluator.name}: {why}"}
        if isinstance(evaluator, Gpu):
            found["gpu"] = _describe_opengl(evaluator)
    if "gpu" not in found:
        try:
            with open_gpu(device) as gpu:
                found["gpu"] = _describe_opengl(gpu)
        except NetartError as error:
            found["gpu"] = f"absent: {error}"
    blas = [pool["internal_api"] for pool in threadpoolctl.threadpool_info()]
    found["cpu"] = f"{cores()} cores, {platform.machine()}, {', '.join(blas) or 'no BLAS found'}"
    found["python"] = f"{platform.python_version()} on {platform.system()}"
    found["netart"] = netart.__version__
    found |= {name: version(name) for name in LIBRARIES}
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        first, *more = value if isinstance(value, list) else [value]
        click.echo(f"{click.style(name.ljust(10), bold=True)}  {first}")
        for line in more:
            click.echo(f"{'':10}  {line}")


def _describe_opengl(gpu: Gpu) -> list[str]:
    """What draws, its limits, and what the driver says, a line each."""
    with gpu.device.messages() as messages:
        info = gpu.device.info
        limits = [f"{name[3:].lower()} {info[name]}" for name in LIMITS if name in info]
    kind = "in software" if gpu.software else "on a GPU"
    lines = [
        f"{gpu.describe()}, {gpu.device.info['GL_VENDOR']}, {kind}",
        f"{gpu.stage.about}: {gpu.why}",
        ", ".join(limits),
    ]
    return lines + [f"driver: {message}" for message in messages]

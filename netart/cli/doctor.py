"""The command `netart doctor`, which lists what netart finds on this machine."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import Any

import click

import netart
from netart.cli.groups import GroupedCommand
from netart.cli.options import (
    device_option,
    farm_option,
    insecure_option,
    json_option,
    read_cluster,
)
from netart.errors import NetartError
from netart.evaluate.backend import AUTO, choose_evaluator, open_gpu
from netart.evaluate.cpu import cores
from netart.evaluate.gpu import Gpu
from netart.farm.cluster import Cluster
from netart.farm.evaluator import describe_misfits, look_at_workers
from netart.farm.worker import Facts

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
@farm_option
@insecure_option
@json_option
def doctor(device: int | None, farm: str | None, insecure: bool, as_json: bool) -> None:
    """Say what draws here, and why; or what a cluster's workers are.

    Lists what `--backend auto` takes, the OpenGL that `--backend gpu` would use with its limits
    and messages, the processor's cores, and the versions of the libraries. Of a cluster it lists
    the workers, and says which of them would get no work.

    \b
    Examples:
      netart doctor
      netart doctor --farm local:2
    """
    cluster = read_cluster(farm, insecure=insecure)
    _print(_describe_farm(cluster, device) if cluster else _describe_machine(device), as_json)


def _describe_machine(device: int | None) -> dict[str, Any]:
    """What draws here, name → a line or several."""
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
    return found | {name: version(name) for name in LIBRARIES}


def _describe_farm(cluster: Cluster, device: int | None) -> dict[str, Any]:
    """What the workers of a cluster are, name → a line or several. Raises NetartError."""
    with cluster.connect() as client:
        workers = look_at_workers(client, AUTO, device)
        address = str(client.scheduler.address)
    listed = [
        f"{place}  {one.kind.evaluator}, {one.about}; netart {one.kind.netart}"
        for place, one in workers.items()
        if isinstance(one, Facts)
    ]
    problems = describe_misfits(workers) or ["none: all workers fit"]
    return {"scheduler": address, "workers": listed or ["none that draws"], "problems": problems}


def _print(found: dict[str, Any], as_json: bool) -> None:
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

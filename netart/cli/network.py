"""The command `netart network`, which writes the weights of a shot's network."""

from __future__ import annotations

from pathlib import Path

import click

from netart.api.numbers import network_of
from netart.cli.groups import GroupedCommand
from netart.cli.messages import warn
from netart.cli.options import choose_name
from netart.cli.shot_options import Start, shot_options
from netart.files.weights.formats import WRITABLE, plan_weights, write_weights
from netart.shot.shot import Shot


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@click.option(
    "-o",
    "typed",
    metavar="FILE",
    help=f"Output: {', '.join(WRITABLE)}.",
)
@click.option(
    "--as-given", is_flag=True,
    help="Explicit weights as they were given, before scales.",
)  # fmt: skip
def network(start: Start, typed: str | None, as_given: bool) -> None:
    """Write the effective weights of a shot's network.

    \b
    .npz          numpy's archive: W0, b0, W1, … (out × in) and `meta`, JSON
    .safetensors  the state_dict of torch's Sequential(Linear, …)
    .onnx         Gemm and activations; features x and y alone
    .py           a Python function that needs numpy alone; is not read again

    All hold float32 matrices, activations, features and latents. `netart render FILE` draws
    them again; with --network FILE in another view and look.

    \b
    Examples:
      netart network silk -o silk.npz
      netart network --layers 3x20 --activation sign -o glass.npz
      netart network model.safetensors --activation relu -o model.onnx
    """
    path = Path(typed) if typed is not None else choose_name(start.source.name, ".npz")
    plan_weights(path)
    if start.source.warning:
        warn(start.source.warning)
    written = network_of(start.shot, as_given)
    write_weights(path, written, written.latent_values, new=typed is None)
    click.echo(path)

"""The command `netart network`, which writes the weights of a shot's network."""

from __future__ import annotations

from pathlib import Path

import click

from netart.api.numbers import effective_network
from netart.cli.groups import GroupedCommand
from netart.cli.messages import warn
from netart.cli.options import choose_name
from netart.cli.shot_options import Start, shot_options
from netart.errors import NetartError, unknown
from netart.files.atomic import check_target, write_atomically
from netart.files.weights.formats import WEIGHTS_FORMATS, WRITABLE
from netart.net.network import Network
from netart.net.recipe import Weights
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
    written_as = WEIGHTS_FORMATS.get(path.suffix.lower())
    if written_as is None or written_as.write is None:
        raise unknown("suffix", path.suffix or path.name, WRITABLE).at(str(path))
    check_target(path)
    if start.source.warning:
        warn(start.source.warning)
    shot = start.shot
    written = _explicit_network(shot) if as_given else effective_network(shot)
    values = map(float, shot.view.centre[2:])
    latents = dict(zip(shot.network.latents, values, strict=True))
    with write_atomically(path, new=typed is None) as file:
        try:
            written_as.write(file, written, latents)
        except NetartError as error:
            raise error.at(str(path)) from None
    click.echo(path)


def _explicit_network(shot: Shot) -> Network:
    """The weights as they were given. Raises NetartError where the network is sampled."""
    if not isinstance(shot.network, Weights):
        raise NetartError("--as-given: the network is sampled: no weights were given")
    return shot.network.content

"""The command `netart network`, which writes the weights of a shot's network."""

from __future__ import annotations

from pathlib import Path

import click

from netart.cli.help_tables import SHOT_TABLES
from netart.cli.shot_options import Start, shot_options
from netart.errors import NetartError, unknown
from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.npz import write_npz
from netart.lens import heads
from netart.net.build import to_network
from netart.net.network import Network
from netart.net.recipe import Weights
from netart.shot.fields import text_of
from netart.shot.shot import Shot


@click.command(epilog=SHOT_TABLES)
@shot_options(Shot)
@click.option("-o", "target", metavar="FILE.npz", help="Where to.")
@click.option(
    "--as-given", is_flag=True,
    help="Explicit weights as they were given: all layers, before scales and other activations.",
)  # fmt: skip
def network(start: Start, target: str | None, as_given: bool) -> None:
    """Write the effective weights of a shot's network.

    The file holds W0, b0, W1, … (float32, out × in) and `meta`, a JSON text with activations,
    features and latents. `netart render --network FILE` draws it.

    \b
    Examples:
      netart network silk -o silk.npz
      netart network --layers 3x20 --activation sign --seed 153 -o glass.npz
    """
    path = Path(target) if target is not None else free_name(start.source.name, ".npz")
    if path.suffix != ".npz":
        raise unknown("suffix", path.suffix or path.name, [".npz"]).at(str(path))
    check_target(path)
    shot = start.shot
    written = _explicit_network(shot) if as_given else _effective_network(shot)
    values = map(float, shot.view.centre[2:])
    with write_atomically(path, new=target is None) as file:
        latents = dict(zip(shot.network.latents, values, strict=True))
        write_npz(file, written, latents)
    click.echo(path)


def _effective_network(shot: Shot) -> Network:
    """The network up to the read-out that is drawn. Raises NetartError where two are blended."""
    head, *others = heads(shot)
    if others:
        layer = text_of(shot, "layer")
        raise NetartError(f"--layer {layer}: a blend of two layers has no file of its own")
    return to_network(shot.network).until(*head)


def _explicit_network(shot: Shot) -> Network:
    """The weights as they were given. Raises NetartError where the network is sampled."""
    if not isinstance(shot.network, Weights):
        raise NetartError("--as-given: the network is sampled: no weights were given")
    return shot.network.content

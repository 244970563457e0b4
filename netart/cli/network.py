"""`netart network`."""

from __future__ import annotations

from pathlib import Path

import click

from netart.cli.options import TABLES, shot_options
from netart.errors import NetartError, unknown
from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.npz import write_npz
from netart.files.source import Source
from netart.lens import heads
from netart.net.network import Network
from netart.net.recipe import Weights, to_network
from netart.shot.shot import Shot


@click.command(epilog=TABLES)
@shot_options
@click.option("-o", "target", metavar="FILE.npz", help="Where to.")
@click.option(
    "--as-given", is_flag=True,
    help="Explicit weights as they were given: all layers, before scales and other activations.",
)  # fmt: skip
def network(source: Source, target: str | None, as_given: bool) -> None:
    """Write the effective weights of a shot's network.

    The file holds W0, b0, W1, … (float32, out × in) and `meta`, a JSON text with activations,
    features and latents. `netart render --network FILE` draws it.

    \b
    Examples:
      netart network silk -o silk.npz
      netart network --layers 3x20 --activation sign --seed 153 -o glass.npz
    """
    path = Path(target) if target is not None else free_name(source.name, ".npz")
    if path.suffix != ".npz":
        raise unknown("suffix", path.suffix or path.name, [".npz"]).at(str(path))
    check_target(path)
    shot = source.shot
    drawn = _given(shot) if as_given else _drawn(shot)
    values = map(float, shot.view.centre[2:])
    with write_atomically(path, new=target is None) as file:
        latents = dict(zip(shot.network.latents, values, strict=True))
        write_npz(file, drawn, latents)
    click.echo(path)


def _drawn(shot: Shot) -> Network:
    """The network down to what the lens looks at. Raises NetartError where that is no one layer."""
    network, (head, *others) = to_network(shot.network), heads(shot)
    if others:
        raise NetartError(
            f"--layer {shot.lens.layer}: a blend of two layers has no file of its own"
        )
    return network.until(*head)


def _given(shot: Shot) -> Network:
    """The explicit weights themselves. Raises NetartError where there are none."""
    if not isinstance(shot.network, Weights):
        raise NetartError("--as-given: the network is sampled: no weights were given")
    return shot.network.content

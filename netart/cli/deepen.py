"""`netart deepen`."""

from __future__ import annotations

import click

from netart.cli import COMMANDS
from netart.cli.film import Asked, easing_option, film, film_options, path
from netart.cli.options import TABLES, shot_options
from netart.errors import NetartError
from netart.write.source import Source


@click.command(short_help=COMMANDS["deepen"], epilog=TABLES)
@shot_options
@easing_option
@film_options
def deepen(source: Source, easing: str, asked: Asked) -> None:
    """Film a walk through the layers, from the first to the last.

    Between two layers their read-outs are blended.

    \b
    Examples:
      netart deepen silk
      netart deepen tour-11 --duration 9 -o layers.mp4
    """
    depth = source.shot.network.depth
    if depth < 2:
        raise NetartError(f"deepen: the network has {depth} hidden layers, two are needed")
    film(source, [path("layer", ["1", str(depth)], easing)], asked, "deepen")

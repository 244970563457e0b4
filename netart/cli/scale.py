"""`netart scale`."""

from __future__ import annotations

import click

from netart.cli import COMMANDS
from netart.cli.film import Asked, easing_option, film, film_options, path
from netart.cli.options import TABLES, shot_options
from netart.net.recipe import scales
from netart.write.source import Source

SHARES = (0.8, 1.6)  # of the shot's own weight scale


@click.command(short_help=COMMANDS["scale"], epilog=TABLES)
@shot_options
@click.option("--from", "begin", type=float, metavar="A", help="Scale at the start (0.8 × own).")
@click.option("--to", "end", type=float, metavar="A", help="Scale at the end (1.6 × own).")
@easing_option
@film_options
def scale(
    source: Source, begin: float | None, end: float | None, easing: str, asked: Asked
) -> None:
    """Film a growing weight scale: from mist through shapes to static.

    The bias scale goes with it where it is `same`.

    \b
    Examples:
      netart scale silk
      netart scale tour-11 --from 0.4 --to 0.8 --loop bounce -o scales.gif
    """
    own = scales(source.shot.network)[0]
    stops = [own * SHARES[0] if begin is None else begin, own * SHARES[1] if end is None else end]
    film(source, [path("weight_scale", list(map(repr, stops)), easing)], asked, "scale")

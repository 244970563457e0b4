"""`netart scale`."""

from __future__ import annotations

import click

from netart.cli.film import Asked, easing_option, film, film_options
from netart.cli.options import TABLES, shot_options
from netart.files.source import Source
from netart.shot import films

LOW, HIGH = films.SHARES


@click.command(epilog=TABLES)
@shot_options
@click.option("--from", "begin", type=float, metavar="A", help=f"Scale at the start ({LOW} × own).")
@click.option("--to", "end", type=float, metavar="A", help=f"Scale at the end ({HIGH} × own).")
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
    film(source, films.scale(source.shot, begin, end, easing), asked, "scale")

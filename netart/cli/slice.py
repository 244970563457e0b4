"""`netart slice`."""

from __future__ import annotations

import click

from netart.cli.film import Asked, easing_option, film, film_options
from netart.cli.options import TABLES, shot_options
from netart.files.source import Source
from netart.shot import films


@click.command(epilog=TABLES)
@shot_options
@click.option("--from", "begin", metavar="NAME=V,…", help="Further inputs at the start.")
@click.option("--to", "end", metavar="NAME=V,…", help="The same inputs at the end.")
@click.option("--orbit", metavar="A,B=R", help="A circle of two further inputs instead (a,b=0.8).")
@easing_option
@film_options
def slice(
    source: Source,
    begin: str | None,
    end: str | None,
    orbit: str | None,
    easing: str,
    asked: Asked,
) -> None:
    """Film a cross-section through further inputs of the network, which move.

    Without options two of them go once around their values, and two are added where there are
    none: the film closes.

    \b
    Examples:
      netart slice silk
      netart slice cppn --from z=-1 --to z=1 --loop bounce -o z.mp4
      netart slice silk --orbit a,b=0.4 --duration 8 -o orbit.webm
    """
    film(source, films.slice(source.shot, begin, end, orbit, easing), asked, "slice")

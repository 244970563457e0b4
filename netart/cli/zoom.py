"""`netart zoom`."""

from __future__ import annotations

import click

from netart.cli.film import Asked, easing_option, film, film_options
from netart.cli.options import TABLES, shot_options
from netart.files.source import Source
from netart.shot import films


@click.command(epilog=TABLES)
@shot_options
@click.option("--from", "begin", type=float, metavar="R", help="Radius at the start (the shot's).")
@click.option(
    "--to", "end", type=float, metavar="R", help=f"Radius at the end (1/{films.DEEP} of it)."
)
@click.option("--toward", metavar="X,Y", help="Keep this point at its place on screen.")
@easing_option
@film_options
def zoom(
    source: Source,
    begin: float | None,
    end: float | None,
    toward: str | None,
    easing: str,
    asked: Asked,
) -> None:
    """Film a zoom, by equal ratios: its speed is constant to the eye.

    \b
    Examples:
      netart zoom silk
      netart zoom tour-17 --from 40 --to 0.15 --duration 10 -o out.mp4
      netart zoom silk --toward 0.31,-0.2 --to 1e-3 --strip 5 -o look.png
    """
    film(source, films.zoom(source.shot, begin, end, toward, easing), asked, "zoom")

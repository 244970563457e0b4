"""`netart spin`."""

from __future__ import annotations

from math import atan2, degrees

import click

from netart.cli import COMMANDS
from netart.cli.film import Asked, easing_option, film, film_options, path
from netart.cli.options import TABLES, shot_options
from netart.write.source import Source


@click.command(short_help=COMMANDS["spin"], epilog=TABLES)
@shot_options
@easing_option
@film_options
def spin(source: Source, easing: str, asked: Asked) -> None:
    """Film one turn of the view.

    \b
    Examples:
      netart spin silk
      netart spin rose-window --duration 6 -o rose.gif --size 320x320
    """
    (cosine, _), (sine, _) = source.shot.view.frame
    start = round(degrees(atan2(sine, cosine)), 9)
    film(source, [path("rotate", [repr(start), repr(start + 360)], easing)], asked, "spin", "cycle")

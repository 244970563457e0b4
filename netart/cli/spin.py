"""`netart spin`."""

from __future__ import annotations

import click

from netart.cli.film import Asked, easing_option, film, film_options
from netart.cli.options import TABLES, shot_options
from netart.files.source import Source
from netart.shot import films


@click.command(epilog=TABLES)
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
    film(source, films.spin(source.shot, easing), asked, "spin")

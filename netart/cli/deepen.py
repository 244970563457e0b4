"""`netart deepen`."""

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
def deepen(source: Source, easing: str, asked: Asked) -> None:
    """Film a walk through the layers, from the first to the last.

    Between two layers their read-outs are blended.

    \b
    Examples:
      netart deepen silk
      netart deepen tour-11 --duration 9 -o layers.mp4
    """
    film(source, films.deepen(source.shot, easing), asked, "deepen")

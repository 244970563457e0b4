"""`netart morph`."""

from __future__ import annotations

import click

from netart.cli.film import Asked, easing_option, film, film_options
from netart.cli.options import TABLES, shot_options
from netart.files.source import Source
from netart.shot import films


@click.command(epilog=TABLES)
@shot_options
@click.option("--seeds", metavar="VALUES", help="From seed to seed (the shot's and the next two).")
@easing_option
@film_options
def morph(source: Source, seeds: str | None, easing: str, asked: Asked) -> None:
    """Film one network turning into another, and back to the first.

    Weights go from seed to seed on a sphere, so that their variance never changes.

    \b
    Examples:
      netart morph silk
      netart morph silk --seeds 7,42,99 --easing smooth --duration 12 -o morph.mp4
      netart morph ember --seeds 1..8 --loop none -o eight.webm
    """
    closed = asked.loop in (None, "cycle")
    film(source, films.morph(source.shot, seeds, closed, easing), asked, "morph")

"""`netart animate`."""

from __future__ import annotations

from functools import partial

import click
from msgspec.structs import replace

from netart.cli.film import Asked, draw, film_options
from netart.cli.options import TABLES, shot_options
from netart.files.source import Source
from netart.shot.timeline import Timeline


@click.command(epilog=TABLES)
@partial(shot_options, kinds=(Timeline,))
@film_options
def animate(source: Source, asked: Asked) -> None:
    """Draw a film from its timeline.

    SOURCE is a preset that is a film, a TOML file with a [timeline], or a film that netart wrote:
    it is drawn again, at any size.

    \b
    Examples:
      netart animate tour-20
      netart animate tour-20 --size 1920x1080 --fps 60 -o large.mp4
    """
    timeline = source.document
    assert isinstance(timeline, Timeline)
    pace = asked.pace(timeline.pace)
    draw(replace(timeline, pace=pace), source.name, source.size, asked)

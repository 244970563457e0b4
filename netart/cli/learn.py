"""The command `netart learn`, which films a network while it learns."""

from __future__ import annotations

import click

from netart.cli.film_options import FilmOptions, easing_option, film_options
from netart.cli.films import draw_motion
from netart.cli.groups import GroupedCommand
from netart.cli.options import NUMBER
from netart.cli.shot_options import Start, shot_options
from netart.shot import films
from netart.shot.shot import Shot


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@click.option(
    "--from",
    "begin",
    type=NUMBER,
    metavar="STEP",
    help="Step at the start (where the loss begins to fall).",
)
@click.option("--to", "end", type=NUMBER, metavar="STEP", help="Step at the end (the last).")
@easing_option
@film_options
def learn(
    start: Start, begin: float | None, end: float | None, easing: str, options: FilmOptions
) -> None:
    """Film a network while it learns, by equal ratios of steps.

    SOURCE is a run, as `netart train` writes it, or what carries one: a preset, or a picture of a
    small one. Between two steps that the run keeps weights are blended. --beside loss shows how
    well the network does.

    \b
    Examples:
      netart learn disc-in-ring
      netart learn spiral --lens warp --beside loss -o warp.mp4
      netart learn ginn --from 500 --to 20000 --strip 5 -o steps.png
    """
    motion = films.learn(start.shot, begin, end, easing)
    draw_motion(start, motion, options, "learn")

"""`netart morph`."""

from __future__ import annotations

import click

from netart.cli import COMMANDS
from netart.cli.film import Asked, easing_option, film, film_options, path
from netart.cli.options import TABLES, shot_options
from netart.errors import NetartError
from netart.net.recipe import Recipe
from netart.net.sampling import MAX_SEED
from netart.shot.fields import parse
from netart.shot.ranges import values
from netart.write.source import Source


@click.command(short_help=COMMANDS["morph"], epilog=TABLES)
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
    recipe = source.shot.network
    if not isinstance(recipe, Recipe):
        raise NetartError("morph: the network's weights are explicit, there are no seeds")
    if seeds is None:
        last = max(seed for seed, _ in recipe.mix)
        own = ",".join(f"{seed}:{share!r}" for seed, share in recipe.mix)
        stops = [own, *(str((last + k) % (MAX_SEED + 1)) for k in (1, 2))]
    else:
        stops = list(values(seeds))
        for stop in stops:
            parse("seed", stop)
    if len(stops) < 2:
        raise NetartError(f"--seeds {seeds}: two seeds at least")
    closed = asked.loop in (None, "cycle")
    film(source, [path("mix", stops + stops[:closed], easing)], asked, "morph", "cycle")

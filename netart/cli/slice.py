"""`netart slice`."""

from __future__ import annotations

from decimal import Decimal

import click

from netart.cli import COMMANDS
from netart.cli.film import Asked, easing_option, film, film_options, path
from netart.cli.options import TABLES, shot_options
from netart.errors import NetartError
from netart.net.network import input_names
from netart.shot.fields import apply, parse
from netart.shot.shot import Shot
from netart.shot.timeline import Key, Track
from netart.write.source import Source

ORBIT = "0.8"  # radius of an orbit that is not asked for
OWN = ("a", "b")  # latents that are added where there are none


@click.command(short_help=COMMANDS["slice"], epilog=TABLES)
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
    if begin is not None or end is not None:
        if orbit is not None or begin is None or end is None:
            raise NetartError("--from and --to belong together, and --orbit stands alone")
        tracks, closed = _straight(begin, end, easing), False
        names = [track.field.partition(".")[2] for track in tracks]
    else:
        first, second, radius = _orbit(orbit, source.shot)
        names, closed = [first, second], True
        tracks = []
    shot = _with_latents(source.shot, names)
    if not tracks:
        centre = [shot.view.centre[_index(shot, name)] for name in names]
        tracks = _circle(names, centre, radius)
    film(source._replace(subject=shot), tracks, asked, "slice", "cycle" if closed else "none")


def _straight(begin: str, end: str, easing: str) -> list[Track]:
    first, last = (dict(parse("latent", text)) for text in (begin, end))
    if first.keys() != last.keys():
        raise NetartError(f"--from {begin} --to {end}: must name the same inputs")
    return [path(f"latent.{name}", [str(first[name]), str(last[name])], easing) for name in first]


def _orbit(text: str | None, shot: Shot) -> tuple[str, str, Decimal]:
    """The two latents and the circle's radius. Raises NetartError."""
    if text is None:
        names = (*shot.network.latents, *(x for x in OWN if x not in shot.network.latents))
        return names[0], names[1], Decimal(ORBIT)
    names_text, _, radius = text.partition("=")
    names = tuple(name.strip() for name in names_text.split(","))
    if len(names) != 2 or len(set(names)) != 2 or not radius:
        raise NetartError(f"--orbit {text!r}: write A,B=RADIUS, as in a,b=0.8")
    (_, size), *_ = parse("latent", f"{names[0]}={radius}")
    return names[0], names[1], size


def _with_latents(shot: Shot, names: list[str]) -> Shot:
    missing = tuple((name, Decimal(0)) for name in names if name not in shot.network.latents)
    return apply(shot, {"latent": missing}) if missing else shot


def _index(shot: Shot, name: str) -> int:
    return input_names(shot.network.latents).index(name)


def _circle(names: list[str], centre: list[Decimal], radius: Decimal) -> list[Track]:
    """Once around: sines from key to key make cosine and sine."""
    cosine = ((0.0, 1, "sine"), (0.5, -1, "sine"), (1.0, 1, "linear"))
    sine = ((0.0, 0, "sine-out"), (0.25, 1, "sine"), (0.75, -1, "sine-in"), (1.0, 0, "linear"))
    return [
        Track(f"latent.{name}", tuple(Key(t, str(c + k * radius), ease) for t, k, ease in keys))
        for name, c, keys in zip(names, centre, (cosine, sine), strict=True)
    ]

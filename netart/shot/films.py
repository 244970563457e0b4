"""The films that can be made of any shot: what moves, along which tracks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from netart.errors import NetartError
from netart.net.build import scales
from netart.net.network import input_names
from netart.net.recipe import Recipe
from netart.net.sampling import MAX_SEED
from netart.shot.fields import apply, parse
from netart.shot.ranges import values
from netart.shot.shot import Shot
from netart.shot.timeline import Key, Loop, Track
from netart.shot.view import approximate_angle

DEEP = 30  # times, a zoom
SHARES = (0.8, 1.6)  # of the shot's own weight scale
ORBIT = "0.8"  # radius of an orbit that is not asked for
OWN = ("a", "b")  # latents that are added where there are none


class Motion(NamedTuple):
    """What of a shot moves: a film that has no pace yet."""

    shot: Shot  # from which it starts
    tracks: tuple[Track, ...]
    loop: Loop = "none"  # that suits it


def path(field: str, stops: list[str], easing: str = "linear") -> Track:
    """A track through these values at equal times; they are written as options write them."""
    last = max(1, len(stops) - 1)
    keys = (Key(k / last, stop, easing) for k, stop in enumerate(stops))
    return Track(field, tuple(keys))


def zoom(
    shot: Shot,
    begin: float | None = None,
    end: float | None = None,
    toward: str | None = None,
    easing: str = "linear",
) -> Motion:
    """From radius to radius by equal ratios: by default from the shot's own, DEEP times closer.

    toward: X,Y, a point that stays at its place on screen.
    """
    radius = shot.view.radius
    start = radius if begin is None else begin
    stops = [repr(start), repr(start / DEEP if end is None else end)]
    pinned = () if toward is None else (Track("center", (Key(0.0, toward),), "pinned"),)
    return Motion(shot, (path("radius", stops, easing), *pinned))


def scale(
    shot: Shot, begin: float | None = None, end: float | None = None, easing: str = "linear"
) -> Motion:
    """From weight scale to weight scale: by default SHARES of the shot's own."""
    own = scales(shot.network)[0]
    stops = [own * SHARES[0] if begin is None else begin, own * SHARES[1] if end is None else end]
    return Motion(shot, (path("weight_scale", list(map(repr, stops)), easing),))


def morph(
    shot: Shot, seeds: str | None = None, closed: bool = True, easing: str = "linear"
) -> Motion:
    """From seed to seed: by default from the shot's own to the next two.

    seeds: in the grammar of ranges, two at least. closed: the way leads back to the first.
    Raises NetartError, also for explicit weights.
    """
    recipe = shot.network
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
        raise NetartError(f"seeds {seeds}: two seeds at least", field="seeds")
    if closed:
        stops.append(stops[0])
    return Motion(shot, (path("mix", stops, easing),), "cycle" if closed else "none")


def spin(shot: Shot, easing: str = "linear") -> Motion:
    """One turn of the view."""
    start = round(approximate_angle(shot.view.basis), 9)
    return Motion(shot, (path("rotate", [repr(start), repr(start + 360)], easing),), "cycle")


def slice(
    shot: Shot,
    begin: str | None = None,
    end: str | None = None,
    orbit: str | None = None,
    easing: str = "linear",
) -> Motion:
    """Through further inputs of the network, which are added where they are missing.

    begin, end: NAME=V,…, the same inputs. orbit: A,B=R, a circle of two inputs around their
    values instead; by default of the first two, at radius ORBIT. Raises NetartError.
    """
    if orbit is not None:
        for name, value in (("from", begin), ("to", end)):
            if value is not None:
                raise NetartError(f"orbit: has no meaning with {name}", field="orbit", hint=name)
    if begin is None and end is None:
        first, second, radius = _orbit(orbit, shot)
        names = [first, second]
        shot = _add_latents(shot, names)
        inputs = input_names(shot.network.latents)
        centre = [shot.view.centre[inputs.index(name)] for name in names]
        return Motion(shot, _circle(names, centre, radius), "cycle")
    if end is None:
        raise NetartError("from: has no meaning without to", field="from", hint="to")
    if begin is None:
        raise NetartError("to: has no meaning without from", field="to", hint="from")
    ends = [dict(parse("latent", text)) for text in (begin, end)]
    if ends[0].keys() != ends[1].keys():
        other = f"to {end}"
        raise NetartError(
            f"from {begin}: must name the same inputs as {other}", field="from", hint=other
        )
    tracks = [path(f"latent.{x}", [str(given[x]) for given in ends], easing) for x in ends[0]]
    names = [track.field.partition(".")[2] for track in tracks]
    return Motion(_add_latents(shot, names), tuple(tracks))


def deepen(shot: Shot, easing: str = "linear") -> Motion:
    """Through the hidden layers, from the first to the last. Raises NetartError below two."""
    depth = shot.network.depth
    if depth < 2:
        raise NetartError(f"deepen: the network has {depth} hidden layers, two are needed")
    return Motion(shot, (path("layer", ["1", str(depth)], easing),))


# Name of a film → makes it of the shot alone.
FILMS: dict[str, Callable[[Shot], Motion]] = {
    "zoom": zoom,
    "scale": scale,
    "morph": morph,
    "spin": spin,
    "slice": slice,
    "deepen": deepen,
}


def _orbit(text: str | None, shot: Shot) -> tuple[str, str, Decimal]:
    """The two latents and the circle's radius. Raises NetartError."""
    if text is None:
        names = (*shot.network.latents, *(x for x in OWN if x not in shot.network.latents))
        return names[0], names[1], Decimal(ORBIT)
    names_text, _, radius = text.partition("=")
    names = tuple(name.strip() for name in names_text.split(","))
    if len(names) != 2 or len(set(names)) != 2 or not radius:
        raise NetartError(f"orbit {text!r}: write A,B=RADIUS, as in a,b=0.8", field="orbit")
    (_, size), *_ = parse("latent", f"{names[0]}={radius}")
    return names[0], names[1], size


def _add_latents(shot: Shot, names: list[str]) -> Shot:
    missing = tuple((name, Decimal(0)) for name in names if name not in shot.network.latents)
    return apply(shot, {"latent": missing}) if missing else shot


def _circle(names: list[str], centre: list[Decimal], radius: Decimal) -> tuple[Track, ...]:
    """Once around: sines from key to key make cosine and sine."""
    cosine = ((0.0, 1, "sine"), (0.5, -1, "sine"), (1.0, 1, "linear"))
    sine = ((0.0, 0, "sine-out"), (0.25, 1, "sine"), (0.75, -1, "sine-in"), (1.0, 0, "linear"))
    return tuple(
        Track(f"latent.{name}", tuple(Key(t, str(c + k * radius), ease) for t, k, ease in keys))
        for name, c, keys in zip(names, centre, (cosine, sine), strict=True)
    )

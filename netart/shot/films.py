"""The films that can be made of any shot: which fields move, and how."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from netart.errors import NetartError
from netart.net.build import scales
from netart.net.learning.run import Run
from netart.net.learning.trained import as_trained
from netart.net.recipe import Recipe
from netart.net.sampling import MAX_SEED
from netart.shot.fields import apply, field, parse
from netart.shot.parts import Parts, coordinates, read_centre
from netart.shot.ranges import seed_count, seed_values
from netart.shot.shot import Shot
from netart.shot.timeline import MAX_KEYS, Key, Loop, Track, repeating_zoom
from netart.shot.view import approximate_angle

# Where nothing else is asked for:
MAGNIFICATION = 30  # of a zoom
OWN_SEEDS = 3  # of a morph: the shot's own and the next two
SCALES = (0.8, 1.6)  # first and last weight scale, as multiples of the shot's
FALLEN = 0.1  # share of the way of a loss, after which learning is filmed
ORBIT_RADIUS = "0.8"
ORBIT_LATENTS = ("a", "b", "c", "d")  # are added where fewer than two are free
DRIFT = 0.12  # radius of the orbit of a gentle loop, as a share of the picture's
BREATH = 1.08  # largest weight scale of a gentle loop, as a multiple of the shot's


class Motion(NamedTuple):
    """A film without its number of frames and their rate: what moves."""

    shot: Shot  # where it starts
    tracks: tuple[Track, ...]
    loop: Loop = "none"  # the one that suits it

    def check_effects(self) -> None:
        """Raises NetartError for a field that moves without an effect."""
        for track in self.tracks:
            if error := field(track.field).refuses(Parts.of(self.shot)):
                raise error


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
    """The radius changes by equal ratios: by default from the shot's, MAGNIFICATION times closer.

    Of a network whose picture repeats it is by default one period of an endless zoom, towards 0.

    toward: X,Y, a point that stays at its place on screen.
    """
    for name, radius in (("from", begin), ("to", end)):
        if radius is not None and radius <= 0:
            raise NetartError(f"{name} {radius:g}: must be above 0", field=name)
    start = shot.view.radius if begin is None else begin
    period = repeating_zoom(shot) if end is None and toward is None else None
    if period and any(read_centre(shot)):
        toward = "0,0"
    stops = [repr(start), repr(start / (period or MAGNIFICATION) if end is None else end)]
    pinned = () if toward is None else (Track("center", (Key(0.0, toward),), "pinned"),)
    return Motion(shot, (path("radius", stops, easing), *pinned), "cycle" if period else "none")


def scale(
    shot: Shot, begin: float | None = None, end: float | None = None, easing: str = "linear"
) -> Motion:
    """The weight scale changes: by default from SCALES[0] to SCALES[1] times the shot's."""
    for name, given in (("from", begin), ("to", end)):
        if given == 0:
            raise NetartError(f"{name} 0: must be above or below 0", field=name)
    own = scales(shot.network)[0]
    stops = [own * SCALES[0] if begin is None else begin, own * SCALES[1] if end is None else end]
    return Motion(shot, (path("weight_scale", list(map(repr, stops)), easing),))


def morph(
    shot: Shot, seeds: str | None = None, closed: bool = True, easing: str = "linear"
) -> Motion:
    """The network changes from seed to seed: by default from the shot's to the next two.

    seeds: two at least, in the grammar of ranges; or how many, from the shot's own on. closed:
    whether the last changes back into the first. Raises NetartError, also for explicit weights.
    """
    recipe = shot.network
    if not isinstance(recipe, Recipe):
        raise NetartError("morph: the network's weights are explicit, there are no seeds")
    count = seed_count(seeds, MAX_KEYS) if seeds is not None else OWN_SEEDS
    if count is None:
        stops = list(seed_values(str(seeds), MAX_KEYS))
        for stop in stops:
            try:
                parse("seed", stop)
            except NetartError as error:
                raise NetartError(f"seeds: {error}", field="seeds") from None
    else:
        last = max(seed for seed, _ in recipe.mix)
        own = ",".join(f"{seed}:{share!r}" for seed, share in recipe.mix)
        stops = [own, *(str((last + k) % (MAX_SEED + 1)) for k in range(1, count))]
    if len(stops) < 2:
        raise NetartError(f"seeds {seeds}: two seeds at least", field="seeds")
    if closed:
        stops.append(stops[0])
    return Motion(shot, (path("mix", stops, easing),), "cycle" if closed else "none")


def spin(shot: Shot, easing: str = "linear") -> Motion:
    """The view turns once, or the camera around what is seen in space."""
    if shot.lens.has_space(shot.network):
        start = field("azimuth").value(shot)
        return Motion(shot, (path("azimuth", [repr(start), repr(start + 360)], easing),), "cycle")
    start = round(approximate_angle(shot.view.basis), 9)
    return Motion(shot, (path("rotate", [repr(start), repr(start + 360)], easing),), "cycle")


def slice(
    shot: Shot,
    begin: str | None = None,
    end: str | None = None,
    orbit: str | None = None,
    easing: str = "linear",
) -> Motion:
    """Inputs of the network other than x and y change; those that it lacks are added to it.

    begin, end: NAME=V,…, both with the same inputs. orbit: A,B=R, a circle of radius R through the
    values of two inputs instead; by default of the first two latents, at ORBIT_RADIUS. Raises
    NetartError.
    """
    if orbit is not None:
        for name, value in (("from", begin), ("to", end)):
            if value is not None:
                raise NetartError(f"orbit: has no meaning with {name}", field="orbit", hint=name)
    if begin is None and end is None:
        return _orbit(shot, *_read_orbit(orbit, shot))
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


def drift(shot: Shot) -> Motion:
    """A gentle loop that begins and ends in the shot's picture.

    An endless zoom where the picture repeats, else a small orbit through two latents; explicit
    weights without latents breathe: their scale grows a little and shrinks again.
    """
    if repeating_zoom(shot):
        return zoom(shot)
    names = _orbit_latents(shot)
    if isinstance(shot.network, Recipe) or set(names) <= set(shot.network.latents):
        return _orbit(shot, names, Decimal(f"{DRIFT * shot.view.radius:.3g}"))
    own = scales(shot.network)[0]
    keys = zip((0.0, 0.5, 1.0), (own, own * BREATH, own), strict=True)
    track = Track("weight_scale", tuple(Key(t, repr(scale), "sine") for t, scale in keys))
    return Motion(shot, (track,), "cycle")


def deepen(shot: Shot, easing: str = "linear") -> Motion:
    """The layer that is drawn goes from the first hidden one to the last. Raises NetartError."""
    depth = shot.network.depth
    if depth < 2:
        raise NetartError(f"deepen: the network has {depth} hidden layers, two are needed")
    return Motion(shot, (path("layer", ["1", str(depth)], easing),))


def learn(
    shot: Shot, begin: float | None = None, end: float | None = None, easing: str = "linear"
) -> Motion:
    """A network learns: its step goes by equal ratios, weights between those kept are blended.

    begin, end: steps; by default the shot's own, or where it is the last where the loss begins to
    fall, and the last. Raises NetartError where the network is not one of a run.
    """
    try:
        network = as_trained(shot.network)
    except NetartError as error:
        raise error.at("learn") from None
    run = network.drawn
    if not run.last:
        raise NetartError(f"learn: {run.name} keeps step 0 alone")
    if begin is None:
        own = network.step
        begin = own if own and own < run.last else _first_of_interest(run)
    stops = [begin, run.last if end is None else end]
    for name, step in zip(("from", "to"), stops, strict=True):
        if not 0 < step <= run.last:
            raise NetartError(
                f"{name} {step:g}: must be above 0, at most the {run.last:,} steps of {run.name}",
                field=name,
            )
    blended = apply(shot, {"blend_steps": True})
    return Motion(blended, (path("step", [f"{step:.17g}" for step in stops], easing),))


def _first_of_interest(run: Run) -> int:
    """The last step above 0 before the loss has come FALLEN of its way down, in ratios: before that
    there is little to see, and half of the film would show it.
    """
    loss = np.log(np.maximum(run.loss, np.finfo(float).tiny))
    fallen = np.flatnonzero(loss < loss[0] - FALLEN * (loss[0] - loss.min()))
    steps = run.steps[: fallen[0]] if fallen.size else run.steps
    return int(steps[-1]) or int(run.steps[run.steps > 0][0])


# By name, each of which may be called with any shot alone.
FILMS: dict[str, Callable[[Shot], Motion]] = {
    "zoom": zoom,
    "scale": scale,
    "morph": morph,
    "spin": spin,
    "slice": slice,
    "deepen": deepen,
}


def _read_orbit(text: str | None, shot: Shot) -> tuple[tuple[str, str], Decimal]:
    """The two latents of an orbit, A,B=R, and its radius. Raises NetartError."""
    if text is None:
        return _orbit_latents(shot), Decimal(ORBIT_RADIUS)
    names_text, _, radius = text.partition("=")
    names = tuple(name.strip() for name in names_text.split(","))
    if len(names) != 2 or len(set(names)) != 2 or not radius:
        raise NetartError(f"orbit {text!r}: write A,B=RADIUS, as in a,b=0.8", field="orbit")
    (_, size), *_ = parse("latent", f"{names[0]}={radius}")
    return (names[0], names[1]), size


def _orbit_latents(shot: Shot) -> tuple[str, str]:
    """The first two latents that the picture does not span, or further names."""
    own = shot.network.latents
    free = [name for name in own if name not in shot.view.axes]
    first, second, *_ = (*free, *(name for name in ORBIT_LATENTS if name not in own))
    return first, second


def _add_latents(shot: Shot, names: list[str]) -> Shot:
    """The shot with these inputs added to its network, at 0, where it lacks them."""
    missing = tuple((name, Decimal(0)) for name in names if name not in shot.network.latents)
    return apply(shot, {"latent": missing}) if missing else shot


def _orbit(shot: Shot, names: tuple[str, str], radius: Decimal) -> Motion:
    """Two latents go around a circle once, anticlockwise, from the shot's values and back.

    The easings are parts of a sine, so that one follows a cosine and the other a sine.
    """
    shot = _add_latents(shot, list(names))
    own = coordinates(shot)
    cosine = ((0.0, 0, "sine"), (0.5, -2, "sine"), (1.0, 0, "linear"))
    sine = ((0.0, 0, "sine-out"), (0.25, 1, "sine"), (0.75, -1, "sine-in"), (1.0, 0, "linear"))
    tracks = tuple(
        Track(
            f"latent.{name}",
            tuple(Key(t, str(own[name] + k * radius), ease) for t, k, ease in keys),
        )
        for name, keys in zip(names, (cosine, sine), strict=True)
    )
    return Motion(shot, tracks, "cycle")

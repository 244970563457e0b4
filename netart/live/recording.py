"""From what the hands did to a film: a timeline of every field that changed."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import NamedTuple

from netart.errors import NetartError
from netart.lens import explicit
from netart.net.network import input_names
from netart.net.recipe import Recipe, Weights
from netart.shot.fields import FIELDS, apply, field, parse, text_of
from netart.shot.shot import Shot
from netart.shot.timeline import MAX_KEYS, Key, Pace, Timeline, Track

RATE = 25  # frames a second
LONGEST_S = 0.2  # that a change takes, however long nothing changed before it
JUMP = 1e-9  # of the film: what cannot move changes at once, and all that changes with it
SHORTHANDS = ("seed", "layers", "depth", "width", "latent")


class Moment(NamedTuple):
    """What was on screen, so many seconds after the beginning."""

    time_s: float
    shot: Shot


Texts = dict[str, str | None]


def recorded(moments: list[Moment], end_s: float) -> Timeline:
    """The film of the moments, at their pace. Raises NetartError where there can be none."""
    frames = max(2, ceil(end_s * RATE))
    latents = sorted({name for moment in moments for name in moment.shot.network.latents})
    moments = [Moment(time_s, _spelled_out(shot, latents)) for time_s, shot in moments]
    gap_s = 0.0
    while True:
        chosen = _apart(moments, gap_s)
        tracks = _tracks(chosen, end_s)
        if sum(len(track.keys) for track in tracks) <= MAX_KEYS:
            break
        gap_s = max(2 * gap_s, 0.05)
    return Timeline(shot=moments[0].shot, tracks=tracks, pace=Pace(frames=frames, rate=str(RATE)))


def _apart(moments: list[Moment], gap_s: float) -> list[Moment]:
    """The moments without those that follow closely upon another one; the last stays."""
    kept = moments[:1]
    for moment in moments[1:-1]:
        if moment.time_s - kept[-1].time_s >= gap_s:
            kept.append(moment)
    return [*kept, *moments[1:][-1:]]


def _tracks(moments: list[Moment], end_s: float) -> tuple[Track, ...]:
    texts = [_texts(moment.shot) for moment in moments]
    times = [min(1.0, moment.time_s / end_s) for moment in moments]
    moved = [name for name in texts[0] if any(text.get(name) != texts[0][name] for text in texts)]
    if all(moment.shot == moments[0].shot for moment in moments):
        raise NetartError("nothing has moved: there is no film")
    for name in moved:
        if any(text.get(name) is None for text in texts):
            raise NetartError(f"a film cannot go from one {name} to the other here")
    for moment, text in zip(moments, texts, strict=True):
        values = {name: parse(name, text[name] or "") for name in moved}
        if apply(moments[0].shot, values) != moment.shot:
            raise NetartError("a film cannot go from one network or view to the other here")
    held = [name for name in moved if _way(name) == "hold"]
    keys: dict[str, list[Key]] = {name: [Key(0.0, texts[0][name] or "")] for name in moved}
    for k in range(1, len(moments)):
        jumps = any(texts[k][name] != texts[k - 1][name] for name in held)
        begin = max(times[k - 1], times[k] - (JUMP if jumps else LONGEST_S / end_s))
        for name in moved:
            before, after = texts[k - 1][name] or "", texts[k][name] or ""
            if before != after:
                row = keys[name]
                if begin > row[-1].t:
                    row.append(Key(begin, before))
                row.append(Key(max(times[k], row[-1].t + JUMP), after))
    return tuple(Track(name, tuple(row), _way(name)) for name, row in keys.items())


def _way(name: str) -> str:
    """How the field moves from key to key: seeds change at once, as they did on screen."""
    if name == "mix" or not field(name).interpolations:
        return "hold"
    return "short" if name == "rotate" else field(name).interpolations[0]


def _texts(shot: Shot) -> Texts:
    """What each field's option would say."""
    names = [name for name in FIELDS if name not in SHORTHANDS]
    names += [f"latent.{name}" for name in input_names(shot.network.latents)]
    return {name: text_of(shot, name) for name in names}


def _spelled_out(shot: Shot, latents: list[str]) -> Shot:
    """The same picture with nothing left unset that a key might set. A latent that is not there
    yet stands at 0.
    """
    values: dict[str, object] = {}
    if isinstance(shot.network, Weights) and not shot.network.activations:
        layers = shot.network.content.layers[:-1]
        values |= {"activation": tuple(layer.activation for layer in layers)} if layers else {}
    missing = [name for name in latents if name not in shot.network.latents]
    if missing and isinstance(shot.network, Recipe):
        values["latent"] = tuple((name, Decimal(0)) for name in missing)
    return apply(explicit(shot), values)

"""From what the hands did to a film: a timeline of every field that changed."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from msgspec.structs import replace

from netart.errors import NetartError
from netart.net.network import input_names
from netart.shot.fields import FIELDS, apply, field, text_of
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
    gap_s = 0.0
    while True:
        chosen = _apart(moments, gap_s)
        tracks = _tracks(chosen, end_s)
        if sum(len(track.keys) for track in tracks) <= MAX_KEYS:
            break
        gap_s = max(2 * gap_s, 0.05)
    start = _spelled_out(moments[0].shot)
    return Timeline(shot=start, tracks=tracks, pace=Pace(frames=frames, rate=str(RATE)))


def _apart(moments: list[Moment], gap_s: float) -> list[Moment]:
    """The moments without those that follow closely upon another one; the last stays."""
    kept = moments[:1]
    for moment in moments[1:-1]:
        if moment.time_s - kept[-1].time_s >= gap_s:
            kept.append(moment)
    return [*kept, *moments[1:][-1:]]


def _tracks(moments: list[Moment], end_s: float) -> tuple[Track, ...]:
    latents = sorted({name for moment in moments for name in moment.shot.network.latents})
    texts = [_texts(_spelled_out(moment.shot), latents) for moment in moments]
    times = [min(1.0, moment.time_s / end_s) for moment in moments]
    moved = [name for name in texts[0] if any(text[name] != texts[0][name] for text in texts)]
    if not moved:
        raise NetartError("nothing has moved: there is no film")
    for name in moved:
        if any(text[name] is None for text in texts):
            raise NetartError(f"a film cannot go from one {name} to the other here")
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
    if name == "mix" or not field(name).ways:
        return "hold"
    return "short" if name == "rotate" else field(name).ways[0]


def _texts(shot: Shot, latents: list[str]) -> Texts:
    """What each field's option would say; a latent that is not there yet stands at 0."""
    centre = dict(zip(input_names(shot.network.latents), shot.view.centre, strict=True))
    found: Texts = {name: text_of(shot, name) for name in FIELDS if name not in SHORTHANDS}
    return found | {f"latent.{name}": str(centre.get(name, 0)) for name in latents}


def _spelled_out(shot: Shot) -> Shot:
    """The same picture with nothing left unset that a key might set."""
    values = {"palette": shot.palette.name}
    if not shot.stretched:
        values["contrast"] = "off"
    found = apply(shot, values)
    if found.lens.layer is None and not found.lens.units:
        found = replace(found, lens=replace(found.lens, layer=found.network.depth))
    return found

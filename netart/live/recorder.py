"""Recording the window: the shots on screen become a film, a timeline of all that changed."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from time import perf_counter
from typing import NamedTuple

from netart.errors import NetartError
from netart.lens import explicit
from netart.live.steps import with_newest
from netart.net.learning.trained import Trained
from netart.net.network import input_names
from netart.net.recipe import Recipe, Weights
from netart.shot.fields import FIELDS, apply, field, parse, text_of
from netart.shot.shot import Shot
from netart.shot.timeline import MAX_KEYS, Key, Pace, Timeline, Track

INTERVAL_S = 1 / 12  # between two moments
RATE = 25  # frames a second
MAX_CHANGE_S = 0.2  # that a change takes in the film, however long nothing changed before it
JUMP = 1e-9  # of the film: what cannot move changes at once, and all that changes with it
SHORTHANDS = ("seed", "layers", "depth", "width", "latent")


Texts = dict[str, str | None]


class Moment(NamedTuple):
    """A shot that was on screen."""

    time_s: float  # since the recording began
    shot: Shot


class Recorder:
    """Collects what is on screen while it is recording."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._since_s: float | None = None  # None: it is not recording

    @property
    def recording(self) -> bool:
        return self._since_s is not None

    def start(self, shot: Shot) -> None:
        """Begins a recording; the shot is on screen now."""
        self._since_s = perf_counter()
        self._moments = [Moment(0.0, shot)]

    def add(self, shot: Shot) -> None:
        """The shot has come on screen just now; nothing where nothing is recorded."""
        if self._since_s is None:
            return
        kept, time_s = self._moments, perf_counter() - self._since_s
        if len(kept) > 1 and time_s - kept[-2].time_s < INTERVAL_S:
            kept.pop()
        kept.append(Moment(time_s, shot))

    def stop(self) -> tuple[list[Moment], float]:
        """Ends the recording. Returns its moments and how long it was, in seconds."""
        assert self._since_s is not None
        end_s = perf_counter() - self._since_s
        moments, self._moments, self._since_s = self._moments, [], None
        return moments, end_s


def make_film(moments: list[Moment], end_s: float) -> Timeline:
    """The film of the moments, as long as the recording. Raises NetartError where no film can say
    what happened.
    """
    frames = max(2, ceil(end_s * RATE))
    moments = [Moment(time_s, _with_runs_of(shot, moments[-1].shot)) for time_s, shot in moments]
    latents = sorted({name for moment in moments for name in moment.shot.network.latents})
    moments = [Moment(time_s, _make_explicit(shot, latents)) for time_s, shot in moments]
    gap_s = 0.0
    while True:
        chosen = _thin_out(moments, gap_s)
        tracks = _tracks(chosen, end_s)
        if sum(len(track.keys) for track in tracks) <= MAX_KEYS:
            break
        gap_s = max(2 * gap_s, 0.05)
    return Timeline(shot=moments[0].shot, tracks=tracks, pace=Pace(frames=frames, rate=str(RATE)))


def _thin_out(moments: list[Moment], gap_s: float) -> list[Moment]:
    """The moments without those that follow another one sooner than this; the last stays."""
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
        if apply(moments[0].shot, values, allow_idle=True) != moment.shot:
            raise NetartError("a film cannot go from one network or view to the other here")
    held = [name for name in moved if _interpolation(name) == "hold"]
    keys: dict[str, list[Key]] = {name: [Key(0.0, texts[0][name] or "")] for name in moved}
    for k in range(1, len(moments)):
        jumps = any(texts[k][name] != texts[k - 1][name] for name in held)
        begin = max(times[k - 1], times[k] - (JUMP if jumps else MAX_CHANGE_S / end_s))
        for name in moved:
            before, after = texts[k - 1][name] or "", texts[k][name] or ""
            if before != after:
                row = keys[name]
                if begin > row[-1].t:
                    row.append(Key(begin, before))
                row.append(Key(max(times[k], row[-1].t + JUMP), after))
    return tuple(Track(name, tuple(row), _interpolation(name)) for name, row in keys.items())


def _interpolation(name: str) -> str:
    """How the field is interpolated from key to key: seeds change at once, as on screen."""
    if name == "mix" or not field(name).interpolations:
        return "hold"
    # Step 0 has no ratio to another.
    own = {"rotate": "short", "step": "linear"}
    return own.get(name, field(name).interpolations[0])


def _texts(shot: Shot) -> Texts:
    """Field → its value as text."""
    names = [name for name in FIELDS if name not in SHORTHANDS]
    names += [f"latent.{name}" for name in input_names(shot.network.latents)]
    return {name: text_of(shot, name) for name in names}


def _with_runs_of(shot: Shot, last: Shot) -> Shot:
    """The same picture, with runs that had grown when the last shot was on screen."""
    for run in last.network.runs if isinstance(last.network, Trained) else ():
        shot = with_newest(shot, run, follows=False)
    return shot


def _make_explicit(shot: Shot, latents: list[str]) -> Shot:
    """The same picture with a value for every field that a key might set. A latent that is not
    there yet is 0.
    """
    values: dict[str, object] = {}
    if isinstance(shot.network, Weights) and not shot.network.activations:
        layers = shot.network.content.layers[:-1]
        values |= {"activation": tuple(layer.activation for layer in layers)} if layers else {}
    missing = [name for name in latents if name not in shot.network.latents]
    if missing and isinstance(shot.network, Recipe):
        values["latent"] = tuple((name, Decimal(0)) for name in missing)
    return apply(explicit(shot), values)

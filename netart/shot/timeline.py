"""A timeline: a path of shots, as plain data. `at(t)` is the shot at t in [0, 1]."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from math import acos, hypot, isfinite, pi, sin
from typing import Any, Literal, get_args

import msgspec

from netart.errors import NetartError, unknown
from netart.shot.easing import easing
from netart.shot.fields import apply, field, parse
from netart.shot.shot import Shot
from netart.shot.text import check_names, convert, listed

Loop = Literal["none", "cycle", "bounce"]

MAX_FRAMES = 1_000_000
MAX_KEYS = 1000  # each is tried
DIGITS = 60  # of an interpolated coordinate

COEFFICIENT_DIGITS = 12  # of a mix in between: hides the last bit of a platform's sine

# Rates that are written rounded.
ROUNDED_RATES = {"23.976": "24000/1001", "29.97": "30000/1001", "59.94": "60000/1001"}


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At time t in [0, 1] the field has this value, written as its option writes it. easing: of
    the way to the next key.
    """

    t: float
    value: str
    easing: str = "linear"

    def __post_init__(self) -> None:
        if not 0 <= self.t <= 1:
            raise NetartError(f"key at {self.t}: times go from 0 to 1")
        easing(self.easing)


class Track(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of one field in the order of time, and how values in between are found: one of
    WAYS, unset for the field's own. Before the first key and behind the last the value holds.
    """

    field: str
    keys: tuple[Key, ...]
    way: str | None = None

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "field", self.field.replace("-", "_"))
        row, times = field(self.field), [key.t for key in self.keys]
        if not times or any(b <= a for a, b in pairwise(times)):
            raise NetartError(f"{self.field}: keys are needed, in the order of time")
        values = [parse(self.field, key.value) for key in self.keys]
        way = self.chosen_way
        if way not in ("hold", *row.interpolations):
            raise unknown("way", way, ("hold", *row.interpolations)).at(self.field)
        if way == "pinned" and len(self.keys) > 1:
            raise NetartError(f"{self.field}: a pinned target is one key")
        for a, b in pairwise(values):
            WAYS[way](a, b, 0.5)

    @property
    def chosen_way(self) -> str:
        return self.way or next(iter(field(self.field).interpolations), "hold")

    @property
    def closed(self) -> bool:
        """Whether the last value is the first; an angle may have made whole turns."""
        first, last = self.at(0), self.at(1)
        turns = (last - first) / 360 if self.field == "rotate" else 0.5
        return bool(first == last or abs(turns - round(turns)) < 1e-9)

    def at(self, t: float) -> Any:
        """The value at time t."""
        later = bisect([key.t for key in self.keys], t)
        here = self.keys[max(0, later - 1)]
        there = self.keys[min(later, len(self.keys) - 1)]
        first, second = (parse(self.field, key.value) for key in (here, there))
        if t <= here.t or here == there:
            return first
        share = easing(here.easing)((t - here.t) / (there.t - here.t))
        return WAYS[self.chosen_way](first, second, share)


def rate(text: str) -> Fraction:
    """Frames a second; 29.97 and its kin are what television means. Raises NetartError."""
    try:
        found = Fraction(ROUNDED_RATES.get(text, text))
    except (ValueError, ZeroDivisionError):
        raise NetartError(f"rate {text!r}: must be a number or a fraction, as in 25") from None
    if not 0 < found <= 1000 or found.denominator > 100_000:
        raise NetartError(f"rate {text!r}: must be above 0, at most 1000 frames a second")
    return found


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """frames: their number. rate: frames a second, a number or a fraction such as 30000/1001.
    loop: `none` ends at t = 1; of `cycle` the last frame is followed by the first; `bounce` goes
    there and back.
    """

    frames: int = 100
    rate: str = "25"
    loop: Loop = "none"

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= MAX_FRAMES:
            raise NetartError(f"frames = {self.frames}: must be from 1 to {MAX_FRAMES:,}")
        if self.loop not in get_args(Loop):
            raise unknown("loop", self.loop, get_args(Loop))
        msgspec.structs.force_setattr(self, "rate", str(rate(self.rate)))

    @property
    def duration(self) -> Fraction:
        """In seconds."""
        return self.frames / Fraction(self.rate)

    def time(self, number: int) -> float:
        """t of a frame; they count from 1. Raises NetartError for a number out of range."""
        if not 1 <= number <= self.frames:
            raise NetartError(f"frame {number}: the film has frames 1 to {self.frames}")
        i, n = number - 1, self.frames
        if self.loop == "cycle":
            return i / n
        if self.loop == "bounce":
            return 1 - abs(1 - 2 * i / n)
        return i / (n - 1) if n > 1 else 0.0


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """shot: what does not move. tracks: what does, a track a field."""

    shot: Shot
    tracks: tuple[Track, ...]
    pace: Pace = Pace()

    def __post_init__(self) -> None:
        names = [track.field for track in self.tracks]
        if len(set(names)) < len(names):
            raise NetartError("timeline: a field has two tracks")
        if sum(len(track.keys) for track in self.tracks) > MAX_KEYS:
            raise NetartError(f"timeline: more than {MAX_KEYS:,} keys")
        for t in sorted({0.0, 1.0, *(key.t for track in self.tracks for key in track.keys)}):
            try:
                self.at(t)
            except NetartError as error:
                raise error.at(f"timeline at {t:g}") from None
        if self.pace.loop == "cycle" and not all(track.closed for track in self.tracks):
            raise NetartError(
                "loop cycle: the last frame would jump to the first, since the path does not end "
                "where it begins: take bounce, or none"
            )

    def at(self, t: float) -> Shot:
        """The shot at t in [0, 1]. Raises NetartError where there can be none."""
        shot = self._moved(t)
        for track in self.tracks:
            if track.chosen_way == "pinned":
                centre = _pinned(track.at(t), self._moved(0), shot)
                shot = apply(shot, {track.field: centre})
        return shot

    def _moved(self, t: float) -> Shot:
        """The shot at t but for what is pinned, which depends on the rest."""
        return apply(self.shot, {x.field: x.at(t) for x in self.tracks if x.chosen_way != "pinned"})

    def frame(self, number: int) -> Shot:
        """The shot of a frame, from 1. Raises NetartError for a number out of range."""
        return self.at(self.pace.time(number))

    @property
    def sha256(self) -> str:
        """The stable hash of the shot and the table [timeline]."""
        text = json.dumps([self.shot.sha256, to_data(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


# How values in between are found: functions of two values and a share of the way.


def _hold(a: Any, b: Any, s: float) -> Any:
    return b if s >= 1 else a


def _linear(a: Any, b: Any, s: float) -> Any:
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(_linear(x, y, s) for x, y in zip(a, b, strict=True))
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        context = Context(prec=DIGITS)
        way = context.multiply(context.subtract(b, a), Decimal(s))
        return context.add(a, way) if s < 1 else b
    if _is_number(a) and _is_number(b):
        return a + (b - a) * s if s < 1 else b
    return _hold(a, b, s)


def _geometric(a: Any, b: Any, s: float) -> Any:
    """Equal ratios in equal times; in decimals, whose powers are the same everywhere."""
    if not (_is_number(a) and _is_number(b)):
        return _hold(a, b, s)
    if a * b <= 0:
        raise NetartError(f"from {a} to {b}: equal ratios need values of one sign, not 0")
    if s in (0, 1):
        return (a, b)[int(s)]
    context = Context(prec=DIGITS)
    ratio = context.divide(Decimal(b), Decimal(a))
    return float(context.multiply(Decimal(a), context.power(ratio, Decimal(s))))


def _short(a: Any, b: Any, s: float) -> Any:
    """Angles in degrees, by at most half a turn."""
    return _linear(a, a + (b - a + 180) % 360 - 180, s)


def _mix(a: Any, b: Any, s: float) -> Any:
    """Spherical interpolation of the coefficients, the norm linear: the variance of the weights
    goes straight from one to the other (Shoemake 1985, "Animating rotation with quaternions").
    """
    if s in (0, 1):
        return (a, b)[int(s)]
    first, second = dict(a), dict(b)
    seeds = sorted({*first, *second})
    norms = hypot(*first.values()), hypot(*second.values())
    if 0 in norms:
        raise NetartError("mix: all coefficients are 0")
    cosine = sum(first.get(x, 0) * second.get(x, 0) for x in seeds) / (norms[0] * norms[1])
    angle = acos(max(-1, min(1, cosine)))
    if pi - angle < 1e-6:
        raise NetartError("mix: opposite mixes have no shortest way between them")
    norm = norms[0] + (norms[1] - norms[0]) * s
    if angle < 1e-6:
        shares = (1 - s, s)
    else:
        shares = (sin((1 - s) * angle) / sin(angle), sin(s * angle) / sin(angle))
    found = (
        norm * (shares[0] * first.get(x, 0) / norms[0] + shares[1] * second.get(x, 0) / norms[1])
        for x in seeds
    )
    return tuple(
        (seed, round(share, COEFFICIENT_DIGITS)) for seed, share in zip(seeds, found, strict=True)
    )


WAYS: dict[str, Callable[[Any, Any, float], Any]] = {
    "hold": _hold,
    "linear": _linear,
    "geometric": _geometric,
    "short": _short,
    "mix": _mix,
    "pinned": _hold,
}


def _pinned(target: tuple[Decimal, ...], begin: Shot, here: Shot) -> tuple[Decimal, ...]:
    """The centre that keeps the target at its place on screen: target + (c₀ − target)·r/r₀."""
    first, radius = Decimal(repr(begin.view.radius)), Decimal(repr(here.view.radius))
    context = Context(prec=DIGITS + max(0, -radius.adjusted()))
    inputs = ("x", "y", *begin.network.latents)
    start = [begin.view.centre[inputs.index(axis)] for axis in begin.view.axes]
    share = context.divide(radius, first)
    return tuple(
        context.add(aim, context.multiply(context.subtract(c, aim), share))
        for aim, c in zip(target, start, strict=True)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def to_data(timeline: Timeline) -> dict[str, Any]:
    """All of the timeline but its shot, as plain data: the table [timeline] of a file."""
    tracks = [
        {name: value for name, value in track.items() if value is not None}
        for track in msgspec.to_builtins(timeline.tracks)
    ]
    return {**msgspec.to_builtins(timeline.pace), "track": tracks}


def from_data(data: Any, shot: Shot) -> Timeline:
    """The timeline of this shot that the table [timeline] describes. Raises NetartError."""
    check_names(data, (*Pace.__struct_fields__, "track"), "timeline")
    tracks = []
    for k, track in enumerate(listed(data.get("track")), 1):
        place = f"timeline.track[{k}]"
        check_names(track, Track.__struct_fields__, place)
        for n, key in enumerate(listed(track.get("keys")), 1):
            check_names(key, Key.__struct_fields__, f"{place}.keys[{n}]")
        tracks.append(convert(track, Track, place))
    rest = {name: value for name, value in data.items() if name != "track"}
    pace = convert(rest, Pace, "timeline")
    return Timeline(shot=shot, tracks=tuple(tracks), pace=pace)

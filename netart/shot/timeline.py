"""Timelines: films as plain data. Fields of a shot move along keys; t goes from 0 to 1."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, log
from typing import Any, Literal, cast, get_args

import msgspec

from netart.errors import NetartError, unknown
from netart.net.build import zoom_period
from netart.shot.easing import easing
from netart.shot.fields import apply, field, parse
from netart.shot.interpolation import INTERPOLATIONS, is_finite, pinned_centre
from netart.shot.parts import check_centre, read_centre
from netart.shot.plain_data import as_option_text, check_names, convert, list_or_empty
from netart.shot.ranges import values
from netart.shot.shot import Shot
from netart.shot.syntax import fraction, whole_number

Loop = Literal["none", "cycle", "ping-pong", "bounce"]

MAX_FRAMES = 1_000_000
MAX_KEYS = 1000  # a timeline makes the shot of each, to check it
MAX_TRACKS = 100
MAX_COORDINATES = 1 << 18  # at all keys together
MAX_RATE = 1000  # frames a second
MAX_RATE_DENOMINATOR = 100_000

# Television's rates, which are written rounded.
ROUNDED_RATES = {"23.976": "24000/1001", "29.97": "30000/1001", "59.94": "60000/1001"}


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The value of a field at one time of a film."""

    # The time, in [0, 1].
    t: float
    # Written as the field's option writes it.
    value: str
    # How fast the next key is approached: a name of EASINGS, or a Bézier curve.
    easing: str = "linear"

    def __post_init__(self) -> None:
        if not 0 <= self.t <= 1:
            raise NetartError(f"key at {self.t}: times go from 0 to 1")
        easing(self.easing)


class Track(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one field moves in a film. Before the first key and after the last its value holds."""

    # The field's name.
    field: str
    # In the order of time.
    keys: tuple[Key, ...]
    # How values between keys are found: a name of INTERPOLATIONS that the field allows, unset for
    # the first of these. In files it is called `way`.
    interpolation: str | None = msgspec.field(default=None, name="way")

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "field", self.field.replace("-", "_"))
        row, times = field(self.field), [key.t for key in self.keys]
        if not times or any(b <= a for a, b in pairwise(times)):
            raise NetartError(f"{self.field}: keys are needed, in the order of time")
        values = [parse(self.field, key.value) for key in self.keys]
        name, allowed = self.interpolation_name, ("hold", *row.interpolations)
        if name not in allowed:
            raise unknown("way", name, allowed).at(self.field)
        if self.is_pinned and len(self.keys) > 1:
            raise NetartError(f"{self.field}: a pinned target is one key")
        for (first, a), (last, b) in pairwise(zip(self.keys, values, strict=True)):
            if not is_finite(INTERPOLATIONS[name](a, b, 0.5)):  # raises NetartError of its own
                raise NetartError(
                    f"{self.field}: from {first.value} to {last.value}: too far apart"
                )

    @property
    def interpolation_name(self) -> str:
        """The name of the interpolation, also where it is unset."""
        return self.interpolation or next(iter(field(self.field).interpolations), "hold")

    @property
    def is_pinned(self) -> bool:
        """Whether the key is a point that stays at its place on screen, not the field's value."""
        return self.interpolation_name == "pinned"

    @property
    def is_closed(self) -> bool:
        """Whether the field ends where it begins; an angle may have made whole turns."""
        first, last = self.at(0), self.at(1)
        turns = (last - first) / 360 if "short" in field(self.field).interpolations else 0.5
        return bool(first == last or abs(turns - round(turns)) < 1e-9)

    def at(self, t: float) -> Any:
        """The value at time t, from 0 to 1."""
        later = bisect([key.t for key in self.keys], t)
        here = self.keys[max(0, later - 1)]
        there = self.keys[min(later, len(self.keys) - 1)]
        first, second = (parse(self.field, key.value) for key in (here, there))
        if t <= here.t or here == there:
            return first
        share = easing(here.easing)((t - here.t) / (there.t - here.t))
        return INTERPOLATIONS[self.interpolation_name](first, second, share)


def rate(text: str) -> Fraction:
    """The frames a second that `text` says, exactly: 29.97 is 30000/1001. Raises NetartError."""
    try:
        found = fraction(ROUNDED_RATES.get(text, text))
    except NetartError as error:
        raise error.at(f"rate {text!r}") from None
    if not 0 < found <= MAX_RATE or found.denominator > MAX_RATE_DENOMINATOR:
        raise NetartError(f"rate {text!r}: must be above 0, at most {MAX_RATE} frames a second")
    return found


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many frames a film has, how fast they are shown, and whether they make a loop."""

    # The number of frames.
    frames: int = 100
    # Frames a second, a number or a fraction such as 30000/1001.
    rate: str = "25"
    # `none` ends at t = 1; of `cycle` the last frame is followed by the first; `ping-pong` goes to
    # t = 1 and back, with one frame at t = 0 and one at t = 1. `bounce` is what earlier films have:
    # of an odd number of frames it misses t = 1, and shows the last one before it twice.
    loop: Loop = "none"

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= MAX_FRAMES:
            raise NetartError(f"frames = {self.frames}: must be from 1 to {MAX_FRAMES:,}")
        if self.loop not in get_args(Loop):
            raise unknown("loop", self.loop, get_args(Loop))
        msgspec.structs.force_setattr(self, "rate", str(rate(self.rate)))

    def changed(
        self,
        frames: int | None = None,
        duration: float | None = None,
        fps: str | None = None,
        loop: str | None = None,
    ) -> Pace:
        """The pace with what is given in place of its own; a duration in seconds, or another rate,
        changes the number of frames. Raises NetartError.
        """
        own_rate = self.rate if fps is None else fps
        try:
            rate(own_rate)
        except NetartError as error:
            message = str(error).removeprefix("rate ")
            raise NetartError(f"fps {message}", field="fps") from None
        if frames is not None and duration is not None:
            raise NetartError(
                "frames: says the same thing as duration", field="frames", hint="duration"
            )
        count = self.frames if frames is None else frames
        if duration is not None:
            if not 0 < duration < 1e6:
                message = f"duration {duration:g}: must be above 0 seconds"
                raise NetartError(message, field="duration")
            count = max(1, round(duration * rate(own_rate)))
        elif frames is None and fps is not None:
            count = max(1, ceil(self.duration * rate(own_rate)))
        own_loop = self.loop if loop is None else loop
        if own_loop == "bounce" != self.loop:
            own_loop = "ping-pong"  # the same, but that no frame is shown twice
        return Pace(frames=count, rate=own_rate, loop=cast("Loop", own_loop))

    @property
    def duration(self) -> Fraction:
        """How long the film is, in seconds."""
        return self.frames / Fraction(self.rate)

    @property
    def returns(self) -> bool:
        """Whether the film goes to t = 1 and back."""
        return self.loop in ("ping-pong", "bounce")

    def read_numbers(self, listing: str) -> list[int]:
        """The numbers of frames that are listed, as in `1..3,5`. Raises NetartError."""
        try:
            numbers = list(map(whole_number, values(listing)))
        except NetartError as error:
            raise NetartError(f"frame_range {listing!r}: {error}", field="frame_range") from None
        for number in numbers:
            self.time(number)  # raises NetartError for one that is not there
        return numbers

    def time(self, number: int) -> float:
        """The time t of a frame, counted from 1. Raises NetartError if there is none."""
        if not 1 <= number <= self.frames:
            raise NetartError(f"frame {number}: the film has frames 1 to {self.frames}")
        i, n = number - 1, self.frames
        if self.loop == "cycle":
            return i / n
        if self.loop == "bounce":
            return 1 - abs(1 - 2 * i / n)
        if self.loop == "ping-pong":
            turn = n // 2
            return i / turn if i < turn else (n - i) / (n - turn) if n > 1 else 0.0
        return i / (n - 1) if n > 1 else 0.0


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A film: a shot, and the fields of it that move."""

    # What does not move.
    shot: Shot
    # What moves: a track for each field.
    tracks: tuple[Track, ...]
    pace: Pace = Pace()

    def __post_init__(self) -> None:
        names = [track.field for track in self.tracks]
        if len(set(names)) < len(names):
            raise NetartError("timeline: a field has two tracks")
        if len(self.tracks) > MAX_TRACKS:
            raise NetartError(f"timeline: {len(self.tracks):,} tracks, at most {MAX_TRACKS}")
        if sum(len(track.keys) for track in self.tracks) > MAX_KEYS:
            raise NetartError(f"timeline: more than {MAX_KEYS:,} keys")
        times = sorted({0.0, 1.0, *(key.t for track in self.tracks for key in track.keys)})
        inputs = len(self.shot.view.centre)
        if len(times) * inputs > MAX_COORDINATES:
            raise NetartError(
                f"timeline: {len(times)} times of keys with {inputs:,} inputs each: more than "
                f"{MAX_COORDINATES:,} coordinates"
            )
        for t in times:
            try:
                self.at(t)
            except NetartError as error:
                raise error.at(f"timeline at {t:g}") from None
        if self.pace.loop == "cycle" and not self._is_closed:
            raise NetartError(
                "loop cycle: the last frame would jump to the first, since the path does not end "
                "where it begins: take ping-pong, or none"
            )

    @property
    def _is_closed(self) -> bool:
        """Whether the film ends in the picture that it begins with."""
        moved = {track.field.partition(".")[0] for track in self.tracks if not track.is_closed}
        return not moved or (moved <= {"radius", "center"} and _repeats(self.at(0), self.at(1)))

    def at(self, t: float) -> Shot:
        """The shot at time t, from 0 to 1. Raises NetartError where the values make no shot."""
        shot = self._without_pinned(t)
        for track in self.tracks:
            if track.is_pinned:
                start, target = self._without_pinned(0), track.at(t)
                check_centre(target, shot.view.axes)
                centre = pinned_centre(
                    target, read_centre(start), start.view.radius, shot.view.radius
                )
                shot = apply(shot, {track.field: centre}, allow_idle=True)
        return shot

    def _without_pinned(self, t: float) -> Shot:
        """The shot at time t without the pinned centre, which depends on the other fields."""
        values = {track.field: track.at(t) for track in self.tracks if not track.is_pinned}
        return apply(self.shot, values, allow_idle=True)

    def frame(self, number: int) -> Shot:
        """The shot of a frame, counted from 1. Raises NetartError if there is none."""
        return self.at(self.pace.time(number))

    @property
    def sha256(self) -> str:
        """The stable hash of the shot and the table [timeline]."""
        text = json.dumps([*self.shot.digests, to_data(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def repeating_zoom(shot: Shot) -> float | None:
    """The factor by which a zoom about 0 draws the same picture again, None where none does."""
    if set(shot.view.axes) != {"x", "y"}:
        return None
    return zoom_period(shot.network)


def _repeats(first: Shot, last: Shot) -> bool:
    """Whether two shots that differ in nothing but radius and centre draw the same picture, since
    a zoom about 0 by a power of a factor lies between them.
    """
    period = repeating_zoom(first)
    if period is None:
        return False
    power = (log(first.view.radius) - log(last.view.radius)) / log(period)
    factor = Decimal(period) ** round(power)
    offsets = (a - b * factor for a, b in zip(read_centre(first), read_centre(last), strict=True))
    near = 1e-9 * first.view.radius
    return abs(power - round(power)) < 1e-9 and all(abs(offset) < near for offset in offsets)


def to_data(timeline: Timeline) -> dict[str, Any]:
    """The table [timeline] of a file: all of the timeline but its shot, as plain data."""
    tracks = [
        {name: value for name, value in track.items() if value is not None}
        for track in msgspec.to_builtins(timeline.tracks)
    ]
    return {**msgspec.to_builtins(timeline.pace), "track": tracks}


def from_data(data: Any, shot: Shot) -> Timeline:
    """The timeline of this shot that the table [timeline] describes. Raises NetartError."""
    check_names(data, (*Pace.__struct_encode_fields__, "track"), "timeline")
    if not isinstance(data.get("track", []), (list, tuple)):
        raise NetartError("timeline.track: must be a list of tables, each under [[timeline.track]]")
    tracks = []
    for k, track in enumerate(data.get("track", []), 1):
        place = f"timeline.track[{k}]"
        check_names(track, Track.__struct_encode_fields__, place)
        keys = list_or_empty(track.get("keys"))
        for n, key in enumerate(keys, 1):
            check_names(key, Key.__struct_encode_fields__, f"{place}.keys[{n}]")
        if keys:
            track = track | {"keys": [_with_text(key, "value") for key in keys]}
        tracks.append(convert(track, Track, place))
    rest = _with_text({name: value for name, value in data.items() if name != "track"}, "rate")
    pace = convert(rest, Pace, "timeline")
    return Timeline(shot=shot, tracks=tuple(tracks), pace=pace)


def _with_text(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The table with the text of a number that stands where the name wants a text."""
    return data | {name: as_option_text(data[name])} if name in data else data

"""What a page needs to play a film: its keys and its pace, as plain data."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from netart.shot.fields import parse
from netart.shot.parts import read_centre
from netart.shot.timeline import Timeline, Track
from netart.web.read_outs import has_all_layers

# The fields that a page changes while it draws: numbers that a shader reads, or weights. All others
# are part of the shader's text, or of what no page computes.
MOVING = {
    "seed", "mix", "weight_scale", "bias_scale", "latent", "center", "radius", "rotate",
    "layer", "contrast", "gamma", "level", "boundary", "line_width",
    "light_height", "light_azimuth", "light_elevation", "light_gloss", "light_exponent",
    "light_metal", "light_levels", "light_width",
    "azimuth", "elevation", "rise", "contours", "sun_azimuth", "sun_elevation",
}  # fmt: skip


def why_film_stands(timeline: Timeline) -> str:
    """Why a page cannot play a film, in words; empty where it can."""
    for track in timeline.tracks:
        name, why = track.field.replace("_", " "), ""
        if track.field.partition(".")[0] not in MOVING:
            why = f"moves {name}, which takes another shader"
        elif track.field == "layer" and not has_all_layers(timeline.at(0)):
            why = "goes through layers that differ, which takes another shader"
        elif track.field == "latent" and len(set(map(tuple, _latent_names(track)))) > 1:
            why = "moves latents that come and go"
        elif track.field == "contrast" and any(isinstance(value, str) for value in _values(track)):
            why = "measures contrast again and again"
        if why:
            return f"the film {why}: the page shows its first frame"
    return ""


def film_data(timeline: Timeline) -> dict[str, Any]:
    """The tracks and the pace of a film that a page can play: what browser/timeline.js reads.

    `tracks`: each with its field, its way, and keys [t, value, easing], the values as numbers,
    lists and words; of the centre along one input with its place in `center`. `pinned`: a point
    that stays at its place on screen, how far from it the centre is at first, and the radius there.
    """
    start = timeline.at(0)
    data: dict[str, Any] = {
        "frames": timeline.pace.frames,
        "rate": float(Fraction(timeline.pace.rate)),
        "loop": timeline.pace.loop,
        "tracks": [
            one for track in timeline.tracks if not track.is_pinned for one in _tracks(track)
        ],
        "center": _plain(read_centre(start)),
    }
    for track in data["tracks"]:
        field, _, axis = track["field"].partition(".")
        if field == "center" and axis:
            track["place"] = start.view.axes.index(axis)
    for track in timeline.tracks:
        if track.is_pinned:
            target, centre = track.at(0), read_centre(start)
            offset = [float(c - aim) for aim, c in zip(target, centre, strict=True)]
            data["pinned"] = {
                "target": _plain(target),
                "offset": offset,
                "radius": start.view.radius,
            }
    return data


def _tracks(track: Track) -> list[dict[str, Any]]:
    """The track as plain data: of several latents together one for each of them."""
    way, values = track.interpolation_name, _values(track)
    if track.field != "latent":
        return [_track(track, track.field, way, values)]
    names = _latent_names(track)[0]
    return [
        _track(track, f"latent.{name}", way, [value[k][1] for value in values])
        for k, name in enumerate(names)
    ]


def _track(track: Track, name: str, way: str, values: list[Any]) -> dict[str, Any]:
    keys = [
        [key.t, _plain(value), key.easing] for key, value in zip(track.keys, values, strict=True)
    ]
    return {"field": name, "way": way, "keys": keys}


def _values(track: Track) -> list[Any]:
    return [parse(track.field, key.value) for key in track.keys]


def _latent_names(track: Track) -> list[list[str]]:
    """The names of the latents that each key sets."""
    return [[name for name, _ in value] for value in _values(track)]


def _plain(value: Any) -> Any:
    """A field's value as JSON has it: coordinates as numbers, seeds as texts, since they may be
    larger than numbers that JavaScript holds.
    """
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

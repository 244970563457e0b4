"""What a page needs to play a film: its keys and its pace, as plain data."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from netart.evaluate.constants import MAX_TRAVELLING
from netart.shot.fields import field, parse
from netart.shot.lens import Landscape
from netart.shot.parts import Parts, read_centre
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline, Track
from netart.web.network import is_sampled
from netart.web.read_outs import has_all_layers

# The fields that a page changes while it draws: numbers that a shader reads, or weights. All others
# are part of the shader's text, or of what no page computes.
MOVING = {
    "seed", "mix", "weight_scale", "bias_scale", "detail", "latent", "center", "radius", "rotate",
    "layer", "contrast", "gamma", "level", "boundary", "line_width",
    "light_height", "light_azimuth", "light_elevation", "light_gloss", "light_exponent",
    "light_metal", "light_levels", "light_width",
    "azimuth", "elevation", "rise", "contours", "sun_azimuth", "sun_elevation",
}  # fmt: skip
# Of these what makes other weights.
NETWORK = {"seed", "mix", "weight_scale", "bias_scale", "detail"}

KEPT_CONTRAST = "moves contrast, which landscapes' pages keep"


def why_film_stands(timeline: Timeline) -> str:
    """Why a page cannot play a film, in words; empty where it can."""
    start = timeline.at(0)
    if isinstance(start.lens, Landscape) and timeline.shot.look.contrast == "eased":
        return _stands(KEPT_CONTRAST)
    for track in timeline.tracks:
        if why := _why_track_stands(track, start):
            return _stands(why)
    return ""


def _stands(why: str) -> str:
    return f"the film {why}: the page shows its first frame"


def _why_track_stands(track: Track, start: Shot) -> str:
    """Why the page of a film that begins with a shot cannot move a track, or an empty text."""
    name = track.field.partition(".")[0]
    words = track.field.replace("_", " ")
    if name not in MOVING:
        return f"moves {words}, which takes another shader"
    if name in NETWORK and not is_sampled(start):
        return f"moves {words} of a network that its page does not sample"
    if name == "latent" and len(start.network.latents) > MAX_TRAVELLING:
        return f"moves one of more than {MAX_TRAVELLING} latents"
    if name == "layer" and not has_all_layers(start):
        return "goes through layers that differ, which takes another shader"
    if track.field == "latent" and len(set(map(tuple, _latent_names(track)))) > 1:
        return "moves latents that come and go"
    if name == "contrast" and isinstance(start.lens, Landscape):
        return KEPT_CONTRAST
    if name == "contrast" and any(isinstance(value, str) for value in _values(track)):
        return "measures contrast again and again"
    return ""


def without_idle(timeline: Timeline) -> Timeline:
    """The film without what it moves of no effect on its picture."""
    parts = Parts.of(timeline.at(0))
    tracks = (track for track in timeline.tracks if not field(track.field).refuses(parts))
    return replace(timeline, tracks=tuple(tracks))


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
    if any(track["field"] == "detail" for track in data["tracks"]):
        # A scale that was set by hand, which detail does not multiply, gives way.
        data["tracks"].append(_track("weight_scale", "hold", [[0, "auto", "linear"]]))
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
        return [_track(track.field, way, _keys(track, values))]
    names = _latent_names(track)[0]
    return [
        _track(f"latent.{name}", way, _keys(track, [value[k][1] for value in values]))
        for k, name in enumerate(names)
    ]


def _track(name: str, way: str, keys: list[Any]) -> dict[str, Any]:
    return {"field": name, "way": way, "keys": keys}


def _keys(track: Track, values: list[Any]) -> list[Any]:
    return [
        [key.t, _plain(value), key.easing] for key, value in zip(track.keys, values, strict=True)
    ]


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

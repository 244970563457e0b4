"""The path of a film as text: functions of the time, for the fields that move."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from netart.errors import NetartError
from netart.shot.fields import parse
from netart.shot.finishes import SUN
from netart.shot.parts import read_centre
from netart.shot.timeline import Pace, Timeline, Track
from netart.web.describe import counted
from netart.web.shader_network import input_names
from netart.web.shader_text import array, listing, number, vector

WEIGHTS = ("mix", "weight_scale", "bias_scale")  # fields of which weights are made
EVEN = 1e-6  # of a film: times that differ by less from equal steps are equal steps
SUN_FIELDS = ("light_azimuth", "light_elevation")

# Fields → the uniform that each is itself.
UNIFORMS = {
    "radius": "u_radius",
    "weight_scale": "u_weight_scale",
    "bias_scale": "u_bias_scale",
    "level": "u_level",
    "boundary": "u_boundary",
    "line_width": "u_line_width",
    "light_height": "u_height",
    "light_gloss": "u_gloss",
    "light_exponent": "u_exponent",
    "light_metal": "u_metal",
    "light_levels": "u_lines",
    "light_width": "u_width",
}
MOVING = (*UNIFORMS, *SUN_FIELDS, "mix", "center", "latent", "rotate", "contrast", "gamma")

Uniforms = dict[str, Any]


class Move(NamedTuple):
    """Something that moves: functions of t, the variables that it sets, and the lines that do."""

    functions: str
    variables: dict[str, str]  # name → GLSL type
    lines: list[str]


def check_moves(timeline: Timeline) -> None:
    """Raises NetartError for a field that text cannot move."""
    for track in timeline.tracks:
        if track.field.partition(".")[0] not in MOVING or track.field == "latent":
            raise NetartError(f"{track.field}: text cannot move it: export a page (.html)")


def moves(timeline: Timeline, fields: Collection[str], uniforms: Uniforms) -> list[Move]:
    """What moves in a film of these fields' tracks, in the order of their work. uniforms: of its
    picture. Raises NetartError where a track moves between words.
    """
    tracks = {track.field: track for track in timeline.tracks if _name(track) in fields}
    found = [_uniform(track) for name, track in tracks.items() if name in UNIFORMS]
    if "weight_scale" in tracks and timeline.shot.network.bias_scale == "same":
        found.append(Move("", {"u_bias_scale": "float"}, ["u_bias_scale = u_weight_scale;"]))
    if "light_metal" in tracks:
        found.append(_shine(timeline, uniforms))
    if sun := [tracks[name] for name in SUN_FIELDS if name in tracks]:
        found.append(_sun(sun, timeline, uniforms))
    if centre := [track for track in tracks.values() if _name(track) == "center"]:
        found.append(_centre(centre, timeline))
    found += [_latent(track, timeline) for track in tracks.values() if _name(track) == "latent"]
    single = {"rotate": _rotate, "gamma": _gamma, "mix": _mix}
    found += [make(tracks[name]) for name, make in single.items() if name in tracks]
    if "contrast" in tracks:
        found.append(_contrast(tracks["contrast"], uniforms))
    return found


def time_function(pace: Pace) -> str:
    """The function from seconds to t in [0, 1]."""
    n, rate = pace.frames, float(Fraction(pace.rate))
    how = (
        "there and back"
        if pace.returns
        else "a loop"
        if pace.loop == "cycle"
        else "again and again"
    )
    frames = counted(n, "frame")
    about = f"// The film, {frames} at {rate:g} a second, {how}: t goes from 0 to 1.\n"
    frame = f"    float frame = mod(seconds * {number(rate)}, {number(float(n))});\n"
    if pace.loop == "cycle":
        t = f"frame / {number(float(n))}"
    elif pace.loop == "ping-pong" and n > 1:
        turn = n // 2
        back = f"({number(float(n))} - frame) / {number(float(n - turn))}"
        t = f"frame < {number(float(turn))} ? frame / {number(float(turn))} : {back}"
    elif pace.loop == "bounce":
        t = f"1.0 - abs(1.0 - {number(2 / n)} * frame)"
    else:
        t = f"min(frame / {number(float(max(1, n - 1)))}, 1.0)"
    return f"{about}float film_time(float seconds) {{\n{frame}    return {t};\n}}\n"


def variables(found: list[Move]) -> str:
    """The variables that move."""
    kinds = {name: kind for one in found for name, kind in one.variables.items()}
    lines = []
    for name, kind in kinds.items():
        plain, bracket, size = kind.partition("[")
        lines.append(f"{plain} {name}{bracket}{size};\n")
    return "// What moves in the film, as it is now.\n\n" + "".join(lines)


def move_function(found: list[Move]) -> str:
    """The functions of t, and `move`, which sets the variables at a time in seconds."""
    lines = "".join(f"    {line}\n" for one in found for line in one.lines)
    functions = "\n".join(one.functions for one in found if one.functions)
    about = "// Makes what moves what it is at a time.\n"
    body = f"void move(float seconds) {{\n    float t = film_time(seconds);\n{lines}}}\n"
    return f"{functions}\n{about}{body}"


def _name(track: Track) -> str:
    return track.field.partition(".")[0]


def _function(track: Track, kind: str, name: str, values: list[Any]) -> str:
    """A function of t with a line for each pair of keys. values: at the keys."""
    times = [float(key.t) for key in track.keys]
    if _is_even(track):
        return _even_function(kind, name, values)
    lines = []
    if times[0] > 0 and len(times) > 1:
        lines.append(f"    if (t < {number(times[0])}) return {vector(values[0])};\n")
    for k, (a, b) in enumerate(pairwise(values)):
        if track.interpolation_name == "hold" or a == b:
            between = vector(a)
        elif track.interpolation_name == "geometric":
            between = f"{vector(a)} * pow({number(b / a)}, {_share(track, k)})"
        else:
            share = _share(track, k)
            if "ease_bezier" in share:  # may go beyond 1, where linear values do not
                share = f"min({share}, 1.0)"
            between = f"mix({vector(a)}, {vector(b)}, {share})"
        lines.append(f"    if (t < {number(times[k + 1])}) return {between};\n")
    lines.append(f"    return {vector(values[-1])};\n")
    return f"{kind} {name}(float t) {{\n{''.join(lines)}}}\n"


def _is_even(track: Track) -> bool:
    """Whether many keys have equal times between them, and equal steps from one to the next."""
    last = len(track.keys) - 1
    is_linear = track.interpolation_name == "linear"
    return (
        last > 3
        and is_linear
        and all(
            key.easing == "linear" and abs(key.t - k / last) < EVEN
            for k, key in enumerate(track.keys)
        )
    )


def _even_function(kind: str, name: str, values: list[Any]) -> str:
    """A function of t that goes through values at equal times."""
    keys, last = f"{name.removesuffix('_at').upper()}_KEYS", len(values) - 1
    return (
        f"{array(keys, kind, map(vector, values))}\n{kind} {name}(float t) {{\n"
        f"    float place = t * {number(float(last))};\n    int k = min(int(place), {last - 1});\n"
        f"    return mix({keys}[k], {keys}[k + 1], place - float(k));\n}}\n"
    )


def _share(track: Track, k: int) -> str:
    """The share of the change between the keys k and k + 1, at t."""
    first, last = (float(key.t) for key in track.keys[k : k + 2])
    s = "t" if (first, last) == (0, 1) else f"over(t, {number(first)}, {number(last)})"
    name, _, handles = track.keys[k].easing.partition(":")
    if name == "bezier":
        x1, y1, x2, y2 = map(float, handles.split(","))
        return f"ease_bezier({s}, {vector([x1, y1])}, {vector([x2, y2])})"
    if name == "hold":
        return "0.0"
    return s if name == "linear" else f"ease_{name.replace('-', '_')}({s})"


def _values(track: Track) -> list[Any]:
    """The track's values at its keys, in floats. Raises NetartError for words."""
    found = [_floats(parse(track.field, key.value)) for key in track.keys]
    if any(isinstance(value, str) or value is None for value in found):
        raise NetartError(
            f"{track.field}: text moves it between numbers alone: export a page (.html)"
        )
    return found


def _floats(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_floats(each) for each in value]
    return value if isinstance(value, str) or value is None else float(value)


def _uniform(track: Track) -> Move:
    name, uniform = track.field, UNIFORMS[track.field]
    function = _function(track, "float", f"{name}_at", _values(track))
    return Move(function, {uniform: "float"}, [f"{uniform} = {name}_at(t);"])


def _shine(timeline: Timeline, uniforms: Uniforms) -> Move:
    """What a highlight is of metal: between the sun's colour and the palette's lightest."""
    metal = timeline.at(0).look.light_settings["metal"]
    assert isinstance(metal, float)
    lightest = SUN if not metal else np.array(SUN) + (np.array(uniforms["u_shine"]) - SUN) / metal
    line = f"u_shine = mix({vector(SUN)}, {vector(lightest)}, u_metal);"
    return Move("", {"u_shine": "vec3"}, [line])


def _sun(tracks: list[Track], timeline: Timeline, uniforms: Uniforms) -> Move:
    """Where light comes from."""
    moved = {track.field: track for track in tracks}
    own = timeline.shot.look.light_settings
    kinds = {"u_along": "vec2", "u_towards": "vec3", "u_halfway": "vec3"}
    variables = {name: kind for name, kind in kinds.items() if name in uniforms}
    angles, functions = [], []
    for field in SUN_FIELDS:
        name = field.removeprefix("light_")
        if field in moved:
            functions.append(_function(moved[field], "float", f"{name}_at", _angles(moved[field])))
            angles.append(f"{name} = radians({name}_at(t))")
        elif name in own:
            angles.append(f"{name} = {number(np.radians(float(own[name] or 0)))}")
    lines = [f"float {', '.join(angles)};", "u_along = vec2(cos(azimuth), sin(azimuth));"]
    if "u_towards" in uniforms:
        lines += [
            "u_towards = vec3(cos(elevation) * u_along, sin(elevation));",
            "u_halfway = normalize(u_towards + vec3(0.0, 0.0, 1.0));",
        ]
    return Move("\n".join(functions), variables, lines)


def _angles(track: Track) -> list[float]:
    """Degrees at the keys: the next one is half a turn away at most where the way is short."""
    values = _values(track)
    if track.interpolation_name == "short":
        for k, (a, b) in enumerate(pairwise(list(values))):
            values[k + 1] = values[k] + (b - a + 180) % 360 - 180
    return values


def _centre(tracks: list[Track], timeline: Timeline) -> Move:
    """The middle of the picture: all of it, or along single inputs."""
    start, axes = timeline.at(0), timeline.shot.view.axes
    own = [*map(float, read_centre(start)), 0.0][:2]
    functions, lines = [], [f"u_center = {vector(own)};"]
    for track in tracks:
        if track.is_pinned:
            (target,) = ([*value, 0.0][:2] for value in _values(track))
            away = [c - aim for c, aim in zip(own, target, strict=True)]
            share = f"u_radius / {number(start.view.radius)}"
            lines = [f"u_center = {vector(target)} + {vector(away)} * ({share});"]
        elif track.field == "center":
            values = [[*value, 0.0][:2] for value in _values(track)]
            functions.append(_function(track, "vec2", "center_at", values))
            lines = ["u_center = center_at(t);"]
        else:
            axis = "xy"[axes.index(track.field.partition(".")[2])]
            functions.append(_function(track, "float", f"center_{axis}_at", _values(track)))
            lines.append(f"u_center.{axis} = center_{axis}_at(t);")
    return Move("\n".join(functions), {"u_center": "vec2"}, lines)


def _latent(track: Track, timeline: Timeline) -> Move:
    latents = timeline.shot.network.latents
    name = input_names(latents)[2 + latents.index(track.field.partition(".")[2])]
    function = _function(track, "float", f"{name}_at", _values(track))
    return Move(function, {f"u_{name}": "float"}, [f"u_{name} = {name}_at(t);"])


def _rotate(track: Track) -> Move:
    function = _function(track, "float", "rotate_at", _angles(track))
    lines = [
        "float turn = radians(rotate_at(t));",
        "u_frame = mat2(cos(turn), sin(turn), -sin(turn), cos(turn));",
    ]
    return Move(function, {"u_frame": "mat2"}, lines)


def _gamma(track: Track) -> Move:
    function = _function(track, "float", "gamma_at", _values(track))
    return Move(function, {"u_power": "float"}, ["u_power = 1.0 / gamma_at(t);"])


def _contrast(track: Track, uniforms: Uniforms) -> Move:
    """The values that span the palette: of up to three outputs, or of a margin."""
    values, is_vector = _values(track), not isinstance(uniforms["u_low"], float)
    kind = "vec3" if is_vector else "float"
    functions, ends = [], []
    for k, name in enumerate(("low", "high")):
        if is_vector:
            used = int(uniforms["u_used"])
            each = [[pair[k] for pair in pairs] for pairs in values]
            rows = [(row * used if len(row) == 1 else row)[:3] for row in each]
            ends.append([[*row, *[float(k)] * (3 - len(row))] for row in rows])
        else:
            ends.append([k * pairs[0][1] for pairs in values])
        functions.append(_function(track, kind, f"{name}_at", ends[k]))
    least = number(np.finfo(np.float32).tiny)
    least = f"{kind}({least})" if is_vector else least
    lines = ["u_low = low_at(t);", f"u_gain = 1.0 / max(high_at(t) - u_low, {least});"]
    return Move("\n".join(functions), {"u_low": kind, "u_gain": kind}, lines)


def _mix(track: Track) -> Move:
    """The shares of the seeds."""
    seeds = seeds_of([track])
    keys = [dict(parse("mix", key.value)) for key in track.keys]
    shares = [[float(key.get(seed, 0.0)) for seed in seeds] for key in keys]
    arrays = "".join(
        f"const float KEY_{k}[SEED_COUNT] = {listing('float', list(map(number, row)))};\n"
        for k, row in enumerate(shares)
    )
    times = [float(key.t) for key in track.keys]
    calls = [
        f"    if (t < {number(last)}) {{\n"
        f"        mix_shares(KEY_{k}, KEY_{k + 1}, {_share(track, k)});\n"
        "        return;\n    }\n"
        for k, last in enumerate(times[1:])
    ]
    end = len(times) - 1
    calls.append(f"    mix_shares(KEY_{end}, KEY_{end}, 0.0);\n")
    functions = f"{arrays}\nvoid mix_at(float t) {{\n{''.join(calls)}}}\n"
    return Move(functions, {"u_shares": "float[SEED_COUNT]"}, ["mix_at(t);"])


def seeds_of(tracks: Collection[Track]) -> tuple[int, ...]:
    """The seeds that tracks of mixes name."""
    texts = [key.value for track in tracks if track.field == "mix" for key in track.keys]
    return tuple(sorted({seed for text in texts for seed, _ in parse("mix", text)}))

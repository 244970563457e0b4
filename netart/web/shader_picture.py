"""A shot or a film as the text of a shader that draws it, whatever program that is for."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from netart.draw.measurement import measured_film
from netart.errors import NetartError
from netart.evaluate.request import FLOAT32_EPSILON, Request
from netart.evaluate.weights import quads
from netart.lens import measured
from netart.lens.kinds import POINTWISE
from netart.net.build import features_of, scales, to_network
from netart.net.network import Network
from netart.net.recipe import Recipe
from netart.shot.document import Document, shot_of
from netart.shot.fields import FIELDS, SWITCH
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.shot.view import View, resolves
from netart.version import __version__
from netart.web.describe import describe, listed
from netart.web.origin import Origin
from netart.web.shader_film import WEIGHTS, Move, check_moves, move_function, moves, variables
from netart.web.shader_look import look
from netart.web.shader_network import (
    Stage,
    activations,
    evaluation,
    inputs,
    is_drawn,
    stages,
    view_constants,
)
from netart.web.shader_text import constant

SIDE = 360  # pixels of a picture whose pixels must be told apart in float32
MAX_WIDTH = 512  # units of a layer, which an invocation holds
MAX_LAYERS = 400
MAX_READ = 12  # of what a network reads, that a header names
# Samples across a pixel where they are `auto`: a text draws all pixels by as many.
AUTO_SAMPLES = 2


class Picture(NamedTuple):
    """What is drawn, as parts of a shader."""

    # As it was given, and with numbers for what is `auto` in it.
    document: Shot | Timeline
    shot: Shot
    timeline: Timeline | None
    network: Network
    request: Request
    samples: int  # across a pixel
    stages: list[Stage]
    # In the order in which they stand in the shader.
    parts: list[str]
    names: dict[str, str]
    # What moves of the weights that another shader draws from their seeds, and their scales.
    weight_moves: list[Move]
    scales: str


class _Moves(NamedTuple):
    """What moves in a film."""

    # In this shader, and of the weights that another one draws.
    here: list[Move]
    weights: list[Move]
    # Whether this shader scales weights that were made before.
    scales: bool

    @property
    def names(self) -> set[str]:
        """The variables."""
        return {name for one in (*self.here, *self.weights) for name in one.variables}


def picture(document: Document, kind: str, texel: str, draws: bool) -> Picture:
    """The document as parts of a shader. kind: of the text, for messages. texel: the file that
    reads the network's numbers. draws: whether another shader makes them, from seeds where it can.
    Raises NetartError for what no text can hold.
    """
    if isinstance(document, Sheet):
        raise NetartError(f"a sheet is many pictures: {kind} holds one, as in SOURCE#1")
    _check(shot_of(document), kind)
    timeline = measured_film(document) if isinstance(document, Timeline) else None
    shot = timeline.at(0) if timeline else measured(shot_of(document))
    _check_views(shot, timeline)
    request, network = POINTWISE[shot.lens.kind].request(shot), to_network(shot.network)
    moved = _moves(timeline, request, draws and is_drawn(shot.network), kind)
    found = _stages_unscaled(shot) if moved.scales else stages(shot, request)
    if not found:
        raise NetartError(f"the network draws nothing here: {kind} would be blank")
    colours = look(network, request, moved.names)
    samples, scaling = samples_of(shot, request), _scale_constants(shot, moved)
    parts = [
        texel,
        *([variables(moved.here)] if moved.here else []),
        *([scaling, "text_scaled.glsl"] if moved.scales else []),
        "// Samples across a pixel, and as many down it: more of them are smoother, and slower.\n"
        f"const int SAMPLES = {samples};\n",
        _view_constants(network, shot.view, moved),
        colours.constants,
        *([move_function(moved.here)] if moved.here else []),
        _sizes(network, found),
        *_point(network, shot.view, request, moved),
        *colours.layers,
        *_evaluation(found, request),
        *colours.pixel,
    ]
    names = {**colours.names, **_names(moved, request)}
    return Picture(
        document, shot, timeline, network, request, samples, found, parts, names, moved.weights,
        scaling,
    )  # fmt: skip


def _moves(timeline: Timeline | None, request: Request, draws: bool, kind: str) -> _Moves:
    """What moves of a film's shot, of which `request` is asked."""
    if timeline is None:
        return _Moves([], [], False)
    check_moves(timeline)
    uniforms = {**request.pixel.uniforms, **(request.layers.uniforms if request.layers else {})}
    fields = {track.field.partition(".")[0] for track in timeline.tracks}
    here = moves(timeline, fields - {*WEIGHTS}, uniforms)
    weights = moves(timeline, fields & {*WEIGHTS}, uniforms)
    if draws:
        return _Moves(here, weights, False)
    if "mix" in fields:
        raise NetartError(f"mix: {kind} does not draw these weights, and cannot mix seeds")
    return _Moves([*weights, *here], [], bool(weights))


def _names(moved: _Moves, request: Request) -> dict[str, str]:
    """What stands in place of names of the shader's files."""
    names = {name: f"now_{name.removeprefix('u_')}" for name in moved.names}
    if not moved.scales:
        names |= {"weight": "texel", "bias": "texel"}
    if not moved.here:
        names["move"] = "nothing"
    if not request.layers:
        names["after_layer"] = "nothing"
    return names


def _stages_unscaled(shot: Shot) -> list[Stage]:
    """The stages of the shot's network, whose weights are those before they are scaled."""
    ones = {"weight_scale": 1.0, "bias_scale": 1.0}
    ones |= {"detail": 1.0} if isinstance(shot.network, Recipe) else {}
    unscaled = replace(shot, network=replace(shot.network, **ones))
    return stages(unscaled, POINTWISE[shot.lens.kind].request(unscaled))


def _scale_constants(shot: Shot, moved: _Moves) -> str:
    """The scales of weights, but for those that move."""
    pairs = zip(("u_weight_scale", "u_bias_scale"), scales(shot.network), strict=True)
    return "".join(constant(name, value) for name, value in pairs if name not in moved.names)


def _view_constants(network: Network, view: View, moved: _Moves) -> str:
    """The view, but for what of it moves."""
    rows = view_constants(network, view)
    return "// The view.\n\n" + "".join(constant(*row) for row in rows if row[0] not in moved.names)


def _sizes(network: Network, found: list[Stage]) -> str:
    """How much an invocation holds of a layer, and of what the first one reads."""
    features = quads(network.layers[0].weight.shape[1])
    widest = max(features, *(size for stage in found for size in stage.shape))
    return (
        "// In fours: the most units of a layer, and what the first one reads.\n\n"
        + constant("QUADS", widest)
        + constant("FIRST", features)
    )


def _point(network: Network, view: View, request: Request, moved: _Moves) -> list[str]:
    """What the first layer reads at a point, and what layers do with it."""
    return [
        "text_point.glsl",
        "gradients.glsl" if request.has_slopes else "features.glsl",
        inputs(network, view, request, "u_frame" in moved.names),
        "text_place.glsl",
        "slopes.glsl" if request.has_slopes else "activations.glsl",
        activations(network, request),
    ]


def _evaluation(found: list[Stage], request: Request) -> list[str]:
    """The network evaluated, with its derivatives where they are asked for."""
    slopes = [
        "text_differences.glsl" if request.differences else "text_derivatives.glsl",
        *(["text_lines.glsl"] if request.layers else []),
        "text_slopes.glsl",
    ]
    return [*(slopes if request.has_slopes else ["text_values.glsl"]), evaluation(found, request)]


def samples_of(shot: Shot, request: Request) -> int:
    """Samples across a pixel: none more where the lens smooths its edges by itself."""
    if shot.look.samples != "auto":
        return shot.look.samples
    return 1 if request.pixel.antialiased else AUTO_SAMPLES


def header(found: Picture, origin: Origin, suffix: str, uses: Iterable[str]) -> str:
    """The text above all others: what this is, what made it, and how it is used."""
    about, uses = " ".join(origin.about.split()), [*uses, *_on_samples(found)]
    command = _command(origin, suffix)
    made = [
        f"Made by netart {__version__}{':' if command else '.'}",
        *([command] if command else []),
    ]
    words = [origin.name, "", *([about, ""] if about else []), _describe(found), "", *made, ""]
    return "\n".join([*words, *uses])


def _on_samples(found: Picture) -> list[str]:
    """What the samples of a pixel cost, for those who would change them."""
    if found.request.pixel.antialiased and found.samples == 1:
        return []
    if found.samples == 1:
        return ["", "SAMPLES = 2 smooths edges and fine lines; drawing takes four times as long."]
    count = found.samples**2
    return ["", f"Each pixel is the mean of {count} samples: SAMPLES = 1 is {count} times as fast."]


def _describe(found: Picture) -> str:
    """What is drawn, and what the network is made of, in a few sentences."""
    shot, source = found.shot, found.shot.network
    words = [describe(found.document)]
    read = [*map(str, features_of(source)), *found.network.latents]
    more = [f"{len(read) - MAX_READ} more"] if len(read) > MAX_READ else []
    words.append(f"At each point the network reads {listed([*read[:MAX_READ], *more])}.")
    if isinstance(source, Recipe):
        words.append(f"Its weights are drawn at random ({source.distribution}).")
    if left_out := missing(shot):
        words.append(f"{left_out.capitalize()}.")
    return " ".join(words)


def _command(origin: Origin, suffix: str) -> str:
    """The command line that made the text, indented; empty where none says it."""
    if origin.texts is None:
        return ""
    words = ["netart", "export", *origin.words]
    for name, text in origin.texts.items():
        option = name.replace("_", "-")
        if FIELDS[name].metavar == SWITCH:
            words.append(f"--{option}" if text == "true" else f"--no-{option}")
        else:
            words += [f"--{option}", text]
    return f"    {shlex.join([*words, '-o', f'{origin.name}{suffix}'])}"


def missing(document: Document) -> str:
    """What of a picture is not in its text, in words; empty where all of it is."""
    shot = shot_of(document)
    if shot.marks.points or getattr(shot.lens, "annotate", False):
        return "points and letters over the picture are not in the text"
    return ""


def _check(shot: Shot, kind: str) -> None:
    """Raises NetartError for lenses that no shader draws, and for networks too large for one."""
    if len(shot.panels) > 1:
        raise NetartError(f"two lenses side by side: {kind} holds one")
    if shot.lens.kind not in POINTWISE:
        able = ", ".join(POINTWISE)
        raise NetartError(f"the lens {shot.lens.kind}: {kind} holds {able} alone")
    if shot.lens.has_target:
        raise NetartError(
            f"lens.backdrop = target: a picture that was learned is not in {kind}: take another"
        )
    depth, widest = shot.network.depth, max(shot.network.widths, default=0)
    if widest > MAX_WIDTH or depth > MAX_LAYERS:
        raise NetartError(
            f"network: {depth} layers up to {widest} wide; {kind} holds {MAX_LAYERS} of "
            f"{MAX_WIDTH}: render a picture or a film"
        )


def _check_views(shot: Shot, timeline: Timeline | None) -> None:
    """Raises NetartError where float32 does not tell pixels apart: at a film's keys, too."""
    for view in _views(shot, timeline):
        if not resolves(view, SIDE, FLOAT32_EPSILON):
            raise NetartError(
                f"view.radius = {view.radius:g}: the float32 of shaders cannot tell pixels apart "
                "so close at this centre"
            )


def _views(shot: Shot, timeline: Timeline | None) -> list[View]:
    """The views that a picture or a film has at its keys."""
    if timeline is None:
        return [shot.view]
    times = {0.0, 1.0, *(key.t for track in timeline.tracks for key in track.keys)}
    return [timeline.at(t).view for t in sorted(times)]

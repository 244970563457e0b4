"""Fields that have no effect are refused by name; the others change the picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pytest
from msgspec.structs import replace

from netart.draw.motion import film_of
from netart.draw.score import has_form
from netart.draw.variations import vary
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.lens import picture, preview
from netart.net.learning.trained import Trained
from netart.net.ops import ACTIVATIONS
from netart.shot.fields import FIELDS, apply, parse
from netart.shot.films import morph
from netart.shot.light import SETTINGS
from netart.shot.parts import Parts
from netart.shot.sheet import Over
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from netart.shot.timeline import Key, Timeline, Track
from tests.runs import learned_run
from tests.shots import shot

RELU = {"layers": "2x5", "activation": "relu"}
RUN = Shot(network=Trained(runs=(learned_run(),)))

SHOTS = {
    "colour": shot(layers="3x6"),
    "no layers": shot(layers="0"),
    "no layers, no contrast": shot(layers="0", palette="rgb"),
    "scaled": shot(layers="2x5", weight_scale="1", bias_scale="0.5"),
    "units": shot(layers="2x5", units="2.1"),
    "one input": shot(layers="2x5", features="x", latent="a=0.3"),
    "contour": shot(layers="2x5", light="contour"),
    "landscape:top": shot(layers="2x5", lens="landscape:top"),
    "regions": shot(layers="2x5", lens="regions"),
    "one region": shot(layers="2x5", lens="regions", outputs="1", shading="margin"),
    "lines": shot(lens="lines", **RELU),
    "no lines": shot(lens="lines", line_width="0", backdrop="colour", **RELU),
    "first lines": shot(lens="lines", line_layers="1", **RELU),
}
# The longer ones.
MORE_SHOTS = {
    "relief": shot(layers="2x5", light="relief"),
    "engraving": shot(layers="2x5", light="engraving"),
    "topographic": shot(layers="2x5", light="topographic"),
    "gray": shot(layers="2x5", palette="gray"),
    "layer 0": shot(layers="2x5", layer="0"),
    "band": shot(layers="2x5", axes="x"),
    "points": shot(layers="2x5", points="moons", radius="2"),
    "run": RUN,
    "loss": shot(RUN, lens="loss"),
    "landscape": shot(layers="2x5", lens="landscape"),
    "landscape without layers": shot(layers="0", lens="landscape"),
    "block": shot(layers="2x5", lens="landscape", style="block"),
    "drape": shot(layers="2x5", lens="landscape", drape="picture"),
    "lines on regions": shot(lens="lines", backdrop="regions", **RELU),
    "lines on a prediction": shot(lens="lines", backdrop="prediction", outputs="1", **RELU),
    "glass": shot(lens="glass", **RELU),
    "facets": shot(lens="glass:facets", **RELU),
    "curves": shot(layers="2x5", lens="curves", features="x", outputs="1"),
    "family": shot(layers="2x5", lens="curves", features="x", family="0..3"),
    "stages": shot(layers="2x5", lens="curves", features="x", stages="true", outputs="1"),
    "warp": shot(layers="2x3", lens="warp"),
    "flat warp": shot(layers="2x4", lens="warp"),
    "diagram": shot(layers="2x4", lens="diagram"),
    "full diagram": shot(layers="2x2", lens="diagram", diagram="full"),
}

# Values of which one at least shows.
VALUES = {
    "seed": ["5"], "mix": ["5:0.7,8:0.7"], "layers": ["2x4", "3x7"], "widths": ["3,5", "4,4,4"],
    "depth": ["2", "3"], "width": ["3", "7"], "activation": ["sin", "relu"],
    "output_activation": ["tanh", "sin"], "distribution": ["normal"], "weight_scale": ["0.7"],
    "detail": ["0.6"], "bias_scale": ["0.9", "2"], "features": ["x,r", "r,angle"],
    "outputs": ["1", "2"], "step": ["10"], "blend_steps": ["true"],
    "axes": ["y,x", "x"], "latent": ["a=0.7", "x=0.7", "y=-1"], "center": ["0.4,0.3", "0.3"],
    "radius": ["0.37"], "rotate": ["30"], "lens": ["landscape:top", "lines"],
    "beside": ["colour", "diagram"], "layer": ["1", "0.5"], "output": ["1", "2"],
    "units": ["1.2", "2.1", "2.1,2.2,2.3", "2.3,2.1"], "elevation": ["50"], "azimuth": ["20"],
    "rise": ["0.9"], "style": ["block", "sheet"], "contours": ["3", "0"],
    "floor": ["regions", "none"], "drape": ["picture", "height"], "zero_plane": ["true"],
    "ground_lines": ["true"], "sun_azimuth": ["30"], "sun_elevation": ["70"],
    "level": ["0.3", "-0.4"], "shading": ["pale", "margin"], "boundary": ["4"],
    "annotate": ["true"], "line_layers": ["1", "2"], "bends": ["true"], "line_colour": ["unit"],
    "line_width": ["4"], "backdrop": ["night", "colour", "regions"], "leads": ["6"],
    "taper": ["0.2"], "family": ["0..4"], "stages": ["true"], "bands": ["true"],
    "switches": ["true"], "y_range": ["-3:3"], "panels": ["one", "each"],
    "diagram": ["full", "circles"], "biases": ["true"], "numbers": ["true", "false"],
    "palette": ["corners:frost", "ramp:tide", "gray"], "chroma": ["0.7"],
    "contrast": ["-0.3:0.3", "off"], "gamma": ["2.5"], "invert": ["true"], "posterize": ["3"],
    "samples": ["3"], "light": ["relief", "contour"], "points": ["moons"], "point_size": ["3"],
    **{
        f"light_{name}": ["#884422"] if row.is_colour
        else [str(max(row.low, min(row.high, number))) for number in (2.0, 33.0)]
        for name, row in SETTINGS.items()
    },
}  # fmt: skip

# Fields that act on something else than these floats: on 8 bits, on what `auto` is.
ELSEWHERE = {"dither", "sampler", "run", "target"}
# The shape of a network is never refused, since it decides what other values may be.
SHAPE = {"layers", "widths", "depth", "outputs"}
# What is measured takes the effect away here, or what the field moves is not in the picture: no
# structure tells.
BY_CHANCE = {
    ("diagram", "weight_scale"), ("diagram", "detail"),  # lines are as wide as weights compare
    ("curves", "switches"), ("curves", "axes"), ("family", "axes"), ("stages", "axes"),
    *(("landscape without layers", x) for x in ("bias_scale", "center", "radius", "latent")),
    *((name, "points") for name in ("landscape:top", "landscape", "block", "drape")),
    ("landscape without layers", "points"), ("full diagram", "latent"),
    ("full diagram", "line_colour"), ("full diagram", "output_activation"),
}  # fmt: skip


def idle_fields(one: Shot, side: int) -> Iterator[str]:
    """The fields that are accepted and change nothing."""
    size = (round(side * one.aspect), side)
    drawn = picture(one, size, Reference())
    for name, row in FIELDS.items():
        if name in ELSEWHERE | SHAPE or row.refuses(Parts.of(one)):
            continue
        if name == "output" and one.network.outputs == 1:  # it has one value
            continue
        others = []
        for text in VALUES[name]:
            try:
                other = apply(one, {name: parse(name, text)})
            except NetartError:  # the value does not fit the shot
                continue
            if other != one:
                others.append(other)
        pictures = (picture(other, size, Reference()) for other in others)
        if others and all(p.shape == drawn.shape and (p == drawn).all() for p in pictures):
            yield name


@pytest.mark.parametrize("name", SHOTS)
def test_a_field_is_refused_or_changes_the_picture(name: str) -> None:
    assert [field for field in idle_fields(SHOTS[name], 24) if (name, field) not in BY_CHANCE] == []


@pytest.mark.long
@pytest.mark.parametrize("name", MORE_SHOTS)
def test_a_field_of_any_lens_is_refused_or_changes_the_picture(name: str) -> None:
    side = 300 if "diagram" in name else 72
    found = idle_fields(MORE_SHOTS[name], side)
    assert [field for field in found if (name, field) not in BY_CHANCE] == []


REFUSED = [
    ({"layers": "0", "activation": "relu"}, "activation: there are no hidden layers; of"),
    ({"layers": "0", "width": "3"}, "width: there are no hidden layers: add layers"),
    ({"weight_scale": "0.5", "detail": "2"}, "detail: .* not 0.5: add weight_scale auto"),
    ({"point_size": "2"}, "point_size: there are no points: add points"),
    ({"light": "contour", "light_gloss": "2"}, "light_gloss: .* add light relief"),
    ({"units": "1.1", "output_activation": "tanh", "palette": "gray"}, "units are drawn"),
    ({"output_activation": "tanh"}, "output_activation: .* add contrast off"),
    ({"palette": "gray", "chroma": "0.5"}, "chroma: palette 'gray' loses none"),
    ({"lens": "lines", "output": "1"}, "output: lines are drawn on white: add backdrop colour"),
    ({"lens": "lines", "line_width": "0", "line_colour": "unit"}, "no lines are drawn: add line_w"),
    ({"lens": "regions", "output_activation": "tanh"}, "regions are of pre-activations"),
    ({"lens": "curves", "features": "x", "family": "0..3", "seed": "5"}, "of the seeds of family"),
    ({"lens": "diagram", "bias_scale": "2"}, "bias_scale: no biases are drawn: add biases"),
    ({"features": "x", "center.y": "1"}, "center.y: the network does not read it"),
    ({"features": "x", "latent.y": "1", "axes": "x"}, "latent.y: the network does not read it"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "message"), REFUSED)
def test_a_field_without_an_effect_is_refused_whatever_the_order(texts, message: str) -> None:
    for order in permutations(texts.items()):
        with pytest.raises(NetartError, match=message) as caught:
            shot(**dict(order))
        assert caught.value.field in texts


def test_a_field_is_not_refused_for_what_others_change() -> None:
    hidden = shot(lens="lines", line_width="0", backdrop="colour", **RELU)
    assert shot(hidden, line_colour="unit", line_width="2").lens.line_colour == "unit"
    assert shot(shot(layers="0"), activation="relu", layers="2x3").network.depth == 2


def test_files_may_have_values_without_an_effect() -> None:
    one = shot(None, True, layers="0", activation="relu", point_size="2")
    assert from_text(to_text(one)) == one
    film = Timeline(shot=one, tracks=(Track("point_size", (Key(0, "1"), Key(1, "3"))),))
    assert film.at(1).marks.point_size == 3
    pinned = Track("center", (Key(0, "1,1"),), "pinned")
    assert Timeline(shot=shot(lens="diagram"), tracks=(pinned,)).at(1).lens.kind == "diagram"


def test_what_varies_or_moves_without_an_effect_is_refused() -> None:
    flat = shot(layers="0")
    with pytest.raises(NetartError, match=r"^activation: there are no hidden layers"):
        vary(flat, [Over("activation", ("tanh", "relu"))])
    overs = Over("activation", ("tanh", "relu")), Over("depth", ("0", "2"))
    assert len(vary(flat, overs)) == 4  # it has an effect in some panels
    for first, second in (
        (Over("light", ("none", "relief")), Over("light_height", ("0.3", "1"))),
        (Over("lens", ("colour", "landscape")), Over("rise", ("0.3", "1"))),
    ):
        for sheet in (vary(shot(), [first, second]), vary(shot(), [second, first])):
            assert len(set(sheet.panels())) == 3
        with pytest.raises(NetartError, match=f"^{second.field}: "):
            vary(shot(), [second])
    family = shot(layers="1x4", lens="curves", features="x", family="0..3")
    with pytest.raises(NetartError, match=r"^mix: the curves are of the seeds of family"):
        film_of(morph(family))


@pytest.mark.parametrize("layers", ["1x1", "1x10"])
def test_the_newer_sampler_shows_form_in_small_networks(layers: str) -> None:
    """The share of pictures that are more than a gradient."""
    shares = []
    for version in ("1", "2"):
        shots = [
            shot(layers=layers, activation=name, outputs="1", seed="4", sampler=version)
            for name in ACTIVATIONS
        ]
        shares.append(np.mean([has_form(preview(one, Reference())) for one in shots]))
    assert shares[1] > shares[0] + 0.1


def test_large_networks_look_the_same_in_both_versions() -> None:
    one = shot(layers="3x16", sampler="2")
    assert replace(one, network=replace(one.network, sampler=1)) == shot(layers="3x16")
    assert one.sha256 != shot(layers="3x16").sha256

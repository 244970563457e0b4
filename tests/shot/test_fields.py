"""Fields read back: a shot's values as text, and the options that draw exactly this shot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from netart.cli import cli
from netart.cli.command_line import option_words, with_idle_values
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.files.source import preset_names, read_source, to_toml
from netart.lens import picture
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe
from netart.shot.document import shot_of
from netart.shot.fields import FIELDS, apply, fewest_texts, field, parse, text_of
from netart.shot.films import FILMS
from netart.shot.lens import LENSES, Colour
from netart.shot.light import SETTINGS
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.shot.timeline import Timeline
from netart.shot.view import View, exact_angle, rotation
from tests.runs import learned_run as run
from tests.shots import random_shot, shot

WEIGHTS = from_text(
    {
        "network": {
            "kind": "weights",
            "latents": ["t"],
            "layers": [
                {"weight": [[0.4, 1, 2], [1, 0, 1]], "bias": [-0.3, 0], "activation": "sin"},
                {"weight": [[0.4, 1.0]], "bias": [-0.3], "activation": "sigmoid"},
            ],
        }
    }
)
MIRRORED = from_text({"view": {"frame": [[1.0, 0.0], [0.0, -1.0]]}})

ALL_PRESETS = {name: shot_of(read_source(name).document) for name in preset_names(retired=True)}
# Weights have no options.
PRESETS = {name: one for name, one in ALL_PRESETS.items() if isinstance(one.network, Recipe)}
EXPLICIT = [one for one in ALL_PRESETS.values() if not isinstance(one.network, Recipe)]


def frames() -> list[Shot]:
    """Shots in the middle of films, whose numbers have many digits."""
    base = shot(layers="3x4", latent="a=0.1,b=-2", rotate="12.3", center="0.1,-0.2")
    made = [film(base) for film in FILMS.values()]
    return [Timeline(shot=x.shot, tracks=x.tracks).at(t) for x in made for t in (0.3, 0.77)]


# Each can be written as options, once what has no effect on it is left out.
ALL_SHOTS = [
    shot(palette="night", chroma="0.6"),
    shot(layers="4x30", detail="1.25", bias_scale="same"),
    *PRESETS.values(),
    *(random_shot(number, number)[0] for number in range(60)),
    *frames(),
    shot(mix="42:0.8,7:-0.6", contrast="-1:1.5,0:2,0.1:0.1", gamma="1.7", invert="true"),
    shot(mix="5:2", posterize="5", dither="true"),
    shot(seed=str(2**64 - 1), weight_scale="-0.5", bias_scale="1e-30"),
    shot(center="-0.30000000000000000000000000000000000000001,1e25", radius="1e-200"),
    shot(palette="rgb", output_activation="tanh", rotate="270"),
    shot(units="3.1,3.2,3.16", palette="oklab", distribution="he_normal"),
    shot(units="3.1", palette="gray"),
    shot(shot(latent="b=0,a=3"), axes="b,a", center="0,0.5", latent="x=-1,y=2"),
    shot(widths="5,6,7", activation="sin,cos,relu", layer="1.3"),
    shot(layers="0", outputs="1", radius="3"),
    shot(light="relief", light_height="0.4", light_azimuth="-30", light_elevation="20",
         light_gloss="2", light_exponent="9", light_metal="1"),
    shot(light="contour", light_levels="9.5", light_width="3", light_ink="navy",
         light_paper="#ffe0e0"),
]  # fmt: skip
SHOTS = [with_idle_values(one, Shot(), View()) for one in ALL_SHOTS]


def test_what_has_no_effect_is_left_out_of_options() -> None:
    without = [pair for pair in zip(ALL_SHOTS, SHOTS, strict=True) if pair[0] != pair[1]]
    assert {one.lens.kind for one, _ in without} >= {"colour", "curves", "landscape"}
    for one, other in without[::4]:
        first, second = (picture(x, (24, 20), Reference()) for x in (one, other))
        np.testing.assert_array_equal(first, second)


def typed(words: list[str], folder: Path, base: Shot | None = None) -> Shot:
    """The shot that `netart render [SOURCE] words` draws."""
    source, saved = folder / "base.toml", folder / "typed.toml"
    if base:
        source.write_text(to_toml(base))
    lens = words[words.index("--lens") + 1] if "--lens" in words else "colour"
    reads = "samples" in LENSES[lens.partition(":")[0]].LOOK
    fresh = ["--samples", "1"] if reads and not base and "--samples" not in words else []
    fresh += [] if base else ["--sampler", "1"]
    line = ["render", *([str(source)] if base else []), *words, *fresh, "--save", str(saved)]
    result = CliRunner().invoke(cli, line, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found = read_source(saved).document
    assert isinstance(found, Shot)
    return found


IDLE = ("output_activation", "chroma", "detail", "point_size", "activation", "width")


@pytest.mark.parametrize("one", [*SHOTS, *EXPLICIT, WEIGHTS, MIRRORED])
def test_text_is_read_back_as_the_value(one: Shot) -> None:
    for name in [*FIELDS, *(f"latent.{latent}" for latent in one.network.latents)]:
        text = text_of(one, name)
        if text is None:
            continue
        if field(name).refuses(Parts.of(one)):  # it has no effect on this shot
            assert one.lens != Colour() or name in IDLE
            continue
        again = apply(one, {name: parse(name, text)})
        assert again == one, name
        assert again.sha256 == one.sha256, name


TEXTS = [
    (Shot(), "seed", "321"),
    (Shot(), "mix", "321:1.0"),
    (Shot(), "layers", "16x16"),
    (Shot(), "depth", "16"),
    (Shot(), "width", "16"),
    (Shot(), "weight-scale", "auto"),
    (Shot(), "axes", "x,y"),
    (Shot(), "center", "0,0"),
    (Shot(), "rotate", "0.0"),
    (Shot(), "invert", "false"),
    (Shot(), "features", "x,y"),
    (shot(mix="42:0.8,7:0.6"), "mix", "7:0.6,42:0.8"),
    (shot(widths="5,2x3"), "widths", "5,3,3"),
    (shot(layers="0"), "layers", "0"),
    (shot(units="3.1,3.2,3.16"), "units", "3.1,3.2,3.16"),
    (shot(contrast="-1:1,0:2,0.1:0.1"), "contrast", "-1.0:1.0,0.0:2.0,0.1:0.1"),
    (shot(contrast="off"), "contrast", "off"),
    (shot(latent="a=0.30,b=-1e-40"), "latent", "a=0.3,b=-1E-40"),
    (shot(latent="a=0.30,b=-1e-40"), "latent.b", "-1E-40"),
    (shot(layer="2"), "layer", "2"),
    (shot(rotate="33.3"), "rotate", "33.3"),
    (shot(rotate="270"), "rotate", "-90.0"),
    (shot(shot(latent="a=5,b=0"), axes="a,y", center="1,2", latent="x=7"), "center", "1,2"),
    (shot(shot(latent="a=5,b=0"), axes="a,y", center="1,2", latent="x=7"), "latent", "x=7,b=0"),
    (WEIGHTS, "bias_scale", "1.0"),
    (WEIGHTS, "latent", "t=0"),
    (Shot(), "palette", None),
    (Shot(), "contrast", None),
    (Shot(), "layer", None),
    (Shot(), "output", None),
    (Shot(), "units", None),
    (Shot(), "latent", None),
    (Shot(), "latent.a", None),
    (shot(latent="a=5"), "latent.x", None),
    (shot(mix="42:0.8,7:0.6"), "seed", None),
    (shot(mix="42:0.8"), "seed", None),
    (shot(mix="7,42"), "seed", None),
    (shot(shot(latent="a=5"), axes="a,y"), "latent", None),
    (shot(widths="5,3"), "layers", None),
    (shot(widths="5,3"), "width", None),
    (shot(layers="0"), "widths", None),
    (shot(layers="0"), "width", None),
    (MIRRORED, "rotate", None),
    (WEIGHTS, "activation", None),
    (WEIGHTS, "output_activation", None),
    *((WEIGHTS, name, None) for name, row in FIELDS.items() if row.is_absent(Parts.of(WEIGHTS))),
]  # fmt: skip


@pytest.mark.parametrize(("one", "name", "text"), TEXTS)
def test_text_of(one: Shot, name: str, text: str | None) -> None:
    assert text_of(one, name) == text


def test_text_of_an_unknown_field() -> None:
    with pytest.raises(NetartError, match="did you mean weight_scale"):
        text_of(Shot(), "weigth_scale")


def test_angles_are_found_from_rotations() -> None:
    rng = np.random.default_rng(1)
    turns = [360 * k / n for n in (25, 97, 100) for k in range(n)]
    for degrees in (*rng.uniform(-180, 180, 300), *rng.uniform(0, 1000, 300), *turns, 90.0, 1e-9):
        found = exact_angle(rotation(float(degrees)))
        assert found is not None
        assert rotation(found) == rotation(float(degrees))
        assert abs(found) <= 180
    for short in (0.1, 12.34, -7.5, 179.99):
        assert exact_angle(rotation(short)) == short
    assert exact_angle(((1.0, 0.0), (0.0, -1.0))) is None
    assert exact_angle(((0.6, -0.8000001), (0.8, 0.6))) is None


def fewest_options(one: Shot, base: Shot | None = None) -> list[str] | None:
    texts = fewest_texts(one, base)
    return None if texts is None else option_words(texts)


@pytest.mark.parametrize("one", SHOTS)
def test_options_draw_exactly_this_shot(tmp_path: Path, one: Shot) -> None:
    words = fewest_options(one)
    assert words is not None
    found = typed(words, tmp_path)
    assert found == one
    assert found.sha256 == one.sha256


# What a base may have that no option takes away.
UNSET = ("palette", "contrast", "layer", "output", "units", *(f"light_{x}" for x in SETTINGS))


@pytest.mark.parametrize("name", ["agate", "tour-14", "cppn", "tour-2", "silk", "strait"])
def test_options_that_change_a_source(tmp_path: Path, name: str) -> None:
    base, written = PRESETS[name], 0
    for preset in PRESETS.values():
        one = with_idle_values(preset, base, base.view)
        words, latents = fewest_options(one, base), base.network.latents
        lost = any(text_of(base, x) and not text_of(one, x) for x in UNSET)
        lost |= one.network.latents[: len(latents)] != latents
        assert (words is None) == lost
        if words is not None and written < 12:
            written += 1
            assert typed(words, tmp_path, base).sha256 == one.sha256
    assert written
    assert fewest_options(base, base) == []


# Contrast is on: the output activation has no meaning, and cannot be named.
TANH = Shot(network=replace(Shot().network, output_activation="tanh"))
BESIDE_Z = shot(shot(latent="z=1"), axes="x,z", latent="y=3")

WORDS = [
    (Shot(), None, ""),
    (shot(seed="7", layers="20x30", center="-0.3,0.2"), None,
     "--seed 7 --layers 20x30 --center -0.3,0.2"),
    (shot(weight_scale="-0.5"), None, "--weight-scale -0.5"),
    (shot(detail="1.25"), None, "--detail 1.25"),
    (shot(detail="1.25"), shot(weight_scale="0.5", radius="1.1"),
     f"--weight-scale auto --detail 1.25 --radius {Shot().view.radius!r}"),
    (shot(Shot(), weight_scale="0.5"), shot(detail="1.25"), "--weight-scale 0.5"),
    (shot(weight_scale="-0.5", radius="1"), None, "--weight-scale -0.5 --radius 1.0"),
    (shot(mix="7:-0.6,42:0.8"), None, "--mix 7:-0.6,42:0.8"),
    (shot(widths="5,3"), None, "--widths 5,3"),
    (shot(layers="0"), None, "--layers 0"),
    (shot(rotate="-30", latent="a=-1,b=0"), None, "--latent a=-1,b=0 --rotate -30.0"),
    (shot(invert="true", dither="true"), None, "--invert --dither"),
    (Shot(), shot(invert="true", dither="true"), "--no-invert --no-dither"),
    (shot(Shot(), layers="3x16"), Shot(), "--layers 3x16"),
    (shot(Shot(), layers="3x16"), None, f"--layers 3x16 --radius {Shot().view.radius!r}"),
    (shot(layers="5x3", activation="sin,cos,relu,relu,relu"),
     shot(layers="3x3", activation="sin,cos,relu"), "--layers 5x3"),
    (shot(layers="5x3", activation="sin,cos,relu,tanh,tanh"),
     shot(layers="3x3", activation="sin,cos,relu"),
     "--layers 5x3 --activation sin,cos,relu,tanh,tanh"),
    (BESIDE_Z, None, "--axes x,z --latent y=3,z=1"),
    (shot(BESIDE_Z, latent="y=0"), BESIDE_Z, "--latent y=0"),
    (shot(BESIDE_Z, center="0,0"), BESIDE_Z, "--center 0,0"),
    (shot(latent="a=1,b=2"), shot(latent="a=1"), "--latent b=2"),
    (shot(palette="rgb", output_activation="tanh"), None,
     "--output-activation tanh --palette rgb"),
    (shot(WEIGHTS, weight_scale="2", latent="t=-1", activation="cos"), WEIGHTS,
     "--activation cos --weight-scale 2.0 --latent t=-1"),
    (shot(TANH, gamma="2"), TANH, "--gamma 2.0"),
    (shot(latent="a=0", features="x", seed="3"), None, "--seed 3 --features x --latent a=0"),
    # What cannot be written.
    (WEIGHTS, None, None),
    (WEIGHTS, Shot(), None),
    (Shot(), WEIGHTS, None),
    (WEIGHTS, shot(WEIGHTS, activation="cos"), None),
    (MIRRORED, None, None),
    (Shot(), shot(palette="rgb"), None),
    (Shot(), shot(layer="3"), None),
    (Shot(), shot(latent="a=0"), None),
    (shot(latent="b=0,a=0"), shot(latent="a=0"), None),
    (shot(units="1.1"), shot(output="2"), None),
    (TANH, None, None),
    (Shot(network=replace(shot(latent="a=0").network, features=())), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("one", "base", "line"), WORDS)
def test_the_fewest_fields_make_the_shot(
    tmp_path: Path, one: Shot, base: Shot | None, line: str | None
) -> None:
    words = fewest_options(one, base)
    assert words == (None if line is None else line.split())
    if words is not None:
        assert typed(words, tmp_path, base).sha256 == one.sha256


def test_numbers_of_numpy_are_spelled_plainly() -> None:
    one = replace(Shot(), look=replace(Shot().look, contrast=((np.float64(0.5), 1),)))
    assert text_of(one, "contrast") == "0.5:1.0"


def test_another_run_is_drawn_at_a_step_that_it_has() -> None:
    one = Shot(network=Trained(runs=(run(), run("b", steps=(0, 7)))))
    assert [shot(one, run=name).network.step for name in ("b", "small")] == [7, 1000]
    assert shot(one, run="b", step="3").network.step == 3
    assert shot(shot(one, step="5"), run="b").network.step == 5
    assert shot(shot(one, step="10"), run="b").network.step == 7
    with pytest.raises(NetartError, match="unknown run 'c': one of b, small"):
        shot(one, run="c")

"""Light: what a finish makes of known surfaces, and that all evaluators draw the same."""

from __future__ import annotations

import re

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Values
from netart.lens import explicit, is_flat, measured
from netart.lens.colour import request
from netart.pixels import Pixels, Window
from netart.shot.fields import FIELDS, apply, fewest_texts
from netart.shot.light import LIGHTS, NONE, SETTINGS
from netart.shot.oklab import srgb_decode, srgb_encode
from netart.shot.palette import NAN_COLOUR
from netart.shot.shot import Shot
from netart.shot.text import from_text
from tests.shots import REFERENCE, defined, drawn, shot

# A value of each setting that no light has by itself.
OTHER = {
    "height": "0.7", "azimuth": "10", "elevation": "70", "gloss": "2", "exponent": "5",
    "metal": "1", "levels": "9", "width": "4", "ink": "navy", "paper": "#ffe0e0",
}  # fmt: skip

SIZE = 72, 48


def linear(*rows: tuple[float, float, float]) -> Shot:
    """Outputs a x + b y + c over the square from −1 to 1, of rows (a, b, c)."""
    weight, bias = [list(row[:2]) for row in rows], [row[2] for row in rows]
    layer = {"weight": weight, "bias": bias, "activation": "linear"}
    network = {"kind": "weights", "layers": [layer]}
    return from_text({"network": network, "view": {"radius": 1}})


GRAY = {"palette": "ramp:gray,gray", "contrast": "-2:2"}


def lit(base: Shot, light: str, **texts: str) -> Shot:
    return shot(base, light=light, **texts)


def wavy(**texts: str) -> Shot:
    return shot(layers="4x14", seed="5", **texts)


def across(one: Shot, side: int) -> Pixels:
    """Red in the middle row of a square picture."""
    return drawn(REFERENCE, one, (side, side), Window(0, side // 2, side, 1))[0, :, 0]


# What surfaces look like.


@pytest.mark.parametrize("rows", [((0.7, -0.2, 0),), ((0.7, -0.2, 0), (0.1, 0.4, 0))])
def test_relief_of_a_plane_is_one_tone(rows: tuple[tuple[float, float, float], ...]) -> None:
    """Where the palette is one colour, and the plane stays where the height is nearly straight."""
    plane = shot(linear(*rows), palette="ramp:gray,gray", contrast="-1000:1000")
    image = drawn(REFERENCE, lit(plane, "relief", light_height="10"), SIZE)
    assert np.ptp(image.reshape(-1, 3), axis=0).max() < 1e-4
    tilted = drawn(REFERENCE, lit(plane, "relief", light_height="0"), SIZE)
    assert np.abs(image - tilted).max() > 1e-3


def test_light_from_the_left_mirrors_light_from_the_right(cpu: Cpu) -> None:
    """Of a surface that is its own mirror image in x."""
    even = wavy(features="abs_x,y", palette="corners:sun")
    for light in ("relief", "chrome", "papercut"):
        left, right = (drawn(cpu, lit(even, light, light_azimuth=a), SIZE) for a in ("150", "30"))
        assert np.abs(left - right[:, ::-1]).max() < 1e-4, light
        assert np.abs(left - right).max() > 0.1, light


@pytest.mark.parametrize(("azimuth", "slope"), [(0, (-1, 0)), (90, (0, -1)), (135, (1, -1))])
def test_what_faces_the_light_is_bright(azimuth: int, slope: tuple[int, int]) -> None:
    """A slope that falls towards the light faces it; one that rises is turned away."""
    settings = {"light_azimuth": str(azimuth), "light_gloss": "0", "light_height": "1"}
    tones = [
        drawn(REFERENCE, lit(shot(linear((k * slope[0], k * slope[1], 0)), **GRAY), "relief",
                             **settings), (8, 8)).mean()
        for k in (1, 0, -1)
    ]  # fmt: skip
    assert tones[0] > tones[1] + 0.02 > tones[2] + 0.04


def test_chrome_of_a_constant_is_one_colour() -> None:
    """Whatever the constant and the palette are: chrome mirrors what surrounds it."""
    found = [
        drawn(REFERENCE, lit(shot(linear((0, 0, c), (0, 0, -c)), palette=palette, contrast="-3:3"),
                             "chrome"), SIZE).reshape(-1, 3)
        for c, palette in ((0.3, "corners:sun"), (-2.0, "ramp:ink"))
    ]  # fmt: skip
    assert np.ptp(np.concatenate(found), axis=0).max() < 1e-12


@pytest.mark.parametrize("light", ["relief", "chrome"])
def test_a_surface_is_the_same_at_every_size(cpu: Cpu, light: str) -> None:
    """The samples of a pixel are pixels of a picture three times as large, averaged as light."""
    width, height = SIZE
    large = drawn(cpu, lit(wavy(), light), (3 * width, 3 * height)).astype(float)
    mean = srgb_decode(large).reshape(height, 3, width, 3, 3).mean(axis=(1, 3))
    small = drawn(cpu, lit(wavy(), light, samples="3"), SIZE)
    assert np.abs(small - srgb_encode(mean)).max() < 1e-4


# Lines.


@pytest.mark.parametrize("zoom", [1, 1000])
@pytest.mark.parametrize("side", [512, 4096])
def test_lines_have_the_same_width_at_every_size_and_zoom(cpu: Cpu, side: int, zoom: int) -> None:
    """Contrast spans the picture at every zoom, so that three lines cross it."""
    slope = 0.8, 0.3
    plane = shot(
        linear((*slope, 0)), contrast=f"{-1 / zoom}:{1 / zoom}", radius=str(1 / zoom),
        light="contour", light_levels="4", light_width="5", light_ink="black", light_paper="white",
    )  # fmt: skip
    row = Window(0, side // 2, side, 1)
    image = drawn(cpu, plane, (side, side), row)
    dark = 1 - srgb_decode(image)  # coverage is linear light
    lines = (np.diff((dark[0, :, 0] > 0.5).astype(int)) == 1).sum()
    found = dark[0, :, 0].sum() * slope[0] / np.hypot(*slope) / lines
    assert lines == 3
    assert found == pytest.approx(5, rel=0.01)


def test_papercut_has_the_posterized_levels() -> None:
    """Each level of the palette darkens by shadow and brightens by its edge alone: hue stays."""
    for texts in ({}, {"gamma": "1.7"}, {"invert": "true"}, {"gamma": "0.6", "invert": "true"}):
        base = wavy(palette="ramp:#300000,#ff0000", posterize="6", **texts)
        cut = drawn(REFERENCE, lit(base, "papercut", light_height="0"), SIZE)
        plain = drawn(REFERENCE, base, SIZE)
        edges = np.abs(cut - plain).max(axis=2) > 0.01
        assert edges.mean() < 0.35  # the bright edges of sheets
        assert np.abs(cut - plain)[~edges].max() < 0.01
        assert len(np.unique(plain[..., 0].round(6))) == 6


def test_papers_shadow_lies_on_the_side_away_from_the_light() -> None:
    base = shot(linear((1, 0, 0)), palette="ramp:gray,gray", contrast="-1:1", posterize="2")
    for azimuth, darker in (("0", "below"), ("180", "above")):
        image = across(lit(base, "papercut", light_azimuth=azimuth), 200)
        plain = across(base, 200)
        shade = (plain - image).clip(0)
        # The higher sheet is on the right: light from there throws its edge on the lower one.
        assert shade[100:].max() < 1e-6
        assert (shade[95:100].min() > 0.1) == (darker == "below"), azimuth


@pytest.mark.parametrize("outputs", [((1, 0, 0),), ((1, 0, 0), (-1, 0, 0))])
def test_the_topographic_lines_are_the_edges_of_the_steps(
    outputs: tuple[tuple[float, float, float], ...],
) -> None:
    """Of each output, also where they rise against each other."""
    palette = "ramp:white,white" if len(outputs) == 1 else "corners:white,white,white,white"
    base = shot(linear(*outputs), palette=palette, contrast="-1:1", posterize="10")
    image = across(lit(base, "topographic"), 1000)
    dark = np.flatnonzero(image < 0.99)
    assert {round(x / 100) for x in dark} == set(range(1, 10))
    assert np.abs(dark / 100 - np.round(dark / 100)).max() < 0.02
    assert image[499] < image[[99, 199, 299, 399, 599]].min()


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("gamma", ["0.1", "3"])
def test_values_far_beyond_the_limits_are_drawn(
    cpu: Cpu, fragment: Gpu, light: str, gamma: str
) -> None:
    """Infinite ones too: they are no NaN."""
    near = wavy(output="1", palette="ember", contrast="0:0.0000001", gamma=gamma, light=light)
    far = shot(
        layers="8x5", activation="square", weight_scale="2", contrast="-1:1", palette="ember",
        output="1", radius="1", gamma=gamma, light=light,
    )  # fmt: skip
    for one in (near, far):
        for evaluator in (cpu, fragment):
            pixels = drawn(evaluator, one, SIZE)
            assert ((pixels >= 0) & (pixels <= 1)).all()
            lost = (pixels == np.array(NAN_COLOUR, np.float32)).all(axis=2)
            assert not lost.all()
            assert one is far or not lost.any()


# NaN, steps, and what has no output to spare.


@pytest.mark.parametrize("light", LIGHTS)
def test_nan_has_its_colour_in_every_light(cpu: Cpu, fragment: Gpu, light: str) -> None:
    """Squares overflow to infinity, of which the read-out takes the difference."""
    for palette in ("ramp:ember", "corners:sun"):
        plain = wavy(activation="square", layer="4", palette=palette, contrast="-1:1",
                     weight_scale="1e12")  # fmt: skip
        for evaluator in (cpu, fragment):
            lost = (drawn(evaluator, lit(plain, light), SIZE) == NAN_COLOUR).all(axis=2)
            assert lost.mean() > 0.9, (palette, evaluator.name)


@pytest.mark.parametrize("light", LIGHTS)
def test_a_derivative_that_is_no_number_is_flat(light: str) -> None:
    """Only values show NaN's colour."""
    one = lit(wavy(palette="corners:sun", contrast="-1:1"), light)
    pixel = request(one).pixel
    outputs, slopes = np.full((5, 3), 0.2), np.zeros((2, 5, 3))
    flat = pixel.function(Values(outputs, None, slopes, 0.01))
    slopes[0, 1:3, 0], slopes[1, 3:, 1] = (np.nan, np.inf), (-np.inf, np.nan)
    found = pixel.function(Values(outputs, None, slopes, 0.01))
    assert np.isfinite(found).all()
    assert np.array_equal(found[[0, 1, 4]], flat[[0, 1, 4]])


@pytest.mark.parametrize("light", LIGHTS)
def test_steps_are_flat_and_say_so(cpu: Cpu, gpu: Gpu, light: str) -> None:
    for activation in ("step", "sign", "tanh,sign,tanh,tanh"):
        one = lit(wavy(activation=activation), light)
        assert is_flat(one)
        assert not np.isnan(drawn(cpu, one, SIZE)).any()
    assert not is_flat(lit(wavy(activation="sign", layer="0"), light))
    assert not is_flat(lit(wavy(activation="sign", layer="0.5"), light))
    assert not is_flat(lit(wavy(activation="sin"), light))
    assert is_flat(lit(wavy(activation="tanh,tanh,sign,sign", units="3.1"), light))
    assert not is_flat(lit(wavy(activation="tanh,tanh,tanh,sign", units="3.1"), light))


DRAWN = [
    {"palette": "corners:sun"},
    {"palette": "ramp:riso", "gamma": "1.6", "invert": "true", "samples": "2"},
    {"palette": "oklch", "posterize": "7"},
    {"palette": "gray", "outputs": "1"},
    {"palette": "rgb", "output_activation": "sigmoid"},
    {"palette": "ramp:tide", "units": "3.2"},
    {"palette": "corners:frost", "units": "2.1,2.2,2.5", "contrast": "-0.5:0.9"},
    {"palette": "map:batlow", "output": "2", "features": "kaleidoscope:5,r", "rotate": "20"},
]


@pytest.mark.parametrize("light", LIGHTS)
def test_lights_have_a_twin_on_the_gpu(cpu: Cpu, fragment: Gpu, light: str) -> None:
    """Lines amplify float32 where values saturate or levels lie close: 99.9% within a level."""
    settings = {f"light_{name}": OTHER[name] for name in LIGHTS[light].settings}
    shots = [lit(wavy(**texts), light) for texts in DRAWN]
    for one in map(measured, [*shots, lit(wavy(), light, **settings)]):
        exact = drawn(REFERENCE, one, SIZE)
        for evaluator in (cpu, fragment):
            off = np.abs(drawn(evaluator, one, SIZE) - exact)
            assert (off < 1 / 255).mean() > 0.999, (one.look, evaluator.name)


def random_lit(number: int) -> Shot:
    """One of sixty: a light, its settings, a network and a view by the number."""
    rng = np.random.default_rng(number)
    name = list(LIGHTS)[number % len(LIGHTS)]
    texts = {
        "seed": str(number),
        "rotate": str(rng.integers(-180, 180)),
        "radius": f"{10 ** rng.uniform(-0.7, 0.3):.3f}",
        "palette": str(rng.choice(["corners:sun", "ramp:riso", "map:batlow", "oklch"])),
        "invert": str(rng.choice(["true", "false"])),
    }
    ranges = {
        "height": (0.05, 1), "azimuth": (-180, 180), "elevation": (0, 90), "gloss": (0, 2),
        "exponent": (2, 90), "metal": (0, 1), "levels": (2, 30), "width": (0.5, 4),
    }  # fmt: skip
    for setting in LIGHTS[name].settings:
        if setting in ranges:
            texts[f"light_{setting}"] = f"{rng.uniform(*ranges[setting]):.3f}"
    return shot(layers="4x14", light=name, **texts)


def test_sixty_lit_shots_are_within_a_level(cpu: Cpu, fragment: Gpu) -> None:
    """On all pixels but one in ten thousand of those that float32 resolves."""
    counted, off = 0, {"cpu": 0, "gpu-fragment": 0}
    for number in range(60):
        one = random_lit(number)
        one = measured(one)
        exact, tolerated = defined(one, SIZE)
        resolved = tolerated.reshape((*exact.shape[:2], -1)).max(axis=2) < 0.5 / 255
        counted += resolved.sum()
        levels = np.round(exact * 255)
        for evaluator in (cpu, fragment):
            found = np.round(drawn(evaluator, one, SIZE) * 255)
            off[evaluator.name] += (np.abs(found - levels).max(axis=2) > 1)[resolved].sum()
    assert counted > 0.9 * 60 * SIZE[0] * SIZE[1]
    assert max(off.values()) <= 1e-4 * counted, (off, counted)


@pytest.mark.parametrize("light", LIGHTS)
def test_lights_on_compute_shaders(compute: Gpu, products: Gpu, light: str) -> None:
    one = lit(wavy(palette="corners:sun"), light)
    exact = drawn(REFERENCE, one, SIZE)
    for evaluator in (compute, products):
        assert (np.abs(drawn(evaluator, one, SIZE) - exact) < 1 / 255).mean() > 0.999


@pytest.mark.parametrize("light", LIGHTS)
def test_settings_change_without_a_compile(fragment: Gpu, light: str) -> None:
    drawn(fragment, lit(wavy(), light), (8, 8))
    before = fragment.device.compiles
    for name in LIGHTS[light].settings:
        drawn(fragment, lit(wavy(), light, **{f"light_{name}": OTHER[name]}), (8, 8))
    assert fragment.device.compiles == before


# Fields.


def test_every_setting_changes_the_picture(cpu: Cpu) -> None:
    assert OTHER.keys() == SETTINGS.keys()
    for light in LIGHTS.values():
        plain = drawn(cpu, lit(wavy(), light.name), SIZE)
        for name in light.settings:
            image = drawn(cpu, lit(wavy(), light.name, **{f"light_{name}": OTHER[name]}), SIZE)
            assert np.abs(image - plain).max() > 0.02, (light.name, name)


def test_a_setting_that_a_light_does_not_read_is_refused() -> None:
    with pytest.raises(NetartError, match="light none does not read it, others do: add light rel"):
        shot(light_height="0.3")
    for light in LIGHTS.values():
        for name, setting in SETTINGS.items():
            text = "red" if setting.is_colour else "1"
            if name in light.settings:
                assert getattr(
                    shot(light=light.name, **{f"light_{name}": text}).look, f"light_{name}"
                )
            else:
                with pytest.raises(NetartError, match=f"light {light.name} does not read it"):
                    shot(light=light.name, **{f"light_{name}": text})
    with pytest.raises(NetartError, match=re.escape("look.light_metal: light none")):
        from_text({"look": {"light_metal": 0.5}})


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("light", "releif", "did you mean relief"),
        ("light_height", "-1", "from 0 to 10"),
        ("light_azimuth", "inf", "finite"),
        ("light_elevation", "91", "from -90 to 90"),
        ("light_exponent", "0", "from 1 to 1000"),
        ("light_metal", "1.5", "from 0 to 1"),
    ],
)
def test_wrong_settings_are_named(name: str, text: str, why: str) -> None:
    with pytest.raises(NetartError, match=why):
        shot(**{"light": "relief", name: text})


def test_a_wrong_colour_is_named() -> None:
    with pytest.raises(NetartError, match="unknown colour 'nvy': did you mean navy"):
        shot(light="contour", light_ink="nvy")


def test_another_light_unsets_what_it_does_not_read() -> None:
    one = shot(light="relief", light_height="0.4", light_metal="1", light_azimuth="20")
    other = apply(one, {"light": "papercut"})
    assert (other.look.light_height, other.look.light_azimuth) == (0.4, 20)
    assert other.look.light_metal is None
    assert apply(other, {"light": NONE}) == shot()
    assert fewest_texts(other, shot()) == {
        "light": "papercut", "light_height": "0.4", "light_azimuth": "20.0",
    }  # fmt: skip


def test_no_light_is_the_old_picture_and_hash() -> None:
    assert shot(light=NONE) == shot()
    assert shot(light=NONE).sha256 == shot().sha256
    assert shot(light="relief").sha256 != shot().sha256
    own = {f"light_{k}": v for k, v in LIGHTS["relief"].settings.items()}
    said = replace(shot(light="relief").look, **own)
    assert explicit(shot(light="relief")).look == replace(said, palette="corners:sun")


def test_light_reads_a_second_output_beside_a_ramp() -> None:
    assert len(measured(wavy(palette="ramp:ink")).look.contrast) == 1
    assert len(measured(wavy(palette="ramp:ink", light="relief")).look.contrast) == 2
    assert len(measured(wavy(palette="ramp:ink", light="papercut")).look.contrast) == 1
    assert len(measured(wavy(outputs="1", light="relief")).look.contrast) == 1


def test_every_setting_is_a_field() -> None:
    for name, setting in SETTINGS.items():
        row = FIELDS[f"light_{name}"]
        assert bool(row.interpolations) != setting.is_colour

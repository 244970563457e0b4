"""Shader text: Shadertoy's tabs in a page that imitates theirs, fragments in OpenGL."""

from __future__ import annotations

import base64
import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from playwright.sync_api import Page

import netart as api
from netart.draw.measurement import measured_film
from netart.errors import NetartError
from netart.evaluate import precision, shader_files
from netart.evaluate.gpu import Gpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.lens import measured, picture
from netart.net.recipe import Weights
from netart.net.sampling import DISTRIBUTIONS, uniform
from netart.shot.document import Document
from netart.shot.light import LIGHTS
from netart.shot.marks import Marks
from netart.shot.shot import Shot
from netart.shot.timeline import Key, Pace, Timeline, Track
from netart.web.fragment import fragment
from netart.web.origin import Origin
from netart.web.shader_picture import AUTO_SAMPLES
from netart.web.shader_text import assemble, comment, number
from netart.web.shadertoy import RULE, shadertoy
from tests.browser import Modules
from tests.shots import explicit_network, random_shot, shot

pytestmark = pytest.mark.slow  # a browser is started

SIZE = 256, 12  # Buffer A is as large as the picture, and has rows of 256 numbers

# What Shadertoy puts before a tab's text, and behind it.
BEFORE = """#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform vec3 iResolution;
uniform float iTime;
uniform int iFrame;
uniform vec4 iMouse;
uniform sampler2D iChannel0;
out vec4 o_colour;
"""
BEHIND = "void main() {\n    mainImage(o_colour, gl_FragCoord.xy);\n}\n"

# Draws the tabs at some times, from modules of a page; the pixels as base64, row 0 lowest.
DRAW = """([sources, [width, height], times, mouse]) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const gl = canvas.getContext("webgl2");
    gl.getExtension("EXT_color_buffer_float");
    const programs = sources.map(source => compile(gl, source));
    const buffer = floatTexture(gl, width, height, null);
    const target = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, target);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, buffer, 0);
    gl.bindVertexArray(gl.createVertexArray());
    gl.viewport(0, 0, width, height);
    return times.map(iTime => {
        programs.forEach((program, k) => {
            gl.bindFramebuffer(gl.FRAMEBUFFER, k ? null : target);
            const uniforms = { iTime, iFrame: 3, iResolution: [width, height, 1], iMouse: mouse };
            if (k) uniforms.iChannel0 = buffer;
            uniformSetter(gl, program)(uniforms);
            gl.drawArrays(gl.TRIANGLES, 0, 3);
        });
        const pixels = new Uint8Array(4 * width * height);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        return btoa(pixels.reduce((text, byte) => text + String.fromCharCode(byte), ""));
    });
}"""

Levels = NDArray[np.int64]

STILL = {
    "plain": shot(layers="3x8", contrast="-2:2"),
    "mix": shot(
        layers="4x6", mix="7:0.6,18446744073709551615:-0.8", distribution="he_uniform",
        activation="sin,relu,gelu,tanh", features="kaleidoscope:5,angle", palette="oklab",
    ),
    "siren": shot(
        layers="3x9", distribution="siren", activation="sin", light="relief", rotate="30",
        latent="a=0.3,lambda=-1", axes="lambda,y", features="x,y,spiral:3", samples="2",
        palette="corners:jade", chroma="0.6", layer="1.5",
    ),
    "units": shot(
        widths="9,14,6", distribution="torch_linear", units="2.9,2.2,2.14", palette="corners:kiln",
        light="papercut", gamma="1.4", invert="true", samples="auto",
    ),
    "regions": shot(
        layers="3x7", distribution="glorot_uniform", lens="regions", activation="abs",
        bias_scale="same", weight_scale="1.3", shading="margin", samples="auto",
    ),
    "steps": shot(layers="3x5", lens="lines", activation="step,tanh,step", line_layers="1,3"),
    "given": shot(layers="4x6", distribution="orthogonal", palette="ramp:tide", output="3"),
    "map": shot(layers="2x6", distribution="normal", palette="map:batlow", outputs="1"),
}  # fmt: skip


def film(**tracks: tuple[str, str, str]) -> Timeline:
    """A film there and back, of nine frames, whose tracks go from one value to another."""
    easings = "sine", "linear", "bezier:0.3,0.1,0.2,1.4", "out", "smooth"
    found = [
        Track(
            name.replace("latent_", "latent."),
            (Key(0.1, values[0], easings[k % 5]), Key(0.8, values[1])),
            values[2] or None,
        )
        for k, (name, values) in enumerate(tracks.items())
    ]
    base = shot(
        layers="4x5", latent="a=0.1", light="relief", radius="1.5", contrast="-2:2,-1:3,0:1"
    )
    return Timeline(shot=base, tracks=tuple(found), pace=Pace(frames=9, rate="3", loop="ping-pong"))


FILM = film(
    radius=("2", "0.5", "geometric"),
    rotate=("350", "10", "short"),
    latent_a=("0.2", "-0.9", ""),
    weight_scale=("0.6", "1.1", "geometric"),
    mix=("3", "4:0.8,5:0.6", ""),
    light_azimuth=("20", "200", ""),
    light_elevation=("30", "60", ""),
    light_metal=("0.1", "0.9", ""),
    contrast=("-2:2,-1:3,0:1", "-1:2,-2:1,-1:2", ""),
    gamma=("0.8", "1.5", ""),
)


@pytest.fixture
def page(open_modules: Modules) -> Page:
    return open_modules("gl.js")


def tabs(text: str) -> dict[str, str]:
    """The tabs of Shadertoy text by their names."""
    parts = text.split(RULE)[1:]
    heads = (head.removeprefix("// ").strip() for head in parts[::2])
    return {head.partition(" (")[0]: body for head, body in zip(heads, parts[1::2], strict=True)}


def drawn(
    page: Page,
    document: Document,
    size: tuple[int, int] = SIZE,
    times: tuple[float, ...] = (0.0,),
    mouse: tuple[int, ...] = (0, 0, 0, 0),
) -> list[Levels]:
    """(height, width, 3) each: the pictures that Shadertoy's text shows at these seconds."""
    found = tabs(shadertoy(document, Origin("test")))
    sources = [
        f"{BEFORE}{found.get('Common', '')}{found[name]}{BEHIND}" for name in ("Buffer A", "Image")
    ]
    return [_levels(data, size, 4) for data in page.evaluate(DRAW, [sources, size, times, mouse])]


def _levels(data: str | bytes, size: tuple[int, int], channels: int) -> Levels:
    raw = base64.b64decode(data) if isinstance(data, str) else data
    pixels = np.frombuffer(raw, np.uint8).reshape(size[1], size[0], channels)
    return pixels[::-1, :, :3].astype(int)


def expected(document: Document, size: tuple[int, int] = SIZE, t: float = 0.0) -> Levels:
    """The definition's levels of what text shows: without marks, with as many samples."""
    one = measured_film(document).at(t) if isinstance(document, Timeline) else document
    assert isinstance(one, Shot)
    return picture(plain(one), size, Reference(), Numbers("u1")).astype(int)


def plain(one: Shot) -> Shot:
    one = measured(one)
    samples = one.look.samples
    if samples == "auto":  # the lenses regions and lines smooth their own edges
        samples = AUTO_SAMPLES if one.lens.kind == "colour" else 1
    lens = one.lens
    if getattr(lens, "annotate", False):
        lens = replace(lens, annotate=False)
    look = replace(one.look, samples=samples, dither=False)
    return replace(one, lens=lens, look=look, marks=Marks())


def rate(film: Timeline) -> Fraction:
    return Fraction(film.pace.rate)


def assert_near(found: Levels, wanted: Levels, what: str = "") -> None:
    apart = np.abs(found - wanted).max(axis=2)
    assert (apart > 1).mean() <= 0.001, f"{what}: {apart.max()} levels, {(apart > 1).mean():.4f}"


def test_shadertoys_pixels_are_those_of_the_definition(page: Page) -> None:
    for name, one in STILL.items():
        assert_near(drawn(page, one)[0], expected(one), name)


def test_explicit_weights_are_constants(page: Page) -> None:
    one = api.new(network=explicit_network(5, 6), weight_scale=1.5, palette="corners:sun")
    assert isinstance(one.network, Weights)
    assert_near(drawn(page, one)[0], expected(one))
    track = Track("weight_scale", (Key(0, "1"), Key(1, "2")))
    moved = Timeline(shot=measured(one), tracks=(track,), pace=Pace(frames=5, rate="1"))
    (found,) = drawn(page, moved, times=(3.0,))
    assert_near(found, expected(moved, t=0.75))


def test_time_runs_the_film(page: Page) -> None:
    frames = 1, 3, 6
    found = drawn(page, FILM, times=tuple(float((n - 1) / rate(FILM)) for n in frames))
    for number_, pixels in zip(frames, found, strict=True):
        assert_near(pixels, expected(FILM, t=FILM.pace.time(number_)), f"frame {number_}")


def test_the_mouse_pans(page: Page) -> None:
    one = STILL["plain"]
    (still,), (moved,) = drawn(page, one), drawn(page, one, mouse=(30, 7, -20, -5))
    assert_near(moved[: SIZE[1] - 2, 10:], still[2:, : SIZE[0] - 10])


def test_a_fragment_is_the_same_picture(fragment: Gpu) -> None:
    size = 40, 24
    for name in ("siren", "given"):
        (found,) = drawn_fragment(fragment, STILL[name], size)
        assert_near(found, expected(STILL[name], size), name)
    moved = replace(FILM, tracks=tuple(track for track in FILM.tracks if track.field != "mix"))
    frames = 1, 4, 7
    times = tuple(float((n - 1) / rate(moved)) for n in frames)
    for n, found in zip(frames, drawn_fragment(fragment, moved, size, times), strict=True):
        assert_near(found, expected(moved, size, moved.pace.time(n)), f"frame {n}")


def drawn_fragment(
    gpu: Gpu, document: Document, size: tuple[int, int], times: tuple[float, ...] = (0.0,)
) -> list[Levels]:
    """(height, width, 3) each: what a viewer of fragments shows at these seconds."""
    with gpu.device.context as context:
        program = context.program(
            vertex_shader=shader_files.join("desktop.glsl", "whole.vert.glsl"),
            fragment_shader=fragment(document, Origin("test")),
        )
        target = context.simple_framebuffer(size, 3)
        target.use()
        vertices, found = context.vertex_array(program, []), []
        for time_s in times:
            uniforms = {"u_resolution": size, "u_time": time_s, "u_mouse": (0, 0)}
            for name, value in uniforms.items():
                if name in program:
                    program[name] = value
            vertices.render(vertices=3)
            found.append(_levels(target.read(components=3, alignment=1), size, 3))
        return found


@pytest.mark.long  # ten minutes
@pytest.mark.parametrize("number_", range(1, 41))
def test_random_shots(page: Page, number_: int) -> None:
    one = random_text_shot(number_)

    def draw(evaluator: Evaluator) -> Any:
        return picture(one, SIZE, evaluator)

    exact = np.asarray(draw(Reference()), np.float64)
    apart = np.abs(drawn(page, one)[0] - np.rint(exact * 255)).max(axis=2)
    assert (apart > 1 + 255 * precision.tolerance(draw, exact)).mean() <= 0.001


def random_text_shot(number_: int) -> Shot:
    """A shot that shaders draw from its seeds: of all lenses, lights and distributions."""
    distributions = [name for name, row in DISTRIBUTIONS.items() if row.draw is uniform]
    texts = {"distribution": distributions[number_ % len(distributions)], "weight_scale": "0.6"}
    lights = list(LIGHTS)
    if number_ % 3 == 1:
        texts["light"] = lights[number_ // 3 % len(lights)]
    if number_ % 4 == 2:
        texts["mix"] = f"{number_}:0.7,{2**63 + number_}:-0.7"
    one = shot(random_shot(number_, 1000 + number_, widest=20)[0], True, **texts)
    if number_ % 8 == 5:
        one = shot(one, True, lens="regions")
    elif number_ % 8 == 7 and one.network.depth:
        one = shot(one, True, lens="lines", backdrop="regions" if number_ % 16 == 7 else "white")
    return plain(one)


HOSTILE = "a*/\n#error x\\\nvoid main() {} \u202e \u00e9 \x1b[0m \\"


def test_names_of_users_stay_in_their_comments() -> None:
    one = shot(layers="1x2", latent="gl_x=0.5,\u03bb=1,float=0.25", contrast="0:1")
    origin = Origin(HOSTILE, (HOSTILE,), {"palette": "a\nb*/"}, HOSTILE)
    for text in (shadertoy(one, origin), fragment(one, origin)):
        assert text.isascii()
        header, _, rest = text.partition("\n\n//---" if RULE in text else "\n\nuniform")
        lines = header.removeprefix("#version 330 core\n\n").splitlines()
        assert all(line.startswith("//") and not line.endswith("\\") for line in lines)
        assert "*/" not in header
        assert r"\u202e" in header and r"\xe9" in header
        assert "gl_x" not in rest and "latent_3 = LATENT_3" in rest
    assert comment("a\n b") == "// a\n//     b\n"


def test_text_has_what_it_uses_alone() -> None:
    text = shadertoy(STILL["mix"], Origin("mix"))
    assert {"act_sin", "act_relu", "feat_kaleidoscope"} < set(re.findall(r"\w+", text))
    for name in ("act_elu", "feat_spiral", "palette_ramp", "slope_", "u_", "twin", ".glsl"):
        assert name not in text.partition(RULE)[2], name
    assert max(map(len, text.splitlines())) <= 130
    kept = assemble(
        ["int a() {\n    return 1;\n}\nint b() {\n    return a();\n}\nint c;\n"], "b", {}
    )
    assert kept == "int a() {\n    return 1;\n}\n\nint b() {\n    return a();\n}\n"


def test_comments_speak_of_the_text_alone() -> None:
    for name, one in STILL.items():
        body = shadertoy(one, Origin("test")).partition(RULE)[2]
        comments = " ".join(re.findall(r"//(.*)", body))
        assert not re.search(r"[Tt]wins?\b|netart/|\.py\b|act_output|Further", comments), name
        functions = set(re.findall(r"^\w+ (\w+)\(", body, re.MULTILINE))
        assert {word for word in re.findall(r"\bact_[a-z_]+", comments)} <= functions, name
        assert ("after_layer" in body) == (one.lens.kind == "lines"), name
    sentence = f"{'word ' * 18}in [0, 1]."
    assert comment(sentence).splitlines()[1] == "// [0, 1]."


def test_numbers_are_as_long_as_float32_needs() -> None:
    values = [0.1, 1 / 3, 1e-20, 1.0, -2.5e30, 16777217.0]
    texts = [number(value) for value in values]
    assert texts[:4] == ["0.1", "0.33333334", "1e-20", "1.0"]
    assert [np.float32(text) for text in texts] == [np.float32(value) for value in values]


@pytest.mark.parametrize(
    ("document", "make", "message"),
    [
        (shot(layers="9x40", distribution="normal"), shadertoy, "normal: 3,371"),
        (shot(layers="30x100"), shadertoy, "network: 7"),
        (shot(layers="20x30"), fragment, "network: 5,"),
        (shot(lens="glass", activation="relu"), fragment, "the lens glass: a fragment holds"),
        (shot(layers="1x4", lens="lines", line_width="0"), shadertoy, "would be blank"),
        (shot(layers="3x600"), shadertoy, "network: 3 layers up to 600 wide"),
        (shot(radius="1e-9", center="0.5,0.5"), shadertoy, "view.radius = 1e-09: the float32"),
        (film(posterize=("2", "5", "")), shadertoy, "posterize: text cannot move it"),
        (film(mix=("1", "2", "")), fragment, "mix: a fragment does not draw"),
        (film(weight_scale=("auto", "0.5", "")), shadertoy, "weight_scale: text moves it between"),
    ],
)
def test_what_text_cannot_hold_is_refused(document: Document, make: Any, message: str) -> None:
    with pytest.raises(NetartError, match=re.escape(message)):
        make(document, Origin("test"))

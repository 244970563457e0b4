"""Pictures in a browser: the pixels of `netart render`, on the canvas too, at any size."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from netart.lens import measure
from netart.net.learning.data import PictureData
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.target import spell_target
from netart.web.picture import picture_data
from tests.browser import Modules
from tests.shots import REFERENCE, rendered, shot

pytestmark = pytest.mark.slow  # a browser is started

SIZE: Size = (48, 32)

# Opens a picture, and gives its pixels of a size as base64. way: by which of its programs.
DRAW = """
async ([data, size, way]) => {
    const canvas = document.createElement("canvas"), gl = openContext(canvas);
    if (way === "whole") {
        const get = gl.getExtension.bind(gl);
        gl.getExtension = name => (name === "EXT_color_buffer_float" ? null : get(name));
    }
    const progressive = new Progressive(canvas, data);
    const { u_weights: { width, height } } = data.textures; // first of another network
    const u_weights = { width, height, numbers: new Float32Array(4 * width * height) };
    await progressive.pixels([1, 1], { values: { u_weights } });
    const pixels = await progressive.pixels(size);
    gl.getExtension("WEBGL_lose_context").loseContext();
    return btoa(String.fromCharCode(...pixels));
}
"""

HIDDEN = {"widths": "9,6,11", "activation": "tanh,sin,relu", "seed": "7"}
RELU = HIDDEN | {"activation": "relu"}
LEARNED = PictureData(
    "target",
    np.random.default_rng(3).integers(0, 256, (9, 13, 3)).astype(np.uint8),
    (-0.9, 1.1),
)
GREY = replace(LEARNED, pixels=LEARNED.pixels[..., :1])

SHOTS = {
    "fraction of a layer": shot(layer="2.3", samples="3", dither="true", **HIDDEN),
    "light, many latents": shot(
        light="chrome", samples="2", latent=",".join(f"l{k}={k / 90:.2f}" for k in range(70)),
        **HIDDEN,
    ),
    "units": shot(units="2.3", palette="ramp:tide", posterize="5", gamma="1.7", **HIDDEN),
    "regions": shot(lens="regions", shading="margin", outputs="6", **HIDDEN),
    "steps": shot(lens="lines", backdrop="regions", **(HIDDEN | {"activation": "step,relu,relu"})),
    "lines over a target": shot(
        lens="lines", backdrop="target", target=spell_target(LEARNED), samples="2",
        center="0.2,0.1", rotate="20", **RELU
    ),
    "lines over a grey target": shot(
        lens="lines", backdrop="target", radius="0.1",
        target=spell_target(GREY), **RELU
    ),
}  # fmt: skip

# Of which both ways of drawing are looked at: in one shader many take a second to compile.
IN_ONE_SHADER = "fraction of a layer"


def pixels_of(text: str, size: Size) -> NDArray[np.uint8]:
    """(height, width, 3), of RGBA in base64."""
    width, height = size
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]


def drawn(page: Page, one: Shot, way: str, size: Size = SIZE) -> NDArray[np.uint8]:
    return pixels_of(page.evaluate(DRAW, [picture_data(one), size, way]), size)


def test_pixels_are_those_of_render(open_modules: Modules) -> None:
    page = open_modules("progressive.js")
    for name, one in SHOTS.items():
        want = rendered(one, SIZE, REFERENCE).astype(int)
        for way in ("layers", "whole")[: 1 + (name == IN_ONE_SHADER)]:
            away = np.abs(drawn(page, one, way) - want).max(axis=2)
            assert (away > 1).mean() <= 0.001, (name, way, away.max(), (away > 1).mean())


# A picture on a canvas of its size, when it rests, in both ways in which scripts read one.
CANVAS = """
async ([data, [width, height]]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const progressive = new Progressive(canvas, { ...data, rest: 1 });
    progressive.show();
    await new Promise(resolve => { progressive.onRest = resolve; });
    progressive.present();
    const flat = Object.assign(document.createElement("canvas"), { width, height });
    const plain = flat.getContext("2d", { colorSpace: "srgb" });
    plain.drawImage(canvas, 0, 0);
    const text = pixels => btoa(String.fromCharCode(...pixels));
    return [
        text(plain.getImageData(0, 0, width, height).data),
        text(await progressive.pixels([width, height])),
        canvas.getContext("webgl2").drawingBufferColorSpace,
    ];
}
"""


def test_a_canvas_shows_the_pixels_that_are_saved(open_modules: Modules) -> None:
    """Colours are display sRGB on both: nothing decodes or encodes them once more."""
    one = SHOTS["fraction of a layer"]
    canvas, saved, space = open_modules("progressive.js").evaluate(
        CANVAS, [picture_data(one), SIZE]
    )
    assert np.array_equal(pixels_of(canvas, SIZE), pixels_of(saved, SIZE))
    assert space == "srgb"


# At each update of the canvas the pixels of it for one of the picture, and the milliseconds.
SHOW = """
async ([data, [width, height]]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const progressive = new Progressive(canvas, data), shown = [];
    progressive.onPresent = own => shown.push([width / own[0], performance.now()]);
    progressive.show({}, { moving: true });
    await new Promise(resolve => { progressive.onRest = resolve; });
    return shown;
}
"""


def test_a_picture_that_moves_is_coarse_and_refined_at_rest(open_modules: Modules) -> None:
    data = picture_data(SHOTS["units"])
    shown, times = zip(
        *open_modules("progressive.js").evaluate(SHOW, [data, (240, 160)]), strict=True
    )
    assert shown[0] > 4
    assert shown[-1] == 1
    assert sorted(shown, reverse=True) == list(shown)
    assert times[1] - times[0] > 250  # where another picture is to follow, this one waits


# The first picture of one that moves: its size, and the levels above 150 in a pixel of it.
FIRST = """
async ([data, [width, height]]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const progressive = new Progressive(canvas, data), gl = openContext(canvas);
    const rows = new Uint8Array(4 * width * height);
    progressive.show({}, { moving: true });
    const shown = await new Promise(resolve => {
        progressive.onPresent = own => {
            gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rows);
            resolve(own);
        };
    });
    return [shown, rows.filter((level, k) => k % 4 < 3 && level > 150).length / (width * height)];
}
"""


def test_lines_stay_visible_in_what_is_coarse(open_modules: Modules) -> None:
    one, size = shot(lens="lines", backdrop="night", line_width="1", **RELU), (480, 320)
    shown, share = open_modules("progressive.js").evaluate(FIRST, [picture_data(one), size])
    assert 4000 < shown[0] * shown[1] < size[0] * size[1] / 9
    assert share > 0.05


# Sizes of the screen for an element of 412 by 300 pixels of the page, 2.625 of the screen each: as
# browsers say them, where they lay it elsewhere, and where they imitate this screen.
SIDES = """
() => {
    Object.defineProperty(window, "devicePixelRatio", { value: 2.625 });
    return [[], [1081, 788], [412, 300]].map(
        laid => screenSize({ clientWidth: 412, clientHeight: 300 }, laid));
}
"""


def test_a_canvas_has_the_pixels_that_it_covers(open_modules: Modules) -> None:
    found = open_modules("windows.js").evaluate(SIDES)
    assert found == [[1082, 788], [1081, 788], [1082, 788]]


# Loses the GPU while a picture is drawn, and has it come back; then loses it for good.
LOSE = """
async ([data, [width, height]]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const progressive = new Progressive(canvas, data);
    progressive.show({ u_dither: 0 });
    await progressive.ready;
    const loss = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
    const happens = name => new Promise(resolve => canvas.addEventListener(name, resolve));
    const lost = happens("webglcontextlost");
    loss.loseContext();
    await lost;
    await new Promise(resolve => setTimeout(resolve));
    const rests = new Promise((resolve, fail) => {
        progressive.onRest = resolve;
        setTimeout(fail, 20000, new Error("the GPU did not come back"));
    });
    loss.restoreContext();
    await rests;
    const pixels = btoa(String.fromCharCode(...await progressive.pixels([width, height])));
    const wait = setTimeout;
    window.setTimeout = (call, ms) => wait(call, ms / 10);
    const fails = new Promise(resolve => { progressive.onLost = resolve; });
    loss.loseContext();
    return [pixels, (await fails).reason];
}
"""


def test_a_picture_comes_back_with_the_gpu(open_modules: Modules) -> None:
    one = shot(**HIDDEN)
    pixels, reason = open_modules("progressive.js").evaluate(LOSE, [picture_data(one), SIZE])
    assert np.abs(pixels_of(pixels, SIZE) - rendered(one, SIZE, REFERENCE).astype(int)).max() <= 1
    assert reason == "lost"


# What cannot be drawn says why: without WebGL 2, or with a shader that does not compile.
REFUSE = """
async data => {
    const found = [];
    const none = { getContext: () => null, addEventListener() {} };
    await new Progressive(none, data).ready.catch(error => found.push(error.reason));
    const wrong = { ...data, parts: data.parts.map(part => part.replace("main()", "main(")) };
    const canvas = document.createElement("canvas");
    await new Progressive(canvas, wrong).ready.catch(error => found.push(error.reason));
    const { fragment, ...wide } = data, bare = document.createElement("canvas");
    const gl = bare.getContext("webgl2"), get = gl.getExtension.bind(gl);
    gl.getExtension = name => (name === "EXT_color_buffer_float" ? null : get(name));
    await new Progressive(bare, wide).ready.catch(error => found.push(error.reason));
    return found;
}
"""


def test_what_cannot_be_drawn_says_why(open_modules: Modules) -> None:
    found = open_modules("progressive.js").evaluate(REFUSE, picture_data(shot(**HIDDEN)))
    assert found == ["webgl2", "shader", "extension"]


# Whether a picture draws by one shader of all layers when that is compiled: of one that is right,
# and of one that is not.
QUICKEN = """
async data => {
    const { parts, fragment } = data, found = [];
    for (const extra of ["", "no GLSL"]) {
        const gl = openContext(document.createElement("canvas"));
        const own = { ...data, parts: [...parts, extra], fragment: [...fragment, parts.length] };
        const picture = new Picture(gl, own);
        await picture.ready();
        found.push(picture.isWhole);
        picture.quicken();
        for (let k = 0; k < 60 && !picture.isWhole; ++k) await pause(extra ? 2 : 20);
        gl.bindFramebuffer(gl.FRAMEBUFFER, makeTarget(gl, [1, 1]).framebuffer);
        picture.draw([1, 1], { left: 0, top: 0, width: 1, height: 1 });
        found.push(picture.isWhole);
    }
    return found;
}
"""


def test_a_shader_that_does_not_compile_is_done_without(open_modules: Modules) -> None:
    found = open_modules("progressive.js").evaluate(QUICKEN, picture_data(shot(layers="1x4")))
    assert found == [False, True, False, False]


# The limits that a page measures, into floats or, without them, into bytes.
MEASURE = """
async ([data, hasFloats]) => {
    const own = WebGL2RenderingContext.prototype, get = own.getExtension;
    own.getExtension = function (name) {
        return !hasFloats && name === "EXT_color_buffer_float" ? null : get.call(this, name);
    };
    const limits = await new Measurer(data).limits();
    own.getExtension = get;
    return limits;
}
"""


def test_contrast_is_measured_as_by_the_lenses(open_modules: Modules) -> None:
    page = open_modules("contrast.js")
    for name in ("fraction of a layer", "units", "regions"):
        want = measure([SHOTS[name]])["contrast"]
        for has_floats in {True, name != "units"}:
            found = page.evaluate(MEASURE, [picture_data(SHOTS[name]), has_floats])
            assert np.allclose(found, want, rtol=1e-5, atol=1e-6), (name, has_floats)

"""Landscapes as pages: the mesh, its light and its picture against those of the lens."""

from __future__ import annotations

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from netart.evaluate.numbers import Numbers
from netart.lens import horizon, landscape, mesh, picture
from netart.lens.terrain import Drawing
from netart.net.build import to_network
from netart.pixels import Size, Window
from netart.shot.shot import Shot
from netart.web.landscape import landscape_data, points_data, why_still
from netart.web.origin import origin_of
from netart.web.shot_page import shot_page
from tests.browser import Modules, Open
from tests.shots import REFERENCE, shot

pytestmark = pytest.mark.slow  # a browser is started

SIZE = 200, 150


def hills(**texts: str) -> Shot:
    """A landscape of 16 and 16 units over ±6."""
    own = {
        "lens": "landscape", "widths": "16,16", "outputs": "1", "weight_scale": "1",
        "bias_scale": "1", "radius": "6", "seed": "3",
    }  # fmt: skip
    return shot(**own | texts)


def at_rest(opened: Page) -> NDArray[np.float64]:
    """The canvas' pixels when nothing is left to refine."""
    url = opened.evaluate(
        """() => new Promise(done => {
            let url = "";
            ownPage.progressive.onPresent = () => { url = ownPage.canvas.toDataURL(); };
            ownPage.progressive.onRest = () => done(url);
            ownPage.show();
        })"""
    )
    file = BytesIO(b64decode(url.partition(",")[2]))
    return np.asarray(Image.open(file).convert("RGB"), np.float64)


def test_points_are_those_of_the_reference(open_modules: Modules) -> None:
    texts = {"activation": "sin", "features": "x,r,kaleidoscope:5", "contrast": "-5:5"}
    scene = hills(**texts)
    asked, count = landscape.terrain_of(scene).heights, 12
    found = open_modules("landscape_grid.js", data=points_data(scene, asked)).evaluate(
        """count => {
            const gl = document.createElement("canvas").getContext("webgl2");
            const evaluator = new Evaluator(gl, readData());
            return [false, true].map(ends => {
                const out = new Float32Array(4 * count * count);
                evaluator.evaluateHeights(count, ends, 0, 5, out);
                evaluator.evaluateHeights(count, ends, 5, count - 5, out);
                return [...out];
            });
        }""",
        count,
    )
    middles, ends = (np.array(values).reshape(count, count, 4)[..., :3] for values in found)
    size = count, count
    network, whole = to_network(scene.network), Window.whole(size)
    np.testing.assert_allclose(
        middles, REFERENCE.evaluate(network, scene.view, size, whole, asked), rtol=1e-5, atol=2e-5
    )
    # Points on the rims are middles of a view that is wider by half a step on either side.
    stretch = count / (count - 1)
    wide = hills(**texts | {"radius": repr(6 * stretch)})
    asked = landscape.terrain_of(wide).heights
    wanted = REFERENCE.evaluate(network, wide.view, size, whole, asked)
    wanted[..., 1:] /= stretch
    np.testing.assert_allclose(ends, wanted, rtol=1e-5, atol=2e-5)


# Where one stands, on pictures that are wide, and on tall ones, which have room above and below.
CAMERAS = [
    (SIZE, -55.0, 28.0, -0.4, 0.9), ((150, 200), 20.0, 12.0, 0.0, 1.0),
    ((90, 400), 200.0, 55.0, -0.2, 0.6), ((300, 300), -120.0, 90.0, -0.5, 1.5),
]  # fmt: skip


def test_cameras_are_those_of_the_lens(open_modules: Modules) -> None:
    found = open_modules("landscape_camera.js").evaluate(
        "([cameras, frame]) => cameras.map(each => placeCamera(...each, 1, frame))",
        [CAMERAS, mesh.FRAME],
    )
    for camera, arguments in zip(found, CAMERAS, strict=True):
        wanted = horizon.place_camera(*arguments)
        for name in ("sine", "cosine", "pixel", "middle", "right", "away"):
            assert camera[name] == pytest.approx(getattr(wanted, name)), (arguments, name)


@pytest.mark.parametrize("style", ["sheet", "block"])
def test_light_is_that_of_the_lens(open_modules: Modules, style: str) -> None:
    scene = hills(style=style)
    drawing = Drawing(landscape.terrain_of(scene), SIZE, 1)
    with ThreadPoolExecutor(1) as pool:
        light = drawing.light(REFERENCE, pool)
    heights, terrain = light.ground[..., 2], drawing.terrain
    found = open_modules("landscape_light.js").evaluate(
        """([heights, count, body, height, size, state, frame, numbers]) => {
            const own = new Float32Array(heights);
            const camera = placeCamera(
                size, state.azimuth, state.elevation, body.floor, height, 1, frame);
            const sky = makeSkyLight(own, count, body, camera, numbers);
            const sun = makeSunLight(own, count, body, camera, ...state.sun, numbers);
            return [sun.ground, sky.ground, sun.floor, sky.floor].map(grid => [...grid]);
        }""",
        [
            heights.ravel().tolist(), len(heights),
            {"floor": terrain.bottom, "solid": terrain.solid}, terrain.height, SIZE,
            {"azimuth": terrain.azimuth, "elevation": terrain.elevation, "sun": terrain.sun},
            *(landscape_data(scene)[name] for name in ("frame", "light")),
        ],
    )  # fmt: skip
    wanted = light.ground[..., 0], light.ground[..., 1], light.floor_sun, light.floor_sky
    for got, grid in zip(found, wanted, strict=True):
        off = np.abs(np.array(got).reshape(grid.shape) - grid)
        # Where a ray meets a rim, rounding decides.
        assert np.mean(off > 2e-3) < 2e-3


def outline(image: NDArray[Any]) -> NDArray[np.bool_]:
    """What is not paper or shadow on it: colours."""
    return np.asarray(np.ptp(image.astype(np.float64), axis=-1) > 24)


def assert_same(found: NDArray[np.float64], scene: Shot, size: Size = SIZE) -> NDArray[np.float64]:
    """That a page's pixels are those of the shot, but for a few along edges. Returns how far each
    is off.
    """
    wanted = picture(scene, size, REFERENCE, Numbers("u1")).astype(np.float64)
    assert found.shape == wanted.shape
    assert outline(wanted).mean() > 0.1
    assert np.mean(outline(found) != outline(wanted)) < 0.01
    off = np.abs(found - wanted).max(axis=-1)
    assert np.mean(off > 12) < 0.08  # of steps, along the rims of cliffs; elsewhere a tenth of it
    return np.asarray(off)


# Loses the GPU of a page, and has it come back.
LOSE = """async () => {
    const loss = gl.getExtension("WEBGL_lose_context");
    const happens = name => new Promise(resolve => ownPage.canvas.addEventListener(name, resolve));
    const lost = happens("webglcontextlost"), comes = happens("webglcontextrestored");
    loss.loseContext();
    await lost;
    await new Promise(resolve => setTimeout(resolve));
    delete gl.getBufferSubData;
    loss.restoreContext();
    await comes;
}"""


def test_a_page_is_the_picture_from_every_side(open_page: Open, tmp_path: Path) -> None:
    scene = hills(style="block")
    opened = open_page(shot_page(scene, origin_of("hills", scene)), SIZE)
    first = at_rest(opened)
    assert_same(first, scene)
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowUp")
    opened.keyboard.press("b")
    there = at_rest(opened)
    assert np.mean(np.abs(there - first) > 12) > 0.1
    assert_same(there, hills(style="block", azimuth="-50", elevation="25", rise="0.575"))
    # Another network: its limits are its own. The GPU is lost while it evaluates that, and gives
    # nothing before the page is told.
    opened.evaluate("window.gl = ownPage.canvas.getContext('webgl2')")
    opened.evaluate("gl.getBufferSubData = () => {}")
    opened.keyboard.press("n")
    at_rest(opened)
    opened.evaluate(LOSE)
    another = at_rest(opened)
    moved = {"azimuth": "-50", "elevation": "25", "rise": "0.575", "seed": "4"}
    assert_same(another, hills(style="block", **moved))
    opened.wait_for_function("location.hash.length > 0")
    assert opened.evaluate("location.hash") == "#seed=4&azimuth=-50&elevation=25&rise=0.575"
    # Zoom is the page's own: netart draws what it saves without it.
    opened.keyboard.press("+")
    with opened.expect_download() as waiting:
        opened.keyboard.press("s")
    waiting.value.save_as(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as saved:
        assert_same(np.asarray(saved.convert("RGB"), np.float64), hills(style="block", **moved))
    assert opened.text_content("#notice") == "saved 200×150   zoom is left out"
    opened.keyboard.press("-")
    # On a screen of four pixels for one lines are as wide.
    screen = {"width": 200, "height": 150, "deviceScaleFactor": 2, "mobile": False}
    session = opened.context.new_cdp_session(opened)
    session.send("Emulation.setDeviceMetricsOverride", screen)
    fine = at_rest(opened)
    assert fine.shape == (300, 400, 3)
    away = np.abs(fine.reshape(150, 2, 200, 2, 3).mean(axis=(1, 3)) - another).max(axis=-1)
    assert np.mean(away > 12) < 0.005


@pytest.mark.long
def test_steps_are_cliffs(open_page: Open) -> None:
    scene, size = hills(activation="step", style="block"), (260, 260)
    found = at_rest(open_page(shot_page(scene, origin_of("steps", scene)), size))
    off = assert_same(found, scene, size)
    assert np.mean(off > 40) < 0.018  # of a grid of 256 points 0.022


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({}, ""),
        ({"lens": "landscape:both"}, ""),
        ({"lens": "landscape:top"}, "landscapes from above"),
        ({"beside": "colour"}, "lenses side by side"),
        ({"points": "spiral"}, "points over a landscape"),
        ({"ground_lines": "true", "features": "x,r"}, "curves on a landscape's floor"),
    ],
)
def test_what_no_page_draws_is_said(texts: dict[str, str], why: str) -> None:
    assert why_still(hills(**texts)) == why

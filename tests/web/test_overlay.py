"""Points and letters over pictures in pages: as netart draws them, and they move with the view."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

import netart
from netart.evaluate.reference import Reference
from netart.lens.marks import Label, Point, composite
from netart.lens.regions import labels
from netart.pixels import Size, Window
from netart.shot.shot import Shot
from netart.shot.timeline import Key, Pace, Timeline, Track
from netart.web.marks import marks_data, why_other_marks
from netart.web.origin import Origin
from netart.web.shot_page import shot_data, shot_page
from tests.browser import Modules, Open
from tests.shots import shot

pytestmark = pytest.mark.slow  # a browser is started

SIZE = 160, 120

# Points over a picture, and over a clear one.
ADD = """([text, size, style, points]) => [text, ""].map(each => {
    const pixels = each ? bytesOf(each) : new Uint8Array(4 * size[0] * size[1]);
    addPoints(pixels, size, style, points);
    return btoa(String.fromCharCode(...pixels));
})"""


def test_points_are_those_of_pictures(open_modules: Modules) -> None:
    """Of all classes, crowded and at the edges. Each rim and each fill is rounded, by half a level
    at most, and what lies over it takes a share of that.
    """
    rng = np.random.default_rng(3)
    below = rng.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
    places = rng.uniform(-1.35, 1.35, (60, 2)).tolist()
    points = [Point(u, v, 1 + k % 42) for k, (u, v) in enumerate(places)]
    one = shot(points="spiral", point_size="5")
    data = marks_data(one)
    assert data
    want = 255 * composite(
        (below / 255).astype(np.float32), SIZE, Window.whole(SIZE), points, (), 5.0
    )
    opaque = np.concatenate([below, np.full((*below.shape[:2], 1), 255, np.uint8)], axis=2)
    text = base64.b64encode(opaque.tobytes()).decode()
    page = open_modules("marks.js", "data.js")
    over, alone = page.evaluate(ADD, [text, SIZE, data["style"], points])
    assert np.abs(rgba(over)[..., :3] - want).max() <= 2
    colours, alpha = np.split(rgba(alone), [3], axis=2)
    laid = below + alpha / 255 * (colours - below)
    assert np.abs(laid - want).max() <= 3
    assert (alpha == 0).any()


def rgba(text: str) -> NDArray[np.float64]:
    pixels = np.frombuffer(base64.b64decode(text), np.uint8)
    return pixels.reshape(SIZE[1], SIZE[0], 4).astype(float)


def film() -> Timeline:
    """Of three regions that come nearer and turn, and points."""
    base = shot(
        lens="regions", annotate="true", layers="2x8", outputs="3", seed="5", radius="3",
        samples="2", point_size="2",
        points="0.5,0.25,1;-1.5,-1,2;1,-1.25,3;-0.25,0.75,4;0,0,5;1,1,6",
    )  # fmt: skip
    tracks = (
        Track("radius", (Key(0.0, "3"), Key(1.0, "1.5"))),
        Track("rotate", (Key(0.0, "0"), Key(1.0, "30"))),
    )
    return Timeline(shot=base, tracks=tracks, pace=Pace(frames=3, loop="none"))


# What is on screen, in the pixels of the screen.
SCREEN = """() => {
    const { canvas, overlay, progressive } = ownPage, { width, height } = canvas;
    const flat = Object.assign(document.createElement("canvas"), { width, height });
    const context = flat.getContext("2d");
    progressive.present();
    for (const each of [canvas, overlay.canvas]) context.drawImage(each, 0, 0);
    return flat.toDataURL().split(",")[1];
}"""


def test_marks_are_saved_and_move_with_the_view(open_page: Open, tmp_path: Path) -> None:
    page = open_page(
        shot_page(film(), Origin("film")), SIZE, device_scale_factor=2, reduced_motion="reduce"
    )
    page.keyboard.press("End")
    saved = save(page, tmp_path / "saved.png")
    one = netart.load(tmp_path / "saved.png")
    assert isinstance(one, Shot)
    size = 2 * SIZE[0], 2 * SIZE[1]
    drawn, bare = (
        255 * np.asarray(netart.render(each, size, backend="cpu"))
        for each in (one, one.but(annotate=False))
    )
    found = labels(one, size, Reference())
    parts = [around(label, size) for label in found]
    rest = np.abs(saved - drawn)
    for part in parts:
        # FreeType fits outlines to pixels, and widths with them, as browsers do not.
        here, there = (ink_span(picture[part] - bare[part]) for picture in (saved, drawn))
        assert np.abs(np.array(here) - np.array(there)).max() <= 1
        rest[part] = 0
    assert len(found) == 3
    assert rest.max() <= 1.5
    for _ in range(100):  # until letters are placed
        if np.abs(screen(page) - saved).max() <= 2:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError(np.abs(screen(page) - saved).max())


# How often letters are placed while one picture is shown three times: first the GPU is lost.
PLACED = """async data => {
    let count = 0;
    const pixels = async ([width, height]) => {
        if (!count++) throw new GraphicsError("lost", "");
        return new Uint8Array(4 * width * height);
    };
    const overlay = new Overlay(data, { pixels }), counts = [], values = {};
    for (let k = 0; k < 3; ++k) {
        overlay.show([32, 24], values);
        await new Promise(resolve => setTimeout(resolve, 50));
        counts.push(count);
    }
    return counts;
}"""


def test_letters_are_placed_again_after_the_gpu_was_lost(open_modules: Modules) -> None:
    data = shot_data(film().at(0), Origin("film", (), None))
    assert open_modules("overlay.js").evaluate(PLACED, data) == [1, 2, 2]


def around(label: Label, size: Size) -> tuple[slice, slice]:
    """Rows and columns of a square that holds a label."""
    row, column = (
        round((side + way * place * min(size)) / 2)
        for side, way, place in ((size[1], -1, label.v), (size[0], 1, label.u))
    )
    return slice(max(0, row - 9), row + 10), slice(max(0, column - 9), column + 10)


def ink_span(change: NDArray[np.floating[Any]]) -> list[int]:
    """The first and the last row and column that became much darker."""
    rows, columns = np.nonzero(change.mean(axis=2) < -30)
    return [int(end) for at in (rows, columns) for end in (at.min(), at.max())]


def screen(page: Page) -> NDArray[np.float64]:
    """What is on screen, (rows, columns, 3) from 0 to 255, of a picture and what lies over it."""
    return levels(BytesIO(base64.b64decode(page.evaluate(SCREEN))))


def save(page: Page, path: Path) -> NDArray[np.float64]:
    """The picture that the page saves."""
    with page.expect_download() as waiting:
        page.keyboard.press("s")
    waiting.value.save_as(path)
    return levels(path)


def levels(file: Path | BytesIO) -> NDArray[np.float64]:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"), float)


def test_marks_that_no_page_draws_are_named() -> None:
    many = ";".join(f"{k / 100},0,1" for k in range(1000))
    assert why_other_marks(shot(points=many, point_size="3")) == ""
    assert why_other_marks(shot(points=many, point_size="4")) == "1,000 points as large as these"
    assert why_other_marks(shot(lens="lines", annotate="true")) == "equations over lines"

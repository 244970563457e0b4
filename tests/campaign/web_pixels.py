"""The pictures of pages against the definition, in browsers that draw with different programs."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.files.source import preset_names, read_source
from netart.lens import picture
from netart.lens.kinds import POINTWISE
from netart.pixels import Size
from netart.shot.lens import Regions
from netart.shot.light import LIGHTS
from netart.shot.marks import Marks
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.web.bundle import script
from netart.web.picture import picture_data
from netart.web.shot_page import why_still
from tests.browser import ARGUMENTS, MESA
from tests.shots import random_shot, rendered, shot

SIZE: Size = (48, 32)
SPEED: Size = (96, 96)

# By whose WebGL Chromium draws.
BROWSERS = {
    "SwiftShader": ARGUMENTS,
    "Mesa": [*(word for word in ARGUMENTS if "swiftshader" not in word), *MESA],
}
WAYS = "layers", "whole"

# Draws a picture by one of its programs: its pixels as base64, the milliseconds until they are
# there the first time, and those of a larger picture then.
DRAW = """
async ([data, size, way, larger]) => {
    const canvas = document.createElement("canvas"), gl = openContext(canvas);
    if (way === "whole") {
        const get = gl.getExtension.bind(gl);
        gl.getExtension = name => (name === "EXT_color_buffer_float" ? null : get(name));
    }
    const began = performance.now(), picture = new Picture(gl, data), bytes = new Uint8Array(4);
    await picture.ready();
    const time = (size, bytes, values) => {
        const began = performance.now(), [width, height] = size, target = makeTarget(gl, size);
        picture.draw(size, { left: 0, top: 0, width, height }, values);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        return performance.now() - began;
    };
    time([8, 8], new Uint8Array(4 * 64), { u_samples: 1 });
    const first = performance.now() - began;
    const pixels = new Uint8Array(4 * size[0] * size[1]);
    time(size, pixels, {});
    const speed = time(larger, new Uint8Array(4 * larger[0] * larger[1]), { u_samples: 1 });
    gl.getExtension("WEBGL_lose_context").loseContext();
    return [btoa(String.fromCharCode(...pixels)), first, speed];
}
"""


class Row(NamedTuple):
    """How a picture came out, by one of its programs."""

    name: str
    way: str
    worst: int  # levels of 8 bits that a pixel is off
    beyond: float  # the share of pixels that are off by more than one, of those float32 resolves
    unresolved: float  # the share of the others
    first_ms: float  # until the first picture, of 8×8 pixels
    speed: float  # samples a millisecond


def random_shots(wanted: int) -> Iterator[tuple[str, Shot]]:
    """Of all that the options offer, with lights and lenses."""
    lights, made = list(LIGHTS), 0
    for number in count():
        one, _ = random_shot(number, seed=900 + number, widest=32)
        more: dict[str, str] = {}
        plain = not getattr(one.lens, "units", ())
        if number % 4 == 1:
            more = {"light": lights[number // 4 % len(lights)]}
        elif number % 4 == 2 and plain:
            more = {"lens": "regions", "shading": "margin"}
        elif number % 4 == 3 and plain and one.network.depth:
            backdrop = ("night", "colour", "regions")[number // 4 % 3]
            more = {"lens": "lines", "backdrop": backdrop, "line_width": "2"}
        if number % 7 == 0:
            more |= {"posterize": "5", "gamma": "1.6", "dither": "true"}
        try:
            yield f"random {number}", shot(one, True, **more)
        except NetartError:  # these do not go together
            continue
        made += 1
        if made == wanted:
            return


def presets() -> Iterator[tuple[str, Shot]]:
    """Those that pages draw, without what lies over them: tests/web/test_overlay.py is of that."""
    for name in preset_names():
        document: Any = read_source(name).document
        if isinstance(document, Sheet):
            continue
        one = document.at(0.5) if isinstance(document, Timeline) else document
        if one.lens.kind in POINTWISE and not why_still(one):
            if one.look.samples == "auto":
                one = replace(one, look=replace(one.look, samples=1))
            lens = replace(one.lens, annotate=False) if isinstance(one.lens, Regions) else one.lens
            yield name, replace(one, lens=lens, marks=replace(one.marks, points=Marks().points))


@contextmanager
def page_of(browser: str) -> Iterator[Page]:
    """A page in Chromium with the modules of pictures."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        opened = playwright.chromium.launch(executable_path=chromium, args=BROWSERS[browser])
        page = opened.new_page()
        page.set_default_timeout(0)
        page.set_content("<title>pictures</title>")
        page.add_script_tag(content=script("progressive.js"))
        yield page
        opened.close()


def compare(shots: Iterable[tuple[str, Shot]], browser: str) -> Iterator[Row]:
    """Each shot by each of its programs."""
    single = Reference(np.float32)
    with page_of(browser) as page:
        for name, one in shots:
            data, exact = picture_data(one), rendered(one, SIZE, Reference()).astype(int)
            with np.errstate(all="ignore"):
                rounded = picture(one, SIZE, single)
            away = np.abs(255 * (rounded - picture(one, SIZE, Reference()))).max(axis=2)
            resolved = away < 0.25
            for way in WAYS if data.get("isQuick") else WAYS[:1]:
                text, first, took = page.evaluate(DRAW, [data, SIZE, way, SPEED])
                off = np.abs(_pixels(text) - exact).max(axis=2)
                beyond = (off[resolved] > 1).mean() if resolved.any() else 0.0
                unresolved = float(1 - resolved.mean())
                speed = SPEED[0] * SPEED[1] / took
                yield Row(name, way, int(off.max()), float(beyond), unresolved, first, speed)


def _pixels(text: str) -> NDArray[np.int64]:
    width, height = SIZE
    bytes_ = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)
    return bytes_[..., :3].astype(np.int64)

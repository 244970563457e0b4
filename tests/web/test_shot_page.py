"""The page of a shot, driven as a person would: by mouse, keys, fingers and links."""

from __future__ import annotations

import json
import shlex
from base64 import b64decode
from io import BytesIO
from math import cos, sin
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page

import netart
from netart.shot.fields import fewest_texts
from netart.shot.shot import Shot
from netart.shot.timeline import Key, Pace, Timeline, Track
from netart.web.formats import FORMS
from netart.web.origin import Origin, origin_of
from netart.web.picture import AUTO_SAMPLES
from netart.web.shot_page import shot_data, shot_page
from tests.browser import UNPACKED, Modules, Open

pytestmark = pytest.mark.slow  # a browser is started

HOSTILE = "</title></script><script>window.run = 1</script>\"' & \u202e\u2028"
SIZE = 240, 160
DESKTOP: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}
PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}

STATE = "ownPage.state"
COMMAND = "commandOf(ownPage.data.origin, ownPage.state, ownPage.base, ownPage.size)"
REST = "() => new Promise(resolve => { ownPage.progressive.onRest = resolve; ownPage.show(); })"

# The canvas of a page that rests, as a PNG.
CANVAS = """() => new Promise(resolve => {
    ownPage.progressive.onRest = () => {
        ownPage.progressive.present();
        resolve(ownPage.canvas.toDataURL());
    };
    ownPage.show();
})"""


def small(**fields: Any) -> Shot:
    return netart.new(layers="3x8", seed=3, samples=1, **fields)


def html(shot: Shot, name: str = "small") -> str:
    return shot_page(shot, origin_of(name, shot))


@pytest.fixture
def desktop(open_page: Open) -> Page:
    shot = small(light="relief", latent={"a": 0.2})
    return open_page(html(shot), SIZE, **DESKTOP)


def state(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(STATE)
    return found


def wait_for(page: Page, condition: str) -> None:
    """Waits until an expression holds; Playwright's own way would be refused by the policy."""
    for _ in range(500):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(condition)


def changed(page: Page) -> dict[str, str]:
    """What the link says when it has been written."""
    fragment = page.evaluate("fragmentOf(ownPage.state, ownPage.base)")
    return dict(pair.split("=", 1) for pair in fragment[1:].split("&") if pair)


# Moves each slider, and resets it: [field, what differs, the slider's text, what then differs].
SLIDERS = """() => [...document.querySelectorAll("#panel input[type=range]")].map(slider => {
    const differing = () => Object.keys(differingTexts(ownPage.state, ownPage.base));
    const row = slider.parentElement;
    if (slider.value === slider.max) slider.stepDown();
    else slider.stepUp();
    slider.dispatchEvent(new Event("input"));
    slider.dispatchEvent(new Event("change"));
    const moved = differing(), text = slider.getAttribute("aria-valuetext");
    const shown = row.querySelector("output").value;
    row.querySelector("button").click();
    const reset = differing();
    ownPage.startAgain();
    return [slider.dataset.field, moved, text === shown ? [] : [text, shown], reset];
})"""


def test_every_slider_changes_its_field_and_is_reset(desktop: Page) -> None:
    desktop.click("[aria-controls=panel]")
    found = desktop.evaluate(SLIDERS)
    assert {field.partition(".")[0] for field, *_ in found} == {
        "weight_scale", "bias_scale", "latent", "radius", "rotate", "layer", "contrast", "gamma",
        "light_height", "light_azimuth", "light_elevation", "light_gloss", "light_exponent",
        "light_metal",
    }  # fmt: skip
    for field, moved, is_said, reset in found:
        name = field if field.startswith("latent") else field.partition(".")[0]
        # Contrast stays as it was measured while others move, but for other read-outs.
        assert set(moved) == {name, *(["contrast"] if field != "layer" else [])}, field
        assert is_said == [], field
        assert set(reset) <= {"contrast"} - {name}, field
    slider = desktop.locator("[data-field=gamma]")
    slider.press("ArrowRight")
    assert float(changed(desktop)["gamma"]) > 1
    slider.dblclick()
    assert "gamma" not in changed(desktop)


KEYS = {
    "ArrowLeft": {"center"}, "ArrowUp": {"center"}, "+": {"center", "radius"}, "-": {"radius"},
    ",": {"rotate"}, ".": {"rotate"}, "n": {"seed"}, "p": {"seed"}, "r": {"seed"}, "m": {"mix"},
    "Shift+L": {"layer"}, "[": {"weight_scale"}, "]": {"weight_scale"}, "b": {"light_height"},
    "Shift+B": {"light_height"},
    "1": {"latent.a"}, "Shift+1": {"latent.a"}, "o": set(), "Control+ArrowLeft": {"center"},
}  # fmt: skip


def test_every_key_changes_what_the_help_says(desktop: Page) -> None:
    desktop.mouse.move(200, 40)
    for key, fields in KEYS.items():
        desktop.keyboard.press(key)
        assert set(changed(desktop)) - {"contrast"} - {"center"} == fields - {"center"}, key
        desktop.keyboard.press("u" if key in "nr" else "0")
        assert changed(desktop) == {}, key
    desktop.keyboard.press("n")
    desktop.keyboard.press("n")
    assert changed(desktop) == {"seed": "5"}
    desktop.keyboard.press("Control+z")
    assert changed(desktop) == {"seed": "4"}
    desktop.keyboard.press("Control+y")
    assert changed(desktop) == {"seed": "5"}
    desktop.keyboard.press("i")
    desktop.mouse.move(120, 80)  # the middle
    assert desktop.text_content("#point") == "x 0.0000   y 0.0000"
    desktop.keyboard.press("h")
    listed = desktop.locator("dialog dt").all_text_contents()
    assert {"np", "[]", "s", "wheel", "ctrl-drag", "pinch", "Controls"} <= set(listed)
    words = desktop.locator("dialog dd").all_text_contents()
    assert {"save picture", "copy command"} <= set(words)  # as on the buttons
    sheet = "getComputedStyle(document.querySelector('dialog')).backgroundColor"
    assert desktop.evaluate(sheet) == "rgb(250, 249, 247)"  # nothing shines through
    assert "aA" not in listed  # another activation is another shader
    desktop.keyboard.press("n")
    assert changed(desktop) == {"seed": "5"}  # the page is behind the help
    desktop.keyboard.press("h")
    assert not desktop.locator("dialog").is_visible()


def test_the_mouse_drags_zooms_and_lights(desktop: Page) -> None:
    before = state(desktop)
    desktop.mouse.move(120, 80)
    desktop.mouse.down()
    desktop.mouse.move(150, 80, steps=3)
    desktop.mouse.up()
    # 30 of 80 pixels of the half side, to the right.
    assert state(desktop)["center"] == pytest.approx([-30 / 80 * before["radius"], 0], abs=1e-9)
    desktop.keyboard.press("u")  # one drag is one step
    assert state(desktop) == before
    desktop.mouse.wheel(0, -100)
    assert state(desktop)["radius"] == pytest.approx(before["radius"] / 1.12)
    desktop.keyboard.press("0")
    desktop.mouse.dblclick(160, 80)
    after = state(desktop)
    assert after["radius"] == pytest.approx(before["radius"] / 2)
    assert after["center"] == pytest.approx([40 / 80 * before["radius"] / 2, 0], abs=1e-7)
    desktop.keyboard.press("0")
    desktop.keyboard.down("Control")
    desktop.mouse.move(120, 40)
    desktop.mouse.down()
    desktop.mouse.up()
    desktop.keyboard.up("Control")
    assert state(desktop)["light_azimuth"] == 90


def test_a_link_says_the_state(open_page: Open, desktop: Page) -> None:
    desktop.keyboard.press("n")
    desktop.keyboard.press("ArrowRight")
    wait_for(desktop, "location.hash.startsWith('#seed=4&center=')")
    left = state(desktop)
    desktop.reload()
    desktop.evaluate(UNPACKED)
    assert state(desktop) == left
    desktop.evaluate("location.hash = '#seed=18446744073709551615&gamma=2&radius=-1&nope=<b>'")
    wait_for(desktop, "ownPage.state.gamma === 2")
    assert changed(desktop) == {"seed": "18446744073709551615", "gamma": "2"}
    assert desktop.text_content("#notice") == "ignored in the link: radius, nope"


def test_a_saved_picture_and_the_command_line_are_the_state(
    open_page: Open, tmp_path: Path
) -> None:
    shot = small(latent={"a": 0.2})
    page = open_page(html(shot, "small"), SIZE, **DESKTOP)
    for key in ("n", "m", ",", "[", "1", "+"):
        page.keyboard.press(key)
    path = tmp_path / "saved.png"
    assert save(page, path) == "small.png"
    saved = netart.load(path)
    assert isinstance(saved, Shot)
    netart.render(path, SIZE, backend="cpu").save(tmp_path / "drawn.png")
    with Image.open(path) as image, Image.open(tmp_path / "drawn.png") as drawn:
        assert image.info["srgb"] == 0
        assert farthest(image, drawn) <= 1
    page.keyboard.press("x")
    wait_for(page, "document.getElementById('notice').textContent.startsWith('copied: netart')")
    command = page.evaluate("navigator.clipboard.readText()")
    assert typed(command) == saved
    assert command.endswith(" --size 240x160")
    # Of another scale netart would find another radius.
    page.keyboard.press("0")
    page.keyboard.press("]")
    assert typed(page.evaluate(COMMAND)).view == shot.view


def typed(command: str) -> Shot:
    """The shot that a command line says, without SOURCE and size."""
    program, verb, *words = shlex.split(command)
    assert [program, verb] == ["netart", "render"]
    options = dict(zip(words[::2], words[1::2], strict=True))
    del options["--size"]
    return netart.new(**{name[2:].replace("-", "_"): text for name, text in options.items()})


def test_what_browsers_refuse_to_copy_is_said(desktop: Page) -> None:
    desktop.evaluate(
        "navigator.clipboard.writeText = () => {"
        ' throw new DOMException("no", "NotAllowedError"); };'
        "document.execCommand = () => false"
    )
    for name, said in (("Copy command", "not copied"), ("Copy link", "refuses to copy")):
        desktop.evaluate(
            "name => ownPage.panel.querySelectorAll('button').forEach("
            "each => each.textContent === name && each.click())",
            name,
        )
        wait_for(desktop, f"document.getElementById('notice').textContent.includes('{said}')")


def test_saved_pictures_are_those_that_netart_draws(open_page: Open, tmp_path: Path) -> None:
    """Of the page's own shot all that the file says is the same; of another seed contrast is
    measured again, as by `--seed`. Films' words are those of the shots of which they are made.
    """
    shot = small(contrast="eased")
    page = open_page(html(shot), SIZE)
    save(page, tmp_path / "a.png")
    netart.render(shot, SIZE, backend="cpu").save(tmp_path / "b.png")
    with Image.open(tmp_path / "a.png") as a, Image.open(tmp_path / "b.png") as b:
        assert json.loads(a.info["netart"]) == json.loads(b.info["netart"])
        assert farthest(a, b) <= 1
    page.keyboard.press("n")
    assert changed(page) == {"seed": "4"}
    save(page, tmp_path / "a.png")
    assert netart.load(tmp_path / "a.png") == shot.but(seed=4)
    netart.render(shot, SIZE, backend="cpu", seed=4).save(tmp_path / "b.png")
    with Image.open(tmp_path / "a.png") as a, Image.open(tmp_path / "b.png") as b:
        assert farthest(a, b) <= 1


def test_a_picture_whose_samples_are_auto_is_saved_as_smooth_as_it_rests(
    open_page: Open, tmp_path: Path
) -> None:
    shot = small().but(samples="auto", weight_scale=12)
    page = open_page(html(shot), SIZE)
    save(page, tmp_path / "a.png")
    assert netart.load(tmp_path / "a.png") == shot
    netart.render(shot, SIZE, backend="cpu", samples=AUTO_SAMPLES).save(tmp_path / "b.png")
    with Image.open(tmp_path / "a.png") as a, Image.open(tmp_path / "b.png") as b:
        assert farthest(a, b) <= 1


# Other values of all that a page of `small(light="relief")` changes.
OTHERS: dict[str, Any] = {
    "mix": {5: 0.8, 9: 0.5}, "weight_scale": 0.9, "bias_scale": 0.4, "latent": {"a": 0.5},
    "center": (0.1, -0.2), "radius": 0.8, "rotate": 30, "layer": 2.25,
    "contrast": ((-1, 1.5), (-2, 1), (-1, 1)), "gamma": 1.4, "light_height": 0.5,
    "light_azimuth": 40, "light_elevation": 60, "light_gloss": 0.9, "light_exponent": 20,
    "light_metal": 0.5,
}  # fmt: skip


def test_every_field_is_drawn_as_netart_does(open_page: Open, tmp_path: Path) -> None:
    shot = small(light="relief", latent={"a": 0.2})
    page = open_page(html(shot), SIZE)
    fields = {name.partition(".")[0] for name in page.evaluate("Object.keys(ownPage.base)")}
    assert fields <= set(OTHERS)
    other = shot.but(**{name: OTHERS[name] for name in fields})
    texts = fewest_texts(other, shot)
    assert texts
    latent = texts.pop("latent").removeprefix("a=")
    page.evaluate(f"location.hash = {urlencode({**texts, 'latent.a': latent})!r}")
    wait_for(page, "ownPage.state.gamma === 1.4")
    save(page, tmp_path / "a.png")
    assert netart.load(tmp_path / "a.png") == other
    netart.render(other, SIZE, backend="cpu").save(tmp_path / "b.png")
    with Image.open(tmp_path / "a.png") as a, Image.open(tmp_path / "b.png") as b:
        assert farthest(a, b) <= 1


def test_lines_are_as_wide_on_every_screen(open_page: Open, tmp_path: Path) -> None:
    """On a screen of two pixels for one, and in a picture of twice the window's size."""
    shot = netart.new(layers="2x6", seed=3, samples=2, lens="lines", line_width=2)
    page = open_page(html(shot), (60, 40), **DESKTOP, device_scale_factor=2)
    url = page.evaluate(CANVAS)
    with Image.open(BytesIO(b64decode(url.partition(",")[2]))) as canvas:
        netart.render(shot, (120, 80), backend="cpu", line_width=4).save(tmp_path / "b.png")
        with Image.open(tmp_path / "b.png") as drawn:
            assert farthest(canvas, drawn) <= 1
    page.evaluate("ownPage.sizes.value = '2'")
    save(page, tmp_path / "a.png")
    assert netart.load(tmp_path / "a.png") == shot.but(line_width=8)
    netart.render(tmp_path / "a.png", SIZE, backend="cpu").save(tmp_path / "b.png")
    with Image.open(tmp_path / "a.png") as a, Image.open(tmp_path / "b.png") as b:
        assert farthest(a, b) <= 1
    page.keyboard.press("x")
    wait_for(page, "document.getElementById('notice').textContent.startsWith('copied: netart')")
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.endswith("--lens lines --line-width 4 --samples 2 --size 120x80")
    assert page.evaluate("ownPage.state.line_width") == 2
    page.evaluate("location.hash = 'line_width=40'")
    wait_for(page, "ownPage.state.line_width === 40")
    save(page, tmp_path / "a.png")
    notice = page.text_content("#notice")
    assert notice == f"saved {SIZE[0]}×{SIZE[1]}   line_width is limited to 100"
    assert netart.load(tmp_path / "a.png") == shot.but(line_width=100)
    none = "scaleWidths({ line_width: 0 }, ownPage.data.controls, 2).line_width"
    assert page.evaluate(none) == 0


def save(page: Page, path: Path) -> str:
    """Saves the picture; returns the name that the page gave it."""
    with page.expect_download() as waiting:
        page.keyboard.press("s")
    waiting.value.save_as(path)
    return waiting.value.suggested_filename


def farthest(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of two pictures, of 255."""
    a, b = (np.asarray(image.convert("RGB")).astype(int) for image in (one, other))
    return int(np.abs(a - b).max())


def test_pages_change_no_network_whose_weights_they_hold() -> None:
    def names(**fields: Any) -> set[str]:
        data = shot_data(small(**fields), Origin("small"))
        return {control["name"] for control in data["controls"]}

    network = {"mix", "weight_scale", "bias_scale"}
    assert names() >= network
    assert not names(latent=dict.fromkeys((f"l{k}" for k in range(61)), 0)) & network
    assert not names(lens="landscape", output=1, drape="picture") & network


def test_the_help_lists_a_light_where_there_is_one() -> None:
    def mouse(**fields: Any) -> list[str]:
        rows = shot_data(small(**fields), Origin("small"))["help"]["mouse"]
        return [label for label, _ in rows]

    assert mouse() == mouse(light="contour") == ["wheel", "drag", "double-click"]
    assert mouse(light="relief") == ["wheel", "drag", "ctrl-drag", "double-click"]


def test_of_very_many_inputs_those_of_the_picture_are_saved(open_modules: Modules) -> None:
    shot = small(latent=dict.fromkeys((f"l{k}" for k in range(61)), 0.5)).but(axes="l60,y")
    found = shot_data(shot, Origin("small"))
    data = {name: found[name] for name in ("metadata", "controls", "view")}
    state = {control["name"]: control["value"] for control in data["controls"]}
    found = open_modules("saving.js").evaluate(
        "([data, state, base]) => JSON.parse(metadataOf(data, state, base, [4, 3]))",
        [data, state | {"center": [0.75, -1]}, state],
    )
    assert list(map(float, found["shot"]["view"]["centre"])) == [0, -1, *60 * [0.5], 0.75]


class Fingers:
    """Fingers on a page."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def move(self, *steps: tuple[tuple[float, float], ...]) -> None:
        """Puts fingers down at the first places, moves them through the others, lifts them."""
        for k, places in enumerate(steps):
            self._send("touchMove" if k else "touchStart", places)
        self._send("touchEnd", ())

    def _send(self, kind: str, places: tuple[tuple[float, float], ...]) -> None:
        points = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_fingers_drag_pinch_turn_and_tap(open_page: Open) -> None:
    page = open_page(html(small()), (160, 240), **PHONE)
    radius = state(page)["radius"]
    fingers = Fingers(page)
    fingers.move(((60, 120), (100, 120)), ((50, 120), (110, 120)), ((40, 120), (120, 120)))
    after = state(page)
    assert after["radius"] == pytest.approx(radius / 2)
    assert after["center"] == pytest.approx([0, 0], abs=1e-7)
    assert after["rotate"] == 0
    page.evaluate("ownPage.startAgain()")
    around = [((40, 120), (40 + 80 * cos(t), 120 - 80 * sin(t))) for t in np.linspace(0, 1, 6)]
    fingers.move(*around)
    # Anticlockwise by a radian, of which the first 12 degrees begin the turn.
    assert state(page)["rotate"] == pytest.approx(-57.3 + 11.5, abs=0.1)
    assert state(page)["radius"] == pytest.approx(radius)
    page.evaluate("ownPage.startAgain()")
    fingers.move(*[((x, 120),) for x in (80, 90, 100, 120)])
    assert state(page)["center"][0] == pytest.approx(-40 / 80 * radius)
    page.evaluate("ownPage.startAgain()")
    fingers.move(((80, 120),))
    fingers.move(((80, 120),))
    assert state(page)["radius"] == pytest.approx(radius / 2)
    page.evaluate("document.body.classList.add('idle')")
    page.wait_for_timeout(500)
    seen = """document.querySelectorAll("#bar button").values().map(
        button => button.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    ).toArray()"""
    assert page.evaluate(seen)[:2] == [True, False]  # a mark stays where all else has faded
    page.tap("[aria-controls=panel]")
    for button in page.locator("#bar button, #panel button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.9, button


def test_keys_alone_reach_everything_whatever_it_is_called(open_page: Open) -> None:
    one = small()
    origin = origin_of(HOSTILE, one, about=f"{HOSTILE} of mine.")
    page = open_page(shot_page(one, origin), SIZE)
    about = page.get_attribute("meta[property='og:description']", "content")
    assert about == f"{' '.join(HOSTILE.split())} of mine. {page.evaluate('ownPage.data.about')}"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "picture"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_attribute("[aria-controls=panel]", "aria-expanded") == "true"
    assert page.text_content("#panel h2") == HOSTILE  # and no tag
    assert page.text_content("#panel header p") == f"{HOSTILE} of mine."
    assert page.evaluate("window.run") is None
    seen = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "document.activeElement.dataset.field ?? document.activeElement.textContent"
            )
        )
    assert {"seed", "weight_scale", "gamma", "Save picture", "Copy link", "Mix in"} <= seen
    page.keyboard.press("Escape")
    assert page.get_attribute("[aria-controls=panel]", "aria-expanded") == "false"


def test_axe_finds_no_serious_fault(open_page: Open) -> None:
    page = open_page(html(small(light="relief")), SIZE)
    page.click("[aria-controls=panel]")
    assert serious(page) == []


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_axe_finds_no_serious_fault_anywhere(
    open_page: Open, scheme: str, size: tuple[int, int]
) -> None:
    page = open_page(html(small(light="relief")), size, color_scheme=scheme)
    assert serious(page) == []
    page.click("[aria-controls=panel]")
    assert serious(page) == []
    page.keyboard.press("h")
    assert serious(page) == []


def serious(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"]) for one in found if one["impact"] in ("serious", "critical")]


def test_without_webgl_there_is_a_picture(browser: Browser, tmp_path: Path) -> None:
    path, shot = tmp_path / "page.html", small()
    path.write_text(html(shot), encoding="utf-8")
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector(".reason")
    assert page.text_content(".reason") == "This browser has no WebGL 2: this is a still picture."
    assert not page.locator("#bar").is_visible()
    seen = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"))[:90] / 255
    drawn = np.asarray(netart.render(shot, SIZE, backend="cpu"))[:90]
    # Coarser, but in its place: a few pixels off is farther away.
    moved = np.abs(seen[:, 4:] - drawn[:, :-4]), np.abs(seen[4:] - drawn[:-4])
    assert 1.5 * np.abs(seen - drawn).mean() < min(each.mean() for each in moved)
    context.close()


@pytest.mark.long
def test_a_lost_context_comes_back(open_page: Open) -> None:
    page = open_page(html(small()), SIZE)
    page.evaluate(REST)
    page.evaluate(
        "window.loss = ownPage.canvas.getContext('webgl2').getExtension('WEBGL_lose_context');"
        "loss.loseContext()"
    )
    page.wait_for_timeout(50)
    page.evaluate("loss.restoreContext()")
    page.evaluate(REST)
    assert not page.locator(".reason").count()
    page.evaluate("loss.loseContext()")  # for good
    page.wait_for_selector(".reason")
    assert "graphics stopped working" in (page.text_content(".reason") or "")
    assert page.locator("#still").is_visible()


# Loses all contexts that were made since it was first called, and brings the page's own back.
LOSE = """() => {
    const own = HTMLCanvasElement.prototype, get = own.getContext;
    if (window.contexts) {
        const losses = contexts.map(gl => gl.getExtension("WEBGL_lose_context"));
        losses.forEach(each => each.loseContext());
        setTimeout(() => losses[0].restoreContext());
    } else {
        window.contexts = [ownPage.canvas.getContext("webgl2")];
        own.getContext = function (...asked) {
            const found = get.apply(this, asked);
            if (asked[0] === "webgl2" && !contexts.includes(found)) contexts.push(found);
            return found;
        };
    }
}"""
MEASURED = "Boolean(ownPage.drawing.spansOf(ownPage.state))"


def test_contrast_is_measured_by_another_gpu_where_that_was_lost(open_page: Open) -> None:
    page = open_page(html(small()), SIZE)
    page.evaluate(LOSE)
    page.keyboard.press("n")
    wait_for(page, MEASURED)
    page.evaluate(LOSE)
    page.keyboard.press("n")
    wait_for(page, MEASURED)
    page.evaluate(REST)
    assert not page.locator(".reason").count()
    page.evaluate("ownPage.close()")
    assert page.evaluate("contexts.map(gl => gl.isContextLost())") == [True] * 3


def test_what_browsers_do_not_draw_is_a_picture(open_page: Open) -> None:
    shot = netart.new(layers="2x4", seed=3, lens="glass", activation="relu")
    page = open_page(html(shot), SIZE)
    assert page.text_content(".reason") == "Browsers do not draw the lens glass: this is a picture."
    assert page.evaluate("document.querySelector('img').naturalHeight") == 900
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") == (
        "rgb(244, 243, 240)"
    )
    # Of a film its first frame, and not more.
    track = Track("seed", (Key(0.0, "3"), Key(1.0, "4")))
    film = Timeline(shot=shot, tracks=(track,), pace=Pace(frames=2))
    assert "the lens glass: this is the first frame of a film." in shot_page(film, Origin("film"))
    assert FORMS[".html"].limit(film).endswith("the lens glass: the page shows its first frame")

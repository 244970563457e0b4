"""Galleries: a sheet as a page whose panels open live."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import Numbers
from netart.lens import picture
from netart.shot.sheet import Layout, Over, Sheet
from netart.shot.shot import Shot
from netart.web import gallery
from netart.web.bundle import script
from netart.web.html import Link, add_links
from netart.web.origin import Origin
from tests.browser import Modules, Open
from tests.shots import over, shot

pytestmark = pytest.mark.slow  # a browser is started

SHADER = "void act() {\n    x = 1;\n    y = 2;\n}\nvoid main() {\n    act();\n    z = 3;\n}\n"


def sheet(*varied: str, **layout: Any) -> Sheet:
    base = shot(layers="2x4", radius="2", samples="1")
    return Sheet(shot=base, overs=tuple(map(over, varied)), layout=Layout(**layout))


def test_what_panels_share_is_written_once(open_modules: Modules) -> None:
    values = [
        {
            "fragment": 9 * SHADER.replace("2", str(number // 3)),
            "uniforms": {"u_low": [1.5, number], "u_one": 1, "none": None},
            "state": {"seed": str(2**64 - 1 - number), **({"layer": 1} if number == 4 else {})},
            "text": "text",
        }
        for number in range(9)
    ]
    written = gallery.share(values)
    assert len(json.dumps(written)) < len(json.dumps(values)) / 2
    opened = open_modules("gallery.js")
    read = "data => Array.from({ length: 9 }, (_, number) => expand(data, number))"
    assert opened.evaluate(read, written) == values


def test_what_is_said_of_a_panel_holds_for_what_it_shows(open_modules: Modules) -> None:
    opened = open_modules("gallery.js")

    def held(rest: str, *fields: str) -> str:
        texts = {field: field for field in fields}
        return " ".join(opened.evaluate("all => whatHolds(...all)", [texts, rest]))

    assert held("", "layer", "seed") == "layer seed"
    assert held("layers=2&gamma=2&mix=7%3A1%2C8%3A1", "layer", "seed", "latent.a") == (
        "layer latent.a"
    )
    assert held("seed=7", "mix") == ""
    assert held("latent.a=1", "latent.a", "latent.ab", "latent") == "latent.ab"
    assert held("center=1,2", "center.x", "rotate") == "rotate"
    assert held("weight_scale=2", "detail", "weight_scale", "bias_scale") == "bias_scale"


# A gallery of empty panels, which write down what opens.
GALLERY = """grid => {
    window.log = [];
    document.body.innerHTML = grid + "<div id='live' hidden><canvas tabindex=0></canvas></div>";
    const list = document.querySelector("ol"), live = document.getElementById("live");
    window.gallery = new Gallery(list, live, (number, state) => {
        log.push(["open", number, state]);
        live.firstChild.focus();
        return {
            close: () => log.push(["close", number]),
            setState: s => log.push(["state", s]),
            state: () => state || `gamma=${number}`,
        };
    }, text => text && log.push(["say", text]));
}"""


def test_a_panel_opens_and_returns_by_keys_links_and_history(open_modules: Modules) -> None:
    six = sheet("seed=1..6", panel=(96, 64), labels=True)
    grid = gallery.grid(six, gallery.previews(six))
    opened = open_modules("gallery.js")
    opened.evaluate(GALLERY, grid)

    def log() -> list[list[Any]]:
        found: list[list[Any]] = opened.evaluate("log.splice(0)")
        return found

    assert opened.get_by_role("link").all_text_contents() == [f"seed {k}" for k in range(1, 7)]
    assert opened.get_by_role("img", name="seed 4").evaluate("each => each.naturalWidth") == 480
    opened.get_by_role("link").nth(2).focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Enter")
    opened.wait_for_function("gallery.number == 4")
    assert log() == [["open", 4, ""]]
    steps = opened.evaluate("history.length")
    assert not opened.get_by_role("list").is_visible()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate("location.hash") == "#panel=1"
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("Shift+ArrowLeft")  # which is the panel's
    moves = [["close", 4], ["open", 5, ""], ["close", 5], ["open", 6, ""], ["close", 6]]
    assert log() == [*moves, ["open", 1, ""], ["close", 1], ["open", 6, "gamma=6"]]
    assert opened.evaluate("location.hash") == "#panel=6&gamma=6"
    opened.keyboard.press("Escape")
    opened.wait_for_function("!location.hash")
    assert log() == [["close", 6]]
    assert opened.evaluate("document.activeElement.hash") == "#panel=6"
    assert opened.evaluate("history.length") == steps  # it went back
    # The history's own button, and a link with a state of the panel.
    opened.get_by_role("link").nth(1).click()
    opened.wait_for_function("gallery.number == 2")
    opened.evaluate("history.back()")
    opened.wait_for_function("gallery.number == 0")
    opened.evaluate("location.hash = 'panel=1'")
    opened.wait_for_function("gallery.number == 1")
    opened.keyboard.press("ArrowLeft")
    opened.evaluate("location.hash = ''")
    opened.wait_for_function("gallery.number == 0")
    opens = [each[1:] for each in log() if each[0] == "open"]
    assert opens == [[2, ""], [1, ""], [6, ""]]  # as the grid says
    opened.evaluate("location.hash = 'panel=3&seed=9'")
    opened.evaluate("location.hash = 'panel=3&seed=10'")
    opened.wait_for_function("log.length == 2")
    assert log() == [["open", 3, "seed=9"], ["state", "seed=10"]]
    opened.keyboard.press("Escape")
    opened.wait_for_function("log.length == 1")
    opened.evaluate("location.hash = 'panel=7'")
    opened.wait_for_function("log.length == 2")
    assert log() == [["close", 3], ["say", "ignored in the link: panel=7"]]
    assert not opened.evaluate("location.hash")


def test_previews_of_many_panels_stay_small() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (8, 480, 240, 3), np.uint8)
    images = gallery.compress(list(noise))
    assert gallery.MAX_PREVIEWS / 3 < sum(map(len, images)) <= gallery.MAX_PREVIEWS


def test_a_sheet_of_too_many_panels_is_refused() -> None:
    seeds = Sheet(shot=shot(), overs=(Over.of_seeds("1..1001"),))
    with pytest.raises(NetartError, match="1,001 panels: a page holds 1,000"):
        gallery.gallery_page(seeds, Origin("seeds"))


def band(opened: Page) -> NDArray[np.int16]:
    """The rows in the middle of a window of 320 by 240, which no control covers."""
    image = Image.open(io.BytesIO(opened.screenshot())).convert("RGB")
    return np.asarray(image, np.int16)[80:160]


def drawn(panel: Shot) -> NDArray[np.int16]:
    """The same rows of a shot's picture."""
    pixels = picture(panel, (320, 240), Cpu(), Numbers("u1"))
    return np.asarray(pixels, np.int16)[80:160]


def test_a_panel_is_drawn_live_and_its_state_is_in_the_link(open_page: Open) -> None:
    table = sheet("seed=1..2", "activation=sin,gaussian", panel=(60, 40))
    table = replace(table, shot=table.shot.but(points="0,0,1;1,0.5,2", point_size=12))
    html = gallery.gallery_page(table, Origin("table", ("table",)))
    opened = open_page(html, (320, 240), bypass_csp=True)  # so that it can be waited for
    opened.get_by_role("link").nth(2).click()
    opened.wait_for_selector("#still.gone", state="attached")
    opened.wait_for_timeout(700)  # samples are drawn when nothing moves
    assert np.abs(band(opened) - drawn(table.panel(3))).mean() < 1.5
    assert np.abs(band(opened) - drawn(table.panel(1))).mean() > 10
    assert opened.title() == "seed 1, activation gaussian · table"
    assert opened.locator("#panel h2").text_content() == "table#3"  # as its command says
    opened.keyboard.press("n")
    opened.wait_for_function("location.hash == '#panel=3&seed=2'")
    assert opened.title() == "#3 activation gaussian · table"
    opened.keyboard.press("ArrowRight")
    opened.wait_for_function("location.hash == '#panel=4'")
    opened.keyboard.press("n")
    opened.keyboard.press("ArrowLeft")
    opened.wait_for_function("location.hash == '#panel=3&seed=2'")
    opened.keyboard.press("ArrowRight")
    opened.wait_for_function("location.hash == '#panel=4&seed=3'")
    assert opened.get_by_role("heading").first.text_content() == "#4 activation gaussian"
    opened.keyboard.press("0")
    opened.wait_for_function("location.hash == '#panel=4'")
    opened.reload()
    opened.wait_for_selector("#still.gone", state="attached")
    assert opened.get_by_role("heading").first.text_content() == "seed 2, activation gaussian"
    for key in ("h", "ArrowRight", "Escape"):  # the page is behind the help
        opened.keyboard.press(key)
    assert opened.evaluate("location.hash") == "#panel=4"
    opened.evaluate("document.body.classList.add('idle')")
    opened.keyboard.press("Escape")
    opened.wait_for_selector("#picture", state="detached")
    assert opened.get_attribute("body", "class") == ""
    assert opened.get_by_role("link").count() == 4


def test_heads_and_captions_say_what_panels_are(open_page: Open) -> None:
    table = sheet("seed=1..3", "weight_scale=0.5,0.54525386633,1,2,3,4,5,6", panel=(60, 40))
    opened = open_page(gallery.gallery_page(table, Origin("table")), (800, 300))
    heads, captions = opened.locator(".head"), opened.locator("a span")
    texts = ["seed →weight scale ↓", *"123", "0.5", "0.5453", *"123456"]
    assert heads.all_text_contents() == texts
    assert captions.nth(4).text_content() == "seed 2, weight scale 0.5453"
    assert opened.get_by_role("img").nth(4).get_attribute("alt") == captions.nth(4).text_content()
    assert not captions.first.is_visible()
    # Where the page is scrolled, down and up, they stay in sight, beside the panels that they name.
    for place, row_head in ((23, heads.last), (8, heads.nth(6))):
        panel = opened.get_by_role("link").nth(place)
        panel.evaluate("each => each.scrollIntoView()")
        across, down, there = (each.bounding_box() for each in (heads.nth(3), row_head, panel))
        assert across and down and there
        assert 0 <= across["y"] < across["y"] + across["height"] < there["y"] < 300
        assert abs(across["x"] - there["x"]) < 1 > abs(down["y"] - there["y"])
    opened.set_viewport_size({"width": 320, "height": 300})
    assert captions.first.is_visible()
    assert not heads.first.is_visible()
    edges = opened.locator("a").evaluate_all("all => all.map(each => each.offsetLeft)")
    assert len(set(edges)) == 2  # columns
    assert max(edges) < 320
    opened.evaluate("location.hash = 'panel=2'")
    assert Axe().run(opened).response["violations"] == []


def test_landscapes_open_live(open_page: Open) -> None:
    both = sheet("lens=colour,landscape", panel=(60, 40))
    html = gallery.gallery_page(both, Origin("both"))
    html = add_links(html, [Link("next", "next.html", "›", "Next: next")])
    opened = open_page(html, bypass_csp=True)
    # A site's bar lies over nothing.
    link, name = (opened.get_by_role(role).first.bounding_box() for role in ("link", "heading"))
    assert link and name and link["y"] + link["height"] < name["y"]
    opened.evaluate("location.hash = 'panel=2'")
    opened.wait_for_selector("#still.gone", state="attached")
    assert not opened.get_by_role("link").count()
    opened.keyboard.press("Shift+ArrowRight")
    opened.wait_for_function("location.hash == '#panel=2&azimuth=-50'")
    opened.keyboard.press("ArrowLeft")
    opened.wait_for_selector("#still.gone", state="attached")
    opened.keyboard.press("Shift+ArrowRight")
    opened.wait_for_function("location.hash.startsWith('#panel=1&center=')")
    assert "LandscapeView" in script("landscape_gallery.js")
    assert "LandscapeView" not in script("shot_gallery.js")


def test_panels_that_browsers_do_not_draw_are_pictures(open_page: Open) -> None:
    curves = Sheet(
        shot=shot(lens="curves", layers="1x3", features="x", axes="x", outputs="1"),
        overs=(over("seed=1..2"),),
        layout=Layout(panel=(48, 32)),
    )
    opened = open_page(gallery.gallery_page(curves, Origin("curves")), (320, 240))
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.get_by_text("Browsers do not draw the lens curves: this is a picture.").wait_for()
    assert opened.locator("#live img").evaluate("each => each.naturalWidth") == 960

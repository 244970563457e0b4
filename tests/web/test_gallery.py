"""Galleries: a sheet as a page whose panels open live."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.shot.sheet import Layout, Over, Sheet
from netart.web import gallery
from tests.shots import over, shot
from tests.web.conftest import Modules

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


# A gallery of empty panels, which write down what opens.
GALLERY = """grid => {
    window.log = [];
    document.body.innerHTML = grid + "<div id='live' hidden><canvas tabindex=0></canvas></div>";
    const [list, live] = [document.querySelector("ol"), document.getElementById("live")];
    window.gallery = new Gallery(list, live, (number, root, state) => {
        log.push(["open", number, state]);
        root.firstChild.focus();
        return { close: () => log.push(["close", number]), setState: s => log.push(["state", s]) };
    });
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
    assert log() == [["open", 4, ""]]
    assert not opened.get_by_role("list").is_visible()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate("location.hash") == "#panel=1"
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("Shift+ArrowLeft")  # which is the panel's
    moves = [["close", 4], ["open", 5, ""], ["close", 5], ["open", 6, ""], ["close", 6]]
    assert log() == [*moves, ["open", 1, ""], ["close", 1], ["open", 6, ""]]
    opened.keyboard.press("Escape")
    opened.wait_for_function("!location.hash")
    assert log() == [["close", 6]]
    assert opened.evaluate("document.activeElement.hash") == "#panel=6"
    # The history's own button, and a link with a state of the panel.
    opened.get_by_role("link").nth(1).click()
    opened.go_back()
    assert log() == [["open", 2, ""], ["close", 2]]
    opened.evaluate("location.hash = 'panel=3&seed=9'")
    opened.evaluate("location.hash = 'panel=3&seed=10'")
    opened.wait_for_function("log.length == 2")
    assert log() == [["open", 3, "seed=9"], ["state", "seed=10"]]
    opened.keyboard.press("Escape")
    opened.wait_for_function("log.length == 1")
    opened.evaluate("location.hash = 'panel=7'")
    assert log() == [["close", 3]]


def test_previews_of_many_panels_stay_small() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (9, 480, 240, 3), np.uint8)
    images = gallery.compress(list(noise))
    assert gallery.MAX_PREVIEWS / 3 < sum(map(len, images)) <= gallery.MAX_PREVIEWS


def test_a_sheet_of_too_many_panels_is_refused() -> None:
    seeds = Sheet(shot=shot(), overs=(Over.of_seeds("1..1001"),))
    with pytest.raises(NetartError, match="1,001 panels: a page holds 1,000"):
        gallery.check(seeds)

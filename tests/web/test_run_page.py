"""Pages of runs: their numbers and lines as netart has them, and driven as people do."""

from __future__ import annotations

import dataclasses
import re
import shlex
from base64 import b64decode
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from PIL import Image
from playwright.sync_api import Page, expect

import netart
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.files.source import read_source
from netart.lens import draw
from netart.lens import lines as lens_lines
from netart.lens.arrangement import arrange
from netart.lens.bends import bent_on
from netart.lens.folding import fold
from netart.lens.polylines import polylines
from netart.net.build import to_network
from netart.net.datasets import Points
from netart.net.learning.data import PictureData, PointData
from netart.net.learning.trained import Trained, as_trained
from netart.net.network import Network
from netart.net.ops import ACTIVATIONS, FEATURES, Feature, feature_columns
from netart.net.piecewise import KINKED
from netart.pixels import Window
from netart.shot.document import Document, shot_of
from netart.shot.lens import Lines
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.view import View, affine
from netart.web.html import Link, add_links
from netart.web.origin import origin_of
from netart.web.run_data import weights_data
from netart.web.run_page import run_page
from netart.web.run_shots import prediction_shot
from tests.arrangements import (
    SQUARE,
    TILTED,
    WHOLE,
    coinciding_network,
    degenerate_network,
    random_network,
)
from tests.browser import Modules, Open
from tests.runs import RING, learned_run, made_run, written

pytestmark = pytest.mark.slow  # a browser is started


COPYING: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}
DRAWN = "new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))"


def layers_of(network: Network) -> list[dict[str, Any]]:
    return [
        {
            "units": len(layer.bias),
            "inputs": layer.weight.shape[1],
            "numbers": np.column_stack([layer.weight, layer.bias]).ravel().tolist(),
            "slopes": KINKED[layer.activation],
        }
        for layer in network.layers[:-1]
    ]


def test_lines_are_those_of_the_lens(open_modules: Modules) -> None:
    networks = [
        random_network(widths, seed) for seed, widths in enumerate([(16,) * 3, (9, 5), (4,)])
    ]
    networks += [random_network((6, 6, 6), 7, name) for name in ("leaky_relu", "abs")]
    networks += [
        one(seed) for one in (degenerate_network, coinciding_network) for seed in range(20)
    ]
    cases = [(one, WHOLE) for one in networks]
    cases.append((random_network((8, 8), 3, latents=("t",)), TILTED))
    given = [[layers_of(one), affine(view, one.inputs).tolist()] for one, view in cases]
    opened = open_modules("run_lines.js")
    drawn = opened.evaluate(
        """cases => cases.map(([layers, inputs]) => {
            for (const layer of layers) layer.numbers = Float64Array.from(layer.numbers);
            const found = arrange(fold(layers, inputs), [-1, -1], [1, 1]);
            return polylines(found).map(line => [line.unit, line.u, line.v, line.bendsOn]);
        })""",
        given,
    )
    for (one, view), lines in zip(cases, drawn, strict=True):
        found = arrange(fold(one, view, one.depth), *SQUARE)
        wanted = polylines(found)
        assert [line[0] for line in lines] == [line.unit for line in wanted]
        for (_, u, v, on), line in zip(lines, wanted, strict=True):
            assert on == found.bends_on[line.vertices].tolist()
            assert np.abs(np.stack([u, v], 1) - found.points[line.vertices]).max() < 1e-9
    shown = tuple(np.float32((k == 2) * (np.arange(16) == 1)) for k in range(3))
    bent = [
        f"{k},{unit}"
        for k, row in reversed(bent_on(networks[0], WHOLE, shown))
        for unit in np.flatnonzero(row)
    ]
    met = opened.evaluate(
        """([layers, inputs]) => {
            const at = (u, v) => inputs.map(([c, a, b]) => c + a * u + b * v);
            const run = { features: [["x", 0], ["y", 0]], bent: [true, true, true] };
            for (const layer of layers) {
                layer.numbers = Float64Array.from(layer.numbers);
                layer.activation = "relu";
            }
            return [...metUnits(run, layers, { at }, [[], [], [1]], false)];
        }""",
        given[0],
    )
    assert met == bent
    assert len(met) == 21  # in the picture alone 16
    a_line_of_y = opened.evaluate(
        """() => {
            const numbers = Float64Array.of(1, -0.5), bent = [true], features = [["y", 0]];
            const layer = { units: 1, inputs: 1, numbers, slopes: [0, 1] };
            const view = { center: [3, 0], radius: 2, basis: [[1, 0], [0, 1]] };
            const run = { exact: true, features, bent };
            return linesOf(run, [layer, layer], view, [40, 20], () => true)[0].v;
        }"""
    )
    assert a_line_of_y == [0.25, 0.25]


def test_weights_arrive_as_they_were_packed(open_modules: Modules) -> None:
    half, single = learned_run(widths=(5, 3)), made_run(steps=(0, 10, 1_000_000), widths=(4,))
    read = """async data => {
        const run = await readRun({ ...data, slopes: [], activations: [] });
        return run.steps.map(step => run.layers(timeOf(step)).flatMap(
            ({ numbers }) => [...numbers]));
    }"""
    opened = open_modules("run_data.js")
    for run, kind, bits in ((half, np.float16, 16), (single, np.float32, 32)):
        data = weights_data(run, 100_000)
        assert data["bits"] == bits
        assert np.array_equal(opened.evaluate(read, data), run.weights.astype(kind))


def test_large_runs_keep_fewer_steps_or_are_refused() -> None:
    steps = np.unique(np.geomspace(100, 1_000_000, 300).astype(int)).tolist()
    run = learned_run(steps=(0, *steps), widths=(8,))
    noise = np.random.default_rng(1).normal(size=run.weights.shape).astype(np.float32)
    run = dataclasses.replace(run, weights=noise)
    whole = weights_data(run, 100_000)
    thinned = weights_data(run, len(whole["weights"]) // 3)
    assert (len(whole["steps"]), whole["kept"], thinned["kept"]) == (301, 301, 301)
    assert 50 < len(thinned["steps"]) < 150
    assert len(thinned["weights"]) <= len(whole["weights"]) // 3
    assert (thinned["steps"][0], thinned["steps"][-1]) == (0, 1_000_000)
    gaps = np.diff(np.log1p(thinned["steps"][1:]))
    assert gaps.max() < 2.1 * gaps.min()
    with pytest.raises(NetartError, match="small: 33 weights: 8 steps of them take"):
        weights_data(run, 100)
    many = Trained(runs=tuple(dataclasses.replace(run, name=f"{k}") for k in range(7)))
    with pytest.raises(NetartError, match="small: 7 runs: a page shows 6 at most"):
        html(Shot(network=many))


def html(document: Document, name: str = "small") -> str:
    return run_page(document, origin_of(name, document))


def step(page: Page) -> int:
    page.evaluate(DRAWN)
    text = page.inner_text("#step")
    return int(text.removeprefix("step ").replace(",", ""))


def rest(page: Page) -> None:
    """Waits until all that is coarse while it moves is drawn as finely as it is at rest."""
    page.evaluate(DRAWN)
    page.evaluate("runPage.then(page => page.rest())")


def lines(page: Page, number: int = 0) -> list[str]:
    """Whose lines a picture has; those on which others bend in brackets."""
    page.evaluate(DRAWN)
    return page.evaluate(
        """async number => {
            const { lines } = (await runPage).panels[number];
            const names = lines.map(({ layer, unit, faint }) =>
                faint ? `(${layer + 1}.${unit + 1})` : `${layer + 1}.${unit + 1}`);
            return [...new Set(names)];
        }""",
        number,
    )


def test_the_page_of_a_run_is_driven_as_people_do(open_page: Open) -> None:
    document = read_source("ginn").document
    assert isinstance(document, Shot)
    run = as_trained(document.network).drawn
    kept = run.steps.tolist()
    opened = open_page(html(document), (900, 500))
    opened.wait_for_selector("canvas")
    assert step(opened) == run.last
    assert opened.inner_text("#numbers") == f"loss {run.loss[-1]:.3g} · 99.9% right"
    for key, index in (("J", -2), ("Home", 0), ("j", 1), ("PageDown", 11), ("ArrowLeft", 10)):
        opened.keyboard.press(key)
        assert step(opened) == kept[index]
    opened.focus("#slider")
    opened.keyboard.press("ArrowRight")
    assert step(opened) == kept[11]
    assert opened.get_attribute("#slider", "aria-valuetext") == (
        f"step {kept[11]:,}, {opened.inner_text('#numbers')}"
    )
    box = opened.locator("#chart").bounding_box()
    assert box
    opened.mouse.click(box["x"] + box["width"] - 1, box["y"] + 20)
    assert step(opened) == run.last
    opened.mouse.click(box["x"] + 1, box["y"] + 20)
    assert step(opened) == 0
    opened.keyboard.press("End")

    every = lines(opened)
    assert {name[0] for name in every} == {"1", "2", "3"}
    opened.keyboard.press("1")
    assert lines(opened) == [name for name in every if name[0] != "1"]
    opened.get_by_role("button", name="Layer 1").click()
    assert lines(opened) == every
    opened.get_by_role("button", name="No lines").click()
    assert lines(opened) == []
    own = next(name for name in every if name[0] == "2")
    unit = opened.get_by_role("button", name=f"Unit {own}", exact=True)
    unit.click()
    opened.mouse.move(0, 0)
    assert (lines(opened), unit.get_attribute("aria-pressed")) == ([own], "true")
    opened.keyboard.press("b")
    rest(opened)
    bent = lines(opened)
    assert bent[-1] == own
    assert len(bent) > 3
    assert all(name.startswith("(1.") for name in bent[:-1])
    many = opened.evaluate(
        """runPage.then(({ panels: [panel], state }) => {
            const [u, on] = [0, [0, 0]].map(each => Array(500).fill(each)), { lines } = panel;
            panel.lines = [{ layer: 1, unit: 0, u, v: u, bendsOn: on, faint: false }];
            panel.compose(state);
            panel.lines = lines;
            const middle = panel.size.map(side => side / 2);
            return [...panel.context.getImageData(...middle, 1, 1).data.subarray(0, 3)];
        })"""
    )
    assert many == [0x3F, 0x76, 0xF2]  # a dot in the colour of layer 1, however many there are
    opened.keyboard.press("k")
    assert opened.get_by_role("radio", name="Target").is_checked()
    link = f"#line_layers=&units={own}&backdrop=target&bends=true"
    expect(opened).to_have_url(re.compile(re.escape(link)))
    said = "step 1,270,000, loss 0.00234 · 99.9% right, lines of 1 of 48 units over target"
    expect(opened.locator("#status")).to_have_text(said)
    opened.reload()
    opened.wait_for_selector("canvas")
    rest(opened)
    assert lines(opened) == bent

    canvas = opened.locator("canvas").bounding_box()
    assert canvas
    point = opened.evaluate(
        """async () => {
            const [panel] = (await runPage).panels, line = panel.lines.at(-1);
            const { left, top, width } = panel.canvas.getBoundingClientRect();
            return [left + width * (1 + line.u[1]) / 2, top + width * (1 - line.v[1]) / 2];
        }"""
    )
    opened.mouse.move(*point)
    assert opened.inner_text("#tip").startswith(f"Unit {own}, bends on 1.")
    opened.mouse.click(*point)
    assert (
        opened.get_by_role("button", name="Unit 2.6", exact=True).get_attribute("aria-pressed")
        == "true"
    )  # it was alone: now all are
    opened.mouse.wheel(0, -300)
    expect(opened.get_by_role("button", name="Whole view")).to_be_enabled()
    opened.keyboard.press("0")
    expect(opened.get_by_role("button", name="Whole view")).to_be_disabled()

    opened.set_viewport_size({"width": 1280, "height": 800})  # where all buttons have room
    side = opened.locator("#side")
    assert side.evaluate("side => side.scrollHeight - side.clientHeight") <= 0
    opened.set_viewport_size({"width": 1920, "height": 1080})
    assert opened.locator("#about").evaluate("it => parseFloat(getComputedStyle(it).fontSize)") > 17
    opened.keyboard.press("h")
    listed = opened.locator("dialog dt").all_text_contents()
    assert {"space", "→j", "uctrl-z", "wheel", "pinch"} <= set(listed)
    opened.keyboard.press("h")
    expect(opened.locator("dialog")).to_be_hidden()


def save(page: Page, path: Path) -> str:
    """Saves the picture; returns the name that the page gave it."""
    with page.expect_download() as waiting:
        page.keyboard.press("s")
    waiting.value.save_as(path)
    return waiting.value.suggested_filename


def command(page: Page) -> list[str]:
    """The words of the command line that the page copies, switches with their value."""
    page.keyboard.press("x")
    expect(page.locator("#notice")).to_contain_text("netart")
    text = page.evaluate("navigator.clipboard.readText()")
    return shlex.split(re.sub(r"--(blend-steps|bends|show-data)", r"--\1 true", text))


def given(words: list[str]) -> dict[str, str]:
    """Field → text, of the options of a command line."""
    pairs = zip(words[::2], words[1::2], strict=True)
    return {name.removeprefix("--").replace("-", "_"): text for name, text in pairs}


def away(one: Path, other: Path) -> float:
    """How far two pictures are apart: the mean of all levels."""
    with Image.open(one) as first, Image.open(other) as second:
        levels = [np.asarray(image.convert("RGB"), int) for image in (first, second)]
    return float(np.abs(levels[0] - levels[1]).mean())


def test_a_saved_picture_and_the_command_line_are_what_is_shown(
    open_page: Open, tmp_path: Path
) -> None:
    document = read_source("ginn").document
    origin = origin_of("ginn", document, ("ginn",), shot_of(document))
    page = open_page(run_page(document, origin), (560, 320), **COPYING)
    page.wait_for_selector("canvas")
    page.evaluate(
        "location.hash = 'step=6000&line_layers=3&units=2.6&backdrop=target&bends=true'"
        "+ '&center=0.5,0.45&radius=0.4'"
    )
    expect(page.locator("#step")).to_have_text("step 6,000")
    drawn = {
        (f"{line['layer'] + 1}.{line['unit'] + 1}", len(line["u"])): (line["u"], line["v"])
        for line in page.evaluate("runPage.then(page => page.panels[0].lines)")
    }
    path, again = tmp_path / "saved.png", tmp_path / "again.png"
    assert save(page, path) == "ginn-6000.png"
    with Image.open(path) as image:
        size = image.size
        assert image.info["srgb"] == 0
    saved = netart.load(path)
    assert isinstance(saved, Shot)
    exact = {
        (each["unit"], len(line["uv"])): np.transpose(line["uv"])
        for each in lens_lines.data(saved, size)["units"]
        for line in each["lines"]
    }
    assert exact.keys() == drawn.keys()
    for name, places in exact.items():
        assert np.allclose(places, drawn[name], atol=1e-4), name
    program, verb, source, *words = command(page)
    assert (program, verb, source) == ("netart", "render", "ginn")
    fields = given(words)
    assert fields.pop("size") == "{}x{}".format(*size)
    said = netart.new("ginn", **fields)
    assert (said.lens, said.view, said.marks) == (saved.lens, saved.view, saved.marks)
    for one, other in zip(to_network(said.network).layers, to_network(saved.network).layers,
                          strict=True):  # fmt: skip
        assert np.allclose(one.weight, other.weight, atol=2e-3)

    page.keyboard.press("b")  # its dots are no part of a shot
    page.select_option("#sizes", "2")
    page.get_by_role("button", name="Save picture").focus()
    save(page, path)
    netart.render(path).save(again)
    assert away(path, again) < 2
    with Image.open(again) as image:
        assert image.size == (2 * size[0], 2 * size[1])
    page.evaluate("runPage.then(({ state }) => { state.lineWidth = 99; })")
    save(page, path)
    expect(page.locator("#notice")).to_contain_text("line_width is limited to 100")
    wide = netart.load(path)
    assert isinstance(wide, Shot)
    assert isinstance(wide.lens, Lines)
    assert wide.lens.line_width == 100
    page.get_by_role("button", name="No lines").click()
    assert given(command(page)[3:])["line_width"] == "0"
    save(page, path)
    bare = netart.load(path)
    assert isinstance(bare, Shot)
    assert isinstance(bare.lens, Lines)
    assert bare.lens.line_width == 0


def test_saved_pictures_of_several_runs_are_a_sheet_of_their_files(
    open_page: Open, tmp_path: Path
) -> None:
    runs = [learned_run(name, widths=(4, 3), seed=seed) for seed, name in enumerate("ab", 1)]
    for run in runs:
        written(tmp_path, run)
    shot = Shot(network=Trained(runs=tuple(runs)), view=View(radius=1.5), lens=Lines())
    origin = origin_of("two", shot, ("two.toml",), shot)
    page = open_page(run_page(shot, origin), (900, 500), **COPYING)
    page.wait_for_selector("canvas")
    for key in "kk+":  # over the prediction, nearer
        page.keyboard.press(key)
    page.evaluate("runPage.then(page => page.show({ time: timeOf(0.55) }))")  # as a sweep does
    path, again = tmp_path / "saved.png", tmp_path / "again.png"
    assert save(page, path) == "two-1.png"
    saved = netart.load(path)
    assert isinstance(saved, Sheet)
    assert as_trained(saved.shot.network).step == 1
    netart.sheet(saved).save(again)
    assert away(path, again) < 0.2  # without rims of points 1.3
    width, height = saved.layout.panel
    program, verb, source, *words = command(page)
    assert (program, verb, source) == ("netart", "sheet", "two.toml")
    view = saved.shot.view
    assert given(words) == {
        "over": "run=a,b", "step": "1", "backdrop": "regions", "show_data": "true",
        "radius": f"{view.radius:.6g}", "line_width": str(saved.shot.lens.line_width),
        "size": f"{width}x{height}",
    }  # fmt: skip
    page.evaluate(
        """runPage.then(({ panels }) => {
            panels[0].predictions.drawCoarse = () => { throw new GraphicsError("memory", "no"); };
        })"""
    )
    page.keyboard.press("s")
    expect(page.locator("#notice")).to_have_text("no")


def test_a_link_says_what_differs_from_the_start_and_steps_are_undone(open_page: Open) -> None:
    run = learned_run(widths=(3, 2))
    page = open_page(html(Shot(network=Trained(runs=(run,)), lens=Lines())), (900, 500))
    page.wait_for_selector("canvas")
    every = lines(page)
    page.evaluate(  # and the page itself writes its address before it hears of that
        "location.hash = 'step=10&backdrop=night&bends=true&units=1.2';"
        "history.replaceState(null, '', location.pathname)"
    )
    expect(page.locator("#step")).to_have_text("step 10")
    assert lines(page) == ["1.2"]
    page.evaluate("location.hash = 'step=100&units=9.9,1.x&foo=1&backdrop=sky&bends=1&radius=0'")
    expect(page.locator("#notice")).to_have_text(
        "ignored in the link: units 9.9, units 1.x, foo, backdrop, bends, radius"
    )
    assert (step(page), lines(page)) == (100, every)
    expect(page).to_have_url(re.compile("#step=100$"))
    expect(page.get_by_role("radio", name="Paper")).to_be_checked()
    page.evaluate("location.hash = 'line_layers=2&units=1.3,7.7'")
    expect(page.locator("#notice")).to_have_text("ignored in the link: units 7.7")
    assert {name for name in lines(page)} <= {"1.3", "2.1", "2.2"}
    page.go_back()
    expect(page.locator("#step")).to_have_text("step 100")
    assert lines(page) == every

    page.keyboard.press("Home")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(page.locator("#notice")).to_have_text("undone")
    expect(page.get_by_role("radio", name="Paper")).to_be_checked()
    page.keyboard.press("Control+z")
    assert step(page) == 100
    page.keyboard.press("Control+Shift+Z")
    assert step(page) == 1
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("radio", name="Night")).to_be_checked()
    page.keyboard.press("Control+y")
    expect(page.locator("#notice")).to_have_text("nothing to be redone")


def test_views_move_from_where_they_are(open_modules: Modules) -> None:
    start = {"center": [1, 2], "radius": 2, "basis": [[0, 1], [-1, 0]]}
    seen = open_modules("run_state.js").evaluate(
        """data => {
            const start = new View(data), zoomed = start.zoomed(0.5, [0.5, 0], start);
            const dragged = zoomed.moved([0, 0], [0.5, 0.25]).moved([0, 0], [0.5, 0.25]);
            const again = dragged.zoomed(0.5, [1, 1], start);
            return [start, zoomed, dragged, again].map(
                view => [view.center, view.at(1, 1), view.uv(...view.at(0.25, -0.5))]);
        }""",
        start,
    )
    centers, corners, places = zip(*seen, strict=True)
    assert centers == ([1, 2], [1, 1.5], [0.5, 2.5], [1, 2])
    assert corners == ([3, 0], [2, 0.5], [1.5, 1.5], [1.5, 1.5])
    assert places == ([0.25, -0.5],) * 4


def test_links_to_other_pages_lie_on_nothing_and_phones_reach_all(open_page: Open) -> None:
    shot = Shot(network=Trained(runs=(learned_run(widths=(3,)),)), lens=Lines())
    links = [Link("prev", "a.html", "‹", "Previous"), Link("index", "index.html", "all", "All")]
    page = open_page(add_links(html(shot), links), (390, 700))
    page.wait_for_selector("canvas")
    for size in ((390, 700), (700, 390), (1280, 800)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(50)
        bar = page.locator("#links").bounding_box()
        assert bar
        for name in ("canvas", "#play", "#fold"):
            box = page.locator(name).bounding_box()
            assert box
            assert box["y"] >= bar["y"] + bar["height"] or box["x"] >= bar["x"] + bar["width"]
        button = page.get_by_role("button", name="Redo")
        button.click()  # where nothing lies over it
    lit = "runPage.then(page => (page.resize(), new Promise(done => setTimeout(() =>"
    lit += " done(page.panels[0].context.getImageData(1, 1, 1, 1).data[3]), 100))))"
    assert page.evaluate(lit) == 255  # of the same size again


def test_a_sweep_shows_every_checkpoint_again_and_again(open_modules: Modules) -> None:
    times = [0, 0.7, 1, 1.05, 4]
    seen = open_modules("run_sweep.js").evaluate(
        """times => {
            let next = null, now = 0;
            window.requestAnimationFrame = callback => { next = callback; };
            return [false, true].map(isCalm => {
                const seen = [], sweep = new Sweep(times, time => seen.push(time), () => isCalm);
                sweep.play(4);
                for (let frame = 0; frame < 1000; ++frame) next(now += 50);
                sweep.stop();
                next(now += 50);
                return seen;
            });
        }""",
        times,
    )
    for one in seen:
        shown = [time for time, _ in groupby(one) if time in times]
        assert shown[:11] == [*times, *times, 0]
    moving, calm = seen
    assert len(moving) > 500
    assert set(calm) == set(times)


def test_several_runs_and_what_they_predict(open_page: Open) -> None:
    rng = np.random.default_rng(3)
    picture = PictureData("noise", rng.integers(0, 256, (8, 6, 1), dtype=np.uint8))
    three = PointData("three", Points(rng.normal(size=(9, 2)), np.arange(9) % 3 + 1))
    runs = []
    for name, data in (("grey", picture), ("two", RING), ("three", three)):
        run = learned_run(name, data=data, widths=(6, 5), seed=4)
        exact = run.weights.astype(np.float16).astype(np.float32)
        runs.append(dataclasses.replace(run, weights=exact))
    shot = Shot(network=Trained(runs=tuple(runs)), view=View(radius=1.5), lens=Lines())
    name = "</script><b>two\u202e"
    opened = open_page(html(shot, name), (900, 500))
    opened.wait_for_selector("canvas")
    assert opened.inner_text("#title") == name
    assert opened.locator("figcaption").all_inner_texts()[1].startswith("two\nloss 0.")
    for scheme, key in (("light", "x"), ("dark", "p")):  # with a notice, without controls
        opened.emulate_media(color_scheme=scheme)
        opened.keyboard.press(key)
        faults = Axe().run(opened).response["violations"]
        assert [(one["id"], one["nodes"]) for one in faults] == []
    opened.keyboard.press("p")
    size = 40, 30
    drawn = opened.evaluate(
        """async size => {
            const { panels, state, data } = await runPage, pixels = [];
            const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
            [canvas.width, canvas.height] = size;
            const draw = (predictions, run) => {
                const network = { run, layers: run.layers(run.times.at(-1)) };
                predictions.drawCoarse(context, network, state.view, 1e9);
                pixels.push([...context.getImageData(0, 0, ...size).data]);
            };
            for (const { run, predictions } of panels) draw(predictions, run);
            const byGpu = new Predictions(data.pictures);
            await byGpu.open([{ tints: null }]);
            for (const { run } of panels) draw(byGpu, run);
            return pixels;
        }""",
        size,
    )
    # Without a GPU slopes at edges of regions are differences of neighbours.
    most = [1, 16, 16, 1, 1, 1]
    for run, pixels, limit in zip(runs * 2, drawn, most, strict=True):
        own = replace(shot, network=Trained(runs=(run,)))
        wanted = draw(prediction_shot(own, run), size, Window.whole(size), Reference())
        levels = np.array(pixels).reshape(30, 40, 4)[..., :3]
        away = np.abs(levels - np.rint(255 * np.asarray(wanted)))
        assert away.max() <= limit
        assert (away > 1).mean() < 0.03


# SwiftShader by the name of a GPU, which pages then take for one.
MASK = """
const { prototype } = WebGL2RenderingContext, { getParameter } = prototype;
prototype.getParameter = function (name) {
    return name === 0x9246 ? "Mali-G78" : getParameter.call(this, name);
};
"""
# What lies under the lines, of all panels: at steps, each after a zoom and in the first view; then
# without the GPU, and after it came back.
BY_GPU = """
async steps => {
    const page = await runPage, { predictions } = page.panels[0], found = [];
    const take = async act => {
        const { drawn } = page;
        act();
        do await new Promise(requestAnimationFrame);
        while (page.drawn === drawn || !page.panels.every(panel => panel.isFine));
        const { center, radius } = page.state.view;
        found.push({ center, radius, byGpu: Boolean(predictions.gl), pixels: page.panels.map(
            ({ size, under }) => btoa(
                String.fromCharCode(...under.getImageData(0, 0, ...size).data))) });
    };
    page.change({ backdrop: "prediction" });
    for (const step of steps) {
        page.seek(timeOf(step));
        await take(() => page.zoom(0.4, [0.5, -0.3]));
        await take(() => page.change({ view: page.start.view }));
    }
    const loss = predictions.gl.getExtension("WEBGL_lose_context");
    await take(() => loss.loseContext());
    await take(() => loss.restoreContext());
    return [page.panels[0].size, found];
}
"""
# A picture wider than what a GPU draws at once, by it and without one.
WIDE = """
async () => {
    const { panels: [{ run, predictions }], data } = await runPage, found = [];
    const network = { run, layers: run.layers(run.times.at(-1)) };
    const view = new View({ ...data.view, radius: data.view.radius / 2000 });
    for (const one of [predictions, new Predictions(data.pictures)]) {
        const context = document.createElement("canvas").getContext("2d");
        Object.assign(context.canvas, { width: 9000, height: 3 });
        await one.refine(context, network, view, () => true);
        found.push(context.getImageData(0, 0, 9000, 3).data);
    }
    return Math.max(...found[0].map((level, k) => Math.abs(level - found[1][k])));
}
"""


def test_gpus_predict_what_netart_does_and_may_be_lost(open_page: Open) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (8, 6, 3), dtype=np.uint8)
    runs = []
    for name, data in (("colours", PictureData("noise", pixels)), ("classes", RING)):
        run = learned_run(name, data=data, widths=(6, 6, 6), seed=4)  # equal: any may be read out
        exact = run.weights.astype(np.float16).astype(np.float32)
        runs.append(dataclasses.replace(run, weights=exact))
    shot = Shot(network=Trained(runs=tuple(runs)), view=View(radius=1.5), lens=Lines())
    page = open_page(html(shot), (480, 300), before=MASK)
    page.wait_for_selector("canvas")
    size, found = page.evaluate(BY_GPU, [10, 1000])
    assert page.evaluate(WIDE) <= 1
    assert [one["byGpu"] for one in found] == [True] * 4 + [False, True]
    assert found[0]["radius"] < found[1]["radius"]
    levels = [
        [np.frombuffer(b64decode(text), np.uint8).reshape(*size[::-1], 4)[..., :3].astype(int)
         for text in one["pixels"]] for one in found
    ]  # fmt: skip
    assert found[3]["pixels"] == found[5]["pixels"] != found[4]["pixels"]
    for k, run in enumerate(runs):
        assert np.abs(levels[4][k] - levels[5][k]).mean() < 0.1
        for at, one, shown in zip((10, 10, 1000, 1000), found, levels, strict=False):
            view = View(centre=tuple(map(Decimal, one["center"])), radius=one["radius"])
            own = replace(shot, network=Trained(runs=(run,), step=at), view=view)
            drawn = prediction_shot(own, run)
            drawn = replace(drawn, look=replace(drawn.look, samples=2))
            wanted = draw(drawn, tuple(size), Window.whole(tuple(size)), Reference())
            assert np.abs(shown[k] - np.rint(255 * np.asarray(wanted))).max() <= 1


def test_activations_and_features_are_those_of_netart(open_modules: Modules) -> None:
    z = np.linspace(-4, 4, 33)
    kinds = [(kind, kind.parameters) for kind in FEATURES.values()]
    given = [
        [kind.name, [3.0, 2.0, 5.0] if len(taken) > 1 else 1.5 if kind.parametric else 0]
        for kind, taken in kinds
    ]
    found, columns = open_modules("run_network.js").evaluate(
        """([z, features]) => [
            Object.fromEntries(Object.entries(ACTIVATIONS).map(([name, f]) => [name, z.map(f)])),
            features.map(([name, k]) => z.map((x, i) => FEATURES[name](x, z[32 - i] / 3, k))),
        ]""",
        [z.tolist(), given],
    )
    assert found.keys() == ACTIVATIONS.keys()
    for name, values in found.items():
        assert np.allclose(values, ACTIVATIONS[name].function(z.copy()), atol=1e-12), name
    for (name, parameter), values in zip(given, columns, strict=True):
        taken = tuple(parameter) if isinstance(parameter, list) else parameter
        wanted = feature_columns((Feature(FEATURES[name], taken),), z, z[::-1] / 3)
        assert np.allclose(np.transpose(values), wanted, atol=1e-9), name

"""Films in pages: the path that a page computes, and a page that plays, is scrubbed and loops."""

from __future__ import annotations

import base64
import shlex
from decimal import Decimal
from itertools import pairwise
from math import isclose
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from playwright.sync_api import Page

import netart
from netart.draw.measurement import measured_film
from netart.evaluate.numbers import Numbers
from netart.evaluate.reference import Reference
from netart.files.metadata import Metadata, verify_metadata
from netart.lens import picture
from netart.net.recipe import Recipe
from netart.shot.document import shot_of
from netart.shot.easing import EASINGS
from netart.shot.fields import field
from netart.shot.parts import read_centre
from netart.shot.shot import Shot
from netart.shot.timeline import Key, Loop, Pace, Timeline, Track
from netart.web.describe import describe
from netart.web.film import film_data, why_film_stands
from netart.web.origin import Origin
from netart.web.shot_page import shot_data, shot_page
from tests.browser import Modules, Open
from tests.shots import shot

pytestmark = pytest.mark.slow  # a browser is started

SEEDS = ["3", "7", str(2**64 - 1), str(2**53 + 1), "500"]

FIELDS = {
    "mix": lambda rng: ",".join(
        f"{seed}:{share:.3g}"
        for seed, share in zip(
            rng.choice(SEEDS, 2, replace=False), rng.uniform(0.1, 2, 2),
            strict=True,
        )
    ),
    "weight_scale": lambda rng: f"{rng.uniform(0.1, 3)!r}",
    "gamma": lambda rng: f"{rng.uniform(0.2, 5)!r}",
    "latent.a": lambda rng: f"{rng.normal()!r}",
    "latent": lambda rng: f"b={rng.normal()!r},c={rng.normal()!r}",
    "center": lambda rng: "{!r},{!r}".format(*rng.normal(size=2).tolist()),
    "center.y": lambda rng: f"{rng.normal():.25f}",
    "radius": lambda rng: f"{10 ** rng.uniform(-9, 2)!r}",
    "rotate": lambda rng: f"{rng.uniform(-900, 900)!r}",
    "line_width": lambda rng: f"{rng.uniform(1, 4)!r}",
    "contrast": lambda rng: "{!r}:{!r}".format(*sorted(rng.normal(size=2).tolist())),
}  # fmt: skip


def random_timeline(number: int) -> Timeline:
    """A film of several fields, of all easings, ways and loops in turn."""
    rng = np.random.default_rng(number)
    names = rng.choice(list(FIELDS), 4, replace=False).tolist()
    if "center" in names and "center.y" in names:
        names.remove("center.y")
    easings = [*EASINGS, "bezier:0.25,0.1,0.25,1", "bezier:0,1.5,1,-0.5"]
    tracks = []
    for name in names:
        times = sorted({0.0, *rng.uniform(0, 1, rng.integers(0, 4)).round(3).tolist()})
        keys = tuple(Key(t, FIELDS[name](rng), str(rng.choice(easings))) for t in times)
        ways = ["hold", *(way for way in field(name).interpolations if way != "pinned")]
        tracks.append(Track(name, keys, str(rng.choice(ways[-2:] if number % 5 else ways))))
    if not {"center", "center.y"} & set(names) and number % 2:
        tracks.append(Track("center", (Key(0.0, "0.123456789012345678901234,-2"),), "pinned"))
    loops = [loop for loop in get_args(Loop) if loop != "cycle"]
    pace = Pace(frames=int(rng.integers(1, 60)), loop=loops[number % 3], rate="24000/1001")
    base = shot(layers="4x6", latent="a=0,b=0,c=0", center="0.1234567890123456789,-2.00000001")
    return Timeline(shot=base, tracks=tuple(tracks), pace=pace)


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, (Decimal, float)) else str(value)


def flat(value: Any) -> list[Any]:
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [value]


def expected(timeline: Timeline, t: float) -> dict[str, Any]:
    """What a page finds, of numbers at most float64's last digits apart."""
    found = {track.field: track.at(t) for track in timeline.tracks if not track.is_pinned}
    for name, value in found.pop("latent", ()):
        found[f"latent.{name}"] = value
    if any(track.field.startswith("center") for track in timeline.tracks):
        found.pop("center.y", None)
        found["center"] = read_centre(timeline.at(t))
    return {name: plain(value) for name, value in found.items()}


def agree(one: Any, other: Any) -> bool:
    """Whether values are equal, numbers to four units in the last place of float64."""
    pairs = list(zip(flat(one), flat(other), strict=True))
    return all(
        a == b or (not isinstance(a, str) and isclose(a, b, rel_tol=9e-16, abs_tol=1e-15))
        for a, b in pairs
    )


def test_a_page_finds_the_path_of_the_film(open_modules: Modules) -> None:
    films = [random_timeline(number) for number in range(20)]
    assert not any(map(why_film_stands, films))
    times = [0.0, 1.0, *np.random.default_rng(0).uniform(0, 1, 9).tolist()]
    opened = open_modules("timeline.js")
    found = opened.evaluate(
        "([films, times]) => films.map(data => times.map(t => new Timeline(data).at(t)))",
        [[film_data(film) for film in films], times],
    )
    for film, values in zip(films, found, strict=True):
        for t, fields in zip(times, values, strict=True):
            wanted = expected(film, t)
            assert fields.keys() == wanted.keys()
            for name, value in wanted.items():
                assert agree(fields[name], value), (film.tracks, t, name, fields[name], value)


def test_a_page_finds_the_times_of_frames(open_modules: Modules) -> None:
    paces = [
        Pace(frames=frames, loop=loop, rate=rate)
        for loop in get_args(Loop) for rate in ("25", "24000/1001") for frames in (1, 2, 5, 8, 99)
    ]  # fmt: skip
    track = Track("rotate", (Key(0.0, "0"), Key(1.0, "360")))
    data = [film_data(Timeline(shot=shot(), tracks=(track,), pace=pace)) for pace in paces]
    opened = open_modules("timeline.js")
    found = opened.evaluate(
        """films => films.map(data => {
            const film = new Timeline(data);
            return Array.from({ length: 3 * data.frames }, (_, k) => film.timeAt(k / film.rate));
        })""",
        data,
    )
    for pace, times in zip(paces, found, strict=True):
        wanted = [pace.time(number) for number in range(1, pace.frames + 1)]
        again = [wanted[-1]] * (2 * pace.frames) if pace.loop == "none" else wanted * 2
        near = 1e-12 * pace.frames  # places are multiples of a rate that is no float
        for a, b in zip(times, [*wanted, *again], strict=True):
            # An instant before the first frame a loop is at its end.
            assert isclose(a, b, abs_tol=near) or (pace.loop == "cycle" and a > 1 - near), pace


# A player over frames that are written down, in a window whose clock the test turns.
PLAYER = """data => {
    window.player?.stop();
    window.player?.element.remove();
    window.shown = [];
    window.player = new Player(
        new Timeline(data), (fields, moving) => shown.push([fields.rotate, moving]));
    document.body.append(player.element);
}"""


def stop_clock(opened: Page) -> None:
    """Time goes on where the test says so."""
    opened.clock.install(time=0)
    opened.clock.pause_at(1000)


def rotating(frames: int, loop: Loop) -> dict[str, Any]:
    """A film in which one field goes from 0 to 360, ten frames a second."""
    track = Track("rotate", (Key(0.0, "0"), Key(1.0, "360")))
    pace = Pace(frames=frames, rate="10", loop=loop)
    return film_data(Timeline(shot=shot(), tracks=(track,), pace=pace))


def test_the_player_plays_pauses_and_is_scrubbed(open_modules: Modules) -> None:
    opened = open_modules("timeline.js", "player.js")
    stop_clock(opened)
    opened.evaluate(PLAYER, rotating(41, "none"))
    button, slider = opened.get_by_role("button"), opened.get_by_role("slider")
    opened.evaluate("player.begin()")
    opened.clock.run_for(2000)
    turned, moving = opened.evaluate("shown.at(-1)")
    assert moving and turned == pytest.approx(180, abs=3)
    assert opened.get_by_role("status").text_content() == "2.0 / 4.1 s"
    button.click()
    shown = opened.evaluate("shown")
    assert shown[-1] == [pytest.approx(180, abs=3), False]
    opened.clock.run_for(500)
    assert opened.evaluate("shown") == shown
    # The slider: by the arrow keys a frame, by its ends the first and the last.
    slider.press("End")
    slider.press("ArrowLeft")
    assert opened.evaluate("shown.at(-1)") == [pytest.approx(360 * 39 / 40), False]
    assert slider.get_attribute("aria-valuetext") == "3.9 of 4.1 seconds, frame 40 of 41"
    # It ends, stands, and begins again.
    opened.evaluate("player.seek(99), player.seek(3.9)")
    assert opened.evaluate("shown.at(-2)[0]") == 360
    opened.evaluate("player.toggle()")
    opened.clock.run_for(1000)
    assert opened.evaluate("[...shown.at(-1), player.plays]") == [360, False, False]
    opened.evaluate("player.toggle()")
    opened.clock.run_for(100)
    assert 0 < opened.evaluate("shown.at(-1)[0]") < 20
    # While the window is hidden the film stands: its clock goes on from there.
    opened.evaluate("player.frame = cancelAnimationFrame(player.frame)")
    opened.clock.run_for(2000)
    opened.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    opened.evaluate("requestAnimationFrame(now => player.advance(now))")
    opened.clock.run_for(100)
    assert opened.evaluate("shown.at(-1)[0]") < 30


def test_the_player_loops_and_begins_still_where_less_motion_is_asked_for(
    open_modules: Modules,
) -> None:
    opened = open_modules("timeline.js", "player.js")
    stop_clock(opened)
    opened.evaluate(PLAYER, rotating(20, "cycle"))
    opened.evaluate("player.begin()")
    opened.clock.run_for(5000)
    turned = opened.evaluate("shown.map(([value]) => value)")
    falls = sum(b < a for a, b in pairwise(turned))
    assert falls == 2
    assert turned[-1] == pytest.approx(180, abs=3)
    opened.emulate_media(reduced_motion="reduce")
    opened.evaluate(PLAYER, rotating(20, "ping-pong"))
    opened.evaluate("player.begin()")
    opened.clock.run_for(1000)
    assert opened.evaluate("shown") == [[0, False]]


def moving_shot() -> Timeline:
    """A film in which all moves that a page can move, in one small network."""
    base = shot(layers="3x4", latent="a=0", radius="2", samples="1", light="relief")
    tracks = [
        Track("mix", (Key(0.0, "3"), Key(1.0, "5,7:0.5"))),
        Track("weight_scale", (Key(0.2, "1.1"), Key(1.0, "1.6", "sine"))),
        Track("latent.a", (Key(0.0, "-0.5"), Key(0.6, "0.7"))),
        Track("radius", (Key(0.0, "2"), Key(1.0, "0.5"))),
        Track("center", (Key(0.0, "0.25,0.5"),), "pinned"),
        Track("rotate", (Key(0.0, "10"), Key(1.0, "-200"))),
        Track("layer", (Key(0.1, "1"), Key(0.9, "2.6"))),
        Track("gamma", (Key(0.0, "0.7"), Key(1.0, "1.9"))),
        Track("light_azimuth", (Key(0.0, "350"), Key(1.0, "20")), "short"),
    ]
    look = replace(base.look, contrast="eased")
    pace = Pace(frames=31, rate="10", loop="ping-pong")
    return Timeline(shot=replace(base, look=look), tracks=tuple(tracks), pace=pace)


# The pixels of an instant, drawn by a pass a layer, and by one shader of all layers.
FRAME = """async ([seconds, size]) => {
    ownPage.film.pause();
    ownPage.film.seek(seconds);
    const gl = document.createElement("canvas").getContext("webgl2"), find = gl.getExtension;
    gl.getExtension = name => (name === "EXT_color_buffer_float" ? null : find.call(gl, name));
    window.whole ??= new Progressive(gl.canvas, ownPage.data.picture);
    const values = ownPage.drawing.valuesOf(ownPage.state);
    const drawn = [await ownPage.progressive.pixels(size), await whole.pixels(size, { values })];
    return drawn.map(pixels => btoa(String.fromCharCode(...pixels)));
}"""


def test_the_page_of_a_film_plays_it_as_netart_draws_it(open_page: Open) -> None:
    film, size = moving_shot(), (24, 16)
    opened = open_page(shot_page(film, Origin("film", (), {})), (320, 240))
    opened.wait_for_selector("#still.gone", state="attached")
    assert opened.evaluate("[ownPage.film.plays, location.hash]") == [True, ""]
    about = opened.get_attribute("meta[name=description]", "content")
    assert about == describe(film) == opened.get_attribute("#picture", "aria-label")
    measured = measured_film(film)
    for number in (1, 10, 16):
        wanted = picture(measured.frame(number), size, Reference(), Numbers("u1"))
        for found in opened.evaluate(FRAME, [(number - 1) / 10, size]):
            pixels = np.frombuffer(base64.b64decode(found), np.uint8).reshape(16, 24, 4)[..., :3]
            off = np.abs(pixels.astype(int) - wanted.astype(int))
            assert (off <= 1).mean() > 0.99 and off.max() <= 4, number
    # A change stops it, and goes on from what it shows.
    opened.evaluate("ownPage.film.play()")
    opened.keyboard.press("]")
    fields, state = opened.evaluate("[ownPage.film.fields, ownPage.state]")
    assert not opened.evaluate("ownPage.film.plays")
    assert state["weight_scale"] == pytest.approx(1.04 * fields["weight_scale"], rel=1e-5)
    assert state["latent.a"] == fields["latent.a"] != 0
    opened.keyboard.press("End")
    assert opened.evaluate("ownPage.film.seconds") == 3
    opened.keyboard.press(" ")
    assert opened.evaluate("ownPage.film.plays")
    opened.keyboard.press("h")
    listed = opened.locator("dialog dl > div").all_text_contents()
    assert {"spaceplay, stop", "homeendfirst, last frame"} <= set(listed)


# Fields whose last digits Python finds in another way than pages.
ROUNDED = {"detail": 1, "radius": 1}
METADATA = "metadataOf(ownPage.data, ownPage.state, ownPage.base, [30, 20])"
COMMAND = "commandOf(ownPage.data.origin, ownPage.state, ownPage.base, [30, 20])"


def test_what_a_stopped_film_shows_is_saved_linked_and_typed(open_page: Open) -> None:
    """Of scales, too, that have no slider where the film begins, or anywhere."""
    film = Timeline(
        shot=shot(layers="3x4", samples="1"),
        tracks=(
            Track("detail", (Key(0.0, "0.5"), Key(1.0, "2"))),
            Track("bias_scale", (Key(0.0, "-0.75"), Key(1.0, "-0.25")), "linear"),
            Track("radius", (Key(0.0, "2"), Key(1.0, "1"))),
        ),
        pace=Pace(frames=11, rate="10"),
    )
    opened = open_page(shot_page(film, Origin("film")), (320, 240), reduced_motion="reduce")

    def saved() -> Shot:
        metadata = msgspec.json.decode(opened.evaluate(METADATA), type=Metadata)
        return shot_of(verify_metadata(metadata, Path("a.png"))[0])

    wanted = measured_film(film).frame(8)
    opened.evaluate("ownPage.film.seek(0.7)")
    found = saved()
    assert isinstance(found.network, Recipe)
    assert found.network.detail == pytest.approx(0.5 * 4**0.7, rel=1e-15)
    assert found.but(**ROUNDED) == wanted.but(**ROUNDED)
    drawn = opened.evaluate("ownPage.progressive.pixels([24, 16])")
    pixels = np.reshape(drawn, (16, 24, 4))[..., :3]
    off = np.abs(pixels - picture(wanted, (24, 16), Reference(), Numbers("u1")).astype(int))
    assert (off <= 1).mean() > 0.99 and off.max() <= 4
    state = opened.evaluate("ownPage.state")
    link = opened.evaluate("fragmentOf(ownPage.state, ownPage.base)")
    opened.evaluate("ownPage.startAgain()")
    opened.evaluate("link => ownPage.setState(link)", link)
    assert opened.evaluate("ownPage.state") == state
    words = shlex.split(opened.evaluate(COMMAND))
    options = dict(zip(words[2::2], words[3::2], strict=True))
    del options["--size"]
    assert (
        netart.new(**{name[2:].replace("-", "_"): text for name, text in options.items()}) == found
    )
    # A scale that is set by hand is none that detail multiplies.
    opened.evaluate("ownPage.actions[']']()")
    assert saved() == found.but(weight_scale=opened.evaluate("ownPage.state.weight_scale"))
    assert "--detail" not in opened.evaluate(COMMAND)
    opened.evaluate("ownPage.film.seek(0.7)")
    assert saved() == found


# Plays a film of another network. Returns how often contrast is measured, and the state then.
COUNT = """async () => {
    const { drawing, progressive } = ownPage, { measure } = drawing, { show } = progressive;
    let count = 0;
    drawing.measure = state => (++count, measure.call(drawing, state));
    const begun = new Promise((done, fail) => {
        setTimeout(fail, 10_000, "the film stands");
        progressive.show = (...all) => {
            show.apply(progressive, all);
            if (ownPage.film.plays) done();
        };
    });
    ownPage.actions.n();
    ownPage.film.play();
    await begun;
    ownPage.film.pause();
    ownPage.film.seek(2);
    return [count, ownPage.film.seconds, ownPage.state.contrast];
}"""


def test_a_film_of_another_network_is_measured_once(open_page: Open) -> None:
    """What the film says of contrast is of its own network."""
    film = Timeline(
        shot=shot(layers="3x4", samples="1"),
        tracks=(
            Track("radius", (Key(0.0, "2"), Key(1.0, "0.5"))),
            Track("contrast", (Key(0.0, "70:80"), Key(1.0, "90:99"))),
        ),
    )
    opened = open_page(shot_page(film, Origin("film", (), {})), (320, 240), reduced_motion="reduce")
    opened.wait_for_selector("#still.gone", state="attached")
    count, seconds, contrast = opened.evaluate(COUNT)
    assert (count, seconds) == (1, 2)
    assert len(contrast) == 3
    assert max(map(max, contrast)) < 70


def test_pages_go_through_layers_where_their_shader_stays_quick() -> None:
    def has_slider(**texts: str) -> bool:
        data = shot_data(shot(None, False, **texts), Origin("shot", (), {}))
        return "layer" in {control["name"] for control in data["controls"]}

    assert has_slider(layers="5x8", light="relief")
    assert not has_slider(layers="6x24", light="relief")
    assert has_slider(layers="6x24", light="relief", layer="3.5")
    assert not has_slider(widths="8,9,8")
    assert not has_slider(layers="1x8")


def test_a_film_that_pages_cannot_play_says_why() -> None:
    def why(name: str, *values: str, **fields: Any) -> str:
        keys = tuple(Key(k / len(values), value) for k, value in enumerate(values))
        return why_film_stands(Timeline(shot=shot(**fields), tracks=(Track(name, keys, "hold"),)))

    assert why("palette", "corners:sun", "corners:coast") == (
        "the film moves palette, which takes another shader: the page shows its first frame"
    )
    assert "depth" in why("depth", "1", "3")
    assert "contrast" in why("contrast", "auto", "0:1")
    assert "come and go" in why("latent", "a=1", "b=1", latent="a=0,b=0")
    assert not why("seed", "1", "2")
    many = ",".join(f"l{k}=0" for k in range(61))
    assert "mix of a network that its page does not sample" in why("mix", "1", "2", latent=many)
    assert "more than 60 latents" in why("latent.l7", "1", "2", latent=many)
    ground = {"lens": "landscape", "output": "1"}
    assert "pages keep" in why("radius", "1", "2", contrast="eased", **ground)
    assert "does not sample" in why("seed", "1", "2", drape="picture", **ground)

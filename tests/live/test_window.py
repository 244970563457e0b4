"""A real window on a display in memory: keys, the mouse, sizes, and the pixels on screen."""

from __future__ import annotations

import subprocess
import time
from functools import cache, partial
from pathlib import Path

import av
import numpy as np
import pytest

from netart.files.source import read_source
from netart.live.keys import ROWS
from netart.shot.timeline import Timeline
from tests.live.windows import (
    CPU,
    PANEL,
    QUICK,
    SCREEN,
    Live,
    Open,
    render_bytes,
    run_render,
    until,
    xvfb,
)
from tests.program import files, program

pytestmark = pytest.mark.slow

EVERYWHERE = slice(None)
NUMBERS = (*QUICK, "--radius", "1", "--weight-scale", "1.5", "--layer", "2", "--contrast", "-2:2")
# A key of each kind of input event → the options that differ behind it, from NUMBERS on; contrast
# apart. What every key does is tested without a window.
CHANGES = {
    "left": {"--center": "-0.25,0"},
    "up": {"--center": "0,0.25"},
    "+": {"--radius": "0.8"},
    "-": {"--radius": "1.25"},
    ",": {"--rotate": "5.0"},
    "]": {"--weight-scale": "1.56"},
    "n": {"--seed": "8"},
    "a": {"--activation": "sigmoid"},
    "D": {"--layers": "2x12"},
    "O": {"--contrast": "off"},
    "1": {"--latent": "a=0.05"},
    "shift+1": {"--latent": "a=-0.05"},
    "shift+3": {"--latent": "a=0,b=0,c=-0.05"},
}


def difference(before: dict[str, str], after: dict[str, str]) -> dict[str, str | None]:
    """{option: its text behind, None where it is gone}, contrast left out unless it is `off`."""
    found = {name: after.get(name) for name in {*before, *after}}
    changed = {name: text for name, text in found.items() if text != before.get(name)}
    return {name: x for name, x in changed.items() if name != "--contrast" or x == "off"}


def test_keys_change_the_shot_and_are_undone(live: Open) -> None:
    window = live(*NUMBERS, "--no-glide").opened()
    start = window.options()
    for key, change in CHANGES.items():
        window.press(key)
        found = window.options()
        assert difference(start, found) == change, key
        assert (found["--contrast"] != start["--contrast"]) == ROWS[key].remeasures, key
        window.press("u")
        assert window.options() == start, key
    window.await_picture()


def test_seeds_at_random_and_mixed_in(live: Open) -> None:
    window = live(*QUICK).opened()
    window.press("r")
    first = window.options()["--seed"]
    window.press("r")
    assert len({"7", first, window.options()["--seed"]}) == 3
    window.press("u", "u", "m")
    shares = dict(pair.split(":") for pair in window.options()["--mix"].split(","))
    assert shares.pop("7") == "0.988686"
    assert [*shares.values()] == ["0.15"]
    window.await_picture()


def test_undo_and_redo(live: Open) -> None:
    window = live(*NUMBERS).opened()
    steps = [window.options()]
    for key in ("n", "right", "+", "c"):
        window.press(key)
        steps.append(window.options())
    for key, step in zip(("u", "ctrl+z", "u", "ctrl+z"), steps[-2::-1], strict=True):
        window.press(key)
        assert window.options() == step
    window.press("u")
    assert window.options() == steps[0]
    for key, step in zip(("ctrl+y", "ctrl+Z", "ctrl+y", "ctrl+y"), steps[1:], strict=True):
        window.press(key)
        assert window.options() == step
    window.press("0")
    assert window.options() == steps[0]
    window.press("u")
    assert window.options() == steps[-1]


def test_favourites(live: Open) -> None:
    window = live(*QUICK).opened()
    window.press("f")
    first = window.options()
    window.press("n", "f")
    second = window.options()
    window.press("n", "c", "tab")
    assert window.options() == first
    window.press("tab")
    assert window.options() == second
    window.press("shift+tab")
    assert window.options() == first
    window.press("F", "right", "tab")
    assert window.options() == second
    window.press("tab")
    assert window.options() == second
    window.await_picture()


@pytest.mark.parametrize("key", ["q", "escape"])
def test_leaving_while_a_heavy_network_is_drawn(live: Open, key: str) -> None:
    window = live(*CPU, "--layers", "60x200", "--size", "1280x720")
    until(lambda: window.id)
    window.press(key)
    assert window.end(limit_s=3) == 0


@pytest.mark.parametrize("key", ["q", "escape"])
def test_leaving_while_a_still_is_saved_finishes_it(live: Open, key: str) -> None:
    window = live(*QUICK, "--layers", "18x30", "--still", "1500x1000").opened()
    command = window.command()
    window.press("s", key)
    assert window.end() == 0
    assert window.said == ["netart: finishing seed-7.png", "netart: wrote seed-7.png"]
    assert {path.name for path in window.folder.iterdir()} == {"seed-7.png"}
    large = (*command[:-1], "1500x1000")
    assert (window.folder / "seed-7.png").read_bytes() == still_bytes(large)


@cache
def still_bytes(command: tuple[str, ...]) -> bytes:
    """The PNG that the command line writes, drawn once."""
    return render_bytes([*command], "png")


# Pixels.


def test_the_picture_on_screen_is_what_render_draws(live: Open) -> None:
    window = live(*QUICK).opened()
    for keys in (
        ("right", "up"),
        ("+", "+", ","),
        ("n", "]", "c"),
        ("d", "w", "L"),
        ("1", "3", "shift+2"),
        ("p", "-", "O"),
        ("-", "-"),
    ):
        window.press(*keys)
        window.await_picture()
    window.drag((60, 60), (200, 33))
    window.await_picture()
    window.resize(641, 359)
    picture = window.await_picture()
    until(lambda: window.shows(picture, EVERYWHERE), "the line at the bottom stays")


def test_another_picture_would_be_seen(live: Open) -> None:
    window = live(*QUICK).opened()
    picture = window.await_picture()
    for place in ((0, 0, 0), (100, 319, 2)):
        other = picture.copy()
        other[place] ^= 1
        assert not window.shows(other)
    assert not window.shows(picture[:, ::-1])
    assert not window.shows(picture[:-1])
    window.press("n")
    until(lambda: not window.shows(picture))


@pytest.mark.parametrize(
    "options",
    [
        ("--samples", "3"),
        ("--rotate", "30", "--radius", "0.01", "--center", "0.3,-0.2"),
        ("--palette", "ramp:ink", "--gamma", "1.4", "--invert", "--no-dither"),
        ("--latent", "t=0.3", "--features", "x,y,r"),
        ("--size", "97x401"),
    ],
    ids=lambda options: options[0],
)
def test_any_shot_is_drawn_as_render_does(live: Open, options: tuple[str, ...]) -> None:
    window = live(*QUICK, *options).opened()
    window.await_picture()
    window.press("n", "+")
    window.await_picture()


def test_opengl_draws_as_render_does(live: Open) -> None:
    window = live(*QUICK, "--backend", "gpu").opened()
    assert "OpenGL" in window.title
    window.press("n", "left")
    command = window.command()
    assert command[command.index("--backend") + 1] == "gpu"
    window.await_picture()


def test_the_title_says_what_draws(live: Open) -> None:
    window = live("--timings", "--size", "320x240", "--seed", "7").opened()
    assert window.title.startswith("netart · seed-7 · ")
    assert "--backend" not in window.command()


def test_sizes(live: Open) -> None:
    window = live(*QUICK).opened()
    for size in ((641, 359), (97, 401), (1, 1), (3, 200), (1280, 720)):
        window.resize(*size)
        assert until(lambda: window.options()["--size"]) == "{}x{}".format(*size)
        picture = run_render(window.command())
        rows = EVERYWHERE if size == (1, 1) else slice(-PANEL)
        until(partial(window.shows, picture, rows), f"another picture at {size}")


def test_full_screen_and_back(live: Open) -> None:
    window = live(*QUICK).opened()
    before = window.await_picture()
    window.press("f11")
    whole = tuple(map(int, SCREEN.split("x")[:2]))
    until(lambda: window.size == whole)
    assert window.await_picture().shape == (*whole[::-1], 3)
    window.press("f11")
    until(lambda: window.size == (320, 240))
    until(lambda: window.shows(before), "another picture than before")


def test_help_is_shown_and_hidden(live: Open) -> None:
    window = live(*QUICK, "--size", "900x700").opened()
    picture = window.await_picture()
    window.press("h")
    until(lambda: not window.shows(picture))
    window.press("n", "h")
    window.await_picture()


def test_numbers_under_the_pointer(live: Open) -> None:
    window = live(*QUICK).opened()
    picture = window.await_picture()
    window.point(10, 10)
    window.press("i")
    until(lambda: not window.shows(picture))
    first = window.screenshot()
    window.point(200, 100)
    until(lambda: (window.screenshot() != first).any())
    window.press("i")
    until(lambda: window.shows(picture))


def moves(window: Live) -> bool:
    """Whether five different pictures are on screen within half a second: a jump shows three, of
    which the second is coarse.
    """
    found: set[bytes] = set()
    end = time.monotonic() + 0.5
    while time.monotonic() < end and len(found) < 5:
        found.add(window.screenshot()[:150].tobytes())
    return len(found) == 5


def test_the_view_glides_unless_told_not_to(live: Open) -> None:
    window = live(*QUICK).opened()
    window.press("+")
    assert moves(window)
    window.press("q")
    assert window.end() == 0
    window = live(*QUICK, "--no-glide").opened()
    window.press("+")
    assert not moves(window)


# The mouse.


def test_the_wheel_zooms_at_the_pointer(live: Open) -> None:
    window = live(*QUICK, "--radius", "1").opened()
    window.point(220, 30)  # u, v = 0.5, 0.75
    window.scroll(3)
    found = window.options()
    radius = 1.12**-3
    assert float(found["--radius"]) == pytest.approx(radius)
    assert [float(x) for x in found["--center"].split(",")] == pytest.approx(
        [0.5 * (1 - radius), 0.75 * (1 - radius)]
    )
    window.await_picture()
    window.press("u")
    assert "--center" not in window.options()
    window.scroll(-2)
    assert float(window.options()["--radius"]) == pytest.approx(1.12**2)


def test_plus_and_minus_zoom_at_the_pointer(live: Open) -> None:
    window = live(*QUICK, "--radius", "1").opened()
    window.point(220, 30)
    window.press("+")
    found = window.options()
    assert found["--radius"] == "0.8"
    assert [float(x) for x in found["--center"].split(",")] == pytest.approx([0.1, 0.15])
    window.press("-")
    found = window.options()
    assert float(found["--radius"]) == 1
    assert [float(x) for x in found["--center"].split(",")] == pytest.approx([0, 0], abs=1e-9)


def test_dragging_pans_and_is_one_step(live: Open) -> None:
    window = live(*QUICK, "--radius", "1").opened()
    window.drag((100, 100), (160, 70))
    assert window.options()["--center"] == "-0.5,-0.25"
    window.await_picture()
    window.point(10, 10)  # the button is up
    assert window.options()["--center"] == "-0.5,-0.25"
    window.press("u")
    assert "--center" not in window.options()
    window.await_picture()


def test_dragging_with_ctrl_moves_the_light(live: Open) -> None:
    window = live(*QUICK, "--radius", "1").opened()
    window.xdotool("keydown", "ctrl")
    window.drag((100, 100), (220, 60))
    window.xdotool("keyup", "ctrl")
    found = window.options()
    assert found["--light"] == "relief"
    assert float(found["--light-azimuth"]) == 45
    assert "--center" not in found
    window.press("u")
    assert "--light" not in window.options()
    window.await_picture()


def test_dragging_with_shift_turns_the_camera(live: Open) -> None:
    window = live(*QUICK, "--lens", "landscape").opened()
    window.xdotool("keydown", "shift")
    window.drag((100, 100), (130, 100))
    window.xdotool("keyup", "shift")
    found = window.options()
    assert float(found["--azimuth"]) < -55
    assert "--elevation" not in found and "--center" not in found
    window.await_picture()


# What is written.


def test_a_still_is_renders_file(live: Open) -> None:
    window = live(*QUICK).opened()
    command = window.command()
    window.press("h", "i", "s")
    window.hear("wrote seed-7.png")
    window.press("S", "s")
    window.hear("wrote seed-7-2.png")
    assert {path.name for path in window.folder.iterdir()} == {"seed-7.png", "seed-7-2.png"}
    assert (window.folder / "seed-7.png").read_bytes() == render_bytes(command, "png")
    larger = [*command[:-1], "640x480"]
    assert (window.folder / "seed-7-2.png").read_bytes() == render_bytes(larger, "png")


def test_stills_of_a_chosen_size_and_format(live: Open) -> None:
    window = live(*QUICK, "--still", "50x70", "--format", "tiff", "--bits", "16").opened()
    command = window.command()
    window.press("s")
    window.hear("wrote seed-7.tif")
    found = (window.folder / "seed-7.tif").read_bytes()
    assert found == render_bytes([*command[:-1], "50x70", "--bits", "16"], "tiff")


def test_a_shot_written_as_toml(live: Open, tmp_path: Path) -> None:
    window = live(*QUICK).opened()
    window.press("n", "right", ",")
    picture = run_render(window.command())
    window.press("e", "e")
    path = window.folder / "seed-8-2.toml"
    until(path.exists)
    drawn = run_render(["netart", "render", str(path), "--backend", "cpu", "--size", "320x240"])
    assert np.array_equal(drawn, picture)
    window.press("q")
    assert window.end() == 0
    assert live(*CPU, path).opened().size == (320, 240)


def test_a_recording_becomes_a_film(live: Open) -> None:
    window = live(*QUICK, "--no-glide").opened()
    start = window.await_picture()
    window.press("v")
    until(lambda: not window.shows(start), "nothing says that it records")
    window.press("right")
    time.sleep(0.3)
    window.press("n", "]", "+")
    time.sleep(0.3)
    end = window.options()
    window.press("v")
    window.hear("wrote seed-7-hands.mp4")
    assert files(window.folder) == {"seed-7-hands.toml", "seed-7-hands.mp4"}
    film = read_source(window.folder / "seed-7-hands.toml").document
    assert isinstance(film, Timeline)
    with av.open(window.folder / "seed-7-hands.mp4") as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == film.pace.frames >= 15
    assert np.abs(frames[0].astype(int) - start).mean() < 8
    words = ["netart", "render", *(word for pair in end.items() for word in pair)]
    assert np.abs(frames[-1].astype(int) - run_render(words)).mean() < 8
    ran = program("animate", "seed-7-hands.toml", "-o", "again.mp4", folder=window.folder)
    assert ran.returncode == 0, ran.stderr
    with av.open(window.folder / "again.mp4") as container:
        assert sum(1 for _ in container.decode(video=0)) == len(frames)


def test_films_play_and_stop(live: Open) -> None:
    """The first and the last one; what each of them moves is tested without a window."""
    window = live(*QUICK).opened()
    start = window.options()
    window.press("space")
    assert moves(window)
    window.press("space")
    found = window.options()
    assert difference(start, found).keys() == {"--radius"}
    window.await_picture()
    time.sleep(0.1)
    assert window.options() == found
    window.press("u")
    assert window.options() == start
    window.press("T", "space")
    assert moves(window)
    window.press("right")
    assert difference(start, window.options()).keys() == {"--layer", "--center"}


def test_a_films_own_timeline_plays(live: Open, tmp_path: Path) -> None:
    timeline = tmp_path / "a.toml"
    ran = program("spin", "--seed", "7", "--layers", "2x8", "--save", timeline, folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    window = live(*CPU, "--size", "320x240", timeline).opened()
    window.press("space")
    assert moves(window)
    window.press("space")
    assert "--rotate" in window.options()
    window.await_picture()


# Other displays and keyboards.


def test_letters_follow_the_layout(tmp_path: Path) -> None:
    with xvfb(SCREEN, "-noreset") as display:
        subprocess.run(["setxkbmap", "-display", display, "fr"], check=True)
        window = Live(display, tmp_path, *NUMBERS)
        try:
            start = window.opened().options()
            window.press("a")  # where others have q
            assert difference(start, window.options()) == CHANGES["a"]
            window.press("ctrl+z")
            assert window.options() == start
            window.xdotool("key", "ampersand")
            assert difference(start, window.options()) == CHANGES["1"]
            window.press("u")
            window.xdotool("key", "shift+ampersand")
            assert difference(start, window.options()) == CHANGES["shift+1"]
            window.press("q")
            assert window.end(limit_s=3) == 0
        finally:
            window.kill()


def test_caps_lock_is_no_shift(live: Open) -> None:
    window = live(*QUICK).opened()
    window.xdotool("key", "Caps_Lock")
    try:
        window.xdotool("key", "d")
        assert window.options()["--layers"] == "4x12"
        window.xdotool("key", "shift+d")
        assert window.options()["--layers"] == "3x12"
    finally:
        window.xdotool("key", "Caps_Lock")


def line_height(window: Live) -> int:
    """Of the line at the bottom that says the size of stills."""
    picture = run_render(window.command())
    until(lambda: window.shows(picture, EVERYWHERE))
    window.press("S")
    until(lambda: not window.shows(picture, EVERYWHERE))
    time.sleep(0.2)
    rows, _ = np.nonzero((window.screenshot() != picture).any(axis=2))
    return int(np.ptp(rows)) + 1


def test_text_and_window_are_twice_as_large_at_scale_2(tmp_path: Path) -> None:
    found = {}
    with xvfb("2570x1450x24", "-noreset") as display:
        for dpi in (96, 192):
            command = ["xrdb", "-display", display, "-nocpp", "-merge"]
            subprocess.run(command, input=f"Xft.dpi: {dpi}\n", text=True, check=True)
            home = tmp_path / str(dpi)
            home.mkdir()
            window = Live(display, home, *QUICK)
            try:
                assert window.opened().size == (320, 240)
                found[dpi] = line_height(window)
            finally:
                window.kill()
            window = Live(display, home, *CPU, "--layers", "1x4")
            try:
                size = 1280 * dpi // 96, 720 * dpi // 96
                until(lambda window=window, size=size: window.id and window.size == size)
            finally:
                window.kill()
    assert 1.9 < found[192] / found[96] < 2.1, found

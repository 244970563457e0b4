"""From one window to the next, and how a window ends: by signals, without display, glfw or GL."""

from __future__ import annotations

import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from netart.cli import cli
from netart.files.source import read_source
from netart.live.history import History
from netart.live.preparation import prepare
from netart.live.window import LiveWindow
from netart.shot.shot import Shot
from tests.live.driver import settings_of
from tests.live.windows import CPU, QUICK, Live, Open, run_render, until, xvfb
from tests.program import files

pytestmark = pytest.mark.slow

PLAIN = (*CPU, "--size", "320x240")


def left(window: Live) -> dict[str, str]:
    """The options on screen, after which the window is closed."""
    found = window.options()
    window.press("q")
    assert window.end() == 0
    return found


def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "netart"


# The session.


def test_the_last_session_comes_back(live: Open, tmp_path: Path) -> None:
    window = live(*CPU, "--size", "400x300").opened()
    begun = window.options()
    window.press("n", "f")
    kept = window.options()
    window.press("+", "c", "1")
    window.resize(410, 290)
    last = left(window)
    assert files(state(tmp_path)) == {"live.toml"}
    window = live(*CPU).opened()
    assert window.size == (410, 290)
    assert window.options() == last
    window.await_picture()
    window.press("tab")
    assert left(window) == kept | {"--size": "410x290"}
    # A size is no option of the shot.
    window = live(*PLAIN).opened()
    assert left(window) == kept | {"--size": "320x240"}
    assert left(live(*PLAIN, "--fresh").opened()) == begun | {"--size": "320x240"}


def test_full_screen_is_not_the_size_that_comes_back(live: Open) -> None:
    window = live(*PLAIN, "--fresh").opened()
    window.press("f11")
    until(lambda: window.size != (320, 240))
    left(window)
    assert live(*CPU).opened().size == (320, 240)


# Signals.

SIGNALS = pytest.mark.parametrize(
    ("number", "status", "says"),
    [
        (signal.SIGINT, 130, ["netart: interrupted"]),
        pytest.param(signal.SIGHUP, 128 + signal.SIGHUP, [], marks=pytest.mark.long),
    ],
    ids=["Ctrl-C", "SIGHUP"],
)


@SIGNALS
def test_a_signal_while_nothing_happens(
    live: Open, tmp_path: Path, number: int, status: int, says: list[str]
) -> None:
    window = live(*PLAIN, "--fresh").opened()
    window.press("n")
    last = window.options()
    time.sleep(1.2)  # longer than the window waits for events
    window.process.send_signal(number)
    assert window.end(limit_s=2) == status
    assert window.said == says
    assert left(live(*PLAIN).opened()) == last


@SIGNALS
def test_a_signal_while_a_still_is_saved_leaves_nothing(
    live: Open, tmp_path: Path, number: int, status: int, says: list[str]
) -> None:
    window = live(*QUICK, "--layers", "18x30", "--still", "6000x6000").opened()
    window.press("s")
    until(lambda: files(window.folder), "no temporary file shows that saving began")
    time.sleep(0.3)
    window.process.send_signal(number)
    assert window.end(limit_s=3) == status
    assert files(window.folder) == set()
    assert [line for line in window.said if line in says] == says
    assert files(state(tmp_path)) == {"live.toml"}


@SIGNALS
def test_a_signal_under_much_input(live: Open, number: int, status: int, says: list[str]) -> None:
    window = live(*QUICK).opened()
    words = "".join(f"mousemove {k % 300} {k % 200}\nkey n\n" for k in range(1000))
    keys = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, env=window.env)
    assert keys.stdin
    keys.stdin.write(words.encode())
    keys.stdin.close()
    try:
        time.sleep(0.5)
        window.process.send_signal(number)
        assert window.end(limit_s=3) == status
        assert window.said == says
    finally:
        keys.terminate()
        keys.wait()
        window.xdotool("keyup", "n")


def test_leaving_stops_a_film_and_says_how_it_goes_on(live: Open) -> None:
    window = live(*QUICK, "--layers", "18x30", "--size", "900x600").opened()
    window.press("v", "n")
    time.sleep(1)
    window.press("+", "v")
    until(lambda: "seed-7-hands.toml" in files(window.folder))
    window.press("q")
    assert window.end() == 0
    stopped = "stopped: netart animate seed-7-hands.toml -o seed-7-hands.mp4 goes on"
    assert window.said == [f"netart: {stopped}"]
    assert "seed-7-hands.mp4" not in files(window.folder)


# Faults.


def fails(window: Live) -> str:
    """The one line that it ends with."""
    assert window.end() == 1
    assert window.out == []
    assert len(window.err) == 1, window.err
    assert window.err[0].startswith("netart: live: ")
    assert "stills and films need no window" in window.err[0]
    assert files(window.folder) == set()
    return window.err[0]


def test_without_a_display(tmp_path: Path) -> None:
    assert "no display" in fails(Live("", tmp_path, *PLAIN))
    assert "no display" in fails(Live(":987", tmp_path, *PLAIN))


def test_without_glfw(tmp_path: Path, display: str) -> None:
    shim = tmp_path / "shim"
    shim.mkdir()
    (shim / "glfw.py").write_text('raise ImportError("Failed to load GLFW3 shared library.")\n')
    said = fails(Live(display, tmp_path, *PLAIN, PYTHONPATH=str(shim)))
    assert "no glfw: Failed to load GLFW3 shared library." in said
    fails(Live(display, tmp_path, *PLAIN, PYGLFW_LIBRARY=str(tmp_path / "no.so")))


def test_without_opengl(tmp_path: Path, display: str) -> None:
    with xvfb("800x600x24", "-extension", "GLX") as other:
        assert "no OpenGL 3.3" in fails(Live(other, tmp_path, *PLAIN))
    old = Live(display, tmp_path, *PLAIN, MESA_GL_VERSION_OVERRIDE="2.1")
    assert "no OpenGL 3.3" in fails(old)


def test_a_folder_that_is_gone(live: Open) -> None:
    window = live(*QUICK).opened()
    picture = window.await_picture()
    window.folder.rmdir()
    for key in ("s", "e"):
        said = len(window.said)
        window.press(key)
        until(lambda said=said: len(window.said) > said or window.options(), "nothing is said")
    window.press("v", "n", "v")
    window.press("u")
    until(lambda: window.shows(picture))
    assert window.process.poll() is None
    window.press("q")
    assert window.end() == 0


def test_a_full_disk(live: Open, tiny_disk: Path, tmp_path: Path) -> None:
    (tmp_path / "work").symlink_to(tiny_disk)
    window = live(*QUICK, "--still", "1000x1000", "--bits", "16").opened()
    window.press("s")
    window.hear("full")
    window.press("n")
    window.await_picture()
    assert files(tiny_disk) == set()


# Files that are dropped: the callback is called, since xdotool carries none.


@pytest.fixture
def window(
    display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], LiveWindow]]:
    """A window of this process, and files dropped on it."""
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.chdir(tmp_path)
    opened = LiveWindow(History(prepare(Shot())), (96, 64), settings_of(backend="cpu", glide=False))

    def drop(name: str) -> LiveWindow:
        opened._on_drop(opened._handle, [name])
        opened.wake()
        opened.run_once()
        return opened

    yield drop
    opened.request_close()
    opened.run()


def made(*words: str) -> None:
    ran = CliRunner().invoke(cli, list(words))
    assert ran.exit_code == 0, ran.output


def test_dropped_files_open(window: Callable[[str], LiveWindow]) -> None:
    made("render", "silk", "--size", "64x48", "-o", "a.png", "--backend", "cpu", "--quiet")
    made("render", "ember", "--seed", "9", "--save", "b.toml")
    made("network", "silk", "-o", "c.npz")
    made("spin", "--frames", "2", "--size", "64x48", "-o", "d.mp4", "--seed", "11", "--quiet")
    for name in ("a.png", "b.toml", "c.npz", "d.mp4"):
        found = window(name).viewer.controller
        assert found.shot == prepare(read_source(name).shot)
        assert run_render(shlex.split(found.command())).shape == (64, 96, 3)
    found.on_key("space")
    window("a.png")
    assert found.shot == prepare(read_source("a.png").shot)
    for _ in range(5):
        found.on_key("u")
    assert found.shot == prepare(Shot())


def test_a_dropped_file_of_another_kind_is_refused(
    window: Callable[[str], LiveWindow], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.png").write_bytes(b"no picture")
    for name in ("a.txt", "b.png", "c.png", "."):
        found = window(name).viewer.controller
        assert found.shot == prepare(Shot())
        assert name in found.overlay.notice

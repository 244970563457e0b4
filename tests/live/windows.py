"""A display in memory, and `netart live` on it as a process that xdotool gives keys and clicks."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import ImageGrab

from netart.cli import cli
from tests.program import pixels

TOOLS = ("Xvfb", "xdotool", "setxkbmap", "xrdb")
SCREEN = "1320x760x24"
# One evaluator for the window and for `render`, whatever is built in.
CPU = ("--backend", "cpu", "--timings")
QUICK = (*CPU, "--size", "320x240", "--layers", "3x12", "--seed", "7")
LIMIT_S = 20.0  # for anything to happen, on a busy machine
PANEL = 50  # rows at the bottom that a line of text may cover
T = TypeVar("T")
KEYSYMS = {
    "+": "plus", "=": "equal", "-": "minus", ",": "comma", ".": "period", "[": "bracketleft",
    "]": "bracketright", "left": "Left", "right": "Right", "up": "Up", "down": "Down",
    "tab": "Tab", "escape": "Escape", "f11": "F11", "home": "Home", "end": "End",
    "pageup": "Prior", "pagedown": "Next",
}  # fmt: skip


def until(found: Callable[[], T], what: str = "", limit_s: float = LIMIT_S) -> T:
    """What is found, as soon as it is true."""
    end = time.monotonic() + limit_s
    while not (value := found()):
        assert time.monotonic() < end, what or f"nothing came within {limit_s:g} s"
        time.sleep(0.01)
    return value


@contextmanager
def xvfb(screen: str = SCREEN, *options: str) -> Iterator[str]:
    """A display on a number that is free; its name."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"no {', '.join(missing)} here")
    ours, theirs = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", screen, "-nolisten", "tcp", *options],
        pass_fds=[theirs], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    try:
        with open(ours) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait(timeout=LIMIT_S)


class Live:
    """`netart live` in a folder of its own; what it says is in two files beside.

    verb: another command that opens the window.
    """

    def __init__(
        self, display: str, home: Path, *arguments: object, verb: str = "live", **env: str
    ) -> None:
        self.display, self.folder = display, home / "work"
        self.folder.mkdir(exist_ok=True)
        self._id = ""
        number = len([*home.glob("stdout*")])
        self._out, self._err = home / f"stdout{number}", home / f"stderr{number}"
        self.env = os.environ | {"DISPLAY": display, "XDG_STATE_HOME": str(home / "state")} | env
        command = [sys.executable, "-m", "netart", verb, *map(str, arguments)]
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=self.env,
            )  # fmt: skip

    # What it says.

    @property
    def out(self) -> list[str]:
        return self._out.read_text(encoding="utf-8").splitlines()

    @property
    def err(self) -> list[str]:
        return self._err.read_text(encoding="utf-8").splitlines()

    @property
    def said(self) -> list[str]:
        """stderr without timings, and without the line that ends a terminal's ^C."""
        timings = "netart: answered in ", "netart: picture whole after "
        return [line for line in self.err if line and not line.startswith(timings)]

    def hear(self, text: str) -> str:
        """The line on stderr that has this text in it."""
        return until(
            lambda: next((line for line in self.err if text in line), ""),
            f"nothing said of {text!r}",
        )

    def opened(self) -> Live:
        """Itself, once its first picture is whole and keys come to it."""
        until(lambda: self.process.poll() is not None or any("whole" in x for x in self.err))
        assert self.process.poll() is None, self.err
        return self

    def command(self) -> list[str]:
        """The command line that it says draws what has been chosen."""
        said = len(self.out)
        self.press("x")
        until(lambda: len(self.out) > said, "the command line was not printed")
        return shlex.split(self.out[-1])

    def options(self) -> dict[str, str]:
        """{option: its text} of that command line."""
        words = [word for word in self.command()[2:] if word != "--"]
        return dict(zip(words[::2], words[1::2], strict=True))

    # Input.

    def xdotool(self, *words: object) -> str:
        """Runs xdotool on this display; what it prints."""
        command = ["xdotool", *map(str, words)]
        return subprocess.run(
            command, env=self.env, check=True, capture_output=True, text=True
        ).stdout.strip()

    def press(self, *keys: str) -> None:
        """Keys as the table of keys writes them."""
        self.xdotool("key", *map(keysym, keys))

    def point(self, x: int, y: int) -> None:
        """Puts the pointer there in the window."""
        self.xdotool("mousemove", "--window", self.id, x, y)

    def scroll(self, notches: int) -> None:
        """Turns the wheel, upwards where above 0."""
        self.xdotool("click", "--repeat", abs(notches), "--delay", 5, 4 if notches > 0 else 5)

    def drag(self, begin: tuple[int, int], end: tuple[int, int]) -> None:
        self.point(*begin)
        self.xdotool("mousedown", 1)
        self.point(*((a + b) // 2 for a, b in zip(begin, end, strict=True)))
        self.point(*end)
        self.xdotool("mouseup", 1)

    def resize(self, width: int, height: int) -> None:
        self.xdotool("windowsize", self.id, width, height)
        until(lambda: self.size == (width, height))

    # What it shows.

    @property
    def id(self) -> str:
        """The window's number, which stays; empty where there is none yet."""
        if not self._id:
            command = ["xdotool", "search", "--onlyvisible", "--class", "netart"]
            found = subprocess.run(command, env=self.env, capture_output=True, text=True)
            self._id = found.stdout.strip()
        return self._id

    @property
    def title(self) -> str:
        return self.xdotool("getwindowname", self.id)

    @property
    def geometry(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels of the screen."""
        said = self.xdotool("getwindowgeometry", "--shell", self.id)
        number = dict(line.split("=") for line in said.splitlines())
        x, y, width, height = (int(number[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        return x, y, width, height

    @property
    def size(self) -> tuple[int, int]:
        return self.geometry[2:]

    def screenshot(self) -> np.ndarray:
        """(height, width, 3) uint8, of the window."""
        left, top, width, height = self.geometry
        screen = ImageGrab.grab(xdisplay=self.display)
        return np.asarray(screen.crop((left, top, left + width, top + height)))

    def shows(self, picture: np.ndarray, rows: slice = slice(-PANEL)) -> bool:
        """Whether the picture is on screen; rows: without the panel at the bottom."""
        shot = self.screenshot()
        return shot.shape == picture.shape and np.array_equal(shot[rows], picture[rows])

    def await_picture(self, rows: slice = slice(-PANEL)) -> np.ndarray:
        """What `render` makes of the command line, once the window shows it pixel for pixel."""
        picture = run_render(self.command())
        until(lambda: self.shows(picture, rows), "the window shows another picture")
        return picture

    # How it ends.

    def end(self, limit_s: float = LIMIT_S) -> int:
        """The exit status, once it ends by itself."""
        return self.process.wait(timeout=limit_s)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def keysym(key: str) -> str:
    """xdotool's word for a key of the table."""
    held, last = re.fullmatch(r"((?:shift|ctrl)\+)?(.+)", key).groups("")
    shift = "shift+" if held == "ctrl+" and last.isupper() else ""
    return held + shift + KEYSYMS.get(last, last.lower() if shift else last)


def run_render(command: list[str]) -> np.ndarray:
    """(height, width, 3) uint8: the picture that a command line of `netart render` draws."""
    return pixels(render_bytes(command, "png"))


def render_bytes(command: list[str], form: str) -> bytes:
    assert command[:2] == ["netart", "render"]
    ran = CliRunner().invoke(cli, [*command[1:], "-o", "-", "--format", form, "--quiet"])
    assert ran.exit_code == 0, ran.output
    return ran.stdout_bytes


Open = Callable[..., Live]

"""How quick the live window is: `python tests/bench/live.py` prints a table.

A window on a display in memory (Xvfb), with keys from xdotool. An input's latency is from just
before xdotool is told of it to the first picture behind it on the screen, coarse or not: both
processes read the same monotonic clock. Inputs come at random moments, most while the last picture
is still being drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

SIZE = "1280x720"
LAYERS = ("18x30", "27x30")
KEYS = ("n", "plus", "minus", "Left", "Right", "Up", "Down", "bracketleft", "bracketright", "c",
        "L")  # fmt: skip
PAUSE_S = 0.6  # at most, between an answer and the next input
IDLE_S = 10.0
WHOLE = 9  # pictures that are compared with render's
LIMIT_S = 60.0
ANSWER = re.compile(r"answered in [\d.]+ ms at ([\d.]+) s")
DRAWN = re.compile(r"picture whole after ([\d.]+) ms")


@contextmanager
def xvfb() -> Iterator[str]:
    """A display on a number that is free; its name."""
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x1000x24"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[theirs], stderr=subprocess.DEVNULL
    )
    os.close(theirs)
    try:
        with open(ours) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class Window:
    """`netart live` under measurement: what it says goes into a folder."""

    def __init__(self, layers: str, folder: Path, stack: ExitStack) -> None:
        env = os.environ | {"DISPLAY": stack.enter_context(xvfb()), "XDG_STATE_HOME": str(folder)}
        self._out, self._err = folder / "stdout", folder / "stderr"
        command = [sys.executable, "-m", "netart", "live", "--layers", layers, "--size", SIZE]
        self._process = subprocess.Popen(
            [*command, "--seed", "7", "--backend", "cpu", "--timings"],
            cwd=folder, env=env, stdout=self._out.open("w"), stderr=self._err.open("w"),
        )  # fmt: skip
        stack.callback(self._process.wait)
        stack.callback(self._process.terminate)
        self._xdotool = subprocess.Popen(
            ["xdotool", "-"], env=env, stdin=subprocess.PIPE, text=True
        )
        stack.callback(self._xdotool.wait)
        assert self._xdotool.stdin
        stack.callback(self._xdotool.stdin.close)

    def told(self, pattern: re.Pattern[str]) -> list[float]:
        """The numbers that it has said so far."""
        return [float(number) for number in pattern.findall(self._err.read_text())]

    def press(self, key: str) -> float:
        """When it was pressed."""
        assert self._xdotool.stdin
        now = time.perf_counter()
        self._xdotool.stdin.write(f"key {key}\n")
        self._xdotool.stdin.flush()
        return now

    def until(self, come: Callable[[], bool]) -> None:
        end = time.monotonic() + LIMIT_S
        while not come():
            if time.monotonic() > end or self._process.poll() is not None:
                raise SystemExit(f"no answer: {self._err.read_text()[-500:]}")
            time.sleep(0.002)

    def command(self) -> list[str]:
        """The command line that draws what is on screen."""
        said = len(self._out.read_text().splitlines())
        self.press("x")
        self.until(lambda: len(self._out.read_text().splitlines()) > said)
        return shlex.split(self._out.read_text().splitlines()[-1])

    def cpu_s(self) -> float:
        """Processor time that it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def latencies_ms(window: Window, inputs: int) -> list[float]:
    """From each input to its picture."""
    found, dice, key = [], random.Random(7), ""
    for _ in range(inputs):
        time.sleep(dice.uniform(0, PAUSE_S))
        answers = len(window.told(ANSWER))
        key = "l" if key == "L" else dice.choice(KEYS)
        sent_s = window.press(key)
        window.until(lambda answers=answers: len(window.told(ANSWER)) > answers)
        found.append(1e3 * (window.told(ANSWER)[answers] - sent_s))
    return found


def whole_ms(window: Window) -> list[tuple[float, float]]:
    """Of pictures of some seeds: until every pixel was exact, and what `render` takes."""
    found = []
    for _ in range(WHOLE):
        drawn = len(window.told(DRAWN))
        window.press("n")
        window.until(lambda drawn=drawn: len(window.told(DRAWN)) > drawn)
        own_ms = window.told(DRAWN)[-1]
        words = [sys.executable, "-m", *window.command(), "--json", "--quiet", "-o", "a.npy"]
        with tempfile.TemporaryDirectory() as folder:
            ran = subprocess.run(words, cwd=folder, check=True, capture_output=True)
        found.append((own_ms, 1e3 * json.loads(ran.stdout)["time_s"]))
    return found


def idle_share(window: Window) -> float:
    """The share of a processor that it uses while nothing is to be done."""
    time.sleep(3)  # the line at the bottom goes
    before_s = window.cpu_s()
    time.sleep(IDLE_S)
    return (window.cpu_s() - before_s) / IDLE_S


def measured(layers: str, inputs: int) -> list[str]:
    """A row of the table."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        window = Window(layers, Path(folder), stack)
        window.until(lambda: bool(window.told(DRAWN)))
        pairs = whole_ms(window)
        idle = idle_share(window)
        times = latencies_ms(window, inputs)
    ratio = median(own / other for own, other in pairs)
    own, other = (median(column) for column in zip(*pairs, strict=True))
    return [
        layers,
        f"{median(times):.1f} ms",
        f"{quantiles(times, n=100, method='inclusive')[98]:.1f} ms",
        f"{max(times):.1f} ms",
        f"{own:.0f} ms",
        f"{other:.0f} ms",
        f"{ratio:.2f}",
        f"{idle:.2%}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=200, help="of every window (200)")
    inputs = parser.parse_args().inputs
    head = ["layers", "latency, median", "99th", "most", "whole", "render", "ratio", "idle"]
    rows = [head, *(measured(layers, inputs) for layers in LAYERS)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))


if __name__ == "__main__":
    main()

"""Networks from files by other programs, on the command line, and into files for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from netart.cli.command_line import render_command
from netart.files.source import given_by, read_source
from netart.files.weights.formats import WRITABLE
from tests.program import Run
from tests.weights import FILES

SMALL = ("--size", "16x16", "--backend", "cpu", "--quiet")


@pytest.fixture(autouse=True)
def moons(tmp_path: Path) -> None:
    shutil.copy(FILES / "moons.safetensors", tmp_path)


COMPLETE = [
    ("moons.safetensors", "--activation", "tanh"),
    ("moons.safetensors", "--activation", "tanh", "--output-activation", "tanh"),
    ("moons.safetensors", "--activation", "tanh,relu", "--features", "y,x"),
    ("silk", "--network", "moons.safetensors", "--activation", "tanh", "--features", "y,x"),
]


@pytest.mark.parametrize("words", COMPLETE, ids=" ".join)
def test_options_complete_a_file(netart: Run, words: tuple[str, ...]) -> None:
    ran = netart("render", *words, *SMALL, "-o", "a.png")
    assert (ran.status, ran.err) == (0, "")
    again = netart("render", "a.png", *SMALL, "-o", "b.png")
    assert (again.status, again.err) == (0, "")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


WRONG = [
    ("render moons.safetensors", "of its 2 hidden layers: add --activation NAME"),
    ("render silk --network moons.safetensors", "--network: moons.safetensors: does not say"),
    ("render moons.safetensors --activation tahn", "unknown activation 'tahn': did you mean tanh?"),
    ("render moons.safetensors --activation tanh,tanh,tanh", "3 activations for 2 hidden layers"),
    (
        "render moons.safetensors --activation tanh --features x,y,r",
        "the first layer takes 2 inputs",
    ),
    ("render moons.pt", "a pickle may run any program"),
    ("render moons.py", "unknown suffix '.py'"),
    ("network silk -o b.h5", "unknown suffix '.h5'"),
    ("network silk --features r -o b.onnx", "b.onnx: feature r: an ONNX file takes x, y"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_a_mistake_costs_one_line(netart: Run, words: str, message: str) -> None:
    Path("moons.py").write_text("")
    ran = netart(*words.split())
    assert ran.status == 2
    assert len(ran.err.splitlines()) == 1
    assert message in ran.err
    assert not list(Path().glob("*.part"))


@pytest.mark.parametrize("suffix", WRITABLE)
def test_networks_are_written(netart: Run, suffix: str) -> None:
    ran = netart("network", "moons.safetensors", "--activation", "tanh", "-o", f"b{suffix}")
    assert (ran.status, ran.out.decode()) == (0, f"b{suffix}\n")
    if suffix == ".py":
        return
    netart("render", "moons.safetensors", "--activation", "tanh", *SMALL, "-o", "a.npy")
    radius = read_source("moons.safetensors", given_by({"activation": "tanh"})).shot.view.radius
    netart("render", f"b{suffix}", "--radius", radius, "--samples", "auto", *SMALL, "-o", "b.npy")
    assert np.array_equal(np.load("a.npy"), np.load("b.npy"))


def test_the_line_that_the_window_copies_completes_the_file(netart: Run) -> None:
    given = {"activation": "tanh", "features": "y,x"}
    base = read_source("moons.safetensors", given_by(given)).shot
    words = "moons.safetensors", "--activation", "tanh", "--features", "y,x"
    line = render_command(base, (16, 16), (words, base), "cpu")
    assert line == "netart render moons.safetensors --activation tanh --features y,x " + (
        "--backend cpu --size 16x16"
    )
    assert netart(*line.split()[1:]).status == 0


def test_warnings_of_a_file_are_told(netart: Run) -> None:
    shutil.copy(FILES / "named.safetensors", ".")
    ran = netart("render", "named.safetensors", "--activation", "relu", *SMALL[:-1], "-o", "a.png")
    assert "warning: named.safetensors: layers are in the order of their shapes" in ran.err

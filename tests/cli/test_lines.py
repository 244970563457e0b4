"""`netart lines`: what stands in the data, and what is refused."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from netart.lens.lines import data
from tests.program import Run
from tests.shots import shot

RELU = ("--layers", "3x6", "--activation", "relu", "--seed", "3")
SHOT = {"layers": "3x6", "activation": "relu", "seed": "3"}


def weights_of(path: str) -> dict[str, np.ndarray]:
    with np.load(path) as arrays:
        return dict(arrays)


def test_the_data_has_what_the_docs_say(netart: Run) -> None:
    assert netart("lines", *RELU, "--radius", "1", "-o", "a.json").out == b"a.json\n"
    found = json.loads(Path("a.json").read_text())
    assert list(found) == [
        "shot", "sha256", "size", "weights", "axes", "regions", "segments", "layers", "units",
    ]  # fmt: skip
    assert found["shot"]["lens"]["kind"] == "lines"
    assert found["size"] == [1024, 1024]
    assert found["axes"] == ["x", "y"]
    assert [layer["layer"] for layer in found["layers"]] == [1, 2, 3]
    assert [layer["units"] for layer in found["layers"]] == [6, 6, 6]
    counts = [layer["regions"] for layer in found["layers"]]
    assert 1 < counts[0] < counts[1] < counts[2] == found["regions"]
    assert sum(layer["segments"] for layer in found["layers"]) == found["segments"]
    names = [unit["unit"] for unit in found["units"]]
    assert names == sorted(names)
    segments = 0
    for unit in found["units"]:
        layer = int(unit["unit"].partition(".")[0])
        for line in unit["lines"]:
            assert set(line) == {"closed", "uv", "points", "bends_on"}
            uv, points, on = (line[key] for key in ("uv", "points", "bends_on"))
            assert len(uv) == len(points) == len(on) >= 2
            assert line["closed"] == (uv[0] == uv[-1])
            assert np.abs(uv).max() <= 1
            assert np.array(points) == pytest.approx(np.array(uv))
            inner = on if line["closed"] else on[1:-1]
            assert all(int(name.partition(".")[0]) < layer for name in inner)
            assert line["closed"] or on[0] is on[-1] is None
            segments += len(uv) - 1
    assert segments == found["segments"]


def test_layer_1_is_where_the_weights_say(netart: Run) -> None:
    """In input coordinates, of a turned picture of two inputs that are not x and y."""
    options = ("--latent", "t=0.3", "--axes", "t,y", "--rotate", "30", "--center", "0.2,0.1")
    netart("lines", *RELU, *options, "--line-layers", "1", "--size", "90x60", "-o", "a.json")
    netart("network", *RELU, *options, "-o", "a.npz")
    found, weights = json.loads(Path("a.json").read_text()), weights_of("a.npz")
    assert found["axes"] == ["t", "y"]
    checked = 0
    for unit in found["units"]:
        number = int(unit["unit"].removeprefix("1.")) - 1
        for line in unit["lines"]:
            t, y = np.array(line["points"]).T
            x = float(found["shot"]["view"]["centre"][0])
            w = weights["W0"][number].astype(float)
            z = w[0] * x + w[1] * y + w[2] * t + weights["b0"][number]
            assert np.abs(z).max() < 1e-14
            checked += 1
    assert checked >= 3


def test_the_same_shot_is_the_same_bytes(netart: Run) -> None:
    for name in ("a", "b"):
        netart("lines", *RELU, "-o", f"{name}.json")
        netart("lines", *RELU, "-o", f"{name}.svg")
    for suffix in (".json", ".svg"):
        assert Path(f"a{suffix}").read_bytes() == Path(f"b{suffix}").read_bytes()


def test_stdout_carries_data(netart: Run) -> None:
    netart("lines", *RELU, "-o", "a.json")
    assert netart("lines", *RELU, "-o", "-").out == Path("a.json").read_bytes()


def test_json_tells_the_counts(netart: Run) -> None:
    told = netart("lines", *RELU, "--units", "2.3,3.1", "--json").json
    found = json.loads(Path(told["path"]).read_text())
    assert told["path"] == "seed-3-lines.json"
    assert told["sha256"] == found["sha256"]
    for name in ("regions", "segments", "layers"):
        assert told[name] == found[name]
    assert {unit["unit"] for unit in found["units"]} <= {"2.3", "3.1"}


def test_a_file_without_a_name_replaces_none(netart: Run) -> None:
    first, second = (netart("lines", *RELU).path for _ in range(2))
    assert (first.name, second.name) == ("seed-3-lines.json", "seed-3-lines-2.json")


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_paths_are_those_that_render_draws(netart: Run, suffix: str) -> None:
    netart("lines", *RELU, "--size", "90x60", "--backend", "cpu", "-o", f"a{suffix}")
    netart("render", "--lens", "lines", *RELU, "--size", "90x60", "--backend", "cpu", "-o",
           f"b{suffix}")  # fmt: skip
    assert Path(f"a{suffix}").read_bytes() == Path(f"b{suffix}").read_bytes()
    reopened = netart("info", f"a{suffix}", "--json").json
    assert reopened["shot"]["lens"]["kind"] == "lines"


def test_lines_of_a_preset_need_no_lens(netart: Run) -> None:
    """It takes the network and the view of any shot."""
    netart("render", *RELU, "--radius", "1", "--size", "12x8", "--backend", "cpu", "-o", "a.png")
    told = netart("lines", "a.png", "--json", "-o", "a.json").json
    assert told["size"] == [12, 8]
    assert told["regions"] > 3
    netart("lines", "a.png", "--line-layers", "1", "-o", "b.json")
    assert json.loads(Path("b.json").read_text())["segments"] == told["layers"][0]["segments"]


def test_numbers_hold_at_a_depth_that_no_raster_reaches(netart: Run) -> None:
    """About a point of a line of layer 1, given to 60 digits."""
    one = data(shot(lens="lines", **SHOT, radius="1", line_layers="1"), (64, 64))
    netart("network", *RELU, "-o", "a.npz")
    weights = weights_of("a.npz")
    number = int(one["units"][0]["unit"].removeprefix("1.")) - 1
    w, b = [Fraction(float(w)) for w in weights["W0"][number]], Fraction(
        float(weights["b0"][number])
    )  # fmt: skip
    y = -(w[0] / 3 + b) / w[1]
    digits = 60
    centre = f"0.{'3' * digits},{'-' if y < 0 else ''}{abs(round(y * 10**digits))}e-{digits}"
    told = netart("lines", *RELU, f"--center={centre}", "--radius", "1e-50", "--line-layers", "1",
                  "-o", "-")  # fmt: skip
    assert told.status == 0, told.err
    (line,) = (
        line
        for unit in told.json["units"]
        if unit["unit"] == f"1.{number + 1}"
        for line in unit["lines"]
    )
    (ua, va), (ub, vb) = line["uv"]
    assert abs(ua * vb - va * ub) < 1e-9  # through the middle
    assert (vb - va) * float(w[1]) == pytest.approx(-(ub - ua) * float(w[0]))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--activation tanh", "layer 1: tanh bends lines into curves, .* add --activation relu"),
        ("--activation relu,relu,sin --layers 3x6 --line-layers 4", "lens.line_layers: layer 4"),
        (
            "--features x,r",
            "feature r: bends lines into curves, x, y and latents keep them straight",
        ),
        ("--units 2.9", "lens.units: unit 9 of layer 2, which has 6"),
        ("-o a.png", "a.png: unknown suffix '.png': one of .json, .pdf, .svg"),
        ("-o no-such/a.json", "there is no folder no-such"),
        ("--lens glass", "--lens glass: has no lines; render draws it"),
        ("--size 0x5", "size 0x5: sides go from 1"),
        ("-o - --json", "--json with -o -"),
    ],
)
def test_what_has_no_lines_is_refused(netart: Run, options: str, says: str) -> None:
    ran = netart("lines", *RELU, *options.split())
    assert ran.status == 2
    assert re.search(says, ran.err), ran.err
    assert ran.err.count("\n") == 1
    assert not list(Path().glob("*.json"))


def test_curves_are_traced_in_drawings(netart: Run) -> None:
    """The last layer that is drawn may be curved in data, too: its own lines are not."""
    curved = ("--layers", "2x6", "--activation", "tanh", "--seed", "3")
    assert netart("lines", *curved, "--backend", "cpu", "-o", "a.svg").status == 0
    assert b'id="unit-2.' in Path("a.svg").read_bytes()
    assert netart("lines", *curved, "--line-layers", "1", "-o", "a.json").status == 0

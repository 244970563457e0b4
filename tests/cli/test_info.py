"""`netart info`: what it prints is the shot itself."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netart.files.runs import write_run
from netart.files.source import read_source
from netart.net import cost
from netart.net.learning.data import PictureData
from tests.program import SMALL, Run, pixels
from tests.runs import RING, made_run

SHOTS = [
    "",
    "--seed 18446744073709551615 --layers 0 --outputs 2",
    "--mix 7:0.6,42:-0.8 --latent t=0.125 --features x,sin_y:0.1 --axes t,y",
    "--center 0.1234567890123456789012345678901234567890,-1e-40 --radius 1e-12 --rotate 33",
    "--layers 3x5 --layer 2 --activation sin,relu,abs --contrast 0.1:0.7,-1:1,0:0",
    "--weight-scale 0.30000000000000004 --bias-scale same --distribution lecun_normal",
    "--palette rgb --contrast off --output-activation softsign --outputs 7",
    "explicit.toml --weight-scale 1.5 --bias-scale -1 --activation relu --layer 1",
]


@pytest.mark.parametrize("options", SHOTS)
@pytest.mark.usefixtures("explicit")
def test_toml_opens_as_the_same_shot(netart: Run, tmp_path: Path, options: str) -> None:
    drawn = netart("render", *SMALL, *options.split(), "-o", "a.png")
    assert drawn.status == 0, drawn.err
    printed = netart("info", "a.png")
    assert (printed.status, printed.err) == (0, "")
    (tmp_path / "b.toml").write_bytes(printed.out)
    assert netart("info", "b.toml").out == printed.out
    first, second = (netart("info", name, "--json").json for name in ("a.png", "b.toml"))
    assert first == second
    assert first["size"] == [12, 8]
    netart("render", "b.toml", "--backend", "cpu", "-o", "b.png")
    assert Path("b.png").read_bytes() == Path("a.png").read_bytes()


def test_every_field_is_written(netart: Run, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('about = "A line"\n[shot]\n')
    data = tomllib.loads(netart("info", "a.toml").out.decode())
    assert data["about"] == "A line"
    network = {"widths", "outputs", "activations", "output_activation", "features", "latents"}
    network |= {"kind", "distribution", "weight_scale", "detail", "bias_scale", "sampler", "mix"}
    assert set(data["shot"]["network"]) == network
    assert set(data["shot"]["view"]) == {"centre", "axes", "radius", "frame"}


def test_json_carries_the_digests_that_render_prints(netart: Run) -> None:
    drawn = json.loads(netart("render", *SMALL, "--seed", "5", "--json", "-o", "a.png").out)
    found = netart("info", "a.png", "--json").json
    assert found["sha256"] == drawn["sha256"]
    assert re.fullmatch("[0-9a-f]{64}", found["weights"])
    assert found["sha256"] != found["weights"]


def test_presets_are_a_line_each(netart: Run) -> None:
    listed = netart("presets", "--json").json
    lines = netart("presets").out.decode().splitlines()
    assert len(listed) >= 19
    assert [line.split()[0] for line in lines if line.startswith(" ")] == list(listed)
    for name, about in listed.items():
        assert len(about) > 10, name
        assert "\n" not in about
        assert netart("info", name, "--json").status == 0


def test_doctor_says_what_draws(netart: Run) -> None:
    found = netart("doctor", "--json").json
    assert found["auto"].partition(":")[0] in ("cpu", "gpu-fragment", "gpu-compute")
    assert {"gpu", "cpu", "python", "netart", "numpy", "moderngl"} <= set(found)
    lines = netart("doctor").out.decode().splitlines()
    assert "\x1b" not in "".join(lines)
    assert [line.split()[0] for line in lines if line[0] != " "] == list(found)


def test_of_a_run_it_says_how_it_went(netart: Run) -> None:
    picture = PictureData("bottle", np.zeros((4, 6, 1), np.uint8), (0.0, 1.0))
    write_run(Path("made.run"), made_run(steps=tuple(range(100)), widths=(3, 2), data=picture))
    ran = netart("info", "made.run@50")
    assert (ran.status, ran.err) == (0, "")
    lines = [line[2:] for line in ran.out.decode().splitlines() if line.startswith("#")]
    assert "run       made, finished: 99 of 100 steps, 100 kept" in lines
    assert "learned   bottle, 6×4 pixels, black and white, from 0 to 1" in lines
    assert any(line.startswith("network   ") and "widths 3,2" in line for line in lines)
    assert any(line.startswith("training  batch 0, loss cross_entropy") for line in lines)
    rows = [line.split() for line in lines if line.endswith("%")]
    assert [rows[0][0], rows[-1][0]] == ["0", "99"]
    assert rows[0][1:] == ["1", "50.00%"]
    assert 6 <= len(rows) <= 9
    moved = "indecisive, and how far their boundaries moved from step 94 on"
    for title in "twins", moved, "never on", "always on", "lines of layer 1":
        assert any(line.startswith(title) for line in lines), title
    assert not any(line.startswith("critical") for line in lines)  # tanh
    Path("a.toml").write_bytes(ran.out)
    again = netart("info", "a.toml")
    assert again.status == 0, again.err
    render = ["render", *SMALL, "--lens", "lines", "-o"]
    assert netart(*render, "a.png", "made.run@50").status == 0
    assert netart(*render, "b.png", "a.toml").status == 0
    assert np.array_equal(pixels(Path("a.png")), pixels(Path("b.png")))


def test_its_units_can_be_drawn(netart: Run) -> None:
    write_run(
        Path("a.run"), replace(made_run(widths=(6, 6), data=RING), accuracy=np.full(3, np.nan))
    )
    text = netart("info", "a.run").out.decode()
    assert not re.search(r"nan|None|right|\d\d%$", text, re.MULTILINE)
    assert "NaN" not in netart("info", "a.run", "--json").out.decode()
    always = re.search(r"^# always on  (.*)$", text, re.MULTILINE)
    never = re.search(r"^# never on   (.*)$", text, re.MULTILINE)
    assert always and never
    found = netart("info", "a.run", "--json").json
    assert found["units"]["always_on"] or always[1] == "none"
    assert found["run"]["steps"] == [0, 10, 100]
    assert found["run"]["accuracy"] == [None] * 3
    assert found["units"]["critical_points"] is None
    moving = found["units"]["indecisive"][0]["unit"]
    assert f"# {moving:>13}" in text
    assert netart("render", *SMALL, "a.run", "--lens", "lines", "--units", moving).status == 0


def test_what_is_too_large_to_be_examined(netart: Run) -> None:
    write_run(Path("a.run"), made_run(widths=(400, 400)))
    text = netart("info", "a.run").out.decode()
    assert "# units are not examined: a network of more than 131,072 weights\n" in text
    assert "units" not in netart("info", "a.run", "--json").json


def test_a_run_is_named_and_not_written_out(netart: Run) -> None:
    text = netart("info", "ginn").out.decode()
    assert 'file = "ginn.run"' in text
    assert len(text) < 10_000
    Path("named.toml").write_text(text)
    assert read_source("named.toml").shot == read_source("ginn").shot


def test_work_beyond_the_budget_is_told_on_a_line_of_stderr(
    netart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.toml").write_text("[shot.network.mix]\n918273 = 1.0")  # sampled by no other test
    monkeypatch.setattr(cost, "MAX_S", 0.0)
    cost.announce.cache_clear()
    ran = netart("info", "a.toml")
    assert (ran.status, ran.out[:7]) == (0, b"# shot ")
    assert ran.err == "netart: sampling the network takes about 0 s and 0.1 GB\n"


def test_what_a_file_says_commands_no_terminal(netart: Run, tmp_path: Path) -> None:
    run = replace(made_run(), data=replace(RING, name="\x9b2J\x1b]0;x\x07\u202e\nradius = 1"))
    write_run(tmp_path / "a.run", run)
    (tmp_path / "b.toml").write_text('about = "\\u009b2J\\u001b[31m\\u202e"\n[shot]')
    for name in ("a.run", "b.toml"):
        ran = netart("info", name)
        text = ran.out.decode()
        assert ran.status == 0, ran.err
        assert all(character.isprintable() or character == "\n" for character in text)
        tomllib.loads(text)
        assert "\nradius = 1 " not in text

"""`netart info`: what it prints is the shot itself."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.program import SMALL, Run

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

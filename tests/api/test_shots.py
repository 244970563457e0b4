"""Shots by names and values of fields, as the command line makes them of options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import netart
from netart.cli import cli
from netart.errors import NetartError
from netart.net.recipe import Recipe
from netart.shot.run_shot import rows_of_points
from netart.shot.shot import Shot
from tests.runs import learned_run, written

# What one types → what one writes in Python.
SAME: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("--seed 7 --depth 8 --palette corners:frost",
     {"seed": 7, "depth": 8, "palette": "corners:frost"}),
    ("--center 0.4,-0.2 --radius 0.1", {"center": (0.4, -0.2), "radius": 0.1}),
    ("--layers 3x16 --activation relu,tanh,sin",
     {"layers": "3x16", "activation": ["relu", "tanh", "sin"]}),
    ("--mix 7:0.6,42:0.8 --latent a=0.3", {"mix": {7: 0.6, 42: 0.8}, "latent": {"a": 0.3}}),
    ("--contrast=-1:1 --light relief --invert",
     {"contrast": (-1, 1), "light": "relief", "invert": True}),
    ("--lens lines --samples 3", {"lens": "lines", "samples": 3}),
    ("--lens curves --features x --family 0..9",
     {"lens": "curves", "features": "x", "family": range(10)}),
    ("--weight-scale 2 --no-dither", {"weight_scale": 2, "dither": False}),
    ("--points moons --point-size 2", {"points": "moons", "point_size": 2}),
]  # fmt: skip


@pytest.mark.parametrize("source", [(), ("silk",)], ids=["new", "preset"])
@pytest.mark.parametrize(("line", "fields"), SAME, ids=[line for line, _ in SAME])
def test_a_shot_is_that_of_the_same_command_line(
    tmp_path: Path, source: tuple[str, ...], line: str, fields: dict[str, Any]
) -> None:
    path = str(tmp_path / "a.toml")
    ran = CliRunner().invoke(cli, ["render", *source, *line.split(), "--save", path])
    assert ran.exit_code == 0, ran.output
    assert netart.new(*source, **fields) == netart.load(path)
    if source:
        assert netart.new(netart.new(*source), **fields) == netart.load(path)


def test_a_shot_changes_by_its_own_method() -> None:
    shot = netart.new("silk", seed=7)
    other = shot.but(seed=8, palette="frost", center=(0.4, -0.2))
    assert other == netart.new("silk", seed=8, palette="frost", center=(0.4, -0.2))
    assert shot == netart.new("silk", seed=7)
    assert shot.but() == shot
    with pytest.raises(NetartError, match=r"^unknown field 'palete': did you mean palette\?$"):
        shot.but(palete="frost")


def test_what_is_random_is_chosen() -> None:
    first, second = (netart.new(seed="random", palette="random") for _ in range(2))
    assert first.network.mix != second.network.mix
    assert first.look.palette
    seed = first.network.mix[0][0]
    assert netart.new(seed=seed, palette="random") == first


def test_files_say_palettes_points_and_networks(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    two = Image.new("RGB", (8, 8), "#204060")
    two.paste("#f0a040", (0, 0, 4, 8))
    two.save("a.png")
    Path("a.csv").write_text("0,1,red\n1,0,blue\n")
    assert "#204060" in netart.new(palette="from:a.png").look.palette
    assert netart.new(points="a.csv", radius=6).marks.points == ((0, 1, 2), (1, 0, 1))
    written(tmp_path, learned_run("three"))
    run = learned_run("three")
    shown = netart.new("three.run", show_data=True)
    assert shown.marks.points == rows_of_points(run)
    silk = netart.new("silk", network="three.run")
    assert silk.look == netart.new("silk").look
    assert silk.network == netart.new("three.run").network


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weight_scale": "x"}, r"^weight_scale 'x': must be a number$"),
        ({"weightscale": 1}, r"^unknown field 'weightscale': did you mean weight_scale\?$"),
        ({"seed": 7, "mix": "7"}, "^seed: says the same thing as mix$"),
        ({"palette": "all"}, "^palette all: a sheet draws all of them$"),
        ({"show_data": True}, "^show_data: the network is not a step of a run"),
        ({"network": "no.npz"}, r"^network: no\.npz: no such file"),
        ({"source": "lava"}, r"^lava is a film: netart\.film draws it"),
        ({"source": "tour-10"}, r"^tour-10 is a sheet: netart\.sheet draws it"),
        ({"source": "nothing"}, "^unknown preset 'nothing'"),
        ({"source": []}, "^a network has at least one layer$"),
        ({"source": 7}, "^int: must be the name of a preset or a file, a shot, or layers$"),
        ({"source": [1]}, r"^layer 1: must be its weight \(out, in\), bias \(out,\) and activa"),
        ({"source": [([1], [1], "tanh")]}, r"^layer 1: weight \(1,\): must be \(out, in\)$"),
        ({"source": [([["a"]], [1], "tanh")]}, "^layer 1: weight and bias must be arrays"),
        ({"source": [([[1, 2]], [1], "tahn")]}, r"^layer 1: unknown activation 'tahn'"),
    ],
)  # fmt: skip
def test_errors_name_what_python_names(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        netart.new(**fields)


def test_any_document_is_loaded_as_it_is() -> None:
    assert isinstance(netart.load("silk"), netart.Shot)
    assert isinstance(netart.load("tour-10"), netart.Sheet)
    assert isinstance(netart.load("lava"), netart.Timeline)
    assert netart.load("tour-10#3") == netart.load("tour-10").panel(3)


def test_layers_are_networks_of_ones_own() -> None:
    weight = np.array([[3.0, 3.0], [-3.0, -3.0]])
    layers = [(weight, [3, 3], "tanh"), ([[4, 4]], [-4], "sigmoid")]
    shot = netart.new(layers, radius=2)
    assert netart.network(shot)([[-1, 1], [1, 1]]).round().tolist() == [[1], [0]]
    weight[:] = 0  # still its owner's
    assert shot == netart.new(netart.network(shot), radius=2).but(samples="auto")
    assert netart.new([*netart.network(shot).layers], radius=2) == shot
    assert (
        netart.new(layers, features="y,x").network.content.features != shot.network.content.features
    )


def test_new_shots_begin_as_the_command_line_begins_them() -> None:
    assert netart.new().look.samples == "auto"
    assert netart.new("silk").look.samples == netart.load("silk").look.samples == 1


def test_a_picture_is_drawn_at_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.lens.STRIP_PIXELS", 1)
    done: list[tuple[int, int]] = []
    picture = netart.render("silk", (30, 150), backend="cpu", progress=lambda *n: done.append(n))
    assert picture.size == (30, 150)
    assert done == [(64, 150), (128, 150), (150, 150)]
    assert netart.render("silk", 24, backend="cpu", seed=3).shot == netart.new("silk", seed=3)
    assert netart.render("silk", "36x24", backend="cpu").size == (36, 24)
    assert np.array_equal(netart.render(picture.shot, (30, 150), backend="cpu"), picture.pixels)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: netart.render("silk", (0, 5)), "size 0x5"),
        (lambda: netart.render("silk", "4g"), "size '4g'"),
        (lambda: netart.render("silk", 5, backend="gpx"), "did you mean gpu"),
        (lambda: netart.render("silk", 5, backend="cpu", device=1), "^device 1: has no meaning"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: Any, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        call()


def test_new_shots_are_short_to_read() -> None:
    assert repr(Shot(network=Recipe(mix=((3, 1.0),)))).count("=") < 9


def test_pictures_of_one_colour_are_warned_of(tmp_path: Path) -> None:
    black = {"contrast": (500, 600), "palette": "rgb", "backend": "cpu"}
    with pytest.warns(UserWarning, match="^the picture is all black: .* would show more$") as found:
        netart.render(size=16, **black)
    assert found[0].filename == __file__
    with pytest.warns(UserWarning, match="^panel #2 is all of one colour") as found:
        netart.sheet("silk", {"contrast": ["auto", (500, 600)]}, 16, backend="cpu")
    assert found[0].filename == __file__
    film = netart.film(motion="spin", size=16, frames=3, **black)
    with pytest.warns(UserWarning, match="^the film is of one colour at 0%: all black") as found:
        film.save(tmp_path / "a-#.png")
    assert found[0].filename == __file__


def test_numbers_may_be_those_of_numpy() -> None:
    assert netart.render("silk", np.int64(8), backend="cpu").size == (8, 8)
    assert netart.render("silk", np.array([8, 6]), backend="cpu").size == (8, 6)
    assert netart.new("silk", seed=np.int64(3), radius=np.float32(0.5)).view.radius == 0.5
    assert len(netart.sheet("silk", seeds=np.arange(3), size=8, backend="cpu")) == 3
    film = netart.film("silk", frames=np.int64(3), fps=np.float64(12.5))
    assert film.timeline == netart.film("silk", frames=3, fps="12.5").timeline


@pytest.mark.parametrize("name", ["seed", "palette"])
def test_a_change_of_a_shot_is_not_random(name: str) -> None:
    with pytest.raises(NetartError, match=rf"^{name} 'random': netart\.new\(shot, {name}=…\)"):
        netart.new("silk").but(**{name: "random"})


def test_what_float32_cannot_hold_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.api.shots.MIN_DOUBTED", 16)
    chaotic: dict[str, Any] = {"size": 16, "layers": "20x16", "weight_scale": 4, "samples": 1}
    with pytest.warns(UserWarning, match="; backend='reference' draws it right$") as found:
        netart.render(backend="cpu", **chaotic)
    assert found[0].filename == __file__
    netart.render(backend="cpu", **chaotic | {"size": 15})
    netart.render(backend="reference", **chaotic)


@pytest.mark.parametrize(
    "fields",
    [
        {"palette": "from:silk.png"},
        {"palette": "corners:from:silk.png"},
        {"palette": "a.GPL"},
        {"points": "a.csv"},
        {"network": "lace"},
        {"show_data": True},
    ],
)
def test_what_only_new_takes_points_there(fields: dict[str, Any]) -> None:
    (name,) = fields
    with pytest.raises(NetartError, match=rf"^{name} .*: netart.new\(shot, {name}=…\) takes it$"):
        netart.new("silk").but(**fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"output": 9}, "^output 9: outputs go from 1 to 3$"),
        ({"seed": -1}, "^seed '-1': must be from 0 to 18446744073709551615$"),
        ({"layers": "0x5"}, "^layers '0x5': 0 layers have no width"),
    ],
)
def test_fields_are_named_as_they_were_given(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(NetartError, match=message) as raised:
        netart.new("silk", **fields)
    assert [raised.value.field] == [*fields]

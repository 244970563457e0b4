"""What files of weights leave open, said by options, by Python, and by TOML beside them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import netart
from netart.cli import cli
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import convert
from netart.files.source import given_by, read_source, to_toml
from netart.files.stills.image import write_picture
from netart.files.weights import npz
from netart.files.weights.first_shot import OWN_COLOURS
from netart.lens import draw, picture
from netart.lens.regions import COLOURS
from netart.net.network import Network
from netart.net.recipe import Weights
from netart.pixels import Window
from netart.shot.fields import apply, parse
from netart.shot.lens import Colour, Curves, Regions
from netart.shot.shot import Shot
from tests.shots import explicit_network
from tests.weights import FILES

SIZE = (40, 30)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files by other programs in it."""
    for name in ("moons.safetensors", "named.safetensors", "digits.safetensors"):
        shutil.copy(FILES / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plain(path: Path, *widths: int, columns: int = 2) -> Path:
    """Arrays alone, of a network of these widths."""
    random = np.random.default_rng(1)
    arrays = {}
    for k, (inputs, units) in enumerate(zip((columns, *widths), widths, strict=False)):
        arrays[f"W{k}"] = random.normal(0, 1, (units, inputs)).astype(np.float32)
        arrays[f"b{k}"] = random.normal(0, 1, units).astype(np.float32)
    np.savez(path, **arrays)
    return path


def test_python_and_options_complete_a_file(folder: Path) -> None:
    shot = netart.new("moons.safetensors", activation="tanh", output_activation="sigmoid")
    assert isinstance(shot.network, Weights)
    network = shot.network.content
    assert [layer.activation for layer in network.layers] == ["tanh", "tanh", "sigmoid"]
    given = given_by({"activation": "tanh,relu", "features": "x,r"})
    source = read_source("moons.safetensors", given)
    assert source.completed == {"activation", "features"}
    network = source.shot.network.content
    assert [layer.activation for layer in network.layers] == ["tanh", "relu", "linear"]
    assert [str(feature) for feature in network.features] == ["x", "r"]


def test_a_file_that_says_it_is_changed_as_before(folder: Path) -> None:
    with (folder / "own.npz").open("wb") as file:
        npz.write(file, explicit_network(5), {})
    shot = netart.new("own.npz", activation="relu")
    assert [layer.activation for layer in shot.network.content.layers] == ["tanh", "sigmoid"]
    assert shot.network.activations == ("relu",)
    assert read_source("own.npz", given_by({"activation": "relu"})).completed == set()
    with pytest.raises(NetartError, match=r"own\.npz: features x,y: the file has x,r"):
        netart.new("own.npz", features="x,y")
    assert netart.new("silk", activation="relu").network.activations == ("relu",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"moons\.safetensors: does not say the activation of its 2 hidden layers: add"),
        ({"activation": "tanh,tanh,tanh"}, "3 activations for 2 hidden layers"),
        ({"activation": "tahn"}, "unknown activation 'tahn'"),
        ({"activation": "tanh", "features": "x,y,r"}, "takes 2 inputs, features x,y,r give 3"),
    ],
)
def test_what_does_not_fit_is_refused(folder: Path, given: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        netart.new("moons.safetensors", **given)


def test_a_picture_and_toml_open_again_beside_the_file(folder: Path, cpu: Cpu) -> None:
    """Large weights stand in them by the file's name, with what it does not say."""
    given = {"activation": "relu", "features": "x,y,r", "output_activation": "tanh"}
    plain(folder / "large.npz", 200, 100, 3, columns=4)
    shot = netart.new("large.npz", **given)
    assert shot.network.latents == ("in4",)
    pixels = picture(shot, SIZE, cpu)
    write_picture("a.png", shot, SIZE, convert([pixels]))
    Path("a.toml").write_text(to_toml(shot))
    for name in ("a.png", "a.toml"):
        again = read_source(name).shot
        assert again == shot
        assert np.array_equal(picture(again, SIZE, cpu), pixels)
    shutil.move("large.npz", "other.npz")
    with pytest.raises(NetartError, match=r"large\.npz: no such file"):
        read_source("a.png")


def test_toml_names_a_file_by_another_program(folder: Path) -> None:
    Path("a.toml").write_text(
        '[shot.network]\nkind = "weights"\nfile = "moons.safetensors"\nactivations = ["tanh"]\n'
    )
    assert read_source("a.toml").shot.network.content.depth == 2
    Path("a.toml").write_text('[shot.network]\nkind = "weights"\nfile = "moons.safetensors"\n')
    with pytest.raises(NetartError, match=r"a\.toml: .*moons\.safetensors: does not say"):
        read_source("a.toml")


def lens_of(path: Path, **given: str) -> Shot:
    return read_source(path, given_by(given)).shot


def test_lens_and_radius_fit_what_is_imported(folder: Path) -> None:
    assert len(COLOURS.split()) == OWN_COLOURS
    for outputs in (1, 2, 3):
        shot = lens_of(plain(folder / "a.npz", 8, outputs), activation="tanh")
        assert isinstance(shot.lens, Colour)
        assert shot.look.samples == "auto"
    shot = lens_of(plain(folder / "a.npz", 30, 5), activation="relu")
    assert isinstance(shot.lens, Regions)
    assert (shot.lens.shading, shot.look.palette) == ("margin", None)
    shot = lens_of(plain(folder / "a.npz", 30, 10), activation="relu")
    assert isinstance(shot.lens, Regions)
    assert shot.look.palette == "oklch"
    assert isinstance(
        lens_of(plain(folder / "a.npz", 8, 1, columns=1), activation="tanh").lens, Curves
    )
    # One output is the largest of the four wherever one looks.
    assert isinstance(lens_of(folder / "named.safetensors", activation="relu").lens, Colour)
    np.savez(folder / "b.npz", W0=np.eye(2), b0=np.array([0.0, 40.0]))
    assert lens_of(folder / "b.npz").view.radius == 54
    np.savez(folder / "b.npz", W0=np.eye(2), b0=np.array([0.0, 0.1]))
    assert lens_of(folder / "b.npz").view.radius == 1
    np.savez(folder / "b.npz", W0=np.zeros((2, 2)), b0=np.array([0.0, 0.1]))
    assert lens_of(folder / "b.npz").view.radius == 1


def test_what_is_converted_is_told(folder: Path) -> None:
    """Whichever way the file is named; of numbers that float32 holds nothing is said."""
    weight, bias = np.array([[0.5, -1], [2, 0.25], [1, 3]]), np.zeros(3)
    turned = "W0 is (in, out) by the shapes: read transposed"
    rounded = "b0 is float64: rounded to float32"
    for kind, numbers, transposed, said in (
        (np.float64, bias, False, ""),
        (np.float16, bias, False, ""),
        (">f8", bias, False, ""),
        (np.float64, bias + 0.1, False, rounded),
        (">f8", bias + 1e-50, False, rounded),
        (np.float32, bias, True, turned),
        (np.float64, bias + 0.1, True, f"{turned}; {rounded}"),
    ):
        stored = weight.T if transposed else np.asfortranarray(weight)
        np.savez(folder / "a.npz", W0=stored.astype(kind), b0=numbers.astype(kind))
        (folder / "a.toml").write_text('[shot.network]\nkind = "weights"\nfile = "a.npz"\n')
        direct, beside = read_source("a.npz"), read_source("a.toml")
        assert direct.warning == beside.warning == (said and f"a.npz: {said}")
        (layer,) = beside.shot.network.content.layers
        assert np.array_equal(layer.weight, weight)
        assert np.array_equal(layer.bias, numbers.astype(np.float32))
    np.savez(folder / "a.npz", kernel=weight.T)
    assert not read_source("a.npz").warning


def test_commands_tell_of_what_is_converted(folder: Path) -> None:
    np.savez(folder / "a.npz", W0=np.full((2, 2), 0.1), b0=np.zeros(2))
    for words in (
        "info a.npz",
        "network a.npz -o b.npz",
        "render --network a.npz --size 8x8 --backend cpu -o b.png",
        "zoom a.npz --to 1 --save b.toml",
    ):
        done = CliRunner().invoke(cli, words.split())
        assert done.exit_code == 0
        said = "netart: warning: a.npz: W0 is float64: rounded to float32\n"
        assert done.stderr.count(said) == 1, (words, done.stderr)


def test_a_file_says_what_a_file_lacks(folder: Path) -> None:
    plain(folder / "a.npz", 3, 1)
    text = '[shot.network]\nkind = "weights"\nfile = "a.npz"\n'
    (folder / "a.toml").write_text(text)
    with pytest.raises(NetartError, match=r'add activations = \["NAME"\] to \[shot.network\]$'):
        read_source("a.toml")
    (folder / "a.toml").write_text(text + 'activations = ["tanh"]\noutput_activation = "sin"\n')
    for words in (["a.toml"], ["a.npz", "--activation", "tanh", "--output-activation", "sin"]):
        said = CliRunner().invoke(cli, ["info", *words]).stdout
        assert 'activations = ["tanh"]\noutput_activation = "sin"' in said
    with pytest.raises(NetartError, match=r"^activation: a\.toml says its own$"):
        CliRunner().invoke(cli, ["info", "a.toml", "--activation", "tanh"], catch_exceptions=False)


@pytest.mark.parametrize("spanned", [("x", "y"), ("in407", "in408")])
def test_a_network_of_784_inputs_is_a_picture(
    folder: Path, cpu: Cpu, spanned: tuple[str, str]
) -> None:

    shot = lens_of(folder / "digits.safetensors", activation="relu")
    texts = {"axes": ",".join(spanned), "radius": "40", "latent": "in300=0.5", "lens": "regions"}
    shot = apply(shot, {name: parse(name, text) for name, text in texts.items()})
    drawn = draw(shot, SIZE, Window.whole(SIZE), cpu)
    assert len(np.unique(drawn.reshape(-1, 3).round(2), axis=0)) > 10


def test_a_missing_library_costs_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, library in (("a.safetensors", "safetensors"), ("a.onnx", "onnx"), ("a.h5", "h5py")):
        (folder / name).write_bytes(b"")
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(NetartError) as found:
            read_source(name)
        said = f"{name}: needs the library {library}: pip install 'netart[weights]'"
        assert (str(found.value), found.value.status) == (said, 1)


def test_networks_from_files_are_networks(folder: Path) -> None:
    network = netart.new("digits.safetensors", activation="relu").network.content
    assert isinstance(network, Network)
    assert network.inputs[:4] == ("x", "y", "in3", "in4")
    assert network.inputs[-1] == "in784"

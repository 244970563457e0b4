"""Networks written into files of weights: read again, and run by other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.files.source import read_source
from netart.files.weights.expressions import EXPRESSIONS
from netart.files.weights.formats import WEIGHTS_FORMATS, WRITABLE, read_weights
from netart.files.weights.python import MAX_NUMBERS
from netart.lens import picture
from netart.net.build import to_network
from netart.net.network import Network
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.recipe import Weights
from netart.shot.shot import Shot
from tests.shots import explicit_network, shot
from tests.weights import outputs

SIZE = (48, 30)
AGAIN = tuple(suffix for suffix in WRITABLE if suffix != ".py")  # those that are read as well
PARAMETERS = {"swirl": "swirl:3/8/13"} | {
    name: f"{name}:1.5" for name, kind in FEATURES.items() if kind.parametric and name != "swirl"
}


def written(path: Path, network: Network, **latents: float) -> Path:
    write = WEIGHTS_FORMATS[path.suffix].write
    assert write
    with path.open("wb") as file:
        write(file, network, latents)
    return path


def rows_of(network: Network, count: int = 50) -> Any:
    """Random points and latents."""
    rows = np.random.default_rng(3).normal(size=(count, len(network.inputs)))
    return rows.astype(np.float32)


def by_onnxruntime(path: Path, rows: Any) -> Any:
    from onnxruntime import InferenceSession

    session = InferenceSession(path, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    return session.run(None, {given.name: np.ascontiguousarray(rows)})[0]


def by_python(path: Path, rows: Any, **latents: float) -> Any:
    """What the function in the file makes: this text, at least, is our own."""
    scope: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), scope)
    x, y = rows[:, :2].T.astype(np.float64)
    return scope["network"](x, y, latents) if latents else scope["network"](x, y)


def with_activation(name: str) -> Network:
    texts = {"activation": name, "output_activation": name, "contrast": "off"}
    return to_network(shot(layers="2x7", latent="t=0.25", weight_scale="0.5", **texts).network)


CASES = {
    "the default": {},
    "one layer": {"layers": "0", "outputs": "1"},
    "many latents": {"latent": "t=0.25,größe=-3,c=7", "layers": "3x9", "seed": "7"},
    "mixed activations": {"widths": "5,50,3", "activation": "relu,sin,abs", "weight_scale": "0.5"},
    "one column": {"features": "x", "layers": "2x8"},
}


@pytest.mark.parametrize("suffix", AGAIN)
@pytest.mark.parametrize("name", CASES)
def test_a_round_trip_draws_the_same_pixels(
    tmp_path: Path, cpu: Cpu, name: str, suffix: str
) -> None:
    one = shot(**CASES[name])
    network = to_network(one.network)
    latents = dict(zip(network.latents, map(float, one.view.centre[2:]), strict=True))
    path = written(tmp_path / f"net{suffix}", network, **latents)
    read = read_weights(path)
    assert read.network.sha256 == network.sha256
    assert (read.latents, read.is_own, read.warning) == (latents, True, "")
    opened = read_source(path).shot
    assert opened == Shot(network=Weights(content=network), view=opened.view)
    assert opened.view.centre == one.view.centre
    again = shot(opened, radius=str(one.view.radius))
    assert np.array_equal(picture(one, SIZE, cpu), picture(again, SIZE, cpu))


@pytest.mark.parametrize("suffix", WRITABLE)
def test_the_same_network_is_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    network = to_network(shot(layers="3x6", latent="t=1").network)
    pair = [written(tmp_path / f"{k}{suffix}", network, t=1) for k in "ab"]
    assert pair[0].read_bytes() == pair[1].read_bytes()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_onnxruntime_computes_the_same(tmp_path: Path, name: str) -> None:
    network = with_activation(name)
    path = written(tmp_path / "a.onnx", network, t=0.25)
    rows = rows_of(network)
    found, wanted = by_onnxruntime(path, rows), outputs(network, rows)
    assert np.abs(found - wanted).max() < 1e-6 * max(1, np.abs(wanted).max())
    assert read_weights(path).network.sha256 == network.sha256


def test_onnx_has_every_activation() -> None:
    assert EXPRESSIONS.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("features", ["y,x", "y", "x,x,y"])
def test_linear_features_become_a_layer_of_onnx(tmp_path: Path, features: str) -> None:
    network = to_network(shot(layers="2x7", features=features, latent="t=0.25").network)
    path = written(tmp_path / "a.onnx", network, t=0.25)
    rows = rows_of(network)
    wanted = outputs(network, rows)
    assert np.abs(by_onnxruntime(path, rows) - wanted).max() < 1e-6
    read = read_weights(path).network
    assert [str(feature) for feature in read.features] == ["x", "y"]
    assert read.layers[0].activation == "linear"
    assert np.array_equal(outputs(read, rows), wanted)


@pytest.mark.parametrize("name", sorted(FEATURES.keys() - {"x", "y"}))
def test_onnx_refuses_other_features_by_name(tmp_path: Path, name: str) -> None:
    name = PARAMETERS.get(name, name)
    network = to_network(shot(layers="1x4", features=f"x,{name}").network)
    with pytest.raises(NetartError, match=rf"feature {name}: .*x, y and latents alone"):
        written(tmp_path / "a.onnx", network)


def test_torch_reads_names_and_shapes(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    network = explicit_network(5, 6)
    held = load_file(written(tmp_path / "a.safetensors", network))
    assert {name: array.shape for name, array in held.items()} == {
        "0.weight": (5, 2), "0.bias": (5,), "2.weight": (6, 5), "2.bias": (6,),
        "4.weight": (3, 6), "4.bias": (3,),
    }  # fmt: skip
    assert all(array.dtype == np.float32 for array in held.values())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_python_function_computes_the_same(tmp_path: Path, name: str) -> None:
    network = with_activation(name)
    rows = rows_of(network)
    rows[:, 2] = 0.25
    path = written(tmp_path / "a.py", network, t=0.25)
    found, wanted = by_python(path, rows), outputs(network, rows)
    assert np.abs(found - wanted).max() < 1e-12 * max(1, np.abs(wanted).max())
    assert not np.array_equal(by_python(path, rows, t=0.75), found)


@pytest.mark.parametrize("name", FEATURES)
def test_the_python_function_has_every_feature(tmp_path: Path, name: str) -> None:
    name = PARAMETERS.get(name, name)
    network = to_network(shot(layers="1x4", features=f"{name},y", weight_scale="0.5").network)
    rows = np.concatenate([rows_of(network), np.array([[0.0, 0.0], [-1.0, 0.0], [-1.0, -0.0]])])
    found = by_python(written(tmp_path / "a.py", network), rows)
    assert np.abs(found - outputs(network, rows)).max() < 1e-12


def test_the_python_function_takes_numbers_and_pictures(tmp_path: Path) -> None:
    scope: dict[str, Any] = {}
    path = written(tmp_path / "a.py", explicit_network(5, latents=("t",)), t=2)
    exec(path.read_text(), scope)
    assert scope["network"](0.5, 1).shape == (3,)
    y, x = np.mgrid[:4, :6]
    assert scope["network"](x, y).shape == (4, 6, 3)
    assert scope["network"](x, 1.0).shape == (4, 6, 3)


def test_the_python_text_fits_into_its_lines(tmp_path: Path) -> None:
    text = written(tmp_path / "a.py", explicit_network(40, 7)).read_text()
    assert max(map(len, text.splitlines())) <= 100
    assert text.isascii()
    assert text.endswith("]\n")
    wide = explicit_network(MAX_NUMBERS // 1000, 1000)
    with pytest.raises(NetartError, match="numbers: a Python file gets at most"):
        written(tmp_path / "b.py", wide)


def test_other_programs_find_what_the_matrices_do_not_say(tmp_path: Path) -> None:
    import onnx
    from safetensors import safe_open

    network = explicit_network(5, latents=("t",))
    with safe_open(written(tmp_path / "a.safetensors", network, t=2), "numpy") as opened:
        said = json.loads(opened.metadata()["netart"])
    assert said == {
        "activations": ["tanh", "sigmoid"], "features": ["x", "r"], "latents": {"t": 2},
    }  # fmt: skip
    plain = to_network(shot(layers="1x4").network)
    model = onnx.load(written(tmp_path / "a.onnx", plain), load_external_data=False)
    onnx.checker.check_model(model, full_check=True)
    (prop,) = model.metadata_props
    assert json.loads(prop.value)["activations"] == ["tanh", "sigmoid"]
    assert [node.op_type for node in model.graph.node] == [
        "Gemm", "Tanh", "Gemm", "Sigmoid", "Identity",
    ]  # fmt: skip

"""Values behind pictures against the definition, and derivatives against differences."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netart
from netart.cli import main
from netart.errors import NetartError
from netart.shot.view import coordinates

SIZE = (13, 9)
SHOT: dict[str, Any] = {
    "source": "silk", "rotate": 30, "center": (0.3, -0.2), "radius": 0.5, "depth": 4,
}  # fmt: skip


def at(shot: netart.Shot, names: tuple[str, ...]) -> Any:
    """(pixels, inputs): the points at the middles of pixels, by the drawing in shot/view.py."""
    (width, height) = SIZE
    j, i = np.mgrid[:height, :width]
    uv = np.stack([2 * (i + 0.5) - width, height - 2 * (j + 0.5)], axis=-1) / min(SIZE)
    return coordinates(shot.view, names, uv.reshape(-1, 2)).T


def by_hand(network: Any, points: Any) -> Any:
    """The pre-activations of the outputs, of tanh on x and y."""
    y = np.asarray(points, np.float64)
    for layer in network.layers[:-1]:
        y = np.tanh(y @ layer.weight.T.astype(np.float64) + layer.bias)
    last = network.layers[-1]
    return y @ last.weight.T.astype(np.float64) + last.bias


def test_values_are_pre_activations_at_the_middles_of_pixels() -> None:
    shot, network = netart.new(**SHOT), netart.network(**SHOT)
    points = at(shot, network.inputs)
    z = netart.values(shot, SIZE)
    assert z.dtype == np.float64
    assert z.shape == (9, 13, 3)
    assert np.abs(z - by_hand(network, points).reshape(z.shape)).max() < 1e-12
    sigmoid = 1 / (1 + np.exp(-z.reshape(-1, 3)))
    assert np.abs(network(points) - sigmoid).max() < 1e-12
    assert np.abs(netart.values(shot, SIZE, backend="cpu") - z).max() < 1e-4


@pytest.mark.parametrize(
    "looked_at", [{}, {"layer": 2}, {"layer": 1.5}, {"output": 2}, {"hidden": 3}]
)
def test_derivatives_are_limits_of_differences(looked_at: dict[str, Any]) -> None:
    step, shot = 1e-6, netart.new(**SHOT)
    found = netart.values(shot, SIZE, derivatives=True, **looked_at)
    assert np.array_equal(found.z, netart.values(shot, SIZE, **looked_at))
    for axis, (dx, dy) in enumerate([(step, 0), (0, step)]):
        ends = [
            netart.values(shot.but(center=(0.3 + k * dx, -0.2 + k * dy)), SIZE, **looked_at)
            for k in (1, -1)
        ]
        difference = (ends[0] - ends[1]) / (2 * step)
        slopes = found.slopes[..., axis]
        assert np.abs(slopes).max() > 0.1
        assert np.abs(difference - slopes).max() < 1e-5 * np.abs(slopes).max()


def test_units_are_those_of_a_hidden_layer() -> None:
    layer = netart.values("silk", SIZE, hidden=3)
    assert layer.shape == (9, 13, 16)
    some = netart.values("silk", SIZE, units=[(3, 1), (3, 16), (3, 2)])
    assert np.array_equal(some, layer[..., [0, 15, 1]])
    network = netart.network("silk")
    first = netart.values("silk", SIZE, hidden=1)
    points = at(netart.new("silk"), network.inputs)
    own = points @ network.layers[0].weight.T + network.layers[0].bias
    assert np.abs(first.reshape(-1, 16) - own).max() < 1e-6


def test_derivatives_are_to_the_inputs_that_the_picture_spans() -> None:
    curve = netart.values(features="x", lens="curves", depth=2, size=SIZE, derivatives=True)
    assert curve.slopes.shape == (9, 13, 3, 2)
    assert curve.slopes[..., 0].any()
    assert not curve.slopes[..., 1].any()
    turned = netart.values(features="x", depth=2, rotate=90, size=SIZE, derivatives=True)
    assert turned.slopes[..., 0].any()
    assert np.abs(turned.slopes[..., 1]).max() < 1e-12
    single = netart.values(depth=2, axes="y", size=SIZE, derivatives=True)
    assert single.slopes.shape == (9, 13, 3, 1)


def test_latents_are_inputs_of_the_network() -> None:
    shot = netart.new("silk", latent={"a": 0.3})
    network = netart.network(shot)
    assert network.inputs == ("x", "y", "a")
    points = at(shot, network.inputs)
    assert (points[:, 2] == 0.3).all()
    sigmoid = 1 / (1 + np.exp(-netart.values(shot, SIZE).reshape(-1, 3)))
    assert np.abs(sigmoid - network(points)).max() < 1e-12


def test_the_network_is_the_one_that_is_drawn() -> None:
    assert len(netart.network("silk", layer=2).layers) == 3
    one, two = (netart.network("silk", weight_scale=scale).layers[0].weight for scale in (1, 2))
    assert np.array_equal(two, 2 * one)
    assert repr(netart.network("silk", layers="2x4")) == "<NetworkFunction x,y → 4 → 4 → 3>"


def test_lines_are_where_units_switch() -> None:
    """At the vertices, on a turned view, the units' pre-activations are 0."""
    how: dict[str, Any] = {"layers": "2x6", "activation": "relu", "seed": 3, "rotate": 30}
    found, network = netart.lines(**how), netart.network(**how)
    assert (found["axes"], found["layers"][1]["regions"]) == (["x", "y"], found["regions"])
    assert {unit["unit"][0] for unit in found["units"]} == {"1", "2"}
    first, second, _ = network.layers
    for unit in found["units"]:
        layer, number = map(int, unit["unit"].split("."))
        for line in unit["lines"]:
            z = first.weight @ np.array(line["points"]).T + first.bias[:, None]
            if layer == 2:
                z = second.weight @ np.maximum(z, 0) + second.bias[:, None]
            assert np.abs(z[number - 1]).max() < 1e-5
    assert netart.lines(netart.new(lens="lines", **how)) == found
    assert netart.lines(netart.new(**how), (64, 32)) != found


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".py"])
def test_a_network_is_saved_as_the_command_writes_it(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shot = netart.new("silk", latent={"a": 0.25})
    netart.network(shot).save(tmp_path / f"own{suffix}")
    command = ["network", "silk", "--latent", "a=0.25", "-o", str(tmp_path / f"net{suffix}")]
    monkeypatch.setattr(sys, "argv", ["netart", *command])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert (tmp_path / f"own{suffix}").read_bytes() == (tmp_path / f"net{suffix}").read_bytes()
    if suffix != ".py":
        again = netart.new(tmp_path / f"own{suffix}")
        assert np.array_equal(netart.network(again)([[1, 2, 3]]), netart.network(shot)([[1, 2, 3]]))
        assert again.view.centre[2] == shot.view.centre[2]


def test_weights_are_saved_as_they_were_given(tmp_path: Path) -> None:
    weight, bias = np.array([[1.0, 2.0]]), np.array([0.5])
    shot = netart.new([(weight, bias, "tanh")], weight_scale=3)
    assert np.array_equal(netart.network(shot).layers[0].weight, 3 * weight)
    netart.network(shot, as_given=True).save(tmp_path / "a.npz")
    assert np.array_equal(netart.network(tmp_path / "a.npz").layers[0].weight, weight)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: netart.network("silk", layer=2.5), "^layer 2.5: a blend of two layers"),
        (lambda: netart.network("silk")([[1, 2, 3]]), r"^points \(1, 3\): must be \(N, 2\)"),
        (lambda: netart.network("silk")([1, 2]), r"^points \(2,\)"),
        (lambda: netart.network("silk", as_given=True), "^as_given: the network is sampled"),
        (lambda: netart.network("silk").save("a.h5"), "^a.h5: unknown suffix '.h5'"),
        (lambda: netart.network("silk").save("no/a.npz"), "^no/a.npz: there is no folder no"),
        (lambda: netart.lines("silk"), "^layer 1: tanh bends lines into curves"),
        (lambda: netart.lines(lens="regions"), "^lens regions: has no lines; render draws it"),
        (lambda: netart.values("silk", 9, hidden=17), "^hidden 17: the network has"),
        (lambda: netart.values("silk", 9, backend="gpu"), "^backend gpu: values are of"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused(call: Any, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        call()

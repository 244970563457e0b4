"""Networks of one input, and views that span one: every lens and evaluator takes them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.reference import Reference
from netart.files.source import read_source
from netart.files.weights import npz
from netart.files.weights.formats import read_weights
from netart.lens import picture
from netart.live.transition import view_transform
from netart.net.build import to_network
from netart.net.network import inputs_read
from netart.net.ops import feature
from netart.shot.fields import text_of
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from netart.shot.timeline import Key, Timeline, Track
from tests.shots import shot

BANDS = shot(features="x", axes="x", center="1.5", radius="6", layers="2x8", seed="4")
TOML = """
[shot.network]
kind = "weights"
[[shot.network.layers]]
weight = [[1.0], [-2.0]]
bias = [0.5, 1]
activation = "tanh"
[[shot.network.layers]]
weight = [[1, -1]]
bias = [0.2]
activation = "tanh"
[shot.view]
axes = ["x"]
"""


def test_every_evaluator_draws_bands(cpu: Cpu, fragment: Gpu, compute: Gpu) -> None:
    wanted = picture(BANDS, (60, 40), Reference())
    assert np.ptp(wanted, axis=0).max() == 0  # down a column nothing changes
    assert np.ptp(wanted, axis=1).max() > 0.1
    for evaluator in (cpu, fragment, compute):
        assert np.abs(picture(BANDS, (60, 40), evaluator) - wanted).max() < 1e-3


def test_one_axis_of_two_inputs_holds_the_other(cpu: Cpu) -> None:
    plane = shot(layers="2x8", radius="2", seed="4", contrast="-1:1")
    row = shot(plane, axes="x", latent="y=0.5")
    assert row.view.centre[1] == row.view.centre[1].from_float(0.5)
    bands = picture(row, (41, 41), cpu)
    same = picture(shot(plane, center="0,0.5"), (41, 41), cpu)
    assert np.allclose(bands[20], same[20], atol=1e-6)
    assert np.ptp(bands, axis=0).max() == 0


def test_fields_and_files_say_one_axis() -> None:
    assert text_of(BANDS, "axes") == "x"
    assert text_of(BANDS, "center") == "1.5"
    assert from_text(to_text(BANDS)) == BANDS
    data = to_text(BANDS)
    data["view"]["axes"] = "x"
    assert from_text(data) == BANDS
    assert shot(BANDS, axes="x,y") == shot(BANDS, axes="x,y", center="1.5,0")
    with pytest.raises(NetartError, match="center 1,2: the picture spans x"):
        shot(BANDS, center="1,2")
    with pytest.raises(NetartError, match="center 1: the picture spans x,y"):
        shot(center="1")


def test_the_hash_of_two_axes_is_what_it_was() -> None:
    known = "54245f08b89937e1a1d674546ef28f62df14fe9e2813c447bbdbb069b9d315c8"
    assert shot(axes="y,x").sha256 == known
    assert Shot().sha256 == shot(axes="x,y").sha256


def test_films_of_one_axis() -> None:
    for make in FILMS.values():
        motion = make(BANDS)
        film = Timeline(shot=motion.shot, tracks=motion.tracks)
        assert film.at(0).view.axes == film.at(1).view.axes == ("x",)
    keys = (Key(0, "0"), Key(1, "3"))
    film = Timeline(shot=BANDS, tracks=(Track("center", keys),))
    assert text_of(film.at(0.5), "center") == "1.5"
    zoom = (Track("radius", (Key(0, "6"), Key(1, "1"))), Track("center", (Key(0, "2"),), "pinned"))
    end = Timeline(shot=BANDS, tracks=zoom).at(1)
    assert float(end.view.centre[0]) == pytest.approx(2 + (1.5 - 2) / 6)
    wrong = (Track("center", (Key(0, "2,1"),), "pinned"),)
    with pytest.raises(NetartError, match="the picture spans x"):
        Timeline(shot=BANDS, tracks=wrong)


def test_the_window_moves_along_one_axis() -> None:
    moved = shot(BANDS, center="3")
    assert view_transform(BANDS, moved) @ (0.5, 0.25, 1) == pytest.approx((0.25, 0.25))


@pytest.mark.parametrize(
    ("features", "latents", "read"),
    [
        ("x", (), ("x",)),
        ("x2,abs_x,sin_x:3,cos_x:2", (), ("x",)),
        ("y,y2", (), ("y",)),
        ("x,y", (), ("x", "y")),
        ("r", (), ("x", "y")),
        ("xy", ("t",), ("x", "y", "t")),
        ("x", ("t",), ("x", "t")),
    ],
)
def test_features_tell_what_a_network_reads(
    features: str, latents: tuple[str, ...], read: tuple[str, ...]
) -> None:
    assert inputs_read(tuple(map(feature, features.split(","))), latents) == read


def test_what_a_feature_reads_is_what_changes_it() -> None:
    from netart.net.network import ONE_SIDED
    from netart.net.ops import FEATURES, feature_columns

    x, y = np.random.default_rng(1).uniform(0.2, 3, (2, 50))
    for kind in FEATURES.values():
        text = kind.name + (":" + "/".join("3" * len(kind.parameters)) if kind.parametric else "")
        if kind.name == "swirl":
            text = "swirl:3/8/13"
        one = (feature(text),)
        changed = {
            name
            for name, at in (("x", (x + 0.7, y)), ("y", (x, y + 0.7)))
            if not np.allclose(feature_columns(one, x, y), feature_columns(one, *at))
        }
        assert changed == set(ONE_SIDED.get(kind.name, "xy")), kind.name


def test_explicit_networks_of_one_input(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML)
    one = read_source(tmp_path / "a.toml").shot
    assert to_network(one.network).features == (feature("x"),)
    with (tmp_path / "a.npz").open("wb") as file:
        npz.write(file, to_network(one.network), {})
    network, *_ = read_weights(tmp_path / "a.npz")
    assert network.sha256 == to_network(one.network).sha256


def test_weights_of_one_column_need_no_features(tmp_path: Path) -> None:
    stream = io.BytesIO()
    arrays = {"W0": np.ones((3, 1), "f4"), "b0": np.zeros(3, "f4")}
    np.savez(stream, meta=np.array('{"activations": ["tanh"]}'), **arrays)
    path = tmp_path / "a.npz"
    path.write_bytes(stream.getvalue())
    assert read_weights(path)[0].features == (feature("x"),)
    arrays["W0"] = np.ones((3, 2), "f4")
    with path.open("wb") as file:
        np.savez(file, meta=np.array('{"activations": ["tanh"]}'), **arrays)
    assert read_weights(path)[0].features == (feature("x"), feature("y"))

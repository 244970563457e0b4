"""Derivatives to u and v: of the definition against differences, of all others against it."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from netart import assets, lens
from netart.evaluate import glsl, gpu_passes, reference, shader_files
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import (
    Evaluator,
    LayerFunction,
    PixelFunction,
    Request,
    Units,
    Values,
)
from netart.evaluate.tiles import TILE_HEIGHT, TILE_WIDTH, points
from netart.net.build import to_network
from netart.net.ops import ACTIVATIONS, FEATURES, Activation
from netart.pixels import Window
from netart.shot.shot import Shot
from netart.shot.view import affine
from tests.activations import HARD, PERIODIC, in_glsl, parameter_of
from tests.shaders import run
from tests.shots import REFERENCE, evaluated, random_shot, shot

SIZE = 23, 14
GLSL = """// The first output, its derivatives, and a pixel
vec4 show_slopes() {
    return vec4(outputs(0).x, slopes_u(0).x, slopes_v(0).x, pixel_width());
}
"""


PROBE = """// Of all layers: sums of z, of its derivatives, and of the units' numbers times those
vec4 probe_slopes(vec4 carried, int layer, int unit, int width, vec4 z, vec4 z_u, vec4 z_v) {
    for (int k = 0; k < 4; ++k)
        if (unit + k < width)
            carried += vec4(z[k], z_u[k], z_v[k], float(layer * (unit + k)) * (z_u[k] - z_v[k]));
    return carried;
}
vec4 show_carried() {
    return carried();
}
"""


def _probe(carried: np.ndarray, units: Units) -> np.ndarray:
    own = np.s_[..., : units.width]
    z, (z_u, z_v) = units.z[own], units.slopes[own]
    weighted = (z_u - z_v) @ (units.layer * np.arange(units.width))
    return carried + np.stack([z.sum(1), z_u.sum(1), z_v.sum(1), weighted], axis=1)


PROBED = LayerFunction(_probe, "probe_slopes", slopes=True)
SHOW_CARRIED = PixelFunction(lambda values: values.carried, "show_carried", 4)


def _slopes(values: Values) -> np.ndarray:
    assert values.slopes is not None
    pixel = np.full(len(values.outputs), values.pixel, values.outputs.dtype)
    return np.stack([values.outputs[:, 0], *values.slopes[..., 0], pixel], axis=1)


SHOW = PixelFunction(_slopes, "show_slopes", 4, slopes=True)


@pytest.fixture(autouse=True)
def shaders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shaders with the pixel function that shows derivatives."""
    folder = copytree(assets.folder("shaders"), tmp_path / "shaders")
    (folder / "show_slopes.glsl").write_text(GLSL)
    layer_function, _, shown = PROBE.partition("vec4 show_carried")
    (folder / "probe_slopes.glsl").write_text(layer_function)
    (folder / "show_carried.glsl").write_text(f"vec4 show_carried{shown}")
    monkeypatch.setattr(shader_files, "folder", lambda name: tmp_path / name)


@pytest.fixture(params=["cpu", "fragment", "compute", "products"])
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    return request.getfixturevalue(request.param)


def agree(evaluator: Evaluator, picture: Shot) -> None:
    exact = evaluated(REFERENCE, picture, SIZE, SHOW)
    got = evaluated(evaluator, picture, SIZE, SHOW)
    error = np.abs(got - exact).max(axis=(0, 1))
    assert (error <= 1e-5 * np.abs(exact).max(axis=(0, 1))).all(), (error, picture)


SHOTS = [
    {"layers": "3x9"},
    {"layers": "0"},
    {"layers": "2x40"},
    {"layers": "2x70"},
    {"layers": "3x9", "samples": "2", "rotate": "33"},
    {"widths": "5,9,9,20", "layer": "2.5", "latent": "a=.3,b=.2", "features": "x,y,kaleidoscope:5"},
    {"layers": "2x8", "latent": "t=0.3", "axes": "t,y", "activation": "sin,gelu"},
    {"layers": "2x8", "features": "swirl:2.5/3/5,spiral:-2", "weight_scale": "0.5", "radius": "2"},
    {"layers": "2x8", "mix": "7:0.6,42:0.8", "units": "2.3"},
]


@pytest.mark.parametrize("texts", SHOTS, ids=str)
def test_the_definition_follows_differences(texts: dict[str, str]) -> None:
    picture = shot(**{name: text for name, text in texts.items() if name != "samples"})
    network, heads = to_network(picture.network), lens.heads(picture)
    network, heads = (
        network.map_layers(REFERENCE.convert),
        tuple(head._replace(layer=REFERENCE.convert(head.layer)) for head in heads),
    )
    at = points(network, picture.view, SIZE, Window.whole(SIZE), Request(heads))
    along, step = affine(picture.view, network.inputs)[:, 1:], 1e-6

    def outputs(off: np.ndarray) -> np.ndarray:
        return reference.forward(network, heads, at + off[:, None]).outputs

    got = reference.forward(network, heads, at, along=along).slopes
    for slope, direction in zip(got, along.T, strict=True):
        off = step * direction
        expected = (outputs(off) - outputs(-off)) / (2 * step)
        assert np.abs(slope - expected).max() < 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("texts", SHOTS, ids=str)
def test_evaluators_follow_the_definition(evaluator: Evaluator, texts: dict[str, str]) -> None:
    agree(evaluator, shot(**texts))


@pytest.mark.parametrize("number", range(12))
def test_random_shots_have_derivatives(evaluator: Evaluator, number: int) -> None:
    """Where float32 holds them: shallow ones, and no steps."""
    picture, _ = random_shot(number, 1, widest=9)
    names = {layer.activation for layer in to_network(picture.network).layers}
    smooth = not names & {"step", "sign", "relu", "leaky_relu", "abs", "triangle", "square"}
    exact = evaluated(REFERENCE, picture, SIZE, SHOW)
    got = evaluated(evaluator, picture, SIZE, SHOW)
    error = np.abs(got - exact) / np.abs(exact).max(axis=(0, 1)).clip(1e-30)
    assert np.quantile(error, 1.0 if smooth and picture.network.depth < 4 else 0.95) < 1e-3


def agree_on_layers(evaluator: Evaluator, picture: Shot, differences: bool) -> None:
    """What a layer function sees, and the outputs' own derivatives, are the definition's."""
    allowed = 1e-3 if differences else 2e-5  # float32 has fewer digits of small differences
    for show, layers in ((SHOW_CARRIED, PROBED), (SHOW, None)):
        exact, got = (
            evaluated(each, picture, SIZE, show, layers=layers, differences=differences)
            for each in (REFERENCE, evaluator)
        )
        error = np.abs(got - exact).max(axis=(0, 1))
        assert (error <= allowed * np.abs(exact).max(axis=(0, 1))).all(), (error, picture)


@pytest.mark.parametrize("differences", [False, True])
@pytest.mark.parametrize("texts", [*SHOTS[:6], SHOTS[7]], ids=str)
def test_layer_functions_see_derivatives(
    evaluator: Evaluator, texts: dict[str, str], differences: bool
) -> None:
    texts = {k: v for k, v in texts.items() if (k, v) != ("layers", "0")}
    agree_on_layers(evaluator, shot(**texts), differences)


@pytest.mark.parametrize("differences", [False, True])
def test_they_see_the_same_layer_by_layer_and_in_loops(
    fragment: Gpu, compute: Gpu, monkeypatch: pytest.MonkeyPatch, differences: bool
) -> None:
    dialect = fragment.stage.dialect
    monkeypatch.setattr(fragment.stage, "dialect", dialect._replace(slope_lanes=((0, 0),)))
    agree_on_layers(fragment, shot(**SHOTS[5]), differences)
    monkeypatch.setattr(fragment.stage, "dialect", dialect)
    monkeypatch.setattr(glsl, "MAX_ITERATIONS", 0)
    monkeypatch.setattr(gpu_passes, "MIN_PRODUCT", 1)
    for gpu in (fragment, compute):
        agree_on_layers(gpu, shot(**SHOTS[5]), differences)


def test_differences_are_of_the_next_pixels(evaluator: Evaluator) -> None:
    """To the right and above, also where activations jump."""
    picture = shot(layers="2x9", activation="step", radius="2", outputs="1")
    got = evaluated(evaluator, picture, SIZE, SHOW, differences=True).astype(float)
    value, pixel = got[..., 0], got[0, 0, 3]
    assert (np.abs(np.diff(value, axis=1)) > 0.1).any()
    right = value[:, :-1] + pixel * got[:, :-1, 1]
    above = value[1:] + pixel * got[1:, :, 2]
    assert np.abs(right - value[:, 1:]).max() < 1e-5
    assert np.abs(above - value[:-1]).max() < 1e-5


def test_layer_by_layer_is_the_same(
    fragment: Gpu, compute: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glsl, "MAX_ITERATIONS", 0)
    monkeypatch.setattr(gpu_passes, "MIN_PRODUCT", 1)
    for gpu in (fragment, compute):
        agree(gpu, shot(**SHOTS[5]))


def test_layers_as_loops_are_the_same(fragment: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    dialect = fragment.stage.dialect._replace(slope_lanes=((0, 0),))
    monkeypatch.setattr(fragment.stage, "dialect", dialect)
    agree(fragment, shot(**SHOTS[5]))


def test_a_windows_derivatives_are_the_pictures(evaluator: Evaluator) -> None:
    picture, size = shot(layers="3x9"), (TILE_WIDTH + 21, TILE_HEIGHT + 9)
    window = Window(TILE_WIDTH - 9, TILE_HEIGHT - 7, 20, 11)
    whole = evaluated(evaluator, picture, size, SHOW)
    part = evaluated(evaluator, picture, size, SHOW, window=window)
    assert np.array_equal(part, whole[TILE_HEIGHT - 7 :][:11, TILE_WIDTH - 9 :][:, :20])


# Twins.


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_slopes_in_glsl(gpu: Gpu, row: Activation) -> None:
    name = row.name
    arguments = np.concatenate([HARD, np.linspace(-9, 9, 999, dtype=np.float32)])
    columns = np.repeat(arguments[:, None], 4, axis=1)
    got = run(gpu, f"slope_{name}(x, act_{name}(x))", columns, "slopes.glsl")[:, 0]
    z = arguments.astype(float)
    with np.errstate(over="ignore"):
        want = row.slope(z, row.function(z.copy())).astype(np.float32)
    near = np.abs(z) <= 1e4 if name in PERIODIC else np.isfinite(want)
    error = np.abs(got - want)[near]
    allowed = 3e-6 * np.maximum(1, np.abs(want)) + np.spacing(np.abs(arguments))
    assert (error <= allowed[near]).all(), (z[near], error)
    assert np.isfinite(got).all()


@pytest.mark.parametrize("name", FEATURES)
def test_gradients_in_glsl(gpu: Gpu, name: str) -> None:
    kind = FEATURES[name]
    found = np.random.default_rng(1).normal(0, 3, (500, 2)).astype(np.float32)
    found[0] = 0
    parameter = parameter_of(kind, 3.0)
    x = np.concatenate([found, found], axis=1)
    want = np.array(kind.gradient(*found.T.astype(float), parameter))
    for k in range(kind.columns):
        call = f"grad_{name}(x.x, x.y, {in_glsl(parameter)})"
        column = f"{call}[{k}]" if kind.columns > 1 else call
        got = run(gpu, f"vec4({column}, 0.0, 0.0)", x, "gradients.glsl")[:, :2]
        off = np.abs(got - want[k].T).max(axis=1) > 1e-5 * (1 + np.abs(want[k].T).max(axis=1))
        assert off.mean() < 0.005  # a few points lie on a fold

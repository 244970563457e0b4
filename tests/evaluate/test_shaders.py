"""The GLSL twins of activations, features and palettes, called directly on hard arguments."""

from __future__ import annotations

import numpy as np
import pytest

from netart.errors import ShaderError
from netart.evaluate import shader_files
from netart.evaluate.gpu import Gpu
from netart.evaluate.precision import FLOOR
from netart.net.ops import ACTIVATIONS, FEATURES, Activation, Feature, feature, feature_columns
from tests.activations import HARD, assert_close, in_glsl, parameter_of
from tests.shaders import run
from tests.shots import drawn, shot


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_activations_follow_the_definition(gpu: Gpu, row: Activation) -> None:
    columns = np.repeat(HARD[:, None], 4, axis=1)
    got = run(gpu, f"act_{row.name}(x)", columns, "activations.glsl")
    assert (got == got[:, :1]).all()
    assert_close(row, HARD, got[:, 0], slack=0.0)


SINGLE = [name for name, kind in FEATURES.items() if kind.columns == 1]
SEVERAL = [name for name, kind in FEATURES.items() if kind.columns > 1]


@pytest.mark.parametrize("name", SINGLE)
def test_features_follow_the_definition(gpu: Gpu, name: str) -> None:
    hard = [(x, y) for x in HARD for y in HARD]
    points = np.concatenate([np.random.default_rng(1).normal(0, 3, (200, 2)), hard])
    points = points.astype(np.float32)
    parameter = 2.5 if FEATURES[name].parametric else 0.0
    x = np.concatenate([points, points], axis=1)
    got = run(gpu, f"vec4(feat_{name}(x.x, x.y, {parameter}))", x, "features.glsl")[:, 0]
    row = Feature(FEATURES[name], parameter)
    with np.errstate(over="ignore", under="ignore"):
        want = feature_columns((row,), *points.T.astype(np.float64))[0].astype(np.float32)
    if row.kind.parametric:
        argument = np.abs(parameter * points[:, 0 if name.endswith("x") else 1])
        assert np.abs(got).max() <= 1 + 1e-6
        near, slack = argument <= 1e5, np.spacing(argument)
    else:
        near, slack = np.isfinite(want), np.zeros_like(want)
        assert np.array_equal(got[~near], want[~near])
    error = np.abs(got[near] - want[near])
    assert (error <= 2e-6 * np.maximum(1, np.abs(want[near])) + slack[near]).all()


@pytest.mark.parametrize("name", SEVERAL)
def test_features_of_several_columns_follow_the_definition(gpu: Gpu, name: str) -> None:
    """Folds and tiles jump to the other side by a rounding: a few points may stand on an edge."""
    points = np.random.default_rng(1).normal(0, 3, (500, 2)).astype(np.float32)
    row = Feature(FEATURES[name], parameter_of(FEATURES[name], 3.0))
    got = features(gpu, row, points)
    want = np.stack(feature_columns((row,), *points.T.astype(np.float64)), axis=1)
    assert (np.abs(got - want).max(axis=1) > 1e-5).mean() < 0.002


def features(gpu: Gpu, row: Feature, points: np.ndarray) -> np.ndarray:
    """The columns of the feature as a shader finds them, at points (N, 2)."""
    count = row.kind.columns
    zeros = ", 0.0" * (4 - count)
    main = f"vec4(feat_{row.kind.name}(x.x, x.y, {in_glsl(row.parameter)}){zeros})"
    return run(gpu, main, np.concatenate([points, points], axis=1), "features.glsl")[:, :count]


@pytest.mark.parametrize("text", ["swirl:2.2/34/21", "spiral:-34"])
def test_spirals_keep_their_digits_close_to_the_origin(gpu: Gpu, text: str) -> None:
    rng = np.random.default_rng(0)
    r, angle = 10 ** rng.uniform(-6, 1, 3000), rng.uniform(-np.pi, np.pi, 3000)
    points = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1).astype(np.float32)
    points[0] = 0
    want = np.stack(feature_columns((feature(text),), *points.T.astype(np.float64)), axis=1)
    assert np.abs(features(gpu, feature(text), points) - want).max() < 5e-5


def test_nan_is_found_by_its_bits(gpu: Gpu) -> None:
    x = np.array([[np.nan] * 4, [np.inf] * 4, [-np.inf] * 4, [1e38] * 4, [0.0] * 4])
    got = run(gpu, "vec4(are_nan(x))", x, "nan.glsl")[:, 0]
    assert got.tolist() == [1, 0, 0, 0, 0]


def test_activations_keep_a_nan(gpu: Gpu) -> None:
    nan = np.full((1, 4), np.nan)
    for name in ACTIVATIONS:
        assert np.isnan(run(gpu, f"act_{name}(x)", nan, "activations.glsl")).all(), name


@pytest.mark.parametrize("palette", ["corners:sun", "ramp:ink", "oklch:0.45", "hsv"])
def test_a_dialect_may_have_constants_for_uniforms(
    gpu: Gpu, monkeypatch: pytest.MonkeyPatch, palette: str
) -> None:
    picture, size = shot(layers="2x9", palette=palette, gamma="1.3", invert="true"), (16, 12)
    once, compiles = drawn(gpu, picture, size), gpu.device.compiles
    constants = gpu.stage.dialect._replace(constants=True)
    monkeypatch.setattr(gpu.stage, "dialect", constants)
    again = drawn(gpu, picture, size)
    assert gpu.device.compiles == compiles + 1
    assert np.abs(again - once).max() < FLOOR  # constants are folded by other roundings


def test_includes_come_in_once() -> None:
    text = shader_files.join("desktop.glsl", "activations.glsl", "features.glsl")
    assert text.count("vec4 reduce_turns(") == 1
    assert "#include" not in text


def test_a_shader_that_does_not_compile_prints_its_numbered_source(gpu: Gpu) -> None:
    with pytest.raises(ShaderError, match=r"3  void main\(\) { nonsense; }"):
        gpu.device.program("#version 330 core\n\nvoid main() { nonsense; }\n")

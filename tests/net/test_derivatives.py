"""Derivatives against central differences in float64, on hard arguments."""

from __future__ import annotations

import numpy as np
import pytest

from netart.net.ops import ACTIVATIONS, FEATURES, Activation, FeatureKind
from tests.activations import HARD, parameter_of

KINKS = {"relu", "leaky_relu", "selu", "abs", "elu", "step", "sign"}  # at 0
STEP = 1e-6


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_slopes_are_central_differences(row: Activation) -> None:
    z = np.concatenate([np.linspace(-9, 9, 2001), HARD[np.abs(HARD) < 1e3]]).astype(float)
    if row.name in KINKS:
        z = z[np.abs(z) > 2 * STEP]
    if row.name == "triangle":
        z = z[np.abs(z % np.pi - np.pi / 2) > 2 * STEP]
    expected = (row.function(z + STEP) - row.function(z - STEP)) / (2 * STEP)
    got = row.slope(z, row.function(z.copy()))
    assert np.abs(got - expected).max() < 2e-6
    if row.name not in {"step", "sign", "linear"}:
        assert np.ptp(got) > 0.2


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_slopes_are_finite_and_keep_the_precision(row: Activation) -> None:
    for precision in (np.float32, np.float64):
        z = HARD.astype(precision)
        with np.errstate(over="ignore"):
            got = row.slope(z, row.function(z.copy()))
        assert got.dtype == precision
        assert np.isfinite(got).all()


@pytest.mark.parametrize("name", ["step", "sign"])
def test_where_a_function_jumps_it_has_no_slope(name: str) -> None:
    z = np.linspace(-1, 1, 9)
    assert not ACTIVATIONS[name].slope(z, ACTIVATIONS[name].function(z.copy())).any()


@pytest.mark.parametrize("kind", FEATURES.values(), ids=lambda kind: kind.name)
def test_gradients_are_central_differences(kind: FeatureKind) -> None:
    x, y = np.random.default_rng(1).normal(0, 2, (2, 3000))
    parameter = parameter_of(kind)

    def columns(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        found = kind.function(x, y, parameter)
        return np.stack(found if isinstance(found, tuple) else (found,))

    got = np.array(kind.gradient(x, y, parameter))
    along_x = (columns(x + STEP, y) - columns(x - STEP, y)) / (2 * STEP)
    along_y = (columns(x, y + STEP) - columns(x, y - STEP)) / (2 * STEP)
    error = np.abs(got - np.stack([along_x, along_y], axis=1))
    # A few points lie on a fold, or near the origin, where the difference itself is wrong.
    assert np.quantile(error, 0.999) < 1e-6
    assert np.abs(got).max() > 0.5
    at_origin = np.array(kind.gradient(*np.zeros((2, 1)), parameter))
    assert np.isfinite(at_origin).all()

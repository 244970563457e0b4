"""Arguments on which activations are hard to get right, and how close a result must come."""

from __future__ import annotations

import numpy as np

from netart.net.ops import Activation, FeatureKind

MAGNITUDES = [0.0, 1e-30, 1e-8, 1e-4, 1e-3, 0.05, 0.3, 0.7, 1.0, 2.5, 3.3, 9.0, 20.0]
MAGNITUDES += [88.0, 100.0, 1e4, 1e30]
HARD = np.array([*MAGNITUDES, *np.negative(MAGNITUDES)], np.float32)
PERIODIC = {"sin", "cos", "triangle", "sinc"}


def expected(row: Activation, z: np.ndarray) -> np.ndarray:
    """The definition in float64."""
    return row.function(z.astype(np.float64))


def assert_close(row: Activation, z: np.ndarray, got: np.ndarray, slack: float) -> None:
    """Close where the function is defined to a digit, in range everywhere, never NaN."""
    assert not np.isnan(got).any()
    assert (got >= row.low - 1e-6).all()
    assert (got <= row.high + 1e-6).all()
    with np.errstate(over="ignore"):
        want = expected(row, z).astype(np.float32)
    near = np.abs(z) <= 1e4 if row.name in PERIODIC else np.isfinite(want)
    error = np.abs(got[near] - want[near])
    allowed = 3e-6 * np.maximum(1, np.abs(want[near])) + slack * np.spacing(np.abs(z[near]))
    assert (error <= allowed).all(), (row.name, z[near][error > allowed], error.max())
    assert np.array_equal(got[~near], want[~near]) or row.name in PERIODIC


def parameter_of(kind: FeatureKind, number: float = 2.5) -> float | tuple[float, ...]:
    """What a feature of the kind may take: this number first."""
    if not kind.parametric:
        return 0.0
    further = tuple(float(5 + 3 * k) for k, _ in enumerate(kind.parameters[1:]))
    return (number, *further) if further else number


def in_glsl(parameter: float | tuple[float, ...]) -> str:
    return f"vec{len(parameter)}{parameter}" if isinstance(parameter, tuple) else str(parameter)

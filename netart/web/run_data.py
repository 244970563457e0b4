"""The checkpoints of a run as a page carries them: in few bytes, which any browser inflates."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.learning.run import Run, Vector, shapes

Indices = NDArray[np.intp]

MAX_BYTES = 1_900_000  # of all weights of a page, as text
MIN_STEPS = 8  # of a run: fewer are no film of its learning
LARGEST_HALF = 65504.0  # float16
DIGITS = 6  # of losses


def weights_data(run: Run, max_bytes: int) -> dict[str, Any]:
    """The steps of a run as plain data, with fewer of them where all would take too much.

    `weights`: what `_pack` gives, its numbers of `bits` bits. `kept`: how many steps the run has.
    Raises NetartError where MIN_STEPS steps take more than max_bytes.
    """
    some = _fitting(run, max_bytes)
    text, bits = _pack(run.weights[some])
    inputs, *widths = [columns - 1 for _, columns in shapes(run.head.recipe)]
    return {
        "steps": run.steps[some].tolist(),
        "kept": len(run.steps),
        "loss": _numbers(run.loss[some]),
        "accuracy": None if np.isnan(run.accuracy).all() else _numbers(run.accuracy[some]),
        "inputs": inputs,
        "widths": [*widths, run.head.recipe.outputs],
        "bits": bits,
        "weights": text,
    }


def _fitting(run: Run, max_bytes: int) -> Indices:
    """Indices of the steps that are kept: all, or as many as fit, evenly in log time."""
    some = np.arange(len(run.steps))
    count = min(len(some), max(MIN_STEPS, 2 * max_bytes // run.weights.shape[1]))
    while True:
        if count < len(some):
            some = _spaced(run.steps, count)
        size = len(_pack(run.weights[some])[0])
        if size <= max_bytes:
            return some
        if len(some) <= MIN_STEPS:
            raise NetartError(
                f"{run.name}: {run.weights.shape[1]:,} weights: {MIN_STEPS} steps of them take "
                f"{size / 1e6:.1f} MB, and a page holds {max_bytes / 1e6:.1f}"
            )
        count = max(MIN_STEPS, min(len(some) - 1, int(0.97 * len(some) * max_bytes / size)))


def _spaced(steps: NDArray[np.int64], count: int) -> Indices:
    """Indices of about so many steps, evenly in log time, the first and the last among them."""
    time = np.log1p(steps)
    wanted = np.linspace(time[0], time[-1], count)
    after = np.clip(np.searchsorted(time, wanted), 1, len(time) - 1)
    return np.unique(after - (wanted - time[after - 1] < time[after] - wanted))


def _pack(weights: Vector) -> tuple[str, int]:
    """The text of weights (S, P), and how many bits each number has: 16 where float16 holds them.

    All steps of a parameter follow one another, then those of the next one. Numbers' bits, in the
    order of the numbers, are whole numbers n, of which n − 2n' + n'' is written, n' and n'' being
    the two before, or 0: 2k for k, and 2k − 1 for −k. First come all lowest bytes, then the higher
    ones; all is deflated, in base64.
    """
    fits = np.abs(weights).max() <= LARGEST_HALF
    bits, number = (16, np.float16) if fits else (32, np.float32)
    raw = np.ascontiguousarray(weights.T, number).view(f"u{bits // 8}").astype(np.int64)
    sign = 1 << (bits - 1)
    ordered = np.where(raw & sign, sign - raw, raw)  # −0 becomes 0
    change = np.diff(ordered, n=2, axis=1, prepend=np.zeros((len(ordered), 2), np.int64))
    change = (change + sign) % (2 * sign) - sign  # browsers count in as many bits
    zigzag = np.where(change < 0, -2 * change - 1, 2 * change).astype(f"<u{bits // 8}")
    planes = zigzag.view(np.uint8).reshape(zigzag.size, -1).T
    packed = zlib.compress(np.ascontiguousarray(planes).data, 9)
    return base64.b64encode(packed).decode(), bits


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    """The values in few digits, None for those that are no numbers."""
    return [float(f"{x:.{DIGITS}g}") if np.isfinite(x) else None for x in values.tolist()]

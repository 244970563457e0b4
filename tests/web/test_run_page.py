"""Pages of runs: their numbers and lines as netart has them, and driven as people do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.lens.arrangement import arrange
from netart.lens.folding import fold
from netart.lens.polylines import polylines
from netart.net.network import Network
from netart.net.piecewise import KINKED
from netart.shot.view import affine
from netart.web.run_data import weights_data
from tests.lens.test_arrangement import (
    SQUARE,
    TILTED,
    WHOLE,
    degenerate_network,
    random_network,
)
from tests.runs import learned_run, made_run
from tests.web.conftest import Modules

pytestmark = pytest.mark.slow  # a browser is started


def layers_of(network: Network) -> list[dict[str, Any]]:
    return [
        {
            "units": len(layer.bias),
            "inputs": layer.weight.shape[1],
            "numbers": np.column_stack([layer.weight, layer.bias]).ravel().tolist(),
            "slopes": KINKED[layer.activation],
        }
        for layer in network.layers[:-1]
    ]


def test_lines_are_those_of_the_lens(open_modules: Modules) -> None:
    networks = [
        random_network(widths, seed) for seed, widths in enumerate([(16,) * 3, (9, 5), (4,)])
    ]
    networks += [random_network((6, 6, 6), 7, name) for name in ("leaky_relu", "abs")]
    networks += [degenerate_network(seed) for seed in range(60)]
    cases = [(one, WHOLE) for one in networks]
    cases.append((random_network((8, 8), 3, latents=("t",)), TILTED))
    given = [[layers_of(one), affine(view, one.inputs).tolist()] for one, view in cases]
    drawn = open_modules("run_arrangement.js").evaluate(
        """cases => cases.map(([layers, inputs]) => {
            for (const layer of layers) layer.numbers = Float64Array.from(layer.numbers);
            const found = arrange(fold(layers, inputs), [-1, -1], [1, 1]);
            return polylines(found).map(line => [line.unit, line.u, line.v, line.bendsOn]);
        })""",
        given,
    )
    for (one, view), lines in zip(cases, drawn, strict=True):
        found = arrange(fold(one, view, one.depth), *SQUARE)
        wanted = polylines(found)
        assert [line[0] for line in lines] == [line.unit for line in wanted]
        for (_, u, v, on), line in zip(lines, wanted, strict=True):
            assert on == found.bends_on[line.vertices].tolist()
            assert np.abs(np.stack([u, v], 1) - found.points[line.vertices]).max() < 1e-9


def test_weights_arrive_as_they_were_packed(open_modules: Modules) -> None:
    half, single = learned_run(widths=(5, 3)), made_run(steps=(0, 10, 1_000_000), widths=(4,))
    read = """async data => {
        const run = await readRun({ ...data, slopes: [], activations: [] });
        return run.steps.map(step => run.layers(timeOf(step)).flatMap(
            ({ numbers }) => [...numbers]));
    }"""
    opened = open_modules("run_data.js")
    for run, kind, bits in ((half, np.float16, 16), (single, np.float32, 32)):
        data = weights_data(run, 100_000)
        assert data["bits"] == bits
        assert np.array_equal(opened.evaluate(read, data), run.weights.astype(kind))


def test_large_runs_keep_fewer_steps_or_are_refused() -> None:
    steps = np.unique(np.geomspace(100, 1_000_000, 300).astype(int)).tolist()
    run = learned_run(steps=(0, *steps), widths=(8,))
    noise = np.random.default_rng(1).normal(size=run.weights.shape).astype(np.float32)
    run = replace(run, weights=noise)
    whole = weights_data(run, 100_000)
    thinned = weights_data(run, len(whole["weights"]) // 3)
    assert (len(whole["steps"]), whole["kept"], thinned["kept"]) == (301, 301, 301)
    assert 50 < len(thinned["steps"]) < 150
    assert len(thinned["weights"]) <= len(whole["weights"]) // 3
    assert (thinned["steps"][0], thinned["steps"][-1]) == (0, 1_000_000)
    gaps = np.diff(np.log1p(thinned["steps"][1:]))
    assert gaps.max() < 2.1 * gaps.min()
    with pytest.raises(NetartError, match="small: 33 weights: 8 steps of them take"):
        weights_data(run, 100)

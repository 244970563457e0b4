"""Pages of runs: their numbers and lines as netart has them, and driven as people do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from netart.lens.arrangement import arrange
from netart.lens.folding import fold
from netart.lens.polylines import polylines
from netart.net.network import Network
from netart.net.piecewise import KINKED
from netart.shot.view import affine
from tests.lens.test_arrangement import (
    SQUARE,
    TILTED,
    WHOLE,
    degenerate_network,
    random_network,
)
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

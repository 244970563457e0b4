"""Switching lines, and lines between regions, as polylines of any network.

Those of piecewise linear networks are exact. All others are traced on a grid, and lie on the zeros
of the network itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from netart.errors import NetartError
from netart.evaluate.reference import forward
from netart.evaluate.request import Head, LayerFunction, Units, empty_head
from netart.lens.cells import Array, Ints
from netart.lens.contours import grid_points, level_lines
from netart.lens.exact import Unit, exact_lines
from netart.lens.plane import MARGIN_PX, corners
from netart.net.build import to_network
from netart.net.piecewise import check_piecewise_linear
from netart.net.threads import one_blas_thread
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.view import check_float64, coordinates

GRID_PX = 3  # between points of the grid
MAX_GRID = 800  # points along a side

Fields = Callable[[Any], Any]  # of outputs (N, outputs): those whose zeros are drawn, (N, M)


def switching_lines(shot: Shot, size: Size, shown: list[Unit]) -> dict[Unit, list[Array]]:
    """The points (N, 2), u and v, of the lines of these units, those that have any."""
    exact_layers, found = _exact_layers(shot), {}
    if straight := [unit for unit in shown if unit[0] <= exact_layers]:
        exact = exact_lines(shot, size, straight, MARGIN_PX)
        found = {exact.unit(unit): lines for unit, lines in exact.by_unit()}
    if curved := [unit for unit in shown if unit[0] > exact_layers]:
        found |= _trace_units(shot, size, curved)
    return {unit: found[unit] for unit in shown if found.get(unit)}


def boundaries(shot: Shot, size: Size, heads: tuple[Head, ...], fields: Fields) -> list[Array]:
    """The points (N, 2), u and v, of the lines on which functions of the read-outs are 0."""
    check_float64(shot.view, min(size))
    network, grid = to_network(shot.network), _grid(size)

    def values(at: Array) -> Array:
        inputs = coordinates(shot.view, network.inputs, at)
        return np.asarray(fields(forward(network, heads, inputs).outputs))

    def field(at: Array, number: Ints) -> Array:
        return np.asarray(values(at)[np.arange(len(at)), number])

    low, high = corners(size, MARGIN_PX)
    with one_blas_thread(), np.errstate(all="ignore"):
        drawn = [each.reshape(grid) for each in values(grid_points(low, high, grid)).T]
        return [line for lines in level_lines(drawn, field, low, high) for line in lines]


def _exact_layers(shot: Shot) -> int:
    """The number of first layers whose lines are polygons."""
    for depth in range(shot.network.depth):
        try:
            check_piecewise_linear(shot.network, depth)
        except NetartError:
            return depth
    return shot.network.depth


def _trace_units(shot: Shot, size: Size, shown: list[Unit]) -> dict[Unit, list[Array]]:
    """The lines of units, layer by layer, on a grid."""
    check_float64(shot.view, min(size))
    network, grid = to_network(shot.network), _grid(size)
    low, high = corners(size, MARGIN_PX)
    found: dict[Unit, list[Array]] = {}

    def trace(carried: Array, units: Units) -> Array:
        drawn = [unit for layer, unit in shown if layer == units.layer]
        if not drawn:
            return carried
        layer = network.layers[units.layer - 1].only(tuple(unit - 1 for unit in drawn))
        head = (Head(units.layer - 1, layer),)

        def field(at: Array, number: Ints) -> Array:
            z = forward(network, head, coordinates(shot.view, network.inputs, at)).outputs
            return np.asarray(z[np.arange(len(at)), number])

        values = [units.z[:, unit - 1].reshape(grid) for unit in drawn]
        for unit, lines in zip(drawn, level_lines(values, field, low, high), strict=True):
            found[units.layer, unit] = lines
        return carried

    deepest = max(layer for layer, _ in shown)
    at = coordinates(shot.view, network.inputs, grid_points(low, high, grid))
    with one_blas_thread(), np.errstate(all="ignore"):
        forward(network, (empty_head(network, deepest, 1),), at, LayerFunction(trace, ""))
    return found


def _grid(size: Size) -> tuple[int, int]:
    """Rows and columns of the points that lines are traced on."""
    width, height = (min(MAX_GRID, side // GRID_PX) + 3 for side in size)
    return height, width

"""Panes: each pixel in the colour of its own cell, which is the mean of the network over it."""

from __future__ import annotations

import numpy as np
import pytest

from netart.evaluate.request import RAW, Request
from netart.lens import colour, heads
from netart.lens.exact import exact_lines
from netart.lens.panes import SAMPLES, paint, pane_colours
from netart.lens.plane import corners
from netart.net.build import to_network
from netart.pixels import Size, Window
from netart.shot.shot import Shot
from tests.shots import REFERENCE, drawn, evaluated, shot

SIZE = (60, 41)
RELU = shot(layers="3x9", activation="relu", seed="7", radius="1", rotate="20", contrast="-1:1")


def painted(one: Shot, size: Size, window: Window | None = None) -> np.ndarray:
    network, request = to_network(one.network), colour.request(one)
    found = exact_lines(one, size, [(network.depth, 1)]).arrangement
    colours = pane_colours(found, network, one.view, request, 2 / min(size))
    return paint(found, colours, size, window or Window.whole(size), request.averaging)


def test_a_pane_has_the_mean_of_the_network() -> None:
    """Where it is affine, which fine samples of the picture then agree with."""
    network = to_network(RELU.network)
    found = exact_lines(RELU, SIZE, [(3, 1)]).arrangement
    means = pane_colours(found, network, RELU.view, Request(heads(RELU), RAW), 1.0)
    fine = (20 * SIZE[0], 20 * SIZE[1])
    values = evaluated(REFERENCE, RELU, fine)
    u, v = corners(SIZE)[1]
    at = np.stack(
        np.meshgrid(
            u * (2 * np.arange(fine[0]) + 1 - fine[0]) / fine[0],
            v * (fine[1] - 1 - 2 * np.arange(fine[1])) / fine[1],
        ),
        axis=-1,
    )
    checked = 0
    for cell in np.argsort(found.areas)[-12:]:
        places = slice(*found.cells.starts[cell : cell + 2])
        corner, following = (
            found.points[ends[places]] for ends in (found.cells.vertices, found.cells.following)
        )
        side = following - corner
        inside = np.all(
            [
                s[0] * (at[..., 1] - c[1]) - s[1] * (at[..., 0] - c[0]) > 0
                for c, s in zip(corner, side, strict=True)
            ],
            axis=0,
        )
        assert values[inside].mean(axis=0) == pytest.approx(means[cell], abs=2e-3)
        checked += int(inside.sum())
    assert checked > 0.2 * fine[0] * fine[1]


def test_pixels_of_flat_cells_are_the_picture_itself() -> None:
    """Behind steps a network is the same all over a cell."""
    flat = shot(layers="1x12", activation="step", seed="7", radius="1", contrast="-1:1")
    picture, panes = drawn(REFERENCE, flat, SIZE), painted(flat, SIZE)
    differs = np.abs(picture - panes).max(axis=2) > 1e-5
    edge = np.abs(np.diff(picture, axis=0, prepend=0)).max(axis=2) > 0
    edge |= np.abs(np.diff(picture, axis=1, prepend=0)).max(axis=2) > 0
    edge[:-1] |= edge[1:]
    edge[:, :-1] |= edge[:, 1:]
    assert 0.1 < edge.mean() < 0.6
    assert not (differs & ~edge).any()


def test_a_pixel_between_panes_is_the_mean_of_its_samples() -> None:
    fine = painted(RELU, (SIZE[0] * SAMPLES, SIZE[1] * SAMPLES))
    shape = SIZE[1], SAMPLES, SIZE[0], SAMPLES, 3
    averaging = colour.request(RELU).averaging
    mean = averaging.after(averaging.before(fine.copy()).reshape(shape).mean(axis=(1, 3)))
    assert np.abs(painted(RELU, SIZE) - mean).max() < 0.01
    assert np.abs(fine[::SAMPLES, ::SAMPLES] - mean).max() > 0.03


def test_windows_equal_the_picture() -> None:
    whole = painted(RELU, SIZE)
    for window in (Window(0, 0, 7, 5), Window(13, 20, 31, 21), Window(59, 40, 1, 1)):
        left, top, width, height = window
        part = painted(RELU, SIZE, window)
        assert np.array_equal(part, whole[top : top + height, left : left + width])

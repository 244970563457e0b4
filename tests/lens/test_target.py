"""The picture that a network learns, under its lines: where it lies, and how it is averaged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.lens.target import target_picture
from netart.net.learning.data import PictureData
from netart.pixels import Pixels, Size, Window
from netart.shot.finishes import display
from netart.shot.lens.lines import GREYS, INK, PAPER
from netart.shot.oklab import srgb_decode, srgb_encode
from netart.shot.palette import palette
from netart.shot.shot import Shot
from netart.shot.target import spell_target
from tests.shots import REFERENCE, drawn, shot

LINES = {"layers": "3x9", "activation": "relu", "seed": "3", "lens": "lines"}


def noise(height: int, width: int, channels: int, levels: int = 256) -> np.ndarray:
    steps = np.random.default_rng(height).integers(0, levels, (height, width, channels))
    return (steps * (255 // (levels - 1))).astype(np.uint8)


def over(pixels: np.ndarray, low: float = -1.0, high: float = 1.0, **texts: str) -> Shot:
    text = spell_target(PictureData("", pixels, (low, high)))
    return shot(**LINES, backdrop="target", target=text, **texts)


def picture(one: Shot, size: Size, window: Window | None = None) -> Pixels:
    return target_picture(one, size, window or Window.whole(size))


def sampled(pixels: np.ndarray, one: Shot, size: Size, times: int) -> np.ndarray:
    """The same by so many samples across and down each pixel, over the square ±1."""
    samples = np.array(size) * times
    u = (2 * np.arange(samples[0]) + 1 - samples[0]) / samples.min()
    v = (samples[1] - 1 - 2 * np.arange(samples[1])) / samples.min()
    basis = one.view.radius * np.array(one.view.basis)
    at = np.einsum("ij,jab->iab", basis, np.stack(np.meshgrid(u, v)))
    at += np.array([float(c) for c in one.view.centre])[:, None, None]
    height, width, _ = pixels.shape
    unit = 2 / max(height, width)
    column, row = at[0] / unit + width / 2, height / 2 - at[1] / unit
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    colours = srgb_decode(colours_of(pixels))
    found = colours[
        np.clip(row, 0, height - 1).astype(int), np.clip(column, 0, width - 1).astype(int)
    ]
    found = np.where(inside[..., None], found, srgb_decode(display(PAPER)[:, 0]))
    return srgb_encode(found.reshape(size[1], times, size[0], times, 3).mean(axis=(1, 3)))


def colours_of(pixels: np.ndarray) -> np.ndarray:
    """(rows, columns, 3) display sRGB of a target."""
    if pixels.shape[2] == 3:
        return pixels / 255
    greys = palette(GREYS)
    levels = greys.kind.function(pixels.reshape(1, -1) / 255, greys.table)
    return levels.T.reshape(*pixels.shape[:2], 3)


@pytest.mark.parametrize(
    ("pixels", "size", "texts", "times"),
    [
        (noise(12, 12, 1), (8, 8), {"radius": "1"}, 6),  # smaller: 1.5 of the target's pixels
        (noise(12, 8, 3), (96, 64), {"radius": "1"}, 3),  # larger, higher than wide, paper beside
        (noise(12, 12, 3), (60, 60), {"radius": "2.5"}, 4),  # paper around
        (noise(6, 18, 1, 2), (16, 16), {"radius": ".5", "center": ".25,-.125"}, 9),
        (noise(12, 8, 3), (24, 36), {"radius": "1", "rotate": "90"}, 4),
        (noise(500, 500, 1), (5, 5), {"radius": "1"}, 100),
    ],
)
def test_pixels_are_averages_of_what_they_cover(
    pixels: np.ndarray, size: Size, texts: dict[str, str], times: int
) -> None:
    """Samples lie so that as many are in each part of a pixel as its area says."""
    one = over(pixels, **texts)
    exact = sampled(pixels, one, size, times)
    assert exact.std() > 0.005
    assert np.abs(picture(one, size) - exact).max() < 1e-6


def test_a_turned_target_covers_what_it_should() -> None:
    pixels = np.kron(noise(5, 5, 1, 2), np.ones((20, 20, 1), np.uint8))
    one = over(pixels, radius="1.2", rotate="27")
    off = np.abs(picture(one, (90, 60)) - sampled(pixels, one, (90, 60), 16))
    assert off.max() < 0.2  # at corners of edges: the rectangle is turned, the pixel is not
    assert (off > 0.05).mean() < 0.03


def test_what_lies_where() -> None:
    pixels = np.zeros((4, 4, 1), np.uint8)
    pixels[0, 3] = 255  # above, to the right
    found = picture(over(pixels, low=0.0, high=1.0, center="0.5,0.5", radius="0.5"), (40, 40))
    paper, ink = display(PAPER)[:, 0], display(INK)[:, 0]
    assert found[:10, 30:] == pytest.approx(np.broadcast_to(paper, (10, 10, 3)), abs=1e-3)
    rest = np.delete(found.reshape(-1, 3), np.flatnonzero(found[..., 0] > 0.5), axis=0)
    assert len(rest) == 1500
    assert rest == pytest.approx(np.broadcast_to(ink, (1500, 3)), abs=1e-3)
    across = picture(over(pixels, radius="1", axes="y,x"), (40, 40))
    assert (
        across.argmax()
        == picture(over(pixels[::-1, ::-1].swapaxes(0, 1), radius="1"), (40, 40)).argmax()
    )


@pytest.mark.parametrize("radius", ["1e-3", "1e-6", "1e-9"])
def test_edges_are_one_pixel_wide_at_any_magnification(radius: str) -> None:
    pixels = np.repeat(np.array([[[0], [255]]], np.uint8), 2, axis=0)
    row = picture(over(pixels, radius=radius, center="0,0.3"), (101, 99))[50, :, 0]
    ink, paper = srgb_decode(np.array([row[0], row[-1]], float))
    assert paper - ink > 0.9
    # At 1e-9 a pixel covers 2e-11 of the target's, of which float64 keeps five digits.
    assert row[:50] == pytest.approx(np.full(50, row[0]), abs=1e-4)
    assert row[51:] == pytest.approx(np.full(50, row[-1]), abs=1e-4)
    middle = float(srgb_decode(row[50].astype(float)))
    assert middle == pytest.approx((ink + paper) / 2, abs=0.02)


def test_windows_are_parts_of_the_picture(cpu: Cpu) -> None:
    one, size, window = (
        over(noise(30, 30, 3), radius="1.2", rotate="11"),
        (181, 140),
        (17, 63, 99, 41),
    )
    left, top, width, height = window
    part = np.s_[top : top + height, left : left + width]
    assert np.array_equal(picture(one, size, Window(*window)), picture(one, size)[part])
    for evaluator in (cpu, REFERENCE):
        whole = drawn(evaluator, one, size)
        assert np.array_equal(drawn(evaluator, one, size, Window(*window)), whole[part])


def test_lines_lie_over_the_target_as_over_paper(cpu: Cpu) -> None:
    blank = over(np.full((3, 3, 1), 255, np.uint8), radius="1", line_colour="unit")
    plain = shot(**LINES, radius="1", line_colour="unit")
    on_target = drawn(cpu, blank, (120, 90))
    assert np.ptp(on_target) > 0.4
    lines = np.abs(on_target - display(PAPER)[:, 0]).max(axis=2) > 0.01
    on_paper = np.abs(drawn(cpu, plain, (120, 90)) - display(PAPER)[:, 0]).max(axis=2) > 0.01
    assert (lines == on_paper).mean() > 0.999


@pytest.mark.parametrize("backend", ["cpu", "fragment", "compute"])
@pytest.mark.parametrize("more", [{}, {"samples": "3"}, {"activation": "step", "samples": "auto"}])
def test_evaluators_draw_the_same(
    request: pytest.FixtureRequest, backend: str, more: dict[str, Any]
) -> None:
    evaluator: Cpu | Gpu = request.getfixturevalue(backend)
    one = shot(over(noise(40, 40, 3), radius="1.1"), **more)
    off = np.abs(drawn(evaluator, one, (90, 70)) - drawn(REFERENCE, one, (90, 70))).max(axis=2)
    assert (off > 1 / 255).mean() < 0.002
    without = drawn(evaluator, shot(one, line_width="0"), (90, 70))
    assert np.array_equal(without, picture(one, (90, 70)))


def test_a_prediction_is_drawn_in_the_targets_greys(cpu: Cpu) -> None:
    one = shot(
        **LINES, backdrop="prediction", outputs="1", output_activation="sigmoid", line_width="0",
        samples="1",
    )  # fmt: skip
    grey = shot(one, lens="colour", palette=GREYS, contrast="off")
    assert np.array_equal(drawn(cpu, one, (60, 40)), drawn(cpu, grey, (60, 40)))

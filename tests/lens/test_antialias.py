"""`samples auto`: finer where a pixel differs from a neighbour, one sample elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netart import lens
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.precision import compare
from netart.evaluate.request import RAW, Evaluator, Request
from netart.files.source import read_source
from netart.lens import antialias
from netart.net.build import to_network
from netart.net.learning.data import PictureData
from netart.pixels import Size, Window
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.target import spell_target
from tests.shots import REFERENCE, defined, drawn, shot


@pytest.fixture(params=["cpu", "fragment", "compute", "products"])
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    return request.getfixturevalue(request.param)


def preset(name: str, samples: str) -> Shot:
    document = read_source(name).document
    one = document.panel(1) if isinstance(document, Sheet) else document
    return shot(lens.measured(one), samples=samples)


def steps(pixels: np.ndarray) -> np.ndarray:
    """The largest difference of each pixel from the eight around it."""
    height, width = pixels.shape[:2]
    padded = np.pad(pixels, ((1, 1), (1, 1), (0, 0)), mode="edge")
    return np.max(
        [
            np.abs(padded[y : y + height, x : x + width] - pixels).max(axis=2)
            for y in range(3)
            for x in range(3)
        ],
        axis=0,
    )


@pytest.mark.parametrize("name", ["stained-glass", "malachite", "tour-12"])
def test_edges_are_as_smooth_as_with_four_samples(cpu: Cpu, name: str) -> None:
    size = 96, 96
    one, auto, four, eight = (
        drawn(cpu, preset(name, samples), size) for samples in ("1", "auto", "4", "8")
    )
    edges = steps(one) > 32 / 255
    assert edges.mean() > 0.05

    def error(pixels: np.ndarray) -> float:
        return float(np.abs(pixels - eight)[edges].mean())

    assert error(auto) <= 1.2 * error(four)
    assert error(one) > 3 * error(four)


def test_a_smooth_picture_costs_little_more(cpu: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated = []

    class Counting(Cpu):
        def evaluate(self, network, view, size, window, request):  # type: ignore[no-untyped-def]
            evaluated.append(window.width * window.height * request.samples**2)
            return super().evaluate(network, view, size, window, request)

    size = 1024, 1024
    drawn(Counting(), preset("silk", "auto"), size)
    assert 1.01 < sum(evaluated) / (size[0] * size[1]) < 1.15


def test_where_nothing_changes_one_sample_stays(cpu: Cpu) -> None:
    size = 150, 120
    one, auto = (drawn(cpu, preset("malachite", samples), size) for samples in ("1", "auto"))
    flat = steps(one) < antialias.LOW
    assert 0.1 < flat.mean() < 0.9
    assert np.array_equal(one[flat], auto[flat])
    assert np.abs(one - auto).max() > 0.1


def test_small_steps_take_a_share_of_the_finer_value(cpu: Cpu) -> None:
    """So that evaluators, which are off by roundings, agree."""
    size = 150, 120
    one, auto, four = (drawn(cpu, preset("silk", samples), size) for samples in ("1", "auto", "4"))
    between = antialias._steps(one)
    between = (between > antialias.LOW) & (between < antialias.HIGH)
    assert between.mean() > 0.05
    taken, whole = np.abs(auto - one)[between], np.abs(four - one)[between]
    assert (taken <= whole + 1e-6).all()
    assert 0.3 < taken.sum() / whole.sum() < 0.7


def test_a_windows_pixels_are_the_pictures(evaluator: Evaluator) -> None:
    picture, size = shot(layers="3x9", activation="sign", samples="auto"), (90, 61)
    for numbers in (None, Numbers("u1", dither=True)):
        whole = lens.picture(picture, size, evaluator, numbers)
        strips = [Window(left, 3, 6, 58) for left in range(0, 90, 6)]
        strips += [Window(2, top, 80, 5) for top in range(0, 60, 5)]
        for window in (Window(0, 0, 1, 1), Window(89, 60, 1, 1), *strips):
            part = lens.draw(picture, size, window, evaluator, numbers)
            rows, columns = window.top + window.height, window.left + window.width
            assert np.array_equal(part, whole[window.top : rows, window.left : columns])


def test_many_pixels_are_drawn_again_in_pieces(
    fragment: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, size = shot(layers="3x9", activation="sign", samples="auto"), (70, 50)
    once = drawn(fragment, picture, size)
    assert (steps(drawn(fragment, lens.single(picture), size)) > antialias.HIGH).sum() > 600
    monkeypatch.setattr(antialias, "AT_A_TIME", 300)
    assert np.array_equal(drawn(fragment, picture, size), once)


def test_evaluators_agree(evaluator: Evaluator) -> None:
    picture, size = shot(layers="3x9", palette="hsv", samples="auto"), (60, 41)
    exact, tolerated = defined(picture, size)
    assert np.abs(exact - drawn(REFERENCE, shot(picture, samples="1"), size)).max() > 0.01
    found = compare(drawn(evaluator, picture, size), exact, tolerated)
    assert found.beyond == 0
    assert found.largest < 5e-3


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("layers", ["3x9", "2x70"])
def test_pixels_in_any_arrangement_are_the_pictures(
    evaluator: Evaluator, layers: str, samples: int
) -> None:
    """Windows are then parts of the arrangement."""
    picture, size = shot(layers=layers), (50, 33)
    request = Request(lens.heads(picture), RAW, samples=samples)
    rng = np.random.default_rng(1)
    places = np.stack([rng.integers(0, side, (7, 40)) for side in size], axis=2).astype(np.int32)

    def evaluate(window: Window, request: Request, size: Size = size) -> np.ndarray:
        network = to_network(picture.network)
        return evaluator.evaluate(network, picture.view, size, window, request)

    whole = evaluate(Window.whole(size), request)
    placed = replace(request, places=places)
    got = evaluate(Window(0, 0, 40, 7), placed)
    assert np.array_equal(got, whole[places[..., 1], places[..., 0]])
    assert np.array_equal(evaluate(Window(11, 2, 20, 3), placed), got[2:5, 11:31])


BLACK = spell_target(PictureData("", np.zeros((2, 2, 1), np.uint8)))


@pytest.mark.parametrize(
    ("texts", "is_smooth"),
    [
        ({"lens": "lines"}, True),
        ({"lens": "lines", "backdrop": "regions"}, True),
        ({"lens": "lines", "backdrop": "colour"}, False),
        ({"lens": "lines", "activation": "step"}, False),
        ({"lens": "lines", "backdrop": "target", "target": BLACK}, True),
        ({"lens": "lines", "backdrop": "target", "target": BLACK, "activation": "step"}, False),
        ({"lens": "regions"}, True),
        ({"lens": "regions", "shading": "margin", "posterize": "3"}, False),
    ],
)
def test_edges_that_are_smooth_take_one_sample(texts: dict[str, str], is_smooth: bool) -> None:
    one = shot(layers="3x6", radius="2", **texts)
    pictures = [
        lens.picture(shot(one, samples=samples), (40, 30), REFERENCE) for samples in ("1", "auto")
    ]
    assert np.array_equal(*pictures) == is_smooth

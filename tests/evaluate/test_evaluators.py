"""cpu and gpu against the definition: random shots whole, windows, flips, structure as data."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from functools import partial
from math import ceil, cos, radians, sin
from pathlib import Path

import numpy as np
import pytest

from netart import assets, lens
from netart.evaluate import cpu as cpu_module
from netart.evaluate import glsl, gpu_passes, shader_files, tiles
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.precision import UNDECIDED, compare, tolerance
from netart.evaluate.reference import Reference
from netart.evaluate.request import (
    Evaluator,
    Head,
    LayerFunction,
    PixelFunction,
    Request,
    Units,
)
from netart.evaluate.tiles import MAX_WORK, TILE_HEIGHT, TILE_WIDTH, cost, tile_size
from netart.net.build import to_network
from netart.pixels import Size, Window
from netart.shot.oklab import srgb_decode, srgb_encode
from netart.shot.palette import NAN_COLOUR
from netart.shot.shot import Shot
from tests.shots import REFERENCE, drawn, evaluated, random_shot, shot

STRUCTURES = 400
NARROW_STRUCTURES, MAX_NARROW = 40, 9
WEIGHT_SETS = 5
# Jumps of step and sign move by a rounding: a pixel on such an edge may flip.
MOST_BEYOND = 0.001


FAST = ["cpu", "fragment", "compute", "products"]  # fixtures


@pytest.fixture(params=FAST)
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    return request.getfixturevalue(request.param)


def follow_the_definition(evaluators: list[Evaluator], shots: list[tuple[Shot, Size]]) -> None:
    """The evaluators' pictures of shots of one structure."""
    beyond: dict[str, list[float]] = {evaluator.name: [] for evaluator in evaluators}
    for picture, size in shots:
        exact = drawn(REFERENCE, picture, size)
        tolerated = tolerance(partial(drawn, picture=picture, size=size), exact)
        tolerated = np.minimum(tolerated, UNDECIDED)  # no network explains everything
        for evaluator in evaluators:
            found = compare(drawn(evaluator, picture, size), exact, tolerated)
            beyond[evaluator.name].append(found.beyond)
    for name, shares in beyond.items():
        assert np.mean(shares) <= MOST_BEYOND, (name, shares, shots[0][0])


# With one set of weights each, and every preset, the goldens are compared every time.
@pytest.mark.long
@pytest.mark.parametrize("number", range(STRUCTURES))
def test_random_shots_follow_the_definition(
    cpu: Cpu, fragment: Gpu, compute: Gpu, products: Gpu, number: int
) -> None:
    shots = [random_shot(number, seed) for seed in range(WEIGHT_SETS)]
    follow_the_definition([cpu, fragment, compute, products], shots)


# Narrow ones: compute shaders take long to compile in software.
@pytest.mark.parametrize("number", range(NARROW_STRUCTURES))
def test_narrow_random_shots_follow_the_definition(
    fragment: Gpu, compute: Gpu, products: Gpu, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(gpu_passes, "MIN_PRODUCT", 1)  # tiles that a layer fills in part
    shots = [random_shot(number, seed, widest=MAX_NARROW) for seed in range(2)]
    follow_the_definition([fragment, compute, products], shots)


def test_swirls_follow_the_definition(cpu: Cpu, fragment: Gpu, compute: Gpu, products: Gpu) -> None:
    """They are not among the features of random shots, whose pictures are published."""
    texts = {"layers": "3x9", "features": "swirl:2.5/3/5,x,spiral:-2", "latent": "a=0.3"}
    shots = [(shot(**texts, seed=str(k)), (40, 30)) for k in range(3)]
    follow_the_definition([cpu, fragment, compute, products], shots)


def test_the_comparison_rejects_a_wrong_picture(cpu: Cpu) -> None:
    """Every kind of wrongness that the campaign is there for must be found by it."""
    picture, size = shot(layers="3x12", seed="5"), (40, 30)
    exact = drawn(REFERENCE, picture, size)
    tolerated = tolerance(partial(drawn, picture=picture, size=size), exact)
    right = drawn(cpu, picture, size)
    assert compare(right, exact, tolerated).beyond == 0
    for wrong in (
        right[::-1],
        right[:, ::-1],
        right[..., ::-1],
        np.roll(right, 1, 1),
        right + 1e-3,
    ):
        assert compare(wrong, exact, tolerated).beyond > 0.5
    lost = right.copy()
    lost[3, 4, 1] = np.nan
    assert compare(lost, exact, tolerated).largest == 1


def test_a_windows_pixels_are_the_pictures(evaluator: Evaluator) -> None:
    picture = shot(layers="4x20", seed="3", rotate="20", palette="corners:coast")
    size = (2 * TILE_WIDTH + 17, 3 * TILE_HEIGHT + 5)
    whole = drawn(evaluator, picture, size)
    for window in [
        Window(0, 0, 1, 1),
        Window(size[0] - 1, size[1] - 1, 1, 1),
        Window(7, 11, 100, 3),
        Window(TILE_WIDTH - 1, TILE_HEIGHT - 1, 2, 2),
        Window(33, 0, 5, size[1]),
    ]:
        part = drawn(evaluator, picture, size, window)
        here = whole[
            window.top : window.top + window.height, window.left : window.left + window.width
        ]
        assert np.array_equal(part, here)


@pytest.mark.parametrize(
    ("layers", "samples", "pixels"),
    [
        ("18x30", 1, 8192),
        ("27x30", 2, 2048),
        ("60x200", 1, 256),
        ("300x30", 1, 2048),
        ("4x3000", 1, 32),
        ("8x1000", 8, 2),
        ("8x1000", 16, 1),
    ],
)
def test_a_tile_is_small_where_the_network_is_heavy(layers: str, samples: int, pixels: int) -> None:
    one = shot(layers=layers, seed="1")
    network, request = to_network(one.network), Request(lens.heads(one), samples=samples)
    across, down = tile_size(network, request)
    assert across * down == pixels
    work = across * down * cost(network, request)
    assert work <= MAX_WORK or across * down == 1


def test_an_odd_number_of_samples_is_not_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a tile of one pixel, where a wide layer takes fewer rows at a time than the head."""
    monkeypatch.setattr(tiles, "MAX_WORK", 1)
    monkeypatch.setattr(cpu_module, "SMALL", 300_000)
    one = shot(layers="2x40", outputs="1", samples="15")
    with contextlib.closing(Cpu(1)) as cpu:
        assert np.abs(drawn(cpu, one, (2, 2)) - drawn(REFERENCE, one, (2, 2))).max() < 1e-4


def test_the_reference_keeps_the_window_promise_too() -> None:
    picture, size = shot(layers="4x20"), (150, 50)
    whole = drawn(REFERENCE, picture, size)
    assert np.array_equal(
        drawn(REFERENCE, picture, size, Window(100, 20, 40, 25)), whole[20:45, 100:140]
    )


@pytest.fixture(params=["reference", *FAST])
def any_evaluator(request: pytest.FixtureRequest) -> Evaluator:
    return REFERENCE if request.param == "reference" else request.getfixturevalue(request.param)


def hand_made(*layers: tuple[list[list[float]], list[float], str], features=("x", "y")) -> Shot:
    from netart.shot.text import from_text

    written = [{"weight": w, "bias": b, "activation": a} for w, b, a in layers]
    return from_text(
        {
            "network": {"kind": "weights", "layers": written, "features": list(features)},
            "view": {"radius": 1.0},
            "look": {"palette": "rgb", "contrast": ((0.0, 1.0),)},
        }
    )


def test_pixels_sit_where_the_view_says(any_evaluator: Evaluator) -> None:
    """Outputs are x, y, x + y, read back as colours: catches flips, shifts and transposes."""
    picture = hand_made(([[1, 0], [0, 1], [1, 1]], [0.0, 0.0, 0.5], "linear"))
    picture = shot(picture, center="0.5,0.25", radius="0.125", contrast="0:1")
    width, height = 6, 4
    image = drawn(any_evaluator, picture, (width, height))
    for j in range(height):
        for i in range(width):
            x = 0.5 + 0.125 * (2 * (i + 0.5) - width) / height
            y = 0.25 + 0.125 * (height - 2 * (j + 0.5)) / height
            assert image[j, i] == pytest.approx([x, y, min(1, x + y + 0.5)], abs=1e-6)


def test_rotation_turns_the_frame_anticlockwise(any_evaluator: Evaluator) -> None:
    picture = hand_made(([[1, 0], [0, 1], [0, 0]], [0.5, 0.5, 0.0], "linear"))
    picture = shot(picture, rotate="30", radius="0.3")
    right = drawn(any_evaluator, picture, (3, 3))[1, 2]
    reach = 0.3 * 2 / 3
    expected = [0.5 + reach * cos(radians(30)), 0.5 + reach * sin(radians(30)), 0]
    assert right == pytest.approx(expected, abs=1e-6)


def test_asymmetric_matrices_are_not_transposed(any_evaluator: Evaluator) -> None:
    hidden = [[1.0, 2.0], [0.0, -1.0], [0.5, 0.25], [3.0, 0.0], [0.0, 0.0]]
    last = [[0.1, 0.2, 0.3, 0.0, 0.4], [0.0, 0.0, 1.0, 0.1, 0.0], [0.3, 0.0, 0.0, 0.2, -0.1]]
    picture = hand_made(
        (hidden, [0.1, 0.2, 0.0, -0.1, 1.0], "abs"), (last, [0.0, 0.1, 0.2], "linear")
    )
    at = np.array([0.2, 0.1])
    picture = shot(picture, center="0.2,0.1", radius="1e-3")
    y = np.abs(np.array(hidden) @ at + [0.1, 0.2, 0.0, -0.1, 1.0])
    expected = np.clip(np.array(last) @ y + [0.0, 0.1, 0.2], 0, 1)
    assert drawn(any_evaluator, picture, (1, 1))[0, 0] == pytest.approx(expected, abs=1e-6)


def test_latents_and_axes(any_evaluator: Evaluator) -> None:
    base = shot(layers="2x8", latent="a=0.3,b=-0.7", seed="9", palette="rgb")
    spanned = shot(base, axes="b,y", latent="x=0.2", center="-0.7,0.1", radius="0.5")
    image = drawn(any_evaluator, spanned, (5, 5))
    middle = drawn(any_evaluator, shot(base, center="0.2,0.1", radius="0.5"), (5, 5))
    assert image[2, 2] == pytest.approx(middle[2, 2], abs=1e-6)
    assert np.abs(image - middle).max() > 0.01


def test_nan_is_drawn_as_its_colour(any_evaluator: Evaluator) -> None:
    """exp overflows nowhere, but inf − inf is NaN: square to infinity, then subtract."""
    big, difference = [[1e30, 0.0], [1e30, 0.0]], [[1.0, -1.0], [1.0, -1.0], [1.0, -1.0]]
    steps = [(np.eye(2).tolist(), [0.0, 0.0], "square")] * 4
    picture = hand_made(
        (big, [0.0, 0.0], "square"), *steps, (difference, [0.0, 0.0, 0.0], "linear")
    )
    for palette in ("rgb", "corners:sun", "ramp:ember", "gray"):
        image = drawn(any_evaluator, shot(picture, palette=palette, radius="1e6"), (4, 4))
        assert (image == np.array(NAN_COLOUR, np.float32)).all(), palette
    # A NaN has no whole number; numpy is not to warn of it, whichever evaluator draws.
    raw = evaluated(any_evaluator, shot(picture, radius="1e6"), (4, 4), numbers=Numbers("u1"))
    assert raw.dtype == "u1"


def test_equal_limits_are_the_middle(any_evaluator: Evaluator) -> None:
    image = drawn(any_evaluator, shot(palette="rgb", contrast="1:1,0:2,-1:1"), (4, 4))
    assert (image[..., 0] == 0.5).all()
    assert image[..., 1].std() > 0


def test_raw_gives_the_pre_activations(any_evaluator: Evaluator) -> None:
    picture = shot(layers="3x9", outputs="2")
    raw = evaluated(any_evaluator, picture, (8, 6))
    exact = evaluated(REFERENCE, picture, (8, 6))
    assert raw.shape == (6, 8, 2)
    assert np.abs(exact).max() > 1
    assert np.abs(raw - exact).max() < 1e-4


def test_raw_samples_are_averaged_as_they_are(any_evaluator: Evaluator) -> None:
    picture = shot(layers="3x9", outputs="4")
    fine = evaluated(REFERENCE, picture, (24, 18))
    expected = fine.reshape(6, 3, 8, 3, 4).mean(axis=(1, 3))
    assert np.abs(expected).max() > 1
    raw = evaluated(any_evaluator, picture, (8, 6), samples=3)
    assert np.abs(raw - expected).max() < 1e-4


@pytest.mark.parametrize(
    "numbers",
    [
        Numbers("u1"),
        Numbers("u1", dither=True),
        Numbers("u2"),
        Numbers("u2", 65280),
        Numbers("f2", linear=True),
        Numbers("f4"),
    ],
)
def test_pixels_come_back_in_the_numbers_asked_for(
    any_evaluator: Evaluator, numbers: Numbers
) -> None:
    """Rounded where they are made, tile by tile: as if the whole picture were rounded at once."""
    picture, size = shot(layers="3x9"), (TILE_WIDTH + 31, TILE_HEIGHT + 9)
    floats = lens.picture(picture, size, any_evaluator)
    got = lens.picture(picture, size, any_evaluator, numbers)
    assert got.dtype == numbers.dtype
    if any_evaluator.name.startswith("gpu"):  # may round product and sum at once
        near = numbers.of(floats + np.float32(1e-6)) != numbers.of(floats - np.float32(1e-6))
        assert np.array_equal(got[~near], numbers.of(floats)[~near])
    else:
        assert np.array_equal(got, numbers.of(floats))
    part = lens.draw(picture, size, Window(50, 40, 99, 20), any_evaluator, numbers)
    assert np.array_equal(part, got[40:60, 50:149])


@pytest.mark.parametrize("outputs", [1, 2, 4])
def test_any_number_of_channels_may_be_dithered(any_evaluator: Evaluator, outputs: int) -> None:
    picture, numbers = shot(layers="3x9", outputs=str(outputs)), Numbers("i2", 1000, dither=True)
    floats = evaluated(any_evaluator, picture, (8, 6))
    got = evaluated(any_evaluator, picture, (8, 6), numbers=numbers)
    assert got.shape == (6, 8, outputs)
    assert np.array_equal(got, numbers.of(floats))


# What is called after each hidden layer.

PROBE = """// Of all layers: sums of the units, of those by the layer, of ones, of those by the unit
vec4 probe(vec4 carried, int layer, int unit, int width, vec4 z, vec4 z_u, vec4 z_v) {
    for (int k = 0; k < 4; ++k)
        if (unit + k < width)
            carried += vec4(z[k], float(layer) * z[k], 1.0, float(unit + k) * z[k]);
    return carried;
}
"""
SHOW = "vec4 show_carried() {\n    return carried();\n}\n"


def _probe(carried: np.ndarray, units: Units) -> np.ndarray:
    layer, z = units.layer, units.z[:, : units.width]
    number = np.arange(z.shape[1])
    new = [z.sum(1), layer * z.sum(1), np.full(len(z), z.shape[1]), z @ number]
    return carried + np.stack(new, axis=1)


@pytest.mark.parametrize("one_pass", [True, False])
@pytest.mark.parametrize("layer", ["0", "3", "4", "2.5"])
def test_a_lens_sees_every_layer_below_its_head(
    any_evaluator: Evaluator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    layer: str,
    one_pass: bool,
) -> None:
    shutil.copytree(assets.folder("shaders"), tmp_path / "shaders")
    (tmp_path / "shaders" / "probe.glsl").write_text(PROBE)
    (tmp_path / "shaders" / "show_carried.glsl").write_text(SHOW)
    monkeypatch.setattr(shader_files, "folder", lambda name: tmp_path / name)
    if not one_pass:
        monkeypatch.setattr(glsl, "MAX_ITERATIONS", 0)
        monkeypatch.setattr(gpu_passes, "MIN_PRODUCT", 4)
    picture, size = shot(widths="7,5,5,9", layer=layer, seed="4"), (11, 6)
    show = PixelFunction(lambda values: values.carried, "show_carried", 4)
    got = evaluated(any_evaluator, picture, size, show, layers=LayerFunction(_probe, "probe"))
    deepest, expected = ceil(float(layer)), np.zeros((*size[::-1], 4))
    for k in range(deepest):
        width = (7, 5, 5, 9)[k]
        linear = replace(to_network(picture.network).layers[k], activation="linear")
        z = REFERENCE.evaluate(
            to_network(picture.network), picture.view, size, Window.whole(size),
            Request((Head(k, linear),), PixelFunction(lambda values: values.outputs, "", width)),
        )  # fmt: skip
        units = Units(k + 1, width, z.reshape(-1, width))
        expected = expected + _probe(0, units).reshape(expected.shape)
    assert np.abs(got - expected).max() < 1e-3
    if deepest:
        assert (got[..., 2] == sum((7, 5, 5, 9)[:deepest])).all()
    else:
        assert not got.any()


# Samples of a pixel.


@pytest.mark.parametrize("samples", [2, 3])
def test_samples_are_a_finer_picture_averaged_in_linear_light(
    any_evaluator: Evaluator, samples: int
) -> None:
    fine = shot(layers="3x9", activation="sign", seed="2", palette="corners:candy")
    size = (50, 31)
    many = drawn(REFERENCE, fine, (samples * size[0], samples * size[1]))
    blocks = srgb_decode(many).reshape(size[1], samples, size[0], samples, 3)
    expected = srgb_encode(blocks.mean(axis=(1, 3)))
    assert np.abs(expected - drawn(REFERENCE, fine, size)).max() > 0.1
    smooth = shot(fine, samples=str(samples))
    got = drawn(any_evaluator, smooth, size)
    # A sample that stands on an edge may fall to either side.
    assert (np.abs(got - expected).max(axis=2) < 1e-4).mean() > 0.998


def test_samples_where_a_layer_is_a_pass(
    fragment: Gpu, compute: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = shot(layers="3x9", samples="3", layer="2.25", palette="rgb")
    exact = drawn(REFERENCE, picture, (20, 13))
    monkeypatch.setattr(glsl, "MAX_ITERATIONS", 0)
    for gpu in (fragment, compute):
        assert np.abs(drawn(gpu, picture, (20, 13)) - exact).max() < 1e-4


def test_a_windows_samples_are_the_pictures(evaluator: Evaluator) -> None:
    picture, size = shot(layers="4x20", samples="3"), (TILE_WIDTH + 17, TILE_HEIGHT + 5)
    window = Window(TILE_WIDTH - 9, TILE_HEIGHT - 7, 20, 11)
    whole = drawn(evaluator, picture, size)
    got = drawn(evaluator, picture, size, window)
    assert np.array_equal(got, whole[TILE_HEIGHT - 7 :][:11, TILE_WIDTH - 9 :][:, :20])


# cpu alone.


def test_threads_do_not_change_a_bit() -> None:
    picture = shot(layers="5x17", seed="2")
    images = []
    for threads in (1, 2, 5):
        evaluator = Cpu(threads)
        images.append(drawn(evaluator, picture, (200, 120)))
        evaluator.close()
    assert np.array_equal(images[0], images[1])
    assert np.array_equal(images[0], images[2])


def test_blas_limits_are_restored(cpu: Cpu) -> None:
    import threadpoolctl

    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        before = threadpoolctl.threadpool_info()
        assert 2 in [pool["num_threads"] for pool in before]
        drawn(cpu, shot(), (64, 64))
        assert threadpoolctl.threadpool_info() == before


def test_reference_in_float32_is_float32() -> None:
    rough = drawn(Reference(np.float32), shot(), (8, 8))
    assert rough.dtype == np.float32

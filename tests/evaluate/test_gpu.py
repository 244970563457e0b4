"""gpu alone: its ways to draw, what is compiled, its limits and its failures."""

from __future__ import annotations

import contextlib
import shutil
import time
from functools import partial
from pathlib import Path

import moderngl
import numpy as np
import pytest

from netart import assets, lens
from netart.errors import NetartError
from netart.evaluate import dialects, gl, glsl, gpu_passes, shader_files, stages
from netart.evaluate.backend import open_evaluator, open_gpu
from netart.evaluate.dialects import COMPUTE, FRAGMENT, PRODUCTS, Dialect
from netart.evaluate.gl import Device
from netart.evaluate.gpu import Gpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.precision import compare
from netart.evaluate.request import Request
from netart.net.build import to_network
from netart.pixels import Window
from netart.shot.shot import Shot
from tests.shots import REFERENCE, defined, drawn, shot

# Jumps of step and sign move by a rounding: a pixel on such an edge may flip.
MOST_BEYOND = 0.001


@pytest.fixture(params=["fragment", "compute", "products"])
def any_gpu(request: pytest.FixtureRequest) -> Gpu:
    return request.getfixturevalue(request.param)


def fits_one_pass(picture: Shot, dialect: Dialect = FRAGMENT) -> bool:
    asked = to_network(picture.network), Request(lens.heads(picture))
    return glsl.fits_one_pass(*asked, dialect)


def use_lanes(monkeypatch: pytest.MonkeyPatch, gpu: Gpu, widest: int, count: int) -> None:
    """Has it unroll layers up to a width, with so many pixels an invocation."""
    dialect = gpu.stage.dialect._replace(lanes=((widest, count),))
    monkeypatch.setattr(gpu.stage, "dialect", dialect)


# What is compiled.


@pytest.mark.slow
def test_numbers_change_without_a_compile(any_gpu: Gpu) -> None:
    base = shot(layers="6x12", palette="corners:sun", latent="a=0.1", samples="2")
    drawn(any_gpu, base, (16, 16))
    before = any_gpu.device.compiles
    for texts in (
        {"seed": "9"},
        {"mix": "7:0.6,42:0.8"},
        {"weight_scale": "0.3"},
        {"bias_scale": "same"},
        {"radius": "0.01"},
        {"center": "0.3,0.4"},
        {"rotate": "33"},
        {"latent": "a=0.9"},
        {"palette": "corners:coast"},
        {"contrast": "-1:1"},
        {"gamma": "2"},
        {"invert": "true"},
        {"posterize": "5"},
        {"layers": "9x12"},
        {"layer": "3"},
        {"samples": "1"},
        {"dither": "true"},
        {"distribution": "normal"},
    ):
        drawn(any_gpu, shot(base, **texts), (16, 16))
        assert any_gpu.device.compiles == before, texts


def test_a_new_shape_is_a_new_program(gpu: Gpu) -> None:
    base = shot(layers="6x12", palette="corners:sun", latent="a=0.1")
    drawn(gpu, base, (16, 16))
    before = gpu.device.compiles
    drawn(gpu, shot(base, layers="6x20"), (16, 16))
    assert gpu.device.compiles == before + 1
    for compiles, layer in ((2, "1.5"), (2, "1.75"), (3, "2.5"), (3, "2.9"), (3, "4.01")):
        drawn(gpu, shot(base, layer=layer), (16, 16))
        assert gpu.device.compiles == before + compiles, layer


def test_shapes_alone_decide_the_programs_of_products(products: Gpu) -> None:
    """Any number of layers of any width go through the same few."""
    drawn(products, shot(layers="2x20"), (8, 8))
    before = products.device.compiles
    for layers in ("5x20", "3x77", "1x300"):
        drawn(products, shot(layers=layers), (8, 8))
    assert products.device.compiles == before


def test_27x30_compiles_within_bounds_of_memory_and_time(fragment: Gpu) -> None:
    """The bench measures it exactly; here only that no loop was unrolled into minutes."""
    start = time.process_time()
    drawn(fragment, shot(layers="27x31"), (8, 8))
    assert time.process_time() - start < 10


def test_programs_that_are_not_used_are_let_go(gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    size, shots = (4, 3), [shot(layers=f"1x{width}") for width in (4, 8, 12)]
    with open_gpu() as one:
        monkeypatch.setattr(gl, "MAX_PROGRAMS", 3)  # the last pass is shared
        for picture in (*shots[:2], shots[0]):
            drawn(one, picture, size)
        assert one.device.compiles == 3
        drawn(one, shots[2], size)  # in place of the second
        for picture, compiles in ((shots[0], 4), (shots[2], 4), (shots[1], 5)):
            drawn(one, picture, size)
            assert one.device.compiles == compiles


# Ways to draw.


@pytest.mark.parametrize("layers", ["2x700", "8x400", "3x70"])
def test_wide_networks_are_drawn_layer_by_layer(any_gpu: Gpu, layers: str) -> None:
    """As products whose tiles they fill in part."""
    picture, size = shot(layers=layers, weight_scale="0.1"), (13, 7)
    assert not fits_one_pass(picture, COMPUTE)
    exact = drawn(REFERENCE, picture, size)
    assert np.abs(drawn(any_gpu, picture, size) - exact).max() < 1e-4


@pytest.mark.parametrize(
    ("layers", "fits"), [("2x700", False), ("8x400", False), ("2000x30", True), ("560x33", False)]
)
def test_an_invocation_holds_what_it_can(layers: str, fits: bool) -> None:
    assert fits_one_pass(shot(layers=layers)) == fits


@pytest.mark.parametrize(
    ("dialect", "width", "count"),
    [
        *((FRAGMENT, 8, 4), (FRAGMENT, 17, 2), (FRAGMENT, 40, 4)),
        *((COMPUTE, 8, 1), (COMPUTE, 16, 2), (COMPUTE, 24, 1), (COMPUTE, 30, 2), (COMPUTE, 52, 1)),
        *((COMPUTE, 53, 0), (PRODUCTS, 1, 0)),
    ],
)
def test_pixels_an_invocation_follow_the_width(dialect: Dialect, width: int, count: int) -> None:
    picture = shot(layers=f"3x{width}")
    asked = to_network(picture.network), Request(lens.heads(picture))
    assert glsl.lanes(*asked, dialect) == count
    assert glsl.fits_one_pass(*asked, dialect) == bool(count)


@pytest.mark.parametrize("lanes", [1, 2, 3, 4])
def test_any_number_of_pixels_an_invocation_draws_the_same(
    fragment: Gpu, compute: Gpu, monkeypatch: pytest.MonkeyPatch, lanes: int
) -> None:
    """The width of the window is no multiple of most."""
    picture = shot(widths="9,9,12,3", layer="3.5", features="x,y,r,angle,xy", samples="2")
    exact = drawn(REFERENCE, picture, (37, 29))
    for gpu in (fragment, compute):
        use_lanes(monkeypatch, gpu, 32, lanes)
        assert np.abs(drawn(gpu, picture, (37, 29)) - exact).max() < 1e-5


def test_layers_as_loops_draw_the_same(fragment: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = shot(widths="9,9,20,3", layer="3.5", features="x,y,r,angle,xy", samples="2")
    drawn(fragment, picture, (37, 29))
    compiles = fragment.device.compiles
    use_lanes(monkeypatch, fragment, 0, 0)
    got = drawn(fragment, picture, (37, 29))
    assert fragment.device.compiles == compiles + 1
    assert np.abs(got - drawn(REFERENCE, picture, (37, 29))).max() < 1e-5


def test_one_pass_and_a_pass_a_layer_draw_the_same(
    any_gpu: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time, and with parts so small that a window takes many draws."""
    picture, size = shot(layers="3x17", features="x,y,r,angle,xy", rotate="10"), (37, 29)
    once = drawn(any_gpu, picture, size)
    monkeypatch.setattr(glsl, "MAX_ITERATIONS", 0)
    assert np.abs(drawn(any_gpu, picture, size) - once).max() < 1e-5
    monkeypatch.undo()
    monkeypatch.setattr(any_gpu.speed, "rate", 1e4)
    assert np.array_equal(drawn(any_gpu, picture, size), once)


@pytest.mark.slow
@pytest.mark.parametrize("layers", ["535x30", "560x33"])
def test_the_drivers_loop_limit_is_kept(fragment: Gpu, layers: str) -> None:
    """llvmpipe stops without a word after 65,536 iterations: at 900 layers of 30 as loops."""
    picture, size = shot(layers=layers, weight_scale="0.335", palette="rgb"), (24, 16)
    exact = drawn(REFERENCE, picture, size)
    assert exact.std() > 0.05
    assert np.abs(drawn(fragment, picture, size) - exact).max() < 1e-5


def test_two_thousand_layers(any_gpu: Gpu) -> None:
    picture, size = shot(layers="2000x5", weight_scale="0.6", palette="rgb"), (12, 9)
    exact, tolerated = defined(picture, size)
    assert exact.std() > 0.01
    assert compare(drawn(any_gpu, picture, size), exact, tolerated).beyond <= MOST_BEYOND


def test_many_layers_are_not_cut_into_single_pixels(products: Gpu) -> None:
    """Their passes would take as long for each pixel as for thousands."""
    picture, calls = shot(layers="200x8"), []
    with pytest.MonkeyPatch.context() as patch:
        draw = gpu_passes.draw
        patch.setattr(gpu_passes, "draw", lambda *given: calls.append(1) or draw(*given))
        patch.setattr(products.speed, "rate", 1.0)
        drawn(products, picture, (40, 30))
    assert len(calls) == 1


def test_many_shapes_are_no_long_text(any_gpu: Gpu) -> None:
    """Forty groups of layers in one shader took a compiler nine seconds."""
    picture = shot(widths=",".join(["4,8"] * 20), weight_scale="0.6")
    assert not fits_one_pass(picture)
    start = time.process_time()
    image = drawn(any_gpu, picture, (16, 12))
    assert time.process_time() - start < 3
    exact, tolerated = defined(picture, (16, 12))
    assert compare(image, exact, tolerated).beyond <= MOST_BEYOND


# Limits.


@pytest.mark.parametrize(
    ("layers", "limit"), [("2x512", 1 << 28), ("2x512", 1 << 20), ("2x5000", 1 << 28)]
)
def test_no_buffer_is_larger_than_the_driver_allows(
    products: Gpu, monkeypatch: pytest.MonkeyPatch, layers: str, limit: int
) -> None:
    monkeypatch.setattr(stages, "MAX_STATE", limit)
    largest = min(limit, products.device.max_buffer)
    picture = shot(layers=layers)
    asked = to_network(picture.network), Request(lens.heads(picture))
    quads = -(-asked[1].widest(asked[0]) // 4)
    _, columns = gpu_passes.pixel_limits(products.stage, *asked)
    assert columns % dialects.COLUMN_GROUP == 0
    assert columns >= dialects.COLUMN_GROUP
    assert 16 * quads * columns <= largest < 16 * quads * (columns + dialects.COLUMN_GROUP)


def test_a_picture_larger_than_a_buffer_is_cut(
    products: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, size = shot(layers="2x512", weight_scale="0.1"), (40, 25)
    monkeypatch.setattr(products.speed, "rate", 1e12)
    whole = drawn(products, picture, size)
    monkeypatch.setattr(stages, "MAX_STATE", 4 * 512 * 128)  # of 128 pixels
    assert np.array_equal(drawn(products, picture, size), whole)


def test_memory_that_is_not_there_is_named(compute: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver refuses a buffer; whoever reads it would see black."""
    allocate = compute.device.context.buffer

    def refuse(*data: bytes, reserve: int = 0, dynamic: bool = False) -> object:
        return allocate(*data, reserve=reserve and 1 << 62, dynamic=dynamic)

    picture = shot(layers="2x90")
    monkeypatch.setattr(type(compute.device.context), "buffer", staticmethod(refuse))
    monkeypatch.setattr(compute.device, "_buffers", {})  # none is kept
    with pytest.raises(NetartError, match="GL_OUT_OF_MEMORY: close what else uses"):
        drawn(compute, picture, (9, 9))
    monkeypatch.undo()
    exact = drawn(REFERENCE, picture, (9, 9))
    assert np.abs(drawn(compute, picture, (9, 9)) - exact).max() < 1e-4


def test_a_target_without_memory_is_named(compute: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    context = compute.device.context
    allocate = context.buffer

    def refuse(*attachments: object) -> object:
        monkeypatch.undo()
        allocate(reserve=1 << 62)
        raise moderngl.Error("the framebuffer is not complete")

    monkeypatch.setattr(type(context), "framebuffer", staticmethod(refuse))
    with context:
        with pytest.raises(NetartError, match="GL_OUT_OF_MEMORY: close what else uses"):
            compute.device.target("none of these", (9, 9))
        assert compute.device.target("none of these", (9, 9)).size == (9, 9)


# What comes back.


@pytest.mark.parametrize("numbers", [Numbers("u1", dither=True), Numbers("u2", 65280)])
@pytest.mark.parametrize("samples", ["1", "3"])
def test_pixels_are_rounded_by_the_same_rule(any_gpu: Gpu, samples: str, numbers: Numbers) -> None:
    """A whole number may be off by one only where a rounding in float32 may move it."""
    picture = shot(layers="3x9", samples=samples, palette="hsv")
    floats = lens.picture(picture, (45, 31), any_gpu)
    got = lens.picture(picture, (45, 31), any_gpu, numbers)
    expected = numbers.of(floats)
    away = numbers.of(floats + np.float32(1e-6)) != numbers.of(floats - np.float32(1e-6))
    assert away.mean() < 0.2
    assert np.array_equal(got[~away], expected[~away])
    assert np.abs(got.astype(int) - expected).max() <= 1


def test_any_width_of_a_row_is_read(any_gpu: Gpu) -> None:
    """Rows are read in texels of sixteen bytes."""
    picture = shot(layers="2x6")
    whole = lens.picture(picture, (37, 3), any_gpu, Numbers("u1"))
    for width in range(1, 18):
        window = Window(5, 1, width, 2)
        part = lens.draw(picture, (37, 3), window, any_gpu, Numbers("u1"))
        assert np.array_equal(part, whole[1:3, 5 : 5 + width])


def test_the_next_picture_is_begun_before_the_last_is_taken(
    any_gpu: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (shot(layers="2x6", seed=seed) for seed in ("1", "2"))
    said = []
    for name in ("begin_read", "end_read"):
        call = getattr(any_gpu.device, name)

        def tell(slot: str, *more: object, name: str = name, call: object = call) -> object:
            said.append(name)
            return call(slot, *more)

        monkeypatch.setattr(any_gpu.device, name, tell)
    waits = []
    for picture in (one, two):
        asked = lens.colour.request(picture)
        network = to_network(picture.network)
        waits.append(any_gpu.start(network, picture.view, (9, 7), Window(0, 0, 9, 7), asked))
    pictures = [wait() for wait in waits]
    assert said == ["begin_read", "begin_read", "end_read", "end_read"]
    monkeypatch.undo()
    for picture, got in zip((one, two), pictures, strict=True):
        assert np.array_equal(got, drawn(any_gpu, picture, (9, 7)))


def test_more_is_begun_than_may_wait(any_gpu: Gpu) -> None:
    """What was begun first is taken on the way."""
    shots = [shot(layers="2x6", seed=str(seed)) for seed in range(5)]
    waits = []
    for picture in shots:
        asked = lens.colour.request(picture)
        network = to_network(picture.network)
        waits.append(any_gpu.start(network, picture.view, (9, 7), Window(0, 0, 9, 7), asked))
    for picture, wait in reversed(list(zip(shots, waits, strict=True))):
        assert np.array_equal(wait(), drawn(any_gpu, picture, (9, 7)))


# Failures.


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("layered_product.glsl", "z5 += b.y * y", "z5 += b.x * y"),
        ("quads_compute.glsl", "at += u_stride", "at += u_stride - 1"),
    ],
)
def test_a_wrong_product_is_seen(
    gpu: Gpu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, right: str, wrong: str
) -> None:
    """`check` sees the other ways, whose files its network is large enough for."""
    picture = shot(layers="2x20")
    exact = drawn(REFERENCE, picture, (21, 13))
    shaders = shutil.copytree(assets.folder("shaders"), tmp_path / "shaders")
    text = (shaders / file).read_text()
    assert text.count(right) == 1
    (shaders / file).write_text(text.replace(right, wrong))
    monkeypatch.setattr(shader_files, "folder", lambda name: tmp_path / name)
    with open_gpu(stage="products") as broken:
        assert np.abs(drawn(broken, picture, (21, 13)) - exact).max() > 0.01


def test_a_context_without_compute_shaders_draws_fragments(
    gpu: Gpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Device, "computes", False)
    with open_evaluator("gpu") as evaluator:
        assert evaluator.name == "gpu-fragment"
        assert evaluator.why == "compute shaders need OpenGL 4.3"
    refused = pytest.raises(NetartError, match=r"gpu-compute: needs OpenGL 4\.3")
    with refused, open_evaluator("gpu-compute"):
        pass


def test_a_card_draws_by_compute_shaders(gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "software", False)
    with open_evaluator("gpu") as evaluator:
        assert evaluator.name == "gpu-compute"
        assert evaluator.stage.dialect.lanes == COMPUTE.lanes


def test_evaluators_do_not_disturb_each_other(any_gpu: Gpu) -> None:
    picture, size = shot(layers="2x9"), (20, 10)
    before = drawn(any_gpu, picture, size)
    with open_gpu() as other:
        assert np.abs(drawn(other, picture, size) - before).max() < 1e-5
        assert np.array_equal(drawn(any_gpu, picture, size), before)
    assert np.array_equal(drawn(any_gpu, picture, size), before)


def test_the_drivers_messages_are_heard(gpu: Gpu) -> None:
    """What they say is the driver's own, so a message of known words is put between them."""
    with gpu.messages() as quiet:
        drawn(gpu, shot(), (8, 8))
    from OpenGL import GL, error

    source, kind, severity = (
        GL.GL_DEBUG_SOURCE_APPLICATION, GL.GL_DEBUG_TYPE_MARKER, GL.GL_DEBUG_SEVERITY_HIGH,
    )  # fmt: skip
    with gpu.messages() as heard, gpu.device.context:
        with contextlib.suppress(error.GLError):
            GL.glBindTexture(9999, 0)
        GL.glDebugMessageInsert(source, kind, 1, severity, -1, b"no such target")
    assert quiet == []
    assert len(heard) > 1
    assert heard[-1] == "no such target"


class Lost:
    """A context whose driver has been reset: it takes all calls, and draws nothing."""

    def __init__(self, context: object) -> None:
        self._context = context

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)

    def __enter__(self) -> None:
        self._context.__enter__()

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)

    error = "GL_CONTEXT_LOST"


def test_a_lost_context_is_no_black_picture(any_gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is what was begun with it taken later."""
    picture, size = shot(layers="2x9"), (8, 8)
    before = drawn(any_gpu, picture, size)
    network, asked = to_network(picture.network), lens.colour.request(picture)
    start = partial(any_gpu.start, network, picture.view, size, Window.whole(size), asked)
    first, _ = start(), start()
    monkeypatch.setattr(any_gpu.device, "context", Lost(any_gpu.device.context))
    with pytest.raises(NetartError, match=r"reports GL_CONTEXT_LOST: .*backend cpu"):
        first()
    monkeypatch.undo()
    taken = []
    monkeypatch.setattr(any_gpu.device, "check", lambda: taken.append(1))
    assert np.array_equal(drawn(any_gpu, picture, size), before)
    assert len(taken) == 1

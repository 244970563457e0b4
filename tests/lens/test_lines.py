"""Switching lines: where they lie, how wide they are, and that all evaluators draw the same."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from netart import lens
from netart.errors import NetartError
from netart.evaluate import glsl, gpu_passes
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.precision import UNDECIDED, compare
from netart.evaluate.reference import forward
from netart.evaluate.request import (
    PLAIN,
    Evaluator,
    Head,
    LayerFunction,
    PixelFunction,
    Request,
    Units,
)
from netart.evaluate.tiles import TILE_HEIGHT, TILE_WIDTH, points
from netart.fonts import font
from netart.lens import equations
from netart.lens.lines import request
from netart.net.build import to_network
from netart.pixels import Pixels, Size, Window
from netart.shot.finishes import display
from netart.shot.oklab import oklab_from_display
from netart.shot.shot import Shot
from netart.shot.text import from_text
from tests.shots import REFERENCE, defined, drawn, shot

SIZE = 240, 200
RELU = {"layers": "3x9", "activation": "relu", "radius": "2", "seed": "3"}


def lines(base: Shot | None = None, **texts: str) -> Shot:
    return shot(base, lens="lines", **texts)


def diamond(activation: str = "sigmoid") -> Shot:
    """The hand-written network of four units around a diamond."""
    weight, bias = [[1, -1], [-1, 1], [1, 1], [1, 1]], [-3, -3, -3, 3]
    layers = [
        {"weight": weight, "bias": bias, "activation": activation},
        {"weight": [[1, 1, 1, -1]], "bias": [-0.5], "activation": "linear"},
    ]
    return from_text({"network": {"kind": "weights", "layers": layers}, "view": {"radius": 6}})


def crossing(weight: list[list[float]], bias: float) -> Shot:
    """Units x and y, and one of a second layer, all of them straight."""
    layers = [([[1, 0], [0, 1]], [0, 0]), (weight, [bias]), ([[1]], [0])]
    written = [{"weight": w, "bias": b, "activation": "linear"} for w, b in layers]
    return from_text({"network": {"kind": "weights", "layers": written}, "view": {"radius": 1}})


def coverage(
    evaluator: Evaluator, one: Shot, size: Size = SIZE, window: Window | None = None
) -> Pixels:
    """(rows, columns): the share of each pixel that lines cover."""
    share = PixelFunction(lambda values: values.carried[:, 3:], "", 1)
    asked = dataclasses.replace(request(one), pixel=share, averaging=PLAIN)
    network = to_network(one.network)
    return evaluator.evaluate(network, one.view, size, window or Window.whole(size), asked)[..., 0]


def units_at(one: Shot, size: Size) -> list[np.ndarray]:
    """The pre-activations of each hidden layer, (rows, columns, units)."""
    network, found = to_network(one.network), []

    def look(carried: np.ndarray, units: Units) -> np.ndarray:
        found.append(units.z.reshape(size[1], size[0], -1))
        return carried

    heads = (Head(network.depth, network.layers[-1]),)
    at = points(network, one.view, size, Window.whole(size), Request(heads))
    forward(network, heads, at, LayerFunction(look, ""))
    return found


def off_a_line(rows: np.ndarray, columns: np.ndarray) -> float:
    """How far pixels are from the straight line through them, in pixels."""
    at = np.stack([rows - rows.mean(), columns - columns.mean()])
    return float(np.abs(np.linalg.svd(at, full_matrices=False)[0][:, 1] @ at).max())


def groups(one: Shot, unit: tuple[int, int], by: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The pixels on a unit's line, as rows and columns, by which units of the first `by` layers
    are on.
    """
    alone = lines(one, units=f"{unit[0]}.{unit[1]}")
    on_line = coverage(REFERENCE, alone) > 0.8
    sides = [np.ones((*on_line.shape, 1), bool), *(z > 0 for z in units_at(one, SIZE)[:by])]
    signs = np.concatenate(sides, axis=2)[on_line]
    _, group = np.unique(signs, axis=0, return_inverse=True)
    rows, columns = np.nonzero(on_line)
    parts = [(rows[group.ravel() == k], columns[group.ravel() == k]) for k in set(group.ravel())]
    return [part for part in parts if len(part[0]) > 8]


# Where lines lie.


def test_the_lines_of_the_first_layer_are_straight() -> None:
    counted = 0
    for unit in range(1, 10):
        rows, columns = np.nonzero(coverage(REFERENCE, lines(**RELU, units=f"1.{unit}")) > 0.8)
        counted += len(rows) > 20
        assert len(rows) < 2 or off_a_line(rows, columns) < 0.8
    assert counted >= 4


@pytest.mark.parametrize("layer", [2, 3])
def test_later_lines_bend_on_the_lines_of_all_earlier_layers_alone(layer: int) -> None:
    """Layer 2's on layer 1's, layer 3's on both: in between they are straight."""
    one, bent, bent_within = shot(**RELU), 0, 0
    for unit in range(1, 10):
        for rows, columns in groups(one, (layer, unit), layer - 1):
            assert off_a_line(rows, columns) < 0.8
        whole = groups(one, (layer, unit), 0)
        bent += any(off_a_line(*part) > 4 for part in whole)
        bent_within += any(off_a_line(*part) > 4 for part in groups(one, (layer, unit), layer - 2))
    assert bent >= 4
    assert bent_within >= 3


def test_lines_lie_where_units_change_sign(cpu: Cpu) -> None:
    one = lines(layers="3x9", activation="tanh", radius="2", units="3.4", line_width="1")
    side = units_at(one, SIZE)[2][..., 3] > 0
    change = np.zeros(SIZE[::-1], bool)
    change[:, 1:] |= side[:, 1:] != side[:, :-1]
    change[1:] |= side[1:] != side[:-1]
    near = change.copy()
    for axis in (0, 1):
        for step in (-2, -1, 1, 2):
            near |= np.roll(near, step, axis)
    found = coverage(cpu, one) > 0.3
    assert change.sum() > 100
    assert not (found & ~near).any()
    beside = found.copy()
    for axis in (0, 1):
        beside |= np.roll(beside, 1, axis) | np.roll(beside, -1, axis)
    assert beside[change].all()


@pytest.mark.parametrize("layer", [2, 3])
def test_above_steps_lines_lie_on_those_of_the_first_layer(cpu: Cpu, layer: int) -> None:
    """And there the unit is on different sides."""
    base = {"layers": "3x9", "activation": "step", "radius": "2", "line_width": "1", "seed": "2"}
    first = coverage(cpu, lines(**base, line_layers="1", line_colour="layer")) > 0.01
    later = coverage(cpu, lines(**base, line_layers=str(layer))) > 0.5
    side = units_at(lines(**base), SIZE)[layer - 1] > 0
    differs = np.zeros(SIZE[::-1], bool)
    differs[:, :-1] |= (side[:, 1:] != side[:, :-1]).any(axis=2)
    differs[1:] |= (side[1:] != side[:-1]).any(axis=2)
    inner = np.s_[1:-1, 1:-1]
    assert later.sum() > 200
    assert np.array_equal(later[inner], differs[inner])
    wide = first.copy()
    for axis in (0, 1):
        wide |= np.roll(wide, 1, axis) | np.roll(wide, -1, axis)
    assert not (later & ~wide)[inner].any()


@pytest.mark.parametrize("zoom", [1, 10, 1000])
@pytest.mark.parametrize("side", [200, 1000])
def test_a_lines_width_is_the_same_in_pixels(cpu: Cpu, side: int, zoom: int) -> None:
    base = lines(diamond(), units="1.1", line_width="5", center="3,0", radius=str(6 / zoom))
    row = Window(0, side // 2, side, 1)
    across = coverage(cpu, base, (side, side), row).sum() / np.sqrt(2)
    assert across == pytest.approx(5, rel=0.01)


# What is drawn.


def test_lines_without_a_width_are_not_drawn(cpu: Cpu, fragment: Gpu) -> None:
    one = lines(**RELU, line_width="0", samples="2")
    paper = np.broadcast_to(display("#fbfaf6").ravel(), (40, 60, 3))
    for evaluator in (REFERENCE, cpu, fragment):
        assert np.allclose(lens.picture(one, (60, 40), evaluator), paper, atol=1e-6)
    assert b"unit-" not in lens.vector(one, (60, 40), REFERENCE, "svg", "")


def test_by_default_the_last_layer_comes_in_by_its_share() -> None:
    table = request(lines(**RELU, layer="1.25")).layers.table
    assert table.shape == (2, 9, 4)
    assert (table[0, :, 3] == 1).all()
    assert (table[1, :, 3] == 0.25).all()


def test_named_lines_do_not_change_with_the_background(cpu: Cpu) -> None:
    """A film through depth moves the background under fixed lines."""
    named = [request(lines(**RELU, line_layers="3", backdrop="colour", layer=layer))
             for layer in ("0", "1.5", "3")]  # fmt: skip
    for one in named:
        assert np.array_equal(one.layers.table, named[0].layers.table)
        assert one.depth == 3
    under = drawn(cpu, shot(**RELU, layer="1.5"), SIZE)
    over = drawn(cpu, lines(**RELU, line_layers="3", backdrop="colour", layer="1.5"), SIZE)
    same = np.abs(under - over).max(axis=2) < 1e-5
    assert 0.5 < same.mean() < 0.99


def test_bends_are_the_earlier_units_that_are_met() -> None:
    one = lines(**RELU, units="3.6", bends="true")
    table = request(one).layers.table
    assert table[2, :, 3].tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0]
    faint = table[:2, :, 3]
    assert 0 < (faint > 0).sum() < faint.size
    # Wherever the line bends, one of them passes.
    on_line = coverage(REFERENCE, lines(**RELU, units="3.6")) > 0.8
    sides = [z > 0 for z in units_at(shot(**RELU), SIZE)]
    crossed = [
        {len(set(side[..., k][on_line])) for k in np.flatnonzero(row == 0)}
        for side, row in zip(sides, faint, strict=False)
    ]
    assert crossed[0] <= {1} and crossed[1] <= {1}


def test_smooth_units_make_no_bends() -> None:
    table = request(lines(layers="3x9", activation="tanh", units="3.6", bends="true")).layers.table
    assert (table[:2, :, 3] == 0).all()


def test_later_layers_lie_over_earlier_ones(cpu: Cpu) -> None:
    image = drawn(cpu, lines(crossing([[0, 1]], 0), line_width="4"), (41, 41))
    assert image[20, 20] == pytest.approx(display("#dd3f34")[:, 0], abs=1e-5)
    assert image[2, 20] == pytest.approx(display("#2f62d9")[:, 0], abs=1e-5)


def test_equations() -> None:
    found = equations.lines(to_network(diamond().network), diamond().view, 1)
    assert [line.text for line in found] == [
        "x − y − 3 = 0", "−x + y − 3 = 0", "x + y − 3 = 0", "x + y + 3 = 0",
    ]  # fmt: skip
    assert equations.write({"x": 2.5, "y": 0}, 0.125) == "2.5x + 0.125 = 0"
    assert equations.write({"x": 0, "t": -1}, 0) == "−t = 0"


def test_equations_are_of_affine_units_alone() -> None:
    assert not equations.lines(to_network(diamond().network), diamond().view, 2)
    straight = shot(crossing([[1, 2]], -1), center="9,9")
    (line,) = equations.lines(to_network(straight.network), straight.view, 2)
    assert line.text == "x + 2y − 1 = 0"
    curved = shot(layers="1x3", features="x,r")
    assert not equations.lines(to_network(curved.network), curved.view, 1)


def test_what_the_picture_does_not_span_is_a_constant() -> None:
    layers = [([[1, 0, 2]], [-1]), ([[1]], [0])]
    written = [{"weight": w, "bias": b, "activation": "linear"} for w, b in layers]
    network = {"kind": "weights", "layers": written, "latents": ["t"]}
    one = from_text({"network": network, "view": {"radius": 1}})
    slice_at = shot(one, latent="t=1.5")
    (line,) = equations.lines(to_network(one.network), slice_at.view, 1)
    assert line.text == "x + 2 = 0"
    (line,) = equations.lines(to_network(one.network), shot(one, axes="x,t").view, 1)
    assert line.text == "x + 2t − 1 = 0"


def test_labels_stand_beside_their_lines_in_the_picture() -> None:
    one, size = lines(diamond(), annotate="true", line_colour="unit"), (400, 300)
    labels = lens.LENSES["lines"].labels(one, size, REFERENCE)
    found = equations.lines(to_network(one.network), one.view, 1)
    assert {label.text for label in labels} == {line.text for line in found}
    for label in labels:
        (line,) = (line for line in found if line.text == label.text)
        a, b, c = line.coefficients
        away = abs(a * label.u + b * label.v + c) / np.hypot(a, b) * 150
        assert 5 < away < 60
        assert abs(label.u) < 4 / 3 and abs(label.v) < 1
    inks = [label.ink for label in labels]
    assert len(set(inks)) == 4


@pytest.mark.parametrize("seed", range(6))
def test_equations_are_written_whole_and_not_over_each_other(seed: int) -> None:
    one = shot(lens="lines", layers="1x4", seed=str(seed), annotate="true")
    size = (400, 300)
    labels = lens.LENSES["lines"].labels(one, size, REFERENCE)
    half = [np.array([font(11).getlength(label.text), 11]) / 300 for label in labels]
    at = [np.array([label.u, label.v]) for label in labels]
    for k, middle in enumerate(at):
        assert (np.abs(middle) + half[k] <= [4 / 3, 1]).all()
        for other in range(k):
            assert (np.abs(middle - at[other]) >= half[k] + half[other]).any()


# Evaluators.

SHOTS = [
    {**RELU},
    {**RELU, "activation": "tanh", "backdrop": "colour"},
    {**RELU, "activation": "step", "backdrop": "colour", "samples": "2"},
    {**RELU, "activation": "sign,tanh,step", "backdrop": "regions", "outputs": "1"},
    {**RELU, "backdrop": "colour", "palette": "corners:sun", "light": "relief", "layer": "1.5",
     "line_layers": "3", "units": "2.4", "bends": "true"},
    {"layers": "2x9", "activation": "sin", "radius": "1", "backdrop": "night", "layer": "1.5",
     "line_width": "3", "latent": "a=.3", "line_colour": "unit"},
    {**RELU, "layers": "2x40", "line_layers": "2", "samples": "3"},
    {**RELU, "backdrop": "prediction", "outputs": "1", "output_activation": "sigmoid"},
]  # fmt: skip


@pytest.fixture(params=["cpu", "fragment", "compute", "products"])
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    return request.getfixturevalue(request.param)


def agree(evaluator: Evaluator, one: Shot, size: Size = (61, 45)) -> None:
    one = lens.measured(one)
    exact, tolerated = defined(one, size)
    # A line that ends in a pixel may be seen by derivatives alone.
    tolerated = np.minimum(tolerated, UNDECIDED)
    assert compare(drawn(evaluator, one, size), exact, tolerated).beyond <= 0.001


@pytest.mark.parametrize("texts", SHOTS, ids=str)
def test_evaluators_follow_the_definition(evaluator: Evaluator, texts: dict[str, str]) -> None:
    agree(evaluator, lines(**texts))


@pytest.mark.parametrize("texts", SHOTS[1:4], ids=str)
def test_layer_by_layer_is_the_same(
    fragment: Gpu, compute: Gpu, monkeypatch: pytest.MonkeyPatch, texts: dict[str, str]
) -> None:
    monkeypatch.setattr(glsl, "MAX_ITERATIONS", 0)
    monkeypatch.setattr(gpu_passes, "MIN_PRODUCT", 1)
    for gpu in (fragment, compute):
        agree(gpu, lines(**texts))


@pytest.mark.parametrize("texts", SHOTS[1:4], ids=str)
def test_layers_as_loops_are_the_same(
    fragment: Gpu, monkeypatch: pytest.MonkeyPatch, texts: dict[str, str]
) -> None:
    dialect = fragment.stage.dialect._replace(slope_lanes=((0, 0),))
    monkeypatch.setattr(fragment.stage, "dialect", dialect)
    agree(fragment, lines(**texts))


@pytest.mark.parametrize("texts", SHOTS[:3], ids=str)
def test_a_windows_pixels_are_the_pictures(evaluator: Evaluator, texts: dict[str, str]) -> None:
    one, size = lines(**texts), (TILE_WIDTH + 21, TILE_HEIGHT + 9)
    window = Window(TILE_WIDTH - 9, TILE_HEIGHT - 7, 20, 11)
    whole = drawn(evaluator, one, size)
    part = drawn(evaluator, one, size, window)
    assert np.array_equal(part, whole[TILE_HEIGHT - 7 :][:11, TILE_WIDTH - 9 :][:, :20])


@pytest.mark.parametrize("activation", ["relu", "tanh", "sin", "abs", "step"])
@pytest.mark.parametrize("width", ["0.5", "1.5", "6"])
def test_cpu_misses_no_pixel_near_a_line(cpu: Cpu, activation: str, width: str) -> None:
    """It looks for lines by values, and computes derivatives near them alone."""
    one = lines(layers="3x12", activation=activation, line_width=width)
    size = 2 * TILE_WIDTH, 2 * TILE_HEIGHT
    asked = request(one)
    everywhere = dataclasses.replace(asked.layers, watched=())
    network, whole = to_network(one.network), Window.whole(size)
    sparse, dense = (
        cpu.evaluate(network, one.view, size, whole, dataclasses.replace(asked, layers=layers))
        for layers in (asked.layers, everywhere)
    )
    off = np.abs(sparse - dense).max(axis=2)
    assert (off > 0.02).mean() <= 1e-4
    assert (np.abs(dense - dense.max(axis=(0, 1))).max(axis=2) > 0.1).mean() > 0.02


def test_what_is_drawn_compiles_nothing_anew(fragment: Gpu) -> None:
    drawn(fragment, lines(**RELU), (8, 8))
    compiles = fragment.device.compiles
    for texts in (
        {"line_colour": "unit"},
        {"line_layers": "3"},
        {"units": "3.1,1.2", "bends": "true"},
        {"line_width": "4", "palette": "ramp:ember", "seed": "8"},
        {"backdrop": "night"},
    ):
        drawn(fragment, lines(**(RELU | texts)), (8, 8))
    assert fragment.device.compiles == compiles


# What it cannot show.


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"layers": "0"}, "has no hidden layers, whose units would switch"),
        ({"layers": "2x3", "line_layers": "1,3"}, "layer 3: the network has hidden layers 1 to 2"),
        ({"layers": "2x3", "units": "2.4"}, "unit 4 of layer 2, which has 3"),
        ({"layers": "2x3", "units": "3.1"}, "layer 3 of 2 hidden layers"),
        ({"layers": "2x3", "bends": "true"}, "of which lines? Name line_layers or units"),
        ({"layers": "2x3", "line_width": "-1"}, "must be from 0.1 to 100 pixels, or 0"),
        ({"layers": "2x3", "layer": "3"}, "has hidden layers 1 to 2"),
        ({"layers": "2x3", "gamma": "2"}, "lines are drawn on white: add backdrop colour"),
        ({"layers": "2x3", "backdrop": "prediction", "output": "2", "palette": "gray"},
         "palette: lines are drawn on the prediction: add backdrop colour"),
        ({"layers": "2x3", "backdrop": "prediction"}, "is of one output, of 3: add output 1"),
        ({"layers": "2x3", "backdrop": "prediction", "output": "2", "contrast": "auto"},
         "contrast: lines are drawn on the prediction: add backdrop colour"),
    ],
)  # fmt: skip
def test_what_lines_refuse(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message.replace("?", r"\?")):
        lines(**texts)


@pytest.mark.parametrize(
    ("backdrop", "low", "high"),
    [("white", 0, 0.7), ("night", 0.42, 1)],
)
def test_colours_of_a_palette_keep_apart_from_the_backdrop(
    backdrop: str, low: float, high: float
) -> None:
    one = lines(**RELU, backdrop=backdrop, palette="ramp:blueorange", line_colour="unit")
    lightness = oklab_from_display(request(one).layers.table[0, :, :3].T.astype(float))[0]
    assert low - 1e-6 <= lightness.min() < lightness.max() <= high + 1e-6


def test_a_prediction_leaves_the_look_as_it_is() -> None:
    grey = lines(**RELU, backdrop="colour", output="1", palette="gray", contrast="off")
    one = shot(grey, backdrop="prediction")
    assert np.ptp(request(one).layers.table[0, 0, :3]) > 0.3  # the lines' own colours
    assert one.look == grey.look
    for same in lens.measured(one), lens.unmeasured(one):
        assert same == one
    assert lens.explicit(one).look == one.look


def test_what_is_read_of_lines_on_paper_is_what_the_network_says() -> None:
    one = lines(**RELU)
    assert [head.depth for head in lens.heads(one)] == [3]
    assert np.array_equal(lens.heads(one)[0].layer.weight, lens.heads(shot(**RELU))[0].layer.weight)

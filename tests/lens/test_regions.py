"""Regions: which output is the largest, where boundaries run, and that all evaluators agree."""

from __future__ import annotations

import numpy as np
import pytest

from netart import lens
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.precision import UNDECIDED, compare
from netart.evaluate.reference import forward
from netart.evaluate.request import Evaluator
from netart.lens.regions import PAPER, region_colours, request
from netart.net.build import to_network
from netart.pixels import Size, Window
from netart.shot.finishes import display
from netart.shot.look import Look
from netart.shot.palette import NAN_COLOUR
from netart.shot.shot import Shot
from netart.shot.text import from_text
from tests.shots import REFERENCE, defined, drawn, shot, values

SIZE = 120, 90


def regions(base: Shot | None = None, **texts: str) -> Shot:
    return shot(base, lens="regions", **texts)


def linear(*rows: tuple[float, float, float], radius: float = 1) -> Shot:
    """Outputs a x + b y + c, of rows (a, b, c)."""
    weight, bias = [list(row[:2]) for row in rows], [row[2] for row in rows]
    layer = {"weight": weight, "bias": bias, "activation": "linear"}
    network = {"kind": "weights", "layers": [layer]}
    return from_text({"network": network, "view": {"radius": radius}})


def numbers(evaluator: Evaluator, one: Shot, size: Size = SIZE) -> np.ndarray:
    """(rows, columns): the region of each pixel, from 0, by its colour; no lines are drawn."""
    image = drawn(evaluator, shot(one, boundary="0", annotate="false"), size)
    colours = region_colours(one.look, one.lens.count(one.network))
    return np.abs(image[..., None] - colours).max(axis=2).argmin(axis=2)


def on_plane(size: Size, radius: float = 1) -> tuple[np.ndarray, np.ndarray]:
    """x and y at the middles of pixels, (rows, columns) each."""
    width, height = size
    x = (2 * np.arange(width) + 1 - width) / min(size) * radius
    y = (height - 1 - 2 * np.arange(height)) / min(size) * radius
    return np.meshgrid(x, y)


def boundary(one: Shot, side: int) -> np.ndarray:
    """(points, 2): x and y on the boundary of one output, one in each column it passes through."""
    x, y = on_plane((side, side), one.view.radius)
    z = values(one, np.stack([x.ravel(), y.ravel()], axis=1))[:, 0].reshape(side, side)
    z = z - one.lens.level
    rows, columns = np.nonzero((z[1:] > 0) != (z[:-1] > 0))
    low, high = z[rows, columns], z[rows + 1, columns]
    share = low / (low - high)
    at_y = y[rows, columns] + share * (y[rows + 1, columns] - y[rows, columns])
    return np.stack([x[rows, columns], at_y], axis=1)


def turns(one: Shot, side: int) -> np.ndarray:
    """By how many radians the boundary's normal turns between neighbouring points on it."""
    at = boundary(one, side)
    at = at[np.argsort(at[:, 0])]
    network = to_network(one.network)
    along = np.eye(2)
    slopes = forward(network, lens.heads(one), at.T, along=along).slopes[..., 0]
    angle = np.arctan2(slopes[1], slopes[0])
    close = np.hypot(*np.diff(at, axis=0).T) < 4 * one.view.radius / side
    return np.abs(np.angle(np.exp(1j * np.diff(angle))))[close]


# Which region.


def test_argmax_of_two_is_the_sign_of_their_difference(cpu: Cpu) -> None:
    two = regions(linear((0.7, -0.2, 0.1), (-0.4, 0.9, -0.3)))
    one = regions(linear((1.1, -1.1, 0.4)))
    pair, single = (drawn(cpu, each, SIZE) for each in (two, one))
    assert np.abs(pair - single).max() < 1e-4
    x, y = on_plane(SIZE)
    assert np.array_equal(numbers(cpu, one), np.where(1.1 * x - 1.1 * y + 0.4 > 0, 0, 1))


def test_the_largest_output_wins(cpu: Cpu) -> None:
    one = regions(layers="3x9", outputs="5", radius="3", seed="4")
    x, y = on_plane(SIZE, 3)
    z = values(one, np.stack([x.ravel(), y.ravel()], axis=1))
    found, largest = numbers(cpu, one), z.argmax(axis=1).reshape(SIZE[::-1])
    clear = np.ones(largest.shape, bool)  # colours mix where they meet
    for axis in (0, 1):
        for step in (-1, 1):
            clear &= np.roll(largest, step, axis) == largest
    assert np.array_equal(found[clear], largest[clear])
    assert len(set(found[clear])) > 2


def test_above_the_level_is_a_and_below_is_b(cpu: Cpu) -> None:
    one = regions(linear((1, 0, 0)), level="0.51")
    x, _ = on_plane(SIZE)
    assert np.array_equal(numbers(cpu, one), np.where(x > 0.51, 0, 1))


def test_a_units_sign_is_a_region(cpu: Cpu) -> None:
    one = regions(layers="2x5", units="2.3")
    weights = to_network(one.network).layers[1]
    other = regions(layers="2x5", units="2.4")
    assert request(one).heads[0].layer.weight.tolist() == weights.weight[[2]].tolist()
    assert not np.array_equal(numbers(cpu, one), numbers(cpu, other))


# Boundaries.


@pytest.mark.parametrize("level", ["-1", "0", "1.3"])
def test_contours_of_a_logistic_unit_are_straight(level: str) -> None:
    at = boundary(regions(linear((0.7, -1.1, 0.2), radius=3), level=level), 200)
    centred = (at - at.mean(axis=0)).T
    assert len(at) > 20
    assert np.abs(np.linalg.svd(centred, full_matrices=False)[0][:, 1] @ centred).max() < 1e-9


def test_relu_boundaries_have_kinks_and_those_of_tanh_have_none() -> None:
    """Where points come closer to each other, a smooth curve turns less between them."""
    base = {"layers": "2x16", "outputs": "1", "radius": "1.5", "seed": "4"}
    relu, tanh = (
        [turns(regions(**base, activation=activation), side).max() for side in (300, 1200)]
        for activation in ("relu", "tanh")
    )
    assert relu[0] > 0.3 and relu[1] > 0.9 * relu[0]
    assert tanh[0] < 0.1 and tanh[1] < 0.3 * tanh[0]


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("zoom", [1, 10, 1000])
@pytest.mark.parametrize("side", [200, 1000])
def test_a_boundarys_width_is_the_same_in_pixels(
    cpu: Cpu, side: int, zoom: int, outputs: int
) -> None:
    rows = ((0.8, 0.6, -0.4), (-0.8, -0.6, 0.4))[:outputs]
    one = regions(
        linear(*rows),
        center="0.5,0",
        radius=str(1 / zoom),
        boundary="5",
        palette="ramp:white,white",
    )
    image = drawn(cpu, one, (side, side), Window(0, side // 2, side, 1))[0, :, 0]
    ink = request(one).pixel.uniforms["u_ink"][0]
    across = ((1 - image) / (1 - ink)).sum() * 0.8
    assert across == pytest.approx(5, rel=0.01)


def test_without_a_line_colours_meet_over_a_pixel(cpu: Cpu) -> None:
    one = regions(linear((1, 0, 0)), boundary="0", palette="ramp:black,white")
    row = drawn(cpu, one, (21, 21))[10, :, 0]
    a, b = (request(one).pixel.table[0, k, -1] for k in (0, 1))
    assert row[:10] == pytest.approx(b, abs=1e-5)
    assert row[11:] == pytest.approx(a, abs=1e-5)
    assert row[10] == pytest.approx((a + b) / 2, abs=1e-5)


def test_step_networks_have_boundaries_where_the_region_changes(cpu: Cpu) -> None:
    base = {"layers": "2x9", "activation": "step", "outputs": "3", "radius": "2", "seed": "5"}
    one = regions(**base, boundary="1")
    inside = numbers(cpu, one)
    changes = np.zeros(inside.shape, bool)
    changes[:, :-1] |= inside[:, 1:] != inside[:, :-1]
    changes[1:] |= inside[1:] != inside[:-1]
    image, ink = drawn(cpu, one, SIZE), request(one).pixel.uniforms["u_ink"]
    dark = np.abs(image - np.array(ink)).max(axis=2) < 1e-3
    assert changes.sum() > 30
    assert np.array_equal(dark[1:-1, 1:-1], changes[1:-1, 1:-1])


# Colours.


def test_the_first_colours_are_told_apart_by_lightness_too() -> None:
    from netart.shot.oklab import oklab_from_display

    lightness = oklab_from_display(region_colours(Look(), 8))[0]
    assert np.abs(np.diff(lightness)).min() > 0.1


@pytest.mark.parametrize("palette", ["ramp:tide", "corners:sun", "oklch", "hsv", "map:batlow"])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_a_palette_gives_every_region_its_colour(palette: str, count: int) -> None:
    colours = region_colours(Look(palette=palette), count)
    assert colours.shape == (3, count)
    apart = np.abs(colours[:, :, None] - colours[:, None]).max(axis=0)
    assert (apart + np.eye(count)).min() > 0.03


def test_four_regions_take_the_corners() -> None:
    corners = display("#3a0f2b", "#f2542d", "#f5dfbb", "#0e9594")
    found = region_colours(Look(palette="corners:sun"), 4)
    assert found == pytest.approx(corners, abs=0.01)


def test_margins_are_pale_at_the_boundary_and_full_away_from_it(cpu: Cpu) -> None:
    one = regions(linear((1, 0, 0)), shading="margin", contrast="0:0.5", boundary="0")
    row = drawn(cpu, one, (400, 40))[20]
    full, paper = region_colours(one.look, 2), display(PAPER)[:, 0]
    assert row[399] == pytest.approx(full[:, 0], abs=1e-3)
    assert row[0] == pytest.approx(full[:, 1], abs=1e-3)
    distance = [np.abs(row[at] - paper).max() for at in (202, 203, 204, 205, 206)]
    assert (np.diff(distance) > 0).all()
    assert np.abs(row[201] - paper).max() < 0.4 * np.abs(full[:, 0] - paper).max()


def test_margins_are_measured_once_for_a_film() -> None:
    shots = [regions(layers="2x9", shading="margin", seed=str(k)) for k in (1, 2)]
    found = lens.measure(shots)["contrast"]
    assert found[0][0] == 0 and found[0][1] > 0
    measured = shot(shots[0], contrast=f"0:{found[0][1]!r}")
    assert lens.is_measured(measured) and not lens.is_measured(shots[0])
    assert lens.unmeasured(measured) == shots[0]


def test_letters_stand_in_their_regions(cpu: Cpu) -> None:
    one = regions(layers="3x16", outputs="4", radius="2", annotate="true")
    labels = lens.LENSES["regions"].labels(one, SIZE, cpu)
    inside = numbers(cpu, one)
    assert len(labels) == len(set(inside.ravel()))
    for label in labels:
        column = (SIZE[0] + label.u * min(SIZE) - 1) / 2
        row = (SIZE[1] - label.v * min(SIZE) - 1) / 2
        assert "ABCD"[inside[round(row), round(column)]] == label.text
    assert not lens.LENSES["regions"].labels(regions(layers="2x9"), SIZE, cpu)


# Evaluators.

BASE = {"layers": "3x9", "radius": "2"}
SHOTS = [
    {**BASE, "outputs": "5"},
    {**BASE, "outputs": "3", "shading": "margin", "gamma": "1.5", "posterize": "5"},
    {**BASE, "outputs": "1", "shading": "margin", "level": "0.2", "palette": "ramp:tide"},
    {**BASE, "outputs": "3", "activation": "step", "samples": "2", "palette": "corners:sun"},
    {**BASE, "outputs": "9", "layer": "1.5", "shading": "pale", "boundary": "3"},
    {"layers": "0", "outputs": "2", "radius": "2", "boundary": "0"},
    {**BASE, "units": "2.3", "activation": "relu", "samples": "3"},
]


@pytest.fixture(params=["cpu", "fragment", "compute", "products"])
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("texts", SHOTS, ids=str)
def test_evaluators_follow_the_definition(evaluator: Evaluator, texts: dict[str, str]) -> None:
    one, size = lens.measured(regions(**texts)), (61, 45)
    exact, tolerated = defined(one, size)
    tolerated = np.minimum(tolerated, UNDECIDED)
    assert compare(drawn(evaluator, one, size), exact, tolerated).beyond == 0


def test_nan_is_drawn_as_its_colour(cpu: Cpu, fragment: Gpu) -> None:
    big, steps = [[1e30, 0.0], [1e30, 0.0]], [([[1, 0], [0, 1]], [0, 0], "square")] * 4
    layers = [(big, [0, 0], "square"), *steps, ([[1, -1], [1, -1]], [0, 0], "linear")]
    written = [{"weight": w, "bias": b, "activation": a} for w, b, a in layers]
    lost = from_text({"network": {"kind": "weights", "layers": written}, "view": {"radius": 1e6}})
    for each in (REFERENCE, cpu, fragment):
        image = drawn(each, regions(lost), (4, 4))
        assert (image == np.array(NAN_COLOUR, np.float32)).all(), each.name


# What it cannot show.


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"outputs": "3", "level": "0.5"}, "3 outputs are compared with each other"),
        ({"gamma": "2"}, "regions are flat: add shading margin"),
        ({"light": "relief"}, "light: has no effect on a regions lens"),
        ({"shading": "margin", "contrast": "0:1,0:2"}, "2 pairs for 1 outputs"),
        ({"boundary": "-1"}, "must be from 0 to 100 pixels"),
        ({"level": "inf"}, "must be a finite number"),
        ({"units": "1.1,1.2"}, "2 units, must be one"),
    ],
)
def test_what_regions_refuse(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        regions(**texts)


def test_flat_regions_leave_contrast_as_it_is() -> None:
    """A shot that was measured for another lens is shown by this one."""
    coloured = lens.measured(shot(layers="2x9"))
    assert len(coloured.look.contrast) == 2 or len(coloured.look.contrast) == 3
    assert regions(coloured).look.contrast == coloured.look.contrast

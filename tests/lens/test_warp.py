"""The plane as hidden layers carry it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.reference import Reference, forward
from netart.evaluate.request import Head
from netart.lens import picture, plot
from netart.lens.solid import CORNERS, _cut, camera
from netart.lens.warp import CELLS, Sheet, carry, figure, separating_lines
from netart.net.build import to_network
from netart.net.network import Layer
from netart.net.ops import ACTIVATIONS
from netart.shot.fields import text_of
from netart.shot.films import spin
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from netart.shot.timeline import Pace, Timeline
from tests.shots import shot

WARP = {"lens": "warp", "weight_scale": "1.5", "radius": "1.5", "outputs": "1"}


def values_at(one: Shot, xy: np.ndarray, depth: int) -> np.ndarray:
    """What a hidden layer is at points (N, 2), by the definition."""
    network = to_network(one.network)
    layer = network.layers[depth - 1]
    z = forward(network, (Head(depth - 1, layer),), xy.T).outputs
    return ACTIVATIONS[layer.activation].function(z)


def test_the_first_panel_is_the_plane_and_its_points() -> None:
    one = shot(**WARP, widths="2,2", center="0.5,-1", points="curves")
    (plane, _), _ = carry(one)
    assert plane.grid[0, 0].tolist() == [-1, -2.5]  # the lower left corner
    assert plane.grid[-1, -1].tolist() == [2, 0.5]
    assert np.array_equal(plane.points, one.marks.resolve().xy)


@pytest.mark.parametrize("width", ["2", "3"])
def test_numbers_of_any_size_are_drawn(cpu: Cpu, width: str) -> None:
    one = shot(lens="warp", widths=width, activation="relu", radius="1e308", weight_scale="1e20")
    assert picture(one, (64, 48), cpu).shape == (48, 64, 3)


@pytest.mark.parametrize("panels", ["one", "two", "each"])
def test_layers_carry_the_grid_and_the_points(panels: str) -> None:
    one = shot(**WARP, widths="2,3,2", points="moons", panels=panels)
    sheets, _ = carry(one)
    wanted = {"one": [3], "two": [0, 3], "each": [0, 1, 2, 3]}[panels]
    assert [sheet.layer for sheet in sheets] == wanted
    steps = np.linspace(-1.5, 1.5, CELLS + 1)
    corners = np.array([(steps[7], steps[90]), (steps[50], steps[3])])
    for sheet in sheets:
        if sheet.layer:
            found = np.array([sheet.grid[90, 7], sheet.grid[3, 50]])
            assert np.allclose(found, values_at(one, corners, sheet.layer), atol=1e-6)
            points = values_at(one, one.marks.resolve().xy, sheet.layer)
            assert np.allclose(sheet.points, points, atol=1e-6)


def test_a_turned_view_turns_the_plane() -> None:
    (plane,), _ = carry(shot(**WARP, widths="2", rotate="90", panels="one", points="xor"))
    straight = shot(**WARP, widths="2", panels="one", points="xor")
    (same,), _ = carry(straight)
    assert not np.allclose(plane.grid, same.grid)
    assert np.array_equal(plane.points, same.points)


def test_straight_lines_stay_straight_until_units_bend_them() -> None:
    """A linear layer carries the grid to a grid; tanh keeps it inside ±1."""
    (linear,), _ = carry(shot(**WARP, widths="2", activation="linear", panels="one"))
    for line in (*linear.grid, *linear.grid.swapaxes(0, 1)):
        assert np.allclose(np.diff(line, axis=0), np.diff(line, axis=0)[0], atol=1e-6)
    (bent,), _ = carry(shot(**WARP, widths="2", panels="one"))
    assert np.abs(bent.grid).max() < 1
    assert not np.allclose(
        np.diff(bent.grid[0], axis=0), np.diff(bent.grid[0], axis=0)[0], atol=1e-3
    )


def test_of_wider_layers_two_units_are_shown_or_those_chosen() -> None:
    (first,), _ = carry(shot(**WARP, widths="5,4", panels="one"))
    assert (first.units, first.width) == ((0, 1), 4)
    (chosen,), _ = carry(shot(**WARP, widths="5,4", units="1.5,1.2,1.1", panels="one"))
    assert (chosen.layer, chosen.units) == (1, (4, 1, 0))
    (layer,), _ = carry(shot(**WARP, widths="5,4", layer="1", panels="one"))
    assert np.array_equal(layer.grid, chosen.grid[..., [2, 1]])


def test_titles_of_small_panels_do_not_touch(cpu: Cpu) -> None:
    def titles(size: tuple[int, int]) -> list[str]:
        with plot.house_style():
            page = figure(shot(**WARP, widths="6,6", panels="each"), size, cpu)
            found = [axes.title for axes in page.axes]
            boxes = sorted(title.get_window_extent().extents.tolist() for title in found)
        for (_, low, right, high), (left, other_low, _, other_high) in pairwise(boxes):
            assert right < left or high < other_low or other_high < low
        return [title.get_text() for title in found]

    assert titles((900, 640))[1] == "layer 1, units 1, 2 of 6"
    assert titles((160, 120)) == ["the plane", "layer 1", "layer 2"]


@pytest.mark.parametrize(
    "rows", [[[3.0, 1.0]], [[3.0, 1.0], [-1.0, 2.0]], [[3.0, 0.0], [-2.0, 2.0], [-1.0, -3.0]]]
)
def test_colours_lean_to_the_class_that_is_predicted(rows: list[list[float]]) -> None:
    """To blue where one output is low and orange where it is high, else to the largest output's."""
    hidden = {"weight": [[1, 0.2], [-0.3, 1]], "bias": [0.1, -0.2], "activation": "tanh"}
    last = {"weight": rows, "bias": [0.1] * len(rows), "activation": "sigmoid"}
    network = {"kind": "weights", "layers": [hidden, last]}
    lens = {"kind": "warp", "panels": "one"}
    (sheet,), tints = carry(from_text({"network": network, "view": {"radius": 2.0}, "lens": lens}))
    z = sheet.grid @ np.array(rows).T + 0.1
    z = np.concatenate([-z / 2, z / 2], axis=-1) if len(rows) == 1 else z
    shares = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    sure = shares.max(axis=-1) > 0.7
    wanted = z.argmax(axis=-1)[sure]
    assert set(wanted.tolist()) == set(range(z.shape[-1]))
    colours = [tuple(bytes.fromhex(each[1:])) for each in (*plot.colours(3), plot.PAPER)]
    away = np.array(colours[:-1]) / 255 - np.array(colours[-1]) / 255
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    assert np.array_equal((tints[sure] @ away.T).argmax(axis=-1), wanted)


def test_what_is_not_sure_stays_paper() -> None:
    hidden = {"weight": [[1, 0], [0, 1]], "bias": [0, 0], "activation": "tanh"}
    last = {"weight": [[0, 0]], "bias": [0], "activation": "sigmoid"}
    network = {"kind": "weights", "layers": [hidden, last]}
    _, tints = carry(from_text({"network": network, "lens": {"kind": "warp"}}))
    assert not tints.any()


def read_out(weight: list[list[float]], bias: list[float]) -> Layer:
    return Layer(np.array(weight, np.float32), np.array(bias, np.float32), "linear")


FRAME = np.array([(-1.0, 1.0), (-1.0, 1.0)])


def test_the_separating_line_is_where_the_output_is_zero() -> None:
    last = read_out([[1, 2]], [-0.5])
    (line,) = separating_lines(last, FRAME)
    assert np.allclose(line @ (1, 2), 0.5)
    assert np.abs(line).max(axis=0).min() >= 1  # it crosses the frame


def test_three_outputs_are_separated_by_three_rays() -> None:
    last = read_out([[1, 0], [-1, 1], [-1, -1]], [0, 0, 0])
    lines = list(separating_lines(last, FRAME))
    assert len(lines) == 3
    for line in lines:
        ray = line[np.isfinite(line).all(axis=1)]
        z = np.sort(ray @ np.array(last.weight).T, axis=1)
        assert np.allclose(z[:, -1], z[:, -2], atol=1e-9)  # the two largest are equal
        assert len(ray) < len(line)


def test_no_line_separates_what_is_the_same_everywhere() -> None:
    assert list(separating_lines(read_out([[0, 0]], [1]), FRAME)) == []


def test_the_cut_of_a_cube_lies_on_the_plane() -> None:
    normal, offset = np.array((1.0, 2.0, -0.5)), 0.3
    outline = _cut(normal, offset)
    assert outline is not None
    assert np.allclose(outline @ normal + offset, 0)
    assert np.abs(outline).max() == pytest.approx(1)
    assert _cut(normal, 9.0) is None


@pytest.mark.parametrize("eye", [(20, -55), (0, 0), (90, 30), (-30, 200)])
def test_the_eye_sees_the_cube_in_the_picture(eye: tuple[float, float]) -> None:
    look = camera(*eye)
    axes = np.array([look.right, look.up, look.toward])
    assert np.allclose(axes @ axes.T, np.eye(3))
    assert np.linalg.det(axes) == pytest.approx(1)  # not mirrored
    assert np.abs(look.project(CORNERS)).max() < 1.2
    near, far = look.project(np.array([look.toward + look.up, look.up - look.toward]))
    assert near[1] > far[1] > 0  # what is near is larger


def test_from_above_x_goes_right_and_y_up() -> None:
    look = camera(90, -90)
    x, y = look.project(np.eye(3)[:2])
    assert x[0] > 0.5
    assert abs(x[1]) < 1e-9
    assert y[1] > 0.5


def test_three_units_turn_with_the_azimuth(cpu: Cpu) -> None:
    one = shot(**WARP, widths="3", panels="one")
    drawn = {
        azimuth: picture(shot(one, azimuth=azimuth), (120, 120), cpu) for azimuth in ("0", "90")
    }
    assert not np.array_equal(drawn["0"], drawn["90"])
    whole_turn = picture(shot(one, azimuth="360"), (120, 120), cpu)
    # Sines of 0 and of 360 degrees differ in their last bits, and so what lies above what.
    assert np.abs(whole_turn - drawn["0"]).mean() < 1e-3


def test_spin_turns_the_eye_and_closes() -> None:
    one = shot(**WARP, widths="3")
    motion = spin(one)
    assert motion.loop == "cycle"
    film = Timeline(shot=motion.shot, tracks=motion.tracks, pace=Pace(frames=4, loop="cycle"))
    seen = [text_of(film.frame(number), "azimuth") for number in range(1, 5)]
    assert seen == ["-55.0", "35.0", "125.0", "215.0"]


def test_evaluators_draw_the_same_warp(cpu: Cpu) -> None:
    one = shot(**WARP, widths="2,3", panels="each", points="moons")
    assert np.array_equal(picture(one, (240, 80), cpu), picture(one, (240, 80), Reference()))


@pytest.mark.parametrize(
    "texts",
    [
        {"panels": "each", "elevation": "35.0", "azimuth": "10.0"},
        {"units": "1.2,1.1"},
        {"layer": "1", "points": "moons"},
    ],
)
def test_fields_are_read_as_they_are_written(texts: dict[str, str]) -> None:
    one = shot(**WARP, widths="3,2", **texts)
    for name, text in texts.items():
        assert text_of(one, name) == text
    assert from_text(to_text(one)) == one


def in_frame(values: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """In units of the frame, ±1 at its sides."""
    return (values - frame.mean(axis=1)) / (np.ptp(frame, axis=1) / 2)


@pytest.mark.parametrize("widths", ["2,2", "2,3", "3,2"])
def test_a_fraction_of_a_layer_is_on_the_way_to_the_next(widths: str) -> None:
    def last(layer: str) -> Sheet:
        one = shot(**WARP, widths=widths, layer=layer, panels="one", points="moons")
        (sheet,) = carry(one)[0]
        return sheet

    low, high, between = last("1"), last("2"), last("1.25")
    for name in ("grid", "points"):
        a, b, c = (in_frame(getattr(x, name), x.frame) for x in (low, high, between))
        assert c.shape[-1] == max(a.shape[-1], b.shape[-1])
        for k in range(c.shape[-1]):  # a plane of two units lies in the middle of the third
            first = a[..., k] if k < a.shape[-1] else 0
            second = b[..., k] if k < b.shape[-1] else 0
            assert np.allclose(c[..., k], 0.75 * first + 0.25 * second)
    assert last("0").layer == 0 and last("0.5").grid.shape == (97, 97, int(widths[0]))


WRONG = [
    ({"layers": "0"}, "no hidden layer that could carry the plane: colour, landscape"),
    ({"widths": "3,1"}, "layer 2 has one unit"),
    ({"widths": "3,2", "layer": "3"}, "the network has hidden layers 1 to 2"),
    ({"widths": "3,2", "units": "1.1"}, "1 units, must be two or three"),
    ({"widths": "3,2", "units": "1.1,2.1"}, "of one layer"),
    ({"widths": "3,2", "units": "1.1,1.1"}, "a unit twice"),
    ({"widths": "3,2", "units": "2.1,2.3"}, "unit 3 of layer 2"),
    ({"widths": "3,2", "units": "2.1,2.2", "layer": "1"}, "no meaning beside"),
    ({"layers": "16x4", "panels": "each"}, "17 panels, at most 12"),
    ({"widths": "2", "axes": "x"}, "no plane: curves show it"),
    ({"widths": "2", "azimuth": "inf"}, "finite"),
]


@pytest.mark.parametrize(("texts", "message"), WRONG, ids=[str(k) for k in range(len(WRONG))])
def test_what_cannot_be_carried_says_why(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        shot(**({"lens": "warp"} | texts))

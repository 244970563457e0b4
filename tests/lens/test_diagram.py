"""Diagrams of networks: circles and lines, and every operation as a box."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.lens import blocks, plot, vector
from netart.lens.diagram import (
    NUMBER_ROOM,
    UNIT_COLOURS,
    figure,
    input_labels,
    lay_out,
    place_numbers,
    select,
)
from netart.net.build import to_network
from netart.shot.fields import text_of
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from tests.shots import shot

SIZE = 900, 640
PAGE = plot.page_size(SIZE)
DIAMOND = {
    "kind": "weights",
    "layers": [
        {
            "weight": [[1, -1], [-1, 1], [1, 1], [1, 1]],
            "bias": [-3, -3, -3, 3],
            "activation": "sigmoid",
        },
        {"weight": [[1.5, 1.25, 1, -1]], "bias": [0.5], "activation": "step"},
    ],
}


def diamond(**lens: object) -> Shot:
    return from_text({"network": DIAMOND, "lens": {"kind": "diagram", **lens}})


def texts(one: Shot, cpu: Cpu) -> list[str]:
    """All that is written in the diagram."""
    svg = ET.fromstring(vector(one, SIZE, cpu, "svg", ""))
    return [str(each.text) for each in svg.iter("{http://www.w3.org/2000/svg}text")]


def circles(one: Shot, cpu: Cpu) -> list[tuple[float, float]]:
    """The middles of the circles, in points from the upper left corner."""
    from matplotlib.patches import Circle

    with plot.house_style():
        (axes,) = figure(one, SIZE, cpu).axes
    return [patch.center for patch in axes.patches if isinstance(patch, Circle)]


def test_every_unit_is_a_circle_and_every_weight_a_number(cpu: Cpu) -> None:
    assert len(circles(diamond(), cpu)) == 2 + 4 + 1
    assert len(circles(diamond(biases=True), cpu)) == 2 + 4 + 1 + 2
    written = texts(diamond(), cpu)
    assert {"x", "y", "4 sigmoid", "1 step"} <= set(written)
    assert sorted(t for t in written if t in ("1", "−1", "1.5", "1.25")) == sorted(
        ["1"] * 7 + ["−1"] * 3 + ["1.5", "1.25"]
    )
    assert "0.5" not in written
    with_biases = texts(diamond(biases=True), cpu)
    assert {"0.5", "−3", "3"} <= set(with_biases)


def test_numbers_are_written_where_they_fit_or_as_asked(cpu: Cpu) -> None:
    wide = shot(lens="diagram", widths="20,20")
    assert len(texts(wide, cpu)) == 2 + 4  # x, y, and what stands under the columns
    asked = texts(shot(wide, numbers="true"), cpu)
    assert len(asked) == 2 + 4 + 2 * 20 + 20 * 20 + 20 * 3
    assert len(texts(diamond(numbers=False), cpu)) == 2 + 3


def test_dots_stand_for_what_does_not_fit() -> None:
    columns = lay_out([2, 100, 3], False, PAGE)
    hidden = columns[1]
    assert hidden
    assert hidden.units[-1] == 99
    assert 10 < len(hidden.units) < 100
    assert hidden.y[-2] < hidden.gap < hidden.y[-1]
    deep = lay_out([2] + [4] * 40 + [3], False, PAGE)
    assert deep[-2] is None
    assert len(deep) < 20


@pytest.mark.parametrize(
    ("widths", "side", "biases"),
    [([6, 4, 4, 3], 400, True), ([2, 8, 8, 8, 3], 300, False), ([2, 4, 4, 1], 200, True)],
)
def test_small_diagrams_have_all_their_layers(widths: list[int], side: int, biases: bool) -> None:
    for left in (56.0, 140.0) if side == 400 else (56.0,):
        columns = lay_out(widths, biases, plot.page_size((side, side)), left)
        assert [len(column.units) for column in columns if column] == widths


def test_captions_do_not_touch(cpu: Cpu) -> None:
    for layers, size in (("3x8", (300, 300)), ("6x10", (400, 400)), ("2x4", (400, 400))):
        with plot.house_style():
            page = figure(shot(lens="diagram", layers=layers), size, cpu)
            page.canvas.draw()
            boxes = [text.get_window_extent() for text in page.axes[0].texts]
        found = [box for box in boxes if box.y0 < 0.13 * size[1]]
        assert len(found) >= int(layers[0]) + 2
        assert all(box.x0 > 0 and box.x1 < size[0] and box.y0 > 0 for box in found)
        assert not any(a.overlaps(b) for k, a in enumerate(found) for b in found[:k])


def test_columns_stay_on_the_page() -> None:
    for widths in ([1, 1], [2, 3, 1], [9, 400, 400, 12], [1] * 60):
        for biases in (False, True):
            for page in (PAGE, (200.0, 200.0), (1500.0, 200.0), (200.0, 1500.0)):
                for column in filter(None, lay_out(widths, biases, page)):
                    assert 0 < column.x < page[0]
                    assert all(0 < y < page[1] for y in column.y)
                    assert list(column.y) == sorted(column.y)


@pytest.mark.parametrize(
    ("count", "most", "units"),
    [(3, 5, (0, 1, 2)), (5, 5, (0, 1, 2, 3, 4)), (9, 5, (0, 1, 2, 8)), (100, 3, (0, 99))],
)
def test_the_first_units_and_the_last_are_shown(
    count: int, most: int, units: tuple[int, ...]
) -> None:
    assert select(count, most) == units


def joined(starts: list[float], ends: list[float], across: float = 200) -> np.ndarray:
    """The lines from every one to every other, (N, 2, 2)."""
    return np.array([((0.0, a), (across, b)) for a in starts for b in ends])


def test_few_numbers_stand_in_a_column_where_they_do_not_touch() -> None:
    shares, room = place_numbers(joined([0, 100], [0, 50, 100]))
    assert len(set(shares)) == 1
    y = sorted((1 - shares[0]) * a + shares[0] * b for a in (0, 100) for b in (0, 50, 100))
    assert min(np.diff(y)) == pytest.approx(room * NUMBER_ROOM[1])
    assert room > 1
    assert place_numbers(joined([5], [7]))[1] > 10


def test_many_numbers_stand_apart_from_each_other_and_from_other_lines() -> None:
    lines = joined([0, 84, 168, 252, 336, 420], [0, 84, 168, 252, 336, 420], 300)
    shares, room = place_numbers(lines)
    at = lines[:, 0] + np.array(shares)[:, None] * (lines[:, 1] - lines[:, 0])
    away = (np.abs(at[:, None] - at) / NUMBER_ROOM).max(axis=2)[np.triu_indices(36, 1)]
    assert away.min() == pytest.approx(room)
    assert room >= 1
    assert min(clearance(at, lines)) > NUMBER_ROOM[1] / 2
    assert place_numbers(joined(list(range(0, 400, 20)), list(range(0, 400, 20))))[1] < 1


def clearance(at: np.ndarray, lines: np.ndarray) -> list[float]:
    """How far each point, which lies on the line of its row, is from the other lines."""
    found = []
    for k, point in enumerate(at):
        others = np.delete(lines, k, axis=0)
        (dx, dy), (x, y) = (others[:, 1] - others[:, 0]).T, (point - others[:, 0]).T
        found.append(float((np.abs(dx * y - dy * x) / np.hypot(dx, dy)).min()))
    return found


def test_lines_are_coloured_like_the_units_lines(cpu: Cpu) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_hex

    def colours(one: Shot) -> list[set[str]]:
        with plot.house_style():
            (axes,) = figure(one, SIZE, cpu).axes
        found = [each for each in axes.collections if isinstance(each, LineCollection)]
        return [{to_hex(c) for c in each.get_colors()} for each in found]

    signs = {plot.WARM, plot.COLD}
    assert colours(diamond()) == [signs, signs]
    four = set(UNIT_COLOURS[:4])
    assert colours(diamond(line_colour="unit")) == [four, four]


def test_a_thicker_line_is_a_larger_weight(cpu: Cpu) -> None:
    with plot.house_style():
        (axes,) = figure(diamond(), SIZE, cpu).axes
    widths = axes.collections[1].get_linewidths()
    assert len(widths) == 4
    assert widths[-1] == max(widths) > widths[0]


def test_features_and_latents_name_the_inputs(cpu: Cpu) -> None:
    one = shot(lens="diagram", features="x,sin_x:6,kaleidoscope:5", latent="t=0", widths="3")
    names = input_labels(to_network(one.network))
    assert names == ["x", "sin_x:6", "kaleidoscope:5.1", "kaleidoscope:5.2", "t"]
    assert set(names) <= set(texts(one, cpu))


def test_the_full_diagram_shows_every_operation(cpu: Cpu) -> None:
    written = texts(diamond(diagram="full"), cpu)
    assert written.count("Σ") == 5  # one a unit
    assert written.count("1.25") == 1
    assert written.count("−3") == 3
    assert {"layer 1: sigmoid", "layer 2: step"} <= set(written)


def test_the_full_diagram_shows_as_much_as_fits(cpu: Cpu) -> None:
    large = to_network(shot(widths="60,60").network)
    rows = int((PAGE[1] - blocks.TOP - blocks.BOTTOM) / blocks.ROW[0])
    most = blocks._most_units(large.layers, rows)
    assert 1 < most < 60
    assert all(blocks._rows(layer, most) <= rows for layer in large.layers)
    assert any(blocks._rows(layer, most + 1) > rows for layer in large.layers)
    deep = texts(shot(lens="diagram", diagram="full", layers="16x3"), cpu)
    assert "layer 1: tanh" in deep
    assert "layer 17: sigmoid" not in deep


@pytest.mark.parametrize(
    "changes",
    [
        {"diagram": "full"},
        {"biases": "true", "numbers": "false"},
        {"numbers": "true", "line_colour": "unit"},
    ],
)
def test_fields_are_read_as_they_are_written(changes: dict[str, str]) -> None:
    one = shot(lens="diagram", widths="3,2", **changes)
    for name, text in changes.items():
        assert text_of(one, name) == text
    assert from_text(to_text(one)) == one


@pytest.mark.parametrize("name", ["radius", "center", "axes", "rotate", "points", "samples"])
def test_a_diagram_is_of_no_place(name: str) -> None:
    text = {"center": "1,1", "axes": "x,y", "points": "moons"}.get(name, "2")
    with pytest.raises(NetartError, match="no effect on a diagram lens"):
        shot(shot(lens="diagram"), **{name: text})


@pytest.mark.parametrize("name", ["biases", "numbers"])
@pytest.mark.parametrize("text", ["true", "false"])
def test_a_full_diagram_has_all_weights_and_biases(name: str, text: str) -> None:
    for base in ({"lens": "diagram", "diagram": "full"}, {}):
        start = shot(lens="diagram", diagram="circles" if base else "full")
        with pytest.raises(NetartError, match=f"{name}: a full diagram shows every weight"):
            shot(start, **base, **{name: text})
    beside = shot(lens="diagram", beside="diagram", **{name: text})
    assert text_of(beside, name) == text


def test_bad_values_name_what_is_allowed() -> None:
    with pytest.raises(NetartError, match="circles"):
        shot(lens="diagram", diagram="squares")


def test_a_small_full_diagram_fills_a_large_page(cpu: Cpu) -> None:
    def drawn(one: Shot, size: tuple[int, int]) -> tuple[float, float, float]:
        """The shares of the page that the boxes span, and how wide a box is, in points."""
        with plot.house_style():
            page = figure(one, size, cpu)
            boxes = [patch.get_window_extent() for patch in page.axes[0].patches]
        left, bottom, right, top = np.array([box.extents for box in boxes]).T
        across, down = (np.ptp([left, right]) / size[0], np.ptp([bottom, top]) / size[1])
        widest = max(box.width for box in boxes) / plot.points(1, size)
        return float(across), float(down), float(widest)

    small = shot(lens="diagram", diagram="full", features="x", widths="2", outputs="1")
    across, down, widest = drawn(small, (1400, 900))
    assert across > 0.85 and down > 0.55
    assert 1.5 * blocks.BOX[0] < widest <= blocks.LARGEST * (blocks.BOX[0] + 2)
    deep = shot(lens="diagram", diagram="full", layers="8x24")
    assert drawn(deep, (1280, 720))[2] == pytest.approx(blocks.BOX[0], abs=1.5)


@pytest.mark.parametrize(
    ("changes", "layers"),
    [
        ({"layers": "2x3", "outputs": "2"}, 3),
        ({"layers": "2x3", "outputs": "2", "features": "x,y,r"}, 3),
        ({"layers": "1x2", "outputs": "1"}, 2),
    ],
)
def test_a_small_full_diagram_fits_a_small_page(
    cpu: Cpu, changes: dict[str, str], layers: int
) -> None:
    one, size = shot(lens="diagram", diagram="full", **changes), (400, 400)
    with plot.house_style():
        page = figure(one, size, cpu)
        page.canvas.draw()
        texts = page.axes[0].texts
        boxes = [text.get_window_extent() for text in texts]
    sums = sum(len(layer.bias) for layer in to_network(one.network).layers)
    assert sum(text.get_text() == "Σ" for text in texts) == sums
    assert sum(text.get_text().startswith("layer ") for text in texts) == layers
    assert all(b.x0 > 0 and b.x1 < 400 and b.y0 > 0 and b.y1 < 400 for b in boxes)
    assert min(text.get_size() for text in texts) * page.dpi / 72 >= blocks.SMALLEST * blocks.NUMBER


def test_nodes_of_a_full_diagram_do_not_touch(cpu: Cpu) -> None:
    from matplotlib.patches import Circle

    one = shot(lens="diagram", diagram="full", features="x", widths="2", outputs="1")
    with plot.house_style():
        (axes,) = figure(one, (300, 200), cpu).axes
    nodes = [patch for patch in axes.patches if isinstance(patch, Circle)]
    assert len(nodes) == 1 + 1 + 2 + 1 + 1  # a bias and inputs, a bias and units, an output
    for k, a in enumerate(nodes):
        for b in nodes[:k]:
            away = np.subtract(a.center, b.center)
            assert np.hypot(*away) > a.radius + b.radius - 0.1


def test_dots_stand_for_layers_that_do_not_fit(cpu: Cpu) -> None:
    one = shot(lens="diagram", diagram="full", layers="5x3")
    with plot.house_style():
        (axes,) = figure(one, (400, 400), cpu).axes
    (dots,) = [line.get_xdata() for line in axes.lines if line.get_marker() == "."]
    assert len(set(dots)) == 3
    assert max(dots) < 400 - 4

"""The page of order and chaos: its layout, the places of its pictures, and what is drawn."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from netart.draw import phase as page_of
from netart.draw.phase import (
    COLD_TO_WARM,
    GROWN,
    HEIGHTS,
    RIGHT,
    count_pictures,
    draw,
    find_marks,
    growths,
    lay_out,
    shot_at,
    spots,
    survey_shot,
)
from netart.draw.phase_words import FONT_SIZE, Mark, Word, place_words
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.fonts import width_of
from netart.lens import picture, plot
from netart.net import phase
from netart.net.build import scales
from netart.net.phase import (
    AGAINST,
    MAX_BIAS_SCALE,
    Survey,
    mean_growth,
    measure,
    network_count,
    total_growth,
)
from netart.net.recipe import Recipe
from netart.pixels import Pixels, Size
from netart.shot.colours import colour
from netart.shot.fields import apply
from netart.shot.oklab import blend_stops
from netart.shot.shot import Shot

SIZE = (640, 480)
SIZES = [(380, 280), (640, 480), (700, 700), (480, 900), (1600, 1200), (1920, 1080), (3000, 400)]


@cache
def shot() -> Shot:
    return apply(None, {"layers": (5, 12), "seed": 4})


@cache
def found(against: str) -> Survey:
    return survey_shot(shot(), against)


@cache
def page(against: str, size: Size = SIZE) -> Pixels:
    return draw(shot(), found(against), size, Reference())


def box(left: float, top: float, width: float, height: float, size: Size) -> tuple[slice, slice]:
    """A part of the page in points, as rows and columns of pixels."""
    left, top, right, bottom = (
        round(plot.points(at, size)) for at in (left, top, left + width, top + height)
    )
    return slice(top, bottom), slice(left, right)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_overlaps_or_leaves_the_page(size: Size) -> None:
    layout, (width, height) = lay_out(size), plot.page_size(size)
    left, top, across, down = layout.plot
    places = {
        (spot.row, spot.column): layout.place(spot) for spot in spots(found("bias"), layout)
    }  # fmt: skip
    assert len(places) == count_pictures(size) == layout.rows * layout.columns
    for (row, column), (x, y) in places.items():
        assert x >= left + across and x + layout.side <= width - RIGHT + 1e-9
        assert top <= y and y + layout.side <= top + down <= height
        if (row - 1, column) in places:
            assert places[row - 1, column][1] >= y + layout.side
        if (row, column + 1) in places:
            assert places[row, column + 1][0] >= x + layout.side


def placed(
    size: Size, against: str, monkeypatch: pytest.MonkeyPatch, more: list[Mark]
) -> list[Word]:
    """The words of a page that has these marks too."""
    result: list[Word] = []

    def keep(*args: Any) -> list[Word]:
        result.extend(place_words(*args[:-1], [*args[-1], *more]))
        return result

    monkeypatch.setattr(page_of, "place_words", keep)
    with plot.house_style():
        axes = plot.place_axes(plot.blank_page(size), *lay_out(size).plot)
        page_of._draw_growth(axes, shot(), found(against), lay_out(size))
    return result


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize("size", [*SIZES, (1200, 900), (900, 600)], ids=str)
def test_words_keep_clear_of_marks_and_stand_on_their_side(
    size: Size, against: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, own = lay_out(size), found(against)
    _, _, across, down = layout.plot
    words = placed(size, against, monkeypatch, [])
    assert [word.text for word in words] == ["order", "chaos"]
    in_the_way = [Mark(word.x, word.y, 3) for word in words]
    moved = placed(size, against, monkeypatch, in_the_way)
    if min(size) > 400:
        assert len(moved) == 2
    ends = np.log(own.weight_scales[[0, -1]])
    low, high = page_of._heights(own)
    theory = (np.log(own.theory) - ends[0]) / (ends[1] - ends[0]) * across
    theory_y = (own.theory_heights - low) / (high - low) * down
    marks = find_marks(shot(), own, layout)
    for word, around in [(w, marks) for w in words] + [(w, marks + in_the_way) for w in moved]:
        x, y, half = word.x * across, word.y * down, width_of(word.text, FONT_SIZE) / 2
        assert half < x < across - half and FONT_SIZE / 2 < y < down - FONT_SIZE / 2
        for mark in around:
            beside = abs(mark.x * across - x) - half, abs(mark.y * down - y) - FONT_SIZE / 2
            assert max(beside) > mark.radius + 2
        side = 1 if word.text == "chaos" else -1
        for row in np.linspace(y - FONT_SIZE / 2, y + FONT_SIZE / 2, 20):
            line = np.interp(row, theory_y, theory)
            assert np.isnan(line) or side * (x - line) > half
            k = np.abs((own.heights - low) / (high - low) * down - row).argmin()
            at = np.exp(ends[0] + (x + np.array([-half, half])) / across * (ends[1] - ends[0]))
            growth = np.interp(at, own.weight_scales, own.growth[k])
            assert (side * np.log(growth) > 0).all()


def test_words_are_drawn_where_they_are_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [Word("order", 0.2, 0.7, -1), Word("chaos", 0.8, 0.3, 1)]
    pages = []
    for given in words, []:
        monkeypatch.setattr(page_of, "place_words", lambda *_, given=given: given)
        pages.append(draw(shot(), found("bias"), SIZE, Reference()))
    changed = (pages[0] != pages[1]).any(axis=2)
    left, top, across, down = lay_out(SIZE).plot
    for word in words:
        width = width_of(word.text, FONT_SIZE)
        x, y = left + word.x * across - width / 2, top + (1 - word.y) * down - FONT_SIZE / 2
        place = box(x - 1, y - 1, width + 2, FONT_SIZE + 2, SIZE)
        assert changed[place].mean() > 0.15
        changed[place] = False
    assert not changed.any()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_pictures_stand_in_the_rows_of_their_places(size: Size) -> None:
    layout = lay_out(size)
    _, top, _, down = layout.plot
    for spot in spots(found("bias"), layout):
        _, y = layout.place(spot)
        height = (1 - (y + layout.side / 2 - top) / down) * MAX_BIAS_SCALE
        assert height == pytest.approx(spot.height, abs=0.5 * MAX_BIAS_SCALE / layout.rows)


def test_growths_of_the_columns() -> None:
    """Measured again at the places: all layers multiply a difference by what the heading says."""
    recipe, layout = shot().network, lay_out((1600, 1200))
    assert isinstance(recipe, Recipe)
    chosen = spots(found("bias"), layout)
    weight, bias = (np.array([getattr(s, n) for s in chosen]) for n in ("weight_scale", "height"))
    again = mean_growth(measure(recipe, weight, bias, network_count(recipe))) ** (recipe.depth - 1)
    assert again == pytest.approx([spot.growth for spot in chosen], rel=0.12)
    assert len({spot.growth for spot in chosen}) == 4


@pytest.mark.parametrize(
    ("layers", "columns", "wanted"),
    [
        ((5, 12), 1, (1,)),
        ((5, 12), 3, (0.1, 1, 10)),
        ((5, 12), 4, (0.1, 1, 3.2, 10)),
        ((3, 12), 4, (0.1, 1, 1.7, 3)),
        ((16, 16), 4, (0.1, 1, 30, GROWN)),
    ],
)
def test_headings_are_what_the_layers_reach(
    layers: tuple[int, int],
    columns: int,
    wanted: tuple[float, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phase, "NETWORKS", (8, 24))  # enough for one digit
    survey = (
        found("bias") if layers == (5, 12) else survey_shot(apply(None, {"layers": layers}), "bias")
    )
    assert growths(survey, columns) == wanted


def test_columns_against_depth_have_one_weight_scale() -> None:
    layout = lay_out((1600, 1200))
    chosen = spots(found("depth"), layout)
    for column in range(layout.columns):
        assert len({spot.weight_scale for spot in chosen if spot.column == column}) == 1
    assert all(spot.height in (2, 3, 4, 5) for spot in chosen)
    drawn = shot_at(shot(), "depth", chosen[0])
    assert drawn.network.widths == (12,) * int(chosen[0].height)
    assert scales(drawn.network)[0] == chosen[0].weight_scale


def test_what_a_survey_measures() -> None:
    bias, depth, recipe = found("bias"), found("depth"), shot().network
    assert isinstance(recipe, Recipe)
    assert bias.growth.shape == (len(bias.heights), len(bias.weight_scales))
    assert depth.growth.shape == (recipe.depth - 1, len(depth.weight_scales))
    where = np.array([bias.weight_scales[7]]), np.array([bias.heights[20]])
    squares = measure(recipe, *where, bias.networks)
    assert bias.growth[20, 7] == pytest.approx(mean_growth(squares)[0], rel=1e-4)
    squares = measure(recipe, depth.weight_scales[[7]], np.array([0.5]), depth.networks)
    assert depth.growth[:, 7] == pytest.approx(total_growth(squares)[:, 0], rel=1e-4)
    for survey in bias, depth:
        rows = zip(survey.heights, survey.growth, strict=True)
        for (height, scale), (at, growth) in zip(survey.critical, rows, strict=True):
            assert height == at and scale is not None
            assert np.interp(scale, survey.weight_scales, growth) == pytest.approx(1, abs=0.01)
        theory = np.interp(survey.heights, survey.theory_heights, survey.theory)
        measured = [scale for _, scale in survey.critical]
        assert np.median(np.abs(theory / measured - 1)) < 0.08


def plotted(against: str) -> tuple[Pixels, np.ndarray, np.ndarray]:
    """The pixels of the plot, from the bottom up, with their heights and their weight scales."""
    survey, pixels = found(against), page(against)[box(*lay_out(SIZE).plot, SIZE)][::-1]
    low, high = survey.heights[[0, -1]] + ((-0.5, 0.5) if against == "depth" else (0, 0))
    down, across = (np.arange(count) + 0.5 for count in pixels.shape[:2])
    first, last = np.log(survey.weight_scales[[0, -1]])
    return (
        pixels,
        low + down / len(down) * (high - low),
        np.exp(first + across / len(across) * (last - first)),
    )


@pytest.mark.parametrize("against", AGAINST)
def test_colours_say_what_is_measured(against: str) -> None:
    survey, (pixels, heights, weight_scales) = found(against), plotted(against)
    key = HEIGHTS[against].key(survey.growth)
    assert key[0] == pytest.approx(1 / key[-1])
    stops = np.array([colour(stop) for stop in COLD_TO_WARM]).T / 255
    colours = blend_stops(stops, 512).T
    wrong = []
    for height in heights[::13]:
        row = pixels[np.abs(heights - height).argmin()]
        by_scale = [np.interp(height, survey.heights, column) for column in survey.growth.T]
        growth = np.interp(np.log(weight_scales), np.log(survey.weight_scales), by_scale)
        level = np.clip(np.log(growth) / np.log(key[-1]), -1, 1)
        wanted = colours[np.rint((level + 1) / 2 * 511).astype(int)]
        wrong.append(np.abs(row - wanted).max(axis=1) > 0.06)
    assert np.mean(wrong) < 0.08  # lines, marks and words


def test_the_colours_of_a_deep_network_have_a_wider_range() -> None:
    key = HEIGHTS["depth"].key
    assert [key(np.array([top, 1.0]))[-1] for top in (3.0, 40.0, 800.0, 1e9)] == [10, 100, 1e3, 1e3]


def test_the_lines_stand_where_growth_is_1() -> None:
    survey, (pixels, heights, weight_scales) = found("bias"), plotted("bias")
    ratio = weight_scales[1] / weight_scales[0]
    missing = 0
    for height in np.linspace(0.1, 1.9, 40):
        row = pixels[np.abs(heights - height).argmin()]
        measured = np.interp(height, *np.array(survey.critical, float).T)
        theory = np.interp(height, survey.theory_heights, survey.theory)
        dark = row.max(axis=1) < 0.35
        red = (row[:, 0] > 0.65) & (row[:, 1] < 0.3) & (row[:, 2] > 0.3)
        for drawn, scale in (dark, measured), (red, theory):
            near = np.abs(np.log(weight_scales / scale)) < 2.5 * np.log(ratio)
            missing += not (drawn & near).any()
    assert missing < 30  # of 80: the dashes' gaps, and where one line lies over the other


def test_pictures_are_those_of_their_shots() -> None:
    layout = lay_out(SIZE)
    chosen = spots(found("bias"), layout)
    critical = next(spot for spot in chosen if spot.growth == 1)
    left, top = (round(plot.points(at, SIZE)) for at in layout.place(critical))
    side = round(plot.points(layout.side, SIZE))
    wanted = picture(shot_at(shot(), "bias", critical), (side, side), Reference())
    shown = page("bias")[top : top + side, left : left + side]
    assert np.abs(shown - wanted).max() <= 1.01 / 255


def test_order_is_flat_beside_the_critical_picture() -> None:
    size = (1600, 1200)
    layout, drawn = lay_out(size), page("bias", size)
    for spot in spots(found("bias"), layout):
        if spot.growth < 1:
            spreads = [
                drawn[box(*layout.place(one), layout.side, layout.side, size)][4:-4, 4:-4]
                .std(axis=(0, 1))
                .max()
                for one in (spot, spot._replace(column=spot.column + 1))
            ]
            assert spreads[0] < 0.5 * spreads[1]


@pytest.mark.parametrize("size", [(379, 280), (380, 279), (16, 16)])
def test_a_page_without_room_is_refused(size: Size) -> None:
    with pytest.raises(NetartError, match=r"the page needs 380x280 pixels at least$"):
        lay_out(size)

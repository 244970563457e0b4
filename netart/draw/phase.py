"""The page of `netart phase`: over weight scale and bias scale, or weight scale and depth, how much
a small difference grows; the line where it stays as large; and pictures of either side of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from netart.draw.phase_words import FONT_SIZE, Mark, place_words
from netart.errors import NetartError
from netart.evaluate.request import Evaluator
from netart.lens import measure as measure_contrast
from netart.lens import picture, plot
from netart.net.build import scales
from netart.net.phase import Array, Survey, survey
from netart.net.recipe import Recipe
from netart.net.threads import one_blas_thread
from netart.pixels import Pixels, Size
from netart.shot.colours import colour
from netart.shot.fields import apply
from netart.shot.oklab import blend_stops
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# From what shrinks most to what grows most; the middle is growth 1.
COLD_TO_WARM = (
    "#10254d", "#1c4f8a", "#3f86b8", "#8cbdd3", "#f4efe2", "#eebb7d", "#dd7c4b", "#b03a3a",
    "#5f1431",
)  # fmt: skip

# Pictures: by what all layers together multiply a small difference, where they shrink it, and at
# the most where they grow it.
SHRUNK, GROWN = 0.1, 1000.0
MOST_COLUMNS = (4, 3, 1)  # the first that leave room enough for the plot

TICKS = [digit * 10.0**power for power in range(-4, 4) for digit in (1, 2, 3, 5, 7)]
DARK = 0.5  # colours of levels beyond it take white text
THEORY_COLOUR, DASHES = "#c2185b", (0, (3, 2.2))

# Lengths in points of the page.
LEFT, RIGHT, TOP, BOTTOM = 50, 20, 66, 84
BETWEEN = 30  # the plot and the pictures
CELL = 118  # a picture with its caption, about
CAPTION, GAP = 13, 9  # under a picture, and beside it
KEY = 8  # height of the colour key
MIN_PAGE = 380, 280
NARROWEST = 0.6  # of the plot's height, its width beside more than one column of pictures
ROOMY = 240  # the colour key's width, for all of its text
ROOMY_PAGE = 480  # the page's width, for all of its subtitle
LEGEND = 190  # the legend's width, and what is free beside it
MAX_ROWS = 5
RING, STAR = 5.5, 15  # marks on the plot, across


class Height(NamedTuple):
    """What stands on the vertical axis, and how growth is shown against it."""

    label: str
    field: str  # of a shot, that pictures take from the axis
    where: str  # growth is told
    # Growth at the ticks of the colour key, what is beyond is cut: the first whose end is as large
    # as what is measured, or the last.
    keys: tuple[tuple[float, ...], ...]

    def key(self, growth: Array) -> tuple[float, ...]:
        """The ticks for what is measured."""
        fitting = (key for key in self.keys if key[-1] >= growth.max())
        return next(fitting, self.keys[-1])


HEIGHTS = {
    "bias": Height(
        "bias scale", "bias_scale", "in each layer", ((0.5, 0.6, 0.8, 1, 1.25, 1.6, 2),)
    ),
    "depth": Height(
        "layer",
        "depth",
        "up to the layer",
        (
            (0.1, 0.2, 0.5, 1, 2, 5, 10),
            (0.01, 0.1, 1, 10, 100),
            (0.001, 0.01, 0.1, 1, 10, 100, 1000),
        ),
    ),
}


class Spot(NamedTuple):
    """A place of the plot of which there is a picture."""

    row: int  # from the bottom
    column: int
    growth: float  # of a small difference through all layers, as the column's heading says
    weight_scale: float
    height: float  # a bias scale, or a layer


class Layout(NamedTuple):
    """Where things stand on the page, in points from its upper left corner."""

    plot: tuple[float, float, float, float]  # left, top, width, height
    rows: int  # of pictures
    columns: int
    side: float  # of a picture

    def place(self, spot: Spot) -> tuple[float, float]:
        """The upper left corner of a spot's picture."""
        left, top, width, height = self.plot
        cell = height / self.rows
        return (
            left + width + BETWEEN + spot.column * (self.side + GAP),
            top + (self.rows - 1 - spot.row) * cell + (cell - CAPTION - self.side) / 2,
        )


def lay_out(size: Size) -> Layout:
    """The layout of a page of that size in pixels. Raises NetartError where it is too small."""
    width, height = plot.page_size(size)
    if width < MIN_PAGE[0] or height < MIN_PAGE[1]:
        raise NetartError(
            f"size {size[0]}x{size[1]}: the page needs {MIN_PAGE[0]}x{MIN_PAGE[1]} pixels at least",
            field="size",
        )
    down = height - TOP - BOTTOM
    rows = int(min(MAX_ROWS, max(1, down // CELL)))
    side = min(down / rows - CAPTION - GAP, (width - LEFT - RIGHT - BETWEEN) * 0.4)
    for columns in MOST_COLUMNS:
        across = width - LEFT - RIGHT - BETWEEN - columns * (side + GAP) + GAP
        if across >= NARROWEST * down:
            break
    if size[0] * size[1] > plot.MAX_PLOT_PIXELS:
        raise NetartError(
            f"size {size[0]}x{size[1]}: the page is drawn as a whole, at most "
            f"{plot.MAX_PLOT_PIXELS:,} pixels",
            field="size",
        )
    return Layout((LEFT, TOP, across, down), rows, columns, side)


def survey_shot(shot: Shot, against: str, done: Callable[[], object] = lambda: None) -> Survey:
    """What `survey` finds of the shot's network. Raises NetartError as it does."""
    with one_blas_thread():  # its products are small
        return survey(shot.network, against, done)


def count_pictures(size: Size) -> int:
    """How many pictures are on a page of that size."""
    layout = lay_out(size)
    return layout.rows * layout.columns


def growths(found: Survey, columns: int) -> tuple[float, ...]:
    """What the columns' headings say: 1 alone, or beside it less and, in one step or two, as much
    as is measured in every row.
    """
    reach = min(GROWN, found.reach)
    power = 10.0 ** np.floor(np.log10(reach))
    most = float(np.floor(reach / power) * power)  # one digit that is not 0
    step = float(f"{most**0.5:.1g}" if most > 100 else f"{most**0.5:.2g}")
    return {1: (1.0,), 3: (SHRUNK, 1.0, most), 4: (SHRUNK, 1.0, step, most)}[columns]


def spots(found: Survey, layout: Layout) -> list[Spot]:
    """The places of the pictures, row by row from the bottom, each where all layers together grow a
    difference as its column says. Against depth those of a column have one weight scale.
    """
    low, high = _heights(found)
    result = []
    for row in range(layout.rows):
        height = low + (row + 0.5) / layout.rows * (high - low)
        if found.against == "depth":
            height = float(np.clip(round(height), *found.heights[[0, -1]]))
        for column, growth in enumerate(growths(found, layout.columns)):
            scale = float(f"{found.weight_scale_of(growth, height):.3g}")
            result.append(Spot(row, column, growth, scale, float(f"{height:.3g}")))
    return result


def shot_at(shot: Shot, against: str, spot: Spot) -> Shot:
    """The shot of a spot's picture."""
    height = int(spot.height) if against == "depth" else spot.height
    return apply(shot, {"weight_scale": spot.weight_scale, HEIGHTS[against].field: height})


def draw(
    shot: Shot,
    found: Survey,
    size: Size,
    evaluator: Evaluator,
    done: Callable[[], object] = lambda: None,
) -> Pixels:
    """The page, (height, width, 3) display sRGB in [0, 1]. done: called after each picture.

    Raises NetartError where the page is too small, or too large.
    """
    layout = lay_out(size)
    chosen = spots(found, layout)
    shots = [shot_at(shot, found.against, spot) for spot in chosen]
    for k, spot in enumerate(chosen):
        if spot.growth < 1:  # on its own contrast it would not look flat
            shots[k] = apply(shots[k], measure_contrast([shots[k + 1]]))
    with plot.house_style():
        page = plot.blank_page(size)
        axes = plot.place_axes(page, *layout.plot)
        _draw_growth(axes, shot, found, layout)
        _draw_key(page, found, layout)
        _draw_titles(page, shot, found, layout)
        _draw_legend(page, axes, shot, found)
        for spot, one in zip(chosen, shots, strict=True):
            axes.plot(
                np.log(spot.weight_scale), spot.height, "o", markersize=RING, markeredgewidth=1,
                markerfacecolor=plot.PAPER, markeredgecolor=plot.INK, zorder=6,
            )  # fmt: skip
            _draw_picture(page, one, spot, layout, size, evaluator)
            done()
        return plot.rasterise(page).astype(np.float32) / np.float32(255)


def _heights(found: Survey) -> tuple[float, float]:
    """The range of the vertical axis."""
    low, high = found.heights[[0, -1]].tolist()
    return (low - 0.5, high + 0.5) if found.against == "depth" else (low, high)


def _level(growth: Any, key: tuple[float, ...]) -> Any:
    """Growth as colours have it: −1 … 1."""
    with np.errstate(divide="ignore"):
        return np.clip(np.log(growth) / np.log(key[-1]), -1, 1)


def _draw_growth(axes: Axes, shot: Shot, found: Survey, layout: Layout) -> None:
    """The plot: growth in colour, the measured line of growth 1, and theory's. Weight scales stand
    at their logarithms.
    """
    levels = _level(found.growth, HEIGHTS[found.against].key(found.growth))
    across = np.log(found.weight_scales)
    half = (across[1] - across[0]) / 2, (found.heights[1] - found.heights[0]) / 2
    axes.imshow(
        levels, cmap=_colours(), vmin=-1, vmax=1, origin="lower", aspect="auto",
        interpolation="bicubic",
        extent=(
            across[0] - half[0], across[-1] + half[0],
            found.heights[0] - half[1], found.heights[-1] + half[1],
        ),
    )  # fmt: skip
    plot.set_ranges(
        axes, (across[0], across[-1]), _heights(found), (7, int(layout.plot[3] / 50) + 2)
    )
    axes.grid(False)
    at = [t for t in TICKS if found.weight_scales[0] <= t <= found.weight_scales[-1]]
    axes.set_xticks(np.log(at), labels=[f"{t:g}" for t in at])
    faint = [level for level in np.linspace(-1, 1, 9)[1:-1] if level]
    dark: dict[str, Any] = {"colors": plot.INK, "linestyles": "solid"}
    axes.contour(across, found.heights, levels, faint, linewidths=0.5, alpha=0.22, **dark)
    axes.contour(across, found.heights, levels, [0], colors="white", linewidths=4.5, alpha=0.75)
    axes.contour(across, found.heights, levels, [0], linewidths=1.8, **dark)
    axes.plot(
        np.log(found.theory), found.theory_heights, color=THEORY_COLOUR, linewidth=1.8,
        linestyle=DASHES, scalex=False, scaley=False, zorder=5,
    )  # fmt: skip
    axes.set_xlabel("weight scale")
    axes.set_ylabel(HEIGHTS[found.against].label)
    marks = find_marks(shot, found, layout)
    for word in place_words(found, _heights(found), levels, faint, layout.plot[2:], marks):
        axes.text(
            word.x, word.y, word.text, transform=axes.transAxes, ha="center", va="center",
            fontsize=FONT_SIZE, alpha=0.85, color="white" if abs(word.level) > DARK else plot.INK,
        )  # fmt: skip


def find_marks(shot: Shot, found: Survey, layout: Layout) -> list[Mark]:
    """What is marked on the plot: the places of pictures, and of the shot's own network."""
    own = _own_place(shot, found)
    places = [(spot.weight_scale, spot.height, RING / 2) for spot in spots(found, layout)]
    places += [(*own, STAR / 2)] if own else []
    (low, high), ends = _heights(found), np.log(found.weight_scales[[0, -1]])
    return [
        Mark(float((np.log(x) - ends[0]) / (ends[1] - ends[0])), (y - low) / (high - low), radius)
        for x, y, radius in places
    ]


def _own_place(shot: Shot, found: Survey) -> tuple[float, float] | None:
    """The weight scale and the height of the shot's own network, if they are on the plot."""
    weight_scale, bias_scale = scales(shot.network)
    height = shot.network.depth if found.against == "depth" else bias_scale
    low, high = _heights(found)
    across = found.weight_scales[[0, -1]]
    inside = across[0] <= weight_scale <= across[1] and low <= height <= high
    return (weight_scale, height) if inside else None


def _draw_legend(page: Figure, axes: Axes, shot: Shot, found: Survey) -> None:
    """What the lines are, and where the shot's own network stands, if that is on the plot."""
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=plot.INK, linewidth=1.8, label="a difference keeps its size"),
        Line2D(
            [], [], color=THEORY_COLOUR, linewidth=1.8, linestyle=DASHES,
            label="mean-field theory (Poole et al. 2016)",
        ),
    ]  # fmt: skip
    if own := _own_place(shot, found):
        weight_scale, height = own
        star: dict[str, Any] = {
            "marker": "*", "markersize": STAR, "markeredgewidth": 1.1, "markerfacecolor": "#ffd54a",
            "markeredgecolor": plot.INK, "linestyle": "none",
        }  # fmt: skip
        axes.plot(np.log(weight_scale), height, zorder=7, clip_on=False, **star)
        auto = " (auto)" if shot.network.weight_scale == "auto" else ""
        lines.append(Line2D([], [], label=f"weight scale {weight_scale:g}{auto}", **star))
    width, height = page.get_size_inches() * 72
    page.legend(
        handles=lines, loc="lower right", fontsize=9, frameon=False, borderaxespad=0, borderpad=0,
        handlelength=2.2, bbox_to_anchor=(1 - RIGHT / width, 14 / height),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _colours() -> Any:
    """The colours of growth, as matplotlib has them."""
    from matplotlib.colors import ListedColormap

    stops = np.array([colour(stop) for stop in COLD_TO_WARM]).T / 255
    return ListedColormap(blend_stops(stops, 512).T)


def _draw_key(page: Figure, found: Survey, layout: Layout) -> None:
    """The colour key below the plot."""
    left, top, width, height = layout.plot
    key = HEIGHTS[found.against].key(found.growth)
    across = min(width, page.get_size_inches()[0] * 72 - RIGHT - LEGEND - left)
    axes = plot.place_axes(page, left, top + height + 40, across, KEY)
    axes.imshow(np.linspace(-1, 1, 512)[None], cmap=_colours(), aspect="auto", extent=(-1, 1, 0, 1))
    ticks = key if across > ROOMY else (key[0], 1, key[-1])
    axes.set_xticks(_level(ticks, key), labels=[f"{value:g}×" for value in ticks])
    axes.set_yticks([])
    what = "what a small difference is multiplied by" if across > ROOMY else "growth"
    axes.set_xlabel(f"{what} {HEIGHTS[found.against].where}")


def _draw_titles(page: Figure, shot: Shot, found: Survey, layout: Layout) -> None:
    recipe = shot.network
    assert isinstance(recipe, Recipe)
    width, height = page.get_size_inches() * 72
    what = (
        f"{recipe.depth} layers of {recipe.widths[0]} {recipe.activations[0]} units, "
        f"{recipe.distribution} weights"
    )
    if width > ROOMY_PAGE:
        what += f"; measured on {found.networks} networks"
    page.text(LEFT / width, 1 - 26 / height, "Between order and chaos", fontsize=17)
    page.text(LEFT / width, 1 - 44 / height, what, color=plot.QUIET, fontsize=10)
    if layout.columns > 1:
        left, _ = layout.place(Spot(0, 0, 0, 0, 0))
        what = "pictures of one network, by what all its layers multiply a difference by"
        page.text(left / width, 1 - 30 / height, what, color=plot.QUIET, fontsize=10)


def _draw_picture(
    page: Figure, shot: Shot, spot: Spot, layout: Layout, size: Size, evaluator: Evaluator
) -> None:
    """The picture of a spot, pixel for pixel, with its weight scale below it."""
    width, height = size
    left, top = (round(plot.points(length, size)) for length in layout.place(spot))
    side = round(plot.points(layout.side, size))
    axes = page.add_axes((left / width, 1 - (top + side) / height, side / width, side / height))
    axes.imshow(
        np.clip(picture(shot, (side, side), evaluator), 0, 1), interpolation="nearest",
        aspect="auto",
    )  # fmt: skip
    axes.set_axis_off()
    axes.text(
        0.5, -3 / layout.side, plot.spell(spot.weight_scale), color=plot.QUIET, fontsize=8.5,
        ha="center", va="top", transform=axes.transAxes,
    )  # fmt: skip
    if spot.row == layout.rows - 1:
        growth = f"1/{1 / spot.growth:g}" if spot.growth < 1 else f"{spot.growth:g}"
        axes.set_title(f"{growth} ×", fontsize=10, color=plot.QUIET, pad=6)

"""Points of classes and labels over a drawing, as paths and text: what marks.py does to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from netart.lens import plot
from netart.lens.marks import (
    COLOURS,
    FONT_SIZE,
    HALO,
    HALO_COVER,
    HOLLOW,
    MIN_FONT_PX,
    NIGHT,
    PAPER,
    RIM,
    SHADE,
    SHAPES,
    Label,
    Point,
    radius_px,
)
from netart.lens.plane import plane_over
from netart.pixels import Size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ink = Sequence[float]

SHADOW = (0.0, 0.0, 0.0, 0.2)  # around rims

# The corners of each of SHAPES in radii, to the right and up; none of those that are round.
CORNERS: tuple[tuple[tuple[float, float], ...], ...] = (
    (),
    (),
    ((0.88, 0.88), (-0.88, 0.88), (-0.88, -0.88), (0.88, -0.88)),
    ((1.247, -0.72), (0, 1.44), (-1.247, -0.72)),
    ((1.216, 0), (0, 1.216), (-1.216, 0), (0, -1.216)),
    (
        (1.1, 0.4), (0.4, 0.4), (0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4),
        (-1.1, -0.4), (-0.4, -0.4), (-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4),
    ),
)  # fmt: skip


def add_marks(
    figure: Figure,
    size: Size,
    points: Sequence[Point],
    labels: Sequence[Label],
    point_size: float,
) -> None:
    """Adds points and labels to a figure of that size in pixels. point_size: multiplies radii."""
    axes = plane_over(figure, size)
    radius_pixels = point_size * radius_px(size, len(points))
    reach_u, reach_v = ((side + 4 * radius_pixels) / min(size) for side in size)
    points = [point for point in points if abs(point.u) < reach_u and abs(point.v) < reach_v]
    radius = radius_pixels / plot.points(1, size)
    # Else what is around points would hide what is crowded.
    shade, rim = SHADE * radius, RIM * radius
    for around, ink in ((rim + shade / 2, SHADOW), (rim, PAPER.tolist()), (0.0, None)):
        for number in sorted({point.number for point in points}):
            of_class = [point for point in points if point.number == number]
            _add_points(axes, of_class, radius, around, ink)
    font = max(MIN_FONT_PX, round(min(size) * FONT_SIZE)) / plot.points(1, size)
    for label in labels:
        ink = [level / 255 for level in label.ink]
        paper = PAPER if sum(ink) < 3 * 0.6 else NIGHT
        box = {
            "boxstyle": f"round,pad={HALO}", "facecolor": paper.tolist(), "alpha": HALO_COVER,
            "linewidth": 0,
        }  # fmt: skip
        axes.text(
            label.u, label.v, label.text, color=ink, fontsize=font, ha="center", va="center",
            bbox=box, clip_on=True, parse_math=False,
        )  # fmt: skip


def _add_points(
    axes: Axes, points: Sequence[Point], radius: float, around: float, ink: Ink | None
) -> None:
    """Adds the points of one class, or with an ink what is around them so far. Lengths are points
    of the page.
    """
    from matplotlib.path import Path

    number = points[0].number - 1
    corners = CORNERS[number % len(SHAPES)]
    colour = COLOURS[number % len(COLOURS)].tolist()
    # Of a hollow one the outline is the shape, and its middle paper.
    hollow = HOLLOW * SHAPES[number % len(SHAPES)].hollow
    across = 2 * max((abs(c) for corner in corners for c in corner), default=1.0) - hollow
    outline: Any = ink or colour
    axes.scatter(
        [point.u for point in points],
        [point.v for point in points],
        s=(across * radius) ** 2,
        marker=Path([*corners, corners[0]], closed=True) if corners else "o",
        facecolors=ink or (PAPER.tolist() if hollow else colour),
        edgecolors=outline,
        linewidths=hollow * radius + 2 * around,
        # Two, since with one of everything matplotlib draws them as corners of a path, and where
        # that path crosses the page's edge there would be marks too.
        antialiaseds=[True, True],
    )

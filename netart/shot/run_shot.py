"""How a run is drawn where nothing else is asked for."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from netart.errors import NetartError
from netart.net.learning.data import PictureData, PointData
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained
from netart.net.recipe import NetworkSource
from netart.shot.lens import Colour, Lens, Regions
from netart.shot.look import Look
from netart.shot.marks import MAX_MARKED, Row
from netart.shot.shot import Shot
from netart.shot.target import spell_target
from netart.shot.view import View

MARGIN = 1.15  # of the view around points, as a multiple of their extent
NEAR = 0.1  # of the radius
DIGITS = 6  # of a point that is drawn

# Of the regions of three classes and more, which are those of their points.
CLASS_COLOURS = "#0072b2", "#e08a30", "#009e73", "#cc79a7", "#56b4e9", "#e6b422", "#f0e442"


def shot_of_run(run: Run) -> Shot:
    """The last step of a run, over all that it learned: classes as regions, a picture as values.

    Where an output is a probability, or a value in [0, 1], nothing stretches it.
    """
    lens: Lens = Regions() if isinstance(run.data, PointData) else Colour()
    look = Look()
    if isinstance(run.data, PictureData):
        look = Look(palette=_palette(run.data), contrast="off")
    elif run.data and run.data.task == "binary":
        look = Look(contrast="off")
    elif run.data and run.data.outputs <= len(CLASS_COLOURS):
        look = Look(palette=f"ramp:{','.join(CLASS_COLOURS[: run.data.outputs])}")
    return Shot(network=Trained(runs=(run,)), view=_view(run), lens=lens, look=look)


def aspect_of_run(run: Run) -> float:
    """The width of what the run learned, by its height."""
    if not isinstance(run.data, PictureData):
        return 1.0
    rows, columns, _ = run.data.pixels.shape
    return float(columns / rows)


def _palette(data: PictureData) -> str | None:
    """The palette that shows values as they are; a probability has no colours of its own."""
    if data.has_two_levels:
        return None
    return "gray" if data.outputs == 1 else "rgb"


def rows_of_points(run: Run) -> tuple[Row, ...]:
    """The points that a run learned, as a shot holds them: all, or as many as it may, evenly.

    Raises NetartError where it learned none.
    """
    if not isinstance(run.data, PointData):
        raise NetartError(f"{run.name}: learned no points")
    points = run.data.points
    some = slice(None, None, ceil(len(points.classes) / MAX_MARKED))
    return tuple(
        (float(f"{x:.{DIGITS}g}"), float(f"{y:.{DIGITS}g}"), int(number))
        for (x, y), number in zip(points.xy[some], points.classes[some], strict=True)
    )


def target_of(network: NetworkSource) -> str | None:
    """The picture that a network learned, as a shot holds it; None where it did not learn one.

    Raises NetartError where it takes too much.
    """
    data = network.drawn.data if isinstance(network, Trained) else None
    return spell_target(data) if isinstance(data, PictureData) else None


def _view(run: Run) -> View:
    """The view that covers the data."""
    if isinstance(run.data, PictureData):
        low, high = run.data.span
        middle, aspect = Decimal(repr((low + high) / 2)), aspect_of_run(run)
        radius = (high - low) / 2 * min(aspect, 1 / aspect)
        return View(centre=(middle, middle), radius=radius)
    if run.data is None:
        return View()
    lowest, highest = run.data.points.xy.min(axis=0), run.data.points.xy.max(axis=0)
    radius = float(f"{MARGIN * max((highest - lowest) / 2):.2g}") or 1.0
    middles = (lowest + highest) / 2
    near = abs(middles) < NEAR * radius  # data around the origin stays around it
    centre = tuple(Decimal(f"{x:.2g}") for x in middles * ~near)
    return View(centre=centre, radius=radius)

"""Draws any shot: a lens says what of the network is looked at, and how it becomes a picture.

A lens is a struct in `shot/lens/`, which says what is looked at, and a module here, which says how
that becomes a picture. What the hosts of lenses (commands, films, the window) call is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from msgspec import structs

from netart.errors import NetartError
from netart.evaluate import tiles
from netart.evaluate.constants import folded
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator, Head, Request, check_depth, in_order
from netart.lens import antialias, lines, panels, plot, regions
from netart.lens.kinds import DRAWN, LENSES, POINTWISE, Lens
from netart.lens.marks import composite
from netart.lens.marks_vector import add_marks
from netart.net.build import to_network
from netart.net.network import Network
from netart.pixels import PREVIEW, Pixels, Size, Window
from netart.shot.fields import apply
from netart.shot.shot import Shot
from netart.shot.view import View

STRIP_PIXELS = 1 << 20
STRIP_ROWS = 64  # a strip is a multiple of this, so that no tile is evaluated twice

ON_PLANE = (*POINTWISE, "glass")  # whose pictures are the view's plane


def draw(
    shot: Shot,
    size: Size,
    window: Window,
    evaluator: Evaluator,
    numbers: Numbers | None = None,
) -> Samples:
    """A window of the shot's picture of that size: (rows, columns, 3).

    numbers: in which they come back; by default display sRGB in [0, 1], the evaluator's floats.
    Raises NetartError where the pixels lie so close together that float64 cannot tell them apart.
    """
    if len(shot.panels) > 1:
        return _in_numbers(_side_by_side(shot, size, window, evaluator), window, numbers)
    points = _lens(shot).points(shot, size, evaluator) if shot.marks.points else ()
    labels = _lens(shot).labels(shot, size, evaluator)
    if points or labels:
        bare = _draw(shot, size, window, evaluator, None)
        marked = composite(bare, size, window, points, labels, shot.marks.point_size)
        return _in_numbers(marked, window, numbers)
    return _draw(shot, size, window, evaluator, numbers)


def _draw(
    shot: Shot, size: Size, window: Window, evaluator: Evaluator, numbers: Numbers | None
) -> Samples:
    """A window of the picture of one panel, without what is over it."""
    if drawn := DRAWN.get(shot.lens.kind):
        check_depth(evaluator, shot.view, min(size))
        return _in_numbers(drawn.draw(shot, size, window, evaluator), window, numbers)
    asked = _ask(shot, size, window, evaluator, None if shot.lens.has_target else numbers)
    more = _needs_more_samples(shot)
    pixels = antialias.draw(*asked, evaluator) if more else evaluator.evaluate(*asked)
    if shot.lens.has_target:
        return _in_numbers(lines.over_target(pixels, shot, size, window), window, numbers)
    return pixels


def strips(
    shot: Shot,
    size: Size,
    evaluator: Evaluator,
    numbers: Numbers | None = None,
    windows: Iterable[Window] | None = None,
) -> Iterator[Samples]:
    """The picture from top to bottom, in strips (rows, width, 3) of bounded memory. Each is started
    before the one above it is waited for.

    windows: those of `strip_windows` that are drawn, by default all of them.
    """
    windows = strip_windows(size) if windows is None else windows
    started = (_start(shot, size, window, evaluator, numbers) for window in windows)
    return in_order(started, evaluator)


def strip_windows(size: Size) -> list[Window]:
    """The strips of a picture of that size, from top to bottom."""
    width, height = size
    rows = max(1, STRIP_PIXELS // width // STRIP_ROWS) * STRIP_ROWS
    return [Window(0, top, width, min(rows, height - top)) for top in range(0, height, rows)]


def pictures(
    shots: Iterable[tuple[Shot, Numbers | None]], size: Size, evaluator: Evaluator
) -> Iterator[Samples]:
    """Whole pictures, (height, width, 3) each, of shots and in numbers. A picture is started before
    the end of the one before it is waited for.
    """
    windows = strip_windows(size)
    started = (
        _start(shot, size, window, evaluator, numbers)
        for shot, numbers in shots
        for window in windows
    )
    drawn = in_order(started, evaluator)
    while parts := tuple(islice(drawn, len(windows))):
        yield np.concatenate(parts)


def picture(
    shot: Shot, size: Size, evaluator: Evaluator, numbers: Numbers | None = None
) -> Samples:
    """The whole picture, (height, width, 3)."""
    return next(pictures([(shot, numbers)], size, evaluator))


def heads(shot: Shot) -> tuple[Head, ...]:
    """The read-outs of the shot's network that its lens looks at, added up."""
    return _lens(shot).heads(shot)


def cost(shot: Shot) -> int:
    """Multiplications a pixel of its picture, the most of any panel."""
    return max(
        drawn.cost(panel)
        if (drawn := DRAWN.get(panel.lens.kind))
        else tiles.cost(*folded(panel, POINTWISE[panel.lens.kind].request(panel)))
        for panel in shot.panels
    )


def tile_size(shot: Shot, size: Size) -> Size:
    """Width and height in pixels of the tiles that windows of a picture are best cut along."""
    if len(shot.panels) > 1:
        return size
    if drawn := DRAWN.get(shot.lens.kind):
        return drawn.tile_size(shot, size)
    return tiles.tile_size(*folded(shot, POINTWISE[shot.lens.kind].request(shot)))


def moves_with_view(shot: Shot) -> bool:
    """Whether a point of the view is a point of the picture: a view that moves moves it."""
    return len(shot.panels) == 1 and shot.lens.kind in ON_PLANE


def preview(shot: Shot, evaluator: Evaluator) -> Pixels:
    """A picture of PREVIEW pixels, one sample each."""
    return picture(single(shot), PREVIEW, evaluator)


def single(shot: Shot) -> Shot:
    """The shot with one sample a pixel."""
    return structs.replace(shot, look=structs.replace(shot.look, samples=1))


def check_figure(shot: Shot, form: str) -> None:
    """Raises NetartError where a lens of the shot draws pixels alone, no lines and text, or where
    the form, `svg` or `pdf`, cannot hold all of them.
    """
    for panel in shot.panels:
        if not hasattr(_lens(panel), "figure"):
            able = ", ".join(sorted(name for name, own in LENSES.items() if hasattr(own, "figure")))
            raise NetartError(f"the lens {panel.lens.kind} draws pixels: {able} draw lines")
    if len(shot.panels) > 1 and form != "svg":
        raise NetartError("of one lens alone: svg holds several side by side")


def vector(shot: Shot, size: Size, evaluator: Evaluator, form: str, note: str) -> bytes:
    """A file of the form `svg` or `pdf` that shows the shot, as lines and text.

    note: text that the file carries, markup that needs no escapes. Raises NetartError where
    `check_figure` does.
    """
    check_figure(shot, form)
    if len(shot.panels) == 1:
        return plot.vector(_figure, shot, size, evaluator, form, note)
    places = panels.columns(shot.panel_widths, size)
    drawn = [
        plot.vector(_figure, panel, (place.width, place.height), evaluator, form, "")
        for panel, place in zip(shot.panels, places, strict=True)
    ]
    return plot.join_svg(drawn, places, size, note)


def _figure(shot: Shot, size: Size, evaluator: Evaluator) -> Any:
    """The figure of the shot's lens, with its marks."""
    lens: Any = _lens(shot)
    drawn = lens.figure(shot, size, evaluator)
    points = lens.points(shot, size, evaluator) if shot.marks.points else ()
    labels = lens.labels(shot, size, evaluator)
    if points or labels:
        add_marks(drawn, size, points, labels, shot.marks.point_size)
    return drawn


def lines_data(shot: Shot, size: Size) -> dict[str, Any]:
    """Where the units that a lines lens draws switch in a picture of that size, exactly, as plain
    data: what it holds is in docs/file-formats.md. Raises NetartError where lines are curves.
    """
    return lines.data(shot, size)


def missed_levels(shot: Shot, size: Size) -> list[tuple[float, float, float]]:
    """The levels that a picture of that size has all on one side, each with the least and the
    greatest value there, before the activation.
    """
    shown = [panel for panel in shot.panels if _lens(panel) is regions]
    return [found for panel in shown if (found := regions.missed_level(panel, size))]


def is_flat(shot: Shot) -> bool:
    """Whether what is drawn has no slope anywhere, so that no light can show a surface."""
    return _lens(shot).is_flat(shot)


def is_measured(shot: Shot) -> bool:
    """Whether nothing of the shot is left to be measured: no field that matters is `auto`."""
    return all(_lens(panel).is_measured(panel) for panel in shot.panels)


def measure(shots: Sequence[Shot]) -> dict[str, Any]:
    """Values for the fields that are `auto` in all these shots of one lens, measured on all of
    them together; none where there is nothing to measure, or no value fits all shots and panels.
    """
    if len({tuple(panel.lens.kind for panel in shot.panels) for shot in shots}) > 1:
        return {}
    found = [
        _lens(alike[0]).measure(alike)
        for alike in zip(*(shot.panels for shot in shots), strict=True)
        if not _lens(alike[0]).is_measured(alike[0])
    ]
    return found[0] if found and all(values == found[0] for values in found) else {}


def measured(shot: Shot) -> Shot:
    """The shot with numbers for what is `auto`: they stay while the view moves."""
    values = measure([shot])
    return apply(shot, values) if values else shot


def unmeasured(shot: Shot) -> Shot:
    """The shot with `auto` in place of the numbers that `measured` may have found."""
    return _lens(shot).unmeasured(shot)


def explicit(shot: Shot) -> Shot:
    """The same picture with a value for all that is unset, so that a film can move it."""
    return _lens(shot).explicit(shot)


def _start(
    shot: Shot, size: Size, window: Window, evaluator: Evaluator, numbers: Numbers | None
) -> Callable[[], Samples]:
    """Begins what `draw` does, and returns what waits for the pixels."""
    work = partial(draw, shot, size, window, numbers=numbers)
    if wait := evaluator.elsewhere(work, _describe(shot, size, window)):
        return lambda: _checked(wait(), window, numbers)
    # The second half of `auto` waits for the first; what draws by itself, or over pixels, cannot be
    # begun.
    if (
        len(shot.panels) > 1
        or shot.lens.kind in DRAWN
        or _needs_more_samples(shot)
        or shot.marks.points
        or shot.lens.has_target
        or _lens(shot).labels(shot, size, evaluator)
    ):
        return partial(draw, shot, size, window, evaluator, numbers)
    return evaluator.start(*_ask(shot, size, window, evaluator, numbers))


def _describe(shot: Shot, size: Size, window: Window) -> str:
    """A window, in words for messages."""
    rows = f"rows {window.top} to {window.top + window.height - 1}"
    return f"{rows} of {size[0]}x{size[1]}, shot {shot.sha256[:12]}"


def _checked(drawn: Any, window: Window, numbers: Numbers | None) -> Samples:
    """What another machine has drawn. Raises TypeError where it is no such window."""
    kinds = [np.dtype(numbers.dtype)] if numbers else [np.dtype("f4"), np.dtype("f8")]
    if not isinstance(drawn, np.ndarray) or drawn.dtype not in kinds:
        raise TypeError(f"a window of {type(drawn).__name__}, not of {kinds[0]}")
    if drawn.shape != (window.height, window.width, 3):
        raise TypeError(f"a window of shape {drawn.shape}, not {window.height}x{window.width}")
    return drawn


def _needs_more_samples(shot: Shot) -> bool:
    """Whether pixels are to be drawn again that differ from a neighbour."""
    is_auto = shot.look.samples == "auto"
    return is_auto and not POINTWISE[shot.lens.kind].request(shot).pixel.antialiased


def _ask(
    shot: Shot, size: Size, window: Window, evaluator: Evaluator, numbers: Numbers | None
) -> tuple[Network, View, Size, Window, Request]:
    """What an evaluator is asked for. Raises NetartError as `draw` does."""
    check_depth(evaluator, shot.view, min(size))
    request = replace(POINTWISE[shot.lens.kind].request(shot), numbers=numbers)
    return to_network(shot.network), shot.view, size, window, request


def _side_by_side(shot: Shot, size: Size, window: Window, evaluator: Evaluator) -> Pixels:
    """A window of the picture whose panels stand side by side, display sRGB in [0, 1]."""
    out = panels.paper(window)
    for panel, place in zip(shot.panels, panels.columns(shot.panel_widths, size), strict=True):
        if part := panels.overlap(place, window):
            own = part._replace(left=part.left - place.left, top=part.top - place.top)
            drawn = draw(panel, (place.width, place.height), own, evaluator)
            tiles.paste(out, window, part, drawn)
    return out


def _in_numbers(pixels: Pixels, window: Window, numbers: Numbers | None) -> Samples:
    """Display values of a window in the numbers that are asked for."""
    return numbers.of(pixels, window.top, window.left) if numbers else pixels


def _lens(shot: Shot) -> Lens:
    return LENSES[shot.lens.kind]

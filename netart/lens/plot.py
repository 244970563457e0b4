"""What plotted lenses share: paper, fonts and lines, and how a figure becomes pixels, SVG or PDF.

Figures are matplotlib's, which is loaded when the first of them is drawn. Lengths are points of a
page whose shorter side has PAGE of them, on large pictures and small ones; where that would make
text too small to read, a point is a pixel.
"""

from __future__ import annotations

import atexit
import io
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from netart.errors import MACHINE, NetartError
from netart.evaluate.request import Evaluator
from netart.lens import panels
from netart.net.ops import ACTIVATIONS, Array
from netart.pixels import Pixels, Size, Window
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    DrawFigure = Callable[[Shot, Size, Evaluator], Figure]

PAGE = 640  # points of the shorter side of a picture with as many pixels, or more
SMALL = 200  # points of the shorter side of a picture with as many pixels, or fewer
LEAST = 0.2  # pixels of a point: of letters that are smaller FreeType knows nothing
ROUNDING = 1e-6  # pixels more than asked for: matplotlib 3.10 cuts inches times dpi to whole ones
MIN_STEP = 1e-307  # between ticks, before it is divided: smaller numbers have few digits
MAX_PLOT_PIXELS = 1 << 28  # the whole picture is held, four bytes a pixel

PAPER = "#" + bytes(round(255 * level) for level in panels.PAPER).hex()
INK, QUIET, FAINT = "#2f2f34", "#74747b", "#dfddd7"
# Of curves and their categories: as light as each other, and apart for most colour-blind eyes.
COLOURS = (
    "#2f6fb0", "#d2603a", "#3c9a78", "#8a5fb0", "#c2912b", "#4aa3c0", "#b8456f", "#7a8b34",
)  # fmt: skip

ZERO = "#aeada7"  # of the line at 0
WARM, COLD = "#c9562f", "#2f62b8"  # of positive and of negative weights
FONT = "Aileron"  # Pillow's own; it has no minus sign and no Greek: they are of the one below
FALLBACK = "DejaVu Sans"  # matplotlib's own
NAMESPACE = "urn:netart:ns/"  # of the note in SVG
SVG_FONTS = "Aileron, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"

STYLE: dict[str, Any] = {
    "font.family": [FONT, FALLBACK],
    "font.size": 10,
    "text.hinting": "none",  # letters stand where SVG and PDF have them
    "text.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": "#b9b8b3",
    "axes.linewidth": 0.6,
    "axes.titlesize": 11.5,
    "axes.titlecolor": INK,
    "axes.titlepad": 8,
    "axes.labelcolor": QUIET,
    "axes.labelsize": 10,
    "axes.axisbelow": True,
    "xtick.color": "#b9b8b3",
    "ytick.color": "#b9b8b3",
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": QUIET,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.2,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "path.simplify": True,  # drops points on straight runs
    "path.simplify_threshold": 0.05,
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "netart",  # names of clips would be drawn at random
    "pdf.fonttype": 42,
}

DECIMALS = re.compile(r"(?<=\.\d\d)\d+")  # of coordinates in points, from the third on

_lock = RLock()  # matplotlib's settings are global


@contextmanager
def house_style() -> Iterator[None]:
    """The settings in which figures are made and drawn, whatever the user's are."""
    from matplotlib import style

    _add_font()
    with _lock, style.context(["default", STYLE]):
        yield


@cache
def _add_font() -> None:
    """Makes Pillow's font known to matplotlib, which reads fonts from files alone."""
    from matplotlib.font_manager import fontManager
    from PIL import ImageFont

    font = ImageFont.load_default(10)
    assert isinstance(font, ImageFont.FreeTypeFont)
    try:
        folder = TemporaryDirectory(prefix="netart-")
        atexit.register(folder.cleanup)
        path = Path(folder.name) / f"{FONT}.ttf"
        path.write_bytes(font.font_bytes)
        fontManager.addfont(path)
    except OSError as error:
        raise NetartError(f"temporary file: {error.strerror}", MACHINE) from error


def blank_page(size: Size, times: float = 1) -> Figure:
    """An empty figure of exactly that size in pixels. times: points are so much longer."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    dpi = 72 * points(times, size)
    width, height = ((side + ROUNDING) / dpi for side in size)
    figure = Figure(figsize=(width, height), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def points(length: float, size: Size) -> float:
    """A length in points of a page of that size, in pixels."""
    return length * max(min(size) / PAGE, min(1.0, min(size) / SMALL), LEAST)


def page_size(size: Size) -> tuple[float, float]:
    """Width and height of the page in points. size: in pixels."""
    point = points(1, size)
    return size[0] / point, size[1] / point


def place_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes whose frame has this place on the page, in points from its upper left corner. On a page
    without room for it the frame is a point wide or high.
    """
    width, height = max(1, width), max(1, height)
    full_width, full_height = figure.get_size_inches() * 72
    bottom = full_height - top - height
    return figure.add_axes(
        (left / full_width, bottom / full_height, width / full_width, height / full_height)
    )


def place_drawing(figure: Figure) -> Axes:
    """Axes without a frame over the whole page, in points from its upper left corner, y down."""
    width, height = figure.get_size_inches() * 72
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    return axes


def ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Round numbers from low to high, at most that many: steps of 1, 2 or 5 times a power of 10."""
    step = max(10.0 ** np.floor(np.log10(high - low)), MIN_STEP)
    step = next(s for s in np.outer((0.1, 1, 10), (1, 2, 5)).ravel() * step
                if np.floor(high / s + 1e-9) - np.ceil(low / s - 1e-9) < most)  # fmt: skip
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in np.arange(first, last + 1)]


def spell(number: float, digits: int = 3) -> str:
    """The number as text of at most so many digits, with a real minus sign."""
    return f"{number + 0.0:.{digits}g}".replace("-", "−")


def set_ranges(
    axes: Axes, x: tuple[float, float], y: tuple[float, float], most: tuple[int, int] = (7, 7)
) -> None:
    """Sets the ranges of both axes, with round ticks and the lines of the grid below all else."""
    for axis, (low, high), count in ((axes.xaxis, x, most[0]), (axes.yaxis, y, most[1])):
        at = ticks(low, high, count)
        axis.set_ticks(at, labels=[spell(t, 12) for t in at])
        axis.grid(True, color=FAINT, linewidth=0.6)
    axes.set_xlim(*x)
    axes.set_ylim(*y)


def draw(
    draw_figure: DrawFigure, shot: Shot, size: Size, window: Window, evaluator: Evaluator
) -> Pixels:
    """A window of the shot's figure: (rows, columns, 3) float32, display sRGB in [0, 1].

    The picture is drawn as a whole, and kept until two others are asked for. Raises NetartError
    where it is too large for that.
    """
    left, top, width, height = window
    drawn = _raster(draw_figure, shot, size, cast(Hashable, evaluator))[
        top : top + height, left : left + width
    ]
    return drawn.astype(np.float32) / np.float32(255)


@lru_cache(maxsize=2)  # that may stand side by side
def _raster(
    draw_figure: DrawFigure, shot: Shot, size: Size, evaluator: Evaluator
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The whole picture, (height, width, 3) u1."""
    check_pixels(shot, size)
    with house_style():
        return rasterise(draw_figure(shot, size, evaluator))


def check_pixels(shot: Shot, size: Size) -> None:
    """Raises NetartError for a picture that is too large to be drawn as a whole."""
    if size[0] * size[1] > MAX_PLOT_PIXELS:
        raise NetartError(
            f"size {size[0]}x{size[1]}: {shot.lens.kind} is drawn as a whole, at most "
            f"{MAX_PLOT_PIXELS:,} pixels: svg and pdf have no pixels"
        )


def rasterise(figure: Figure) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The figure as pixels, (height, width, 3) u1; within `house_style`."""
    canvas: Any = figure.canvas
    canvas.draw()
    pixels: np.ndarray[Any, np.dtype[np.uint8]] = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    return pixels


def vector(
    draw_figure: DrawFigure, shot: Shot, size: Size, evaluator: Evaluator, form: str, note: str
) -> bytes:
    """The shot's figure as a file of the form `svg` or `pdf`, the same bytes at all times.

    note: text that the file carries, markup that needs no escapes.
    """
    with house_style():
        figure = draw_figure(shot, size, evaluator)
        return _svg(figure, size, note) if form == "svg" else _pdf(figure, note)


def _svg(figure: Figure, size: Size, note: str) -> bytes:
    """The figure as SVG of that size in pixels, text as text."""
    out = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(out, format="svg", metadata=nothing)
    text = out.getvalue().decode()
    text = re.sub(r"'?Aileron'?, 'DejaVu Sans'", SVG_FONTS, text)
    text = re.sub(r' d="[^"]*"', lambda path: DECIMALS.sub("", path[0]), text)
    head, root, rest = re.split(r"(<svg [^>]*>)", text, maxsplit=1)
    root = re.sub(r' (width|height)="[^"]*"', "", root)
    root = root.replace("<svg ", f'<svg width="{size[0]}" height="{size[1]}" ', 1)
    head = re.sub(r"<!DOCTYPE[^>]*>\s*", "", head)
    return f"{head}{root}{_metadata(note)}{rest}".encode()


def join_svg(drawn: Sequence[bytes], places: Sequence[Window], size: Size, note: str) -> bytes:
    """An SVG of that size in pixels, in which others that `vector` made have these places."""
    width, height = size
    parts = [
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{_metadata(note)}',
        f'<rect width="{width}" height="{height}" style="fill: {PAPER}"/>',
    ]
    for k, (svg, place) in enumerate(zip(drawn, places, strict=True)):
        inner = svg.decode().partition("?>")[2]
        inner = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>panel{k}-", inner)  # names are unique
        parts.append(inner.replace("<svg ", f'<svg x="{place.left}" y="{place.top}" ', 1).strip())
    return "\n".join([*parts, "</svg>", ""]).encode()


def _metadata(note: str) -> str:
    """The element of SVG that carries a note, empty where there is none."""
    return f'\n <metadata xmlns:netart="{NAMESPACE}">{note}</metadata>' if note else ""


def _pdf(figure: Figure, note: str) -> bytes:
    """The figure as a page of PDF, text as text, as large as its points."""
    out = io.BytesIO()
    about: dict[str, Any] = dict.fromkeys(("CreationDate", "Creator", "Producer"))
    figure.savefig(out, format="pdf", metadata=about | ({"Subject": note} if note else {}))
    return out.getvalue()


@cache
def activation_curve(name: str) -> Array:
    """(2, N): the curve of an activation for z in ±3, scaled to ±1, y up."""
    z = np.linspace(-3, 3, 61)
    y = np.clip(ACTIVATIONS[name].function(z.copy()), -3, 3)
    middle, half = (y.max() + y.min()) / 2, (y.max() - y.min()) / 2 or 1.0
    return np.stack([z / 3, (y - middle) / half])


def mix(colour: str, other: str, share: float) -> str:
    """A colour made of a share of one and the rest of another, both #rrggbb, as display values."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(share * a + (1 - share) * b) for a, b in pairs).hex()


def colours(count: int) -> Sequence[str]:
    """A colour for each of so many curves: the list again and again."""
    return (COLOURS * (count // len(COLOURS) + 1))[:count]

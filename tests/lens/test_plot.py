"""Figures: their style, their pixels, and SVG and PDF made of them."""

from __future__ import annotations

import errno
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from netart.errors import MACHINE, NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.request import Evaluator
from netart.lens import draw, plot, strips, vector
from netart.lens.panels import columns
from netart.net.learning.trained import Trained
from netart.pixels import Size, Window
from netart.shot.shot import Shot
from tests.runs import learned_run as run
from tests.shots import shot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEXT = "{http://www.w3.org/2000/svg}text"
NOTE = "<netart:note>{}</netart:note>"
SIZES = [(64, 48), (201, 200), (640, 480), (333, 1000), (1300, 700)]
PAPER = 0xF5, 0xF3, 0xEF  # as between panels
CURVES = {"lens": "curves", "features": "x", "widths": "11,9", "outputs": "1", "radius": "6"}
PLOTTED = {
    "curves": shot(**CURVES, weight_scale="1", output_activation="tanh", seed="3"),
    "family": shot(**CURVES, weight_scale="1", output_activation="tanh", family="0..48"),
    "stages": shot(**CURVES, weight_scale="1", stages="true", bands="true", switches="true"),
    "warp": shot(lens="warp", widths="2,3", panels="each", points="moons"),
    "diagram": shot(lens="diagram", widths="4,40,3", biases="true"),
    "blocks": shot(lens="diagram", widths="3,2", diagram="full"),
    "loss": shot(Shot(network=Trained(runs=(run(),))), lens="loss", step="10"),
}


def blank(one: Shot, size: Size, evaluator: Evaluator) -> Figure:
    return plot.blank_page(size)


def diagonal(one: Shot, size: Size, evaluator: Evaluator) -> Figure:
    """A rising line from corner to corner, with a minus sign in its ticks."""
    figure, (width, height) = plot.blank_page(size), plot.page_size(size)
    axes = plot.place_axes(figure, 30, 10, width - 40, height - 40)
    plot.set_ranges(axes, (-6, 6), (-1.2, 1.2))
    axes.plot([-6, 6], [-1.2, 1.2], color="#000000")
    return figure


# Of the last ones sides divided and multiplied by a dpi are a little less: matplotlib 3.10 cuts.
@pytest.mark.parametrize("size", [*SIZES, (45, 45), (170, 128), (1374, 932)])
def test_a_picture_has_exactly_the_size_asked_for(size: Size) -> None:
    with plot.house_style():
        pixels = plot.rasterise(plot.blank_page(size))
    assert pixels.shape == (size[1], size[0], 3)
    assert (pixels == PAPER).all()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PLOTTED)
def test_every_lens_draws_every_size(cpu: Cpu, name: str, size: Size) -> None:
    pixels = draw(PLOTTED[name], size, Window.whole(size), cpu)
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.dtype == np.float32
    assert 0 <= pixels.min() < pixels.max() <= 1
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.array_equal(np.rint(255 * corners), np.tile(PAPER, (4, 1)))


@pytest.mark.parametrize("name", PLOTTED)
def test_windows_are_parts_of_the_picture(cpu: Cpu, name: str) -> None:
    one, size = PLOTTED[name], (230, 170)
    whole = draw(one, size, Window.whole(size), cpu)
    for window in (Window(0, 0, 7, 5), Window(100, 60, 130, 110), Window(229, 169, 1, 1)):
        left, top, width, height = window
        part = draw(one, size, window, cpu)
        assert np.array_equal(part, whole[top : top + height, left : left + width])
    assert np.array_equal(np.concatenate(list(strips(one, size, cpu))), whole)


def test_windows_are_cut_from_one_drawing(cpu: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(plot, "rasterise", lambda figure: drawn.append(1) or np.zeros((9, 9, 3)))
    for top in range(9):
        plot.draw(blank, Shot(), (9, 9), Window(0, top, 9, 1), cpu)
    assert drawn == [1]
    plot.draw(blank, shot(seed="1"), (9, 9), Window(0, 0, 9, 1), cpu)
    assert drawn == [1, 1]


def test_too_large_a_picture_is_refused_before_it_is_drawn(cpu: Cpu) -> None:
    size = (1 << 15, 1 << 14)
    with pytest.raises(NetartError, match="curves is drawn as a whole, at most 268,435,456 "):
        draw(PLOTTED["curves"], size, Window(0, 0, 1, 1), cpu)


def test_the_picture_is_upright(cpu: Cpu) -> None:
    size = 300, 300
    dark = plot.draw(diagonal, Shot(), size, Window.whole(size), cpu).max(axis=2) < 0.2
    rows, columns = np.nonzero(dark)
    assert np.corrcoef(rows, columns)[0, 1] < -0.9


def test_settings_of_the_user_do_not_matter(cpu: Cpu) -> None:
    import matplotlib

    size = 200, 150
    before = plot.draw(diagonal, Shot(), size, Window.whole(size), cpu)
    own = {
        "axes.facecolor": "red",
        "font.size": 30,
        "lines.linestyle": ":",
        "axes.axisbelow": False,
    }
    with matplotlib.rc_context(own):
        plot._raster.cache_clear()
        assert np.array_equal(plot.draw(diagonal, Shot(), size, Window.whole(size), cpu), before)
        assert matplotlib.rcParams["axes.facecolor"] == "red"


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (-6, 6, 7, [-6, -4, -2, 0, 2, 4, 6]),
        (-1.2, 1.2, 5, [-1, -0.5, 0, 0.5, 1]),
        (-0.1, 1.1, 7, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (1000, 1001, 3, [1000, 1000.5, 1001]),
        (-1e-9, 1e-9, 3, [-1e-9, 0, 1e-9]),
        (-5e-324, 5e-324, 7, [0]),  # the smallest radius
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, most: int, wanted: list[float]) -> None:
    assert plot.ticks(low, high, most) == wanted


@pytest.mark.parametrize("seed", range(20))
def test_ticks_lie_in_the_range_and_are_no_more_than_fit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low = rng.normal() * 10.0 ** rng.integers(-8, 9)
    high = low + abs(rng.normal()) * 10.0 ** rng.integers(-6, 9)
    most = int(rng.integers(2, 12))
    found = plot.ticks(low, high, most)
    assert len(found) <= most
    slack = 1e-6 * (high - low)
    assert all(low - slack <= tick <= high + slack for tick in found)


@pytest.mark.parametrize(
    ("number", "text"), [(-0.0, "0"), (-1.25, "−1.25"), (1e-9, "1e−09"), (3.0, "3"), (0.5, "0.5")]
)
def test_numbers_have_a_real_minus_sign(number: float, text: str) -> None:
    assert plot.spell(number) == text


def texts(svg: bytes) -> list[str]:
    return [str(each.text) for each in ET.fromstring(svg).iter(TEXT)]


def test_svg_has_its_size_and_its_text_as_text(cpu: Cpu) -> None:
    svg = plot.vector(diagonal, Shot(), (700, 500), cpu, "svg", "")
    root = ET.fromstring(svg)
    assert (root.get("width"), root.get("height")) == ("700", "500")
    assert {"−6", "0", "6", "−1", "0.5"} <= set(texts(svg))
    assert b"Helvetica" in svg
    assert b"matplotlib.org" not in svg
    assert b"DOCTYPE" not in svg


def test_svg_drops_points_on_straight_runs(cpu: Cpu) -> None:
    def straight(one: Shot, size: Size, evaluator: Evaluator) -> Figure:
        figure = diagonal(one, size, evaluator)
        x = np.linspace(-6, 6, 3001)
        figure.axes[0].plot(x, x / 10, color="#123456")
        return figure

    svg = plot.vector(straight, Shot(), (700, 500), cpu, "svg", "").decode()
    (path,) = re.findall(r'<path d="([^"]*)"[^>]*stroke: #123456', svg)
    assert len(path.split("L")) < 10


@pytest.mark.parametrize("form", ["svg", "pdf"])
@pytest.mark.parametrize("name", PLOTTED)
def test_the_same_shot_gives_the_same_bytes(cpu: Cpu, name: str, form: str) -> None:
    note = NOTE.format(json.dumps({"a": "(b) \\ c"}))
    made = [vector(PLOTTED[name], (500, 300), cpu, form, note) for _ in range(2)]
    assert made[0] == made[1]
    assert b"Date" not in made[0]


@pytest.mark.slow
def test_another_process_writes_the_same_svg(cpu: Cpu) -> None:
    program = (
        "import sys; from netart.evaluate.cpu import Cpu; from netart.lens import vector\n"
        "from tests.lens.test_plot import PLOTTED\n"
        "sys.stdout.buffer.write(vector(PLOTTED['family'], (500, 300), Cpu(), 'svg', ''))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout == vector(PLOTTED["family"], (500, 300), cpu, "svg", "")


@pytest.mark.slow
def test_text_of_a_pdf_is_text(cpu: Cpu, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    path = tmp_path / "a.pdf"
    path.write_bytes(plot.vector(diagonal, Shot(), (700, 500), cpu, "pdf", ""))
    run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    assert {"−6", "0.5", "−1"} <= set(run.stdout.split())


def test_pdf_embeds_fonts_and_no_outlines_of_letters(cpu: Cpu) -> None:
    pdf = plot.vector(diagonal, Shot(), (700, 500), cpu, "pdf", "")
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile2" in pdf
    assert b"/CIDFontType2" in pdf  # fonttype 42
    assert b"/Creator" not in pdf


def test_a_lens_of_pixels_has_no_figure(cpu: Cpu) -> None:
    with pytest.raises(NetartError, match=r"colour draws pixels: curves, diagram, .* draw lines"):
        vector(Shot(), (9, 9), cpu, "svg", "")
    two = shot(lens="diagram", beside="colour")
    with pytest.raises(NetartError, match="colour draws pixels"):
        vector(two, (9, 9), cpu, "svg", "")


def test_two_lenses_stand_side_by_side_in_one_svg(cpu: Cpu) -> None:
    size = 900, 400
    two = shot(PLOTTED["curves"], beside="diagram")
    svg = vector(two, size, cpu, "svg", NOTE.format("{}"))
    root = ET.fromstring(svg)
    assert (root.get("width"), root.get("height")) == ("900", "400")
    left, right = root.findall("{http://www.w3.org/2000/svg}svg")
    places = columns([1, 1], size)
    for part, place, one in zip((left, right), places, two.panels, strict=True):
        own = vector(one, (place.width, place.height), cpu, "svg", "")
        assert part.get("x") == str(place.left)
        assert part.get("width") == str(place.width)
        assert [str(each.text) for each in part.iter(TEXT)] == texts(own)
    names = re.findall(r'id="([^"]*)"', svg.decode())
    assert len(names) == len(set(names))
    used = re.findall(r'(?:url\(#|href="#)([^)"]*)', svg.decode())
    assert set(used) <= set(names)
    assert svg.count(b"<netart:note>") == 1
    with pytest.raises(NetartError, match="of one lens alone: svg holds several"):
        vector(two, size, cpu, "pdf", "")


def test_no_room_for_the_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib reads it from a temporary file."""

    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(plot, "TemporaryDirectory", full)
    plot._add_font.cache_clear()
    told = pytest.raises(NetartError, match=r"^temporary file: No space left on device$")
    with told as found, plot.house_style():
        pass
    assert found.value.status == MACHINE

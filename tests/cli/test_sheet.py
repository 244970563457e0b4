"""`netart sheet`: pages and their panels, ranking, shared contrast, what a page carries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from netart.draw import sheet as drawing
from netart.draw.sheet import labels, lay_out, page_strips
from netart.evaluate.gpu import Gpu
from netart.net.sampling import DISTRIBUTIONS
from netart.shot.palette import NAMES, palette
from netart.shot.sheet import Layout, Over, Sheet
from tests.program import Run, files, pixels
from tests.shots import over, shot

PANEL = ("--size", "24x16", "--backend", "cpu")


@pytest.fixture
def page(netart: Run):
    """`netart sheet`, small; it must succeed."""

    def run(*arguments: object):
        ran = netart("sheet", *PANEL, *arguments)
        assert ran.status == 0, ran.err
        return ran

    return run


def panel(picture: np.ndarray, column: int, row: int, gutter: int) -> np.ndarray:
    left, top = gutter + column * (24 + gutter), gutter + row * (16 + gutter)
    return picture[top : top + 16, left : left + 24]


def test_a_panel_is_the_picture_of_its_command(page, netart: Run) -> None:
    page(
        "--over", "depth=1..3", "--over", "seed=7,8", "--gutter", "5", "--no-labels", "-o", "a.png"
    )
    picture = pixels(Path("a.png"))
    assert picture.shape == (2 * 16 + 3 * 5, 3 * 24 + 4 * 5, 3)
    assert (picture[:5] == [0x17, 0x17, 0x1B]).all()
    for number in range(1, 7):
        ran = netart("render", f"a.png#{number}", *PANEL, "-o", "one.png")
        assert ran.status == 0, ran.err
        row, column = divmod(number - 1, 3)
        assert np.array_equal(pixels(Path("one.png")), panel(picture, column, row, 5))


def varied(netart: Run, path: str) -> dict[str, list[str]]:
    """What a page says of its fields: name → values."""
    overs = netart("info", path, "--json").json["sheet"]["over"]
    return {over["field"]: over["values"] for over in overs}


def test_all_names_of_a_field_are_drawn(page, netart: Run) -> None:
    """By --over, or by the field's own option; twice: a grid."""
    page("--palette", "all", "--layers", "1x4", "-o", "a.png")
    page("--over", "palette=all", "--layers", "1x4", "-o", "b.png")
    assert varied(netart, "a.png") == varied(netart, "b.png") == {"palette": list(NAMES)}
    grid = page("--distribution", "all", "--seeds", "1,2", "--layers", "1x4", "-o", "c.png")
    assert grid.path.exists()
    found = varied(netart, "c.png")
    assert found == {"seed": ["1", "2"], "distribution": list(DISTRIBUTIONS)}


def test_all_names_are_those_that_the_shot_takes(page, netart: Run) -> None:
    page("--over", "palette=all", "--outputs", "1", "--layers", "1x4", "-o", "a.png")
    found = varied(netart, "a.png")["palette"]
    assert found == [name for name in NAMES if palette(name).kind.min_outputs == 1]


def test_palettes_of_files_are_kept_as_colours(page, netart: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.gpl").write_text("GIMP Palette\n255 0 0 red\n0 0 255 blue\n")
    page("--over", "palette=mine.gpl;sun", "--layers", "1x4", "-o", "a.png")
    (tmp_path / "mine.gpl").unlink()
    assert varied(netart, "a.png") == {"palette": ["ramp:#ff0000,#0000ff", "sun"]}
    page("a.png", "-o", "b.png")


def test_a_page_is_drawn_again_from_itself(page, netart: Run) -> None:
    page("--over", "palette=rgb;ramp:red,white,blue", "--labels", "-o", "a.png")
    page("a.png", "-o", "b.png")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    ran = netart("info", "a.png", "--json")
    assert ran.json["sheet"]["over"] == [
        {"field": "palette", "values": ["rgb", "ramp:red,white,blue"]}
    ]
    assert ran.json["sheet"]["panel"] == [24, 16]
    page("a.png", "--seed", "9", "--columns", "1", "-o", "c.png")
    assert netart("info", "c.png#2", "--json").json["shot"]["network"]["mix"] == {"9": 1.0}


def test_ranking_becomes_explicit_seeds(page, netart: Run) -> None:
    page("--layers", "4x8", "--seeds", "20", "--best", "4", "-o", "a.png")
    over = netart("info", "a.png", "--json").json["sheet"]["over"]
    seeds = list(map(int, over[0]["values"]))
    assert len(seeds) == 4 and over[0]["field"] == "seed"
    assert seeds != sorted(seeds)


def test_shared_contrast_becomes_numbers(page, netart: Run) -> None:
    page("--over", "weight_scale=0.2,0.9", "--contrast", "shared", "-o", "a.png")
    page("--over", "weight_scale=0.2,0.9", "-o", "b.png")
    limits = netart("info", "a.png", "--json").json["shot"]["look"]["contrast"]
    assert len(limits) == 3
    shared, own = (pixels(Path(name)).astype(float) for name in ("a.png", "b.png"))
    assert panel(shared, 0, 0, 1).std() < 0.7 * panel(own, 0, 0, 1).std()


def test_panels_without_a_gutter_touch(page) -> None:
    page("--seeds", "4", "--columns", "2", "--gutter", "0", "--no-labels", "-o", "a.png")
    assert pixels(Path("a.png")).shape == (32, 48, 3)


def test_names_of_pages(page, netart: Run) -> None:
    page("--seeds", "1,2")
    page("silk", "--seeds", "1,2")
    page("silk", "--seeds", "1,2")
    page("tour-6")
    assert files(Path()) == {
        "seed-321-sheet.png", "silk-sheet.png", "silk-sheet-2.png", "tour-6.png"
    }  # fmt: skip
    assert netart("render", "tour-6#2", *PANEL).path.name == "tour-6-2.png"


def test_memory_is_bounded_by_a_row(cpu) -> None:
    layout = Layout(panel=(20, 10))
    sheet = Sheet(shot=shot(layers="2x4"), overs=(over("seed=1..12"),), layout=layout)
    page = lay_out(sheet)
    heights = [
        len(strip)
        for strip in page_strips(page, zip(sheet.panels(), labels(sheet), strict=True), cpu)
    ]
    assert heights == [page.gutter, *[10 + page.gutter] * 3]


def test_panels_of_one_structure_share_the_program(gpu: Gpu) -> None:
    layout = Layout(panel=(20, 10))
    sheet = Sheet(shot=shot(layers="5x13"), overs=(over("seed=1..4"),), layout=layout)
    before = gpu.device.compiles
    list(page_strips(lay_out(sheet), zip(sheet.panels(), labels(sheet), strict=True), gpu))
    assert gpu.device.compiles <= before + 2  # and the pass that reads the numbers back


def test_spots_are_shots_to_go_on_with(page, netart: Run) -> None:
    ran = page("silk", "--layers", "4x8", "--spots", "3", "-o", "a.png")
    assert not ran.err
    (over,) = netart("info", "a.png", "--json").json["sheet"]["over"]
    assert over["field"] == "center" and over["also"][0]["field"] == "radius"
    ran = netart("render", "a.png#2", *PANEL, "-o", "two.png")
    assert ran.status == 0, ran.err
    place = ("--center", over["values"][1], "--radius", over["also"][0]["values"][1])
    assert netart("render", "silk", "--layers", "4x8", *place, *PANEL, "-o", "b.png").status == 0
    found = [netart("info", name, "--json").json["shot"]["view"] for name in ("two.png", "b.png")]
    assert found[0] == found[1]
    page("a.png", "-o", "c.png")
    assert Path("a.png").read_bytes() == Path("c.png").read_bytes()


def test_panels_of_one_colour_are_told_of(page) -> None:
    varied = ("--over", "contrast=auto;-100:-90;off;-99:-98")
    ran = page(*varied, "-o", "a.png")
    assert ran.err == (
        "netart: warning: panel #2 is all of one colour, #ffffdf: --contrast auto would show more; "
        "of one colour too: panel #4\n"
    )
    assert not page(*varied, "--quiet", "-o", "b.png").err
    # What a file's author meant is no mistake.
    assert not page("a.png", "-o", "c.png").err
    assert "panel #4" in page("a.png", "--seed", "3", "-o", "d.png").err


# Labels.


@pytest.mark.parametrize("panel", [(300, 200), (120, 120), (40, 30)])
@pytest.mark.parametrize("background", ["white", "#17171b"])
def test_labels_are_seen_and_stay_in_their_place(cpu, panel, background: str) -> None:
    overs = (over("seed=1,18446744073709551615"), over("weight_scale=0.5..1*3:log"))
    layout = Layout(panel=panel, labels=True, background=background)
    sheet = Sheet(shot=shot(layers="2x4"), overs=overs, layout=layout)
    page = lay_out(sheet)
    strips = list(page_strips(page, zip(sheet.panels(), labels(sheet), strict=True), cpu))[1:]
    paper = strips[0][-1, 0]
    for strip in strips:
        for column in range(2):
            left = page.gutter + column * (panel[0] + page.gutter)
            label = strip[panel[1] : panel[1] + page.label_height, left : left + panel[0]]
            ink = np.abs(label - paper).max(axis=2)
            assert 8 < (ink > 0.4).sum() < ink.size / 2
            assert not ink[[0, -1]].any()
        assert (strip[panel[1] :, : page.gutter] == paper).all()


def layout_of(netart: Run, path: str) -> dict[str, object]:
    return netart("info", path, "--json").json["sheet"]


def test_new_sheets_label_themselves(page, netart: Run) -> None:
    def labels_of(*arguments: str) -> object:
        page(*arguments, "--layers", "1x4", "-o", "a.png")
        return layout_of(netart, "a.png")["labels"]

    assert labels_of("--seeds", "3") == "numbered"
    assert labels_of("--seeds", "7,") == "numbered"
    assert labels_of("--over", "depth=1") is False
    assert labels_of("--seeds", "3", "--no-labels") is False
    Path("old.toml").write_text("[shot]\n[[sheet.over]]\nfield = 'seed'\nvalues = '1..2'\n")
    assert labels_of("old.toml") is False
    assert labels_of("old.toml", "--labels") == "numbered"
    assert labels_of("old.toml", "--seeds", "3") == "numbered"


def test_numbers_stand_beside_the_values_and_have_less_ink() -> None:
    overs = (over("radius=0.5,1"), over("seed=1..3"))
    forms = {
        300: "#6   radius 1   seed 3",
        100: "#6   1   3",
        70: "#6\n1   3",
        20: "#6\n1\n3",
    }
    for side, form in forms.items():
        layout = Layout(panel=(side, side), labels="numbered")
        one = Sheet(shot=shot(layers="1x4"), overs=overs, layout=layout)
        long = replace(one, overs=(overs[0], Over("seed", ("1", "2", "3" * 8))))
        found = labels(long if side == 70 else one)[-1]
        assert found.replace("3" * 8, "3") == form
    faint = drawing._text("#12   seed 3", (200, 24), 16, 3)
    assert 0.5 < faint[:, :86].max() < 0.6 and faint[:, 86:].max() == 1
    # A value that is too long is cut, a number never.
    lines = drawing._text("#123\na very long value indeed", (60, 40), 14, 4)
    assert np.array_equal(lines[:20], drawing._text("#123\nx", (60, 40), 14, 4)[:20])


def test_labels_name_the_fields_where_there_is_room() -> None:
    overs = (over("weight_scale=0.5..1*3:log"),)
    found = []
    for side in (400, 60):
        layout = Layout(panel=(side, side), labels=True)
        found.append(labels(Sheet(shot=shot(layers="2x4"), overs=overs, layout=layout)))
    assert found[0] == ["weight scale 0.5", "weight scale 0.7071", "weight scale 1"]
    assert found[1] == ["0.5", "0.7071", "1"]
    assert drawing._text("", (40, 20), 11).max() == 0
    assert drawing._text("a very long label indeed", (40, 20), 11).max() > 0.5


def test_labels_tell_close_values_apart_and_take_a_line_each() -> None:
    overs = (over("radius=1.00001..1.00003*3"), over("seed=1000000..1000001"))
    sheet = Sheet(shot=shot(layers="2x4"), overs=overs, layout=Layout(panel=(60, 40), labels=True))
    assert labels(sheet)[0] == "1.00001\n1000000"
    assert len(set(labels(sheet))) == 6
    assert lay_out(sheet).label_height == 2 * round(1.7 * lay_out(sheet).font_px)


@pytest.mark.usefixtures("small_pages")
def test_presets_are_drawn_on_one_page(netart: Run) -> None:
    ran = netart("presets", "--sheet", "--size", "16x16", "-o", "all.png")
    assert ran.status == 0, ran.err
    with Image.open("all.png") as image:
        assert image.width > 4 * 16 < image.height
        assert "netart" not in image.info
    assert "no shot" in netart("render", "all.png").err

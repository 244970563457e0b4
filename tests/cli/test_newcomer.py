"""The first hour with netart: what people want to make, as the command lines that they type."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

import netart as library
from netart.files.source import read_source
from netart.pixels import read_size
from netart.shot.look import Look
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from tests.films import seen
from tests.program import Run, files, pixels

Type = Callable[..., list[Path]]


@pytest.fixture
def type_in(netart: Run) -> Type:
    """Types lines, `netart` left out, each of which must succeed and say nothing but what it wrote;
    the paths of all that they wrote.
    """

    def run(*lines: str, says: str = "") -> list[Path]:
        paths = []
        for line in lines:
            ran = netart(*shlex.split(line))
            assert ran.status == 0, (line, ran.err)
            assert says in ran.err if says else not ran.err, (line, ran.err)
            paths += [Path(word) for word in ran.out.decode().split()]
        assert all(path.exists() for path in paths)
        return paths

    return run


def test_a_wallpaper_of_a_phone(type_in: Type) -> None:
    (path,) = type_in("render --seed 3 --layers 1x2 --size phone -o wall.png")
    width, height = read_size("phone")
    assert pixels(path).shape == (height, width, 3)
    assert height > width


def test_a_picture_in_three_palettes(type_in: Type) -> None:
    (path,) = type_in("sheet silk --over palette='frost;ink;sun' --size 48x48 -o three.png")
    paths = type_in(
        f"render '{path}#1' --size 720p --layers 1x2 -o large.png",
        f"render '{path}#3' --size 32x18 -o sun.png",
    )
    sheet = read_source(path).document
    assert isinstance(sheet, Sheet)
    assert len(sheet) == 3
    assert pixels(paths[0]).shape == (720, 1280, 3)
    assert read_source(paths[1]).shot.look.palette == "corners:sun"


def test_a_loop_for_social_media(type_in: Type) -> None:
    (path,) = type_in("animate silk --size 64x64 --frames 4 --fps 25 -o loop.mp4")
    found = seen(path)
    assert [frame.shape for frame in found.frames] == 4 * [(64, 64, 3)]


def test_a_gif_below_a_limit(type_in: Type) -> None:
    line = "spin silk --size 64x64 --frames 6 --max-bytes 10KB -o small.gif"
    (path,) = type_in(line, says="small.gif: ")
    assert 1000 < path.stat().st_size <= 10_000
    assert len({frame.tobytes() for frame in seen(path).frames}) > 1


def test_a_zoom_into_a_spot_that_was_found(type_in: Type) -> None:
    page, film = type_in(
        "sheet silk --spots 2 --size 32x32 -o spots.png",
        "zoom 'spots.png#2' --to 0.01 --frames 3 --size 32x32 -o zoom.mp4",
    )
    sheet, timeline = read_source(page).document, read_source(film).document
    assert isinstance(sheet, Sheet)
    assert isinstance(timeline, Timeline)
    assert timeline.frame(1).view.centre == sheet.panel(2).view.centre


def test_a_film_of_the_weight_scale(type_in: Type) -> None:
    (path,) = type_in("scale silk --frames 3 --size 32x32 -o scale.webm")
    first, _, last = (frame.astype(int) for frame in seen(path).frames)
    assert np.abs(first - last).mean() > 10


def test_seeds_and_the_best_for_printing(type_in: Type, tmp_path: Path) -> None:
    *_, path = type_in(
        "sheet --layers 4x6 --seeds 6 --best 2 --size 32x32 -o best.png",
        "render --layers 4x6 --seed 1..3 --size 16x16 -o 'seed-####.png'",
        "render 'best.png#1' --bits 16 --size 64x64 -o best.tif",
    )
    assert {f"seed-000{seed}.png" for seed in (1, 2, 3)} < files(tmp_path)
    assert pixels(path).dtype == np.uint16
    best = read_source("best.png").document
    assert isinstance(best, Sheet)
    assert read_source(path).shot.network == best.panel(1).network


def test_a_class_on_depth_and_width(type_in: Type) -> None:
    (path,) = type_in("sheet --over depth=1,4 --over width=2,8 --size 32x32 -o class.png")
    sheet = read_source(path).document
    assert isinstance(sheet, Sheet)
    widths = [shot.network.widths for shot in sheet.panels()]
    assert widths == [(2,), (2,) * 4, (8,), (8,) * 4]


def test_one_neuron(type_in: Type) -> None:
    (path,) = type_in(
        "render --layers 1x1 --activation sigmoid --outputs 1 --size 32x32 -o neuron.png"
    )
    assert np.ptp(pixels(path).astype(int)) > 100


def test_a_text_that_is_edited(type_in: Type) -> None:
    (path,) = type_in("render silk --save mine.toml")
    path.write_text(path.read_text().replace("gamma = 1.0", "gamma = 2.0"))
    (picture,) = type_in("render mine.toml --size 32x32 -o mine.png")
    assert read_source(picture).document == replace(Shot(), look=Look(gamma=2.0))


def test_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shot = library.new("silk", seed=7, palette="corners:frost", depth=8)
    library.render(shot, 32).save("silk.png")
    assert library.load("silk.png") == shot
    assert np.asarray(library.render(shot.but(seed=8), (24, 16))).shape == (16, 24, 3)

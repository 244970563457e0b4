"""How large films are where nothing says it, and how large their files may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netart.draw.motion import film_size
from netart.pixels import Size
from netart.shot.shot import Shot
from tests.films import seen
from tests.program import Run

PLAIN = ("--layers", "1x2", "--contrast", "off", "--backend", "cpu", "--json")


def facts(netart: Run, *line: str) -> Any:
    ran = netart(*line, *PLAIN)
    assert ran.status == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.parametrize(
    ("picture", "side", "size"),
    [
        (None, 640, (640, 640)),
        ((1734, 1734), 640, (640, 640)),
        ((1920, 1080), 640, (1138, 640)),
        ((1080, 2400), 360, (360, 800)),
        ((3, 2), 360, (540, 360)),
    ],
)
def test_a_film_has_the_shape_of_its_picture(picture: Size | None, side: int, size: Size) -> None:
    assert film_size(Shot(), picture, side) == size


def test_a_new_gif_is_small_and_slow(netart: Run) -> None:
    line = ("spin", "silk", "--frames", "2", "-o")
    gif, film = facts(netart, *line, "a.gif"), facts(netart, *line, "a.mp4")
    assert (gif["size"], gif["rate"]) == ([360, 360], "20")
    assert (film["size"], film["rate"]) == ([640, 640], "25")
    asked = facts(netart, *line, "a.gif", "--size", "16x12", "--fps", "10")
    assert (asked["size"], asked["rate"], asked["frames"]) == ([16, 12], "10", 2)
    again = facts(netart, "animate", "a.gif", "-o", "b.gif")
    assert (again["size"], again["rate"]) == ([16, 12], "10"), "a film keeps what it says"


def test_a_gif_lasts_as_long_as_other_films(netart: Run) -> None:
    for name, frames in (("a.gif", 80), ("a.webp", 100)):
        found = facts(netart, "spin", "silk", "--size", "4x4", "-o", name)
        assert found["frames"] == frames
        assert seen(Path(name)).duration == pytest.approx(4)


def test_the_film_of_a_picture_has_its_shape(netart: Run) -> None:
    netart("render", "--layers", "1x2", "--size", "96x48", "-o", "a.png")
    found = facts(netart, "spin", "a.png", "--frames", "1", "-o", "a.gif")
    assert found["size"] == [720, 360]


def test_a_limit_is_kept_and_what_was_chosen_is_said(netart: Run) -> None:
    line = ("zoom", "silk", "--frames", "6", "--size", "48x48", "--backend", "cpu", "--json")
    assert netart(*line, "-o", "a.gif").status == 0
    limit = Path("a.gif").stat().st_size * 6 // 10
    ran = netart(*line, "-o", "a.gif", "--max-bytes", f"{limit}")
    assert Path("a.gif").stat().st_size <= limit
    width, height = ran.json["size"]
    assert f"{width}x{height} pixels, " in ran.err
    assert f"so it has at most {limit / 1000:.3g} kB" in ran.err


def test_quality_is_said_in_one_way(netart: Run) -> None:
    line = ("spin", "silk", "--frames", "3", "--size", "64x64", "--backend", "cpu")
    sizes = []
    for options in (["--quality", "30"], ["--crf", "17"], [], ["--quality", "100"]):
        assert netart(*line, *options, "-o", "a.mp4").status == 0
        sizes.append(Path("a.mp4").stat().st_size)
    assert sizes[0] < sizes[1] == sizes[2] < sizes[3]


def test_a_long_film_is_foretold_unless_it_shall_be_quiet(
    netart: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ("spin", "silk", "--layers", "1x2", "--size", "64x64", "--frames", "9", "-o", "a.mp4")
    assert netart(*line).err == ""
    monkeypatch.setattr("netart.files.films.forecast.LONG_S", 0.0)
    assert "netart: about " in netart(*line).err
    assert netart(*line, "--quiet").err == ""

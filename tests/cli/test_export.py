"""The command `netart export`: what is written, refused and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import netart as api
from netart.web.origin import origin_of
from tests.program import Run

SMALL = ("export", "--layers", "2x4", "--seed", "3")


def test_a_page_is_written(netart: Run) -> None:
    ran = netart(*SMALL, "--json", "-o", "a.html")
    assert ran.status == 0, ran.err
    data = Path("a.html").read_bytes()
    assert ran.json["bytes"] == len(data)
    assert ran.json["sha256"] == api.new(layers="2x4", seed=3).sha256
    assert data.startswith(b"<!doctype html>")
    assert netart(*SMALL, "-o", "-").out == data.replace(b">a<", b">seed-3<")
    assert netart(*SMALL).path == Path("seed-3.html")


def test_python_writes_the_same_page(netart: Run) -> None:
    assert netart("export", "silk", "--seed", "3", "-o", "a.html").status == 0
    size = api.export("silk", "b.html", seed=3)
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()
    assert size == Path("b.html").stat().st_size


def test_python_exports_what_it_has_made(netart: Run) -> None:
    small: dict[str, Any] = {"layers": "2x4", "seed": 3}
    film = api.film(None, "spin", 16, **small)
    sheet = api.sheet(None, {"depth": "1..2"}, 16, **small)
    for made, data, name in (
        (film, film.timeline, "a.frag"),
        (api.render(None, 16, **small), api.new(None, **small), "a.frag"),
        (sheet, sheet.sheet, "a.html"),
    ):
        api.export(made, name, gamma=1.5)
        found = Path(name).read_bytes()
        api.export(data, name, gamma=1.5)
        assert found == Path(name).read_bytes()


def test_text_says_what_made_it(netart: Run) -> None:
    for suffix in (".shadertoy.glsl", ".frag"):
        assert netart("export", "silk", "--seed", "7", "-o", f"a{suffix}").status == 0
        text = Path(f"a{suffix}").read_text(encoding="ascii")
        assert f"//     netart export silk --seed 7 -o silk{suffix}\n" in text
        assert "thrown" not in text  # which is said of another seed


def test_an_unknown_suffix_is_refused(netart: Run) -> None:
    ran = netart(*SMALL, "-o", "a.htm")
    assert ran.status == 2
    assert ran.err == "netart: a.htm: unknown suffix '.htm': did you mean .html?\n"
    assert not Path("a.htm").exists()


def test_a_shot_that_browsers_do_not_draw_is_a_picture(netart: Run) -> None:
    ran = netart(*SMALL, "--lens", "glass", "--activation", "relu", "-o", "a.html")
    assert ran.status == 0
    assert ran.err.endswith("browsers do not draw the lens glass: the page shows a picture\n")
    with pytest.warns(UserWarning, match=r"b\.html: browsers do not draw the lens glass"):
        api.export(None, "b.html", layers="2x4", seed=3, lens="glass", activation="relu")


def test_a_run_has_a_page_of_its_own(netart: Run) -> None:
    ran = netart("export", "disc-in-ring", "-o", "a.html")
    assert ran.status == 0
    assert ran.err.endswith("show lines over predictions, not the lens warp\n")
    assert netart("export", "ginn", "-o", "b.html").err == ""
    assert Path("b.html").stat().st_size < 100_000


def test_an_origin_says_what_differs_from_the_source() -> None:
    silk = api.load("silk")
    changed = api.new(silk, seed=9, gamma=1.5)
    origin = origin_of("silk", changed, ("silk",), silk)
    assert origin == ("silk", ("silk",), {"seed": "9", "gamma": "1.5"}, "")
    assert origin_of("silk", silk, ("silk",), silk).texts == {}
    fresh = origin_of("new", api.new(seed=9, layers="2x4"))
    assert fresh == ("new", (), {"seed": "9", "layers": "2x4"}, "")
    # No options say the frames of a film.
    assert origin_of("film", api.film(silk, "spin", 16).timeline).texts is None


@pytest.mark.parametrize("is_piped", [False, True])
def test_what_is_said_of_a_source_is_said_of_no_other_shot(netart: Run, is_piped: bool) -> None:
    Path("a.toml").write_text('about = "Pleats."\n[shot]\nnetwork.widths = [4]\n')
    for changes, is_said in ((), True), (("--gamma", "1"), True), (("--gamma", "2"), False):
        with open("a.toml") as file:
            source = f"/dev/fd/{file.fileno()}" if is_piped else "a.toml"
            assert netart("export", source, *changes, "-o", "a.html").status == 0
        assert ("Pleats." in Path("a.html").read_text()) == is_said

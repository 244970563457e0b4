"""Places in percent of a picture: what was under a pixel is in the middle."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

import netart
from netart.api.start import Asked, start
from netart.cli import cli
from netart.draw import motion
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.files.source import read_source, to_toml
from netart.lens import picture
from netart.net.network import input_names
from netart.pixels import Size
from netart.shot.place import coordinates_at
from netart.shot.shot import Shot
from netart.shot.view import point
from tests.shots import shot

DEEP = shot(
    layers="2x3", radius="3e-40", rotate="20",
    center="0.12345678901234567890123456789012345678901234567890123,-0.5",
)  # fmt: skip

PLACE = "62%,40%"

VIEWS = [
    shot(layers="2x3", radius="0.25"),
    shot(layers="2x3", radius="1.7", rotate="33", center="0.4,-2"),
    DEEP,
    shot(shot(layers="2x3", latent="t=0.3"), axes="t,y", rotate="90"),
    shot(layers="2x3", lens="lines", activation="relu"),
]


@pytest.mark.parametrize("one", VIEWS)
@pytest.mark.parametrize("size", [None, (64, 36), (36, 64)])
@pytest.mark.parametrize("place", ["62%,40%", "0%,100%", "12.5%, 0.1%"])
def test_what_is_at_a_place_comes_to_the_middle(one: Shot, size: Size | None, place: str) -> None:
    across, down = (float(part.strip("% ")) / 100 for part in place.split(","))
    width, height = size or (1, 1)
    u, v = ((2 * across - 1) * width, (1 - 2 * down) * height)
    inputs = input_names(one.network.latents)
    wanted = point(one.view, inputs, u / min(width, height), v / min(width, height))
    moved = one.but(center=coordinates_at(one, place, size, "center"))
    for got, want in zip(moved.view.centre, wanted, strict=True):
        assert abs(got - want) < Decimal(repr(one.view.radius)) * Decimal("1e-11")


def test_places_are_short_numbers() -> None:
    one = shot(layers="2x3", radius="0.25")
    assert coordinates_at(one, "62%,40%", None, "center") == "0.06,0.05"
    assert coordinates_at(one, "62%,40%", (1920, 1080), "center") == "0.1066666666667,0.05"
    assert coordinates_at(shot(one, axes="y"), "62%", (100, 10), "center") == "0.6"
    middle = coordinates_at(DEEP, "50%,50%", (30, 20), "center")
    assert DEEP.but(center=middle) == DEEP


def test_a_pixel_keeps_its_colour() -> None:
    one = shot(layers="4x8", radius="1", rotate="25", contrast="-1:1")
    size = (40, 24)
    there = picture(one, size, Reference())[5, 31]
    moved = one.but(center=coordinates_at(one, f"{31.5 / 40:.2%},{5.5 / 24:.6%}", size, "center"))
    small = replace(moved, view=replace(moved.view, radius=1e-6))
    np.testing.assert_allclose(picture(small, (1, 1), Reference())[0, 0], there, atol=1e-3)


@pytest.mark.parametrize("order", [("center", "radius", "rotate"), ("rotate", "radius", "center")])
def test_a_place_is_one_of_the_picture_as_it_was(order: tuple[str, ...]) -> None:
    one = shot(layers="2x3", radius="0.25")
    values = {"center": "62%,40%", "radius": "0.01", "rotate": "45"}
    moved = one.but(**{name: values[name] for name in order})
    assert moved == shot(one, center="0.06,0.05", radius="0.01", rotate="45")
    assert start(one, Asked(values)).source.document == moved
    new = start(None, Asked({"layers": "1x1", "center": "75%,50%", "radius": "0.01"}))
    assert new.source.shot.view.centre[0] == Decimal("0.962463907603")  # reach 4 / 2.078 / 2
    assert start(one, Asked(values, size=(20, 10))).source.shot.view.centre[0] == Decimal("0.12")


def test_a_place_is_one_of_the_file_s_picture(tmp_path: Path) -> None:
    one, file = shot(layers="2x3", radius="0.25"), tmp_path / "a.png"
    netart.render(one, (40, 20), backend="cpu").save(file)
    for size in (16, (10, 30)):
        drawn = netart.render(file, size, center="62%,40%", backend="cpu")
        assert drawn.shot.view.centre == (Decimal("0.12"), Decimal("0.05"))
    assert netart.new(file, center=("62%", "40%")).view.centre[0] == Decimal("0.12")


def test_a_place_is_one_of_a_panel(tmp_path: Path) -> None:
    """Of the size that is asked for, and where the source is a page of the size that it has."""
    one, wide = shot(layers="2x3", radius="0.25"), (Decimal("0.12"), Decimal("0.05"))
    page = netart.sheet(one, {"seed": "1,2,3"}, (40, 20), columns=3, backend="cpu", center=PLACE)
    assert page.shot.view.centre == wide
    page = netart.sheet(one, {"seed": "1,2,3"}, (40, 20), columns=3, backend="cpu")
    page.save(tmp_path / "a.png")
    for source in (page.sheet, tmp_path / "a.png", tmp_path / "a.png#2"):
        assert start(source, Asked({"center": PLACE}, size=(9, 9))).source.shot.view.centre == wide


def test_places_may_vary(tmp_path: Path) -> None:
    one, wide = shot(layers="2x3", radius="0.25"), (Decimal("0.12"), Decimal("0.05"))
    for listing in ("62%,40%;0.4,-0.2", [("62%", "40%"), (0.4, -0.2)]):
        page = netart.sheet(one, {"center": listing}, (40, 20), backend="cpu")
        assert [panel.view.centre for panel in page] == [wide, (Decimal("0.4"), Decimal("-0.2"))]
    page.save(tmp_path / "a.png")
    again = netart.sheet(tmp_path / "a.png", {"center": [PLACE], "radius": [1]}, 8, backend="cpu")
    assert again[1].view.centre == wide
    words = ["sheet", str(tmp_path / "a.png"), "--over", f"center={PLACE};0,0", "--size", "8x8"]
    ran = CliRunner().invoke(cli, [*words, "--backend", "cpu", "-o", str(tmp_path / "b.png")])
    assert ran.exit_code == 0, ran.output
    assert read_source(f"{tmp_path / 'b.png'}#1").shot.view.centre == wide
    with pytest.raises(NetartError, match=r"^center 62%: write X%,Y%"):
        netart.sheet(one, {"center": ["62%"]})


def test_a_place_is_one_of_the_size_that_a_command_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = shot(layers="2x3", radius="0.25", lens="lines", activation="relu")
    (tmp_path / "one.toml").write_text(to_toml(one))
    words = ("one.toml", "--center", PLACE, "--size", "40x20", "--backend", "cpu", "-o")
    for command, name in (
        (("render",), "a.png"), (("sheet", "--over", "seed=1,2"), "b.png"), (("lines",), "c.json"),
    ):  # fmt: skip
        ran = CliRunner().invoke(cli, [*command, *words, name])
        assert ran.exit_code == 0, ran.output
    found = [read_source(name).shot.view.centre for name in ("a.png", "b.png")]
    assert found == [(Decimal("0.12"), Decimal("0.05"))] * 2
    drawn = netart.lines(one, (40, 20), center=PLACE)
    assert drawn["units"] == json.loads((tmp_path / "c.json").read_text())["units"]


def test_a_zoom_goes_toward_a_place() -> None:
    one = shot(layers="2x3", radius="0.25")
    (_, pinned) = motion.zoom(one, end=0.1, toward="62%,40%", size=(20, 10)).tracks
    assert pinned.keys[0].value == "0.12,0.05"
    film = netart.film(one, "zoom", (40, 20), to=0.1, toward="62%,40%", frames=2)
    assert film.timeline.tracks[1].keys[0].value == "0.12,0.05"


@pytest.mark.parametrize(
    ("toward", "warned"), [("1.9,0", False), ("2.1,0", True), ("0,1.1", True), ("71,71", True)]
)
def test_a_zoom_out_of_the_picture_is_told(
    toward: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    motion.zoom(shot(layers="2x3", radius="1"), end=0.1, toward=toward, size=(20, 10))
    assert ("is not in the picture" in caplog.text) == warned


@pytest.mark.parametrize(
    ("place", "texts", "message"),
    [
        ("62%", {}, "center 62%: write X%,Y%, from the top left"),
        ("62%,0.4", {}, "center 62%,0.4: '0.4' is not a percentage"),
        ("162%,40%", {}, "'162%' is not a percentage from 0% to 100%"),
        ("1%,nan%", {}, "'nan%' is not"),
        ("1%,2%,3%", {}, "write X%,Y%"),
        ("1%,2%,3%", {"axes": "x"}, "write X%, from"),
        ("62%,40%", {"lens": "landscape"}, "picture of landscape is not the plane of the view"),
        ("62%,40%", {"beside": "lines"}, "picture of colour beside lines is not the plane"),
    ],
)
def test_places_that_are_none(place: str, texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message) as caught:
        shot(layers="2x3").but(center=place, **texts)
    assert str(caught.value).startswith("center")


def test_the_centre_along_one_input() -> None:
    one = shot(shot(layers="2x3", latent="t=0.3"), axes="x,t", center="0.1,0.2")
    assert one.but(**{"center.t": 0.5}).view.centre == tuple(map(Decimal, ("0.1", "0", "0.5")))
    with pytest.raises(NetartError, match=r"^center.y: the picture spans x,t"):
        one.but(**{"center.y": 0.5})
    with pytest.raises(NetartError, match=r"^center.x: says the same thing as center$"):
        one.but(center="1,1", **{"center.x": 0.5})
    with pytest.raises(NetartError, match=r"has no effect on a diagram lens"):
        one.but(lens="diagram", **{"center.x": 0.5})
    sheet = netart.sheet(one, {"center.x": "-1..1*3"}, 8, backend="cpu").sheet
    assert [panel.view.centre[0] for panel in sheet.panels()] == [-1, 0, 1]

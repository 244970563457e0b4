"""Fields as they are typed: in any order, in percent, with versions of the sampler."""

from __future__ import annotations

import json
import re
import shlex
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from netart.cli.command_line import render_command
from netart.files.source import read_source, to_toml
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from tests.program import Run
from tests.shots import shot

FEW = ("--size", "24x16", "--backend", "cpu")


def shot_of(path: str) -> Shot:
    found = read_source(path).document
    assert isinstance(found, Shot)
    return found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--activation relu", "--layers 0"),
            "--activation: there are no hidden layers; of the output",
        ),
        (("--detail 2", "--weight-scale 0.5"), "--detail: .* add --weight-scale auto"),
        (("--point-size 2", "--seed 5"), "--point-size: there are no points: add --points"),
        (("--lens lines --activation relu", "--output 1"), "--output: .* add --backdrop colour"),
        (("--over activation=relu,sin", "--layers 0"), "activation: there are no hidden layers"),
    ],
)
def test_a_field_without_an_effect_is_refused(netart: Run, options, message: str) -> None:
    for order in permutations(options):
        words = " ".join(order).split()
        ran = netart("sheet" if "--over" in words else "render", *words, *FEW)
        assert ran.status == 2
        assert ran.err.count("\n") == 1
        assert re.search(message, ran.err), ran.err


def test_files_may_have_a_field_without_an_effect(netart: Run) -> None:
    one = shot(None, True, layers="0", activation="relu")
    Path("a.toml").write_text(to_toml(one))
    assert netart("render", "a.toml", *FEW, "-o", "a.png").status == 0
    assert shot_of("a.png") == one


@pytest.mark.parametrize(
    ("words", "sampler", "radius"),
    [
        ("--layers 1x1 --activation sigmoid --outputs 1", 2, 8 / 8.314),
        ("--layers 1x1 --activation sigmoid --outputs 1 --sampler 1", 1, 1 / 42.511),
        ("--layers 0 --sampler 2", 2, 2.0),
        ("", 2, 1 / 0.903),
        ("--network old.toml", 1, 1 / 10.628),
    ],
)
def test_new_pictures_have_the_newer_sampler(
    netart: Run, words: str, sampler: int, radius: float
) -> None:
    Path("old.toml").write_text("[shot.network]\nwidths = '1x1'\n")
    assert netart("render", *words.split(), *FEW, "-o", "a.png").status == 0
    one = shot_of("a.png")
    assert one.network.sampler == sampler
    assert one.view.radius == radius
    assert netart("render", "a.png", "--layers", "2x2", *FEW, "-o", "b.png").status == 0
    assert shot_of("b.png").network.sampler == sampler
    assert shot_of("old.toml").network.sampler == 1


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (shot(layers="1x1", sampler="2", samples="auto"), "--layers 1x1"),
        (shot(layers="1x1", samples="auto"), "--layers 1x1 --sampler 1"),
        (shot(samples="auto"), ""),
        (shot(None, True, layers="0", activation="sin", sampler="2", samples="auto"), "--layers 0"),
        (shot(lens="lines", activation="relu", layers="3x16", samples="auto", outputs="1"),
         "--layers 3x16 --activation relu --outputs 1 --lens lines"),
    ],
)  # fmt: skip
def test_the_command_line_is_short(one: Shot, words: str) -> None:
    found = shlex.split(render_command(one, (24, 16), None, "auto"))
    assert found == ["netart", "render", *words.split(), "--size", "24x16"]


def test_the_centre_is_read_off_a_picture(netart: Run) -> None:
    """A deep one, wider than high: what was under a pixel is under the centre."""
    deep = ("--layers", "2x4", "--center", "0.1234567890123456789,-0.25", "--radius", "1e-9")
    assert netart("render", *deep, *FEW, "-o", "a.png").status == 0
    moved = ("--center", "75%,25%", "--radius", "1e-12")
    for words in (moved, (*moved[2:], *moved[:2])):
        # Of the file's picture, whatever the size asked for.
        line = ("render", "a.png", *words, "--size", "8x16", "--backend", "cpu", "-o", "b.png")
        assert netart(*line).status == 0
        wanted = Decimal("0.1234567890123456789") + Decimal("0.75e-9"), Decimal("-0.2499999995")
        assert shot_of("b.png").view.centre == wanted
    # Of a new picture that asked for.
    words = ("--layers", "2x4", "--radius", "9", "--center", "75%,25%", "--size", "48x16")
    assert netart("render", *words, "--backend", "cpu", "-o", "c.png").status == 0
    one = shot_of("c.png")
    assert one.view.radius == 9
    own = Decimal(repr(shot(layers="2x4", sampler="2").view.radius))
    assert abs(one.view.centre[0] - own * Decimal("1.5")) < own * Decimal("1e-11")
    ran = netart("render", "a.png", "--center", "75%", *FEW)
    assert "--center 75%: write X%,Y%, from the top left" in ran.err


def test_a_zoom_goes_toward_a_place_in_percent(netart: Run) -> None:
    words = ("--layers", "2x4", "--radius", "2", "--toward", "100%,0%", "--to", "1")
    assert netart("zoom", *words, "--size", "48x16", "--save", "a.toml").status == 0
    film = read_source("a.toml").document
    assert isinstance(film, Timeline)
    assert film.tracks[1].keys[0].value == "6,2"
    assert "--toward 5%: write X%,Y%" in netart("zoom", "--toward", "5%", "--to", "1").err


def test_the_centre_moves_along_one_input(netart: Run) -> None:
    Path("a.toml").write_text(
        "[shot.network]\nwidths = '2x4'\n[timeline]\nframes = 3\n[[timeline.track]]\n"
        "field = 'center.x'\nkeys = [{t = 0, value = -1}, {t = 1, value = 1}]\n"
    )
    film = read_source("a.toml").document
    assert isinstance(film, Timeline)
    assert [film.frame(k).view.centre[0] for k in (1, 2, 3)] == [-1, 0, 1]
    words = ("sheet", "--layers", "2x4", "--over", "center.y=-1..1*3", "--size", "9", "--json")
    ran = netart(*words, "-o", "s.png")
    assert json.loads(ran.out)["panels"] == 3
    assert shot_of("s.png#1").view.centre == (0, -1)
    assert "center.a: the picture spans x,y" in netart("sheet", "--over", "center.a=1,2").err

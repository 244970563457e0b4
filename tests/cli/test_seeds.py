"""`netart render --seed 1..20 -o '####.png'`: many seeds become many files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netart import lens
from netart.cli import options
from tests.program import SMALL, Run, files

TINY = ("--layers", "1x4")


@pytest.mark.parametrize(
    ("seeds", "pattern", "names"),
    [
        ("1..3", "####.png", ["0001.png", "0002.png", "0003.png"]),
        ("17,3,17", "wall-##.jpg", ["wall-17.jpg", "wall-03.jpg"]),
        ("3..3", "%03d.tif", ["003.tif"]),
        ("3,", "#.png", ["3.png"]),
    ],
)
def test_the_number_in_the_name_is_the_seed(
    draw: Run, tmp_path: Path, seeds: str, pattern: str, names: list[str]
) -> None:
    ran = draw(*TINY, "--seed", seeds, "-o", pattern)
    assert ran.out.decode().split() == names
    assert files(tmp_path) == {*names}
    alone = draw(*TINY, "--seed", "3", "-o", f"alone{Path(pattern).suffix}").path
    assert alone.read_bytes() == Path(names[-1]).read_bytes()


def test_one_evaluator_draws_all(draw: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, open_one = [], options.open_here_or

    def count(*choice: Any) -> Any:
        opened.append(choice)
        return open_one(*choice)

    monkeypatch.setattr(options, "open_here_or", count)
    draw(*TINY, "--seed", "1..3", "-o", "#.png")
    assert len(opened) == 1


def test_without_a_name_each_has_its_own(draw: Run) -> None:
    assert draw("--seed", "5,6").out == b"seed-5.png\nseed-6.png\n"
    assert draw("--seed", "5..6", *TINY).out == b"seed-5-2.png\nseed-6-2.png\n"
    assert draw("silk", "--seed", "5..6").out == b"silk-seed-5.png\nsilk-seed-6.png\n"


def test_json_is_a_line_for_each(draw: Run) -> None:
    ran = draw(*TINY, "--seed", "5..6", "-o", "#.png", "--json")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["path"] for one in found] == ["5.png", "6.png"]
    assert [one["shot"]["network"]["mix"] for one in found] == [{"5": 1.0}, {"6": 1.0}]
    assert all(one["size"] == [12, 8] for one in found)


def test_a_random_palette_is_that_of_each_seed(draw: Run, field: Callable[..., Any]) -> None:
    ran = draw(*TINY, "--seed", "1..3", "--palette", "random", "-o", "#.png")
    drawn = [field(f"{seed}.png", "look", "palette") for seed in (1, 2, 3)]
    assert ran.err.splitlines() == [f"netart: palette {name}" for name in drawn]
    alone = draw(*TINY, "--seed", "3", "--palette", "random").path
    assert field("3.png", "look", "palette") == field(alone, "look", "palette")
    assert field("1.png", "look", "palette") != field("3.png", "look", "palette")


def test_a_warning_of_a_kind_comes_once(netart: Run) -> None:
    line = ("render", *SMALL, *TINY, "--lens", "regions", "--outputs", "1", "--level", "99")
    ran = netart(*line, "--seed", "1..4", "-o", "#.png")
    assert ran.status == 0
    assert ran.err.startswith("netart: warning: 1.png: level 99: ")
    assert ran.err.count("\n") == 1
    assert netart(*line, "--seed", "1..4", "-o", "#.png", "--quiet").err == ""
    flat = ("render", *SMALL, *TINY, "--contrast", "-9999:9999", "--palette", "ramp:ink")
    said = netart(*flat, "--seed", "1..4", "-o", "#.jpg").err.splitlines()
    assert said[0].startswith("netart: warning: 1.jpg: the picture is all of one colour, #")
    assert said[1:] == ["netart: warning: 3 more pictures are of one colour"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1..3 -o a.png", "-o a.png: must name a file for each seed: write 'a-####.png'"),
        ("1..3 -o .", "-o .: must name a file for each seed: write '####.png'"),
        ("1..3 -o -", "-o -: stdout takes one picture, --seed says 3"),
        ("1..3 -o #-#.png", "#-#.png: one number in a name, not more"),
        ("1..3 -o no/#.png", "no/1.png: there is no folder no"),
        ("1..3 --save a.toml", "--save: writes one shot, --seed says 3"),
        ("1..1000000 -o #.png", "--seed '1..1000000': more than 10,000 values"),
        ("1,,2 -o #.png", "--seed '1,,2': a value is missing"),
        ("1-9 -o #.png", "--seed '1-9': write 1..9"),
        ("1:9 -o #.png", "--seed '1:9': write 1..9"),
        ("1,x -o #.png", "--seed 'x': must be a whole number"),
        ("0,-1 -o #.png", "seed '-1': must be from 0 to"),
        ("1..3 --mix 1:0.5 -o #.png", "--seed: says the same thing as --mix"),
    ],
)
def test_what_cannot_be_costs_a_line(netart: Run, tmp_path: Path, line: str, message: str) -> None:
    ran = netart("render", *SMALL, "--seed", *line.split())
    assert ran.status == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert files(tmp_path) == set()


def test_an_interrupt_says_how_many_are_there(
    netart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(shot: Any, *others: Any) -> Any:
        if dict(shot.network.mix) == {7: 1}:
            raise KeyboardInterrupt
        return lens.strips(shot, *others)

    monkeypatch.setattr("netart.files.stills.strips.strips", interrupted)
    ran = netart("render", *SMALL, *TINY, "--seed", "3,5,7,9", "-o", "#.png")
    assert ran == (
        130,
        b"3.png\n5.png\n",
        "netart: interrupted after 2 of 4 pictures: seed 7 is the next\n",
    )
    assert files(tmp_path) == {"3.png", "5.png"}

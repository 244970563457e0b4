"""An output that replaces another picture or film by netart says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import SMALL, Run

TINY = ("--layers", "1x4", "--seed", "5", *SMALL)
FILM = ("--frames", "2")


@pytest.fixture
def said(netart: Run) -> Run:
    """Runs a command that succeeds, for what it says on stderr."""

    def run(*line: str) -> str:  # type: ignore[misc]
        ran = netart(*line)
        assert ran.status == 0, ran.err
        return ran.err

    return run


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp"])
def test_another_shot_is_said(said: Run, name: str) -> None:
    assert said("render", *TINY, "-o", name) == ""
    assert said("render", *TINY, "--size", "16x9", "-o", name) == ""  # the same shot
    other = said("render", *TINY, "--seed", "6", "--gamma", "2", "-o", name)
    assert other == f"netart: {name}: replaces another picture (seed 5, gamma 1)\n"
    assert said("render", *TINY, "--quiet", "-o", name) == ""


def test_lines(said: Run) -> None:
    line = ("lines", *TINY, "--size", "64x64", "--activation", "relu", "-o", "a.svg")
    assert said(*line) == ""
    assert said(*line, "--seed", "7") == "netart: a.svg: replaces another picture (seed 5)\n"


def test_sheets_films_and_strips(said: Run) -> None:
    assert said("sheet", *TINY, "--seeds", "1..2", "-o", "a.png") == ""
    assert said("sheet", *TINY, "--seeds", "1..2", "-o", "a.png") == ""
    assert said("sheet", *TINY, "--seeds", "1..3", "-o", "a.png") == (
        "netart: a.png: replaces another sheet\n"
    )
    assert "a.png: replaces a sheet" in said("zoom", *TINY, "--strip", "2", "-o", "a.png")
    assert "a.png: replaces a film" in said("render", *TINY, "-o", "a.png")
    assert said("spin", *TINY, *FILM, "-o", "a.gif") == ""
    assert said("spin", *TINY, *FILM, "-o", "a.gif") == ""
    assert said("spin", *TINY, "--frames", "3", "-o", "a.gif") == (
        "netart: a.gif: replaces another film\n"
    )


def test_many_are_said_in_one_line(said: Run) -> None:
    line = ("render", *TINY, "--seed", "1..3", "-o", "#.png")
    assert said(*line) == ""
    assert said(*line) == ""
    assert said(*line, "--gamma", "2") == (
        "netart: 1.png: replaces another picture (gamma 1); 2 more files are replaced, too\n"
    )


@pytest.mark.parametrize(
    "content", [b"", b"notes", b"\x89PNG\r\n\x1a\n", b'\x89PNG\r\n\x1a\n\0\0\0\4tEXt{"a"\0\0\0\0']
)
def test_what_cannot_be_read_is_replaced_without_a_word(said: Run, content: bytes) -> None:
    Path("a.png").write_bytes(content)
    assert said("render", *TINY, "-o", "a.png") == ""
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")

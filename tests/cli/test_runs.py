"""Runs as sources: what they learned, several at once, and steps that they do not keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.draw.sheet import labels
from netart.files.source import read_source
from netart.net.datasets import Points
from netart.net.learning.data import PictureData, PointData
from netart.net.learning.trained import Trained
from netart.shot.fields import apply
from netart.shot.sheet import Over, Sheet
from netart.shot.shot import Shot
from tests.program import Run, pixels
from tests.runs import RING, learned_run, made_run, written

SMALL = ("--size", "24x16", "--backend", "cpu")
PICTURE = PictureData("disc", np.eye(6, dtype=np.uint8)[..., None] * 255, (0.0, 1.0))
THREE = PointData("three", Points(np.array([[0.5, 1], [-1, 0], [0, -2.25]]), np.array([1, 2, 3])))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Runs `a`, `b` and `picture`, and another `a` in a folder of its own."""
    other = tmp_path / "other"
    other.mkdir()
    for place, one in (
        (tmp_path, learned_run("a")),
        (tmp_path, learned_run("b", steps=(0, 5, 50), seed=2)),
        (tmp_path, learned_run("picture", data=PICTURE, widths=(4, 4))),
        (tmp_path, learned_run("three", data=THREE)),
        (other, learned_run("a", seed=3)),
    ):
        written(place, one)
    return tmp_path


def document(path: str) -> Any:
    return read_source(path).document


# What a run learned.


def test_points_of_a_run_are_shown_by_value(netart: Run, folder: Path) -> None:
    ran = netart("render", "three.run", "--show-data", "--save", "a.toml")
    assert ran.status == 0, ran.err
    assert document("a.toml").marks.points == ((0.5, 1, 1), (-1, 0, 2), (0, -2.25, 3))
    for command, more in (
        ("sheet", ("--over", "step=1,10", *SMALL, "-o", "b.png")),
        ("learn", ("--save", "b.toml", "--quiet")),
        ("zoom", ("--save", "b.toml", "--quiet")),
    ):
        ran = netart(command, "three.run", "--show-data", *more)
        assert ran.status == 0, ran.err
        assert len(document(str(ran.path)).shot.marks.points) == 3


def test_the_data_is_of_the_run_that_is_drawn(netart: Run, folder: Path) -> None:
    ran = netart(
        "render", "--radius", "2", "--network", "three.run", "--show-data", "--save", "a.toml"
    )
    assert ran.status == 0, ran.err
    assert len(document("a.toml").marks.points) == 3
    line = ("sheet", "three.run", "--over", "run=three,a.run", "--show-data", *SMALL)
    assert netart(*line, "-o", "a.png").status == 0
    assert len(document("a.png").shot.marks.points) == 3
    # The page holds its runs without what they learned.
    ran = netart("render", "a.png#1", "--run", "a", "--show-data")
    assert ran.status == 2 and "what a learned is in the run's own file" in ran.err


def test_a_picture_of_a_run_is_the_backdrop_of_its_lines(netart: Run, folder: Path) -> None:
    ran = netart("render", "picture.run", "--lens", "lines", "--show-data", "--save", "a.toml")
    assert ran.status == 0, ran.err
    shot = document("a.toml")
    assert shot.lens.backdrop == "target" and shot.marks.target.startswith("0.0,1.0:")
    beside = ("render", "picture.run", "--beside", "lines", "--show-data", "--save", "b.toml")
    assert netart(*beside).status == 0
    assert document("b.toml").marks.target == shot.marks.target


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["silk", "--show-data"], "--show-data: the network is not a step of a run, as netart"),
        (["--show-data"], "--show-data: the network is not a step of a run, as netart train"),
        (["a.run", "--show-data", "--points", "moons"], "has no meaning beside --points"),
        (["picture.run", "--show-data"], "picture learned a picture, which lens lines shows: add"),
        (["picture.run", "--show-data", "--lens", "lines", "--backdrop", "white"],
         "--show-data: has no meaning beside --backdrop"),
        (["a.run", "--lens", "loss", "--show-data"], "points have no place in a loss lens"),
        (["a.png", "--show-data"],
         "what a learned is in the run's own file, not in pictures and films"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_shown(
    netart: Run, folder: Path, words: list[str], message: str
) -> None:
    assert netart("render", "a.run", *SMALL, "-o", "a.png").status == 0
    ran = netart("render", *words)
    assert ran.status == 2
    assert message in ran.err and ran.err.count("\n") == 1


# Several runs.


def test_runs_are_compared(netart: Run, folder: Path) -> None:
    """Each at its own last step; the first is SOURCE where there is none."""
    for words in (["--over", "run=a.run,b.run"], ["a.run", "--over", "run=a,b.run"]):
        ran = netart("sheet", *words, *SMALL, "--gutter", "0", "--no-labels", "-o", "page.png")
        assert (ran.status, ran.err) == (0, "")
        page, sheet = pixels(Path("page.png")), document("page.png")
        assert [shot.network.run for shot in sheet.panels()] == ["a", "b"]
        assert [shot.network.step for shot in sheet.panels()] == [1000, 50]
        for k, name in enumerate(("a", "b")):
            view = "--center", "0,0", "--radius", str(sheet.shot.view.radius)
            one = ("render", f"{name}.run", *view, *SMALL, "--samples", "2", "-o", "one.png")
            assert netart(*one).status == 0
            assert np.array_equal(page[:, 24 * k : 24 * (k + 1)], pixels(Path("one.png")))


def test_options_change_the_first_run(netart: Run, folder: Path) -> None:
    line = ("sheet", "--over", "step=1,50", "--over", "run=b.run,a.run", "--lens", "warp")
    assert netart(*line, "--panels", "one", *SMALL, "-o", "page.png").status == 0
    sheet = document("page.png")
    found = [(shot.network.run, shot.network.step, shot.lens.panels) for shot in sheet.panels()]
    assert found == [(run, step, "one") for run in ("b", "a") for step in (1, 50)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--over", "run=a.run,other/a.run"], "other/a.run: another run is called a: rename one"),
        (["--over", "run=a,b"], "run: the network is not a step of a run, as netart train writes"),
        (["silk", "--over", "run=a.run"], "silk is not a step of a run, as netart train writes"),
        (["a.run", "--over", "run=c"], "panel 1: unknown run 'c': one of a"),
        (["a.run", "--over", "run=c.run"], "c.run: no such file"),
    ],
)
def test_runs_that_cannot_be_compared(
    netart: Run, folder: Path, words: list[str], message: str
) -> None:
    ran = netart("sheet", *words, *SMALL)
    assert ran.status == 2
    assert message in ran.err and ran.err.count("\n") == 1


def test_a_page_of_large_runs_says_that_it_needs_their_files(netart: Run, folder: Path) -> None:
    written(folder, made_run("large", steps=tuple(range(900)), data=RING))
    line = ("sheet", "large.run", "--over", "step=1,800", *SMALL)
    assert netart(*line, "-o", "page.png").err == ""
    ran = netart(*line, "-o", "other/page.png")
    message = "netart: warning: other/page.png opens again only beside large.run\n"
    assert (ran.status, ran.err) == (0, message)


# Steps that are not kept.


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.run"], ""),
        (["a.run@10", "--blend-steps"], ""),
        (["a.run@20"], "step 20 of a is not kept: 10 is drawn; --blend-steps blends weights of "),
        (["a.run", "--step", "2.5"], "step 2.5 of a is not kept: 1 is drawn; --blend-steps "),
        (["a.run@20", "--blend-steps"],
         "step 20 of a is not kept: weights of the steps around it are blended"),
        (["a.run@20", "--quiet"], ""),
    ],
)  # fmt: skip
def test_a_step_that_is_not_kept_is_said(
    netart: Run, folder: Path, words: list[str], message: str
) -> None:
    for command in ("render", "spin"):
        more = ("--frames", "2", "-o", "a.mkv") if command == "spin" else ("-o", "a.png")
        ran = netart(command, *words, "--lens", "colour", *SMALL, *more)
        assert ran.status == 0
        assert ran.err.startswith("netart: " + message if message else "")
        assert ran.err.count("\n") == bool(message)


def test_long_training_is_told_to_the_step(netart: Run, tmp_path: Path) -> None:
    written(tmp_path, learned_run("long", steps=(0, 1234567, 2345678)))
    ran = netart("render", "long.run@1234568", *SMALL, "-o", "a.png")
    assert ran.err.startswith(
        "netart: step 1,234,568 of long is not kept: 1,234,567 is drawn; --blend-steps "
    )


def test_a_sheet_says_it_once(netart: Run, folder: Path) -> None:
    line = ("sheet", "a.run", "--over", "step=10,20,100,300", *SMALL, "-o", "page.png")
    line += ("--lens", "colour")  # regions are all one here, which would be warned of
    ran = netart(*line)
    assert ran.err == (
        "netart: 2 of 4 panels are of steps that are not kept: the nearest are drawn; "
        "--blend-steps blends weights of the steps around it\n"
    )
    assert "around it are blended" in netart(*line, "--blend-steps").err
    assert netart(*line, "--quiet").err == ""


def test_labels_are_of_the_steps_that_are_drawn() -> None:
    one = Shot(network=Trained(runs=(learned_run("a"), learned_run("b", steps=(0, 5, 50)))))
    overs = Over("step", ("3", "20", "50")), Over("run", ("a", "b"))
    steps = [label.split()[-1] for label in labels(Sheet(shot=one, overs=overs[:1]))]
    assert steps == ["1", "10", "100"]
    both = [label.split("   ") for label in labels(Sheet(shot=one, overs=overs))]
    assert [step for step, _ in both] == [f"step {k}" for k in (1, 10, 100, 5, 50, 50)]
    softly = apply(one, {"blend_steps": True})
    blended = Sheet(shot=softly, overs=(Over("step", ("4", "31.6227766")),))
    assert labels(blended) == ["step 4", "step 31.62"]

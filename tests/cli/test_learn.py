"""`netart learn`: films of networks while they learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from netart.files.source import read_source, to_toml
from netart.net.learning.trained import Trained
from netart.shot.fields import apply
from netart.shot.look import Look
from netart.shot.timeline import Timeline
from tests.films import seen
from tests.program import Run, pixels
from tests.runs import learned_run, written

SMALL = ("--size", "48x32", "--backend", "cpu", "--frames", "4")
NOTE = "netart: weights between the steps that the run keeps are blended\n"
# The network of these tests has one region, at every step.
ONE_REGION = (
    "netart: warning: 3 of 3 frames looked at are of one colour: that at 0% is all of one colour, "
    "#e7a04f\n"
)


@pytest.fixture
def source(tmp_path: Path) -> str:
    return str(written(tmp_path, learned_run()))


def timeline(path: str) -> Timeline:
    found = read_source(path).document
    assert isinstance(found, Timeline)
    return found


@pytest.mark.slow
def test_frames_are_the_steps_of_the_run(netart: Run, source: str) -> None:
    ran = netart("learn", source, *SMALL, "-o", "a.mkv")
    assert (ran.status, ran.err) == (0, NOTE + ONE_REGION)
    frames = seen(Path("a.mkv")).frames
    for number, step in ((1, 1), (2, 10), (4, 1000)):
        still = ("render", f"{source}@{step}", "--size", "48x32", "--backend", "cpu", "--quiet")
        assert netart(*still, "-o", "a.png").status == 0
        off = np.abs(frames[number - 1].astype(int) - pixels(Path("a.png")))
        assert off.max() <= 1


def test_the_range_and_the_easing_are_asked_for(netart: Run, source: str) -> None:
    line = ("learn", source, "--from", "5", "--to", "50", "--easing", "in", "--quiet")
    ran = netart(*line, "--save", "a.toml")
    assert (ran.status, ran.err) == (0, "")
    (track,) = timeline("a.toml").tracks
    assert [(key.value, key.easing) for key in track.keys] == [("5", "in"), ("50", "in")]


def test_shares_are_not_stretched(netart: Run, tmp_path: Path, source: str) -> None:
    one = apply(read_source(source).shot, {"lens": "colour"})
    values = replace(one, network=replace(one.network, output_activation="linear"))
    for name, base in (("shares", one), ("values", values)):
        (tmp_path / f"{name}.toml").write_text(to_toml(replace(base, look=Look())))
    for words, wanted in (
        (["shares.toml"], "off"),
        (["shares.toml", "--contrast", "auto"], "auto"),
        (["values.toml"], "eased"),
    ):
        assert netart("learn", *words, "--quiet", "--save", "a.toml").status == 0
        assert timeline("a.toml").shot.look.contrast == wanted


def test_a_picture_of_a_run_learns_too(netart: Run, source: str) -> None:
    still = ("render", f"{source}@10", "--size", "9x9", "--backend", "cpu", "--quiet")
    assert netart(*still, "-o", "a.png").status == 0
    assert netart("learn", "a.png", "--quiet", "--save", "a.toml").status == 0
    network = timeline("a.toml").at(1).network
    assert isinstance(network, Trained) and network.step == 1000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["silk"], "learn: the network is not a step of a run, as netart train writes them"),
        (["tour-20"], "tour-20 is a film: `netart animate tour-20` draws it"),
        (["tour-10"], "tour-10 is a sheet: `netart sheet tour-10` draws it"),
        (["small.run", "--from", "0"], "--from 0: must be above 0, at most the 1,000 steps"),
        (["small.run", "--to", "1e9"], "--to 1e+09: must be above 0, at most the 1,000 steps"),
    ],
)
def test_mistakes_are_a_line(netart: Run, source: str, words: list[str], message: str) -> None:
    ran = netart("learn", *words)
    assert ran.status == 2
    assert message in ran.err and ran.err.count("\n") == 1


@pytest.mark.slow
def test_a_film_of_a_large_run_says_what_it_needs(netart: Run, tmp_path: Path) -> None:
    source = written(tmp_path, learned_run("large", steps=tuple(range(1200))))
    (tmp_path / "films").mkdir()
    ran = netart("learn", source, *SMALL, "-o", "films/a.gif")
    needs = "netart: warning: films/a.gif opens again only beside large.run\n"
    assert ran.err == NOTE + ONE_REGION + needs
    assert netart("learn", source, *SMALL, "-o", "a.gif").err == NOTE + ONE_REGION
    assert timeline("a.gif").shot.network.drawn.last == 1199

"""Training in a process of its own, and `netart train --live`, whose window shows it."""

from __future__ import annotations

import os
import shlex
import signal
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from netart.cli import cli
from netart.errors import NetartError
from netart.files.runs import read_run, write_run
from netart.files.training import train_into
from netart.live.training import BackgroundTraining
from netart.net.learning.run import Head, Run
from tests.live.windows import CPU, Live, Open, until
from tests.runs import RING, made_run, options, recipe

pytestmark = pytest.mark.slow

LONG = 2_000_000  # steps, which take a minute
# Training that lasts until it is stopped, and its file.
OPTIONS = ("--data", "disc-in-ring", "--widths", "3", "--steps", LONG, "-o", "ring.run", "--live")


def head(steps: int) -> Head:
    return Head(recipe=recipe(3), options=options(steps=steps))


def made(run: Run) -> int:
    """How many steps a run that goes on has made."""
    assert run.head.status == "unfinished"
    assert run.state
    return run.state.step


# The process.


def test_training_is_ended_and_goes_on(folder: Path) -> None:
    path = folder / "ring.run"
    with BackgroundTraining(path, head(LONG), RING, None) as training:
        training.wait_for_steps()
        assert len(read_run(path).steps) > 1
    first = read_run(path)
    with BackgroundTraining(path, head(LONG), RING, first) as training:
        training.wait_for_steps()
        until(lambda: made(read_run(path)) > made(first))
    assert made(read_run(path)) > made(first)


def test_it_comes_to_the_same_as_in_this_process(folder: Path) -> None:
    path = folder / "ring.run"
    with BackgroundTraining(path, head(200), RING, None) as training:
        training.wait_for_steps()
        until(lambda: path.exists() and read_run(path).head.status == "finished")
    train_into(folder / "other.run", head(200), RING)
    assert path.read_bytes() == (folder / "other.run").read_bytes()


def test_the_file_of_another_training_is_not_waited_for(folder: Path) -> None:
    path = folder / "ring.run"
    write_run(path, made_run("ring"))
    with BackgroundTraining(path, head(LONG), RING, None) as training:
        training.wait_for_steps()
        assert read_run(path).head.options.steps == LONG


def test_ctrl_c_before_training_begins_is_the_windows_alone(folder: Path) -> None:
    path = folder / "ring.run"
    with BackgroundTraining(path, head(LONG), RING, None) as training:
        os.kill(training._process.pid or 0, signal.SIGINT)
        training.wait_for_steps()
        assert training._process.is_alive()
    assert made(read_run(path)) > 0


def test_what_training_raises_is_raised(folder: Path) -> None:
    path = folder / "gone" / "ring.run"
    with (
        pytest.raises(NetartError, match="No such file"),
        BackgroundTraining(path, head(10), RING, None) as training,
    ):
        training.wait_for_steps()  # returns


def test_a_process_that_is_killed_is_told(folder: Path) -> None:
    path = folder / "ring.run"
    with (
        pytest.raises(NetartError, match=r"training broke off \(-9\): what the file holds is kept"),
        BackgroundTraining(path, head(LONG), RING, None) as training,
    ):
        training.wait_for_steps()
        training._process.kill()
    assert made(read_run(path)) > 0


# The window.


def opened(window: Live) -> Live:
    """Itself, once it shows steps."""
    until(lambda: window.process.poll() is not None or window.id)
    assert window.process.poll() is None, window.err
    until(lambda: "ring" in window.title)
    return window


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


GOES_ON = "netart: interrupted: what is learned is kept, and the same command goes on from there"


def test_the_window_follows_and_ends_training(live: Open) -> None:
    window = opened(live(*OPTIONS, verb="train"))
    path = window.folder / "ring.run"
    shown = window.screenshot()
    until(lambda: (window.screenshot() != shown).any(), "nothing is learned on screen")
    pids = children(window.process.pid)
    assert pids
    window.press("q")
    assert window.end() == 130
    assert window.said == [GOES_ON]
    until(lambda: not any(map(alive, pids)))
    assert made(read_run(path)) > 0


def test_the_window_stays_when_training_is_finished(live: Open) -> None:
    window = opened(live(*OPTIONS, "--steps", 3000, verb="train"))
    path = window.folder / "ring.run"
    until(lambda: read_run(path).head.status == "finished")
    time.sleep(0.5)
    window.press("home", "x")
    until(lambda: window.out)
    assert window.out[0].startswith("netart render ring.run --show-data --step 0")
    window.press("q")
    assert window.end() == 0
    assert window.out[1:] == ["ring.run"]
    assert window.said[-1].startswith("netart: ring.run: 3,000 steps, loss ")
    # The same command shows it again.
    window = opened(live(*OPTIONS, "--steps", 3000, verb="train"))
    assert window.said == ["netart: ring.run: is finished: --fresh trains it again"]
    window.press("q")
    assert window.end() == 0


def test_ctrl_c_keeps_what_is_learned(live: Open) -> None:
    window = opened(live(*OPTIONS, verb="train"))
    for pid in (*children(window.process.pid), window.process.pid):  # as a terminal sends it
        os.kill(pid, signal.SIGINT)
    assert window.end() == 130
    assert window.said == [GOES_ON]
    assert made(read_run(window.folder / "ring.run")) > 0


def test_training_ends_with_a_window_that_is_killed(live: Open) -> None:
    window = opened(live(*OPTIONS, verb="train"))
    pids = children(window.process.pid)
    window.kill()
    until(lambda: not any(map(alive, pids)), limit_s=5)
    assert made(read_run(window.folder / "ring.run")) > 0


def test_without_a_display_nothing_goes_on(tmp_path: Path) -> None:
    window = Live("", tmp_path, *OPTIONS, verb="train")
    assert window.end() == 1
    (said,) = window.said
    assert "no display" in said
    assert made(read_run(window.folder / "ring.run")) > 0


def test_a_run_that_another_process_trains(live: Open, tmp_path: Path) -> None:
    path = tmp_path / "ring.run"
    with BackgroundTraining(path, head(LONG), RING, None) as training:
        training.wait_for_steps()
        window = live(path, "--follow", *CPU, "--size", "320x240").opened()
        shown = window.screenshot()
        until(lambda: (window.screenshot() != shown).any(), "nothing is learned on screen")
        window.press("home")
        assert "--step 0 " in shlex.join(window.command())
        window.press("end")
        assert "--step" not in window.command()


REFUSED = [
    ("live silk --follow", "--follow: SOURCE must be a run, as netart train writes them"),
    ("live --fresh --follow", "--follow: SOURCE must be a run, as netart train writes them"),
    ("train --live --seeds 1..2", "--live: has no meaning with --seeds: a window shows one run"),
]


@pytest.mark.parametrize(("line", "why"), REFUSED)
def test_what_cannot_be_shown_is_refused(folder: Path, line: str, why: str) -> None:
    found = CliRunner().invoke(cli, line.split())
    assert isinstance(found.exception, NetartError)
    assert str(found.exception) == why
    assert list(folder.iterdir()) == []

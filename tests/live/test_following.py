"""A run that grows while the window shows it: no training takes place, its file is written here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pytest

from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.files.runs import read_run, write_run
from netart.files.source import read_source
from netart.live import following, overlay, viewer
from netart.live.following import describe_time
from netart.net.learning.run import Run, State, Status
from netart.net.learning.trained import Trained
from tests.live.driver import MOST_S, Driver, Levels, OwnGpu, Steady, seen, settings_of
from tests.runs import made_run
from tests.shots import rendered, shot

SIZE = 64, 40
STEPS = (0, 1, 2, 5, 10, 20, 50, 100)  # the last is that of the training
PATH = Path("ring.run")

Open = Callable[..., Driver]

pytestmark = pytest.mark.usefixtures("folder")


def grown(count: int, status: Status = "unfinished", made: int | None = None) -> Run:
    """So many of the steps that are kept. made: how many steps have been made by then."""
    run = made_run("ring", steps=STEPS[:count])
    row = run.weights[-1]
    state = State(run.last if made is None else made, row, row, row)
    head = msgspec.structs.replace(run.head, status=status)
    return replace(run, head=head, state=state if status == "unfinished" else None)


def write(run: Run, written_s: float | None = None) -> None:
    write_run(PATH, run)
    if written_s is not None:
        os.utime(PATH, (written_s, written_s))


@pytest.fixture
def follow(drive: Open, cpu: Cpu) -> Open:
    """Opens a viewer that follows the file."""

    def make(evaluator: Evaluator = cpu, measures: bool = True, **texts: str) -> Driver:
        one = shot(read_source(PATH).shot, **texts)
        settings = settings_of(
            glide=False, follow=PATH, measures=measures, base=((str(PATH),), one)
        )
        return drive(evaluator, one, SIZE, settings)

    return make


def trained(driver: Driver) -> Trained:
    assert isinstance(driver.shot.network, Trained)
    return driver.shot.network


def grow(driver: Driver, run: Run) -> None:
    """Writes the run, and waits until the window has it."""
    write(run)
    driver.until(lambda: trained(driver).drawn.last == run.last)


def bare(driver: Driver) -> Levels:
    """What is on screen, once nothing is left to do, without panels."""
    driver.controller.panels = dict  # type: ignore[method-assign]
    driver.image.redraw()
    return driver.settle()


def test_the_newest_step_is_shown(follow: Open, cpu: Cpu) -> None:
    write(grown(3))
    driver = follow(palette="ramp:ink", lens="colour")
    for count in (5, 6, 8):
        grow(driver, grown(count))
        assert trained(driver).step == STEPS[count - 1]
        wanted = shot(read_source(PATH).shot, palette="ramp:ink", lens="colour")
        assert np.array_equal(bare(driver), rendered(wanted, SIZE, cpu))
    assert len(driver.history.past) == 0  # none of it is a step of the user's


def test_contrast_that_was_given_stays(follow: Open) -> None:
    write(grown(3))
    driver = follow(measures=False, lens="colour", palette="ramp:ink", contrast="-1:1")
    grow(driver, grown(5))
    assert driver.shot.look.contrast == ((-1, 1),)


def test_another_step_stays_until_the_last_is_asked_for(follow: Open, cpu: Cpu) -> None:
    write(grown(4))
    driver = follow()
    driver.settle()
    driver.type("J")
    assert trained(driver).step == 2
    grow(driver, grown(6))
    assert trained(driver).step == 2
    assert "end follows" in driver.controller.training
    driver.type("end")
    assert trained(driver).step == 20
    assert "end follows" not in driver.controller.training
    grow(driver, grown(7))
    assert trained(driver).step == 50
    assert np.array_equal(bare(driver), rendered(driver.shot, SIZE, cpu))


def test_steps_back_and_favourites_of_a_run_that_has_grown_since(follow: Open) -> None:
    write(grown(3))
    driver = follow()
    driver.settle()
    start = driver.shot.view
    driver.type("f left")
    grow(driver, grown(6))
    driver.type("u")
    assert driver.shot.view == start
    assert trained(driver).step == 20  # the newest, as before
    driver.type("tab")
    assert trained(driver).step == 2  # which the favourite is
    assert trained(driver).drawn.last == 20
    driver.type("j j")
    assert trained(driver).step == 10
    driver.type("0")
    assert trained(driver).step == 20


def test_the_command_names_the_step_of_the_file_as_it_is(follow: Open) -> None:
    write(grown(3))
    driver = follow()
    driver.settle()
    grow(driver, grown(6))
    driver.type("x J x")
    plain, earlier = driver.host.copied
    assert plain == "netart render ring.run --size 64x40"
    assert earlier == "netart render ring.run --step 10 --size 64x40"


def test_a_film_is_left_alone(follow: Open) -> None:
    write(grown(4))
    driver = follow()
    driver.settle()
    driver.type("t t t t space")
    assert "spin" in driver.said[-1]
    write(grown(6))
    end_s = time.perf_counter() + 0.3
    driver.until(lambda: time.perf_counter() > end_s)
    for one in (driver.shot, driver.history.shot):
        assert isinstance(one.network, Trained)
        assert one.network.drawn.last == 5
    driver.type("space")
    driver.until(lambda: trained(driver).drawn.last == 20)
    assert trained(driver).step == 20


def test_no_picture_on_the_way_is_coarse(
    follow: Open, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow the machine: the step before stays until the next one is drawn."""
    monkeypatch.setattr(viewer, "Speed", partial(_steady, 1e5))
    write(grown(3))
    driver = follow()
    driver.settle()
    driver.controller.panels = dict  # type: ignore[method-assign]
    driver.settle()
    shots, shown = [driver.shot], []
    swap = driver.host.swap_buffers
    driver.image._swap_buffers = lambda: (swap(), shown.append(seen(driver.target, SIZE)))
    for count in (4, 5, 6):
        grow(driver, grown(count))
        driver.image.redraw()
        driver.settle()
        shots.append(driver.shot)
    wanted = [rendered(one, SIZE, cpu) for one in shots]
    assert len(shown) > 5
    for picture in shown:
        assert any(np.array_equal(picture, one) for one in wanted)


def test_a_picture_is_finished_before_the_next_step_is_shown(
    follow: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a slow machine would never show any."""
    monkeypatch.setattr(viewer, "Speed", partial(_steady, 1e5))
    write(grown(3))
    driver = follow()
    driver.settle()
    reader = driver.controller._following._reader
    assert reader
    grow(driver, grown(4))
    assert driver.image.busy
    write(grown(5))
    end_s = time.perf_counter() + MOST_S
    while not reader._found:
        assert time.perf_counter() < end_s
        time.sleep(0.01)
    driver.until(lambda: trained(driver).step == STEPS[4] or not driver.image.busy)
    assert trained(driver).step == STEPS[3]
    driver.until(lambda: trained(driver).step == STEPS[4])


def _steady(rate: float, threads: int) -> Steady:
    return Steady(rate, threads)


def test_no_shader_is_compiled_while_it_learns(follow: Open, gpu: Gpu) -> None:
    write(grown(3))
    own = OwnGpu(gpu)
    driver = follow(own)
    grow(driver, grown(4))
    driver.settle()
    before = own.device.compiles
    assert before > 0
    for count in (5, 6, 7):
        grow(driver, grown(count))
        driver.settle()
    driver.type("J J home end space")
    end_s = time.perf_counter() + 0.3
    driver.until(lambda: time.perf_counter() > end_s)
    assert driver.controller._player.learning
    assert own.device.compiles == before
    own.release()


# Words.


def test_progress_is_told(follow: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = time.time()
    write(grown(3, made=4), now_s - 2)
    driver = follow()
    told = driver.controller
    driver.until(lambda: bool(told.training))
    assert told.training == "learning: 4 of 100"
    write(grown(6, made=24), now_s)
    driver.until(lambda: "24" in told.training)
    assert told.training == "learning: 24 of 100   8 s left   10/s"
    assert {"training", "step"} <= told.panels().keys()
    monkeypatch.setattr(following.time, "time", lambda: now_s + 75)
    assert told.training == "learning: 24 of 100   nothing new for 1 min 15 s"


@pytest.mark.parametrize("status", ["finished", "diverged"])
def test_the_end_is_told_once(follow: Open, cpu: Cpu, status: Status) -> None:
    write(grown(7))
    driver = follow()
    driver.settle()
    grow(driver, grown(8, status))
    assert driver.said[-1] == f"{status}: 100 steps   loss 0.100   100.00% right"
    assert driver.controller.training == ""
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))  # no panel is left
    said = len(driver.said)
    driver.type("left")
    driver.settle()
    assert not any("100 steps" in line for line in driver.said[said:])


def test_a_step_is_told_once(follow: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "NOTICE_S", 20.0)
    write(grown(6))
    driver = follow()
    driver.until(lambda: bool(driver.controller.training))
    driver.type("J")
    assert driver.controller.panels().keys() == {"training", "step"}
    driver.type("left")
    assert driver.controller.panels().keys() == {"training", "step", "notice"}


def test_a_step_is_on_screen_while_it_learns_or_numbers_are_asked_for(follow: Open) -> None:
    write(grown(8, "finished"))
    driver = follow()
    driver.settle()
    assert "step" not in driver.controller.panels()
    driver.type("i")
    assert {"step", "numbers"} <= driver.controller.panels().keys()
    driver.type("i space")
    assert driver.said[-1] == "film: learn   space stops it"
    assert "step" in driver.controller.panels()
    driver.type("space")
    assert "step" not in driver.controller.panels()


# What goes wrong.


def test_what_is_no_run_any_more_is_said_once(follow: Open, cpu: Cpu) -> None:
    write(grown(4))
    driver = follow()
    driver.settle()
    PATH.write_bytes(b"nothing")
    driver.until(lambda: "ring.run: " in driver.said[-1])
    said = len(driver.said)
    write(grown(6))
    end_s = time.perf_counter() + 0.1
    driver.until(lambda: time.perf_counter() > end_s)
    assert len(driver.said) == said
    assert driver.controller.training == ""
    driver.type("J")
    assert trained(driver).step == 2
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))


def test_a_file_that_goes_and_comes_back(follow: Open) -> None:
    write(grown(4))
    driver = follow()
    driver.settle()
    PATH.unlink()
    end_s = time.perf_counter() + 0.1
    driver.until(lambda: time.perf_counter() > end_s)
    grow(driver, grown(6))
    assert trained(driver).step == 20


def test_a_file_that_goes_while_it_is_read(follow: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    write(grown(4))
    driver = follow()
    driver.settle()
    gone: list[Path] = []

    def read(path: Path) -> Run:
        if not gone:
            gone.append(path)
            path.unlink()
        return read_run(path)

    monkeypatch.setattr(following, "read_run", read)
    write(grown(5))
    driver.until(lambda: bool(gone))
    grow(driver, grown(6))


def test_a_training_that_begins_anew(follow: Open) -> None:
    write(grown(7))
    driver = follow()
    driver.settle()
    grow(driver, grown(3))
    assert trained(driver).step == 2


def test_another_file_ends_it(follow: Open, folder: Path) -> None:
    write(grown(4))
    driver = follow()
    driver.settle()
    write_run(folder / "other.run", made_run("other"))
    driver.controller.on_drop(str(folder / "other.run"))
    write(grown(6))
    end_s = time.perf_counter() + 0.1
    driver.until(lambda: time.perf_counter() > end_s)
    assert (trained(driver).run, driver.controller.training) == ("other", "")
    driver.type("u")
    assert trained(driver).drawn.last == 5


TIMES = [
    (0.4, "0 s"),
    (59.4, "59 s"),
    (59.6, "1 min 00 s"),
    (185, "3 min 05 s"),
    (7800, "2 h 10 min"),
    (1e7, "2,777 h 46 min"),
]


@pytest.mark.parametrize(("seconds", "text"), TIMES)
def test_times_are_written(seconds: float, text: str) -> None:
    assert describe_time(seconds) == text

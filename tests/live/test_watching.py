"""A TOML file that is saved while the window shows it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.files.source import read_source, to_toml
from netart.live import file_reader, watching
from netart.live.preparation import prepare
from netart.net.recipe import Weights
from netart.shot.fields import text_of
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from tests.live.driver import Driver, settings_of
from tests.live.windows import CPU, Open, until
from tests.shots import explicit_network, rendered, shot

SIZE = 64, 40
PATH = Path("mine.toml")
CURVES = {"lens": "curves", "features": "x", "output_activation": "linear"}
ONE = shot(layers="2x5", seed="7", palette="ramp:ink")

Watch = Callable[..., Driver]

pytestmark = pytest.mark.usefixtures("folder")


def save(text: Shot | Timeline | str, in_place: bool = False) -> None:
    """As editors do: by another file that takes the place, or into the file itself."""
    path = PATH if in_place else Path("mine.toml~")
    path.write_text(text if isinstance(text, str) else to_toml(text))
    os.replace(path, PATH)


@pytest.fixture
def watch(drive: Watch, cpu: Cpu) -> Watch:
    """Saves what is given, and opens a viewer on it."""

    def make(document: Shot | Timeline, **texts: str) -> Driver:
        save(document)
        film = document if isinstance(document, Timeline) else None
        base = read_source(PATH).shot
        settings = settings_of(glide=False, base=((str(PATH),), base), film=film)
        return drive(cpu, shot(base, **texts), SIZE, settings)

    return make


def hear(driver: Driver, text: str) -> str:
    """The line that is said with this in it."""
    driver.until(lambda: any(text in line for line in driver.said))
    return next(line for line in driver.said if text in line)


def pause(driver: Driver, time_s: float = 0.1) -> None:
    end_s = time.perf_counter() + time_s
    driver.until(lambda: time.perf_counter() > end_s)


@pytest.mark.parametrize("in_place", [False, True])
def test_what_is_saved_is_shown_as_it_is_rendered(watch: Watch, cpu: Cpu, in_place: bool) -> None:
    driver = watch(ONE)
    other = shot(ONE, seed="8", palette="corners:frost")
    save(other, in_place)
    said = hear(driver, "mine.toml was saved")
    assert said == "mine.toml was saved   seed 8   palette corners:frost"
    assert driver.shot == prepare(other)
    driver.controller.panels = dict  # type: ignore[method-assign]
    driver.image.redraw()
    assert np.array_equal(driver.settle(), rendered(other, SIZE, cpu))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"palette": "corners:frost"}, {"palette": "rgb"}),  # which has no contrast of its own
        (CURVES, CURVES | {"seed": "8"}),
        ({"contrast": "-1:1"}, {"contrast": "-2:2"}),
        ({"lens": "regions"}, {"lens": "lines", "activation": "relu"}),
    ],
)
def test_what_is_measured_is_measured_again(
    watch: Watch, before: dict[str, str], after: dict[str, str]
) -> None:
    driver = watch(shot(layers="2x5", **before))
    other = shot(layers="2x5", **after)
    save(other)
    hear(driver, "saved")
    assert driver.shot == prepare(other)


def test_what_the_user_did_stays_beside_what_has_changed(watch: Watch) -> None:
    driver = watch(ONE, gamma="2")
    driver.type("left + n")
    before = driver.shot
    assert text_of(before, "seed") == "8"
    save(shot(ONE, palette="corners:frost"))
    hear(driver, "saved")
    assert (driver.shot.view, driver.shot.network) == (before.view, before.network)
    assert text_of(driver.shot, "palette") == "corners:frost"
    assert text_of(driver.shot, "gamma") == "2.0"
    driver.type("u")
    assert driver.shot == before
    driver.type("0")  # the start has what was saved
    assert text_of(driver.shot, "palette") == "corners:frost"
    assert (text_of(driver.shot, "gamma"), text_of(driver.shot, "seed")) == ("2.0", "7")
    assert driver.shot.view == ONE.view


def test_a_line_that_goes_is_a_change(watch: Watch) -> None:
    driver = watch(shot(ONE, gamma="2"))
    driver.type("left")
    view, plain = driver.shot.view, shot(layers="2x5", seed="7")
    save(plain)
    hear(driver, "saved")
    assert driver.shot == prepare(replace(plain, view=view))


def test_the_command_is_of_the_file_as_it_is(watch: Watch) -> None:
    explicit = Shot(network=Weights(content=explicit_network(2, 4)))
    driver = watch(explicit)
    save(shot(explicit, gamma="2"))
    hear(driver, "saved")
    driver.type("x")
    assert driver.host.copied[0].startswith("netart render mine.toml --contrast ")
    assert "gamma" not in driver.host.copied[0]


def test_what_is_wrong_is_said_and_the_picture_stays(watch: Watch) -> None:
    driver = watch(ONE)
    before = driver.shot
    for text, message in (
        ("[shot", "mine.toml: is not valid TOML: "),
        ("[shot.view]\nradius = -1", "mine.toml: view.radius = -1.0: must be"),
        ("[shot]\n[sheet]\nover = [{field = 'seed', values = '1..2'}]", "mine.toml: is a sheet"),
    ):
        save(text)
        hear(driver, message)
        pause(driver, 0.05)
        driver.controller.overlay.expire_notice(time.perf_counter() + 60)
        assert message in driver.controller.overlay.notice  # until the file is right
        assert sum(message in line for line in driver.said) == 1
        assert driver.shot == before
    save(shot(ONE, seed="9"))
    hear(driver, "saved   seed 9")
    assert len(driver.history.past) == 1


def test_half_a_file_is_not_told(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is written to while it is read."""
    driver = watch(ONE)
    read, halves = watching.read_source, []

    def read_half(path: Path) -> Any:
        if not halves:
            halves.append(path)
            save(shot(ONE, seed="9"))
            raise NetartError("half of it")
        return read(path)

    monkeypatch.setattr(watching, "read_source", read_half)
    save("half")
    hear(driver, "saved   seed 9")
    assert not any("half" in line for line in driver.said)


def test_a_save_without_a_change_is_no_step(watch: Watch) -> None:
    driver = watch(ONE)
    PATH.touch()
    save(f"# a remark\n{to_toml(ONE)}")
    pause(driver)
    assert not driver.history.past
    assert not any("saved" in line for line in driver.said)


def test_a_file_that_goes_and_comes_back(watch: Watch) -> None:
    driver = watch(ONE)
    PATH.unlink()
    pause(driver)
    assert len(driver.said) == 1
    save(shot(ONE, seed="9"))
    hear(driver, "saved   seed 9")


def test_a_file_whose_folder_becomes_a_file_and_comes_back(watch: Watch, tmp_path: Path) -> None:
    driver = watch(ONE)
    tmp_path.rename(moved := tmp_path.with_name("moved"))
    tmp_path.write_text("no folder")
    try:
        assert file_reader.stamp_of(tmp_path / PATH) is None
    finally:
        tmp_path.unlink()
        moved.rename(tmp_path)
    save(shot(ONE, seed="9"))
    hear(driver, "saved   seed 9")


def test_two_saves_while_nobody_looks_are_one_change(watch: Watch) -> None:
    driver = watch(ONE)
    reader = driver.controller._watching._reader
    assert reader
    for palette in ("ramp:ink", "corners:frost"):
        wanted = shot(ONE, seed="8", palette=palette)
        save(wanted)
        until(lambda wanted=wanted: reader._found == wanted)
    hear(driver, "saved   seed 8   palette corners:frost")
    assert len(driver.history.past) == 1


def test_a_film(watch: Watch) -> None:
    film = read_source("tour-20").document
    assert isinstance(film, Timeline)
    driver = watch(film)
    driver.type("space")
    save(shot(ONE, seed="9"))
    pause(driver)
    assert driver.controller._player.playing  # it is left alone
    driver.type("space")
    hear(driver, "saved")
    assert text_of(driver.shot, "seed") == "9"
    assert text_of(driver.shot, "layers") == "2x5"
    driver.type("space")
    assert "own" not in driver.said[-1]
    driver.type("space")
    driver.said.clear()
    save(film)
    hear(driver, "saved")
    driver.type("space")
    assert driver.said[-1] == "film: own   space stops it"


def test_another_file_ends_it(watch: Watch) -> None:
    driver = watch(ONE)
    Path("other.toml").write_text(to_toml(shot(ONE, seed="11")))
    driver.controller.on_drop("other.toml")
    save(shot(ONE, seed="9"))
    pause(driver)
    assert text_of(driver.shot, "seed") == "11"
    Path("other.toml").write_text(to_toml(shot(ONE, seed="12")))
    hear(driver, "other.toml was saved   seed 12")


def test_changes_are_merged_part_by_part() -> None:
    shots = [read_source(name).shot for name in ("silk", "ember", "lava", "tour-12", "ginn")]
    for before, after in permutations(shots, 2):
        assert watching._merge(before, before, after) == after
        assert watching._merge(after, before, before) == after
    one = shot(latent="a=0.1,b=0.2", center="3,4")
    found = watching._merge(one, shot(latent="a=0.5,b=0.2"), shot(latent="a=0.7,b=0.2"))
    assert [float(number) for number in found.view.centre] == [3, 4, 0.7, 0.2]


@pytest.mark.slow
def test_a_window(live: Open) -> None:
    window = live(*CPU, "--size", "320x240", "--layers", "2x5", "--fresh")
    window.kill()
    path = window.folder / "mine.toml"
    path.write_text(to_toml(ONE))
    window = live("mine.toml", *CPU, "--size", "320x240").opened()
    path.write_text(to_toml(shot(ONE, seed="9")))
    until(lambda: window.options()["--seed"] == "9")
    window.await_picture()
    window.press("q")
    assert window.end() == 0

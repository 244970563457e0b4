"""What `netart live` opens its window with, and what the next window goes on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netart.live.history import History
from netart.live.keys import ROWS
from netart.live.session import Session
from netart.live.settings import Settings
from netart.pixels import Size
from netart.shot.shot import Shot
from tests.program import Ran, Run

Live = Callable[..., Session]


class NoWindow:
    """Stands for a window that opens at the size it is given and is closed at once."""

    opened: Session

    def __init__(self, history: History, size: Size | None, settings: Settings) -> None:
        NoWindow.opened = self.session = Session(
            history.shot, history.favourites, size or (1280, 720)
        )

    def run(self) -> None: ...


@pytest.fixture
def ran(netart: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `netart live` without a window."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("netart.live.window.LiveWindow", NoWindow)

    def run(*arguments: object) -> Ran:
        ran = netart("live", *arguments)
        assert ran.status == 0, ran.err
        return ran

    return run


@pytest.fixture
def live(ran: Run) -> Live:
    """live(…) gives what the window of `netart live …` opens with."""

    def run(*arguments: object) -> Session:
        ran(*arguments)
        return NoWindow.opened

    return run


def next_seed(shot: Shot) -> Shot:
    change = ROWS["n"].keys["n"]
    assert callable(change)
    return change(shot, (0.0, 0.0))


def choose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets windows keep what they open with as a favourite, and leave with another seed."""

    def run(window: NoWindow) -> None:
        shot = window.session.shot
        window.session = window.session._replace(shot=next_seed(shot), favourites=(shot,))

    monkeypatch.setattr(NoWindow, "run", run)


def test_the_last_session_goes_on(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        choose(patch)
        first = live("--size", "400x300", "--fresh")
    assert live() == Session(next_seed(first.shot), (first.shot,), (400, 300))
    # A size is no option of the shot.
    assert live("--size", "320x240") == Session(next_seed(first.shot), (first.shot,), (320, 240))
    assert live("--fresh") == Session(first.shot, (), (1280, 720))


@pytest.mark.parametrize("asked", [["silk"], ["--seed", "3"], ["--palette", "ramp:ink"]])
def test_a_source_or_options_are_not_mixed_with_it(
    live: Live, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    alone = live(*asked, "--fresh")
    with monkeypatch.context() as patch:
        choose(patch)
        kept = live("--fresh", "--size", "400x300").shot
    assert live(*asked) == alone
    assert alone.shot != next_seed(kept)
    # The favourites stay all the same.
    assert live() == Session(alone.shot, (kept,), (1280, 720))


@pytest.mark.parametrize("text", [b"", b"size = [1, 2", b"\xff\xfe", b"size = [9, 9]\nshot = 1\n"])
def test_a_damaged_session_is_set_aside(ran: Run, tmp_path: Path, text: bytes) -> None:
    folder = tmp_path / "state" / "netart"
    folder.mkdir(parents=True)
    (folder / "live.toml").write_bytes(text)
    said = ran().err
    assert said.startswith("netart: warning: ")
    assert said.count("\n") == 1
    assert str(folder / "live.toml") in said
    assert "live.damaged.toml" in said
    assert ran().err == ""
    assert (folder / "live.damaged.toml").read_bytes() == text


def test_a_state_folder_that_cannot_be_written_costs_a_line(ran: Run, tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    said = ran("--fresh").err
    assert said.count("\n") == 1
    assert str(tmp_path / "state") in said

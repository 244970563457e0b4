"""Films that are interrupted and go on, and disks that refuse."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from netart.errors import MACHINE, NetartError
from netart.files.films.encoding import CODECS
from netart.files.films.video import FilmSpec, _convert
from tests.files.films.begun import COUNT, SIZE, Stop, content, drawn, state, stopping
from tests.films import frame_of, write
from tests.program import files
from tests.shots import noise

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("short")]

TIMES = [3, pytest.param(10, marks=pytest.mark.long)]
NAMES = ["a.mp4", "a.webm", "a.mov", "a.mkv", "a.gif", "a.png", "a.webp", "###.png"]


# Interruptions.


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("name", NAMES)
def test_interruptions_leave_no_trace(tmp_path: Path, name: str, times: int) -> None:
    for folder in ("whole", "cut"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "whole" / name, SIZE, COUNT)
    cut, dice = tmp_path / "cut" / name, random.Random(name)
    stops = 0
    for _ in range(times):
        try:
            write(cut, SIZE, COUNT, make=stopping(dice.randrange(COUNT // min(times, 6))))
        except Stop:
            stops += 1
            assert not cut.exists()
    write(cut, SIZE, COUNT)
    assert stops >= 0.7 * times
    assert content(cut.parent) == content(tmp_path / "whole")
    assert not state(cut).exists()


def test_no_frame_is_drawn_twice(begun: Path) -> None:
    assert drawn(begun) == (list(range(22, 38)), [f"{begun}: goes on: 21 of 37 frames are there"])


def test_stills_that_are_there_are_not_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "##.png"
    with pytest.raises(Stop):
        write(path, SIZE, COUNT, make=stopping(21))
    assert (tmp_path / "21.png").exists()
    (tmp_path / "03.png").unlink()
    (tmp_path / "04.png").write_bytes(b"another")
    numbers, said = drawn(path)
    assert numbers == [3, 4, *range(22, 38)]
    assert said == [f"{path}: goes on: 21 of 37 frames are there"]


def test_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is drawn, but the film did not get its name."""

    def stop(*_: object) -> None:
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr("netart.files.films.film.move_into_place", stop)
        with pytest.raises(Stop):
            write(tmp_path / "a.gif", SIZE, COUNT)
    assert files(tmp_path) == {".a.gif.part"}
    assert drawn(tmp_path / "a.gif")[0] == []
    assert files(tmp_path) == {"a.gif"}


def test_nothing_drawn_leaves_nothing(tmp_path: Path) -> None:
    for name in NAMES:
        with pytest.raises(Stop):
            write(tmp_path / name, SIZE, COUNT, make=stopping(0))
    assert files(tmp_path) == set()


# States that are not trusted.


def test_another_film_is_not_gone_on_with(begun: Path) -> None:
    numbers, said = drawn(begun, identity="another")
    assert numbers == list(range(1, 38))
    assert said == [f"{state(begun)}: what is there belongs to another film: starting over"]


@pytest.mark.parametrize(
    "change", [{"rate": Fraction(24)}, {"bits": 16}, {"numbers": range(2, 39)}]
)
def test_other_settings_are_another_film(begun: Path, change: dict[str, object]) -> None:
    numbers, said = drawn(begun, **change)
    assert len(numbers) == 37
    assert len(said) == 1


def test_fresh_starts_over(begun: Path) -> None:
    assert drawn(begun, fresh=True) == (list(range(1, 38)), [])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def replace_letter(path: Path) -> None:
    """By a byte that is no text."""
    before, _, after = path.read_bytes().rpartition(b"e")
    path.write_bytes(before + b"\xe5" + after)


DAMAGES = {
    "flipped": flip,
    "cut": lambda path: os.truncate(path, 100),
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "no text": replace_letter,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_damaged_pieces_are_drawn_again(begun: Path, damage: Callable[[Path], None]) -> None:
    whole = begun.with_name("whole.mkv")
    write(whole, SIZE, COUNT)
    (segment,) = state(begun).glob("segment-000001-*")
    (frame,) = state(begun).glob("frame-000018-*")
    damage(segment)
    damage(frame)
    assert drawn(begun)[0] == [*range(9, 17), 19, *range(22, 38)]
    assert begun.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_state_starts_over(begun: Path, damage: Callable[[Path], None]) -> None:
    damage(state(begun) / "state.json")
    numbers, said = drawn(begun)
    assert len(numbers) == 37
    assert len(said) == 1


def test_a_folder_of_someone_else_is_left_alone(begun: Path) -> None:
    (state(begun) / "thesis.tex").touch()
    for fresh in (False, True):
        with pytest.raises(NetartError, match=r"thesis\.tex"):
            write(begun, SIZE, COUNT, make=stopping(0), fresh=fresh)
    assert (state(begun) / "thesis.tex").exists()


def test_long_names_do_not_share_a_state(tmp_path: Path) -> None:
    one, two = (tmp_path / ("n" * 249 + f"{number}.mkv") for number in (1, 2))
    for path in (one, two):
        with pytest.raises(Stop):
            write(path, SIZE, COUNT, make=stopping(9))
    assert len(files(tmp_path)) == 2
    for path in (one, two):
        assert drawn(path)[0][0] == 10
    assert files(tmp_path) == {one.name, two.name}


def test_two_processes_do_not_draw_one_film(begun: Path) -> None:
    def frame(number: int) -> np.ndarray:
        with pytest.raises(NetartError, match="another process") as found:
            write(begun, SIZE, COUNT, make=stopping(0))
        assert found.value.status == MACHINE
        return frame_of(SIZE)(number)

    write(begun, SIZE, COUNT, make=frame)
    assert begun.exists()


# Disks and encoders that refuse.


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a.png"] + ["a.apng"])
def test_a_full_disk(tiny_disk: Path, name: str) -> None:
    with pytest.raises(NetartError, match=r"^/[^.]+\.\w+: the disk is full$") as found:
        write(tiny_disk / name, SIZE, 200, make=partial(noise, SIZE))
    assert found.value.status == MACHINE
    assert not (tiny_disk / name).exists()


def test_a_full_disk_keeps_what_is_whole(tiny_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.files.store.MIN_FREE_BYTES", 1 << 60)
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(bytes(200_000))
    with pytest.raises(NetartError, match="the disk is full"):
        write(tiny_disk / "a.mkv", SIZE, 12, make=partial(noise, SIZE))
    assert len(list(state(tiny_disk / "a.mkv").glob("segment-*"))) == 1
    ballast.unlink()
    numbers: list[int] = []

    def frame(number: int) -> np.ndarray:
        numbers.append(number)
        return noise(SIZE, number)

    write(tiny_disk / "a.mkv", SIZE, 12, make=frame)
    assert numbers == [9, 10, 11, 12]
    assert files(tiny_disk) == {"a.mkv"}


@pytest.mark.parametrize("name", NAMES)
def test_files_that_cannot_grow(tmp_path: Path, name: str) -> None:
    """As a full disk, without one: the system refuses what is beyond 5 kB of a file."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        with pytest.raises(NetartError, match="File too large") as found:
            write(tmp_path / name, SIZE, COUNT, make=partial(noise, SIZE))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert found.value.status == MACHINE
    assert not (tmp_path / name).exists()


def test_frames_leave_room_on_the_disk(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(list(state(begun).glob("frame-*"))) == 5
    shutil.rmtree(state(begun))
    monkeypatch.setattr("netart.files.store.MIN_FREE_BYTES", 1 << 60)
    with pytest.raises(Stop):
        write(begun, SIZE, COUNT, make=stopping(21))
    assert {path.name[:7] for path in state(begun).iterdir()} == {"segment", "state.j"}


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "###.png"])
def test_a_folder_that_is_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()

    def frame(number: int) -> np.ndarray:
        if number == 20:
            (tmp_path / "out").rename(tmp_path / "gone")
        return noise(SIZE, number)

    with pytest.raises(NetartError, match=r"No such file or directory|there is no folder") as found:
        write(tmp_path / "out" / name, SIZE, COUNT, make=frame)
    assert found.value.status == MACHINE
    assert not (tmp_path / "out").exists()


def test_an_encoder_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = CODECS["h264"]._replace(options=(("preset", "no such preset"),))
    monkeypatch.setitem(CODECS, "h264", broken)
    with pytest.raises(NetartError, match=r"a\.mp4: the encoder failed: ") as found:
        write(tmp_path / "a.mp4", SIZE, COUNT)
    assert found.value.status == MACHINE
    assert not (tmp_path / "a.mp4").exists()


@pytest.mark.parametrize("name", ["a.mkv", "a.gif"])
def test_what_is_written_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """libav does not tell of all that fails: here all that it writes is lost."""

    def convert(frame: np.ndarray, film: FilmSpec, number: int) -> av.VideoFrame:
        if number == 7:
            (part,) = state(tmp_path / name).glob("*.tmp")
            part.unlink()
            part.touch()
        return _convert(frame, film, number)

    monkeypatch.setattr("netart.files.films.video._convert", convert)
    with pytest.raises(NetartError, match="what was written cannot be read again") as found:
        write(tmp_path / name, SIZE, 8)
    assert found.value.status == MACHINE
    assert files(tmp_path) == {f".{name}.part"}


def test_errors_of_the_frames_are_not_the_disk_s(tmp_path: Path) -> None:
    def frame(number: int) -> np.ndarray:
        raise OSError(errno.ENOSPC, "in the frame")

    for name in NAMES:
        with pytest.raises(OSError, match="in the frame"):
            write(tmp_path / name, SIZE, COUNT, make=frame)

"""Folders of unfinished films: whose they are, what stands in them, and where they stand."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.files import store
from tests.files.films.begun import COUNT, SIZE, Stop, content, drawn, state, stopping
from tests.films import frame_of, write

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("short")]
ALL = list(range(1, COUNT + 1))


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """The film that was never interrupted."""
    (tmp_path / "whole").mkdir()
    return write(tmp_path / "whole" / "a.mkv", SIZE, COUNT).read_bytes()


# Whose they are.


def test_they_are_for_their_user_alone(begun: Path) -> None:
    assert stat.S_IMODE(state(begun).stat().st_mode) == 0o700


def open_to_others(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def of_another_user(folder: Path) -> None:
    folder.mkdir(0o700)
    os.chown(folder, 12345, -1)


def linked(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    folder.symlink_to("elsewhere")


def with_a_link(folder: Path) -> None:
    folder.mkdir(0o700)
    (folder / "1.tmp").symlink_to("../secret")


def with_a_link_to_a_piece(folder: Path) -> None:
    folder.mkdir(0o700)
    (folder / f"segment-000000-{hashlib.sha256(b'secret').hexdigest()}").symlink_to("../secret")


@pytest.mark.parametrize(
    "plant", [open_to_others, of_another_user, linked, with_a_link, with_a_link_to_a_piece]
)
def test_what_others_may_have_planted_is_refused(
    tmp_path: Path, plant: Callable[[Path], None]
) -> None:
    if plant is of_another_user and os.geteuid():
        pytest.skip("only root can give folders away")
    (tmp_path / "secret").write_bytes(b"secret")
    plant(tmp_path / ".a.mkv.part")
    for fresh in (False, True):
        with pytest.raises(NetartError, match=r"\.a\.mkv\.part: .*: move it away$"):
            write(tmp_path / "a.mkv", SIZE, COUNT, make=stopping(0), fresh=fresh)
    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert not (tmp_path / "a.mkv").exists()


def test_file_systems_without_owners_and_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All folders there look as if others had made them."""
    lstat = os.lstat

    def seems(path: Any, **options: Any) -> Any:
        if stat.S_ISDIR((found := lstat(path, **options)).st_mode) and not options:
            return SimpleNamespace(st_mode=stat.S_IFDIR | 0o777, st_uid=12345)
        return found

    monkeypatch.setattr("netart.files.store.os.lstat", seems)
    write(tmp_path / "a.mkv", SIZE, COUNT)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]


# What stands in them.


def plant(folder: Path, kind: str, position: int, data: bytes) -> None:
    """A piece whose name has the right hash, in place of the one that is there."""
    for path in folder.glob(f"{kind}-{position:06}-*"):
        path.unlink()
    (folder / f"{kind}-{position:06}-{hashlib.sha256(data).hexdigest()}").write_bytes(data)


@pytest.mark.parametrize("data", [b"", b"no frame", bytes(64 * 48 * 3 + 1), bytes(1 << 20)])
def test_frames_of_another_size(begun: Path, whole: bytes, data: bytes) -> None:
    plant(state(begun), "frame", 17, data)
    assert drawn(begun)[0] == [18, *ALL[21:]]
    assert begun.read_bytes() == whole


def segment(path: Path, count: int = 8, size: tuple[int, int] = SIZE, **wishes: Any) -> bytes:
    return write(path, size, count, text="", **wishes).read_bytes()


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: b"",
        lambda folder: b"#EXTM3U\nfile:///etc/passwd\n",
        lambda folder: segment(folder / "s.mkv", count=7),
        lambda folder: segment(folder / "s.mkv", count=9),
        lambda folder: segment(folder / "s.mkv", size=(48, 64)),
        lambda folder: segment(folder / "s.mp4"),
        lambda folder: segment(folder / "s.mkv")[:-400],
    ],
    ids=["empty", "list", "short", "long", "size", "codec", "cut"],
)
def test_segments_of_another_film(begun: Path, whole: bytes, make: Callable[[Path], bytes]) -> None:
    plant(state(begun), "segment", 1, make(begun.parent))
    numbers, _ = drawn(begun)
    assert numbers == [*ALL[8:16], *ALL[21:]]
    assert begun.read_bytes() == whole


def test_marks_of_stills_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        write(tmp_path / "##.png", SIZE, COUNT, make=stopping(3))
    folder = state(tmp_path / "##.png")
    plant(folder, "still", 1, b"another")
    plant(folder, "still", 2, b"")
    plant(folder, "still", 30, b"nothing")
    numbers, _ = drawn(tmp_path / "##.png")
    assert numbers == ALL[1:]
    got = content(tmp_path)
    (tmp_path / "whole").mkdir()
    write(tmp_path / "whole" / "##.png", SIZE, COUNT)
    assert got == content(tmp_path / "whole")


@pytest.mark.parametrize("text", [b"[]", b'{"film":1,"machines":[]}', b"[" * 100_000, b"\xff"])
def test_states_that_say_nothing(begun: Path, whole: bytes, text: bytes) -> None:
    (state(begun) / "state.json").write_bytes(text)
    numbers, said = drawn(begun)
    assert (numbers, len(said)) == (ALL, 1)
    assert begun.read_bytes() == whole


# Another machine.


@pytest.fixture
def elsewhere(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The film's folder has come to a machine with another numpy."""
    monkeypatch.setattr("netart.files.identity.np.__version__", "9.9.9")
    return begun


def test_another_machine_starts_over(elsewhere: Path) -> None:
    numbers, said = drawn(elsewhere)
    assert numbers == ALL
    assert len(said) == 1
    assert f"drawn with numpy {np.__version__}" not in said[0]
    assert "here is numpy 9.9.9: starting over (or --allow-mixed)" in said[0]


def test_another_machine_goes_on_where_it_is_allowed(elsewhere: Path) -> None:
    numbers, said = drawn(elsewhere, allow_mixed=True)
    assert numbers == ALL[21:]
    assert "here is numpy 9.9.9: pixels may differ a little" in said[0]
    assert said[1:] == [f"{elsewhere}: goes on: 21 of 37 frames are there"]


def test_a_mixed_film_is_no_machine_s_own(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the first one's, when it comes back."""
    with monkeypatch.context() as patch:
        patch.setattr("netart.files.identity.np.__version__", "9.9.9")
        with pytest.raises(Stop):
            write(begun, SIZE, COUNT, make=stopping(3), allow_mixed=True)
    numbers, said = drawn(begun)
    assert numbers == ALL
    assert "drawn with numpy 9.9.9, here is" in said[0]


def test_another_film_is_never_mixed(begun: Path) -> None:
    numbers, said = drawn(begun, identity="another", allow_mixed=True)
    assert numbers == ALL
    assert said == [f"{state(begun)}: what is there belongs to another film: starting over"]


# Where they stand.


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF])
def test_file_systems_without_locks(
    begun: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def flock(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", flock)
    assert drawn(begun)[0] == ALL[21:]
    assert begun.read_bytes() == whole


def no_size(path: object) -> Any:
    return SimpleNamespace(total=0, free=0)


def fails(*_: object, **__: object) -> Any:
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("usage", [no_size, fails])
def test_file_systems_that_do_not_tell_their_size(
    begun: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch, usage: Callable[[object], Any]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", usage)
    shutil.rmtree(state(begun))
    with pytest.raises(Stop):
        write(begun, SIZE, COUNT, make=stopping(21))
    assert drawn(begun)[0] == ALL[21:]
    assert begun.read_bytes() == whole


def test_what_cannot_be_removed_does_not_matter(
    begun: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "unlink", fails)
    numbers, said = drawn(begun)
    assert numbers == ALL[21:]
    assert begun.read_bytes() == whole
    assert said[1:] == [f"{state(begun)}: cannot be removed: Input/output error"]


def test_an_interruption_at_the_beginning_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_lock", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a.mkv", SIZE, 3)
    assert not [*tmp_path.iterdir()]


def test_an_interruption_at_the_end_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear, calls = store._clear, iter(range(9))

    def interrupted(folder: Path) -> None:
        clear(folder)
        if next(calls) == 1:  # after the one that begins the film
            (folder / "1.tmp").touch()
            raise KeyboardInterrupt

    monkeypatch.setattr(store, "_clear", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a.mkv", SIZE, COUNT)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]


def test_frames_that_do_not_fit_are_not_needed(
    tiny_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film fits, its frames beside it do not."""
    monkeypatch.setattr(shutil, "disk_usage", no_size)
    (tiny_disk / "ballast").write_bytes(bytes(240_000))
    write(tiny_disk / "a.mp4", SIZE, COUNT)
    assert {path.name for path in tiny_disk.iterdir()} == {"ballast", "a.mp4"}


@pytest.mark.parametrize("name", ["a.mkv", "a.gif", "##.png"])
def test_a_full_disk_leaves_no_temporaries(tiny_disk: Path, name: str) -> None:
    (tiny_disk / "ballast").write_bytes(bytes(250_000))
    with pytest.raises(NetartError, match="the disk is full"):
        write(tiny_disk / name, SIZE, 200)
    assert not list(tiny_disk.rglob("*.tmp"))


def test_a_folder_of_parts_that_is_removed(tmp_path: Path) -> None:
    def frame(number: int) -> np.ndarray:
        if number == 20:
            (tmp_path / ".a.mkv.part").rename(tmp_path / "gone")
        return frame_of(SIZE)(number)

    with pytest.raises(NetartError, match=r"a\.mkv: No such file or directory$"):
        write(tmp_path / "a.mkv", SIZE, COUNT, make=frame)
    assert not (tmp_path / "a.mkv").exists()


# Beside older films.


def test_frames_of_a_longer_film_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a##.png", SIZE, 12)
    (tmp_path / "a099.png").touch()  # not of the pattern
    (tmp_path / "a15.png").touch()
    said: list[str] = []
    write(tmp_path / "a##.png", SIZE, 9, say=said.append)
    others = "other frames are there, too (10 to 12, 15), and not of this film, which has 9"
    assert said == [f"{tmp_path}/a##.png: {others}"]


def test_a_part_of_a_film_does_not_mind_the_rest(tmp_path: Path) -> None:
    said: list[str] = []
    write(tmp_path / "a##.png", SIZE, 12)
    write(tmp_path / "a##.png", SIZE, numbers=[3, 12], say=said.append)
    assert said == []

"""Temporary files: whose they are, and when they go."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netart.files.temporary import lock, reserve, temporary_file, temporary_folder

NEW = ".b.png.netart-0123456789ab.part"


def age(path: Path, seconds: float) -> None:
    then_s = time.time() - seconds
    os.utime(path, (then_s, then_s), follow_symlinks=False)


def touch(path: Path) -> None:
    path.touch()


def link(path: Path) -> None:
    path.symlink_to(__file__)


def locked(path: Path) -> None:
    path.touch()
    assert lock(os.open(path, os.O_RDWR))  # until the tests end


def others(path: Path) -> None:
    path.touch()
    try:
        os.chown(path, 65534, -1)
    except PermissionError:
        pytest.skip("files cannot be given away here")


@pytest.mark.parametrize(
    ("name", "make", "seconds", "stays"),
    [
        (NEW, touch, 600, False),
        (NEW, touch, 60, True),
        (NEW, locked, 600, True),
        (NEW, others, 600, True),
        (NEW, link, 600, True),
        (NEW, os.mkfifo, 600, True),
        (".b.png.netart-name", touch, 600, False),
        (".a.png.4711.part", touch, 100_000, False),  # as versions without locks called it
        (".a.png.4711.part", touch, 600, True),
        (".b.png.4711.part", touch, 100_000, True),
        (".a.png.part", touch, 100_000, True),
        ("a.netart-0123456789ab.part", touch, 100_000, True),
    ],
)
def test_what_is_stale_goes_and_nothing_else(
    tmp_path: Path, name: str, make: Callable[[Path], object], seconds: float, stays: bool
) -> None:
    make(tmp_path / name)
    age(tmp_path / name, seconds)
    with temporary_file(tmp_path / "a.png") as (path, file), file:
        names = {entry.name for entry in tmp_path.iterdir()} - {path.name}
        path.unlink()
    assert names == ({name} if stays else set())


def test_no_two_temporary_files_share_a_name(tmp_path: Path) -> None:
    long = tmp_path / ("雪" * 80 + ".png")  # 244 bytes of the 255 that a name may have
    with temporary_file(long) as (one, first), temporary_file(long) as (two, second):
        assert one != two
        first.close()
        assert lock(os.open(one, os.O_RDWR)) is False, "locked until it has its name"
        second.close()
        one.unlink()
        two.unlink()


def test_a_system_that_spells_names_in_ascii(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    with temporary_file(tmp_path / "雪.png") as (path, file), file:
        assert path.name.isascii()
        path.unlink()


def test_an_exception_removes_the_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), temporary_file(tmp_path / "a.png"):
        raise KeyboardInterrupt
    assert not [*tmp_path.iterdir()]


def test_folders_of_streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = []
    for name, content, seconds, stays in (
        ("netart-film-01234567", "1.tmp", 600, False),
        ("netart-film-01234568", "mine.txt", 600, True),
        ("netart-film-01234569", "1.tmp", 60, True),
        ("netart-01234567", "1.tmp", 100_000, False),
        ("netart-pictures", "mine.png", 100_000, True),
    ):
        folder = tmp_path / name
        folder.mkdir(0o700)
        (folder / content).touch()
        age(folder, seconds)
        kept += [folder] if stays else []
    with temporary_folder(r"\d+\.tmp") as folder:
        assert sorted(tmp_path.iterdir()) == sorted([*kept, folder])
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_name_is_reserved_once(tmp_path: Path) -> None:
    path, mark = tmp_path / "a.png", tmp_path / ".a.png.netart-name"
    with reserve(path) as ours, reserve(path) as theirs:
        assert (ours, theirs) == (True, False)
    assert not [*tmp_path.iterdir()]
    mark.touch()  # a killed process's
    with reserve(path) as ours:
        assert ours
    assert not mark.exists()


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_names_are_reserved_where_nothing_can_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def flock(*arguments: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", flock)
    with reserve(tmp_path / "a") as ours, reserve(tmp_path / "a") as theirs:
        assert (ours, theirs) == (True, False)
    age_of_nothing = tmp_path / NEW
    age_of_nothing.touch()
    age(age_of_nothing, 600)
    with temporary_file(tmp_path / "a.png") as (path, file), file:
        path.unlink()
    assert age_of_nothing.exists(), "its writer may be at work"

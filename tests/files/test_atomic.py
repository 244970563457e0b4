"""Files on disks that lack something, or fill, and streams that take a part of what is written."""

from __future__ import annotations

import errno
import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from netart.errors import NetartError
from netart.files.atomic import (
    Stream,
    check_room,
    check_target,
    is_device,
    is_stdout,
    report_os_errors,
    write_atomically,
)


def refuse(code: int) -> Any:
    def call(*arguments: Any, **options: Any) -> None:
        raise OSError(code, os.strerror(code))

    return call


def write(path: Path, text: bytes, new: bool = False) -> None:
    with write_atomically(path, new) as file:
        file.write(text)


@pytest.fixture
def pipe() -> Any:
    """The end of a pipe to write, and what has come out of it at its close."""
    ours, theirs = os.pipe()
    got = bytearray()

    def read() -> None:
        while piece := os.read(ours, 1 << 12):
            got.extend(piece)
        os.close(ours)

    reader = threading.Thread(target=read)
    reader.start()
    yield theirs, lambda: (os.close(theirs), reader.join(), bytes(got))[2]


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK])
def test_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(os, "link", refuse(code))
    write(tmp_path / "a", b"first", new=True)
    with pytest.raises(NetartError, match="a: File exists"):
        write(tmp_path / "a", b"second", new=True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first"]
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_call_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write(tmp_path / "a", b"old")
    monkeypatch.setattr(os, call, refuse(errno.EIO))
    with pytest.raises(NetartError, match="a: Input/output error") as found:
        write(tmp_path / "a", b"new")
    assert found.value.status == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_what_is_replaced_passes_on_who_may_read_it_but_not_as_whom_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    path.chmod(0o6710)
    write(path, b"new")
    assert path.stat().st_mode & 0o7777 == 0o710


def test_a_folder_that_goes_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    with pytest.raises(NetartError, match="a: No such file"), write_atomically(folder / "a"):
        folder.rename(tmp_path / "g")
    assert [*tmp_path.iterdir()] == [tmp_path / "g"]


@pytest.mark.parametrize("free", [OSError(errno.EIO, "gone"), (0, 0, 0)], ids=["fails", "zeros"])
def test_a_disk_that_does_not_say_what_is_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: Any
) -> None:
    def statvfs(path: Any) -> Any:
        if isinstance(free, OSError):
            raise free
        return os.statvfs_result((512, 512, *free, 0, 0, 0, 0, 255))

    monkeypatch.setattr(os, "statvfs", statvfs)
    check_room(tmp_path / "a", 1e12)


def test_how_much_is_free_is_never_told_as_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for blocks, told in (8, "needs at least 0.005 MB, 0.004 MB are free"), (0, "the disk is full"):
        found = os.statvfs_result((512, 512, 99, blocks, blocks, 0, 0, 0, 0, 255))
        monkeypatch.setattr(os, "statvfs", lambda path, found=found: found)
        with pytest.raises(NetartError, match=f"a: {told}$"):
            check_room(tmp_path / "a", 5_000)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EFBIG, "File too large"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_errors_of_the_system_are_one_line(code: int, told: str) -> None:
    with pytest.raises(NetartError, match=f"^a: {told}$") as found, report_os_errors("a"):
        refuse(code)()
    assert found.value.status == 1


def test_a_stream_takes_all_of_what_is_written(pipe: Any) -> None:
    descriptor, end = pipe
    os.set_blocking(descriptor, False)  # as another process may have left it
    data = os.urandom(1 << 18)  # more than a pipe holds
    with Stream(descriptor, "stdout", closes=False) as stream:
        assert stream.write(data) == len(data)
        assert stream.fileno() == descriptor
    assert end() == data


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_stream_that_is_full_says_so_once(tmp_path: Path) -> None:
    full = Path("/dev/full")
    with Stream(full, "stdout") as stream, pytest.raises(NetartError, match=r"^stdout: the disk"):
        stream.write(b"x")
    with pytest.raises(NetartError, match=r"^/dev/full: the disk is full$"):
        write(full, b"x")


def test_paths_of_descriptors_are_written_straight(pipe: Any, tmp_path: Path) -> None:
    descriptor, end = pipe
    for path in Path(f"/dev/fd/{descriptor}"), Path(f"/proc/self/fd/{descriptor}"):
        check_target(path)
        assert is_device(path)
        assert not is_stdout(path)
        write(path, b"x")
    assert end() == b"xx"
    with (tmp_path / "a").open("wb") as file:
        (tmp_path / "a").unlink()  # to open its path anew would make another file
        write(Path(f"/dev/fd/{file.fileno()}"), b"xyz")
        assert os.fstat(file.fileno()).st_size == 3
    ours, theirs = socket.socketpair()
    with ours, theirs:
        write(Path(f"/dev/fd/{ours.fileno()}"), b"x")
        assert theirs.recv(9) == b"x"
    assert is_stdout(Path("/dev/stdout"))
    assert is_stdout(Path("/dev/fd/1"))
    with pytest.raises(NetartError, match="Bad file descriptor"):
        check_target(Path("/dev/fd/99999"))


def test_devices_need_no_folder_that_can_be_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write anywhere: the system's answer is replaced.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    check_target(Path(os.devnull))

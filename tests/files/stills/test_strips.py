"""Pictures that are interrupted and go on from the strips that they have kept."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from netart import lens
from netart.errors import MACHINE, NetartError
from netart.evaluate.cpu import Cpu
from netart.files.stills import strips
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.files.store import Store
from netart.shot.shot import Shot
from tests.program import files
from tests.shots import REFERENCE, shot

SIZE, ROWS, COUNT = (40, 60), 8, 8  # the last strip has four rows
ONE = shot(seed="5", layers="2x4")
PLAIN = ImageEncoding()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Low strips, that are kept from the first on, on any disk."""
    monkeypatch.setattr(lens, "STRIP_PIXELS", SIZE[0] * ROWS)
    monkeypatch.setattr(lens, "STRIP_ROWS", ROWS)
    monkeypatch.setattr(strips, "LONG_S", 0.0)
    monkeypatch.setattr("netart.files.store.MIN_FREE_BYTES", 0)


class Drawing(NamedTuple):
    """What one call did."""

    strips: list[int]  # that were drawn
    kept: list[int]  # rows, as they were told
    said: list[str]


def draw(
    path: Path,
    stop: tuple[int, BaseException] | None = None,
    evaluator: Any = REFERENCE,
    one: Shot = ONE,
    size: tuple[int, int] = SIZE,
    encoding: ImageEncoding = PLAIN,
    **wishes: Any,
) -> Drawing:
    """Draws the picture. stop: after so many strips it is raised, and caught here."""
    made = Drawing([], [], [])

    def stopping(*arguments: Any) -> Iterator[Any]:
        *others, windows = arguments

        def watched() -> Iterator[Any]:
            for window in windows:
                made.strips.append(window.top // ROWS)
                yield window

        for number, strip in enumerate(lens.strips(*others, watched())):
            if stop and number == stop[0]:
                raise stop[1]
            yield strip

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strips, "strips", stopping)
        spec = plan_image(path, one, size, encoding)
        wishes = {"kept": made.kept.append, "say": made.said.append} | wishes
        try:
            strips.draw_shot(spec, one, evaluator, **wishes)
        except BaseException as error:
            if stop is None or error is not stop[1]:
                raise
    return made


def folder(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A picture that has stopped after five strips."""
    draw(tmp_path / "a.png", (5, KeyboardInterrupt()))
    return tmp_path / "a.png"


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """The picture that was never interrupted."""
    (tmp_path / "whole").mkdir()
    draw(tmp_path / "whole" / "a.png")
    return (tmp_path / "whole" / "a.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "bits", "error"),
    [
        ("a.png", 8, KeyboardInterrupt()),
        ("a.png", 16, SystemExit()),
        ("a.tif", 8, NetartError("the scheduler is gone")),
        ("a.tif", 16, KeyboardInterrupt()),
        ("a.exr", 16, KeyboardInterrupt()),
        ("a.jpg", 8, KeyboardInterrupt()),
    ],
)
def test_two_interruptions_leave_no_trace(
    tmp_path: Path, name: str, bits: int, error: BaseException
) -> None:
    path, encoding = tmp_path / name, ImageEncoding(bits=bits)
    (tmp_path / "whole").mkdir()
    seen: list[int] = []
    draw(
        tmp_path / "whole" / name, encoding=encoding, look=lambda strip: seen.append(strip.shape[0])
    )
    first = draw(path, (2, error), encoding=encoding)
    assert (first.kept, first.said) == ([8, 16], [])
    assert files(tmp_path) == {"whole", f".{name}.part"}
    second = draw(path, (4, error), encoding=encoding)
    assert second.strips[0] == 2
    assert second.kept == [16, 24, 32, 40, 48]
    assert second.said == [f"{path}: goes on: 16 of 60 rows are there"]
    again: list[int] = []
    third = draw(path, encoding=encoding, look=lambda strip: again.append(strip.shape[0]))
    assert third == Drawing([6, 7], [48, 56, 60], [f"{path}: goes on: 48 of 60 rows are there"])
    assert seen == again == [8] * 7 + [4]
    assert files(tmp_path) == {"whole", name}
    assert path.read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_damaged_strips_are_drawn_and_kept_again(begun: Path, whole: bytes, damage: str) -> None:
    (piece,) = folder(begun).glob("strip-000003-*")
    data = piece.read_bytes()
    if damage == "gone":
        piece.unlink()
    else:
        piece.write_bytes(data[:-1] + (b"" if damage == "cut" else bytes([data[-1] ^ 1])))
    assert draw(begun, (1, KeyboardInterrupt())).strips[0] == 3
    assert piece.read_bytes() == data
    assert draw(begun).strips == [5, 6, 7]
    assert begun.read_bytes() == whole


def test_strips_of_another_size_are_not_taken(begun: Path, whole: bytes) -> None:
    (piece,) = folder(begun).glob("strip-000003-*")
    (other,) = folder(begun).glob("strip-000004-*")
    piece.unlink()
    other.rename(other.with_name(other.name.replace("000004", "000007")))
    assert draw(begun).strips == [3, 4, 5, 6, 7]
    assert begun.read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [
        {"one": shot(seed="6", layers="2x4")},
        {"size": (41, 60)},
        {"encoding": ImageEncoding(bits=16)},
        {},
    ],
    ids=["shot", "size", "bits", "evaluator"],
)
def test_another_picture_starts_over(begun: Path, cpu: Cpu, change: dict[str, Any]) -> None:
    made = draw(begun, **change or {"evaluator": cpu})
    assert made.strips == [*range(COUNT)]
    assert made.said == [
        f"{folder(begun)}: what is there belongs to another picture: starting over"
    ]


def test_metadata_and_resolution_are_of_the_file_alone(begun: Path) -> None:
    assert draw(begun, encoding=ImageEncoding(metadata=False, dpi=300)).strips == [5, 6, 7]


def test_fresh_starts_over(begun: Path) -> None:
    assert draw(begun, fresh=True)[::2] == ([*range(COUNT)], [])


def test_another_machine_starts_over_or_mixes(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.files.identity.np.__version__", "9.9.9")
    mixed = draw(begun, (2, KeyboardInterrupt()), allow_mixed=True)
    assert mixed.strips[0] == 5
    assert "here is numpy 9.9.9: pixels may differ a little" in mixed.said[0]
    monkeypatch.setattr("netart.files.identity.np.__version__", "9.9.8")
    over = draw(begun)
    assert over.strips == [*range(COUNT)]
    assert "here is numpy 9.9.8: starting over (or --allow-mixed)" in over.said[0]


def test_what_is_quick_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "LONG_S", 99.0)
    made = draw(tmp_path / "a.png", (5, KeyboardInterrupt()))
    assert made[1:] == ([], [])
    assert files(tmp_path) == set()


def test_what_turns_out_to_take_long_is_kept_from_then_on(
    tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = iter([0.0, 0.1, 0.2, 3.0, 4.0, 5.0])  # the third strip of eight takes long
    with monkeypatch.context() as patch:
        patch.setattr(strips, "LONG_S", 5.0)
        patch.setattr(strips.time, "monotonic", lambda: next(now_s))
        made = draw(tmp_path / "a.png", (5, KeyboardInterrupt()))
    assert made.kept == [8, 16, 24]
    assert draw(tmp_path / "a.png").strips == [0, 1, 5, 6, 7]
    assert (tmp_path / "a.png").read_bytes() == whole


def test_a_picture_of_one_strip_keeps_nothing(tmp_path: Path) -> None:
    assert draw(tmp_path / "a.png", size=(40, 8)).kept == []


def test_a_device_keeps_nothing(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        made = draw(Path(f"/dev/fd/{file.fileno()}"), encoding=ImageEncoding("png"))
    assert made == Drawing([*range(COUNT)], [], [])
    assert files(tmp_path) == {"a"}


def test_what_is_refused_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NetartError, match="float64"):
        draw(tmp_path / "a.png", one=shot(radius="1e-200", center="0.3,0.1"))
    assert files(tmp_path) == set()


def test_two_processes_do_not_draw_one_picture(begun: Path) -> None:
    def look(strip: Any) -> None:
        with pytest.raises(NetartError, match="another process draws this picture") as found:
            draw(begun)
        assert found.value.status == MACHINE

    draw(begun, look=look)
    assert files(begun.parent) == {"a.png"}


def test_a_folder_of_someone_else_is_left_alone(begun: Path) -> None:
    (folder(begun) / "thesis.tex").touch()
    with pytest.raises(NetartError, match=r"thesis\.tex"):
        draw(begun)
    assert not begun.exists()


def test_strips_are_for_their_user_alone(begun: Path) -> None:
    assert stat.S_IMODE(folder(begun).stat().st_mode) == 0o700


def test_a_full_disk_is_no_error_of_the_picture(
    begun: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been written already makes room."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep", full)
        made = draw(begun, (2, KeyboardInterrupt()))
    assert (made.kept[0], made.kept[-1]) == (40, 0)
    assert not folder(begun).exists()
    assert draw(begun).strips == [*range(COUNT)]
    assert begun.read_bytes() == whole


@pytest.mark.parametrize("place", [(Store, "keep"), (os, "mkdir")], ids=["strip", "folder"])
def test_strips_that_cannot_be_kept_are_no_error_of_the_picture(
    tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str]
) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(*place, fails)
        made = draw(tmp_path / "a.png")
    assert made.kept == []
    (line,) = made.said
    assert line.endswith("Input/output error: no more of its strips are kept")
    assert files(tmp_path) == {"whole", "a.png"}
    assert (tmp_path / "a.png").read_bytes() == whole


def test_going_on_takes_the_memory_of_a_few_strips(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 40, of 1 MB each."""
    size, strip = (4096, 40 * 20), np.zeros((20, 4096, 3), np.float32)
    monkeypatch.setattr(lens, "STRIP_PIXELS", 20 * 4096)
    monkeypatch.setattr(lens, "STRIP_ROWS", 20)
    monkeypatch.setattr(lens, "_start", lambda *_: strip.copy)

    seen: list[int] = []

    def look(_: np.ndarray) -> None:
        if not seen:
            tracemalloc.reset_peak()  # the state has been read
        seen.append(tracemalloc.get_traced_memory()[1])

    draw(tmp_path / "a.npy", (30, KeyboardInterrupt()), size=size)
    tracemalloc.start()
    try:
        assert len(draw(tmp_path / "a.npy", size=size, look=look).strips) == 10
    finally:
        tracemalloc.stop()
    assert 1 << 20 < seen[-1] < 8 << 20


@pytest.mark.slow
def test_a_killed_picture_goes_on(tmp_path: Path) -> None:
    size = 32, 400
    code = (
        "import sys; from netart import lens; from netart.files.stills import strips; "
        "from tests.files.stills.test_strips import draw; from pathlib import Path; "
        "import netart.files.store; netart.files.store.MIN_FREE_BYTES = 0; strips.LONG_S = 0; "
        f"lens.STRIP_PIXELS = lens.STRIP_ROWS = {ROWS}; "
        "import time; "
        f"draw(Path(sys.argv[1]), size={size}, look=lambda strip: time.sleep(0.02))"
    )
    path = tmp_path / "a.png"
    with subprocess.Popen([sys.executable, "-c", code, path]) as process:
        end = time.monotonic() + 30
        while len(list(tmp_path.glob(".a.png.part/strip-*"))) < 9 and time.monotonic() < end:
            time.sleep(0.01)
        process.kill()
    assert not path.exists()
    made = draw(path, size=size)
    there = size[1] // ROWS - len(made.strips)
    assert 9 <= there < 50
    assert made.strips == [*range(there, 50)]
    (tmp_path / "whole").mkdir()
    draw(tmp_path / "whole" / "a.png", size=size)
    assert path.read_bytes() == (tmp_path / "whole" / "a.png").read_bytes()
    assert not folder(path).exists()

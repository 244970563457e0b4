"""What is said of a long film after its first frames, and that it costs no frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.cli.films import spell_seconds
from netart.files.films.forecast import Forecast
from netart.pixels import Size
from tests.films import frame_of, write

# Of films that libav writes; one of whole frames needs fewer to be foretold.
SIZE, COUNT = (96, 64), 120
SMALL, FEW = (48, 32), 24


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every film is long."""
    monkeypatch.setattr("netart.files.films.forecast.LONG_S", 0.0)


def drawn(
    path: Path, size: Size = SMALL, count: int = FEW, **wishes: Any
) -> tuple[list[Forecast], list[int]]:
    """What is foretold of a film, and the numbers of its frames in the order they are drawn."""
    foretold: list[Forecast] = []
    numbers: list[int] = []

    def frame(number: int) -> np.ndarray:
        numbers.append(number)
        return frame_of(size)(number)

    write(path, size, count, make=frame, foretell=foretold.append, **wishes)
    return foretold, numbers


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.gif", "a.webp"])
def test_the_size_is_foretold_and_no_frame_drawn_twice(tmp_path: Path, name: str) -> None:
    size, count = (SMALL, FEW) if name in ("a.gif", "a.webp") else (SIZE, COUNT)
    (forecast,), numbers = drawn(tmp_path / name, size, count)
    assert sorted(numbers) == list(range(1, count + 1))
    bytes_there = (tmp_path / name).stat().st_size
    assert forecast.size == pytest.approx(bytes_there, rel=0.3)
    assert forecast.seconds > 0
    if name in ("a.gif", "a.webp"):
        assert forecast.smaller
        smaller, less = forecast.smaller
        assert smaller == (32, 22)
        assert less < forecast.size
    else:
        assert forecast.smaller is None
        whole = (tmp_path / name).read_bytes()
        write(tmp_path / name, size, count)
        assert (tmp_path / name).read_bytes() == whole


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("count", [1, 2, 7, 31])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_no_frame_of_a_few_is_drawn_twice(tmp_path: Path, name: str, count: int) -> None:
    (forecast,), numbers = drawn(tmp_path / name, SMALL, count)
    assert sorted(numbers) == list(range(1, count + 1))
    assert forecast.size > 0


@pytest.mark.usefixtures("long")
def test_a_limit_is_foretold(tmp_path: Path) -> None:
    (forecast,), _ = drawn(tmp_path / "a.gif", max_bytes=10_000)
    assert forecast.size == 10_000


def test_of_short_films_nothing_is_foretold(tmp_path: Path) -> None:
    foretold, numbers = drawn(tmp_path / "a.mkv")
    assert not foretold
    assert numbers[0] == FEW // 2 + 1, "which tells how long the film takes"
    assert sorted(numbers) == list(range(1, FEW + 1))


@pytest.mark.usefixtures("long")
def test_stills_and_pipes_are_drawn_without(tmp_path: Path) -> None:
    assert drawn(tmp_path / "###.npy")[0] == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(7.3, "7 s"), (43, "40 s"), (86, "86 s"), (480, "8 min"), (5400, "1.5 h"), (90_000, "25 h")],
)
def test_a_time_is_spelled(seconds: float, text: str) -> None:
    assert spell_seconds(seconds) == text

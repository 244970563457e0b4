"""Films that stop on the way, and what is left of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.films import frame_of, write

SIZE = 64, 48
COUNT = 37  # frames


class Stop(Exception):
    """An interruption."""


def stopping(after: int) -> Callable[[int], np.ndarray]:
    """Draws so many frames."""
    left = iter(range(after))

    def frame(number: int) -> np.ndarray:
        if next(left, None) is None:
            raise Stop
        return frame_of(SIZE)(number)

    return frame


def content(folder: Path) -> dict[str, bytes]:
    """Name → bytes of the files in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def state(path: Path) -> Path:
    """The folder of an unfinished film."""
    return path.with_name(f".{path.name}.part")


def drawn(path: Path, **wishes: object) -> tuple[list[int], list[str]]:
    """The numbers of the frames that are drawn to the film's end, and what is said."""
    numbers: list[int] = []
    said: list[str] = []

    def frame(number: int) -> np.ndarray:
        numbers.append(number)
        return frame_of(SIZE)(number)

    write(path, SIZE, COUNT, **{"make": frame, "say": said.append, **wishes})
    return numbers, said

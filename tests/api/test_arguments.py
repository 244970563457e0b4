"""Values of the wrong type cost one clear line: a NetartError that names what was passed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netart
from netart.errors import NetartError

SMALL: dict[str, Any] = {"size": 8, "backend": "cpu"}
SHOT: dict[str, Any] = {"layers": "1x2"}


def film(**options: Any) -> netart.Film:
    return netart.film(motion="spin", **SHOT, **{**SMALL, "frames": 3, **options})


def sheet(**options: Any) -> netart.Page:
    return netart.sheet(**SHOT, **SMALL, **options)


def save(**options: Any) -> None:
    """Of a picture, which is not written: what is wrong is raised before."""
    pixels = np.zeros((8, 8, 3), np.float32)
    netart.Picture(netart.new(**SHOT), pixels).save("no/a.jpg", **options)


WRONG: dict[str, Callable[[], Any]] = {
    "size 3.5: must be a whole number, two": lambda: netart.render(size=3.5),
    "size True: must be a whole number, two": lambda: netart.render(size=True),
    "size (1,): must be a whole number, two": lambda: netart.values(size=(1,)),
    "size (1, 2, 3): must be a whole": lambda: netart.lines(size=(1, 2, 3)),
    "size (8, 0.5): must be a whole": lambda: film(size=(8, 0.5)),
    "frames 1.5: must be a whole number": lambda: film(frames=1.5),
    "frames '3': must be a whole number": lambda: film(frames="3"),
    "duration '3s': must be a number": lambda: film(frames=None, duration="3s"),
    "frame slice(1, 2, None): must be a whole": lambda: film()[1:2],
    "frame 1.5: must be a whole number": lambda: film()[1.5],
    "strip '2': must be a whole number": lambda: film().strip("2"),
    "easing 3: must be a text": lambda: film(easing=3),
    "frame_range 3: write a text, as": lambda: film().save("#.png", frame_range=3),
    "crf 1.5: must be a whole number": lambda: film().save("a.mp4", crf=1.5),
    "repeat True: must be a whole": lambda: film().save("no/a.webp", repeat=True),
    "over 'depth=1..3': write a mapping": lambda: sheet(over="depth=1..3"),
    "best '2': must be a whole number": lambda: sheet(seeds=3, best="2"),
    "spots '2': must be a whole number": lambda: sheet(spots="2"),
    "columns 1.5: must be a whole number": lambda: sheet(seeds=2, columns=1.5),
    "background 3: must be a text": lambda: sheet(seeds=2, background=3),
    "seeds 1.5: must be a whole number": lambda: sheet(seeds=1.5),
    "seeds 0: must be from 1 to 100,000; seed 0 alone: [0]": lambda: sheet(seeds=0),
    "quality True: must be a whole number": lambda: save(quality=True),
    "max_bytes True: must be a whole number": lambda: save(max_bytes=True),
    "bits '8': must be a whole number": lambda: save(bits="8"),
    "dpi 1.5: must be a whole number": lambda: save(dpi=1.5),
    "hidden 1.5: must be a whole number": lambda: netart.values(size=8, hidden=1.5),
    "points: must be numbers, 2 in each row": lambda: netart.network(**SHOT)([[1, 2], [3]]),
    "points: must be numbers, 2 in each": lambda: netart.network(**SHOT)([["a", "b"]]),
    "NoneType: must be the name of a": lambda: netart.load(None),
    "Shot: must be the name of a preset": lambda: netart.load(netart.new()),
    "document 'silk': must be a shot, a": lambda: netart.to_toml("silk"),
    "device 1.5: must be a whole number": lambda: netart.render(size=8, device=1.5),
    "unknown backend '3'": lambda: netart.render(size=8, backend=3),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_what_is_of_the_wrong_type_is_named(message: str) -> None:
    with pytest.raises(NetartError) as raised:
        WRONG[message]()
    assert str(raised.value).startswith(message)


def test_panels_are_counted_by_whole_numbers() -> None:
    page = sheet(seeds=np.int64(2))
    assert page[np.int64(2)] == page[2]
    for number in (slice(1, 2), "a", True):
        with pytest.raises(NetartError, match=r"^panel .*: must be a whole number$"):
            page[number]


def test_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    two = np.int64(2)
    picture = netart.render(size=np.array([8, 8]), **SHOT, backend="cpu")
    picture.save(tmp_path / "a.jpg", quality=np.int64(50), max_bytes=np.int64(10_000), dpi=two)
    assert len(film(frames=two, duration=None)) == 2

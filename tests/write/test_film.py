"""Films through real encoders, decoded again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netart.write.film_note import read_film
from tests.write.films import NOTE, RATE, expected, files, seen, write

# name, wishes, and the mean error that the encoding may leave, in levels of 255.
KINDS = [
    ("a.mp4", {}, 3.0),
    ("h265.mp4", {"codec": "h265"}, 3.0),
    ("av1.mp4", {"codec": "av1"}, 3.0),
    ("444.mp4", {"pixel_format": "yuv444p"}, 3.0),
    ("10.mp4", {"bits": 10, "codec": "h265"}, 3.0),
    ("a.webm", {}, 3.0),
    ("av1.webm", {"codec": "av1", "bits": 10}, 3.0),
    ("a.mov", {}, 1.0),
    ("a.mkv", {}, 0.0),
    ("16.mkv", {"bits": 16}, 0.51),
    ("a.gif", {}, 3.0),
    ("a.png", {}, 0.0),
    ("a.apng", {}, 0.0),
    ("a.webp", {}, 3.0),
    ("lossless.webp", {"codec": "lossless"}, 0.0),
]
IDS = [name for name, _, _ in KINDS]


@pytest.mark.parametrize("size", [(128, 96), (129, 65)], ids=["even", "odd"])
@pytest.mark.parametrize(("name", "wishes", "error"), KINDS, ids=IDS)
def test_a_film_is_what_was_asked_for(
    tmp_path: Path, name: str, wishes: dict[str, object], error: float, size: tuple[int, int]
) -> None:
    path = write(tmp_path / name, size, 12, **wishes)
    film, wanted = seen(path), expected(size, range(1, 13))
    assert len(film.frames) == 12
    for shown, drawn in zip(film.frames, wanted, strict=True):
        assert shown.shape == drawn.shape
        assert np.abs(shown.astype(float) - drawn).mean() <= error
    assert film.duration == pytest.approx(12 / RATE, abs=6e-3 if ".gif" in name else 1e-3)
    assert film.rate in (None, RATE)
    with path.open("rb") as file:
        assert read_film(file) == NOTE
    assert files(tmp_path) == {name}


@pytest.mark.parametrize(("name", "wishes", "error"), KINDS, ids=IDS)
def test_known_colours_come_back(
    tmp_path: Path, name: str, wishes: dict[str, object], error: float
) -> None:
    """The matrix, the range and the tags agree: a player shows what was drawn."""
    levels = np.array([[16, 235], [0, 255]])
    random = np.random.default_rng(0).integers(0, 256, (4, 4, 3))
    random[0, :2], random[1, :2] = levels[:, 0, None], levels[:, 1, None]
    patches = np.kron(random, np.ones((32, 32, 1))).astype(np.float32) / 255
    path = write(tmp_path / name, (128, 128), 3, frame=lambda number: patches, **wishes)
    inner = np.kron(np.ones((4, 4)), np.pad(np.ones((24, 24)), 4)).astype(bool)
    for shown in seen(path).frames:
        off = np.abs(shown.astype(float) - patches * 255)[inner]
        assert off.mean() <= min(error, 2.0), name

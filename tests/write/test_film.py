"""Films through real encoders, decoded again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from netart.errors import NetartError
from netart.write.film import write_film
from netart.write.film_note import read_film_note
from tests.write.films import NOTE, RATE, expected, files, frame_of, seen, write

# name, wishes, and the mean error that the encoding may leave, in levels of 255.
KINDS = [
    ("a.mp4", {}, 2.0),
    ("h265.mp4", {"codec": "h265"}, 2.0),
    ("av1.mp4", {"codec": "av1"}, 2.0),
    ("444.mp4", {"pixel_format": "yuv444p"}, 2.0),
    ("10.mp4", {"bits": 10, "codec": "h265"}, 2.0),
    ("a.webm", {}, 2.0),
    ("av1.webm", {"codec": "av1", "bits": 10}, 2.0),
    ("a.mov", {}, 1.0),
    ("a.mkv", {}, 0.0),
    ("16.mkv", {"bits": 16}, 0.5),
    ("a.gif", {}, 3.0),
    ("a.png", {}, 0.0),
    ("a.apng", {}, 0.0),
    ("a.webp", {}, 2.0),
    ("lossless.webp", {"codec": "lossless"}, 0.0),
]
IDS = [name for name, _, _ in KINDS]


@pytest.mark.parametrize("size", [(48, 34), (65, 33)], ids=["even", "odd"])
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
    assert read_film_note(path) == NOTE
    assert files(tmp_path) == {name}

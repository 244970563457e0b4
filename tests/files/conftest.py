"""A picture of known numbers, and a film that has stopped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netart.evaluate.numbers import convert
from netart.files.stills.image import write_picture
from tests.files.films.begun import COUNT, SIZE, Stop, stopping
from tests.films import write
from tests.shots import shot


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small PNG file with a shot in it."""
    path = tmp_path / "picture.png"
    write_picture(
        path, shot(seed="5", layers="2x4"), (3, 2), convert([np.zeros((2, 3, 3), np.float32)])
    )
    return path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short segments, and disks with room enough for frames."""
    monkeypatch.setattr("netart.files.films.video.FilmSpec.segment", 8)
    monkeypatch.setattr("netart.files.store.MIN_FREE_BYTES", 0)


@pytest.fixture
def begun(short: None, tmp_path: Path) -> Path:
    """A film that has stopped after 21 frames: two segments, and five frames more."""
    with pytest.raises(Stop):
        write(tmp_path / "a.mkv", SIZE, COUNT, make=stopping(21))
    return tmp_path / "a.mkv"

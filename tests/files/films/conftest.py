"""Short segments, and a film that has stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.films.begun import COUNT, SIZE, Stop, stopping
from tests.films import write


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short segments, and disks with room enough for frames."""
    monkeypatch.setattr("netart.files.films.video.FilmSpec.segment", 8)
    monkeypatch.setattr("netart.files.films.store.MIN_FREE_BYTES", 0)


@pytest.fixture
def begun(short: None, tmp_path: Path) -> Path:
    """A film that has stopped after 21 frames: two segments, and five frames more."""
    with pytest.raises(Stop):
        write(tmp_path / "a.mkv", SIZE, COUNT, make=stopping(21))
    return tmp_path / "a.mkv"

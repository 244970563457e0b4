"""A picture of known numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netart.evaluate.numbers import convert
from netart.files.stills.image import write_picture
from tests.shots import shot


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small PNG file with a shot in it."""
    path = tmp_path / "picture.png"
    write_picture(
        path, shot(seed="5", layers="2x4"), (3, 2), convert([np.zeros((2, 3, 3), np.float32)])
    )
    return path

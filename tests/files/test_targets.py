"""Targets of shots from files of pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netart.errors import NetartError
from netart.files.pictures import read_target_text
from netart.shot.target import parse_target

BOTTLE = np.kron([[255, 0, 255], [0, 0, 255]], np.ones((4, 4))).astype(np.uint8)


@pytest.fixture
def bottle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(BOTTLE).save("bottle.png")
    return Path("bottle.png")


def test_a_file_is_read_with_its_span(bottle: Path) -> None:
    for text, span in (f"{bottle}", (-1.0, 1.0)), (f"0,1:{bottle}", (0.0, 1.0)):
        found = parse_target(read_target_text(text))
        assert np.array_equal(found.pixels[..., 0], BOTTLE)
        assert found.span == span


def test_what_is_spelled_already_stays(bottle: Path) -> None:
    text = read_target_text(str(bottle))
    assert read_target_text(text) == text


def test_what_is_no_picture(bottle: Path) -> None:
    Path("a.png").write_text("none")
    for text, message in (
        ("b.png", "b.png: no such file"),
        ("0,1:b.png", "b.png: no such file"),
        ("a.png", "a.png: is no picture that can be read"),
        ("1,0:bottle.png", "span 1,0: must be LOW,HIGH"),
        ("a,1:bottle.png", "must be a number"),
        ("0,1:iVBORw0KGgo", "is no text of base64"),
    ):
        with pytest.raises(NetartError) as caught:
            parse_target(read_target_text(text))
        assert message in str(caught.value)

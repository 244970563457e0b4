"""Pictures are arrays, show themselves, and save themselves."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

import netart
from netart.api import picture as module
from netart.errors import NetartError


@pytest.fixture(scope="module")
def picture() -> netart.Picture:
    return netart.render("tour-11", (60, 40), backend="cpu")


def levels(pixels: Any) -> Any:
    return np.floor(np.asarray(pixels) * 255 + 0.5)


def opened(file: Any) -> Any:
    with Image.open(file) as image:
        return np.asarray(image)


def test_it_is_an_array(picture: netart.Picture) -> None:
    assert picture.pixels.shape == (40, 60, 3)
    assert picture.size == (60, 40)
    assert np.asarray(picture) is picture.pixels
    assert not np.shares_memory(np.array(picture), picture.pixels)
    assert np.asarray(picture, np.float64).dtype == np.float64
    assert not np.shares_memory(np.array(picture, copy=True), picture.pixels)
    with pytest.raises(ValueError, match="copy"):
        np.array(picture, np.float64, copy=False)
    assert repr(picture) == "<Picture 60x40>"


def test_it_saves_itself(picture: netart.Picture, tmp_path: Path) -> None:
    picture.save(tmp_path / "a.png")
    assert np.array_equal(opened(tmp_path / "a.png"), levels(picture))
    assert netart.load(tmp_path / "a.png") == picture.shot
    picture.save(tmp_path / "a.tif", bits=32)
    assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), picture.pixels)
    picture.save(tmp_path / "a.webp", quality="lossless", metadata=False)
    assert np.array_equal(opened(tmp_path / "a.webp"), levels(picture))
    with pytest.raises(NetartError, match="carries no shot"):
        netart.load(tmp_path / "a.webp")
    with pytest.raises(NetartError, match="jpeg cannot hold 16 bits"):
        picture.save(tmp_path / "a.jpg", bits=16)
    with pytest.raises(NetartError, match=r"^quality 120: must be from 1 to 100"):
        picture.save(tmp_path / "a.jpg", quality=120)


def test_a_notebook_shows_it(picture: netart.Picture, tmp_path: Path) -> None:
    shown = picture._repr_png_()
    assert np.array_equal(opened(io.BytesIO(shown)), levels(picture))
    (tmp_path / "kept.png").write_bytes(shown)  # as from a notebook's menu
    assert netart.load(tmp_path / "kept.png") == picture.shot


def test_a_notebook_shows_large_ones_smaller(
    picture: netart.Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_SHOWN", 30)
    shown = opened(io.BytesIO(picture._repr_png_()))
    means = picture.pixels.reshape(20, 2, 30, 2, 3).mean(axis=(1, 3))
    assert np.array_equal(shown, levels(means))
    monkeypatch.setattr(module, "MAX_SHOWN", 1)
    assert opened(io.BytesIO(picture._repr_png_())).shape == (1, 1, 3)


def test_paper_and_limits_of_bytes_reach_the_file(tmp_path: Path) -> None:
    card = netart.render("tour-11", "20x10mm@100dpi", backend="cpu")
    assert card.size == (79, 39)
    for given, dpi in (({}, 100), ({"dpi": 72}, 72)):
        card.save(tmp_path / "a.tif", **given)
        with Image.open(tmp_path / "a.tif") as image:
            assert image.info["dpi"] == (dpi, dpi)
    card.save(tmp_path / "a.npy")  # which tells none
    card.save(tmp_path / "large.jpg", quality=95)
    limit = (tmp_path / "large.jpg").stat().st_size - 500
    told = card.save(tmp_path / "small.jpg", quality=95, max_bytes=limit)
    assert re.fullmatch(r"quality \d+: \S+ (kB|bytes)", str(told))
    assert (tmp_path / "small.jpg").stat().st_size <= limit
    assert card.save(tmp_path / "small.jpg", max_bytes="1MB") is None

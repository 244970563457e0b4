"""Animations that are made small enough, and how often they play."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from netart.errors import NetartError
from netart.files.films.fitting import poorer
from netart.files.films.rendition import Rendition, resize
from tests.films import frame_of, write
from tests.program import files

SIZE, COUNT = (64, 48), 8


def grainy(number: int) -> np.ndarray:
    """Waves under grain, which grows from frame to frame: the last ones take the most bytes."""
    grain = np.random.default_rng(number).uniform(-0.5, 0.5, (SIZE[1], SIZE[0], 1))
    drawn = (frame_of(SIZE)(number) + grain * number / COUNT).clip(0, 1)
    levels: np.ndarray = np.rint(drawn * 12) / 12  # few enough colours to be quick
    return levels.astype(np.float32)


def written(path: Path, **wishes: Any) -> list[str]:
    """What is said while the film is written."""
    said: list[str] = []
    write(path, SIZE, COUNT, rate=COUNT, make=grainy, say=said.append, text="", **wishes)
    return said


def shown(path: Path) -> tuple[tuple[int, int], int, float, int]:
    """Size, frames, seconds, and the colours of the frame that has most."""
    with Image.open(path) as image:
        colours, seconds = [], 0.0
        for frame in ImageSequence.Iterator(image):
            colours.append(len(frame.convert("RGB").getcolors(1 << 24) or ()))
            seconds += frame.info["duration"] / 1000  # of a WebP it is known when it is read
        return image.size, len(colours), seconds, max(colours)


@pytest.mark.parametrize("suffix", ["gif", "webp"])
@pytest.mark.parametrize("share", [0.8, 0.2])
def test_a_film_is_made_to_fit(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a.{suffix}"
    assert written(path) == []
    limit = int(path.stat().st_size * share)
    (said,) = written(path, max_bytes=limit)
    size, frames, seconds, colours = shown(path)
    assert limit / 2 < path.stat().st_size <= limit
    # What is said is what is there.
    good, width, height, rate = re.findall(r"\d+(?:\.\d+)?", said.partition(": ")[2])[:4]
    assert size == (int(width), int(height))
    assert seconds == pytest.approx(1, abs=0.011)
    assert frames == round(float(rate))
    if suffix == "gif":
        assert colours <= int(good) < 256


def test_what_fits_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path / "a.gif")
    whole = (tmp_path / "a.gif").read_bytes()
    assert written(tmp_path / "a.gif", max_bytes=2 * len(whole)) == []
    assert (tmp_path / "a.gif").read_bytes() == whole


def test_a_limit_that_cannot_be_kept_costs_no_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    with pytest.raises(NetartError, match=r"a\.gif: .* kB with 8 colours, .* more than 2 kB: "):
        written(path, max_bytes=2000)
    assert not path.exists()

    def never(number: int) -> np.ndarray:
        raise AssertionError("drawn again")

    said: list[str] = []
    write(path, SIZE, COUNT, rate=COUNT, make=never, say=said.append, text="", max_bytes=9_000)
    assert path.stat().st_size <= 9_000
    assert said[0] == f"{path}: goes on: {COUNT} of {COUNT} frames are there"
    assert files(tmp_path) == {"a.gif"}


def test_renditions_take_less_and_less() -> None:
    first = Rendition((640, 480), Fraction(25), 100, 256, "forever")
    for form, quality in (("gif", 256), ("webp", 90)):
        found = poorer(form, replace(first, quality=quality))
        assert found[0] == replace(first, quality=quality)
        for one, next_one in pairwise(found):
            changed = [
                (one.quality or 0) > (next_one.quality or 0),
                one.size > next_one.size,
                one.step < next_one.step,
            ]
            assert sum(changed) == 1
        colours = [found[k].quality for k in range(len(found)) if found[k].size == first.size]
        assert len(set(colours)) > 3, "colours go first"
        assert found[-1].rate / found[-1].step >= 5
        assert min(found[-1].size) >= 96


def test_frames_that_are_left_out_leave_the_time(tmp_path: Path) -> None:
    rendition = Rendition((2, 2), Fraction(25), 10, 256, "forever", step=4)
    assert rendition.count == 3
    assert rendition.delays(100) == [16, 16, 8]


def test_a_smaller_frame_is_the_mean_of_what_it_covers() -> None:
    frame = np.array([[[0, 10, 20], [2, 10, 40], [9, 9, 9], [9, 9, 9]]] * 2, np.uint8)
    assert resize(frame, (2, 1)).tolist() == [[[1, 10, 30], [9, 9, 9]]]


def plays(path: Path) -> int | None:
    """How often the file says that it plays, 0 for ever; None where it does not say it."""
    data = path.read_bytes()
    if path.suffix == ".gif":
        at = data.find(b"NETSCAPE2.0\x03\x01")
        return struct.unpack_from("<H", data, at + 13)[0] if at >= 0 else None
    if path.suffix == ".apng":
        return struct.unpack_from(">I", data, data.index(b"acTL") + 8)[0]
    return struct.unpack_from("<H", data, data.index(b"ANIM") + 12)[0]


# A GIF says how often it begins again.
@pytest.mark.parametrize(
    ("name", "repeat", "said"),
    [
        ("a.gif", None, 0), ("a.gif", "forever", 0), ("a.gif", 1, None), ("a.gif", 2, 1),
        ("a.gif", 65_535, 65_534), ("a.apng", None, 0), ("a.apng", 3, 3), ("a.webp", None, 0),
        ("a.webp", 3, 3),
    ],
)  # fmt: skip
def test_an_animation_says_how_often_it_plays(
    tmp_path: Path, name: str, repeat: int | str | None, said: int | None
) -> None:
    path = write(tmp_path / name, (16, 12), 3, repeat=repeat)
    assert plays(path) == said
    with Image.open(path) as image:
        assert image.info.get("loop") == said
        assert getattr(image, "n_frames", 1) == 3


@pytest.mark.parametrize("colors", [2, 7])
def test_a_gif_has_no_more_colours_than_asked_for(tmp_path: Path, colors: int) -> None:
    path = tmp_path / "a.gif"
    written(path, colors=colors)
    assert 1 < shown(path)[3] <= colors

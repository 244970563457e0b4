"""Targets: pictures as text, read strictly."""

from __future__ import annotations

import base64
import time
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from netart.errors import NetartError
from netart.net.learning.data import MAX_SIDE, PictureData
from netart.shot.fields import fewest_texts
from netart.shot.target import (
    MAX_TARGET_BYTES,
    parse_target,
    spell_target,
)
from netart.shot.text import from_text, to_text
from tests.shots import shot

ONE_BIT = np.array([[0, 255, 255], [255, 0, 255]], np.uint8)[..., None]
LINES = {"layers": "2x3", "lens": "lines", "backdrop": "target"}


def pixels(height: int, width: int, channels: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels)).astype(np.uint8)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(width: int, height: int, bits: int, colours: int, data: bytes, interlaced: int = 0) -> str:
    """The text of a PNG made by hand."""
    size = width.to_bytes(4) + height.to_bytes(4)
    head = size + bytes((bits, colours, 0, 0, interlaced))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return "-1,1:" + base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_read_back_as_it_was(channels: int) -> None:
    target = PictureData("", pixels(5, 8, channels), (-0.5, 1.25))
    found = parse_target(spell_target(target))
    assert np.array_equal(found.pixels, target.pixels)
    assert found.span == target.span


def test_black_and_white_takes_a_bit_a_pixel() -> None:
    picture = np.kron(ONE_BIT, np.ones((100, 100, 1), np.uint8)) * (pixels(200, 300, 1) > 9)
    text = spell_target(PictureData("", picture, (0.0, 1.0)))
    data = base64.b64decode(text.partition(":")[2])
    assert data[24:26] == bytes((1, 0))
    assert np.array_equal(parse_target(text).pixels, picture)


def test_the_hash_is_of_the_pixels_not_of_what_packed_them() -> None:
    one = shot(**LINES, target=spell_target(PictureData("", ONE_BIT)))
    file = BytesIO()
    Image.fromarray(ONE_BIT[..., 0]).save(file, "PNG", compress_level=0)
    other = shot(one, target=f"-1.0,1.0:{base64.b64encode(file.getvalue()).decode()}")
    assert other.marks != one.marks
    assert other.sha256 == one.sha256
    moved = shot(one, target=spell_target(PictureData("", ONE_BIT, (-1.0, 2.0))))
    turned = shot(one, target=spell_target(PictureData("", ONE_BIT[::-1])))
    assert len({one.sha256, moved.sha256, turned.sha256}) == 3


def test_a_shot_has_its_target_as_text() -> None:
    one = shot(**LINES, target=spell_target(PictureData("", ONE_BIT)))
    assert from_text(to_text(one)) == one
    texts = fewest_texts(one)
    assert texts is not None
    assert texts["target"] == one.marks.target
    assert "target" not in to_text(shot(points="xor"))["marks"]


def test_a_target_that_nothing_shows_is_no_part_of_a_shot() -> None:
    one = shot(**LINES, target=spell_target(PictureData("", ONE_BIT)))
    assert shot(one, lens="colour") == shot(layers="2x3")
    assert shot(one, backdrop="white") == shot(layers="2x3", lens="lines")
    side = shot(one, lens="colour", beside="lines")
    with pytest.raises(NetartError, match=r"backdrop target: of which picture\?"):
        shot(side, backdrop="target")
    assert shot(side, backdrop="target", target=one.marks.target).panels[1] == one


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (LINES, "of which picture? Add target FILE"),
        ({"target": "T"}, "target: nothing shows it: add backdrop target"),
        ({"lens": "lines", "target": "T"}, "target: nothing shows it: add backdrop target"),
        ({**LINES, "target": "T", "gamma": "2"}, "lines are drawn on the target: add backdrop col"),
        ({**LINES, "target": "T", "latent": "a=1", "axes": "a,y"}, "but the picture spans a and y"),
        ({**LINES, "target": "T", "axes": "x"}, "but the picture spans x"),
        ({**LINES, "target": "bottle"}, "marks.target: write LOW,HIGH:BASE64"),
    ],
)
def test_where_targets_are_refused(texts: dict[str, str], message: str) -> None:
    text = spell_target(PictureData("", ONE_BIT))
    with pytest.raises(NetartError) as caught:
        shot(**{name: text if value == "T" else value for name, value in texts.items()})
    assert message in str(caught.value)


WHOLE = zlib.compress(bytes(2 * 4))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write LOW,HIGH:BASE64"),
        ("-1,1:", "write LOW,HIGH:BASE64"),
        ("1,1:" + "A" * 8, "is no PNG"),
        ("a,1:AAAA", "must be a number"),
        ("-1,inf:AAAA", "must be a finite number"),
        ("-1,1:AAA", "is no text of base64"),
        ("-1,1:" + "A" * (2 * MAX_TARGET_BYTES), "a picture of more than 512 KiB"),
        (png(3, 2, 8, 0, WHOLE).replace("-1,1", "1,1"), "span 1,1: must be LOW,HIGH"),
        (png(3, 2, 8, 0, WHOLE).replace("-1,1", "-1,1e31"), "must be LOW,HIGH"),
        (png(60_000, 60_000, 8, 0, WHOLE), "60000×60000 pixels, at most 512 a side"),
        (png(0, 2, 8, 0, WHOLE), "is a damaged PNG"),
        (png(3, 2, 16, 0, WHOLE), "is no PNG of 1 or 8 bits grey, or of 8 bits RGB"),
        (png(3, 2, 8, 3, WHOLE), "is no PNG of 1 or 8 bits grey, or of 8 bits RGB"),
        (png(3, 2, 8, 6, WHOLE), "is no PNG of 1 or 8 bits grey, or of 8 bits RGB"),
        (png(3, 2, 8, 0, WHOLE, interlaced=1), "is no PNG"),
        (png(3, 2, 8, 0, WHOLE[:-7]), "is a damaged PNG"),
        (png(3, 2, 8, 0, b"none"), "is a damaged PNG"),
    ],
)
def test_what_is_no_target(text: str, message: str) -> None:
    with pytest.raises(NetartError) as caught:
        parse_target(text)
    assert message in str(caught.value)


def test_a_png_holds_nothing_but_its_picture() -> None:
    data = base64.b64decode(png(3, 2, 8, 0, WHOLE).partition(":")[2])
    assert parse_target("-1,1:" + base64.b64encode(data).decode()).pixels.shape == (2, 3, 1)
    more = data[:33] + chunk(b"tEXt", b"a\0b") + data[33:]
    with pytest.raises(NetartError, match="a PNG with more in it than a picture"):
        parse_target("-1,1:" + base64.b64encode(more).decode())


def test_pixels_behind_the_picture_are_not_unpacked() -> None:
    packed = zlib.compress(bytes(1 << 26))  # 64 MB
    before = time.process_time()
    found = parse_target(png(3, 2, 8, 0, packed))
    assert found.pixels.shape == (2, 3, 1)
    assert time.process_time() - before < 0.1


def test_what_is_too_large_is_not_written() -> None:
    with pytest.raises(NetartError, match="KiB as PNG, at most 512: make it smaller"):
        spell_target(PictureData("", pixels(512, 512, 3)))
    assert len(spell_target(PictureData("", pixels(400, 400, 3)))) > 600_000


def test_damaged_targets_are_refused_in_a_line() -> None:
    rng, text = np.random.default_rng(5), spell_target(PictureData("", pixels(40, 30, 3)))
    data, read = base64.b64decode(text.partition(":")[2]), 0
    for _ in range(400):
        broken = bytearray(data)
        for at in rng.integers(0, len(data) if rng.random() < 0.5 else 60, rng.integers(1, 4)):
            broken[at] = rng.integers(256)
        if rng.random() < 0.2:
            broken = broken[: rng.integers(len(broken))]
        try:
            found = parse_target("-1,1:" + base64.b64encode(broken).decode())
            assert max(found.pixels.shape) <= MAX_SIDE
            read += 1
        except NetartError as error:
            assert "\n" not in str(error)
    assert read < 200


def test_marks_without_a_target_hash_as_they_did_before_there_were_any() -> None:
    assert shot(points="xor", point_size="2").sha256.startswith("155889bee3e421c2")

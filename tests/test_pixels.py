"""Sizes of pictures: in pixels, by name, and of paper."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.pixels import PAPERS, SCREENS, Size, read_named_size, read_size


@pytest.mark.parametrize(
    ("text", "size", "dpi"),
    [
        ("1920x1080", (1920, 1080), None),
        (" 1920X1080 ", (1920, 1080), None),
        ("1920×1080@72dpi", (1920, 1080), 72),
        ("800", (800, 800), None),
        (800, (800, 800), None),
        ((3, 2), (3, 2), None),
        ("4K", (3840, 2160), None),
        ("4k-portrait", (2160, 3840), None),
        ("phone-portrait", (1080, 2400), None),
        ("a4", (2480, 3508), 300),
        ("A4-landscape@150", (1754, 1240), 150),
        ("letter@100dpi", (850, 1100), 100),
        ("8.5x11in@100dpi", (850, 1100), 100),
        ("30x20cm@127dpi", (1500, 1000), 127),
        ("254x508mm@10", (100, 200), 10),
    ],
)
def test_a_size_is_read(text: str | int | Size, size: Size, dpi: int | None) -> None:
    assert read_named_size(text) == (size, dpi)
    assert read_size(text) == size


def test_dpi_are_of_paper_that_says_none() -> None:
    assert read_named_size("a4", 100) == ((827, 1169), 100)
    assert read_named_size("a4@100dpi", 100).dpi == 100
    assert read_named_size("4k", 100) == ((3840, 2160), 100)
    with pytest.raises(NetartError, match="dpi 100: the size a4@300dpi says another"):
        read_named_size("a4@300dpi", 100)


@pytest.mark.parametrize("name", [*SCREENS, *PAPERS])
def test_a_name_turns(name: str) -> None:
    width, height = read_size(f"{name}-landscape")
    assert width >= height
    assert read_size(f"{name}-portrait") == (height, width)
    assert read_size(name) in [(width, height), (height, width)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("phoen", "size 'phoen': did you mean phone?"),
        ("108p", "did you mean 1080p?"),
        ("tv", "size 'tv': write WIDTHxHEIGHT in pixels"),
        ("", "size '': write WIDTHxHEIGHT"),
        ("-5x5", "size '-5x5': write WIDTHxHEIGHT"),
        ("1x1x1", "write WIDTHxHEIGHT"),
        ("٣x٣", "write WIDTHxHEIGHT"),
        ("a4@", "size 'a4@': behind @ stand 1 to 10,000 dpi"),
        ("a4@10001dpi", "size 'a4@10001dpi': behind @ stand"),
        ("a4@1.5dpi", "behind @ stand"),
        ("1" * 13, "write WIDTHxHEIGHT"),
    ],
)
def test_what_is_no_size_is_refused(text: str, message: str) -> None:
    with pytest.raises(NetartError) as caught:
        read_size(text)
    assert message in str(caught.value)
    assert caught.value.field == "size"

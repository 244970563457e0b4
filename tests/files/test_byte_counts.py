"""Sizes of files as text."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.files.byte_counts import check_byte_count, read_byte_count, spell_bytes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("5MB", 5_000_000),
        ("5m", 5_000_000),
        (" 500 kB ", 500_000),
        ("2.5MiB", 2_621_440),
        ("1 GB", 1_000_000_000),
        ("5000000", 5_000_000),
        ("12b", 12),
        (7, 7),
    ],
)
def test_a_size_is_read(text: str | int, count: int) -> None:
    assert read_byte_count(text) == count


@pytest.mark.parametrize("text", ["", "MB", "-5MB", "5 X", "5MBit", "1e6", "٣kB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(NetartError, match=r"max_bytes '.*': write a size as 5MB") as caught:
        read_byte_count(text)
    assert caught.value.field == "max_bytes"


@pytest.mark.parametrize("count", [0, -1, 1 << 51])
def test_what_no_file_has_is_refused(count: int) -> None:
    with pytest.raises(NetartError, match="must be from 1"):
        check_byte_count(count)


@pytest.mark.parametrize(
    ("count", "text"),
    [(7, "7 bytes"), (98_000, "98 kB"), (4_871_234, "4.87 MB"), (999_900, "1000 kB")],
)
def test_a_size_is_spelled(count: int, text: str) -> None:
    assert spell_bytes(count) == text

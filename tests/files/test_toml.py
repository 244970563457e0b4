"""TOML within limits: what is refused before the parser, or this reader itself, works on it."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from netart.errors import NetartError
from netart.files.limits import MAX_KEY_PARTS, MAX_TOML_BYTES
from netart.files.toml import format_toml, read_toml

FULL = MAX_TOML_BYTES - 100

LARGE = {
    "a word": "a" * FULL,
    "a word in a comment": "# " + "a" * FULL,
    "words": "a " * (FULL // 2),
    "spaces": " " * FULL,
    "dots": "# " + "." * FULL,
    "spaced keys": ("a . " * (MAX_KEY_PARTS - 1) + "\n") * (FULL // 4 // MAX_KEY_PARTS),
    "nearly a long key": "a" + " . a" * (MAX_KEY_PARTS - 2) + " " * (FULL // 2) + "\n",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_text_costs_time_by_its_length_only(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(LARGE[name])
    assert path.stat().st_size <= MAX_TOML_BYTES
    start = time.process_time()
    try:
        read_toml(path)
    except NetartError as error:
        assert str(path) in str(error)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("dot", [".", " . ", '."', "'.\t"])
def test_keys_of_many_parts_are_refused(tmp_path: Path, dot: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text("x = 1\n[" + dot.join(["ab"] * (MAX_KEY_PARTS + 1)) + "]")
    with pytest.raises(NetartError, match=f"a key of more than {MAX_KEY_PARTS} parts"):
        read_toml(path)
    path.write_text("[" + ".".join(["ab"] * MAX_KEY_PARTS) + "]\nx = [0.5, 1.5]")
    assert read_toml(path)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_text_as_editors_write_it(tmp_path: Path, encoding: str, line_end: str) -> None:
    path, text = tmp_path / "a.toml", '# größe\n[a]\nb = "ä"\nc = """\n1\n2"""\n'
    path.write_bytes(text.replace("\n", line_end).encode(encoding))
    assert read_toml(path) == {"a": {"b": "ä", "c": "1\n2"}}


def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path) -> None:
    for data in (b"\xe4 = 1", b"\xff\xfea\0=\x00\x00\xd8", b"a = 1\0"):
        (tmp_path / "a.toml").write_bytes(data)
        with pytest.raises(NetartError, match=r"a\.toml: is not valid TOML: .+$") as caught:
            read_toml(tmp_path / "a.toml")
        assert "\n" not in str(caught.value)


def test_short_arrays_stand_on_one_line() -> None:
    data = {"a": [1, 2], "b": {"c": [[0.5, 2.0], [1.5, 3.0]], "long": list(range(300))}}
    text = format_toml(data)
    assert "a = [1, 2]" in text
    assert "c = [[0.5, 2.0], [1.5, 3.0]]" in text
    assert "  299,\n" in text


def test_what_cannot_be_seen_is_escaped_and_reads_back_equal() -> None:
    """Control characters of both kinds and marks of direction command a terminal, or deceive."""
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000, 31))))
    data = {"about": every, "k\u202e\x9b": ["\x9b31m", "\u2066x", {"ß 漢 🙂": "\x85\x1b"}]}
    text = format_toml(data)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "ß 漢 🙂" in text
    assert tomllib.loads(text) == data


def test_long_texts_in_arrays_cost_time_by_their_length() -> None:
    begin = time.process_time()
    text = format_toml({"a": ["1" + " " * 200_000 + "2", "3"]})
    assert tomllib.loads(text)["a"][1] == "3"
    assert time.process_time() - begin < 1


@pytest.mark.parametrize("number", [str(2**64), "-" + str(2**63 + 1), "0x1" + "0" * 5000])
def test_whole_numbers_have_64_bits(tmp_path: Path, number: str) -> None:
    """Python refuses to write out larger ones than 4,300 digits, also in a message."""
    path = tmp_path / "a.toml"
    path.write_text(f"a = [{{b = {number}}}]")
    with pytest.raises(NetartError, match="a whole number of more than 64 bits"):
        read_toml(path)
    path.write_text(f"a = [{2**64 - 1}, {-(2**63)}, 0xF]")
    assert read_toml(path) == {"a": [2**64 - 1, -(2**63), 15]}

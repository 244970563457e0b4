"""The note inside a film, and files that lie about it."""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
from pathlib import Path

import av
import pytest

from netart.errors import NetartError
from netart.files.films.containers import find_film_text
from netart.files.metadata import PLAIN
from tests.films import read_text, write
from tests.png import packed

NAMES = ["a.mp4", "h265.mp4", "a.webm", "a.mov", "a.mkv", "a.gif", "a.png", "a.webp"]
LONG = json.dumps({"words": ["ä & <b> ]]> \\ \x00 é😀"] * 300, "numbers": [0.1] * 3000})


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A small film of each kind."""
    folder = tmp_path_factory.mktemp("films")
    return {name: write(folder / name, (64, 64), 3).read_bytes() for name in NAMES}


def refusal(path: Path) -> str:
    with pytest.raises(NetartError) as found:
        read_text(path, find_film_text)
    said = str(found.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    return said


def quick(path: Path) -> str | None:
    """What a hostile file gives: a note or one line, soon, and with little memory."""
    tracemalloc.start()
    began = time.process_time()
    try:
        note = read_text(path, find_film_text)
    except NetartError as error:
        assert "\n" not in str(error)
        note = None
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6
    assert took < 5  # traced; a tenth of that without
    return note


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("note", ["{}", LONG], ids=["short", "long"])
def test_any_text_comes_back(tmp_path: Path, name: str, note: str) -> None:
    path = write(tmp_path / name, (64, 64), 2, text=note.translate(PLAIN))
    assert json.loads(read_text(path, find_film_text)) == json.loads(note)


def test_the_suffix_does_not_matter(tmp_path: Path, films: dict[str, bytes]) -> None:
    for name, data in films.items():
        (tmp_path / "film").write_bytes(data)
        assert read_text(tmp_path / "film", find_film_text) == read_text(
            write_to(tmp_path / name, data), find_film_text
        )


def write_to(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_cut_films(tmp_path: Path, films: dict[str, bytes], name: str) -> None:
    data, path = films[name], tmp_path / name
    whole = read_text(write_to(path, data), find_film_text)
    for length in (*range(0, 1500, 7), *range(1500, len(data), len(data) // 50 + 1)):
        path.write_bytes(data[:length])
        assert quick(path) in (None, whole)


def save_again(old: Path, new: Path, form: str, flags: str) -> None:
    """Writes the film's frames and its comment as libav does, without encoding anew."""
    options = {"movflags": flags} if flags and form in ("mp4", "mov", "ipod") else {}
    with av.open(str(old)) as source, av.open(str(new), "w", form, options=options) as again:
        stream = again.add_stream_from_template(source.streams.video[0])
        named = {key.lower(): text for key, text in source.metadata.items()}
        again.metadata["comment"] = named["comment"]
        for frame in source.demux(video=0):
            if frame.dts is not None:
                frame.stream = stream
                again.mux(frame)


@pytest.mark.parametrize(
    ("name", "forms"),
    [("a.mp4", "mp4 mov ipod"), ("a.mov", "mov"), ("a.mkv", "mp4 matroska"), ("a.webm", "webm")],
)
def test_films_that_libav_saved_again(
    tmp_path: Path, films: dict[str, bytes], name: str, forms: str
) -> None:
    """The comment goes into user data, a list, or one with names, before or behind the frames."""
    path, again = write_to(tmp_path / name, films[name]), tmp_path / "again"
    wanted = read_text(path, find_film_text)
    for form in forms.split():
        tags = "use_metadata_tags"
        for flags in ("", tags, f"faststart+{tags}", f"frag_keyframe+empty_moov+{tags}"):
            save_again(path, again, form, flags)
            assert read_text(again, find_film_text) == wanted, (form, flags)


def test_matroska_spells_names_in_either_case(tmp_path: Path, films: dict[str, bytes]) -> None:
    wanted = read_text(write_to(tmp_path / "a", films["a.mkv"]), find_film_text)
    again = films["a.mkv"].replace(b"COMMENT", b"Comment")
    assert again != films["a.mkv"]
    assert read_text(write_to(tmp_path / "a", again), find_film_text) == wanted


def test_comments_of_a_gif_behind_its_pictures(tmp_path: Path, films: dict[str, bytes]) -> None:
    """Also behind those of others, which are not damaged notes of ours."""
    data = films["a.gif"]
    wanted = read_text(write_to(tmp_path / "a", data), find_film_text)
    start = data.index(b"!\xfe")
    end = start + 2
    while data[end]:
        end += 1 + data[end]
    comment, other = data[start : end + 1], b"!\xfe\5hello\0"
    bare = data[:start] + data[end + 1 :]
    after = write_to(tmp_path / "a", bare[:-1] + other + comment + b";")
    assert read_text(after, find_film_text) == wanted
    assert "carries no shot" in refusal(write_to(tmp_path / "a", bare[:-1] + other + b";"))


def test_comments_of_mp4_in_other_places(tmp_path: Path) -> None:
    """Several languages, UTF-16, user data that end in a zero, names of Apple's, comments of
    others before ours.
    """
    note = b'{"shot":1}'
    own = struct.pack(">HH", len(note), 0x55C4) + note
    other = struct.pack(">HH", 5, 0) + b"hello"
    wide = struct.pack(">II", 2, 0) + note.decode().encode("utf-16-be")
    key = b"com.apple.quicktime.comment"
    keys = box(b"keys", struct.pack(">II", 0, 2) + box(b"mdta", b"title") + box(b"mdta", key))
    item = box(struct.pack(">I", 2), box(b"data", struct.pack(">II", 1, 0) + note))
    for parts in (
        box(b"udta", box(b"\xa9cmt", own + other) + bytes(4)),
        box(b"udta", box(b"\xa9cmt", other) + box(b"\xa9cmt", own)),
        box(b"udta", box(b"meta", bytes(4) + box(b"ilst", box(b"\xa9cmt", box(b"data", wide))))),
        box(b"udta", b"") + box(b"meta", box(b"hdlr", bytes(25)) + keys + box(b"ilst", item)),
        box(b"meta", bytes(4) + box(b"hdlr", bytes(25)) + keys + box(b"ilst", item)),
    ):
        path = write_to(tmp_path / "a", FTYP + box(b"free", bytes(9)) + box(b"moov", parts))
        assert read_text(path, find_film_text) == note.decode()
    movie = FTYP + box(b"moov", box(b"udta", box(b"\xa9cmt", other)))
    assert "carries no shot" in refusal(write_to(tmp_path / "a", movie))


def box(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    return struct.pack(">I4s", length or 8 + len(content), kind) + content


def ebml(kind: str, content: bytes, length: int | None = None) -> bytes:
    size = (1 << 56) | (len(content) if length is None else length)
    return bytes.fromhex(kind) + size.to_bytes(8) + content


def riff(*chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 1 << 31) + b"WEBP" + b"".join(chunks)


GIGA = 1 << 30
FTYP = box(b"ftyp", b"isom")
DATA = box(b"data", b"", GIGA)
LIST = box(b"ilst", box(b"\xa9cmt", DATA, GIGA), GIGA)
SIMPLE = ebml("67c8", ebml("45a3", b"COMMENT") + ebml("4487", b"", GIGA), GIGA)
HEAD = ebml("1a45dfa3", b"")
LIARS = {
    "mp4": FTYP + box(b"moov", box(b"udta", box(b"meta", bytes(4) + LIST, GIGA), GIGA), GIGA),
    "mov": FTYP + box(b"moov", box(b"udta", box(b"\xa9cmt", b"", GIGA), GIGA), GIGA),
    "64 bits": FTYP + struct.pack(">I4sQ", 1, b"moov", 1 << 63),
    "backwards": FTYP + struct.pack(">I4sQ", 1, b"free", 0) + box(b"moov", b""),
    "mkv": HEAD + ebml("18538067", ebml("1254c367", ebml("7373", SIMPLE, GIGA), GIGA), GIGA),
    "endless": HEAD + bytes.fromhex("18538067 ff 1254c367 ff 7373 ff 67c8 ff 4487 ff"),
    "too short": FTYP + box(b"moov", box(b"udta", box(b"\xa9cmt", b""))),
    "webp": riff(struct.pack("<4sI", b"XMP ", GIGA)),
    "gif": b"GIF89a" + bytes(4) + b"\x87\0\0",
    "png": packed([])[:8] + struct.pack(">I", GIGA) + b"iTXt",
}
MANY = 3_000_000
CROWDS = {
    "mp4": FTYP + box(b"free", b"") * MANY,
    "moov": FTYP + box(b"moov", box(b"free", b"") * MANY),
    "mkv": HEAD + ebml("18538067", b"\xec\x80" * MANY),
    "tags": HEAD + ebml("18538067", (ebml("1254c367", b"\x73\x73\x80" * 99) * (MANY // 99))),
    "gif": b"GIF89a" + bytes(7) + b"!\xfe" + b"\1a" * MANY,
    "gif's": b"GIF89a" + bytes(7) + b"!\x01\0" * MANY,
    "png": packed([(b"tEXt", b"")] * 100_000),
}


@pytest.mark.parametrize("name", LIARS)
def test_lengths_that_lie(tmp_path: Path, name: str) -> None:
    assert quick(write_to(tmp_path / "a", LIARS[name])) is None
    # Where the file really is so long, all of it nothing.
    with (tmp_path / "a").open("ab") as file:
        file.truncate(GIGA + 5000)
    assert quick(tmp_path / "a") is None


@pytest.mark.slow
@pytest.mark.parametrize("name", CROWDS)
def test_more_parts_than_a_film_has(tmp_path: Path, name: str) -> None:
    path = write_to(tmp_path / "a", CROWDS[name])
    began = time.process_time()
    assert "is damaged" in refusal(path)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not an MP4, MOV, MKV, WebM, GIF, APNG or WebP"),
        (b"\xff\xd8\xff\xe0JFIF", "is not an MP4"),
        (FTYP + box(b"moov", b""), "carries no shot"),
        (HEAD + ebml("18538067", b""), "carries no shot"),
        (riff(), "carries no shot"),
        (b"GIF89a" + bytes(7) + b";", "carries no shot"),
        (packed([(b"IDAT", b""), (b"IEND", b"")]), "carries no shot"),
        (FTYP + box(b"moov", box(b"udta", box(b"\xa9cmt", b"\0\2\0\0{\xff"))), "is not text"),
    ],
)
def test_files_without_a_note(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refusal(write_to(tmp_path / "a", data))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.mp4")
    assert "is not a regular file" in refusal(tmp_path)

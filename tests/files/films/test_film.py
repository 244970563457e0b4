"""Films through real encoders, decoded again."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

import netart
from netart.errors import MACHINE, NetartError
from netart.files.films.containers import find_film_text
from netart.files.films.encoding import film_encoding
from netart.files.films.film import write_film
from tests.films import NOTE, RATE, expected, frame_of, made, read_text, seen, with_metadata, write
from tests.program import files
from tests.shots import noise, shot

pytestmark = pytest.mark.slow

# name, wishes, and the mean error that the encoding may leave, in levels of 255.
KINDS = [
    ("a.mp4", {}, 3.0),
    ("h265.mp4", {"codec": "h265"}, 3.0),
    ("av1.mp4", {"codec": "av1"}, 3.0),
    ("444.mp4", {"pixel_format": "yuv444p"}, 3.0),
    ("10.mp4", {"bits": 10, "codec": "h265"}, 3.0),
    ("a.webm", {}, 3.0),
    ("av1.webm", {"codec": "av1", "bits": 10}, 3.0),
    ("a.mov", {}, 1.0),
    ("a.mkv", {}, 0.0),
    ("16.mkv", {"bits": 16}, 1.0),
    ("a.gif", {}, 3.0),
    ("a.png", {}, 0.0),
    ("a.apng", {}, 0.0),
    ("a.webp", {}, 3.0),
    ("lossless.webp", {"codec": "lossless"}, 0.0),
]
IDS = [name for name, _, _ in KINDS]


@pytest.mark.parametrize("size", [(96, 66), (97, 65)], ids=["even", "odd"])
@pytest.mark.parametrize(("name", "wishes", "error"), KINDS, ids=IDS)
def test_a_film_is_what_was_asked_for(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    wishes: dict[str, object],
    error: float,
    size: tuple[int, int],
) -> None:
    path = write(tmp_path / name, size, 12, **wishes)
    assert capfd.readouterr() == ("", ""), "encoders are silent"
    film, wanted = seen(path), expected(size, range(1, 13))
    assert len(film.frames) == 12
    for shown, drawn in zip(film.frames, wanted, strict=True):
        assert shown.shape == drawn.shape
        assert np.abs(shown.astype(float) - drawn).mean() <= error
    assert film.duration == pytest.approx(12 / RATE, abs=6e-3 if ".gif" in name else 1e-3)
    assert film.rate in (None, RATE)
    with path.open("rb") as file:
        assert find_film_text(file) == NOTE
    assert files(tmp_path) == {name}


# Colours and what says how to read them.

SWATCHES = np.array(
    [
        [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)],
        [(0, 0, 0), (128, 128, 128), (255, 255, 0), (0, 255, 255)],
        [(255, 0, 255), (200, 60, 20), (30, 90, 160), (250, 230, 210)],
    ],
    np.uint8,
).repeat(32, axis=0).repeat(32, axis=1)  # fmt: skip


def swatches(number: int) -> np.ndarray:
    return SWATCHES.astype(np.float32) / 255


@pytest.mark.parametrize(("name", "wishes", "error"), KINDS, ids=IDS)
def test_colours_come_back(
    tmp_path: Path, name: str, wishes: dict[str, object], error: float
) -> None:
    film = seen(write(tmp_path / name, (128, 96), 3, make=swatches, **wishes))
    for frame in film.frames:
        wrong = np.abs(frame.astype(float) - SWATCHES).reshape(3, 32, 4, 32, 3)
        # Without the edges, where halved colour mixes.
        assert wrong[:, 8:24, :, 8:24].mean(axis=(1, 3, 4)).max() <= 2


VIDEO = [row for row in KINDS if Path(row[0]).suffix in (".mp4", ".webm", ".mov", ".mkv")]


@pytest.mark.parametrize(("name", "wishes", "error"), VIDEO, ids=[row[0] for row in VIDEO])
def test_colour_is_tagged(
    tmp_path: Path, name: str, wishes: dict[str, object], error: float
) -> None:
    path = write(tmp_path / name, (128, 96), 3, make=swatches, **wishes)
    rgb = path.suffix == ".mkv"
    with av.open(str(path)) as film:
        context = film.streams.video[0].codec_context
        frame = next(film.decode(video=0))
    for tagged in (context, frame):
        assert (tagged.color_primaries, tagged.color_trc) == (1, 1)
        assert tagged.colorspace == (0 if rgb else 1)
        assert tagged.color_range == (2 if rgb else 1)


@pytest.mark.parametrize(
    ("name", "wishes", "white"),
    [("a.mov", {}, 940 * 4), ("a.mp4", {"bits": 10}, 940), ("a.webm", {}, 235)],
)
def test_white_is_white(tmp_path: Path, name: str, wishes: dict[str, object], white: int) -> None:
    def frame(number: int) -> np.ndarray:
        return np.ones((64, 64, 3), np.float32)

    with av.open(str(write(tmp_path / name, (64, 64), 2, make=frame, **wishes))) as film:
        luma = next(film.decode(video=0)).planes[0]
    kind = np.uint8 if white == 235 else np.uint16
    assert abs(np.frombuffer(luma, kind)[:64].mean() - white) <= 1


@pytest.mark.parametrize("size", [(64, 48), (33, 21)], ids=["even", "odd"])
def test_16_bits_are_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    path = write(tmp_path / "a.mkv", size, 4, bits=16)
    with av.open(str(path)) as film:
        for number, frame in enumerate(film.decode(video=0), 1):
            wanted = np.rint(frame_of(size)(number).astype(np.float64) * 65535)
            assert frame.format.name == "gbrp16le"
            assert np.abs(frame.to_ndarray().astype(float) - wanted).max() <= 1
            assert np.abs(frame.to_ndarray() - wanted).mean() < 0.01


# Time.

RATES = [Fraction(25), RATE, Fraction(1, 2), Fraction(25, 2), Fraction(50), Fraction(24000, 1001)]
FAST = Fraction(240)


@pytest.mark.parametrize("rate", [*RATES, FAST], ids=str)
@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.mov", "a.mkv", "a.gif", "a.png", "a.webp"])
def test_frames_stand_at_their_times(tmp_path: Path, name: str, rate: Fraction) -> None:
    rate = min(rate, Fraction(50)) if name == "a.gif" else rate
    film = seen(write(tmp_path / name, (32, 24), 11, rate=rate))
    tick = {".gif": 0.01, ".webp": 0.001, ".webm": 0.001, ".mkv": 0.001}.get(Path(name).suffix, 0)
    assert film.duration == pytest.approx(float(11 / rate), abs=tick / 2 + 1e-6)
    starts = [float(number / rate) for number in range(11)]
    assert film.starts == pytest.approx(starts, abs=tick * 0.51 + 2e-3 * (name == "a.png"))
    assert film.rate in (None, rate)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.mov", "a.mkv"])
def test_segments_leave_no_seam(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.files.films.video.FilmSpec.segment", 5)
    film = seen(write(tmp_path / name, (64, 48), 23))
    assert film.starts == pytest.approx([float(number / RATE) for number in range(23)], abs=1e-3)
    for shown, drawn in zip(film.frames, expected((64, 48), range(1, 24)), strict=True):
        assert np.abs(shown.astype(float) - drawn).mean() < 2.5


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "a.png", "a.webp", "a.mkv"])
def test_equal_frames_and_any_order(tmp_path: Path, name: str) -> None:
    numbers = [30, 30, 30, 2, 2, 60, 30]
    film = seen(write(tmp_path / name, (64, 48), numbers=numbers))
    for shown, drawn in zip(film.frames, expected((64, 48), numbers), strict=True):
        assert np.abs(shown.astype(float) - drawn).mean() < 3


def test_a_film_of_one_frame(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.webm", "a.mov", "a.mkv", "a.gif", "a.png", "a.webp"):
        assert len(seen(write(tmp_path / name, (64, 48), 1)).frames) == 1


# Bytes.


@pytest.mark.parametrize(("name", "wishes", "error"), KINDS, ids=IDS)
def test_the_same_bytes_every_time(
    tmp_path: Path, name: str, wishes: dict[str, object], error: float
) -> None:
    (tmp_path / "elsewhere").mkdir()
    paths = [tmp_path / name, tmp_path / "elsewhere" / name]
    first, second = (write(path, (96, 66), 7, **wishes).read_bytes() for path in paths)
    assert first == second
    for private in (b"Lavf6", b"Lavc6", str(tmp_path).encode(), b"tmp"):
        assert private not in first


def test_the_same_bytes_of_frames_as_narrow_as_a_block(tmp_path: Path) -> None:
    """x265 would read what it has not written, and differ three times in ten."""
    made = {write(tmp_path / "a.mp4", (64, 96), 8, codec="h265").read_bytes() for _ in range(12)}
    assert len(made) == 1


# Where films go.


def pour(form: str, most: int | None = None, **wishes: object) -> bytes:
    """What a reader gets of a film; it goes away after `most` bytes."""
    encoding, size = film_encoding("-", form), (64, 48)
    numbers = wishes.pop("numbers", range(1, 13))
    film = made(size, max(numbers), **wishes)
    reader, writer = os.pipe()

    def read() -> bytes:
        got = b""
        with open(reader, "rb", buffering=0) as file:
            while most is None or len(got) < most:
                part = file.read(1 << 16)
                if not part:
                    break
                got += part
        return got

    with ThreadPoolExecutor() as pool:
        task = pool.submit(read)
        with open(writer, "wb") as pipe, with_metadata(NOTE):
            write_film(pipe, encoding, film, numbers)
        return task.result()


@pytest.mark.parametrize("form", ["mkv", "webm", "gif", "apng", "webp", "mp4", "mov"])
def test_a_film_goes_through_a_pipe(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    path.write_bytes(pour(form))
    whole = write(tmp_path / f"file.{form}", (64, 48), 12)
    assert read_text(path, find_film_text) == NOTE
    if form in ("mkv", "webm"):
        with av.open(str(path)) as film:  # its head was written before its length was known
            frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert np.array_equal(frames, seen(whole).frames)
    else:
        assert path.read_bytes() == whole.read_bytes()


def test_a_pipe_is_fed_while_the_film_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.files.films.video.FilmSpec.segment", 2)
    drawn: list[int] = []

    def frame(number: int) -> np.ndarray:
        drawn.append(number)
        return np.random.default_rng(number).random((48, 64, 3), np.float32)

    with pytest.raises(BrokenPipeError):
        pour("mkv", most=1, make=frame, numbers=range(1, 1000))
    assert len(drawn) < 100


@pytest.mark.parametrize(
    ("form", "count"), [("mkv", 30), ("webm", 90), ("gif", 30), ("apng", 30), ("mp4", 90)]
)
def test_a_reader_that_goes_away(form: str, count: int, capfd: pytest.CaptureFixture[str]) -> None:
    """Films of more bytes than the reader's first piece and the pipe hold."""
    for most in (0, 1, 9000):
        with pytest.raises(BrokenPipeError):
            pour(form, most, make=partial(noise, (64, 48)), numbers=range(1, count + 1))
    assert capfd.readouterr() == ("", "")


def test_a_device_is_written_straight(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mkv")
    with ThreadPoolExecutor() as pool:
        got = pool.submit((tmp_path / "a.mkv").read_bytes)
        write(tmp_path / "a.mkv", (32, 24), 3)
    (tmp_path / "b.mkv").write_bytes(got.result())
    assert read_text(tmp_path / "b.mkv", find_film_text) == NOTE
    assert files(tmp_path) == {"a.mkv", "b.mkv"}


def test_temporary_files_that_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are stale then, and go with a later film."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    for name in ("unlink", "rmdir"):
        monkeypatch.setattr(f"os.{name}", fails)
    write(Path("/dev/null"), (64, 48), 3, format="mp4")
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("form", ["mkv", "gif", "apng", "mp4", "webp"])
def test_a_full_device(form: str) -> None:
    with pytest.raises(NetartError, match="the disk is full") as found:
        write(Path("/dev/full"), (64, 48), 3, format=form)
    assert found.value.status == MACHINE


@pytest.mark.parametrize(
    ("name", "wishes", "tag"), [("a.mp4", {"codec": "h265"}, "hvc1"), ("a.mov", {}, "ap4h")]
)
def test_players_know_codecs_by_their_tags(
    tmp_path: Path, name: str, wishes: dict[str, object], tag: str
) -> None:
    with av.open(str(write(tmp_path / name, (64, 64), 3, **wishes))) as film:
        assert film.streams.video[0].codec_context.codec_tag == tag


def test_numbered_stills(tmp_path: Path) -> None:
    numbers = [9, 10, 123]
    (tmp_path / "f-010.png").write_bytes(b"old")
    (tmp_path / "f-010.png").chmod(0o600)
    write(tmp_path / "f-###.png", (5, 3), numbers=numbers)
    assert files(tmp_path) == {"f-009.png", "f-010.png", "f-123.png"}
    for number, wanted in zip(numbers, expected((5, 3), numbers), strict=True):
        path = tmp_path / f"f-{number:03}.png"
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), wanted)
        assert netart.load(path) == shot(seed=str(number))
    assert (tmp_path / "f-010.png").stat().st_mode & 0o777 == 0o600
    write(tmp_path / "%02d.npy", (5, 3), numbers=numbers)
    assert np.array_equal(np.load(tmp_path / "123.npy"), frame_of((5, 3))(123))


def test_an_old_film_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")
    path.chmod(0o600)

    def frame(number: int) -> np.ndarray:
        assert path.read_bytes() == b"old"
        return frame_of((64, 48))(number)

    assert len(seen(write(path, (64, 48), make=frame)).frames) == 9
    assert path.stat().st_mode & 0o777 == 0o600
    assert files(tmp_path) == {"a.mp4"}


def test_what_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"

    def frame(number: int) -> np.ndarray:
        path.write_bytes(b"another")
        return frame_of((64, 48))(number)

    with pytest.raises(NetartError, match="File exists") as found:
        write(path, (64, 48), make=frame, new=True)
    assert found.value.status == MACHINE
    assert path.read_bytes() == b"another"
    path.unlink()
    write(path, (64, 48), make=never, new=True)
    assert files(tmp_path) == {"a.mkv"}


def never(number: int) -> np.ndarray:
    raise AssertionError(f"frame {number} was there")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.mkv").symlink_to("folder/b.mkv")
    write(tmp_path / "a.mkv", (32, 24))
    assert (tmp_path / "a.mkv").is_symlink()
    assert len(seen(tmp_path / "folder" / "b.mkv").frames) == 9


@pytest.mark.parametrize("name", ["ü: %04d -x.mp4", "file:a.mkv", "-a.webm", "a b#.gif"])
def test_names_are_only_names(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(seen(tmp_path / write(Path(name), (32, 24), 3)).frames) == 3
    assert files(tmp_path) == {name}


# What is said.


def test_progress_counts_frames(tmp_path: Path) -> None:
    for name in ("a.mkv", "##.png"):
        done: list[int] = []
        write(tmp_path / name, (32, 24), 9, progress=done.append)
        assert done == list(range(1, 10))


def test_an_odd_size_is_spoken_of(tmp_path: Path) -> None:
    said: list[str] = []
    write(tmp_path / "a.mp4", (33, 24), say=said.append)
    assert said == ["33x24: sides are odd, so colour is stored whole (yuv444p), which some "
                    "players refuse"]  # fmt: skip
    for name in ("b.mp4", "b.webm", "b.mkv"):
        write(tmp_path / name, (32 if name == "b.mp4" else 33, 24), say=never)


def test_a_large_gif_is_spoken_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("netart.files.films.film.LARGE_GIF", 5000)
    write(tmp_path / "a.gif", (64, 48), say=said.append)
    assert len(said) == 1
    assert "a.gif: 0 MB: " in said[0]
    write(tmp_path / "b.gif", (8, 8), 2, say=said.append)
    assert len(said) == 1


def test_a_frame_of_another_shape_is_a_bug(tmp_path: Path) -> None:
    for name in ("a.mp4", "##.png", "a.gif"):
        with pytest.raises(ValueError, match="a frame of"):
            write(tmp_path / name, (64, 48), make=frame_of((48, 64)))
    assert files(tmp_path) == set()

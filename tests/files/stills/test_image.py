"""Pictures as files, read back by Pillow and numpy."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netart.errors import NetartError
from netart.evaluate.numbers import convert
from netart.files.atomic import free_name
from netart.files.source import name_of
from netart.files.stills.image import write_image, write_picture
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.pixels import MAX_PIXELS, check_size
from netart.shot.shot import Shot
from tests.png import chunks
from tests.shots import noise, shot, strips

SHOT = shot(seed="5", layers="1x4")
SIZES = [(1, 1), (1, 9), (9, 1), (33, 7), (127, 65), (257, 3)]


def opened(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        assert image.mode == "RGB"
        image.load()
        return np.asarray(image)


def test_the_file_is_rounded_too(tmp_path: Path) -> None:
    levels = np.arange(15 * 17).reshape(15, 17, 1) * np.ones(3)
    pixels = np.clip((levels + np.array([-0.49, 0.0, 0.49])) / 255, 0, 1).astype(np.float32)
    write_picture(tmp_path / "a.png", SHOT, (17, 15), convert([pixels]))
    assert np.array_equal(opened(tmp_path / "a.png"), levels)


@pytest.mark.parametrize("size", SIZES)
def test_png_holds_the_pixels(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = noise(size)
    write_picture(tmp_path / "a.png", SHOT, size, convert([pixels]))
    assert np.array_equal(opened(tmp_path / "a.png"), np.floor(pixels * 255 + 0.5))


@pytest.mark.parametrize("size", SIZES)
def test_npy_holds_the_values(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = noise(size)
    write_picture(tmp_path / "a.npy", SHOT, size, convert(strips(pixels, 2)))
    loaded = np.load(tmp_path / "a.npy", allow_pickle=False)
    assert loaded.dtype == np.float32
    assert np.array_equal(loaded, pixels)
    write_picture(tmp_path / "b.npy", SHOT, size, convert([pixels.astype(np.float64)]))
    assert (tmp_path / "b.npy").read_bytes() == (tmp_path / "a.npy").read_bytes()


@pytest.mark.parametrize("suffix", ["png", "npy"])
@pytest.mark.parametrize("size", [(33, 7), (300, 301)])
def test_the_strips_leave_no_trace(tmp_path: Path, suffix: str, size: tuple[int, int]) -> None:
    pixels, path = noise(size), tmp_path / f"a.{suffix}"
    written = set()
    for rows in (1, 2, 5, 32, 1000):
        write_picture(path, SHOT, size, convert(strips(pixels, rows)))
        written.add(path.read_bytes())
    assert len(written) == 1


def test_no_time_stamp(picture: Path) -> None:
    kinds = {kind for kind, _ in chunks(picture.read_bytes())}
    assert kinds == {b"IHDR", b"sRGB", b"iTXt", b"IDAT", b"IEND"}


def test_a_suffix_in_capitals(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.PNG", SHOT, (3, 2), convert([noise((3, 2))]))
    assert opened(tmp_path / "a.PNG").shape == (2, 3, 3)


def test_sizes_at_the_limit() -> None:
    check_size((131072, 131072))
    assert MAX_PIXELS == 131072**2
    for size in ((131072, 131073), (0, 5), (5, -1)):
        with pytest.raises(NetartError, match=f"size {size[0]}x{size[1]}"):
            check_size(size)


def test_npy_takes_more_disk_than_png(tmp_path: Path) -> None:
    size = (131072, 131072)  # 206 GB as .npy, at least 1 GB as .png
    path = tmp_path / "a.npy"
    with pytest.raises(NetartError, match=r"needs at least 206,\d+ MB") as found:
        plan_image(path, SHOT, size, ImageEncoding())
    assert found.value.status == 1


# Whole or not at all.


def failing(error: BaseException) -> Iterator[np.ndarray]:
    yield noise((40, 10))
    yield noise((40, 10))
    raise error


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), MemoryError()], ids=repr)
@pytest.mark.parametrize("suffix", ["png", "npy"])
def test_a_failure_leaves_the_old_file(tmp_path: Path, error: BaseException, suffix: str) -> None:
    old = tmp_path / f"old.{suffix}"
    old.write_bytes(b"old")
    for path in (old, tmp_path / f"new.{suffix}"):
        with pytest.raises(type(error)):
            write_picture(path, SHOT, (40, 30), convert(failing(error)))
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def watched() -> Iterator[np.ndarray]:
        for strip in strips(noise((40, 30)), 10):
            assert path.read_bytes() == b"old"
            assert len(list(tmp_path.iterdir())) == 2
            yield strip

    write_picture(path, SHOT, (40, 30), convert(watched()))
    assert opened(path).shape == (30, 40, 3)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.png").symlink_to("folder/target.png")
    write_picture(tmp_path / "link.png", SHOT, (3, 2), convert([noise((3, 2))]))
    assert (tmp_path / "link.png").is_symlink()
    assert opened(tmp_path / "folder" / "target.png").shape == (2, 3, 3)


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_picture(path, Shot(), (3, 2), convert([np.zeros((2, 3, 3), np.float32)]))
    assert path.stat().st_mode & 0o777 == 0o600
    long = tmp_path / ("n" * 250 + ".png")
    write_picture(long, Shot(), (3, 2), convert([np.zeros((2, 3, 3), np.float32)]))
    assert long.exists()


def test_what_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*paths: Path) -> None:
        raise PermissionError

    for name in ("a.png", "b.png"):
        path = tmp_path / name

        def strips(path: Path = path):
            path.write_bytes(b"another")
            yield np.zeros((2, 3, 3), np.float32)

        with pytest.raises(NetartError, match=f"{name}: "):
            write_picture(path, Shot(), (3, 2), convert(strips()), new=True)
        assert path.read_bytes() == b"another"
        monkeypatch.setattr("netart.files.atomic.os.link", no_links)
    write_picture(tmp_path / "c.png", Shot(), (3, 2), convert([np.zeros((2, 3, 3))]), new=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "b.png", "c.png"]


def test_a_free_name_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.png").touch()
    Path("a-3.png").touch()
    Path("a-4.toml").symlink_to("nothing")
    with free_name("a", ".png") as first, free_name("a", ".png") as second:
        assert (first, second) == (Path("a-2.png"), Path("a-4.png"))
        with free_name("a", ".png", ".toml") as third:
            assert third == Path("a-5.png")
    assert sorted(map(str, Path().iterdir())) == ["a-3.png", "a-4.toml", "a.png"]
    with free_name("b", ".png") as path:
        assert path == Path("b.png")


class Filling(io.BytesIO):
    """A file on a disk that takes so many writes, fails once, and then takes the others."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.left = writes

    def write(self, data: Any) -> int:
        self.left -= 1
        if self.left == -1:
            raise OSError(errno.EIO, "Input/output error")
        return super().write(data)


@pytest.mark.parametrize("suffix", [".exr", ".tif", ".png", ".npy", ".jpg"])
def test_a_write_that_fails_once_is_told(suffix: str) -> None:
    spec = plan_image(Path(f"a{suffix}"), SHOT, (40, 30), ImageEncoding())
    draw = convert([np.zeros((30, 40, 3), np.float32)])
    whole = Filling(1 << 30)
    write_image(whole, spec, draw(spec.numbers), True)
    for last in range((1 << 30) - whole.left):
        with pytest.raises(OSError, match="Input/output error"):
            write_image(Filling(last), spec, draw(spec.numbers), True)


def test_a_codec_without_memory_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(*arguments: object, **options: object) -> None:
        raise RuntimeError("Failed to encode image: Out of memory")

    monkeypatch.setattr(Image.Image, "save", save)
    with pytest.raises(NetartError, match=r"a\.avif: AVIF: Failed to encode") as found:
        write_picture(tmp_path / "a.avif", SHOT, (3, 2), convert([np.zeros((2, 3, 3), np.float32)]))
    assert found.value.status == 1
    assert not [*tmp_path.iterdir()]


def test_limits_of_memory_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan() -> None:
        plan_image(None, SHOT, (2000, 2000), ImageEncoding("avif"))

    limit = tmp_path / "memory.max"
    limit.write_text("max\n")
    monkeypatch.setattr("netart.files.stills.plan.CONTAINER_LIMITS", [str(limit)])
    plan()
    limit.write_text("50000000\n")
    with pytest.raises(NetartError, match="takes 168 MB of memory, 50 MB are there"):
        plan()
    limit.unlink()
    monkeypatch.setattr("resource.getrlimit", lambda kind: (60_000_000, -1))
    with pytest.raises(NetartError, match="60 MB are there"):
        plan()


def test_shots_without_a_name_are_called_by_their_first_seeds() -> None:
    assert name_of(shot(seed="7")) == "seed-7"
    assert name_of(shot(mix="1:1,2:1,3:1,4:1,5:1,6:1")) == "seed-1-2-3-4"

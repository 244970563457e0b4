"""Palettes from files: pictures of every format, lists of colours, and what is refused."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netart.errors import NetartError
from netart.files import pictures
from netart.files.limits import MAX_PALETTE_BYTES, MAX_PICTURE_PIXELS
from netart.files.palettes import read_palette
from netart.files.pictures import PICTURE_FORMATS
from netart.shot.colours import MAX_STOPS, colour
from netart.shot.palette import palette
from tests.png import chunks, packed

STOPS = ("#102030", "#2f6f8f", "#f0a040", "#fff8f0")
SUFFIXES = {"JPEG": "jpg", "TIFF": "tif"}


def stripes(side: int = 64) -> Image.Image:
    """A picture of four colours, a quarter of the width each."""
    pixels = np.array([colour(stop) for stop in STOPS], np.uint8)
    return Image.fromarray(np.tile(np.repeat(pixels, side // 4, axis=0), (side, 1, 1)))


def levels(name: str) -> np.ndarray:
    return np.array([colour(stop) for stop in name.partition(":")[2].split(",")])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", PICTURE_FORMATS)
def test_pictures_of_every_format(name: str) -> None:
    path = f"a.{SUFFIXES.get(name, name.lower())}"
    stripes().save(path, name, **({"quality": 95} if name in ("JPEG", "WEBP", "AVIF") else {}))
    found = levels(read_palette(f"from:{path}"))
    wanted = [colour(stop) for stop in STOPS]
    near = np.abs(found[:, None] - np.array(wanted)).max(axis=2).min(axis=0)
    assert near.max() <= (12 if name in ("JPEG", "WEBP", "AVIF", "GIF") else 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_pictures_of_every_mode(mode: str) -> None:
    suffix = "tif" if mode in ("CMYK", "F") else "png"
    grey = np.tile(np.arange(0, 64, dtype=np.uint16) * 1024, (64, 1))
    image = Image.fromarray(grey) if mode == "I;16" else stripes().convert(mode)
    image.save(f"a.{suffix}")
    found = levels(read_palette(f"from:a.{suffix}"))
    assert len(found) >= 2
    assert found[0].mean() < 60 and found[-1].mean() > 120


def test_a_picture_gives_corners_where_they_are_asked_for() -> None:
    stripes().save("a.png")
    assert (
        read_palette("ramp:from:a.png") == read_palette("from:a.png") == f"ramp:{','.join(STOPS)}"
    )
    dark, cold, warm, light = STOPS
    assert read_palette("corners:from:a.png") == f"corners:{dark},{warm},{cold},{light}"


def test_what_is_transparent_does_not_count() -> None:
    image = stripes().convert("RGBA")
    image.paste((255, 0, 0, 0), (0, 0, 32, 64))
    image.save("a.png")
    assert read_palette("from:a.png") == "ramp:#f0a040,#fff8f0"
    Image.new("RGBA", (3, 3)).save("b.png")
    with pytest.raises(NetartError, match=r"^b\.png: is transparent everywhere$"):
        read_palette("from:b.png")


GPL = "GIMP Palette\nName: A\nColumns: 4\n# by hand\n 16  32  48\tnight\n47 111 143\n"
LISTS = {
    "a.gpl": GPL + "240 160  64 amber\n255 248 240\n",
    "b.GPL": "\ufeff" + GPL.replace("\n", "\r\n") + "240 160 64\r\n255 248 240 255 paper",
    "a.map": "16 32 48 black (not quite)\n47 111 143\n\n240 160 64\n255 248 240\n",
    "a.json": json.dumps(STOPS),
    "b.json": json.dumps([colour(stop) for stop in STOPS]),
    "c.json": '["#102030", [47, 111, 143], "#F0A040", "#fff8f0"]',
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_colours_are_taken_as_they_stand(name: str) -> None:
    Path(name).write_text(LISTS[name], encoding="utf-8", newline="")
    text = LISTS[name].removeprefix("\ufeff").replace("\n", "\r")
    Path(f"wide-{name}").write_bytes(text.encode("utf-16"))
    wanted = ",".join(STOPS)
    assert read_palette(name) == read_palette(f"from:{name}") == f"ramp:{wanted}"
    assert read_palette(f"corners:{name}") == f"corners:{wanted}"
    assert read_palette(f"wide-{name}") == f"ramp:{wanted}"


def test_long_lists_become_as_many_stops_as_a_ramp_has() -> None:
    """A map of Fractint's has 256 colours: the ramp is the same to a few levels."""
    rows = [(k, 255 - k, k // 2) for k in range(256)]
    Path("a.map").write_text("\n".join(" ".join(map(str, row)) for row in rows))
    name = read_palette("a.map")
    assert name.count("#") == MAX_STOPS
    found = palette(name)
    got = found.kind.function(np.linspace(0, 1, 256)[None], found.table).T
    assert np.abs(got - np.array(rows) / 255).max() < 4 / 255
    assert read_palette("corners:a.map").count("#") == 4


@pytest.mark.parametrize(
    "name", ["klimt", "ramp:klimt", "rgb", "ramp:#102030,white", "batlow", "a"]
)
def test_names_stay_names(name: str) -> None:
    assert read_palette(name) == name


BAD = {
    "a.gpl": ("16 32 48\n", "line 1: must be GIMP Palette"),
    "b.gpl": (GPL + "300 0 0\n", "line 7: '300 0 0': must begin with red, green and blue"),
    "c.gpl": ("GIMP Palette\n1 2 3\n", "1 colours, must be 2 at least"),
    "a.map": ("1 2 3\nwhite\n", "line 2: 'white': must begin with"),
    "b.map": ("", "0 colours, must be 2 at least"),
    "c.map": ("٣ 2 3\n1 2 3", "line 1"),
    "a.json": ("[1", "is not valid JSON"),
    "b.json": ("[" * 60_000, "is not valid JSON"),
    "c.json": ('{"colors": []}', "must be a list of colours"),
    "d.json": ('["#102030", "blak"]', "colour 2: unknown colour 'blak': did you mean black"),
    "e.json": ("[[0, 0, 0], [0, 0, 256]]", r"colour 2: must be a text such as #102030"),
    "f.json": ("[[0, 0, 0], [true, 0, 1]]", "colour 2: must be"),
    "g.json": ("[0.5, [0, 0, 0]]", "colour 1: must be"),
    "h.json": (" " * (MAX_PALETTE_BYTES + 1), "more than 64 KiB"),
    "a.png": ("no picture", "is no picture that can be read"),
    "a.eps": (
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "is no picture that can be read",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_told_with_its_place(name: str) -> None:
    text, message = BAD[name]
    Path(name).write_text(text, encoding="utf-8")
    with pytest.raises(NetartError, match=message) as caught:
        read_palette(f"from:{name}")
    assert str(caught.value).startswith(f"{name}: ")


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    for path in ("/dev/zero", str(tmp_path)):
        with pytest.raises(NetartError, match="is not a regular file"):
            read_palette(f"from:{path}")


# Untrusted pictures.


READER = """
import resource, sys, time
from netart.errors import NetartError
from netart.files.palettes import read_palette
for path in sys.argv[1:]:
    start, said = time.process_time(), ""
    try:
        read_palette(f"from:{path}")
    except NetartError as error:
        said = str(error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(time.process_time() - start, peak, said)
"""
# A process of its own: a child's peak begins with the memory of whoever starts it.
STARTER = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
WITHIN_S, WITHIN_BYTES = 2, 300_000_000  # of the processor, of memory


def read_apart(*paths: str) -> list[str]:
    """What is said of each picture by a process of its own, within time and memory."""
    command = [sys.executable, "-c", STARTER, sys.executable, "-c", READER, *paths]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line.split(" ", 2) for line in ran.stdout.splitlines()]
    for took, peak, _ in lines:
        assert float(took) < WITHIN_S
        assert int(peak) < WITHIN_BYTES
    return [said for *_, said in lines]


LARGEST = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0}, "AVIF": {"speed": 10}}
LARGEST |= {"GIF": {}, "TIFF": {"compression": "tiff_lzw"}}
LARGEST |= {"JPEG": {"progressive": True, "subsampling": 0}}


LONG = {"AVIF", "GIF", "JPEG", "WEBP"}  # whose encoders take seconds


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in LARGEST]
)
def test_the_largest_pictures_take_little(name: str) -> None:
    """The most pixels that are read, and one row more, which is refused."""
    width, height = 4096, MAX_PICTURE_PIXELS // 4096 << (name == "JPEG")
    tile = np.random.default_rng(0).integers(0, 256, (256, 256, 3)).astype(np.uint8)
    noise = Image.fromarray(np.tile(tile, (height // 256, width // 256, 1)))
    noise.save("a", name, **LARGEST[name])
    Image.new("L", (width, height + 1)).save("b", name, **LARGEST[name])
    assert read_apart("b", "a") == [f"b: {pictures.TOO_LARGE}", ""]


@pytest.mark.slow
def test_a_picture_that_claims_to_be_huge_is_refused_at_once() -> None:
    stripes().save("a.png")
    parts = dict(chunks(Path("a.png").read_bytes()))
    parts[b"IHDR"] = struct.pack(">II", 65_000, 65_000) + parts[b"IHDR"][8:]
    Path("a.png").write_bytes(packed(parts.items()))
    assert read_apart("a.png") == [f"a.png: {pictures.TOO_LARGE}"]

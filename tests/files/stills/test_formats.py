"""Every format, decoded by another library and looked at by the tools that people use."""

from __future__ import annotations

import io
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import OpenEXR
import pytest
import tifffile
from PIL import Image, ImageCms

import netart
from netart.errors import NetartError
from netart.evaluate.numbers import Draw, convert
from netart.files.limits import MAX_METADATA_BYTES
from netart.files.metadata import make_metadata
from netart.files.source import read_note, read_source
from netart.files.stills import photo
from netart.files.stills.formats import IMAGE_FORMATS, IMAGE_SUFFIXES
from netart.files.stills.image import draw_to_stream, write_picture
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.files.weights import npz
from netart.net.recipe import Weights
from netart.pixels import Size
from netart.shot.look import Look
from netart.shot.oklab import srgb_decode
from netart.shot.shot import Shot
from tests.shots import explicit_network, noise, shot, strips

SHOT = shot(seed="5", layers="1x4", latent="größe=-3")

# Suffix and encoding → how far a decoded smooth picture may be off, on average, in [0, 1].
EXACT = {
    ".png": ImageEncoding(), ".PNG": ImageEncoding(bits=16),
    ".tif": ImageEncoding(), ".tiff": ImageEncoding(bits=16), ".TIF": ImageEncoding(bits=32),
    ".exr": ImageEncoding(), ".EXR": ImageEncoding(bits=32),
    ".webp": ImageEncoding(quality="lossless"),
}  # fmt: skip
LOSSY = {
    (".jpg", None): 0.7 / 255, (".jpeg", 100): 0.6 / 255, (".jpg", 20): 4 / 255,
    (".webp", None): 1.3 / 255, (".webp", 20): 5 / 255,
    (".avif", None): 1.2 / 255, (".avif", 20): 5 / 255,
}  # fmt: skip
CARRYING = [suffix for suffix, form in IMAGE_SUFFIXES.items() if form.find_text]


def smooth(size: Size) -> np.ndarray:
    """Float32 in [0, 1] that photographs are made for: slow waves, each channel its own."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = x / 41 + y / 23, x / 37 - y / 57, np.hypot(x - 50, y - 20) / 29
    return np.stack([0.5 + 0.5 * np.sin(wave) for wave in waves], axis=-1)


def decoded(path: Path) -> np.ndarray:
    """The samples, by a library that did not write them where there is one."""
    suffix = path.suffix.lower()
    if suffix in (".tif", ".tiff"):
        return tifffile.imread(path)
    if suffix == ".exr":
        return OpenEXR.File(str(path)).channels()["RGB"].pixels
    if suffix == ".png":
        return read_png(path)
    with Image.open(path) as opened:
        assert opened.mode == "RGB"
        return np.asarray(opened)


def read_png(path: Path) -> np.ndarray:
    """By FFmpeg: Pillow takes 16 bits for 8."""
    bits = path.read_bytes()[24]
    form = {8: "rgb24", 16: "rgb48"}[bits]
    return imageio.imread(path, plugin="pyav", format=form, index=0)


def gradient(size: Size) -> Draw:
    return convert([smooth(size)])


def expected(pixels: np.ndarray, dtype: str, linear: bool) -> np.ndarray:
    if dtype in ("u1", "u2"):
        return np.floor(pixels * np.float32(np.iinfo(dtype).max) + np.float32(0.5)).astype(dtype)
    return (srgb_decode(pixels) if linear else pixels).astype(dtype)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (33, 7), (257, 130)])
@pytest.mark.parametrize("suffix", EXACT)
def test_what_is_exact_comes_back(tmp_path: Path, suffix: str, size: Size) -> None:
    path, encoding = tmp_path / f"a{suffix}", EXACT[suffix]
    pixels = noise(size)
    write_picture(path, SHOT, size, convert(strips(pixels, 64)), encoding)
    still = plan_image(path, SHOT, size, encoding)
    found = decoded(path)
    assert found.dtype == still.numbers.dtype
    assert np.array_equal(found, expected(pixels, still.numbers.dtype, suffix.lower() == ".exr"))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (201, 117)])
@pytest.mark.parametrize(("suffix", "quality"), LOSSY)
def test_what_is_lossy_comes_close(
    tmp_path: Path, suffix: str, quality: int | None, size: Size
) -> None:
    path, pixels = tmp_path / f"a{suffix}", smooth(size)
    write_picture(path, SHOT, size, convert(strips(pixels, 64)), ImageEncoding(quality=quality))
    error = np.abs(decoded(path) / 255 - pixels)
    assert error.shape == pixels.shape
    assert error.mean() < LOSSY[suffix, quality] * (1 if min(size) > 16 else 2)


def test_quality_is_kept(tmp_path: Path) -> None:
    for suffix in (".jpg", ".webp", ".avif"):
        sizes = []
        for quality in (1, 50, None, 100):
            path = tmp_path / f"a{suffix}"
            write_picture(
                path, SHOT, (99, 80), convert([smooth((99, 80))]), ImageEncoding(quality=quality)
            )
            sizes.append(path.stat().st_size)
        assert sizes == sorted(set(sizes))


def test_jpeg_and_avif_keep_a_colour_a_pixel(tmp_path: Path) -> None:
    """Red and blue columns turn violet where colours are halved (4:2:0), as in lossy WebP."""
    pixels = np.zeros((32, 32, 3), np.float32)
    pixels[:, ::2, 0] = pixels[:, 1::2, 2] = 1
    for suffix, kept in ((".jpg", True), (".avif", True), (".webp", False)):
        write_picture(tmp_path / f"a{suffix}", SHOT, (32, 32), convert([pixels]))
        off = np.abs(decoded(tmp_path / f"a{suffix}") / 255 - pixels).mean()
        assert bool(off < 0.05) is kept


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "encoding"),
    [
        (suffix, ImageEncoding(bits=bits))
        for suffix, form in IMAGE_SUFFIXES.items()
        for bits in form.dtypes
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.bits),
)
def test_the_strips_leave_no_trace(tmp_path: Path, suffix: str, encoding: ImageEncoding) -> None:
    size, written = (300, 301), set()
    drawn = Shot(look=Look(dither=True))
    for rows in (1, 5, 64, 1000):
        path = tmp_path / f"{rows}{suffix}"
        write_picture(path, drawn, size, convert(strips(noise(size), rows)), encoding)
        written.add(path.read_bytes())
    stream = io.BytesIO()
    named = ImageEncoding(IMAGE_SUFFIXES[suffix].name, encoding.bits)
    draw_to_stream(stream, plan_image(None, drawn, size, named), convert(strips(noise(size), 64)))
    assert {*written, stream.getvalue()} == written
    assert len(written) == 1


def test_avif_is_the_same_on_every_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = set()
    for threads in (2, photo.THREADS, 7):
        monkeypatch.setattr(photo, "THREADS", threads)
        write_picture(tmp_path / "a.avif", SHOT, (700, 500), convert([smooth((700, 500))]))
        written.add((tmp_path / "a.avif").read_bytes())
    assert len(written) == 1


@pytest.mark.slow
def test_the_same_bytes_at_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LittleCMS dates its profiles, to the second."""
    written = []
    for name in ("a", "b"):
        for suffix in IMAGE_SUFFIXES:
            write_picture(tmp_path / f"{name}{suffix}", SHOT, (9, 8), convert([smooth((9, 8))]))
        written.append({s: (tmp_path / f"{name}{s}").read_bytes() for s in IMAGE_SUFFIXES})
        time.sleep(1.01)
    assert written[0] == written[1]


def test_large_tiffs_have_offsets_of_64_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netart.files.stills.tiff.CLASSIC_BYTES", 3 * 33 * 7 - 1)
    path, pixels = tmp_path / "a.tif", noise((33, 7))
    write_picture(path, SHOT, (33, 7), convert([pixels]))
    assert path.read_bytes()[:4] == b"II+\0"
    assert np.array_equal(decoded(path), expected(pixels, "u1", False))
    assert netart.load(path) == SHOT


def test_8_bits_are_dithered_where_the_look_says_so(tmp_path: Path) -> None:
    pixels = np.full((64, 64, 3), 10.3 / 255, np.float32)
    for suffix, encoding in EXACT.items():
        path = tmp_path / f"a{suffix}"
        values = []
        for dither in (False, True):
            drawn = Shot(look=Look(dither=dither))
            write_picture(path, drawn, (64, 64), convert([pixels]), encoding)
            values.append(decoded(path))
        eight = values[0].dtype == np.uint8
        assert np.array_equal(values[0], values[1]) is not eight
        assert not eight or abs(values[1].mean() - 10.3) < 0.01


# Colour space.


def test_the_profile_is_srgb() -> None:
    for suffix in (".jpg", ".webp", ".tif"):
        stream = io.BytesIO()
        named = ImageEncoding(IMAGE_SUFFIXES[suffix].name)
        draw_to_stream(stream, plan_image(None, SHOT, (3, 2), named), convert([noise((3, 2))]))
        with Image.open(stream) as opened:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(opened.info["icc_profile"]))
            assert ImageCms.getProfileDescription(profile).strip() == "sRGB built-in"
            colours = Image.fromarray(np.random.default_rng(3).integers(0, 256, (9, 9, 3), "u1"))
            own = ImageCms.createProfile("sRGB")
            again = np.asarray(ImageCms.profileToProfile(colours, profile, own)).astype(int)
            assert np.abs(again - np.asarray(colours)).max() <= 1


def test_exr_says_what_its_numbers_are(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.exr", SHOT, (3, 2), convert([noise((3, 2))]))
    header = OpenEXR.File(str(tmp_path / "a.exr")).header()
    rec709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
    assert header["chromaticities"] == pytest.approx(rec709)


# The shot inside.


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_the_number_of_cores_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr("netart.files.stills.png.BLOCK_BYTES", 9000)
    monkeypatch.setattr("netart.files.stills.tiff.STRIP_BYTES", 9000)
    written = set()
    for cores in (1, 2, 7):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        path = tmp_path / f"{cores}{suffix}"
        write_picture(path, SHOT, (99, 333), convert([noise((99, 333))]))
        written.add(path.read_bytes())
        assert np.array_equal(decoded(path), np.floor(noise((99, 333)) * 255 + 0.5))
    assert len(written) == 1


@pytest.mark.parametrize("suffix", CARRYING)
def test_a_shot_goes_through_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_picture(path, SHOT, (3, 2), convert([noise((3, 2))]))
    found = read_source(path)
    assert (found.shot, found.name, found.size, found.warning) == (SHOT, "a", (3, 2), "")
    assert read_note(path).text == make_metadata(SHOT, (3, 2)).text


@pytest.mark.parametrize("suffix", CARRYING)
def test_without_metadata(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_picture(path, SHOT, (3, 2), convert([noise((3, 2))]), ImageEncoding(metadata=False))
    assert b"netart" not in path.read_bytes()
    assert b"xmp" not in path.read_bytes().lower()
    with pytest.raises(NetartError, match=f"a{suffix}: carries no shot"):
        netart.load(path)


@pytest.mark.parametrize("suffix", IMAGE_SUFFIXES)
def test_nothing_private(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    started = time.strftime("%Y:%m:%d"), time.strftime("%Y-%m-%d")
    write_picture(path, SHOT, (30, 20), convert([smooth((30, 20))]))
    data = path.read_bytes()
    private = [str(tmp_path), tmp_path.name, str(Path.cwd()), str(Path.home()), "/usr", "/tmp"]
    private += [socket.gethostname(), platform.node(), platform.release(), str(os.getpid())]
    private += [*started, os.environ.get("USER", "root"), "tifffile", "Pillow", "python"]
    for word in private:
        if len(word) > 3:
            assert word.encode() not in data, word


def test_a_note_needs_no_escapes(tmp_path: Path) -> None:
    named = Weights(content=explicit_network(9), name="a<b>&'\"é.npz")
    text = make_metadata(Shot(network=named), (3, 2)).text
    assert text.isascii()
    assert not set("<>&") & set(text)
    large = Weights(content=explicit_network(2731), name="a<b>&'\"é.npz")
    for suffix in CARRYING:
        path = tmp_path / f"a{suffix}"
        write_picture(path, Shot(network=large), (3, 2), convert([noise((3, 2))]))
        assert read_note(path).weights_file == large.name


@pytest.mark.slow
def test_a_packet_that_was_saved_again_is_read(tmp_path: Path) -> None:
    tool("exiftool")
    path = tmp_path / "a.jpg"
    write_picture(path, SHOT, (3, 2), convert([noise((3, 2))]))
    subprocess.run(["exiftool", "-q", "-XMP-dc:Title=one & two", path], check=True)
    assert b"one &amp; two" in path.read_bytes()
    assert netart.load(path) == SHOT
    path = tmp_path / "b.webp"
    write_picture(path, SHOT, (3, 2), convert([noise((3, 2))]))
    head, note, tail = re.split(b"(?<=<netart:note>)(.+)(?=</netart:note>)", path.read_bytes())
    note = note.replace(b'"', b"&quot;", 9).replace(b'"', b"&#34;")
    path.write_bytes(head + note + tail)
    assert netart.load(path) == SHOT


# JPEG's XMP has 65,504 bytes.


def test_weights_that_do_not_fit_go_by_name(tmp_path: Path) -> None:
    drawn = Shot(network=Weights(content=explicit_network(1500)))
    digest = drawn.network.content.sha256
    for suffix in CARRYING:
        path = tmp_path / f"a{suffix}"
        write_picture(path, drawn, (3, 2), convert([noise((3, 2))]))
        held = read_note(path).shot["network"]
        assert ("layers" in held) is (IMAGE_SUFFIXES[suffix].name != "jpeg")
        if "layers" not in held:
            assert held["file"] == f"{digest[:12]}.npz"
            with pytest.raises(NetartError, match=rf"{digest[:12]}\.npz: no such file"):
                netart.load(path)
            with (tmp_path / held["file"]).open("wb") as file:
                npz.write(file, drawn.network.content, {})
        assert netart.load(path) == drawn
        (tmp_path / f"{digest[:12]}.npz").unlink(missing_ok=True)
    few = Shot(network=Weights(content=explicit_network(400)))
    write_picture(tmp_path / "a.jpg", few, (3, 2), convert([noise((3, 2))]))
    assert "layers" in read_note(tmp_path / "a.jpg").shot["network"]


def test_a_shot_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path, encoding = tmp_path / "a.jpg", ImageEncoding(metadata=False)
    most = IMAGE_FORMATS["jpeg"].max_metadata
    for latents, fits in ((30, True), (40, False)):
        digits = "0." + "1234567890" * 190
        drawn = shot(latent=",".join(f"t{k}={digits}" for k in range(latents)))
        assert (len(make_metadata(drawn, (3, 2)).text) <= most) is fits
        if fits:
            write_picture(path, drawn, (3, 2), convert([noise((3, 2))]))
            assert netart.load(path) == drawn
        else:
            allowed = r"png, webp, avif, tiff, exr can \(or leave out the metadata\)"
            with pytest.raises(NetartError, match=rf"a\.jpg: jpeg cannot carry .*: {allowed}"):
                plan_image(path, drawn, (3, 2), ImageEncoding())
            write_picture(path, drawn, (3, 2), convert([noise((3, 2))]), encoding)
            write_picture(path.with_suffix(".webp"), drawn, (3, 2), convert([noise((3, 2))]))
            assert netart.load(path.with_suffix(".webp")) == drawn


def test_the_longest_note_that_jpeg_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most = IMAGE_FORMATS["jpeg"].max_metadata
    for extra, fits in ((0, True), (1, False)):
        text = "x" * (most + extra)
        still = plan_image(tmp_path / "a.jpg", SHOT, (3, 2), ImageEncoding())
        monkeypatch.setattr("netart.files.stills.spec.ImageSpec.text", text)
        if fits:
            IMAGE_FORMATS["jpeg"].write(io.BytesIO(), still, iter([np.zeros((2, 3, 3), "u1")]))
        else:
            with pytest.raises(ValueError, match="too long"):
                IMAGE_FORMATS["jpeg"].write(io.BytesIO(), still, iter([np.zeros((2, 3, 3), "u1")]))


@pytest.mark.slow
def test_a_note_that_is_written_can_be_read(tmp_path: Path) -> None:
    """The largest weights that a text may hold."""
    drawn = Shot(network=Weights(content=explicit_network(25_000)))
    assert MAX_METADATA_BYTES * 0.7 < len(make_metadata(drawn, (3, 2)).text) < MAX_METADATA_BYTES
    for suffix in (".png", ".webp", ".avif", ".tif", ".exr"):
        write_picture(tmp_path / f"a{suffix}", drawn, (3, 2), convert([noise((3, 2))]))
        assert netart.load(tmp_path / f"a{suffix}") == drawn


# What a format cannot hold.

REFUSED = [
    ("a.jpg", (3, 2), ImageEncoding(bits=16),
     "jpeg cannot hold 16 bits a channel: png, tiff, exr can"),
    ("a.webp", (3, 2), ImageEncoding(bits=32), "webp cannot hold 32 .*: tiff, exr, npy can"),
    ("a.png", (3, 2), ImageEncoding(bits=32), "png cannot hold 32 .*: tiff, exr, npy can"),
    ("a.exr", (3, 2), ImageEncoding(bits=8),
     "exr cannot hold 8 .*: png, jpeg, webp, avif, tiff can"),
    ("a.png", (3, 2), ImageEncoding(bits=12), "png cannot hold 12 .*: no format can"),
    ("a.png", (3, 2), ImageEncoding(quality=90),
     "png cannot take quality 90: jpeg, webp, avif can"),
    ("a.jpg", (3, 2), ImageEncoding(quality="lossless"), "jpeg cannot take .* lossless: webp can"),
    ("a.png", (3, 2), ImageEncoding("tiff"), "a.png: the suffix says png, format tiff"),
    ("a.gif", (3, 2), ImageEncoding("png"), ".gif is of films, as netart animate draws"),
    ("a", (3, 2), ImageEncoding(), "a: has no suffix"),
    ("a.jpg", (65_501, 1), ImageEncoding(), "jpeg cannot be 65501x1: png, tiff, exr, npy can"),
    ("a.jpg", (1, 65_501), ImageEncoding(), "jpeg cannot be 1x65501: png, tiff, exr, npy can"),
    ("a.webp", (16_384, 1), ImageEncoding(),
     "cannot be 16384x1: png, jpeg, avif, tiff, exr, npy can"),
    ("a.avif", (1, 16_385), ImageEncoding(), "cannot be 1x16385: png, jpeg, tiff, exr, npy can"),
    ("a.exr", (131_072, 131_072), ImageEncoding(),
     "exr takes .* MB of memory, .*: png, tiff, npy take"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "size", "encoding", "message"), REFUSED)
def test_what_a_format_cannot_hold_is_refused(
    tmp_path: Path, name: str, size: Size, encoding: ImageEncoding, message: str
) -> None:
    with pytest.raises(NetartError, match=message):
        plan_image(tmp_path / name, SHOT, size, encoding)


def test_no_such_encoding() -> None:
    for quality in (0, 101, -5, "best"):
        with pytest.raises(NetartError, match=f"quality {quality}: must be from 1 to 100, or los"):
            ImageEncoding(quality=quality)
    with pytest.raises(NetartError, match="unknown format 'jpge': did you mean jpeg"):
        ImageEncoding("jpge")
    assert ImageEncoding("jpg") == ImageEncoding("jpeg")


@pytest.mark.parametrize("size", [(65_500, 2), (2, 65_500)])
def test_the_largest_sides_of_jpeg(tmp_path: Path, size: Size) -> None:
    largest_sides(tmp_path / "a.jpg", size)


@pytest.mark.parametrize("size", [(16_383, 2), (2, 16_383)])
def test_the_largest_sides_of_webp(tmp_path: Path, size: Size) -> None:
    largest_sides(tmp_path / "a.webp", size)


@pytest.mark.parametrize("size", [(16_384, 2), (2, 16_384)])
def test_the_largest_sides_of_avif(tmp_path: Path, size: Size) -> None:
    largest_sides(tmp_path / "a.avif", size)


def largest_sides(path: Path, size: Size) -> None:
    assert max(size) == IMAGE_SUFFIXES[path.suffix].max_side
    write_picture(path, SHOT, size, convert([smooth(size)]))
    assert decoded(path).shape == (size[1], size[0], 3)


# Real tools.


def tool(name: str) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")


def said(*command: object) -> str:
    """What a tool prints; it must succeed, and complain of nothing."""
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
    return run.stdout


ENCODED = [
    (suffix, ImageEncoding(bits=bits))
    for suffix, form in IMAGE_SUFFIXES.items() for bits in form.dtypes if form.find_text
] + [(".webp", ImageEncoding(quality="lossless"))]  # fmt: skip


def check_exiftool(path: Path, size: Size) -> None:
    (found,) = json.loads(said("exiftool", "-j", "-a", "-G0", path))
    assert not [name for name in found if name.endswith((":Warning", ":Error"))], found
    texts = [str(value) for value in found.values()]
    assert make_metadata(SHOT, size).text in texts
    assert "x".join(map(str, size)) == found["Composite:ImageSize"]


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "encoding"), ENCODED)
def test_exiftool_reads_the_shot(tmp_path: Path, suffix: str, encoding: ImageEncoding) -> None:
    tool("exiftool")
    write_picture(tmp_path / f"a{suffix}", SHOT, (301, 200), gradient((301, 200)), encoding)
    check_exiftool(tmp_path / f"a{suffix}", (301, 200))


def test_exiftool_would_complain(tmp_path: Path) -> None:
    tool("exiftool")
    path = tmp_path / "a.jpg"
    write_picture(path, SHOT, (301, 200), gradient((301, 200)))
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(AssertionError):
        check_exiftool(path, (301, 200))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif", ".exr", ".png"])
def test_exiftool_validates(tmp_path: Path, suffix: str) -> None:
    """Not TIFF: its validation knows no compression that is younger than TIFF 6.0."""
    tool("exiftool")
    write_picture(tmp_path / f"a{suffix}", SHOT, (301, 200), gradient((301, 200)))
    words = said("exiftool", "-a", "-validate", "-warning", "-error", tmp_path / f"a{suffix}")
    assert words.split() == ["Validate", ":", "OK"]


@pytest.mark.slow
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("metadata", [True, False])
def test_pngcheck(tmp_path: Path, bits: int, metadata: bool) -> None:
    tool("pngcheck")
    encoding = ImageEncoding(bits=bits, metadata=metadata)
    write_picture(tmp_path / "a.png", SHOT, (301, 200), gradient((301, 200)), encoding)
    words = said("pngcheck", tmp_path / "a.png")
    assert words.startswith("OK: ")
    assert f"301x200, {3 * bits}-bit RGB, non-interlaced" in words


@pytest.mark.slow
@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize("large", [False, True])
def test_tiffinfo(tmp_path: Path, bits: int, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    tool("tiffinfo")
    if large:
        monkeypatch.setattr("netart.files.stills.tiff.CLASSIC_BYTES", 0)
    write_picture(
        tmp_path / "a.tif",
        SHOT,
        (301, 200),
        gradient((301, 200)),
        ImageEncoding(bits=bits),
    )
    words = said("tiffinfo", "-D", tmp_path / "a.tif")  # decodes every strip
    assert f"ImageDescription: {make_metadata(SHOT, (301, 200)).text}" in words
    assert f"Bits/Sample: {bits}" in words
    assert "Compression Scheme: AdobeDeflate" in words
    assert ("Sample Format: IEEE floating point" in words) is (bits == 32)


@pytest.mark.slow
@pytest.mark.parametrize("bits", [16, 32])
def test_exrheader(tmp_path: Path, bits: int) -> None:
    tool("exrheader")
    write_picture(
        tmp_path / "a.exr",
        SHOT,
        (301, 200),
        gradient((301, 200)),
        ImageEncoding(bits=bits),
    )
    words = said("exrheader", tmp_path / "a.exr")
    assert f'netart (type string): "{make_metadata(SHOT, (301, 200)).text}"' in words
    assert f"R, {bits}-bit floating-point, sampling 1 1" in words
    assert "white (0.3127 0.329)" in words

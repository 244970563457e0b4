"""The shot inside a picture, and beside it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from textwrap import wrap

import numpy as np
import pytest
from PIL import Image

import netart
from netart.errors import NetartError
from netart.evaluate.numbers import convert
from netart.files.limits import MAX_METADATA_BYTES
from netart.files.source import read_source
from netart.files.stills.image import write_picture
from netart.files.weights import npz
from netart.files.xmp import xmp_packet
from netart.net.build import to_network
from netart.net.recipe import Weights
from netart.shot.shot import Shot
from netart.shot.view import View
from tests.png import HEAD, changed, chunks, note_of, packed, with_text
from tests.shots import explicit_network, shot

BLANK = np.zeros((2, 3, 3), np.float32)


def written(path: Path, drawn: Shot) -> bytes:
    write_picture(path, drawn, (3, 2), convert([BLANK]))
    return path.read_bytes()


SHOTS = {
    "default": Shot(),
    "mix": shot(mix="7:0.6,18446744073709551615:-0.8,42:1e-17", widths="5,50,3"),
    "latents": shot(latent="t=0.125,größe=-3", axes="t,y", center="0.5,1e-40"),
    "deep": shot(center="0.1234567890123456789012345678901234567890,-1e29", radius="1e-40"),
    "look": shot(palette="rgb", contrast="-0.1:0.30000000000000004", layer="0", rotate="33"),
    "scales": shot(weight_scale="0.1", bias_scale="same", distribution="he_normal", outputs="9"),
    "explicit": Shot(
        network=Weights(content=explicit_network(9), name="nine.npz"), view=View(radius=2)
    ),
    "scaled": Shot(
        network=Weights(
            content=explicit_network(9, latents=("t",)), weight_scale=0.1, bias_scale=-2,
            activations=("relu",), output_activation="cos",
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOTS)
def test_a_shot_goes_through_a_picture(tmp_path: Path, name: str) -> None:
    written(tmp_path / "a.png", SHOTS[name])
    found = read_source(tmp_path / "a.png")
    assert found.shot == SHOTS[name]
    assert found.shot.sha256 == SHOTS[name].sha256
    assert to_network(found.shot.network).sha256 == to_network(SHOTS[name].network).sha256
    assert (found.name, found.size, found.warning) == ("a", (3, 2), "")


def test_what_a_picture_says(tmp_path: Path) -> None:
    drawn = SHOTS["mix"]
    note = note_of(written(tmp_path / "a.png", drawn))
    assert set(note) == {"shot", "sha256", "size", "weights"}
    assert note["shot"]["network"]["sampler"] == 1
    assert note["sha256"] == drawn.sha256
    assert note["size"] == [3, 2]
    with Image.open(tmp_path / "a.png") as image:
        assert image.info["netart"].encode() == dict(chunks((tmp_path / "a.png").read_bytes()))[
            b"iTXt"
        ].removeprefix(HEAD)


# 3 inputs (2 features, …): 4·(2n + n) + 4·(3n + 3) bytes are 64 KiB just below n = 2730.
EMBEDDED, BESIDE = 2730, 2731


def test_small_weights_are_inside(tmp_path: Path) -> None:
    drawn = Shot(network=Weights(content=explicit_network(EMBEDDED), name="net.npz"))
    text = note_of(written(tmp_path / "a.png", drawn))["shot"]["network"]
    assert "file" not in text
    assert len(text["layers"][0]["weight"]) == EMBEDDED
    assert netart.load(tmp_path / "a.png") == drawn


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A picture whose weights lie beside it as net.npz."""
    with (tmp_path / "net.npz").open("wb") as file:
        npz.write(file, explicit_network(BESIDE), {})
    written(tmp_path / "a.png", netart.load(tmp_path / "net.npz"))
    return tmp_path / "a.png"


def test_large_weights_are_beside(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = note_of(beside.read_bytes())["shot"]["network"]
    assert text["file"] == "net.npz"
    assert text["sha256"] == explicit_network(BESIDE).sha256
    assert "layers" not in text
    assert str(beside.parent) not in str(text)
    assert len(beside.read_bytes()) < 5000
    monkeypatch.chdir("/")
    assert netart.load(beside) == netart.load(beside.with_name("net.npz"))


def test_weights_that_are_gone(beside: Path) -> None:
    beside.with_name("net.npz").unlink()
    with pytest.raises(NetartError, match=r"a\.png: .*net\.npz: no such file"):
        netart.load(beside)


def test_weights_that_are_others(beside: Path) -> None:
    with beside.with_name("net.npz").open("wb") as file:
        npz.write(file, explicit_network(BESIDE + 1), {})
    with pytest.raises(NetartError, match=r"a\.png: .*net\.npz have digest .* not "):
        netart.load(beside)


def test_large_weights_without_a_file_can_be_read_again(tmp_path: Path) -> None:
    """Weights written by hand have no file to be looked for."""
    drawn = Shot(network=Weights(content=explicit_network(BESIDE)))
    written(tmp_path / "a.png", drawn)
    assert netart.load(tmp_path / "a.png") == drawn


def test_a_file_with_folders_is_refused(beside: Path) -> None:
    for name in ("../net.npz", "/etc/passwd", "..", "folder/net.npz"):
        png = changed(
            beside.read_bytes(), lambda note, name=name: note["shot"]["network"].update(file=name)
        )
        (beside.parent / "b.png").write_bytes(png)
        with pytest.raises(NetartError, match="must be a name without folders"):
            netart.load(beside.parent / "b.png")


def test_a_changed_shot_is_refused(picture: Path) -> None:
    png = changed(picture.read_bytes(), lambda note: note["shot"]["view"].update(radius=0.5))
    picture.write_bytes(png)
    with pytest.raises(NetartError, match=r"picture\.png: its shot was changed"):
        netart.load(picture)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    png = written(tmp_path / "a.png", SHOTS["explicit"])

    def change(note: dict) -> None:
        note["shot"]["network"]["layers"][0]["bias"][0] += 1

    (tmp_path / "a.png").write_bytes(changed(png, change))
    with pytest.raises(NetartError, match="digest"):
        netart.load(tmp_path / "a.png")


def test_weights_sampled_otherwise_are_a_warning(picture: Path) -> None:
    good = netart.load(picture)
    picture.write_bytes(changed(picture.read_bytes(), lambda note: note.update(weights="0")))
    found = read_source(picture)
    assert found.shot == good
    assert "differ from those that were drawn" in found.warning


def test_a_picture_saved_by_another_program(picture: Path) -> None:
    with Image.open(picture) as image:
        image.load()
        image.save(picture.with_name("again.png"))
    with pytest.raises(NetartError, match="carries no shot"):
        netart.load(picture.with_name("again.png"))


def test_a_large_picture_opens_again(picture: Path) -> None:
    """Pillow calls pictures above 180 Mpixel bombs; only the head of the file is read here."""
    parts = dict(chunks(picture.read_bytes()))
    for side in (10_000, 16_384, 131_072):
        parts[b"IHDR"] = struct.pack(">II", side, side) + parts[b"IHDR"][8:]
        picture.write_bytes(packed(parts.items()))
        assert netart.load(picture) == shot(seed="5", layers="2x4")


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000, b'{"shot":' * 50_000],
    ids=lambda text: repr(text[:12]),
)
def test_a_text_that_is_no_note(picture: Path, text: bytes) -> None:
    picture.write_bytes(with_text(picture.read_bytes(), text))
    with pytest.raises(NetartError, match=r"picture\.png: "):
        netart.load(picture)


def with_chunk(png: bytes, kind: bytes, data: bytes, behind: bool = False) -> bytes:
    """The picture with another chunk in place of its note, or behind its pixels."""
    parts = [part for part in chunks(png) if part[0] != b"iTXt"]
    parts.insert(-1 if behind else 2, (kind, data))
    return packed(parts)


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_a_text_of_png_as_other_programs_write_it(picture: Path, behind: bool) -> None:
    """Of another kind, packed or not, and behind the pixels."""
    wanted, png = netart.load(picture), picture.read_bytes()
    text = dict(chunks(png))[b"iTXt"].removeprefix(HEAD)
    tight, xmp = zlib.compress(text, 9), xmp_packet(text.decode())
    profile = b"\nxmp\n%8d\n" % len(xmp) + "\n".join(wrap(xmp.hex(), 72)).encode() + b"\n"
    for kind, data in (
        (b"tEXt", b"netart\0" + text),
        (b"zTXt", b"netart\0\0" + tight),
        (b"iTXt", b"netart\0\1\0de\0" + "für".encode() + b"\0" + tight),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp),
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp)),
        (b"zTXt", b"Raw profile type xmp\0\0" + zlib.compress(profile)),
    ):
        picture.write_bytes(with_chunk(png, kind, data, behind))
        assert netart.load(picture) == wanted, (kind, data[:20])


CUT, _, _ = xmp_packet("{}").partition(b"{}")


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (b"zTXt", b"netart\0\0" + zlib.compress(b"{}")[:-3], "too long, or does not end"),
        (b"zTXt", b"netart\0\0{}", "a packed text: "),
        (b"zTXt", b"netart\0\0" + zlib.compress(bytes(MAX_METADATA_BYTES + 1)), "is too long"),
        (b"iTXt", b"netart\0\1", "does not end"),
        (b"tEXt", b"netart\0" + bytes(MAX_METADATA_BYTES), "a text of 2,097,159 bytes"),
        (
            b"iTXt",
            b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_packet("{}").partition(b"{}")[0],
            "no element found",
        ),
        (b"tEXt", b"Raw profile type xmp\0\nxmp\n 2\nxy", "no row of digits"),
        (b"tEXt", b"Comment\0" + bytes(MAX_METADATA_BYTES), "carries no shot"),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<a/>", "carries no shot"),
    ],
)
def test_a_text_of_png_that_cannot_be_read(
    picture: Path, kind: bytes, data: bytes, said: str
) -> None:
    picture.write_bytes(with_chunk(picture.read_bytes(), kind, data))
    with pytest.raises(NetartError, match=said):
        netart.load(picture)


@pytest.mark.parametrize("kind", [b"iTXt", b"zTXt"])
def test_a_compressed_bomb(picture: Path, kind: bytes) -> None:
    head = b"netart\0\1\0\0\0" if kind == b"iTXt" else b"netart\0\0"
    bomb = head + zlib.compress(bytes(200_000_000), 1)
    parts = chunks(picture.read_bytes())
    picture.write_bytes(packed((kind, bomb) if k == b"iTXt" else (k, data) for k, data in parts))
    with pytest.raises(NetartError, match=r"picture\.png: "):
        netart.load(picture)

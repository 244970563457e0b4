"""Untrusted pictures: whatever is in them, refusing them is quick, small, and one line."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.numbers import convert
from netart.files.limits import MAX_METADATA_BYTES, MAX_TIFF_ENTRIES, MAX_XMP_SEARCH_BYTES
from netart.files.source import read_source
from netart.files.stills.formats import IMAGE_FORMATS, IMAGE_SUFFIXES
from netart.files.stills.image import draw_to_stream
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.shot.shot import Shot
from tests.png import HEAD, chunks, packed, with_text
from tests.shots import shot

SHOT = shot(seed="5", layers="1x4")
CARRYING = {name: form for name, form in IMAGE_FORMATS.items() if form.find_text}
GIGA = 1 << 30


def picture(name: str, drawn: Shot = SHOT) -> bytes:
    """A small file of the format."""
    stream = io.BytesIO()
    draw_to_stream(
        stream,
        plan_image(None, drawn, (3, 2), ImageEncoding(name)),
        convert([np.zeros((2, 3, 3), np.float32)]),
    )
    return stream.getvalue()


def read(folder: Path, name: str, data: bytes) -> Shot | None:
    """The shot in the file, None where it is refused; any other exception is a bug."""
    path = folder / f"a{IMAGE_FORMATS[name].suffixes[0]}"
    path.write_bytes(data)
    try:
        return read_source(path).shot
    except NetartError as error:
        assert str(error).startswith(str(path))
        return None


@pytest.mark.parametrize("name", CARRYING)
def test_cut_files_are_refused(tmp_path: Path, name: str) -> None:
    good = picture(name)
    text = good.index(b'"sha256"')
    for length in (*range(0, text, 7), text):
        assert read(tmp_path, name, good[:length]) is None


@pytest.mark.parametrize("name", CARRYING)
@pytest.mark.parametrize("other", [*CARRYING, "npy"])
def test_a_picture_under_another_name(tmp_path: Path, name: str, other: str) -> None:
    path = tmp_path / f"a{IMAGE_FORMATS[name].suffixes[0]}"
    path.write_bytes(picture(other))
    if other == name:
        assert read_source(path).shot == SHOT
    else:
        with pytest.raises(NetartError, match=f"is not a {name} picture"):
            read_source(path)


def test_big_endian_and_bigtiff(tmp_path: Path) -> None:
    """Written here by hand: the first directory has a description and nothing else."""
    text = picture("tiff").split(b'{"shot":')[1].split(b"\0")[0]
    text = b'{"shot":' + text + b"\0"
    for order, mark in (("<", b"II"), (">", b"MM")):
        small = mark + struct.pack(f"{order}HIHHHIII", 42, 8, 1, 270, 2, len(text), 26, 0)
        large = mark + struct.pack(f"{order}HHHQQHHQQQ", 43, 8, 0, 16, 1, 270, 2, len(text), 52, 0)
        for head in (small, large):
            assert read(tmp_path, "tiff", head + text) == SHOT


@pytest.mark.parametrize("gap", [0, MAX_XMP_SEARCH_BYTES - 100, 3 * MAX_XMP_SEARCH_BYTES])
def test_a_packet_at_either_end_is_found(tmp_path: Path, gap: int) -> None:
    """WebP's stands behind the pixels, which may be many."""
    good = picture("webp")
    at = good.index(b"XMP ")
    assert read(tmp_path, "webp", good[:at] + bytes(gap) + good[at:]) == SHOT
    assert read(tmp_path, "webp", good + bytes(gap)) == SHOT


# Hostile files, all read in one process, which says how long each took and what the peak was.


def json_bombs() -> dict[str, bytes]:
    """As long as a note may be."""
    room = MAX_METADATA_BYTES - 400
    end = b',"sha256":"","size":[1,1],"weights":""}'

    def many(start: bytes, item: bytes, close: bytes) -> bytes:
        return b'{"shot":' + start + item * (room // len(item)) + close + end

    names = b",".join(b'"%d":0' % k for k in range(room // 11))
    return {
        "lists": many(b'{"a":[', b"[],", b"0]}"),
        "objects": many(b'{"network":[', b'{"":0},', b"0]}"),
        "layers": many(b'{"network":{"kind":"weights","layers":[', b'{"":0},', b"{}]}}"),
        "rows": many(
            b'{"network":{"kind":"weights","layers":[{"weight":[', b"[],",
            b'[]],"bias":[],"activation":"tanh"}]}}',
        ),
        "columns": many(
            b'{"network":{"kind":"weights","layers":[{"weight":[[', b"1,",
            b'1]],"bias":[0],"activation":"tanh"}]}}',
        ),
        "widths": many(b'{"network":{"kind":"recipe","widths":[', b"1,", b"1]}}"),
        "width text": many(b'{"network":{"widths":"', b"9,", b'9"}}'),
        "mix": b'{"shot":{"network":{"kind":"recipe","mix":{' + names + b"}}}" + end,
        "mix text": many(b'{"network":{"mix":"', b"7:1,", b'8:1"}}'),
        "names": b'{"shot":{"look":{' + names + b"}}" + end,
        "latents": many(b'{"network":{"kind":"recipe","latents":[', b'"a",', b'"b"]}}'),
        "contrast": many(b'{"look":{"contrast":[', b"[0,1],", b"[0,1]]}}"),
        "colours": many(b'{"look":{"palette":"ramp:', b"red,", b'red"}}'),
        "a long name": many(b'{"look":{"palette":"', b"r", b'"}}'),
        "digits": many(b'{"view":{"centre":["', b"9", b'",0]}}'),
        "a long number": many(b'{"view":{"centre":[', b"9", b",0]}}"),
        "a long file": many(b'{"network":{"kind":"weights","file":"', b"r", b'.npz"}}'),
        "deep lists": b'{"shot":{"view":' + b"[" * room,
        "deep objects": b'{"shot":' + b'{"a":' * (room // 5),
    }  # fmt: skip


def entities(depth: int = 9) -> bytes:
    """A billion laughs."""
    lines = [b'<!ENTITY a0 "ha">']
    lines += [b'<!ENTITY a%d "%s">' % (k, b"&a%d;" % (k - 1) * 10) for k in range(1, depth + 1)]
    return b"<!DOCTYPE x [" + b"".join(lines) + b"]><netart:note>&a%d;</netart:note>" % depth


def exr_attribute(name: bytes, kind: bytes, length: int, value: bytes = b"") -> bytes:
    return name + b"\0" + kind + b"\0" + struct.pack("<i", length) + value


def tiff_description(length: int, at: int = 26) -> bytes:
    return b"II*\0" + struct.pack("<IHHHIII", 8, 1, 270, 2, length, at, 0)


JPEG, WEBP, AVIF = b"\xff\xd8\xff\xe1", b"RIFF\xff\xff\xff\xffWEBPVP8X", b"\0\0\0\x20ftypavif"
PNG, EXR, BIGTIFF = b"\x89PNG\r\n\x1a\n", b"v/1\1\2\0\0\0", b"II+\0\x08\0\0\0"
EMPTY = struct.pack(">I4sI", 0, b"tEXt", zlib.crc32(b"tEXt"))

# File → its bytes, and to which size it is drawn out with zeros.
HOSTILE: dict[str, tuple[bytes, int]] = {
    "sparse.png": (PNG, GIGA),
    "claims.png": (PNG + struct.pack(">I4s", GIGA, b"iTXt") + HEAD, GIGA),
    "claims-all.png": (PNG + struct.pack(">I4s", 0xFFFFFFFF, b"tEXt"), 0),
    "chunks.png": (PNG + EMPTY * 2_000_000, 0),
    "sparse.tif": (b"II*\0\x08\0\0\0", GIGA),
    "claims.tif": (tiff_description(GIGA), GIGA),
    "claims-all.tif": (tiff_description(0xFFFFFFFF), 0),
    "elsewhere.tif": (tiff_description(1000, 0xFFFFFFFF), 0),
    "itself.tif": (tiff_description(1 << 20, 0), GIGA),
    "entries.tif": (b"II*\0" + struct.pack("<IH", 8, 0xFFFF), GIGA),
    "entries-big.tif": (BIGTIFF + struct.pack("<QQ", 16, 1 << 62), GIGA),
    "entries-most.tif": (BIGTIFF + struct.pack("<QQ", 16, MAX_TIFF_ENTRIES), GIGA),
    "beyond-big.tif": (BIGTIFF + struct.pack("<Q", (1 << 64) - 1), 0),
    "sparse.exr": (EXR, GIGA),
    "claims.exr": (EXR + exr_attribute(b"netart", b"string", GIGA), GIGA),
    "negative.exr": (EXR + exr_attribute(b"a", b"string", -9), 0),
    "endless.exr": (EXR + b"a" * 10_000_000, 0),
    "attributes.exr": (EXR + exr_attribute(b"a", b"b", 0) * 4_000_000, 0),
    "claims.jpg": (JPEG + b"\xff\xff<netart:note>", GIGA),
    "starts.jpg": (JPEG + b"<netart:note>" * 2_000_000, 0),
    "endless.jpg": (JPEG + b"<netart:note>" + b"a" * 20_000_000, 0),
    "entities.jpg": (JPEG + entities(), 0),
    "references.jpg": (JPEG + b"<netart:note>" + b"&amp;" * 400_000 + b"</netart:note>", 0),
    "numbers.jpg": (JPEG + b"<netart:note>&#" + b"9" * 2_000_000 + b";</netart:note>", 0),
    "sparse.webp": (WEBP, GIGA),
    "entities.webp": (WEBP + entities(), GIGA),
    "sparse.avif": (AVIF, GIGA),
    "entities.avif": (AVIF + entities(), GIGA),
}

READER = """
import json, resource, sys, time, warnings
from netart.errors import NetartError
from netart.files.source import read_source
for path in sys.argv[1:]:
    start, said = time.process_time(), ""
    try:
        read_source(path)
    except NetartError as error:
        said = str(error)
    print(json.dumps([path, time.process_time() - start, said[:200]]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
# A process of its own: a child's peak begins with the memory of whoever starts it.
STARTER = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
WITHIN_S, WITHIN_BYTES = 1, 200_000_000  # of the processor, of memory


def refusals(folder: Path) -> dict[str, str]:
    """File → the line it costs, none where it is read; all within time and memory."""
    paths = sorted(path.name for path in folder.iterdir())
    command = [sys.executable, "-c", STARTER, sys.executable, "-c", READER, *paths]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    *lines, peak = ran.stdout.splitlines()
    found = {path: (took, said) for path, took, said in map(json.loads, lines)}
    assert list(found) == paths
    assert max((took, path) for path, (took, _) in found.items()) < (WITHIN_S, "")
    assert int(peak) < WITHIN_BYTES
    return {path: said for path, (_, said) in found.items()}


@pytest.mark.slow
def test_hostile_files_are_refused_at_once(tmp_path: Path) -> None:
    for name, (data, size) in HOSTILE.items():
        with (tmp_path / name).open("wb") as file:
            file.write(data)
            file.truncate(max(size, len(data)))
    for path, said in refusals(tmp_path).items():
        assert said.startswith(f"{path}: "), path
        assert any(word in said for word in ("is damaged", "carries no shot")), (path, said)


@pytest.mark.slow
def test_hostile_notes_are_refused_at_once(tmp_path: Path) -> None:
    for name, text in json_bombs().items():
        assert len(text) <= MAX_METADATA_BYTES
        (tmp_path / f"{name}.png").write_bytes(with_text(picture("png"), text))
    text = json_bombs()["lists"]
    (tmp_path / "a.tif").write_bytes(tiff_description(len(text)) + text)
    (tmp_path / "a.exr").write_bytes(EXR + exr_attribute(b"netart", b"string", len(text), text))
    (tmp_path / "a.webp").write_bytes(WEBP + b"<netart:note>" + text + b"</netart:note>")
    assert all(refusals(tmp_path).values())


def png_claims(data: bytes) -> bytes:
    parts = dict(chunks(data))
    parts[b"IHDR"] = struct.pack(">II", 65_000, 65_000) + parts[b"IHDR"][8:]
    return packed(parts.items())


def patched(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def patch(data: bytes) -> bytes:
        assert data.count(old) == 1
        return data.replace(old, new)

    return patch


SIDE = struct.pack("<I", 65_000)
CLAIMS = {
    "png": png_claims,
    "jpeg": patched(struct.pack(">BHH", 8, 2, 3), struct.pack(">BHH", 8, 65_000, 65_000)),
    "webp": patched(bytes([2, 0, 0, 1, 0, 0]), 2 * struct.pack("<I", 64_999)[:3]),
    "avif": patched(struct.pack(">4sIII", b"ispe", 0, 3, 2), b"ispe" + bytes(4) + 2 * SIDE[::-1]),
    "tiff": patched(
        struct.pack("<HHIIHHII", 256, 4, 1, 3, 257, 4, 1, 2),
        struct.pack("<HHIIHHII", 256, 4, 1, 65_000, 257, 4, 1, 65_000),
    ),
    "exr": patched(
        b"dataWindow\0box2i\0" + struct.pack("<Iiiii", 16, 0, 0, 2, 1),
        b"dataWindow\0box2i\0" + struct.pack("<Iiiii", 16, 0, 0, 64_999, 64_999),
    ),
}


@pytest.mark.slow
def test_pictures_that_claim_to_be_huge_are_read(tmp_path: Path) -> None:
    """Nothing but the note is read."""
    assert CLAIMS.keys() == CARRYING.keys()
    for name, change in CLAIMS.items():
        path = tmp_path / f"a{IMAGE_FORMATS[name].suffixes[0]}"
        path.write_bytes(change(picture(name)))
        assert read_source(path).shot == SHOT
    assert not any(refusals(tmp_path).values())


@pytest.mark.slow
def test_a_slow_or_large_reading_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(picture("png"))
    assert IMAGE_SUFFIXES[".png"].name == "png"
    for name in ("WITHIN_S", "WITHIN_BYTES"):
        with monkeypatch.context() as patch, pytest.raises(AssertionError):
            patch.setattr(f"{__name__}.{name}", 0)
            refusals(tmp_path)

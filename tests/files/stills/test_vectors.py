"""SVG and PDF as files: planned, written, refused, and read back."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import netart
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.files.limits import MAX_METADATA_BYTES, MAX_XMP_SEARCH_BYTES
from netart.files.source import read_source
from netart.files.stills.image import write_vector
from netart.files.stills.plan import ImageEncoding, is_vector, plan_image, plan_vector
from netart.files.stills.vectors import VECTOR_FORMATS
from netart.files.xmp import note
from netart.lens import vector
from netart.shot.films import spin
from netart.shot.sheet import Over, Sheet
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.shot.timeline import Timeline
from tests.shots import shot

SIZE = 400, 300
CURVES = shot(lens="curves", features="x", widths="5", outputs="1", family="0..9", radius="6")
WEIGHTS = {
    "kind": "weights",
    "layers": [{"weight": [[0.1, -2.5e-7]], "bias": [3.0], "activation": "tanh"}],
}
SHOTS = {
    "curves": CURVES,
    "warp": shot(lens="warp", widths="2", points="moons"),
    "diagram": shot(lens="diagram", widths="4", latent="t=0.5"),
    "beside": shot(lens="diagram", widths="4", features="x", beside="curves"),
    "weights": from_text({"network": WEIGHTS, "lens": {"kind": "diagram"}}),
}


def written(path: Path, one: Shot, cpu: Cpu, **encoding: object) -> Path:
    """The path, at which the shot stands now."""
    spec = plan_vector(path, one, SIZE, ImageEncoding(**encoding))
    write_vector(spec, vector(one, SIZE, cpu, spec.format, spec.note))
    return path


@pytest.mark.parametrize("form", VECTOR_FORMATS)
@pytest.mark.parametrize("name", SHOTS)
def test_vectors_carry_their_shot_and_reopen(
    cpu: Cpu, tmp_path: Path, name: str, form: str
) -> None:
    if name == "beside" and form == "pdf":
        with pytest.raises(NetartError, match="pdf holds lines and text: of one lens alone"):
            plan_vector(tmp_path / "a.pdf", SHOTS[name], SIZE, ImageEncoding())
        return
    path = written(tmp_path / f"a.{form}", SHOTS[name], cpu)
    source = read_source(path)
    assert source.document == SHOTS[name]
    assert source.document.sha256 == SHOTS[name].sha256
    assert source.size == SIZE
    assert source.warning == ""
    bare = written(tmp_path / f"b.{form}", SHOTS[name], cpu, metadata=False)
    with pytest.raises(NetartError, match="carries no shot"):
        read_source(bare)


@pytest.mark.parametrize("form", VECTOR_FORMATS)
def test_what_needs_escapes_comes_back(cpu: Cpu, tmp_path: Path, form: str) -> None:
    text = json.dumps({"a": 'parens ( ) ))((, backslashes \\ \\\\ \\n, "quotes"'})
    path = tmp_path / f"a.{form}"
    path.write_bytes(vector(CURVES, SIZE, cpu, form, note(text)))
    with path.open("rb") as file:
        assert VECTOR_FORMATS[form].find_text(file) == text


def test_the_svg_is_well_formed_with_its_shot_in_it(cpu: Cpu, tmp_path: Path) -> None:
    path = written(tmp_path / "a.svg", CURVES, cpu)
    root = ET.fromstring(path.read_bytes())
    (found,) = root.iter("{urn:netart:ns/}note")
    assert json.loads(str(found.text))["sha256"] == CURVES.sha256


def test_an_svg_that_another_program_saved_reopens(cpu: Cpu, tmp_path: Path) -> None:
    """With other white space, a byte order mark, and quotation marks written as entities."""
    path = written(tmp_path / "a.svg", CURVES, cpu)
    head, text, tail = path.read_text().partition('{"shot"')
    body, end, rest = (text + tail).partition("</netart:note>")
    again = "\ufeff\n" + head + body.replace('"', "&quot;") + end + rest
    path.write_text(again.replace("><", ">\n  <"))
    assert read_source(path).document == CURVES


def test_an_svg_whose_elements_have_a_prefix_reopens(cpu: Cpu, tmp_path: Path) -> None:
    """As Python's own library of XML writes it."""
    path = written(tmp_path / "a.svg", CURVES, cpu)
    ET.parse(path).write(path)
    assert path.read_bytes().startswith(b"<ns0:svg")
    assert read_source(path).document == CURVES


@pytest.mark.slow
def test_a_pdf_that_exiftool_saved_reopens(cpu: Cpu, tmp_path: Path) -> None:
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    path = written(tmp_path / "a.pdf", CURVES, cpu)
    subprocess.run(["exiftool", "-q", "-Title=mine", str(path)], check=True)
    assert read_source(path).document == CURVES


@pytest.mark.slow
@pytest.mark.parametrize("form", VECTOR_FORMATS)
def test_flipped_bytes_are_never_a_traceback(cpu: Cpu, tmp_path: Path, form: str) -> None:
    good = written(tmp_path / f"good.{form}", CURVES, cpu).read_bytes()
    at = good.index(b"netart:note")
    chance, path, read_again = random.Random(form), tmp_path / f"a.{form}", 0
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.choice((1, 4, 30))):
            data[at + chance.randrange(len(data) - at)] = chance.randrange(256)
        path.write_bytes(data)
        try:
            assert read_source(path).document == CURVES
            read_again += 1
        except NetartError as error:
            assert str(error).startswith(str(path))
    assert read_again < 300


ENTITIES = "".join(
    f'<!ENTITY {name} "{10 * f"&{other};"}">'
    for name, other in zip("bcdefghi", "abcdefgh", strict=True)
)
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">{ENTITIES}'
    ']><svg xmlns="http://www.w3.org/2000/svg"><metadata xmlns:netart="urn:netart:ns/">'
    "<netart:note>&i;</netart:note></metadata></svg>"
)

HOSTILE = {
    "entities": ("svg", BOMB.encode()),
    "another-file": (
        "svg",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>'
        b"<netart:note>&x;</netart:note></svg>",
    ),
    "nothing": ("svg", b""),
    "no-svg": ("svg", b"\x89PNG\r\n\x1a\n"),
    "no-pdf": ("pdf", b"<svg></svg>"),
    "no-text": ("pdf", b"%PDF-1.4 <netart:note>\xff\xfe</netart:note>"),
    "no-end": ("svg", b"<svg><netart:note>" + b"{" * 100_000),
    "brackets": ("svg", b"<svg><netart:note>" + b"[" * 1_000_000 + b"</netart:note>"),
    "too-long": (
        "pdf",
        b"%PDF-<netart:note>" + b" " * (MAX_METADATA_BYTES + 9) + b"</netart:note>",
    ),
    "large": ("svg", b"<svg>" + b"<netart:note>" * (3 * MAX_XMP_SEARCH_BYTES // 13)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_soon(tmp_path: Path, name: str) -> None:
    form, data = HOSTILE[name]
    path = tmp_path / f"a.{form}"
    path.write_bytes(data)
    begin = time.process_time()
    with pytest.raises(NetartError) as caught:
        read_source(path)
    assert str(caught.value).startswith(str(path))
    assert "root:" not in str(caught.value)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    ("path", "encoding", "vectors"),
    [
        ("a.svg", {}, True),
        ("a.PDF", {}, True),
        ("a.png", {}, False),
        ("a.png", {"format": "svg"}, False),  # plan_image refuses it
        ("a", {"format": "pdf"}, True),
        (None, {"format": "svg"}, True),
        (None, {}, False),
    ],
)
def test_the_suffix_says_whether_lines_or_pixels(
    path: str | None, encoding: dict[str, str], vectors: bool
) -> None:
    assert is_vector(Path(path) if path else None, ImageEncoding(**encoding)) is vectors


REFUSED = [
    (CURVES, "a.svg", {"bits": 8}, "^bits: svg holds lines and text, which have none"),
    (CURVES, "a.pdf", {"quality": 90}, "^quality: pdf holds lines"),
    (CURVES, "a.svg", {"format": "png"}, "the suffix says svg, format png"),
    (CURVES, "a.svg", {"format": "pdf"}, "the suffix says svg, format pdf"),
    (CURVES, "no/a.svg", {}, "no/a.svg"),
    (Shot(), "a.svg", {}, "a.svg: svg holds lines and text: the lens colour draws pixels: curves"),
]


@pytest.mark.parametrize(("one", "name", "asked", "message"), REFUSED)
def test_what_vectors_cannot_hold_is_refused(
    tmp_path: Path, one: Shot, name: str, asked: dict[str, object], message: str
) -> None:
    with pytest.raises(NetartError, match=message):
        plan_vector(tmp_path / name, one, SIZE, ImageEncoding(**asked))


def test_sheets_and_films_are_pixels(tmp_path: Path) -> None:
    sheet = Sheet(shot=CURVES, overs=(Over("seed", ("1", "2")),))
    film = Timeline(shot=Shot(), tracks=spin(Shot()).tracks)
    for document in (sheet, film, CURVES):
        with pytest.raises(NetartError, match="svg holds a single shot, as lines and text"):
            plan_image(tmp_path / "a.svg", document, SIZE, ImageEncoding())


def test_python_saves_vectors_as_it_saves_pixels(tmp_path: Path) -> None:
    picture = netart.render(CURVES, SIZE, backend="cpu")
    for form in VECTOR_FORMATS:
        picture.save(tmp_path / f"a.{form}")
        assert netart.load(tmp_path / f"a.{form}") == CURVES
    with pytest.raises(NetartError, match="bits"):
        picture.save(tmp_path / "b.svg", bits=8)
    assert not (tmp_path / "b.svg").exists()

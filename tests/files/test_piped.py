"""Sources from a pipe: their content says what they are."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import convert
from netart.files import piped
from netart.files.metadata import make_metadata
from netart.files.source import NOTES, Source, read_source, to_toml
from netart.files.stills.formats import IMAGE_SUFFIXES
from netart.files.stills.image import write_picture
from netart.files.stills.plan import ImageEncoding, plan_vector
from netart.files.stills.vectors import VECTOR_SUFFIXES
from netart.files.weights.contents import NOTHING, Given
from netart.files.weights.formats import WEIGHTS_FORMATS
from netart.lens import vector
from netart.net.build import to_network
from netart.net.recipe import Recipe, Weights
from netart.shot.shot import Shot
from tests.films import write as write_film
from tests.program import SMALL, program
from tests.runs import made_run, written
from tests.shots import explicit_network, shot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no names of descriptors there")

WEIGHTS = Path(__file__).parents[1] / "data" / "weights"
ONE = shot(seed="5", layers="1x4")


@contextmanager
def opened(content: bytes) -> Iterator[str]:
    """The name of an open descriptor from which this comes."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield f"/dev/fd/{file.fileno()}"


def read_piped(content: bytes, given: Given = NOTHING) -> Source:
    with opened(content) as name:
        return read_source(name, given)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])  # of some shells' pipes
def test_toml(encoding: str) -> None:
    found = read_piped(to_toml(ONE, "a line", (30, 20)).encode(encoding))
    assert found == Source("", ONE, (30, 20), "a line")


@pytest.mark.parametrize("suffix", NOTES)
def test_pictures_and_films(tmp_path: Path, suffix: str, cpu: Cpu) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix in VECTOR_SUFFIXES:
        lines = shot(layers="1x4", lens="lines", activation="relu")
        spec = plan_vector(path, lines, (64, 64), ImageEncoding())
        path.write_bytes(vector(lines, (64, 64), cpu, spec.format, spec.note))
    elif suffix in IMAGE_SUFFIXES:
        write_picture(path, ONE, (3, 2), convert([np.zeros((2, 3, 3), np.float32)]))
    else:
        write_film(path, (64, 64), 2, text=make_metadata(ONE, (64, 64)).text)
    assert read_piped(path.read_bytes()) == read_source(path)._replace(name="")
    if suffix == ".svg":  # saved again by another program
        text = f"\n{path.read_text()}".encode("utf-8-sig")
        assert read_piped(text).shot == read_source(path).shot


@pytest.mark.parametrize("suffix", [".webp", ".png"])
def test_films_with_the_suffixes_of_pictures(tmp_path: Path, suffix: str) -> None:
    text = make_metadata(ONE, (64, 64)).text
    path = write_film(tmp_path / f"a{suffix}", (64, 64), 2, text=text)
    assert read_piped(path.read_bytes()) == read_source(path)._replace(name="")


@pytest.mark.parametrize(
    "suffix", [name for name, row in WEIGHTS_FORMATS.items() if row.read and row.write]
)
def test_weights(tmp_path: Path, suffix: str) -> None:
    write = WEIGHTS_FORMATS[suffix].write
    assert write
    path, network = tmp_path / f"a{suffix}", to_network(Recipe(widths=(4, 3)))
    with path.open("wb") as file:
        write(file, network, {})
    assert to_network(read_piped(path.read_bytes()).shot.network).sha256 == network.sha256


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["sequential.h5", "functional.keras", "dynamo.onnx", "named.safetensors"]
)
def test_weights_by_other_programs(name: str) -> None:
    given = Given() if name.endswith(("h5", "keras", "onnx")) else Given(("relu",))
    named, found = (
        read(WEIGHTS / name, given).shot.network
        for read in (read_source, lambda path, given: read_piped(path.read_bytes(), given))
    )
    assert isinstance(named, Weights)
    assert isinstance(found, Weights)
    assert found.content.sha256 == named.content.sha256


def test_a_run(tmp_path: Path) -> None:
    content = written(tmp_path, made_run()).read_bytes()
    with opened(content) as name:
        assert read_source(f"{name}@2").shot == read_source(tmp_path / "made.run@2").shot


def test_what_cannot_be_read_costs_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, message in (
        (b"", "pipe: nothing came"),
        (b"[shot", "pipe: is not valid TOML: "),
        (b"[shot.view]\nradius = -1", "pipe: view.radius = -1.0: must be"),
        ((WEIGHTS / "moons.pt").read_bytes(), "pipe: a pickle may run any program"),
        (b"\x80\x04.", "pipe: a pickle may run any program"),
        (b"\xff\xd8\xff", "pipe: carries no shot"),
        (b"GIF89a", "pipe: is damaged"),
        (bytes(1000), "pipe: is not valid TOML"),
    ):
        with pytest.raises(NetartError) as found:
            read_piped(content)
        assert str(found.value).startswith(message)
        assert "\n" not in str(found.value)
    monkeypatch.setattr(piped, "MAX_PIPED_BYTES", 1 << 20)
    with open("/dev/zero", "rb") as endless, pytest.raises(NetartError, match="more than 1 MiB"):
        read_source(f"/dev/fd/{endless.fileno()}")


def test_a_terminal_is_not_waited_for() -> None:
    ours, theirs = pty.openpty()
    try:
        with pytest.raises(NetartError, match="pipe: is a terminal: pipe something in"):
            read_source(f"/dev/fd/{theirs}")
    finally:
        os.close(ours)
        os.close(theirs)


def test_files_that_it_names_are_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    network = explicit_network(2, 4, 3)
    write = WEIGHTS_FORMATS[".npz"].write
    assert write
    with Path("a.npz").open("wb") as file:
        write(file, network, {})
    found = read_piped(b'[shot.network]\nkind = "weights"\nfile = "a.npz"\n')
    assert to_network(found.shot.network).sha256 == network.sha256


@pytest.mark.slow
def test_stdin(tmp_path: Path) -> None:
    (tmp_path / "silk.toml").write_text(to_toml(Shot()))
    with (tmp_path / "silk.toml").open("rb") as stdin:
        ran = program("render", "-", *SMALL, stdin=stdin, folder=tmp_path)
    assert (ran.stdout, ran.stderr) == (b"seed-321.png\n", b"")
    assert read_source(tmp_path / "seed-321.png").shot == Shot()
    assert piped.descriptor_of_source("/dev/stdin") == 0

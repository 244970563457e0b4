"""What decides the bytes of a film, and what does not."""

from __future__ import annotations

import zlib
from contextlib import closing
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tifffile
from msgspec.structs import replace

import netart
from netart.draw.film import Film
from netart.evaluate.cpu import Cpu
from netart.files.films.encoding import film_encoding
from netart.files.films.identity import identify
from netart.files.films.video import FilmSpec
from netart.files.identity import Identity
from netart.shot.timeline import Pace, Timeline
from tests.shots import REFERENCE, shot

SIZE = 64, 64


def identity(
    path: str, evaluator: Any = REFERENCE, metadata: bool = True, **wishes: Any
) -> Identity:
    encoding = film_encoding(path, **wishes).for_size(SIZE)
    film = Film(Timeline(shot=shot(), tracks=(), pace=Pace(frames=9)), SIZE, evaluator)
    return identify(film, FilmSpec(path, encoding, SIZE, Fraction(25), 9), film.frames, metadata)


def test_the_number_of_threads_is_not_of_it() -> None:
    with closing(Cpu(1)) as one, closing(Cpu(3)) as three:
        assert identity("a.mp4", one) == identity("a.mp4", three)


def test_evaluators_are_of_what_was_asked_for(cpu: Cpu) -> None:
    assert identity("a.mp4", cpu).asked != identity("a.mp4").asked


def test_the_machine_is_told_by_what_computes() -> None:
    machine = identity("a.mp4").machine
    assert machine["netart"] == netart.__version__
    assert machine["numpy"] == np.__version__
    blas, vectors, libc = machine["kernels"].split(", ")
    assert blas.startswith("openblas 0.3.")
    assert vectors.split() == np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    assert libc.startswith("glibc")


def test_what_is_measured_is_of_the_machine() -> None:
    """Another machine measures other last digits: it is the same film."""
    asked = Timeline(shot=shot(contrast="auto"), tracks=(), pace=Pace(frames=9))
    card: Any = SimpleNamespace(name="gpu", kernels="a card")
    films = [
        Film(replace(asked, shot=shot(contrast=limits)), SIZE, card, asked=asked)
        for limits in ("0.1:0.9", "0.1:0.90000001")
    ]
    spec = FilmSpec("a.mp4", film_encoding("a.mp4").for_size(SIZE), SIZE, Fraction(25), 9)
    one, other = (identify(film, spec, film.frames, True) for film in films)
    assert one == other
    assert one.machine["kernels"] == "a card"
    assert one.machine["measurement"] == identity("a.mp4").machine["kernels"]
    assert "measurement" not in identity("a.mp4", card).machine


def test_encoders_are_of_films_whose_segments_they_make() -> None:
    for path, holds in (("a.mp4", True), ("a.mkv", True), ("a.gif", False), ("##.png", False)):
        assert ("libraries" in identity(path).asked) == holds


@pytest.mark.parametrize(
    ("path", "libraries"),
    [
        ("a.mp4", {}),
        ("a.webp", {}),  # it is encoded at the end, from pixels without loss
        ("##.png", {"zlib": zlib.ZLIB_RUNTIME_VERSION}),
        ("##.tif", {"zlib": zlib.ZLIB_RUNTIME_VERSION, "tifffile": tifffile.__version__}),
        ("##.npy", {}),
    ],
)
def test_libraries_that_make_stills_are_of_the_machine(
    path: str, libraries: dict[str, str]
) -> None:
    machine = identity(path).machine
    assert machine.items() - identity("a.mp4").machine.items() == libraries.items()


def test_metadata_is_of_what_carries_it_from_the_first_frame_on() -> None:
    for path, differs in (("##.png", True), ("a.mp4", False)):
        assert (identity(path) != identity(path, metadata=False)) == differs


def test_encodings_are_of_the_film() -> None:
    one = identity("a.mp4").asked
    assert identity("a.mp4", quality=20).asked != one
    assert identity("a.mp4", quality=90).asked == one == identity("a.mp4", crf=17).asked
    assert identity("a.mp4", codec="h265").asked != one
    assert identity("a.mp4", bits=10).asked != one
    assert identity("a.mkv").asked != one


@pytest.mark.parametrize(
    "wishes", [{"colors": 9}, {"quality": 9}, {"max_bytes": 9_000_000}, {"repeat": 2}]
)
def test_of_animations_only_the_pixels_are_of_it(wishes: dict[str, Any]) -> None:
    """The file is made at the end, of pixels without loss: another limit draws nothing again."""
    assert identity("a.gif", **wishes) == identity("a.gif")
    assert identity("a.webp").asked != identity("a.gif").asked

"""What is done with files that anybody may have made, by commands up to where they draw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import IO
from unittest.mock import patch

from netart.cli import info, run_report
from netart.errors import NetartError
from netart.files import source
from netart.files.palettes import read_palette
from netart.files.pictures import read_target_text
from netart.files.points import read_points_text
from netart.files.source import read_source
from netart.files.weights import formats
from netart.files.weights.contents import Contents, Given
from netart.live.session import load_session
from netart.shot.fields import parse
from netart.shot.shot import Shot
from tests.campaign import seeds
from tests.campaign.command_lines import text_stream, without_drawing, written

# What no terminal may be given: C0 without line feeds, C1, and what turns the writing round.
CONTROL = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
GIVEN = Given(("tanh",), "sigmoid")


class Wrong(Exception):
    """Something else than netart promises was read, or printed."""


@contextmanager
def prepared() -> Iterator[None]:
    """Leaves out, while the block runs, what takes a thousand times as long as reading: drawing,
    processes for HDF5, looking for presets for every SOURCE, and examining most runs' units.
    """

    def some_lines(shot: Shot) -> Iterable[str]:
        return run_report.run_lines(shot) if shot.sha256 < "08" else ()

    def read_here(file: IO[bytes], suffix: str) -> Contents:
        read = formats.WEIGHTS_FORMATS[suffix.lower()].read
        assert read
        return read(file)

    with (
        without_drawing(),
        patch.object(source, "preset_names", cache(source.preset_names)),
        patch.object(info, "run_lines", some_lines),
        patch.object(formats, "read_apart", read_here),
    ):
        yield


def document(path: Path) -> str:
    """Prints the document in a file as `netart info` does, and reads what is printed. Returns the
    hash of the document.
    """
    out, err = text_stream(), text_stream()
    with redirect_stdout(out), redirect_stderr(err):
        info.info.callback(str(path), False)  # type: ignore[misc]
    text, told = written(out), written(err)
    if CONTROL.search(text + told):
        raise Wrong("a control character is printed")
    if len(text) % 4 == 0:
        (path.parent / "printed.toml").write_text(text)
        try:
            again = read_source(path.parent / "printed.toml").document
        except NetartError as error:
            raise Wrong(f"what is printed is refused: {error}") from None
        if again.sha256 != text.split(maxsplit=3)[2]:
            raise Wrong("what is printed is another document")
    return text.split(maxsplit=3)[2]


def carried(path: Path) -> None:
    """The document in a picture or a film that was sound: it is that one, or none."""
    if document(path) not in seeds.hashes():
        raise Wrong("a document that was never written")


def weights(path: Path) -> None:
    """The network in a file, its activations given where the file does not say them."""
    read_source(path, GIVEN)


def palette(path: Path) -> None:
    """The palette in a file, as --palette takes it."""
    parse(
        "palette", read_palette(f"{('', 'ramp:', 'corners:')[path.stat().st_size % 3]}from:{path}")
    )


def points(path: Path) -> None:
    """The points in a file, as --points takes them."""
    parse("points", read_points_text(str(path)))


def target(path: Path) -> None:
    """The picture in a file, as --target takes it."""
    parse("target", read_target_text(str(path)))


def session(path: Path) -> None:
    """The session in the folder, as the window begins with it."""
    load_session(path.parent)

"""Inputs that are folders of unfinished films, wrong in their pieces or in what they say."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np

from tests.campaign import seeds
from tests.campaign.readers import Wrong
from tests.campaign.values import LISTS, OBJECTS, change, spelled
from tests.films import frame_of, write
from tests.weights import mutated

NAMES = "a.mkv", "a.gif", "a.webp", "##.png"
SIZE, COUNT, SEGMENT, DRAWN = (64, 48), 11, 4, 9  # frames, of a segment, before it stops
PIECE = re.compile(r"(.*/)?(frame|segment|still)-(\d+)-([0-9a-f]{64})")
ODD_NAMES = (
    "frame-000001-" + "0" * 64, "segment-999999999999999999999-" + "0" * 64, "still-1-" + "f" * 64,
    "0.tmp", "abcdef.tmp", "odd", "state.json.tmp", "frame--1-" + "0" * 64,
)  # fmt: skip

Files = dict[str, bytes]  # by their paths in the folder of the film


class Stop(Exception):
    """An interruption."""


@contextmanager
def short() -> Iterator[None]:
    """Short segments, and frames that are kept on any disk."""
    with (
        patch("netart.files.films.video.FilmSpec.segment", SEGMENT),
        patch("netart.files.store.MIN_FREE_BYTES", 0),
    ):
        yield


@cache
def _files(name: str, drawn: int) -> Files:
    """What is left of a film after so many frames."""
    left = iter(range(drawn))

    def frame(number: int) -> np.ndarray:
        if next(left, None) is None:
            raise Stop
        return frame_of(SIZE)(number)

    with tempfile.TemporaryDirectory() as made, short():
        with suppress(Stop):
            write(Path(made) / name, SIZE, COUNT, make=frame)
        return _content(Path(made))


def _content(folder: Path) -> Files:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def film(chance: Random) -> tuple[str, bytes]:
    """A film that has stopped, with some of its pieces wrong: as JSON."""
    name = chance.choice(NAMES)
    files, is_crafted = dict(_files(name, DRAWN)), False
    for _ in range(chance.choice((1, 1, 2, 3))):
        is_crafted |= _change(files, chance)
    packed = {path: b64encode(data).decode() for path, data in files.items()}
    return "film.json", json.dumps([name, is_crafted, packed]).encode()


def _change(files: Files, chance: Random) -> bool:
    """Changes something. Returns whether a wrong piece now has a right hash, or a right one the
    place of another: no failure of a machine does that.
    """
    path = chance.choice(sorted(files))
    found, way = PIECE.fullmatch(path), chance.random()
    if path.endswith("state.json"):
        if way < 0.7:
            with suppress(ValueError, RecursionError):  # what is changed already
                tree = json.loads(files[path])
                change(tree, chance, seeds.borrower(chance))
                files[path] = spelled(json.dumps(tree), chance.choice((LISTS, OBJECTS))).encode()
        else:
            files[path] = mutated(files[path], chance)
        return False
    if way < 0.2:
        del files[path]
    elif way < 0.4:
        files[path] = mutated(files[path], chance)
    elif way < 0.5 and found:
        files[path.replace(found[3], str(chance.choice((0, 3, 10**6, 10**30))))] = files[path]
        return True
    elif way < 0.6 and found:
        files[found[1] + chance.choice(ODD_NAMES)] = files[path]
    elif found:
        data = files.pop(path)
        data = data[: chance.randrange(len(data) + 1)] if way < 0.8 else mutated(data, chance)
        files[path.replace(found[4], hashlib.sha256(data).hexdigest())] = data
        return True
    return False


def finish(path: Path) -> None:
    """Draws the film to its end, as the same command would."""
    name, is_crafted, packed = json.loads(path.read_bytes())
    folder = path.parent / "film"
    try:
        for place, data in packed.items():
            file = folder / place
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(b64decode(data))
        with short():
            write(folder / name, SIZE, COUNT)
        if not is_crafted and _content(folder) != _files(name, COUNT):
            raise Wrong("another film")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

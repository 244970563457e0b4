"""Inputs that are folders of unfinished films and posters, wrong in pieces or in what they say."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np

from netart import lens
from netart.errors import NetartError
from netart.files.stills import strips
from netart.files.stills.plan import ImageEncoding, plan_image
from tests.campaign import seeds
from tests.campaign.readers import Wrong
from tests.campaign.values import LISTS, OBJECTS, change, spelled
from tests.films import frame_of, write
from tests.shots import REFERENCE
from tests.weights import mutated

FILMS = "a.mkv", "a.gif", "a.webp", "##.png"
POSTERS = "8.png", "16.png", "8.tif", "16.tif"  # by the bits of a sample
SIZE, COUNT, SEGMENT, DRAWN = (64, 48), 11, 4, 9  # frames, of a segment, before it stops
ROWS = 5  # of a strip: ten strips, the last of which is lower, and none of those that are kept
PATCHES: dict[str, object] = {
    "netart.files.films.video.FilmSpec.segment": SEGMENT,
    "netart.files.stills.strips.LONG_S": 0.0,
    "netart.files.store.MIN_FREE_BYTES": 0,
    "netart.lens.STRIP_PIXELS": SIZE[0] * ROWS,
    "netart.lens.STRIP_ROWS": ROWS,
}
PIECE = re.compile(r"(.*/)?(frame|strip|segment|still)-(\d+)-([0-9a-f]{64})")
OURS = re.compile(rf"{PIECE.pattern.removeprefix('(.*/)?')}|state\.json|[0-9a-f]*\.tmp")
ODD_NAMES = (
    "frame-000001-" + "0" * 64, "segment-999999999999999999999-" + "0" * 64, "still-1-" + "f" * 64,
    "0.tmp", "abcdef.tmp", "odd", "state.json.tmp", "frame--1-" + "0" * 64,
)  # fmt: skip
ODD_FOLDERS = "odd-folder", "f.tmp", "strip-000002-" + "e" * 64
SECRET, LINK = b"secret", b"a link to it"

Files = dict[str, bytes]  # by their paths in the folder of the film or poster; LINK for a link


class Stop(Exception):
    """An interruption."""


@contextmanager
def short() -> Iterator[None]:
    """Short segments and low strips, and frames and strips that are kept on any disk."""
    with ExitStack() as stack:
        for name, value in PATCHES.items():
            stack.enter_context(patch(name, value))
        yield


@cache
def _files(name: str, drawn: int) -> Files:
    """What is left of a film or a poster after so many frames or strips."""
    with tempfile.TemporaryDirectory() as made, short():
        with suppress(Stop):
            _draw(Path(made) / name, iter(range(drawn)))
        return _content(Path(made))


def _draw(path: Path, left: Iterator[int]) -> None:
    """Draws a film or a poster, until no frames or strips are left."""

    def frame(number: int) -> np.ndarray:
        if next(left, None) is None:
            raise Stop
        return frame_of(SIZE)(number)

    def some(*asked: Any) -> Iterator[np.ndarray]:
        for strip in lens.strips(*asked):
            if next(left, None) is None:
                raise Stop
            yield strip

    if path.name in FILMS:
        write(path, SIZE, COUNT, make=frame)
        return
    spec = plan_image(path, seeds.SHOT, SIZE, ImageEncoding(bits=int(path.stem)))
    with patch.object(strips, "strips", some):
        strips.draw_shot(spec, seeds.SHOT, REFERENCE)


def _content(folder: Path) -> Files:
    found = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return {
        str(path.relative_to(folder)): LINK if path.is_symlink() else path.read_bytes()
        for path in found
    }


def film(chance: Random) -> tuple[str, bytes]:
    """A film that has stopped, with some of its pieces wrong: as JSON."""
    return "film.json", _wrong(chance.choice(FILMS), chance)


def poster(chance: Random) -> tuple[str, bytes]:
    """A poster that has stopped, with some of its pieces wrong: as JSON."""
    return "poster.json", _wrong(chance.choice(POSTERS), chance)


def _wrong(name: str, chance: Random) -> bytes:
    files, is_crafted = dict(_files(name, DRAWN)), False
    for _ in range(chance.choice((1, 1, 2, 3))):
        is_crafted |= _change(files, chance)
    if chance.random() < 0.03:  # no folder at all
        files = {f".{name}.part": chance.choice((LINK, b"odd"))}
    packed = {path: b64encode(data).decode() for path, data in files.items()}
    return json.dumps([name, is_crafted, packed]).encode()


def _change(files: Files, chance: Random) -> bool:
    """Changes something. Returns whether a wrong piece now has a right hash, or a right one the
    place of another: no failure of a machine does that.
    """
    path = chance.choice(sorted(files))
    found, way = PIECE.fullmatch(path), chance.random()
    if path.endswith("state.json"):
        if way < 0.2:
            _move_elsewhere(files)
        elif way < 0.7:
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
        place = chance.choice((0, 3, DRAWN, 10**6, 10**30))
        files[f"{found[1]}{found[2]}-{place}-{found[4]}"] = files[path]
        return found[2] != "strip" or place < DRAWN  # the strip there has another size
    elif way < 0.56 and found:
        files[found[1] + chance.choice(ODD_NAMES)] = files[path]
    elif way < 0.58 and found:
        files[found[1] + chance.choice(ODD_FOLDERS) + "/odd"] = files.pop(path)
    elif way < 0.6 and found:
        sha256 = chance.choice((hashlib.sha256(SECRET).hexdigest(), found[4]))
        files[f"{found[1]}{found[2]}-{found[3]}-{sha256}"] = LINK
    elif found:
        data = files.pop(path)
        was = len(data)
        data = data[: chance.randrange(len(data) + 1)] if way < 0.8 else mutated(data, chance)
        files[path.replace(found[4], hashlib.sha256(data).hexdigest())] = data
        return found[2] != "strip" or len(data) == was
    return False


def _move_elsewhere(files: Files) -> None:
    """Makes the pieces those of another version, which draws otherwise."""
    for path, data in list(files.items()):
        if path.endswith("state.json"):
            files[path] = data.replace(b'"netart":"', b'"netart":"9')
        elif found := PIECE.fullmatch(path):
            other = bytes(255 - byte for byte in files.pop(path))
            files[path.replace(found[4], hashlib.sha256(other).hexdigest())] = other


def finish(path: Path) -> None:
    """Draws the film or the poster to its end, as the same command would."""
    name, is_crafted, packed = json.loads(path.read_bytes())
    files = {place: b64decode(data) for place, data in packed.items()} | {"secret": SECRET}
    folder = path.parent / path.stem
    try:
        for place, data in files.items():
            file = folder / place
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if data == LINK:
                file.symlink_to(folder / "secret")
            else:
                file.write_bytes(data)
        _finish(folder / name, files, is_crafted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _finish(path: Path, files: Files, is_crafted: bool) -> None:
    is_foreign = any(_is_foreign(*file) for file in files.items())
    try:
        with short():
            _draw(path, count())
    except NetartError as error:
        is_right = bool(re.fullmatch(r".*\.part: .*: move it away", str(error)))
        if is_right != is_foreign or not (is_foreign or is_crafted):
            raise Wrong(f"refused: {error}") from None
        if is_foreign and _content(path.parent) != files:
            raise Wrong("a refusal changes files") from None
        raise
    if is_foreign:
        raise Wrong("what is not netart's is not refused")
    made, whole = _content(path.parent), _files(path.name, COUNT) | {"secret": SECRET}
    if made.keys() != whole.keys() or (made != whole and not is_crafted):
        raise Wrong("another film or poster")


def _is_foreign(path: str, data: bytes) -> bool:
    """Whether it stands in the hidden folder, or for it, and is not netart's."""
    folder, _, name = path.partition("/")
    return folder.endswith(".part") and (data == LINK or not OURS.fullmatch(name))

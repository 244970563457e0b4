"""The Shot inside a picture: what is written beside the pixels, and read back."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import msgspec

from netart.errors import MACHINE, NetartError
from netart.evaluate.request import Size
from netart.net.recipe import to_network
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text

KEYWORD = "netart"


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a picture carries: its shot as text, the shot's hash, its size, the digest of the
    effective weights. The sampler's version stands in the shot's recipe.
    """

    shot: dict[str, Any]
    sha256: str
    size: tuple[int, int]
    weights: str


def note(shot: Shot, size: Size) -> str:
    """The text that goes into a picture: JSON, the same for the same shot and size."""
    weights = to_network(shot.network).sha256
    text = Note(shot=to_text(shot), sha256=shot.sha256, size=size, weights=weights)
    return json.dumps(msgspec.to_builtins(text), separators=(",", ":"))


def read_note(path: Path) -> Note:
    """The note in the picture. Raises NetartError where there is none, or not a whole one."""
    text = _png_text(path)
    if text is None:
        raise NetartError(f"{path}: carries no shot: it was not drawn by netart, or saved again")
    try:
        return msgspec.json.decode(text, type=Note)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NetartError(f"{path}: its shot is damaged: {error}") from None


def noted_shot(found: Note, path: Path) -> tuple[Shot, str]:
    """The shot of a note, and a warning or nothing. Raises NetartError where it was changed."""
    try:
        shot = from_text(found.shot, path.parent)
    except NetartError as error:
        raise error.at(str(path)) from None
    if shot.sha256 != found.sha256:
        raise NetartError(f"{path}: its shot was changed: it no longer has the hash beside it")
    if to_network(shot.network).sha256 != found.weights:
        return shot, f"{path}: the weights sampled here differ from those that were drawn"
    return shot, ""


def _png_text(path: Path) -> str | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=["PNG"]) as image:
            text = image.info.get(KEYWORD)  # it stands before the pixels, which are not decoded
    except UnidentifiedImageError:
        raise NetartError(f"{path}: is no PNG picture") from None
    except (SyntaxError, ValueError, EOFError) as error:
        raise NetartError(f"{path}: is damaged: {error}") from None
    except OSError as error:
        raise NetartError(f"{path}: {error.strerror or error}", MACHINE) from None
    return None if text is None else str(text)

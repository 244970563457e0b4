"""The file that keeps the window's session: the shot, the favourites, the window's size."""

from __future__ import annotations

import os
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from netart.errors import NetartError
from netart.files.atomic import report_os_errors, write_atomically
from netart.files.beside import read_beside
from netart.files.toml import read_toml
from netart.files.weights import npz
from netart.net.recipe import Weights
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text

NAME = "live.toml"
MAX_BYTES = 1 << 26
MAX_FAVOURITES = 1000
MAX_SIDE = 16_384  # pixels of a window: what a texture may have


class Session(NamedTuple):
    """What one run of the window leaves for the next."""

    shot: Shot  # on screen
    favourites: tuple[Shot, ...]
    size: Size  # of the window's picture, in pixels


def session_folder() -> Path:
    """The platform's folder for the state of programs."""
    from platformdirs import user_state_path

    return user_state_path("netart", appauthor=False)


def save_session(session: Session, where: Path) -> None:
    """Writes the session into the folder, completely or not at all. Raises NetartError."""
    import tomli_w

    with report_os_errors(where):
        where.mkdir(parents=True, exist_ok=True)
    text = {
        "size": list(session.size),
        "shot": _text(session.shot, where),
        "favourite": [_text(shot, where) for shot in session.favourites[-MAX_FAVOURITES:]],
    }
    with write_atomically(where / NAME) as file:
        file.write(tomli_w.dumps(text).encode())


def load_session(where: Path) -> Session | None:
    """The session in the folder, None where there is none. Raises NetartError where it cannot be
    read: see `set_aside_session`.
    """
    path = where / NAME
    if not path.exists():
        return None
    data = read_toml(path, MAX_BYTES)
    try:
        return _session(data, where)
    except NetartError as error:
        raise error.at(str(path)) from None


def set_aside_session(where: Path) -> Path:
    """Gives the folder's session another name, so that a new one can be written."""
    path = where / NAME
    aside = path.with_suffix(".damaged.toml")
    with report_os_errors(path):
        os.replace(path, aside)
    return aside


def _session(data: dict[str, Any], where: Path) -> Session:
    if {*data} != {"size", "shot", "favourite"} or not isinstance(data["favourite"], list):
        raise NetartError("is not a session of the window")
    size = data["size"]
    sides = size if isinstance(size, list) else []
    if len(sides) != 2 or not all(type(n) is int and 0 < n <= MAX_SIDE for n in sides):
        raise NetartError(f"size = {size}: must be [width, height], of 1 to {MAX_SIDE} pixels")
    read = lru_cache(maxsize=16)(partial(read_beside, where))  # favourites name the same files
    favourites = tuple(from_text(shot, read) for shot in data["favourite"])
    return Session(from_text(data["shot"], read), favourites, (size[0], size[1]))


def _text(shot: Shot, where: Path) -> dict[str, Any]:
    """The shot as text. Weights too large for it go into a file beside it, named by digest."""
    text = to_text(shot)
    if isinstance(shot.network, Weights) and "file" in text["network"]:
        path = where / f"{shot.network.content.sha256[:16]}.npz"
        text["network"]["file"] = path.name
        if not path.exists():
            with write_atomically(path) as file:
                npz.write(file, shot.network.content, dict.fromkeys(shot.network.latents, 0.0))
    return text

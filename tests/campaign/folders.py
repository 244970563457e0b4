"""What is found in the folder of a run that was ended, or met a full disk."""

from __future__ import annotations

from pathlib import Path

from netart.errors import NetartError
from netart.files.runs import read_run


def visible(folder: Path) -> dict[str, bytes]:
    """Name → bytes of what is visible in a folder."""
    files = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return {path.name: path.read_bytes() for path in files}


def hidden(folder: Path) -> list[str]:
    """What is hidden in a folder, and no unfinished film, nor the mark of a name, which the next
    command removes.
    """
    return [
        path.name
        for path in folder.glob(".*")
        if not (path / "state.json").exists() and path.suffix != ".netart-name"
    ]


def half_written(folder: Path, *known: dict[str, bytes]) -> list[str]:
    """The names of visible files that are none of the known ones. A run that is still being made
    must be one that can be read.
    """
    found = []
    for name, data in visible(folder).items():
        if not any(one.get(name) == data for one in known) and not _is_run(folder / name):
            found.append(name)
    return found


def _is_run(path: Path) -> bool:
    try:
        return path.suffix == ".run" and bool(read_run(path))
    except NetartError:
        return False

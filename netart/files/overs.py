"""What varies where it stands in files: palettes by their files, runs by theirs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from netart.errors import NetartError
from netart.files.palettes import read_palette
from netart.files.runs import read_run
from netart.net.learning.trained import Trained
from netart.pixels import Size
from netart.shot.place import with_coordinates
from netart.shot.run_text import RUN_SUFFIX
from netart.shot.sheet import Over, list_values
from netart.shot.shot import Shot


def read_over(
    name: str, listing: str | Iterable[Any], shot: Shot, size: Size | None = None
) -> Over:
    """The field of this name with its values, as `Over.of` takes them; palettes may be files, which
    are read, and runs too, which `add_runs` reads; centres may be places in percent of the shot's
    picture. size: of that picture, None for the shape that suits it. Raises NetartError.
    """
    readers = {
        "palette": read_palette,
        "run": _run_name,
        "center": lambda text: with_coordinates({"center": text}, lambda _: shot, size)["center"],
    }
    if name not in readers or listing == "all":
        return Over.of(name, listing, shot)
    return Over(name, tuple(map(readers[name], list_values(listing, f"over {name}"))))


def run_files(name: str, listing: str | Iterable[Any]) -> tuple[str, ...]:
    """The files of runs among the values of a field. Raises NetartError."""
    values = list_values(listing, f"over {name}") if name == "run" else ()
    return tuple(value for value in values if value.endswith(RUN_SUFFIX))


def add_runs(shot: Shot, files: Iterable[str], name: str = "the shot") -> Shot:
    """The shot, a step of a run, with the runs of these files behind its own.

    name: of the shot, in messages. Raises NetartError.
    """
    files = tuple(files)
    if not files:
        return shot
    if not isinstance(shot.network, Trained):
        raise NetartError(
            f"over run={files[0]},…: {name} is not a step of a run, as netart train writes them",
            field="over",
        )
    runs = {run.name: run for run in shot.network.runs}
    for file in files:
        run = read_run(Path(file))
        if runs.setdefault(run.name, run).sha256 != run.sha256:
            raise NetartError(f"{file}: another run is called {run.name}: rename one of the files")
    return replace(shot, network=replace(shot.network, runs=tuple(runs.values())))


def _run_name(value: str) -> str:
    """The name of a run, given by it or by its file."""
    return Path(value).stem if value.endswith(RUN_SUFFIX) else value

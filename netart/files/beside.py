"""The one place where a file decides which other file is opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from netart.assets import folder as folder_of
from netart.errors import NetartError
from netart.files.runs import read_run
from netart.files.weights.contents import NOTHING, Given
from netart.files.weights.formats import read_weights
from netart.net.learning.run import Run
from netart.net.network import Network
from netart.shot.run_text import RUN_SUFFIX
from netart.shot.text import Explicit


def read_beside(
    folder: Path,
    name: str,
    text: Explicit | None = None,
    warn: Callable[[str], object] | None = None,
) -> tuple[Network, dict[str, float]] | Run:
    """What is in a file of weights that another file in the folder names: a network and its
    latents' values, or a run. text: what that file says of it. warn: takes what is read otherwise
    than it may be meant.

    A run that is not there is looked for among those of the presets: pictures of them are carried
    anywhere. Raises NetartError, also for what is more than a name.
    """
    if Path(name).name != name or name in (".", ".."):
        raise NetartError(f"network.file = {name!r}: must be a name without folders")
    path = folder / name
    is_run = path.suffix == RUN_SUFFIX
    if is_run:
        path = find_run(folder, name) or path
    follow = folder_of("presets") in path.parents  # some installers make links
    if is_run:
        return read_run(path, follow)
    said = Given(text.activations, text.output_activation, text.features or ()) if text else NOTHING
    try:
        found = read_weights(path, said, follow)
    except NetartError as error:
        if not error.hint:
            raise
        # What is missing has another name in a file than as an option.
        what = str(error).removesuffix(error.hint)
        raise NetartError(f'{what}activations = ["NAME"] to [shot.network]') from None
    if found.warning and warn:
        warn(f"{path}: {found.warning}")
    return found.network, found.latents


def absent_runs(beside: Path, names: Iterable[str]) -> str:
    """Those of the runs that a file needs beside it and that are not there, in words."""
    return ", ".join(name for name in names if not find_run(beside.parent, name))


def find_run(folder: Path, name: str) -> Path | None:
    """The run of this name in the folder, or else among those of the presets."""
    places = (folder / name, *(group / name for group in folder_of("presets").iterdir()))
    return next((place for place in places if os.path.isfile(place)), None)

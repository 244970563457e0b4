"""The one place where a file decides which other file is opened."""

from __future__ import annotations

from pathlib import Path

from netart.errors import NetartError
from netart.files.npz import read_npz
from netart.files.runs import read_run
from netart.net.learning.run import Run
from netart.net.network import Network
from netart.shot.run_text import RUN_SUFFIX


def read_beside(folder: Path, name: str) -> tuple[Network, dict[str, float]] | Run:
    """What is in a file of weights that another file in the folder names: a network and its
    latents' values, or a run.

    Raises NetartError, also for what is more than a name.
    """
    if Path(name).name != name or name in (".", ".."):
        raise NetartError(f"network.file = {name!r}: must be a name without folders")
    path = folder / name
    return read_run(path) if path.suffix == RUN_SUFFIX else read_npz(path)

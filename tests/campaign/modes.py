"""The kinds of inputs that are made wrong, and what reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.campaign import archives, command_lines, documents, lists, readers, unfinished


class Mode(NamedTuple):
    """A kind of inputs."""

    # The name and the bytes of an input.
    make: Callable[[Random], tuple[str, bytes]]
    # Reads it. Raises NetartError where it is refused.
    read: Callable[[Path], None]
    # Of all inputs.
    share: float
    # Whether a library may crash on them, for which netart reads them in a process of their own.
    is_fragile: bool = False
    # Whether a refusal begins with the name of the input's file.
    is_named: bool = True


MODES = {
    "TOML trees": Mode(documents.toml_tree, readers.document, 0.1),
    "TOML bytes": Mode(documents.toml_bytes, readers.document, 0.05),
    "notes": Mode(documents.note, readers.document, 0.18),
    "notes, hash right": Mode(documents.note_with_hash, readers.document, 0.06),
    "containers bent": Mode(documents.bent, readers.carried, 0.2),
    "pictures and films": Mode(documents.carrier_bytes, readers.carried, 0.22),
    "sessions": Mode(documents.session, readers.session, 0.02),
    "npz": Mode(archives.npz, readers.weights, 0.05),
    "runs": Mode(archives.run, readers.document, 0.02),
    "safetensors": Mode(archives.safetensors, readers.weights, 0.015),
    "ONNX": Mode(archives.onnx, readers.weights, 0.015),
    "Keras": Mode(archives.keras, readers.weights, 0.01, is_fragile=True),
    "HDF5": Mode(archives.hdf5, readers.weights, 0.01, is_fragile=True),
    "palettes": Mode(lists.palette, readers.palette, 0.02),
    "points": Mode(lists.points, readers.points, 0.02),
    "targets": Mode(lists.target, readers.target, 0.01),
    "unfinished films": Mode(unfinished.film, unfinished.finish, 0.001, is_named=False),
    "unfinished posters": Mode(unfinished.poster, unfinished.finish, 0.01, is_named=False),
    "command lines": Mode(command_lines.line, command_lines.run, 0.02, is_named=False),
}

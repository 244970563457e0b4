"""Runs as files: an npz with a JSON text `head` and an array for each part. Read as data."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from netart.errors import NetartError
from netart.files.archive import open_archive
from netart.files.atomic import write_atomically
from netart.files.limits import MAX_NPZ_META_BYTES, open_regular
from netart.files.npz import read_array, read_text
from netart.net.datasets import MAX_CLASSES, MAX_POINTS, Points
from netart.net.learning.data import MAX_SIDE, Data, PictureData, PointData
from netart.net.learning.run import MAX_NUMBERS, Head, Run, State, parameter_count

MAX_STEPS_KEPT = 1 << 20
STATE = "parameters", "first", "second"


class DataHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the arrays of the data do not say."""

    name: str
    # Of a picture alone.
    span: tuple[float, float] | None = None


class FileHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text `head` of a file."""

    run: Head
    data: DataHead
    # How many steps have been made, of a run that goes on.
    step: int | None = None


def write_run(path: Path, run: Run) -> None:
    """Writes the run, whole or not at all. Same run, same bytes."""
    with write_atomically(path) as file:
        _write(file, run)


def read_run(path: Path, follow: bool = True) -> Run:
    """The run in the file. follow: whether the path may be a link. Raises NetartError that names
    the file.
    """
    with open_regular(path, follow) as file:
        return parse_run(file, path.stem)


def parse_run(file: IO[bytes], name: str) -> Run:
    """The run in an open file, called so. Raises NetartError."""
    with open_archive(file, "npz") as archive:
        return _read(archive, name)


def _write(file: IO[bytes], run: Run) -> None:
    assert run.data  # a picture's own copy of a run is not written
    picture = run.data if isinstance(run.data, PictureData) else None
    head = FileHead(
        run.head,
        DataHead(run.data.name, picture.span if picture else None),
        run.state.step if run.state else None,
    )
    text = np.array(msgspec.json.encode(head).decode())
    kind = np.dtype(run.head.options.precision).newbyteorder("<")
    arrays: dict[str, Any] = {
        "head": text,
        "steps": run.steps.astype("<i8"),
        "weights": run.weights.astype(kind),
        "loss": run.loss.astype("<f8"),
        "accuracy": run.accuracy.astype("<f8"),
    }
    if isinstance(run.data, PictureData):
        arrays["picture"] = run.data.pixels
    else:
        arrays |= {
            "points": run.data.points.xy.astype("<f8"),
            "classes": run.data.points.classes.astype("<i8"),
        }
    if run.state:
        arrays |= {name: getattr(run.state, name).astype(kind) for name in STATE}
    np.savez_compressed(file, allow_pickle=False, **arrays)


def _read(archive: zipfile.ZipFile, name: str) -> Run:
    text = read_text(archive, "head", MAX_NPZ_META_BYTES)
    try:
        head = msgspec.json.decode(text, type=FileHead)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NetartError(f"head: {error}") from None
    precision = head.run.options.precision
    width = parameter_count(head.run.recipe)
    steps = read_array(archive, "steps", "int64", 8 * MAX_STEPS_KEPT)
    if steps.ndim != 1:
        raise NetartError(f"steps: {steps.shape}: must be (S,)")
    if (len(steps) + (head.step is not None) * len(STATE)) * width > MAX_NUMBERS:
        raise NetartError(f"{len(steps):,} steps of {width:,} weights: more than {MAX_NUMBERS:,}")
    bytes_each = np.dtype(precision).itemsize * width
    loss, accuracy = (
        read_array(archive, part, "float64", 8 * len(steps)) for part in ("loss", "accuracy")
    )
    state = None
    if head.step is not None:
        vectors = [read_array(archive, part, precision, bytes_each) for part in STATE]
        if any(vector.shape != (width,) for vector in vectors):
            raise NetartError(f"{', '.join(STATE)}: must be vectors of {width} numbers")
        state = State(head.step, *vectors)
    weights = read_array(archive, "weights", precision, bytes_each * len(steps))
    return Run(name, head.run, steps, weights, loss, accuracy, _read_data(archive, head), state)


def _read_data(archive: zipfile.ZipFile, head: FileHead) -> Data:
    if head.data.span:
        pixels = read_array(archive, "picture", "uint8", 3 * MAX_SIDE**2)
        if pixels.ndim != 3:
            raise NetartError(f"picture: {pixels.shape}: must be rows, columns and channels")
        return PictureData(head.data.name, pixels, head.data.span)
    xy = read_array(archive, "points", "float64", 16 * MAX_POINTS)
    classes = read_array(archive, "classes", "int64", 8 * MAX_POINTS)
    if xy.ndim != 2 or xy.shape[1] != 2 or classes.shape != xy.shape[:1]:
        raise NetartError(f"points {xy.shape}, classes {classes.shape}: must be (N, 2) and (N,)")
    if (
        not np.isfinite(xy).all()
        or not len(xy)
        or not (1 <= classes.min() <= classes.max() <= MAX_CLASSES)
    ):
        raise NetartError(f"points: must be finite, their classes from 1 to {MAX_CLASSES}")
    return PointData(head.data.name, Points(xy, classes))

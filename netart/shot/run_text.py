"""Steps of runs as plain data: the runs written out, or named as files."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from math import nan
from typing import Any

import msgspec
import numpy as np

from netart.errors import NetartError
from netart.net.learning.options import MAX_STEPS
from netart.net.learning.run import MAX_NUMBERS, Head, Run, parameter_count
from netart.net.learning.trained import MAX_RUNS, Trained
from netart.shot.plain_data import check_names, convert, list_or_empty

# Bytes of a run's weights that are written out; larger runs are named as files.
MAX_EMBEDDED_RUN = 1 << 15
MAX_RUNS_BYTES = 1 << 28  # weights of all runs that are read for a shot
RUN_SUFFIX = ".run"

# Reads a file of a run by its name.
ReadRun = Callable[[str], Run]

Numbers = tuple[float, ...]


class RunText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One run, as plain data: the name of a file, or all that draws its steps."""

    # The base name of a file in the same folder.
    file: str = ""
    # Of the run's weights, checked where it is given.
    sha256: str = ""
    # Of the run that is written out.
    name: str = ""
    head: dict[str, Any] = {}
    steps: tuple[int, ...] = ()
    # Little-endian numbers of the head's precision, a row a step, in base64.
    weights: str = ""
    # One a step; none at all where some are not finite, which neither TOML nor JSON can hold.
    loss: Numbers = ()
    accuracy: Numbers = ()


class TrainedText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of a run, as plain data. Fields are those of `Trained`."""

    kind: str = "run"
    runs: tuple[RunText, ...]
    run: str = ""
    step: float | None = None
    blend_steps: bool = False
    weight_scale: float = 1.0
    bias_scale: float = 1.0
    activations: tuple[str, ...] = ()
    output_activation: str = ""


def is_small(network: Trained) -> bool:
    """Whether the runs are written out."""
    return sum(run.weights.nbytes for run in network.runs) <= MAX_EMBEDDED_RUN


def trained_to_text(network: Trained, inline: bool) -> dict[str, Any]:
    """The network as plain data in the form of `TrainedText`. inline: write out what is small."""
    write = _written if inline and is_small(network) else _named
    data: dict[str, Any] = {"kind": "run", "runs": [write(run) for run in network.runs]}
    for name in TrainedText.__struct_fields__:
        if name not in data:
            data[name] = msgspec.to_builtins(getattr(network, name))
    return data


def trained_from_text(data: dict[str, Any], read_run: ReadRun | None) -> Trained:
    """The network that the data describes. Raises NetartError.

    read_run: opens the files it may name.
    """
    for k, run in enumerate(list_or_empty(data.get("runs")), 1):
        check_names(run, RunText.__struct_encode_fields__, f"network.runs[{k}]")
    text = convert(data, TrainedText, "network")
    if len(text.runs) > MAX_RUNS:  # before files are read
        raise NetartError(f"network.runs: {len(text.runs):,}, at most {MAX_RUNS}")
    runs = []
    for k, one in enumerate(text.runs, 1):
        place = f"network.runs[{k}]"
        if bool(one.file) == bool(one.weights):
            raise NetartError(f"{place}: is either written out or a `file`")
        if one.file and read_run is None:
            raise NetartError(f"{place}.file = {one.file!r}: there is no folder to look in")
        if one.file:
            assert read_run
            run = read_run(one.file)
        else:
            run = _read_written(one, convert(one.head, Head, f"{place}.head"), place)
        if one.sha256 and one.sha256 != run.sha256:
            raise NetartError(
                f"{place}: the run {run.name} has digest {run.sha256[:12]}…, not "
                f"{one.sha256[:12]}…: it is not the one that was drawn"
            )
        runs.append(run)
        if sum(one.weights.nbytes for one in runs) > MAX_RUNS_BYTES:  # before more are read
            raise NetartError(f"network.runs: more than {MAX_RUNS_BYTES >> 20} MiB of weights")
    rest = {name: getattr(text, name) for name in text.__struct_fields__ if name != "runs"}
    rest.pop("kind")
    return Trained(runs=tuple(runs), **rest)


def _named(run: Run) -> dict[str, Any]:
    return {"file": run.name + RUN_SUFFIX, "sha256": run.sha256}


def _written(run: Run) -> dict[str, Any]:
    kind = run.head.options.precision
    return {
        "name": run.name,
        "sha256": run.sha256,
        "head": msgspec.to_builtins(run.head),
        "steps": run.steps.tolist(),
        "weights": b64encode(np.asarray(run.weights, _little(kind)).tobytes()).decode(),
        "loss": _numbers(run.loss),
        "accuracy": _numbers(run.accuracy),
    }


def _read_written(text: RunText, head: Head, place: str) -> Run:
    count, width = len(text.steps), parameter_count(head.recipe)
    kind = _little(head.options.precision)
    if count * width > MAX_NUMBERS:
        raise NetartError(f"{place}: more than {MAX_NUMBERS:,} weights")
    try:
        data = b64decode(text.weights, validate=True)
    except ValueError:
        raise NetartError(f"{place}.weights: is not base64") from None
    if len(data) != count * width * kind.itemsize:
        raise NetartError(f"{place}.weights: must be {count} rows of {width} {kind.name}")
    weights = np.frombuffer(data, kind).reshape(count, width).astype(kind.newbyteorder("="))
    if any(abs(step) > MAX_STEPS for step in text.steps):
        raise NetartError(f"{place}.steps: go to {MAX_STEPS:,} at most")
    steps = np.array(text.steps, np.int64)
    loss, accuracy = (
        np.array(numbers or [nan] * count, float) for numbers in (text.loss, text.accuracy)
    )
    try:
        return Run(text.name, head, steps, weights, loss, accuracy)
    except NetartError as error:
        raise error.at(place) from None


def _little(precision: str) -> np.dtype[Any]:
    return np.dtype(precision).newbyteorder("<")


def _numbers(numbers: Any) -> list[float]:
    """Of six digits: they are looked at, and draw nothing. None where some are not finite."""
    return [float(f"{x:.6g}") for x in numbers] if np.isfinite(numbers).all() else []

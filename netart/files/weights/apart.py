"""Reads a file of weights in a process of its own, since HDF5's library may crash on damaged ones.

The process has the open file as stdin. It writes a line of JSON, then the numbers of all arrays in
float32.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from math import prod
from typing import IO, Any

import msgspec
import numpy as np

from netart.errors import NetartError
from netart.files.weights.contents import Contents

MAX_S = 20.0  # that the process may take, on a machine that is busy
MAX_PROCESSOR_S = 2  # of these at work


class Answer(msgspec.Struct, frozen=True):
    """What the process says of a file: why it is refused, or what it holds."""

    error: str = ""
    status: int = 0
    # Of weights and biases in turn.
    shapes: tuple[tuple[int, ...], ...] = ()
    activations: tuple[str, ...] | None = None
    warning: str = ""


def read_apart(file: IO[bytes], suffix: str) -> Contents:
    """What a file says of a network, as its format's `read`. suffix: that of the file's name.
    Raises NetartError.
    """
    words = [sys.executable, "-m", __name__, suffix]
    try:
        ran = subprocess.run(words, stdin=file, capture_output=True, timeout=MAX_S)
    except subprocess.TimeoutExpired:
        raise NetartError(f"finds no end within {MAX_S:g} s") from None
    if ran.returncode == 1:
        raise RuntimeError(ran.stderr.decode(errors="replace"))
    if ran.returncode:
        raise NetartError("is damaged: HDF5's library crashes on it, or finds no end")
    at = ran.stdout.index(b"\n") + 1
    answer = msgspec.json.decode(ran.stdout[:at], type=Answer)
    if answer.error:
        raise NetartError(answer.error, answer.status)
    arrays = []
    for shape in answer.shapes:
        arrays.append(np.frombuffer(ran.stdout, np.float32, prod(shape), at).reshape(shape))
        at += arrays[-1].nbytes
    pairs = zip(arrays[::2], arrays[1::2], strict=True)
    return Contents(list(pairs), answer.activations, warning=answer.warning)


def _answer(file: IO[bytes], suffix: str) -> tuple[Answer, list[Any]]:
    from netart.files.weights.formats import WEIGHTS_FORMATS

    read = WEIGHTS_FORMATS[suffix.lower()].read
    assert read
    try:
        found = read(file)
    except NetartError as error:
        return Answer(str(error), error.status), []
    arrays = [array for pair in found.arrays for array in pair]
    shapes = tuple(array.shape for array in arrays)
    return Answer("", 0, shapes, found.activations, found.warning), arrays


def main() -> None:
    """Answers for the file that is open as stdin; the command line says its suffix."""
    with suppress(ImportError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MAX_PROCESSOR_S, MAX_PROCESSOR_S))
    answer, arrays = _answer(sys.stdin.buffer, sys.argv[1])
    line = msgspec.json.encode(answer)
    padding = b" " * (-(len(line) + 1) % 4)  # the numbers behind it are read where they are
    sys.stdout.buffer.write(line + padding + b"\n")
    for array in arrays:
        sys.stdout.buffer.write(np.ascontiguousarray(array, np.float32).tobytes())


if __name__ == "__main__":
    main()

"""The table of formats of weights, and how a file of any of them becomes a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

from netart.errors import NetartError, unknown
from netart.files.atomic import check_target, unknown_suffix, write_atomically
from netart.files.limits import open_regular
from netart.files.weights import keras, npz, onnx, python, safetensors
from netart.files.weights.apart import read_apart
from netart.files.weights.contents import NOTHING, Contents, Given, Imported, complete
from netart.net.network import Network

Read = Callable[[IO[bytes]], Contents]
Write = Callable[[IO[bytes], Network, Mapping[str, float]], None]


class WeightsFormat(NamedTuple):
    """A format of files of weights."""

    # What a file says of a network; None where it is only written.
    read: Read | None
    # Writes a network, and its latents' values; None where it is only read.
    write: Write | None
    # Whether what reads it may crash.
    is_fragile: bool = False


WEIGHTS_FORMATS = {
    ".npz": WeightsFormat(npz.read, npz.write),
    ".safetensors": WeightsFormat(safetensors.read, safetensors.write),
    ".onnx": WeightsFormat(onnx.read, onnx.write),
    ".py": WeightsFormat(None, python.write),
    ".h5": WeightsFormat(keras.read_h5, None, is_fragile=True),
    ".hdf5": WeightsFormat(keras.read_h5, None, is_fragile=True),
    ".keras": WeightsFormat(keras.read_keras, None, is_fragile=True),
}

# Suffixes that are read, and those that are written.
READABLE = tuple(suffix for suffix, one in WEIGHTS_FORMATS.items() if one.read)
WRITABLE = tuple(suffix for suffix, one in WEIGHTS_FORMATS.items() if one.write)

# What torch pickles: opening it would run whatever program it holds.
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")


def is_weights(suffix: str) -> bool:
    """Whether the suffix, in small letters, says that a file holds weights, readable or not."""
    return suffix in (*READABLE, *PICKLES)


def read_weights(path: Path, given: Given = NOTHING, follow: bool = True) -> Imported:
    """The network in a file. given: what the user says where the file does not. follow: whether the
    path may be a link. Raises NetartError that names the file.
    """
    suffix = path.suffix.lower()
    check_suffix(path, suffix)
    with open_regular(path, follow) as file:
        return parse_weights(file, suffix, given)


def check_suffix(path: Path, suffix: str) -> None:
    """Raises NetartError, for what is called `path`, where weights are not read from files of this
    suffix, in small letters.
    """
    form = WEIGHTS_FORMATS.get(suffix)
    if suffix in PICKLES:
        raise _refuse_pickle(path)
    if form is None or form.read is None:
        raise unknown("suffix", suffix or path.name, READABLE).at(str(path))


def parse_weights(file: IO[bytes], suffix: str, given: Given) -> Imported:
    """The network in an open file of the format that this suffix says. given: as in `read_weights`.
    Raises NetartError.
    """
    form = WEIGHTS_FORMATS[suffix]
    assert form.read
    contents = read_apart(file, suffix) if form.is_fragile else form.read(file)
    return complete(contents, given)


def plan_weights(path: Path) -> Write:
    """What writes weights to the path, as its suffix says. Raises NetartError where nothing does,
    or no file can be there.
    """
    form = WEIGHTS_FORMATS.get(path.suffix.lower())
    if form is None or form.write is None:
        raise unknown_suffix(path, WRITABLE)
    check_target(path)
    return form.write


def write_weights(
    path: Path, network: Network, latents: Mapping[str, float], new: bool = False
) -> None:
    """Writes a network, and its latents' values, as the suffix says. A file that exists is replaced
    whole or not at all, and never where `new` says that there is none. Raises NetartError.
    """
    write = plan_weights(path)
    with write_atomically(path, new) as file:
        try:
            write(file, network, latents)
        except NetartError as error:
            raise error.at(str(path)) from None


def _refuse_pickle(path: Path) -> NetartError:
    line = (
        "python -c 'import sys, torch, safetensors.torch as s; "
        f's.save_file(torch.load(sys.argv[1], weights_only=True), "{path.stem}.safetensors")\''
    )
    return NetartError(
        f"{path}: a pickle may run any program, netart opens none: save it as safetensors by "
        f"{line} {path}"
    )

"""HDF5 files from anybody: groups, numbers and texts that lie in the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import prod
from typing import IO, Any

from numpy.typing import NDArray

from netart.errors import NetartError
from netart.files.limits import MAX_HDF5_STEPS, MAX_HDF5_WEIGHTS
from netart.files.weights.chain import Shape
from netart.files.weights.contents import load_library

MAX_ITEMSIZE = 8  # bytes of a number
COMPRESSIONS = (None, "gzip", "lzf")  # what h5py itself unpacks


@contextmanager
def open_hdf5(file: IO[bytes]) -> Iterator[Any]:
    """The root group of a file, closed at the end. Raises NetartError."""
    library = load_library("h5py")
    with _understood("the file"):
        opened = library.File(file, "r")
    try:
        yield opened
    finally:
        opened.close()


def children(group: Any) -> dict[str, Any]:
    """The groups and data sets in a group. Raises NetartError where they lie in other files."""
    library = load_library("h5py")
    found = {}
    with _understood(group.name):
        for name in group:
            if not isinstance(group.get(name, getlink=True), library.HardLink):
                raise NetartError(f"{name}: is a link to elsewhere, which is not followed")
            found[name] = group[name]
            if len(found) > MAX_HDF5_STEPS:
                raise NetartError(f"{group.name}: holds more than the layers of a network")
    return found


def data_sets(group: Any, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The data sets in a group and in all below it, by their paths. without: groups of the first
    level that are passed by. Raises NetartError.
    """
    library = load_library("h5py")
    found, waiting, steps = {}, [("", group)], 0
    while waiting:
        path, here = waiting.pop()
        for name, child in children(here).items():
            steps += 1
            if steps > MAX_HDF5_STEPS:  # groups may hold each other
                raise NetartError(f"{group.name}: holds more than the layers of a network")
            if isinstance(child, library.Dataset):
                found[path + name] = child
            elif path or name not in without:
                waiting.append((f"{path}{name}/", child))
    return found


def check_count(data_sets: Iterable[Any]) -> None:
    """Raises NetartError where data sets hold more than MAX_HDF5_WEIGHTS numbers together."""
    if sum(prod(one.shape or ()) for one in data_sets) > MAX_HDF5_WEIGHTS:
        raise NetartError(f"at most {MAX_HDF5_WEIGHTS:,} weights of HDF5 are read")


def shape_of(data_set: Any) -> Shape:
    """The shape of numbers that can be read. Raises NetartError for other data."""
    with _understood(data_set.name):
        shape, dtype = data_set.shape, data_set.dtype
        elsewhere = data_set.is_virtual or data_set.external
        packed = data_set.compression
        chunk = data_set.chunks or ()
    if shape is None or dtype.kind != "f" or dtype.itemsize > MAX_ITEMSIZE:
        raise NetartError(f"{data_set.name}: is {dtype} of shape {shape}, must be floats")
    if elsewhere:
        raise NetartError(f"{data_set.name} {shape}: lies in another file, which is not opened")
    if packed not in COMPRESSIONS:
        raise NetartError(f"{data_set.name} {shape}: is packed by {packed}, which is not read")
    if any(prod(sides) > MAX_HDF5_WEIGHTS for sides in (shape, chunk) if sides):
        raise NetartError(f"{data_set.name} {shape}: at most {MAX_HDF5_WEIGHTS:,} weights")
    return tuple(shape)


def numbers(data_set: Any) -> NDArray[Any]:
    """The numbers of a data set whose shape is good. Raises NetartError."""
    shape_of(data_set)
    with _understood(data_set.name):
        array: NDArray[Any] = data_set[()]
    return array


def text_attribute(group: Any, name: str, limit: int) -> str | None:
    """The text of an attribute, None where there is none. Raises NetartError for more than `limit`
    characters, or what is no text.
    """
    with _understood(f"{group.name}: {name}"):
        if name not in group.attrs:
            return None
        attribute = group.attrs.get_id(name)
        if attribute.shape != () or attribute.dtype.kind not in "OS":
            raise NetartError(f"{group.name}: {name}: is no text")
        value = group.attrs[name]
        text = value.decode() if isinstance(value, bytes) else value
    if not isinstance(text, str) or len(text) > limit:
        raise NetartError(f"{group.name}: {name}: is no text of at most {limit:,} characters")
    return text


@contextmanager
def _understood(place: str) -> Iterator[None]:
    """Turns what h5py raises for damaged files into NetartError."""
    try:
        yield
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, OverflowError) as error:
        text = str(error).splitlines()
        raise NetartError(f"{place}: not a complete HDF5 file: {text[0] if text else ''}") from None

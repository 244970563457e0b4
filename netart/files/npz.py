"""npz, numpy's archive of arrays: read as data, each judged by its header."""

from __future__ import annotations

import tokenize
import warnings
import zipfile
from math import prod
from typing import Any, NamedTuple

import numpy as np

from netart.errors import NetartError
from netart.files.archive import member

SUFFIX = ".npy"  # of members
MAX_AXES = 32


class ArrayHeader(NamedTuple):
    """What an array says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """In bytes."""
        return prod(self.shape) * self.dtype.itemsize


def array_names(archive: zipfile.ZipFile) -> list[str]:
    """The names of the arrays. Raises NetartError where a member is none, or stands twice."""
    names = archive.namelist()
    if odd := next((name for name in names if not name.endswith(SUFFIX)), None):
        raise NetartError(f"{odd}: is no array of numpy")
    if len(set(names)) < len(names):
        raise NetartError("holds two arrays of one name")
    return [name.removesuffix(SUFFIX) for name in names]


def read_header(archive: zipfile.ZipFile, name: str) -> ArrayHeader:
    """The header of an array. Raises NetartError where it claims what is not there."""
    info = member(archive, f"{name}{SUFFIX}")
    with archive.open(info) as file:
        try:
            version = np.lib.format.read_magic(file)
            if version != (1, 0):  # later ones allow headers of 4 GiB
                raise NetartError(f"{name}: npy format {version[0]}.{version[1]}, must be 1.0")
            with warnings.catch_warnings(action="ignore"):  # of headers by Python 2
                shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        except (
            ValueError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError,
        ):  # fmt: skip
            raise NetartError(f"{name}: its header cannot be read") from None
    header = ArrayHeader(shape, dtype)
    good = len(shape) <= MAX_AXES and all(type(n) is int and n >= 0 for n in shape)
    if not good or header.size > info.file_size:
        raise NetartError(f"{name}: claims a size that is not there")
    return header


def read_array(archive: zipfile.ZipFile, name: str, kind: str, limit: int) -> Any:
    """The array called `name` of an npz file, judged by its header before memory is taken.

    kind: a dtype's name, as in float32, or `number` for floats of up to 64 bits. limit: in bytes.
    Raises NetartError.
    """
    header = read_header(archive, name)
    dtype = header.dtype
    if kind == "number":
        fits = dtype.kind == "f" and dtype.itemsize <= np.dtype(np.float64).itemsize
    else:
        fits = dtype == np.dtype(kind)
    if not fits:
        raise NetartError(f"{name}: is {dtype} of {len(header.shape)} axes, must be {kind}")
    return _read(archive, name, header, limit)


def read_text(archive: zipfile.ZipFile, name: str, limit: int) -> str:
    """The one text in the array called `name`, of at most `limit` bytes. Raises NetartError."""
    header = read_header(archive, name)
    if header.dtype.kind != "U" or header.shape:
        raise NetartError(
            f"{name}: is {header.dtype} of {len(header.shape)} axes, must be one text"
        )
    data = _read(archive, name, header, limit)
    try:
        # numpy's own way to it takes numbers that are no characters.
        text: str = data.astype(data.dtype.newbyteorder("<")).tobytes().decode("utf-32-le")
    except UnicodeDecodeError:
        raise NetartError(f"{name}: is not text") from None
    return text.rstrip("\0")


def _read(archive: zipfile.ZipFile, name: str, header: ArrayHeader, limit: int) -> Any:
    if header.size > limit:
        raise NetartError(f"{name}: claims a size that is not allowed")
    with archive.open(f"{name}{SUFFIX}") as file, warnings.catch_warnings(action="ignore"):
        try:
            return np.lib.format.read_array(file, allow_pickle=False)
        except ValueError as error:
            raise NetartError(f"{name}: {error}") from None

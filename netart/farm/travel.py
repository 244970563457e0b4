"""What travels between a farm and its workers: pieces of work, pickled, and arrays.

Networks with explicit weights, and runs, are left out of a piece: they travel once a worker, by
their digests.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import zlib
from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.net.learning.run import Run
from netart.net.network import Network

LARGE_BYTES = 1 << 16  # of a shot, which travel apart from it
DTYPES = {np.dtype(name).str for name in ("u1", "u2", "f2", "f4", "f8")}  # of pixels
LEVEL = 1  # of zlib
TRIED_BYTES = 1 << 16  # of an array, deflated to see whether it is worth while
WORTH = 0.8  # of its size, where deflating it is


class Packed(NamedTuple):
    """An array as it travels."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    is_deflated: bool


class _Pickler(pickle.Pickler):
    """Leaves large parts out: they are in `parts`, by their digests."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.parts: dict[str, Any] = {}

    def persistent_id(self, part: Any) -> str | None:
        digest = None
        if isinstance(part, (Network, Run)):
            digest = part.sha256
        elif isinstance(part, bytes) and len(part) > LARGE_BYTES:
            digest = hashlib.sha256(part).hexdigest()
        if digest:
            self.parts[digest] = part
        return digest


class _Unpickler(pickle.Unpickler):
    """Takes large parts from `parts`."""

    def __init__(self, file: io.BytesIO, parts: Mapping[str, Any]) -> None:
        super().__init__(file)
        self._parts = parts

    def persistent_load(self, digest: str) -> Any:
        return self._parts[digest]


def pack_work(work: Any) -> tuple[bytes, dict[str, Any]]:
    """A piece of work without its large parts, and these by their digests."""
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump(work)
    return file.getvalue(), pickler.parts


def unpack_work(data: bytes, parts: Mapping[str, Any]) -> Any:
    """The piece of work that was packed."""
    return _Unpickler(io.BytesIO(data), parts).load()


def pack_array(array: NDArray[Any], deflates: bool) -> Packed:
    """An array to send. deflates: whether its bytes are, where the first ones show that it is
    worth while.
    """
    raw = array.tobytes()
    tried = raw[:TRIED_BYTES]
    if deflates and len(zlib.compress(tried, LEVEL)) < WORTH * len(tried):
        return Packed(array.dtype.str, array.shape, zlib.compress(raw, LEVEL), True)
    return Packed(array.dtype.str, array.shape, raw, False)


def unpack_array(packed: Packed) -> NDArray[Any]:
    """The array that was sent. Raises TypeError where it is not as it says."""
    dtype, shape, data, is_deflated = packed
    if dtype not in DTYPES:
        raise TypeError(f"an array of {dtype}")
    size = prod(shape) * np.dtype(dtype).itemsize
    if is_deflated:
        data = zlib.decompressobj().decompress(data, size + 1)
    if len(data) != size:
        raise TypeError(f"an array {shape} of {dtype} in {len(data):,} bytes")
    return np.frombuffer(data, dtype).reshape(shape)

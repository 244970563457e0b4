"""npz, numpy's archive: W0, b0, W1, … and a JSON text `meta`, or arrays by other names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from netart.errors import NetartError
from netart.files.archive import open_archive
from netart.files.limits import MAX_NPZ_META_BYTES
from netart.files.npz import array_names, read_array, read_header, read_text
from netart.files.weights.contents import Contents, format_meta, parse_meta, read_arrays
from netart.net.network import MAX_LAYERS, MAX_WEIGHTS, Network

META = "meta"
MAX_BYTES = 8 * MAX_WEIGHTS  # of a matrix, in float64


def write(file: IO[bytes], network: Network, latents: Mapping[str, float]) -> None:
    """Writes the float32 matrices (out, in) of the network. Same network, same bytes."""
    arrays: dict[str, Any] = {META: np.array(format_meta(network, latents))}
    for k, layer in enumerate(network.layers):
        arrays |= {f"W{k}": layer.weight, f"b{k}": layer.bias}
    np.savez(file, allow_pickle=False, **arrays)


def read(file: IO[bytes]) -> Contents:
    """What the file says of a network. Raises NetartError."""
    with open_archive(file, "npz") as archive:
        if len(archive.namelist()) > 2 * MAX_LAYERS + 1:
            raise NetartError(f"more arrays than {MAX_LAYERS} layers have")
        names = array_names(archive)
        meta = None
        if META in names:
            names.remove(META)
            meta = parse_meta(read_text(archive, META, MAX_NPZ_META_BYTES))
        headers = {name: read_header(archive, name) for name in names}
        arrays, warning = read_arrays(
            {name: header.shape for name, header in headers.items()},
            lambda name: read_array(archive, name, "number", MAX_BYTES),
            max((header.dtype.itemsize for header in headers.values()), default=0),
        )
    return Contents(arrays, meta=meta, warning=warning)

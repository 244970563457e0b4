"""Networks as files: npz with W0, b0, W1, … and a JSON text `meta`. Read as data, never code."""

from __future__ import annotations

import json
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from netart.errors import NetartError
from netart.files.limits import MAX_NPZ_META_BYTES
from netart.net.network import (
    MAX_LAYERS,
    MAX_WEIGHTS,
    Matrix,
    Network,
    default_features,
    from_arrays,
)


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the matrices do not say of a network."""

    activations: tuple[str, ...]  # one a layer, the output's last
    # Unset for x and y, or for x where the first layer has one column.
    features: tuple[str, ...] | None = None
    latents: dict[str, float] = {}  # name → value


def write_npz(file: IO[bytes], network: Network, latents: Mapping[str, float]) -> None:
    """Writes the effective float32 matrices (out, in) of the network. Same network, same bytes."""
    meta = {
        "activations": [layer.activation for layer in network.layers],
        "features": [str(feature) for feature in network.features],
        "latents": dict(latents),
    }
    arrays: dict[str, Any] = {"meta": np.array(json.dumps(meta))}
    for k, layer in enumerate(network.layers):
        arrays |= {f"W{k}": layer.weight, f"b{k}": layer.bias}
    np.savez(file, allow_pickle=False, **arrays)


def read_npz(path: Path) -> tuple[Network, dict[str, float]]:
    """The network in the file and its latents' values. Raises NetartError that names the file."""
    with open_npz(path) as archive:
        return _read(archive)


@contextmanager
def open_npz(path: Path) -> Iterator[zipfile.ZipFile]:
    """An npz file to read. Raises NetartError, also in the block, that names the file."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise NetartError(f"{path}: no such file") from None
    except NetartError as error:
        raise error.at(str(path)) from None
    except OSError as error:
        raise NetartError(f"{path}: {error.strerror}", status=1) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NetartError(f"{path}: not a complete npz file: {error}") from None


def _read(archive: zipfile.ZipFile) -> tuple[Network, dict[str, float]]:
    names = set(archive.namelist())
    if "meta.npy" not in names:
        raise NetartError("no `meta`: not a network that netart can read")
    text = str(read_array(archive, "meta", "text", MAX_NPZ_META_BYTES))
    try:
        meta = msgspec.json.decode(text, type=Meta)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NetartError(f"meta: {error}") from None
    count = len(meta.activations)
    if count > MAX_LAYERS:
        raise NetartError(f"{count} layers: at most {MAX_LAYERS}")
    wanted = {"meta.npy", *(f"{kind}{k}.npy" for k in range(count) for kind in "Wb")}
    if names != wanted:
        odd = ", ".join(sorted(names ^ wanted)[:4])
        raise NetartError(f"{count} activations want W0, b0, … of as many layers: see {odd}")
    arrays: list[tuple[Matrix, Matrix]] = []
    left = MAX_WEIGHTS
    for k in range(count):
        weight = np.atleast_1d(read_array(archive, f"W{k}", "float32", 4 * left))
        left -= weight.size
        arrays.append((weight, read_array(archive, f"b{k}", "float32", 4 * len(weight))))
    features = meta.features
    if features is None:
        features = default_features(arrays[0][0].shape[-1])
    parts = {"activations": meta.activations, "features": features}
    return from_arrays(arrays, parts | {"latents": tuple(meta.latents)}), dict(meta.latents)


def read_array(archive: zipfile.ZipFile, name: str, kind: str, limit: int) -> Any:
    """The array called `name` of an npz file, judged by its header before memory is taken.

    kind: `text` for one text, else a dtype's name, as in float32. limit: in bytes. Raises
    NetartError.
    """
    if f"{name}.npy" not in archive.namelist():
        raise NetartError(f"has no array {name}")
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NetartError(f"{name}: packed in a way that numpy does not write")
    with archive.open(info) as member:
        try:
            version = np.lib.format.read_magic(member)
            if version != (1, 0):  # later ones allow headers of 4 GiB
                raise NetartError(f"{name}: npy format {version[0]}.{version[1]}, must be 1.0")
            shape, _, dtype = np.lib.format.read_array_header_1_0(member)
        except (ValueError, TypeError, SyntaxError, tokenize.TokenError, RecursionError):
            raise NetartError(f"{name}: its header cannot be read") from None
        is_text = dtype.kind == "U" and shape == ()
        if not (is_text if kind == "text" else dtype == np.dtype(kind)):
            raise NetartError(f"{name}: is {dtype} of {len(shape)} axes, must be {kind}")
        size = prod(shape) * dtype.itemsize
        if not all(type(n) is int and n >= 0 for n in shape) or size > min(limit, info.file_size):
            raise NetartError(f"{name}: claims a size that is not there, or not allowed")
    with archive.open(info) as member:
        try:
            return np.lib.format.read_array(member, allow_pickle=False)
        except ValueError as error:
            raise NetartError(f"{name}: {error}") from None

"""safetensors: numbers without code, in names and orientation as torch's `state_dict` has them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO, Any

from numpy.typing import NDArray

from netart.errors import NetartError
from netart.files.limits import MAX_SAFETENSORS_HEADER_BYTES
from netart.files.weights.contents import (
    Contents,
    format_meta,
    load_library,
    parse_meta,
    read_arrays,
)
from netart.net.network import Matrix, Network

OWN = "netart"  # the name of our text in the file's metadata
NUMBERS = {"F16": 2, "BF16": 2, "F32": 4, "F64": 8}  # kinds that are read, with bytes of one


def write(file: IO[bytes], network: Network, latents: Mapping[str, float]) -> None:
    """Writes the network as the `state_dict` of torch's `Sequential(Linear, activation, …)`."""
    arrays: dict[str, Matrix] = {}
    for k, layer in enumerate(network.layers):
        arrays |= {f"{2 * k}.weight": layer.weight, f"{2 * k}.bias": layer.bias}
    metadata = {OWN: format_meta(network, latents)}
    file.write(load_library("safetensors.numpy").save(arrays, metadata))


def read(file: IO[bytes]) -> Contents:
    """What the file says of a network. Raises NetartError."""
    library = load_library("safetensors")
    size = int.from_bytes(file.read(8), "little")
    if size > MAX_SAFETENSORS_HEADER_BYTES:
        at_most = f"at most {MAX_SAFETENSORS_HEADER_BYTES:,}"
        raise NetartError(f"a header of {size:,} bytes: {at_most} are read")
    # The library opens by name alone. Most systems have names for what is open.
    name = f"/dev/fd/{file.fileno()}"
    try:
        with library.safe_open(name if os.path.exists(name) else file.name, "numpy") as opened:
            return _read(opened)
    except library.SafetensorError as error:
        raise NetartError(f"not a complete safetensors file: {error}") from None


def _read(opened: Any) -> Contents:
    slices = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118
    for name, one in slices.items():
        if one.get_dtype() not in NUMBERS:
            must = f"must be one of {', '.join(NUMBERS)}"
            raise NetartError(f"{name} {tuple(one.get_shape())}: is {one.get_dtype()}, {must}")

    def load(name: str) -> NDArray[Any]:
        if slices[name].get_dtype() == "BF16":
            load_library("ml_dtypes")  # tells numpy what it is
        array: NDArray[Any] = opened.get_tensor(name)
        return array

    # Mapped to memory, and copied from there.
    itemsize = 2 * max((NUMBERS[one.get_dtype()] for one in slices.values()), default=0)
    shapes = {name: tuple(one.get_shape()) for name, one in slices.items()}
    arrays, warning = read_arrays(shapes, load, itemsize)
    own = (opened.metadata() or {}).get(OWN)
    return Contents(arrays, meta=None if own is None else parse_meta(own), warning=warning)

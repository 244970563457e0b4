"""What files of weights say of a network, and what the user says for them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from math import prod
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError
from netart.files.weights.chain import MAX_NAMED, Place, Shape, find_layers, flat
from netart.net.cost import OWN_BYTES, Cost, announce
from netart.net.network import Matrix, Network, default_features, from_arrays
from netart.net.ops import column_count, feature

READ_S = 3e-8  # a weight that is unpacked and converted
PART = 1 << 18  # numbers that are converted at a time
UNKNOWN = "linear"  # the activation of outputs of which nothing is said


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the matrices do not say of a network, as netart writes it into files."""

    activations: tuple[str, ...]  # one a layer, the output's last
    # Unset for x and y, or for x where the first layer has one column.
    features: tuple[str, ...] | None = None
    # Name → value; unset where a program other than netart leaves them out: they get names.
    latents: dict[str, float] | None = None


class Contents(NamedTuple):
    """What a file says."""

    # (out, in) and (out,) of each layer, from first to last.
    arrays: list[tuple[Matrix, Matrix]]
    # A name for each layer, where the file has them.
    activations: tuple[str, ...] | None = None
    meta: Meta | None = None
    # What of the file is read otherwise than it may be meant.
    warning: str = ""


class Given(NamedTuple):
    """What the user says where a file does not: nothing where it is empty. As in `Weights`."""

    activations: tuple[str, ...] = ()  # of hidden layers: one for all, or one each
    output_activation: str = ""
    features: tuple[str, ...] = ()


NOTHING = Given()


class Imported(NamedTuple):
    """A network from a file."""

    network: Network
    # The values of its latents.
    latents: dict[str, float]
    # The names of what of `Given` the file left open.
    completed: frozenset[str]
    # Whether it says all that netart writes, so that it draws as what it was written from.
    is_own: bool
    warning: str


def complete(contents: Contents, given: Given) -> Imported:
    """The network of a file, with what is given where the file says nothing.

    Columns of the first layer beyond the features are latents of value 0, in3 for the third.
    Raises NetartError, with the option to add where activations are missing.
    """
    arrays, meta = contents.arrays, contents.meta
    columns, depth = arrays[0][0].shape[-1], len(arrays) - 1
    completed: set[str] = set()
    activations = meta.activations if meta else contents.activations
    if activations is None:
        activations = _activations(depth, given)
        completed |= {"activations", "output_activation"}
    features = meta.features if meta else None
    if features is None:
        features = given.features or default_features(columns)
        completed.add("features")
    elif given.features and given.features != features:
        raise NetartError(f"features {','.join(given.features)}: the file has {','.join(features)}")
    read = column_count(tuple(map(feature, features)))
    latents = meta.latents if meta else None
    if latents is None:
        latents = {f"in{k}": 0.0 for k in range(read + 1, columns + 1)} if read else {}
    if read + len(latents) != columns:
        text = ",".join(features)
        raise NetartError(f"the first layer takes {columns} inputs, features {text} give {read}")
    names = {"activations": activations, "features": features, "latents": tuple(latents)}
    network = from_arrays(arrays, names)
    is_own = contents.meta is not None
    return Imported(network, latents, frozenset(completed), is_own, contents.warning)


def _activations(depth: int, given: Given) -> tuple[str, ...]:
    """A name for each layer of a network of that depth, as given. Raises NetartError."""
    names, hint = given.activations, "activation NAME"
    if depth and not names:
        message = f"does not say the activation of its {depth} hidden layers: add {hint}"
        raise NetartError(message, hint=hint)
    if len(names) not in (0, 1, depth):
        raise NetartError(f"{len(names)} activations for {depth} hidden layers")
    hidden = names * depth if len(names) == 1 else names
    return (*hidden[:depth], given.output_activation or UNKNOWN)


def read_arrays(
    shapes: Mapping[str, Shape], load: Callable[[str], NDArray[Any]], itemsize: int
) -> tuple[list[tuple[Matrix, Matrix]], str]:
    """The layers of named arrays as netart has them, and a warning where their order is a guess,
    they are transposed though no name says so, or float32 does not hold all their digits.

    load: takes an array from the file, when all shapes have been found to fit. itemsize: bytes of
    the largest number in it.
    """
    places, warning = find_layers(shapes)
    sizes = [prod(shape) for shape in shapes.values()]
    memory = OWN_BYTES + 4 * sum(sizes) + itemsize * max(sizes)
    announce(f"reading {sum(sizes):,} weights", Cost(READ_S * sum(sizes), memory))
    rounded: dict[str, str] = {}  # name → what it was

    def take(name: str) -> Matrix:
        array = load(name)
        numbers = as_float32(array)
        with np.errstate(invalid="ignore"):  # of signalling NaNs, which are refused with all others
            same = (
                np.array_equal(numbers[part], array[part], equal_nan=True) for part in _parts(array)
            )
            if not all(same):
                rounded[name] = array.dtype.name
        return numbers

    layers = [_layer(place, take) for place in places]
    warnings = [warning] if warning else []
    turned = [place.weight for place in places if place.transposed and not place.is_named]
    if turned:
        warnings.append(f"{_some(turned)} {_are(turned)} (in, out) by the shapes: read transposed")
    if rounded:
        kinds = ", ".join(sorted(set(rounded.values())))
        warnings.append(f"{_some(list(rounded))} {_are(rounded)} {kinds}: rounded to float32")
    return layers, "; ".join(warnings)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MAX_NAMED]) + (", …" if len(names) > MAX_NAMED else "")


def _are(names: Sized) -> str:
    return "is" if len(names) == 1 else "are"


def _layer(place: Place, take: Callable[[str], Matrix]) -> tuple[Matrix, Matrix]:
    weight = take(place.weight)
    weight = np.ascontiguousarray(weight.T) if place.transposed else weight
    if place.bias is None:
        return weight, np.zeros(len(weight), np.float32)
    bias = take(place.bias)
    return weight, bias.reshape(flat(bias.shape))


def as_float32(array: NDArray[Any]) -> Matrix:
    """The numbers in float32; what it cannot hold is infinite, which no layer takes."""
    if array.dtype == np.float32 and array.flags.c_contiguous:
        return array
    found = np.empty(array.shape, np.float32)
    with np.errstate(over="ignore"):
        for some in _parts(array):
            found[some] = array[some]
    return found


def _parts(array: NDArray[Any]) -> Iterator[slice]:
    """Parts of an array along its first axis, which are converted at a time in little memory."""
    rows = max(1, PART * len(array) // max(1, array.size))
    return (slice(first, first + rows) for first in range(0, len(array), rows))


def format_meta(network: Network, latents: Mapping[str, float]) -> str:
    """The text of `Meta`, JSON. latents: their values."""
    return json.dumps(
        {
            "activations": [layer.activation for layer in network.layers],
            "features": [str(feature) for feature in network.features],
            "latents": dict(latents),
        }
    )


def parse_meta(text: str) -> Meta:
    """Raises NetartError for what is no text of `Meta`."""
    try:
        return msgspec.json.decode(text, type=Meta)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise NetartError(f"meta: {error}") from None


def load_library(name: str) -> Any:
    """The library of this name. Raises NetartError that says how to install it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        library = (error.name or name).partition(".")[0]
        how = "pip install 'netart[weights]'"
        raise NetartError(f"needs the library {library}: {how}", MACHINE) from error

"""Turns a Shot into plain data and back: what TOML, JSON and the metadata in pictures hold.

Reading is strict. A value may also be written as its option writes it, `mix = "7:0.6,42:0.8"`,
`widths = "27x30"`, and the view's frame as an angle in degrees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from netart.errors import NetartError, unknown
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained
from netart.net.network import Network, default_features, describe, from_arrays
from netart.net.recipe import Recipe, Weights
from netart.shot.lens import LENSES, Loss
from netart.shot.look import Look
from netart.shot.marks import Marks
from netart.shot.plain_data import check_names, convert, list_or_empty
from netart.shot.run_text import is_small, trained_from_text, trained_to_text
from netart.shot.shot import Shot
from netart.shot.view import View

# Bytes of explicit weights that are written out; larger ones, if they have a file, are named.
MAX_EMBEDDED = 1 << 16


# Part of a shot → its kinds by name, the default first; the network is read apart. The name is
# empty where there is only one kind, which data then does not name.
_PARTS: dict[str, Mapping[str, type[msgspec.Struct]]] = {
    "view": {"": View},
    "lens": LENSES,
    "look": {"": Look},
    "beside": LENSES,
    "marks": {"": Marks},
}


class ExplicitLayer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One layer of explicit weights, as plain data."""

    # A row for each unit.
    weight: tuple[tuple[float, ...], ...]
    # A number for each unit.
    bias: tuple[float, ...]
    activation: str


class Explicit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Explicit weights, as plain data: either inline layers or the name of a file."""

    kind: str = "weights"
    # The base name of a file in the same folder.
    file: str = ""
    # Of the network, checked where it is given.
    sha256: str = ""
    # Of the inline network, from first to last.
    layers: tuple[ExplicitLayer, ...] = ()
    # Of the inline network, or of a file that names none; unset for x and y, or for x where the
    # first layer has one column.
    features: tuple[str, ...] | None = None
    latents: tuple[str, ...] = ()
    # As in `Weights`.
    weight_scale: float = 1.0
    bias_scale: float = 1.0
    activations: tuple[str, ...] = ()
    output_activation: str = ""


# Reads a file by its name, with what the shot says of it: the network in it, and the values of its
# latents; or a run.
ReadWeights = Callable[[str, Explicit | None], tuple[Network, dict[str, float]] | Run]


def to_text(shot: Shot, inline: bool = True, varied: bool = False) -> dict[str, Any]:
    """The shot as plain data, with every value that is not unset.

    inline: whether explicit weights may stand in it; if not they are named, as a file. varied:
    whether a document varies it, for which one step of a large run is not enough.
    """
    parts = {
        name: _plain(part)
        for name in _PARTS
        if (part := getattr(shot, name)) is not None and part != Marks()
    }
    network = shot.network
    if isinstance(network, Recipe):
        return {"network": _plain(network)} | parts
    if isinstance(network, Trained) and (varied or (inline and is_small(network))):
        for name in ("lens", "beside"):
            if isinstance(lens := getattr(shot, name), Loss):
                parts[name] = _plain(lens.without_run())
        return {"network": trained_to_text(network, inline)} | parts
    return {"network": _weights(network, inline)} | parts


def from_text(data: Any, read_weights: ReadWeights | None = None) -> Shot:
    """The shot that `data` describes. Raises NetartError that names the place of what is wrong.

    read_weights: opens the file of weights that it may name.
    """
    check_names(data, ("network", *_PARTS), "shot")
    parts = {name: convert(data[name], _kind(data, name), name) for name in _PARTS if name in data}
    network = data.get("network", {})
    if isinstance(network, dict) and network.get("kind") == "weights":
        for k, layer in enumerate(list_or_empty(network.get("layers")), 1):
            check_names(layer, ExplicitLayer.__struct_encode_fields__, f"network.layers[{k}]")
        text = convert(network, Explicit, "network")
        content, values = _content(text, read_weights)
        parts["network"] = _explicit(text, content)
        if "centre" not in data.get("view", {}):
            centre = (Decimal(0), Decimal(0), *(Decimal(repr(v)) for v in values.values()))
            parts["view"] = replace(parts.get("view", View()), centre=centre)
    elif isinstance(network, dict) and network.get("kind") == "run":
        parts["network"] = _trained(network, read_weights)
    else:
        parts["network"] = convert(network, Recipe, "network")
    return Shot(**parts)


def _kind(data: dict[str, Any], name: str) -> type[msgspec.Struct]:
    """The struct of the kind that the data says of a part. Raises NetartError."""
    kinds = _PARTS[name]
    default = next(iter(kinds))
    kind = data[name].get("kind", default) if default and isinstance(data[name], dict) else default
    if not isinstance(kind, str) or kind not in kinds:
        raise unknown(f"{name}.kind", str(kind), kinds)
    return kinds[kind]


def _plain(part: msgspec.Struct) -> dict[str, Any]:
    """A part of a shot as plain data, without what is unset."""
    data = msgspec.to_builtins(part, str_keys=True)
    if isinstance(part, Recipe):
        data["mix"] = {str(seed): share for seed, share in part.mix}
    return {name: value for name, value in data.items() if value is not None}


def _weights(weights: Weights, inline: bool) -> dict[str, Any]:
    """Explicit weights as plain data, in the form of `Explicit`."""
    network = weights.content
    data: dict[str, Any] = weights.identity | {"kind": "weights"}
    described = describe(network)
    size = sum(layer.weight.nbytes + layer.bias.nbytes for layer in network.layers)
    if not inline or (weights.name and size > MAX_EMBEDDED):
        features = described["features"]
        if features != list(default_features(network.layers[0].weight.shape[1])):
            data["features"] = features
        return data | {"file": weights.name or f"{network.sha256[:12]}.npz"}
    layers = [
        {
            "weight": [_shortest(row) for row in layer.weight],
            "bias": _shortest(layer.bias),
            "activation": layer.activation,
        }
        for layer in network.layers
    ]
    return data | {
        "features": described["features"],
        "latents": described["latents"],
        "layers": layers,
    }


def _shortest(row: np.ndarray[Any, np.dtype[np.float32]]) -> list[float]:
    """The numbers as the shortest decimals that round to the same float32."""
    return [float(str(value)) for value in row]


def _explicit(text: Explicit, content: Network) -> Weights:
    """The weights that the data describes. Raises NetartError if the digest is not content's."""
    if text.sha256 and text.sha256 != content.sha256:
        raise NetartError(
            f"network: the weights {text.file or 'inline'} have digest {content.sha256[:12]}…, "
            f"not {text.sha256[:12]}…: they are not those that were drawn"
        )
    return Weights(
        content=content,
        name=text.file,
        weight_scale=text.weight_scale,
        bias_scale=text.bias_scale,
        activations=text.activations,
        output_activation=text.output_activation,
    )


def _trained(data: dict[str, Any], read_weights: ReadWeights | None) -> Trained:
    """The step of a run that the data describes. Raises NetartError."""

    def read(name: str) -> Run:
        assert read_weights
        found = read_weights(name, None)
        if not isinstance(found, Run):
            raise NetartError(f"network.runs: {name}: is not a run")
        return found

    return trained_from_text(data, read if read_weights else None)


def _content(text: Explicit, read_weights: ReadWeights | None) -> tuple[Network, dict[str, float]]:
    """The network, and the values of its latents where a file has them."""
    if bool(text.file) == bool(text.layers):
        raise NetartError("network: explicit weights are either `layers` or a `file`")
    if not text.file:
        return _inline(text), {}
    if read_weights is None:
        raise NetartError(f"network.file = {text.file!r}: there is no folder to look in")
    found = read_weights(text.file, text)
    if isinstance(found, Run):
        raise NetartError(f"network.file = {text.file!r}: is a run, which has network.kind = 'run'")
    return found


def _inline(text: Explicit) -> Network:
    arrays = []
    for k, layer in enumerate(text.layers, 1):
        if len({len(row) for row in layer.weight}) != 1:
            raise NetartError(f"network.layers[{k}].weight: rows of one length are needed")
        with np.errstate(over="ignore"):
            arrays.append((np.array(layer.weight, np.float32), np.array(layer.bias, np.float32)))
    columns = arrays[0][0].shape[1]
    meta = {
        "activations": tuple(layer.activation for layer in text.layers),
        "features": default_features(columns) if text.features is None else text.features,
        "latents": text.latents,
    }
    try:
        return from_arrays(arrays, meta)
    except NetartError as error:
        raise error.at("network") from None

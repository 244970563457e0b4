"""Keras: the weights and the configuration of a model in `.keras` and `.h5`, as data.

Nothing of Keras is loaded, since its own reader builds, and may run, what a file asks for. Data
sets of other HDF5 files are read by their names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import isclose
from typing import IO, Any, NamedTuple

import msgspec

from netart.errors import NetartError
from netart.files.archive import open_archive, read_member
from netart.files.limits import (
    MAX_HDF5_BYTES,
    MAX_KERAS_CONFIG_BYTES,
    MAX_KERAS_WEIGHTS_BYTES,
    check_file_size,
)
from netart.files.weights.contents import Contents, read_arrays
from netart.files.weights.hdf5 import (
    MAX_ITEMSIZE,
    check_count,
    children,
    data_sets,
    numbers,
    open_hdf5,
    shape_of,
    text_attribute,
)
from netart.net.network import Matrix

CHAINS = ("Sequential", "Functional", "Model")  # classes of models
WITHOUT_EFFECT = (  # classes of layers that pass on what they get, once the model is trained
    "InputLayer", "Flatten", "Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise",
    "ActivityRegularization",
)  # fmt: skip
OPTIMIZER = ("optimizer_weights", "optimizer")  # groups beside the weights
VARIABLES = {"0": "kernel", "1": "bias"}  # of a Dense layer, as Keras 3 numbers them
IN_ORDER = ("softmax", "log_softmax")  # of outputs keep their order: they are left out

# Keras' names of activations, with netart's.
ACTIVATIONS = {
    name: name
    for name in (
        "linear", "tanh", "sigmoid", "relu", "elu", "selu", "gelu", "silu", "softplus", "softsign",
    )
} | {"swish": "silu"}  # fmt: skip

# Layers that are an activation: its name, and the settings that it must have, None for unset.
ACTIVATION_LAYERS: dict[str, tuple[str, dict[str, float | None]]] = {
    "ReLU": ("relu", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01, "alpha": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "Softmax": ("softmax", {}),
}


class LayerConfig(msgspec.Struct, frozen=True):
    """What a configuration says of a layer, of what is read."""

    class_name: str
    config: dict[str, Any] = {}
    # Of models that are not a Sequential.
    name: str = ""
    inbound_nodes: Any = None


class LayersConfig(msgspec.Struct, frozen=True):
    """The layers of a model, from first to last."""

    layers: list[LayerConfig]
    # Of models that are not a Sequential.
    output_layers: Any = None


class ModelConfig(msgspec.Struct, frozen=True):
    """What a configuration says of a model, of what is read."""

    class_name: str
    config: LayersConfig


class DenseLayer(NamedTuple):
    """A Dense layer of a configuration."""

    name: str
    has_bias: bool
    activation: str  # netart's name, or one of IN_ORDER


def read_h5(file: IO[bytes]) -> Contents:
    """What the file says of a network. Raises NetartError that names classes it does not know."""
    check_file_size(file, MAX_HDF5_BYTES)
    with open_hdf5(file) as root:
        config = text_attribute(root, "model_config", MAX_KERAS_CONFIG_BYTES)
        if config is None:
            renamed = {_plain(path): one for path, one in data_sets(root, OPTIMIZER).items()}
            check_count(renamed.values())
            arrays, warning = _read_arrays(renamed)
            return Contents(arrays, warning=warning)
        groups = children(children(root).get("model_weights", root))
        found = {name: data_sets(group) for name, group in groups.items()}
        return _contents(_dense_layers(config), found)


def read_keras(file: IO[bytes]) -> Contents:
    """What the file says of a network. Raises NetartError as `read_h5` does."""
    with open_archive(file, "keras") as archive:
        config = read_member(archive, "config.json", MAX_KERAS_CONFIG_BYTES)
        weights = read_member(archive, "model.weights.h5", MAX_KERAS_WEIGHTS_BYTES)
    layers = _dense_layers(config)
    with open_hdf5(io.BytesIO(weights)) as root:
        groups = children(children(root).get("layers", root))
        found = {name: data_sets(one) for name, one in groups.items() if name.startswith("dense")}
        # Groups are numbered by their class, whatever the layers are called.
        numbered = [
            one._replace(name=f"dense_{k}" if k else "dense") for k, one in enumerate(layers)
        ]
        return _contents(numbered, found)


def _contents(layers: list[DenseLayer], found: dict[str, dict[str, Any]]) -> Contents:
    """The layers with their data sets. found: layer → path → data set."""
    check_count(one for sets in found.values() for one in sets.values())
    *hidden, last = layers
    for layer in hidden:
        if layer.activation in IN_ORDER:
            raise NetartError(f"layer {layer.name}: {layer.activation}: is read in the last alone")
    left_out = last.activation in IN_ORDER
    names = *(layer.activation for layer in hidden), "linear" if left_out else last.activation
    warning = f"{last.activation} at the end is left out" if left_out else ""
    return Contents([_layer(one, found) for one in layers], names, warning=warning)


def _layer(layer: DenseLayer, found: dict[str, dict[str, Any]]) -> tuple[Matrix, Matrix]:
    """The arrays of a layer, (out, in) and (out,). Raises NetartError."""
    named = {
        _plain(path).rpartition("/")[2]: one for path, one in found.get(layer.name, {}).items()
    }
    wanted = {"kernel", "bias"} if layer.has_bias else {"kernel"}
    if set(named) != wanted:
        held, must = (", ".join(sorted(names)) or "nothing" for names in (named, wanted))
        raise NetartError(f"layer {layer.name}: holds {held}, must hold {must}")
    arrays, _ = _read_arrays(named)
    return arrays[0]


def _read_arrays(named: dict[str, Any]) -> tuple[list[tuple[Matrix, Matrix]], str]:
    """The layers of data sets, as `read_arrays` has them."""
    shapes = {name: shape_of(one) for name, one in named.items()}
    return read_arrays(shapes, lambda name: numbers(named[name]), MAX_ITEMSIZE)


def _plain(path: str) -> str:
    """The path of a data set with names in place of Keras 3's numbers."""
    folder, _, name = path.removesuffix(":0").rpartition("/vars/")
    if not folder and path.startswith("vars/"):
        name = path.removeprefix("vars/")
    return f"{folder}/{VARIABLES.get(name, name)}" if name in VARIABLES else path.removesuffix(":0")


def _dense_layers(config: str | bytes) -> list[DenseLayer]:
    """The Dense layers of a model's configuration. Raises NetartError that names the class of
    others, and where the model is no chain.
    """
    try:
        model = msgspec.json.decode(config, type=ModelConfig)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise NetartError(f"its configuration cannot be read: {error}") from None
    if model.class_name not in CHAINS:
        raise NetartError(f"a model of class {model.class_name}: {', '.join(CHAINS[:2])} are read")
    found: list[DenseLayer] = []
    below = ""
    for layer in model.config.layers:
        name = layer.name or str(layer.config.get("name", ""))
        if any(inbound != below for inbound in _inbound(layer.inbound_nodes)):
            raise NetartError(f"layer {name}: does not follow {below or 'the input'}: is no chain")
        below = name
        if layer.class_name == "Dense":
            has_bias = layer.config.get("use_bias", True) is True
            found.append(DenseLayer(name, has_bias, _activation(layer.config, name)))
        elif layer.class_name not in WITHOUT_EFFECT:
            activation = _layer_activation(layer, name)
            if not found or found[-1].activation != "linear":
                raise NetartError(f"layer {name}: its activation follows another one, or the input")
            found[-1] = found[-1]._replace(activation=activation)
    if any(name != below for name in _inbound(model.config.output_layers)):
        raise NetartError(f"its output is not that of its last layer, {below}")
    if not found:
        raise NetartError("holds no Dense layer")
    return found


def _layer_activation(layer: LayerConfig, name: str) -> str:
    """The activation that a layer is. Raises NetartError for other layers."""
    if layer.class_name == "Activation":
        return _activation(layer.config, name)
    if layer.class_name not in ACTIVATION_LAYERS:
        read = "Dense, its activations, Dropout and InputLayer"
        raise NetartError(f"layer {name}: is a {layer.class_name}: {read} are read")
    activation, settings = ACTIVATION_LAYERS[layer.class_name]
    for setting, wanted in settings.items():
        value = layer.config.get(setting, wanted)
        if isinstance(value, dict):  # as Keras 2 writes arrays of one number
            value = value.get("value", wanted)
        is_near = (
            isinstance(value, int | float)
            and wanted is not None
            and isclose(value, wanted, rel_tol=1e-6)
        )
        if value != wanted and not is_near:
            why = f"{setting} {value}, netart's {activation} has {wanted}"
            raise NetartError(f"layer {name}: {layer.class_name} with {why}")
    return activation


def _activation(config: dict[str, Any], name: str) -> str:
    """The activation of a Dense or Activation layer. Raises NetartError for others."""
    asked = config.get("activation", "linear")
    if isinstance(asked, dict):  # of an object: nothing says what it does
        asked = asked.get("class_name", asked)
    found = asked if asked in IN_ORDER else ACTIVATIONS.get(str(asked))
    if found is None:
        known = ", ".join((*ACTIVATIONS, *IN_ORDER))
        raise NetartError(f"layer {name}: activation {asked!s:.60}: one of {known} is read")
    return str(found)


def _inbound(nodes: Any) -> Iterator[str]:
    """The names of the layers that a layer reads, in a configuration of Keras 2 or 3."""
    if isinstance(nodes, dict):
        history = nodes.get("keras_history")
        if isinstance(history, list):
            yield str(history[0]) if history else ""
            return
        nodes = list(nodes.values())
    if isinstance(nodes, list):
        if len(nodes) > 2 and isinstance(nodes[0], str):  # [name, node, tensor, …]
            yield nodes[0]
            return
        for node in nodes:
            yield from _inbound(node)

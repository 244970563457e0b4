"""ONNX: chains of Gemm, or MatMul and Add, with activations between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO, Any

import numpy as np
from msgspec import structs

from netart.errors import NetartError
from netart.files.limits import (
    MAX_ONNX_BYTES,
    MAX_ONNX_FIELDS,
    MAX_ONNX_STRUCTURE_BYTES,
    read_within,
)
from netart.files.weights.contents import (
    Contents,
    format_meta,
    load_library,
    parse_meta,
)
from netart.files.weights.expressions import EXPRESSIONS, Expression, Z
from netart.files.weights.onnx_graph import Chain
from netart.net.network import Layer, Network
from netart.net.ops import feature

OWN = "netart"  # the name of our text in the model's metadata
INPUT, OUTPUT = "input", "output"
OPSET, IR_VERSION = 13, 8  # what is written: of 2021, for old programs

# Fields of ONNX's messages in which weights stand as bytes: model.graph.initializer.raw_data, and
# model.graph.node.attribute.t.raw_data of operator Constant.
BULK = (7, 5, 9), (7, 1, 5, 5, 9)
VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5  # wire types of protobuf


def write(file: IO[bytes], network: Network, latents: Mapping[str, float]) -> None:
    """Writes the network as a function of rows (x, y, latents…). Raises NetartError where it has
    features that are not linear in them.
    """
    onnx = load_library("onnx")
    network = _on_points(network)
    make, nodes, numbers = onnx.helper.make_node, [], []
    below = INPUT
    for k, layer in enumerate(network.layers):
        names = f"{k}.weight", f"{k}.bias"
        for name, array in zip(names, (layer.weight, layer.bias), strict=True):
            numbers.append(onnx.numpy_helper.from_array(array, name))
        z = f"{k}.z"
        nodes.append(make("Gemm", [below, *names], [z], transB=1))
        below = _write_expression(onnx, EXPRESSIONS[layer.activation], z, nodes, numbers)
    nodes.append(make("Identity", [below], [OUTPUT]))
    kind = onnx.TensorProto.FLOAT
    columns = network.layers[0].weight.shape[1]
    given = onnx.helper.make_tensor_value_info(INPUT, kind, ["N", columns])
    given.doc_string = ", ".join((*map(str, network.features), *network.latents))
    made = onnx.helper.make_tensor_value_info(OUTPUT, kind, ["N", network.outputs])
    graph = onnx.helper.make_graph(nodes, OWN, [given], [made], numbers)
    opset = onnx.helper.make_opsetid("", OPSET)
    model = onnx.helper.make_model(
        graph, producer_name=OWN, opset_imports=[opset], ir_version=IR_VERSION
    )
    onnx.helper.set_model_props(model, {OWN: format_meta(network, latents)})
    file.write(model.SerializeToString(deterministic=True))


def _on_points(network: Network) -> Network:
    """The same function of x, y and the latents: where features are these in another order, they
    become a linear layer. Raises NetartError for other features.
    """
    names = [str(one) for one in network.features]
    if odd := next((name for name in names if name not in ("x", "y")), None):
        raise NetartError(f"feature {odd}: an ONNX file takes x, y and latents alone")
    if names in (["x"], ["x", "y"]):
        return network
    columns = [*(("x", "y").index(name) for name in names), *range(2, 2 + len(network.latents))]
    chosen = np.eye(2 + len(network.latents), dtype=np.float32)[columns]
    first = Layer(chosen, np.zeros(len(columns), np.float32), "linear")
    layers = first, *network.layers
    return replace(network, layers=layers, features=(feature("x"), feature("y")))


def _write_expression(
    onnx: Any, expression: Expression, z: str, nodes: list[Any], numbers: list[Any]
) -> str:
    """Adds the nodes of an expression of z; returns the name of its value."""
    if expression == Z:
        return z
    if not isinstance(expression, tuple):
        name = f"constant {len(numbers)}"
        numbers.append(onnx.numpy_helper.from_array(np.array(expression, np.float32), name))
        return name
    operator, *taken = expression
    names = [_write_expression(onnx, part, z, nodes, numbers) for part in taken]
    made = f"{z.removesuffix('.z')}.{len(nodes)}"
    nodes.append(onnx.helper.make_node(operator, names, [made]))
    return made


def read(file: IO[bytes]) -> Contents:
    """What the file says of a network. Raises NetartError that names operators it does not know."""
    onnx, protobuf = load_library("onnx"), load_library("google.protobuf.message")
    data = read_within(file, MAX_ONNX_BYTES)
    _check_structure(memoryview(data))
    try:
        model = onnx.load_model_from_string(data)
    except protobuf.DecodeError as error:
        raise NetartError(f"not a complete ONNX file: {error}") from None
    chain = Chain(model.graph)
    own = next((prop.value for prop in model.metadata_props if prop.key == OWN), None)
    meta = None
    if own is not None:  # what operators say is what the file computes
        meta = structs.replace(parse_meta(own), activations=chain.activations)
    warning = f"{chain.left_out} at the end is left out" if chain.left_out else ""
    return Contents(chain.arrays, chain.activations, meta, warning)


def _check_structure(data: memoryview) -> None:
    """Raises NetartError where the file holds much more than weights, since a message of two bytes
    takes a hundred when it is parsed.
    """
    rest, fields = len(data), 0
    open_messages: list[tuple[memoryview, tuple[int, ...]]] = [(data, ())]
    while open_messages:
        message, place = open_messages.pop()
        for number, content in _fields(message):
            fields += 1
            here = (*place, number)
            if here in BULK:
                rest -= len(content)
            elif any(here == bulk[: len(here)] for bulk in BULK):
                open_messages.append((content, here))
            if fields > MAX_ONNX_FIELDS:
                break
    if fields > MAX_ONNX_FIELDS or rest > MAX_ONNX_STRUCTURE_BYTES:
        raise NetartError("holds far more than the layers of a network")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The fields of a protobuf message: their numbers, and what those of bytes hold. Raises
    NetartError.
    """
    at, nothing = 0, memoryview(b"")
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        content, size = nothing, {FIXED_64: 8, FIXED_32: 4}.get(kind, 0)
        if kind == BYTES:
            size, at = _varint(message, at)
            content = message[at : at + size]
        elif kind == VARINT:
            _, at = _varint(message, at)
        elif not size:
            raise NetartError("not an ONNX file")
        at += size
        if at > len(message):
            raise NetartError("not a complete ONNX file: it ends too early")
        yield number, content


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number that begins there, and where it ends. Raises NetartError."""
    number = 0
    for k, byte in enumerate(message[at : at + 10]):
        number |= (byte & 0x7F) << 7 * k
        if byte < 0x80:
            return number, at + k + 1
    raise NetartError("not a complete ONNX file: it ends too early")

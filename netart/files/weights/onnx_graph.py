"""A graph of ONNX as the layers of a network, node by node."""

from __future__ import annotations

from math import isclose, prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.files.weights.contents import as_float32, load_library
from netart.files.weights.expressions import (
    ACTIVATION_OF,
    ATTRIBUTES,
    OPERATORS,
    Z,
    spell,
    spell_number,
)
from netart.net.network import MAX_LAYERS, MAX_WEIGHTS, Matrix

DOMAINS = ("", "ai.onnx")
UNCHANGED = ("Identity", "Dropout", "Flatten")  # leave rows of numbers as they are
IN_ORDER = ("Softmax", "LogSoftmax")  # of outputs keep their order: they are left out
MAX_EXPRESSION = 300  # characters
NUMBER_TYPES = (1, 6, 7, 10, 11, 16)  # FLOAT, INT32, INT64, FLOAT16, DOUBLE, BFLOAT16


class Value(NamedTuple):
    """What a name in the graph stands for: rows of numbers."""

    # How many matrices the numbers have gone through.
    layer: int
    # What has been done with them since, as `spell` writes it.
    text: str


class Chain:
    """The layers that a graph is made of. Raises NetartError for anything else.

    arrays, activations: as in `Contents`; left_out: operators at the end that are not read.
    """

    def __init__(self, graph: Any) -> None:
        self.arrays: list[tuple[Matrix, Matrix]] = []
        self.activations: tuple[str, ...] = ()
        self.left_out = ""
        self._helper = load_library("onnx.numpy_helper")
        self._numbers: dict[str, NDArray[Any]] = {}
        self._values: dict[str, Value] = {}
        self._has_bias = True  # of the last layer
        self._size = 0  # of all constants so far
        if graph.sparse_initializer:
            raise NetartError("sparse weights are not read")
        for tensor in graph.initializer:
            self._keep(tensor.name, tensor)
        inputs = [one.name for one in graph.input if one.name not in self._numbers]
        if len(inputs) != 1 or len(graph.output) != 1:
            counts = f"{len(inputs)} inputs and {len(graph.output)} outputs"
            raise NetartError(f"{counts}: one of each is read")
        self._values[inputs[0]] = Value(0, Z)
        for node in graph.node:
            self._read(node)
        last = self._values.get(graph.output[0].name)
        if last is None or last.layer != len(self.arrays) or not self.arrays:
            raise NetartError("its output is not that of its last layer")
        operator, _, inner = last.text.partition("(")
        if operator in IN_ORDER:
            self.left_out = operator
        self._end_layer(inner.removesuffix(")") if self.left_out else last.text)

    def _keep(self, name: str, tensor: Any) -> None:
        """Keeps the numbers of a tensor under a name. Raises NetartError."""
        shape = tuple(tensor.dims)
        if tensor.data_location or tensor.external_data:
            raise NetartError(
                f"{name} {shape}: lies in another file, which is not opened: save the model with "
                "external_data=False"
            )
        if any(side < 0 for side in shape) or self._size + prod(shape) > 2 * MAX_WEIGHTS:
            raise NetartError(f"{name} {shape}: claims a size that is not allowed")
        if tensor.data_type not in NUMBER_TYPES:
            raise NetartError(f"{name} {shape}: is of type {tensor.data_type}, which is not read")
        self._size += prod(shape)
        try:
            self._numbers[name] = self._helper.to_array(tensor)
        except (ValueError, TypeError, KeyError) as error:
            raise NetartError(f"{name} {shape}: {error}") from None

    def _read(self, node: Any) -> None:
        """Follows a node. Raises NetartError for one that a network does not have."""
        operator = node.op_type
        if node.domain not in DOMAINS:
            raise NetartError(f"operator {node.domain}.{operator}: is not one of ONNX itself")
        attributes = {one.name: one for one in node.attribute}
        if operator == "Constant" and "value" in attributes and len(node.output) == 1:
            self._keep(node.output[0], attributes["value"].t)
            return
        if not node.output:
            raise NetartError(f"operator {operator}: has no output")
        if operator in UNCHANGED:
            made = self._value(node, 0)
            if operator == "Flatten" and attributes and attributes["axis"].i != 1:
                raise NetartError("operator Flatten: is read along axis 1 alone")
        elif operator == "Gemm":
            made = self._read_gemm(node, attributes)
        elif operator == "MatMul":
            made = self._add_layer(self._value(node, 0), self._matrix(node, 1).T, None)
        elif operator == "Add" and (bias := self._bias(node)) is not None:
            weight, _ = self.arrays[-1]
            self.arrays[-1] = weight, as_float32(bias)
            self._has_bias = True
            made = Value(len(self.arrays), Z)
        else:
            made = self._read_elementwise(node, attributes)
        self._values[node.output[0]] = made

    def _read_gemm(self, node: Any, attributes: dict[str, Any]) -> Value:
        if "transA" in attributes and attributes["transA"].i:
            raise NetartError("operator Gemm: its input is transposed")
        alpha, beta = (
            attributes[name].f if name in attributes else 1.0 for name in ("alpha", "beta")
        )
        matrix = self._matrix(node, 1)
        weight = matrix if "transB" in attributes and attributes["transB"].i else matrix.T
        bias = None
        if len(node.input) > 2 and node.input[2]:
            numbers = self._constant(node, 2).reshape(-1)
            if numbers.size not in (1, len(weight)):
                shape = self._constant(node, 2).shape
                raise NetartError(f"{node.input[2]} {shape}: must have {len(weight)} numbers")
            bias = np.broadcast_to(numbers, len(weight))
        if alpha != 1:
            weight = weight.astype(np.float64) * alpha
        if beta != 1 and bias is not None:
            bias = bias.astype(np.float64) * beta
        return self._add_layer(self._value(node, 0), weight, bias)

    def _add_layer(self, below: Value, weight: NDArray[Any], bias: NDArray[Any] | None) -> Value:
        if below.layer != len(self.arrays):
            raise NetartError("is not a chain: a layer is read by two others")
        if self.arrays:
            self._end_layer(below.text)
            if self.arrays[-1][0].shape[0] != weight.shape[1]:
                shapes = f"{self.arrays[-1][0].shape}, {weight.shape}"
                raise NetartError(f"layers do not follow each other: {shapes}, (out, in)")
        elif below.text != Z:
            raise NetartError(f"{below.text} of the inputs: layers alone are read")
        if len(self.arrays) == MAX_LAYERS:
            raise NetartError(f"more than {MAX_LAYERS} layers")
        self._has_bias = bias is not None
        biases = np.zeros(len(weight), np.float32) if bias is None else as_float32(bias)
        self.arrays.append((as_float32(weight), biases))
        return Value(len(self.arrays), Z)

    def _end_layer(self, text: str) -> None:
        """Notes the activation of the last layer. Raises NetartError where netart has none such."""
        if text not in ACTIVATION_OF:
            raise NetartError(f"layer {len(self.arrays)}: {text} is none of netart's activations")
        self.activations += (ACTIVATION_OF[text],)

    def _bias(self, node: Any) -> NDArray[Any] | None:
        """What an Add adds to a layer that has no biases yet; None where it is no such Add."""
        if self._has_bias or len(node.input) != 2:
            return None
        for one, other in (node.input, reversed(node.input)):
            value, numbers = self._values.get(one), self._numbers.get(other)
            if value == Value(len(self.arrays), Z) and numbers is not None:
                units = len(self.arrays[-1][1])
                if numbers.size == units and numbers.shape[-1:] == (units,):
                    return numbers.reshape(-1)
        return None

    def _read_elementwise(self, node: Any, attributes: dict[str, Any]) -> Value:
        operator = node.op_type
        if operator not in (*OPERATORS, *IN_ORDER):
            raise NetartError(
                f"operator {operator}: only Gemm, MatMul with Add, and activations are read"
            )
        if "axis" in attributes and attributes["axis"].i not in (-1, 1):
            raise NetartError(f"operator {operator}: is read along its last axis alone")
        for name, wanted in ATTRIBUTES.get(operator, {}).items():
            if name in attributes and not _holds(attributes[name], wanted):
                raise NetartError(
                    f"operator {operator}: {name} is not {wanted}, which alone is read"
                )
        taken, layers = [], set()
        for name in node.input:
            if name in self._values:
                layers.add(self._values[name].layer)
                taken.append(self._values[name].text)
            elif (numbers := self._numbers.get(name)) is not None and numbers.size == 1:
                taken.append(spell_number(float(numbers.reshape(-1)[0])))
            else:
                raise NetartError(f"operator {operator}: {name!r} is not a number, nor made before")
        text = spell(operator, *taken)
        if len(layers) != 1 or len(text) > MAX_EXPRESSION:
            raise NetartError(f"operator {operator}: is no activation of one layer")
        return Value(layers.pop(), text)

    def _value(self, node: Any, k: int) -> Value:
        name = node.input[k] if len(node.input) > k else ""
        if name not in self._values:
            raise NetartError(f"operator {node.op_type}: {name!r} is not made by a node before it")
        return self._values[name]

    def _constant(self, node: Any, k: int) -> NDArray[Any]:
        name = node.input[k] if len(node.input) > k else ""
        if name not in self._numbers:
            raise NetartError(f"operator {node.op_type}: {name!r} must be constant weights")
        return self._numbers[name]

    def _matrix(self, node: Any, k: int) -> NDArray[Any]:
        matrix = self._constant(node, k)
        if matrix.ndim != 2 or 0 in matrix.shape:
            raise NetartError(f"{node.input[k]} {matrix.shape}: must be a matrix")
        return matrix


def _holds(attribute: Any, wanted: float | str) -> bool:
    """Whether an attribute has the value, but for rounding."""
    if isinstance(wanted, str):
        return bool(attribute.s == wanted.encode())
    return isclose(attribute.f or attribute.i, wanted, rel_tol=1e-6)

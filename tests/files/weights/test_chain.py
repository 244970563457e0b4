"""Arrays found to be layers by their names and shapes."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.files.weights.chain import Place, find_layers
from netart.net.network import MAX_LAYERS

Shapes = dict[str, tuple[int, ...]]

TORCH: Shapes = {
    "net.0.weight": (8, 2), "net.0.bias": (8,), "net.2.weight": (8, 8), "net.2.bias": (8,),
    "net.10.weight": (3, 8), "net.10.bias": (3,),
}  # fmt: skip
KERAS: Shapes = {
    "dense/kernel:0": (2, 8), "dense/bias:0": (8,), "dense_2/kernel:0": (8, 8),
    "dense_2/bias:0": (8,), "dense_10/kernel:0": (8, 3), "dense_10/bias:0": (3,),
}  # fmt: skip
BY_HAND: Shapes = {"W1": (8, 2), "b1": (8, 1), "W2": (8, 8), "b2": (8, 1), "W3": (3, 8)}
UNNAMED: Shapes = {"arr_0": (2, 8), "arr_1": (8,), "arr_2": (8, 3), "arr_3": (3,)}
SQUARE: Shapes = {"a.weight": (2, 2), "a.bias": (2,), "b.weight": (2, 2), "b.bias": (2,)}
AUTO_ENCODER: Shapes = {
    "decoder.0.weight": (8, 4), "decoder.2.weight": (1, 8), "encoder.0.weight": (8, 3),
    "encoder.2.weight": (4, 8),
}  # fmt: skip
HEAD: Shapes = {
    "head.weight": (3, 8), "hidden.0.weight": (8, 8), "hidden.1.weight": (8, 8),
    "input.weight": (8, 2),
}  # fmt: skip

GOOD: dict[str, tuple[Shapes, list[str], bool]] = {
    "torch": (TORCH, ["net.0.weight", "net.2.weight", "net.10.weight"], False),
    "keras": (KERAS, ["dense/kernel:0", "dense_2/kernel:0", "dense_10/kernel:0"], True),
    "by hand": (BY_HAND, ["W1", "W2", "W3"], False),
    "no names": (UNNAMED, ["arr_0", "arr_2"], True),
    "square, torch": (SQUARE, ["a.weight", "b.weight"], False),
    "square, keras": ({"a.kernel": (2, 2), "b.kernel": (2, 2)}, ["a.kernel", "b.kernel"], True),
    "(in, out), no bias": ({"W0": (2, 8), "W1": (8, 3)}, ["W0", "W1"], True),
    "(out, in), no bias": ({"W0": (8, 2), "W1": (3, 8)}, ["W0", "W1"], False),
    "numbers, underscores": ({"w_2": (3, 8), "w_1": (8, 2), "b_1": (8,)}, ["w_1", "w_2"], False),
    "fc1_W": ({"fc1_W": (8, 2), "fc1_b": (8,), "fc2_W": (1, 8)}, ["fc1_W", "fc2_W"], False),
}
SHUFFLED: dict[str, tuple[Shapes, list[str]]] = {
    "auto-encoder": (
        AUTO_ENCODER,
        ["encoder.0.weight", "encoder.2.weight", "decoder.0.weight", "decoder.2.weight"],
    ),
    "head first": (HEAD, ["input.weight", "hidden.0.weight", "hidden.1.weight", "head.weight"]),
}


@pytest.mark.parametrize("name", GOOD)
def test_layers_are_found(name: str) -> None:
    shapes, weights, transposed = GOOD[name]
    places, warning = find_layers(dict(reversed(shapes.items())))
    assert [place.weight for place in places] == weights
    assert {place.transposed for place in places} == {transposed}
    assert not warning


def test_a_bias_belongs_to_its_matrix() -> None:
    places, _ = find_layers(BY_HAND)
    assert places[0] == Place("W1", "b1", transposed=False, is_named=False)
    assert [place.bias for place in places] == ["b1", "b2", None]
    assert [place.bias for place in find_layers(UNNAMED)[0]] == ["arr_1", "arr_3"]


@pytest.mark.parametrize("name", SHUFFLED)
def test_where_names_do_not_chain_shapes_say_the_order(name: str) -> None:
    shapes, weights = SHUFFLED[name]
    places, warning = find_layers(shapes)
    assert [place.weight for place in places] == weights
    order = ", ".join(weight.removesuffix(".weight") for weight in weights)
    assert warning == f"layers are in the order of their shapes: {order}"


BAD: dict[str, tuple[Shapes, str]] = {
    "nothing": ({}, "no matrix"),
    "a convolution": (
        {"conv.weight": (16, 1, 3, 3), "conv.bias": (16,)},
        r"conv\.weight \(16, 1, 3, 3\): must be a matrix",
    ),
    "a norm": ({"norm.weight": (8,), "norm.bias": (8,)}, r"norm\.weight \(8,\): must be a matrix"),
    "a running mean": (TORCH | {"bn.running_mean": (8,)}, r"bn\.running_mean \(8,\): neither"),
    "a bias alone": (TORCH | {"net.4.bias": (8,)}, r"net\.4\.bias \(8,\): there is no matrix"),
    "a long bias": ({"W0": (8, 2), "b0": (5,)}, r"W0 \(8, 2\) with b0 \(5,\): .* no side"),
    "both ways round": (
        {"W0": (8, 2), "b0": (8,), "W1": (8, 3), "b1": (3,)},
        r"W0 .*is \(out, in\), but W1 \(8, 3\) with b1 \(3,\) is \(in, out\)",
    ),
    "a gap": ({"W0": (8, 2), "W1": (3, 9)}, r"follow each other .*W0 \(8, 2\), W1 \(3, 9\)"),
    "two heads": (
        {"W0": (8, 2), "b0": (8,), "a.W": (3, 8), "c.W": (1, 8)}, "follow each other",
    ),
    "two of a layer": ({"W0": (8, 2), "weight0": (8, 2)}, "W0, weight0: are of one layer"),
    "bias first": ({"arr_0": (8,), "arr_1": (8, 2)}, r"arr_0 \(8,\): is no matrix"),
    "a scalar": ({"W0": (8, 2), "b0": ()}, r"b0 \(\): must be of one axis"),
    "axes without end": ({"W0": (8, 2), "b0": (1,) * 70 + (8,)}, r"must be of one axis"),
    "empty": ({"W0": (0, 2), "b0": (0,)}, "is empty"),
    "no inputs": ({"W0": (4, 0)}, r"W0 \(4, 0\): is empty"),
    "very wide": ({"W0": (1 << 20, 2)}, "width 1048576"),
    "very large": ({"W0": (1 << 15, 1 << 14), "W1": (1, 1 << 15)}, "weights: at most"),
    "very many": ({f"W{k}": (2, 2) for k in range(2 * MAX_LAYERS + 1)}, "arrays: at most"),
    "many layers": ({f"W{k}": (2, 2) for k in range(MAX_LAYERS + 1)}, "layers: at most"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_chain_is_refused_with_its_shapes(name: str) -> None:
    shapes, message = BAD[name]
    with pytest.raises(NetartError, match=message):
        find_layers(shapes)

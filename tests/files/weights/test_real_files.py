"""Files that torch and Keras have written: netart computes what they computed."""

from __future__ import annotations

import numpy as np
import pytest

from netart.errors import NetartError
from netart.files.weights.contents import Given, Imported
from netart.files.weights.formats import read_weights
from tests.weights import FILES, outputs

EXPECTED = FILES / "expected.npz"

# File → the activations that it does not say.
SAID = {
    "digits.safetensors": "relu",
    "moons.safetensors": "tanh",
    "named.safetensors": "relu",
    "plain.weights.h5": "tanh",
}
MANY = ["gelu", "silu", "softplus", "softsign", "elu", "leaky_relu", "selu", "sigmoid"]
FOUND = {
    "digits.safetensors": ["relu", "linear"],
    "dynamo.onnx": MANY,
    "functional.h5": ["selu", "gelu", "sigmoid"],
    "functional.keras": ["selu", "gelu", "sigmoid"],
    "moons.safetensors": ["tanh", "tanh", "linear"],
    "named.safetensors": ["relu", "relu", "relu", "linear"],
    "plain.weights.h5": ["tanh", "linear"],
    "script.onnx": MANY,
    "sequential.h5": ["tanh", "silu", "relu", "linear"],
    "sequential.keras": ["tanh", "silu", "relu", "linear"],
}


def imported(name: str) -> Imported:
    given = Given((SAID[name],)) if name in SAID else Given()
    return read_weights(FILES / name, given)


@pytest.mark.parametrize("name", FOUND)
def test_outputs_are_those_of_the_program_that_wrote_it(name: str) -> None:
    network = imported(name).network
    assert [layer.activation for layer in network.layers] == FOUND[name]
    with np.load(EXPECTED, allow_pickle=False) as expected:
        rows, wanted = expected[f"{name}.inputs"], expected[f"{name}.outputs"]
    found = outputs(network, rows)
    if "sequential" in name:  # the softmax that is left out
        found = np.exp(found) / np.exp(found).sum(axis=1, keepdims=True)
    assert np.abs(found - wanted).max() < 1e-6 * max(1, np.abs(wanted).max())


def test_all_files_are_tried() -> None:
    with np.load(EXPECTED, allow_pickle=False) as expected:
        assert {name.rpartition(".")[0] for name in expected.files} == FOUND.keys()


def test_further_inputs_are_latents() -> None:
    found = imported("named.safetensors")
    assert found.network.inputs == ("x", "y", "in3", "in4", "in5")
    assert found.latents == {"in3": 0, "in4": 0, "in5": 0}
    assert len(imported("digits.safetensors").network.latents) == 782


def test_what_is_read_otherwise_is_told() -> None:
    assert imported("sequential.keras").warning == "softmax at the end is left out"
    assert imported("named.safetensors").warning == (
        "layers are in the order of their shapes: input.layer, hidden.layers.0, hidden.layers.1, "
        "output.layer"
    )
    assert not imported("moons.safetensors").warning


@pytest.mark.parametrize("name", SAID)
def test_activations_that_are_missing_are_asked_for(name: str) -> None:
    with pytest.raises(NetartError, match=r"activation of its \d hidden layers") as found:
        read_weights(FILES / name)
    assert found.value.hint == "activation NAME"


def test_a_pickle_is_refused_with_the_line_that_converts_it() -> None:
    with pytest.raises(NetartError) as found:
        read_weights(FILES / "moons.pt")
    assert "save_file(torch.load(" in str(found.value)
    assert '"moons.safetensors"' in str(found.value)

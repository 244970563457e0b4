"""Makes the files of weights beside it, by the programs that people have theirs from.

Run once, in an environment of its own, with torch 2.14.1, keras 3.15.1 on jax 0.10.2, h5py 3.16.0,
onnx 1.23.2, onnxscript 0.7.2, safetensors 0.8.0 and numpy 2.4.6. `expected.npz` holds what each
model made of some inputs: NAME.inputs and NAME.outputs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
import onnx
import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent

expected: dict[str, np.ndarray[Any, Any]] = {}


def note(names: list[str], columns: int, model: Any, seed: int, count: int = 40) -> None:
    """Notes what the model of the files of these names makes of random inputs."""
    inputs = np.random.default_rng(seed).normal(0, 1.5, (count, columns)).astype(np.float32)
    for name in names:
        expected[f"{name}.inputs"], expected[f"{name}.outputs"] = inputs, model(inputs)


def by_torch(model: nn.Module) -> Any:
    def run(inputs: Any) -> Any:
        with torch.no_grad():
            return model(torch.from_numpy(inputs)).numpy()

    return run


class Moons(nn.Module):
    """As people write a first classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


def train(model: nn.Module) -> None:
    """Two half-circles, full batch."""
    random = np.random.default_rng(1)
    angle = random.uniform(0, np.pi, 400)
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    xy = np.concatenate([upper, lower]) + random.normal(0, 0.1, (800, 2))
    points = torch.from_numpy(xy.astype(np.float32))
    classes = torch.cat([torch.zeros(400, 1), torch.ones(400, 1)])
    steps = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(600):
        steps.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(model(points), classes).backward()
        steps.step()


class Named(nn.Module):
    """Layers whose names do not stand in the order of their work."""

    def __init__(self) -> None:
        super().__init__()
        self.input_layer = nn.Linear(5, 12)
        self.hidden_layers = nn.ModuleList(nn.Linear(12, 12, bias=k == 0) for k in range(2))
        self.output_layer = nn.Linear(12, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.input_layer(x))
        for layer in self.hidden_layers:
            x = torch.relu(layer(x))
        return self.output_layer(x)


def make_torch() -> None:
    torch.manual_seed(1)
    moons, named = Moons(), Named()
    train(moons)
    save_file(moons.state_dict(), HERE / "moons.safetensors")
    note(["moons.safetensors"], 2, by_torch(moons), 1)
    named.bfloat16()
    save_file(named.state_dict(), HERE / "named.safetensors")
    note(["named.safetensors"], 5, by_torch(named.float()), 2)
    digits = nn.Sequential(nn.Linear(784, 8), nn.ReLU(), nn.Linear(8, 10)).half()
    save_file(digits.state_dict(), HERE / "digits.safetensors")
    note(["digits.safetensors"], 784, by_torch(digits.float()), 3, count=3)
    many = nn.Sequential(
        nn.Linear(3, 9), nn.GELU(), nn.Linear(9, 8), nn.SiLU(), nn.Linear(8, 7), nn.Softplus(),
        nn.Linear(7, 6), nn.Softsign(), nn.Linear(6, 5), nn.ELU(), nn.Linear(5, 5), nn.LeakyReLU(),
        nn.Linear(5, 5), nn.SELU(), nn.Dropout(0.5), nn.Linear(5, 5, bias=False), nn.Sigmoid(),
    ).eval()  # fmt: skip
    torch.onnx.export(
        many, (torch.zeros(2, 3),), HERE / "script.onnx", dynamo=False, input_names=["points"],
        dynamic_axes={"points": {0: "N"}},
    )  # fmt: skip
    exported = torch.onnx.export(many, (torch.zeros(2, 3),), dynamo=True)
    model = exported.model_proto
    for node in model.graph.node:
        del node.metadata_props[:]  # traces of this program
    onnx.save(model, HERE / "dynamo.onnx")
    note(["script.onnx", "dynamo.onnx"], 3, by_torch(many), 4)
    torch.save(moons.state_dict(), HERE / "moons.pt")


def make_keras() -> None:
    keras.utils.set_random_seed(1)
    dense = keras.layers.Dense
    random = keras.initializers.RandomNormal(stddev=0.5)
    sequential = keras.Sequential(
        [
            keras.Input((2,)),
            dense(9, "tanh", name="second", bias_initializer=random),
            keras.layers.Dropout(0.2),
            dense(9, "swish", name="first"),  # names do not stand in order
            dense(9, use_bias=False),
            keras.layers.ReLU(),
            dense(3, bias_initializer=random),
            keras.layers.Softmax(),
        ]
    )
    names = ["sequential.keras", "sequential.h5"]
    for name in names:
        sequential.save(HERE / name)
    note(names, 2, lambda inputs: np.asarray(sequential(inputs)), 5)
    given = keras.Input((4, 2))
    y = keras.layers.Flatten()(given)
    y = dense(7, "selu", bias_initializer=random)(y)
    y = keras.layers.Activation("gelu")(dense(6, bias_initializer=random)(y))
    functional = keras.Model(given, dense(1, "sigmoid", bias_initializer=random)(y))
    names = ["functional.keras", "functional.h5"]
    for name in names:
        functional.save(HERE / name)
    note(names, 8, lambda inputs: np.asarray(functional(inputs.reshape(-1, 4, 2))), 6)
    plain = keras.Sequential(
        [keras.Input((2,)), dense(11, "tanh", bias_initializer=random), dense(2)]
    )
    plain.save_weights(HERE / "plain.weights.h5")
    note(["plain.weights.h5"], 2, lambda inputs: np.asarray(plain(inputs)), 7)


if __name__ == "__main__":
    make_torch()
    make_keras()
    np.savez_compressed(HERE / "expected.npz", allow_pickle=False, **expected)

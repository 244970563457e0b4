"""How long a step of training takes, beside torch and jax: `python tests/bench/training.py`.

Every measurement is a process of its own, and the competitors take turns; figures are medians of
ROUNDS. All learn the same picture by the same batches from the same start, in float32, and must
come to the same weights. The others get batches ready made, netart's figure has their draws in it.
`python training.py WHO NETWORK` is one measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from report import Target, machine, markdown, note
from threadpoolctl import threadpool_limits

from netart.net.build import to_network
from netart.net.learning.batches import Batches
from netart.net.learning.data import Examples, PictureData, examples
from netart.net.learning.options import Options
from netart.net.learning.run import pack
from netart.net.learning.trainer import Trainer
from netart.net.network import Network
from netart.net.ops import feature
from netart.net.recipe import Recipe

ROUNDS = 5
BATCH, CHUNK = 128, 512
RATE = 1e-3
TIMED = 12  # chunks; the fastest counts, since whatever else runs only slows
BOUND_US = 80
# Of the weights after a chunk. Single ones are further off: at the kinks of relu, rounding decides.
MEDIAN_ERROR = 1e-3

# Hidden widths and their activation.
NETWORKS = {"3×16 relu": ((16,) * 3, "relu"), "8-8-2 tanh": ((8, 8, 2), "tanh")}

Vector = NDArray[np.float32]
# Makes all ready for a chunk of batches from the start, and gives what learns them, one after the
# other. That gives the weights as a run has them.
Prepare = Callable[[], Callable[[], Vector]]


def network(name: str) -> Network:
    widths, activation = NETWORKS[name]
    recipe = Recipe(
        widths=widths, outputs=1, activations=(activation,), distribution="torch_linear",
        weight_scale=1.0, bias_scale=1.0,
    )  # fmt: skip
    return to_network(recipe)


def disc() -> Examples:
    """A white disc on black, 256 × 256 pixels."""
    x, y = np.meshgrid(np.linspace(-1, 1, 256), np.linspace(-1, 1, 256))
    pixels = np.where(np.hypot(x, y) < 0.6, 255, 0).astype(np.uint8)[..., None]
    return examples(PictureData("disc", pixels), (feature("x"), feature("y")))


def batches() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Those of chunk 0: inputs (CHUNK, BATCH, 2) and targets (CHUNK, BATCH, 1)."""
    found = Batches(disc(), BATCH, 0, np.dtype(np.float32))
    found.gather(0)
    inputs, targets = (
        np.stack(list_).transpose(0, 2, 1) for list_ in (found.inputs, found.targets)
    )
    return np.ascontiguousarray(inputs[..., :-1]), np.ascontiguousarray(targets)


def netart(start: Network) -> Prepare:
    data = disc()
    options = Options(
        steps=CHUNK, batch=BATCH, loss="cross_entropy", rate=RATE, schedule="constant",
        checkpoints=2,
    )  # fmt: skip

    def prepare() -> Callable[[], Vector]:
        trainer = Trainer(start, data, options, 0)
        trainer._load()
        return lambda: np.asarray(trainer._advance(CHUNK).parameters, np.float32)

    return prepare


def torch(start: Network) -> Prepare:
    """Eager, one thread, which is the fastest at this size."""
    import torch  # type: ignore[import-not-found]

    torch.set_num_threads(1)
    inputs, targets = map(torch.from_numpy, batches())
    kind = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}
    loss = torch.nn.BCEWithLogitsLoss()

    def prepare() -> Callable[[], Vector]:
        linear, parts = [], []
        for layer in start.layers:
            linear.append(torch.nn.Linear(*layer.weight.shape[::-1]))
            linear[-1].weight.data = torch.tensor(layer.weight)
            linear[-1].bias.data = torch.tensor(layer.bias)
            parts += [linear[-1], kind.get(layer.activation, torch.nn.Identity)()]
        model = torch.nn.Sequential(*parts[:-1])
        optimizer = torch.optim.Adam(model.parameters(), lr=RATE)

        def learn() -> Vector:
            for x, y in zip(inputs, targets, strict=True):
                optimizer.zero_grad()
                loss(model(x), y).backward()
                optimizer.step()
            blocks = [torch.cat([one.weight, one.bias[:, None]], dim=1) for one in linear]
            return np.asarray(torch.cat([one.ravel() for one in blocks]).detach().numpy())

        return learn

    return prepare


def jax(start: Network) -> Prepare:
    """A chunk compiled whole: `jit` of a `scan` over its batches."""
    import jax
    import jax.numpy as jnp

    inputs, targets = map(jnp.asarray, batches())
    first = [(jnp.asarray(layer.weight), jnp.asarray(layer.bias)) for layer in start.layers]
    activate = {"relu": jax.nn.relu, "tanh": jnp.tanh}[start.layers[0].activation]

    def loss(layers: Any, x: Any, y: Any) -> Any:
        for weight, bias in layers[:-1]:
            x = activate(x @ weight.T + bias)
        weight, bias = layers[-1]
        z = x @ weight.T + bias
        return (jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))).mean()

    def step(state: Any, batch: Any) -> Any:
        layers, m, v, t = state
        gradient, t = jax.grad(loss)(layers, *batch), t + 1
        m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, m, gradient)
        v = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, v, gradient)
        layers = jax.tree.map(
            lambda p, a, b: p - RATE * a / (1 - 0.9**t) / (jnp.sqrt(b / (1 - 0.999**t)) + 1e-8),
            layers, m, v,
        )  # fmt: skip
        return (layers, m, v, t), None

    scan = jax.jit(lambda state, *chunk: jax.lax.scan(step, state, chunk)[0])
    zeros = jax.tree.map(jnp.zeros_like, first)

    def learn() -> Vector:
        layers = scan((first, zeros, zeros, jnp.zeros(())), inputs, targets)[0]
        return np.concatenate([np.column_stack([np.asarray(w), b]).ravel() for w, b in layers])

    return lambda: learn


COMPETITORS = {"netart": netart, "torch": torch, "jax": jax}


def measured(who: str, name: str) -> dict[str, Any]:
    """Microseconds a step. SystemExit where the weights are not those that netart learns."""
    start = network(name)
    prepare, own = COMPETITORS[who](start), netart(start)()()
    error = float(np.median(np.abs(prepare()() - own)))
    moved = float(np.median(np.abs(own - pack(start))))
    if not error < MEDIAN_ERROR < moved / 10:
        raise SystemExit(f"learns something else: median error {error:.2g}")
    times = []
    for _ in range(TIMED):
        learn, begin = prepare(), time.perf_counter()
        learn()
        times.append(time.perf_counter() - begin)
    return {"step_us": min(times) / CHUNK * 1e6, "error": error}


def asked(who: str, name: str) -> dict[str, Any] | str:
    """What a process of its own measured, or the last line of why it did not."""
    command = [sys.executable, __file__, who, name]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measures, and prints a table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    about = machine(("netart", "numpy", "torch", "jax"))
    found: dict[tuple[str, str], list[float]] = {}
    errors: dict[str, list[float]] = {}
    missing: dict[str, str] = {}
    for round_ in range(rounds):
        for name in NETWORKS:
            for who in COMPETITORS:
                if who in missing:
                    continue
                note(f"round {round_ + 1} of {rounds}: {who} learns {name}")
                one = asked(who, name)
                if isinstance(one, str):
                    missing[who] = one
                else:
                    found.setdefault((who, name), []).append(one["step_us"])
                    errors.setdefault(who, []).append(one["error"])
    note("")
    about.append(("load after", " ".join(f"{load:.2f}" for load in os.getloadavg())))
    about += [(f"median error of {who}", f"{max(all_):.1g}") for who, all_ in errors.items()]
    about += [(f"not measured: {who}", why) for who, why in missing.items()]
    print(markdown([("", "this run"), *about]))
    rows = [["µs a step", *NETWORKS]]
    for who in COMPETITORS:
        if who not in missing:
            each = [found[who, name] for name in NETWORKS]
            rows.append([who, *(f"{median(us):.1f} ({min(us):.1f}–{max(us):.1f})" for us in each)])
    print(markdown(rows))
    figure = median(found["netart", "3×16 relu"])
    target = Target(f"3×16 relu, batch {BATCH}", figure, BOUND_US, "µs a step", False)
    print(markdown([("what", "figure", "target", ""), target.row()]))


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in COMPETITORS:
        with threadpool_limits(1):
            print(json.dumps(measured(sys.argv[1], sys.argv[2])))
    else:
        main()

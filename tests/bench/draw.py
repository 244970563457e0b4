"""One measurement in a process of its own: `python draw.py WHO NETWORK SIDE`.

Draws the network on a small grid and compares it with the reference, so that a wrong competitor
cannot win; then draws SIDE × SIDE pixels once to warm up and once by the clock. Prints JSON.
`python draw.py compile NETWORK SIDE` tells what the first picture on the GPU costs instead.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from netart.evaluate.backend import open_evaluator, open_gpu
from netart.evaluate.cpu import cores
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.lens import picture
from netart.net.build import to_network
from netart.net.network import Network
from netart.net.recipe import Recipe
from netart.shot.look import Look
from netart.shot.shot import Shot

Pixels = NDArray[np.float32]
Draw = Callable[[int], Pixels]  # a side → (side, side, 3), the colours in [0, 1]

GRID = 96  # pixels a side of the picture that is compared with the reference
MEDIAN_ERROR = 1e-3

# Hidden widths and their activation.
NETWORKS = {
    "A": ((30,) * 18, "tanh"),
    "B": ((30,) * 27, "tanh"),
    "D": ((400,) * 4, "tanh"),
    "E": ((30,) * 40, "tanh"),
    "F": ((30,) * 18, "relu"),
}

# Pixels a block, each the fastest of 1024 … 1,048,576 here.
JAX_BLOCK = 65536
ONNX_BLOCK = 8192


def shot(name: str) -> Shot:
    """The network's picture: uniform weights and biases in [−½, ½], sigmoid straight to RGB."""
    widths, activation = NETWORKS[name]
    recipe = Recipe(widths=widths, activations=(activation,), weight_scale=0.5, bias_scale="same")
    return Shot(network=recipe, look=Look(palette="rgb", contrast="off"))


def evaluator_draw(evaluator: Evaluator, asked: Shot) -> Draw:
    """netart's own evaluators."""
    return lambda side: picture(asked, (side, side), evaluator)


def numpy_draw(network: Network, radius: float) -> Draw:
    """float64 on the whole image: what one writes first."""
    layers = [(x.weight.astype(float), x.bias.astype(float)) for x in network.layers]
    relu = network.layers[0].activation == "relu"

    def draw(side: int) -> Pixels:
        along = radius * ((2 * np.arange(side) + 1) / side - 1)
        y = np.stack(np.meshgrid(along, -along), axis=-1).reshape(-1, 2)
        for weight, bias in layers[:-1]:
            z = y @ weight.T + bias
            y = np.maximum(z, 0) if relu else np.tanh(z)
        weight, bias = layers[-1]
        picture = 1 / (1 + np.exp(-(y @ weight.T + bias)))
        return np.asarray(picture.reshape(side, side, 3), np.float32)

    return draw


def jax_draw(network: Network, radius: float) -> Draw:
    """Compiled whole, coordinates and sigmoid included, and mapped over blocks of pixels.

    XLA spreads a block's products over the cores.
    """
    import jax
    import jax.numpy as jnp

    layers = [(jnp.asarray(x.weight.T), jnp.asarray(x.bias)) for x in network.layers]
    activate = jax.nn.relu if network.layers[0].activation == "relu" else jnp.tanh

    def drawn(side: int, layers: list[tuple[Any, Any]]) -> Any:
        size = min(JAX_BLOCK, side * side)

        def block(first: Any) -> Any:
            row, column = jnp.divmod(first + jnp.arange(size), side)
            x, y = (2 * column + 1) / side - 1, 1 - (2 * row + 1) / side
            at = radius * jnp.stack([x, y], axis=1).astype(jnp.float32)
            for weight, bias in layers[:-1]:
                at = activate(at @ weight + bias)
            weight, bias = layers[-1]
            return jax.nn.sigmoid(at @ weight + bias)

        blocks = jax.lax.map(block, jnp.arange(0, side * side, size))
        return blocks.reshape(-1, 3)[: side * side].reshape(side, side, 3)

    compiled = jax.jit(drawn, static_argnums=0)
    return lambda side: np.asarray(compiled(side, layers))


def onnx_draw(network: Network, radius: float) -> Draw:
    """A graph of Gemm and activations, a Python thread a core running it over blocks of pixels.

    Here as fast as onnxruntime's own threads or faster: those meet after every operation.
    """
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(_graph(network), options, providers=providers)
    pool = ThreadPoolExecutor(cores())

    def draw(side: int) -> Pixels:
        out = np.empty((side * side, 3), np.float32)

        def work(first: int) -> None:
            last = min(first + ONNX_BLOCK, side * side)
            row, column = np.divmod(np.arange(first, last), side)
            at = np.empty((last - first, 2), np.float32)
            at[:, 0] = radius * ((2 * column + 1) / side - 1)
            at[:, 1] = radius * (1 - (2 * row + 1) / side)
            out[first:last] = session.run(None, {"y0": at})[0]

        list(pool.map(work, range(0, side * side, ONNX_BLOCK)))
        return out.reshape(side, side, 3)

    return draw


def _graph(network: Network) -> bytes:
    """The network as a serialised ONNX model, points (N, 2) → colours (N, 3)."""
    from onnx import TensorProto, checker, helper, numpy_helper

    kinds = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid"}
    nodes, weights = [], []
    for k, layer in enumerate(network.layers):
        weights += [
            numpy_helper.from_array(np.ascontiguousarray(layer.weight.T), f"w{k}"),
            numpy_helper.from_array(layer.bias, f"b{k}"),
        ]
        nodes += [
            helper.make_node("Gemm", [f"y{k}", f"w{k}", f"b{k}"], [f"z{k}"]),
            helper.make_node(kinds[layer.activation], [f"z{k}"], [f"y{k + 1}"]),
        ]
    ends = {"y0": 2, f"y{len(network.layers)}": 3}
    points, picture = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
        for name, width in ends.items()
    )
    graph = helper.make_graph(nodes, "netart", [points], [picture], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


COMPETITORS = {"numpy": numpy_draw, "jax": jax_draw, "onnxruntime": onnx_draw}


@contextmanager
def drawer(who: str, asked: Shot) -> Iterator[tuple[Draw, str]]:
    """What draws, and its name for the report. Raises NetartError where `gpu` has no OpenGL."""
    if who in COMPETITORS:
        yield COMPETITORS[who](to_network(asked.network), asked.view.radius), who
    else:
        with open_evaluator(who) as evaluator:
            yield evaluator_draw(evaluator, asked), evaluator.describe()


def timed(draw: Draw, side: int) -> float:
    """Seconds that one picture takes."""
    start = time.perf_counter()
    draw(side)
    return time.perf_counter() - start


def check(draw: Draw, asked: Shot) -> float:
    """The median error against the reference on a small grid; SystemExit if it is too large."""
    exact = evaluator_draw(Reference(), asked)(GRID)
    error = float(np.median(np.abs(draw(GRID) - exact)))
    if not error < MEDIAN_ERROR or float(exact.std()) < 10 * MEDIAN_ERROR:
        raise SystemExit(f"draws something else: median error {error:.2g}")
    return error


def blas() -> str:
    """numpy's BLAS and the kind of processor that it chose its kernels for."""
    return ", ".join(
        f"{x['internal_api']} {x['version']} {x['architecture']}"
        for x in threadpool_info()
        if x["user_api"] == "blas"
    )


def measured(who: str, name: str, side: int) -> dict[str, Any]:
    """What the process says: who drew, seconds a picture, and the median error before them."""
    asked = shot(name)
    if who == "compile":
        with open_gpu() as gpu:
            draw = evaluator_draw(gpu, asked)
            first_s, again_s = timed(draw, side), timed(draw, side)
            what, software = gpu.describe(), gpu.software
        return {"what": what, "software": software, "time_s": first_s - again_s}
    with drawer(who, asked) as (draw, what):
        error = check(draw, asked)
        if who != "numpy":  # has nothing to compile or to keep, and takes long
            draw(side)
        took_s = timed(draw, side)
    return {"what": what, "time_s": took_s, "error": error, "blas": blas()}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], int(sys.argv[3]))))

"""Networks of very many inputs, of which a picture spans one or two."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.constants import MAX_TRAVELLING, fold_constants, folded
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.reference import forward
from netart.evaluate.request import Request
from netart.evaluate.tiles import points, tile_size
from netart.lens import heads, picture
from netart.net.build import to_network
from netart.net.network import MAX_LATENTS, from_arrays
from netart.net.recipe import Recipe, Weights
from netart.pixels import Window
from netart.shot.shot import Shot
from tests.shots import REFERENCE, evaluated, shot

SIZE = (37, 23)


def wide(inputs: int, features: tuple[str, ...] = ("x", "y"), depth: int = 2) -> Shot:
    """Ten outputs over so many inputs, whose columns all differ."""
    random = np.random.default_rng(inputs)
    widths = [inputs, *[12, 7][:depth], 10]
    arrays = [
        (
            random.normal(0, 2 / np.sqrt(m), (n, m)).astype(np.float32),
            random.normal(size=n).astype(np.float32),
        )
        for m, n in pairwise(widths)
    ]
    names = tuple(f"in{k}" for k in range(len(features) + 1, inputs + 1))
    meta = {"activations": (*["tanh"] * depth, "linear"), "features": features, "latents": names}
    return Shot(network=Weights(content=from_arrays(arrays, meta)))


def of_many(**texts: str) -> Shot:
    """A digit's 784 pixels, some of them at values of their own."""
    return shot(wide(784), **{"latent": "in300=0.5,in784=-2,in17=0.125"} | texts)


def sampled(**texts: str) -> Shot:
    """A recipe with as many latents."""
    latents = ",".join(f"a{k}={k / 99 - 0.5}" for k in range(100))
    return shot(latent=latents, layers="2x9", outputs="4", radius="2", **texts)


CASES = {
    "x and y": of_many(radius="3"),
    "two of the others": of_many(axes="in407,in408", radius="3", center="0.25,-1"),
    "y and another": of_many(axes="in784,y", latent="x=0.4,in300=0.5", rotate="30"),
    "one alone": of_many(axes="in407", radius="2"),
    "the inputs": sampled(layer="0"),
    "halfway above the inputs": sampled(layer="0.5"),
    "no hidden layer": shot(wide(784, depth=0), latent="in300=0.5"),
    "other features": shot(wide(80, ("x", "y", "r")), latent="in70=3", radius="2"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_picture_is_the_network_at_its_points(name: str, cpu: Cpu) -> None:
    one = CASES[name]
    network, request = to_network(one.network), Request(heads(one))
    at = points(network, one.view, SIZE, Window.whole(SIZE), request)
    assert len(at) == len(network.inputs) > MAX_TRAVELLING + 2
    exact = forward(network, request.heads, at).outputs[:, :4].reshape(*SIZE[::-1], 4)
    assert np.abs(evaluated(REFERENCE, one, SIZE) - exact).max() < 1e-12
    assert np.abs(evaluated(cpu, one, SIZE) - exact).max() < 2e-5
    assert exact.std(axis=(0, 1)).min() > 0.01


@pytest.mark.parametrize("name", CASES)
def test_the_gpu_draws_the_same(name: str, cpu: Cpu, gpu: Gpu) -> None:
    drawn = evaluated(gpu, CASES[name], SIZE)
    assert np.abs(drawn - evaluated(cpu, CASES[name], SIZE)).max() < 2e-5


def test_an_input_that_is_not_spanned_can_be_moved(cpu: Cpu) -> None:
    plain, moved = (picture(of_many(latent=f"in500={k}"), SIZE, cpu) for k in (0, 3))
    assert np.abs(plain - moved).mean() > 0.01


def test_few_inputs_stay_as_they_are() -> None:
    one = wide(MAX_TRAVELLING + 2)
    network, request = to_network(one.network), Request(heads(one))
    asked = fold_constants(network, one.view, request)
    assert all(a is b for a, b in zip(asked, (network, one.view, request), strict=True))


def test_tiles_are_those_of_a_narrow_network() -> None:
    one = of_many()
    request = Request(heads(one))
    network, asked = folded(one, request)
    assert network.layers[0].weight.shape == (12, 2)
    assert folded(one, request)[0] is network  # evaluators keep what belongs to it
    assert tile_size(network, asked) == (128, 64)
    assert tile_size(to_network(one.network), request) < (128, 64)


def test_very_many_latents_are_refused() -> None:
    with pytest.raises(NetartError, match=f"at most {MAX_LATENTS}"):
        Recipe(latents=tuple(f"a{k}" for k in range(MAX_LATENTS + 1)))
    with pytest.raises(NetartError, match="latent 'a7': names are distinct"):
        Recipe(latents=(*(f"a{k}" for k in range(10_000)), "a7"))

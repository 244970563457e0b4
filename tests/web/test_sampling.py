"""Networks that pages sample, against those that netart samples: equal bit for bit."""

from __future__ import annotations

import base64
from itertools import product
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from playwright.sync_api import Error, Page

from netart.evaluate.weights import pack
from netart.lens.kinds import POINTWISE
from netart.net.build import to_network
from netart.net.recipe import Recipe, Weights
from netart.net.sampling import DISTRIBUTIONS, HIDDEN, OUTPUT, inverse_normal, sample_layer, words
from netart.shot.shot import Shot
from netart.web.network import heads_data, network_data
from tests.browser import Modules
from tests.philox import PUBLISHED
from tests.shots import random_shot, shot

pytestmark = pytest.mark.slow  # a browser is started

SEEDS = 0, 7, 2**53 + 1, 2**63, 2**64 - 1

# From a typed array to text that Playwright brings over.
TEXT = """
const textOf = ({ buffer, byteOffset, byteLength }) => btoa(
    new Uint8Array(buffer, byteOffset, byteLength)
        .reduce((text, byte) => text + String.fromCharCode(byte), ""));
"""


def sent(page: Page, arrays: str, given: Any) -> list[bytes]:
    """The bytes of the typed arrays that an expression in JavaScript makes of `given`."""
    made = page.evaluate(f"given => {{ {TEXT} return ({arrays}).map(textOf); }}", given)
    return [base64.b64decode(text) for text in made]


def test_draws_are_the_published_ones(open_modules: Modules) -> None:
    page = open_modules("weights.js")
    places = [*PUBLISHED, *product(SEEDS, (0, 3, 16), (0, 26), (0, 2**15 - 1))]
    counts = [1 + k % 9 for k in range(len(places))]
    given = [(str(seed), *rest, n) for (seed, *rest), n in zip(places, counts, strict=True)]
    made = sent(page, "given.map(place => philoxWords(...place))", given)
    for place, count, found in zip(places, counts, made, strict=True):
        assert found == words(*place, count).astype("<u8").tobytes(), place

    # Words at both ends, in the middle, and where the algorithm's branches meet.
    upper = [k + offset for k in (9, 1258291, 2**23, 2**24 - 9) for offset in range(-9, 9)]
    (found,) = sent(page, "[Float64Array.from(given, k => drawNormal(256 * k))]", upper)
    p = (np.array(upper) + 0.5) / 2**24
    assert np.array_equal(np.frombuffer(found), np.round(inverse_normal(p) * 2**20) / 2**20)

    mix = ((7, 0.6), (2**63 + 1, -1.3), (2**64 - 1, 0.1))
    layers = [
        (name, stream, k, shape)
        for name in DISTRIBUTIONS
        for stream, k, shape in ((HIDDEN, 0, (40, 25)), (HIDDEN, 3, (25, 40)), (OUTPUT, 0, (3, 30)))
    ]
    scales = 0.7231, -0.31
    given = {"mix": [(str(s), c) for s, c in mix], "layers": layers, "scales": scales}
    made = sent(
        page,
        "given.layers.flatMap(([name, stream, k, shape]) => { const { weight, bias } = "
        "sampleLayer(given.mix, name, stream, k, shape, given.scales); return [weight, bias]; })",
        given,
    )
    for (name, *rest), weight, bias in zip(layers, made[::2], made[1::2], strict=True):
        expected = sample_layer(mix, DISTRIBUTIONS[name], *rest, scales)
        assert [weight, bias] == [part.tobytes() for part in expected], name


def random_network(number: int) -> Shot:
    """A shot of a network of any kind: structure, lens and weights from `number`."""
    rng = np.random.default_rng(number)
    drawn, _ = random_shot(number, number)
    assert isinstance(drawn.network, Recipe)
    names, (scale, bias) = list(DISTRIBUTIONS), rng.uniform(-2, 2, 2).tolist()
    seeds = rng.integers(2**64, size=1 + number % 3, dtype=np.uint64).tolist()
    recipe = replace(
        drawn.network,
        distribution=names[number % len(names)],
        sampler=1 + number // 2 % 2,
        weight_scale="auto" if number % 3 else scale,
        bias_scale=("auto", "same", bias)[number // 3 % 3],
        detail=1.7 if number % 3 == 1 else 1.0,
        mix=tuple((seed, rng.normal()) for seed in seeds),
    )
    drawn = replace(drawn, network=recipe, look=replace(drawn.look, contrast="off"))
    if number % 7 or isinstance(drawn.lens.layer, float):
        return drawn
    own = ("sin",) if number % 2 and recipe.depth else ()
    weights = Weights(
        content=to_network(recipe), weight_scale=scale, bias_scale=bias, activations=own
    )
    return replace(drawn, network=weights, lens=replace(drawn.lens, layer=None))


def packed(drawn: Shot) -> bytes:
    """The bytes of the texels that the shot's shader reads."""
    heads = POINTWISE[drawn.lens.kind].request(drawn).heads
    return pack(to_network(drawn.network), heads).tobytes()


def given(drawn: Shot) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a page is given of the shot's network and its heads."""
    heads = POINTWISE[drawn.lens.kind].request(drawn).heads
    return network_data(drawn.network), heads_data(drawn, heads)


def test_networks_are_packed_as_python_packs_them(open_modules: Modules) -> None:
    page = open_modules("weights.js")
    shots = [
        *map(random_network, range(77)),
        shot(lens="regions", layer="2.3"),
        shot(lens="lines", backdrop="regions", layer="1", line_layers="3", output="2"),
        shot(lens="lines"),
    ]
    networks, expected = zip(*((given(drawn), packed(drawn)) for drawn in shots), strict=True)
    made = sent(
        page, "given.map(([data, heads]) => packNetwork(readNetwork(data), heads))", networks
    )
    for drawn, one, other in zip(shots, made, expected, strict=True):
        assert one == other, drawn


# What a page's state says, and the same fields in Python.
STATES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"seed": "18446744073709551615"}, {"seed": 2**64 - 1}),
    ({"mix": [["9", 0.3], ["10", -0.0], ["8", 1.1]]}, {"mix": ((8, 1.1), (9, 0.3), (10, 0.0))}),
    ({"weight_scale": 0.0, "bias_scale": "same"},) * 2,
    ({"weight_scale": -1.7, "bias_scale": "same"},) * 2,
    ({"weight_scale": "auto", "detail": 0.37, "bias_scale": "same"},) * 2,
    ({"bias_scale": 0.0, "distribution": "orthogonal"},) * 2,
    ({"distribution": "normal", "weight_scale": "auto"},) * 2,
    ({"distribution": "he_normal", "weight_scale": "auto"},) * 2,
]


def test_fields_of_a_state_change_the_network(open_modules: Modules) -> None:
    """As they do in Python."""
    page = open_modules("weights.js")
    bases = [
        shot(layers="2x3", radius="1", sampler=str(sampler), weight_scale="0.3", contrast="off")
        for sampler in (1, 2)
    ]
    cases = [(base, *state) for base in bases for state in STATES]
    made = sent(
        page,
        "given.map(([[data, heads], state]) => "
        "packNetwork(changeNetwork(readNetwork(data), state), heads))",
        [(given(base), state) for base, state, _ in cases],
    )
    for (base, _, fields), found in zip(cases, made, strict=True):
        assert found == packed(base.but(**fields)), fields

    with pytest.raises(Error, match=r"RangeError: bias_scale 1e\+39: what it scales must stay"):
        sent(
            page,
            "[packNetwork(changeNetwork(given[0], { bias_scale: 1e39 }), given[1])]",
            given(bases[0]),
        )

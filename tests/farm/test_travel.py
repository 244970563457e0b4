"""What travels comes out as it went in, and what is no array is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import netart
from netart.farm.travel import LARGE_BYTES, Packed, pack_array, pack_work, unpack_array, unpack_work
from netart.net.network import Network
from netart.net.recipe import Weights
from tests.shots import shot


@pytest.mark.parametrize("dtype", ["u1", "u2", "f2", "f4", "f8"])
@pytest.mark.parametrize("deflates", [False, True])
def test_arrays_come_out_as_they_went_in(dtype: str, deflates: bool) -> None:
    flat = np.zeros((300, 200, 3), dtype)
    noise = np.random.default_rng(1).integers(0, 255, flat.shape).astype(dtype)
    for array in (flat, noise, flat[:0], np.asarray(noise[::2, ::3])):
        packed = pack_array(array, deflates)
        again = unpack_array(packed)
        assert again.dtype == array.dtype and np.array_equal(again, array)
    assert pack_array(flat, deflates).is_deflated == deflates
    assert not pack_array(noise[:64].astype("u1"), deflates).is_deflated


@pytest.mark.parametrize(
    "packed",
    [
        Packed("|O", (1,), bytes(8), False),
        Packed("|u1", (2, 3), bytes(5), False),
        Packed("|u1", (2, 3), bytes(7), False),
        pack_array(np.zeros((99, 99), np.uint8), True)._replace(shape=(2, 2)),
    ],
)
def test_what_is_no_array_is_refused(packed: Packed) -> None:
    with pytest.raises(TypeError, match="array"):
        unpack_array(packed)


def test_weights_travel_apart_from_the_work() -> None:
    recipe = shot(layers="9x60")
    assert not pack_work(recipe)[1]
    explicit = shot().but(layers="9x60")
    run = netart.load("ginn")
    data, parts = pack_work(run)
    assert len(data) < LARGE_BYTES and len(pickle.dumps(run)) > 1 << 17
    assert unpack_work(data, parts).sha256 == run.sha256
    assert {type(part) for part in parts.values()} >= {Network}
    assert unpack_work(*pack_work(explicit)).sha256 == explicit.sha256
    assert isinstance(run.network, Weights)
    assert run.network.content.sha256 in parts

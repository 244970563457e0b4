"""What networks cost is known before they are made."""

from __future__ import annotations

import tracemalloc

import pytest

from netart.net.build import to_network
from netart.net.cost import MAX_BYTES, MAX_S, Cost, announce, sampling_cost
from netart.net.network import Network
from netart.net.recipe import Recipe


def mixed(seeds: int) -> tuple[tuple[int, float], ...]:
    return tuple((seed, 1.0) for seed in range(seeds))


def test_the_cost_grows_with_seeds_weights_and_orthogonal_sides() -> None:
    one = sampling_cost(Recipe(widths=(1000, 1000)))
    assert one.seconds < MAX_S
    assert one.memory < MAX_BYTES
    many = sampling_cost(Recipe(widths=(1000, 1000), mix=mixed(256)))
    assert many.seconds == pytest.approx(256 * one.seconds)
    assert many.memory == one.memory
    small, large = (
        sampling_cost(Recipe(widths=(side, side), distribution="orthogonal"))
        for side in (2000, 4000)
    )
    assert 6 < large.seconds / small.seconds < 9
    assert large.memory > MAX_BYTES
    assert str(Cost(45 * 60, 1 << 30)) == "about 45 min and 1.1 GB"


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"widths": (600, 600), "distribution": "normal"}, False),
        ({"widths": (1, 1), "mix": mixed(3)}, False),
        # What many layers cost that have hardly a weight.
        ({"widths": (1,) * 1000, "mix": mixed(20)}, False),
        ({"widths": (1,) * 1000, "mix": mixed(60)}, True),
        ({"widths": (1,) * 1000, "distribution": "normal", "mix": mixed(20)}, True),
        ({"widths": (900, 900), "distribution": "normal", "mix": mixed(256)}, True),
        ({"widths": (4000, 4000), "distribution": "orthogonal"}, True),
    ],
)
def test_work_beyond_the_budget_is_told_before_it_begins(
    fields, is_told: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Once: a film samples again and again."""

    def begin(*given: object) -> Network:
        raise NotImplementedError

    announce.cache_clear()
    monkeypatch.setattr("netart.net.build.sample_layer", begin)
    for _ in range(2):
        with pytest.raises(NotImplementedError):
            to_network(Recipe(**fields))
    told = [record.getMessage() for record in caplog.records]
    assert [text.startswith("sampling the network takes about ") for text in told] == [
        True
    ] * is_told


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_sampling_takes_little_more_memory_than_the_weights(distribution: str) -> None:
    """Layers are drawn in slices: whole draws would take 2 to 20 times as much."""
    recipe = Recipe(widths=(1500, 1500), mix=mixed(2), distribution=distribution)
    weights = 4 * 1500 * 1500
    tracemalloc.start()
    network = to_network(recipe)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert network.layers[1].weight.nbytes == weights
    # Beside them a slice's draws, and whether each weight is finite, a byte.
    assert peak < 1.3 * weights + (12 << 20)

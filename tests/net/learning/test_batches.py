"""Which examples each step sees: the contract of the draws, and what is gathered."""

from __future__ import annotations

import numpy as np
import pytest

from netart.net.learning.batches import MAX_CHUNK, MEASURED, Batches, examples_of, measured
from netart.net.learning.data import Examples
from tests.philox import documented_words

SINGLE = np.dtype(np.float32)


def examples(count: int, columns: int = 2) -> Examples:
    """Example k has inputs k, k + 0.25, …, and the target −k."""
    number = np.arange(count, dtype=float)
    return Examples(number + np.arange(columns)[:, None] / 4, -number[None], "regression")


def test_draws_are_the_contracts() -> None:
    """By its text alone: stream 34, unit c of layer 0, the upper half of a word times the count."""
    found = examples_of(7, 0, 3, (2, 5), 1000)
    raw = documented_words(7, 34, 0, 3, 10)
    assert found.ravel().tolist() == [(word >> 32) * 1000 >> 32 for word in raw]
    assert found.tolist() == [[738, 804, 462, 387, 136], [610, 733, 319, 34, 224]]


def test_draws_are_even() -> None:
    counts = np.bincount(examples_of(1, 0, 0, (100_000,), 7), minlength=7)
    assert np.abs(counts - 100_000 / 7).max() < 500


def test_a_batch_holds_the_drawn_examples_above_a_row_of_ones() -> None:
    batches = Batches(examples(1000), 5, 7, SINGLE)
    assert batches.length == 512
    for chunk in (3, 0, 3):
        batches.gather(chunk)
        at = examples_of(7, 0, chunk, (512, 5), 1000)
        for k in (0, 1, 511):
            inputs, targets = batches.inputs[k], batches.targets[k]
            assert inputs.tolist() == [at[k].tolist(), (at[k] + 0.25).tolist(), [1] * 5]
            assert targets.tolist() == [(-at[k]).tolist()]
            assert batches.transposed[k].tolist() == inputs.T.tolist()
            assert inputs.dtype == targets.dtype == np.float32


@pytest.mark.parametrize("size", [0, 6, 7])
def test_all_examples_come_in_their_order(size: int) -> None:
    batches = Batches(examples(6), size, 7, SINGLE)
    batches.gather(4)
    assert batches.size == 6
    assert batches.inputs[100].tolist() == [[*range(6)], [k + 0.25 for k in range(6)], [1] * 6]
    assert batches.targets[511].tolist() == [[-k for k in range(6)]]


@pytest.mark.parametrize(("count", "size", "columns"), [(70_000, 60_000, 2), (5000, 400, 784)])
def test_a_chunk_of_large_batches_holds_fewer(count: int, size: int, columns: int) -> None:
    batches = Batches(examples(count, columns), size, 7, SINGLE)
    assert 1 <= batches.length < 512
    assert batches.length * size * (columns + 1) <= MAX_CHUNK
    batches.gather(1)
    at = examples_of(7, 0, 1, (batches.length, size), count)
    assert batches.inputs[-1][0].tolist() == at[-1].tolist()


def test_few_examples_are_measured_whole_and_many_by_a_part() -> None:
    few = examples(MEASURED)
    assert measured(few) is few
    many = measured(examples(30_000))
    assert many.inputs.shape == (2, MEASURED)
    assert (many.inputs[0] == -many.targets[0]).all()
    raw = documented_words(0, 34, 1, 0, 5)
    assert many.inputs[0, :5].tolist() == [(word >> 32) * 30_000 >> 32 for word in raw]
    # Evenly, whatever the order in which examples of classes follow each other.
    assert np.bincount(many.inputs[0].astype(int) % 2) == pytest.approx(MEASURED / 2, rel=0.05)
    assert np.histogram(many.inputs[0], 4, (0, 30_000))[0] == pytest.approx(2048, rel=0.1)

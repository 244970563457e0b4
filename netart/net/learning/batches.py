"""Which examples each step of training sees.

Draws follow the contract of sampling.py: stream 34. Chunk c of the batches, which holds
`chunk_length` of them, takes unit c of layer 0, a word an example, so that any step can be resumed
without those before. The example that a word means is its upper half, times how many examples there
are, over 2³². Unit 0 of layer 1 is for what measures loss and accuracy, of seed 0 always.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netart.net.learning.data import Examples
from netart.net.sampling import words

Indices = NDArray[np.intp]

BATCHES = 34  # the stream of the draws

CHUNK = 512  # batches, where they are not too large together
MAX_CHUNK = 1 << 20  # numbers of all batches of a chunk
MEASURED = 1 << 13  # examples on which loss and accuracy are measured while the network learns


def examples_of(seed: int, layer: int, unit: int, shape: tuple[int, ...], count: int) -> Indices:
    """Drawn indices, below `count`, of this shape. layer, unit: of the contract."""
    raw = words(seed, BATCHES, layer, unit, int(np.prod(shape)))
    found = ((raw >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32)
    return found.astype(np.intp).reshape(shape)


def measured(examples: Examples) -> Examples:
    """The examples on which loss and accuracy are measured while a network learns: all of them,
    or MEASURED drawn ones, which are the same for all runs.
    """
    count = examples.inputs.shape[1]
    if count <= MEASURED:
        return examples
    at = examples_of(0, 1, 0, (MEASURED,), count)
    return Examples(examples.inputs[:, at], examples.targets[:, at], examples.task)


class Batches:
    """The batches of one chunk, gathered, and room for those of another.

    inputs[k]: (columns + 1, size) of batch k, a row of ones the last; transposed[k] the same;
    targets[k]: (outputs, size). A size of 0, or of no less than all examples, means all of them,
    always in the same order.
    """

    def __init__(
        self, examples: Examples, size: int, seed: int, precision: np.dtype[np.floating]
    ) -> None:
        ones = np.ones_like(examples.inputs[:1])
        self._inputs = np.concatenate([examples.inputs, ones]).astype(precision)
        self._targets = examples.targets.astype(precision)
        self._seed, self._chunk = seed, -1
        self.count = self._inputs.shape[1]
        self.drawn = 0 < size < self.count
        self.size = size if self.drawn else self.count
        numbers = self.size * (len(self._inputs) + len(self._targets))
        # How many batches a chunk has.
        self.length = max(1, min(CHUNK, MAX_CHUNK // numbers))
        if self.drawn:
            inputs, targets = (
                np.empty((self.length, len(all_), self.size), precision)
                for all_ in (self._inputs, self._targets)
            )
            self._gathered = inputs, targets
        else:
            inputs, targets = (
                np.broadcast_to(all_, (self.length, *all_.shape))
                for all_ in (self._inputs, self._targets)
            )
        self.inputs, self.targets = list(inputs), list(targets)
        self.transposed = [batch.T for batch in self.inputs]

    def gather(self, chunk: int) -> None:
        """Makes the batches those of this chunk, counted from 0."""
        if not self.drawn or chunk == self._chunk:
            return
        at = examples_of(self._seed, 0, chunk, (self.length, self.size), self.count)
        for all_, gathered in zip((self._inputs, self._targets), self._gathered, strict=True):
            for k, row in enumerate(all_):
                gathered[:, k] = row[at]
        self._chunk = chunk

"""Training: step by step from a network towards its examples."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.learning.backpropagation import Backpropagation
from netart.net.learning.batches import Batches, measured
from netart.net.learning.data import Examples, Task
from netart.net.learning.losses import loss_of
from netart.net.learning.optimizer import OPTIMIZERS, Vectors, add_decay, learning_rate
from netart.net.learning.options import Options, check_loss
from netart.net.learning.run import MAX_NUMBERS, State, Status, Vector, pack, split
from netart.net.network import Network
from netart.net.ops import Array, activation

BLOCK = 1 << 13  # examples that are measured at a time
# Weights times examples between two moments at which the caller may stop: a second or less.
MAX_WORK = 1 << 30


class Checkpoint(NamedTuple):
    """A network at one step of its training."""

    step: int  # how many were made before
    parameters: Vector  # (P,), as in a row of a run
    # On the examples of `measured`, without the term of weight decay.
    loss: float
    accuracy: float  # share of them of the right class; NaN where values are learned


class Trainer:
    """A network that learns, and the memory that this takes.

    It should run within `threadpool_limits(1)` of threadpoolctl: matrices are too small for more.
    One machine gives the same bytes for the same network, examples, options and seed, however often
    it was stopped and resumed; another may round matrix products otherwise.
    """

    def __init__(
        self,
        network: Network,
        examples: Examples,
        options: Options,
        seed: int,
        state: State | None = None,
    ) -> None:
        """network: at step 0. seed: of the batches. state: where an earlier training stopped.

        Raises NetartError where the network does not fit the examples, the loss has no meaning, or
        the steps that are to be kept take too much.
        """
        columns, outputs = len(examples.inputs), len(examples.targets)
        last = network.layers[-1]
        check_loss(options.loss, examples.task, last.activation)
        inputs = network.layers[0].weight.shape[1]
        if (inputs, network.outputs) != (columns, outputs):
            raise NetartError(
                f"a network of {inputs} inputs and {network.outputs} outputs cannot learn examples "
                f"of {columns} and {outputs}"
            )
        check_size(options, sum(layer.weight.size + layer.bias.size for layer in network.layers))
        self.status: Status = "unfinished"
        self._examples, self._measured = examples, measured(examples)
        self._options = options
        self._activations = [layer.activation for layer in network.layers]
        self._shapes = [
            (len(layer.bias), layer.weight.shape[1] + 1) for layer in network.layers
        ]  # fmt: skip
        precision = np.dtype(options.precision)
        start = pack(network).astype(precision)
        # Where training stands after what it gave last: nothing writes to its vectors.
        self.state = state or State(0, start, np.zeros_like(start), np.zeros_like(start))
        self._resumed = state is not None
        decay = None
        if options.weight_decay:
            decay = np.full_like(start, options.weight_decay)
            for block in split(decay, self._shapes):
                block[:, -1] = 0
        parameters, gradient, first, second, scratch = (np.zeros_like(start) for _ in range(5))
        self._vectors = Vectors(parameters, gradient, first, second, decay, scratch)
        self._batches = Batches(examples, options.batch, seed, precision)
        self._most = max(1, MAX_WORK // (len(start) * self._batches.size))  # steps at a time
        shape = (outputs, self._batches.size)
        self._loss = loss_of(options.loss, examples.task, last.activation, shape, precision)
        self._backpropagation = Backpropagation(
            self._shapes, self._activations[:-1], self._loss, self._batches.size,
            self._vectors.parameters, self._vectors.gradient,
        )  # fmt: skip

    def run(self) -> Iterator[Checkpoint | None]:
        """Trains to the last step, or until numbers become infinite.

        Gives a Checkpoint of each of the `checkpoint_steps` that lie ahead, and None after each
        chunk of batches, or MAX_WORK: `state` is then up to date, and the caller may stop. `status`
        says at the end how it went; where it diverged, the last Checkpoint is that of the last good
        step.
        """
        self._load()
        steps = checkpoint_steps(self._options).tolist()
        if not self._resumed:
            yield self._checkpoint(self.state)
        length = self._batches.length
        for kept in steps:
            while self.state.step < kept:
                chunk_end = (self.state.step // length + 1) * length
                reached = self._advance(min(kept, chunk_end, self.state.step + self._most))
                checkpoint = self._checkpoint(reached) if reached.step == kept else None
                if not is_finite(reached) or (checkpoint and not isfinite(checkpoint.loss)):
                    self.status = "diverged"
                    self._find_last_good()
                    if self.state.step not in steps:
                        yield self._checkpoint(self.state)
                    return
                self.state = reached
                if reached.step == self._options.steps:
                    self.status = "finished"
                yield checkpoint
        self.status = "finished"

    def measure(self) -> tuple[float, float]:
        """Loss and accuracy, as in a Checkpoint, on all examples at the step of `state`."""
        return self._measure(self._examples, self.state.parameters)

    def _load(self) -> None:
        """Puts training where `state` stands."""
        for vector, kept in zip(
            (self._vectors.parameters, self._vectors.first, self._vectors.second),
            self.state[1:],
            strict=True,
        ):
            vector[:] = kept

    def _advance(self, stop: int) -> State:
        """Makes the steps from `state` to `stop`, all of one chunk of batches."""
        options, vectors, batches = self._options, self._vectors, self._batches
        compute, update = self._backpropagation.compute, OPTIMIZERS[options.optimizer]
        start = self.state.step
        chunk, skipped = divmod(start, batches.length)
        batches.gather(chunk)
        # Infinite numbers are looked for afterwards.
        with np.errstate(over="ignore", invalid="ignore"):
            for k, step in enumerate(range(start, stop), skipped):
                compute(batches.inputs[k], batches.transposed[k], batches.targets[k])
                add_decay(vectors)
                update(vectors, step, learning_rate(options, step))
        return State(
            stop, vectors.parameters.copy(), vectors.first.copy(), vectors.second.copy()
        )  # fmt: skip

    def _find_last_good(self) -> None:
        """Goes on from `state`, where all was well, to the last step at which it still is."""
        self._load()
        while True:
            reached = self._advance(self.state.step + 1)
            if not is_finite(reached) or not isfinite(self._checkpoint(reached).loss):
                return
            self.state = reached

    def _checkpoint(self, state: State) -> Checkpoint:
        return Checkpoint(
            state.step, state.parameters, *self._measure(self._measured, state.parameters)
        )

    def _measure(self, examples: Examples, parameters: Vector) -> tuple[float, float]:
        count, task = examples.inputs.shape[1], examples.task
        matrices = split(parameters, self._shapes)
        rows = [activation(name) for name in self._activations]
        loss = right = 0.0
        for begin in range(0, count, BLOCK):
            block = slice(begin, begin + BLOCK)
            y, targets = (
                examples.inputs[:, block].astype(parameters.dtype),
                examples.targets[:, block],
            )
            with np.errstate(over="ignore", invalid="ignore"):
                for matrix, row in zip(matrices, rows, strict=True):
                    z = matrix[:, :-1] @ y + matrix[:, -1:]
                    y = row.function(z.copy())
                loss += self._loss.value(z, targets) * y.shape[1]
            right += int(is_right(y, targets, task).sum())
        return loss / count, nan if task == "regression" else right / count


def is_right(outputs: Array, targets: Array, task: Task) -> NDArray[np.bool_]:
    """Of each example, whether the outputs mean its class: (N,). Both (outputs, N)."""
    if task == "classes":
        return np.asarray(outputs.argmax(axis=0) == targets.argmax(axis=0))
    return np.asarray(((outputs > 0.5) == (targets > 0.5)).all(axis=0))


def is_finite(state: State) -> bool:
    """Whether training can go on from a state."""
    return all(bool(np.isfinite(vector).all()) for vector in state[1:])


def check_size(options: Options, width: int) -> None:
    """Raises NetartError where a run of networks of that many parameters would be too large to be
    read again.
    """
    # Where it diverges it keeps the last good step too.
    rows = len(checkpoint_steps(options)) + 1 + len(State._fields[1:])
    if rows * width > MAX_NUMBERS:
        raise NetartError(
            f"checkpoints {options.checkpoints}: with keep they are {rows:,} times {width:,} "
            f"weights: a run keeps at most {MAX_NUMBERS:,} in all",
            field="checkpoints",
        )


def checkpoint_steps(options: Options) -> NDArray[np.int64]:
    """The steps that a run keeps, rising: 0, about options.checkpoints spaced by equal ratios up to
    the last, and those asked for.
    """
    spaced = np.rint(np.geomspace(1, options.steps, options.checkpoints))
    return np.unique(np.concatenate([[0, options.steps], spaced, options.keep]).astype(np.int64))

"""Training into a file, which holds what was learned so far, and from which training goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from netart.errors import NetartError
from netart.files.runs import read_run, write_run
from netart.net.build import features_of, to_network
from netart.net.learning.data import Data, PointData, examples
from netart.net.learning.run import Head, Run, State, lead_seed
from netart.net.learning.trainer import Checkpoint, Trainer
from netart.net.threads import one_blas_thread

SAVE_S = 5.0  # between two writings of the file
MAX_SAVING = 0.02  # share of the time that may go into them


class Progress(NamedTuple):
    """How far training is."""

    step: int  # how many are made
    loss: float  # at the last step kept
    accuracy: float


def open_run(path: Path, head: Head, data: Data, fresh: bool) -> Run | None:
    """The run in the file, where the same training wrote it: to be finished, or finished.

    None where training starts anew. fresh: whatever stands there. Raises NetartError where another
    training wrote the file: it took its time.
    """
    if fresh or not path.exists():
        return None
    run = read_run(path)
    own = msgspec.structs.replace(run.head, status=head.status, netart=head.netart)
    if own != head or not _is_same(run.data, data):
        raise NetartError(
            f"{path}: holds another run: take another name, or replace it by fresh", hint="fresh"
        )
    return run


def describe_divergence(run: Run) -> str:
    """Why a run broke off whose numbers did not stay finite, in a line."""
    return (
        f"diverged: after step {run.last:,} of {run.head.options.steps:,} numbers are no longer "
        "finite; what came before is kept. A smaller rate may help"
    )


def train_into(
    path: Path | None,
    head: Head,
    data: Data,
    begun: Run | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
    save_s: float = SAVE_S,
) -> Run:
    """Trains a network, and keeps the run in the file, which is whole at any time.

    path: None for a run in memory, named after its data, of which nothing is kept if it ends early.
    begun: what `open_run` found. progress: is called often. save_s: seconds between two writings.
    Ctrl-C, and what else ends the program, writes the file and is raised again: the same training
    then goes on from there, and its file comes to the same bytes. Raises NetartError.
    """
    if begun and begun.head.status != "unfinished":
        return begun
    network = to_network(head.recipe)
    found = examples(data, features_of(head.recipe))
    trainer = Trainer(
        network, found, head.options, lead_seed(head.recipe), begun.state if begun else None
    )
    kept = _checkpoints(begun) if begun else []
    state, saved_s = trainer.state, time.monotonic()

    def save(steps: list[Checkpoint], state: State | None) -> Run:
        # Ctrl-C may have come between the two.
        until = [one for one in steps if state is None or one.step <= state.step]
        status = "unfinished" if state else trainer.status
        name = path.stem if path else data.name
        run = _run(name, msgspec.structs.replace(head, status=status), data, until, state)
        if path:
            write_run(path, run)
        return run

    with one_blas_thread():
        try:
            for checkpoint in trainer.run():
                # Where it diverges, a run that was stopped at its last good step finds it again.
                if checkpoint and not (kept and kept[-1].step == checkpoint.step):
                    kept.append(checkpoint)
                state = trainer.state
                progress(Progress(state.step, kept[-1].loss, kept[-1].accuracy))
                if path and time.monotonic() - saved_s > save_s:
                    begin_s = time.monotonic()
                    save(kept, state)
                    saved_s = time.monotonic()
                    save_s = max(save_s, (saved_s - begin_s) / MAX_SAVING)
            last = kept[-1]
            if trainer.status == "finished":
                loss, accuracy = trainer.measure()
                last = last._replace(loss=loss, accuracy=accuracy)
            return save([*kept[:-1], last], None)
        except (KeyboardInterrupt, SystemExit):
            if path and kept:
                save(kept, state)
            raise


def _run(name: str, head: Head, data: Data, kept: list[Checkpoint], state: State | None) -> Run:
    return Run(
        name,
        head,
        np.array([one.step for one in kept], np.int64),
        np.stack([one.parameters for one in kept]),
        np.array([one.loss for one in kept]),
        np.array([one.accuracy for one in kept]),
        data,
        state,
    )


def _checkpoints(run: Run) -> list[Checkpoint]:
    rows = zip(run.steps.tolist(), run.weights, run.loss, run.accuracy, strict=True)
    return [Checkpoint(step, row, float(loss), float(share)) for step, row, loss, share in rows]


def _is_same(first: Data | None, second: Data) -> bool:
    """Whether two data are equal, wherever they came from."""
    if isinstance(first, PointData) and isinstance(second, PointData):
        pairs = zip(first.points, second.points, strict=True)
        return all(np.array_equal(a, b) for a, b in pairs)
    if first is None or isinstance(first, PointData) or isinstance(second, PointData):
        return False
    return first.span == second.span and np.array_equal(first.pixels, second.pixels)

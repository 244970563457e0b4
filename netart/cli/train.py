"""The command `netart train`, which trains networks and writes runs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.managers import SyncManager
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, NamedTuple

import click

from netart.api.plan import Plan
from netart.cli.groups import GroupedCommand
from netart.cli.messages import say
from netart.cli.options import choose_name, report_options
from netart.cli.report import Report
from netart.cli.train_options import plan_options
from netart.errors import INTERRUPTED, NetartError
from netart.files.atomic import check_target, unknown_suffix
from netart.files.runs import read_run
from netart.files.training import Progress, describe_divergence, open_run, train_into
from netart.net.learning.data import Data
from netart.net.learning.run import Head, Run
from netart.shot.fields import parse
from netart.shot.ranges import seed_values
from netart.shot.run_text import RUN_SUFFIX

POLL_S = 0.1
TERMINAL_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]


class Training(NamedTuple):
    """A run that is to be made."""

    path: Path
    head: Head
    data: Data


@click.command(cls=GroupedCommand)
@plan_options()
@click.option("--seeds", metavar="N|VALUES", help="A run of each seed: N from 0, or as in 1..4.")
@click.option("-o", "target", metavar="RUN", help="Output: file.run; of seeds file-SEED.run.")
@click.option("--fresh", is_flag=True, help="Start over, whatever the file holds.")
@click.option("--live", is_flag=True, help="Open a window that shows it learning.")
@report_options
def train(
    plan: Plan, seeds: str | None, target: str | None, fresh: bool, live: bool, report: Report
) -> None:
    """Train a network, and keep it at many steps in one file, a run.

    A run is a SOURCE of every other command, and `netart learn RUN` films it. The file is whole at
    any time: after Ctrl-C the same command goes on where it stopped, and comes to the same bytes.
    `netart help training` says what is taken where nothing is asked for.

    \b
    Examples:
      netart train
      netart train --data disc-in-ring --widths 3 -o ring.run
      netart train ring.run --data circle --weight-decay 0.01 -o circle.run
      netart train --data moons --widths 3 --seeds 1..4 -o moons.run
      netart render silk --size 256x256 -o silk.png
      netart train --picture silk.png --layers 3x24 -o silk.run
      netart train --data spiral --turns 1 --steps 100000 --live
    """
    context = click.get_current_context()
    for name in ("seed", "mix") if seeds is not None else ():
        if context.params[name] is not None:
            raise NetartError(f"--seeds: says the same thing as --{name}: give one of them")
    if live and seeds is not None:
        raise NetartError("--live: has no meaning with --seeds: a window shows one run")
    path = Path(target) if target is not None else choose_name(plan.data.name, RUN_SUFFIX)
    if path.suffix != RUN_SUFFIX:
        raise unknown_suffix(path, [RUN_SUFFIX])
    trainings = [Training(path, *plan)]
    if seeds is not None:
        trainings = [
            Training(path.with_stem(f"{path.stem}-{seed}"), *plan.of_seed(parse("seed", seed)))
            for seed in dict.fromkeys(seed_values(seeds))
        ]
    begun = [_open(one, fresh) for one in trainings]
    begin_s = time.perf_counter()
    try:
        if live:
            runs = [_train_in_window(trainings[0], begun[0])]
        else:
            runs = _train(trainings, begun, report)
    except KeyboardInterrupt:
        named = "" if target is not None else f" with -o {path}"
        raise NetartError(
            f"interrupted: what is learned is kept, and the same command{named} goes on from there",
            INTERRUPTED,
        ) from None
    took_s = time.perf_counter() - begin_s
    for one, run in zip(trainings, runs, strict=True):
        _tell(one, run, took_s if begun == [None] and not live else None, report)


def _open(training: Training, fresh: bool) -> Run | None:
    check_target(training.path)
    begun = open_run(training.path, training.head, training.data, fresh)
    if begun and begun.head.status != "unfinished":
        say(f"{training.path}: is {begun.head.status}: --fresh trains it again")
    elif begun and begun.state:
        say(f"{training.path}: goes on from step {begun.state.step:,}")
    return begun


def _train(trainings: list[Training], begun: list[Run | None], report: Report) -> list[Run]:
    """Trains all of them, several at once."""
    made = [run.state.step if run and run.state else run.last if run else 0 for run in begun]
    reached = {one.path: step for one, step in zip(trainings, made, strict=True)}
    steps = sum(one.head.options.steps for one in trainings) - sum(reached.values())
    with report.progress(steps, "steps") as advance:

        def show(path: Path, progress: Progress) -> None:
            further = max(0, progress.step - reached[path])
            reached[path] += further
            advance(further, f"loss {progress.loss:.4g}")

        if len(trainings) > 1:
            return _train_in_processes(trainings, begun, show)
        (one,), (before,) = trainings, begun
        return [train_into(*one, before, lambda progress: show(one.path, progress))]


def _train_in_window(training: Training, begun: Run | None) -> Run:
    """Trains in a process of its own, as long as a window is open that shows it."""
    from netart.cli.live import show_training
    from netart.live.training import BackgroundTraining

    if begun and begun.head.status != "unfinished":
        show_training(training.path)
        return begun
    with BackgroundTraining(*training, begun) as process:
        process.wait_for_steps()
        show_training(training.path)
    run = read_run(training.path)
    if run.head.status == "unfinished":
        raise KeyboardInterrupt
    return run


def _train_in_processes(
    trainings: list[Training], begun: list[Run | None], show: Callable[[Path, Progress], None]
) -> list[Run]:
    """Trains each in a process of its own, as many at once as there are cores."""
    context, asked = multiprocessing.get_context("spawn"), list[int]()
    # What a terminal sends to all its processes is for this one: it tells the others to stop.
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in TERMINAL_SIGNALS}
    try:
        manager = SyncManager(ctx=context)
        manager.start(_end_with_parent)
        queue, stop = manager.Queue(), manager.Event()
        cores = min(len(trainings), os.cpu_count() or 1)
        pool = ProcessPoolExecutor(cores, context, _end_with_parent)
        futures = [
            pool.submit(_train_apart, one, before, queue, stop)
            for one, before in zip(trainings, begun, strict=True)
        ]
        handlers[signal.SIGTERM] = signal.getsignal(signal.SIGTERM)
        for number, handler in handlers.items():
            # An exception in the midst of a message would spoil the next one.
            later = callable(handler)
            signal.signal(
                number, (lambda number, frame: asked.append(number)) if later else handler
            )
        with manager, pool:
            while not asked and not all(future.done() for future in futures):
                with suppress(Empty):
                    show(*queue.get(timeout=POLL_S))
            if asked:
                stop.set()
                pool.shutdown(cancel_futures=True)
                handler = handlers[asked[0]]
                assert callable(handler)
                handler(asked[0], None)
            return [future.result() for future in futures]
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _end_with_parent() -> None:
    """Has this process end when its parent does, also by SIGKILL: nobody else would tell it.

    What asks all processes to end is for the parent.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent

    def follow() -> None:
        parent.join()
        os._exit(1)  # its file is whole

    Thread(target=follow, daemon=True).start()


def _train_apart(training: Training, begun: Run | None, queue: Queue[Any], stop: Event) -> Run:
    """Trains in a process of its own, which tells of its progress now and then."""
    told_s = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told_s
        if time.monotonic() - told_s > POLL_S:
            told_s = time.monotonic()
            queue.put((training.path, progress))
            if stop.is_set():
                raise KeyboardInterrupt

    return train_into(*training, begun, tell)


def _tell(training: Training, run: Run, took_s: float | None, report: Report) -> None:
    """Prints where the run is, and says how it went."""
    loss, accuracy = float(run.loss[-1]), float(run.accuracy[-1])
    how = f"{run.last:,} steps, loss {loss:.4g}"
    if accuracy == accuracy:
        how += f", {accuracy:.2%} right"
    if run.head.status == "diverged":
        report.warn(f"{training.path}: {describe_divergence(run)}")
    elif not report.quiet:
        say(f"{training.path}: {how}")
    facts: dict[str, Any] = {
        "status": run.head.status,
        "steps": run.last,
        "kept": len(run.steps),
        "loss": loss,
        "accuracy": accuracy if accuracy == accuracy else None,
        "sha256": run.sha256,
    }
    if took_s is not None:
        facts["us_per_step"] = round(took_s / max(1, run.last) * 1e6, 1)
    report.print_result(training.path, **facts)

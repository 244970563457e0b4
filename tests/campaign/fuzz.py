"""Reads a great many files that are wrong somewhere, and counts what comes of them.

    python -m tests.campaign.fuzz                               10⁶ inputs of all modes
    python -m tests.campaign.fuzz --mode npz --count 5000       of one mode; may be repeated
    python -m tests.campaign.fuzz --mode npz --only 322         one input, with its traceback

A process a core reads inputs one after the other, with its memory limited, and is ended where one
takes too long. No mode takes longer than its share of --seconds. The first input of every fault is
kept, --into a folder. Input K of a mode is the same in every run.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from math import ceil
from multiprocessing import RawArray
from pathlib import Path
from typing import Any, NamedTuple

from tests.campaign.modes import MODES
from tests.campaign.readers import prepared
from tests.campaign.reading import KILLED, OUTCOMES, SLOW, Outcome, Peak, make, read
from tests.campaign.seeds import lay_out
from tests.campaign.tables import markdown

KILL_S, KILL_WAIT_S = 10, 120  # of the processor; of the clock, where a reader waits for ever
ADDRESS_BYTES = 5 << 29  # of a process
FAULTS = OUTCOMES[2:]
TITLES = (
    "mode", "inputs", "refused cleanly", "read", "tracebacks", "wrong", "over 2 s",
    "over 300 MB", "killed", "peak MB", "inputs/s",
)  # fmt: skip


class Fault(NamedTuple):
    """What went wrong with an input."""

    mode: str
    number: int
    kind: str
    place: str

    @property
    def command(self) -> str:
        """What shows it again."""
        return f"python -m tests.campaign.fuzz --mode '{self.mode}' --only {self.number}"


class Worker:
    """A process that reads the inputs of a mode with these numbers. What comes of them stands in
    memory that outlives it.
    """

    def __init__(self, mode: str, numbers: range, seconds: float, log: Path) -> None:
        self.mode, self.numbers, self.seconds, self.log = mode, numbers, seconds, log
        self.begin_s = time.monotonic()
        # Of each outcome how often, the peak, and which input is being read.
        self.counts, self.peak, self.at = (RawArray("q", n) for n in (len(OUTCOMES), 1, 1))
        self.trace = log.with_suffix(f".{numbers.start}.trace")
        self.pid = self._start(numbers)

    def _start(self, numbers: range) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                self._work(numbers)
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        return pid

    def _work(self, numbers: range) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        warnings.simplefilter("error")
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with (
            self.trace.open("w") as trace,
            tempfile.TemporaryDirectory(dir=memory) as folder,
            prepared(),
        ):
            # Where it ends the process, it first writes where that is.
            faulthandler.register(signal.SIGPROF, trace, all_threads=False, chain=True)
            faulthandler.register(signal.SIGALRM, trace, all_threads=False, chain=True)
            lay_out(Path(folder))
            peak = Peak()
            for number in numbers:
                if time.monotonic() > self.begin_s + self.seconds and number > numbers.start:
                    break
                self.at[0] = number
                signal.setitimer(signal.ITIMER_PROF, KILL_S)
                signal.setitimer(signal.ITIMER_REAL, KILL_WAIT_S)
                outcome = read(self.mode, number, Path(folder), peak)
                self.peak[0] = max(self.peak[0], peak.highest)
                self._count(number, outcome)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _count(self, number: int, outcome: Outcome) -> None:
        self.counts[OUTCOMES.index(outcome.kind)] += 1
        if outcome.kind in FAULTS:
            with self.log.open("a") as log:
                log.write(json.dumps(Fault(self.mode, number, outcome.kind, outcome.place)) + "\n")

    def goes_on(self, status: int) -> bool:
        """Whether it reads further inputs after its process has ended so."""
        if status == 0:
            return False
        number, end = self.at[0], os.waitstatus_to_exitcode(status)
        assert end < 0, f"{self.mode} {number}: the campaign itself fails"
        self._count(number, self._outcome(number, -end))
        self.pid = self._start(
            range(number + self.numbers.step, self.numbers.stop, self.numbers.step)
        )
        return True

    def _outcome(self, number: int, signalled: int) -> Outcome:
        """What came of an input whose reading a signal has ended."""
        if MODES[self.mode].is_fragile:
            with tempfile.TemporaryDirectory() as folder:
                return read(self.mode, number, Path(folder), Peak())
        frames = re.findall(r'File ".*?([^"/]+)", line (\d+)', self.trace.read_text())
        place = " < ".join(f"{file}:{line}" for file, line in frames[:3])
        is_slow = signalled in (signal.SIGPROF, signal.SIGALRM)
        return Outcome(SLOW if is_slow else KILLED, f"{signal.Signals(signalled).name} in {place}")


def run(mode: str, count: int, seconds: float, into: Path) -> tuple[list[Any], list[Fault]]:
    """The row of a mode in the table, and its faults, the first of each place."""
    make(mode, 0)  # what it needs is made once
    log = into / f"{re.sub('[^A-Za-z]+', '-', mode)}.jsonl"
    log.write_text("")
    begin_s, cores = time.monotonic(), os.cpu_count() or 1
    workers = [
        Worker(mode, range(k, count, cores), seconds, log) for k in range(cores)
    ]  # fmt: skip
    waiting = {worker.pid: worker for worker in workers}
    while waiting:
        pid, status = os.wait()
        worker = waiting.pop(pid)
        if worker.goes_on(status):
            waiting[worker.pid] = worker
    counts = [sum(worker.counts[k] for worker in workers) for k in range(len(OUTCOMES))]
    faults = [Fault(*json.loads(line)) for line in log.read_text().splitlines()]
    peak = max(worker.peak[0] for worker in workers) >> 20
    rate = round(sum(counts) / (time.monotonic() - begin_s))
    return [mode, sum(counts), *counts, peak, rate], faults


def tell(faults: list[Fault], into: Path) -> None:
    """Prints the faults of a mode, those at one place together, and keeps the first of each."""
    alike: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        # Values in messages and names of folders differ.
        place = re.sub(r"'.*|/\S*/|\[.*?\]|\b\d[\d.]* s, .*|\d{3,}.*", "", fault.place)
        alike.setdefault((fault.kind, place), []).append(fault)
    for same in alike.values():
        first = same[0]
        name, data = make(first.mode, first.number)
        kept = into / f"{re.sub('[^A-Za-z]+', '-', first.mode)}-{first.number}-{name}"
        kept.write_bytes(data)
        print(
            f"{len(same)} × {first.kind}: {first.place}\n    {first.command}\n    {kept}",
            flush=True,
        )


def only(mode: str, number: int) -> None:
    """Reads one input, and lets its traceback through."""
    with tempfile.TemporaryDirectory() as folder, prepared():
        lay_out(Path(folder))
        name, data = make(mode, number)
        (Path(folder) / name).write_bytes(data)
        warnings.simplefilter("error")
        start = time.process_time()
        try:
            MODES[mode].read(Path(folder) / name)
        finally:
            print(f"{name}: {len(data):,} bytes, {time.process_time() - start:.3f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mode", action="append", choices=MODES, help="all of them")
    parser.add_argument("--count", type=int, default=1_000_000, help="of all modes together")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--into", type=Path, default=Path("out/fuzz"))
    parser.add_argument("--only", type=int, metavar="K")
    asked = parser.parse_args()
    modes = asked.mode or list(MODES)
    if asked.only is not None:
        only(modes[0], asked.only)
        return 0
    asked.into.mkdir(parents=True, exist_ok=True)
    with prepared():  # loads what every process would load for itself
        pass
    begin_s = time.monotonic()
    whole, rows, found = sum(MODES[mode].share for mode in modes), [], []
    for mode in modes:
        share = MODES[mode].share / whole
        row, faults = run(mode, ceil(asked.count * share), asked.seconds * share, asked.into)
        print(f"{row[0]}: {row[1]:,} inputs, {len(faults)} faults", flush=True)
        tell(faults, asked.into)
        rows.append(row)
        found += faults
    if len(rows) > 1:
        sums = [sum(row[k] for row in rows) for k in range(1, 2 + len(OUTCOMES))]
        rate = round(sums[0] / (time.monotonic() - begin_s))
        rows.append(["all", *sums, max(row[-2] for row in rows), rate])
    print(markdown(TITLES, rows))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

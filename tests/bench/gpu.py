"""The GPU benchmark: `python tests/bench/gpu.py`, on a machine with a card, in under four minutes.

Measures netart's GPU evaluator beside what the card can do and beside others on the same card, and
whole commands beside start-up and encoding alone. Prints its tables and keeps them in RESULTS.md,
a part for each card; where OpenGL runs in software it keeps nothing. All that draws is a process of
its own, one at a time. The least important comes last, and is left out, by name, where the time is
used up.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from gpu_tables import (
    ANIMATE,
    RENDER,
    Measurements,
    command_rows,
    lanes_rows,
    missing,
    network_rows,
    path_rows,
    target_rows,
    times,
)
from report import machine, markdown, note, store
from run import environment, wall_s

HERE = Path(__file__).parent
NETART = (sys.executable, "-m", "netart")
PACKAGES = ("netart", "numpy", "moderngl", "av", "torch", "triton")
BUDGET_S = 225.0


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    # DEPTHxWIDTH, those with targets first.
    networks: tuple[str, ...] = ("27x30", "18x30", "16x16", "12x20", "12x40", "10x48", "8x64",
                                 "10x100", "4x400", "12x8", "12x24", "40x30")  # fmt: skip
    triton: tuple[str, ...] = ("27x30", "18x30", "16x16", "8x64", "12x20", "12x40", "10x48", "12x8",
                               "12x24", "40x30")  # fmt: skip
    lanes: tuple[str, ...] = ("18x30", "16x16", "12x20", "12x40", "10x48", "27x30", "12x24", "12x8")
    paths: tuple[str, ...] = ("16x16", "12x40", "10x48", "8x64", "18x30", "10x100")
    side: int = 4096  # of a picture, in pixels
    limit_s: float = 0.5  # that a picture may take; smaller ones are drawn instead
    film: tuple[str, str] = ("1920x1080", "120")  # size, frames
    rounds: int = 3  # of whole commands that write a picture


QUICK = Plan(("16x16", "12x8"), ("12x8",), ("12x8",), ("12x8",), 256, 0.1, ("128x72", "12"), 1)
PATHS = ("gpu-fragment", "gpu-compute", "gpu-products")

NETWORKS_NOTE = (
    "Networks are layers × width, tanh. drawn: 8-bit RGB in memory. shaders alone: the time of all "
    "draws and dispatches, the GPU idle before and after each; nothing is read back. of peak: of "
    "the measured float32 peak, 2 operations a multiplication of the network, nothing else "
    "counted. in fragments: the part of the shaders' time that fragment shaders take, which "
    "convert what compute shaders make. torch: eager; Triton: a kernel of the whole network, "
    "`ieee`; both float32 without TF32, 8-bit RGB that stays on the card."
)
LANES_NOTE = "Shaders alone; in brackets what compiling takes."
COMMANDS_NOTE = (
    "encoding alone: the same pixels written by the same code, when they are in memory. render is "
    "compared with start-up (16×16) and encoding together, animate with encoding."
)


class Budget:
    """The time that a run may take, and what was left out for lack of it."""

    def __init__(self, total_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.end_s = clock, clock() + total_s
        self.left_out: list[str] = []

    def limit_s(self, what: str, least_s: float, most_s: float) -> float:
        """Seconds that this may take; 0 where less than the least is left, and it is left out."""
        left_s = self.end_s - self.clock()
        if left_s >= least_s:
            note(f"{what} ({left_s:.0f} s left)")
            return min(left_s, most_s)
        self.left_out.append(what)
        return 0.0


def results(script: str, *arguments: str, limit_s: float, **more: str) -> list[dict[str, Any]]:
    """The lines that a process printed; the last one says `why` no more came, where it failed."""
    command = [sys.executable, str(HERE / script), *arguments]
    why = ""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        try:
            subprocess.run(
                command, env=environment(**more), stdout=out, stderr=errors, timeout=limit_s,
                check=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            why = f"took longer than {limit_s:.0f} s"
        except subprocess.CalledProcessError as failed:
            errors.seek(0)
            why = (errors.read().strip() or str(failed)).splitlines()[-1]
        out.seek(0)
        found = [json.loads(line) for line in out if line.endswith("\n")]
    return [*found, {"why": why}] if why else found


def evaluated(what: str, *arguments: str, limit_s: float) -> list[dict[str, Any]]:
    """What gpu_evaluator.py finds, each program compiled anew: drivers' caches are off."""
    return results(
        "gpu_evaluator.py", what, *arguments, limit_s=limit_s,
        MESA_SHADER_CACHE_DISABLE="true", __GL_SHADER_DISK_CACHE="0",
    )  # fmt: skip


def draw(backend: str, name: str, plan: Plan, limit_s: float) -> dict[str, Any]:
    """A network on a backend."""
    side, picture_s = str(plan.side), str(plan.limit_s)
    return evaluated("draw", backend, name, side, picture_s, limit_s=limit_s)[0]


def measure_peak(found: Measurements, budget: Budget) -> None:
    """Keeps the best peak of all tries: clocks move."""
    if limit_s := budget.limit_s("the card's peak", 2, 20):
        again = evaluated("peak", "gpu", limit_s=limit_s)[0]
        if again.get("fma_s", 0) >= found.peak.get("fma_s", 0):
            found.peak = again


def measure_networks(found: Measurements, plan: Plan, budget: Budget) -> None:
    """The evaluator that users get."""
    for name in plan.networks:
        if limit_s := budget.limit_s(name, 4, 25):
            found.networks[name] = draw("gpu", name, plan, limit_s)


def measure_peers(found: Measurements, plan: Plan, budget: Budget) -> None:
    """One process for all networks of a peer: it takes long to start."""
    for who, names, kept, most_s in (
        ("torch", plan.networks, found.torch, 45),
        ("triton", plan.triton, found.triton, 65),
    ):
        if limit_s := budget.limit_s(who, 12, most_s):
            lines = results(
                "gpu_peers.py", who, str(plan.side), str(plan.limit_s), *names, limit_s=limit_s
            )
            kept.update({one["network"]: one for one in lines if "network" in one})
            if "network" not in lines[-1]:
                kept.update({name: lines[-1] for name in names if name not in kept})


def measure_commands(found: Measurements, plan: Plan, budget: Budget) -> None:
    """Whole commands beside what they cannot do without."""
    size, (film_size, frames) = f"{plan.side}x{plan.side}", plan.film
    if limit_s := budget.limit_s(RENDER, 12, 60):
        render = ("render", "silk", "--size")
        encode = "png", size
        start = (*render, "16x16")
        found.commands[RENDER] = whole((*render, size), encode, plan.rounds, limit_s, start)
    if limit_s := budget.limit_s(ANIMATE, 12, 60):
        animate = ("animate", "lava", "--size", film_size, "--frames", frames)
        encode = "mp4", film_size, frames
        found.commands[ANIMATE] = whole(animate, encode, 1, limit_s)


def whole(
    command: Sequence[str],
    encode: Sequence[str],
    rounds: int,
    limit_s: float,
    start: Sequence[str] = (),
) -> dict[str, Any]:
    """A netart command by the clock, beside encoding alone and, where it counts, start-up.

    encode: the words for encoding.py, without the file. start: a command that only starts up.
    """
    end_s = time.monotonic() + limit_s
    times_s: dict[str, list[float]] = {"whole_s": [], "encoding_s": [], "start_s": []}
    with tempfile.TemporaryDirectory() as folder:
        file, own = (f"{folder}/{name}.{encode[0]}" for name in ("whole", "alone"))

        def netart(*words: str) -> float:
            return wall_s((*NETART, *words, "-o", file), limit_s=max(0, end_s - time.monotonic()))

        try:
            for _ in range(rounds):
                if start:
                    times_s["start_s"].append(netart(*start))
                times_s["whole_s"].append(netart(*command))
                left_s = max(0, end_s - time.monotonic())
                alone = results("encoding.py", encode[0], own, *encode[1:], limit_s=left_s)[-1]
                if "why" in alone:
                    return alone
                times_s["encoding_s"].append(alone["time_s"])
        except subprocess.TimeoutExpired:
            return {"why": f"took longer than {limit_s:.0f} s"}
        except subprocess.CalledProcessError as error:
            return {"why": f"exit status {error.returncode}"}
        same = filecmp.cmp(file, own, shallow=False)
    return {name: median(values) for name, values in times_s.items() if values} | {"same": same}


def measure_lanes(found: Measurements, plan: Plan, budget: Budget) -> None:
    """All numbers of pixels an invocation, beside those in the evaluator's table."""
    backend = "gpu-compute" if "fma_s" in found.peak else "gpu-fragment"
    for name in plan.lanes:
        if limit_s := budget.limit_s(f"{name}, pixels an invocation", 5, 20):
            arguments = backend, name, str(plan.side), str(plan.limit_s)
            found.lanes[name] = evaluated("lanes", *arguments, limit_s=limit_s)


def measure_paths(found: Measurements, plan: Plan, budget: Budget) -> None:
    """The ways that the evaluator can take, each by itself."""
    for name in plan.paths:
        for backend in PATHS:
            if limit_s := budget.limit_s(f"{name} on {backend}", 4, 15):
                found.paths[name, backend] = draw(backend, name, plan, limit_s)


def text(found: Measurements, budget: Budget, about: list[tuple[str, str]], took_s: float) -> str:
    """The benchmark's part of RESULTS.md."""
    peak = found.peak.get("fma_s")
    software = ", in software: no figure here is a card's" if found.peak.get("software") else ""
    about = [
        *about,
        ("card", found.peak.get("what", "–") + software),
        ("float32 peak, measured", f"{2 * peak / 1e12:.3g} TFLOP/s" if peak else "open"),
        ("took", f"{took_s:.0f} s"),
    ]
    gaps = missing(found)
    if budget.left_out:
        gaps.append(("no time was left", ", ".join(map(times, budget.left_out))))
    return "\n\n".join(
        [
            f"# On a card: {found.peak.get('card', 'none')}",
            "Written by `tests/bench/gpu.py`: medians of five, each network in a process of its "
            "own; whole commands medians of three, the film once.",
            markdown([("", "this run"), *about]),
            *(f"Not measured ({why}): {what}." for why, what in gaps),
            "## Mpixel/s on the card",
            markdown(network_rows(found)),
            NETWORKS_NOTE,
            "## Mpixel/s by pixels an invocation",
            markdown(lanes_rows(found.lanes)),
            LANES_NOTE,
            "## Mpixel/s by path",
            markdown(path_rows(found.paths)),
            "## Whole commands",
            markdown(command_rows(found.commands)),
            COMMANDS_NOTE,
            "## Targets on the card",
            markdown(target_rows(found)),
        ]
    )


def main() -> None:
    """Runs everything; `--quick` runs a small part, to see that it works, and keeps nothing."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--budget", type=float, default=BUDGET_S, metavar="S", help="in seconds")
    options = parser.parse_args()
    plan, budget, start_s = (
        QUICK if options.quick else Plan(),
        Budget(options.budget),
        time.monotonic(),
    )
    about, found = machine(PACKAGES), Measurements()
    measure_peak(found, budget)
    measure_networks(found, plan, budget)
    measure_peak(found, budget)
    measure_commands(found, plan, budget)
    measure_peers(found, plan, budget)
    measure_lanes(found, plan, budget)
    measure_paths(found, plan, budget)
    part = text(found, budget, about, time.monotonic() - start_s)
    note("")
    print(part)
    if not options.quick and found.peak.get("software") is False:
        store(part)


if __name__ == "__main__":
    main()

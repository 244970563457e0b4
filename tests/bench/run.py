"""The benchmark: `python tests/bench/run.py` prints its tables and keeps them in RESULTS.md.

Every measurement is a process of its own, and the competitors take turns, so that a busy machine
hurts all alike; figures are medians of ROUNDS. This process stays small: Linux counts its memory
against the children that it starts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from report import Target, machine, markdown, note, store

HERE = Path(__file__).parent
NETART = str(Path(sys.executable).with_name("netart"))

ROUNDS = 5
NETWORKS = {
    "A": "tanh 2→30×18→3",
    "B": "tanh 2→30×27→3",
    "D": "tanh 2→400×4→3",
    "E": "tanh 2→30×40→3",
    "F": "relu 2→30×18→3",
}
SIDES = {name: 256 if name == "D" else 1024 for name in NETWORKS}
WHO = ("cpu", "numpy", "jax", "onnxruntime")
PACKAGES = ("netart", "numpy", "jax", "jaxlib", "onnx", "onnxruntime", "moderngl", "click")

# Network A of draw.py as a command.
RENDER_A = (
    *("render", "--backend", "cpu", "--layers", "18x30", "--weight-scale", "0.5"),
    *("--bias-scale", "same", "--palette", "rgb", "--contrast", "off", "--quiet"),
)
BIG = 4096

# Rounds, the still's side, and the film's frames: whether encoding holds drawing up.
PIPELINE, QUICK_PIPELINE = (3, BIG, 120), (1, BIG // 2, 24)


def environment(**more: str) -> dict[str, str]:
    """Ours without OPENBLAS_*, which would slow numpy alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    return kept | more


def drawn(who: str, name: str, side: int, **more: str) -> dict[str, Any] | str:
    """What draw.py measured, or the last line of why it did not."""
    command = [sys.executable, str(HERE / "draw.py"), who, name, str(side)]
    done = subprocess.run(command, env=environment(**more), capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def two_cores() -> None:
    """Keeps a child to two processors, where there are more."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


def wall_s(
    command: Sequence[str], before: Callable[[], None] | None = None, limit_s: float | None = None
) -> float:
    """Seconds that a whole process takes. Raises SubprocessError where it fails, or takes longer
    than the limit.
    """
    start = time.perf_counter()
    subprocess.run(
        command, env=environment(), stdout=subprocess.DEVNULL, check=True, preexec_fn=before,
        timeout=limit_s,
    )  # fmt: skip
    return time.perf_counter() - start


def peak_mb(command: Sequence[str]) -> float:
    """The most memory that a process held, in MB."""
    child = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)}: failed")
    unit = 1 if sys.platform == "darwin" else 1024
    return float(usage.ru_maxrss * unit / 1e6)


def speeds(
    names: Sequence[str], who: Sequence[str], rounds: int, scale: int
) -> tuple[dict[str, Any], dict[str, str]]:
    """{network: {who: the measurements}}, and why somebody could not draw."""
    found: dict[str, Any] = {name: {} for name in names}
    missing: dict[str, str] = {}
    for round_ in range(rounds):
        for name in names:
            for each in who:
                note(f"round {round_ + 1} of {rounds}: {each} draws {name}")
                one = drawn(each, name, SIDES[name] // scale)
                if isinstance(one, str):
                    missing[f"{each} {name}"] = one
                else:
                    found[name].setdefault(each, []).append(one)
    return found, missing


def rate(measurements: Sequence[dict[str, Any]], side: int) -> float:
    """Megapixels a second."""
    took_s = float(median(one["time_s"] for one in measurements))
    return side * side / took_s / 1e6


def speed_table(found: dict[str, Any], scale: int) -> tuple[list[list[str]], list[Target]]:
    """Rows of Mpixel/s, and what was promised of them."""
    who = [each for each in (*WHO, "gpu") if any(each in row for row in found.values())]
    head = ["network", "pixels", *who, *(f"cpu / {each}" for each in WHO[1:]), "spread of cpu"]
    rows, targets = [head], []
    for name, measured in found.items():
        side = SIDES[name] // scale
        rates = {each: rate(ones, side) for each, ones in measured.items()}
        ratios = {each: rates["cpu"] / rates[each] for each in WHO[1:] if each in rates}
        times = [one["time_s"] for one in measured["cpu"]]
        rows.append(
            [
                f"{name}: {NETWORKS[name]}",
                f"{side}²",
                *(f"{rates[each]:.3g}" if each in rates else "–" for each in who),
                *(f"{ratios[each]:.2f}" if each in ratios else "–" for each in WHO[1:]),
                f"{(max(times) - min(times)) / median(times):.0%}",
            ]
        )
        bounds = {"jax": 1.0, "onnxruntime": 0.9} if name in "ABE" else {}
        bounds |= {"numpy": 9.0} if name == "A" else {}
        targets += [
            Target(f"{name}: cpu / {each}", ratios[each], bound, "×", True)
            for each, bound in bounds.items()
            if each in ratios
        ]
    return rows, targets


def process_targets(rounds: int, folder: str) -> list[Target]:
    """Whole processes: start, a picture, and the memory of a large one."""
    picture = [NETART, *RENDER_A, "-o", f"{folder}/a.png", "--size"]
    bare = [sys.executable, "-c", "import click"]
    helps, clicks, renders = [], [], []
    for round_ in range(rounds):
        note(f"round {round_ + 1} of {rounds}: whole processes")
        helps.append(wall_s([NETART, "--help"]))
        clicks.append(wall_s(bare))
        renders.append(wall_s([*picture, "1024x1024"], two_cores))
    note(f"memory of {BIG}²")
    small, large = peak_mb([*picture, "64x64"]), peak_mb([*picture, f"{BIG}x{BIG}"])
    own = BIG * BIG * 3 / 1e6
    help_s, click_s = median(helps), median(clicks)
    return [
        Target("`netart --help`", help_s, 0.2, "s", False),
        Target(
            f"`netart --help` / `import click` ({click_s:.3f} s)", help_s / click_s, 2, "×", False
        ),
        Target("`netart render` of A, 1024², two cores", median(renders), 1.5, "s", False),
        Target(
            f"peak memory of A, {BIG}², above the picture's {own:.0f} MB "
            f"(peak {large:.0f} MB; 64² takes {small:.0f} MB)",
            large - own, 200, "MB", False,
        ),
    ]  # fmt: skip


def compile_target(rounds: int) -> tuple[list[Target], str, bool]:
    """First minus second picture of B at 64², drivers' caches off; what OpenGL runs on, and
    whether that is a GPU.
    """
    ones = []
    for round_ in range(rounds):
        note(f"round {round_ + 1} of {rounds}: compiles")
        one = drawn(
            "compile", "B", 64, MESA_SHADER_CACHE_DISABLE="true", __GL_SHADER_DISK_CACHE="0"
        )
        if isinstance(one, str):
            return [], f"none: {one}", False
        ones.append(one)
    took_s = float(median(one["time_s"] for one in ones))
    target = Target("GLSL of B compiles", took_s, 1, "s", False)
    return [target], ones[0]["what"], not ones[0]["software"]


def pipeline_targets(rounds: int, side: int, frames: int) -> list[Target]:
    """Drawing and encoding at the same time."""
    note("drawing and encoding at the same time")
    command = [sys.executable, str(HERE / "pipeline.py"), *map(str, (rounds, side, frames))]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE)
    return [Target(*row) for row in json.loads(done.stdout)]


def main() -> None:
    """Runs everything; `--quick` runs a small part, to see that it works, and stores nothing."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    rounds, scale, names = (1, 4, ["A", "F"]) if quick else (ROUNDS, 1, list(NETWORKS))
    about = machine(PACKAGES)
    compiles, opengl, real = compile_target(rounds)
    found, missing = speeds(names, (*WHO, "gpu") if real else WHO, rounds, scale)
    rows, targets = speed_table(found, scale)
    with tempfile.TemporaryDirectory() as folder:
        targets += process_targets(rounds, folder) + compiles
    targets += pipeline_targets(*(QUICK_PIPELINE if quick else PIPELINE))
    ones = [one for row in found.values() for ones in row.values() for one in ones]
    about += [
        ("load after", " ".join(f"{load:.2f}" for load in os.getloadavg())),
        ("numpy's BLAS", found["A"]["cpu"][0]["blas"]),
        ("cpu", found["A"]["cpu"][0]["what"]),
        ("OpenGL", opengl + ("" if real else "; `gpu` is not timed")),
        ("largest median error", f"{max(one['error'] for one in ones):.1g}"),
    ]
    about += [(f"not measured: {which}", why) for which, why in missing.items()]
    verdicts = [target.row() for target in targets]
    text = "\n\n".join(
        [
            "# Benchmark",
            f"Written by `tests/bench/run.py`: medians of {rounds}, each in a process of its own, "
            "the competitors in turn.",
            markdown([("", "this run"), *about]),
            "## Mpixel/s",
            markdown(rows),
            "numpy: float64 on the whole image. jax: `jit`, mapped over blocks. onnxruntime: a "
            "graph of Gemm and activations, a block a thread. All make the float32 RGB picture, "
            "coordinates included, from the same matrices.",
            "## Targets",
            markdown([("what", "figure", "target", ""), *verdicts]),
        ]
    )
    note("")
    print(text)
    if not quick:
        store(text)


if __name__ == "__main__":
    main()

"""What the benchmarks report: targets, tables, the machine, and the file that keeps them."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

RESULTS = Path(__file__).with_name("RESULTS.md")


class Target(NamedTuple):
    """A figure beside the bound that it should keep."""

    what: str
    figure: float
    bound: float
    unit: str
    at_least: bool

    @property
    def reached(self) -> bool:
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def row(self) -> tuple[str, ...]:
        bound = f"{'≥' if self.at_least else '≤'} {self.bound:g} {self.unit}"
        verdict = "reached" if self.reached else "**fell short**"
        return self.what, f"{self.figure:.3g} {self.unit}", bound, verdict


def machine(packages: Sequence[str]) -> list[tuple[str, str]]:
    """What the figures hold for."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    blas = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    held = " ".join(f"{name}={value}" for name, value in blas.items())
    return [
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("processor", f"{models[0] if models else platform.processor()}, {count} cores"),
        ("system", f"{platform.platform()}, Python {platform.python_version()}"),
        ("packages", ", ".join(f"{name} {installed(name)}" for name in packages)),
        ("OPENBLAS_*", f"{held}: unset for the measurements" if held else "none set"),
        ("load before", " ".join(f"{load:.2f}" for load in os.getloadavg())),
    ]


def installed(package: str) -> str:
    """Its version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table, the first row its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def replace_part(document: str, part: str) -> str:
    """The document with this part in place of the one under the same heading, else at its end.

    A part begins with a heading of the first level (`# …`) and ends before the next one.
    """
    heading = part.partition("\n")[0]
    parts = [text.strip() for text in re.split(r"^(?=# )", document, flags=re.MULTILINE)]
    kept = [text for text in parts if text]
    places = [k for k, text in enumerate(kept) if text.partition("\n")[0] == heading]
    if places:
        kept[places[0]] = part.strip()
    else:
        kept.append(part.strip())
    return "\n\n".join(kept) + "\n"


def store(part: str) -> None:
    """Puts a benchmark's part into RESULTS.md, beside those of the other benchmarks."""
    there = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    RESULTS.write_text(replace_part(there, part), encoding="utf-8")


def note(text: str) -> None:
    """Progress, on stderr."""
    print(f"{text:<60}", end="\r", file=sys.stderr, flush=True)

"""From the GPU benchmark's measurements to its tables and targets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gpu_evaluator import multiplications
from report import Target

Result = Mapping[str, Any]  # what a process has measured, or `why` not

# What the evaluator should reach: a share of the peak, and ratios to others on the same card.
SHARES = {
    **{"18x30": 0.55, "27x30": 0.55, "16x16": 0.45, "12x20": 0.45, "12x40": 0.40, "10x48": 0.40},
    **{"8x64": 0.33, "10x100": 0.33, "4x400": 0.45},
}
TORCH = {"18x30": 3.0, "27x30": 3.0, "8x64": 0.9, "10x100": 0.9, "4x400": 0.8}
TRITON = {"18x30": 1.0, "27x30": 1.0}
COMPILE = {"27x30": 1.0}  # seconds
RENDER, ANIMATE = "`netart render silk`", "`netart animate lava`"
COMMANDS = {RENDER: 1.3, ANIMATE: 1.2}
MARGIN = 1.05  # times as fast: less is noise

ABSENT: Result = {"why": "not measured"}


@dataclass
class Measurements:
    """What a run has found so far. Networks go by DEPTHxWIDTH."""

    peak: Result = field(default_factory=lambda: ABSENT)
    networks: dict[str, Result] = field(default_factory=dict)
    torch: dict[str, Result] = field(default_factory=dict)
    triton: dict[str, Result] = field(default_factory=dict)
    lanes: dict[str, list[Result]] = field(default_factory=dict)
    paths: dict[tuple[str, str], Result] = field(default_factory=dict)  # by (network, backend)
    commands: dict[str, Result] = field(default_factory=dict)


def rate(result: Result, time: str = "whole_s") -> float | None:
    """Megapixels a second by one of the result's times; None where it has none."""
    if not result.get(time):
        return None
    return float(result["side"] ** 2 / result[time] / 1e6)


def share(name: str, mpixels_s: float | None, peak: Result) -> float | None:
    """Of the card's peak that a network's multiplications make up, at this rate."""
    if mpixels_s is None or "fma_s" not in peak:
        return None
    return multiplications(name) * mpixels_s * 1e6 / float(peak["fma_s"])


def ratio(first: float | None, second: float | None) -> float | None:
    return first / second if first and second else None


def shown(number: float | None, form: str = ",.4g") -> str:
    """A number for a table, a dash for none."""
    return "–" if number is None else format(number, form)


def network_rows(found: Measurements) -> list[list[str]]:
    """Speeds of all networks, a row each."""
    rows = [
        ["network", "pixels", "drawn", "of peak", "shaders alone", "of peak",
         "in fragments", "torch", "Triton",
         "alone / torch", "alone / Triton", "compiles in"]
    ]  # fmt: skip
    for name, result in found.networks.items():
        whole, alone = rate(result), rate(result, "shaders_s")
        torch, triton = (rate(peer.get(name, ABSENT)) for peer in (found.torch, found.triton))
        rows.append(
            [
                times(name),
                f"{result['side']}²" if "side" in result else "–",
                shown(whole),
                shown(share(name, whole, found.peak), ".0%"),
                shown(alone),
                shown(share(name, alone, found.peak), ".0%"),
                shown(result.get("fragments"), ".0%"),
                shown(torch),
                shown(triton),
                shown(ratio(alone, torch), ".2f"),
                shown(ratio(alone, triton), ".2f"),
                shown(result.get("compile_s"), ".2f") + " s",
            ]
        )
    return rows


def lanes_rows(lanes: Mapping[str, Sequence[Result]]) -> list[list[str]]:
    """Speed by pixels an invocation, and where another number than the table's wins."""
    measured = {
        name: {one["lanes"]: one for one in results if "lanes" in one}
        for name, results in lanes.items()
    }
    counts = sorted({count for by_count in measured.values() for count in by_count})
    rows = [["network", "the table has", *map(str, counts), ""]]
    for name, by_count in measured.items():
        if by_count:
            own = next(iter(by_count.values()))["own"]
            rates = {count: rate(one, "shaders_s") for count, one in by_count.items()}
            cells = [
                f"{shown(rates[count])} ({by_count[count]['compile_s']:.1f} s)"
                if rates.get(count)
                else "–"
                for count in counts
            ]
            rows.append([times(name), shown(own, "d"), *cells, lanes_verdict(own, rates)])
    return rows


def lanes_verdict(own: int | None, rates: Mapping[int, float | None]) -> str:
    """Whether the table's number of pixels an invocation is the fastest, or which is instead.

    rates: by the number of pixels, None where they could not be drawn.
    """
    known = {count: speed for count, speed in rates.items() if speed}
    if own not in known:
        return "**the table's own was not measured**"
    best = max(known, key=known.__getitem__)
    gain = known[best] / known[own]
    return f"**{best} wins, {gain:.2f} times**" if gain > MARGIN else "the table is right"


def path_rows(paths: Mapping[tuple[str, str], Result]) -> list[list[str]]:
    """Shaders alone on each path, a column each."""
    names = list(dict.fromkeys(name for name, _ in paths))
    backends = list(dict.fromkeys(backend for _, backend in paths))
    cells = [
        [shown(rate(paths.get((name, backend), ABSENT), "shaders_s")) for backend in backends]
        for name in names
    ]
    rows = [[times(name), *row] for name, row in zip(names, cells, strict=True)]
    return [["network", *backends], *rows]


def command_ratio(result: Result) -> float | None:
    """A whole command to start-up, where that counts, and encoding alone."""
    if "whole_s" not in result:
        return None
    return float(result["whole_s"] / (result.get("start_s", 0) + result["encoding_s"]))


def command_rows(commands: Mapping[str, Result]) -> list[list[str]]:
    """Seconds of whole commands and of their parts."""
    parts = {"whole_s": "whole", "start_s": "start-up", "encoding_s": "encoding alone"}
    rows = [["command", *parts.values(), "ratio", "the same file"]]
    for name, result in commands.items():
        cells = [f"{result[part]:.3g} s" if part in result else "–" for part in parts]
        same = {True: "yes", False: "**no**", None: "–"}[result.get("same")]
        rows.append([name, *cells, shown(command_ratio(result), ".2f"), same])
    return rows


def alone(found: Measurements, name: str) -> float | None:
    """Megapixels a second of a network's shaders."""
    return rate(found.networks.get(name, ABSENT), "shaders_s")


def target_rows(found: Measurements) -> list[tuple[str, ...]]:
    """What was promised: reached, fell short, or open."""
    rows = [("what", "figure", "target", "")]

    def add(what: str, figure: float | None, bound: float, unit: str, at_least: bool) -> None:
        row = Target(what, figure or 0.0, bound, unit, at_least).row()
        rows.append((what, "–", row[2], "open") if figure is None else row)

    for name, bound in SHARES.items():
        part = share(name, alone(found, name), found.peak)
        percent = None if part is None else 100 * part
        add(f"{times(name)}: share of peak", percent, 100 * bound, "%", True)
    for who, peer, bounds in (
        ("torch", found.torch, TORCH),
        ("Triton", found.triton, TRITON),
    ):
        for name, bound in bounds.items():
            figure = ratio(alone(found, name), rate(peer.get(name, ABSENT)))
            add(f"{times(name)}: shaders alone / {who}", figure, bound, "×", True)
    for name, bound in COMPILE.items():
        compile_s = found.networks.get(name, ABSENT).get("compile_s")
        add(f"{times(name)} compiles", compile_s, bound, "s", False)
    for what, bound in COMMANDS.items():
        add(
            f"{what} / what it needs",
            command_ratio(found.commands.get(what, ABSENT)),
            bound,
            "×",
            False,
        )
    return rows


def times(name: str) -> str:
    """18x30 as 18×30."""
    return re.sub(r"(?<=\d)x(?=\d)", "×", name)


def missing(found: Measurements) -> list[tuple[str, str]]:
    """Why something could not be measured, and what."""
    named = [
        ("the card's peak", found.peak),
        *found.networks.items(),
        *found.commands.items(),
        *((f"torch {name}", one) for name, one in found.torch.items()),
        *((f"Triton {name}", one) for name, one in found.triton.items()),
        *((f"{backend} {name}", one) for (name, backend), one in found.paths.items()),
        *(
            (f"{one.get('lanes', 'further')} pixels an invocation {name}", one)
            for name, results in found.lanes.items()
            for one in results
        ),
    ]
    whys: dict[str, list[str]] = {}
    for name, one in named:
        if "why" in one:
            whys.setdefault(one["why"], []).append(times(name))
    return [(why, ", ".join(names)) for why, names in whys.items()]

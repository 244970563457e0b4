"""The command `netart check`, which compares the evaluators with the reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import click
import numpy as np

from netart.cli.groups import GroupedCommand
from netart.cli.messages import warn
from netart.cli.options import device_option, json_option, size_option
from netart.cli.shot_options import Start, shot_options
from netart.errors import MACHINE, NetartError
from netart.evaluate.backend import EVALUATORS, open_evaluator
from netart.evaluate.precision import UNDECIDED, Comparison, compare, tolerance
from netart.evaluate.request import Evaluator
from netart.lens import picture
from netart.pixels import Size, check_size
from netart.shot.shot import Shot

MAX_PIXELS = 1 << 22  # whole pictures in float64, several of them
MAX_BEYOND = 0.001  # share of pixels that may be off by more than the conditioning explains


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@size_option("In pixels (240x160).", default=(240, 160))
@device_option
@json_option
@click.pass_context
def check(ctx: click.Context, start: Start, size: Size, device: int | None, as_json: bool) -> None:
    """Compare the evaluators with the reference, pixel by pixel.

    Draws the shot on every evaluator at hand. Errors are in [0, 1] units of display colour; what a
    network's own conditioning explains is measured by perturbing its weights by a few roundings.
    Exit status 1 if more than 0.1% of the pixels are off by more.

    \b
    Examples:
      netart check
      netart check tour-12 --size 320x200
    """
    check_size(size)
    if size[0] * size[1] > MAX_PIXELS:
        raise NetartError(f"--size {size[0]}x{size[1]}: at most {MAX_PIXELS:,} pixels are compared")
    draw = partial(picture, start.shot, size)
    with open_evaluator("reference") as reference:
        exact = draw(reference).astype(np.float64)
    tolerated = tolerance(draw, exact)
    undecided = float((tolerated > UNDECIDED).mean())
    if undecided > MAX_BEYOND:
        warn(
            f"float32 cannot hold {undecided:.1%} of the pixels on any evaluator: "
            "nothing is decided there"
        )
    found = {
        name: _compare_evaluator(name, device, lambda one: compare(draw(one), exact, tolerated))
        for name in EVALUATORS
        if name != "reference"
    }
    click.echo(json.dumps(found, indent=2) if as_json else _table(found))
    failed = any(row.get("beyond", 0) > MAX_BEYOND for row in found.values())
    ctx.exit(MACHINE if failed else 0)


def _compare_evaluator(
    name: str, device: int | None, comparison: Callable[[Evaluator], Comparison]
) -> dict[str, Any]:
    """A row of the report: how far an evaluator is off, or why it is absent."""
    device = None if EVALUATORS[name].stage is None else device
    with ExitStack() as stack:
        try:
            evaluator = stack.enter_context(open_evaluator(name, device))
        except NetartError as error:
            if device is not None:
                raise
            return {"absent": str(error)}
        messages = stack.enter_context(evaluator.messages())
        row = {"evaluator": evaluator.describe(), **comparison(evaluator)._asdict()}
    return row | {"messages": messages}


def _table(found: dict[str, dict[str, Any]]) -> str:
    lines = [f"{'':12}  {'median':>8}  {'largest':>8}  {'beyond':>8}"]
    for name, row in found.items():
        if "absent" in row:
            lines.append(f"{name:12}  absent: {row['absent']}")
            continue
        verdict = "FAILS" if row["beyond"] > MAX_BEYOND else "agrees"
        numbers = f"{row['median']:8.1e}  {row['largest']:8.1e}  {row['beyond']:8.3%}"
        lines.append(f"{name:12}  {numbers}  {verdict}: {row['evaluator']}")
        lines += [f"{'':14}{message}" for message in row.get("messages", [])]
    return "\n".join(lines)

"""`netart check`."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

import click
import numpy as np

from netart.cli import COMMANDS
from netart.cli.options import TABLES, SizeType, shot_options
from netart.errors import MACHINE, NetartError
from netart.evaluate.backend import opened, opened_gpu
from netart.evaluate.precision import UNDECIDED, compare, tolerance
from netart.evaluate.request import Evaluator
from netart.files.source import Source
from netart.files.stills.image import check_size
from netart.lens.colour import colours
from netart.pixels import Pixels, Size, Window

MOST_PIXELS = 1 << 22  # whole pictures in float64, several of them
MOST_BEYOND = 0.001  # share of pixels that may be off by more than the conditioning explains


@click.command(short_help=COMMANDS["check"], epilog=TABLES)
@shot_options
@click.option("--size", type=SizeType(), default=(240, 160), metavar="WxH", help="Of the pictures.")
@click.option("--device", type=int, metavar="N", help="Which GPU, from 0.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def check(
    ctx: click.Context, source: Source, size: Size, device: int | None, as_json: bool
) -> None:
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
    if size[0] * size[1] > MOST_PIXELS:
        raise NetartError(
            f"--size {size[0]}x{size[1]}: at most {MOST_PIXELS:,} pixels are compared"
        )
    shot, request = source.shot, colours(source.shot)
    asked = (shot.drawn_network, shot.view, size, Window.whole(size), request)

    def draw(evaluator: Evaluator) -> Pixels:
        return evaluator.evaluate(*asked)

    with opened("reference") as reference:
        exact = draw(reference).astype(np.float64)
    tolerated = tolerance(draw, exact)
    undecided = float((tolerated > UNDECIDED).mean())
    if undecided > MOST_BEYOND:
        click.echo(
            f"netart: warning: float32 cannot hold {undecided:.1%} of the pixels on any evaluator: "
            "nothing is decided there",
            err=True,
        )
    found: dict[str, dict[str, Any]] = {}
    with opened("cpu") as cpu:
        found["cpu"] = {"evaluator": cpu.describe()}
        found["cpu"] |= compare(draw(cpu), exact, tolerated)._asdict()
    with ExitStack() as stack:
        try:
            gpu = stack.enter_context(opened_gpu(device))
        except NetartError as error:
            if device is not None:
                raise
            found["gpu"] = {"absent": str(error)}
        else:
            with gpu.messages() as messages:
                found["gpu"] = {"evaluator": gpu.describe()}
                found["gpu"] |= compare(draw(gpu), exact, tolerated)._asdict()
            found["gpu"]["messages"] = messages
    click.echo(json.dumps(found, indent=2) if as_json else _table(found))
    failed = any(row.get("beyond", 0) > MOST_BEYOND for row in found.values())
    ctx.exit(MACHINE if failed else 0)


def _table(found: dict[str, dict[str, Any]]) -> str:
    lines = [f"{'':4}  {'median':>8}  {'largest':>8}  {'beyond':>8}"]
    for name, row in found.items():
        if "absent" in row:
            lines.append(f"{name:4}  absent: {row['absent']}")
            continue
        verdict = "FAILS" if row["beyond"] > MOST_BEYOND else "agrees"
        numbers = f"{row['median']:8.1e}  {row['largest']:8.1e}  {row['beyond']:8.3%}"
        lines.append(f"{name:4}  {numbers}  {verdict}: {row['evaluator']}")
        lines += [f"      {message}" for message in row.get("messages", [])]
    return "\n".join(lines)

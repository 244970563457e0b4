"""`netart sheet`."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import click
from msgspec.structs import replace

from netart.cli.messages import warn
from netart.cli.options import (
    FORMAT_TABLE,
    TABLES,
    SizeType,
    backend_options,
    encoding_options,
    shot_options,
)
from netart.cli.output import (
    chosen_path,
    draw_page,
    warn_of_absent_weights,
    warn_of_noise,
)
from netart.cli.progress import progress
from netart.draw.score import rank
from netart.draw.sheet import labels as labels_of
from netart.draw.sheet import lay_out
from netart.errors import NetartError
from netart.evaluate.backend import opened
from netart.files.source import Source
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.lens import measure
from netart.pixels import Size
from netart.shot.fields import apply
from netart.shot.ranges import values
from netart.shot.sheet import Layout, Over, Sheet
from netart.shot.shot import Shot


@click.command(epilog=f"{FORMAT_TABLE}\n\n{TABLES}")
@partial(shot_options, kinds=(Shot, Sheet))
@click.option(
    "--over",
    "overs",
    multiple=True,
    metavar="FIELD=VALUES",
    help="What varies, by the name of an option; twice: columns, then rows.",
)
@click.option("--seeds", metavar="VALUES", help="The same as a first --over seed=VALUES.")
@click.option("--best", type=int, metavar="N", help="Only the N liveliest of --seeds, in order.")
@click.option("--size", type=SizeType(), metavar="WxH", help="Of a panel, in pixels (256x256).")
@click.option("--columns", type=int, metavar="N", help="Panels in a row.")
@click.option("--gutter", type=int, metavar="PIXELS", help="Between and around the panels.")
@click.option("--background", metavar="COLOUR", help="Behind the panels (#17171b).")
@click.option("--labels/--no-labels", default=None, help="Values under the panels.")
@click.option("-o", "target", metavar="FILE", help="Where to, the format by the suffix.")
@encoding_options
@backend_options
@click.option("--json", "as_json", is_flag=True, help="Print what was drawn as JSON.")
@click.option("--quiet", is_flag=True, help="No progress, no warnings.")
def sheet(
    source: Source,
    shared: bool,
    overs: tuple[str, ...],
    seeds: str | None,
    best: int | None,
    size: Size | None,
    columns: int | None,
    gutter: int | None,
    background: str | None,
    labels: bool | None,
    target: str | None,
    encoding: ImageEncoding,
    backend: str,
    device: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Draw a shot varied over a field or two, as a page of panels.

    SOURCE is what `netart render` takes, or a sheet: a preset such as tour-10, or a page that
    netart drew. VALUES are a,b,c or 1..18 or 0.4..0.8*9 (equal steps) or 40..0.15625*9:log (equal
    ratios), ends included; values that hold commas are separated by ; instead. FIELD is any
    option of a shot, or latent.NAME.

    A page carries its shots: netart render 'page.png#7' draws its seventh panel, counted row by
    row. --contrast shared measures once for all panels. --best judges by a score that knows
    noise, emptiness, stripes and starbursts, and nothing of beauty.

    \b
    Examples:
      netart sheet --seeds 1..12
      netart sheet --layers 8x16 --seeds 0..99 --best 20 --labels -o best.png
      netart sheet tour-10
      netart sheet silk --over weight-scale='0.4..1.6*5' --over layer='4,8,16' -o scales.png
      netart render 'scales.png#7' --size 1024x1024 -o seven.png
      netart sheet silk --over palette='corners:sun;ramp:#102030,#f0a040,white' -o two.png
    """
    layout: dict[str, Any] = {
        "panel": size, "columns": columns, "gutter": gutter, "background": background,
        "labels": labels,
    }  # fmt: skip
    layout = {name: value for name, value in layout.items() if value is not None}
    varied = [Over("seed", values(seeds))] if seeds is not None else []
    if best is not None:
        varied = [_best(source, varied, best, quiet)]
    varied += map(Over.read, overs)
    if varied:
        own = source.document.layout if isinstance(source.document, Sheet) else Layout()
        kept = replace(own, **({"columns": None} | layout))
        one = Sheet(shot=source.shot, overs=tuple(varied), layout=kept)
    elif isinstance(source.document, Sheet):
        one = replace(source.document, layout=replace(source.document.layout, **layout))
    else:
        raise NetartError("what shall vary? give --over FIELD=VALUES, or --seeds VALUES")
    panels = list(one.panels())  # whatever is wrong with one of them is told before drawing
    if shared:
        if any(over.field == "contrast" for over in one.overs):
            raise NetartError("--contrast shared: contrast is what varies")
        limits = measure(panels)
        if not limits:
            raise NetartError("--contrast shared: the panels read different numbers of outputs")
        one = replace(one, shot=apply(one.shot, limits))
        panels = list(one.panels())
    page, name = lay_out(one), source.name + ("-sheet" if varied else "")
    path = chosen_path(target, name, encoding.suffix, as_json)
    spec = plan_image(path, one, page.size, encoding)
    if source.warning and not quiet:
        warn(source.warning)
    with opened(backend, device) as evaluator:
        if not quiet:
            warn_of_noise(panels[-1], evaluator)
        fresh, shots = target is None, zip(panels, labels_of(one), strict=True)
        draw_page(page, shots, one, path, encoding, evaluator, fresh, quiet)
    if path:
        if not quiet:
            warn_of_absent_weights(spec, path)
        did = {"path": str(path), "size": page.size, "panels": len(one), "sha256": one.sha256}
        click.echo(json.dumps(did) if as_json else path)


def _best(source: Source, varied: list[Over], best: int, quiet: bool) -> Over:
    if not varied:
        raise NetartError(f"--best {best}: of which --seeds?")
    seeds = varied[0].values
    if not 1 <= best <= len(seeds):
        raise NetartError(f"--best {best}: must be from 1 to the {len(seeds)} seeds")
    with progress(len(seeds), "seeds", quiet) as done:
        order = rank(source.shot, map(int, seeds), done)
    return Over("seed", tuple(map(str, order[:best])))

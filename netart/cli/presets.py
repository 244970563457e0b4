"""The command `netart presets`, which lists the presets or draws them on one page."""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

import click

from netart.cli.options import Target, size_option, target_option
from netart.cli.report import Report
from netart.errors import NetartError
from netart.evaluate.backend import open_evaluator
from netart.files.source import preset_names, read_source
from netart.pixels import Size
from netart.shot.sheet import Layout, best_columns
from netart.shot.shot import Shot


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON: name → what it shows.")
@click.option("--sheet", "as_sheet", is_flag=True, help="Draw all that are single pictures.")
@size_option("Of a panel, in pixels (256x256).")
@target_option("Where to draw them.")
def presets(as_json: bool, as_sheet: bool, size: Size | None, target: Target) -> None:
    """List the presets, a line each, or draw them on one page.

    A preset is a picture (netart render NAME), a sheet (netart sheet NAME) or a film (netart
    animate NAME).

    \b
    Examples:
      netart presets
      netart presets --sheet -o all.png
    """
    if as_sheet:
        if as_json:
            raise NetartError("--json with --sheet: give one of them")
        path = _draw_stills(size or (256, 256), target)
        click.echo(path or "-", err=path is None)
        return
    if size or not target.is_unnamed:
        raise NetartError("--size and -o: what is drawn is a --sheet")
    about = {name: read_source(name).about for name in preset_names()}
    if as_json:
        click.echo(json.dumps(about, indent=2))
        return
    wide = max(map(len, about))
    for name, line in about.items():
        click.echo(f"{click.style(name.ljust(wide), bold=True)}  {line}")


def _draw_stills(size: Size, target: Target) -> Path | None:
    """Draws the presets that are single pictures on a page. Returns its path, None for stdout."""
    # The list is there without them.
    from netart.cli.output import draw_page
    from netart.draw.sheet import Page
    from netart.files.stills.plan import ImageEncoding, plan_image

    presets = map(read_source, preset_names())
    stills = [(x.document, x.name) for x in presets if isinstance(x.document, Shot)]
    columns = best_columns(len(stills))
    page = Page(columns, ceil(len(stills) / columns), Layout(panel=size, labels=True))
    bare = ImageEncoding(metadata=False)  # they have no shot in common
    path = target.path("presets", bare.suffix)
    spec = plan_image(path, Shot(), page.size, bare)
    with open_evaluator() as evaluator:
        draw_page(page, stills, spec, evaluator, target.is_unnamed, Report())
    return path
